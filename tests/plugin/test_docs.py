"""Pages of the documentation that repeat what the code says."""

from __future__ import annotations

import runpy
from pathlib import Path
from typing import Any

import geohg
from geohg.geohg_plugin.runtime.places import data_folder

DOCS = Path(__file__).resolve().parents[2] / "docs"


def test_the_page_of_algorithms_is_what_they_say(provider: Any) -> None:
    page = runpy.run_path(str(DOCS / "site" / "algorithms.py"))["page"]
    order = [each().name() for each in geohg.geohg_plugin.provider.ALGORITHMS]
    made = page([provider.algorithm(name) for name in order], str(data_folder()))
    written = (DOCS / "algorithms.md").read_text(encoding="utf-8")
    assert made == written, "run: QT_QPA_PLATFORM=offscreen python3 docs/site/algorithms.py"


def test_every_public_name_is_in_the_reference() -> None:
    page = (DOCS / "reference.md").read_text(encoding="utf-8").splitlines()
    for module, name in geohg._PUBLIC.values():
        place = f"{module[1:]}.{name}"
        assert f"::: {place}" in page or place.startswith("engine.config.schema."), place
