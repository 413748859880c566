"""What the algorithms say of themselves, read once for all pages that are made from them."""

from __future__ import annotations

import importlib.util
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from qgis.core import (
    QgsProcessingAlgorithm,
    QgsProcessingParameterDefinition,
    QgsProcessingParameterEnum,
    QgsProcessingParameterFeatureSource,
    QgsProcessingParameterFile,
    QgsProcessingParameterFileDestination,
    QgsProcessingParameterNumber,
)
from qgis.PyQt.QtCore import QCoreApplication, QTranslator

ROOT = Path(__file__).resolve().parents[2]

if importlib.util.find_spec("geohg") is None:
    _spec = importlib.util.spec_from_file_location(
        "geohg", ROOT / "__init__.py", submodule_search_locations=[str(ROOT)]
    )
    sys.modules["geohg"] = importlib.util.module_from_spec(_spec)
    _spec.loader.exec_module(sys.modules["geohg"])

from geohg.engine.language import speaking as engine_speaking  # noqa: E402
from geohg.engine.language import tr as engine_text  # noqa: E402
from geohg.geohg_plugin.compat import VECTOR_POLYGON  # noqa: E402
from geohg.geohg_plugin.provider import ALGORITHMS  # noqa: E402
from geohg.geohg_plugin.runtime.folders import data_folder  # noqa: E402
from geohg.geohg_plugin.translation import tr  # noqa: E402

# QGIS writes "no limit" as the largest number.
_NO_LIMIT = 1e300
_ADVANCED = QgsProcessingParameterDefinition.FlagAdvanced
_OPTIONAL = QgsProcessingParameterDefinition.FlagOptional
# What an example call gives to a parameter that must be given, or that most calls give.
_GIVEN = {
    "INPUT": "points.gpkg",
    "FIELD": "value",
    "CLASS_FIELD": "soil",
    "LANDCOVER": ["landcover.tif"],
    "CELL_SIZE": 500,
    "FOLDER": "city",
    "GRAPH": "graph.safetensors",
    "TARGET": "value",
    "ENCODER": "encoder.safetensors",
    "MODEL": "model.safetensors",
    "OUTPUT": "map.tif",
    "CLASS_MAP": "classes.tif",
    "REPORT": "report.html",
    "HTML": "diagnostics.html",
    "POLYGONS": "districts.gpkg",
    "SUMMARY": "summary.gpkg",
}


@dataclass(frozen=True)
class Parameter:
    """A parameter in words.

    One that takes a choice has `choices` in place of `takes`. Its `default` is "" for nothing;
    that of an output says when it is made.
    """

    name: str
    label: str
    takes: str
    choices: tuple[str, ...]
    needed: bool
    default: str
    text: str


@dataclass(frozen=True)
class Description:
    """An algorithm in words; `example` is what a call may give."""

    name: str
    title: str
    text: str
    inputs: tuple[Parameter, ...]
    advanced: tuple[Parameter, ...]
    results: tuple[Parameter, ...]
    numbers: tuple[tuple[str, str], ...]
    example: dict[str, Any]


class _Catalogue(QTranslator):
    """Translates as the engine does, from the file that is not compiled."""

    def translate(self, context: str, text: str, *_: object) -> str | None:
        return engine_text(text) if context == "GeoHG" else None


@contextmanager
def speaking(code: str) -> Iterator[None]:
    """Let what runs inside, the plugin's texts too, be in the language "en" or "zh"."""
    translator = _Catalogue()
    QCoreApplication.installTranslator(translator)
    try:
        with engine_speaking(code):
            yield
    finally:
        QCoreApplication.removeTranslator(translator)


def describe_all() -> list[Description]:
    """All algorithms in the order of the toolbox, in the language that is spoken."""
    return [describe(each().create()) for each in ALGORITHMS]  # create() sets parameters, too


