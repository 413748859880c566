"""The zip that `make zip` packs, held to the rules of the site that publishes QGIS plugins.

The rules are our own reading of the site's validator and scanner
(github.com/qgis/QGIS-Plugins-Website) and of its policy; each has a test of its refusal.
"""

from __future__ import annotations

import configparser
import contextlib
import json
import os
import subprocess
import sys
import zipfile
from collections.abc import Iterator
from pathlib import Path, PurePosixPath
from urllib.parse import urlsplit

import pytest

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
LINKS = ("tracker", "repository", "homepage")
FLAGS = ("experimental", "deprecated", "server", "hasProcessingProvider")
LARGEST_ZIP = 25_000_000
# Folders and files that do not belong in a plugin.
FORBIDDEN = {"__MACOSX", "__pycache__", ".git", "tests"}
BINARIES = set(".bat .cmd .com .dll .dylib .exe .lib .msi .ps1 .pyc .pyd .pyo .sh .so .whl".split())


def find_breaches(path: Path, largest: int = LARGEST_ZIP) -> list[str]:
    """The rules of the site that a zip breaks, each in words."""
    if path.stat().st_size > largest:
        return [f"has {path.stat().st_size} bytes, more than {largest}"]
    try:
        packed = zipfile.ZipFile(path)
        broken = packed.testzip()
    except zipfile.BadZipFile as error:
        return [f"is no good zip: {error}"]
    with packed:
        if broken:
            return [f"has a damaged file: {broken}"]
        names = packed.namelist()
        tops = {name.split("/")[0] for name in names}
        breaches = [breach for info in packed.infolist() for breach in _file_breaches(info)]
        if len(tops) != 1:
            return [*breaches, f"has not one folder, but {sorted(tops)}"]
        folder = tops.pop()
        if not folder.isidentifier() or not folder.isascii() or "plugin" in folder.lower():
            breaches.append(f"has a folder of a bad name: {folder}")
        needed = ("__init__.py", "metadata.txt", "LICENSE")
        missing = [name for name in needed if f"{folder}/{name}" not in names]
        breaches += [f"has no {name}" for name in missing]
        if "metadata.txt" not in missing:
            breaches += _metadata_breaches(packed, folder)
    return breaches


def _file_breaches(info: zipfile.ZipInfo) -> Iterator[str]:
    """What is wrong with one file of a zip."""
    path = PurePosixPath(info.filename)
    if path.is_absolute() or ".." in info.filename or "\\" in info.filename:
        yield f"has a path that leads out of it: {info.filename}"
    if FORBIDDEN & set(path.parts):
        yield f"has a forbidden folder: {info.filename}"
    if any(part.startswith(".") for part in path.parts):
        yield f"has a hidden file: {info.filename}"
    if path.suffix.lower() in BINARIES:
        yield f"has a program: {info.filename}"
    if path.suffix == ".py" and info.external_attr >> 16 & 0o111:
        yield f"has an executable file: {info.filename}"


def _metadata_breaches(packed: zipfile.ZipFile, folder: str) -> Iterator[str]:
    """What is wrong with the metadata, which the site reads with interpolation of %."""
    parser = configparser.ConfigParser()
    parser.optionxform = str
    try:
        parser.read_string(packed.read(f"{folder}/metadata.txt").decode("utf-8"))
        given = dict(parser.items("general"))
    except (configparser.Error, UnicodeDecodeError) as error:
        yield f"has metadata that cannot be read: {type(error).__name__}"
        return
    for key in REQUIRED_KEYS:
        if not given.get(key, "").strip():
            yield f"lacks {key}"
    for key in LINKS:
        parts = urlsplit(given.get(key, ""))
        if parts.scheme not in ("http", "https") or "." not in parts.netloc:
            yield f"has no link in {key}"
    for key in ("version", "qgisMinimumVersion", "qgisMaximumVersion"):
        if not all(part.isdecimal() for part in given.get(key, "").split(".")):
            yield f"has no number in {key}"
    for key in set(FLAGS) & set(given):
        if given[key] not in ("True", "False", "yes", "no"):
            yield f"has neither yes nor no in {key}"
    if "/" in given.get("author", ""):
        yield "has a slash in author"
    if "plugin" in given.get("name", "").lower():
        yield "has the word plugin in its name"
    if "supportsQt6" in given:
        yield "has supportsQt6, which qgisMaximumVersion replaced"
    if f"{folder}/{given.get('icon', '')}" not in packed.namelist():
        yield "has no icon"
    if given.get("version", "") not in given.get("changelog", ""):
        yield "has no changelog of its version"
    if not all(given.get(key, "").isascii() for key in ("name", "description", "tags")):
        yield "is not described in English"


