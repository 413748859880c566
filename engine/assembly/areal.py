"""Polygons with measured values, read and laid over the cells of a map."""

from __future__ import annotations

import dataclasses
import math
from collections.abc import Mapping
from typing import Any

import numpy as np
import shapely
from numpy.typing import NDArray

from ..config.schema import Config
from ..data.bounds import refuse_outside
from ..data.builders.areas import Areas
from ..data.builders.crs import parse_crs
from ..data.builders.graph import GraphRawData
from ..data.builders.grid import Grid
from ..data.builders.info import PointCounts
from ..data.sources.columns import as_numbers
from ..data.sources.continuous import ContinuousRaster
from ..data.sources.cutting import in_crs
from ..data.sources.gathering import gather_cells
from ..data.sources.geometries import features_in
from ..data.sources.points import Points, check_varies
from ..data.sources.polygons import Polygons
from ..data.sources.tables import pick
from ..data.sources.vector import check_polygons
from ..errors import InputError
from ..language import tr
from ..names import GROUPS, MEAN_OF_CELLS, TOTAL_OF_CELLS
from ..progress import Part, Progress
from .districts import Districts
from .inputs import Inputs, Measurements
from .reading import read_graph

Array = NDArray[np.float64]

# A polygon of the usual size has so many cells, where nobody gives a size.
_CELLS_EACH = 50
# Of polygons that overlap by more than this share of the smaller, a user should know.
_SLIVER = 0.01
# So much of a polygon must lie in the map, or a user should know.
_INSIDE = 0.9
_ROUND = (1.0, 2.0, 2.5, 5.0)


def read_districts(
    districts: Districts, inputs: Inputs, config: Config, progress: Progress
) -> tuple[GraphRawData, Areas]:
    """The graph of a map, and what polygons and points tell of its cells.

    Parameters
    ----------
    districts : Districts
        The polygons.
    inputs : Inputs
        What else is known; its points are not read.
    config : Config
        The model's options.
    progress : Progress
        Receives progress and messages.

    Returns
    -------
    GraphRawData, Areas
        The graph has the flat value of the polygons as its target: each cell the mean of those
        that it lies in.

    Raises
    ------
    InputError
        For whatever cannot be used, in one sentence.
    """
    _check(districts, config)
    polygons, values = _read(districts, config, progress)
    points = districts.points
    points = points.read() if isinstance(points, Measurements) else points
    if points is not None and districts.target not in points.values:
        raise InputError(
            tr("The points beside the polygons need the same field, '{name}'.").format(
                name=districts.target
            )
        )
    grid = _grid(inputs.grid, polygons)
    shapes = in_crs(polygons.shapes, parse_crs(polygons.crs, ""), parse_crs(grid["crs"], ""))
    if "template" not in inputs.grid:
        low_high = inputs.grid.get("bounds") or shapely.total_bounds(shapes).tolist()
        size = grid.get("cell_size") or _cell_size(shapes)
        grid = {**inputs.grid, "crs": grid["crs"], "bounds": low_high}
        if "shape" not in grid:
            grid["cell_size"] = size
    empty = Points(np.empty((0, 2)), {}, {}, parse_crs(polygons.crs, ""), {})
    own = dataclasses.replace(inputs, points=empty, grid=grid)
    graph = read_graph(own, config.model, Part(progress, 0.0, 0.7))
    areas = _areas(districts, polygons, values, graph, Part(progress, 0.7, 1.0))
    areas = areas if points is None else _with_points(areas, points, districts.target, graph)
    graph.targets[districts.target] = areas.flat(len(graph.cell))
    counts = PointCounts(len(polygons), int(np.isfinite(values).sum()), {})
    info = dataclasses.replace(graph.info, points=counts, units=dict(inputs.units))
    return dataclasses.replace(graph, info=info), areas


def _check(districts: Districts, config: Config) -> None:
    if config.model.kind != "propagation" or config.model.pretrained_gnn:
        raise InputError(
            tr(
                "The model '{kind}' reads points alone; polygons with values need 'propagation' "
                "without an encoder."
            ).format(kind=config.model.kind)
        )
    if config.training.validation == GROUPS:
        raise InputError(
            tr(
                "Polygons with values have no groups; set 'training.validation' to auto: whole "
                "polygons are held out."
            )
        )
    if districts.weight and districts.support == TOTAL_OF_CELLS:
        raise InputError(
            tr(
                "A raster of weights belongs to means; for totals give it as a continuous raster, "
                "so that the model finds what it tells."
            )
        )
    if districts.points and districts.support == TOTAL_OF_CELLS:
        raise InputError(
            tr(
                "Points beside polygons have values of the place, which no total of cells has; "
                "give densities as means, or leave out the points."
            )
        )


