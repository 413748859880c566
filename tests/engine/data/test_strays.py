"""Points far from all others: refused with what they look like, and no good layout is refused."""

import numpy as np
import pandas as pd
import pytest
from pyproj import CRS

from geohg.engine.assembly.sizing import grid_around
from geohg.engine.data.sources.points import points_from_table
from geohg.engine.data.sources.strays import find_strays
from geohg.engine.errors import InputError
from geohg.engine.progress import Silent

from ..conftest import Recorder
from ..fuzzing import tries

DEGREES = "EPSG:4326"
LOCAL = 'LOCAL_CS["Plot",UNIT["metre",1],AXIS["East",EAST],AXIS["North",NORTH]]'


def region(count, west=10.0, south=45.0, size=1.0):
    return [west, south] + size * np.random.default_rng(count).uniform(size=(count, 2))


def lay(xy, crs=DEGREES, progress=None, size=None, **changes):
    """The grid around points."""
    frame = pd.DataFrame({"x": xy[:, 0], "y": xy[:, 1], "value": np.arange(len(xy), dtype=float)})
    points = points_from_table(frame, crs, ("x", "y"), ("value",))
    return grid_around(points, size, crs, progress or Silent(), **changes)


def spoil(xy, how, count):
    """Every so many-th point spoilt in one way, and which."""
    which = np.arange(0, len(xy), max(1, len(xy) // count))[:count]
    spoilt = xy.copy()
    if how == "exchanged":
        spoilt[which] = xy[which][:, ::-1]
    elif isinstance(how, tuple):
        spoilt[which] = xy[which] * how
    else:
        spoilt[which] = how
    return spoilt, which


UTM = [500_000.0, 4_400_000.0]


@pytest.mark.parametrize(
    ("total", "count", "how", "looks"),
    [
        (156, 6, "exchanged", "x and y look exchanged"),
        (89, 9, "exchanged", "x and y look exchanged"),
        (24, 8, "exchanged", "x and y look exchanged"),
        (12, 3, [0.0, 0.0], "a code for no position"),
        (9, 1, [0.0, 0.0], "a code for no position"),
        (300, 140, [-1.0, -1.0], "a code for no position"),
        (60, 9, (1.0, -1.0), "the sign of x or y looks wrong"),
        (60, 9, (1.0, 0.1), "the decimal point of x or y looks moved"),
        (60, 9, (0.0, 1.0), "a code for no position"),
    ],
)
def test_more_than_a_few_are_told_by_what_they_look_like(total, count, how, looks):
    xy, which = spoil(region(total), how, count)
    named = ", ".join(str(k + 1) for k in which[:5])
    with pytest.raises(InputError) as caught:
        lay(xy)
    message = str(caught.value)
    assert message.startswith(f"{count} of the {total} points lie ")
    assert f" {named}" in message and f": {looks}); correct or remove them" in message
    assert lay(xy, bounds=(10, 45, 11, 46), size=0.1).size == 100


@pytest.mark.parametrize("code", [-9999.0, -999.0, 99999.0, -32768.0, 0.0])
def test_codes_of_no_position_are_told_in_metres(code):
    xy, _ = spoil(UTM + region(83, 0, 0, 3e4), [code, code], 3)
    with pytest.raises(InputError, match="^3 of the 83 points .*: a code for no position"):
        lay(xy, "EPSG:32650")


def test_a_code_is_one_in_a_grid_of_ones_own_but_its_origin_is_a_position():
    plot = region(60, 200, 300, 50.0)
    origin = find_strays(np.vstack([plot, [[0.0, 0.0]]]), CRS(LOCAL))
    assert not origin.certain and origin.looks == ""
    found = find_strays(np.vstack([plot, [[-9999.0, -9999.0]]]), CRS(LOCAL))
    assert (
        found.certain and found.which.tolist() == [60] and found.looks == "a code for no position"
    )
    remote = find_strays(np.vstack([plot, [[9999.0, 310.0]]]), CRS(LOCAL))
    assert not remote.certain and remote.looks == ""


def test_the_pole_is_a_position():
    coast = np.vstack([region(40, 1.3e6, 1.2e6, 3e5), [[0.0, 0.0]]])
    found = find_strays(coast, CRS("EPSG:3031"))
    assert not found.certain and found.looks == ""


def test_readings_count_once_a_position():
    sites = np.array([[10.0, 45.0], [10.1, 45.0], [10.05, 45.1], [25.0, 60.0]])
    visits = np.vstack([np.repeat(sites[:3], 49, axis=0), sites[[3, 3, 3]]])
    progress = Recorder()
    assert lay(visits, progress=progress, size=0.5).size > 100
    assert progress.warnings == []


def transect(count, remote):
    """Points along 2 km, and one station to the north."""
    line = UTM + np.column_stack([np.linspace(0, 2e3, count), np.zeros(count)])
    return np.vstack([line, [[UTM[0], UTM[1] + remote]]])


def test_one_station_beside_a_transect_is_warned_of():
    progress = Recorder()
    lay(transect(60, 5e4), "EPSG:32650", progress, size=100.0)
    (message,) = progress.warnings
    assert message.startswith(
        "1 of the 61 points lie 50 km from all others (row 61, such as x 500000"
    )


def test_one_station_that_leaves_no_map_is_told_instead_of_a_wrong_advice():
    with pytest.raises(
        InputError, match=r"^1 of the 61 points lie 400 km from all others \(row 61"
    ):
        lay(transect(60, 4e5), "EPSG:32650")


def test_many_points_at_one_far_position_look_filled_in():
    xy, _ = spoil(region(89), [30.0, 60.0], 9)
    with pytest.raises(InputError, match="^9 of the 89 points .*: all at one place, as where pos"):
        lay(xy)


def test_a_few_positions_together_are_a_region_of_their_own():
    progress = Recorder()
    lay(np.vstack([region(200), region(4, 30.0, 60.0)]), progress=progress, size=0.5)
    assert progress.warnings[0].startswith("4 of the 204 points lie ")


# --- many layouts ---------------------------------------------------------------------


def layout(rng):
    """Different kinds of good layouts, in a square of 1."""
    count = int(np.exp(rng.uniform(np.log(6), np.log(2000))))
    square = rng.uniform(size=(count, 2))
    centres = rng.uniform(size=(rng.integers(3, 12), 2))
    near = centres[rng.choice(len(centres), count, p=rng.dirichlet(np.ones(len(centres))))]
    side = int(np.sqrt(count))
    along = np.sort(square[:, :1], axis=0) * [1, rng.uniform()]
    remote = [rng.normal(size=2) * 10 ** rng.uniform(0, 1.5)]
    return [
        square,
        np.stack(np.divmod(np.arange(side * side), side), axis=1) / side,
        along,
        near,
        near + 0.02 * rng.normal(size=near.shape),
        np.vstack([square, remote]),
        np.vstack([along, remote]),
    ][rng.integers(7)]


def on_earth(rng, square):
    """A layout somewhere on Earth, and the CRS."""
    if rng.uniform() < 0.5:
        west, south = rng.uniform(-160, 150), rng.uniform(-60, 50)
        return DEGREES, [west, south] + 10 ** rng.uniform(-3, 0.7) * square
    crs = ("EPSG:32650", "EPSG:3035", LOCAL)[rng.integers(3)]
    start = {"EPSG:3035": [4.2e6, 3e6], LOCAL: rng.uniform(-100, 100, 2)}.get(crs, UTM)
    return crs, start + 10 ** rng.uniform(1, 4 if crs == LOCAL else 5) * square


@pytest.mark.fuzz
def test_good_layouts_are_not_refused():
    rng = np.random.default_rng(11)
    refused = []
    for _ in range(tries(300)):
        crs, xy = on_earth(rng, layout(rng))
        found = find_strays(xy, CRS(crs))
        # What nobody would map in one grid, of which the layouts hold some, is not counted.
        if found is not None and found.certain and (found.looks or found.kilometres < 500):
            refused.append((crs, len(xy), found))
    print(f"\ngood layouts: {tries(300)} tried, {len(refused)} refused")
    assert len(refused) <= tries(300) / 200, refused


@pytest.mark.fuzz
def test_spoilt_layouts_are_told():
    rng = np.random.default_rng(12)
    missed = []
    for _ in range(tries(300)):
        how = ["exchanged", (-1, 1), (1, 0.1), [0, 0], [-9999, -9999]][rng.integers(5)]
        crs = (DEGREES, "EPSG:32650")[rng.integers(2)]
        start, size = (
            ([rng.uniform(8, 80), rng.uniform(10, 60)], 1) if crs == DEGREES else (UTM, 1e5)
        )
        good = start + size * rng.uniform(size=(rng.integers(12, 400), 2))
        xy, which = spoil(good, how, int(rng.integers(1, len(good) // 4 + 1)))
        found = find_strays(xy, CRS(crs))
        if found is None or not np.array_equal(np.sort(found.which), which):
            missed.append((how, crs, len(xy), len(which)))
    print(f"\nspoilt layouts: {tries(300)} tried, {len(missed)} missed")
    assert len(missed) <= tries(300) / 10, missed
