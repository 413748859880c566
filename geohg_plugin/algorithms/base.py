"""What all algorithms share: texts, outputs, checks, and running a job."""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import Any

from qgis.core import (
    QgsProcessingContext,
    QgsProcessingException,
    QgsProcessingFeedback,
    QgsProcessingOutputNumber,
    QgsProcessingOutputString,
    QgsProcessingParameterFile,
)

from ...engine import schema
from ...engine.errors import GeoHGError
from ...engine.files import OutputSet
from .. import settings
from ..adapters.sources import source_files
from ..adapters.watcher import FeedbackWatcher
from ..compat import FILE
from ..runtime import failures
from ..runtime.engine import check_engine, open_engine
from ..translation import language, tr
from .common import Algorithm
from .destinations import named_places, output_places

FILES_FILTER = "GeoHG (*.safetensors)"
_READ_PERCENT = 2.0


class GeoHGAlgorithm(Algorithm):
    """An algorithm that is one job of the engine.

    A subclass names its `job`, adds its parameters, and says in `make_request` what
    the job needs. Which parameter is which output of the job stands in `places`.
    """

    job = ""
    places: dict[str, str] = {}

    def __init__(self) -> None:
        super().__init__()
        self._command = ""
        self._read: set[Path] = set()

    def name(self) -> str:
        return self.job

    # --- parameters and outputs ---

    def add_file(self, key: str, label: str, text: str, optional: bool = False) -> None:
        """Add an input that is a graph, model or encoder file; an optional one is advanced."""
        parameter = QgsProcessingParameterFile(
            key, label, behavior=FILE, fileFilter=FILES_FILTER, optional=optional
        )
        self.add(parameter, text, advanced=optional)

    def add_reports(self) -> None:
        """Add the report in both forms."""
        self.add_destination(
            "REPORT",
            tr("Report"),
            tr("A page with maps, accuracy on the held-out cells and all settings of the run."),
            "HTML (*.html)",
            optional="on",
        )
        self.add_destination(
            "REPORT_JSON",
            tr("Report as JSON"),
            tr("The numbers of the report, for use in programs."),
            "JSON (*.json)",
            optional="off",
        )

    def add_accuracy(self) -> None:
        """Declare the figures on the test cells."""
        for key, label in {
            "R2": tr("R2 on the test cells"),
            "RMSE": tr("RMSE on the test cells"),
            "MAE": tr("MAE on the test cells"),
            "IDW_R2": tr("R2 of inverse distance weighting on the same cells"),
            "IDW_RMSE": tr("RMSE of inverse distance weighting on the same cells"),
            "IDW_MAE": tr("MAE of inverse distance weighting on the same cells"),
            "KRIGING_R2": tr("R2 of ordinary kriging on the same cells"),
            "KRIGING_RMSE": tr("RMSE of ordinary kriging on the same cells"),
            "KRIGING_MAE": tr("MAE of ordinary kriging on the same cells"),
            "COVERAGE": tr("Coverage of the intervals on the test cells"),
            "TEST_CELLS": tr("Number of test cells"),
            "CELLS": tr("Number of cells"),
            "OBSERVED": tr("Number of observed cells"),
        }.items():
            self.addOutput(QgsProcessingOutputNumber(key, label))

    def add_block_accuracy(self) -> None:
        """Declare the figures on held-out spatial blocks."""
        for key, label in {
            "BLOCKS_R2": tr("R2 on the held-out blocks"),
            "BLOCKS_RMSE": tr("RMSE on the held-out blocks"),
            "BLOCKS_MAE": tr("MAE on the held-out blocks"),
            "BLOCKS_IDW_R2": tr("R2 of inverse distance weighting on the same blocks"),
            "BLOCKS_IDW_RMSE": tr("RMSE of inverse distance weighting on the same blocks"),
            "BLOCKS_IDW_MAE": tr("MAE of inverse distance weighting on the same blocks"),
            "BLOCKS_KRIGING_R2": tr("R2 of ordinary kriging on the same blocks"),
            "BLOCKS_KRIGING_RMSE": tr("RMSE of ordinary kriging on the same blocks"),
            "BLOCKS_KRIGING_MAE": tr("MAE of ordinary kriging on the same blocks"),
            "BLOCKS_COVERAGE": tr("Coverage of the intervals on the held-out blocks"),
        }.items():
            self.addOutput(QgsProcessingOutputNumber(key, label))

    def add_training_outputs(self) -> None:
        """Declare what only a job that trains can tell."""
        self.add_numbers({"EPOCHS": tr("Training epochs")})
        self.addOutput(QgsProcessingOutputString("DEVICE", tr("Device")))

    def add_target(self) -> None:
        """Declare what a model file predicts."""
        self.addOutput(QgsProcessingOutputString("TARGET", tr("Predicted value")))
        self.addOutput(QgsProcessingOutputString("UNIT", tr("Unit of the value")))

    # --- checks ---

    def canExecute(self) -> tuple[bool, str]:
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
            self.check(parameters, context)
            named = named_places(parameters, self.places)
            self._check_places(named, self._sources(parameters, context))
        except (GeoHGError, QgsProcessingException) as error:
            return False, str(error)
        return True, ""

    def check(self, parameters: dict[str, Any], context: QgsProcessingContext) -> None:
        """Cheap checks; raises `QgsProcessingException`. Subclasses add their own."""
        for definition in self.parameterDefinitions():
            if isinstance(definition, QgsProcessingParameterFile):
                path = self.file_path(parameters, definition.name(), context)
                if path and not Path(path).exists():
                    text = tr("The file or folder '{path}' ({parameter}) does not exist.")
                    raise QgsProcessingException(
                        text.format(path=path, parameter=definition.name())
                    )

    def file_path(self, parameters: dict[str, Any], key: str, context: QgsProcessingContext) -> str:
        """The file or folder of a parameter, from the root; empty if none is given."""
        path = self.parameterAsFile(parameters, key, context)
        return str(Path(path).absolute()) if path else ""

    def _sources(self, parameters: dict[str, Any], context: QgsProcessingContext) -> set[Path]:
        """The files of everything that is read."""
        read = {key: value for key, value in parameters.items() if key not in self.places}
        return source_files(read, context)

    def _check_places(self, places: dict[str, str], sources: set[Path]) -> None:
        """Refuse outputs that cannot be written, or that would replace an input."""
        OutputSet({self.places[key]: place for key, place in places.items()}, inputs=sources)

    # --- running ---

    def prepareAlgorithm(
        self,
        parameters: dict[str, Any],
        context: QgsProcessingContext,
        feedback: QgsProcessingFeedback,
    ) -> bool:
        self.check(parameters, context)  # a graphical model does not call checkParameterValues
        self.read_layers(parameters, context)
        self._command = self.asPythonCommand(parameters, context)
        self._read = self._sources(parameters, context)
        return True

    def read_layers(self, parameters: dict[str, Any], context: QgsProcessingContext) -> None:
        """Take from layers what may only be taken in the thread that they belong to."""

    def make_request(
        self,
        parameters: dict[str, Any],
        context: QgsProcessingContext,
        feedback: QgsProcessingFeedback,
        folder: Path,
    ) -> dict[str, Any]:
        """The parts of the request that the job needs; tables go into `folder`."""
        raise NotImplementedError

    def processAlgorithm(
        self,
        parameters: dict[str, Any],
        context: QgsProcessingContext,
        feedback: QgsProcessingFeedback,
    ) -> dict[str, Any]:
        try:
            outputs = output_places(self, parameters, self.places, context)
            self._check_places(outputs, self._read)
            result = self._run_job(parameters, outputs, context, feedback)
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
        self._present(outputs, result, context)
        return {**outputs, **self._numbers(result)}

    def _run_job(
        self,
        parameters: dict[str, Any],
        outputs: dict[str, str],
        context: QgsProcessingContext,
        feedback: QgsProcessingFeedback,
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
            parts = self.make_request(parameters, context, feedback, Path(folder))
            if feedback.isCanceled():
                return None
            feedback.setProgress(_READ_PERCENT)
            feedback.setProgressText(tr("Starting the engine"))
            request = {"version": schema.REQUEST_VERSION, "job": self.job, **parts}
            request["outputs"] = {self.places[key]: path for key, path in outputs.items()}
            # Told in English too: in QGIS, QGIS's language counts, not that of a settings file.
            request["output"] = {"language": language()}
            training = request.get("training", {})
            if settings.threads() and not training.get("threads"):
                request["training"] = {**training, "threads": settings.threads()}
            return engine.run(request, FeedbackWatcher(feedback, _READ_PERCENT))

    def _present(
        self, outputs: dict[str, str], result: dict[str, Any], context: QgsProcessingContext
    ) -> None:
        """Have the layers that will be loaded named, styled and grouped."""
        from ..adapters.loading import LoadedRun, present_layers  # loaded by the first run

        names = {key: self.parameterDefinition(key).description() for key in outputs}
        run = LoadedRun(outputs, result.get("ABOUT", {}), self._command)
        present_layers(run, names, context)

    def _numbers(self, result: dict[str, Any]) -> dict[str, Any]:
        """The declared outputs among what the job returned."""
        declared = {output.name() for output in self.outputDefinitions()} - {*self.places}
        about = result.get("ABOUT", {})
        told = {**result, "TARGET": about.get("target", ""), "UNIT": about.get("unit", "")}
        return {key: value for key, value in told.items() if key in declared}


def _tell_accuracy(result: dict[str, Any], feedback: QgsProcessingFeedback) -> None:
    """Say in a line what the figures mean, where there are any."""
    figures = ("TEST_CELLS", "RMSE", "IDW_RMSE", "R2", "IDW_R2")
    if all(result.get(key) is not None for key in figures):
        text = tr(
            "On {TEST_CELLS} test cells: RMSE {RMSE:.4g} (inverse distance weighting "
            "{IDW_RMSE:.4g}), R2 {R2:.3f} ({IDW_R2:.3f})."
        )
        feedback.pushInfo(text.format(**result))
