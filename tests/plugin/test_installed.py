"""The zip of `make zip`, installed by QGIS's own plugin manager into a fresh profile, and run."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from fresh import ROOT, profile_of, qgis_environment, run_qgis_process
from support import QUICK, read_raster

from geohg.engine.language import speaking, tr

SAMPLE = ROOT / "resources" / "sample"
CELL, FINE = 2000, 500  # metres; the second is that of the sample's truth
_INSTALL = """
import json, os, sys
from unittest.mock import MagicMock
from qgis.core import QgsApplication, QgsSettings
from qgis.gui import QgsMessageBar
from qgis.PyQt.QtWidgets import QMainWindow
QgsApplication.setOrganizationName("QGIS")
QgsApplication.setApplicationName("QGIS3")
application = QgsApplication([], True)
application.initQgis()
python = os.path.join(QgsApplication.pkgDataPath(), "python")
home = os.path.join(QgsApplication.qgisSettingsDirPath(), "python", "plugins")
sys.path[:0] = [python, os.path.join(python, "plugins"), home]
import qgis.utils
qgis.utils.iface = MagicMock()  # the window: there is none but for what holds menus and messages
window, bar = QMainWindow(), QgsMessageBar()
qgis.utils.iface.mainWindow.return_value = window
qgis.utils.iface.messageBar.return_value = bar
qgis.utils.plugin_paths = [home]
qgis.utils.home_plugin_path = qgis.utils.HOME_PLUGIN_PATH = home  # QGIS renamed it
from processing.core.Processing import Processing
from pyplugin_installer import installer, installer_data
from pyplugin_installer.installer import plugins
settings = MagicMock()  # what newer windows register: look for no news, nothing seen before
settings.node.return_value.childSetting.return_value.value.return_value = ""
installer.QgsSettingsTree = installer_data.QgsSettingsTree = settings
Processing.initialize()
installer.QgsPluginInstaller().installFromZipFile(sys.argv[1])
known = plugins.all()["geohg"]
print(json.dumps({
    "active": qgis.utils.active_plugins,
    "error": known["error"],
    "version": known["version_installed"],
    "changelog": known["changelog"],
    "icon": known["icon"],
    "module": sys.modules["geohg"].__file__,
    "enabled": QgsSettings().value("PythonPlugins/geohg"),
}))
sys.stdout.flush()
QgsSettings().sync()
os._exit(0)
"""


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A home without anything."""
    return tmp_path_factory.mktemp("home")


@pytest.fixture(scope="module")
def installed(home: Path) -> dict[str, Any]:
    """What QGIS knows of the plugin when its manager has installed the zip."""
    packed = os.environ.get("GEOHG_ZIP", "")  # where there is neither git nor lrelease
    if not packed:
        packed = str(home / "geohg.zip")
        own = {name: value for name, value in os.environ.items() if not name.startswith("MAKE")}
        command = ["make", "-s", "-C", str(ROOT), "zip", f"ZIP={packed}"]
        subprocess.run(command, env=own, check=True)
    command = [sys.executable, "-c", _INSTALL, packed]
    done = subprocess.run(
        command, env=qgis_environment(home), capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout.splitlines()[-1])


def test_the_plugin_manager_installs_and_starts_it(installed: dict[str, Any], home: Path) -> None:
    folder = profile_of(home) / "python" / "plugins" / "geohg"
    assert installed["active"] == ["geohg"] and installed["error"] == ""
    assert installed["enabled"] in (True, "true")
    assert installed["changelog"].startswith(installed["version"])
    assert Path(installed["icon"]).is_file()
    assert Path(installed["module"]) == folder / "__init__.py"


def test_it_interpolates(installed: dict[str, Any], home: Path, tmp_path: Path) -> None:
    values = {
        "INPUT": SAMPLE / "synthetic_points.gpkg",
        "FIELD": "value",
        "LANDCOVER": SAMPLE / "synthetic_landcover.tif",
        "CELL_SIZE": CELL,
        **QUICK,
        "OUTPUT": tmp_path / "map.tif",
        "REPORT": tmp_path / "report.html",
    }
    command = ["--json", "run", "geohg:interpolate", "--"]
    command += [f"{key}={value}" for key, value in values.items()]
    done = run_qgis_process(qgis_environment(home), *command)
    assert done.returncode == 0, done.stderr
    results = json.loads(done.stdout)["results"]
    assert results["CELLS"] == 300
    assert 0 < results["RMSE"] < results["IDW_RMSE"]
    assert (tmp_path / "report.html").is_file()
    fine, step = read_raster(str(SAMPLE / "synthetic_truth.tif")), CELL // FINE
    rows, cols = (size // step for size in fine.shape)
    truth = fine.reshape(rows, step, cols, step).mean(axis=(1, 3))
    error = read_raster(results["OUTPUT"]) - truth
    assert np.sqrt(np.mean(error**2)) < 0.5 * truth.std()


def test_it_speaks_chinese(installed: dict[str, Any], home: Path, provider: Any) -> None:
    english = provider.algorithm("interpolate").shortDescription()
    with speaking("zh"):
        chinese = tr(english)
    assert chinese != english
    for locale, text in {"zh_CN.UTF-8": chinese, "C.UTF-8": english}.items():
        done = run_qgis_process(qgis_environment(home), "help", "geohg:interpolate", LC_ALL=locale)
        assert done.returncode == 0, done.stderr
        assert text in done.stdout
