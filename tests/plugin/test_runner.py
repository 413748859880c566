"""The runner, with children that behave badly on purpose."""

from __future__ import annotations

import sys
import threading
import time
from pathlib import Path
from typing import Any

import pytest
from support import Watcher, gone

from geohg.engine import commits
from geohg.geohg_plugin.runtime.environment import child_environment
from geohg.geohg_plugin.runtime.runner import ProcessEngine
from geohg.geohg_plugin.runtime.verdict import JobError, death_of

PREAMBLE = """
import json, os, signal, subprocess, sys, time
def say(**event):
    print(json.dumps(event), flush=True)
def ready(memory=1):
    say(type="ready", process=os.getpid(), memory=memory)
    return json.loads(sys.stdin.readline() or "null")
def part():
    path = request["outputs"]["prediction"]
    folder, name = os.path.split(path)
    stem, suffix = os.path.splitext(name)
    for end in suffix, suffix + "-journal":
        open(os.path.join(folder, f".{stem}.{os.getpid()}.part{end}"), "w").close()
"""
READY = "request = ready()\n"


@pytest.fixture
def output(tmp_path: Path) -> Path:
    """An output that exists already and must survive."""
    output = tmp_path / "out" / "map.tif"
    output.parent.mkdir()
    output.write_text("old")
    return output


@pytest.fixture
def run(tmp_path: Path, output: Path, watcher: Watcher) -> Any:
    """Run a child made of these lines; afterwards nothing of it may be left."""

    def start(body: str, greeting: str = READY) -> dict[str, Any] | None:
        script = tmp_path / "child.py"
        script.write_text(PREAMBLE + greeting + body, encoding="utf-8")
        request = {"version": 1, "job": "test", "outputs": {"prediction": str(output), "x": None}}
        with ProcessEngine([sys.executable, "-I", "-u", str(script)]) as engine:
            return engine.run(request, watcher)

    yield start
    assert gone(watcher.process_id)
    assert [path.name for path in output.parent.iterdir()] == ["map.tif"]
    assert output.read_text() == "old"


def test_events_and_result_come_through(run: Any, watcher: Watcher) -> None:
    result = run(
        """
say(type="progress", fraction=0.5, message="halb übers Feld 田")
say(type="warning", message="careful")
say(type="result", result={"R2": None, "CELLS": 3})
"""
    )
    assert result == {"R2": None, "CELLS": 3}
    assert [event["type"] for event in watcher.events] == ["progress", "warning"]
    assert watcher.events[0]["message"] == "halb übers Feld 田"


def test_garbage_goes_to_the_debug_log(run: Any, watcher: Watcher) -> None:
    result = run(
        """
print("libfoo: hello")
print('["not", "an", "event"]')
print('{"type": "unknown"}')
print('{"type": "progress"')
sys.stdout.buffer.write(b"\\xff\\xfe\\n")
print("x" * 300_000)
say(type="result", result={})
"""
    )
    assert result == {}
    assert watcher.events == []
    assert len(watcher.lines) == 7


def test_an_error_is_passed_on_word_for_word(run: Any) -> None:
    with pytest.raises(JobError) as caught:
        run(
            """
part()
say(type="error", kind="InputError", message="The field 'a' is empty; choose another.")
sys.exit(2)
"""
        )
    assert str(caught.value) == "The field 'a' is empty; choose another."


def test_a_kill_is_named_and_explained(run: Any) -> None:
    with pytest.raises(JobError, match=r"^The engine was killed \(signal 9\), .* memory; [^\n]*$"):
        run("part()\nos.kill(os.getpid(), signal.SIGKILL)")


COMMIT = """
import importlib.util
spec = importlib.util.spec_from_file_location("commits", {commits!r})
commits = importlib.util.module_from_spec(spec)
spec.loader.exec_module(commits)
from pathlib import Path
path = Path(request["outputs"]["prediction"])
renames, replace = [], os.replace
def counted(*names):
    renames.append(names)
    if len(renames) == {last}:
        os.kill(os.getpid(), signal.SIGKILL)
    replace(*names)
os.replace = counted
part = commits.part_path(path, os.getpid())
part.write_text("new")
commits.commit({{path: part}}, os.getpid())
"""


@pytest.mark.parametrize("last", [1, 2, 3])
def test_a_kill_in_mid_commit_leaves_what_was_there(run: Any, last: int) -> None:
    """Renamed are the journal, the file, and the journal once more: from then the file counts."""
    with pytest.raises(JobError, match="was killed"):
        run(COMMIT.format(commits=commits.__file__, last=last))


def test_a_crash_is_named(run: Any) -> None:
    with pytest.raises(JobError, match="crashed .signal 11, SIGSEGV."):
        run("part()\nos.kill(os.getpid(), signal.SIGSEGV)")


def test_death_before_the_first_word_shows_stderr(run: Any) -> None:
    with pytest.raises(JobError, match="exit code 1.*\n(.*\n)*.*No module named 'nothere'"):
        run("", greeting="import nothere")


def test_an_end_without_a_result_is_an_error(run: Any) -> None:
    with pytest.raises(JobError, match="ended without a result"):
        run("say(type='progress', fraction=1.0, message='done')")


def test_death_after_the_result_is_an_error(run: Any) -> None:
    with pytest.raises(JobError, match="exit code 3 after it gave its result"):
        run("say(type='result', result={})\npart()\nsys.exit(3)")


