import time
from pathlib import Path

import numpy as np
import pytest
import rasterio
from rasterio.enums import Resampling
from rasterio.transform import from_origin
from rasterio.windows import Window

from geohg.engine.data.builders.esa_worldcover import attribution
from geohg.engine.data.builders.features import count_classes
from geohg.engine.data.builders.grid import Grid
from geohg.engine.data.sources.landcover import open_landcover
from geohg.engine.data.sources.worldcover_download import fetch_worldcover
from geohg.engine.data.sources.worldcover_tiles import needed_pieces, overview_factor
from geohg.engine.errors import Cancelled, InputError
from geohg.engine.progress import Silent

from ..bucket import serve_bucket
from ..conftest import Recorder, shared
from ..worldcover_bucket import make_tile, tile_path

# Cells of 0.02 degrees in the middle of N00E003 take the overview of factor 4, of 0.04 that of 8.
GRID = Grid("EPSG:4326", 4.0, 1.5, 0.04, 0.04, 8, 10)


@pytest.fixture(scope="module")
def tiles(tmp_path_factory):
    """A fine tile, and a coarse one east of it; none elsewhere."""
    folder = tmp_path_factory.mktemp("bucket")
    make_tile(folder, "N00E003", 9000)
    make_tile(folder, "N00E006", 600, seed=2)
    return folder


def names(grid):
    return [piece.tile for piece in needed_pieces(grid)]


def kept(tmp_path):
    return sorted(path.name for path in (tmp_path / "cache").rglob("*") if path.is_file())


# --- which tiles, and how fine ---


@pytest.mark.parametrize(
    ("bounds", "crs", "expected"),
    [
        ((120.2, 24.2, 120.8, 24.9), "EPSG:4326", ["N24E120"]),
        ((-3.5, -1.0, -2.5, 1.0), "EPSG:4326", ["S03W006", "S03W003", "N00W006", "N00W003"]),
        ((-78.4, -33.5, -78.1, -33.4), "EPSG:4326", ["S36W081"]),
        ((5.0, -70.0, 6.0, -65.0), "EPSG:4326", []),
        ((5.0, 82.0, 5.5, 89.0), "EPSG:4326", ["N81E003"]),
        ((500_000.0, 5_376_000.0, 530_000.0, 5_400_000.0), "EPSG:32631", ["N48E000", "N48E003"]),
        # Fiji: 179.5 E to 179.5 W, in a CRS of the Pacific.
        (
            (3_283_000.0, -1_950_000.0, 3_394_000.0, -1_900_000.0),
            "EPSG:3832",
            ["S18E177", "S18W180"],
        ),
    ],
)
def test_tiles_are_named_by_their_lower_left_corner(bounds, crs, expected):
    size = (bounds[2] - bounds[0]) / 10
    assert names(Grid.from_bounds(bounds, size, crs)) == expected


def test_parts_lie_inside_their_tiles_and_cover_the_grid():
    grid = Grid.from_bounds((3_283_000, -1_950_000, 3_394_000, -1_900_000), 1000, "EPSG:3832")
    west, east = needed_pieces(grid)
    assert (west.bounds[2], east.bounds[0]) == (180, -180)
    assert west.bounds[0] == pytest.approx(179.5, abs=0.07)
    assert east.bounds[2] == pytest.approx(-179.5, abs=0.07)


def test_a_grid_in_degrees_across_the_180th_meridian_is_refused():
    with pytest.raises(InputError, match="from 178 to 183 degrees.*CRS in metres"):
        needed_pieces(Grid("EPSG:4326", 178, 10, 0.1, 0.1, 10, 50))
    assert names(Grid("EPSG:4326", 179.5, 10, 0.6, 0.6, 1, 1))[0] == "N09E177"


def test_a_grid_beyond_its_crs_is_refused():
    with pytest.raises(InputError, match="outside the area of its CRS"):
        needed_pieces(Grid("EPSG:32631", 1e9, 1e9, 100, 100, 10, 10))


@pytest.mark.parametrize(
    ("size", "factor"), [(100, 1), (500, 1), (1000, 2), (2000, 4), (3000, 8), (50_000, 8)]
)
def test_the_overview_leaves_32_pixels_along_a_cell(size, factor):
    near_the_equator = Grid("EPSG:32631", 500_000, 100_000, size, size, 1, 1)
    assert overview_factor(near_the_equator) == factor


