"""Maps with their uncertainty, from jobs, on a landscape of known truth."""

import numpy as np
import pandas as pd
import pytest
import rasterio

from geohg.engine.errors import InputError
from geohg.engine.jobs import run
from geohg.engine.progress import Silent

from .conftest import CELL, COLS, CRS, LEFT, ROWS, TOP

RASTERS = ("prediction", "std", "lower", "upper")


def read(path):
    with rasterio.open(path) as raster:
        return raster.read(1).astype(float)


def places(folder, *more):
    return {name: str(folder / f"{name}.tif") for name in (*RASTERS, *more)}


@pytest.fixture(scope="module")
def mapped(landscape, tmp_path_factory):
    """Every raster of one run, and its model and graph."""
    folder = tmp_path_factory.mktemp("mapped")
    outputs = places(folder) | {"table": str(folder / "table.csv")}
    outputs |= {name: str(folder / name) for name in ("model", "graph")}
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
    assert (read(mapped["std"]) > 0).all()
    assert (read(mapped["lower"]) < read(mapped["upper"])).all()


def test_intervals_hold_the_truth_and_the_values_that_they_did_not_see(mapped, landscape):
    lower, upper = read(mapped["lower"]), read(mapped["upper"])
    values = observed_means(landscape)
    seen = np.isfinite(values)
    held = (lower <= values) & (values <= upper)
    # By leave-one-out 90 % of the values; by the training fit it would be nearly all.
    assert held[seen].mean() == pytest.approx(0.9, abs=0.03)
    assert ((lower <= landscape.truth) & (landscape.truth <= upper))[~seen].mean() > 0.8


def test_the_table_has_the_same_numbers(mapped):
    table = pd.read_csv(mapped["table"])
    for column, name in (("value", "prediction"), ("value_std", "std"), ("value_upper", "upper")):
        np.testing.assert_allclose(table[column], read(mapped[name]).ravel(), rtol=1e-5)


def test_a_model_file_predicts_the_same_map_with_its_uncertainty(mapped, tmp_path):
    request = {"version": 1, "job": "predict", "model_file": mapped["model"]}
    request["graph"] = mapped["graph"]
    run({**request, "outputs": places(tmp_path)}, Silent())
    for name in RASTERS:
        again = read(tmp_path / f"{name}.tif")
        np.testing.assert_allclose(again, read(mapped[name]), rtol=1e-3, atol=1e-3)
    narrow = {"lower": str(tmp_path / "lower.tif")}
    run({**request, "uncertainty": {"level": 0.5}, "outputs": narrow}, Silent())
    assert (read(tmp_path / "lower.tif") > read(mapped["lower"])).all()
    with rasterio.open(tmp_path / "lower.tif") as raster:
        assert raster.descriptions == ("value [kg]: lower bound (50 %)",)


def test_a_level_that_is_none_is_refused(landscape):
    with pytest.raises(InputError, match="'uncertainty.level' must lie between"):
        run(landscape.request(uncertainty={"level": 1.0}), Silent())
