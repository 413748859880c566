"""Kills of a command-line run at random moments, and in the middle of its commit."""

import contextlib
import json
import os
import random
import signal
import subprocess
import sys
import time
from collections import Counter
from pathlib import Path

import numpy as np
import pandas as pd
import psutil
import pytest

from .conftest import CELL, QUICK
from .fuzzing import tries

SEED = 12
MAP = {
    **{key: f"{key}.tif" for key in ("prediction", "std", "lower", "upper", "applicability")},
    "residuals": "residuals.gpkg",
    "table": "table.csv",
    "report_json": "report.json",
    "model": "model.safetensors",
    "graph": "graph.safetensors",
}
# What is the same each time: others tell how long a run took.
SAME = (".tif", ".csv", "graph.safetensors")
SIGNALS = (signal.SIGKILL, signal.SIGKILL, signal.SIGTERM, signal.SIGINT)
GUARD_SECONDS = 2.0

# A process that has loaded the engine, and does each command in a copy of itself.
SERVER = """
import os, sys
sys.path.insert(0, sys.argv[1])
import conftest
from geohg.engine.cli.main import main
from geohg.engine import jobs
import geohg.engine.training.supervised, geohg.engine.report.drawing
for line in sys.stdin:
    child = os.fork()
    if not child:
        os.environ["GEOHG_KILLS"] = sys.argv[2]
        null = os.open(os.devnull, os.O_RDWR)
        for stream in (0, 1, 2):
            os.dup2(null, stream)
        try:
            main(["run", line.strip()])
        finally:
            os._exit(9)
    print(child, flush=True)
    print(os.waitpid(child, 0)[1], flush=True)
"""

pytestmark = [
    pytest.mark.fuzz,
    pytest.mark.skipif(not hasattr(os, "fork"), reason="there is no fork"),
]


class Runs:
    """Runs of one request over outputs that are there, each to be killed.

    Parameters
    ----------
    request : dict
        What to do.
    folder : Path
        Where the outputs lie.
    server : Popen
        What does the runs.
    """

    def __init__(self, request, folder, server):
        self.folder = folder / "out"
        self.folder.mkdir()
        outputs = {key: str(self.folder / name) for key, name in request["outputs"].items()}
        self.request = folder / "request.json"
        self.request.write_text(json.dumps({**request, "outputs": outputs}))
        self.seconds = 0.0
        self.old, self.new, self.known = {}, {}, set()
        self.server = server

    def start(self):
        """Write what was there before, and start a run; its process."""
        for name, content in self.old.items():
            (self.folder / name).write_bytes(content)
        print(self.request, file=self.server.stdin, flush=True)
        return int(self.server.stdout.readline())

    def end(self):
        """Wait for the end of the run, and of whoever cleans up after it."""
        self.server.stdout.readline()
        deadline = time.monotonic() + GUARD_SECONDS
        while (self.left() or self.orphans()) and time.monotonic() < deadline:
            time.sleep(0.01)
        assert self.left() == set() and self.orphans() == []

    def left(self):
        """Whatever there is but inputs and outputs."""
        return all_under(self.folder.parent) - self.known

    def orphans(self):
        """Processes that the run started."""
        found = []
        for process in psutil.process_iter():
            try:
                if process.environ().get("GEOHG_KILLS") == str(os.getpid()):
                    found.append(process.pid)
            except psutil.Error:
                continue
        return found

    def found(self):
        """What each output holds."""
        return {name: (self.folder / name).read_bytes() for name in self.old}

    def measure(self):
        """Let a run end, to know how long one takes and what it writes."""
        started = time.monotonic()
        self.start()
        self.server.stdout.readline()
        self.seconds = time.monotonic() - started
        self.new = {name: (self.folder / name).read_bytes() for name in os.listdir(self.folder)}
        self.old = {name: f"old {name}".encode() * 99 for name in self.new}
        self.known = all_under(self.folder.parent)
        assert len(self.old) >= len(MAP) and not [name for name in self.old if name[0] == "."]

    def outcome(self):
        """Whether all outputs are old, or all new and whole; anything else fails."""
        found = self.found()
        if found == self.old:
            return "old"
        assert not [name for name in found if found[name] == self.old[name]], "a mixture"
        same = [name for name in found if name.endswith(SAME)]
        assert {name: found[name] for name in same} == {name: self.new[name] for name in same}
        return "new"


