"""From what a request, a call or a command names to a graph: every input read and checked."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ..config.schema import ModelConfig
from ..data import store
from ..data.builders.crs import parse_crs
from ..data.builders.graph import GraphRawData
from ..data.builders.grid import Grid
from ..data.builders.info import CellGroups, GraphInfo
from ..data.builders.tiles import LandCoverTile
from ..data.matching import aligned
from ..data.sources.area import StudyArea, read_area
from ..data.sources.gathering import cell_groups, gather, log_dropped
from ..data.sources.landcover import open_landcover
from ..data.sources.poi import PoiCounts, count_pois
from ..data.sources.points import Points
from ..data.sources.sentinels import warn_of_sentinels
from ..data.sources.worldcover_download import check_one_landcover, fetch_worldcover
from ..data.sources.worldcover_tiles import CRS as WORLDCOVER_CRS
from ..errors import InputError
from ..language import tr
from ..progress import Part, Progress
from .building import build_graph
from .covariates import add_covariates
from .hypernodes import add_hypernodes
from .inputs import Inputs, Measurements, Table
from .sizing import check_memory, grid_around, log_size

# What layers call the field that numbers their features.
_IDENTIFIERS = ("fid", "gid", "id", "objectid", "ogc_fid", "oid", "pk")


def read_graph(
    inputs: Inputs, model: ModelConfig, progress: Progress, like: GraphRawData | None = None
) -> GraphRawData:
    """Read and check every input before the long work, then build the graph.

    Parameters
    ----------
    inputs : Inputs
        What it is made of.
    model : ModelConfig
        What the graph is for: it decides how many cells the memory allows.
    progress : Progress
        Receives progress and messages.
    like : GraphRawData, optional
        A graph of the same inputs on other cells, whose columns it gets.

    Raises
    ------
    InputError
        For whatever cannot be used, in one sentence.
    """
    tiles = open_landcover(inputs.landcover, progress)
    if inputs.fetches:
        check_one_landcover(tiles)
    points = _points_of(inputs, tiles)
    area = inputs.area
    if isinstance(area, Table):
        area = read_area(area.source, area.crs)
    grid = _grid_of(inputs.grid, points, area, progress)
    check_memory(grid, model)
    wanted = area.cells(grid) if area else None
    log_size(grid, wanted, progress)
    pois = None
    if inputs.pois is not None:
        table, category = inputs.pois
        pois = count_pois(table.source, table.crs, table.coord_columns, category, grid, wanted)
    if inputs.fetches:
        part = Part(progress, 0.0, 0.5)
        tiles = fetch_worldcover(grid, inputs.worldcover, part, inputs.proxy)
        progress = Part(progress, 0.5, 1.0)
    graph = _make_graph(points, grid, tiles, pois, progress, wanted, like)
    graph = add_hypernodes(graph, inputs.hypernodes)
    graph = graph if like is None else aligned(graph, like)
    checksums = store.checksums(tile.path for tile in tiles)
    info = dataclasses.replace(
        graph.info, checksums={**inputs.checksums(), **checksums}, units=dict(inputs.units)
    )
    return dataclasses.replace(graph, info=info)


def _make_graph(
    points: Points,
    grid: Grid,
    tiles: Sequence[LandCoverTile],
    pois: PoiCounts | None,
    progress: Progress,
    area: NDArray[np.bool_] | None = None,
    like: GraphRawData | None = None,
) -> GraphRawData:
    """Gather points into cells, and lay the graph over what was read.

    Parameters
    ----------
    points : Points
        Measured values, and covariates.
    grid : Grid
        The grid.
    tiles : sequence of LandCoverTile
        Categorical rasters; none is allowed.
    pois : PoiCounts or None
        POIs counted a cell.
    progress : Progress
        Receives progress, and warnings of points that were left out.
    area : bool array [grid.size], optional
        The cells that are wanted; all by default. Points in others are left out.
    like : GraphRawData, optional
        See `read_graph`.

    Raises
    ------
    InputError
        If a target is observed in too few cells.
    """
    _warn_of_identifiers(points, progress)
    warn_of_sentinels(points, progress)
    means, dropped = gather(points, grid, area)
    log_dropped(dropped, progress)
    graph = build_graph(grid, means, tiles, pois, Part(progress, 0.0, 0.9), area)
    graph = add_covariates(graph, points, Part(progress, 0.9, 1.0), like)
    info = GraphInfo(
        points=points.counts(dropped),
        attribution="; ".join(sorted({tile.attribution for tile in tiles} - {""})),
        groups=None if points.group is None else _groups(points, graph, area, progress),
    )
    return dataclasses.replace(graph, info=info)


def _warn_of_identifiers(points: Points, progress: Progress) -> None:
    """Warn of a target that numbers the points: the first field of a layer often does."""
    for name, values in points.values.items():
        finite = values[np.isfinite(values)]
        numbers = (finite == np.round(finite)).all() and len(np.unique(finite)) == len(finite)
        if name.lower() in _IDENTIFIERS and numbers:
            progress.warning(
                tr(
                    "The field '{name}' only numbers the points; choose the field with the "
                    "measured value."
                ).format(name=name)
            )


def _groups(
    points: Points, graph: GraphRawData, area: NDArray[np.bool_] | None, progress: Progress
) -> CellGroups:
    """The group of each observed cell."""
    cell, group, mixed = cell_groups(points, graph.grid, area)
    if mixed:
        progress.warning(
            tr(
                "{mixed} cells contain points of several groups; each cell gets the group of most "
                "of its points."
            ).format(mixed=mixed)
        )
    return CellGroups(np.searchsorted(graph.cell, cell).tolist(), group.tolist())


def _points_of(inputs: Inputs, tiles: Sequence[LandCoverTile]) -> Points:
    if isinstance(inputs.points, Measurements):
        return inputs.points.read()
    if inputs.points is not None:
        return inputs.points
    if not tiles and not inputs.fetches:
        raise InputError(tr("A graph needs data; give points or a land-cover raster."))
    crs = tiles[0].crs if tiles else parse_crs(WORLDCOVER_CRS, "WorldCover")
    return Points(np.empty((0, 2)), {}, {}, crs, {})


def _grid_of(
    described: Mapping[str, Any], points: Points, area: StudyArea | None, progress: Progress
) -> Grid:
    if "template" in described:
        return Grid.from_template(described["template"])
    crs = described.get("crs") or points.crs.to_string()
    if "shape" in described:
        rows, cols = described["shape"]
        return Grid.from_shape(described["bounds"], rows, cols, crs)
    return grid_around(
        points, described.get("cell_size"), crs, progress, described.get("bounds"), area
    )
