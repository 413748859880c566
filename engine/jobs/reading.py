"""What jobs read at their start: inputs as a graph, a graph file, a city."""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence

from ..assembly.capacity import check_memory, log_costs
from ..assembly.cities import load_city
from ..assembly.inputs import ClassMeasurements, Inputs
from ..assembly.maps import Map, map_of, read_map, read_map_for
from ..assembly.reading import read_graph
from ..config.schema import Config
from ..data import store
from ..data.builders.blocks import Block
from ..data.builders.graph import GraphRawData
from ..data.builders.grid import Grid
from ..data.sources.registry import SOURCES
from ..errors import InputError
from ..files import OutputSet
from ..language import tr
from ..names import NO_WORLDCOVER
from ..prediction.fittedmodel import FittedModel
from ..progress import Part, Progress
from ..validation.run import Run
from .execution import check_execution, kept_side
from .layers import check_rasters
from .request import Request, Result


def read_compared(run_: Run, request: Request, config: Config) -> GraphRawData:
    """The graph of a request for some value fields."""
    inputs = Inputs.of(request, config.data)
    graph = read_graph(inputs, config.model, Part(run_, 0.0, 0.2))
    run_.stage("read and build the graph")
    log_costs(config, len(graph.cell), _most_observed(graph), run_)
    return graph


def read_mapped(
    run_: Run,
    request: Request,
    config: Config,
    outputs: OutputSet,
    classes: ClassMeasurements | None = None,
) -> Map:
    """The map that a request for some value fields, or for `classes`, asks for."""
    inputs = Inputs.of(request, config.data)
    inputs = inputs if classes is None else dataclasses.replace(inputs, points=classes)
    table = outputs.wants("table") or outputs.wants("graph")

    def check(grid: Grid, blocks: Sequence[Block], observed: int) -> None:
        count = len(classes.classes.names) if classes else 0
        check_execution(request, config, outputs, grid, count)
        log_costs(config, grid.size, observed, run_, max(block.size for block in blocks))

    found = read_map(inputs, config, Part(run_, 0.0, 0.2), table, check, kept_side(config))
    run_.stage("read and build the graph")
    check_rasters(outputs, found.graph, config, request["points"]["targets"])
    if found.ground is None:
        log_costs(config, found.graph.total, _most_observed(found.graph), run_)
    return found


def _most_observed(graph: GraphRawData) -> int:
    """The cells in which the target that was measured in most has a value."""
    return max(len(graph.observed(target)) for target in graph.targets)


def read_graph_of(request: Request, config: Config, progress: Progress) -> GraphRawData:
    """The graph file that a request names, that of its own data, or else of the city in options.

    Raises
    ------
    InputError
        If neither is named.
    """
    if request.get("graph"):
        _warn_of_unread(request, config, progress)
        graph = store.load_graph(request["graph"], progress)
        if isinstance(graph.geometry, Grid):
            check_memory(graph.geometry, config.model)
        return graph
    if "points" in request or request.get("landcover"):
        return read_graph(Inputs.of(request, config.data), config.model, progress)
    if config.data.city:
        _warn_of_unread(request, config, progress)
        return load_city(config.data, progress)
    raise InputError(
        tr("There is nothing to learn from: name a graph file, or a city (data.city).")
    )


def _warn_of_unread(request: Request, config: Config, progress: Progress) -> None:
    """Warn of what is named of the ground beside a graph that has all that it will have."""
    named = [name for name in SOURCES if request.get(name)]
    named += ["data.covariates"] if config.data.covariates else []
    named += ["data.worldcover"] if config.data.worldcover != NO_WORLDCOVER else []
    if named:
        progress.warning(
            tr(
                "The graph of a file or of a city has what is known of its cells already, so "
                "these change nothing: {names}. Build a graph of points with them instead."
            ).format(names=", ".join(named))
        )


def read_graph_for(
    fitted: FittedModel, request: Request, config: Config, progress: Progress
) -> GraphRawData:
    """The graph that is named, or else the city that the model was fitted to.

    Raises
    ------
    InputError
        If neither is known.
    FileFormatError
        If the model does not fit the graph.
    """
    named = {name: request[name] for name in ("graph",) if name in request}
    if not named and not config.data.city and fitted.config.data.city:
        config = fitted.config
    graph = read_graph_of(named, config, progress)
    fitted.check_fits(graph)
    return graph


def read_predicted(
    fitted: FittedModel, request: Request, config: Config, outputs: OutputSet, progress: Progress
) -> Map:
    """The map that a fitted model makes of the sources, of the graph, or of the city.

    Raises
    ------
    InputError
        If none is named.
    FileFormatError
        If the model does not fit the graph.
    """
    table, side = outputs.wants("table"), kept_side(config)
    fetched = config.data.worldcover != NO_WORLDCOVER or config.data.covariates
    whole = request.get("graph") or config.data.city
    if not whole and (fetched or any(request.get(name) for name in (*SOURCES, "grid", "area"))):

        def check(grid: Grid, blocks: Sequence[Block], observed: int) -> None:
            count = len(getattr(fitted, "names", ()))
            check_execution(request, config, outputs, grid, count)
            largest = max(block.size for block in blocks)
            log_costs(config, grid.size, observed, progress, largest)

        inputs = Inputs.of(request, config.data)
        found = read_map_for(fitted, inputs, config, progress, table, check, side)
        fitted.check_fits(found.graph)
        check_rasters(outputs, found.graph, config, [fitted.target])
        return found
    if not whole and not fitted.config.data.city:
        raise InputError(
            tr(
                "There is nothing to predict: name a graph file, or a city (data.city), or the "
                "sources that the model was trained with."
            )
        )
    graph = read_graph_for(fitted, request, config, progress)
    check_rasters(outputs, graph, config, [fitted.target])
    return map_of(graph, fitted.config, config, table, side)


def count_cells(graph: GraphRawData, target: str) -> Result:
    """How many cells there are, and in how many `target` was observed."""
    return {"CELLS": graph.total, "OBSERVED": len(graph.observed(target))}
