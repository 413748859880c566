"""A map in memory, and how it leaves."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from rasterio.transform import Affine

from ..files import OutputSet
from ..numerics import float_type
from ..originals import named_files
from .surface import copyright_tag, write_geotiff

Array = NDArray[np.float64]

LAYERS = ("predictions", "std", "lower", "upper", "dissimilarity", "applicable")


@dataclasses.dataclass(frozen=True)
class InterpolationResult(Mapping[str, Any]):
    """A map. Each field is also an item: `result["predictions"]`.

    Rows run from north to south and columns from west to east. A cell outside the study
    area, or without land cover where land cover was given, is NaN. With several targets,
    the arrays have one more axis, the first, in the order of `targets`.

    Parameters
    ----------
    predictions : float64 array [n_lat, n_lon]
        The mean of what a measurement in the cell would give, in the target's unit.
    std : float64 array [n_lat, n_lon]
        Its standard deviation, calibrated on left-out cells.
    lower, upper : float64 array [n_lat, n_lon]
        The interval that should hold a new measurement with probability `level`.
    dissimilarity : float64 array [n_lat, n_lon]
        How unlike the cells that the model learnt from the cell is, by its surroundings and its
        distance to them; 1 is as unlike as these are to each other.
    applicable : float64 array [n_lat, n_lon]
        1 inside the area of applicability, where that is at most 1; 0 outside, where `metrics`
        do not tell how good the map is.
    lons, lats : float64 array [n_lon], [n_lat]
        Middles of the columns and rows, in the unit of `crs`.
    targets : tuple of str
        Names of what was predicted.
    metrics : dict
        Figures on cells that were held out: `r2`, `rmse`, `mae`, `coverage` and `width` of
        the intervals, the same with `idw_`, `kriging_` and `mean_` in front, and all of them
        with `blocks_` in front for whole blocks held out; with several targets, one such
        dictionary a target. None where undefined.
    crs : str
        CRS of the grid.
    transform : rasterio.transform.Affine
        From (column, row) to the CRS.
    level : float
        Of the interval.
    attribution : str
        Whom the data ask to name wherever the map is shown, empty where nobody.
    inputs : tuple of str
        The files that it was made from, which no output may replace. It is no item.
    """

    predictions: Array
    std: Array
    lower: Array
    upper: Array
    dissimilarity: Array
    applicable: Array
    lons: Array
    lats: Array
    targets: tuple[str, ...]
    metrics: dict[str, Any]
    crs: str
    transform: Affine
    level: float
    attribution: str = ""
    inputs: tuple[str, ...] = dataclasses.field(default=(), repr=False)

    def __getitem__(self, name: str) -> Any:
        if name not in self._names():
            raise KeyError(name)
        return getattr(self, name)

    def __iter__(self) -> Iterator[str]:
        return iter(self._names())

    def __len__(self) -> int:
        return len(self._names())

    def to_dict(self) -> dict[str, Any]:
        """Everything as plain lists, numbers and texts, ready for JSON; NaN becomes None."""
        found: dict[str, Any] = {}
        for name, value in self.items():
            if isinstance(value, np.ndarray):
                plain = value.astype(object)
                plain[~np.isfinite(value)] = None
                value = plain.tolist()
            found[name] = list(value) if isinstance(value, (tuple, Affine)) else value
        return found

    def to_dataframe(self) -> pd.DataFrame:
        """One row a cell that has a prediction, with `lon`, `lat` and the layers.

        With several targets, the layers are called `predictions_<target>` and so on.
        """
        lat, lon = np.meshgrid(self.lats, self.lons, indexing="ij")
        table = {"lon": lon.ravel(), "lat": lat.ravel()}
        for number, target in enumerate(self.targets):
            for layer in LAYERS:
                name = layer if len(self.targets) == 1 else f"{layer}_{target}"
                table[name] = self._plane(layer, number).ravel()
        frame = pd.DataFrame(table)
        return frame.dropna(subset=frame.columns[2:], how="all").reset_index(drop=True)

    def to_geotiff(self, path: str | Path) -> Path:
        """Write a GeoTIFF with six bands a target: the layers in the order of the fields.

        Float32, or float64 where a target needs it; NaN where there is no prediction. An
        existing file is replaced only by a whole one.
        """
        bands: dict[str, Array] = {}
        for number, target in enumerate(self.targets):
            for layer in LAYERS:
                name = target if layer == "predictions" else f"{target}: {layer}"
                bands[name] = self._plane(layer, number)
        with OutputSet({"prediction": path}, inputs=named_files(self.inputs)) as outputs:
            place, tags = outputs.stage("prediction"), copyright_tag(self.attribution)
            dtype = np.result_type(*map(self._float_type, range(len(self.targets)))).type
            write_geotiff(place, self.crs, self.transform, bands, tags=tags, dtype=dtype)
            outputs.commit()
        return Path(path)

    def _float_type(self, number: int) -> type[np.floating]:
        values, error, *ends = (self._plane(layer, number) for layer in LAYERS[:4])
        return float_type(values, error, error, *ends)

    def _plane(self, layer: str, number: int) -> Array:
        values: Array = getattr(self, layer)
        return values if len(self.targets) == 1 else values[number]

    def _names(self) -> list[str]:
        return [field.name for field in dataclasses.fields(self) if field.name != "inputs"]