def find_faults(folder: Path) -> list[str]:
    """What bandit finds in a folder's code: every rule, every severity."""
    command = [sys.executable, "-m", "bandit", "-r", str(folder), "-f", "json", "--quiet"]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    report = json.loads(done.stdout)
    found = [
        f"{one['filename']}:{one['line_number']} {one['test_id']}" for one in report["results"]
    ]
    return found + [f"{one['filename']} {one['reason']}" for one in report["errors"]]


def find_secrets(folder: Path) -> list[str]:
    """What detect-secrets takes for one, in the folder's files as the site has them read, but for
    its search of each line for a call that only names a secret: what such a line holds is told too.
    """
    command = [sys.executable, "-m", "detect_secrets", "scan", "--all-files"]
    command += ["--disable-filter", "detect_secrets.filters.heuristic.is_indirect_reference"]
    command += ["--exclude-files", r"metadata\.txt", "."]
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=True)
    results = json.loads(done.stdout)["results"]
    return [
        f"{name}:{one['line_number']} {one['type']}" for name in results for one in results[name]
    ]


def fold(folder: Path, target: Path) -> None:
    """Write each distinct line of the folder's files once, in a file of its suffix in `target`.

    The scanner judges a line by its text and by the suffix of its file: half of the lines of
    the zip are as others are, and each takes it some 27 searches.
    """
    lines: dict[str, dict[str, None]] = {}
    for path in sorted(folder.rglob("*")):
        if path.is_file() and path.name != "metadata.txt":
            with contextlib.suppress(UnicodeDecodeError):  # the scanner skips these too
                for line in path.read_text(encoding="utf-8").split("\n"):
                    lines.setdefault(path.suffix, {}).setdefault(line.strip())
    for suffix, found in lines.items():
        (target / f"all{suffix}").write_text("\n".join(found) + "\n", encoding="utf-8")


