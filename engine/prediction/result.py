"""A map in memory, and its export to tables and rasters."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from rasterio.transform import Affine

from ..config.schema import UncertaintyConfig, make_config
from ..data.builders.graph import GraphRawData
from ..errors import InputError, shown
from ..files import OutputSet
from ..language import tr
from ..numerics import float_type
from ..originals import named_files
from ..progress import Progress
from .cellmap import array_names
from .contours import Surface, check_contours, write_contours
from .fitted import FittedMap
from .surface import copyright_tag, to_grid, write_geotiff
from .views import draw, in_html, in_words, to_geodataframe, to_xarray

if TYPE_CHECKING:
    from matplotlib.axes import Axes

Array = NDArray[np.float64]

LAYERS = ("predictions", "std", "lower", "upper", "dissimilarity", "applicable")
# What each of `LAYERS` is of a map of cells.
_FIELDS = ("mean", "std", "lower", "upper", "dissimilarity", "applicable")


@dataclasses.dataclass(frozen=True)
class InterpolationResult(Mapping[str, Any]):
    """A map. Each field is also an item: `result["predictions"]`.

    Rows run from north to south and columns from west to east. A cell outside the study
    area is NaN, and so is one without land cover where land cover was given, unless it lies
    beside measured cells; see `build_graph`. With several targets, the arrays have one more
    axis, the first, in the order of `targets`.

    Parameters
    ----------
    predictions : float64 array [n_lat, n_lon]
        Predicted values: the mean of each cell, in the target's unit.
    std : float64 array [n_lat, n_lon]
        Standard deviation of a new measurement anywhere in the cell, calibrated on left-out cells.
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
        in front is for held-out spatial blocks, as in `blocks_idw_rmse`, and `expected_` for what
        to expect in the map's cells without measurements. None where undefined.
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
    more : mapping of str to float64 array [n_lat, n_lon]
        Of the thresholds and quantiles in `options={"uncertainty": {"thresholds": [25],
        "quantiles": [0.1]}}`: `above_25`, the probability that a new measurement anywhere in the
        cell exceeds 25, and `quantile_0.1`, the value that one in ten is below. Each is an item,
        too, as `result["above_25"]`, and a layer of all that is exported.
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
    more: Mapping[str, Array] = dataclasses.field(default_factory=dict, repr=False)

    def __getitem__(self, name: str) -> Any:
        if name not in self._names():
            raise KeyError(name)
        return self.more[name] if name in self.more else getattr(self, name)

    @property
    def layers(self) -> tuple[str, ...]:
        """The names of all arrays over the grid."""
        return (*LAYERS, *self.more)

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
            for layer in self.layers:
                name = layer if len(self.targets) == 1 else f"{layer}_{target}"
                table[name] = self._plane(layer, number).ravel()
        frame = pd.DataFrame(table)
        return frame.dropna(subset=frame.columns[2:], how="all").reset_index(drop=True)

    def to_geotiff(self, path: str | Path) -> Path:
        """Write a GeoTIFF with a band for each of `layers`, of one target after the other.

        Values are float32, or float64 if a target needs it; NaN where there is no prediction.
        An existing file is replaced only after the new one is complete.
        """
        bands: dict[str, Array] = {}
        for number, target in enumerate(self.targets):
            for layer in self.layers:
                name = target if layer == "predictions" else f"{target}: {layer}"
                bands[name] = self._plane(layer, number)
        with OutputSet({"prediction": path}, inputs=named_files(self.inputs)) as outputs:
            part, tags = outputs.stage("prediction"), copyright_tag(self.attribution)
            dtype = np.result_type(*map(self._float_type, range(len(self.targets)))).type
            write_geotiff(part, self.crs, self.transform, bands, tags=tags, dtype=dtype)
            outputs.commit()
        return Path(path)

    def to_contours(self, path: str | Path, interval: float = 0.0) -> Path:
        """Write the lines of equal predicted value: a GeoPackage, GeoJSON or FlatGeobuf.

        Each has its value in `level`, and of several targets its target in `field`.

        Parameters
        ----------
        path : path
            Replaced only after the new file is complete.
        interval : float
            Between lines, in the unit of the target; 0 chooses 10 to 25 round values.

        Raises
        ------
        InputError
            For a map of more than 25 million cells, more than 5000 lines, and an interval that is
            not 0 or more.
        """
        interval = make_config({"output": {"contour_interval": interval}}).output.contour_interval
        check_contours(len(self.lats) * len(self.lons))
        planes = (Surface(t, self._plane("predictions", n)) for n, t in enumerate(self.targets))
        with OutputSet({"contours": path}, inputs=named_files(self.inputs)) as outputs:
            part = outputs.stage("contours")
            how = (planes, interval, self.attribution)
            write_contours(part, self.crs, self.transform, *how)
            outputs.commit()
        return Path(path)

    def to_xarray(self) -> Any:
        """An `xarray.Dataset` with a variable a layer, over `y` and `x`.

        With several targets, over `target` too. The CRS is in `spatial_ref`, as rioxarray and
        CF have it.

        Raises
        ------
        InputError
            If xarray is not installed.
        """
        return to_xarray(self, self.layers)

    def to_geodataframe(self) -> Any:
        """A GeoDataFrame with the square of each predicted cell, and a column a layer.

        The columns are named as those of `to_dataframe`.

        Raises
        ------
        InputError
            If GeoPandas is not installed.
        """
        return to_geodataframe(self)

    def plot(
        self, layer: str = "predictions", target: str | None = None, ax: Axes | None = None
    ) -> Axes:
        """Draw a layer as a map.

        Parameters
        ----------
        layer : str
            `predictions`, `std`, `lower`, `upper`, `dissimilarity`, `applicable`, or one of
            `more`.
        target : str, optional
            One of `targets`; by default the first.
        ax : matplotlib axes, optional
            Where to draw; by default a new figure of pyplot.

        Raises
        ------
        InputError
            If there is no such layer or target.
        """
        name = self.targets[0] if target is None else target
        for given, known, role in ((layer, self.layers, "layer"), (name, self.targets, "target")):
            if given not in known:
                raise InputError(
                    tr("'{path}' must be one of {choices}, got {value}.{hint}").format(
                        path=role, choices=", ".join(known), value=shown(given), hint=""
                    )
                )
        if ax is None:
            from matplotlib import pyplot

            ax = pyplot.subplots(layout="constrained")[1]
        draw(self, self._plane(layer, self.targets.index(name)), layer, name, ax)
        return ax

    def __repr__(self) -> str:
        return in_words(self)

    def _repr_html_(self) -> str:
        return in_html(self, self._plane("predictions", 0))

    def _float_type(self, number: int) -> type[np.floating]:
        values, error, *ends = (self._plane(layer, number) for layer in LAYERS[:4])
        return float_type(values, error, error, *ends)

    def _plane(self, layer: str, number: int) -> Array:
        values: Array = self[layer]
        return values if len(self.targets) == 1 else values[number]

    def _names(self) -> list[str]:
        names = [each.name for each in dataclasses.fields(self)]
        return [name for name in names if name not in ("inputs", "more")] + list(self.more)


