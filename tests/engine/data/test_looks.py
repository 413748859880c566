"""Pictures and continuous quantities are told from classes, on synthetic ones of each kind."""

import numpy as np
import pytest
import rasterio
from rasterio.enums import ColorInterp
from scipy.ndimage import gaussian_filter
from scipy.spatial import cKDTree

from geohg.engine.data.sources.landcover import open_landcover
from geohg.engine.data.sources.looks import is_continuous
from geohg.engine.errors import InputError

from ..conftest import CRS, write_raster
from ..fuzzing import tries

SIDE = 256
MISSING = (-32769,)


def rough(seed, slope):
    """A surface as that of land: a spectrum with a slope; 2 is rough, 4 is smooth."""
    rng = np.random.default_rng(seed)
    each = np.fft.fftfreq(SIDE)
    square = each[:, None] ** 2 + each**2
    square[0, 0] = 1
    surface = np.fft.ifft2(np.fft.fft2(rng.normal(size=(SIDE, SIDE))) * square ** (-slope / 4)).real
    return (surface - surface.mean()) / surface.std()


def shaded(surface):
    down, right = np.gradient(surface * 8)
    light = (1 - 0.7 * down + 0.7 * right) / np.sqrt(1 + down**2 + right**2) / np.sqrt(2)
    return np.clip(255 * light, 0, 255)


QUANTITIES = {
    "elevation": lambda surface: 100 + 30 * surface,
    "elevation with sea": lambda surface: np.maximum(60 * surface, 0),
    "hillshade": shaded,
    "NDVI in percent": lambda surface: np.clip(50 + 20 * surface, 0, 100),
    "temperature": lambda surface: 15 + 7 * surface,
    "grey image": lambda surface: np.clip(
        100 + 30 * surface + 6 * np.random.default_rng(1).normal(size=surface.shape), 0, 255
    ),
    "population": lambda surface: np.random.default_rng(2).poisson(np.exp(2 + surface)),
}


@pytest.mark.parametrize("slope", [2.2, 3, 4])
@pytest.mark.parametrize("name", QUANTITIES)
def test_quantities_in_whole_numbers_are_continuous(name, slope):
    values = np.round(QUANTITIES[name](rough(3, slope))).astype(np.int32)
    assert is_continuous([values], MISSING)


def largest_of(count, scale, seed=0):
    """Patches of `count` classes: the largest of as many smooth fields."""
    rng = np.random.default_rng(seed)
    best, codes = np.full((SIDE, SIDE), -np.inf), np.zeros((SIDE, SIDE), np.int32)
    for code in range(count):
        field = gaussian_filter(rng.normal(size=(SIDE, SIDE)), scale, mode="wrap")
        field /= field.std()
        codes[field > best] = code
        best = np.maximum(best, field)
    return codes


def ordered(count, scale, shuffled):
    """Classes cut from one field; in its order, or with codes of any order."""
    field = gaussian_filter(np.random.default_rng(4).normal(size=(SIDE, SIDE)), scale)
    ranks = np.digitize(field, np.quantile(field, np.linspace(0, 1, count + 1)[1:-1]))
    return np.random.default_rng(5).permutation(count)[ranks] if shuffled else ranks


