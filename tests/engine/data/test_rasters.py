"""Rasters of any kind: masks, names, damage, and what they cost."""

import zipfile
from pathlib import Path

import numpy as np
import pytest
import rasterio
from pyproj import Transformer
from rasterio.control import GroundControlPoint
from rasterio.enums import ColorInterp
from rasterio.transform import Affine, from_origin

from geohg.engine.assembly.building import build_graph
from geohg.engine.data import store
from geohg.engine.data.builders import features, rasters, reading
from geohg.engine.data.builders.features import count_classes
from geohg.engine.data.builders.grid import Grid
from geohg.engine.data.sources.classes import ClassRaster
from geohg.engine.data.sources.landcover import open_landcover
from geohg.engine.errors import Cancelled, InputError
from geohg.engine.progress import Silent

from ..conftest import CRS, LEFT, TOP, Recorder
from ..fuzzing import Outcomes, tries

PIXEL = 100.0


def count(paths, grid, progress=None):
    paths = paths if isinstance(paths, list) else [paths]
    progress = progress or Silent()
    return count_classes(open_landcover([(path, 1) for path in paths], progress), grid, progress)


def grid_of(rows, cols, size=1000.0):
    return Grid(CRS, LEFT, TOP, size, size, rows, cols)


def random_codes(shape, seed=0):
    return np.random.default_rng(seed).choice([1, 2, 3, 5], shape).astype(np.uint8)


def write(path, bands, transform=None, **profile):
    """Write bands [bands, rows, cols] with any options of rasterio."""
    where = transform or from_origin(LEFT, TOP, PIXEL, PIXEL)
    options = {"driver": "GTiff", "dtype": bands.dtype, "crs": CRS, "transform": where, **profile}
    shape = {"count": len(bands), "height": bands.shape[1], "width": bands.shape[2]}
    with rasterio.open(path, "w", **shape, **options) as raster:
        raster.write(bands)
    return path


def whole_vrt(path, source, rows, cols, more=""):
    path.write_text(
        f'<VRTDataset rasterXSize="{cols}" rasterYSize="{rows}"><SRS>{CRS}</SRS>'
        f"<GeoTransform>{LEFT}, {PIXEL}, 0, {TOP}, 0, -{PIXEL}</GeoTransform>"
        f'<VRTRasterBand dataType="Byte" band="1">{more}<SimpleSource>'
        f'<SourceFilename relativeToVRT="1">{source}</SourceFilename><SourceBand>1</SourceBand>'
        "</SimpleSource></VRTRasterBand></VRTDataset>"
    )
    return path


# --- masks ---


@pytest.mark.parametrize("kind", ["internal", "msk", "alpha", "alpha of three", "nodata", "float"])
def test_masked_pixels_are_missing(tmp_path, kind):
    """In the west, below what is masked, lie other classes."""
    codes = random_codes((20, 20))
    there = np.where(np.arange(20) < 10, 0, 255).astype(np.uint8) * np.ones((20, 1), np.uint8)
    path = tmp_path / "r.tif"
    below = np.where(there, codes, 7).astype(np.uint8)
    if kind in ("internal", "msk"):
        with rasterio.Env(GDAL_TIFF_INTERNAL_MASK=kind == "internal"):
            write(path, below[None])
            with rasterio.open(path, "r+") as raster:
                raster.write_mask(there)
        assert (tmp_path / "r.tif.msk").exists() == (kind == "msk")
    elif kind == "nodata":
        write(path, below[None], nodata=7)
    elif kind == "float":
        low = np.float32(-3.4028234663852886e38)
        write(path, np.where(there, codes, low).astype(np.float32)[None], nodata=float(low))
    else:
        more = [there] if kind == "alpha" else [codes, there]
        write(path, np.stack([below, *more]), photometric="MINISBLACK")
        with rasterio.open(path, "r+") as raster:
            raster.colorinterp = [*[ColorInterp.gray] * len(more), ColorInterp.alpha]
    found = count(path, grid_of(2, 2))
    assert found.codes.tolist() == [1, 2, 3, 5]
    assert found.counts.sum(axis=1).tolist() == [0, 100, 0, 100]
    for code, counts in zip(found.codes, found.counts.T):
        assert counts[1] == (codes[:10, 10:] == code).sum()


