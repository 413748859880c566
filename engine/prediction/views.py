"""A map in memory as what other libraries work with: xarray, GeoPandas, matplotlib, a notebook."""

from __future__ import annotations

import base64
import html
import importlib
import io
from typing import TYPE_CHECKING, Any, Protocol

import numpy as np
import pandas as pd
import shapely
from numpy.typing import NDArray

from ..data.builders.crs import parse_crs
from ..errors import InputError
from ..language import tr

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from rasterio.transform import Affine

Array = NDArray[np.float64]


class Map(Protocol):
    """What is drawn: an `InterpolationResult`."""

    @property
    def lats(self) -> Array: ...
    @property
    def lons(self) -> Array: ...
    @property
    def predictions(self) -> Array: ...
    @property
    def targets(self) -> tuple[str, ...]: ...
    @property
    def metrics(self) -> dict[str, Any]: ...
    @property
    def crs(self) -> str: ...
    @property
    def transform(self) -> Affine: ...
    @property
    def level(self) -> float: ...
    @property
    def attribution(self) -> str: ...
    def to_dataframe(self) -> pd.DataFrame: ...
    def __getitem__(self, name: str) -> Any: ...


# Of the picture in a notebook, in inches.
_SMALL = (4.0, 3.0)
_DPI = 80


def to_xarray(result: Map, layers: tuple[str, ...]) -> Any:
    """See `InterpolationResult.to_xarray`."""
    xarray = _library("xarray")
    several = len(result.targets) > 1
    dims = ("target", "y", "x") if several else ("y", "x")
    coords: dict[str, Any] = {"y": result.lats, "x": result.lons}
    if several:
        coords["target"] = list(result.targets)
    a, b, c, d, e, f, *_ = result.transform
    crs = parse_crs(result.crs, tr("the grid"))
    described = {**crs.to_cf(), "GeoTransform": f"{c} {a} {b} {f} {d} {e}"}
    data = {name: (dims, result[name], {"grid_mapping": "spatial_ref"}) for name in layers}
    attributes = {"level": result.level, "attribution": result.attribution}
    found = xarray.Dataset(data, coords=coords, attrs={k: v for k, v in attributes.items() if v})
    return found.assign_coords(spatial_ref=((), 0, described))


def to_geodataframe(result: Map) -> Any:
    """See `InterpolationResult.to_geodataframe`."""
    geopandas = _library("geopandas")
    table = result.to_dataframe()
    half = np.array([abs(result.transform.a), abs(result.transform.e)]) / 2
    centres = table[["lon", "lat"]].to_numpy()
    squares = shapely.box(*(centres - half).T, *(centres + half).T)
    return geopandas.GeoDataFrame(
        table.drop(columns=["lon", "lat"]), geometry=squares, crs=result.crs
    )


def draw(result: Map, plane: Array, layer: str, target: str, axes: Axes) -> None:
    """Draw one layer of a target on axes, with a bar of its colours."""
    a, _, left, _, e, top, *_ = result.transform
    rows, cols = plane.shape
    image = axes.imshow(plane, extent=(left, left + cols * a, top + rows * e, top))
    axes.set_title(_title(layer).format(target=target).replace("$", r"\$"))
    if axes.figure is not None:
        axes.figure.colorbar(image, ax=axes)


def _title(layer: str) -> str:
    return {
        "std": tr("{target}: standard deviation"),
        "lower": tr("{target}: lower end of the interval"),
        "upper": tr("{target}: upper end of the interval"),
        "dissimilarity": tr("{target}: dissimilarity"),
        "applicable": tr("{target}: area of applicability"),
    }.get(layer, "{target}")


def in_words(result: Map) -> str:
    """A map in one line."""
    rows, cols = len(result.lats), len(result.lons)
    parts = [f"InterpolationResult: {', '.join(result.targets)}", f"{rows} x {cols} cells"]
    given = int(np.isfinite(_first(result)).sum())
    parts.append(f"{given} predicted")
    r2 = result.metrics.get("r2") if len(result.targets) == 1 else None
    if isinstance(r2, float):
        parts.append(f"R2 {r2:.3f} on held-out cells")
    return ", ".join([*parts, _short_crs(result)])


def in_html(result: Map, plane: Array) -> str:
    """A map for a notebook: a picture of its first target and a few facts."""
    from matplotlib.backends.backend_agg import FigureCanvasAgg
    from matplotlib.figure import Figure

    figure = Figure(figsize=_SMALL, dpi=_DPI, layout="constrained")
    FigureCanvasAgg(figure)
    draw(result, plane, "predictions", result.targets[0], figure.add_subplot())
    picture = io.BytesIO()
    figure.savefig(picture, format="png")
    image = base64.b64encode(picture.getvalue()).decode("ascii")
    text = html.escape(in_words(result))
    note = html.escape(result.attribution)
    return (
        f'<div><p>{text}</p><img alt="{text}" src="data:image/png;base64,{image}">'
        f"<p><small>{note}</small></p></div>"
    )


def _first(result: Map) -> Array:
    return result.predictions if len(result.targets) == 1 else result.predictions[0]


def _short_crs(result: Map) -> str:
    text = result.crs
    return text if len(text) < 40 else parse_crs(text, tr("the grid")).name


def _library(name: str) -> Any:
    """A library that the engine does not need.

    Raises
    ------
    InputError
        If it is not installed.
    """
    try:
        return importlib.import_module(name)
    except ImportError as error:
        raise InputError(
            tr("This needs the package '{name}'; install it with: pip install {name}").format(
                name=name
            )
        ) from error
