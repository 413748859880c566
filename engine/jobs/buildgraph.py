"""The job that makes a graph of points, land cover and POIs."""

from __future__ import annotations

from ..assembly.inputs import read_graph
from ..config.schema import Config
from ..files import OutputSet
from ..progress import Progress
from .graphs import write_graph
from .request import Request, Result


def run(request: Request, config: Config, outputs: OutputSet, progress: Progress) -> Result:
    """Make a graph of points, land cover and POIs; see `jobs.run`."""
    graph = read_graph(request, config.model, progress, config.data.worldcover)
    return write_graph(graph, outputs, progress)
