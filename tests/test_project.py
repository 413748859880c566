"""What the project promises of itself: its version, its provider and its packages."""

from __future__ import annotations

import configparser
import json
import re
import subprocess
from collections import Counter
from pathlib import Path
from typing import Any

import pytest
import yaml

import geohg

ROOT = Path(__file__).parent.parent


def read_metadata() -> configparser.SectionProxy:
    parser = configparser.ConfigParser(interpolation=None)
    parser.optionxform = str
    parser.read(ROOT / "metadata.txt", encoding="utf-8")
    return parser["general"]


def test_version_is_the_same_everywhere() -> None:
    assert read_metadata()["version"] == geohg.__version__
    version = geohg.__version__
    changelog = (ROOT / "CHANGELOG.md").read_text(encoding="utf-8")
    (date,) = re.findall(
        rf"^## {re.escape(version)} - (\d{{4}}-\d\d-\d\d)$", changelog, re.MULTILINE
    )
    cited = read_yaml("CITATION.cff")
    assert cited["version"] == version and str(cited["date-released"]) == date


def read_yaml(name: str) -> Any:
    return yaml.safe_load((ROOT / name).read_text(encoding="utf-8"))


def test_the_changelog_sorts_what_changed_into_sections() -> None:
    changelog = (ROOT / "CHANGELOG.md").read_text(encoding="utf-8")
    sections = re.findall("^### (.*)$", changelog, re.MULTILINE)
    known = {"Added", "Changed", "Deprecated", "Removed", "Fixed", "Security"}
    assert sections and set(sections) <= known
    versions = re.findall("^## (.*)$", changelog, re.MULTILINE)
    assert all(re.fullmatch(r"Unreleased|\d+\.\d+\.\d+ - \d{4}-\d\d-\d\d", one) for one in versions)


def test_the_paper_is_cited_with_all_its_authors() -> None:
    paper = read_yaml("CITATION.cff")["preferred-citation"]
    assert len(paper["authors"]) == 9 and paper["authors"][0]["family-names"] == "Zou"
    assert paper["url"] in (ROOT / "README.md").read_text(encoding="utf-8")


def test_the_workflow_runs_what_a_submission_is_held_to() -> None:
    jobs = read_yaml(".github/workflows/ci.yml")["jobs"]
    steps = [step.get("run") for step in jobs["whole"]["steps"]]
    assert ".ci/run" in steps and jobs["whole"]["container"].startswith("debian:")
    oldest, newest = jobs["engine"]["strategy"]["matrix"]["python"]
    project = (ROOT / "pyproject.toml").read_text(encoding="utf-8")
    assert f'requires-python = ">={oldest}"' in project
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    assert f"< ({newest.split('.')[0]}, {int(newest.split('.')[1]) + 1})" in makefile


def test_whoever_reports_a_fault_is_asked_for_the_diagnostics() -> None:
    body = read_yaml(".github/ISSUE_TEMPLATE/bug.yml")["body"]
    (field,) = [field for field in body if field["id"] == "diagnostics"]
    assert "GeoHG > Diagnostics" in field["attributes"]["description"]
    assert field["validations"]["required"]


@pytest.mark.parametrize("name", ["bug", "question"])
def test_issue_forms_are_whole(name: str) -> None:
    # GitHub hides a form that lacks one of these, and says nothing to whoever reports.
    form = read_yaml(f".github/ISSUE_TEMPLATE/{name}.yml")
    assert form["name"] and form["description"]
    for key in ("id", "label"):
        found = [{**field, **field["attributes"]}[key] for field in form["body"]]
        assert all(found) and len(set(found)) == len(found)


def test_the_container_runs_the_demo() -> None:
    container = json.loads((ROOT / ".devcontainer/devcontainer.json").read_text(encoding="utf-8"))
    assert container["postCreateCommand"] == "make demo"
    job = read_yaml(".github/workflows/ci.yml")["jobs"]["whole"]
    assert container["image"] == job["container"]


def test_hooks_run_the_tools_of_the_environment() -> None:
    (own,) = read_yaml(".pre-commit-config.yaml")["repos"]
    assert own["repo"] == "local"
    assert all(hook["entry"].startswith(".venv/bin/python ") for hook in own["hooks"])


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


def test_the_extras_are_what_the_toolkit_has_and_what_a_cluster_needs() -> None:
    project = (ROOT / "pyproject.toml").read_text(encoding="utf-8")
    extras = project.split("[project.optional-dependencies]\n")[1].split("\n[")[0]
    found = {
        name: re.findall(r'"([\w-]+)>=([\d.]+)"', listed)
        for name, listed in re.findall(r"^(\w+) = \[(.*?)\]", extras, re.MULTILINE | re.DOTALL)
    }
    assert sorted(found) == ["cluster", "dev", "geo"] and len(found["dev"]) >= 8
    pinned = dict(
        re.findall(
            r"^([\w-]+)==([\d.]+)",
            (ROOT / "tests" / "requirements.txt").read_text(encoding="utf-8"),
            re.MULTILINE,
        )
    )
    assert all(pinned[name].startswith(version) for name, version in found["dev"])
    # Rasters are always read, so that the extra adds nothing.
    (dependencies,) = re.findall(r"^dependencies = \[(.*?)^\]", project, re.MULTILINE | re.DOTALL)
    assert [f'"{name}>={version}"' in dependencies for name, version in found["geo"]] == [True]


def test_the_paper_is_cited_in_both_readmes_as_bibtex() -> None:
    authors = read_yaml("CITATION.cff")["preferred-citation"]["authors"]
    named = " and ".join(f"{one['family-names']}, {one['given-names']}" for one in authors)
    for name in ("README.md", "README.zh-CN.md"):
        text = (ROOT / name).read_text(encoding="utf-8")
        (entry,) = re.findall("```bibtex\n(.*?)```", text, re.DOTALL)
        assert entry.startswith("@inproceedings{zou2024space,") and f"author={{{named}}}" in entry


def test_every_module_that_is_imported_exists() -> None:
    """Also in code that stands in a text, of which neither ruff nor mypy knows."""
    line = ["git", "ls-files", "*.py", "*.md", "*.ipynb"]
    done = subprocess.run(line, cwd=ROOT, capture_output=True, text=True, check=True)
    imports = re.compile(r"^\W*(?:from|import) (geohg\..*?)(?: import .*)?$", re.MULTILINE)
    found = {
        (name, path)
        for path in done.stdout.split()
        for names in imports.findall((ROOT / path).read_text(encoding="utf-8"))
        for name in re.findall(r"geohg(?:\.\w+)+", names)
    }
    assert len(found) > 100
    toolkit = {f"geohg.{path}" for path in geohg.engine.toolkit.MODULES}
    paths = {one: ROOT.joinpath(*one[0].split(".")[1:]) for one in found if one[0] not in toolkit}
    assert not [
        one
        for one, path in paths.items()
        if not path.is_dir() and not path.with_suffix(".py").is_file()
    ]