def zones(count, side, order):
    """Polygons numbered at random, or row by row, so that neighbours have near numbers."""
    points = np.random.default_rng(6).uniform(0, side, (count, 2))
    if order == "row":
        points = points[np.lexsort((points[:, 0], points[:, 1] // (side / np.sqrt(count))))]
    rows, cols = np.mgrid[:side, :side]
    nearest = cKDTree(points).query(np.column_stack([cols.ravel(), rows.ravel()]))[1]
    return nearest.reshape(side, side)


def speckled(codes):
    rng = np.random.default_rng(7)
    return np.where(
        rng.random(codes.shape) < 0.25, rng.integers(0, codes.max(), codes.shape), codes
    )


CLASSES = {
    "12 classes": lambda: largest_of(12, 3),
    "44 classes": lambda: largest_of(44, 3),
    "130 crops": lambda: largest_of(130, 2),
    "60 crops, speckled": lambda: speckled(largest_of(60, 4)),
    "CORINE, groups of near codes": lambda: 9 * largest_of(5, 15) + largest_of(9, 3, seed=1),
    "groups of near codes, in small patches": lambda: 9 * largest_of(5, 15) + largest_of(9, 1.5, 1),
    "12 ordered classes": lambda: ordered(12, 8, shuffled=False),
    "44 bands of any codes": lambda: ordered(44, 8, shuffled=True),
    "130 bands of any codes": lambda: ordered(130, 8, shuffled=True),
    "200 soil units": lambda: zones(200, 200, "random"),
    "200 zones numbered in rows": lambda: zones(200, 200, "row"),
    "200 small zones numbered in rows": lambda: zones(200, 60, "row"),
    "squares numbered in rows": lambda: np.kron(
        np.arange(225).reshape(15, 15), np.ones((7, 7), int)
    ),
    "20 rings": lambda: (np.hypot(*np.mgrid[-60:60, -60:60]) / 4.3).astype(int),
    "noise of 130 codes": lambda: np.random.default_rng(8).integers(0, 130, (SIDE, SIDE)),
    "one class": lambda: np.zeros((SIDE, SIDE), int),
}


CORINE = np.array([
    *(111, 112, 121, 122, 123, 124, 131, 132, 133, 141, 142, 211, 212, 213, 221, 222, 223, 231),
    *(241, 242, 243, 244, 311, 312, 313, 321, 322, 323, 324, 331, 332, 333, 334, 335, 411, 412),
    *(421, 422, 423, 511, 512, 521, 522, 523),
])  # fmt: skip


def corine(rng, coarse, fine):
    """Codes whose first digit keeps to large patches, and whose others change in small ones."""
    first, other = (largest_of(*each, rng.integers(1e6)) for each in ((5, coarse), (11, fine)))
    codes = np.zeros((SIDE, SIDE), int)
    for digit in range(5):
        group = CORINE[np.isin(CORINE // 100, digit + 1)]
        codes[first == digit] = group[other[first == digit] % len(group)]
    return codes


def grouped(rng, groups, each, coarse, fine):
    """Soil units without a gap: near codes lie near."""
    seeds = rng.integers(1e6, size=2)
    return each * largest_of(groups, coarse, seeds[0]) + largest_of(each, fine, seeds[1])


def in_order(rng, count, scale):
    """Classes of equal area, cut from one field."""
    field = gaussian_filter(rng.normal(size=(SIDE, SIDE)), scale)
    return np.digitize(field, np.quantile(field, np.linspace(0, 1, count + 1)[1:-1]))


def mixed(rng, groups, each, coarse):
    """Any class of a group in each pixel: patches of one pixel."""
    codes = largest_of(groups, coarse, rng.integers(1e6)) * 10
    return codes + rng.integers(0, each, codes.shape)


LANDS = {
    "CORINE in small patches": lambda rng: corine(rng, rng.uniform(2, 12), rng.uniform(0.5, 2)),
    "three digits, each in patches": lambda rng: sum(
        digit * (largest_of(4, rng.uniform(0.6, 3), rng.integers(1e6)) + 1)
        for digit in (1, 10, 100)
    ),
    "soil units in groups": lambda rng: grouped(
        rng, rng.integers(5, 12), rng.integers(6, 16), rng.uniform(2, 12), rng.uniform(0.6, 2)
    ),
    "ordered in small patches": lambda rng: in_order(rng, rng.integers(25, 45), rng.uniform(1, 6)),
    "patches of one pixel": lambda rng: mixed(rng, 6, rng.integers(5, 9), rng.uniform(2, 9)),
}
SURFACES = {
    "elevation": lambda rng: (
        100 + rng.uniform(10, 50) * rough(rng.integers(1e6), rng.uniform(2.3, 4))
    ),
    "hillshade": lambda rng: shaded(rough(rng.integers(1e6), rng.uniform(2.3, 4))),
    "NDVI": lambda rng: np.clip(50 + 20 * rough(rng.integers(1e6), rng.uniform(2.3, 4)), 0, 100),
    "in 16-bit steps": lambda rng: 7 * np.round(30 * rough(rng.integers(1e6), 3)) + 900,
}


@pytest.mark.fuzz
@pytest.mark.parametrize("name", LANDS)
def test_landscapes_of_classes_are_not_continuous(name):
    rng = np.random.default_rng(31)
    wrong = [number for number in range(tries(6)) if is_continuous([LANDS[name](rng)], MISSING)]
    assert wrong == []


@pytest.mark.fuzz
@pytest.mark.parametrize("name", SURFACES)
def test_landscapes_of_quantities_are_continuous(name):
    rng = np.random.default_rng(32)
    for number in range(tries(6)):
        values = np.round(SURFACES[name](rng)).astype(np.int32)
        assert is_continuous([values], MISSING), number


@pytest.mark.parametrize("name", CLASSES)
def test_classes_are_not_continuous(name):
    assert not is_continuous([CLASSES[name]()], MISSING)


def test_missing_pixels_tell_nothing():
    values = np.round(100 + 30 * rough(3, 3)).astype(np.int32)
    values[:, ::2] = MISSING[0]
    values[::2] = MISSING[0]
    assert not is_continuous([values], MISSING)


HEIGHTS = "looks like a continuous quantity, such as elevation or a hillshade: it has "


def test_heights_are_refused_unless_a_colour_table_names_them_classes(tmp_path):
    heights = np.clip(np.round(100 + 30 * rough(3, 3)), 0, 255).astype(np.uint8)
    path = write_raster(tmp_path / "dem.tif", heights)
    with pytest.raises(InputError, match=rf"^The raster '.*dem\.tif' {HEIGHTS}\d+ values") as error:
        open_landcover([(path, 1)])
    assert "classify this one first" in str(error.value)
    with rasterio.open(path, "r+") as raster:
        raster.write_colormap(1, {code: (code, 0, 0, 255) for code in range(256)})
    assert len(open_landcover([(path, 1)])) == 1


@pytest.mark.parametrize("way", [1, -1])
def test_a_colour_table_of_greys_names_no_classes(tmp_path, way):
    heights = np.clip(np.round(100 + 30 * rough(3, 3)), 0, 255).astype(np.uint8)
    codes = largest_of(44, 3).astype(np.uint8)
    greys = {code: (*[code if way > 0 else 255 - code] * 3, 255) for code in range(256)}
    for values, name in ((heights, "dem.tif"), (codes, "classes.tif")):
        with rasterio.open(write_raster(tmp_path / name, values), "r+") as raster:
            raster.write_colormap(1, greys)
    with pytest.raises(InputError, match=f"{HEIGHTS}.*a colour table, and not one of greys"):
        open_landcover([(tmp_path / "dem.tif", 1)])
    assert len(open_landcover([(tmp_path / "classes.tif", 1)])) == 1


@pytest.mark.parametrize("legend", ["<CategoryNames>", "<GDALRasterAttributeTable>"])
def test_heights_with_a_legend_beside_them_are_taken_at_their_word(tmp_path, legend):
    heights = np.clip(np.round(100 + 30 * rough(3, 3)), 0, 255).astype(np.uint8)
    path = write_raster(tmp_path / "dem.tif", heights)
    end = legend.replace("<", "</")
    (tmp_path / "dem.tif.aux.xml").write_text(
        f'<PAMDataset><PAMRasterBand band="1">{legend}{end}</PAMRasterBand></PAMDataset>'
    )
    assert len(open_landcover([(path, 1)])) == 1


def test_heights_away_from_the_middle_are_seen(tmp_path):
    """The middle is one class, such as a lake."""
    values = np.full((3 * SIDE, 3 * SIDE), 7, np.uint8)
    values[:SIDE, :SIDE] = np.clip(np.round(100 + 30 * rough(3, 3)), 0, 255)
    with pytest.raises(InputError, match=HEIGHTS):
        open_landcover([(write_raster(tmp_path / "dem.tif", values), 1)])


def write_bands(path, bands, photometric):
    where = rasterio.Affine(1, 0, 5, 0, -1, 9)
    profile = {"driver": "GTiff", "dtype": "uint8", "crs": CRS, "transform": where}
    shape = {"count": len(bands), "height": bands.shape[1], "width": bands.shape[2]}
    with rasterio.open(path, "w", **profile, **shape, photometric=photometric) as raster:
        raster.write(bands)
    return path


@pytest.mark.parametrize("more", [[], [255]])
def test_a_picture_is_refused_with_and_without_alpha(tmp_path, more):
    """A map drawn with four colours, of which two have the same red."""
    colours = np.array([[0, 100, 0], [255, 255, 76], [250, 0, 0], [0, 100, 200]], np.uint8)
    bands = np.moveaxis(colours[largest_of(4, 5)], 2, 0)
    bands = np.concatenate([bands, *(np.full((1, SIDE, SIDE), value, np.uint8) for value in more)])
    path = write_bands(tmp_path / "rgb.tif", bands, "RGB")
    with pytest.raises(
        InputError, match=r"^The raster '.*rgb\.tif' looks like a picture: its bands"
    ):
        open_landcover([(path, 1)])


def test_maps_of_three_years_in_one_file_are_no_picture(tmp_path):
    """GDAL tags three bands of bytes as colours; most land stays what it was."""
    first = largest_of(6, 5).astype(np.uint8) + 1
    later = np.where(np.random.default_rng(1).random(first.shape) < 0.1, 3, first)
    path = write_bands(tmp_path / "years.tif", np.stack([first, later, later]), "RGB")
    with rasterio.open(path) as raster:
        assert raster.colorinterp[0] == ColorInterp.red
    assert [tile.band for tile in open_landcover([(path, 1), (path, 3)])] == [1, 3]
