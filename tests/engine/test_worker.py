import json
import os
import queue
import signal
import subprocess
import sys
import threading
from pathlib import Path

import pytest
import torch

from geohg.engine.cli.main import main
from geohg.engine.worker import Events, Printed, _Worker, run_request, serve

from .conftest import in_a_copy

QUICK = {"threads": 1, "blocks": False, "masked_ratio": 0.0}
MAIN = Path(__file__).resolve().parents[2] / "engine" / "__main__.py"


@pytest.fixture
def start(spawn):
    """Start a worker with requests, or a copy of this process that is one; its standard input
    stays open, as from QGIS.
    """

    def start(*requests, copy=True):
        options = dict.fromkeys(("stdin", "stdout", "stderr"), subprocess.PIPE)
        if copy:
            options.update(in_a_copy(serve))
        command = [sys.executable, "-I", "-u", str(MAIN), "serve"]
        process = spawn(command, encoding="utf-8", **options)
        for request in requests:
            print(json.dumps(request), file=process.stdin, flush=True)
        return process

    return start


def finish(process, seconds):
    """All events up to the end of a process, which is killed if it takes longer than that."""
    watch = threading.Timer(seconds, process.kill)
    watch.start()
    out = process.stdout.read()
    process.wait()
    watch.cancel()
    return [json.loads(line) for line in out.splitlines()]


def events_until(process, **fields):
    """Events up to the first that has these fields; texts need only start so."""
    events = []
    for line in process.stdout:
        events.append(json.loads(line))
        if all(str(events[-1].get(key, "")).startswith(text) for key, text in fields.items()):
            return events
    pytest.fail(f"no event had {fields}")


def run_on_terminal(path):
    command = [sys.executable, "-I", str(MAIN), "run", str(path)]
    return subprocess.run(command, capture_output=True, text=True, timeout=120, check=False)


def slow(landscape, tmp_path):
    """A request that trains for minutes, over a map that exists."""
    path = tmp_path / "map.tif"
    path.write_text("old")
    training = {"epochs": 100_000, "patience": 100_000, "threads": 1}
    model = {"kind": "gnn"}
    return landscape.request(model=model, training=training, outputs={"prediction": str(path)})


def assert_untouched(tmp_path):
    assert (tmp_path / "map.tif").read_text() == "old"
    assert not [name for name in os.listdir(tmp_path) if ".part" in name]


def test_one_process_serves_one_request_after_another(start, landscape, tmp_path):
    outputs = {"prediction": str(tmp_path / "map.tif")}
    request = landscape.request(outputs=outputs, training=QUICK)
    process = start(landscape.request(job="fly"), request, copy=False)
    first = events_until(process, type="ready")
    assert [event["process"] for event in first] == [process.pid]
    assert [event["type"] for event in events_until(process, type="ready")] == ["error", "ready"]
    events = events_until(process, type="ready")
    assert {event["type"] for event in events} == {"progress", "log", "metric", "result", "ready"}
    assert events[-2]["result"]["prediction"] == outputs["prediction"]
    assert 50 << 20 < events[-1]["memory"] < 4 << 30
    once = (tmp_path / "map.tif").read_bytes()
    print(json.dumps(request), file=process.stdin, flush=True)
    events_until(process, type="ready")
    assert (tmp_path / "map.tif").read_bytes() == once
    process.stdin.close()
    assert process.wait(timeout=10) == 0 and process.stderr.read() == ""
    assert sorted(os.listdir(tmp_path)) == ["map.tif"]


def test_a_users_mistake_is_one_event_and_exit_code_2(monkeypatch):
    lines, sent = queue.SimpleQueue(), []
    for job in ("fly", "swim"):
        lines.put(json.dumps({"version": 1, "job": job}).encode())
    lines.put(b"")
    for name in ("FIRST", "NEXT"):
        monkeypatch.setattr(f"geohg.engine.worker._LOADED_{name}", ())
    assert _Worker(lines, Events(sent.append, lambda: False)).work() == 2
    assert [event["type"] for event in sent] == ["ready", "error", "ready", "error", "ready"]
    for job, event in zip(("fly", "swim"), sent[1::2]):
        assert event["kind"] == "InputError" and f"no job '{job}'" in event["message"]


@pytest.mark.parametrize(
    ("line", "message"),
    [
        (b"{", "The request is not JSON in UTF-8"),
        (b"\xff", "The request is not JSON in UTF-8"),
        (b"[" * 100_000, "nested too deeply"),
        (b"[1]", "'request' must be a section with keys, got [1]"),
        (b'{"version": 1, "job": "train", "outputs": 3}', "'outputs' must be a section with keys"),
        (b'{"version": 1, "job": "\\ud800"}', "There is no job '\\ud800'"),
    ],
)
def test_a_line_that_is_no_request_is_a_users_mistake(line, message):
    lines, sent = queue.SimpleQueue(), []
    lines.put(line)
    lines.put(b"")
    assert _Worker(lines, Events(sent.append, lambda: False)).work() == 2
    assert sent[-2]["kind"] == "InputError" and message in sent[-2]["message"]


