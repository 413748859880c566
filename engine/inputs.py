"""From the inputs that a request names to a graph."""

from __future__ import annotations

import dataclasses
import io
import math
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import psutil
from numpy.typing import NDArray

from .building import build_graph
from .config.schema import ModelConfig
from .covariates import add_covariates
from .data import store
from .data.builders.graph import GraphRawData
from .data.builders.grid import Grid, parse_crs
from .data.sources.landcover import LandCoverTile, open_landcover
from .data.sources.poi import PoiCounts, count_pois
from .data.sources.points import Points, cell_groups, gather, read_points, reason_in_words
from .errors import InputError
from .language import tr
from .progress import Part, Progress

# Memory that a run takes for each cell of the grid, measured; networks at 64 channels.
_BYTES_PER_CELL = {
    "propagation": 3_000,
    "GraphConv": 16_000,
    "SAGEConv": 16_000,
    "GINEConv": 32_000,
    "GATv2Conv": 50_000,
}

_KEYS = {
    "points": ("path", "table", "crs", "coord_columns", "targets", "covariates", "group", "units"),
    "landcover": ("path", "band"),
    "poi": ("path", "table", "crs", "coord_columns", "category"),
    "grid": ("crs", "cell_size", "bounds", "template"),
}


def read_graph(request: Mapping[str, Any], model: ModelConfig, progress: Progress) -> GraphRawData:
    """Read and check every input before the long work, then build the graph.

    Parameters
    ----------
    request : mapping
        Its parts `points`, `landcover`, `poi` and `grid` are read; without points the
        graph has no target.
    model : ModelConfig
        What the graph is for: it decides how many cells the memory allows.
    progress : Progress
        Who watches.

    Raises
    ------
    InputError
        For whatever cannot be used, in one sentence.
    """
    _refuse_unknown(request)
    tiles = open_landcover([(tile["path"], tile["band"]) for tile in request["landcover"]])
    points = _points_of(request, tiles)
    grid = _grid_of(request.get("grid") or {}, points)
    check_memory(grid, model)
    graph = make_graph(points, grid, tiles, _pois_of(request.get("poi"), grid), progress)
    graph.info["checksums"] = _checksums(request, tiles)
    graph.info["units"] = (request.get("points") or {}).get("units") or {}
    return graph