def tag_alpha(path, band):
    with rasterio.open(path, "r+") as raster:
        raster.colorinterp = [
            ColorInterp.alpha if each == band else colour
            for each, colour in enumerate(raster.colorinterp, 1)
        ]
        assert raster.colorinterp[band - 1] == ColorInterp.alpha
    return path


@pytest.mark.parametrize(
    ("bands", "dtype"), [(2, "uint8"), (4, "uint8"), (5, "uint8"), (4, "uint16"), (5, "float32")]
)
@pytest.mark.parametrize("last", ["classes", "mostly 0", "0 and 1", "0", "rare, and 255"])
def test_a_band_of_classes_that_is_tagged_as_transparency_masks_nothing(
    tmp_path, bands, dtype, last
):
    """Maps of several years; GDAL itself tags the fourth of four bands of bytes."""
    rng = np.random.default_rng(bands)
    codes = rng.choice([0, 1, 2, 5], (20, 20)).repeat(4, 0).repeat(4, 1).astype(dtype)
    later = np.where(rng.random(codes.shape) < 0.1, 1, codes)
    if last == "mostly 0":
        later = np.where(rng.random(codes.shape) < 0.05, 3, 0)
    elif last in ("0 and 1", "0"):
        later = np.minimum(codes, 1 if last == "0 and 1" else 0)
    elif last == "rare, and 255":
        later = np.where(codes == 5, 255, 0)
        later[:6, :6] = 4
    stack = np.stack([*[codes] * (bands - 1), later]).astype(dtype)
    path = tag_alpha(write(tmp_path / "r.tif", stack), bands)
    for band in (1, bands):
        tiles = open_landcover([(path, band)])
        found = count_classes(tiles, Grid(CRS, LEFT, TOP, 1000.0, 1000.0, 8, 8), Silent())
        expected = np.stack([stack[band - 1] == code for code in found.codes])
        expected = expected.reshape(len(found.codes), 8, 10, 8, 10).sum(axis=(2, 4))
        np.testing.assert_array_equal(found.counts.T, expected.reshape(len(found.codes), 64))
        assert found.counts.sum() == 6400


@pytest.mark.parametrize("edge", ["sharp", "soft", "with nodata"])
@pytest.mark.parametrize(
    ("bands", "dtype", "full"),
    [(2, "uint8", 255), (4, "uint8", 255), (5, "uint8", 255), (4, "uint16", 65535),
     (2, "int16", 255), (3, "float32", 255)],
)  # fmt: skip
def test_a_band_of_transparency_masks(tmp_path, bands, dtype, full, edge):
    codes = random_codes((40, 40)).astype(dtype)
    far = np.hypot(*(np.mgrid[:40, :40] - 19.5)) - 15
    alpha = full * (far < 0)
    if edge == "soft":
        alpha = full * np.clip(0.5 - far / 3, 0, 1)
    stack = np.stack([*[codes] * (bands - 1), alpha.astype(dtype)])
    options = {"nodata": full} if edge == "with nodata" else {}
    path = tag_alpha(write(tmp_path / "r.tif", stack, **options), bands)
    found = count(path, grid_of(4, 4))
    there = (stack[-1] != 0).reshape(4, 10, 4, 10).sum(axis=(1, 3)).ravel()
    assert there[0] < 50 and there[5] == 100
    np.testing.assert_array_equal(found.counts.sum(axis=1), there)


@pytest.mark.parametrize("nodata", ["0.5", "nan", "-9999", "256", "1e40"])
def test_nodata_that_no_pixel_can_have_drops_no_class(tmp_path, nodata):
    codes = np.where(np.arange(20) < 10, 0, 1).astype(np.uint8) * np.ones((10, 1), np.uint8)
    write(tmp_path / "r.tif", codes[None])
    more = f"<NoDataValue>{nodata}</NoDataValue>"
    found = count(whole_vrt(tmp_path / "r.vrt", "r.tif", 10, 20, more), grid_of(1, 2))
    assert found.codes.tolist() == [0, 1] and found.counts.tolist() == [[100, 0], [0, 100]]