@pytest.fixture(scope="module")
def server():
    """A process that does runs, each in a copy of itself; it says the copy's id, and its end."""
    tests = str(Path(__file__).parents[1])
    process = subprocess.Popen(
        [sys.executable, "-c", SERVER, tests, str(os.getpid())],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        encoding="utf-8",
        env={**os.environ, "OMP_NUM_THREADS": "1"},
    )
    yield process
    process.kill()
    process.communicate()


def made(request, folder, server):
    """Runs of a request, of which one has ended."""
    runs = Runs(request, folder, server)
    runs.measure()
    return runs


@pytest.fixture(scope="module")
def runs(landscape, server, tmp_path_factory):
    """Runs that make a map."""
    folder = tmp_path_factory.mktemp("kills")
    pd.read_csv(landscape.points)[::3].to_csv(folder / "points.csv", index=False)
    points = {**landscape.request()["points"], "path": str(folder / "points.csv")}
    training = {**QUICK, "device": "cpu"}
    request = landscape.request(points=points, landcover=[], training=training, outputs=MAP)
    return made(request, folder, server)


@pytest.fixture(scope="module")
def large_runs(landscape, server, tmp_path_factory):
    """Runs that write so many files that a kill can be aimed between two of them."""
    folder = tmp_path_factory.mktemp("large")
    table = pd.read_csv(landscape.points)
    names = [f"value {number}" for number in range(80)]
    values = pd.DataFrame(table.value.to_numpy()[:, None] + np.arange(80), columns=names)
    pd.concat([table, values], axis=1).to_csv(folder / "points.csv", index=False)
    points = {**landscape.request()["points"], "path": str(folder / "points.csv")}
    outputs = {"graph": "graph.safetensors", "cells": "cells.gpkg", "city": "."}
    parts = {"points": {**points, "targets": names, "units": {}}, "landcover": []}
    parts["grid"] = {**landscape.request()["grid"], "cell_size": 3 * CELL}
    return made(landscape.request("buildgraph", **parts, outputs=outputs), folder, server)


def test_a_kill_at_any_moment_leaves_what_was_there_or_all_that_is_new(runs):
    generator = random.Random(SEED)
    counts = Counter()
    for _ in range(tries(10)):
        process = runs.start()
        time.sleep(generator.uniform(0, 1.05 * runs.seconds))
        kill(process, generator.choice(SIGNALS))
        runs.end()
        counts[runs.outcome()] += 1
    print(f"\nkills at random moments: {dict(counts)}")
    assert counts["old"]


def test_a_kill_while_files_are_committed_leaves_no_mixture(large_runs):
    generator = random.Random(SEED)
    runs, counts = large_runs, Counter()
    for _ in range(tries(3)):
        process = runs.start()
        await_commit(runs, generator.uniform(0, 0.01))
        kill(process, signal.SIGSTOP)
        journal = any(".undo" in name for name in os.listdir(runs.folder))
        replaced = sum(content != runs.old[name] for name, content in runs.found().items())
        counts["between two renames"] += 0 < replaced < len(runs.old)
        counts["with a journal"] += journal
        kill(process, signal.SIGKILL)
        runs.end()
        counts[runs.outcome()] += 1
    print(f"\nkills in the commit: {dict(counts)}")
    assert counts["with a journal"]


def all_under(folder):
    """All files and folders, some of which may be removed at this moment."""
    walked = os.walk(folder)
    return {os.path.join(at, name) for at, *found in walked for names in found for name in names}


def kill(process, number):
    """Send a signal to a process that may have ended."""
    with contextlib.suppress(ProcessLookupError):
        os.kill(process, number)


def await_commit(runs, seconds):
    """Wait until a commit begins, or has been missed, and some moments more."""

    def begins():
        names = os.listdir(runs.folder)
        return any(".old" in name or ".undo" in name for name in names)

    deadline = time.monotonic() + 4 * runs.seconds
    while not begins() and time.monotonic() < deadline:
        time.sleep(0.0005)  # the run needs the processor too
    time.sleep(seconds)
