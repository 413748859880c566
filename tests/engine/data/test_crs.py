import numpy as np
import pytest

from geohg.engine.data.builders.crs import (
    Plane,
    longitude_latitude,
    parse_crs,
    short_way,
    transform,
    utm_code,
)
from geohg.engine.errors import InputError

DEGREES = parse_crs("EPSG:4326", "it")
GRADS_OF_PARIS = parse_crs("EPSG:4807", "it")
LOCAL = 'LOCAL_CS["Plot",UNIT["metre",1],AXIS["East",EAST],AXIS["North",NORTH]]'


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "The CRS of it is missing"),
        ("garbage", "The CRS of it is unknown: 'garbage'"),
        ("+proj=nothing", "unknown: .+proj=nothing"),
        ("EPSG:4978", "is a Geocentric CRS, which has no map coordinates"),
        ("EPSG:5773", "is a Vertical CRS"),
    ],
)
def test_refuses_what_is_no_crs_of_a_map(text, message):
    with pytest.raises(InputError, match=message):
        parse_crs(text, "it")


def test_heights_are_left_out_of_a_crs():
    for text in ("EPSG:4979", "EPSG:4326+5773"):
        assert len(parse_crs(text, "it").axis_info) == 2


def test_nothing_leads_from_a_local_grid_to_the_earth():
    with pytest.raises(
        InputError, match="There is no transformation from the CRS 'Plot' to the CRS 'WGS 84'"
    ):
        transform(np.zeros((1, 2)), parse_crs(LOCAL, "it"), DEGREES)


@pytest.mark.parametrize(
    ("x", "expected"),
    [
        ([178.0, -178.0, 179.5, -179.5], [178.0, 182.0, 179.5, 180.5]),
        ([350.0, -10.0, 10.0], [-10.0, -10.0, 10.0]),
        ([350.0, 10.0], [-10.0, 10.0]),
        ([120.0, -80.0], [120.0, 280.0]),
        ([-100.0, 100.0, 0.0], [-100.0, 100.0, 0.0]),
        ([178.0, 182.0], [178.0, 182.0]),
        ([-179.9, -90.0, 0.0, 90.0, 179.9], [-179.9, -90.0, 0.0, 90.0, 179.9]),
        ([179.0, np.nan, -179.0], [179.0, np.nan, 181.0]),
    ],
)
def test_longitudes_on_both_sides_of_180_become_one_run(x, expected):
    np.testing.assert_allclose(short_way(np.array(x), DEGREES), expected)


def test_a_turn_is_400_gradians_and_a_projected_crs_has_none():
    assert short_way(np.array([199.0, -199.0]), GRADS_OF_PARIS).tolist() == [199.0, 201.0]
    far = np.array([-2e7, 2e7])
    assert short_way(far, parse_crs("EPSG:3857", "it")) is far


def test_the_plane_is_the_same_in_degrees_of_greenwich_and_gradians_of_paris():
    grads = np.array([[0.0, 50.0], [0.1, 50.0], [0.0, 50.1]])
    degrees = transform(grads, GRADS_OF_PARIS, DEGREES)
    assert degrees[0] == pytest.approx([2.337, 45.0], abs=2e-3)
    metres = Plane("EPSG:4807", *grads[0]).metres(grads)
    np.testing.assert_allclose(metres, Plane("EPSG:4326", *degrees[0]).metres(degrees), atol=0.1)
    assert longitude_latitude(degrees, DEGREES) is degrees


def test_the_plane_reaches_over_the_pole_and_180_degrees():
    metres = Plane("EPSG:4326", 180.0, 0.0).metres(np.array([[179.0, 0.0], [181.0, 0.0]]))
    np.testing.assert_allclose(metres, [[-111_319.5, 0], [111_319.5, 0]], atol=0.1)
    assert np.isfinite(Plane("EPSG:4326", 0.0, 95.0).metres(np.array([[0.0, 91.0]]))).all()


@pytest.mark.parametrize(
    ("longitude", "latitude", "code"),
    [
        (116.5, 40.0, 32650),
        (116.5, -40.0, 32750),
        (180.0, 10.0, 32601),
        (182.0, -17.0, 32701),
        (-180.0, -17.0, 32701),
        (179.9, -17.0, 32760),
        (5.3, 60.4, 32632),  # Bergen
        (2.9, 60.4, 32631),
        (12.0, 60.4, 32633),
        (15.6, 78.2, 32633),  # Longyearbyen
        (8.9, 78.0, 32631),
        (9.0, 78.0, 32633),
        (20.9, 78.0, 32633),
        (21.0, 78.0, 32635),
        (33.0, 78.0, 32637),
        (41.9, 78.0, 32637),
        (42.0, 78.0, 32638),
        (25.0, 84.5, 32661),
        (25.0, -80.5, 32761),
        (295.0, 45.0, 32620),
    ],
)
def test_utm_zones_follow_their_exceptions(longitude, latitude, code):
    assert utm_code(longitude, latitude) == code
