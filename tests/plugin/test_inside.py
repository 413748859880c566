"""The engine inside QGIS's own Python: same request, events, result and cancel."""

from __future__ import annotations

import json
import subprocess
import sys
import threading
import time
import warnings
from pathlib import Path
from typing import Any

import processing
import pytest
from fresh import run_fresh
from qgis.core import QgsProcessingException
from support import Watcher

from geohg.engine.errors import Cancelled, InputError
from geohg.geohg_plugin.runtime import failures, inside
from geohg.geohg_plugin.runtime.inside import InsideEngine
from geohg.geohg_plugin.runtime.verdict import JobError

RUN = """
sys.path.insert(0, os.environ["TEST_PACKAGES"])
from qgis.core import QgsProcessingException
from geohg.geohg_plugin.runtime import warm

class Watcher(QgsProcessingFeedback):
    def __init__(self):
        super().__init__(False)
        self.info, self.stages, self.cancelled_at = [], [], 0.0
    def pushInfo(self, text):
        self.info.append(text)
        if re.match("  [0-9]+: ", text) and parameters.get("EPOCHS", 0) > 100_000:
            if not self.cancelled_at:
                self.cancelled_at = time.monotonic()
                threading.Timer(DEAF_SECONDS, os._exit, (9,)).start()
            self.cancel()
    def setProgressText(self, text):
        self.stages.append(text)

import re, threading, time
DEAF_SECONDS = 10.0  # whoever has not heard the cancel by then never will
def run(**more):
    feedback = Watcher()
    parameters.update(more)
    try:
        result = processing.run("geohg:interpolate", parameters, feedback=feedback)
    except QgsProcessingException as error:
        result = {"error": str(error)}
    late = time.monotonic() - feedback.cancelled_at
    print(json.dumps({"result": result, "stages": feedback.stages, "late": late,
                      "inside": "torch" in sys.modules, "kept": warm._kept is not None}))
"""


@pytest.fixture(scope="module")
def packages(engine_python: str) -> str:
    """The engine's packages, for a QGIS whose Python is of the same version."""
    code = "import sys, sysconfig; print(*sys.version_info[:2], sysconfig.get_path('purelib'))"
    out = subprocess.run([engine_python, "-I", "-c", code], stdout=subprocess.PIPE, check=True)
    major, minor, path = out.stdout.decode().strip().split(" ", 2)
    if (int(major), int(minor)) != sys.version_info[:2]:
        pytest.skip("the engine's packages are for another Python than QGIS's")
    return path