def test_stretched_metres_are_not_taken_for_metres():
    """At 60 degrees north a metre of Web Mercator is half a metre."""
    assert overview_factor(Grid("EPSG:3857", 0, 100_000, 800, 800, 1, 1)) == 2
    assert overview_factor(Grid("EPSG:3857", 0, 8_400_000, 800, 800, 1, 1)) == 1


@pytest.mark.parametrize(("way", "most"), [("nearest", 0.007), ("mode", 0.0135)])
def test_class_shares_from_overviews_of_real_land_cover(tmp_path, way, most):
    """Root mean square error of the shares of classes that a cell has, in any way of sampling."""
    with rasterio.open(shared("cayambe/worldcover_cayambe_epsg3857_10m.tif")) as raster:
        full = raster.read(1, window=Window(0, 0, 4608, 4096))
    path = tmp_path / "full.tif"
    with rasterio.open(
        path,
        "w",
        driver="GTiff",
        width=4608,
        height=4096,
        count=1,
        dtype="uint8",
        tiled=True,
        transform=from_origin(0, 0, 1, 1),
    ) as raster:
        raster.write(full, 1)
        raster.build_overviews([2, 4, 8], Resampling[way])
    for level, factor in enumerate((2, 4, 8)):
        with rasterio.open(path, overview_level=level) as overview:
            truth, seen = shares(full, 32 * factor), shares(overview.read(1), 32)
        present = (truth > 0) | (seen > 0)
        assert np.sqrt(np.mean((truth - seen)[present] ** 2)) < most


