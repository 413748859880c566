"""Blocks in this process and in worker processes: the same arrays, and no process is left."""

import json
import os
import signal
import subprocess
import sys
import time

import psutil
import pytest
from toywork import cut

from geohg.engine.errors import Cancelled, FitError
from geohg.engine.executors.choice import executor_for
from geohg.engine.executors.here import InProcess
from geohg.engine.executors.processes import WorkerProcesses, worker_command
from geohg.engine.executors.running import InOrder, Meter, run_blocks
from geohg.engine.executors.work import Work, WorkerFault
from geohg.engine.progress import Silent

from ..conftest import Recorder
from .conftest import Whole, assert_true, toy

ROWS, COLS = 23, 31


@pytest.fixture(scope="module")
def pair():
    """Two workers that tests share; nothing of a run stays in them."""
    workers = WorkerProcesses(2)
    yield workers
    workers.close()


def run(work, executor, side=10, progress=None):
    whole = Whole(ROWS, COLS)
    run_blocks(work, cut(ROWS, COLS, side), executor, whole, progress or Silent())
    return whole


@pytest.mark.parametrize("side", [10, 100])
def test_in_this_process(side):
    assert_true(run(toy(), InProcess(), side))


def test_in_worker_processes_one_work_after_another(pair):
    assert_true(run(toy(), pair))
    assert_true(run(toy({"model": b"12345", "other": b"1"}, base=7), pair), base=12.0)


def test_blocks_are_taken_in_their_order_whichever_is_made_first():
    taken, blocks = [], cut(10, 10, 5)
    sink = InOrder(blocks, taken.append)
    for number, expected in ((2, []), (0, [0]), (3, [0]), (1, [0, 1, 2, 3])):
        sink.put(blocks[number], number)
        assert taken == expected


def test_progress_tells_cells_and_the_time_left():
    now, progress = [0.0], Recorder()
    blocks = cut(4, 10, 4)
    meter = Meter(total=80, left=40, progress=progress, clock=lambda: now[0])
    own = [meter.follow(block) for block in blocks]
    now[0] = 30.0
    own[0].report(0.5, "half of 16 cells")
    meter.done(blocks[0])
    now[0] = 60.0
    meter.done(blocks[1])
    meter.done(blocks[2])
    assert progress.fractions == [48 / 80, 56 / 80, 72 / 80, 1.0]
    assert progress.messages == [
        "48 of 80 cells, about 2 minutes left",
        "56 of 80 cells, about 45 seconds left",
        "72 of 80 cells, about 15 seconds left",
        "80 of 80 cells",
    ]


@pytest.mark.parametrize("here", [True, False])
def test_what_every_block_warns_of_is_told_once(here, pair):
    progress = Recorder()
    assert_true(run(toy(warns=True), InProcess() if here else pair, progress=progress))
    assert progress.warnings == ["The toy warns."]


def test_a_worker_that_is_killed_costs_its_block_only(tmp_path, pair):
    assert_true(run(toy(dies_once=str(tmp_path / "died")), pair))
    assert (tmp_path / "died").exists()


def test_a_block_that_kills_every_worker_is_one_sentence(pair):
    with pytest.raises(FitError, match=r"^3 workers ended while they made block 4 \(signal 9"):
        run(toy(dies_at=4), pair)


def test_errors_of_a_worker_are_those_of_the_work(pair):
    with pytest.raises(WorkerFault, match="ZeroDivisionError: toy"):
        run(toy(fails=3), pair)
    with pytest.raises(MemoryError, match="too large"):
        run(toy(fails=3, by_memory=True), pair)
    with pytest.raises(WorkerFault, match="ValueError: no state"):
        run(toy(no_state=True), pair)
    with pytest.raises(WorkerFault, match="No module named 'nowhere'"):
        run(Work("nowhere", {}), pair)


def test_a_worker_that_does_not_start_is_one_sentence():
    workers = WorkerProcesses(1, [sys.executable, "-c", "raise SystemExit('no such package')"])
    with pytest.raises(FitError, match="does not start: exit code 1 no such package"):
        run(toy(), workers)
    workers.close()


def test_a_program_that_is_no_python_starts_no_workers(monkeypatch):
    monkeypatch.setattr(sys, "executable", "/usr/bin/qgis")
    with pytest.raises(ValueError, match="'/usr/bin/qgis' is no Python"):
        worker_command()


@pytest.mark.parametrize("here", [True, False])
def test_a_cancel_stops_soon_and_ends_the_workers(here):
    before = children()
    executor = InProcess() if here else WorkerProcesses(1)
    progress = Recorder(lambda recorder: bool(recorder.fractions))
    with pytest.raises(Cancelled):
        run(toy(seconds=60), executor, progress=progress)
    asked = progress.asked
    executor.close()
    assert asked < 1000 and children() == before


@pytest.mark.parametrize(("workers", "kind"), [(0, InProcess), (2, WorkerProcesses)])
def test_options_choose_the_executor_which_ends_with_its_context(workers, kind):
    before = children()
    with executor_for(workers, "", Silent()) as executor:
        assert isinstance(executor, kind) and executor.slots == max(workers, 1)
        assert_true(run(toy(), executor))
        assert len(children()) == len(before) + workers
    assert children() == before


def children():
    return [each for each in psutil.Process().children() if "blocks" in each.cmdline()[-1:]]


CLIENT = """
import json, os, sys
sys.path.insert(0, sys.argv[1])
import geohg.engine.executors.processes as processes
from geohg.engine.executors.running import run_blocks
from geohg.engine.executors.work import Work
from geohg.engine.progress import Silent
from toywork import cut

class Told:
    def has(self, block):
        return False
    def put(self, block, arrays):
        print(json.dumps([each._process.pid for each in workers._processes]), flush=True)

workers = processes.WorkerProcesses(2)
work = Work("toywork", {"base": 5, "seconds": 0.2})
run_blocks(work, cut(100, 100, 2), workers, Told(), Silent())
"""


def test_workers_end_with_a_client_that_is_killed(spawn, search_path):
    command = [sys.executable, "-c", CLIENT, search_path]
    client = spawn(command, stdout=subprocess.PIPE, encoding="utf-8")
    workers = [psutil.Process(number) for number in json.loads(client.stdout.readline())]
    assert len(workers) == 2
    os.kill(client.pid, signal.SIGKILL)
    gone, alive = psutil.wait_procs(workers, timeout=20)
    assert not alive and len(gone) == 2


def test_time_is_not_wasted_while_the_sink_writes(pair):
    """Both workers have a block while a block is put."""

    class Slow(Whole):
        def put(self, block, arrays):
            busy.append(sum(each.block is not None for each in pair._processes))
            time.sleep(0.01)
            super().put(block, arrays)

    busy, whole = [], Slow(ROWS, COLS)
    run_blocks(toy(), cut(ROWS, COLS, 5), pair, whole, Silent())
    assert_true(whole)
    assert busy[:-2] == [2] * (len(busy) - 2)
