import contextlib
import json
import os
import subprocess
import sys
import time
from pathlib import Path

import numpy as np
import pytest

from geohg.engine.executors.work import Work

from ..conftest import HANGS_SECONDS

HERE = Path(__file__).parent
ROOT = HERE.parents[2]

sys.path.insert(0, str(HERE))  # as a worker has it


@pytest.fixture(scope="session")
def search_path(tmp_path_factory):
    """A folder where Python finds `geohg`, and the toy's."""
    folder = tmp_path_factory.mktemp("packages")
    (folder / "geohg").symlink_to(ROOT)
    return f"{folder}{os.pathsep}{HERE}"


@pytest.fixture(autouse=True)
def _workers_find_the_toy(search_path, monkeypatch):
    monkeypatch.setenv("PYTHONPATH", search_path)


class Cluster:
    """A scheduler and workers, each a process of `dask`."""

    def __init__(self, folder, search_path):
        self._file = folder / "scheduler.json"
        self._log = open(folder / "log.txt", "w")  # noqa: SIM115 # of processes, up to `end`
        self._folder = folder
        self._environment = {
            **os.environ,
            "PYTHONPATH": search_path,
            "DASK_DISTRIBUTED__SCHEDULER__ALLOWED_FAILURES": "1",
        }
        self.processes = []
        self._start("scheduler", "--host", "127.0.0.1", "--port", "0", "--no-dashboard")
        until, self.address = time.monotonic() + HANGS_SECONDS, ""
        while not self.address and time.monotonic() < until:
            time.sleep(0.05)
            with contextlib.suppress(OSError, ValueError):  # not there, or not whole
                self.address = json.loads(self._file.read_text())["address"]

    def find(self, search_path):
        """Where processes that are started from now on find packages."""
        self._environment["PYTHONPATH"] = search_path

    def add_workers(self, count):
        distributed = pytest.importorskip("distributed")
        with distributed.Client(self.address, set_as_default=False) as client:
            total = len(client.nthreads()) + count
            for _ in range(count):
                self._start("worker", "--nthreads", "1", "--no-nanny", "--no-dashboard")
            client.wait_for_workers(total, timeout=HANGS_SECONDS)

    def end(self):
        for process in self.processes:
            process.kill()
            process.wait()
        self._log.close()

    def _start(self, kind, *arguments):
        where = ("--scheduler-file", str(self._file))
        folder = ("--local-directory", str(self._folder)) if kind == "worker" else ()
        self.processes.append(
            subprocess.Popen(
                [sys.executable, "-m", "dask", kind, *where, *folder, *arguments],
                stdout=self._log,
                stderr=self._log,
                env=self._environment,
            )
        )


@pytest.fixture(scope="package")
def started(tmp_path_factory, search_path):
    """Two workers that no test kills."""
    pytest.importorskip("distributed")
    running = Cluster(tmp_path_factory.mktemp("dask"), search_path)
    running.add_workers(2)
    yield running
    running.end()


class Whole:
    """A sink that puts blocks together in memory."""

    def __init__(self, rows, cols):
        self.shape = rows, cols
        self.arrays = {}
        self.put_blocks = []

    def has(self, block):
        return False

    def put(self, block, arrays):
        self.put_blocks.append(block.number)
        for name, values in arrays.items():
            plane = self.arrays.setdefault(name, np.full(self.shape, np.nan))
            window = plane[block.row0 : block.row1, block.col0 : block.col1]
            assert np.isnan(window).all(), "a block came twice"
            window[:] = values


def toy(files=None, **description):
    return Work("toywork", {"base": 5, **description}, files or {})


def assert_true(whole, base=5.0):
    import toywork

    wanted = toywork.truth(*whole.shape, base)
    assert set(whole.arrays) == set(wanted)
    for name, values in wanted.items():
        np.testing.assert_array_equal(whole.arrays[name], values)
