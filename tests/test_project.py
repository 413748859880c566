"""What the project promises of itself: its version, its metadata and its zip."""

from __future__ import annotations

import configparser
import os
import subprocess
import zipfile
from pathlib import Path, PurePosixPath

import pytest

import geohg

ROOT = Path(__file__).parent.parent
REQUIRED_KEYS = (
    "name",
    "description",
    "about",
    "version",
    "qgisMinimumVersion",
    "author",
    "email",
    "repository",
    "tracker",
)
BINARY_SUFFIXES = {".bat", ".com", ".dll", ".dylib", ".exe", ".pyc", ".pyd", ".sh", ".so", ".whl"}
LARGEST_ZIP = 25_000_000


def read_metadata() -> configparser.SectionProxy:
    parser = configparser.ConfigParser(interpolation=None)
    parser.optionxform = str
    parser.read(ROOT / "metadata.txt", encoding="utf-8")
    return parser["general"]


@pytest.fixture(scope="module")
def packed(tmp_path_factory: pytest.TempPathFactory) -> zipfile.ZipFile:
    place = tmp_path_factory.mktemp("zip") / "geohg.zip"
    environment = {name: value for name, value in os.environ.items() if not name.startswith("MAKE")}
    command = ["make", "-s", "-C", str(ROOT), "zip", f"ZIP={place}"]
    subprocess.run(command, check=True, env=environment)
    return zipfile.ZipFile(place)


def test_version_is_the_same_everywhere() -> None:
    assert read_metadata()["version"] == geohg.__version__
    assert f"\n## {geohg.__version__}" in (ROOT / "CHANGELOG.md").read_text(encoding="utf-8")


@pytest.mark.parametrize("key", REQUIRED_KEYS)
def test_metadata_has_what_the_plugin_site_requires(key: str) -> None:
    assert read_metadata()[key].strip()


def test_metadata_announces_the_provider() -> None:
    assert read_metadata()["hasProcessingProvider"] == "yes"
    assert (ROOT / read_metadata()["icon"]).is_file()


def test_zip_has_one_folder(packed: zipfile.ZipFile) -> None:
    assert {PurePosixPath(name).parts[0] for name in packed.namelist()} == {"geohg"}


@pytest.mark.parametrize(
    "name",
    [
        "LICENSE",
        "metadata.txt",
        "__init__.py",
        "engine/__main__.py",
        "engine/requirements.txt",
        "engine/report/template.html",
        "geohg_plugin/provider.py",
        "resources/sample/synthetic_landcover.tif",
    ],
)
def test_zip_has_what_runs(packed: zipfile.ZipFile, name: str) -> None:
    assert f"geohg/{name}" in packed.namelist()


def test_zip_has_nothing_else(packed: zipfile.ZipFile) -> None:
    inside = [PurePosixPath(name).relative_to("geohg") for name in packed.namelist()]
    tops = {path.parts[0] for path in inside if path.parts}
    assert not tops & {
        ".ci",
        ".git",
        "Makefile",
        "benchmarks",
        "build",
        "docs",
        "notebooks",
        "tests",
    }
    assert not [path for path in inside if path.suffix.lower() in BINARY_SUFFIXES]
    assert not [path for path in inside if "__pycache__" in path.parts]


def test_zip_is_small_enough(packed: zipfile.ZipFile) -> None:
    assert Path(packed.filename).stat().st_size < LARGEST_ZIP


def test_every_package_of_the_engine_is_installed() -> None:
    folders = {path.parent.relative_to(ROOT) for path in (ROOT / "engine").rglob("__init__.py")}
    packages = {".".join(("geohg", *folder.parts)) for folder in folders}
    listed = (ROOT / "pyproject.toml").read_text(encoding="utf-8")
    assert not [package for package in packages if f'    "{package}",\n' not in listed]
