"""What only a process of its own shows: exit codes, streams and Ctrl+C."""

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

MAIN = Path(__file__).resolve().parents[3] / "engine" / "__main__.py"


def start(*arguments, stderr=subprocess.PIPE):
    return subprocess.Popen(
        [sys.executable, "-u", str(MAIN), *map(str, arguments)],
        stdout=subprocess.PIPE,
        stderr=stderr,
        encoding="utf-8",
    )


def test_a_mistake_ends_with_2_and_a_sentence():
    process = start("train", "--city", "sample", "--epochs", "0")
    out, err = process.communicate(timeout=120)
    assert process.returncode == 2 and out == ""
    assert err == "Error: 'training.epochs' must lie between 1 and 1000000, got 0.\n"


def test_a_fault_of_the_program_ends_with_1_and_a_traceback(tmp_path):
    code = (
        "import runpy, sys; from unittest import mock; sys.argv = ['geohg', 'train'];"
        "import click; mock.patch('click.Context.invoke', side_effect=ZeroDivisionError).start();"
        f"runpy.run_path({str(MAIN)!r}, run_name='__main__')"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, timeout=120)
    assert done.returncode == 1 and "ZeroDivisionError" in done.stderr


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
def test_ctrl_c_cancels_in_mid_training_and_leaves_no_part(tmp_path, number):
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


def test_ctrl_c_while_libraries_are_loaded_ends_at_once(tmp_path):
    process = start("train", "--city", "sample", "--model-dir", tmp_path)
    time.sleep(0.4)
    process.send_signal(signal.SIGINT)
    process.communicate(timeout=60)
    assert process.returncode in (130, -signal.SIGINT) and os.listdir(tmp_path) == []


@pytest.mark.parametrize(
    ("places", "flags"),
    [
        ({"LC_ALL": "C", "PYTHONCOERCECLOCALE": "0", "PYTHONUTF8": "0"}, ()),
        ({"PYTHONIOENCODING": "latin-1"}, ()),
        ({"PYTHONIOENCODING": "latin-1"}, ("--json",)),
    ],
)
def test_a_name_that_the_terminal_cannot_show_is_written_all_the_same(tmp_path, places, flags):
    sample = MAIN.parents[1] / "resources" / "sample" / "synthetic_points.gpkg"
    place = tmp_path / "地图.tif"
    quick = ("--resolution", "5000", "--masked-ratio", "0", "--no-blocks", "--threads", "1")
    command = [sys.executable, MAIN, "interpolate", "--data", sample, "--target-column", "value"]
    done = subprocess.run(
        [*map(str, command), *quick, *flags, "--output", os.fsencode(place)],
        env={**os.environ, **places},
        capture_output=True,
        timeout=120,
    )
    assert done.returncode == 0 and b"Traceback" not in done.stderr, done.stderr
    assert [path.name for path in tmp_path.iterdir()] == ["地图.tif"]
    if flags:
        assert json.loads(done.stdout.decode())["prediction"] == str(place)
