"""What only a process of its own shows: exit codes, streams and Ctrl+C."""

import json
import os
import re
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

import psutil
import pytest

MAIN = Path(__file__).resolve().parents[3] / "engine" / "__main__.py"


@pytest.fixture
def start(spawn):
    """Start a command; keywords are variables of its environment."""

    def start(*arguments, stdout=None, stderr=subprocess.PIPE, **environment):
        return spawn(
            [sys.executable, "-u", str(MAIN), *map(str, arguments)],
            stdout=open(stdout, "w") if stdout else subprocess.PIPE,
            stderr=stderr,
            encoding="utf-8",
            env={**os.environ, **environment},
        )

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
MAKE = ("interpolate", "--target-column", "value", "--resolution", "1000", "--quiet")
MAKE = (*MAKE, "--coord-columns", "x,y", "--crs", "EPSG:32631", *QUICK)


def test_a_terminal_without_the_letters_of_a_name_gets_them_escaped(start, landscape, tmp_path):
    data, path = shutil.copy(landscape.points, tmp_path / "点.csv"), tmp_path / "地图.tif"
    process = start(*MAKE, "--data", data, "--output", path, PYTHONIOENCODING="latin-1")
    out, err = process.communicate(timeout=120)
    assert (process.returncode, err) == (0, "") and r"\u5730\u56fe.tif" in out
    assert path.stat().st_size > 1000
    process = start(*MAKE, "--data", "点.csv", "--output", path, PYTHONIOENCODING="latin-1")
    out, err = process.communicate(timeout=120)
    assert process.returncode == 2 and out == "" and r"'\u70b9.csv' does not exist" in err
    assert len(err.splitlines()) == 1


@pytest.mark.skipif(sys.platform == "win32", reason="has no such pipes")
def test_an_output_that_nobody_reads_does_not_stop_the_work(start, landscape, tmp_path):
    path = tmp_path / "map.tif"
    flags = [flag for flag in MAKE if flag != "--quiet"]
    process = start(*flags, "--data", landscape.points, "--output", path)
    process.stdout.close()
    process.stderr.close()
    assert process.wait(timeout=120) == 0 and path.stat().st_size > 1000


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="has no full device")
def test_a_result_that_cannot_be_printed_is_told_in_a_sentence(start, landscape, tmp_path):
    process = start("train", "--city", "sample", *QUICK, "--quiet", stdout="/dev/full")
    err = process.communicate(timeout=120)[1]
    assert process.returncode == 2
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


def read_until(terminal, text):
    """What is shown on a terminal until `text` is, or until nobody holds it any more."""
    shown = ""
    while text not in shown:
        try:
            shown += os.read(terminal, 1000).decode()
        except OSError:
            break
    return shown


@pytest.mark.skipif(sys.platform == "win32", reason="has no pseudo-terminals")
@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_ctrl_c_cancels_in_mid_training_and_leaves_no_part(start, tmp_path, number):
    flags = ("--kind", "gnn", "--epochs", 10**6, "--patience", 10**6, "--threads", 1)
    terminal, inside = os.openpty()
    process = start("train", "--city", "sample", *flags, "--model-dir", tmp_path, stderr=inside)
    os.close(inside)
    assert "[##------------------]  10% Training, epoch 3" in read_until(terminal, "epoch 3")
    process.send_signal(number)
    started = time.monotonic()
    assert "Cancelled; nothing was written." in read_until(terminal, "nothing was written.")
    assert time.monotonic() - started < 3
    assert process.wait(timeout=60) == 130
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


@pytest.mark.parametrize(
    ("variables", "flags"),
    [
        ({"LC_ALL": "C", "PYTHONCOERCECLOCALE": "0", "PYTHONUTF8": "0"}, ()),
        ({"PYTHONIOENCODING": "latin-1"}, ()),
        ({"PYTHONIOENCODING": "latin-1"}, ("--json",)),
    ],
)
def test_a_name_that_the_terminal_cannot_show_is_written_all_the_same(tmp_path, variables, flags):
    sample = MAIN.parents[1] / "resources" / "sample" / "synthetic_points.gpkg"
    output = tmp_path / "地图.tif"
    command = [sys.executable, MAIN, "interpolate", "--data", sample, "--target-column", "value"]
    done = subprocess.run(
        [
            *map(str, command),
            "--resolution",
            "5000",
            *QUICK,
            *flags,
            "--output",
            os.fsencode(output),
        ],
        env={**os.environ, **variables},
        capture_output=True,
        timeout=120,
    )
    assert done.returncode == 0 and b"Traceback" not in done.stderr, done.stderr
    assert [path.name for path in tmp_path.iterdir()] == ["地图.tif"]
    if "--json" in flags:
        assert json.loads(done.stdout.decode())["prediction"] == str(output)
