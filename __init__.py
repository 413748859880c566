"""GeoHG: values for every cell of a map from scattered points and land cover.

The folder is both a QGIS plugin and a Python package. Importing it loads neither
QGIS nor PyTorch; the engine's names are loaded when they are first used.
"""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING, Any

from .engine import __version__, toolkit

toolkit.install(__name__)

if TYPE_CHECKING:  # the names of `_PUBLIC`, for editors and type checkers
    from .engine import jobs as _jobs
    from .engine.assembly.cities import load_city as load_city
    from .engine.assembly.worldcover import ESAWorldCoverSource as ESAWorldCoverSource
    from .engine.calls import build_graph as build_graph
    from .engine.calls import check as check
    from .engine.calls import compare as compare
    from .engine.calls import evaluate as evaluate
    from .engine.calls import predict as predict
    from .engine.calls import summarise as summarise
    from .engine.calls import train as train
    from .engine.classifier import GeoHGClassifier as GeoHGClassifier
    from .engine.config.loader import load_config as load_config
    from .engine.config.schema import Config as Config
    from .engine.data.builders.graph import GraphRawData as GraphRawData
    from .engine.data.builders.graph import HeteroGraphBuilder as HeteroGraphBuilder
    from .engine.data.builders.grid import Grid as Grid
    from .engine.data.sources.city import read_city as read_city
    from .engine.data.sources.city_writer import write_city as write_city
    from .engine.data.sources.custom_landcover import CustomLandCoverSource as CustomLandCoverSource
    from .engine.errors import Cancelled as Cancelled
    from .engine.errors import FileFormatError as FileFormatError
    from .engine.errors import FitError as FitError
    from .engine.errors import GeoHGError as GeoHGError
    from .engine.errors import GeoHGWarning as GeoHGWarning
    from .engine.errors import InputError as InputError
    from .engine.errors import OutputError as OutputError
    from .engine.interpolator import GeoHGInterpolator as GeoHGInterpolator
    from .engine.models.pretrained import pretrain as pretrain
    from .engine.pipeline import GeoHGPipeline as GeoHGPipeline
    from .engine.prediction.fitted import FittedMap as FittedMap
    from .engine.prediction.result import InterpolationResult as InterpolationResult
    from .engine.progress import Progress as Progress

    run_job = _jobs.run

_PUBLIC = {
    "Cancelled": (".engine.errors", "Cancelled"),
    "Config": (".engine.config.schema", "Config"),
    "CustomLandCoverSource": (".engine.data.sources.custom_landcover", "CustomLandCoverSource"),
    "ESAWorldCoverSource": (".engine.assembly.worldcover", "ESAWorldCoverSource"),
    "FileFormatError": (".engine.errors", "FileFormatError"),
    "FitError": (".engine.errors", "FitError"),
    "FittedMap": (".engine.prediction.fitted", "FittedMap"),
    "GeoHGClassifier": (".engine.classifier", "GeoHGClassifier"),
    "GeoHGError": (".engine.errors", "GeoHGError"),
    "GeoHGInterpolator": (".engine.interpolator", "GeoHGInterpolator"),
    "GeoHGPipeline": (".engine.pipeline", "GeoHGPipeline"),
    "GeoHGWarning": (".engine.errors", "GeoHGWarning"),
    "GraphRawData": (".engine.data.builders.graph", "GraphRawData"),
    "Grid": (".engine.data.builders.grid", "Grid"),
    "HeteroGraphBuilder": (".engine.data.builders.graph", "HeteroGraphBuilder"),
    "InputError": (".engine.errors", "InputError"),
    "InterpolationResult": (".engine.prediction.result", "InterpolationResult"),
    "OutputError": (".engine.errors", "OutputError"),
    "build_graph": (".engine.calls", "build_graph"),
    "check": (".engine.calls", "check"),
    "compare": (".engine.calls", "compare"),
    "evaluate": (".engine.calls", "evaluate"),
    "load_city": (".engine.assembly.cities", "load_city"),
    "load_config": (".engine.config.loader", "load_config"),
    "predict": (".engine.calls", "predict"),
    "pretrain": (".engine.models.pretrained", "pretrain"),
    "Progress": (".engine.progress", "Progress"),
    "read_city": (".engine.data.sources.city", "read_city"),
    "run_job": (".engine.jobs", "run"),
    "summarise": (".engine.calls", "summarise"),
    "train": (".engine.calls", "train"),
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
