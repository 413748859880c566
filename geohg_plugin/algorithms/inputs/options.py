"""The engine's options as Processing parameters: names, defaults and bounds are its own.

Those that have a text in `option_texts` have a parameter.
"""

from __future__ import annotations

import dataclasses
from typing import Any

from qgis.core import (
    QgsProcessingParameterBoolean,
    QgsProcessingParameterDefinition,
    QgsProcessingParameterEnum,
    QgsProcessingParameterFile,
    QgsProcessingParameterNumber,
    QgsProcessingParameterString,
)

from ....engine.config.kinds import CHOICES, KINDS
from ....engine.config.schema import Config
from ...compat import DOUBLE, FILE, FOLDER, INTEGER
from ...translation import tr
from .option_texts import texts
from .values import Values

SETTINGS = "SETTINGS"
# Those options of the section `data` that tell how a graph is read which is there already.
READING = ("data.pos_embedding", "data.hypernode", "data.entity_thresh", "data.poi_thresh")
# And that which tells what to make one of.
FETCHING = "data.worldcover"

# Where an option's own name says too little, or is an output's, its parameter has another.
_KEYS = {"kind": "MODEL_KIND"}
_FOLDERS = ("RESUME",)


def parameter_key(name: str) -> str:
    """Name of the parameter of an option."""
    return _KEYS.get(name, name.upper())


def network_keys() -> frozenset[str]:
    """The parameters of the options that only networks read, such as DROPOUT."""
    read = {option for kind in CHOICES for option in KINDS[kind].options}
    own = read.difference(KINDS["propagation"].options)
    return frozenset(parameter_key(option.split(".")[1]) for option in own)


def settings_parameter() -> tuple[QgsProcessingParameterDefinition, str]:
    """A parameter, with its help, for a file that gives options."""
    parameter = QgsProcessingParameterFile(
        SETTINGS,
        tr("Settings file"),
        behavior=FILE,
        fileFilter="YAML (*.yaml *.yml)",
        optional=True,
    )
    return parameter, tr(
        "A YAML file with options, as for the library and the command line. It sets every option "
        "left at its default here."
    )


def option_parameters(*kept: str) -> list[tuple[QgsProcessingParameterDefinition, str]]:
    """A parameter with its help for every option that is kept.

    `kept` are sections such as `training`, or single options such as `training.seed`.
    """
    made, known = [], texts()
    for section, name, default, bounds in _options(kept):
        label, text = known[section][name]
        made.append((_parameter(parameter_key(name), label, default, bounds), text))
    return made


def read_options(values: Values, *kept: str) -> dict[str, Any]:
    """The sections of a request that the parameters of `option_parameters` give.

    The engine checks them. With a settings file, options at their default are left to it.
    """
    options: dict[str, Any] = {name.split(".")[0]: {} for name in kept}
    settings = values.file(SETTINGS)
    if settings:
        options["config_file"] = settings
    for section, name, default, bounds in _options(kept):
        key = parameter_key(name)
        if bounds["choices"]:
            value: Any = values.choice(key)
        elif isinstance(default, tuple):
            value = _numbers(values.text(key))
        elif isinstance(default, bool):
            value = values.boolean(key)
        elif key in _FOLDERS:
            value = values.file(key)
        elif isinstance(default, str):
            value = values.text(key)
        elif isinstance(default, int):
            value = values.integer(key)
        else:
            value = values.number(key)
        if isinstance(default, tuple):
            default = list(default)
        if not settings or value != default:
            options[section][name] = value
    return options


def _options(kept: tuple[str, ...]) -> list[tuple[str, str, Any, dict[str, Any]]]:
    """Section, name, default and bounds of the options that have a parameter."""
    defaults = Config()
    return [
        (section, item.name, item.default, dict(item.metadata))
        for section, named in texts().items()
        for item in dataclasses.fields(getattr(defaults, section))
        if item.name in named and (section in kept or f"{section}.{item.name}" in kept)
    ]


def _parameter(
    key: str, label: str, default: Any, bounds: dict[str, Any]
) -> QgsProcessingParameterDefinition:
    if bounds["choices"]:
        return QgsProcessingParameterEnum(
            key,
            label,
            options=list(bounds["choices"]),
            defaultValue=default,
            usesStaticStrings=True,
        )
    if isinstance(default, bool):
        return QgsProcessingParameterBoolean(key, label, default)
    if isinstance(default, tuple):
        text = ",".join(map(str, default))
        return QgsProcessingParameterString(key, label, text, optional=not default)
    if key in _FOLDERS:
        return QgsProcessingParameterFile(key, label, behavior=FOLDER, optional=True)
    if isinstance(default, str):
        return QgsProcessingParameterString(key, label, default, optional=True)
    kind = INTEGER if isinstance(default, int) else DOUBLE
    return QgsProcessingParameterNumber(
        key, label, kind, default, minValue=bounds["low"], maxValue=bounds["high"]
    )


def _numbers(text: str) -> list[float | str]:
    """The numbers in '64, 32'; what is no number is left for the engine to name."""
    return [_number(part.strip()) for part in text.split(",") if part.strip()]


def _number(text: str) -> float | str:
    if text.isdecimal() and len(text) < 20:
        return int(text)
    try:
        return float(text)
    except ValueError:
        return text
