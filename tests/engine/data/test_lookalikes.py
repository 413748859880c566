"""Positions of another CRS, or none: refused with what they look like; small plots pass."""

import numpy as np
import pytest
from pyproj import CRS, Transformer

from geohg.engine.data.sources.positions import check_positions
from geohg.engine.errors import InputError

from ..fuzzing import tries

DEGREES = "EPSG:4326"


def box(west, south, width, height, count=60, seed=0):
    rng = np.random.default_rng(seed)
    return rng.uniform([west, south], [west + width, south + height], (count, 2))


def refusal(xy, crs):
    """Why positions are refused; empty if they are taken."""
    try:
        check_positions(np.asarray(xy, float), CRS(crs), "it")
    except InputError as error:
        return str(error)
    return ""


# --- degrees that are called metres ---------------------------------------------------


@pytest.mark.parametrize("count", [3, 8, 60])
@pytest.mark.parametrize(
    ("crs", "region"),
    [
        ("EPSG:32650", (116, 39, 1, 1)),
        ("EPSG:32731", (1, -20, 3, 3)),
        ("EPSG:3035", (5, 45, 10, 8)),
        ("EPSG:27700", (-3, 51, 2, 2)),
        ("EPSG:3857", (116, 39, 1, 1)),
        ("EPSG:3413", (-50, 76, 5, 5)),
    ],
)
def test_degrees_called_metres_are_told(crs, region, count):
    assert "they look like degrees; give the CRS" in refusal(box(*region, count), crs)


@pytest.mark.parametrize("region", [(-5, 42, 13, 9), (75, 18, 55, 35), (-125, 25, 58, 24)])
def test_degrees_of_a_country_called_metres_are_told(region):
    assert "they look like degrees" in refusal(box(*region), "EPSG:3857")


@pytest.mark.parametrize("count", [3, 8, 60, 500])
@pytest.mark.parametrize(
    ("crs", "plot"),
    [
        ("EPSG:3857", (0, 0, 100, 50)),
        ("EPSG:3857", (-40, -40, 80, 80)),
        ("EPSG:3857", (5, 8, 30, 60)),
        ("EPSG:3413", (-80, -80, 160, 160)),
        ("EPSG:3413", (20, -60, 30, 50)),
        ("EPSG:3031", (-80, 10, 90, 60)),
        ("EPSG:32661", (2e6 - 80, 2e6 - 80, 160, 160)),
        ("EPSG:6931", (0, 0, 80, 80)),
        ("EPSG:6933", (0, 0, 80, 80)),
        ("EPSG:8857", (-50, -20, 80, 80)),
    ],
)
def test_a_plot_at_the_origin_of_a_crs_of_the_world_is_metres(crs, plot, count):
    assert refusal(box(*plot, count), crs) == ""


# --- no degrees -----------------------------------------------------------------------


@pytest.mark.parametrize(
    ("region", "shift"), [((170, -20, 8, 4), -360), ((2, 40, 8, 4), 360), ((-75, 0, 9, 9), -360)]
)
def test_longitudes_a_turn_off_are_told(region, shift):
    every = box(*region) + [shift, 0]
    few = box(*region)
    few[:5, 0] += shift
    for xy, crs in ((every, DEGREES), (few, DEGREES), (few * 10 / 9, "EPSG:4807")):
        turn = 400 if crs == "EPSG:4807" else 360
        bad = (xy[:, 0] < -turn / 2) | (xy[:, 0] > turn)
        message = refusal(xy, crs)
        if bad.any():
            assert f"look shifted by a whole turn; move them by {turn}." in message
        else:
            assert message == ""
    assert (every[:, 0] < -180).any() or (every[:, 0] > 360).any()


def test_one_digit_too_many_is_no_whole_turn():
    xy = box(36, 39, 1, 1)
    xy[3, 0] *= 10
    assert "their digits may be wrong" in refusal(xy, DEGREES)


@pytest.mark.parametrize("code", [-9999, -999, 99999, -32768])
def test_codes_among_degrees_are_told(code):
    xy = box(36, 39, 1, 1)
    xy[[3, 8]] = code
    assert refusal(xy, DEGREES).startswith("2 of the 60 positions of it are not longitudes")
    assert "they look like codes for no position; remove them" in refusal(xy, DEGREES)
    xy[8, 0] = 36.5
    assert "they look like codes for no position" in refusal(xy, DEGREES)