def test_a_fault_is_named_as_one_in_the_request_s_language(monkeypatch, capsys):
    monkeypatch.setattr("geohg.engine.jobs.run", lambda request, progress: {}["0"])
    sent = []
    assert run_request({}, Events(sent.append, lambda: False)) == 1
    assert sent[0]["kind"] == "KeyError" and sent[0]["message"] == (
        "GeoHG has a fault (KeyError: '0'); please report it, with what you did and the "
        "traceback in the log."
    )
    assert "Traceback" in capsys.readouterr().err


def test_sigterm_cancels_a_job(start, landscape, tmp_path):
    process = start(slow(landscape, tmp_path))
    events_until(process, message="Training, epoch 3")
    process.send_signal(signal.SIGTERM)
    events = finish(process, 5)
    assert process.returncode == 130 and events[-1]["kind"] == "Cancelled"
    assert_untouched(tmp_path)


def test_sigterm_ends_a_process_that_waits(start):
    process = start()
    events_until(process, type="ready")
    process.send_signal(signal.SIGTERM)
    assert process.wait(timeout=5) == 0


def test_it_ends_when_its_parent_is_gone(start, landscape, tmp_path):
    process = start(slow(landscape, tmp_path))
    events_until(process, message="Training, epoch 3")
    process.stdin.close()
    process.stdin = None
    assert process.wait(timeout=10) == 130
    assert_untouched(tmp_path)


def test_it_ends_even_when_a_library_does_not_return(spawn, tmp_path):
    path = tmp_path / "map.tif"
    code = f"""
import os, sys, time
sys.path.insert(0, {str(MAIN.parents[2])!r})
import importlib
worker = importlib.import_module({MAIN.parents[1].name!r} + ".engine.worker")
files = importlib.import_module({MAIN.parents[1].name!r} + ".engine.commits")
from pathlib import Path
def stuck(request, events):
    files.part_path(Path({str(path)!r}), os.getpid()).touch()
    events.log("stuck")
    time.sleep(60)
worker.run_request, worker._GRACE_SECONDS = stuck, 0.2
worker.serve()
"""
    pipes = dict.fromkeys(("stdin", "stdout"), subprocess.PIPE)
    process = spawn([sys.executable, "-c", code], encoding="utf-8", **pipes)
    print(json.dumps({"outputs": {"prediction": str(path)}}), file=process.stdin, flush=True)
    events_until(process, message="stuck")
    assert len(os.listdir(tmp_path)) == 1
    process.stdin.close()
    assert process.wait(timeout=10) == 130
    assert os.listdir(tmp_path) == []


@pytest.mark.parametrize(
    "error",
    [
        MemoryError(),
        RuntimeError("[enforce fail] DefaultCPUAllocator: can't allocate memory: 9 bytes"),
        RuntimeError("CUDA out of memory. Tried to allocate 2 GiB."),
        RuntimeError("std::bad_alloc"),
    ],
)
def test_lack_of_memory_has_one_kind(error, monkeypatch, capsys):
    def fail(request, progress):
        raise error

    monkeypatch.setattr("geohg.engine.jobs.run", fail)
    sent = []
    assert run_request({}, Events(sent.append, lambda: False)) == 1
    assert [event["kind"] for event in sent] == ["MemoryError"]
    assert "Traceback" in capsys.readouterr().err


@pytest.fixture
def two_threads():
    """PyTorch computes in two threads, as no other test should."""
    before = torch.get_num_threads()
    torch.set_num_threads(2)
    yield
    torch.set_num_threads(before)


def test_threads_of_one_job_are_not_those_of_the_next(two_threads, landscape):
    seen = set()
    events = Events(lambda event: seen.add(torch.get_num_threads()), lambda: False)
    assert run_request(landscape.request(job="buildgraph", training={"threads": 1}), events) == 0
    assert 1 in seen and torch.get_num_threads() == 2


def test_prints_are_log_events():
    sent = []
    printed = Printed(Events(sent.append, lambda: False).log)
    print("half a line, ", end="", file=printed)
    print("and the rest\n\nnext", file=printed)
    assert [event["message"] for event in sent] == ["half a line, and the rest", "next"]


def test_on_a_terminal_the_result_is_printed_and_mistakes_have_no_traceback(
    spawn, landscape, request_file
):
    path = str(request_file(landscape.request(training=QUICK)))
    copy = in_a_copy(lambda: main(["run", path], prog_name="geohg"))
    process = spawn(["geohg"], stdout=subprocess.PIPE, encoding="utf-8", **copy)
    assert json.loads(process.communicate()[0])["CELLS"] == 720 and process.returncode == 0
    done = run_on_terminal(request_file({"version": 9}))
    assert done.returncode == 2 and done.stderr.startswith("Error: The request has version 9")
    assert "Traceback" not in done.stderr


def test_refuses_a_request_that_is_no_json(tmp_path):
    path = tmp_path / "r.json"
    path.write_text("{")
    done = run_on_terminal(path)
    assert done.returncode == 2 and "is not JSON in UTF-8" in done.stderr
