"""The scale of values of areas, and what is expected of a mean of cells on it."""

from __future__ import annotations

import dataclasses

import numpy as np
from numpy.typing import NDArray

from ..data.bounds import value_limits
from ..data.builders.areas import Areas
from ..data.transforms import BOUNDED, TargetTransform
from ..errors import InputError
from ..language import tr

Array = NDArray[np.float64]

# The square root of values so many times smaller than the usual one is straight.
_SMALL = 20.0
# Half the step of differences, on the model's scale.
_STEP = 1e-3
# Steps to the shifts that keep totals, and how near, as a share of the value, is there.
_STEPS, _NEAR = 60, 1e-9
# No step is longer than this, on the model's scale.
_LONGEST = 2.0
_TINY = float(np.finfo(np.float64).tiny)


def scale_of_areas(kind: str, areas: Areas, bounds: tuple[float, ...] = ()) -> TargetTransform:
    """The scale to model the cells of areas on.

    `auto` is a square root, by way of Yeo and Johnson's with the power 1/2, where no value is
    negative, so that the map is not, either; else the target's unit itself. A cell has at the most
    what its area has in all.

    Parameters
    ----------
    kind : str
        `auto`, `identity`, `log`, `yeo-johnson` (the square root) or `logit`.
    areas : Areas
        The areas.
    bounds : tuple of float
        The least and the greatest value of a cell, or none.

    Raises
    ------
    InputError
        If the scale has no place for a value, or is none of these.
    """
    values = areas.value
    if bounds:
        return TargetTransform.learn(values, BOUNDED if kind == "auto" else kind, bounds)
    if kind == "auto":
        kind = "identity" if values.min() < 0 else "yeo-johnson"
    if kind == "identity":
        made = TargetTransform.learn(values, kind)
        return dataclasses.replace(made, low=-np.inf, high=np.inf)
    if kind not in ("log", "yeo-johnson"):
        raise InputError(
            tr("Values of polygons are not read on the scale '{kind}'; use auto.").format(kind=kind)
        )
    wrong = values < 0 if kind == "yeo-johnson" else values <= 0
    if wrong.any():
        raise InputError(
            tr(
                "{count} polygons have values that the scale '{kind}' has no place for, such as "
                "{value:g}; set 'model.transform' to auto, or correct the values."
            ).format(count=wrong.sum(), kind=kind, value=values[wrong][0])
        )
    if kind == "log":
        middle, power = float(np.exp(np.log(values).mean())), 1.0
    else:
        middle, power = float(np.median(values[values > 0])) / _SMALL, 0.5
    high = float((values * areas.count).max())
    made = TargetTransform(kind, 0.0, middle, power, low=value_limits(values)[0], high=high)
    return made._standardised(values)


def expected(scale: TargetTransform, location: Array, spread: Array) -> tuple[Array, Array]:
    """The mean of each cell in the target's unit, and its slope in the location."""
    mean = scale.moments(location, spread)[0]
    if scale.kind == "identity":
        return mean, np.full(len(mean), scale.scale)
    more, less = (scale.moments(location + step, spread)[0] for step in (_STEP, -_STEP))
    return mean, (more - less) / (2 * _STEP)


def linearised(
    scale: TargetTransform, areas: Areas, location: Array, spread: Array
) -> tuple[Array, Array]:
    """Areas as linear functionals around a map: the weight of each cell, and the values.

    The expected mean of the cells of an area is told by its slope in their locations: statistical
    linear regression of the measurement on the cells, as in the posterior linearisation of
    Garcia-Fernandez et al. (2015, doi 10.1109/TSP.2015.2454485).

    Parameters
    ----------
    scale : TargetTransform
        That of the model.
    areas : Areas
        The n areas; cells are those of `location`.
    location, spread : float64 array [E]
        Mean and deviation of the cell of each meeting, on the model's scale.

    Returns
    -------
    float64 array [E], float64 array [n]
        Weights on the model's scale, which add up to 1 in each area; and what their means are.
    """
    mean, slope = expected(scale, location, spread)
    steep = np.maximum(areas.mean(slope), _TINY)
    weight = areas.share * slope / steep[areas.row]
    away = (areas.value - areas.mean(mean)) / steep
    return weight, away + np.bincount(areas.row, weight * location, minlength=len(areas))


def keeping(
    scale: TargetTransform, areas: Areas, location: Array, spread: Array
) -> tuple[Array, Array]:
    """By how much cells are shifted on the model's scale so that areas have their values.

    The shift is the same in all cells of an area; a cell of several has their shifts by its shares
    there. On a logarithm that is a factor, so that a positive map stays one. Newton's method.

    Parameters
    ----------
    scale, areas
        As of `linearised`; all areas are kept.
    location, spread : float64 array [N]
        Of every cell.

    Returns
    -------
    float64 array [N], float64 array [n]
        The shifts, and by what share of the usual value each area still misses its own.
    """
    if not len(areas):
        return np.zeros(len(location)), np.empty(0)
    from scipy.sparse import csr_array
    from scipy.sparse.linalg import spsolve

    cells, column = np.unique(areas.cell, return_inverse=True)
    share = areas.share * areas.count[areas.row]
    held = np.maximum(np.bincount(column, share), 1.0)
    shape = (len(areas), len(cells))
    mean = csr_array((areas.share, (areas.row, column)), shape=shape)
    own = csr_array((share / held[column], (areas.row, column)), shape=shape)
    start, wide, shift = location[cells], spread[cells], np.zeros(len(cells))
    usual = float(np.abs(areas.value).mean()) or 1.0
    for _ in range(_STEPS):
        found, slope = expected(scale, start + shift, wide)
        missing = areas.value - mean @ found
        if np.abs(missing).max() <= _NEAR * usual:
            break
        slope = np.maximum(slope, 1e-9 * max(float(slope.max()), _TINY))
        step = spsolve((mean @ (own * slope).T).tocsc(), missing)
        shift += own.T @ np.clip(np.nan_to_num(np.atleast_1d(step)), -_LONGEST, _LONGEST)
    every = np.zeros(len(location))
    every[cells] = shift
    missing = areas.value - mean @ expected(scale, start + shift, wide)[0]
    return every, np.abs(missing) / usual
