"""The toolkit's imports in QGIS's own Python, which has neither PyTorch nor rasterio."""

from __future__ import annotations

import importlib
import importlib.util
import sys

import pytest


def test_the_toolkits_modules_are_the_engines_in_qgis() -> None:
    import geohg.config
    from geohg.training import __path__ as nowhere

    schema = importlib.import_module("geohg.engine.config.schema")
    assert geohg.config.Config is schema.Config and nowhere == []
    # QGIS looks into every module of a plugin that it unloads.
    assert not hasattr(sys.modules["geohg.training"], "qCleanupResources")


def test_what_needs_the_engines_packages_says_which_is_missing() -> None:
    if importlib.util.find_spec("torch"):
        pytest.skip("this Python has PyTorch")
    with pytest.raises(ModuleNotFoundError, match="torch"):
        importlib.import_module("geohg.models.heads")
    assert "geohg.models.heads" not in sys.modules
