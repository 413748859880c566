"""Write the example models into this folder, with QGIS 3.22, so that every later one reads them.

QT_HASH_SEED=0 QT_QPA_PLATFORM=offscreen python3 resources/models/make.py

The seed keeps what is unordered in the files in one order.
"""

from __future__ import annotations

import importlib.util
import sys
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from qgis.core import (
    QgsApplication,
    QgsProcessingAlgorithm,
    QgsProcessingModelAlgorithm,
    QgsProcessingModelChildAlgorithm,
    QgsProcessingModelChildDependency,
    QgsProcessingModelChildParameterSource,
    QgsProcessingModelOutput,
    QgsProcessingModelParameter,
    QgsProcessingParameterDefinition,
)
from qgis.PyQt.QtCore import QPointF, QSizeF

FOLDER = Path(__file__).resolve().parent
ROOT = FOLDER.parents[1]
# The designer's sheet, in its units: a column of inputs, one of steps, each with its note, one of
# outputs.
BOX, NOTE = QSizeF(210, 34), QSizeF(210, 46)
INPUTS, STEPS, NOTES, OUTPUTS = 130.0, 400.0, 650.0, 910.0
TOP, INPUT_DOWN, STEP_DOWN, OUTPUT_DOWN = 60.0, 56.0, 112.0, 46.0
SIMPLER = ("IDW", "KRIGING", "FOREST")

Source = QgsProcessingModelChildParameterSource

# What every model is given and hands on to the step that makes the grid.
GRID = ("INPUT", "FIELD", "LANDCOVER", "POI", "POI_FIELD", "CELL_SIZE")
GIVEN = {name: Source.fromModelParameter(name) for name in GRID}
COVARIATES, TOTAL = "COVARIATE_RASTERS", "total"


class Sketch:
    """A model while it is drawn."""

    def __init__(self, example: str) -> None:
        self.model = QgsProcessingModelAlgorithm()
        self.example = example
        self._next = TOP

    def takes(self, *definitions: QgsProcessingParameterDefinition) -> None:
        """Draw the model's inputs, in the order in which dialogs show them."""
        for row, definition in enumerate(definitions):
            box = QgsProcessingModelParameter(definition.name())
            box.setSize(BOX)
            box.setPosition(QPointF(INPUTS, TOP + INPUT_DOWN * row))
            self.model.addModelParameter(definition, box)
        self.model.setParameterOrder([definition.name() for definition in definitions])

    def step(
        self,
        key: str,
        algorithm: str,
        label: str,
        note: str,
        inputs: dict[str, Any],
        outputs: dict[str, str],
        after: str = "",
    ) -> None:
        """Draw an algorithm.

        Parameters
        ----------
        inputs : dict
            What each parameter gets: `given` to the model, `made` by a step, or a value.
        outputs : dict
            The model's outputs by name, and which of the algorithm's each is.
        after : str
            A step that must have run, where no input says so.
        """
        child = QgsProcessingModelChildAlgorithm(algorithm)
        child.setChildId(key)
        child.setDescription(label)
        child.setSize(BOX)
        top, self._next = self._next, self._next + max(STEP_DOWN, OUTPUT_DOWN * (len(outputs) + 1))
        child.setPosition(QPointF(STEPS, top))
        child.comment().setDescription(note)
        child.comment().setSize(NOTE)
        child.comment().setPosition(QPointF(NOTES, top - 8))
        for name, value in {**_defaults(child.algorithm()), **inputs}.items():
            source = value if isinstance(value, Source) else Source.fromStaticValue(value)
            child.addParameterSources(name, [source])
        child.setModelOutputs(
            {
                name: self._output(key, name, theirs, top + OUTPUT_DOWN * number)
                for number, (name, theirs) in enumerate(outputs.items())
            }
        )
        if after:
            child.setDependencies([QgsProcessingModelChildDependency(after)])
        self.model.addChildAlgorithm(child)

    def _output(self, key: str, name: str, theirs: str, top: float) -> QgsProcessingModelOutput:
        output = QgsProcessingModelOutput(name, name)
        output.setChildId(key)
        output.setChildOutputName(theirs)
        output.setSize(BOX)
        output.setPosition(QPointF(OUTPUTS, top))
        return output

    def write(self, folder: Path) -> None:
        """Name everything and write the file."""
        from geohg.geohg_plugin.algorithms.examples import set_texts

        set_texts(self.model, self.example)
        faults = self.model.validate()[1]
        path = folder / f"{self.example}.model3"
        if faults or not self.model.toFile(str(path)):
            raise SystemExit(f"{path.name}: {faults or 'cannot be written'}")


