"""The notebook runs, and its map is near the truth that it made."""

import json
import os
import re
import subprocess
import sys
from pathlib import Path

import matplotlib
import numpy as np
import pytest

from .conftest import in_a_copy, write_small_gz

ROOT = Path(__file__).resolve().parents[2]
NOTEBOOK = ROOT / "notebooks" / "quickstart_interpolation.ipynb"

FIGURES = ("map_rmse", "NOISE", "held", "scores", "ground_rmse")


def cells(*tags):
    """Sources of the code cells that carry one of these tags, in order."""
    notebook = json.loads(NOTEBOOK.read_text(encoding="utf-8"))
    code = [cell for cell in notebook["cells"] if cell["cell_type"] == "code"]
    return ["".join(cell["source"]) for cell in code if {*tags} & {*cell["metadata"]["tags"]}]


def run(folder, sources, data=""):
    """Run cells in a folder; return what each shows, and the figures of the test."""

    def work():
        os.environ["GEOHG_DATA"] = str(data)
        matplotlib.use("agg")
        from matplotlib import pyplot

        pyplot.close("all")  # what a test before may have left open
        sys.path.insert(0, str(ROOT / "docs" / "site"))
        import notebook

        names = {}
        shown = list(notebook.execute(sources, names))
        print(json.dumps([shown, {name: names[name] for name in FIGURES if name in names}]))

    # In a process of its own: the notebook draws with pyplot, which nothing else here may load.
    copy = in_a_copy(work)
    done = subprocess.run(["notebook"], cwd=folder, capture_output=True, text=True, **copy)
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


def texts(outputs):
    """What a cell shows as text, its figures as a word."""
    plain = (out.get("text") or out["data"].get("text/plain", "picture") for out in outputs)
    return " ".join("".join(text) for text in plain)


def stored():
    """The outputs of the code cells that the notebook holds."""
    notebook = json.loads(NOTEBOOK.read_text(encoding="utf-8"))
    return [cell["outputs"] for cell in notebook["cells"] if cell["cell_type"] == "code"]


def test_notebook_is_valid_and_holds_its_outputs():
    notebook = json.loads(NOTEBOOK.read_text(encoding="utf-8"))
    assert (notebook["nbformat"], notebook["nbformat_minor"]) == (4, 5)
    ids = [cell["id"] for cell in notebook["cells"]]
    assert len(set(ids)) == len(ids)
    code = [cell for cell in notebook["cells"] if cell["cell_type"] == "code"]
    assert [cell["execution_count"] for cell in code] == [*range(1, len(code) + 1)]
    known = (["synthetic"], ["landcover"], ["sample"], ["city"])
    assert all(cell["metadata"]["tags"] in known for cell in code)
    # A picture of the synthetic field, of the sample and of Guangzhou.
    assert [texts(shown) for shown in stored()].count("picture") == 3
    assert NOTEBOOK.stat().st_size < 1_000_000


@pytest.fixture(scope="module")
def ran(tmp_path_factory):
    """What all cells show without a city, the figures of the tests, and the folder they ran in."""
    folder = tmp_path_factory.mktemp("notebook")
    return *run(folder, cells("synthetic", "landcover", "sample", "city")), folder


def test_the_map_is_near_the_truth(ran):
    shown, found, folder = ran
    # A single measurement errs by 0.3: the map by less, in every cell.
    assert found["map_rmse"] < found["NOISE"]
    assert found["held"] == pytest.approx(0.9, abs=0.06)
    assert texts(shown[1]).startswith("Cells: (50, 60)")
    assert (folder / "map.tif").stat().st_size > 10_000


def test_land_cover_and_pois_bring_the_map_nearer_to_the_truth(ran):
    rmse = ran[1]["ground_rmse"]
    assert rmse["with land cover and POIs"] < 0.7 * rmse["points alone"]


def test_the_sample_is_scored_and_a_city_that_is_not_there_is_left_out(ran):
    shown, found, _ = ran
    assert found["scores"]["r2"] > 0.9
    assert texts(shown[-2]).startswith("No city at hand") and shown[-1] == []


def test_the_outputs_that_it_holds_are_those_of_a_run(ran):
    # All but the city's, whose data is not here.
    pairs = [*zip(ran[0], stored())][:-2]
    assert len(pairs) == 8
    for now, held in pairs:
        assert [out["output_type"] for out in now] == [out["output_type"] for out in held]
        numbers = [re.findall(r"-?\d+\.\d+", texts(outputs)) for outputs in (now, held)]
        now, held = (np.array(found, float) for found in numbers)
        assert now == pytest.approx(held, rel=0.05, abs=0.02)


def test_a_city_at_hand_is_mapped(tmp_path):
    write_small_gz(tmp_path / "data")
    head, sample = cells("synthetic")[0], cells("sample")[0].replace('city="sample"', 'city="GZ"')
    sample = sample.replace('city="GZ"', 'city="GZ", task="Carbon"')
    shown, found = run(tmp_path, [head, sample, *cells("city")], tmp_path / "data")
    assert found["scores"]["test_cells"] == 157 and "'test_cells': 157" in texts(shown[-2])
    assert texts(shown[-1]) == "picture"