def describe(algorithm: QgsProcessingAlgorithm) -> Description:
    """An algorithm in words; the folder of this computer's data stays out of them."""
    parameters = algorithm.parameterDefinitions()
    results = [each for each in parameters if each.isDestination()]
    advanced = [each for each in parameters if each.flags() & _ADVANCED and each not in results]
    inputs = [each for each in parameters if each not in results and each not in advanced]
    named = {definition.name() for definition in parameters}
    numbers = [each for each in algorithm.outputDefinitions() if each.name() not in named]
    return Description(
        algorithm.name(),
        algorithm.displayName(),
        _without_folder(algorithm.shortHelpString()),
        tuple(map(_parameter, inputs)),
        tuple(map(_parameter, advanced)),
        tuple(map(_parameter, results)),
        tuple((output.name(), output.description()) for output in numbers),
        {each.name(): _GIVEN[each.name()] for each in [*inputs, *results] if _is_given(each)},
    )


def _is_given(definition: QgsProcessingParameterDefinition) -> bool:
    usual = ("LANDCOVER", "CELL_SIZE", "OUTPUT", "REPORT", "HTML")
    return _is_needed(definition) or definition.name() in usual


def _is_needed(definition: QgsProcessingParameterDefinition) -> bool:
    return not definition.flags() & _OPTIONAL and definition.defaultValue() in (None, "")


def _parameter(definition: QgsProcessingParameterDefinition) -> Parameter:
    choices: tuple[str, ...] = ()
    if isinstance(definition, QgsProcessingParameterEnum):
        choices = tuple(definition.options())
    return Parameter(
        definition.name(),
        definition.description(),
        "" if choices else _kind(definition),
        choices,
        _is_needed(definition),
        _made(definition) if definition.isDestination() else _default(definition),
        _without_folder(definition.help()),
    )


def _without_folder(text: str) -> str:
    return text.replace(str(data_folder()), tr("the user's folder for local data"))


def _kinds() -> dict[str, str]:
    """What each type of parameter takes."""
    return {
        "field": tr("field"),
        "multilayer": tr("raster layers"),
        "raster": tr("raster layer"),
        "crs": tr("CRS"),
        "extent": tr("extent"),
        "distance": tr("number"),
        "number": tr("number"),
        "boolean": tr("yes or no"),
        "string": tr("text"),
        "rasterDestination": tr("raster"),
        "vectorDestination": tr("vector layer"),
    }


def _kind(definition: QgsProcessingParameterDefinition) -> str:
    """What a parameter takes, with its bounds."""
    if isinstance(definition, QgsProcessingParameterFileDestination):
        return tr("file (.{suffix})").format(suffix=definition.defaultFileExtension())
    if isinstance(definition, QgsProcessingParameterFile):
        is_folder = definition.behavior() == QgsProcessingParameterFile.Folder
        return tr("folder") if is_folder else tr("file")
    if isinstance(definition, QgsProcessingParameterFeatureSource):
        return (
            tr("polygon layer") if VECTOR_POLYGON in definition.dataTypes() else tr("point layer")
        )
    kind = _kinds()[definition.type()]
    if not isinstance(definition, QgsProcessingParameterNumber):
        return kind
    low, high = definition.minimum(), definition.maximum()
    if high < _NO_LIMIT:
        return tr("{kind}, {low:.9g} to {high:.9g}").format(kind=kind, low=low, high=high)
    return tr("{kind}, from {low:.9g}").format(kind=kind, low=low) if low > -_NO_LIMIT else kind


def _default(definition: QgsProcessingParameterDefinition) -> str:
    value = definition.defaultValue()
    if value is None:
        return ""
    if isinstance(value, bool):
        return tr("yes") if value else tr("no")
    return f"{value:g}" if isinstance(value, float) else str(value)


def _made(definition: QgsProcessingParameterDefinition) -> str:
    """When an output is made."""
    if not definition.flags() & _OPTIONAL:
        return tr("always")
    return tr("by default") if definition.createByDefault() else tr("if a file is named")
