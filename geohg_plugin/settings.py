"""The plugin's settings, and where each comes from."""

from __future__ import annotations

import os
from dataclasses import dataclass

from processing.core.ProcessingConfig import ProcessingConfig, Setting
from qgis.PyQt.QtGui import QIcon

from .translation import tr

ENGINE_PYTHON = "GEOHG_PYTHON"
"""Name of the setting and of the environment variable that wins over it."""


@dataclass(frozen=True)
class EnginePython:
    """The Python that the user chose for the engine; an empty path where none was."""

    path: str
    origin: str


def register(group: str, icon: QIcon) -> None:
    """Show the settings under Settings > Options > Processing > Providers."""
    ProcessingConfig.settingIcons[group] = icon
    ProcessingConfig.addSetting(
        Setting(
            group,
            ENGINE_PYTHON,
            tr("Python of the engine's environment"),
            "",
            valuetype=Setting.FILE,
            placeholder=tr("e.g. .venv/bin/python, made by make engine"),
        )
    )
    ProcessingConfig.readSettings()


def unregister() -> None:
    """Take the settings away."""
    if ENGINE_PYTHON in ProcessingConfig.settings:
        ProcessingConfig.removeSetting(ENGINE_PYTHON)


def engine_python() -> EnginePython:
    """The engine's Python: the environment variable, or else the provider's setting."""
    from_environment = os.environ.get(ENGINE_PYTHON, "").strip()
    if from_environment:
        return EnginePython(from_environment, tr("the environment variable GEOHG_PYTHON"))
    from_setting = str(ProcessingConfig.getSetting(ENGINE_PYTHON) or "").strip()
    return EnginePython(from_setting, tr("the setting of the provider GeoHG"))
