"""Seconds of this checkout beside those of another, in one run on one machine.

`python benchmarks/beside.py --before FOLDER --data geohg_cities --out docs/benchmarks/beside.md`
runs the synthetic sample, 10,000 cells and the city GZ in fresh processes, one checkout after the
other, and writes a Markdown table of processor seconds with their ratios. Both use the Python that
runs this, with one thread.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

import speed

ROOT = Path(__file__).resolve().parents[1]
SAMPLE = ROOT / "resources" / "sample"
SIDE = 100

# What a process of a checkout does, its own folder of benchmarks first on the path.
WARM = """
import importlib, json, sys, time
sys.path.insert(0, "benchmarks")
from register import register
register()
from pathlib import Path
clock, found = time.process_time, {}
def timed(name, work):
    began = clock()
    work()
    found[name] = clock() - began
def load():
    for name in ("jobs.interpolate", "models.informed"):
        importlib.import_module("geohg.engine." + name)
timed("load what a map needs", load)
from geohg.engine.jobs import run
from geohg.engine.worker import __dict__ as worker
worker.get("settle", worker.get("hush"))()
plain, full, larger = (json.loads(Path(path).read_text()) for path in sys.argv[1:4])
run(full)
timed("the sample with its report, warm", lambda: run(full))
timed("the sample, warm", lambda: run(plain))
found["of that, the report"] = found["the sample with its report, warm"] - found["the sample, warm"]
timed("10,000 cells, 1,000 of them observed, warm", lambda: run(larger))
print(json.dumps(found))
"""
CITY = """
import json, sys, time
sys.path.insert(0, "benchmarks")
import accuracy
from pathlib import Path
from geohg.engine.worker import __dict__ as worker
worker.get("settle", worker.get("hush"))()
city = next(city for city in accuracy.load(Path(sys.argv[1])) if city.name == "GZ")
case = accuracy.make_case(city, "Carbon", 0.7, 0)
accuracy.run(accuracy.OURS, case, True, 0)
began = time.process_time()
accuracy.run(accuracy.OURS, case, True, 0)
print(json.dumps({"GZ, 8,540 cells: fit and predict": time.process_time() - began}))
"""


def request(folder: Path, report: bool) -> Path:
    """A file that asks for the map of the sample, with its report or not."""
    outputs = {"prediction": str(folder / "map.tif")}
    if report:
        outputs |= {"report": str(folder / "report.html")}
    poi = {"path": str(SAMPLE / "synthetic_pois.gpkg"), "category": "category"}
    asked = {
        "version": 1,
        "job": "interpolate",
        "points": {"path": str(SAMPLE / "synthetic_points.gpkg"), "targets": ["value"]},
        "landcover": [{"path": str(SAMPLE / "synthetic_landcover.tif"), "band": 1}],
        "poi": poi,
        "grid": {
            "crs": "EPSG:32631",
            "cell_size": 500,
            "bounds": [480_000, 20_000, 520_000, 50_000],
        },
        "outputs": outputs,
    }
    path = folder / f"{'report' if report else 'map'}.json"
    path.write_text(json.dumps(asked), encoding="utf-8")
    return path


def spent(checkout: Path, *line: object) -> tuple[float, str]:
    """Processor seconds of a process of a checkout, and what it prints."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    command = [sys.executable, *map(str, line)]
    environment = {**os.environ, "OMP_NUM_THREADS": "1", "PYTHONWARNINGS": "ignore"}
    piped = {"stdout": subprocess.PIPE, "stderr": subprocess.DEVNULL, "text": True}
    done: Any = subprocess.run(command, check=True, cwd=checkout, env=environment, **piped)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return after.ru_utime - before.ru_utime + after.ru_stime - before.ru_stime, done.stdout


def measure(checkout: Path, folder: Path, data: Path | None) -> dict[str, float]:
    """Processor seconds of each task by one checkout."""
    plain, full = (request(folder, report) for report in (False, True))
    found = {
        "the sample with its report, a process": spent(checkout, "-m", "engine", "run", full)[0],
        "the sample, a process": spent(checkout, "-m", "engine", "run", plain)[0],
    }
    larger = folder / "larger.json"
    points = {"path": str(folder / "points.csv"), "crs": speed.CRS}
    points |= {"coord_columns": ["x", "y"], "targets": ["value"]}
    right, bottom = speed.LEFT + SIDE * speed.CELL, speed.TOP - SIDE * speed.CELL
    bounds = [speed.LEFT, bottom, right, speed.TOP]
    asked = {
        **json.loads(plain.read_text(encoding="utf-8")),
        "points": points,
        "landcover": [{"path": str(folder / "landcover.tif"), "band": 1}],
        "poi": None,
        "grid": {"crs": speed.CRS, "cell_size": speed.CELL, "bounds": bounds},
    }
    larger.write_text(json.dumps(asked), encoding="utf-8")
    found |= json.loads(spent(checkout, "-c", WARM, plain, full, larger)[1].splitlines()[-1])
    if data:
        found |= json.loads(spent(checkout, "-c", CITY, data)[1].splitlines()[-1])
    return found


def report(rounds: list[tuple[dict[str, float], dict[str, float]]], command: str) -> str:
    """Markdown: the medians of all rounds, and of the ratios in each."""
    load = os.getloadavg()[2]
    lines = [
        "# Before and after",
        "",
        f"`{command}`; {len(rounds)} rounds, one thread, {os.cpu_count()} cores, a load of "
        f"{load:.1f} beside it, Python {platform.python_version()}. Processor seconds: medians.",
        "",
        "| task | before | after | before / after |",
        "| --- | --- | --- | --- |",
    ]
    for name in rounds[0][0]:
        pairs = [(before[name], after[name]) for before, after in rounds]
        old, new = (statistics.median(values) for values in zip(*pairs))
        ratio = statistics.median(before / after for before, after in pairs)
        lines.append(f"| {name} | {old:.2f} | {new:.2f} | {ratio:.1f} |")
    return "\n".join(lines) + "\n"


def main() -> None:
    """Measure what the command line asks for."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n")[0])
    parser.add_argument("--before", type=Path, required=True, help="the other checkout")
    parser.add_argument("--data", type=Path, help="folder of the cities")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--out", type=Path, default=Path("beside.md"))
    options = parser.parse_args()
    rounds = []
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        speed.make_landscape(folder, SIDE)
        for _ in range(options.rounds):
            started = time.monotonic()
            both = [measure(each, folder, options.data) for each in (options.before, ROOT)]
            rounds.append((both[0], both[1]))
            print(json.dumps(rounds[-1]), round(time.monotonic() - started), flush=True)
    command = "python benchmarks/beside.py --before FOLDER --data geohg_cities"
    options.out.write_text(report(rounds, command), encoding="utf-8")


if __name__ == "__main__":
    main()
