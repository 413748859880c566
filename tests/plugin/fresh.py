"""A QGIS of its own for a test that spoils the process that it runs in."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]

_PREAMBLE = """
import importlib.util, json, os, sys, tempfile
root, plugin_folder = sys.argv[1:3]
from qgis.core import QgsApplication, QgsProcessingFeedback
application = QgsApplication([], False)
application.initQgis()
sys.path.append(os.path.join(QgsApplication.pkgDataPath(), "python", "plugins"))
spec = importlib.util.spec_from_file_location(
    "geohg", os.path.join(plugin_folder, "__init__.py"), submodule_search_locations=[plugin_folder]
)
geohg = importlib.util.module_from_spec(spec)
sys.modules["geohg"] = geohg
spec.loader.exec_module(geohg)
from processing.core.Processing import Processing
import processing
Processing.initialize()
plugin = geohg.classFactory(None)
plugin.initProcessing()
sample = os.path.join(root, "resources", "sample")
points = os.path.join(sample, "synthetic_points.gpkg")
parameters = {
    "INPUT": points + "|layername=synthetic_points|subset=fid % 4 = 1",
    "FIELD": "value",
    "LANDCOVER": [os.path.join(sample, "synthetic_landcover.tif")],
    "CELL_SIZE": 2000,
    "DEVICE": "cpu",
    "THREADS": 1,
    "VALIDATION": "holdout",
    "BLOCKS": False,
    "IMPORTANCE": False,
}
"""
_END = """
plugin.unload()
sys.stdout.flush()
os._exit(0)
"""


def profile_of(home: Path) -> Path:
    """Where a QGIS of `qgis_environment` keeps its default profile."""
    return home / "config" / "profiles" / "default"


def qgis_environment(home: Path) -> dict[str, str]:
    """Variables of a QGIS without screen whose home and profile are in `home`."""
    return {
        "PATH": os.environ["PATH"],
        "LANG": "C.UTF-8",
        "QT_QPA_PLATFORM": "offscreen",
        "HOME": str(home),
        "XDG_RUNTIME_DIR": str(home),
        "QGIS_CUSTOM_CONFIG_PATH": str(home / "config"),
        "GEOHG_PYTHON": os.environ["GEOHG_PYTHON"],
        "GEOHG_RUN_IN": os.environ.get("GEOHG_RUN_IN", ""),
        "OMP_NUM_THREADS": "1",
    }


def enable_checkout(home: Path) -> dict[str, str]:
    """Enable the plugin, as it lies here, in the profile of `home`; the variables of that QGIS."""
    plugins, settings = home / "plugins", profile_of(home) / "QGIS" / "QGIS3.ini"
    plugins.mkdir(parents=True)
    (plugins / "geohg").symlink_to(ROOT)
    settings.parent.mkdir(parents=True)
    settings.write_text("[PythonPlugins]\ngeohg=true\n")
    return {**qgis_environment(home), "QGIS_PLUGINPATH": str(plugins)}


def qgis_process_program() -> str:
    """Where `qgis_process` is."""
    # Debian 12's wrapper script passes an option that its program does not know.
    program = shutil.which("qgis_process.bin") or shutil.which("qgis_process")
    assert program, "qgis_process is not installed"
    return program


def run_qgis_process(
    environment: dict[str, str], *arguments: str, standard_input: str = "", **changes: str
) -> subprocess.CompletedProcess[str]:
    """Run `qgis_process` with these variables and no others but `changes`."""
    return subprocess.run(
        [qgis_process_program(), *arguments],
        input=standard_input,
        env={**environment, **changes},
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
    )


def run_fresh(
    body: str, profile: Path, plugin_folder: Path = ROOT, **environment: str
) -> subprocess.CompletedProcess[str]:
    """Run lines in a fresh QGIS that has the plugin, `processing` and `parameters`.

    Parameters
    ----------
    body : str
        The lines; without indentation.
    profile : Path
        Folder for QGIS's settings.
    plugin_folder : Path
        Where the plugin lies.
    environment
        Variables that the process gets beside this one's own.
    """
    code = _PREAMBLE + body + _END
    own = {"QT_QPA_PLATFORM": "offscreen", "QGIS_CUSTOM_CONFIG_PATH": str(profile)}
    own["XDG_CONFIG_HOME"] = str(profile)
    return subprocess.run(
        [sys.executable, "-c", code, str(ROOT), str(plugin_folder)],
        env={**os.environ, **own, **environment},
        capture_output=True,
        text=True,
        timeout=240,
        check=False,
    )
