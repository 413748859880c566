"""A model file and sources give the map that the model and the graph of these sources give."""

import json

import numpy as np
import pytest
import rasterio
import shapely

from geohg.engine.assembly import capacity
from geohg.engine.errors import FileFormatError, InputError, OutputError
from geohg.engine.jobs import run

from ..conftest import CELL, CRS, LEFT, QUICK, TOP, Recorder, write_raster, write_shapes

SIDE = 64
SOURCES = ("landcover", "classes", "covariates", "poi", "zones", "distances")
NAMES = ("prediction", "std", "lower", "upper", "applicability", "exceedance", "simulations")
WORKERS = {"workers": 2}
HOW = {"thresholds": [10.5], "simulations_count": 2}


@pytest.fixture(scope="module")
def fitted(world, tmp_path_factory):
    """The files of a model and of its graph."""
    folder = tmp_path_factory.mktemp("fitted")
    files = {name: str(folder / f"{name}.safetensors") for name in ("model", "graph")}
    training = {**QUICK, "masked_ratio": 0.0}
    run({"version": 1, "job": "interpolate", **world, "training": training, "outputs": files})
    return files


@pytest.fixture(scope="module")
def ground(world):
    """The parts of a request that name the sources of the model."""
    return {name: world[name] for name in (*SOURCES, "area", "grid")}


@pytest.fixture
def blocks_of(monkeypatch):
    def side(cells):
        for name in ("_LEAST_SIDE", "_MOST_SIDE"):
            monkeypatch.setattr(capacity, name, cells)

    return side


def predict(model, parts, folder, names=NAMES, told=None, **options):
    """The rasters of a prediction, what they say of themselves, and its result."""
    outputs = {name: str(folder / f"{name}.tif") for name in names}
    request = {"version": 1, "job": "predict", "model_file": model, **parts}
    request |= {"training": {"threads": 1}, "uncertainty": HOW, "outputs": outputs, **options}
    result = run(request, told or Recorder())
    found = {}
    for name, path in outputs.items():
        with rasterio.open(path) as raster:
            found[name] = raster.read()
            found[f"{name} said"] = raster.descriptions, raster.units, raster.transform
    return found, result


@pytest.fixture(scope="module")
def of_graph(fitted, tmp_path_factory):
    """The map of the graph."""
    folder = tmp_path_factory.mktemp("graph")
    return predict(fitted["model"], {"graph": fitted["graph"]}, folder)


def assert_same(found, expected, away=1e-5):
    """That two maps differ by no more than so many standard deviations, holes included."""
    spread = np.nanmean(expected["std"])
    for name in NAMES:
        if f"{name} said" not in found:
            continue
        assert found[f"{name} said"] == expected[f"{name} said"]
        np.testing.assert_array_equal(np.isnan(found[name]), np.isnan(expected[name]))
        limit = away if name in ("applicability", "exceedance") else away * spread
        assert np.nanmax(np.abs(found[name] - expected[name])) <= limit, name


@pytest.mark.parametrize(
    ("side", "how"),
    [(1024, {}), (SIDE, {}), (SIDE, {"names": ("prediction", "std"), "execution": WORKERS})],
    ids=["one block", "six blocks", "two workers"],
)
def test_the_map_of_the_sources_is_that_of_the_graph(
    fitted, ground, of_graph, tmp_path, blocks_of, side, how
):
    blocks_of(side)
    told = Recorder()
    found, result = predict(fitted["model"], ground, tmp_path, told=told, **how)
    assert_same(found, of_graph[0])
    expected = of_graph[1]
    assert result["CELLS"] == expected["CELLS"]
    assert result["APPLICABLE_SHARE"] == pytest.approx(expected["APPLICABLE_SHARE"], abs=1e-6)
    assert any("6 blocks" in line for line in told.lines) == (side == SIDE)
    assert result["ABOUT"] == expected["ABOUT"]


