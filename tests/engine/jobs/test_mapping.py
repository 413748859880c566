"""Maps with their uncertainty, from jobs, on a landscape of known truth."""

import json

import numpy as np
import pandas as pd
import pyogrio
import pytest
import rasterio
import shapely

from geohg.engine.errors import InputError, OutputError
from geohg.engine.jobs import run
from geohg.engine.progress import Silent

from ..conftest import CELL, COLS, CRS, LEFT, ROWS, TOP, Recorder

RASTERS = ("prediction", "std", "lower", "upper", "applicability")
RESIDUALS = ["observed", "predicted", "residual", "lower", "upper", "inside", "split"]


def read(path):
    with rasterio.open(path) as raster:
        return raster.read(1).astype(float)


def paths(folder, *more):
    return {name: str(folder / f"{name}.tif") for name in (*RASTERS, *more)}


def read_points(path):
    """Columns of a point layer, and its points."""
    meta, _, points, columns = pyogrio.raw.read(path)
    assert meta["geometry_type"] == "Point"
    return pd.DataFrame(dict(zip(meta["fields"], columns))), shapely.from_wkb(points)


@pytest.fixture(scope="module")
def mapped(landscape, tmp_path_factory):
    """Every raster of one run, and its model and graph."""
    folder = tmp_path_factory.mktemp("mapped")
    outputs = paths(folder) | {"table": str(folder / "table.csv")}
    outputs |= {name: str(folder / f"{name}.safetensors") for name in ("model", "graph")}
    training = {"threads": 1, "masked_ratio": 0.0}
    run(landscape.request(outputs=outputs, training=training), Silent())
    return outputs