def _read(districts: Districts, config: Config, progress: Progress) -> tuple[Polygons, Array]:
    """The polygons that have a value, and these."""
    source, target = districts.table.source, districts.target
    found = features_in(source, districts.table.crs)
    if found is not None:
        check_polygons(found.shapes, source)
    polygons = Polygons.read(source, districts.table.crs, progress)
    values = as_numbers(
        pick(polygons.fields, target, tr("the polygons")),
        tr("The field '{name}'").format(name=target),
    )
    bare = shapely.is_missing(polygons.shapes) | shapely.is_empty(polygons.shapes)
    used = np.isfinite(values) & ~bare
    if (~used & ~bare).any():
        progress.warning(
            tr("{count} polygons have no value in '{name}', and tell nothing.").format(
                count=(~used & ~bare).sum(), name=target
            )
        )
    check_varies(target, np.where(used, values, np.nan))
    refuse_outside(
        values if districts.support == MEAN_OF_CELLS else np.empty(0), config.model.bounds, target
    )
    some = np.flatnonzero(used)
    fields = polygons.fields.iloc[some].reset_index(drop=True)
    polygons = Polygons(polygons.shapes[some], fields, polygons.crs, polygons.name)
    _warn_of_overlaps(polygons, progress)
    return polygons, values[some]


def _warn_of_overlaps(polygons: Polygons, progress: Progress) -> None:
    """Say how many polygons overlap by more than slivers."""
    one, other = shapely.STRtree(polygons.shapes).query(polygons.shapes, predicate="intersects")
    pair = one < other
    one, other = one[pair], other[pair]
    shared = shapely.area(shapely.intersection(polygons.shapes[one], polygons.shapes[other]))
    least = np.minimum(shapely.area(polygons.shapes[one]), shapely.area(polygons.shapes[other]))
    wide = shared > _SLIVER * least
    if wide.any():
        progress.warning(
            tr(
                "{count} pairs of polygons of '{name}' overlap by up to {percent:.0f} % of the "
                "smaller; the cells there must fit the values of both."
            ).format(
                count=wide.sum(),
                name=polygons.name,
                percent=100 * float((shared[wide] / least[wide]).max()),
            )
        )


def _grid(described: Mapping[str, Any], polygons: Polygons) -> dict[str, Any]:
    """The parts of the grid, with a CRS."""
    if "template" in described:
        return {"crs": Grid.from_template(described["template"]).crs}
    return {"crs": polygons.crs, **described}


def _cell_size(shapes: NDArray[np.object_]) -> float:
    """So that a polygon of the usual area has some dozens of cells."""
    wanted = math.sqrt(float(np.median(shapely.area(shapes))) / _CELLS_EACH)
    power = 10.0 ** math.floor(math.log10(wanted))
    return float(f"{power * max(part for part in _ROUND if part * power <= wanted):.2g}")


def _areas(
    districts: Districts,
    polygons: Polygons,
    values: Array,
    graph: GraphRawData,
    progress: Progress,
) -> Areas:
    inside = polygons.cells(graph.grid, graph.cell, progress)
    some = [number for number, cells in enumerate(inside.cells) if len(cells)]
    held = np.array([inside.shares[number].sum() for number in some])
    _warn_of_sizes(inside.covered[some], held, progress)
    row = np.repeat(np.arange(len(some)), [len(inside.cells[number]) for number in some])
    cell = np.concatenate([inside.cells[number] for number in some])
    share = np.concatenate([inside.shares[number] for number in some])
    value = values[some]
    if districts.support == TOTAL_OF_CELLS:
        value = value / held
    if districts.weight:
        share = share * _weights(districts.weight, graph, progress)[cell]
        whole = np.bincount(row, share)
        if (whole <= 0).any():
            raise InputError(
                tr(
                    "{count} polygons have no weight above 0 in any cell; give a raster that "
                    "covers them."
                ).format(count=(whole <= 0).sum())
            )
    share = share / np.bincount(row, share)[row]
    used = share > 0
    kept = np.full(len(some), districts.keep)
    return Areas(row[used], cell[used], share[used], value, kept)


def _warn_of_sizes(covered: Array, held: Array, progress: Progress) -> None:
    """Say how many polygons are smaller than a cell, or lie in the map in part."""
    small = int((held < 1).sum())
    if small:
        progress.warning(
            tr(
                "{count} polygons are smaller than a cell; what they tell is told of the cells "
                "that they lie in. Make the cells smaller."
            ).format(count=small)
        )
    partly = int((covered < _INSIDE).sum())
    if partly:
        progress.warning(
            tr(
                "{count} polygons lie in the cells of the map in part; their values are taken for "
                "those of these parts."
            ).format(count=partly)
        )


def _weights(named: tuple[Any, int], graph: GraphRawData, progress: Progress) -> Array:
    """The mean of the raster of weights in each cell; 0 where it has no value."""
    path, band = named
    source = ContinuousRaster("weight", (path,), (band,), columns=())
    source.open(progress)
    found = source.read(graph.grid, progress).values[graph.cell, 0].astype(np.float64)
    if (found < 0).any():
        raise InputError(
            tr("The raster of weights '{path}' has values below 0, such as {value:g}.").format(
                path=path, value=float(np.nanmin(found))
            )
        )
    return np.nan_to_num(found)


def _with_points(areas: Areas, points: Points, target: str, graph: GraphRawData) -> Areas:
    """The areas, and points beside them: the mean of those in each cell is an area of one cell."""
    number, means, _ = gather_cells(points, graph.grid, None, 1)
    index = np.minimum(np.searchsorted(graph.cell, number), len(graph.cell) - 1)
    used = np.isfinite(means[target]) & (graph.cell[index] == number)
    value = np.full(len(graph.cell), np.nan)
    value[index[used]] = means[target][used]
    return areas.and_also(Areas.of_cells(value, index[used]))
