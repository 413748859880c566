"""A result is the same in every unit: of the value, of a covariate, of the map."""

import numpy as np
import pandas as pd
import pytest
import rasterio

from geohg.engine.interpolator import GeoHGInterpolator
from geohg.engine.jobs import run

from .conftest import CRS, QUICK

FIGURES = ("R2", "IDW_R2", "KRIGING_R2", "MEAN_R2", "COVERAGE")


def half_of(landscape):
    """Every other point: a fit of 100 takes a fraction of the time of one of 200."""
    return pd.read_csv(landscape.points).drop(columns="text").iloc[::2]


def interpolate(landscape, folder, change, covariate=None, **model):
    """Map, deviation and figures with the values changed; a covariate is changed beside them."""
    table = half_of(landscape)
    east = (table["x"] - table["x"].mean()) / 1000
    table["value"] = change(table["value"])
    points = landscape.request()["points"] | {"path": str(folder / "points.csv")}
    if covariate:
        table["other"] = covariate(np.sin(east) + 0.01 * np.cos(table["y"] / 700))
        points["covariates"] = ["other"]
    table.to_csv(folder / "points.csv", index=False)
    outputs = {name: str(folder / f"{name}.tif") for name in ("prediction", "std", "lower")}
    training = {**QUICK, "epochs": 20}
    request = landscape.request(points=points, training=training, outputs=outputs, model=model)
    result = run(request)
    planes = []
    for path in outputs.values():
        with rasterio.open(path) as raster:
            planes.append(raster.read(1).astype(np.float64))
            dtype = raster.dtypes[0]
    return planes, {name: result[name] for name in FIGURES}, dtype


@pytest.fixture(scope="module")
def plain(landscape, tmp_path_factory):
    return interpolate(landscape, tmp_path_factory.mktemp("plain"), lambda v: v)


def check(found, expected, scale, offset, closely):
    """As `expected`, by as large a share of the map's deviation as rounding makes."""
    allowed = closely * np.std(expected[0][0])
    moves = (offset, 0.0, offset)
    for one, other, move in zip(found[0], expected[0], moves):
        np.testing.assert_allclose((one - move) / scale, other, rtol=0, atol=allowed)
    assert found[1] == pytest.approx(expected[1], abs=1e-5)


@pytest.mark.parametrize("factor", [2.0**-60, 1e-300, 1e-30, 1e-9, 1e9, 1e30, 1e39])
def test_a_factor_of_the_values_changes_nothing(factor, landscape, plain, tmp_path):
    found = interpolate(landscape, tmp_path, lambda v: v * factor)
    check(found, plain, factor, 0.0, 1e-6)
    assert found[2] == ("float32" if 1e-31 < factor < 1e31 else "float64")


@pytest.fixture(scope="module")
def straight(landscape, tmp_path_factory):
    folder = tmp_path_factory.mktemp("straight")
    return interpolate(landscape, folder, lambda v: v, transform="identity")


@pytest.mark.parametrize("offset", [1e8, 1e9, 1e12])
def test_an_offset_of_the_values_changes_nothing(offset, landscape, straight, tmp_path):
    # Float64 keeps 16 digits of the sum. A log, which auto may choose, does depend on the zero.
    found = interpolate(landscape, tmp_path, lambda v: v + offset, transform="identity")
    check(found, straight, 1.0, offset, 1e-3)
    assert found[2] == "float64"


def test_a_network_does_not_see_the_unit(landscape, tmp_path):
    one = interpolate(landscape, tmp_path, lambda v: v, kind="gnn")
    other = interpolate(landscape, tmp_path, lambda v: 1e-15 * v, kind="gnn")
    check(other, one, 1e-15, 0.0, 1e-6)


@pytest.fixture(scope="module")
def covered(landscape, tmp_path_factory):
    folder = tmp_path_factory.mktemp("covered")
    return interpolate(landscape, folder, lambda v: v, lambda c: c)


@pytest.mark.parametrize(("factor", "offset"), [(1e-200, 0.0), (1e150, 0.0), (1.0, 1e9)])
def test_the_unit_of_a_covariate_changes_nothing(factor, offset, landscape, covered, tmp_path):
    found = interpolate(landscape, tmp_path, lambda v: v, lambda c: factor * c + offset)
    # Its last digit differs, which a fit in float32 makes larger.
    check(found, covered, 1.0, 0.0, 1e-3)


def test_the_unit_of_the_map_changes_nothing(landscape, tmp_path):
    table = half_of(landscape)
    found = []
    for name, factor in (("m", 1.0), ("km", 1000.0), ("us-ft", 1200 / 3937)):
        crs = f"+proj=utm +zone=31 +datum=WGS84 +units={name} +type=crs"
        points = tmp_path / f"{name}.csv"
        table.assign(x=table["x"] / factor, y=table["y"] / factor).to_csv(points, index=False)
        request = landscape.request()
        bounds = [side / factor for side in request["grid"]["bounds"]]
        request["points"] |= {"path": str(points), "crs": crs}
        request["grid"] = {"crs": crs, "cell_size": 1000 / factor, "bounds": bounds}
        request["training"] = QUICK
        request["outputs"] = {"prediction": str(tmp_path / f"{name}.tif")}
        result = run(request)
        with rasterio.open(tmp_path / f"{name}.tif") as raster:
            found.append((raster.read(1), [result[figure] for figure in FIGURES]))
    for plane, figures in found[1:]:
        np.testing.assert_allclose(plane, found[0][0], atol=1e-3 * np.std(found[0][0]))
        # Which of two neighbours as far is the twelfth is decided by rounding.
        assert figures == pytest.approx(found[0][1], abs=1e-3)


def test_the_library_keeps_the_digits_of_values_far_from_zero(landscape, tmp_path):
    table = half_of(landscape)
    results = [
        GeoHGInterpolator.from_dataframe(
            table.assign(value=table["value"] + offset),
            ["x", "y"],
            resolution=1000.0,
            feature_columns=[],
            crs=CRS,
            options={"training": QUICK, "model": {"transform": "identity"}},
        )[1]
        for offset in (0.0, 1e9)
    ]
    for result, offset, dtype in zip(results, (0.0, 1e9), ("float32", "float64")):
        path = result.to_geotiff(tmp_path / "map.tif")
        with rasterio.open(path) as raster:
            written = raster.read(1).astype(np.float64)
            assert raster.dtypes == (dtype,) * 6
        np.testing.assert_allclose(written - offset, results[0].predictions, atol=2e-3)