def test_a_child_that_hangs_after_its_result_is_ended(
    run: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("geohg.geohg_plugin.runtime.runner._LINGER_SECONDS", 0.3)
    assert run("say(type='result', result={'CELLS': 1})\ntime.sleep(60)") == {"CELLS": 1}


@pytest.mark.parametrize(
    "manners", ["pass", "signal.signal(signal.SIGTERM, signal.SIG_IGN)"], ids=["polite", "deaf"]
)
def test_cancel_takes_less_than_two_seconds(run: Any, watcher: Watcher, manners: str) -> None:
    cancelled_at = []

    def cancel() -> None:
        while not watcher.events:
            time.sleep(0.02)
        cancelled_at.append(time.monotonic())
        watcher.stop.set()

    threading.Thread(target=cancel).start()
    body = f"{manners}\npart()\nsay(type='log', message='ready')\ntime.sleep(60)"
    assert run(body) is None
    assert time.monotonic() - cancelled_at[0] < 2.0


def test_cancel_before_the_start(run: Any, watcher: Watcher) -> None:
    watcher.stop.set()
    assert run("time.sleep(60)") is None


def test_a_child_that_never_speaks_can_be_cancelled(run: Any, watcher: Watcher) -> None:
    threading.Timer(0.3, watcher.stop.set).start()
    started = time.monotonic()
    assert run("", greeting="time.sleep(60)") is None
    assert time.monotonic() - started < 2.3


def test_a_flood_of_events_can_be_cancelled(run: Any, watcher: Watcher) -> None:
    threading.Timer(0.5, watcher.stop.set).start()
    started = time.monotonic()
    assert run("while True: say(type='log', message='x' * 100)") is None
    assert time.monotonic() - started < 2.5


def test_grandchildren_end_too(run: Any, watcher: Watcher) -> None:
    with pytest.raises(JobError, match="killed"):
        run(
            """
child = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(60)"])
say(type="log", message=str(child.pid))
os.kill(os.getpid(), signal.SIGKILL)
"""
        )
    time.sleep(0.1)
    assert gone(int(watcher.events[0]["message"]))


def test_a_watcher_that_fails_leaves_no_process(
    run: Any, watcher: Watcher, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(event: dict[str, Any]) -> None:
        raise RuntimeError("the window is gone")

    monkeypatch.setattr(watcher, "event", fail)
    with pytest.raises(RuntimeError, match="window"):
        run("part()\nsay(type='log', message='x')\ntime.sleep(60)")


def test_a_program_that_does_not_start(tmp_path: Path) -> None:
    with pytest.raises(JobError, match="did not start"):
        ProcessEngine([str(tmp_path / "nothere")])


def test_the_child_inherits_nothing_of_qgis(run: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    foreign = (
        "PYTHONHOME PYTHONPATH PYTHONEXECUTABLE GDAL_DATA PROJ_LIB PROJ_DATA QGIS_PREFIX_PATH "
        "LD_PRELOAD_X DYLD_LIBRARY_PATH VIRTUAL_ENV CONDA_PREFIX"
    ).split()
    for name in foreign:
        monkeypatch.setenv(name, "/rubbish")
    monkeypatch.setenv("HTTPS_PROXY", "http://proxy:1")
    result = run("say(type='result', result=dict(os.environ))")
    assert not set(foreign) & set(result)
    assert result["HTTPS_PROXY"] == "http://proxy:1"


def test_environment_names_are_case_blind_as_on_windows() -> None:
    parent = {"PythonHome": "x", "Path": "y"}
    assert child_environment(parent) == {"Path": "y"}


def test_the_network_settings_of_gdal_are_kept() -> None:
    network = {"GDAL_HTTP_PROXY": "http://proxy:1", "GDAL_PROXY_AUTH": "NTLM"}
    assert child_environment({**network, "GDAL_DRIVER_PATH": "x"}) == network


def test_the_request_is_handed_over_whole(run: Any, output: Path) -> None:
    request = run("say(type='result', result=request)")
    assert request == {
        "version": 1,
        "job": "test",
        "outputs": {"prediction": str(output), "x": None},
    }


def test_a_child_that_closes_its_input_is_heard(run: Any) -> None:
    with pytest.raises(JobError, match="exit code 4"):
        run(
            "",
            greeting="os.close(0)\nsay(type='ready', process=os.getpid(), memory=1)\nsys.exit(4)",
        )


@pytest.mark.parametrize(
    "words",
    [
        "terminate called after throwing an instance of 'std::bad_alloc'",
        "OpenBLAS : Memory allocation still failed after 10 retries, giving up.",
        "ImportError: libtorch.so: failed to map segment from shared object",
        "fork: Cannot allocate memory",
    ],
)
def test_a_library_without_memory_is_named(run: Any, words: str) -> None:
    with pytest.raises(JobError, match=r"^The engine ran out of memory; use larger cells [^\n]*$"):
        run(f"part()\nprint({words!r}, file=sys.stderr)\nos.abort()")


def test_no_memory_in_python_is_named(run: Any) -> None:
    with pytest.raises(JobError, match=r"^The engine ran out of memory; use larger cells [^\n]*$"):
        run("say(type='error', kind='MemoryError', message='MemoryError: ')\nsys.exit(1)")


def test_packages_that_cannot_be_loaded(run: Any) -> None:
    with pytest.raises(JobError, match="cannot be loaded .No module named 'x'.; set up the engine"):
        run("say(type='error', kind='ModuleNotFoundError', message=\"No module named 'x'\")")


@pytest.mark.parametrize(
    ("code", "words"),
    [
        (0xC0000135, "Visual C"),
        (0xC0000017, "ran out of memory"),
        (3, "exit code 3"),
        (-6, "signal 6, SIGABRT"),
        (-250, "signal 250"),
        (137, "killed"),
    ],
)
def test_exit_codes_have_words(code: int, words: str) -> None:
    assert words in str(death_of(code, False, ""))
