"""The example models: as they ship, run by each door, within others, and copied."""

from __future__ import annotations

import runpy
from pathlib import Path
from typing import Any

import numpy as np
import processing
import pytest
from doors import by_batch, create
from osgeo import ogr
from qgis.core import (
    QgsFeature,
    QgsGeometry,
    QgsProcessing,
    QgsProcessingAlgorithm,
    QgsProcessingModelAlgorithm,
    QgsProcessingModelChildAlgorithm,
    QgsProcessingModelChildParameterSource,
    QgsProcessingModelOutput,
    QgsProcessingModelParameter,
    QgsProcessingParameterFileDestination,
    QgsRectangle,
    QgsVectorLayer,
)
from qgis.gui import QgsMessageBar
from qgis.PyQt.QtCore import QRectF, pyqtSignal
from qgis.PyQt.QtWidgets import QMainWindow, QMenu, QWidget
from support import BOTTOM, CELL, CRS, LEFT, QUICK, TOP, Landscape, Recorder, read_raster

from geohg.geohg_plugin.algorithms import examples
from geohg.geohg_plugin.algorithms.examples import EXAMPLES, MODELS, ExampleModel
from geohg.geohg_plugin.examplesmenu import EditCopy
from geohg.geohg_plugin.plugin import GeoHGPlugin

COARSE = 2 * CELL
SHORT = {"VALIDATION": "holdout", "BLOCKS": False, "IMPORTANCE": False, "EPOCHS": 60}
Source = QgsProcessingModelChildParameterSource


@pytest.fixture(params=EXAMPLES)
def example(request: pytest.FixtureRequest, provider: Any) -> ExampleModel:
    """Each example in turn."""
    return provider.algorithm(request.param)


@pytest.fixture
def given(landscape: Landscape, monkeypatch: pytest.MonkeyPatch) -> dict[str, Any]:
    """What every example takes; the examples leave the number of threads to the settings."""
    monkeypatch.setenv("GEOHG_THREADS", "1")
    return {
        "INPUT": landscape.points,
        "FIELD": "value",
        "LANDCOVER": [landscape.raster],
        "CELL_SIZE": COARSE,
    }


def _outputs(model: QgsProcessingAlgorithm, folder: Path) -> dict[str, str]:
    """A file for every output."""
    endings = {"rasterDestination": ".tif", "vectorDestination": ".gpkg", "sink": ".gpkg"}
    outputs = {}
    for each in model.destinationParameterDefinitions():
        ending = endings.get(each.type(), ".safetensors")
        if isinstance(each, QgsProcessingParameterFileDestination) and "HTML" in each.fileFilter():
            ending = ".html"
        outputs[each.name()] = str(folder / each.name().split(":")[-1]) + ending
    return outputs


# --- as they ship ---


def test_it_is_in_the_toolbox_with_texts(example: ExampleModel) -> None:
    assert example.id() == f"geohg:{example.name()}"
    assert (example.group(), example.groupId()) == ("Examples", "examples")
    assert example.displayName()[0].isupper() and example.displayName() != example.name()
    assert not example.icon().isNull()
    assert example.shortDescription().endswith(".") and len(example.tags()) > 2
    for output in example.outputDefinitions():
        assert output.description() == example.parameterDefinition(output.name()).description()
    for parameter in example.parameterDefinitions():
        assert parameter.description()[0].isupper() and parameter.help().endswith(".")
        assert parameter.help() in example.shortHelpString()
    assert example.parameterDefinition("FIELD").help().startswith("The measured value to predict.")
    assert example.canExecute() == (True, "")
    assert example.validate() == (True, [])


def test_create_gives_another_of_its_kind(example: ExampleModel) -> None:
    other = example.create()
    assert isinstance(other, ExampleModel) and other is not example
    assert (other.id(), other.displayName()) == (example.id(), example.displayName())
    names = [parameter.name() for parameter in example.parameterDefinitions()]
    assert [parameter.name() for parameter in other.parameterDefinitions()] == names