def make_graph(
    points: Points,
    grid: Grid,
    tiles: Sequence[LandCoverTile],
    pois: PoiCounts | None,
    progress: Progress,
    area: NDArray[np.bool_] | None = None,
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
        Who watches; it is warned of points that were left out.
    area : bool array [grid.size], optional
        The cells that are wanted; all by default.

    Raises
    ------
    InputError
        If a target is observed in too few cells.
    """
    means, dropped = gather(points, grid)
    for reason, count in dropped.items():
        if count:
            progress.warning(
                tr("{count} points {reason} were left out.").format(
                    count=count, reason=reason_in_words(reason)
                )
            )
    graph = build_graph(grid, means, tiles, pois, Part(progress, 0.0, 0.9), area)
    graph = add_covariates(graph, points, Part(progress, 0.9, 1.0))
    read = len(points.xy) + sum(points.dropped.values())
    used = {"read": read, "used": read - sum(dropped.values()), "dropped": dropped}
    info: dict[str, Any] = {"points": used, "checksums": {}, "units": {}}
    if points.group is not None:
        info["groups"] = _groups(points, graph, progress)
    return dataclasses.replace(graph, info=info)


def _groups(points: Points, graph: GraphRawData, progress: Progress) -> dict[str, list[Any]]:
    """The observed cells, as indices into the graph's cells, and the group of each."""
    cell, group, mixed = cell_groups(points, graph.grid)
    if mixed:
        progress.warning(
            tr(
                "{mixed} cells hold points of several groups; each is of the group of most of them."
            ).format(mixed=mixed)
        )
    return {"cell": np.searchsorted(graph.cell, cell).tolist(), "group": group.tolist()}


def _refuse_unknown(request: Mapping[str, Any]) -> None:
    for part, known in _KEYS.items():
        described = request.get(part) or {}
        for item in described if isinstance(described, list) else [described]:
            for key in item:
                if key not in known:
                    raise InputError(
                        tr("'{part}.{key}' is no part of a request; known are {known}.").format(
                            part=part, key=key, known=", ".join(known)
                        )
                    )


def table_of(described: Mapping[str, Any]) -> str | io.StringIO:
    """Where a table is: the path of its file, or its text in the request itself."""
    return io.StringIO(described["table"]) if "table" in described else str(described["path"])


def _coord_columns(described: Mapping[str, Any]) -> tuple[str, str] | None:
    """The columns of x and y; a file of geometries needs none."""
    columns = described.get("coord_columns")
    return (columns[0], columns[1]) if columns else None


def _points_of(request: Mapping[str, Any], tiles: Sequence[LandCoverTile]) -> Points:
    described = request.get("points")
    if described:
        return read_points(
            table_of(described),
            described.get("crs", ""),
            _coord_columns(described),
            tuple(described["targets"]),
            tuple(described.get("covariates") or ()),
            described.get("group"),
        )
    if not tiles:
        raise InputError(
            tr("There is nothing to make a graph of; give points or a land-cover raster.")
        )
    return Points(np.empty((0, 2)), {}, {}, tiles[0].crs, {})


def _pois_of(described: Mapping[str, Any] | None, grid: Grid) -> PoiCounts | None:
    if not described:
        return None
    return count_pois(
        table_of(described),
        described.get("crs", ""),
        _coord_columns(described),
        described["category"],
        grid,
    )


def _grid_of(described: Mapping[str, Any], points: Points) -> Grid:
    if described.get("template"):
        return Grid.from_template(described["template"])
    if described.get("cell_size") is None:
        raise InputError(tr("The cell size is missing; give one, or a template raster."))
    crs = described.get("crs") or points.crs.to_string()
    return grid_around(points, float(described["cell_size"]), crs, described.get("bounds"))


def grid_around(
    points: Points, cell_size: float, crs: str, bounds: Sequence[float] | None = None
) -> Grid:
    """The grid over `bounds` (left, bottom, right, top in `crs`), or over all points.

    Raises
    ------
    InputError
        If no point has a position in `crs`, or the bounds are empty.
    """
    if bounds is None and len(points.xy) == 0:
        raise InputError(tr("The extent is missing; give one, points, or a template raster."))
    if bounds is None:
        xy = points.to_crs(parse_crs(crs, tr("the grid")))
        xy = xy[np.isfinite(xy).all(axis=1)]
        if len(xy) == 0:
            raise InputError(
                tr("No point has a position in the CRS of the grid, '{crs}'.").format(crs=crs)
            )
        bounds = (*xy.min(axis=0), *xy.max(axis=0))
    left, bottom, right, top = bounds
    return Grid.from_bounds((left, bottom, right, top), cell_size, crs)


def check_memory(grid: Grid, model: ModelConfig) -> None:
    """Refuse a grid of more cells than the free memory allows.

    Raises
    ------
    InputError
        Naming a cell size that would do.
    """
    if model.kind == "propagation":
        bytes_per_cell = _BYTES_PER_CELL[model.kind]
    else:
        bytes_per_cell = _BYTES_PER_CELL[model.gnn_type] * model.hidden_channels // 64 + 1
    most = int(psutil.virtual_memory().available * 0.8 / bytes_per_cell)
    if grid.size > most:
        fits = grid.cell_width * math.sqrt(grid.size / most)
        raise InputError(
            tr(
                "The cell size {size:g} makes {cells:,} cells; the free memory allows {most:,}. "
                "Use a cell size of at least {fits:.2g}, or a smaller extent."
            ).format(size=grid.cell_width, cells=grid.size, most=most, fits=fits)
        )


def _checksums(request: Mapping[str, Any], tiles: list[LandCoverTile]) -> dict[str, str]:
    tables = [request.get("points") or {}, request.get("poi") or {}]
    paths = [table["path"] for table in tables if "path" in table]
    return {path: store.sha256(path) for path in [*paths, *(tile.path for tile in tiles)]}
