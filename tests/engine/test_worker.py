import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

MAIN = Path(__file__).resolve().parents[2] / "engine" / "__main__.py"


def start(request_file, request, *options):
    command = [sys.executable, "-I", "-u", str(MAIN), "run", str(request_file(request)), *options]
    return subprocess.Popen(
        command,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        encoding="utf-8",
    )


def finish(process):
    """All events of a process; its standard input stays open, as QGIS keeps it."""
    out = process.stdout.read()
    process.wait(timeout=20)
    return [json.loads(line) for line in out.splitlines()]


def events_until(process, message):
    """Read events up to the first whose message starts so."""
    for line in process.stdout:
        if json.loads(line).get("message", "").startswith(message):
            return
    pytest.fail(f"no event said {message}")


def slow(landscape, tmp_path):
    """A request that trains for minutes, over a map that exists."""
    place = tmp_path / "map.tif"
    place.write_text("old")
    training = {"epochs": 100_000, "patience": 100_000, "threads": 1}
    model = {"kind": "gnn"}
    return landscape.request(model=model, training=training, outputs={"prediction": str(place)})


def assert_untouched(tmp_path):
    assert (tmp_path / "map.tif").read_text() == "old"
    assert not [name for name in os.listdir(tmp_path) if ".part" in name]


def test_events_are_json_lines_and_end_with_the_result(landscape, tmp_path, request_file):
    outputs = {"prediction": str(tmp_path / "map.tif")}
    request = landscape.request(outputs=outputs, training={"threads": 1})
    events = finish(start(request_file, request, "--events"))
    assert {event["type"] for event in events} == {"progress", "log", "metric", "result"}
    assert events[-1]["result"]["prediction"] == outputs["prediction"]
    assert (tmp_path / "map.tif").stat().st_size > 0


def test_a_users_mistake_is_one_event_and_exit_code_2(landscape, request_file):
    process = start(request_file, landscape.request(job="fly"), "--events")
    event = finish(process)[-1]
    assert process.returncode == 2
    assert event["type"] == "error" and event["kind"] == "InputError"
    assert "no job 'fly'" in event["message"]


def test_sigterm_cancels_within_two_seconds(landscape, tmp_path, request_file):
    process = start(request_file, slow(landscape, tmp_path), "--events")
    events_until(process, "Training, epoch 3")
    process.send_signal(signal.SIGTERM)
    started = time.monotonic()
    events = finish(process)
    assert time.monotonic() - started < 2
    assert process.returncode == 130 and events[-1]["kind"] == "Cancelled"
    assert_untouched(tmp_path)


def test_it_ends_when_its_parent_is_gone(landscape, tmp_path, request_file):
    process = start(request_file, slow(landscape, tmp_path), "--events")
    events_until(process, "Training, epoch 3")
    process.stdin.close()
    process.stdin = None
    assert process.wait(timeout=10) == 130
    assert_untouched(tmp_path)


def test_on_a_terminal_the_result_is_printed_and_mistakes_have_no_traceback(
    landscape, request_file
):
    request = landscape.request(training={"threads": 1})
    process = start(request_file, request)
    out, _ = process.communicate(timeout=120)
    assert process.returncode == 0 and json.loads(out)["CELLS"] == 720
    process = start(request_file, {"version": 9})
    _, err = process.communicate(timeout=120)
    assert process.returncode == 2 and err.startswith("Error: The request has version 9")
    assert "Traceback" not in err


def test_refuses_a_request_that_is_no_json(tmp_path):
    path = tmp_path / "r.json"
    path.write_text("{")
    command = [sys.executable, "-I", str(MAIN), "run", str(path)]
    done = subprocess.run(command, capture_output=True, text=True, timeout=120, check=False)
    assert done.returncode == 2 and "is not JSON in UTF-8" in done.stderr