def _defaults(algorithm: QgsProcessingAlgorithm) -> dict[str, Any]:
    """Values of parameters that have one; a model without them counts as incomplete."""
    return {
        definition.name(): definition.defaultValue()
        for definition in algorithm.parameterDefinitions()
        if not definition.isDestination() and definition.defaultValue() not in (None, "")
    }


def given(name: str) -> Source:
    """What the model is given."""
    return Source.fromModelParameter(name)


def made(step: str, output: str) -> Source:
    """What a step made."""
    return Source.fromChildOutput(step, output)


def shared(
    names: Iterable[str] = GRID, owner: str = "geohg:interpolate"
) -> list[QgsProcessingParameterDefinition]:
    """Parameters of an algorithm as a model's own."""
    algorithm = QgsApplication.processingRegistry().createAlgorithmById(owner)
    definitions = [algorithm.parameterDefinition(name).clone() for name in names]
    for definition in definitions:
        definition.setFlags(definition.flags() & ~QgsProcessingParameterDefinition.FlagAdvanced)
        if definition.name() == "CELL_SIZE":
            definition.setParentParameterName("INPUT")
        if definition.name() == "FIELD":  # of which a model file holds one
            definition.setAllowMultiple(False)
    return definitions


def interpolate(folder: Path) -> None:
    """A map, and what it says of polygons."""
    sketch = Sketch("exampleinterpolate")
    asked = ("POLYGONS", "STATISTIC", "THRESHOLDS")
    sketch.takes(*shared((*GRID, COVARIATES)), *shared(asked, "geohg:summarise"))
    sketch.step(
        "interpolate",
        "geohg:interpolate",
        "Interpolate",
        "Predicts every cell of the grid, and says in a report how far that can be trusted.",
        {**GIVEN, COVARIATES: given(COVARIATES)},
        {"Prediction": "OUTPUT", "Uncertainty": "UNCERTAINTY", "Report": "REPORT"},
    )
    sketch.step(
        "summarise",
        "geohg:summarise",
        "Summarise by polygons",
        "Nothing is fitted again: the model knows how the errors of near cells go together.",
        {
            "MODEL": made("interpolate", "MODEL"),
            "GRAPH": made("interpolate", "GRAPH"),
            **{name: given(name) for name in asked},
        },
        {"Summary": "SUMMARY"},
    )
    sketch.write(folder)


def districts(folder: Path) -> None:
    """Totals of districts spread over cells, and what other polygons get of them."""
    sketch = Sketch("exampledistricts")
    asked = ("POLYGONS", "THRESHOLDS")
    sketch.takes(*shared((*GRID, COVARIATES)), *shared(asked, "geohg:summarise"))
    sketch.step(
        "interpolate",
        "geohg:interpolate",
        "Interpolate",
        "Spreads the total of each district over its cells; these add up to it.",
        {**GIVEN, COVARIATES: given(COVARIATES), "VALUES_ARE": TOTAL},
        {"Prediction": "OUTPUT", "Uncertainty": "UNCERTAINTY", "Report": "REPORT"},
    )
    sketch.step(
        "summarise",
        "geohg:summarise",
        "Summarise by polygons",
        "Adds the cells of other polygons up, and says how far each total may be off.",
        {
            "MODEL": made("interpolate", "MODEL"),
            "GRAPH": made("interpolate", "GRAPH"),
            "STATISTIC": TOTAL,
            **{name: given(name) for name in asked},
        },
        {"Summary": "SUMMARY"},
    )
    sketch.write(folder)


