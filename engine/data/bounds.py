"""The least and the greatest value that a target can have."""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray

from ..errors import InputError
from ..language import tr

Array = NDArray[np.float64]

# Values from 0 to 1 that come so near to both are shares, or presence and absence.
_NEAR_END = 0.05


def value_limits(values: Array, bounds: tuple[float, ...] = ()) -> tuple[float, float]:
    """The least and the greatest value that may be written, in the target's unit.

    Parameters
    ----------
    values : float64 array [n]
        Training values, all finite.
    bounds : tuple of float
        Both, where a user gives them. Else no value is negative where none of `values` is, and
        none exceeds 1 where `values` reach from about 0 to about 1.
    """
    if bounds:
        return bounds[0], bounds[1]
    least, most = float(values.min()), float(values.max())
    if least < 0:
        return -math.inf, math.inf
    return 0.0, 1.0 if least <= _NEAR_END and 1 - _NEAR_END <= most <= 1 else math.inf


def refuse_outside(values: Array, bounds: tuple[float, ...], name: str) -> None:
    """Refuse measured values outside the bounds that a user gives; NaN is none.

    Raises
    ------
    InputError
        Naming the target, how many values, one of them, and the bounds.
    """
    if not bounds:
        return
    outside = values[(values < bounds[0]) | (values > bounds[1])]
    if len(outside):
        raise InputError(
            tr(
                "{count} values of '{name}' lie outside the bounds {low:g} to {high:g}, such as "
                "{value:g}; correct or leave out these values, or change 'model.bounds'."
            ).format(count=len(outside), name=name, low=bounds[0], high=bounds[1], value=outside[0])
        )
