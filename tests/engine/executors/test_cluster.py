"""Blocks on a Dask cluster of this machine: its own scheduler and workers, and their ends."""

import os
import signal
import subprocess
import sys
import threading
import time
from contextlib import closing

import pytest
from toywork import cut

from geohg.engine.config.address import check_address, refuse_public
from geohg.engine.errors import Cancelled, FitError, InputError
from geohg.engine.executors import cluster, there
from geohg.engine.executors.choice import executor_for
from geohg.engine.executors.cluster import DaskCluster
from geohg.engine.executors.running import run_blocks
from geohg.engine.executors.there import make_there
from geohg.engine.executors.work import Work, WorkerFault, error_of
from geohg.engine.progress import Silent

from ..conftest import HANGS_SECONDS, Recorder, write_raster
from .conftest import Cluster, Whole, assert_true, toy

pytest.importorskip("distributed")

ROWS, COLS = 23, 31


@pytest.fixture(scope="module")
def doomed(tmp_path_factory, search_path):
    """A scheduler whose workers are killed, and it in the end."""
    running = Cluster(tmp_path_factory.mktemp("doomed"), search_path)
    yield running
    running.end()


@pytest.fixture
def executor(started):
    executor = DaskCluster(started.address, Silent())
    yield executor
    executor.close()


def run(work, executor, side=10, progress=None):
    whole = Whole(ROWS, COLS)
    run_blocks(work, cut(ROWS, COLS, side), executor, whole, progress or Silent())
    return whole


def test_the_same_arrays_one_work_after_another(executor, tmp_path):
    assert_true(run(toy(), executor))
    assert_true(run(toy({"model": b"12345"}, base=7), executor), base=12.0)
    assert executor.slots == 4


def test_it_tells_what_it_works_on(started):
    progress = Recorder()
    with executor_for(0, started.address, progress) as executor:
        assert_true(run(toy(warns=True), executor, progress=progress))
    assert progress.lines == [
        f"The Dask scheduler at {started.address} has 2 workers with 2 threads."
    ]
    assert progress.warnings == ["The toy warns."] and progress.fractions[-1] == 1.0


def test_errors_of_a_worker_are_those_of_the_work(executor):
    with pytest.raises(WorkerFault, match="ZeroDivisionError: toy"):
        run(toy(fails=3), executor)
    with pytest.raises(MemoryError, match="too large"):
        run(toy(fails=3, by_memory=True), executor)
    with pytest.raises(WorkerFault, match="No module named 'nowhere'"):
        run(Work("nowhere", {}), executor)


def test_a_cancel_reaches_the_workers(started):
    executor = DaskCluster(started.address, Silent())
    progress = Recorder(lambda recorder: recorder.asked > 3)
    with pytest.raises(Cancelled):
        run(toy(seconds=HANGS_SECONDS), executor, progress=progress)
    executor.close()
    assert_both_are_free(started)


def assert_both_are_free(started):
    """The workers take blocks, and so do not make any longer what nobody wants."""
    executor = DaskCluster(started.address, Silent())
    begun = time.monotonic()
    assert_true(run(toy(seconds=0.2), executor, side=16))
    assert time.monotonic() - begun < HANGS_SECONDS / 2
    executor.close()


CLIENT = """
import sys
sys.path[:0] = sys.argv[2].split(":")
from geohg.engine.executors.choice import executor_for
from geohg.engine.executors.cluster import DaskCluster
from geohg.engine.executors.running import run_blocks
from geohg.engine.executors.work import Work
from geohg.engine.progress import Silent
from toywork import cut

class Told:
    def has(self, block):
        return False
    def put(self, block, arrays):
        print(block.number, flush=True)

executor = DaskCluster(sys.argv[1], Silent())
work = Work("toywork", {"base": 5, "seconds": 100.0, "first": 0.1})
run_blocks(work, cut(100, 100, 10), executor, Told(), Silent())
"""


def test_a_client_that_is_killed_leaves_no_work(started, spawn, search_path):
    command = [sys.executable, "-c", CLIENT, started.address, search_path]
    client = spawn(command, stdout=subprocess.PIPE, encoding="utf-8")
    assert client.stdout.readline() == "0\n"
    os.kill(client.pid, signal.SIGKILL)
    assert_both_are_free(started)


def test_another_version_is_named_before_the_run(executor, monkeypatch):
    """The workers have the versions of now, and this process those of another."""
    ours = there.versions()
    with monkeypatch.context() as other:
        other.setattr(there.versions, "__defaults__", ((2, 7),))
        with pytest.raises(
            InputError, match=r"^The worker tcp://\S+ has Python 3\.\d+, and here is"
        ):
            run(toy(), executor)
    monkeypatch.setattr(there, "__version__", "9.9")
    with pytest.raises(
        InputError, match=r"^The worker tcp://\S+ has GeoHG 0\S+, and here is 9\.9;"
    ):
        run(toy(), executor)
    late = make_there({}, "run", {}, ours)["error"]
    with pytest.raises(InputError, match=r"has GeoHG 9\.9, and here is .*; install the same"):
        raise error_of(late)


