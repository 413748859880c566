"""What the cells of an area have together: their mean or total, and how far it may be off.

Errors of cells near each other go together, so that the mean of many is less certain than if
they were independent. Values are drawn for all cells of a polygon at once: normal numbers with
the covariance of the cells given all that was observed (Rasmussen and Williams 2006, equation
2.24) on the model's scale, each brought back to the target's unit before they are averaged. So
the mean of a curved scale is right, too.

Calibration: a polygon of one cell has the interval of that cell. Errors of single cells are often
peaked, with a few large ones, and the intervals of a map are the narrower for it; a mean has the
few large ones in it. So deviations of several cells are those of the model times the root mean
square of the errors on left-out values in deviations, where these are above 1.
"""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from ..models.base import Prediction
from .uncertainty import Calibration, Errors, exceeding

Array = NDArray[np.float64]

# Draws of a polygon, half of them the mirror images of the others.
_DRAWS = 2000
# A polygon of more cells is drawn by so many of them.
MOST_CELLS = 400
_JITTER = 1e-6


@dataclass(frozen=True)
class Spread:
    """What a polygon's mean may be.

    Parameters
    ----------
    std, lower, upper : float
        Standard deviation and interval, in the target's unit.
    above : float64 array [thresholds]
        Probability that it exceeds each threshold.
    doubt : float
        By what share `std` may be off where it was found from some of the cells; 0 from all.
    """

    std: float
    lower: float
    upper: float
    above: Array
    doubt: float = 0.0


class Drawn:
    """Draws values of cells together; the same ones for the same cells, whatever else is drawn.

    Parameters
    ----------
    predicted : Prediction
        Of every cell: a new measurement, as the map's intervals have it.
    errors : Errors
        How errors are distributed, in its deviations.
    """

    def __init__(self, predicted: Prediction, errors: Errors) -> None:
        self.predicted, self.errors, self.scale = predicted, errors, predicted.transform
        if self.scale.kind == "identity":
            # Cells cut off at a limit would have another mean than the map's.
            self.scale = dataclasses.replace(self.scale, low=-np.inf, high=np.inf)
        half = np.random.default_rng(0).standard_normal((MOST_CELLS, _DRAWS // 2))
        self.normal = np.concatenate([half, -half], axis=1)

    def spread(
        self,
        cells: NDArray[np.int64],
        weight: Array,
        chosen: tuple[NDArray[np.int64], Array],
        correlation: Array,
        level: float,
        thresholds: Array,
    ) -> Spread:
        """Of the weighted mean of cells.

        Parameters
        ----------
        cells : int64 array [n]
            Indices into `predicted`.
        weight : float64 array [n]
            Of each cell; their sum is 1.
        chosen : int64 array [m], float64 array [m]
            Those of `cells` that are drawn, and their weights; see `choose`.
        correlation : float64 array [m, m]
            Of new measurements in these.
        level : float
            Share of such means that the interval should contain.
        thresholds : float64 array
            In the target's unit.
        """
        if len(cells) == 1:
            return self._alone(cells, level, thresholds)
        some, part = chosen
        values = self._values(cells[some], correlation)
        drawn, doubt = part @ values, 0.0
        if len(some) < len(cells):
            deviation = values.std(axis=1)
            ratio, doubt = _ratio(correlation * deviation[:, None] * deviation, part, weight)
            middle = weight @ self._expected(cells)
            drawn = middle + (drawn - drawn.mean()) * ratio
        limits = self.predicted.transform
        drawn, tail = np.clip(drawn, limits.low, limits.high), (1 - level) / 2
        lower, upper = np.quantile(drawn, [tail, 1 - tail])
        above = (drawn > thresholds[:, None]).mean(axis=1)
        return Spread(float(drawn.std()), float(lower), float(upper), above, doubt)

    def _alone(self, cells: NDArray[np.int64], level: float, thresholds: Array) -> Spread:
        """Of one cell: what the map says of it."""
        one = dataclasses.replace(
            self.predicted,
            location=self.predicted.location[cells],
            spread=self.predicted.spread[cells],
        )
        calibration = Calibration.learn(self.errors.scores, level)
        found = (calibration.std(one), calibration.lower(one), calibration.upper(one))
        std, lower, upper = (float(part[0]) for part in found)
        above = [exceeding(one, self.errors, limit)[0] for limit in thresholds]
        return Spread(std, lower, upper, np.array(above))

    def _values(self, cells: NDArray[np.int64], correlation: Array) -> Array:
        """Draws of cells [m, draws], in the target's unit."""
        raised = correlation + _JITTER * np.eye(len(cells))
        normal = np.linalg.cholesky(raised) @ self.normal[: len(cells)]
        location, spread = self._normal(cells)
        return self.scale.inverse(location[:, None] + normal * spread[:, None])

    def _expected(self, cells: NDArray[np.int64]) -> Array:
        """The mean of each cell's draws, if there were infinitely many."""
        location, spread = self._normal(cells)
        return self.scale.moments(location, spread)[0]

    def _normal(self, cells: NDArray[np.int64]) -> tuple[Array, Array]:
        """Middle and deviation of each of several cells, on the model's scale."""
        return self.predicted.location[cells], self.errors.together * self.predicted.spread[cells]


def _ratio(covariance: Array, part: Array, weight: Array) -> tuple[float, float]:
    """Deviation of a mean of all cells over that of some, and by what share it may be off.

    Among few cells, each weighs more, and so does what it has of its own.
    """
    least = float((weight**2).sum())
    own = float(part @ covariance.diagonal())

    def of(which: slice) -> float:
        some = part[which] / part[which].sum()
        alone, square = float(some**2 @ covariance.diagonal()[which]), float((some**2).sum())
        together = (some @ covariance[which, which] @ some - alone) / (1 - square)
        return float(np.sqrt(max(together, 0.0) * (1 - least) + own * least))

    found, halves = of(slice(None)), [of(slice(start, None, 2)) for start in (0, 1)]
    drawn = float(np.sqrt(part @ covariance @ part))
    if found == 0:
        return 0.0, 0.0
    return found / drawn, abs(halves[0] - halves[1]) / (2 * found)