def result_of(
    maps: Mapping[str, FittedMap],
    graph: GraphRawData,
    how: UncertaintyConfig,
    metrics: Mapping[str, dict[str, Any]],
    inputs: tuple[str, ...],
    progress: Progress | None,
) -> InterpolationResult:
    """Predict every cell of a grid, for every target.

    Parameters
    ----------
    maps : mapping of str to FittedMap
        By target.
    graph : GraphRawData
        The cells, on a grid.
    how : UncertaintyConfig
        What is told of the uncertainty; nothing is simulated.
    metrics : mapping of str to dict
        By target.
    inputs : tuple of str
        See `InterpolationResult`.
    progress : Progress or None
        Receives progress and messages.
    """
    grid = graph.grid
    asked = array_names(how.thresholds, how.quantiles)
    names = {**dict(zip(LAYERS, _FIELDS)), **{name: name for name in asked}}
    layers: dict[str, list[Array]] = {name: [] for name in names}
    for fitted in maps.values():
        found = fitted.map(graph, how.level, progress, how.thresholds, how.quantiles).arrays()
        for name, array in names.items():
            layers[name].append(to_grid(graph, found[array]))
    targets = tuple(maps)
    alone = len(targets) == 1
    planes = {name: own[0] if alone else np.stack(own) for name, own in layers.items()}
    return InterpolationResult(
        **{name: planes[name] for name in LAYERS},
        more={name: planes[name] for name in asked},
        lons=grid.centres(np.arange(grid.cols))[:, 0],
        lats=grid.centres(np.arange(grid.rows) * grid.cols)[:, 1],
        targets=targets,
        metrics=metrics[targets[0]] if alone else dict(metrics),
        crs=grid.crs,
        transform=grid.transform,
        level=how.level,
        attribution=graph.info.attribution,
        inputs=inputs,
    )
