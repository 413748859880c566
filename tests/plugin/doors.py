"""The doors of QGIS to an algorithm, each opened as its user does."""

from __future__ import annotations

import json
import time
from collections.abc import Callable
from typing import Any

import processing
from fresh import run_qgis_process
from processing.gui.AlgorithmDialog import AlgorithmDialog
from processing.gui.BatchAlgorithmDialog import BatchAlgorithmDialog
from qgis.core import (
    Qgis,
    QgsApplication,
    QgsProcessingAlgorithm,
    QgsProcessingContext,
    QgsProcessingFeedback,
    QgsProcessingModelAlgorithm,
    QgsProcessingModelChildAlgorithm,
    QgsProcessingModelChildParameterSource,
    QgsProcessingModelOutput,
    QgsProcessingModelParameter,
    QgsProject,
)

JSON_INPUT = Qgis.QGIS_VERSION_INT >= 32400
"""Whether this `qgis_process` reads JSON from standard input."""


def create(name: str) -> QgsProcessingAlgorithm:
    """A new instance, as QGIS makes one for every run."""
    return QgsApplication.processingRegistry().createAlgorithmById(name)


def by_console(name: str, parameters: dict[str, Any]) -> dict[str, Any]:
    """`processing.run`."""
    return processing.run(name, parameters)


def by_dialog(name: str, parameters: dict[str, Any]) -> dict[str, Any]:
    """The dialog: filled in, then its button Run; the run is a task of QGIS."""
    dialog = AlgorithmDialog(create(name))
    dialog.setParameters({**_left_out(dialog.algorithm()), **parameters})
    _accept(dialog, dialog.createProcessingParameters())
    finished: list[tuple[bool, dict[str, Any]]] = []
    dialog.algorithmFinished.connect(lambda good, found: finished.append((good, found)))
    dialog.runAlgorithm()
    _wait(lambda: bool(finished))
    _tidy()
    ((good, found),) = finished
    assert good
    return dict(found)


class _Batch(BatchAlgorithmDialog):
    """Keeps what the table at the end is made of."""

    def createSummaryTable(self, results: list[dict[str, Any]], errors: list[Any]) -> None:
        self.kept = (results, errors)

    def loadHtmlResults(self, results: dict[str, Any], number: int) -> None:
        """QGIS fails here, when all is done, whenever there is a page to show (3.22 to 3.40)."""

    loadHTMLResults = loadHtmlResults  # noqa: N815 - its name in QGIS 3.22


def by_batch(name: str, rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """The batch dialog with a row for each set of parameters; results in their order."""
    dialog = _Batch(create(name))
    panel = dialog.mainWidget()
    panel.addRow(len(rows) - 1)
    context = QgsProcessingContext()
    context.setProject(QgsProject.instance())
    for number, parameters in enumerate(rows):
        for key, value in parameters.items():
            column = panel.parameter_to_column[key]
            if dialog.algorithm().parameterDefinition(key).isDestination():
                panel.tblParameters.cellWidget(number + 1, column).setValue(value)
            else:
                panel.wrappers[number][column].setParameterValue(value, context)
    dialog.runAlgorithm()
    _wait(lambda: hasattr(dialog, "kept"))
    _tidy()
    results, errors = dialog.kept
    assert not errors
    return [dict(each["results"]) for each in results]


def by_model(
    name: str, parameters: dict[str, Any], feedback: QgsProcessingFeedback | None = None
) -> dict[str, Any]:
    """A graphical model with the algorithm as its one step, saved, loaded and run."""
    model = QgsProcessingModelAlgorithm("door")
    step = QgsProcessingModelChildAlgorithm(name)
    step.setChildId("step")
    outputs = {}
    given = {}
    for key, value in parameters.items():
        definition = step.algorithm().parameterDefinition(key)
        if definition.isDestination():
            outputs[key] = QgsProcessingModelOutput(key, key)
            outputs[key].setChildId("step")
            outputs[key].setChildOutputName(key)
        else:
            model.addModelParameter(definition.clone(), QgsProcessingModelParameter(key))
            source = QgsProcessingModelChildParameterSource.fromModelParameter(key)
            step.addParameterSources(key, [source])
            given[key] = value
    step.setModelOutputs(outputs)
    model.addChildAlgorithm(step)
    for definition in model.destinationParameterDefinitions():
        given[definition.name()] = parameters[definition.description()]
    found = processing.run(model, given, feedback=feedback)
    return found["CHILD_RESULTS"]["step"]


def key_values(parameters: dict[str, Any]) -> list[str]:
    """Arguments KEY=VALUE, a list's key once for each of its values."""
    pairs = [
        (key, value)
        for key, many in parameters.items()
        for value in (many if isinstance(many, list) else [many])
    ]
    return [f"{key}={value}" for key, value in pairs]


def by_process(
    name: str, parameters: dict[str, Any], environment: dict[str, str]
) -> dict[str, Any]:
    """`qgis_process`: JSON on standard input where it reads that, else arguments; JSON back."""
    if JSON_INPUT:
        text = json.dumps({"inputs": parameters})
        done = run_qgis_process(environment, "run", name, "-", standard_input=text)
    else:
        done = run_qgis_process(environment, "--json", "run", name, "--", *key_values(parameters))
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)["results"]


def _left_out(algorithm: QgsProcessingAlgorithm) -> dict[str, None]:
    """A dialog makes files that other doors make only when they are named."""
    return dict.fromkeys(each.name() for each in algorithm.destinationParameterDefinitions())


def _accept(dialog: AlgorithmDialog, parameters: dict[str, Any]) -> None:
    """What is wrong would open a window that nobody closes."""
    good, message = dialog.algorithm().checkParameterValues(parameters, QgsProcessingContext())
    assert good, message


def _wait(done: Callable[[], bool]) -> None:
    end = time.monotonic() + 120
    while not done():
        assert time.monotonic() < end, "the run took too long"
        QgsApplication.processEvents()
        time.sleep(0.01)


def _tidy() -> None:
    """Take away the layers that a dialog has opened in the project."""
    project = QgsProject.instance()
    made = [key for key, layer in project.mapLayers().items() if layer.providerType() != "memory"]
    project.removeMapLayers(made)