def test_a_scheduler_without_geohg_is_named_before_the_run(search_path, tmp_path):
    running = Cluster(tmp_path, "")
    try:
        running.find(search_path)
        running.add_workers(1)
        with (
            closing(DaskCluster(running.address, Silent())) as executor,
            pytest.raises(InputError, match=r"^The scheduler tcp://\S+ has no GeoHG, and here is"),
        ):
            run(toy(), executor)
    finally:
        running.end()


def test_a_raster_that_a_worker_cannot_open_is_named_before_the_run(executor, tmp_path):
    import numpy as np

    seen = write_raster(tmp_path / "seen.tif", np.zeros((2, 2), np.uint8))
    work = Work("toywork", {"base": 5}, rasters=(str(seen), "/nowhere/dem.tif"))
    with pytest.raises(InputError, match=r"tcp://\S+ cannot open '/nowhere/dem.tif'.*put it where"):
        run(work, executor)
    assert_true(run(Work("toywork", {"base": 5}, rasters=(str(seen),)), executor))


@pytest.mark.parametrize(
    "address",
    [
        "",
        "localhost:8786",
        "http://host:8786",
        "tcp://host",
        "tcp://user@host:8786",
        "tcp://host:99999",
        "tcp://host:8786/path",
        "inproc://host:8786",
    ],
)
def test_what_is_no_address_is_refused(address):
    with pytest.raises(InputError, match="is no address of a Dask scheduler; it looks like tcp"):
        check_address(address)


def test_an_unsafe_address_is_refused():
    for address in ("tcp://8.8.8.8:8786", "tcp://[2606:4700::1111]:8786"):
        with pytest.raises(InputError, match="on the open internet"):
            DaskCluster(address, Silent())
    for address in ("tls://8.8.8.8:8786", "tcp://10.0.0.3:8786", "tcp://[::1]:8786"):
        check_address(address)
        refuse_public(address)


def test_no_scheduler_is_one_sentence():
    with pytest.raises(InputError, match=r"no Dask scheduler at tcp://127\.0\.0\.1:9 \(.*refused"):
        DaskCluster("tcp://127.0.0.1:9", Silent())


def test_without_dask_its_package_is_named(monkeypatch):
    monkeypatch.setitem(sys.modules, "distributed", None)
    with pytest.raises(InputError, match="with '.*python.* -m pip install distributed'"):
        DaskCluster("tcp://127.0.0.1:9", Silent())


# In this order: each needs what the one before has left.


def test_a_worker_that_is_killed_costs_its_blocks_only(doomed, tmp_path):
    doomed.add_workers(2)
    executor = DaskCluster(doomed.address, Silent())
    assert_true(run(toy(dies_once=str(tmp_path / "died")), executor))
    assert (tmp_path / "died").exists() and executor.slots == 2
    executor.close()


def test_work_that_went_with_the_last_worker_is_sent_to_the_next(doomed, tmp_path):
    executor, died = DaskCluster(doomed.address, Silent()), tmp_path / "died"
    assert executor.slots == 2

    class AddsOne(Silent):
        added = False

        def check_cancelled(self):
            if died.exists() and not self.added:
                self.added = True
                threading.Thread(target=doomed.add_workers, args=(1,)).start()

    assert_true(run(toy(dies_once=str(died)), executor, progress=AddsOne()))
    executor.close()


def test_a_block_that_kills_its_workers_is_one_sentence(doomed):
    doomed.add_workers(3)
    executor = DaskCluster(doomed.address, Silent())
    with pytest.raises(FitError, match=r"^2 workers ended while they made block \d"):
        run(toy(dies_at=0), executor)
    executor.close()


def test_a_run_whose_workers_are_all_killed_ends_soon_with_one_sentence(doomed, monkeypatch):
    doomed.add_workers(1)
    monkeypatch.setattr(cluster, "LOST_SECONDS", 2.0)
    executor, killed = DaskCluster(doomed.address, Silent()), []

    class Kills(Whole):
        def put(self, block, arrays):
            killed.append(time.monotonic())
            for process in doomed.processes[1:]:
                process.kill()

    # A block that was with one of them after the other is told of instead.
    with pytest.raises(FitError, match=r"none has come for 2 seconds; start some|workers ended"):
        run_blocks(toy(seconds=0.2), cut(ROWS, COLS, 4), executor, Kills(ROWS, COLS), Silent())
    assert time.monotonic() - killed[-1] < HANGS_SECONDS / 4
    executor.close()


def test_a_scheduler_that_is_killed_is_one_sentence(doomed):
    doomed.add_workers(1)
    executor = DaskCluster(doomed.address, Silent())

    class Kills(Whole):
        def put(self, block, arrays):
            os.kill(doomed.processes[0].pid, signal.SIGKILL)

    with pytest.raises(FitError, match="is gone, and what was not finished with it; start it"):
        run_blocks(toy(seconds=0.2), cut(ROWS, COLS, 4), executor, Kills(ROWS, COLS), Silent())
    executor.close()