def packed(xy, seconds):
    """48.508333 as 4830.5, or as 483030."""
    degrees, rest = np.divmod(np.abs(xy), 1)
    minutes, rest = np.divmod(rest * 60, 1) if seconds else (rest * 60, 0)
    number = degrees * 10_000 + minutes * 100 + rest * 60 if seconds else degrees * 100 + minutes
    return np.sign(xy) * number


@pytest.mark.parametrize("seconds", [False, True])
@pytest.mark.parametrize("west", [2.2, -75.0])
def test_degrees_and_minutes_written_together_are_told(seconds, west):
    for count in (15, 60, 300):
        xy = packed(box(west, 48, 2, 2, count), seconds)
        assert "they look like degrees and minutes written together" in refusal(xy, DEGREES)
    few = packed(np.array([[2.25, 48.125], [2.75, 48.75], [2.125, 48.25]]), seconds)
    assert "like metres, or degrees and minutes written together; give" in refusal(few, DEGREES)


@pytest.mark.parametrize("plot", [(5e5, 4.4e6, 5e4, 5e4), (1000, 4000, 900, 900)])
def test_metres_called_degrees_are_told_as_such(plot):
    assert refusal(box(*plot), DEGREES).endswith(
        "they look like metres; give the CRS that they are in."
    )


# --- many of them ---------------------------------------------------------------------


def somewhere(rng, crs):
    """A position in the area where a CRS is used."""
    area = CRS(crs).area_of_use
    south, north = max(area.south, -75) + 0.1, min(area.north, 85) - 0.1
    lon, lat = rng.uniform(area.west + 0.1, area.east - 0.1), rng.uniform(south, north)
    return lon, lat


@pytest.mark.fuzz
def test_good_positions_are_taken():
    """Regions of metres and of degrees, and plots around the origin of their CRS."""
    rng = np.random.default_rng(21)
    refused = []
    codes = ["EPSG:32650", "EPSG:32733", "EPSG:3035", "EPSG:2154", "EPSG:3857", "EPSG:3413"]
    plots = ["EPSG:3857", "EPSG:3413", "EPSG:3031", "EPSG:6931", "EPSG:6933", "EPSG:8857"]
    for number in range(tries(200)):
        count = int(np.exp(rng.uniform(0, np.log(2000))))
        square = rng.uniform(-0.5, 0.5, (count, 2)) * rng.permutation([1, rng.uniform()])
        if number % 3 == 0:
            crs = plots[rng.integers(len(plots))]
            xy = 10 ** rng.uniform(0, 3) * (square + rng.choice([0.0, 0.5], 2))
        elif number % 3 == 1:
            crs = codes[rng.integers(len(codes))]
            to = Transformer.from_crs(DEGREES, crs, always_xy=True)
            lon, lat = somewhere(rng, crs)
            xy = np.array(to.transform(lon, lat)) + 10 ** rng.uniform(0, 4.5) * square
        else:
            crs, width = DEGREES, 10 ** rng.uniform(-4, 1.5)
            xy = np.array([rng.uniform(-160, 160), rng.uniform(-70, 70)]) + width * square
        if refusal(xy, crs):
            refused.append((crs, count, refusal(xy, crs)))
    print(f"\ngood positions: {tries(200)} tried, {len(refused)} refused")
    assert len(refused) <= tries(200) / 200, refused


@pytest.mark.fuzz
def test_degrees_of_regions_called_metres_are_not_taken():
    rng = np.random.default_rng(22)
    missed = []
    codes = ["EPSG:32650", "EPSG:32733", "EPSG:3035", "EPSG:2154", "EPSG:3857", "EPSG:3413"]
    for _ in range(tries(200)):
        crs = codes[rng.integers(len(codes))]
        count = int(np.exp(rng.uniform(np.log(3), np.log(2000))))
        xy = somewhere(rng, crs) + 10 ** rng.uniform(-2, 0.7) * rng.uniform(-0.5, 0.5, (count, 2))
        if not refusal(xy, crs):
            missed.append((crs, count, xy.mean(axis=0)))
    print(f"\ndegrees called metres: {tries(200)} tried, {len(missed)} missed")
    assert len(missed) <= tries(200) / 10, missed
