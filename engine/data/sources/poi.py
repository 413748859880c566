"""Points of interest with a category, counted a cell."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any, TextIO

import numpy as np
from numpy.typing import NDArray

from ...errors import InputError
from ..builders.grid import Grid, parse_crs
from .points import read_places, transform
from .tables import numbers


@dataclass(frozen=True)
class PoiCounts:
    """POIs of each category in each cell.

    Parameters
    ----------
    names : tuple of str
        The categories, sorted.
    counts : float64 array [grid.size, P]
        Number of POIs.
    dropped : dict of str to int
        POIs left out, by reason.
    """

    names: tuple[str, ...]
    counts: NDArray[np.float64]
    dropped: dict[str, int]


def count_pois(
    path: str | Path | TextIO,
    crs: str,
    coord_columns: tuple[str, str] | None,
    category: str,
    grid: Grid,
) -> PoiCounts:
    """Read POIs from a file, as `read_points` does, and count them a cell and category.

    Raises
    ------
    InputError
        If a column is missing or no POI lies inside the grid.
    """
    # A category may be called 3, or None: it is text, and missing only where it is empty.
    text: dict[str, Any] = {"dtype": {category: str}, "keep_default_na": False, "na_values": [""]}
    table, crs, coord_columns = read_places(path, crs, coord_columns, **text)
    missing = [name for name in (*coord_columns, category) if name not in table]
    if missing:
        known = ", ".join(map(str, table.columns))
        raise InputError(f"The POIs have no field '{missing[0]}'; they have: {known}.")
    valid = table[[*coord_columns, category]].notna().all(axis=1).to_numpy()
    named = table.loc[valid]
    xy = np.column_stack([numbers(named, name) for name in coord_columns])
    place = transform(xy, parse_crs(crs, "the POIs"), grid.pyproj_crs)
    cell = grid.locate(place[:, 0], place[:, 1])
    inside = cell >= 0
    if not inside.any():
        raise InputError(
            f"None of the {len(table)} POIs lies inside the grid with a category in "
            f"'{category}'; check their CRS and the extent."
        )
    names, code = np.unique(named[category].astype(str).to_numpy(str)[inside], return_inverse=True)
    counts = np.bincount(cell[inside] * len(names) + code, minlength=grid.size * len(names))
    dropped = {
        "without a position or category": int((~valid).sum()),
        "outside the extent": int((~inside).sum()),
    }
    shape = (grid.size, len(names))
    return PoiCounts(tuple(map(str, names)), counts.reshape(shape).astype(np.float64), dropped)