@pytest.fixture(scope="module")
def packed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The zip of the last commit."""
    path = tmp_path_factory.mktemp("zip") / "geohg.zip"
    environment = {name: value for name, value in os.environ.items() if not name.startswith("MAKE")}
    command = ["make", "-s", "-C", str(ROOT), "zip", f"ZIP={path}"]
    subprocess.run(command, check=True, env=environment)
    return path


@pytest.fixture(scope="module")
def unpacked(packed: Path) -> Path:
    """The folder that the zip becomes."""
    with zipfile.ZipFile(packed) as file:
        file.extractall(packed.parent)
    return packed.parent / "geohg"


def test_zip_keeps_the_rules_of_the_site(packed: Path) -> None:
    assert find_breaches(packed) == []


@pytest.mark.parametrize(
    "name",
    [
        "CHANGELOG.md",
        "README.md",
        "engine/__main__.py",
        "engine/cluster.txt",
        "engine/requirements.txt",
        "engine/torch-cpu.txt",
        "engine/torch-cu130.txt",
        "engine/torch-pypi.txt",
        "engine/report/template.html",
        "geohg_plugin/provider.py",
        "i18n/geohg_zh.qm",
        "i18n/geohg_zh.ts",
        "resources/help/help.css",
        "resources/help/en/interpolate.html",
        "resources/help/zh/interpolate.html",
        "resources/icons/geohg.svg",
        "resources/models/exampleinterpolate.model3",
        "resources/sample/synthetic_landcover.tif",
    ],
)
def test_zip_has_what_runs(unpacked: Path, name: str) -> None:
    assert (unpacked / name).is_file()


def test_zip_has_nothing_else(unpacked: Path) -> None:
    wanted = "CHANGELOG.md LICENSE README.md README.zh-CN.md __init__.py engine geohg_plugin i18n"
    tops = {path.name for path in unpacked.iterdir()}
    assert tops <= {*wanted.split(), "metadata.txt", "resources"}
    for room in ("i18n", "resources"):
        assert not list((unpacked / room).rglob("*.py"))


def test_bandit_finds_nothing(unpacked: Path) -> None:
    assert find_faults(unpacked) == []


def test_no_secret_is_found(unpacked: Path, tmp_path: Path) -> None:
    fold(unpacked, tmp_path)
    assert find_secrets(tmp_path) == []


METADATA = """[general]
name=Good
description=Does good
about=Does good in the world
version=1.0
qgisMinimumVersion=3.22
qgisMaximumVersion=4.99
author=Somebody
email=somebody@example.org
tracker=https://example.org/tracker
repository=https://example.org/code
homepage=https://example.org
tags=good
icon=icon.svg
experimental=True
changelog=1.0 The first
"""
GOOD = {
    "good/__init__.py": "",
    "good/metadata.txt": METADATA,
    "good/LICENSE": "GPL",
    "good/icon.svg": "<svg/>",
}


def make_zip(path: Path, files: dict[str, str | None]) -> Path:
    """A zip of files; None leaves one out."""
    with zipfile.ZipFile(path, "w") as file:
        for name, text in files.items():
            if text is not None:
                file.writestr(name, text)
    return path


def test_a_good_zip_passes(tmp_path: Path) -> None:
    assert find_breaches(make_zip(tmp_path / "good.zip", GOOD)) == []


@pytest.mark.parametrize(
    ("changes", "breach"),
    [
        ({"good/LICENSE": None}, "has no LICENSE"),
        ({"good/LICENSE": None, "good/LICENSE.txt": "GPL"}, "has no LICENSE"),
        ({"good/__init__.py": None}, "has no __init__.py"),
        ({"good/metadata.txt": None}, "has no metadata.txt"),
        ({"other/a.py": ""}, "has not one folder, but ['good', 'other']"),
        ({"README.md": ""}, "has not one folder, but ['README.md', 'good']"),
        ({"good/../a.py": ""}, "has a path that leads out of it: good/../a.py"),
        ({"good/a\\b.py": ""}, "has a path that leads out of it: good/a\\b.py"),
        ({"good/a.pyc": ""}, "has a program: good/a.pyc"),
        ({"good/a.SO": ""}, "has a program: good/a.SO"),
        ({"good/run.sh": ""}, "has a program: good/run.sh"),
        ({"good/__pycache__/a": ""}, "has a forbidden folder: good/__pycache__/a"),
        ({"good/tests/test_a.py": ""}, "has a forbidden folder: good/tests/test_a.py"),
        ({"good/.hidden": ""}, "has a hidden file: good/.hidden"),
    ],
)
def test_bad_files_are_refused(changes: dict[str, str | None], breach: str, tmp_path: Path) -> None:
    assert breach in find_breaches(make_zip(tmp_path / "bad.zip", {**GOOD, **changes}))


@pytest.mark.parametrize("name", ["my-good", "9good", "good_plugin", "gööd"])
def test_a_bad_folder_name_is_refused(name: str, tmp_path: Path) -> None:
    files = {path.replace("good", name, 1): text for path, text in GOOD.items()}
    breach = f"has a folder of a bad name: {name}"
    assert find_breaches(make_zip(tmp_path / "bad.zip", files)) == [breach]


@pytest.mark.parametrize(
    ("line", "other", "breach"),
    [
        *((f"{key}=", "unknown=", f"lacks {key}") for key in REQUIRED_KEYS),
        *((f"{key}=https://", f"{key}=ftp://", f"has no link in {key}") for key in LINKS),
        ("https://example.org/tracker", "http://bugs", "has no link in tracker"),
        ("version=1.0", "version=1.0-beta", "has no number in version"),
        ("qgisMaximumVersion=4.99", "", "has no number in qgisMaximumVersion"),
        ("experimental=True", "experimental=maybe", "has neither yes nor no in experimental"),
        ("author=Somebody", "author=A/B", "has a slash in author"),
        ("name=Good", "name=Good Plugin", "has the word plugin in its name"),
        ("tags=good", "supportsQt6=True", "has supportsQt6, which qgisMaximumVersion replaced"),
        ("icon=icon.svg", "icon=other.svg", "has no icon"),
        ("changelog=1.0 The first", "changelog=", "has no changelog of its version"),
        ("description=Does good", "description=好", "is not described in English"),
        ("Does good in the", "100 % in the", "has metadata that cannot be read: Interpolation"),
        ("[general]", "[plugin]", "has metadata that cannot be read: NoSectionError"),
    ],
)
def test_bad_metadata_is_refused(line: str, other: str, breach: str, tmp_path: Path) -> None:
    assert line in METADATA
    files = {**GOOD, "good/metadata.txt": METADATA.replace(line, other)}
    found = find_breaches(make_zip(tmp_path / "bad.zip", files))
    assert [one for one in found if one.startswith(breach)]


def test_too_large_and_damaged_zips_are_refused(tmp_path: Path) -> None:
    path = make_zip(tmp_path / "bad.zip", GOOD)
    size = path.stat().st_size
    assert find_breaches(path, largest=size - 1) == [f"has {size} bytes, more than {size - 1}"]
    content = path.read_bytes()
    path.write_bytes(content[: size // 2])
    assert find_breaches(path)[0].startswith("is no good zip")
    path.write_bytes(content.replace(b"GPL", b"MIT", 1))
    assert find_breaches(path) == ["has a damaged file: good/LICENSE"]


def test_an_executable_file_is_refused(tmp_path: Path) -> None:
    path = make_zip(tmp_path / "bad.zip", GOOD)
    info = zipfile.ZipInfo("good/run.py")
    info.external_attr = 0o100755 << 16
    with zipfile.ZipFile(path, "a") as file:
        file.writestr(info, "")
    assert find_breaches(path) == ["has an executable file: good/run.py"]


DANGEROUS = {
    "B307": "eval(input())",
    "B403": "import pickle",
    "B101": "assert True",
    "B603": "import subprocess\nsubprocess.run(['ls'])",
    "B605": "import os\nos.system('ls')",
    "B110": "try:\n    pass\nexcept Exception:\n    pass",
    "unread": "def",
}


def test_dangerous_code_and_code_that_cannot_be_read_are_found(tmp_path: Path) -> None:
    for name, code in DANGEROUS.items():
        (tmp_path / f"{name}.py").write_text(code + "\n")
    found = find_faults(tmp_path)
    for name in DANGEROUS:
        mark = f"{name}.py" if name == "unread" else name
        assert [one for one in found if f"{name}.py" in one and mark in one.split("/")[-1]]


PLANTED = {
    "code.py": f"key = '{'AKIA' + 'IOSFODNN7EXAMPL' + 'K'}'",
    "data.json": '{"password": "%s"}' % ("hunter2" + "hunter3"),
    "text.txt": "-----BEGIN RSA " + "PRIVATE KEY-----",
}


def test_planted_secrets_are_found(tmp_path: Path) -> None:
    """Also where the line that holds one stands between others, in folders of a folder."""
    source, folded = tmp_path / "source", tmp_path / "folded"
    folded.mkdir()
    for name, text in PLANTED.items():
        (source / name).mkdir(parents=True)
        (source / name / name).write_text("a\n\n    " + text + "\na\n")
    assert {one.split("/")[0] for one in find_secrets(source)} == {*PLANTED}
    fold(source, folded)
    found = {one.split(":")[0] for one in find_secrets(folded)}
    assert found == {f"all{Path(name).suffix}" for name in PLANTED}
