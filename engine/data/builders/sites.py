"""Cells without a grid: a list of positions."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray
from pyproj import CRS
from scipy.spatial import cKDTree

from ...errors import InputError
from ...language import tr
from .crs import Plane, parse_crs


@dataclass(frozen=True, eq=False)
class Sites:
    """Positions of cells of any shape, such as districts or stations.

    Parameters
    ----------
    crs : str
        Authority code or WKT of the CRS.
    xy : float64 array [N, 2]
        The middle of each cell, x (east or longitude) first, in the CRS's unit.
    """

    crs: str
    xy: NDArray[np.float64]

    def __post_init__(self) -> None:
        parse_crs(self.crs, tr("the places"))
        if self.xy.ndim != 2 or self.xy.shape[1] != 2 or len(self.xy) == 0:
            raise InputError(
                tr("Places must have shape (N, 2), got {shape}.").format(shape=self.xy.shape)
            )
        if not np.isfinite(self.xy).all():
            raise InputError(tr("A position has no finite coordinates; leave it out."))

    @property
    def size(self) -> int:
        """Number of cells."""
        return len(self.xy)

    @property
    def bounds(self) -> tuple[float, float, float, float]:
        """Left, bottom, right, top of the centres, in the CRS's unit."""
        left, bottom = map(float, self.xy.min(axis=0))
        right, top = map(float, self.xy.max(axis=0))
        return left, bottom, right, top

    @cached_property
    def pyproj_crs(self) -> CRS:
        """The CRS as pyproj sees it."""
        return parse_crs(self.crs, tr("the places"))

    @cached_property
    def plane(self) -> Plane:
        """The local plane around the middle of the positions."""
        left, bottom, right, top = self.bounds
        return Plane(self.crs, (left + right) / 2, (bottom + top) / 2)

    def centres(self, cell: NDArray[np.int64]) -> NDArray[np.float64]:
        """Centre (x, y) of each cell in the CRS's unit, shape [N, 2]."""
        return self.xy[cell]

    def cell_metres(self) -> tuple[float, float]:
        """The usual distance to the nearest other cell, twice, in metres; 1 for a lone cell."""
        positions = self.plane.metres(self.xy)
        distance = cKDTree(positions).query(positions, k=2)[0][:, 1]
        apart = distance[np.isfinite(distance) & (distance > 0)]
        usual = float(np.median(apart)) if len(apart) else 1.0
        return usual, usual

    def describe(self) -> dict[str, Any]:
        """What two lists must share to be the same, as JSON."""
        digest = hashlib.sha256(np.ascontiguousarray(self.xy).tobytes()).hexdigest()
        return {"crs": self.crs, "sites": len(self.xy), "sha256": digest}
