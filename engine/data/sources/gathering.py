"""Points gathered into the cells of a grid."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from ...errors import InputError
from ...language import tr
from ...progress import Progress
from ..builders.grid import Grid
from ..builders.readings import Readings
from .area import StudyArea
from .points import Points, check_varies, reason_in_words
from .positions import check_exchanged

MIN_OBSERVED_CELLS = 10
# A point this near to the middle of its cell, as a share of its width, is in the middle.
_MIDDLE = 1e-3


def gather(
    points: Points,
    grid: Grid,
    area: NDArray[np.bool_] | None = None,
    least: int = MIN_OBSERVED_CELLS,
) -> tuple[dict[str, NDArray[np.float64]], dict[str, int]]:
    """Mean of the points of each cell.

    Parameters
    ----------
    points : Points
        The points.
    grid : Grid
        The grid.
    area : bool array [grid.size], optional
        The cells that are wanted; all by default. Points in others are left out.
    least : int
        So many cells must be observed.

    Returns
    -------
    means : dict of str to float64 array [grid.size]
        NaN where no point with a value fell.
    dropped : dict of str to int
        Points left out, by reason, those of reading included.

    Raises
    ------
    InputError
        If a target is observed in too few cells.
    """
    cell, own, dropped = gather_cells(points, grid, area, least)
    means: dict[str, NDArray[np.float64]] = {name: np.full(grid.size, np.nan) for name in own}
    for name, values in own.items():
        means[name][cell] = values
    return means, dropped


def gather_cells(
    points: Points,
    grid: Grid,
    area: NDArray[np.bool_] | StudyArea | None = None,
    least: int = MIN_OBSERVED_CELLS,
) -> tuple[NDArray[np.int64], dict[str, NDArray[np.float64]], dict[str, int]]:
    """As `gather`, of the cells with a value alone.

    Returns
    -------
    cell : int64 array [n]
        The cells where any target was observed, ascending.
    means : dict of str to float64 array [n]
        NaN where a target was not.
    dropped : dict of str to int
        See `gather`.
    """
    cell, outside = _locate(points, grid, area)
    dropped = {**points.dropped, **outside}
    valued = [np.isfinite(values) for values in points.values.values()]
    used = np.logical_or.reduce([np.zeros(len(cell), bool), *valued]) & (cell >= 0)
    found = np.unique(cell[used])
    index = np.where(used, np.searchsorted(found, cell), -1)
    means = {}
    for name, values in points.values.items():
        means[name] = cell_means(index, values, len(found))
        observed = int(np.isfinite(means[name]).sum())
        if observed < least:
            raise InputError(
                tr(
                    "'{name}' is observed in {observed} cells ({inside} of {points} points lie "
                    "inside the extent); at least {least} cells are needed: add points, enlarge "
                    "the extent or choose a smaller cell size."
                ).format(
                    name=name,
                    observed=observed,
                    inside=int((cell >= 0).sum()),
                    points=len(cell),
                    least=least,
                )
            )
        check_varies(name, means[name])
    return found, means, dropped


def readings_in(points: Points, grid: Grid, cell: NDArray[np.int64]) -> dict[str, Readings]:
    """The values of points at their true places, by target.

    A target that was measured once in each cell, in its middle, has none: such values are those
    of whole cells.

    Parameters
    ----------
    points : Points
        The points.
    grid : Grid
        The grid.
    cell : int64 array [N]
        The cells of the graph, ascending; points in others are left out.
    """
    xy = points.to_crs(grid.pyproj_crs)
    number = grid.locate(xy[:, 0], xy[:, 1])
    index = np.minimum(np.searchsorted(cell, number), len(cell) - 1)
    inside = cell[index] == number
    xy = np.column_stack([grid.near(xy[:, 0]), xy[:, 1]])
    found = {}
    for name, values in points.values.items():
        used = inside & np.isfinite(values)
        readings = Readings(index[used], xy[used], values[used])
        away = np.abs(readings.xy - grid.centres(cell[readings.cell]))
        alone = len(np.unique(readings.cell)) == len(readings.cell)
        if not (alone and (away <= _MIDDLE * np.array([grid.cell_width, grid.cell_height])).all()):
            found[name] = readings
    return found


def log_dropped(dropped: Mapping[str, int], progress: Progress) -> None:
    """Warn of points that were left out, by the reasons of `gather`."""
    for reason, count in dropped.items():
        if count:
            progress.warning(
                tr("{count} points {reason} were left out.").format(
                    count=count, reason=reason_in_words(reason)
                )
            )


def _locate(
    points: Points, grid: Grid, area: NDArray[np.bool_] | StudyArea | None
) -> tuple[NDArray[np.int64], dict[str, int]]:
    """The cell of each point, -1 where it is not wanted, and how many are not, by reason."""
    xy = points.to_crs(grid.pyproj_crs)
    cell = grid.locate(xy[:, 0], xy[:, 1])
    outside = {"outside the extent": int((cell < 0).sum())}
    if (cell < 0).all():
        check_exchanged(points.xy, points.crs, grid, tr("the points"))
    if area is None:
        return cell, outside
    inside = cell >= 0
    wanted = inside.copy()
    held = area.holds(grid, cell[inside]) if isinstance(area, StudyArea) else area[cell[inside]]
    wanted[inside] = held
    outside["outside the study area"] = int(((cell >= 0) & ~wanted).sum())
    if len(cell) and not wanted.any():
        raise InputError(
            tr(
                "None of the {count} points lies in a cell of the study area; check the CRS of "
                "both, and that they are of the same place."
            ).format(count=len(cell))
        )
    return np.where(wanted, cell, -1), outside


def cell_groups(
    points: Points, grid: Grid, area: NDArray[np.bool_] | StudyArea | None = None
) -> tuple[NDArray[np.int64], NDArray[np.str_], int]:
    """The cells with a measured value, the group of most points of each, and how many are mixed.

    Of groups with as many points in a cell, the first by name counts; for `area` see `gather`.
    """
    valued = np.logical_or.reduce([np.isfinite(values) for values in points.values.values()])
    table = pd.DataFrame({"cell": _locate(points, grid, area)[0], "group": points.group})
    table = table[valued & (table["cell"] >= 0)]
    count = table.groupby(["cell", "group"]).size().reset_index(name="points")
    count = count.sort_values(["cell", "points", "group"], ascending=[True, False, True])
    first = count.drop_duplicates("cell")
    mixed = len(count.loc[count["cell"].duplicated(), "cell"].unique())
    return first["cell"].to_numpy(), first["group"].to_numpy().astype(str), mixed


def cell_means(
    cell: NDArray[np.int64], values: NDArray[np.float64], size: int
) -> NDArray[np.float64]:
    """Mean of `values` in each of `size` cells, NaN where none is finite; cell -1 is nowhere."""
    used = (cell >= 0) & np.isfinite(values)
    count = np.bincount(cell[used], minlength=size)
    total = np.bincount(cell[used], weights=values[used], minlength=size)
    with np.errstate(invalid="ignore"):
        return total / count
