"""Pages of the documentation that repeat what the code says."""

from __future__ import annotations

import re
import sys
from pathlib import Path
from typing import Any

import pytest
from fresh import ROOT, run_fresh
from qgis.core import QgsProcessingContext, QgsSettings
from qgis.PyQt.QtCore import QUrl

import geohg
from geohg.geohg_plugin.provider import ALGORITHMS

DOCS, HELP = ROOT / "docs", ROOT / "resources" / "help"
REMEDY = "run 'make pages'"


sys.path.append(str(DOCS / "site"))
import algorithms  # noqa: E402
import descriptions  # noqa: E402
import helppages  # noqa: E402


def test_the_page_of_algorithms_is_what_they_say(provider: Any) -> None:
    assert algorithms.page() == (DOCS / "algorithms.md").read_text(encoding="utf-8"), REMEDY


def test_the_help_is_what_the_algorithms_say(provider: Any) -> None:
    written = {
        path.relative_to(HELP).as_posix(): path.read_text(encoding="utf-8")
        for path in HELP.glob("*/*.html")
    }
    assert helppages.help_pages() == written, REMEDY


@pytest.mark.parametrize(("locale", "language"), [("zh-Hans", "zh"), ("de", "en"), ("en", "en")])
def test_the_help_button_finds_a_page(locale: str, language: str) -> None:
    settings = QgsSettings()
    settings.setValue("locale/overrideFlag", True)
    settings.setValue("locale/userLocale", locale)
    try:
        addresses = {each().name(): each().helpUrl() for each in ALGORITHMS}
    finally:
        settings.remove("locale")
    for name, address in addresses.items():
        path = Path(QUrl(address).toLocalFile())
        assert path == HELP / language / f"{name}.html" and path.is_file()


_CLICK = """
from unittest.mock import MagicMock
import qgis.utils
from qgis.PyQt.QtCore import QObject, QUrl, pyqtSlot
from qgis.PyQt.QtGui import QDesktopServices
from qgis.PyQt.QtWidgets import QDialogButtonBox, QMainWindow
from processing.gui.AlgorithmDialog import AlgorithmDialog

class Browser(QObject):
    @pyqtSlot(QUrl)
    def show(self, url):
        print(url.toLocalFile())

browser, window = Browser(), QMainWindow()
QDesktopServices.setUrlHandler("file", browser, "show")
qgis.utils.iface = MagicMock()  # the window of QGIS: there is none
dialog = AlgorithmDialog(plugin.provider.algorithm("train").create(), parent=window)
dialog.buttonBox().button(QDialogButtonBox.StandardButton.Help).click()
"""


def test_the_help_button_opens_the_page(tmp_path: Path) -> None:
    done = run_fresh(_CLICK, tmp_path)
    assert done.returncode == 0, done.stderr
    assert Path(done.stdout.strip()) == HELP / "en" / "train.html"


def test_the_help_is_whole_and_leads_nowhere_else(provider: Any) -> None:
    for path in HELP.glob("*/*.html"):
        text = path.read_text(encoding="utf-8")
        assert "<script" not in text
        for link in re.findall('href="([^"]+)"', text):
            assert (path.parent / link).resolve().is_file(), link
        for parameter in provider.algorithm(path.stem).parameterDefinitions():
            assert f"<code>{parameter.name()}</code>" in text


def test_the_example_calls_are_good(
    provider: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    sample, context = ROOT / "resources" / "sample", QgsProcessingContext()
    monkeypatch.chdir(tmp_path)
    for name in ("points.gpkg", "landcover.tif", "districts.gpkg"):
        (tmp_path / name).symlink_to(sample / f"synthetic_{name}")
    (tmp_path / "city").mkdir()
    for name in ("graph", "model", "encoder"):
        (tmp_path / f"{name}.safetensors").touch()
    for description in descriptions.describe_all():
        given = dict(description.example)
        if "CLASS_FIELD" in given:
            given["CLASS_FIELD"] = "value"  # the sample's points have no classes
        good, message = provider.algorithm(description.name).checkParameterValues(given, context)
        assert good, f"{description.name}: {message}"


def test_every_public_name_is_in_the_reference() -> None:
    page = (DOCS / "reference.md").read_text(encoding="utf-8").splitlines()
    for module, name in geohg._PUBLIC.values():
        dotted = f"{module[1:]}.{name}"
        assert f"::: {dotted}" in page or dotted.startswith("engine.config.schema."), dotted
