"""Machines that others left in disorder: the job runs, or one sentence says why not."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from fresh import ROOT, run_fresh

RUN = """
from qgis.core import QgsProcessingException
parameters["OUTPUT"] = os.environ["TEST_OUTPUT"]
try:
    result = processing.run("geohg:interpolate", parameters)
    print("OK", result["CELLS"], os.path.getsize(result["OUTPUT"]))
except QgsProcessingException as error:
    print("REFUSED", json.dumps(str(error)))
"""
RUBBISH = (
    "PYTHONHOME PYTHONPATH PYTHONEXECUTABLE PYTHONSTARTUP PYTHONUSERBASE PROJ_LIB PROJ_DATA "
    "GDAL_DATA GDAL_DRIVER_PATH LD_LIBRARY_PATH LD_PRELOAD VIRTUAL_ENV CONDA_PREFIX "
    "QGIS_PREFIX_PATH"
).split()


def printed(done: subprocess.CompletedProcess[str]) -> str:
    """The last line of a fresh QGIS, which must have lived to its end."""
    assert done.returncode == 0, done.stderr
    return done.stdout.strip().splitlines()[-1]


@pytest.fixture
def output(tmp_path: Path) -> Path:
    folder = tmp_path / "out"
    folder.mkdir()
    return folder / "map.tif"


@pytest.fixture
def full_disk(tmp_path: Path) -> Iterator[Path]:
    """A folder on a disk with room for next to nothing."""
    folder = tmp_path / "disk"
    folder.mkdir()
    with _mounted(["-t", "tmpfs", "-o", "size=32k", "tmpfs", str(folder)], folder):
        yield folder


class _mounted:  # noqa: N801 - reads as what it is
    """A mount, or a skip where none can be made."""

    def __init__(self, arguments: list[str], folder: Path) -> None:
        self.arguments, self.folder = arguments, folder

    def __enter__(self) -> None:
        done = subprocess.run(["mount", *self.arguments], capture_output=True, check=False)
        if done.returncode:
            pytest.skip("nothing can be mounted here")

    def __exit__(self, *failure: object) -> None:
        subprocess.run(["umount", "-l", str(self.folder)], check=True)


def test_rubbish_in_the_environment_of_a_qgis_that_is_no_python(
    output: Path, tmp_path: Path
) -> None:
    # Set from inside, as the start of QGIS on Windows and other plugins do.
    body, trace = "".join(f"os.environ[{name!r}] = '/rubbish'\n" for name in RUBBISH), "started"
    for name in ("qgis-bin.exe", "QGIS"):
        program = tmp_path / name
        program.write_text(f"#!/bin/sh\ntouch '{tmp_path / trace}'\n")
        program.chmod(0o755)
        body += f"sys.executable = {str(program)!r}\nprint({name!r})\n{RUN}"
    done = run_fresh(body, tmp_path, TEST_OUTPUT=str(output))
    assert printed(done).startswith("OK 300 ")
    assert [line[:7] for line in done.stdout.split("\n") if line[:2] == "OK"] == ["OK 300 "] * 2
    assert not (tmp_path / trace).exists()


def test_a_home_and_a_read_only_plugin_with_spaces_and_chinese_characters(tmp_path: Path) -> None:
    home, folder = tmp_path / "我的 home 文件夹", tmp_path / "只读 plugins" / "geohg"
    (home / "tmp").mkdir(parents=True)
    for room in ("engine", "geohg_plugin", "resources"):
        ignored = shutil.ignore_patterns("__pycache__")
        shutil.copytree(ROOT / room, folder / room, ignore=ignored)
    shutil.copy(ROOT / "__init__.py", folder)
    folders = {"HOME": str(home), "TMPDIR": str(home / "tmp"), "XDG_CACHE_HOME": str(home / "缓存")}
    with _mounted(["--bind", str(folder), str(folder)], folder):
        subprocess.run(["mount", "-o", "remount,ro,bind", str(folder)], check=True)
        done = run_fresh(RUN, home, folder, TEST_OUTPUT=str(home / "地图 1.tif"), **folders)
        assert not os.access(folder, os.W_OK)
    assert printed(done).startswith("OK 300 ")
    assert not [path for path in (home / "tmp").iterdir() if path.name.startswith("geohg-")]


def test_a_full_disk_for_the_outputs(full_disk: Path, tmp_path: Path) -> None:
    (full_disk / "ballast").write_bytes(b"x" * 28_000)
    body = f"parameters['CELL_SIZE'] = 500\n{RUN}"
    sentence = printed(run_fresh(body, tmp_path, TEST_OUTPUT=str(full_disk / "map.tif")))
    assert sentence.startswith("REFUSED ") and "disk is full" in sentence
    assert "\\n" not in sentence
    assert os.listdir(full_disk) == ["ballast"]


def test_a_full_disk_for_temporary_files(full_disk: Path, output: Path, tmp_path: Path) -> None:
    (full_disk / "ballast").write_bytes(b"x" * 32_000)
    body = f"os.environ['TMPDIR'] = tempfile.tempdir = {str(full_disk)!r}\n{RUN}"
    sentence = printed(run_fresh(body, tmp_path, TEST_OUTPUT=str(output)))
    assert sentence.startswith("REFUSED ") and "No space left" in sentence
    assert "\\n" not in sentence
    assert os.listdir(full_disk) == ["ballast"] and os.listdir(output.parent) == []


def test_a_chosen_python_of_another_world_is_refused(output: Path, tmp_path: Path) -> None:
    bare = tmp_path / "bare"  # QGIS's own Python may have all that the engine needs
    subprocess.run([sys.executable, "-m", "venv", "--without-pip", str(bare)], check=True)
    python = str(bare / "bin" / "python3")
    sentence = printed(run_fresh(RUN, tmp_path, TEST_OUTPUT=str(output), GEOHG_PYTHON=python))
    assert sentence.startswith("REFUSED ") and "lacks" in sentence and "torch" in sentence
