"""The engine's process between two jobs: who keeps it, and how it ends."""

from __future__ import annotations

import os
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import processing
import pytest
from fresh import run_fresh
from support import QUICK, Recorder, Watcher, gone

from geohg.geohg_plugin.runtime import runner, warm
from geohg.geohg_plugin.runtime.runner import ProcessEngine
from geohg.geohg_plugin.runtime.verdict import JobError

CHILD = """
import json, os, sys
def say(**event):
    print(json.dumps(event), flush=True)
memory = 1
while True:
    say(type="ready", process=os.getpid(), memory=memory)
    line = sys.stdin.readline()
    if not line:
        break
    request = json.loads(line)
    if request["job"] in ("mistake", "fail"):
        say(type="error", kind="InputError", message="no")
        if request["job"] == "fail":
            sys.exit(2)
        continue
    memory = request.get("memory", 1)
    say(type="result", result={"PROCESS": os.getpid()})
    if request["job"] == "last":
        sys.exit(0)
"""


@pytest.fixture(autouse=True)
def nothing_kept() -> Iterator[None]:
    """Each test starts and ends without a process."""
    warm.end()
    yield
    warm.end()


@pytest.fixture
def command(tmp_path: Path) -> list[str]:
    script = tmp_path / "child.py"
    script.write_text(CHILD, encoding="utf-8")
    return [sys.executable, "-I", "-u", str(script)]


def run(command: list[str], seconds: float = 60.0, **request: Any) -> int:
    """Run one job; return the id of the process that did it."""
    with ProcessEngine(command, seconds) as engine:
        result = engine.run({"job": "any", "outputs": {}, **request}, Watcher())
    return result["PROCESS"]


def test_the_next_job_finds_the_same_process(command: list[str]) -> None:
    assert run(command) == run(command) == run(command)


def test_it_ends_after_its_time(command: list[str]) -> None:
    process = run(command, 0.2)
    assert not gone(process)
    time.sleep(0.7)
    assert gone(process)
    assert run(command) != process


def test_each_job_starts_the_time_anew(command: list[str]) -> None:
    process = run(command, 0.6)
    for _ in range(3):
        time.sleep(0.3)
        assert run(command, 0.6) == process


def test_none_is_kept_where_the_user_wants_none(command: list[str]) -> None:
    assert gone(run(command, 0.0))


def test_one_that_holds_much_memory_is_not_kept(command: list[str]) -> None:
    assert gone(run(command, memory=runner.LARGEST_KEPT_BYTES + 1))


def test_one_that_ended_by_itself_is_not_kept(command: list[str]) -> None:
    process = run(command, job="last")
    assert gone(process)
    assert run(command) != process


def test_one_whose_user_made_a_mistake_is_kept(command: list[str]) -> None:
    process = run(command)
    with pytest.raises(JobError, match="^no$"):
        run(command, job="mistake")
    assert run(command) == process


def test_one_that_ended_with_its_job_is_not_kept(command: list[str]) -> None:
    process = run(command)
    with pytest.raises(JobError, match="^no$"):
        run(command, job="fail")
    assert gone(process)


def test_one_that_was_killed_meanwhile_is_replaced(command: list[str]) -> None:
    process = run(command)
    os.kill(process, 9)
    time.sleep(0.1)
    assert run(command) != process


