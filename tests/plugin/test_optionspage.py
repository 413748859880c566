"""The page of the options: it shows what is set, and stores what is changed."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from qgis.PyQt.QtWidgets import QWidget

import geohg
from geohg.geohg_plugin import settings
from geohg.geohg_plugin.optionspage import OptionsPage

NAMES = (
    *(settings.ENGINE_PYTHON, settings.RUN_IN, settings.THREADS, settings.WORKERS),
    settings.KEEP_WARM,
)


@pytest.fixture(autouse=True)
def not_installed(nothing_set: object, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Nothing is set and nothing installed."""
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path))


def test_defaults_are_shown_and_not_stored() -> None:
    page = OptionsPage()
    assert page.run_in.currentData() == "process"
    assert (page.threads.value(), page.keep_warm.value()) == (0, 60)
    page.apply()
    assert [settings.stored(name) for name in NAMES] == [""] * len(NAMES)


def test_what_is_changed_is_stored_and_shown_again() -> None:
    page = OptionsPage()
    page.python.setFilePath("/some where/python3")
    page.run_in.setCurrentIndex(page.run_in.findData("inside"))
    page.threads.setValue(3)
    page.workers.setValue(2)
    page.keep_warm.setValue(0)
    page.apply()
    assert settings.workers() == OptionsPage().workers.value() == 2
    assert settings.engine_python().path == "/some where/python3"
    assert (settings.run_in(), settings.threads(), settings.keep_warm_seconds()) == ("inside", 3, 0)
    again = OptionsPage()
    assert again.python.filePath() == "/some where/python3"
    assert again.run_in.currentData() == "inside"
    assert (again.threads.value(), again.keep_warm.value()) == (3, 0)


def test_what_the_environment_sets_cannot_be_changed_here(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GEOHG_THREADS", "2")
    page = OptionsPage()
    assert not page.threads.isEnabled()
    assert page.keep_warm.isEnabled()


def test_the_plugin_registers_the_page_where_there_is_a_window() -> None:
    class Window:
        registered: list[Any] = []

        def registerOptionsWidgetFactory(self, factory: Any) -> None:
            self.registered.append(factory)

        def unregisterOptionsWidgetFactory(self, factory: Any) -> None:
            self.registered.remove(factory)

        def mainWindow(self) -> Any:
            shown = QWidget()
            shown.show()
            return shown

    window = Window()
    plugin = geohg.classFactory(window)
    plugin._register = lambda: None  # the provider of these tests is registered already
    plugin.initGui()
    (factory,) = window.registered
    assert factory.title() == "GeoHG" and not factory.icon().isNull()
    assert isinstance(factory.createWidget(), OptionsPage)
    plugin.unload()
    assert window.registered == []
