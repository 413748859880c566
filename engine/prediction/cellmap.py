"""The prediction for every cell of a graph, array by array."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable, Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

from .applicability import is_inside

Array = NDArray[np.float64]

ARRAYS = ("mean", "std", "lower", "upper", "dissimilarity", "applicable", "aside")
"""What every `CellMap` has of each cell."""


def array_names(
    thresholds: Iterable[float], quantiles: Iterable[float], simulations: int = 0
) -> list[str]:
    """Names of the arrays of a map that are told of thresholds and quantiles, and are simulated.

    >>> array_names([25.0], [0.1], 1)
    ['above_25', 'quantile_0.1', 'simulation_1']
    """
    above = [f"above_{threshold:.12g}" for threshold in thresholds]
    shares = [f"quantile_{share:.12g}" for share in quantiles]
    return [*above, *shares, *(f"simulation_{number + 1}" for number in range(simulations))]


@dataclasses.dataclass(frozen=True)
class CellMap:
    """The prediction for every cell of a graph, in the target's unit.

    Parameters
    ----------
    mean : float64 array [N]
        Predicted values: the mean of each cell.
    std, lower, upper : float64 array [N]
        Calibrated standard deviation and interval of a new measurement anywhere in the cell. In
        cells that the model was fitted to, they do not use the cell's own values. `mean` does use
        them, and so can lie outside the interval. Elsewhere it does where most values are alike
        and a few are far from them, of which a warning tells.
    level : float
        Share of new measurements that the intervals should contain.
    dissimilarity : float64 array [N]
        How different a cell is from the cells with measurements (0 = same; above 1 = outside
        the area of applicability).
    aside : bool array [N]
        Where the mean lies outside the interval, in cells that the model was not fitted to.
    above : mapping of float to float64 array [N]
        Probability that a new measurement anywhere in the cell exceeds each threshold, as the
        intervals have it.
    quantiles : mapping of float to float64 array [N]
        The value that a new measurement is below with each probability.
    simulations : float64 array [N, count]
        Values that new measurements could have, one in every cell; see `FittedMap.simulate`.
    """

    mean: Array
    std: Array
    lower: Array
    upper: Array
    level: float
    dissimilarity: Array
    aside: NDArray[np.bool_]
    above: Mapping[float, Array] = dataclasses.field(default_factory=dict)
    quantiles: Mapping[float, Array] = dataclasses.field(default_factory=dict)
    simulations: Array = dataclasses.field(default_factory=lambda: np.empty((0, 0)))

    def arrays(self) -> dict[str, NDArray[Any]]:
        """All arrays by name, those that a user asks for by `array_names`."""
        names = array_names(self.above, self.quantiles, self.simulations.shape[1])
        asked = (*self.above.values(), *self.quantiles.values(), *self.simulations.T)
        return {**{name: getattr(self, name) for name in ARRAYS}, **dict(zip(names, asked))}

    @property
    def applicable(self) -> NDArray[np.bool_]:
        """Whether each cell lies in the area of applicability, shape [N]."""
        return is_inside(self.dissimilarity)
