"""Algorithms in the background, with an event loop as in a running QGIS."""

from __future__ import annotations

import gc
import os
import sys
import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from qgis.core import QgsApplication, QgsProcessingException, QgsTask
from support import ENDLESS, QUICK, leftovers, read_raster

import geohg


class Answer:
    """Keeps what `on_finished` was told, and in which thread."""

    def __init__(self) -> None:
        self.calls: list[tuple[Any, Any]] = []
        self.threads: list[int] = []

    def __call__(self, results: Any, error: Any) -> None:
        self.calls.append((results, error))
        self.threads.append(threading.get_ident())


def wait(until: Callable[[], Any], seconds: float = 90.0) -> None:
    """Let QGIS work until something is true."""
    end = time.monotonic() + seconds
    while not until():
        assert time.monotonic() < end, "it took too long"
        QgsApplication.processEvents()
        time.sleep(0.01)


@pytest.fixture
def answer() -> Answer:
    return Answer()


@pytest.fixture
def parameters(inputs: dict[str, Any], tmp_path: Path) -> dict[str, Any]:
    return {**inputs, **QUICK, "OUTPUT": str(tmp_path / "map.tif")}


def test_results_come_in_the_main_thread(
    parameters: dict[str, Any], answer: Answer, tmp_path: Path
) -> None:
    started = time.monotonic()
    task = geohg.submit("geohg:interpolate", parameters, on_finished=answer)
    assert time.monotonic() - started < 1.0
    assert isinstance(task, QgsTask) and task in QgsApplication.taskManager().tasks()
    assert "Interpolate" in task.description()
    steps: list[float] = []
    task.progressChanged.connect(steps.append)
    wait(lambda: answer.calls)
    ((results, error),) = answer.calls
    assert error is None and task.error is None and task.results == results
    assert results["OUTPUT"] == parameters["OUTPUT"] and results["CELLS"] == 400
    assert read_raster(results["OUTPUT"]).shape == (20, 20)
    assert answer.threads == [threading.get_ident()]
    assert len(set(steps)) > 3 and steps == sorted(steps)
    wait(lambda: task not in QgsApplication.taskManager().tasks())


def test_a_task_that_nobody_keeps_is_not_lost(parameters: dict[str, Any], answer: Answer) -> None:
    geohg.submit("geohg:interpolate", parameters, on_finished=answer)
    gc.collect()
    wait(lambda: answer.calls)
    assert answer.calls[0][1] is None


def test_cancel_in_the_task_manager(
    parameters: dict[str, Any], answer: Answer, tmp_path: Path
) -> None:
    task = geohg.submit("geohg:interpolate", {**parameters, **ENDLESS}, on_finished=answer)
    wait(lambda: task.progress() > 20)
    started = time.monotonic()
    QgsApplication.taskManager().cancelAll()
    wait(lambda: answer.calls, 5.0)
    assert time.monotonic() - started < 2.5
    assert answer.calls == [(None, "Cancelled; nothing was written.")]
    assert task.error == "Cancelled; nothing was written." and task.isCanceled()
    assert os.listdir(tmp_path) == []


def test_cancel_before_it_runs(parameters: dict[str, Any], answer: Answer, tmp_path: Path) -> None:
    task = geohg.submit("geohg:interpolate", parameters, on_finished=answer)
    task.cancel()
    wait(lambda: answer.calls, 10.0)
    assert answer.calls == [(None, "Cancelled; nothing was written.")]
    assert os.listdir(tmp_path) == []


def test_a_failure_is_told_in_words(
    parameters: dict[str, Any], answer: Answer, landscape: Any, tmp_path: Path
) -> None:
    broken = tmp_path / "broken.safetensors"
    broken.write_bytes(b"nothing of the kind")
    given = {"GRAPH": str(broken), "TARGET": "value", "MODEL": str(tmp_path / "m.safetensors")}
    task = geohg.submit("geohg:train", given, on_finished=answer)
    wait(lambda: answer.calls)
    ((results, error),) = answer.calls
    assert results is None and task.results is None
    assert "broken.safetensors" in error and "\n" not in error
    assert leftovers(tmp_path) == []


def test_two_jobs_at_a_time(parameters: dict[str, Any], tmp_path: Path) -> None:
    answers = Answer(), Answer()
    for number, each in enumerate(answers):
        given = {**parameters, "OUTPUT": str(tmp_path / f"{number}.tif")}
        geohg.submit("geohg:interpolate", given, on_finished=each)
    wait(lambda: all(each.calls for each in answers))
    assert [each.calls[0][1] for each in answers] == [None, None]
    assert (tmp_path / "0.tif").read_bytes() == (tmp_path / "1.tif").read_bytes()


def test_without_a_callback(parameters: dict[str, Any]) -> None:
    task = geohg.submit("geohg:interpolate", parameters)
    wait(lambda: task.results or task.error)
    assert task.error is None


def test_a_callback_that_fails_does_not_end_qgis(
    parameters: dict[str, Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    caught: list[Any] = []
    monkeypatch.setattr(sys, "excepthook", lambda *error: caught.append(error))

    def fail(results: Any, error: Any) -> None:
        raise ZeroDivisionError

    geohg.submit("geohg:interpolate", parameters, on_finished=fail)
    wait(lambda: caught)
    assert caught[0][0] is ZeroDivisionError


@pytest.mark.parametrize(
    ("algorithm", "change", "words"),
    [
        ("geohg:interpolat", {}, "no algorithm 'geohg:interpolat'. Did you mean 'geohg:interp"),
        ("geohg:interpolate", {"CELLSIZE": 5}, "no parameter 'CELLSIZE'. Did you mean 'CELL_SIZE'"),
        ("geohg:interpolate", {"FIELD": "nothere"}, "nothere"),
        ("geohg:interpolate", {"OUTPUT": "/no/such/folder/map.tif"}, "does not exist"),
    ],
)
def test_bad_parameters_are_refused_at_once(
    algorithm: str, change: dict[str, Any], words: str, parameters: dict[str, Any], answer: Answer
) -> None:
    with pytest.raises(QgsProcessingException) as caught:
        geohg.submit(algorithm, {**parameters, **change}, on_finished=answer)
    assert words in str(caught.value)
    QgsApplication.processEvents()
    assert answer.calls == []


def test_another_thread_is_refused(parameters: dict[str, Any]) -> None:
    caught: list[Exception] = []

    def start() -> None:
        try:
            geohg.submit("geohg:interpolate", parameters)
        except QgsProcessingException as error:
            caught.append(error)

    thread = threading.Thread(target=start)
    thread.start()
    thread.join()
    assert "main thread" in str(caught[0])
