"""Where each setting comes from, and what is made of a bad one."""

from __future__ import annotations

import pytest

from geohg.geohg_plugin import settings

NAMES = ("GEOHG_PYTHON", "GEOHG_RUN_IN", "GEOHG_THREADS", "GEOHG_KEEP_WARM")


pytestmark = pytest.mark.usefixtures("nothing_set")


def test_defaults() -> None:
    assert settings.engine_python().path == ""
    assert settings.run_in() == "process"
    assert settings.threads() == settings.workers() == 0
    assert settings.keep_warm_seconds() == 60


def test_what_is_set_in_qgis_is_taken() -> None:
    for name, value in zip(NAMES, ("/some/python", "inside", "3", "0")):
        settings.store(name, value)
    assert settings.engine_python().path == "/some/python"
    assert settings.engine_python().origin == "Settings > Options > GeoHG"
    assert settings.run_in() == "inside"
    assert settings.threads() == 3
    assert settings.keep_warm_seconds() == 0


def test_environment_variable_wins(monkeypatch: pytest.MonkeyPatch) -> None:
    settings.store("GEOHG_PYTHON", "/one")
    settings.store("GEOHG_THREADS", "3")
    monkeypatch.setenv("GEOHG_PYTHON", " /two ")
    monkeypatch.setenv("GEOHG_THREADS", "4")
    monkeypatch.setenv("GEOHG_WORKERS", "5")
    assert settings.engine_python().path == "/two"
    assert settings.engine_python().origin == "the environment variable GEOHG_PYTHON"
    assert settings.threads() == 4 and settings.workers() == 5


@pytest.mark.parametrize("value", ["many", "-1", "1.5", "9" * 30])
def test_a_number_that_is_none_counts_as_not_set(
    value: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("GEOHG_THREADS", value)
    monkeypatch.setenv("GEOHG_KEEP_WARM", value)
    assert settings.threads() == 0
    assert settings.keep_warm_seconds() == 60


def test_an_unknown_way_to_run_is_the_default(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GEOHG_RUN_IN", "elsewhere")
    assert settings.run_in() == "process"
