"""The observed values, checked, and the scale that a model reads them on."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from scipy.spatial import cKDTree

from ..data.transforms import TargetTransform
from ..errors import FitError
from ..language import tr
from .distances import nearest

# Inverse distance weighting of so many shows on which scale values are predicted best.
_NEIGHBOURS = 12


def observed_values(
    y: NDArray[np.float64], observed: NDArray[np.int64], least: int = 2
) -> NDArray[np.float64]:
    """The values at the observed cells, checked.

    Raises
    ------
    FitError
        If there are fewer than `least`, or one is not a finite number.
    """
    values = np.asarray(y, dtype=np.float64)[observed]
    if len(values) < least:
        raise FitError(
            tr(
                "Only {cells} cells have a measured value, at least {least} are needed; add "
                "points or make the cells smaller."
            ).format(cells=len(values), least=least)
        )
    if not np.isfinite(values).all():
        missing = int((~np.isfinite(values)).sum())
        raise FitError(
            tr("{missing} of the observed cells have no finite value; leave them out.").format(
                missing=missing
            )
        )
    return values


def scaled_values(
    y: NDArray[np.float64], observed: NDArray[np.int64]
) -> tuple[TargetTransform, NDArray[np.float64]]:
    """The scale that no unit matters on, and the observed values on it; see `observed_values`."""
    values = observed_values(y, observed)
    transform = TargetTransform.exact(values)
    return transform, transform.forward(values)


def learn_transform(
    kind: str, values: NDArray[np.float64], positions: NDArray[np.float64]
) -> TargetTransform:
    """The scale to model the values on; `auto` is the one on which neighbours tell most.

    Parameters
    ----------
    kind : str
        `auto`, or a kind of `TargetTransform`.
    values : float64 array [n]
        At the observed cells, in the target's unit.
    positions : float64 array [n, 2]
        The observed cells, in metres.
    """
    if kind != "auto":
        return TargetTransform.learn(values, kind)
    distance, index = nearest(cKDTree(positions), positions, _NEIGHBOURS, skip_self=True)
    weight = 1 / distance**2
    weight /= weight.sum(axis=1, keepdims=True)
    return TargetTransform.choose(values, lambda z: (weight * z[index]).sum(axis=1))
