"""The dialogs that users see: what they show and choose, and that their buttons work."""

from __future__ import annotations

import gc
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import numpy as np
import processing
import pytest
from processing.core.ProcessingResults import resultsList
from processing.tools.dataobjects import createContext
from qgis.core import QgsProcessingOutputLayerDefinition, QgsProject, QgsRasterLayer
from qgis.PyQt import sip
from qgis.PyQt.QtCore import QEventLoop, QTimer
from qgis.PyQt.QtWidgets import QComboBox, QDialogButtonBox, QLineEdit, QPushButton, QWidget
from support import Landscape, Recorder, gone, make_points, write_raster

from geohg.geohg_plugin import dialogs
from geohg.geohg_plugin.algorithms.groups import choice_texts, group_of
from geohg.geohg_plugin.dialogs import open_dialog
from geohg.geohg_plugin.firstchoices import value_field
from geohg.geohg_plugin.optionspage import OptionsPage
from geohg.geohg_plugin.runtime import warm

SHOWN = [
    *("INPUT", "FIELD", "LANDCOVER", "COVARIATE_RASTERS", "POI", "POI_FIELD", "AREA"),
    *("CELL_SIZE", "OUTPUT", "REPORT"),
]


def wait_for(done: Callable[[], bool], seconds: float = 60.0) -> bool:
    """Let QGIS's event loop run until something is done."""
    loop, timer, limit = QEventLoop(), QTimer(), QTimer()
    timer.timeout.connect(lambda: done() and loop.quit())
    limit.timeout.connect(loop.quit)
    timer.start(20)
    limit.start(int(1000 * seconds))
    loop.exec_() if hasattr(loop, "exec_") else loop.exec()
    return done()


@pytest.fixture(autouse=True)
def closed(
    nothing_set: object, engine_python: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[None]:
    """Nothing is set up, no dialog stays open, and none has the engine started."""
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path))
    monkeypatch.setenv("GEOHG_PYTHON", engine_python)
    monkeypatch.setenv("GEOHG_KEEP_WARM", "0")
    warm.end()  # that of the tests before
    yield
    for dialog in reversed(dialogs._open):  # a child before its parent
        dialog.close()
        sip.delete(dialog)
    dialogs._open.clear()


def engine_starts() -> bool:
    """Whether an engine waits for a job, or is being started for one."""
    return warm._kept is not None or warm._starting.locked()


def shown(dialog: Any) -> list[str]:
    """The parameters that a dialog shows at once."""
    panel = dialog.mainWidget()
    return [name for name, wrapper in panel.wrappers.items() if _is_shown(wrapper, panel)]


def _is_shown(wrapper: Any, panel: QWidget) -> bool:
    return wrapper.wrappedWidget().isVisibleTo(panel)