def test_a_part_of_the_place_is_that_part_of_the_map(fitted, ground, of_graph, tmp_path):
    bounds = [LEFT + 40 * CELL, TOP - 70 * CELL, LEFT + 90 * CELL, TOP - 30 * CELL]
    parts = {**ground, "area": None, "grid": {"bounds": bounds}}
    # A cell hears what lies around it, but for what lies beyond the extent; and cells that are
    # conditioned together are others.
    found, result = predict(fitted["model"], parts, tmp_path, ("prediction",))
    whole = of_graph[0]["prediction"][0, 30:70, 40:90]
    inner = (slice(10, -10), slice(10, -10))
    assert result["CELLS"] == 40 * 50
    spread = np.nanmean(of_graph[0]["std"])
    away = np.abs(found["prediction"][0][inner] - whole[inner])
    assert np.nanmax(away) <= 0.02 * spread and np.nanmean(away) <= 0.001 * spread


def test_another_place_lacks_classes_and_has_new_ones(fitted, ground, tmp_path):
    """East of the map there are two of four classes, a new one, and one zone."""
    left, size = LEFT + 300 * CELL, {"pixel": CELL / 4, "left": LEFT + 300 * CELL}
    codes = np.full((80, 120), 40, np.uint8)
    codes[:, :20], codes[:, 100:] = 50, 95
    land = write_raster(tmp_path / "land.tif", codes, nodata=0, **size)
    soil = write_raster(tmp_path / "soil.tif", np.ones((80, 120), np.int64), **size)
    dem = write_raster(tmp_path / "dem.tif", np.full((80, 120), 350.0, np.float32), **size)
    write_shapes(
        tmp_path / "zones.gpkg", [shapely.box(left, TOP - 1e5, left + 1e5, TOP)], name=["b"]
    )
    write_shapes(tmp_path / "road.gpkg", [shapely.LineString([(left, TOP), (left + 1e5, TOP)])])
    pois = tmp_path / "pois.csv"
    pois.write_text(f"x,y,category\n{left + 2000},{TOP - 2000},park\n")
    parts = {
        "landcover": [{"path": str(land), "band": 1}],
        "classes": [{"type": "soil", "path": str(soil)}],
        "covariates": [{"name": "height", "path": str(dem), "elevation": True}],
        "poi": {**ground["poi"], "path": str(pois)},
        "zones": [{"type": "district", "path": str(tmp_path / "zones.gpkg"), "column": "name"}],
        "distances": [{"name": "road", "path": str(tmp_path / "road.gpkg")}],
        "grid": {"bounds": [left, TOP - 20 * CELL, left + 30 * CELL, TOP]},
    }
    told = Recorder()
    found, result = predict(fitted["model"], parts, tmp_path, ("prediction", "applicability"), told)
    assert result["CELLS"] == 600 and np.isfinite(found["prediction"]).all()
    assert result["APPLICABLE_SHARE"] == 0.0 and result["ABOUT"].get("observed", 0) == 0
    (said,) = [line for line in told.warnings if "was not trained with" in line]
    assert "'mangroves'" in said.lower() and "'grassland'" not in said.lower()


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"covariates": []}, "was trained with 'height', 'height sd', .*, which no source has"),
        ({"landcover": []}, "was trained with '.*', which no source has that was given"),
        ({"zones": []}, "was trained with 'a', 'b', 'c', 'd', which no source has"),
        ({"poi": None}, "was trained with 'park', 'shop', '.*', which no source has"),
        ({"distances": []}, "was trained with 'distance to road', which no source has"),
    ],
)
def test_a_source_that_is_missing_is_named_before_the_work(
    fitted, ground, tmp_path, changes, message
):
    told = Recorder()
    with pytest.raises(InputError, match=message):
        predict(fitted["model"], {**ground, **changes}, tmp_path, ("prediction",), told)
    assert not list(tmp_path.iterdir()) and max(told.fractions, default=0) < 0.05


