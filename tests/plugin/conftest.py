"""QGIS without windows, the provider, and a landscape whose truth is known."""

from __future__ import annotations

import importlib.util
import os
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

sys.path.insert(0, str(Path(__file__).parent))

# Before anything of QGIS starts: no window, and no trace in the user's profile.
_profile = tempfile.TemporaryDirectory(prefix="geohg-test-profile-")
os.environ["QT_QPA_PLATFORM"] = "offscreen"
os.environ["QGIS_CUSTOM_CONFIG_PATH"] = _profile.name
os.environ["XDG_CONFIG_HOME"] = _profile.name
os.environ["XDG_DATA_HOME"] = _profile.name
os.environ.setdefault("XDG_RUNTIME_DIR", _profile.name)

if importlib.util.find_spec("qgis"):
    from qgis.core import QgsApplication, QgsProject

    _application = QgsApplication([], False)
    _application.initQgis()
    sys.path.append(os.path.join(QgsApplication.pkgDataPath(), "python", "plugins"))

    from support import CELL, EXTENT, Landscape, Recorder, Watcher, make_landscape
else:

    class _NoQgis(pytest.Module):
        """A module of tests that cannot be imported here."""

        def collect(self) -> list[pytest.Item]:
            pytest.skip("there is no QGIS in this Python; `make test-plugin` finds one")

    def pytest_pycollect_makemodule(module_path: Path, parent: pytest.Collector) -> pytest.Module:
        """Say of each module why it is left out."""
        return _NoQgis.from_parent(parent, path=module_path)


@pytest.hookimpl(tryfirst=True)
def pytest_pyfunc_call() -> None:
    """Let one engine serve several tests: it is started anew where the environment differs."""
    os.environ.pop("PYTEST_CURRENT_TEST", None)


@pytest.fixture(scope="session")
def engine_python() -> str:
    """The Python of the engine's environment."""
    path = os.environ.get("GEOHG_PYTHON", "")
    if not os.path.isfile(path):
        pytest.exit(
            f"GEOHG_PYTHON is '{path}', not the Python of the engine's environment: run "
            "'make engine' and set it, or use 'make test'.",
            returncode=2,
        )
    return path


@pytest.fixture(scope="session", autouse=True)
def provider(engine_python: str) -> Iterator[Any]:
    """QGIS with Processing and the provider of GeoHG."""
    from processing.core.Processing import Processing

    from geohg import classFactory

    Processing.initialize()
    plugin = classFactory(None)
    plugin.initProcessing()
    yield plugin.provider
    QgsProject.instance().clear()
    plugin.unload()
    Processing.deinitialize()


@pytest.fixture(scope="session")
def landscape(provider: Any, tmp_path_factory: pytest.TempPathFactory) -> Landscape:
    """The landscape of these tests, its layers in the project."""
    made = make_landscape(tmp_path_factory.mktemp("landscape"))
    QgsProject.instance().addMapLayers([made.points, made.pois])
    return made


@pytest.fixture(scope="session")
def inputs(landscape: Landscape) -> dict[str, Any]:
    """Parameters that every algorithm with a grid takes, on the whole landscape."""
    return {
        "INPUT": landscape.points,
        "FIELD": "value",
        "LANDCOVER": [landscape.raster],
        "CELL_SIZE": CELL,
        "EXTENT": EXTENT,
    }


@pytest.fixture
def recorder() -> Recorder:
    """Feedback that keeps what it is told."""
    return Recorder()


@pytest.fixture
def watcher() -> Watcher:
    return Watcher()


@pytest.fixture
def nothing_set(monkeypatch: pytest.MonkeyPatch) -> Iterator[tuple[str, ...]]:
    """No setting of the plugin is set, before and after; their names."""
    from geohg.geohg_plugin import settings

    names = (
        *(settings.ENGINE_PYTHON, settings.RUN_IN, settings.THREADS, settings.WORKERS),
        settings.KEEP_WARM,
    )
    for name in names:
        monkeypatch.delenv(name, raising=False)
        settings.store(name, "")
    yield names
    for name in names:
        settings.store(name, "")
