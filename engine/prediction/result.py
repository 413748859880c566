"""A map in memory, and its export to tables and rasters."""

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
        Predicted values: the expected mean of new measurements in the cell, in the target's unit.
    std : float64 array [n_lat, n_lon]
        Standard deviation of a new measurement, calibrated on left-out cells.
    lower, upper : float64 array [n_lat, n_lon]
        Ends of the interval that should contain a new measurement with probability `level`.
    dissimilarity : float64 array [n_lat, n_lon]
        How different a cell is from the cells with measurements (0 = same; above 1 = outside
        the area of applicability).
    applicable : float64 array [n_lat, n_lon]
        1 inside the area of applicability, 0 outside. `metrics` apply only inside.
    lons, lats : float64 array [n_lon], [n_lat]
        Centres of the columns and rows, in the unit of `crs`.
    targets : tuple of str
        Names of the predicted values.
    metrics : dict
        Accuracy on held-out cells: `r2`, `rmse`, `mae`, and `coverage` and `width` of the
        intervals. `idw_`, `kriging_` and `mean_` in front are the other methods; `blocks_`
        in front is for held-out spatial blocks, as in `blocks_idw_rmse`. None where undefined.
        With several targets, one such dictionary per target.
    crs : str
        CRS of the grid.
    transform : rasterio.transform.Affine
        Transform from (column, row) to coordinates in the CRS.
    level : float
        Level of the intervals, such as 0.9.
    attribution : str
        The attribution that the data require wherever the map is shown; empty if none.
    inputs : tuple of str
        The input files, which no output may replace. Not an item.
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
        """All items as plain lists, numbers and texts, ready for JSON; NaN becomes None."""
        found: dict[str, Any] = {}
        for name, value in self.items():
            if isinstance(value, np.ndarray):
                plain = value.astype(object)
                plain[~np.isfinite(value)] = None
                value = plain.tolist()
            found[name] = list(value) if isinstance(value, (tuple, Affine)) else value
        return found

    def to_dataframe(self) -> pd.DataFrame:
        """One row per predicted cell, with `lon`, `lat` and a column per layer.

        With several targets, the columns are named `predictions_<target>` and so on.
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
        """Write a GeoTIFF with six bands per target, the layers in the order of the fields.

        Values are float32, or float64 if a target needs it; NaN where there is no prediction.
        An existing file is replaced only after the new one is complete.
        """
        bands: dict[str, Array] = {}
        for number, target in enumerate(self.targets):
            for layer in LAYERS:
                name = target if layer == "predictions" else f"{target}: {layer}"
                bands[name] = self._plane(layer, number)
        with OutputSet({"prediction": path}, inputs=named_files(self.inputs)) as outputs:
            part, tags = outputs.stage("prediction"), copyright_tag(self.attribution)
            dtype = np.result_type(*map(self._float_type, range(len(self.targets)))).type
            write_geotiff(part, self.crs, self.transform, bands, tags=tags, dtype=dtype)
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
