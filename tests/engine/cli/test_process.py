"""What only a process of its own shows: exit codes, streams and Ctrl+C."""

import json
import os
import re
import select
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

import psutil
import pytest

from geohg.engine.cli.main import main

from ..conftest import in_a_copy
from .conftest import BBOX

MAIN = Path(__file__).resolve().parents[3] / "engine" / "__main__.py"


@pytest.fixture
def start(spawn):
    """Start a command, or do it in a copy of this process, which writes in an encoding;
    standard output and error may be others than pipes.
    """
    pipes = {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE}

    def start(*arguments, copy=False, encoding="utf-8", **streams):
        words = [*map(str, arguments)]

        def work():
            for stream in (sys.stdout, sys.stderr):
                stream.reconfigure(encoding=encoding)
            main(words, prog_name="geohg")

        options = {**pipes, **streams, **(in_a_copy(work) if copy else {})}
        return spawn([sys.executable, "-u", str(MAIN), *words], encoding=encoding, **options)

    return start


def test_a_mistake_ends_with_2_and_a_sentence(start):
    process = start("train", "--city", "sample", "--epochs", "0")
    out, err = process.communicate(timeout=120)
    assert process.returncode == 2 and out == ""
    assert err == "Error: 'training.epochs' must lie between 1 and 1000000, got 0.\n"


def test_the_package_is_run_by_its_name_where_the_checkout_has_it(tmp_path):
    (tmp_path / "geohg").symlink_to(MAIN.parent.parent)
    command = [sys.executable, "-m", "geohg"]
    named = {"cwd": tmp_path, "capture_output": True, "text": True, "timeout": 120}
    assert subprocess.run([*command, "-V"], **named).stdout.startswith("geohg, version ")
    done = subprocess.run([*command, "train", "--epochs", "0"], **named)
    assert done.returncode == 2 and done.stderr.startswith("Error: 'training.epochs' must lie")


def test_a_fault_of_the_program_ends_with_1_and_a_traceback(tmp_path):
    code = (
        "import runpy, sys; from unittest import mock; sys.argv = ['geohg', 'train'];"
        "import click; mock.patch('click.Context.invoke', side_effect=ZeroDivisionError).start();"
        f"runpy.run_path({str(MAIN)!r}, run_name='__main__')"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, timeout=120)
    assert done.returncode == 1 and "ZeroDivisionError" in done.stderr


QUICK = ("--masked-ratio", "0", "--no-blocks", "--threads", "1")
COLUMNS = ("--target-column", "value", "--coord-columns", "x,y", "--crs", "EPSG:32631")
MAP = ("interpolate", *COLUMNS, "--resolution", "3000", *QUICK, "--data")


def test_a_terminal_without_the_letters_of_a_name_gets_them_escaped(start, landscape, tmp_path):
    data, path = shutil.copy(landscape.points, tmp_path / "点.csv"), tmp_path / "地图.tif"
    make = ("interpolate", *COLUMNS, "--resolution", 1000, "--quiet", *QUICK, "--output", path)
    process = start(*make, "--data", data, copy=True, encoding="latin-1")
    out, err = process.communicate()
    assert (process.returncode, err) == (0, "") and r"\u5730\u56fe.tif" in out
    assert path.stat().st_size > 1000
    process = start(*make, "--data", "点.csv", copy=True, encoding="latin-1")
    out, err = process.communicate()
    assert process.returncode == 2 and out == "" and r"'\u70b9.csv' does not exist" in err
    assert len(err.splitlines()) == 1


@pytest.mark.skipif(sys.platform == "win32", reason="has no such pipes")
def test_an_output_that_nobody_reads_does_not_stop_the_work(start, landscape, tmp_path):
    folder = tmp_path / "city"
    land = ("--tif-path", landscape.landcover, "--bbox", BBOX, "--resolution", 1000)
    process = start("build-graph", *land, "--output-dir", folder)
    process.stdout.close()
    process.stderr.close()
    assert process.wait(timeout=120) == 0
    assert (folder / "graph.safetensors").stat().st_size > 1000


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="has no full device")
def test_a_result_that_cannot_be_printed_is_told_in_a_sentence(start, tmp_path):
    with open("/dev/full", "w") as full:
        process = start("configs", tmp_path, stdout=full)
    err = process.communicate(timeout=120)[1]
    assert process.returncode == 2 and (tmp_path / "default.yaml").is_file()
    assert err == (
        "Error: The result cannot be printed: No space left on device; the files were written.\n"
    )