def test_the_files_are_what_the_algorithms_ask_for_now(provider: Any, tmp_path: Path) -> None:
    """Options that came, went or have other defaults: `make models` writes them."""
    runpy.run_path(str(MODELS / "make.py"))["write_all"](tmp_path)
    assert sorted(path.name for path in MODELS.glob("*.model3")) == sorted(
        f"{name}.model3" for name in EXAMPLES
    )
    for name in EXAMPLES:
        shipped, made = QgsProcessingModelAlgorithm(), QgsProcessingModelAlgorithm()
        assert shipped.fromFile(str(MODELS / f"{name}.model3"))
        assert made.fromFile(str(tmp_path / f"{name}.model3"))
        assert shipped.toVariant()["children"] == made.toVariant()["children"], "run: make models"
        assert _inputs(shipped) == _inputs(made), "run: make models"


def _inputs(model: QgsProcessingModelAlgorithm) -> list[tuple[Any, ...]]:
    """What it takes; texts are set anew when an example is read."""
    return [
        (each.name(), each.type(), each.defaultValue())
        for each in model.parameterDefinitions()
        if not each.isDestination()
    ]


def test_boxes_do_not_overlap(example: ExampleModel) -> None:
    boxes = list(example.parameterComponents().values())
    for child in example.childAlgorithms().values():
        assert child.comment().description().endswith(".")
        boxes += [child, child.comment(), *child.modelOutputs().values()]
    areas = [QRectF(box.position(), box.size()) for box in boxes]  # one size, one corner
    for index, area in enumerate(areas):
        for other in areas[:index]:
            assert not area.intersects(other)


