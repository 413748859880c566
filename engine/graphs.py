"""The jobs that make a graph: buildgraph, importcity."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from .about import About
from .cities import read_folders
from .config.schema import Config
from .data import store
from .data.builders.graph import GraphRawData
from .data.sources.city_writer import write_city
from .files import OutputSet
from .inputs import read_graph
from .language import tr
from .prediction.cells import write_cells
from .progress import Part, Progress
from .request import Request

Result = dict[str, Any]


def buildgraph(request: Request, config: Config, outputs: OutputSet, progress: Progress) -> Result:
    """Make a graph of points, land cover and POIs; see `jobs.run`."""
    graph = read_graph(request, config.model, progress, config.data.worldcover)
    return _write_graph(graph, outputs, progress)


def importcity(request: Request, config: Config, outputs: OutputSet, progress: Progress) -> Result:
    """Make a graph of a city's folder, its targets in the same or another; see `jobs.run`."""
    folder = Path(request["folder"])
    targets = Path(request.get("target_folder") or folder)
    graph = read_folders(folder, targets, config.data, Part(progress, 0.0, 0.9))
    if not graph.targets:
        text = tr(
            "'{folder}' has no file of measured values: the graph serves to pretrain an encoder "
            "and to predict, not to train. Name the folder of the targets if they lie apart."
        )
        progress.warning(text.format(folder=targets))
    return _write_graph(graph, outputs, progress)


def _write_graph(graph: GraphRawData, outputs: OutputSet, progress: Progress) -> Result:
    """Write what is wanted of a graph; the number of everything in it."""
    progress.report(0.9, tr("Writing the graph"))
    if outputs.wants("graph"):
        store.save_graph(outputs.stage("graph"), graph)
    if outputs.wants("cells"):
        write_cells(outputs.stage("cells"), graph)
    if outputs.wants("city"):
        write_city(graph, outputs.stage_folder("city"))
    counts = {name.upper(): count for name, count in graph.counts().items()}
    observed = [len(graph.observed(target)) for target in graph.targets]
    dropped = sum(graph.info["points"]["dropped"].values())
    numbers = {"OBSERVED": observed[0] if observed else 0, "POINTS_DROPPED": dropped}
    return {**counts, **numbers, "ABOUT": About.of_graph(graph).told()}