WARN = """
import logging, sys, warnings
from unittest import mock
import click
def talk(*args, **kwargs):
    warnings.warn("from a library", DeprecationWarning, stacklevel=1)
    warnings.warn("from a library", UserWarning, stacklevel=1)
    logging.getLogger("rasterio._env").error("CPLE_AppDefined in a file")
    logging.warning("the last resort")
    {act}
sys.argv = ["geohg", "train"]
mock.patch("click.Context.invoke", side_effect=talk).start()
import runpy
runpy.run_path({main!r}, run_name="__main__")
"""


@pytest.mark.parametrize(
    ("act", "code", "pattern"),
    [
        ("return", 0, "^$"),
        ("raise MemoryError", 2, "^Error: There is too little memory; use larger cells[^\n]*\n$"),
        ("raise RuntimeError('std::bad_alloc')", 2, "^Error: There is too little memory"),
        ("raise KeyboardInterrupt", 130, "^\n?Cancelled; nothing was written.\n$"),
        ("raise EOFError", 130, "Cancelled; nothing was written.\n$"),
        ("raise click.FileError('x')", 2, "^Error: Could not open file 'x'"),
        ("raise BrokenPipeError", 0, "^$"),
        (
            "talk()",
            1,
            r"\nError: GeoHG has a fault .RecursionError: .*; please report it.*\n$",
        ),
    ],
)
def test_each_end_has_its_exit_code_and_no_library_warns(act, code, pattern):
    text = WARN.format(act=act, main=str(MAIN))
    done = subprocess.run([sys.executable, "-c", text], capture_output=True, text=True, timeout=120)
    assert done.returncode == code and re.search(pattern, done.stderr), done.stderr
    assert done.stdout == "" and "a library" not in done.stderr and "CPLE" not in done.stderr


def read_until(terminal, text, seconds):
    """What is shown on a terminal until `text` is, nobody holds it any more, or time is over."""
    shown, end = "", time.monotonic() + seconds
    while (
        text not in shown and select.select([terminal], [], [], max(0, end - time.monotonic()))[0]
    ):
        try:
            shown += os.read(terminal, 1000).decode()
        except OSError:
            break
    return shown


def _ready(terminal, end):
    """Whether there is something to read before a time."""
    return bool(select.select([terminal], [], [], max(0.0, end - time.monotonic()))[0])


@pytest.mark.skipif(sys.platform == "win32", reason="has no pseudo-terminals")
@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_ctrl_c_cancels_in_mid_training_and_leaves_no_part(start, tmp_path, number):
    flags = ("--kind", "gnn", "--epochs", 10**6, "--patience", 10**6, "--threads", 1)
    terminal, inside = os.openpty()
    flags = (*flags, "--model-dir", tmp_path)
    process = start("train", "--city", "sample", *flags, stderr=inside, copy=True)
    os.close(inside)
    assert "[##------------------]  10% Training, epoch 3" in read_until(terminal, "epoch 3", 60)
    process.send_signal(number)
    assert "Cancelled; nothing was written." in read_until(terminal, "nothing was written.", 3)
    assert process.wait(timeout=10) == 130
    assert process.stdout.read() == "" and os.listdir(tmp_path) == []
    os.close(terminal)


def test_ctrl_c_while_libraries_are_loaded_ends_at_once(start, tmp_path):
    process = start("train", "--city", "sample", "--model-dir", tmp_path)
    # Python alone takes less; on a busy machine it takes its time.
    while psutil.Process(process.pid).memory_info().rss < 60 * 2**20:
        time.sleep(0.01)
    process.send_signal(signal.SIGINT)
    process.communicate(timeout=60)
    assert process.returncode in (130, -signal.SIGINT) and os.listdir(tmp_path) == []


def test_a_name_that_the_locale_cannot_show_is_written_all_the_same(landscape, tmp_path):
    output = tmp_path / "地图.tif"
    command = [sys.executable, MAIN, *MAP, landscape.points, "--output", os.fsencode(output)]
    locale = {"LC_ALL": "C", "PYTHONCOERCECLOCALE": "0", "PYTHONUTF8": "0"}
    done = subprocess.run(command, env={**os.environ, **locale}, capture_output=True, timeout=120)
    assert done.returncode == 0 and b"Traceback" not in done.stderr, done.stderr
    assert os.listdir(tmp_path) == ["地图.tif"]


@pytest.mark.parametrize("flags", [(), ("--json",)])
def test_a_name_that_the_terminal_cannot_show_is_written_all_the_same(
    start, landscape, tmp_path, flags
):
    output = tmp_path / "地图.tif"
    process = start(
        *MAP, landscape.points, *flags, "--output", output, copy=True, encoding="latin-1"
    )
    out, err = process.communicate()
    assert process.returncode == 0 and "Traceback" not in err, err
    assert os.listdir(tmp_path) == ["地图.tif"]
    if flags:
        assert json.loads(out)["prediction"] == str(output)
