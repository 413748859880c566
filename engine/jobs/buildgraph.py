"""The job that makes a graph of points, land cover and POIs."""

from __future__ import annotations

from ..assembly.inputs import Inputs
from ..assembly.reading import read_graph
from ..config.schema import Config
from ..files import OutputSet
from ..progress import Progress
from .graphs import write_graph
from .request import Request, Result


def run(request: Request, config: Config, outputs: OutputSet, progress: Progress) -> Result:
    """Make a graph of points, land cover and POIs; see `jobs.run`."""
    graph = read_graph(Inputs.of(request, config.data), config.model, progress)
    return write_graph(graph, config, outputs, progress)