def test_zero_alone_is_a_class(tmp_path):
    path = write(tmp_path / "r.tif", np.zeros((1, 20, 20), np.uint8))
    known = ClassRaster("entity", ((path, 1),)).read(grid_of(2, 2), Silent())
    graph = build_graph(grid_of(2, 2), {}, [known], Silent())
    assert (
        graph.hypernodes["entity"].names == ("class 0",) and graph.features.tolist() == [[1.0]] * 4
    )


# --- damage ---


def test_a_missing_part_of_a_vrt_is_named(tmp_path):
    path = whole_vrt(tmp_path / "r.vrt", "gone.tif", 300, 300)
    with pytest.raises(InputError, match=r"^The raster '.*r\.vrt' cannot be read: .*gone\.tif"):
        open_landcover([(path, 1)])


def test_a_raster_that_ends_early_is_named_with_the_reason(tmp_path):
    path = write(tmp_path / "r.tif", random_codes((900, 900))[None])
    tiles = open_landcover([(path, 1)])
    path.write_bytes(path.read_bytes()[:500_000])
    for act in (lambda: open_landcover([(path, 1)]), lambda: count(path, grid_of(9, 9))):
        with pytest.raises(InputError, match=r"r\.tif' cannot be read: .*[Rr]ead error") as caught:
            act()
        assert "previous exception" not in str(caught.value) and "\n" not in str(caught.value)
    with pytest.raises(InputError, match=r"r\.tif' cannot be read: "):
        count_classes(tiles, grid_of(90, 90), Silent())
    path.unlink()
    with pytest.raises(InputError, match=r"r\.tif' cannot be read: .*No such file"):
        count_classes(tiles, grid_of(90, 90), Silent())


@pytest.mark.parametrize(
    "transform",
    [
        Affine(np.nan, 0, 0, 0, -1, 0),
        Affine(0, 0, 5, 0, 0, 5),
        Affine(100, 100, LEFT, 100, 100, TOP),
        Affine(100, 0, np.inf, 0, -100, TOP),
        Affine(1e300, 0, 0, 0, -1e300, 0),
        Affine(100, 0, LEFT, 0, -1e-300, TOP),
    ],
)
def test_a_transform_that_makes_no_sense_is_refused(tmp_path, transform):
    path = write(tmp_path / "r.vrt.tif", random_codes((9, 9))[None])
    numbers = ", ".join(repr(float(n)) for n in transform.to_gdal())
    text = whole_vrt(tmp_path / "r.vrt", "r.vrt.tif", 9, 9).read_text()
    start, end = text.index("<GeoTransform>") + 14, text.index("</GeoTransform>")
    (tmp_path / "r.vrt").write_text(text[:start] + numbers + text[end:])
    for act in (lambda: open_landcover([(path.with_suffix(""), 1)]),):
        with pytest.raises(InputError, match="makes no sense"):
            act()
    with pytest.raises(InputError, match="template raster '.*' makes no sense"):
        Grid.from_template(tmp_path / "r.vrt")


def test_a_raster_with_control_points_or_without_a_transform_is_refused(tmp_path):
    corners = ((0, 0, LEFT, TOP), (0, 9, LEFT + 900, TOP), (9, 0, LEFT, TOP - 900))
    points = [GroundControlPoint(*corner) for corner in corners]
    path = tmp_path / "gcp.tif"
    profile = {"driver": "GTiff", "width": 9, "height": 9, "count": 1, "dtype": "uint8"}
    with rasterio.open(path, "w", **profile, gcps=points, crs=CRS) as raster:
        raster.write(random_codes((9, 9)), 1)
    plain = tmp_path / "plain.tif"
    with rasterio.open(plain, "w", **profile, crs=CRS) as raster:
        raster.write(random_codes((9, 9)), 1)
    for refused, expected in (
        (path, "has ground control points and no transform; warp it first"),
        (plain, "has no georeference"),
    ):
        with pytest.raises(InputError, match=expected):
            open_landcover([(refused, 1)])
        with pytest.raises(InputError, match=f"^The template raster .*{expected}"):
            Grid.from_template(refused)


