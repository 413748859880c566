"""Points with measured values, read from a file."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TextIO

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from pyproj import CRS

from ...errors import InputError
from ...language import tr
from ..builders.crs import parse_crs, transform
from ..builders.info import PointCounts
from .columns import as_names, as_numbers
from .geometries import features_in, name_of
from .positions import check_positions, read_positions
from .tables import HIDDEN, pick, read_header, read_table
from .vector import point_table


@dataclass(frozen=True)
class Points:
    """Checked points.

    Parameters
    ----------
    xy : float64 array [M, 2]
        Positions in `crs`, x (east or longitude) first.
    values : dict of str to float64 array [M]
        Measured targets; NaN where one was not measured.
    covariates : dict of str to float64 array [M]
        What else was measured there; NaN where it was not. No point lacks all targets
        and all covariates.
    crs : pyproj.CRS
        CRS of the positions.
    dropped : dict of str to int
        How many rows of the table were left out, by reason.
    group : str array [M], optional
        What is held out together, such as the site or the survey; empty only where no
        target was measured.
    rows : pandas.Index, optional
        Where each point stands in its table; see `name_rows`.
    """

    xy: NDArray[np.float64]
    values: dict[str, NDArray[np.float64]]
    covariates: dict[str, NDArray[np.float64]]
    crs: CRS
    dropped: dict[str, int]
    group: NDArray[np.str_] | None = None
    rows: pd.Index | None = None

    def counts(self, dropped: dict[str, int]) -> PointCounts:
        """How many there were, of which so many more were `dropped`, by reason, all told."""
        read = len(self.xy) + sum(self.dropped.values())
        return PointCounts(read, read - sum(dropped.values()), dropped)

    def to_crs(self, crs: CRS) -> NDArray[np.float64]:
        """Positions in another CRS, shape [M, 2]; inf where they have none there."""
        return transform(self.xy, self.crs, crs)


def read_points(
    path: str | Path | TextIO,
    crs: str,
    coord_columns: tuple[str, str] | None,
    targets: tuple[str, ...],
    covariates: tuple[str, ...] = (),
    group: str | None = None,
) -> Points:
    """Read points from a CSV file, whose empty cells are nulls, or from a file of geometries.

    Parameters
    ----------
    path : path or text file
        CSV in UTF-8, or a GeoPackage, GeoJSON or Shapefile of points; see `point_table`.
    crs : str
        CRS of the positions; empty where a file of geometries has its own.
    coord_columns : tuple of str or None
        Columns of x and y of a CSV file.
    targets, covariates : tuple of str
        The columns to read: what to predict, and what else was measured.
    group : str, optional
        A column of names or numbers: points of one group are held out together.

    Raises
    ------
    InputError
        If there are no points, a column is missing, there twice, or holds text, a value is
        infinite, a position is none of its CRS, a measured value has no group, or every value
        of a target is null or equal to all others.
    """
    # A column that is read as numbers too is no text, whatever else it serves for.
    numeric = {*targets, *covariates, *(coord_columns or ())}
    texts = (group,) if group and group not in numeric else ()
    table, crs, coord_columns = read_point_table(path, crs, coord_columns, texts)
    return points_from_table(table, crs, coord_columns, targets, covariates, group)


def read_point_table(
    path: str | Path | TextIO | pd.DataFrame,
    crs: str,
    coord_columns: tuple[str, str] | None,
    texts: tuple[str, ...] = (),
) -> tuple[pd.DataFrame, str, tuple[str, str]]:
    """A table with a position in each row, its CRS, and the columns of x and y.

    `texts` are columns that are text in a CSV file; for the rest see `read_points`.
    """
    features = features_in(path, crs)
    if features is not None:
        table = point_table(features, name_of(path))
        return table, features.crs, table.attrs[HIDDEN]
    if coord_columns is None:
        known = path.columns if isinstance(path, pd.DataFrame) else read_header(path)
        raise InputError(
            tr("Name the columns of x and y of the table '{path}'; it has: {known}.").format(
                path=path, known=", ".join(map(str, known))
            )
        )
    if isinstance(path, pd.DataFrame):
        return path.reset_index(drop=True), crs, coord_columns
    return read_table(path, texts), crs, coord_columns


def points_from_table(
    table: pd.DataFrame,
    crs: str,
    coord_columns: tuple[str, str],
    targets: tuple[str, ...],
    covariates: tuple[str, ...] = (),
    group: str | None = None,
) -> Points:
    """Check a table with one row a point; see `read_points`."""
    _check_fields(targets, covariates)
    xy = read_positions(table, coord_columns, tr("the points"))
    values = {name: _numbers(table, name) for name in targets}
    others = {name: _numbers(table, name) for name in covariates}
    if len(table) == 0:
        raise InputError(tr("There are no points; the layer or selection is empty."))
    known_crs = parse_crs(crs, tr("the points"))
    located = np.isfinite(xy).all(axis=1)
    valued = np.logical_or.reduce([np.isfinite(column) for column in values.values()])
    measured = np.logical_or.reduce([valued, *(np.isfinite(column) for column in others.values())])
    kept = located & measured
    dropped = {
        "without a position": int((~located).sum()),
        "without a value": int((located & ~measured).sum()),
    }
    if not (located & valued).any():
        raise InputError(
            tr(
                "None of the {count} points has a position and a value in '{fields}'; choose a "
                "field with numbers."
            ).format(count=len(table), fields=", ".join(targets))
        )
    check_positions(xy[kept], known_crs, tr("the points"), table.index[kept])
    values = {name: column[kept] for name, column in values.items()}
    for name, column in values.items():
        check_varies(name, column)
    others = {name: column[kept] for name, column in others.items()}
    groups = _groups(table, group, kept, valued[kept]) if group else None
    return Points(xy[kept], values, others, known_crs, dropped, groups, table.index[kept])


def _check_fields(targets: tuple[str, ...], covariates: tuple[str, ...]) -> None:
    """Refuse a request without a target, or with a covariate that is one."""
    if not targets:
        raise InputError(tr("No value field was given; name the field to interpolate."))
    both = [name for name in targets if name in covariates]
    if both:
        raise InputError(
            tr(
                "The field '{name}' is both the value and a covariate; a value cannot predict "
                "itself."
            ).format(name=both[0])
        )


def reason_in_words(reason: str) -> str:
    """What a reason to leave points out, a key of `Points.dropped`, is called."""
    names = {
        "without a position": tr("without a position"),
        "without a value": tr("without a value"),
        "outside the extent": tr("outside the extent"),
        "outside the study area": tr("outside the study area"),
    }
    return names.get(reason, reason)


def _groups(
    table: pd.DataFrame, name: str, kept: NDArray[np.bool_], valued: NDArray[np.bool_]
) -> NDArray[np.str_]:
    """The group of each kept point as text."""
    names = as_names(pick(table, name, tr("the points")))[kept]
    nameless = np.array([found is None for found in names], dtype=bool)
    missing = int((nameless & valued).sum())
    if missing:
        raise InputError(
            tr(
                "{missing} points have no group in '{name}'; give them groups, or leave them out."
            ).format(missing=missing, name=name)
        )
    return np.where(nameless, "", names).astype(str)


def _numbers(table: pd.DataFrame, name: str) -> NDArray[np.float64]:
    column = pick(table, name, tr("the points"))
    return as_numbers(column, tr("The field '{name}'").format(name=name))


def check_varies(name: str, values: NDArray[np.float64]) -> None:
    """Refuse values that are all missing or all equal."""
    finite = values[np.isfinite(values)]
    if finite.size == 0:
        raise InputError(
            tr("The field '{name}' has no values; choose a field with numbers.").format(name=name)
        )
    if finite.min() == finite.max():
        raise InputError(
            tr("All {count} values of '{name}' equal {value:g}; there is nothing to map.").format(
                count=finite.size, name=name, value=finite[0]
            )
        )
