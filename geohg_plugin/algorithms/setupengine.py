"""Makes the engine's environment, apart from QGIS."""

from __future__ import annotations

import time
from typing import Any

from qgis.core import (
    QgsProcessingContext,
    QgsProcessingException,
    QgsProcessingFeedback,
    QgsProcessingOutputString,
    QgsProcessingParameterBoolean,
    QgsProcessingParameterEnum,
    QgsProcessingParameterFile,
)

from ...engine.errors import Cancelled
from ..compat import FILE
from ..runtime import failures
from ..runtime.folders import data_folder
from ..runtime.recipe import CPU, CUDA, engine_recipe
from ..settings import engine_python
from ..translation import tr
from .algorithm import ENGINE, Algorithm

SETUP, AGAIN, REMOVE = "setup", "again", "remove"


class SetupEngine(Algorithm):
    """Makes, repairs or removes the environment that the engine runs in."""

    part = ENGINE

    def __init__(self) -> None:
        super().__init__()
        self._proxies: dict[str, str] = {}

    def name(self) -> str:
        return "setupengine"

    def displayName(self) -> str:
        return tr("Set up the engine")

    def shortDescription(self) -> str:
        return tr("Installs the Python environment that GeoHG computes in, separate from QGIS.")

    def shortHelpString(self) -> str:
        return tr(
            "GeoHG computes in its own Python environment with PyTorch, so that QGIS stays "
            "unchanged. This downloads the packages from the Python Package Index and PyTorch "
            "(about 400 MB for CPU, which take 1.6 GB on disk; several GB for CUDA), checks every "
            "file against a pinned hash, and tests the environment on a toy graph before using "
            "it. Run it again to repair or renew the environment; the old one stays until the "
            "new one works.\n\nIt is installed in {folder}, outside QGIS and its profile."
        ).format(folder=data_folder())

    def tags(self) -> list[str]:
        return tr("install,setup,engine,pytorch,torch,python,environment,repair,cuda").split(",")

    def initAlgorithm(self, configuration: dict[str, Any] | None = None) -> None:
        self.add(
            _choice("ACTION", tr("What to do"), (SETUP, AGAIN, REMOVE)),
            tr(
                "setup: make the environment, or repair or renew it if needed; again: always make "
                "it anew; remove: delete it."
            ),
        )
        self.add(
            _choice("DEVICE", tr("Device"), (CPU, CUDA)),
            tr(
                "cuda needs an NVIDIA graphics card with a driver for CUDA 13, and far more disk "
                "space."
            ),
        )
        self.add(
            QgsProcessingParameterBoolean("CLUSTER", tr("With Dask, for clusters"), False),
            tr(
                "Adds Dask, with which the workers of a cluster make the blocks of large maps: see "
                "SCHEDULER of Interpolate. Without it, an engine that has Dask is made anew "
                "without."
            ),
            advanced=True,
        )
        self.add(
            QgsProcessingParameterFile(
                "PYTHON", tr("Python to make it from"), behavior=FILE, optional=True
            ),
            tr("A 64-bit Python 3.10 to 3.13. If not set, GeoHG searches for one."),
            advanced=True,
        )
        self.addOutput(QgsProcessingOutputString("ENGINE_PYTHON", tr("Python of the engine")))
        self.add_numbers({})

    def prepareAlgorithm(
        self,
        parameters: dict[str, Any],
        context: QgsProcessingContext,
        feedback: QgsProcessingFeedback,
    ) -> bool:
        from ..adapters.proxies import proxy_environment  # loaded by the first run

        self._proxies = proxy_environment()
        return True

    def processAlgorithm(
        self,
        parameters: dict[str, Any],
        context: QgsProcessingContext,
        feedback: QgsProcessingFeedback,
    ) -> dict[str, Any]:
        from ..runtime import installer  # loaded by the first run

        started = time.monotonic()
        action = self.parameterAsEnumString(parameters, "ACTION", context)
        try:
            if action == REMOVE:
                path = _remove(feedback)
            else:
                path = self._set_up(parameters, context, feedback, action == AGAIN)
        except Cancelled:
            return {}
        except installer.SetupError as error:
            failures.record(self.name(), str(error))
            raise QgsProcessingException(str(error)) from error
        return {"ENGINE_PYTHON": path, "SECONDS": round(time.monotonic() - started, 1)}

    def _set_up(
        self,
        parameters: dict[str, Any],
        context: QgsProcessingContext,
        feedback: QgsProcessingFeedback,
        again: bool,
    ) -> str:
        from ..runtime import installer
        from ..runtime.graphics import cuda_fault

        device = self.parameterAsEnumString(parameters, "DEVICE", context)
        fault = cuda_fault() if device == CUDA else ""
        if fault:
            raise installer.SetupError(fault)
        python = self.parameterAsFile(parameters, "PYTHON", context)
        recipe = engine_recipe(device, self.parameterAsBool(parameters, "CLUSTER", context))
        made = installer.set_up(recipe, python, self._proxies, again, _Watcher(feedback))
        if engine_python().path:
            text = tr("{origin} sets another Python, which is used instead of this one: {path}")
            chosen = engine_python()
            feedback.pushWarning(text.format(origin=chosen.origin, path=chosen.path))
        return str(made.python)


class _Watcher:
    """Shows the setup in Processing."""

    def __init__(self, feedback: QgsProcessingFeedback) -> None:
        self._feedback = feedback
        self._shown = ""

    def progress(self, percent: float, text: str) -> None:
        self._feedback.setProgress(percent)
        if text and text != self._shown:
            self._shown = text
            self._feedback.setProgressText(text)

    def line(self, text: str) -> None:
        self._feedback.pushConsoleInfo(text)

    def cancelled(self) -> bool:
        return self._feedback.isCanceled()


def _choice(key: str, label: str, options: tuple[str, ...]) -> QgsProcessingParameterEnum:
    return QgsProcessingParameterEnum(
        key, label, options=options, defaultValue=options[0], usesStaticStrings=True
    )


def _remove(feedback: QgsProcessingFeedback) -> str:
    from ..runtime import installer, warm

    warm.end()  # its files are in use on Windows
    for folder in installer.remove():
        text = tr("'{folder}' is in use and was not removed; close QGIS, then delete it.")
        feedback.pushWarning(text.format(folder=folder))
    feedback.pushInfo(tr("The engine's environment is removed."))
    return ""
