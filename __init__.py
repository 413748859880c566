"""GeoHG: values for every cell of a map from scattered points and land cover.

The folder is both a QGIS plugin and a Python package. Importing it loads neither
QGIS nor PyTorch; the engine's names are loaded when they are first used.
"""

from __future__ import annotations

import importlib
from typing import Any

from .engine import __version__, toolkit

toolkit.install(__name__)

_PUBLIC = {
    "Config": (".engine.config.schema", "Config"),
    "CustomLandCoverSource": (".engine.data.sources.custom_landcover", "CustomLandCoverSource"),
    "ESAWorldCoverSource": (".engine.assembly.worldcover", "ESAWorldCoverSource"),
    "FittedMap": (".engine.prediction.fitted", "FittedMap"),
    "GeoHGInterpolator": (".engine.interpolator", "GeoHGInterpolator"),
    "GeoHGPipeline": (".engine.pipeline", "GeoHGPipeline"),
    "GraphRawData": (".engine.data.builders.graph", "GraphRawData"),
    "Grid": (".engine.data.builders.grid", "Grid"),
    "HeteroGraphBuilder": (".engine.data.builders.graph", "HeteroGraphBuilder"),
    "load_city": (".engine.assembly.cities", "load_city"),
    "load_config": (".engine.config.loader", "load_config"),
    "pretrain": (".engine.models.pretrained", "pretrain"),
    "read_city": (".engine.data.sources.city", "read_city"),
    "run_job": (".engine.jobs", "run"),
    "write_city": (".engine.data.sources.city_writer", "write_city"),
}
"""Public name: the module that has it, and its name there."""

__all__ = ["__version__", *_PUBLIC]

_PUBLIC["submit"] = (".geohg_plugin.tasks.submit", "submit")  # needs QGIS, so no `*` brings it


def __getattr__(name: str) -> Any:
    if name not in _PUBLIC:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    module, attribute = _PUBLIC[name]
    return getattr(importlib.import_module(module, __name__), attribute)


def __dir__() -> list[str]:
    return sorted({*globals(), *_PUBLIC})


def classFactory(iface: Any) -> Any:  # noqa: N802 - QGIS asks for this name
    """Make the plugin; QGIS calls it with its interface, or None where it has no window."""
    from .geohg_plugin.plugin import GeoHGPlugin

    return GeoHGPlugin(iface)
