"""How an algorithm checks what a user gave, and has the engine do its job."""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import Any

from qgis import utils
from qgis.core import (
    QgsProcessingContext,
    QgsProcessingException,
    QgsProcessingFeedback,
    QgsProcessingParameterFile,
)

from ...engine.errors import GeoHGError
from ...engine.files import OutputSet
from ...engine.names import REQUEST_VERSION
from .. import settings
from ..adapters.sources import source_files, without_passwords
from ..adapters.watcher import FeedbackWatcher
from ..runtime import failures
from ..runtime.engine import check_engine, open_engine
from ..translation import language, tr
from .algorithm import Algorithm
from .destinations import named_files, output_files
from .inputs.layer import LayerInput
from .inputs.options import network_keys, option_parameters
from .inputs.values import Values

_READ_PERCENT = 2.0


class JobAlgorithm(Algorithm):
    """An algorithm that is one job of the engine.

    A subclass names its `job`, adds its parameters, and says in `make_request` what
    the job needs. Which parameter is which output of the job stands in `outputs`.

    Parameters
    ----------
    layers : LayerInput, optional
        The layers that the job takes.
    """

    job = ""
    outputs: dict[str, str] = {}

    def __init__(self, layers: LayerInput | None = None) -> None:
        super().__init__()
        self._layers = layers or LayerInput()
        self._command = ""
        self._read: set[Path] = set()

    def name(self) -> str:
        return self.job

    def add_layers(self) -> None:
        """Add the parameters of the layers."""
        for parameter, text, advanced in self._layers.parameters():
            self.add(parameter, text, advanced)

    def add_options(self, *kept: str) -> None:
        """Add the options of these sections, all advanced; dialogs have none of a network."""
        for parameter, text in option_parameters(*kept):
            self.add(parameter, text, advanced=True, hidden=parameter.name() in network_keys())

    # --- checks ---

    def canExecute(self) -> tuple[bool, str]:
        if utils.iface is not None:
            return True, ""  # the dialog offers to set up the engine
        try:
            check_engine()
        except GeoHGError as error:
            return False, str(error)
        return True, ""

    def checkParameterValues(
        self, parameters: dict[str, Any], context: QgsProcessingContext
    ) -> tuple[bool, str]:
        good, message = super().checkParameterValues(parameters, context)
        if not good:
            return good, message
        try:
            check_engine()
            self.check(Values(self, parameters, context))
            named = named_files(parameters, self.outputs)
            self._check_files(named, self._sources(parameters, context))
        except (GeoHGError, QgsProcessingException) as error:
            return False, str(error)
        return True, ""

    def check(self, values: Values) -> None:
        """Cheap checks; raises `QgsProcessingException`. Subclasses add their own."""
        for definition in self.parameterDefinitions():
            if isinstance(definition, QgsProcessingParameterFile):
                path = values.file(definition.name())
                if path and not Path(path).exists():
                    text = tr("The file or folder '{path}' ({parameter}) does not exist.")
                    raise QgsProcessingException(
                        text.format(path=path, parameter=definition.name())
                    )
        self._layers.check(values)

    def _sources(self, parameters: dict[str, Any], context: QgsProcessingContext) -> set[Path]:
        """The files of everything that is read."""
        read = {key: value for key, value in parameters.items() if key not in self.outputs}
        return source_files(read, context)

    def _check_files(self, files: dict[str, str], sources: set[Path]) -> None:
        """Refuse outputs that cannot be written, or that would replace an input."""
        OutputSet({self.outputs[key]: file for key, file in files.items()}, inputs=sources)

    # --- running ---

    def prepareAlgorithm(
        self,
        parameters: dict[str, Any],
        context: QgsProcessingContext,
        feedback: QgsProcessingFeedback,
    ) -> bool:
        values = Values(self, parameters, context)
        self.check(values)  # a graphical model does not call checkParameterValues
        self._layers.take(values)
        self._command = without_passwords(self.asPythonCommand(parameters, context))
        self._read = self._sources(parameters, context)
        return True

    def make_request(self, values: Values) -> dict[str, Any]:
        """The parts of the request that the job needs beside its layers."""
        raise NotImplementedError

    def wanted(
        self,
        parameters: dict[str, Any],
        context: QgsProcessingContext,
        feedback: QgsProcessingFeedback,
    ) -> list[str]:
        """Those of the outputs that are made if the user names a file for them."""
        return [*self.outputs]

    def processAlgorithm(
        self,
        parameters: dict[str, Any],
        context: QgsProcessingContext,
        feedback: QgsProcessingFeedback,
    ) -> dict[str, Any]:
        try:
            wanted = self.wanted(parameters, context, feedback)
            files = output_files(self, parameters, wanted, context)
            self._check_files(files, self._read)
            result = self._run_job(Values(self, parameters, context), files, feedback)
        except GeoHGError as error:
            failures.record(self.job, str(error))
            raise QgsProcessingException(str(error)) from error
        except OSError as error:
            text = tr("The layers cannot be passed to the engine ('{folder}'): {reason}.")
            message = text.format(folder=tempfile.gettempdir(), reason=error.strerror or error)
            failures.record(self.job, message)
            raise QgsProcessingException(message) from error
        if result is None:
            return {}
        feedback.setProgress(100.0)
        _tell_accuracy(result, feedback)
        self._present(files, result, context)
        return {**files, **self._numbers(result)}

    def _run_job(
        self, values: Values, files: dict[str, str], feedback: QgsProcessingFeedback
    ) -> dict[str, Any] | None:
        """The job's result, or None if it was cancelled."""
        from ..runtime.interpreter import outdated  # loaded by the first run

        if feedback.isCanceled():
            return None
        if outdated():
            feedback.pushWarning(outdated())
        # The engine starts while the layers are read.
        with open_engine() as engine, tempfile.TemporaryDirectory(prefix="geohg-") as folder:
            feedback.setProgressText(tr("Reading the layers"))
            parts = self.make_request(values)
            parts.update(self._layers.request(values, Path(folder), feedback))
            if feedback.isCanceled():
                return None
            feedback.setProgress(_READ_PERCENT)
            feedback.setProgressText(tr("Starting the engine"))
            request = {"version": REQUEST_VERSION, "job": self.job, **parts}
            request["command"] = self._command
            request["outputs"] = {self.outputs[key]: file for key, file in files.items()}
            # Told in English too: in QGIS, QGIS's language counts, not that of a settings file.
            request["output"] = {**request.get("output", {}), "language": language()}
            training = request.get("training", {})
            if settings.threads() and not training.get("threads"):
                request["training"] = {**training, "threads": settings.threads()}
            execution = request.get("execution")
            if execution and not (execution.get("workers") or execution.get("scheduler")):
                request["execution"] = {**execution, "workers": settings.workers()}
            return engine.run(request, FeedbackWatcher(feedback, _READ_PERCENT))

    def _present(
        self, files: dict[str, str], result: dict[str, Any], context: QgsProcessingContext
    ) -> None:
        """Have the layers that will be loaded named, styled and grouped."""
        # Loaded by the first run.
        from ..adapters.loading import LoadedRun, lay_beside, present_layers

        names = {key: self.parameterDefinition(key).description() for key in files}
        run = LoadedRun(files, result.get("ABOUT", {}), self._command)
        lay_beside(run)
        present_layers(run, names, context)

    def _numbers(self, result: dict[str, Any]) -> dict[str, Any]:
        """The declared outputs among what the job returned."""
        declared = {output.name() for output in self.outputDefinitions()} - {*self.outputs}
        about = result.get("ABOUT", {})
        found = {**result, "TARGET": about.get("target", ""), "UNIT": about.get("unit", "")}
        return {key: value for key, value in found.items() if key in declared}


def _tell_accuracy(result: dict[str, Any], feedback: QgsProcessingFeedback) -> None:
    """Say in a line what the figures of each field mean, where there are any."""
    needed = ("TEST_CELLS", "RMSE", "IDW_RMSE", "R2", "IDW_R2")
    text = tr(
        "On {TEST_CELLS} test cells: RMSE {RMSE:.4g} (inverse distance weighting "
        "{IDW_RMSE:.4g}), R2 {R2:.3f} ({IDW_R2:.3f})."
    )
    for field, figures in (result.get("FIELDS") or {"": result}).items():
        if all(figures.get(key) is not None for key in needed):
            told = text.format(**figures)
            if figures.get("PAPER_SCALE"):
                told += " " + tr("These figures are on the paper's scale.")
            feedback.pushInfo(f"{field}: {told}" if field else told)
    if result.get("ACCURACY") is not None:
        text = tr(
            "At {TEST_POINTS} held-out points the class is right in {ACCURACY:.1%} (nearest "
            "neighbour {NEAREST_ACCURACY:.1%}, random forest {FOREST_ACCURACY:.1%})."
        )
        feedback.pushInfo(text.format(**result))
