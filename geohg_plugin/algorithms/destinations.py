"""Where an algorithm writes, as its parameters say."""

from __future__ import annotations

import re
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from qgis.core import (
    QgsProcessingAlgorithm,
    QgsProcessingContext,
    QgsProcessingException,
    QgsProcessingOutputLayerDefinition,
    QgsProcessingParameterFileDestination,
    QgsProperty,
)

from ..compat import OPTIONAL
from ..translation import tr

# Providers and protocols; one letter is a drive.
_NO_FILE = re.compile(r"\s*[A-Za-z][\w+.-]+:")
_TEMPORARY = "TEMPORARY_OUTPUT"


def named_files(parameters: dict[str, Any], keys: Iterable[str]) -> dict[str, str]:
    """The outputs whose file the user named, by parameter.

    Raises
    ------
    QgsProcessingException
        For an output that is no file, such as a table of a database.
    """
    named = {}
    for key in keys:
        text = _text_of(parameters.get(key))
        if text and text != _TEMPORARY and not _is_memory(text):
            named[key] = _check_file(text)
    return named


def output_files(
    algorithm: QgsProcessingAlgorithm,
    parameters: dict[str, Any],
    keys: Iterable[str],
    context: QgsProcessingContext,
) -> dict[str, str]:
    """The file of every output that is wanted, by parameter.

    A layer in memory, which the engine cannot write, is a temporary file.

    Raises
    ------
    QgsProcessingException
        As `named_files`.
    """
    files = {}
    for key in keys:
        definition = algorithm.parameterDefinition(key)
        if definition.flags() & OPTIONAL and _is_empty(parameters.get(key)):
            continue  # QGIS would have it loaded, as the batch dialog gives it
        given = {**parameters, key: _without_memory(parameters.get(key))}
        if isinstance(definition, QgsProcessingParameterFileDestination):
            file = algorithm.parameterAsFileOutput(given, key, context)
        else:
            file = algorithm.parameterAsOutputLayer(given, key, context)
        if file:
            files[key] = str(Path(_check_file(file)).absolute())
    return files


def is_temporary(value: Any) -> bool:
    """Whether a destination is a temporary file, as a dialog has it that nobody changed."""
    return _text_of(value) == _TEMPORARY


def _text_of(value: Any) -> str:
    """What is known of a destination before a run; empty where an expression says it."""
    if isinstance(value, QgsProcessingOutputLayerDefinition):
        value = value.sink
    if isinstance(value, QgsProperty):
        value = value.staticValue()
    return value if isinstance(value, str) else ""


def _is_empty(value: Any) -> bool:
    """Whether a destination is there and names nothing."""
    if isinstance(value, QgsProcessingOutputLayerDefinition):
        value = value.sink
    if isinstance(value, QgsProperty):
        return not value.isActive() or value.staticValue() == ""
    return value == ""


def _is_memory(text: str) -> bool:
    return text.strip().lower().startswith("memory:")


def _without_memory(value: Any) -> Any:
    if not _is_memory(_text_of(value)):
        return value
    if not isinstance(value, QgsProcessingOutputLayerDefinition):
        return _TEMPORARY
    other = QgsProcessingOutputLayerDefinition(value)
    other.sink = QgsProperty.fromValue(_TEMPORARY)
    return other


def _check_file(text: str) -> str:
    if _NO_FILE.match(text):
        raise QgsProcessingException(
            tr(
                "The output '{path}' is not a file; GeoHG writes only files: give a file name."
            ).format(path=text)
        )
    return text
