"""Interpolate with polygons as measurements: by every door, and what it refuses or warns of."""

import json
from pathlib import Path

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import rasterio
import shapely
from click.testing import CliRunner

from geohg import GeoHGInterpolator
from geohg.engine.assembly.areal import read_districts
from geohg.engine.assembly.districts import Districts
from geohg.engine.assembly.inputs import Inputs
from geohg.engine.cli.main import main
from geohg.engine.config.schema import Config, make_config
from geohg.engine.data.sources.located import Table
from geohg.engine.errors import InputError
from geohg.engine.jobs import run
from geohg.engine.jobs.request import check_request
from geohg.engine.progress import Silent

from ..conftest import Recorder, write_raster

CRS, CELL, COUNT, SIDE = "EPSG:32649", 100.0, 20, 4
QUICK = {"validation": "holdout", "masked_ratio": 0.0, "threads": 1}


@pytest.fixture(scope="module")
def world(tmp_path_factory):
    """Files of land cover, a weight and districts with totals and means; and the truth."""
    folder = tmp_path_factory.mktemp("districts")
    rng = np.random.default_rng(0)
    land = np.kron(rng.integers(1, 4, (COUNT // 2, COUNT // 2)), np.ones((2, 2))) * 10
    land = np.where(land == 30, 50, land).astype(np.uint8)
    truth = np.exp(np.arange(COUNT) / 10) * np.where(land == 50, 5.0, 1.0)
    place = {"crs": CRS, "pixel": CELL, "left": 0.0, "top": COUNT * CELL}
    paths = {"land": str(folder / "land.tif"), "weight": str(folder / "weight.tif")}
    write_raster(folder / "land.tif", land, **place)
    write_raster(folder / "weight.tif", (truth / 3).astype(np.float32), **place)
    parts = truth.reshape(COUNT // SIDE, SIDE, COUNT // SIDE, SIDE)
    weighted = (parts**2).sum(axis=(1, 3)) / parts.sum(axis=(1, 3))
    frame = gpd.GeoDataFrame(
        {
            "people": parts.sum(axis=(1, 3)).ravel(),
            "density": parts.mean(axis=(1, 3)).ravel(),
            "weighted": weighted.ravel(),
        },
        geometry=[square(row, col) for row in range(5) for col in range(5)],
        crs=CRS,
    )
    frame.to_file(folder / "districts.gpkg")
    paths["districts"] = str(folder / "districts.gpkg")
    return paths, frame, truth


def square(row, col, side=SIDE):
    left, top = col * side * CELL, (COUNT - row * side) * CELL
    return shapely.box(left, top - side * CELL, left + side * CELL, top)


def totals(values):
    return values.reshape(COUNT // SIDE, SIDE, COUNT // SIDE, SIDE).sum(axis=(1, 3)).ravel()


def request(paths, outputs, **points):
    named = {"path": paths["districts"], "targets": ["people"], "support": "total"}
    return {
        "version": 1,
        "job": "interpolate",
        "points": {**named, **points},
        "landcover": [{"path": paths["land"]}],
        "grid": {"cell_size": CELL},
        "training": QUICK,
        "outputs": outputs,
    }


def read(frame, progress=None, support="total", field="people", config=None, grid=None, **more):
    districts = Districts(Table(frame, CRS), field, support, support == "total", **more)
    inputs = Inputs(grid={"cell_size": CELL} if grid is None else grid)
    return read_districts(districts, inputs, config or Config(), progress or Silent())


@pytest.fixture(scope="module")
def job(world, tmp_path_factory):
    """The outputs of a run with validation and a report, and its result."""
    paths, _, _ = world
    folder = tmp_path_factory.mktemp("job")
    suffixes = {"prediction": "tif", "report_json": "json", "residuals": "gpkg"}
    suffixes |= {"model": "safetensors", "graph": "safetensors", "table": "csv"}
    outputs = {key: str(folder / f"{key}.{suffix}") for key, suffix in suffixes.items()}
    training = {**QUICK, "validation": "kfold", "folds": 2}
    asked = {**request(paths, outputs), "training": training}
    return outputs, run(asked, Silent())


def test_a_request_gives_a_map_whose_cells_add_up(world, job):
    _, frame, truth = world
    outputs, result = job
    with rasterio.open(outputs["prediction"]) as raster:
        found = raster.read(1).astype(float)
    np.testing.assert_allclose(totals(found), frame["people"], rtol=1e-6)
    flat = np.kron(frame["density"].to_numpy().reshape(5, 5), np.ones((SIDE, SIDE)))
    assert np.mean((found - truth) ** 2) < 0.5 * np.mean((flat - truth) ** 2)
    assert result["CELLS"] == COUNT**2


def test_whole_polygons_are_held_out(job):
    outputs, result = job
    assert result["TEST_CELLS"] == 25
    held = gpd.read_file(outputs["residuals"])
    assert set(held["split"]) == {"random", "blocks"}
    assert (held["split"] == "random").sum() == 25
    report = json.loads(Path(outputs["report_json"]).read_text(encoding="utf-8"))
    methods = {row["method"] for row in report["accuracy"]["methods"]}
    assert methods == {"GeoHG", "Mean", "Dasymetric", "Random forest"}


def test_its_model_sums_up_districts(world, job):
    paths, frame, _ = world
    outputs, _ = job
    asked = {"version": 1, "job": "summarise", "outputs": {"table": outputs["table"]}}
    asked |= {"model_file": outputs["model"], "graph": outputs["graph"]}
    run({**asked, "polygons": {"path": paths["districts"], "statistic": "total"}}, Silent())
    found = pd.read_csv(outputs["table"])
    np.testing.assert_allclose(found["people_total"], frame["people"], rtol=1e-6)
    assert (found["people_std"] > 0).all()


def test_the_command_does_the_same(world, tmp_path):
    paths, frame, _ = world
    output = tmp_path / "map.tif"
    arguments = ["interpolate", "--data", paths["districts"], "--target-column", "density"]
    arguments += ["--support", "mean", "--keep", "--landcover", paths["land"], "--cell-size", "100"]
    arguments += ["--validation", "holdout", "--masked-ratio", "0", "--output", str(output)]
    found = CliRunner().invoke(main, arguments, catch_exceptions=False)
    assert found.exit_code == 0, found.output
    with rasterio.open(output) as raster:
        values = raster.read(1).astype(float)
    np.testing.assert_allclose(totals(values) / SIDE**2, frame["density"], rtol=1e-6)


def test_the_library_takes_a_frame_of_polygons_and_points(world):
    paths, frame, truth = world
    row, col = np.divmod(np.arange(0, COUNT**2, 7), COUNT)
    places = gpd.points_from_xy((col + 0.5) * CELL, (COUNT - row - 0.5) * CELL, crs=CRS)
    points = gpd.GeoDataFrame({"density": truth[row, col]}, geometry=places)
    interpolator, result = GeoHGInterpolator.from_dataframe(
        frame,
        target_column="density",
        resolution=CELL,
        support="mean",
        points=points,
        landcover=paths["land"],
        masked_ratio=0.0,
        options={"training": {"validation": "holdout"}},
    )
    assert interpolator.maps_["density"].model.kind == "areal"
    assert np.isfinite(result.predictions).all()


def test_weights_say_how_cells_count(world):
    paths, frame, truth = world
    _, areas = read(frame, support="mean", field="weighted", weight=(paths["weight"], 1))
    np.testing.assert_allclose(areas.mean(truth.ravel()[areas.cell]), areas.value, rtol=1e-5)


def test_a_size_of_cells_is_chosen_that_suits_polygons(world):
    _, frame, _ = world
    graph, areas = read(frame, grid={})
    assert graph.grid.cell_width == 50.0
    assert len(areas) == 25


def test_overlaps_by_more_than_slivers_are_told(world):
    _, frame, _ = world
    moved = frame.copy()
    shapes = list(moved.geometry)
    shapes[0] = shapely.buffer(shapes[0], CELL, join_style="mitre")
    moved = moved.set_geometry(gpd.GeoSeries(shapes, crs=CRS))
    told = Recorder()
    read(moved, told)
    assert any(
        "pairs of polygons" in text and "overlap by up to 25 %" in text for text in told.warnings
    )
    told = Recorder()
    read(frame, told)
    assert not any("overlap" in text for text in told.warnings)


def test_polygons_smaller_than_a_cell_are_told(world):
    _, frame, _ = world
    small = frame.copy()
    shapes = list(small.geometry)
    shapes[3] = shapely.box(*(shapes[3].centroid.coords[0] * 2)).buffer(20.0)
    told = Recorder()
    read(small.set_geometry(gpd.GeoSeries(shapes, crs=CRS)), told)
    assert any(text.startswith("1 polygons are smaller than a cell") for text in told.warnings)


def test_polygons_outside_the_grid_are_told(world):
    _, frame, _ = world
    told = Recorder()
    grid = {"cell_size": CELL, "bounds": [0.0, 0.0, 1800.0, 2000.0]}
    _, areas = read(frame, told, grid=grid)
    assert any("lie in the cells of the map in part" in text for text in told.warnings)
    grid["bounds"] = [0.0, 0.0, 1600.0, 2000.0]
    told = Recorder()
    _, areas = read(frame, told, grid=grid)
    assert any("5 polygons" in text and "outside the map" in text for text in told.warnings)
    assert len(areas) == 20
    grid["bounds"] = [90_000.0, 90_000.0, 91_000.0, 91_000.0]
    with pytest.raises(InputError, match="lies in the cells of the map"):
        read(frame, grid=grid)


def test_empty_and_invalid_polygons_are_told(world):
    _, frame, _ = world
    changed = frame.copy()
    shapes = list(changed.geometry)
    shapes[0] = shapely.Polygon()
    left, bottom, right, top = shapes[1].bounds
    shapes[1] = shapely.Polygon([(left, bottom), (right, top), (right, bottom), (left, top)])
    told = Recorder()
    _, areas = read(changed.set_geometry(gpd.GeoSeries(shapes, crs=CRS)), told)
    assert any("1 polygons" in text and "no geometry" in text for text in told.warnings)
    assert any("1 polygons" in text and "were repaired" in text for text in told.warnings)
    assert len(areas) == 24


def test_polygons_without_a_value_are_told(world):
    _, frame, _ = world
    told = Recorder()
    _, areas = read(frame.assign(people=frame["people"].where(frame.index != 4)), told)
    assert len(areas) == 24
    assert any("1 polygons have no value in 'people'" in text for text in told.warnings)


def test_points_among_polygons_are_refused(world):
    _, frame, _ = world
    shapes = [*frame.geometry[:-1], shapely.Point(50.0, 50.0)]
    with pytest.raises(InputError, match="1 geometries that are not polygons"):
        read(frame.set_geometry(gpd.GeoSeries(shapes, crs=CRS)))


def test_a_field_that_is_not_there_is_refused(world):
    _, frame, _ = world
    with pytest.raises(InputError, match="nothere"):
        read(frame, field="nothere")


def test_networks_are_refused(world):
    _, frame, _ = world
    with pytest.raises(InputError, match="'gnn' reads points alone"):
        read(frame, config=make_config({"model": {"kind": "gnn"}}))


def test_groups_are_refused(world):
    _, frame, _ = world
    with pytest.raises(InputError, match="Polygons with values have no groups"):
        read(frame, config=make_config({"training": {"validation": "groups"}}))


def test_weights_of_totals_are_refused(world):
    paths, frame, _ = world
    with pytest.raises(InputError, match="weights belongs to means"):
        read(frame, weight=(paths["weight"], 1))


def test_points_beside_totals_are_refused(world):
    paths, _, _ = world
    beside = {"path": paths["districts"], "targets": ["people"]}
    with pytest.raises(InputError, match="no total of cells has"):
        run({**request(paths, {}), "beside": beside}, Silent())


def test_weights_below_0_are_refused(world, tmp_path):
    _, frame, _ = world
    place = {"crs": CRS, "pixel": CELL, "left": 0.0, "top": COUNT * CELL}
    values = np.linspace(-1.0, 1.0, COUNT**2).reshape(COUNT, COUNT).astype(np.float32)
    write_raster(tmp_path / "w.tif", values, **place)
    with pytest.raises(InputError, match="values below 0, such as -1"):
        read(frame, support="mean", field="density", weight=(str(tmp_path / "w.tif"), 1))


def test_a_request_names_what_does_not_belong(world):
    paths, _, _ = world
    with pytest.raises(InputError, match=r"'points.keep' is of polygons"):
        check_request(request(paths, {}, support=None, keep=True))
    with pytest.raises(InputError, match=r"'points.group' is of points"):
        check_request(request(paths, {}, group="people"))
    asked = request(paths, {}, support=None)
    asked["beside"] = {"path": paths["districts"], "targets": ["people"]}
    with pytest.raises(InputError, match="'beside' are points beside polygons"):
        check_request(asked)
    for output, name in (("simulations", "s.tif"), ("next_points", "n.gpkg")):
        with pytest.raises(InputError, match=f"Values of polygons give no '{output}'"):
            check_request(request(paths, {output: name}))


def test_another_support_is_refused(world):
    _, frame, _ = world
    with pytest.raises(InputError, match="'support' must be one of mean, total"):
        GeoHGInterpolator.from_dataframe(frame, target_column="people", support="sum")
