"""Coordinate reference systems: read, joined, and how longitudes go round the Earth."""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray
from pyproj import CRS, Transformer
from pyproj.exceptions import CRSError, ProjError

from ...errors import InputError
from ...language import tr

# So long a gap in the longitudes, as a share of a turn, is where they are cut.
_GAP = 1 / 3
_LONGEST_SHOWN = 60


def parse_crs(text: str, owner: str) -> CRS:
    """Read a CRS from an authority code, WKT or PROJ text; heights are left out of it.

    Raises
    ------
    InputError
        If `text` is empty or unknown, or a CRS without a map's x and y; `owner` says whose
        CRS it is.
    """
    if not text:
        raise InputError(
            tr("The CRS of {owner} is missing; assign one, such as EPSG:4326.").format(owner=owner)
        )
    try:
        crs = CRS.from_user_input(text)
        crs = crs.to_2d() if len(crs.axis_info) > 2 else crs
    except (CRSError, ValueError, TypeError) as error:
        raise InputError(
            tr("The CRS of {owner} is unknown: '{text}'; try EPSG:4326.").format(
                owner=owner, text=_shown(text)
            )
        ) from error
    flat = crs.is_geographic or crs.is_projected or crs.is_engineering
    if not flat or len(crs.axis_info) != 2:
        raise InputError(
            tr(
                "The CRS of {owner}, '{text}', is a {kind}, which has no map coordinates; choose a "
                "geographic or projected one, such as EPSG:4326."
            ).format(owner=owner, text=_shown(text), kind=crs.type_name)
        )
    return crs


def _shown(text: object) -> str:
    """A CRS in a line that a sentence can hold."""
    line = " ".join(str(text).split())
    return line if len(line) <= _LONGEST_SHOWN else f"{line[:_LONGEST_SHOWN]}..."


def transform(xy: NDArray[np.float64], source: CRS, goal: CRS) -> NDArray[np.float64]:
    """Positions [M, 2] from one CRS to another, x first in both; inf where they have none.

    Raises
    ------
    InputError
        If nothing leads from one to the other, as from a local grid to the Earth.
    """
    if source.equals(goal, ignore_axis_order=True):
        return xy
    try:
        transformer = _transformer(source, goal)
        # One position in an array is taken for a number by pyproj, and warned of.
        x, y = xy.T if len(xy) != 1 else xy[0].tolist()
        return np.column_stack(transformer.transform(x, y))
    except (ProjError, CRSError) as error:
        raise InputError(
            tr(
                "There is no transformation from the CRS '{source}' to the CRS '{goal}'; choose "
                "CRSs of the same area on Earth."
            ).format(source=_shown(source.name), goal=_shown(goal.name))
        ) from error


# To make one takes some 10 ms, and each fit in degrees asks for the same ones many times.
@lru_cache(maxsize=64)
def _transformer(source: CRS, goal: CRS) -> Transformer:
    return Transformer.from_crs(source, goal, always_xy=True)


def whole_turn(crs: CRS) -> float | None:
    """Once round the Earth in the unit of a geographic CRS, 360 in degrees; None in others."""
    if not crs.is_geographic:
        return None
    return round(2 * math.pi / crs.axis_info[0].unit_conversion_factor, 6)


def short_way(x: NDArray[np.float64], crs: CRS) -> NDArray[np.float64]:
    """Longitudes in one run: those on both sides of 180 degrees become 178 to 182.

    They are moved by whole turns, and only where this makes their run shorter than two
    thirds of a turn. In a projected CRS they are left.
    """
    turn = whole_turn(crs)
    finite = x[np.isfinite(x)]
    if turn is None or len(finite) == 0 or np.ptp(finite) <= turn / 2:
        return x
    around = np.unique((finite + turn / 2) % turn - turn / 2)
    gaps = around - np.roll(around, 1)
    gaps[0] += turn
    widest = int(gaps.argmax())
    if gaps[widest] < _GAP * turn:
        return x
    return x - turn * np.floor((x - (around[widest] - gaps[widest] / 2)) / turn)


def longitude_latitude(xy: NDArray[np.float64], crs: CRS) -> NDArray[np.float64]:
    """Positions [M, 2] in degrees from Greenwich and the equator; inf where they have none."""
    plain = crs.is_geographic and whole_turn(crs) == 360 and not crs.is_derived
    if plain and crs.prime_meridian is not None and crs.prime_meridian.longitude == 0:
        return xy
    return transform(xy, crs, CRS("OGC:CRS84"))


def utm_code(longitude: float, latitude: float) -> int:
    """The EPSG code of the UTM zone of a place, or of the polar grid that takes its place."""
    if latitude >= 84:
        return 32661
    if latitude < -80:
        return 32761
    longitude = (longitude + 180) % 360 - 180
    zone = int((longitude + 180) // 6) + 1
    if 56 <= latitude < 64 and 3 <= longitude < 12:
        zone = 32
    if latitude >= 72 and 0 <= longitude < 42:
        zone = 31 + 2 * int((longitude + 3) // 12)
    return (32600 if latitude >= 0 else 32700) + zone


@dataclass(frozen=True)
class Plane:
    """A plane in metres around one point of a CRS.

    Projected coordinates are scaled by their unit. Geographic ones are projected
    azimuthally, equidistant from the point, so that a degree of longitude has the
    length it has there.

    Parameters
    ----------
    crs : str
        Authority code or WKT of the CRS.
    x, y : float
        The point, in the CRS's unit.
    """

    crs: str
    x: float
    y: float

    def metres(self, xy: NDArray[np.float64]) -> NDArray[np.float64]:
        """Positions of the CRS on the plane, shape [N, 2], in metres."""
        crs = parse_crs(self.crs, tr("the grid"))
        turn = whole_turn(crs)
        if turn is None:
            return xy * crs.axis_info[0].unit_conversion_factor
        # The middle of a cell at a pole may lie beyond it.
        positions = np.column_stack([xy[:, 0], np.clip(xy[:, 1], -turn / 4, turn / 4)])
        middle = np.array([[self.x, np.clip(self.y, -turn / 4, turn / 4)]])
        lon, lat = longitude_latitude(middle, crs)[0]
        flat = CRS.from_dict({"proj": "aeqd", "lon_0": lon, "lat_0": lat, "datum": "WGS84"})
        return transform(positions, crs, flat)
