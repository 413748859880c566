"""The notebook runs, and its map is near the truth that it made."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
NOTEBOOK = ROOT / "notebooks" / "quickstart_interpolation.ipynb"

# In a process of its own: the notebook draws with pyplot, which nothing else here may load.
RUN = """
import importlib.util, json, sys
root, cells = sys.argv[1], json.loads(sys.stdin.read())
spec = importlib.util.spec_from_file_location(
    "geohg", f"{root}/__init__.py", submodule_search_locations=[root]
)
sys.modules["geohg"] = importlib.util.module_from_spec(spec)
spec.loader.exec_module(sys.modules["geohg"])
names = {}
for number, source in enumerate(cells):
    exec(compile(source, f"cell {number}", "exec"), names)
found = ("map_rmse", "NOISE", "held", "scores")
print(json.dumps({name: names[name] for name in found if name in names}))
"""


def cells(*tags):
    """Sources of the code cells that carry one of these tags, in order."""
    notebook = json.loads(NOTEBOOK.read_text(encoding="utf-8"))
    code = [cell for cell in notebook["cells"] if cell["cell_type"] == "code"]
    return ["".join(cell["source"]) for cell in code if {*tags} & {*cell["metadata"]["tags"]}]


def run(folder, sources, **environment):
    """Run cells in a folder; return what they printed, and the figures of the test."""
    done = subprocess.run(
        [sys.executable, "-c", RUN, str(ROOT)],
        input=json.dumps(sources),
        cwd=folder,
        env={**os.environ, "MPLBACKEND": "Agg", "GEOHG_DATA": "", **environment},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    *printed, found = done.stdout.splitlines()
    return printed, json.loads(found)


def test_notebook_is_valid_and_holds_no_outputs():
    notebook = json.loads(NOTEBOOK.read_text(encoding="utf-8"))
    assert (notebook["nbformat"], notebook["nbformat_minor"]) == (4, 5)
    ids = [cell["id"] for cell in notebook["cells"]]
    assert len(set(ids)) == len(ids)
    for cell in notebook["cells"]:
        assert cell["cell_type"] in ("markdown", "code")
        if cell["cell_type"] == "code":
            assert cell["outputs"] == [] and cell["execution_count"] is None
            assert cell["metadata"]["tags"] in (["synthetic"], ["sample"], ["city"])


@pytest.fixture(scope="module")
def ran(tmp_path_factory):
    """What all cells print, the figures of the tests, and the folder that they ran in."""
    folder = tmp_path_factory.mktemp("notebook")
    sample, *city = cells("sample", "city")
    sample = sample.replace("GeoHGPipeline.quick_start", "scores = GeoHGPipeline.quick_start")
    return *run(folder, [*cells("synthetic"), sample, *city]), folder


def test_the_map_is_near_the_truth(ran):
    printed, found, folder = ran
    # A single measurement errs by 0.3: the map by less, in every cell.
    assert found["map_rmse"] < found["NOISE"]
    assert found["held"] == pytest.approx(0.9, abs=0.06)
    assert printed[0] == "Cells: (50, 60)"
    assert (folder / "map.tif").stat().st_size > 10_000


def test_the_sample_is_scored_and_a_city_that_is_not_there_is_left_out(ran):
    printed, found, _ = ran
    assert found["scores"]["r2"] > 0.9
    assert printed[-1].startswith("No city at hand")
