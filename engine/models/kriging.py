"""Ordinary kriging of the nearest values: the method to beat."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import least_squares
from scipy.spatial import cKDTree
from scipy.spatial.distance import pdist

from ..language import tr
from ..progress import Progress, Silent, chunks
from .base import ModelState, Prediction, check_kind
from .distances import nearest
from .interpolation import Interpolation
from .places import nearest_elsewhere

# Cells that one batch of small linear systems predicts.
_CHUNK = 4096
_VARIOGRAM_POINTS = 2000
_LAGS = 15
# Longest lag, as a share of the diagonal of the observed cells' extent.
_REACH = 0.2


class OrdinaryKriging(Interpolation):
    """Ordinary kriging with an exponential variogram and a nugget, distance in metres.

    Parameters
    ----------
    neighbours : int
        Nearest places with values that count.
    seed : int
        Chooses the points of the variogram where there are more than 2,000.
    """

    kind = "kriging"

    def __init__(self, neighbours: int = 24, seed: int = 0) -> None:
        self.neighbours = neighbours
        self.seed = seed

    def state(self) -> ModelState:
        """What `from_state` needs."""
        header = {
            "kind": self.kind,
            "neighbours": self.neighbours,
            "seed": self.seed,
            "transform": self.transform_.to_dict(),
        }
        return ModelState({**self._tensors(), "variogram": self.variogram_}, header)

    @classmethod
    def from_state(
        cls, tensors: Mapping[str, NDArray[Any]], header: Mapping[str, Any]
    ) -> OrdinaryKriging:
        """The fitted model again."""
        check_kind(header, cls.kind)
        model = cls(int(header["neighbours"]), int(header["seed"]))
        model._restore(tensors, header)
        model.variogram_ = tensors["variogram"]
        return model

    def _learn(self) -> None:
        """Fit the variogram by weighted least squares."""
        self.variogram_ = _fit_variogram(self.positions_, self.values_, self.seed)

    def _tell(self, positions: NDArray[np.float64], progress: Progress) -> Prediction:
        """Kriging mean and the square root of the kriging variance."""
        tree = cKDTree(self.positions_)
        mean, std = np.empty(len(positions)), np.empty(len(positions))
        for part in chunks(len(positions), _CHUNK, progress, tr("Ordinary kriging")):
            near = nearest(tree, positions[part], self.neighbours)
            mean[part], std[part] = self._krige(*near)
        return Prediction(mean, std, self.transform_)

    def _without_own(self) -> Prediction:
        count = len(self.positions_)
        distance, index = nearest_elsewhere(self.positions_, self.places_.cell, self.neighbours)
        mean, std = np.empty(count), np.empty(count)
        for part in chunks(count, _CHUNK, Silent(), ""):
            mean[part], std[part] = self._krige(distance[part], index[part])
        return Prediction(mean, std, self.transform_)

    def _krige(
        self, distance: NDArray[np.float64], index: NDArray[np.int64]
    ) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
        count, near = distance.shape
        between = self.positions_[index]
        between = np.hypot(*np.moveaxis(between[:, :, None] - between[:, None], -1, 0))
        system = np.ones((count, near + 1, near + 1))
        system[:, :near, :near] = _variogram(between, self.variogram_)
        system[:, near, near] = 0.0
        right = np.ones((count, near + 1))
        right[:, :near] = _variogram(distance, self.variogram_)
        weight = np.linalg.solve(system, right[..., None])[..., 0]
        mean = (weight[:, :near] * self.values_[index]).sum(axis=1)
        variance = (weight * right).sum(axis=1)
        return mean, np.sqrt(np.maximum(variance, 0.0))


def _variogram(distance: NDArray[np.float64], parts: NDArray[np.float64]) -> NDArray[np.float64]:
    nugget, sill, length = parts
    return np.where(distance > 0, nugget + sill * -np.expm1(-distance / length), 0.0)


def _fit_variogram(
    positions: NDArray[np.float64], values: NDArray[np.float64], seed: int
) -> NDArray[np.float64]:
    """Nugget, sill and length (metres), with weights pairs / distance^2 as gstat has them."""
    if len(values) > _VARIOGRAM_POINTS:
        chosen = np.random.default_rng(seed).choice(len(values), _VARIOGRAM_POINTS, replace=False)
        positions, values = positions[chosen], values[chosen]
    distance = pdist(positions)
    half_square = pdist(values[:, None], "sqeuclidean") / 2
    # The neighbours that are used lie near: the far end of the variogram tells nothing of them.
    reach = max(_REACH * float(np.hypot(*np.ptp(positions, axis=0))), float(distance.min()) * 1.001)
    lag = np.minimum((distance / reach * _LAGS).astype(int), _LAGS)
    count = np.bincount(lag, minlength=_LAGS + 1)[:-1]
    used = np.flatnonzero(count)
    centre = np.bincount(lag, distance, _LAGS + 1)[used] / count[used]
    gamma = np.bincount(lag, half_square, _LAGS + 1)[used] / count[used]
    variance = float(values.var()) or 1.0

    def misfit(log_parts: NDArray[np.float64]) -> NDArray[np.float64]:
        model = _variogram(centre, np.exp(log_parts))
        return np.sqrt(count[used]) / centre * (gamma - model) * reach / variance

    start = np.log([0.1 * variance, variance, reach / 3])
    bound = np.log([1e-6 * variance, 1e-3 * variance, reach / 100])
    upper = np.log([10 * variance, 100 * variance, 10 * reach])
    return np.exp(least_squares(misfit, start, bounds=(bound, upper)).x)