def test_a_damaged_file_is_told_when_it_is_to_run(
    provider: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """An exception would end QGIS while it starts."""
    (tmp_path / "examplesteps.model3").write_text("<!DOCTYPE model>\n<Option type=")
    monkeypatch.setattr(examples, "MODELS", tmp_path)
    for name in ("examplesteps", "examplecompare"):
        damaged = ExampleModel(name)
        assert damaged.name() == name
        good, text = damaged.canExecute()
        assert not good and f"{name}.model3' is missing or damaged; install" in text


def _quick(name: str) -> QgsProcessingModelAlgorithm:
    """The example with fewer tests and passes than it ships with: these take most of its time."""
    content = create(f"geohg:{name}").toVariant()
    for child in content["children"].values():
        for key, value in SHORT.items():
            if key in child["params"]:
                (given,) = child["params"][key]
                given["static_value"] = value
    model = QgsProcessingModelAlgorithm()
    assert model.loadVariant(content)
    return model


# --- run ---


def test_steps_are_those_taken_by_hand(given: dict[str, Any], tmp_path: Path) -> None:
    model = create("geohg:examplesteps")
    outputs = _outputs(model, tmp_path)
    result = processing.run("geohg:examplesteps", {**given, "MASKED_RATIO": 0.3, **outputs})
    graph = processing.run("geohg:buildgraph", {**given, "GRAPH": "TEMPORARY_OUTPUT"})
    trained = processing.run(
        "geohg:train",
        {
            "GRAPH": graph["GRAPH"],
            "TARGET": "value",
            "MASKED_RATIO": 0.3,
            "BLOCKS": False,  # which the numbers below do not come of
            "MODEL": "TEMPORARY_OUTPUT",
        },
    )
    files = {"GRAPH": graph["GRAPH"], "MODEL": trained["MODEL"]}
    predicted = processing.run("geohg:predict", {**files, "OUTPUT": "TEMPORARY_OUTPUT"})
    measured = processing.run("geohg:evaluate", files)
    ours, by_hand = read_raster(outputs["predict:Prediction"]), read_raster(predicted["OUTPUT"])
    np.testing.assert_array_equal(ours, by_hand)
    assert result["CHILD_RESULTS"]["evaluate"]["R2"] == measured["R2"] > 0.5
    assert result["CHILD_RESULTS"]["evaluate"]["TEST_CELLS"] == measured["TEST_CELLS"] == 30
    assert (read_raster(outputs["predict:Uncertainty"]) > 0).all()
    assert ogr.Open(outputs["evaluate:Residuals"]).GetLayer(0).GetFeatureCount() == 30
    for key in ("train:Model", "evaluate:Report"):
        assert Path(result[key]).stat().st_size > 1000


def test_a_network_starts_from_an_encoder_as_by_hand(given: dict[str, Any], tmp_path: Path) -> None:
    model = _quick("examplepretrain")
    outputs = _outputs(model, tmp_path)
    result = processing.run(model, {**given, "FREEZE": True, **outputs})
    made = result["CHILD_RESULTS"]
    parameters = {"GRAPH": made["build"]["GRAPH"], "ENCODER": "TEMPORARY_OUTPUT"}
    encoder = processing.run("geohg:pretrain", {**parameters, "EPOCHS": SHORT["EPOCHS"]})
    assert encoder["LOSS"] == made["pretrain"]["LOSS"] > 0
    parameters = {**SHORT, "TARGET": "value", "MODEL_KIND": "gnn", "MODEL": "TEMPORARY_OUTPUT"}
    files = {"GRAPH": made["build"]["GRAPH"], "ENCODER": encoder["ENCODER"], "FREEZE": True}
    trained = processing.run("geohg:train", {**parameters, **files})
    assert made["train"]["RMSE"] == pytest.approx(trained["RMSE"], rel=1e-6)
    assert made["train"]["EPOCHS"] == trained["EPOCHS"] > 0
    assert np.isfinite(read_raster(outputs["predict:Prediction"])).all()


def _halves() -> QgsVectorLayer:
    """The western 6 columns of cells and the other 4, of the whole landscape."""
    layer = QgsVectorLayer(f"Polygon?crs={CRS}&field=name:string", "halves", "memory")
    features = []
    for name, first, last in (("west", 0, 6), ("east", 6, 10)):
        feature = QgsFeature(layer.fields())
        edges = (LEFT + first * COARSE, BOTTOM, LEFT + last * COARSE, TOP)
        feature.setGeometry(QgsGeometry.fromRect(QgsRectangle(*edges)))
        feature.setAttributes([name])
        features.append(feature)
    layer.dataProvider().addFeatures(features)
    return layer


def test_polygons_get_the_means_of_the_map(given: dict[str, Any], tmp_path: Path) -> None:
    model = _quick("exampleinterpolate")
    outputs = _outputs(model, tmp_path)
    parameters = {**given, "POLYGONS": _halves(), "THRESHOLDS": "-1000", **outputs}
    result = processing.run(model, parameters)
    prediction = read_raster(outputs["interpolate:Prediction"])
    spread = read_raster(outputs["interpolate:Uncertainty"])
    layer = QgsVectorLayer(result["summarise:Summary"])
    for feature in layer.getFeatures():
        columns = slice(0, 6) if feature["name"] == "west" else slice(6, 10)
        assert feature["value_mean"] == pytest.approx(prediction[:, columns].mean(), rel=1e-5)
        assert 0 < feature["value_std"] < spread[:, columns].mean()
        assert feature["value_lower"] < feature["value_mean"] < feature["value_upper"]
        assert feature["value_above_-1000"] == 1 and feature["value_cells"] == 10 * (
            columns.stop - columns.start
        )
        assert 0.5 < feature["value_applicable"] < 1 + 1e-9
    assert layer.featureCount() == 2
    by_hand = processing.run("geohg:interpolate", {**given, **QUICK, "OUTPUT": "TEMPORARY_OUTPUT"})
    np.testing.assert_array_equal(read_raster(by_hand["OUTPUT"]), prediction)


def test_other_polygons_get_what_districts_have(given: dict[str, Any], tmp_path: Path) -> None:
    """Totals of squares go to halves along their edges, and so come back."""
    layer = QgsVectorLayer(f"Polygon?crs={CRS}&field=people:double", "squares", "memory")
    totals = np.random.default_rng(3).uniform(50, 150, (5, 5))
    features, side = [], 2 * COARSE
    for (row, col), total in np.ndenumerate(totals):
        left, top = LEFT + col * side, TOP - row * side
        feature = QgsFeature(layer.fields())
        square = QgsRectangle(left, top - side, left + side, top)
        feature.setGeometry(QgsGeometry.fromRect(square))
        feature.setAttributes([float(total)])
        features.append(feature)
    layer.dataProvider().addFeatures(features)
    model = _quick("exampledistricts")
    outputs = _outputs(model, tmp_path)
    parameters = {**given, "INPUT": layer, "FIELD": "people", "POLYGONS": _halves(), **outputs}
    processing.run(model, parameters)
    prediction = read_raster(outputs["interpolate:Prediction"])
    assert prediction.sum() == pytest.approx(totals.sum(), rel=1e-5)
    summary = QgsVectorLayer(outputs["summarise:Summary"])
    found = {feature["name"]: feature for feature in summary.getFeatures()}
    assert found["west"]["people_total"] == pytest.approx(totals[:, :3].sum(), rel=1e-5)
    assert found["east"]["people_total"] == pytest.approx(totals[:, 3:].sum(), rel=1e-5)
    for feature in found.values():
        assert feature["people_lower"] < feature["people_total"] < feature["people_upper"]


def test_the_numbers_of_a_comparison_decide_on_a_warning(
    given: dict[str, Any], recorder: Recorder
) -> None:
    given = {**given, "CELL_SIZE": CELL}
    parameters = {**given, "FOLDS": 2, "compare:Report": "TEMPORARY_OUTPUT"}
    result = processing.run("geohg:examplecompare", parameters, feedback=recorder)
    found = result["CHILD_RESULTS"]["compare"]
    assert [*recorder.warnings, *recorder.errors] == []
    by_hand = processing.run("geohg:compare", {**given, "FOLDS": 2, "VALIDATION": "kfold"})
    methods = ("", "IDW_", "KRIGING_", "FOREST_")
    errors = [found[f"{each}RMSE"] for each in methods]
    assert errors == pytest.approx([by_hand[f"{each}RMSE"] for each in methods], rel=1e-9)
    assert found["RMSE"] == min(errors)

    content = create("geohg:examplecompare").toVariant()
    (condition,) = content["children"]["warn"]["params"]["CONDITION"]
    condition["static_value"] = condition["static_value"].replace("<", ">")
    changed = QgsProcessingModelAlgorithm()
    assert changed.loadVariant(content)
    processing.run(changed, parameters, feedback=recorder)
    warning = "A simpler method predicts better from these points: see the report."
    assert [*recorder.warnings, *recorder.errors] == [warning]  # QGIS 3.22 tells it as an error


# --- within other things ---


def test_its_outputs_are_inputs_of_native_algorithms(given: dict[str, Any], tmp_path: Path) -> None:
    """A model that takes an example as one step, and works out the relative uncertainty."""
    model = QgsProcessingModelAlgorithm("relative uncertainty")
    steps = QgsProcessingModelChildAlgorithm("geohg:examplesteps")
    steps.setChildId("steps")
    steps.setDescription("steps")
    for name in ("INPUT", "FIELD", "LANDCOVER"):
        definition = steps.algorithm().parameterDefinition(name).clone()
        model.addModelParameter(definition, QgsProcessingModelParameter(name))
        steps.addParameterSources(name, [Source.fromModelParameter(name)])
    steps.addParameterSources("CELL_SIZE", [Source.fromStaticValue(COARSE)])
    prediction = QgsProcessingModelOutput("map", "map")
    prediction.setChildId("steps")
    prediction.setChildOutputName("predict:Prediction")
    steps.setModelOutputs({"map": prediction})
    model.addChildAlgorithm(steps)
    calculator = QgsProcessingModelChildAlgorithm("gdal:rastercalculator")
    calculator.setChildId("ratio")
    for letter, name in (("A", "predict:Uncertainty"), ("B", "predict:Prediction")):
        calculator.addParameterSources(f"INPUT_{letter}", [Source.fromChildOutput("steps", name)])
        calculator.addParameterSources(f"BAND_{letter}", [Source.fromStaticValue(1)])
    calculator.addParameterSources("FORMULA", [Source.fromStaticValue("A / B")])
    ratio = QgsProcessingModelOutput("ratio", "ratio")
    ratio.setChildId("ratio")
    ratio.setChildOutputName("OUTPUT")
    calculator.setModelOutputs({"ratio": ratio})
    model.addChildAlgorithm(calculator)
    del given["CELL_SIZE"]
    outputs = {
        each.name(): str(tmp_path / f"{each.description()}.tif")
        for each in model.destinationParameterDefinitions()
    }
    result = processing.run(model, {**given, **outputs})
    children = result["CHILD_RESULTS"]
    expected = read_raster(children["steps"]["predict:Uncertainty"]) / read_raster(
        str(tmp_path / "map.tif")
    )
    np.testing.assert_allclose(read_raster(str(tmp_path / "ratio.tif")), expected, rtol=1e-5)


def test_batch_runs_every_row(given: dict[str, Any], tmp_path: Path) -> None:
    (tmp_path / "a").mkdir()
    (tmp_path / "b").mkdir()
    given["INPUT"] = given["INPUT"].id()
    model = create("geohg:examplesteps")
    rows = [
        {**given, "MASKED_RATIO": share, **_outputs(model, tmp_path / folder)}
        for share, folder in ((0.2, "a"), (0.4, "b"))
    ]
    found = by_batch("geohg:examplesteps", rows)
    assert [each["CHILD_RESULTS"]["evaluate"]["TEST_CELLS"] for each in found] == [20, 40]
    for row in rows:
        assert read_raster(row["predict:Prediction"]).shape == (10, 10)


def test_python_code_of_a_model_runs(given: dict[str, Any], tmp_path: Path) -> None:
    """What the designer exports as a script."""
    kind = QgsProcessing.PythonQgsProcessingAlgorithmSubclass
    names: dict[str, Any] = {"__name__": "exported"}
    exec("\n".join(_quick("examplesteps").asPythonCode(kind, 4)), names)  # noqa: S102 - it is made here
    (exported,) = (each for each in names.values() if getattr(each, "__module__", "") == "exported")
    algorithm = exported().create()
    outputs = _outputs(algorithm, tmp_path)
    optional = {"POI": None, "POI_FIELD": None}  # such a script looks for each, as dialogs do
    found = processing.run(algorithm, {**given, **optional, "MASKED_RATIO": 0.2, **outputs})
    assert found == outputs
    assert np.isfinite(read_raster(outputs["Prediction"])).all()


# --- opened in the designer ---


def test_a_copy_is_opened_and_the_example_stays(provider: Any, tmp_path: Path) -> None:
    from processing.modeler.ModelerDialog import ModelerDialog

    file = MODELS / "examplesteps.model3"
    before = file.read_bytes()
    entry = EditCopy()
    entry.setData(provider.algorithm("interpolate"), None)
    assert not entry.isEnabled()
    entry.setData(provider.algorithm("examplesteps"), None)
    assert entry.isEnabled()
    entry.execute()
    dialog = ModelerDialog.dlgs.pop()
    try:
        model = dialog.model()
        assert model.sourceFilePath() == "", "it asks for a file when it is saved"
        assert model.name() == provider.algorithm("examplesteps").displayName()
        assert model.validate() == (True, [])
        path = tmp_path / "mine.model3"
        model.setSourceFilePath(str(path))
        assert dialog.saveModel(False)
        assert QgsProcessingModelAlgorithm().fromFile(str(path))
    finally:
        dialog.setDirty(False)
        dialog.close()
    assert file.read_bytes() == before


def test_with_a_window_examples_wait_until_qgis_is_there() -> None:
    from processing.gui.ProviderActions import ProviderContextMenuActions

    class Window(QMainWindow):
        initializationCompleted = pyqtSignal()  # noqa: N815 - QGIS's name

        def mainWindow(self) -> QMainWindow:
            return self

        def registerOptionsWidgetFactory(self, factory: Any) -> None:
            pass

        def unregisterOptionsWidgetFactory(self, factory: Any) -> None:
            pass

        def firstRightStandardMenu(self) -> QMenu:
            return self.last

        def addToolBarWidget(self, widget: QWidget) -> Any:
            return self.tools.addWidget(widget)

        def removeToolBarIcon(self, shown: Any) -> None:
            self.tools.removeAction(shown)

        def messageBar(self) -> QgsMessageBar:
            return self.bar

    class Provider:
        """In place of the one of these tests, which is registered already."""

        loaded = 0

        def refreshAlgorithms(self) -> None:
            self.loaded += 1

    before = list(ProviderContextMenuActions.actions)
    window = Window()
    window.last, window.tools = window.menuBar().addMenu("Help"), window.addToolBar("Plugins")
    window.bar = QgsMessageBar()
    plugin = GeoHGPlugin(window)
    plugin._register = lambda: setattr(plugin, "provider", Provider())
    plugin.initGui()
    assert (plugin.provider.loaded, ProviderContextMenuActions.actions) == (0, before)
    window.initializationCompleted.emit()
    (entry,) = ProviderContextMenuActions.actions[len(before) :]
    assert plugin.provider.loaded == 1 and isinstance(entry, EditCopy)
    plugin.provider = None  # it is not in the registry
    plugin.unload()
    assert ProviderContextMenuActions.actions == before