def test_complex_pixels_and_a_band_that_is_no_number_are_refused(tmp_path):
    path = write(tmp_path / "r.tif", np.ones((1, 9, 9), np.complex64))
    with pytest.raises(InputError, match=r"has complex numbers \(complex64\)"):
        open_landcover([(path, 1)])
    with pytest.raises(InputError, match="has 1 bands, not band first"):
        open_landcover([(path, "first")])
    with pytest.raises(InputError, match="The template raster '5' cannot be read"):
        Grid.from_template(5)


# --- names ---


def test_names_of_gdal_are_taken_as_text_and_as_a_path(tmp_path):
    codes = random_codes((20, 20))
    path = write(tmp_path / "r.tif", codes[None])
    with zipfile.ZipFile(tmp_path / "z.zip", "w") as archive:
        archive.write(path, "r.tif")
    expected = count(path, grid_of(2, 2)).counts
    names = [f"/vsizip/{tmp_path}/z.zip/r.tif", f"zip://{tmp_path}/z.zip!r.tif"]
    names += [Path(names[0]), f"GTIFF_DIR:1:{path}"]
    assert str(names[2]).startswith("/vsizip/") and not str(names[2]).startswith("/vsizip//")
    for name in names:
        np.testing.assert_array_equal(count(name, grid_of(2, 2)).counts, expected)
        assert Grid.from_template(name).size == 400
    assert list(store.checksums([*names, "x" * 5000, str(path)])) == [str(path)]


def test_a_path_gets_back_the_slash_that_it_lost():
    assert rasters.gdal_name(Path("/vsicurl/https://host/a.tif")) == "/vsicurl/https://host/a.tif"
    assert rasters.gdal_name("/vsizip//a.zip/b.tif") == "/vsizip//a.zip/b.tif"


# --- several tiles ---


def test_tiles_of_unequal_pixels_weigh_by_area(tmp_path):
    fine = write(tmp_path / "fine.tif", np.full((1, 40, 15), 1, np.uint8))
    where = from_origin(LEFT + 1500, TOP, 500, 500)
    coarse = write(tmp_path / "coarse.tif", np.full((1, 8, 5), 9, np.uint8), where)
    found = count([fine, coarse], grid_of(4, 4))
    assert found.codes.tolist() == [1, 9]
    expected = np.array([[1, 0], [0.5, 0.5], [0, 1], [0, 1]] * 4)
    np.testing.assert_allclose(found.proportions(), expected, atol=1e-6)


def test_tiles_of_two_crs_weigh_by_area_at_the_cell(tmp_path):
    """One half in degrees of about the pixel's size: its pixels are 0.65 as wide as high."""
    where = Affine(PIXEL, 0, LEFT, 0, -PIXEL, TOP)
    west = write(tmp_path / "w.tif", np.full((1, 40, 20), 1, np.uint8), where)
    to = Transformer.from_crs(CRS, "EPSG:4326", always_xy=True)
    left, top = to.transform(LEFT + 2000, TOP)
    degrees = from_origin(left, top + 0.01, 1e-4, 1e-4)
    east = write(tmp_path / "e.tif", np.full((1, 800, 800), 9, np.uint8), degrees, crs="EPSG:4326")
    found = count([west, east], Grid(CRS, LEFT + 500, TOP, 3000, 3000, 1, 1))
    np.testing.assert_allclose(found.proportions()[0], [0.5, 0.5], atol=2e-3)


def test_of_overlapping_tiles_the_first_with_a_class_counts(tmp_path):
    """Rows of the second: under a class, under nodata, and beyond the first."""
    first = np.full((1, 20, 20), 1, np.uint8)
    first[:, 10:] = 255
    second = np.full((1, 30, 20), 2, np.uint8)
    second[:, :10, :5] = 1
    paths = [
        write(tmp_path / "first.tif", first, nodata=255),
        write(tmp_path / "second.tif", second),
    ]
    progress = Recorder()
    found = count(paths, grid_of(3, 2), progress)
    assert found.counts.tolist() == [[100, 0]] * 2 + [[0, 100]] * 4
    (warning,) = progress.warnings
    assert warning == (
        f"The rasters '{paths[0]}' and '{paths[1]}' overlap and differ in 75.0% of 200 pixels; "
        "the first one is used there."
    )
    assert (
        count(paths[::-1], grid_of(3, 2)).counts.tolist() == [[50, 50], [0, 100]] + [[0, 100]] * 4
    )
    progress = Recorder()
    twice = count([paths[1], paths[1]], grid_of(3, 2), progress)
    np.testing.assert_array_equal(twice.counts, count(paths[1], grid_of(3, 2)).counts)
    assert progress.warnings == []