def test_the_engine_gets_ready_while_a_dialog_is_filled_in(
    inputs: dict[str, Any], recorder: Recorder, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("GEOHG_KEEP_WARM", "60")
    assert not engine_starts()
    dialog = open_dialog("geohg:interpolate")
    assert wait_for(lambda: warm._kept is not None)
    process, ends = warm._kept.started_id, warm._timer
    dialog.mainWidget().wrappers["CELL_SIZE"].setParameterValue(2000.0, createContext())
    assert warm._kept.started_id == process and warm._timer is not ends, "kept anew"
    processing.run("geohg:check", inputs, feedback=recorder)
    assert recorder.process_id == process
    warm.end()
    assert gone(process)


@pytest.mark.parametrize(
    ("algorithm", "setting", "value"),
    [
        ("interpolate", "GEOHG_KEEP_WARM", "0"),
        ("interpolate", "GEOHG_RUN_IN", "inside"),
        ("interpolate", "GEOHG_PYTHON", ""),
        ("setupengine", "GEOHG_KEEP_WARM", "60"),
    ],
)
def test_no_engine_is_started_where_none_is_wanted(
    algorithm: str, setting: str, value: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("GEOHG_KEEP_WARM", "60")
    monkeypatch.setenv(setting, value)
    open_dialog(f"geohg:{algorithm}")
    assert not engine_starts()


def test_a_dialog_that_nobody_sees_starts_no_engine(
    provider: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("GEOHG_KEEP_WARM", "60")
    dialog = provider.algorithm("interpolate").create().createCustomParametersWidget()
    dialogs._open.append(dialog)
    dialog.setParameters({"CELL_SIZE": 2000.0})
    assert not engine_starts()


@pytest.mark.parametrize("which", [0, 1])
def test_buttons_of_the_options_open_dialogs_that_run(which: int) -> None:
    page = OptionsPage()
    page.findChildren(QPushButton)[which].click()
    assert wait_for(lambda: len(dialogs._open) == 1, 10)
    (dialog,) = dialogs._open
    name = dialog.algorithm().name()
    assert name == ("setupengine", "diagnostics")[which]
    if name == "setupengine":
        dialog.setParameters({"ACTION": "remove"})
    del page
    gc.collect()
    ended: list[bool] = []
    dialog.algorithmFinished.connect(lambda good, results: ended.append(good))
    dialog.buttonBox().button(QDialogButtonBox.StandardButton.Ok).click()
    assert wait_for(lambda: bool(ended)) and ended == [True]


def test_a_dialog_is_short(landscape: Landscape) -> None:
    dialog = open_dialog("geohg:interpolate")
    assert shown(dialog) == SHOWN
    empty = dialog.findChild(QWidget, "grpAdvanced")
    assert empty is None or not empty.isVisibleTo(dialog)
    compared = open_dialog("geohg:compare")
    assert shown(compared) == [name for name in SHOWN if name != "OUTPUT"]
    for one in (dialog, compared):
        names = set(one.mainWidget().wrappers)
        assert not names & {"DROPOUT", "EPOCHS", "HIDDEN_CHANNELS"}
        assert {"MODEL_KIND", "SETTINGS", "WORLDCOVER"} <= names
    assert {"DROPOUT", "EPOCHS", "HIDDEN_CHANNELS"} <= set(
        open_dialog("geohg:train").mainWidget().wrappers
    )


def test_a_button_checks_what_is_filled_in(landscape: Landscape) -> None:
    QgsProject.instance().addMapLayer(landscape.points, False)
    given = {"INPUT": landscape.points.id(), "FIELD": ["value"], "LANDCOVER": [landscape.raster]}
    dialog = open_dialog("geohg:interpolate", {**given, "CELL_SIZE": 2000.0, "BOUNDS": "0,500"})
    buttons = dialog.buttonBox().buttons()
    next(each for each in buttons if each.text() == "Check my data").click()
    checked = dialogs._open[-1]
    assert checked.algorithm().name() == "check" and checked.parent() is dialog
    ended: list[Any] = []
    checked.algorithmFinished.connect(lambda good, results: ended.append((good, results)))
    assert wait_for(lambda: bool(ended))
    ((good, results),) = ended
    assert good and results["USED_CELL_SIZE"] == 2000.0 and results["OBSERVED"] > 10
    taken = checked.createProcessingParameters()
    assert taken["FIELD"] == "value" and taken["BOUNDS"] == "0,500"
    QgsProject.instance().takeMapLayer(landscape.points)


def test_only_what_reads_the_same_has_that_button() -> None:
    for name in ("interpolate", "compare", "check", "classify", "train"):
        buttons = open_dialog(f"geohg:{name}").buttonBox().buttons()
        found = any(each.text() == "Check my data" for each in buttons)
        assert found == (name in ("interpolate", "compare"))


def test_what_a_dialog_hides_is_still_taken_from_a_call(
    provider: Any, landscape: Landscape
) -> None:
    algorithm = provider.algorithm("interpolate")
    hidden = [
        each.name() for each in algorithm.parameterDefinitions() if group_of(each) == "network"
    ]
    assert {"DROPOUT", "EPOCHS", "GNN_TYPE", "STRICT_REFERENCE"} <= set(hidden)
    dialog = open_dialog("geohg:interpolate", {"DROPOUT": 0.25, "FIELD": "value"})
    parameters = dialog.createProcessingParameters()
    assert parameters["DROPOUT"] == 0.25


def test_choices_are_in_words_and_keep_their_values(provider: Any) -> None:
    dialog = open_dialog("geohg:setupengine")
    combo = dialog.mainWidget().wrappers["ACTION"].wrappedWidget()
    combo = combo if isinstance(combo, QComboBox) else combo.findChild(QComboBox)
    texts = [combo.itemText(number) for number in range(combo.count())]
    assert texts == ["set up or repair", "set up anew", "remove"]
    combo.setCurrentIndex(1)
    assert dialog.createProcessingParameters()["ACTION"] == "again"
    known = choice_texts()
    for algorithm in provider.algorithms():
        for each in algorithm.parameterDefinitions():
            if each.type() == "enum":
                assert [value for value in each.options() if value not in known] == []


def test_the_field_of_values_is_no_identifier(landscape: Landscape) -> None:
    dialog = open_dialog("geohg:interpolate")
    layer = make_points("numbered", [0.0, 1.0], [0.0, 1.0], [3.5, 4.5], ["a", "b"])
    layer.dataProvider().addAttributes(_fields())
    layer.updateFields()
    QgsProject.instance().addMapLayer(layer)
    wrappers = dialog.mainWidget().wrappers
    wrappers["INPUT"].setParameterValue(layer.id(), _context())
    assert wrappers["FIELD"].parameterValue() == ["value"]
    layer.dataProvider().deleteAttributes([layer.fields().lookupField("value")])
    layer.updateFields()
    assert value_field(layer) == "zinc"
    QgsProject.instance().removeMapLayer(layer)


def test_what_is_chosen_stands_there_by_name(landscape: Landscape) -> None:
    project, cover = QgsProject.instance(), QgsRasterLayer(landscape.raster, "my land cover")
    project.addMapLayers([cover, landscape.points], False)
    wrappers = open_dialog("geohg:interpolate").mainWidget().wrappers
    wrappers["INPUT"].setParameterValue(landscape.points.id(), _context())
    gc.collect()

    def text(name: str, *values: str) -> str:
        wrappers[name].setParameterValue([*values], _context())
        assert (wrappers[name].parameterValue() or []) == [*values]
        (line,) = wrappers[name].wrappedWidget().findChildren(QLineEdit)
        return line.text()

    assert [text("FIELD", "value"), text("FIELD", "value", "kind")] == ["value", "value, kind"]
    assert text("FIELD", "kind") == "kind" and "kind" not in text("FIELD")
    assert text("LANDCOVER", cover.source()) == "my land cover"
    assert "my land cover" not in text("LANDCOVER")
    project.removeMapLayer(cover)
    project.takeMapLayer(landscape.points)


def _fields() -> list[Any]:
    from qgis.core import QgsField
    from qgis.PyQt.QtCore import QVariant

    names = (("fid", QVariant.Int), ("siteID", QVariant.Double), ("lon", QVariant.Double))
    return [QgsField(name, kind) for name, kind in (*names, ("zinc", QVariant.Double))]


def _context() -> Any:
    from processing.tools.dataobjects import createContext

    return createContext()


def test_the_one_map_of_classes_is_chosen(landscape: Landscape, tmp_path: Path) -> None:
    project = QgsProject.instance()
    classes = QgsRasterLayer(landscape.raster, "classes")
    heights = np.arange(90_000, dtype=np.int16).reshape(300, 300)
    from osgeo import gdal

    path = write_raster(tmp_path / "heights.tif", heights, kind=gdal.GDT_Int16)
    project.addMapLayers([classes, QgsRasterLayer(path, "heights")])
    wrapper = open_dialog("geohg:interpolate").mainWidget().wrappers["LANDCOVER"]
    assert wrapper.parameterValue() == [classes.source()]
    second = QgsRasterLayer(landscape.raster, "more classes")
    project.addMapLayer(second)
    wrapper = open_dialog("geohg:interpolate").mainWidget().wrappers["LANDCOVER"]
    assert not wrapper.parameterValue()
    names = ("classes", "heights", "more classes")
    project.removeMapLayers([one.id() for name in names for one in project.mapLayersByName(name)])


def test_an_output_that_batch_leaves_empty_is_not_waited_for(
    inputs: dict[str, Any], recorder: Recorder
) -> None:
    nothing = QgsProcessingOutputLayerDefinition("", QgsProject.instance())
    wanted = {"GRAPH": "TEMPORARY_OUTPUT", "CELLS_LAYER": nothing}
    result = processing.runAndLoadResults(
        "geohg:buildgraph", {**inputs, **wanted}, feedback=recorder
    )
    assert recorder.errors == [] and "CELLS_LAYER" not in result


def test_batch_lists_its_pages(provider: Any, tmp_path: Path) -> None:
    dialog = dialogs.BatchDialog(provider.algorithm("diagnostics").create())
    dialog.loadHTMLResults({"HTML": str(tmp_path / "page.html")}, 1)
    assert resultsList.getResults()[-1].name == "Report: 2"
    sip.delete(dialog)