def observed_means(landscape):
    """Measured mean of each cell, NaN where there is none."""
    table = pd.read_csv(landscape.points)
    row, col = ((TOP - table.y) // CELL).astype(int), ((table.x - LEFT) // CELL).astype(int)
    means = np.full(ROWS * COLS, np.nan)
    grouped = table.value.groupby(row * COLS + col).mean()
    means[grouped.index] = grouped
    return means.reshape(ROWS, COLS)


def test_rasters_lie_on_the_grid_and_say_what_they_hold(mapped):
    texts = {
        "prediction": "value [kg]",
        "std": "value [kg]: standard deviation",
        "lower": "value [kg]: lower bound (90 %)",
        "upper": "value [kg]: upper bound (90 %)",
    }
    for name, text in texts.items():
        with rasterio.open(mapped[name]) as raster:
            assert raster.descriptions == (text,) and raster.dtypes == ("float32",)
            assert raster.shape == (ROWS, COLS) and raster.crs == CRS
            assert raster.transform.c == LEFT and raster.transform.f == TOP
            assert np.isfinite(raster.read()).all()
    with rasterio.open(mapped["applicability"]) as raster:
        index, inside = raster.read()
        assert raster.descriptions[0].startswith("dissimilarity")
    np.testing.assert_array_equal(inside, index <= 1)
    assert inside.mean() > 0.9
    assert (read(mapped["std"]) > 0).all()
    assert (read(mapped["lower"]) < read(mapped["upper"])).all()


def test_intervals_hold_the_truth_and_the_values_that_they_did_not_see(mapped, landscape):
    lower, upper = read(mapped["lower"]), read(mapped["upper"])
    values = observed_means(landscape)
    seen = np.isfinite(values)
    held = (lower <= values) & (values <= upper)
    # By leave-one-out 90 % of single values, and more of the means of several in a cell; by the
    # training fit it would be nearly all.
    assert 0.89 < held[seen].mean() < 0.96
    assert ((lower <= landscape.truth) & (landscape.truth <= upper))[~seen].mean() > 0.8


def test_the_table_has_the_same_numbers(mapped):
    table = pd.read_csv(mapped["table"])
    for column, name in (("value", "prediction"), ("value_std", "std"), ("value_upper", "upper")):
        np.testing.assert_allclose(table[column], read(mapped[name]).ravel(), rtol=1e-5)


def test_a_model_file_predicts_the_same_map_with_its_uncertainty(mapped, tmp_path):
    request = {"version": 1, "job": "predict", "model_file": mapped["model"]}
    request["graph"] = mapped["graph"]
    run({**request, "outputs": paths(tmp_path)}, Silent())
    for name in RASTERS:
        again = read(tmp_path / f"{name}.tif")
        np.testing.assert_allclose(again, read(mapped[name]), rtol=1e-3, atol=1e-3)
    narrow = {"lower": str(tmp_path / "lower.tif")}
    run({**request, "uncertainty": {"level": 0.5}, "outputs": narrow}, Silent())
    assert (read(tmp_path / "lower.tif") > read(mapped["lower"])).all()
    with rasterio.open(tmp_path / "lower.tif") as raster:
        assert raster.descriptions == ("value [kg]: lower bound (50 %)",)


def test_a_map_far_beyond_its_points_says_so(landscape, tmp_path):
    table = pd.read_csv(landscape.points)
    table[table.x < LEFT + COLS * CELL / 4].to_csv(tmp_path / "west.csv", index=False)
    points = {**landscape.request()["points"], "path": str(tmp_path / "west.csv")}
    outputs = {
        "report_json": str(tmp_path / "report.json"),
        "model": str(tmp_path / "m.safetensors"),
    }
    outputs |= {
        "applicability": str(tmp_path / "area.tif"),
        "graph": str(tmp_path / "g.safetensors"),
    }
    watcher = Recorder()
    result = run(landscape.request(points=points, outputs=outputs), watcher)
    with rasterio.open(tmp_path / "area.tif") as raster:
        inside = raster.read(2)
    assert inside[:, : COLS // 4].mean() > 0.9 and inside[:, COLS // 2 :].max() == 0
    assert result["APPLICABLE_SHARE"] == pytest.approx(inside.mean())
    start = f"{100 * (1 - inside.mean()):.0f} % of the cells lie outside"
    assert any(text.startswith(start) for text in watcher.warnings)
    report = json.loads((tmp_path / "report.json").read_text())
    assert report["diagnostics"]["applicability"]["share"] == result["APPLICABLE_SHARE"]
    request = {"version": 1, "job": "predict", "model_file": outputs["model"]}
    again = run({**request, "graph": outputs["graph"]}, Silent())
    assert again["APPLICABLE_SHARE"] == result["APPLICABLE_SHARE"]


def test_residuals_are_points_of_every_test(landscape, tmp_path):
    path, training = str(tmp_path / "residuals.gpkg"), {"threads": 1, "folds": 2}
    result = run(landscape.request(outputs={"residuals": path}, training=training), Silent())
    table, points = read_points(path)
    assert list(table) == ["cell", *RESIDUALS]
    random, blocks = (table[table.split == name] for name in ("random", "blocks"))
    assert len(random) == result["TEST_CELLS"] and len(blocks) > 0
    assert np.sqrt(np.mean(random.residual**2)) == pytest.approx(result["RMSE"])
    assert np.sqrt(np.mean(blocks.residual**2)) == pytest.approx(result["BLOCKS_RMSE"])
    np.testing.assert_allclose(table.residual, table.observed - table.predicted)
    held = (table.lower <= table.observed) & (table.observed <= table.upper)
    np.testing.assert_array_equal(table.inside, held)
    values = observed_means(landscape).ravel()
    np.testing.assert_allclose(table.observed, values[table.cell])
    # Each lies where its cell was measured, in the middle of its points.
    row, col = divmod(int(table.cell[0]), COLS)
    given = pd.read_csv(landscape.points)
    inside = ((given.x - LEFT) // CELL == col) & ((TOP - given.y) // CELL == row)
    middle = given.loc[inside & given.value.notna(), ["x", "y"]].mean()
    assert (points[0].x, points[0].y) == pytest.approx(tuple(middle), abs=1e-6)


def test_train_and_evaluate_give_the_same_residuals(mapped, tmp_path):
    files = {name: str(tmp_path / name) for name in ("m.safetensors", "a.gpkg", "b.gpkg")}
    request = {"version": 1, "graph": mapped["graph"], "training": {"threads": 1, "folds": 2}}
    trained = {"model": files["m.safetensors"], "residuals": files["a.gpkg"]}
    run({**request, "job": "train", "outputs": trained}, Silent())
    measured = {"residuals": files["b.gpkg"]}
    request |= {"job": "evaluate", "model_file": files["m.safetensors"], "outputs": measured}
    run(request, Silent())
    one, other = (read_points(files[name])[0] for name in ("a.gpkg", "b.gpkg"))
    assert set(one.split) == {"random", "blocks"} and set(other.split) == {"random"}
    one = one[one.split == "random"].reset_index(drop=True)
    assert len(one) == len(other) > 20
    for name in ("cell", "observed", "inside"):
        np.testing.assert_array_equal(one[name], other[name])
    for name in ("residual", "lower", "upper"):
        np.testing.assert_allclose(one[name], other[name], atol=1e-3)


def test_residuals_of_no_test_or_in_no_format_are_refused(landscape, tmp_path):
    outputs = {"residuals": str(tmp_path / "residuals.gpkg")}
    untested = {"training": {"masked_ratio": 0.0}, "outputs": outputs}
    with pytest.raises(InputError, match="Residuals need held-out cells, but no cell is held out"):
        run(landscape.request(**untested), Silent())
    outputs = {"residuals": str(tmp_path / "residuals.txt")}
    with pytest.raises(OutputError, match="format that cannot be written"):
        run(landscape.request(outputs=outputs), Silent())


def test_a_level_that_is_none_is_refused(landscape):
    with pytest.raises(InputError, match="'uncertainty.level' must lie between"):
        run(landscape.request(uncertainty={"level": 1.0}), Silent())


def test_intervals_widen_away_from_points_by_what_blocks_ask_for(landscape, tmp_path):
    """A field smoother than the model's kernel: it errs little between points, much beyond."""
    table = pd.read_csv(landscape.points)
    corner = (table.x < LEFT + 18 * CELL) & (table.y > TOP - 16 * CELL)
    smooth = np.sin((table.x - LEFT) / 5e3) + np.cos((TOP - table.y) / 6e3)
    table = table.assign(value=10 * smooth)[corner]
    table.to_csv(tmp_path / "points.csv", index=False)
    points = {**landscape.request()["points"], "path": str(tmp_path / "points.csv")}
    outputs = paths(tmp_path) | {"report_json": str(tmp_path / "report.json")}
    outputs |= {name: str(tmp_path / f"{name}.safetensors") for name in ("model", "graph")}
    training = {"threads": 1, "validation": "kfold", "folds": 2, "block_size": 5000.0}
    parts = {"landcover": [], "model": {"transform": "identity"}, "training": training}
    request = landscape.request(points=points, outputs=outputs, **parts)
    run(request, Silent())
    with open(outputs["report_json"], encoding="utf-8") as file:
        report = json.load(file)
    reach = report["diagnostics"]["reach"]
    assert reach["factors"][-1] > 1.02 and reach["text"]
    plain = tmp_path / "plain"
    plain.mkdir()
    without = {**training, "blocks": False, "validation": "holdout", "masked_ratio": 0.0}
    run({**request, "training": without, "outputs": paths(plain)}, Silent())
    np.testing.assert_allclose(read(outputs["prediction"]), read(paths(plain)["prediction"]))
    ratio = read(outputs["std"]) / read(paths(plain)["std"])
    assert ratio[-1, -1] == pytest.approx(reach["factors"][-1], rel=1e-4)
    again = tmp_path / "again"
    again.mkdir()
    job = {"version": 1, "job": "predict", "outputs": paths(again)}
    run({**job, "model_file": outputs["model"], "graph": outputs["graph"]}, Silent())
    for name in ("std", "lower", "upper"):
        parts = read(outputs[name]), read(paths(again)[name])
        np.testing.assert_allclose(*parts, rtol=1e-3, err_msg=name)
