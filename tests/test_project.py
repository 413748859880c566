"""What the project promises of itself: its version, its provider and its packages."""

from __future__ import annotations

import configparser
import re
from collections import Counter
from pathlib import Path

import geohg

ROOT = Path(__file__).parent.parent


def read_metadata() -> configparser.SectionProxy:
    parser = configparser.ConfigParser(interpolation=None)
    parser.optionxform = str
    parser.read(ROOT / "metadata.txt", encoding="utf-8")
    return parser["general"]


def test_version_is_the_same_everywhere() -> None:
    assert read_metadata()["version"] == geohg.__version__
    assert f"\n## {geohg.__version__}" in (ROOT / "CHANGELOG.md").read_text(encoding="utf-8")


def test_metadata_announces_the_provider_and_both_qt() -> None:
    given = read_metadata()
    assert given["hasProcessingProvider"] == "yes"
    assert (given["qgisMinimumVersion"], given["qgisMaximumVersion"]) == ("3.22", "4.99")


def test_the_plugin_manager_of_a_chinese_qgis_describes_it_in_chinese() -> None:
    for key in ("description", "about"):
        assert re.search("[\u4e00-\u9fff]", read_metadata()[f"{key}[zh]"])


def test_both_readmes_have_the_same_parts_figures_and_calls() -> None:
    texts = [(ROOT / name).read_text(encoding="utf-8") for name in ("README.md", "README.zh-CN.md")]
    calls = [re.findall("```.*?```", text, re.DOTALL) for text in texts]
    calls = [[re.sub("#.*", "", call).split() for call in each] for each in calls]
    assert calls[0] == calls[1] and len(calls[0]) >= 5
    for pattern in ("^#+", r"(?<![\w.])\d+(?:\.\d+)*", r"\]\((?!README)[^)]+\)"):
        english, chinese = (Counter(re.findall(pattern, text, re.MULTILINE)) for text in texts)
        assert english == chinese and english


def test_every_package_of_the_engine_is_installed() -> None:
    folders = {path.parent.relative_to(ROOT) for path in (ROOT / "engine").rglob("__init__.py")}
    packages = {".".join(("geohg", *folder.parts)) for folder in folders}
    listed = (ROOT / "pyproject.toml").read_text(encoding="utf-8")
    assert not [package for package in packages if f'    "{package}",\n' not in listed]
