"""What a process loads before it takes a job, and what a default run loads."""

import json
import os
import subprocess
import sys
from pathlib import Path

from .conftest import QUICK

TAKE = """
import importlib, runpy, sys
runpy.run_path(sys.argv[1])["_register"]()
importlib.import_module("geohg.engine.worker")
print([name for name in sys.argv[2:] if name in sys.modules])
"""
HEAVY = ("numpy", "pandas", "scipy", "torch", "sklearn", "rasterio", "pyproj", "matplotlib", "yaml")

RUN = """
import json, sys
sys.path.insert(0, sys.argv[1])
import conftest
from geohg.engine.jobs import run

heavy = ("torch._dynamo", "torch_geometric", "matplotlib", "jinja2")
for request in json.loads(sys.argv[2]):
    run(request)
    print(json.dumps([name for name in heavy if name in sys.modules]))
"""


def test_a_process_takes_a_job_before_it_loads_what_computes():
    door = Path(__file__).parents[2] / "engine" / "__main__.py"
    line = [sys.executable, "-I", "-c", TAKE, str(door), *HEAVY]
    assert subprocess.run(line, capture_output=True, text=True, check=True).stdout == "[]\n"


def test_a_default_run_loads_no_compiler_and_draws_only_for_a_report(landscape, tmp_path):
    points = {**landscape.request()["points"], "path": str(tmp_path / "points.csv")}
    few = landscape.points.read_text(encoding="utf-8").splitlines(keepends=True)[:60]
    (tmp_path / "points.csv").write_text("".join(few), encoding="utf-8")
    outputs = [{"prediction": str(tmp_path / "map.tif")}, {"report": str(tmp_path / "report.html")}]
    training = {}, QUICK
    requests = [
        landscape.request(points=points, outputs=each, training=options)
        for each, options in zip(outputs, training)
    ]
    tests = __file__.rpartition("engine")[0]
    line = [sys.executable, "-W", "ignore", "-c", RUN, tests, json.dumps(requests)]
    done = subprocess.run(line, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    loaded = [json.loads(line) for line in done.stdout.splitlines() if line.startswith("[")]
    assert loaded == [[], ["matplotlib", "jinja2"]]


def test_threads_wait_without_taking_the_processor_from_others():
    assert os.environ["OMP_WAIT_POLICY"] == "PASSIVE"