def test_a_band_that_is_missing_is_named(world, tmp_path):
    """The model reads three bands, and the raster has two of them."""
    bands = np.random.default_rng(0).random((3, 100, 150)).astype(np.float32)
    paths = {}
    for count in (2, 3):
        paths[count] = str(tmp_path / f"bands{count}.tif")
        with rasterio.open(
            paths[count],
            "w",
            driver="GTiff",
            width=150,
            height=100,
            count=count,
            dtype="float32",
            crs=CRS,
            transform=rasterio.transform.from_origin(LEFT, TOP, CELL, CELL),
        ) as raster:
            raster.write(bands[:count])
            for number in range(count):
                raster.set_band_description(number + 1, f"b{number}")
    model = str(tmp_path / "model.safetensors")
    request = {"version": 1, "job": "interpolate", "points": world["points"], "grid": world["grid"]}
    request |= {"landcover": [], "covariates": [{"name": "x", "path": paths[3]}], "training": QUICK}
    run({**request, "outputs": {"model": model}}, Recorder())
    with pytest.raises(InputError, match="was trained with 'x b2', which no source has"):
        predict(model, {"covariates": [{"name": "x", "path": paths[2]}]}, tmp_path)


def test_a_source_too_many_is_left_out_with_a_warning(fitted, ground, of_graph, world, tmp_path):
    more = {"type": "parish", **{k: v for k, v in world["zones"][0].items() if k != "type"}}
    parts, told = {**ground, "zones": [more, *ground["zones"]]}, Recorder()
    found, _ = predict(fitted["model"], parts, tmp_path, ("prediction", "std"), told)
    assert "The model was not trained with 'parish', which is left out." in told.warnings
    assert_same(found, of_graph[0])


@pytest.mark.parametrize(
    ("parts", "error", "message"),
    [
        ({}, InputError, "name a graph file, or a city .*, or the sources that the model was"),
        ({"graph": "", "landcover": True}, InputError, "'graph' is a whole graph; leave out land"),
        ({"grid": {"cell_size": 700.0}}, FileFormatError, "its cell sizes are .*, the graph's are"),
        ({"grid": {"crs": "EPSG:32632"}}, FileFormatError, "its crs are EPSG:32631"),
    ],
)
def test_refuses_both_neither_and_other_grids(fitted, ground, tmp_path, parts, error, message):
    if "graph" in parts:
        parts = {"graph": fitted["graph"], "landcover": ground["landcover"]}
    elif parts:
        parts = {**ground, **parts}
    with pytest.raises(error, match=message):
        predict(fitted["model"], parts, tmp_path, ("prediction",))
    assert not list(tmp_path.iterdir())


def test_a_work_folder_is_of_one_model(fitted, ground, of_graph, tmp_path, blocks_of):
    blocks_of(SIDE)
    how = {"execution": {"resume": str(tmp_path / "work")}}
    found, _ = predict(fitted["model"], ground, tmp_path, ("prediction", "std"), **how)
    assert_same(found, of_graph[0])
    settings = json.loads((tmp_path / "work" / "manifest.json").read_text())["settings"]
    assert settings["model_file"] == "model.safetensors" and settings["inputs"]
    again, _ = predict(fitted["model"], ground, tmp_path, ("prediction", "std"), **how)
    np.testing.assert_array_equal(again["prediction"], found["prediction"])
    with pytest.raises(OutputError, match="differs in: uncertainty.level"):
        predict(fitted["model"], ground, tmp_path, uncertainty={**HOW, "level": 0.8}, **how)


def test_a_table_has_every_cell(fitted, ground, of_graph, tmp_path):
    outputs = {"table": str(tmp_path / "t.csv")}
    request = {"version": 1, "job": "predict", "model_file": fitted["model"], **ground}
    result = run({**request, "outputs": outputs}, Recorder())
    table = np.genfromtxt(outputs["table"], delimiter=",", names=True)
    assert len(table) == result["CELLS"] == of_graph[1]["CELLS"]
    known = of_graph[0]["prediction"][0]
    np.testing.assert_allclose(table["value"], known[np.isfinite(known)], rtol=1e-5)