def test_zero_in_worldcover_hides_nothing(tmp_path):
    first = np.full((1, 20, 20), 10, np.uint8)
    first[:, :10], first[:, 19] = 0, 50
    paths = [
        write(tmp_path / "first.tif", first),
        write(tmp_path / "second.tif", np.full((1, 20, 20), 50, np.uint8)),
    ]
    found = count(paths, grid_of(2, 1))
    assert found.codes.tolist() == [10, 50]
    assert found.counts.tolist() == [[0, 100], [90, 10]]


def test_a_tile_of_another_crs_is_hidden_where_the_first_has_a_class(tmp_path):
    first = write(tmp_path / "first.tif", np.full((1, 20, 20), 1, np.uint8))
    turned = Affine.translation(LEFT - 500, TOP + 900) @ Affine.rotation(10)
    where = turned @ Affine.scale(50, -50)
    second = write(tmp_path / "second.tif", np.full((1, 99, 99), 2, np.uint8), where)
    found = count([first, second], grid_of(2, 2))
    assert found.counts[:, 0].min() > 0 and found.codes.tolist() == [1]


# --- cost ---


def sparse(path, rows, cols, **options):
    where = from_origin(LEFT, TOP, 1.0, 1.0)
    with rasterio.open(
        path, "w", driver="GTiff", width=cols, height=rows, count=1, dtype="uint8", crs=CRS,
        transform=where, SPARSE_OK=True, BIGTIFF="YES", **options,
    ):  # fmt: skip
        pass
    return path


def large_vrt(path, source, side):
    whole_vrt(path, source, side, side)
    path.write_text(path.read_text().replace(f"{PIXEL}", "0.01"))
    return path


def test_more_pixels_than_can_be_read_are_refused_before_any_is(tmp_path):
    write(tmp_path / "r.tif", random_codes((20, 20))[None])
    path = large_vrt(tmp_path / "r.vrt", "r.tif", 2_000_000)
    with pytest.raises(InputError) as caught:
        count(path, Grid(CRS, LEFT, TOP, 1000.0, 1000.0, 20, 20))
    assert "have 4,000,000,000,000 pixels inside the grid, 10,000,000,000 a cell" in str(
        caught.value
    )
    assert "about 40 hours" in str(caught.value)
    found = count(path, Grid(CRS, LEFT, TOP, 0.05, 0.05, 4, 4))
    assert found.counts.sum() == 20 * 20


def test_blocks_that_are_too_large_are_refused(tmp_path):
    with pytest.raises(InputError, match=r"blocks of 2,000,000,000 x 1 pixels, each .* 1\.9 GiB"):
        open_landcover([(sparse(tmp_path / "strip.tif", 1, 2_000_000_000), 1)])


def test_a_large_sparse_raster_is_read_where_the_grid_lies(tmp_path):
    path = sparse(
        tmp_path / "s.tif", 200_000, 200_000, tiled=True, blockxsize=4096, blockysize=4096
    )
    grid = Grid(CRS, LEFT + 150_000, TOP - 150_000, 10.0, 10.0, 9, 9)
    assert count(path, grid).counts.tolist() == [[100]] * 81


def test_windows_are_counted_and_split_without_being_made(tmp_path):
    path = write(tmp_path / "r.tif", random_codes((70, 50))[None])
    with rasterio.open(path) as raster:
        area = rasterio.windows.Window(3, 5, 40, 60)
        assert rasters.count_windows(raster, area, 900) == len(
            list(rasters.windows(raster, area, 900))
        )
        assert rasters.decoded_pixels(raster, area) >= 60 * 50
    seen = np.zeros((70, 50), int)
    for part in rasters.split(area, 70):
        assert part.width * part.height <= 70
        seen[part.toslices()] += 1
    assert seen[5:65, 3:43].min() == seen.max() == 1 and seen.sum() == 2400


