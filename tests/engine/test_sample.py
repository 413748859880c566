"""The synthetic sample is what its generator makes, and what its README says."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pyogrio
import pytest
import rasterio
import shapely
from numpy.typing import NDArray

from geohg.resources.sample import generate

SAMPLE = Path(__file__).parent.parent.parent / "resources" / "sample"
WORLDCOVER = {10, 20, 30, 40, 50, 60, 70, 80, 90, 95, 100}


@pytest.fixture(scope="module")
def regenerated(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("sample")
    generate.generate(folder)
    return folder


def read_raster(folder: Path, name: str) -> tuple[NDArray[np.generic], rasterio.Affine, str]:
    with rasterio.open(folder / name) as raster:
        return raster.read(1), raster.transform, raster.crs.to_string()


def read_points(folder: Path, name: str) -> tuple[NDArray[np.float64], NDArray[np.generic]]:
    meta, _, geometry, (values,) = pyogrio.raw.read(folder / name)
    assert meta["crs"] == "EPSG:32631"
    return shapely.get_coordinates(shapely.from_wkb(geometry)), values


def test_districts_fill_the_landscape_and_are_made_again(regenerated: Path) -> None:
    made, shipped = (
        pyogrio.raw.read(folder / "synthetic_districts.gpkg") for folder in (regenerated, SAMPLE)
    )
    shapes, other = (shapely.from_wkb(each[2]) for each in (shipped, made))
    assert shapely.equals_exact(shapes, other, 1.0).all() and len(shapes) == 20
    assert list(shipped[3][0]) == [f"District {number}" for number in range(1, 21)]
    areas = shapely.area(shapes)
    assert areas.sum() == pytest.approx(40_000 * 30_000, rel=1e-4)
    assert areas.max() > 4 * areas.min()


def test_rasters_are_made_again(regenerated: Path) -> None:
    # A sum may round otherwise on another processor, which can tip a pixel at an edge.
    landcover, transform, crs = read_raster(SAMPLE, "synthetic_landcover.tif")
    again, transform_again, crs_again = read_raster(regenerated, "synthetic_landcover.tif")
    assert (transform, crs) == (transform_again, crs_again)
    assert (landcover != again).mean() < 1e-4
    truth, transform, crs = read_raster(SAMPLE, "synthetic_truth.tif")
    again, transform_again, crs_again = read_raster(regenerated, "synthetic_truth.tif")
    assert (transform, crs) == (transform_again, crs_again)
    np.testing.assert_allclose(truth, again, atol=0.02)


def test_points_are_made_again(regenerated: Path) -> None:
    positions, values = read_points(SAMPLE, "synthetic_points.gpkg")
    positions_again, values_again = read_points(regenerated, "synthetic_points.gpkg")
    np.testing.assert_allclose(positions, positions_again, atol=0.11)
    np.testing.assert_allclose(values, values_again, atol=0.03)
    positions, kinds = read_points(SAMPLE, "synthetic_pois.gpkg")
    positions_again, kinds_again = read_points(regenerated, "synthetic_pois.gpkg")
    np.testing.assert_allclose(positions, positions_again, atol=0.11)
    np.testing.assert_array_equal(kinds, kinds_again)


def test_landcover_has_worldcover_codes() -> None:
    landcover, transform, crs = read_raster(SAMPLE, "synthetic_landcover.tif")
    assert crs == "EPSG:32631"
    assert landcover.shape == (600, 800)
    assert (transform.a, transform.e, transform.c, transform.f) == (50, -50, 480_000, 50_000)
    assert set(np.unique(landcover).tolist()) <= WORLDCOVER
    assert len(np.unique(landcover)) >= 7


def test_truth_is_on_the_demo_grid() -> None:
    truth, transform, crs = read_raster(SAMPLE, "synthetic_truth.tif")
    assert crs == "EPSG:32631"
    assert truth.shape == (60, 80)
    assert (transform.a, transform.e, transform.c, transform.f) == (500, -500, 480_000, 50_000)
    assert np.isfinite(truth).all()


def test_noise_is_a_tenth_of_the_spread_of_the_truth() -> None:
    rng = np.random.default_rng(1)
    truth = 5.0 * rng.standard_normal((generate.HEIGHT, generate.WIDTH)) + 20.0
    positions, values = generate.make_points(rng, truth, np.zeros_like(truth))
    columns, rows = positions.astype(int).T
    noise = values - truth[rows, columns]
    assert abs(noise.mean()) < 0.1
    assert 0.45 < noise.std() < 0.55


def test_points_measure_the_truth() -> None:
    truth, transform, _ = read_raster(SAMPLE, "synthetic_truth.tif")
    positions, values = read_points(SAMPLE, "synthetic_points.gpkg")
    pixels = (positions - (transform.c, transform.f)) / (transform.a, transform.e)
    columns, rows = np.floor(pixels).astype(int).T
    cells = truth[rows, columns]
    assert len(values) == 700
    # Noise, and what varies inside a cell of 500 m.
    assert np.sqrt(np.mean((values - cells) ** 2)) < 0.3 * truth.std()


def test_built_up_land_raises_the_truth_and_forest_lowers_it() -> None:
    landcover, _, _ = read_raster(SAMPLE, "synthetic_landcover.tif")
    truth, _, _ = read_raster(SAMPLE, "synthetic_truth.tif")
    blocks = landcover.reshape(60, 10, 80, 10)
    built = (blocks == 50).mean(axis=(1, 3)) > 0.5
    forest = (blocks == 10).mean(axis=(1, 3)) > 0.5
    assert truth[built].mean() > truth.mean() + truth.std()
    assert truth[forest & ~built].mean() < truth.mean()


def test_pois_have_six_kinds() -> None:
    positions, kinds = read_points(SAMPLE, "synthetic_pois.gpkg")
    assert len(positions) == 1497
    assert len(np.unique(kinds.astype(str))) == 6


def test_sample_is_small() -> None:
    assert sum(path.stat().st_size for path in SAMPLE.iterdir() if path.is_file()) < 500_000