def test_another_command_or_environment_has_its_own(
    command: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    first = run(command)
    second = run([*command, "x"])
    assert second != first and gone(first)
    monkeypatch.setenv("HTTPS_PROXY", "http://proxy:1")
    assert run([*command, "x"]) != second and gone(second)


def test_jobs_at_the_same_time_have_their_own_and_one_is_kept(command: list[str]) -> None:
    with ProcessEngine(command, 60.0) as one, ProcessEngine(command, 60.0) as two:
        ids = [each.run({"job": "any"}, Watcher())["PROCESS"] for each in (one, two)]
    assert ids[0] != ids[1]
    assert sorted(map(gone, ids)) == [False, True]


def test_a_job_that_never_began_leaves_the_process_for_the_next(command: list[str]) -> None:
    process = run(command)
    with pytest.raises(ZeroDivisionError), ProcessEngine(command, 60.0):
        raise ZeroDivisionError
    assert run(command) == process


def test_many_threads_leave_no_process_behind(command: list[str]) -> None:
    ids: list[int] = []
    threads = [
        threading.Thread(target=lambda: ids.extend(run(command, 0.05) for _ in range(4)))
        for _ in range(4)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(ids) == 16
    warm.end()
    time.sleep(0.1)
    assert all(map(gone, ids))


def prepared(command: list[str], seconds: float = 60.0) -> int:
    """Prepare a process; return its id once it is kept."""
    warm.prepare(lambda: command, seconds)
    end = time.monotonic() + 10.0
    while warm._kept is None and time.monotonic() < end:
        time.sleep(0.01)
    assert warm._kept is not None
    return warm._kept.started_id


def test_one_that_was_prepared_does_the_next_job(command: list[str]) -> None:
    process = prepared(command)
    assert prepared(command) == process, "a second is not started"
    assert run(command) == process


def test_one_that_was_prepared_for_nothing_ends_after_its_time(command: list[str]) -> None:
    process = prepared(command, 0.6)
    for _ in range(3):
        time.sleep(0.3)
        assert prepared(command, 0.6) == process, "it is wanted again"
    time.sleep(1.0)
    assert gone(process)


def test_what_cannot_be_prepared_is_left_to_the_job(command: list[str]) -> None:
    warm.prepare(lambda: ["no such program"], 60.0)
    with warm._starting:  # it was tried
        assert warm._kept is None
    assert run(command) == prepared(command)


def test_it_ends_with_qgis(tmp_path: Path) -> None:
    body = """
from geohg.geohg_plugin.runtime import warm
from geohg.geohg_plugin.runtime.engine import open_engine
with open_engine() as engine:
    pass
print(warm._kept.started_id, flush=True)
import signal
os.kill(os.getpid(), signal.SIGKILL)
"""
    done = run_fresh(body, tmp_path, GEOHG_KEEP_WARM="60")
    assert done.returncode == -9, done.stderr
    process, end = int(done.stdout.split()[-1]), time.monotonic() + 10.0
    while not gone(process) and time.monotonic() < end:
        time.sleep(0.05)
    assert gone(process)


def test_the_second_algorithm_of_a_chain_starts_at_once(
    inputs: dict[str, Any], tmp_path: Path
) -> None:
    graph, model = str(tmp_path / "g.safetensors"), str(tmp_path / "m.safetensors")
    seen = [Recorder(), Recorder(), Recorder()]
    processing.run("geohg:buildgraph", {**inputs, "GRAPH": graph}, feedback=seen[0])
    given = {**QUICK, "GRAPH": graph, "TARGET": "value", "MODEL": model}
    processing.run("geohg:train", given, feedback=seen[1])
    answered: list[float] = []
    seen[2].setProgress = lambda value: answered.append(time.monotonic())  # type: ignore
    given = {"GRAPH": graph, "MODEL": model, "OUTPUT": str(tmp_path / "map.tif")}
    started = time.monotonic()
    processing.run("geohg:predict", given, feedback=seen[2])
    assert len({recorder.process_id for recorder in seen}) == 1
    assert answered[1] - started < 1.0  # the first is QGIS's own


def test_warm_and_cold_give_the_same_map(inputs: dict[str, Any], tmp_path: Path) -> None:
    paths = [tmp_path / name for name in ("cold.tif", "warm.tif")]
    seen = [Recorder(), Recorder()]
    for path, recorder in zip(paths, seen):
        processing.run(
            "geohg:interpolate", {**inputs, **QUICK, "OUTPUT": str(path)}, feedback=recorder
        )
    assert seen[0].process_id == seen[1].process_id
    assert paths[0].read_bytes() == paths[1].read_bytes()


def test_it_ends_with_the_plugin(command: list[str]) -> None:
    from geohg import classFactory

    process = run(command)
    classFactory(None).unload()
    assert gone(process)