@pytest.mark.parametrize("after", [0, 1, 5, 12])
def test_opening_and_counting_can_be_cancelled(tmp_path, monkeypatch, after):
    monkeypatch.setattr(features, "_LINE_PIXELS", 4096)
    path = write(tmp_path / "r.tif", random_codes((900, 900))[None])
    stopping = Recorder(lambda seen: seen.asked > after)
    with pytest.raises(Cancelled):
        count(path, grid_of(90, 90), stopping)
    assert stopping.asked == after + 1


def test_a_slow_window_does_not_hold_up_a_cancel(monkeypatch):
    from concurrent.futures import Future

    monkeypatch.setattr(reading, "_POLL_SECONDS", 0.01)
    with pytest.raises(Cancelled):
        reading._wait(Future(), Recorder(lambda seen: True))


# --- damage at random ---


@pytest.mark.fuzz
def test_damaged_rasters_are_refused_in_a_sentence(tmp_path):
    """Bytes of the header, of the pixels and of a VRT at random; a truth stands beside it."""
    rng = np.random.default_rng(5)
    codes = random_codes((60, 60))
    grid = grid_of(6, 6)
    plain = write(tmp_path / "a.tif", codes[None], compress="deflate", nodata=5)
    tiled = write(tmp_path / "b.tif", codes[None].astype(np.float32), tiled=True, blockxsize=32,
                  blockysize=32)  # fmt: skip
    vrt = whole_vrt(tmp_path / "c.vrt", "a.tif", 60, 60, "<NoDataValue>5</NoDataValue>")
    outcomes = Outcomes("rasters")
    for number in range(tries(120)):
        source = (plain, tiled, vrt)[number % 3]
        content = bytearray(source.read_bytes())
        position = int(rng.integers(len(content) if number % 2 else min(len(content), 600)))
        content[position] = int(rng.integers(256))
        if number % 7 == 0:
            content = content[: int(rng.integers(len(content)))]
        damaged = tmp_path / f"x{number}{source.suffix}"
        damaged.write_bytes(content)

        def act(path=damaged):
            Grid.from_template(path)
            return count(path, grid)

        # Pixels have no checksum: another class is no fault that anybody could find.
        outcomes.judge(f"{damaged.name} at {position}", act, lambda found: found.counts.sum() >= 0)
        damaged.unlink()
    outcomes.check()


@pytest.mark.parametrize("crs", [CRS, "EPSG:4326"])
@pytest.mark.parametrize("seed", range(3))
def test_pixels_of_turned_and_sheared_rasters_count_where_their_centres_lie(tmp_path, crs, seed):
    rng = np.random.default_rng(seed)
    codes = random_codes((40, 50), seed).repeat(3, 0).repeat(3, 1)
    size, corner = (40, (LEFT + 9000, TOP - 9000)) if crs == CRS else (4e-4, (3.12, 48.67))
    turned = Affine.translation(*corner) @ Affine.rotation(rng.uniform(0, 360))
    where = turned @ Affine.shear(*rng.uniform(-40, 40, 2)) @ Affine.scale(size, -size)
    found = count(write(tmp_path / "r.tif", codes[None], where, crs=crs), grid_of(20, 20))
    row, col = np.mgrid[: codes.shape[0], : codes.shape[1]] + 0.5
    x = where.a * col + where.b * row + where.c
    y = where.d * col + where.e * row + where.f
    x, y = Transformer.from_crs(crs, CRS, always_xy=True).transform(x, y)
    right, down = np.floor((x - LEFT) / 1000), np.floor((TOP - y) / 1000)
    inside = (right >= 0) & (right < 20) & (down >= 0) & (down < 20)
    cell = (20 * down + right)[inside].astype(int)
    for code, counts in zip(found.codes, found.counts.T):
        direct = np.bincount(cell[codes[inside] == code], minlength=400)
        np.testing.assert_array_equal(counts, direct)
    assert found.counts.sum() == inside.sum() > 5000


@pytest.mark.parametrize("name", ["a#b", "a?b", "a%20b", "a&b c", "a|b;c,d", "土地 é", "zip+a"])
def test_a_raster_of_any_name_is_read(tmp_path, name):
    path = write(tmp_path / f"{name}.tif", random_codes((20, 20))[None])
    for name in (path, str(path)):
        assert count(name, grid_of(2, 2)).counts.sum() == 400
