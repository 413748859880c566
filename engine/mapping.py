"""The map of a fitted model: every cell with its uncertainty, and the rasters that hold it."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from . import __version__
from .data.builders.graph import GraphRawData
from .files import OutputSet
from .models.base import Prediction
from .prediction.surface import to_grid, write_geotiff
from .prediction.uncertainty import Calibration, without_own

Array = NDArray[np.float64]


@dataclass(frozen=True)
class Mapped:
    """Every cell of a graph, in the target's unit.

    Parameters
    ----------
    mean : float64 array [N]
        The mean of what a new measurement would give.
    std, lower, upper : float64 array [N]
        Its calibrated standard deviation and interval. In a cell that the model was fitted
        to they are those of the prediction without the cell's own value, so that `mean`,
        which knows that value, may lie outside.
    level : float
        Share of new measurements that an interval should hold.
    """

    mean: Array
    std: Array
    lower: Array
    upper: Array
    level: float

    @classmethod
    def of(
        cls,
        predicted: Prediction,
        left_out: Prediction,
        cells: NDArray[np.int64],
        calibration: Calibration,
    ) -> Mapped:
        """From what a model says of every cell, and of `cells` without their own values."""
        honest = without_own(predicted, left_out, cells)
        return cls(
            predicted.mean,
            calibration.std(honest),
            calibration.lower(honest),
            calibration.upper(honest),
            calibration.level,
        )


def write_rasters(outputs: OutputSet, graph: GraphRawData, target: str, mapped: Mapped) -> None:
    """Write those of `prediction`, `std`, `lower` and `upper` that are wanted."""
    unit = graph.info["units"].get(target, "")
    label = f"{target} [{unit}]" if unit else target
    share = f"({100 * mapped.level:g} %)"
    layers = {
        "prediction": (label, mapped.mean),
        "std": (f"{label}: standard deviation", mapped.std),
        "lower": (f"{label}: lower bound {share}", mapped.lower),
        "upper": (f"{label}: upper bound {share}", mapped.upper),
    }
    for key, (description, values) in layers.items():
        if outputs.wants(key):
            _write(outputs, key, graph, {description: values})


def _write(
    outputs: OutputSet, key: str, graph: GraphRawData, bands: dict[str, NDArray[np.floating]]
) -> None:
    planes = {name: to_grid(graph, values) for name, values in bands.items()}
    tags = {"SOFTWARE": f"GeoHG {__version__}"}
    grid = graph.grid
    write_geotiff(outputs.stage(key), grid.crs, grid.transform, planes, tags)