def shares(codes, side):
    """Share of each class in squares of `side` pixels."""
    rows, cols = (length // side for length in codes.shape)
    squares = codes[: rows * side, : cols * side].reshape(rows, side, cols, side)
    return np.stack([(squares == code).mean(axis=(1, 3)) for code in range(10, 101, 5)])


# --- fetching ---


def test_only_the_part_under_the_grid_is_read_at_its_overview_and_only_once(
    bucket, tiles, tmp_path
):
    watcher = Recorder()
    (tile,) = fetch_worldcover(GRID, "2021", watcher)
    assert tile.attribution == attribution("2021")
    with rasterio.open(tile_path(tiles, "N00E003"), overview_level=0) as overview:
        assert tile.transform.a == pytest.approx(overview.transform.a)
        with rasterio.open(tile.path) as copy:
            row, col = overview.index(copy.bounds.left, copy.bounds.top, op=round)
            expected = overview.read(1, window=Window(col, row, copy.width, copy.height))
            assert np.array_equal(copy.read(1), expected)
            assert copy.bounds.left <= 4.0 and copy.bounds.right >= 4.4
            assert copy.bounds.bottom <= 1.18 and copy.bounds.top >= 1.5
            assert copy.nodata == 0
    assert bucket.sent < tile_path(tiles, "N00E003").stat().st_size / 10
    assert watcher.messages[0] == "Fetching WorldCover 2021, tile 1 of 1"
    assert kept(tmp_path) == [
        "ESA_WorldCover_10m_2021_v200_N00E003_3.9375_1.1250_4.4375_1.5625_x8.tif"
    ]
    bucket.requests.clear()
    (again,) = fetch_worldcover(GRID, "2021", Silent())
    assert again == tile
    assert bucket.requests == []


def test_small_cells_take_full_resolution(bucket, tiles):
    (tile,) = fetch_worldcover(Grid("EPSG:4326", 4.0, 1.5, 0.005, 0.005, 20, 20), "2021", Silent())
    assert tile.transform.a == pytest.approx(3 / 9000)


def test_tiles_at_sea_do_not_exist_and_are_not_asked_for_again(bucket, tmp_path):
    grid = Grid("EPSG:32632", 100_000, 90_000, 1000, 1000, 180, 300)  # from 5.4 to 8.1, -0.8 to 0.8
    found = fetch_worldcover(grid, "2021", Silent())
    assert [Path(tile.path).name.split("_")[5] for tile in found] == ["N00E003", "N00E006"]
    assert [name.split("_")[5] for name in kept(tmp_path) if name.endswith(".none")] == [
        "S03E003",
        "S03E006",
    ]
    counts = count_classes(found, grid, Silent()).counts.sum(axis=1).reshape(180, 300)
    assert (counts[:80] > 0).all() and (counts[100:] == 0).all()
    bucket.requests.clear()
    assert fetch_worldcover(grid, "2021", Silent()) == found
    assert bucket.requests == []


def test_fetched_land_cover_crosses_the_180th_meridian(tmp_path, monkeypatch):
    for tile in ("S18E177", "S18W180"):
        make_tile(tmp_path, tile, 600, patch=600)
    monkeypatch.setenv("GEOHG_CACHE", str(tmp_path / "cache"))
    grid = Grid.from_bounds((3_283_000, -1_950_000, 3_394_000, -1_900_000), 5000, "EPSG:3832")
    with serve_bucket(tmp_path) as bucket:
        monkeypatch.setenv("GEOHG_WORLDCOVER_URL", bucket.address)
        counts = count_classes(fetch_worldcover(grid, "2021", Silent()), grid, Silent())
    assert (counts.counts.sum(axis=1) > 0).all()


def test_the_editions_are_apart(bucket, tmp_path):
    with pytest.raises(InputError, match="WorldCover 2020 has no land cover between"):
        fetch_worldcover(GRID, "2020", Silent())
    assert all(
        "v100/2020/map/ESA_WorldCover_10m_2020_v100_N00E003_Map.tif" in r for r in bucket.requests
    )


def test_where_no_tile_is_found_nothing_is_remembered(bucket, tmp_path):
    sea = Grid("EPSG:4326", 20.0, -10.0, 0.1, 0.1, 5, 5)
    for _ in range(2):
        with pytest.raises(InputError, match="between 19.9.* of longitude and -10.56.*extent"):
            fetch_worldcover(sea, "2021", Silent())
    assert len([request for request in bucket.requests if "S12E018" in request]) >= 2
    assert kept(tmp_path) == []


@pytest.mark.parametrize(
    ("fault", "message"),
    [
        ("login", "is not a WorldCover tile; the network's login page.*Try again later, or"),
        ("cut", "was incomplete.*Try again later, or give land-cover rasters"),
        ("403", "cannot be fetched.*response code: 403.*proxy.*Try again later, or"),
    ],
)
def test_a_network_that_fails_is_one_error_and_the_next_try_works(bucket, tmp_path, fault, message):
    bucket.fault = fault
    with pytest.raises(InputError, match=message):
        fetch_worldcover(GRID, "2021", Silent())
    assert kept(tmp_path) == []
    bucket.fault = ""
    assert len(fetch_worldcover(GRID, "2021", Silent())) == 1


def test_no_server_is_one_error(bucket, monkeypatch):
    monkeypatch.setenv("GEOHG_WORLDCOVER_URL", "http://127.0.0.1:1")
    with pytest.raises(InputError, match="127.0.0.1:1/v200.*connect.*check the network"):
        fetch_worldcover(GRID, "2021", Silent())


def test_another_raster_under_the_name_of_a_tile_is_refused(bucket, tmp_path, monkeypatch):
    wrong = make_tile(tmp_path, "N45E009", 300)
    path = tile_path(tmp_path, "N00E003")
    wrong.rename(path)
    with serve_bucket(tmp_path) as other:
        monkeypatch.setenv("GEOHG_WORLDCOVER_URL", other.address)
        with pytest.raises(InputError, match="is not a WorldCover tile"):
            fetch_worldcover(GRID, "2021", Silent())


def test_a_wait_on_the_network_can_be_cancelled(bucket, tmp_path):
    bucket.fault = "hang"
    started = time.monotonic()
    with pytest.raises(Cancelled):
        fetch_worldcover(GRID, "2021", Recorder(lambda seen: time.monotonic() > started + 0.3))
    assert time.monotonic() - started < 1.5
    assert kept(tmp_path) == []


def test_a_proxy_is_asked_with_its_password(bucket, monkeypatch):
    monkeypatch.setenv("GEOHG_WORLDCOVER_URL", "http://worldcover.invalid")
    proxy = bucket.address.replace("//", "//me:p%40ss@")
    assert len(fetch_worldcover(GRID, "2021", Silent(), proxy)) == 1
    assert bucket.headers[0]["Proxy-Authorization"] == "Basic bWU6cEBzcw=="
    assert bucket.headers[0]["Host"] == "worldcover.invalid"


def test_a_cache_that_cannot_be_written_is_named(bucket, tmp_path, monkeypatch):
    (tmp_path / "file").write_text("")
    monkeypatch.setenv("GEOHG_CACHE", str(tmp_path / "file"))
    with pytest.raises(InputError, match="file.worldcover': .*GEOHG_CACHE"):
        fetch_worldcover(GRID, "2021", Silent())


def test_what_is_kept_is_categorical_land_cover(bucket):
    (tile,) = fetch_worldcover(GRID, "2021", Silent())
    (opened,) = open_landcover([(tile.path, 1)])
    assert opened.attribution == ""
    assert opened.nodata == 0
