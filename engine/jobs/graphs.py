"""What the jobs that make a graph write of it."""

from __future__ import annotations

from ..config.schema import Config
from ..data import store
from ..data.builders.graph import GraphRawData
from ..data.sources.city_writer import write_city
from ..files import OutputSet
from ..language import tr
from ..prediction.cells import write_cells
from ..progress import Progress
from .about import About
from .request import Result


def write_graph(
    graph: GraphRawData, config: Config, outputs: OutputSet, progress: Progress
) -> Result:
    """Write what is wanted of a graph; the number of everything in it."""
    progress.report(0.9, tr("Writing the graph"))
    if outputs.wants("graph"):
        store.save_graph(outputs.stage("graph"), graph)
    if outputs.wants("cells"):
        write_cells(outputs.stage("cells"), graph)
    if outputs.wants("city"):
        write_city(graph, outputs.stage_folder("city"), config.output.toolkit_headers)
    counts = {name.upper(): count for name, count in graph.counts().items()}
    observed = [len(graph.observed(target)) for target in graph.targets]
    dropped = sum(graph.info.points.dropped.values())
    numbers = {"OBSERVED": observed[0] if observed else 0, "POINTS_DROPPED": dropped}
    return {**counts, **numbers, "ABOUT": About.of_graph(graph).to_dict()}
