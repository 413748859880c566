"""What users meet first: the menu, the word about the engine, the example project."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from qgis.core import QgsProject
from qgis.gui import QgsMessageBar
from qgis.PyQt.QtWidgets import QPushButton
from support import FAST

from geohg.geohg_plugin import dialogs, menu, settings
from geohg.geohg_plugin.dialogs import open_dialog
from geohg.geohg_plugin.exampleproject import make_example


@pytest.fixture(autouse=True)
def no_engine(
    nothing_set: object, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[None]:
    """Nothing is set up, and nobody was told."""
    from qgis.PyQt import sip

    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path))
    settings.store(settings.TOLD, "")
    yield
    settings.store(settings.TOLD, "")
    for dialog in dialogs._open:
        sip.delete(dialog)
    dialogs._open.clear()


def press(where: Any, text: str) -> None:
    """Press the button of this text."""
    next(each for each in where.findChildren(QPushButton) if each.text() == text).click()


@pytest.mark.parametrize("answer", ["Set up", "Later"])
def test_the_engine_is_told_of_until_somebody_answers(answer: str) -> None:
    bar = QgsMessageBar()
    menu.show_engine_message(bar)
    assert len(bar.items()) == 1 and "1.6 GB" in bar.items()[0].text()
    press(bar, answer)
    assert [each.algorithm().name() for each in dialogs._open] == (
        ["setupengine"] if answer == "Set up" else []
    )
    again = QgsMessageBar()
    menu.show_engine_message(again)
    assert again.items() == []


def test_a_run_without_an_engine_offers_to_set_it_up() -> None:
    dialog = open_dialog("geohg:interpolate", FAST)
    dialog.runAlgorithm()
    assert "not set up" in dialog.messageBar().items()[0].text()
    press(dialog.messageBar(), "Set up")
    first, second = dialogs._open
    assert (first, second.algorithm().name()) == (dialog, "setupengine")
    assert second.parent() is dialog, "takes clicks beside a modal dialog"
    dialogs._open.reverse()  # a child goes before its parent


def test_the_example_is_a_copy_with_a_finished_map(tmp_path: Path) -> None:
    project = QgsProject()
    make_example(project, tmp_path)
    assert (tmp_path / "example.qgz").is_file()
    layers = project.mapLayers().values()
    assert all(layer.isValid() and str(tmp_path) in layer.source() for layer in layers)
    looks = {layer.name(): layer.renderer().type() for layer in layers}
    assert looks == {
        "Measured points": "graduatedSymbol",
        "POIs": "singleSymbol",
        "Finished map": "singlebandpseudocolor",
        "Land cover": "paletted",
    }
