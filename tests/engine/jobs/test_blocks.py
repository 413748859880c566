"""A map of many blocks is the map of one, cell for cell, and says the same of itself."""

import numpy as np
import pyogrio
import pytest
import rasterio
import shapely

from geohg.engine.assembly import capacity, passes, survey
from geohg.engine.jobs import blocks, run
from geohg.engine.names import RASTERS
from geohg.engine.validation import matching

from ..conftest import Recorder

SIDE = 64
TRAINING = {"threads": 1, "validation": "holdout", "folds": 2, "importance": False}


def made(world, folder, side, monkeypatch, report=True, **changes):
    """The rasters of a run in blocks of such a side, its result and what it told."""
    for name in ("_LEAST_SIDE", "_MOST_SIDE"):
        monkeypatch.setattr(capacity, name, side)
    for module in (matching, survey):  # so that a fit sees but some of the map's cells
        monkeypatch.setattr(module, "MOST_CELLS", 2000)
    outputs = {name: str(folder / f"{name}.tif") for name in RASTERS}
    outputs |= {"report": str(folder / "r.html")} if report else {}
    outputs |= {"next_points": str(folder / "next.gpkg"), "contours": str(folder / "lines.gpkg")}
    request = {
        "version": 1,
        "job": "interpolate",
        **world,
        "training": TRAINING,
        "uncertainty": {
            "thresholds": [10.0, 11.0],
            "quantiles": [0.1, 0.5],
            "simulations_count": 3,
        },
        "outputs": outputs,
        **changes,
    }
    told = Recorder()
    result = run(request, told)
    planes = {}
    for name in RASTERS:
        with rasterio.open(folder / f"{name}.tif") as raster:
            planes[name] = raster.read()
            planes[f"{name} said"] = (
                raster.descriptions,
                raster.units,
                raster.tags(),
                raster.shape,
            )
    planes["next"] = np.stack(pyogrio.raw.read(folder / "next.gpkg")[3])
    _, _, shapes, (level,) = pyogrio.raw.read(folder / "lines.gpkg")
    planes["lines"] = level, shapely.length(shapely.from_wkb(shapes))
    return planes, result, told


@pytest.fixture(scope="module")
def maps(world, tmp_path_factory):
    """One block, and six."""
    found = []
    with pytest.MonkeyPatch.context() as patch:
        for side in (1024, SIDE):
            folder, drawn = tmp_path_factory.mktemp(f"side{side}"), side == SIDE
            found.append(made(world, folder, side, patch, report=drawn))
    return found


def test_where_to_measure_next_is_the_same(maps):
    (one, _, _), (many, _, _) = maps
    np.testing.assert_allclose(one["next"], many["next"], rtol=1e-3)


def test_contours_run_through_blocks_as_if_there_were_one(maps):
    (one, _, _), (many, _, _) = maps
    assert len(np.unique(one["lines"][0])) > 5
    for level in np.unique(one["lines"][0]):
        (number, whole), (found, length) = (
            ((each["lines"][0] == level).sum(), each["lines"][1][each["lines"][0] == level].sum())
            for each in (one, many)
        )
        assert number == found and length == pytest.approx(whole, rel=1e-3)


def test_every_cell_of_many_blocks_is_that_of_one_borders_included(maps):
    (one, _, _), (many, _, _) = maps
    spread = np.nanmean(one["std"])
    for name in RASTERS:
        assert one[f"{name} said"] == many[f"{name} said"]
        np.testing.assert_array_equal(np.isnan(one[name]), np.isnan(many[name]))
        away = np.nanmax(np.abs(many[name] - one[name]), axis=(1, 2))
        limit = [1e-5 * spread] if name != "applicability" else [1e-5, 0]
        assert (away <= limit).all(), (name, away)


def test_two_worker_processes_make_the_same_map(world, maps, tmp_path, monkeypatch):
    for module in (passes, blocks):  # of this process, which reads and makes none
        monkeypatch.delattr(module, "make_block")
    given = {"report": False, "execution": {"workers": 2}}
    found, _, _ = made(world, tmp_path, SIDE, monkeypatch, **given)
    _, (many, _, _) = maps
    for name in RASTERS:
        np.testing.assert_array_equal(found[name], many[name])


def test_many_blocks_say_the_same_of_themselves(maps):
    (_, one, told_one), (_, many, told_many) = maps
    apart = {key for key in one if one[key] != many[key] and key not in RASTERS}
    assert apart <= {"SECONDS", "next_points", "contours", "ABOUT"} | {
        key for key in apart if isinstance(one[key], float) and one[key] == pytest.approx(many[key])
    }
    assert set(told_one.warnings) == set(told_many.warnings)
    assert any("cells" in message and "6 blocks" in message for message in told_many.lines)


def test_a_graph_that_is_at_hand_is_predicted_in_blocks_too(world, tmp_path, monkeypatch):
    files = {name: str(tmp_path / f"{name}.safetensors") for name in ("model", "graph")}
    training = {**TRAINING, "masked_ratio": 0.0, "blocks": False}
    request = {"version": 1, "job": "interpolate", **world, "training": training}
    run({**request, "outputs": files})
    found = []
    for side in (1024, SIDE):
        for name in ("_LEAST_SIDE", "_MOST_SIDE"):
            monkeypatch.setattr(capacity, name, side)
        outputs = {name: str(tmp_path / f"{name}{side}.tif") for name in RASTERS}
        parts = {"model_file": files["model"], "graph": files["graph"], "outputs": outputs}
        told = Recorder()
        how = {"thresholds": [10.0, 11.0], "quantiles": [0.1]}
        run({"version": 1, "job": "predict", **parts, "uncertainty": how}, told)
        in_blocks = any("of 15,000 cells" in text for text in told.messages)
        assert in_blocks == (side == SIDE)
        found.append([rasterio.open(path).read() for path in outputs.values()])
    for one, many in zip(*found):
        np.testing.assert_array_equal(one, many)
