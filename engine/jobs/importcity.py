"""The job that makes a graph of a city's folder."""

from __future__ import annotations

from pathlib import Path

from ..assembly.cities import read_folders, target_folder
from ..config.schema import Config
from ..files import OutputSet
from ..language import tr
from ..progress import Part, Progress
from .graphs import write_graph
from .request import Request, Result


def run(request: Request, config: Config, outputs: OutputSet, progress: Progress) -> Result:
    """Make a graph of a city's folder, its targets in the same or another; see `jobs.run`."""
    folder = Path(request["folder"])
    named = request.get("target_folder")
    targets = target_folder(Path(named)) if named else folder
    graph = read_folders(folder, targets, config.data, Part(progress, 0.0, 0.9))
    if not graph.targets:
        text = tr(
            "'{folder}' has no file of measured values: the graph can be used to pretrain an "
            "encoder and to predict, not to train. If the targets are in another folder, name it."
        )
        progress.warning(text.format(folder=targets))
    return write_graph(graph, config, outputs, progress)