@pytest.fixture(scope="module")
def found(packages: str, tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    """What a fresh QGIS tells, by each way to run, of a run and of one that is cancelled."""
    network = "MODEL_KIND='gnn', EPOCHS=1_000_000, PATIENCE=1_000_000"
    body = f"{RUN}run(OUTPUT=folder + '/map.tif')\nrun(OUTPUT=folder + '/cancelled.tif', {network})"
    found = {}
    for where in ("process", "inside"):
        folder = tmp_path_factory.mktemp(where)
        given = {"TEST_PACKAGES": packages, "GEOHG_RUN_IN": where}
        done = run_fresh(f"folder = {str(folder)!r}\n{body}", folder, **given)
        assert done.returncode == 0, done.stderr
        made, cancelled = map(json.loads, done.stdout.strip().splitlines()[-2:])
        found[where] = {"made": made, "cancelled": cancelled, "folder": folder}
    return found


def test_each_way_runs_where_it_says(found: dict[str, Any]) -> None:
    for tells in ("made", "cancelled"):
        assert not found["process"][tells]["inside"] and found["inside"][tells]["inside"]
        assert not found["inside"][tells]["kept"]


def test_both_ways_give_the_same(found: dict[str, Any]) -> None:
    process, inside = (found[where]["made"] for where in ("process", "inside"))
    results = [process["result"], inside["result"]]
    for result in results:
        del result["SECONDS"], result["OUTPUT"]
        assert result.pop("REPORT", None) is None
    assert results[0] == results[1] and results[0]["DEVICE"] == "cpu"
    assert process["stages"] == inside["stages"]
    maps = [(found[where]["folder"] / "map.tif").read_bytes() for where in ("process", "inside")]
    assert maps[0] == maps[1]


def test_both_ways_cancel_alike(found: dict[str, Any]) -> None:
    for each in found.values():
        assert each["cancelled"]["result"] == {}
        assert 0.0 < each["cancelled"]["late"] < 2.0
        assert not list(each["folder"].glob("*cancelled*"))


def test_a_python_without_the_packages_is_refused(
    provider: Any, inputs: dict[str, Any], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("GEOHG_RUN_IN", "inside")
    monkeypatch.setattr(inside, "PACKAGES", ("json", "nothere"))
    able, reason = provider.algorithm("interpolate").canExecute()
    assert not able
    assert reason.startswith("The engine cannot run inside QGIS, whose Python lacks nothere: ")
    assert "GEOHG_RUN_IN" in reason and "\n" not in reason
    with pytest.raises(QgsProcessingException, match="whose Python lacks nothere"):
        processing.run("geohg:interpolate", {**inputs, "OUTPUT": str(tmp_path / "map.tif")})


def test_a_python_that_is_too_old_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(inside, "_OLDEST_PYTHON", (99, 0))
    with pytest.raises(inside.EngineMissingError, match="is older than"):
        inside.check_inside()


@pytest.fixture
def job(monkeypatch: pytest.MonkeyPatch) -> Any:
    """Put a function in the place of the engine's jobs, whose packages QGIS lacks here."""

    class Jobs:
        run: Any = None

    class Psutil:
        """The worker's door wants it for processes of its own."""

    monkeypatch.setitem(sys.modules, "geohg.engine.jobs", Jobs)
    if "psutil" not in sys.modules:
        monkeypatch.setitem(sys.modules, "psutil", Psutil)

    def put(function: Any) -> None:
        Jobs.run = staticmethod(function)

    return put


def test_results_are_plain_as_from_a_process(job: Any, watcher: Watcher) -> None:
    job(lambda request, progress: {"PAIR": (1, 2), "GIVEN": request["outputs"]})
    result = InsideEngine().run({"outputs": {"a": None}}, watcher)
    assert result == {"PAIR": [1, 2], "GIVEN": {"a": None}}


def test_errors_are_passed_on_word_for_word(job: Any, watcher: Watcher) -> None:
    def fail(request: Any, progress: Any) -> None:
        raise InputError("The field 'a' is empty; choose another.")

    job(fail)
    with pytest.raises(JobError, match="^The field 'a' is empty; choose another.$"):
        InsideEngine().run({}, watcher)


def test_a_fault_of_the_engine_does_not_end_qgis(job: Any, watcher: Watcher) -> None:
    job(lambda request, progress: 1 / 0)
    with pytest.raises(
        JobError,
        match="^GeoHG has a fault .ZeroDivisionError: division by zero.; please report it[^\n]*$",
    ):
        InsideEngine().run({}, watcher)
    assert watcher.events == [] and any("Traceback" in line for line in watcher.lines)


def test_no_memory_is_named(job: Any, watcher: Watcher) -> None:
    def fail(request: Any, progress: Any) -> None:
        raise MemoryError

    job(fail)
    with pytest.raises(JobError, match="ran out of memory"):
        InsideEngine().run({}, watcher)


def test_only_prints_of_the_job_are_taken(
    job: Any, watcher: Watcher, capsys: pytest.CaptureFixture[str]
) -> None:
    def talk(request: Any, progress: Any) -> dict[str, Any]:
        print("from the job")
        print("a complaint", file=sys.stderr)
        warnings.warn("a\nwarning", RuntimeWarning, stacklevel=1)
        other = threading.Thread(target=lambda: print("from another"))
        other.start()
        other.join()
        return {}

    job(talk)
    before = sys.stdout, sys.stderr, warnings.showwarning
    assert InsideEngine().run({}, watcher) == {}
    assert (sys.stdout, sys.stderr, warnings.showwarning) == before
    assert [event["message"] for event in watcher.events] == ["from the job"]
    assert watcher.lines == ["a complaint", "RuntimeWarning: a", "warning"]
    assert capsys.readouterr().out == "from another\n"


def test_a_qgis_without_streams_as_on_windows(
    job: Any, watcher: Watcher, monkeypatch: pytest.MonkeyPatch
) -> None:
    def talk(request: Any, progress: Any) -> dict[str, Any]:
        other = threading.Thread(target=lambda: print("lost", flush=True))
        other.start()
        other.join()
        print("heard", flush=True)
        return {"tty": sys.stdout.isatty()}

    job(talk)
    monkeypatch.setattr(sys, "stdout", None)
    monkeypatch.setattr(sys, "stderr", None)
    assert InsideEngine().run({}, watcher) == {"tty": False}
    assert [event["message"] for event in watcher.events] == ["heard"]


def test_jobs_take_turns_and_can_be_cancelled_while_they_wait(job: Any) -> None:
    watchers = Watcher(), Watcher(), Watcher()
    free, running = threading.Event(), []

    def work(request: Any, progress: Any) -> dict[str, Any]:
        running.append(request["n"])
        while not free.wait(0.01):
            if progress._cancelled():
                raise Cancelled("x")
        return {"n": request["n"]}

    job(work)
    results: dict[int, Any] = {}

    def start(number: int) -> None:
        results[number] = InsideEngine().run({"n": number}, watchers[number])

    threads = [threading.Thread(target=start, args=(number,)) for number in range(3)]
    threads[0].start()
    while not running:
        time.sleep(0.01)
    for thread in threads[1:]:
        thread.start()
    watchers[1].stop.set()
    threads[1].join(2.0)
    assert results == {1: None} and running == [0]
    free.set()
    for thread in threads:
        thread.join(2.0)
    assert results == {0: {"n": 0}, 1: None, 2: {"n": 2}} and running == [0, 2]
    assert "Waiting for another job" in watchers[2].events[0]["message"]


@pytest.fixture
def stubbed(monkeypatch: pytest.MonkeyPatch) -> None:
    """QGIS takes its own Python for able, so that `job` gets the requests of algorithms."""
    monkeypatch.setenv("GEOHG_RUN_IN", "inside")
    monkeypatch.setattr(inside, "PACKAGES", ("json",))


@pytest.mark.parametrize(("option", "threads"), [(0, 3), (2, 2)])
def test_the_setting_of_threads_holds_where_an_algorithm_has_none(
    option: int,
    threads: int,
    job: Any,
    stubbed: None,
    inputs: dict[str, Any],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    seen: list[Any] = []
    job(lambda request, progress: seen.append(request) or {})
    monkeypatch.setenv("GEOHG_THREADS", "3")
    given = {**inputs, "THREADS": option, "OUTPUT": str(tmp_path / "map.tif"), "REPORT": None}
    processing.run("geohg:interpolate", given)
    assert seen[0]["training"]["threads"] == threads


@pytest.mark.parametrize(
    ("given", "workers"),
    [({}, 3), ({"WORKERS": 2}, 2), ({"SCHEDULER": "tcp://host:1"}, 0)],
)
def test_the_setting_of_workers_holds_where_an_algorithm_has_none(
    given: dict[str, Any],
    workers: int,
    job: Any,
    stubbed: None,
    inputs: dict[str, Any],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    seen: list[Any] = []
    job(lambda request, progress: seen.append(request) or {})
    monkeypatch.setenv("GEOHG_WORKERS", "3")
    asked = {"OUTPUT": str(tmp_path / "map.tif"), "REPORT": None, "RESUME": str(tmp_path)}
    processing.run("geohg:interpolate", {**inputs, **asked, **given})
    execution = seen[0]["execution"]
    assert (execution["workers"], execution["resume"]) == (workers, str(tmp_path))
    assert execution["scheduler"] == given.get("SCHEDULER", "")


def test_a_failure_is_remembered(
    job: Any, stubbed: None, inputs: dict[str, Any], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(request: Any, progress: Any) -> None:
        raise InputError("No.")

    job(fail)
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path))
    with pytest.raises(QgsProcessingException):
        processing.run("geohg:buildgraph", {**inputs, "GRAPH": str(tmp_path / "g.safetensors")})
    last = failures.last(1)[0]
    assert (last["job"], last["message"]) == ("buildgraph", "No.")