def steps(folder: Path) -> None:
    """The four steps of an interpolation."""
    sketch = Sketch("examplesteps")
    sketch.takes(*shared((*GRID, "MASKED_RATIO")))
    sketch.step(
        "build",
        "geohg:buildgraph",
        "Build graph",
        "Turns the layers into a graph of cells, land-cover classes and POI categories.",
        GIVEN,
        {},
    )
    graph = made("build", "GRAPH")
    sketch.step(
        "train",
        "geohg:train",
        "Train model",
        "Fits a model to the observed cells, but for the share that is held out.",
        {"GRAPH": graph, "TARGET": given("FIELD"), "MASKED_RATIO": given("MASKED_RATIO")},
        {"Model": "MODEL"},
    )
    files = {"MODEL": made("train", "MODEL"), "GRAPH": graph}
    sketch.step(
        "predict",
        "geohg:predict",
        "Predict",
        "Predicts every cell. Another graph with the same classes could stand here.",
        files,
        {"Prediction": "OUTPUT", "Uncertainty": "UNCERTAINTY"},
    )
    sketch.step(
        "evaluate",
        "geohg:evaluate",
        "Evaluate model",
        "Measures the model on the cells that were held out.",
        files,
        {"Residuals": "RESIDUALS", "Report": "REPORT"},
    )
    sketch.write(folder)


def pretrain(folder: Path) -> None:
    """An encoder that learns without values, and a network that starts from it."""
    sketch = Sketch("examplepretrain")
    sketch.takes(*shared(), *shared(("FREEZE",), "geohg:train"))
    sketch.step(
        "build",
        "geohg:buildgraph",
        "Build graph",
        "Cells without any measurement count here too: the encoder learns from all.",
        GIVEN,
        {},
    )
    graph = made("build", "GRAPH")
    sketch.step(
        "pretrain",
        "geohg:pretrain",
        "Pretrain encoder",
        "Draws each cell to its neighbours and to cells like it, and away from others.",
        {"GRAPH": graph},
        {"Encoder": "ENCODER"},
    )
    sketch.step(
        "train",
        "geohg:train",
        "Fine-tune",
        "Starts from the encoder; its options of the network must be those of pretraining.",
        {
            "GRAPH": graph,
            "TARGET": given("FIELD"),
            "ENCODER": made("pretrain", "ENCODER"),
            "FREEZE": given("FREEZE"),
            "MODEL_KIND": "gnn",
        },
        {"Model": "MODEL", "Report": "REPORT"},
    )
    sketch.step(
        "predict",
        "geohg:predict",
        "Predict",
        "Predicts every cell.",
        {"MODEL": made("train", "MODEL"), "GRAPH": graph},
        {"Prediction": "OUTPUT", "Uncertainty": "UNCERTAINTY"},
    )
    sketch.write(folder)


def compare(folder: Path) -> None:
    """A comparison, whose numbers decide what comes next."""
    sketch = Sketch("examplecompare")
    sketch.takes(*shared((*GRID, "FOLDS")))
    sketch.step(
        "compare",
        "geohg:compare",
        "Compare",
        "Every observed cell is predicted once without its own value, by every method.",
        {**GIVEN, "VALIDATION": "kfold", "FOLDS": given("FOLDS")},
        {"Report": "REPORT"},
    )
    sketch.step(
        "warn",
        "native:raisewarning",
        "Warn",
        "Numbers that a step gives are variables in the expressions of later ones.",
        {
            "MESSAGE": "A simpler method predicts better from these points: see the report.",
            "CONDITION": " or ".join(f"@Compare_{each}_RMSE < @Compare_RMSE" for each in SIMPLER),
        },
        {},
        after="compare",
    )
    sketch.write(folder)


def write_all(folder: Path) -> None:
    """Write all of them."""
    for draw in (interpolate, districts, steps, pretrain, compare):
        draw(folder)


def main() -> None:
    """Start QGIS with the algorithms, and write."""
    application = QgsApplication([], False)
    application.initQgis()
    sys.path.append(str(Path(application.pkgDataPath()) / "python" / "plugins"))
    from processing.core.Processing import Processing

    Processing.initialize()
    from geohg.geohg_plugin.provider import GeoHGProvider

    provider = GeoHGProvider()  # lives as long as this name
    application.processingRegistry().addProvider(provider)
    write_all(FOLDER)


if __name__ == "__main__":
    if importlib.util.find_spec("geohg") is None:
        spec = importlib.util.spec_from_file_location(
            "geohg", ROOT / "__init__.py", submodule_search_locations=[str(ROOT)]
        )
        sys.modules["geohg"] = importlib.util.module_from_spec(spec)
        spec.loader.exec_module(sys.modules["geohg"])
    main()
