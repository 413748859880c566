"""What the figures show, read off their artists and pixels."""

import struct
import sys
import warnings

import numpy as np
import pytest

from geohg.engine.report import plots
from geohg.engine.report.drawing import css_width, to_data_uri
from geohg.engine.report.summary import HeldOut

BOUNDS = (10.0, 58.0, 14.0, 62.0)
HOSTILE = r"<script>alert(1)</script> $\frac{ 地形 100 % " + "name " * 40


@pytest.fixture
def values():
    field = np.arange(400.0).reshape(20, 20)
    field[0, :5] = np.nan
    return field


def shape_on_page(axes):
    width, height = axes.figure.get_size_inches()
    place = axes.get_position()
    return place.height * height / (place.width * width)


def test_map_holds_the_values_north_up(values):
    axes, _ = plots.prediction_map(values, BOUNDS, "elev_m (m)").axes
    image = axes.images[0]
    assert tuple(image.get_extent()) == (10.0, 14.0, 58.0, 62.0)
    assert image.origin == "upper"
    drawn = image.get_array()
    assert drawn.mask[0, :5].all()
    assert drawn.mask.sum() == 5
    np.testing.assert_array_equal(drawn.compressed(), values[np.isfinite(values)])


def test_map_is_stretched_between_the_2_and_98_per_cent_quantiles(values):
    figure = plots.prediction_map(values, BOUNDS, "elev_m (m)")
    limits = figure.axes[0].images[0].get_clim()
    assert limits == pytest.approx(tuple(np.nanpercentile(values, [2, 98])))
    assert figure.axes[0].images[0].colorbar.extend == "both"


@pytest.mark.parametrize("field", [np.full((4, 4), 3.0), np.full((4, 4), np.nan)])
def test_map_of_one_value_or_none_can_be_drawn(field, tmp_path):
    figure = plots.prediction_map(field, BOUNDS, "elev_m (m)")
    assert figure.axes[0].images[0].colorbar.extend == "neither"
    plots.to_png(figure, tmp_path / "map.png")


def test_mostly_constant_map_keeps_its_extremes():
    field = np.zeros((20, 20))
    field[3, 3] = 5.0
    image = plots.prediction_map(field, BOUNDS, "x").axes[0].images[0]
    assert image.get_clim() == (0.0, 5.0)


def test_geographic_map_is_narrower_where_degrees_are_shorter(values):
    plain = plots.prediction_map(values, BOUNDS, "x").axes[0]
    geographic = plots.prediction_map(values, BOUNDS, "x", geographic=True).axes[0]
    assert shape_on_page(plain) == pytest.approx(1.0)
    assert shape_on_page(geographic) == pytest.approx(1 / np.cos(np.radians(60)))
    assert geographic.get_xlabel() == "Longitude (°)"


@pytest.mark.parametrize("bounds", [(0, 0, 100, 4), (0, 0, 4, 100), (0, 0, 1e-3, 1e-3)])
def test_any_shape_fits_the_page(bounds):
    figure = plots.prediction_map(np.eye(3), bounds, "elev_m (m)")
    left, bottom, right, top = bounds
    assert shape_on_page(figure.axes[0]) == pytest.approx((top - bottom) / (right - left))
    assert css_width(figure) < 700


def test_points_lie_where_they_were_measured(values):
    points = np.array([[10.5, 58.5], [13.0, 61.0]])
    axes = plots.prediction_map(values, BOUNDS, "x", points).axes[0]
    np.testing.assert_array_equal(axes.collections[0].get_offsets(), points)


def test_residuals_are_coloured_evenly_around_zero():
    xy = np.array([[11.0, 59.0], [12.0, 60.0], [13.0, 61.0]])
    axes, bar = plots.residual_map(xy, np.array([-1.0, 0.0, 4.0]), BOUNDS, "m").axes
    low, high = axes.collections[0].get_clim()
    assert low == -high
    assert 3.5 < high <= 4.0
    assert bar.get_ylabel() == "m"


def test_residuals_that_are_all_zero_can_be_drawn(tmp_path):
    figure = plots.residual_map(np.array([[11.0, 59.0]]), np.zeros(1), BOUNDS, "m", True)
    plots.to_png(figure, tmp_path / "map.png")


def test_observed_stands_against_predicted():
    item = HeldOut("GeoHG", np.array([1.0, 2.0, 3.0]), np.array([1.0, 2.0, 4.0]))
    axes = plots.observed_vs_predicted(item, "elev_m (m)").axes[0]
    dots = axes.collections[0].get_offsets()
    np.testing.assert_array_equal(dots, [[1, 1], [2, 2], [4, 3]])
    assert axes.get_xlim() == axes.get_ylim()
    assert axes.texts[0].get_text() == "R² = 0.5000\nn = 3"


def test_training_curve_marks_the_best_epoch():
    history = {
        "best_epoch": 2,
        "metric": "rmse",
        "curve": [(1, 0.9, 5.0), (2, 0.5, 4.0), (3, 0.4, 4.5)],
    }
    loss, validation = plots.training_curve(history).axes
    np.testing.assert_array_equal(loss.lines[0].get_ydata(), [0.9, 0.5, 0.4])
    np.testing.assert_array_equal(validation.lines[0].get_ydata(), [5.0, 4.0, 4.5])
    assert list(validation.lines[1].get_xdata()) == [2, 2]
    assert validation.get_ylabel() == "Validation rmse"


def test_names_with_markup_are_drawn_as_they_are(values, tmp_path):
    item = HeldOut("GeoHG", np.arange(3.0), np.arange(3.0))
    figures = [
        plots.prediction_map(values, BOUNDS, HOSTILE),
        plots.residual_map(np.array([[11.0, 59.0]]), np.ones(1), BOUNDS, HOSTILE),
        plots.observed_vs_predicted(item, HOSTILE),
    ]
    with warnings.catch_warnings():
        # A machine without a font for these signs draws boxes.
        warnings.filterwarnings("error")
        warnings.filterwarnings("ignore", message="Glyph")
        for figure in figures:
            plots.to_png(figure, tmp_path / "figure.png")
            assert css_width(figure) < 700


def test_png_is_written_whatever_the_suffix_and_always_the_same(values, tmp_path):
    first, second = tmp_path / "map.part", tmp_path / "map.png"
    for path in (first, second):
        plots.to_png(plots.prediction_map(values, BOUNDS, "x"), path, dpi=100)
    assert first.read_bytes()[:8] == b"\x89PNG\r\n\x1a\n"
    assert first.read_bytes() == second.read_bytes()


def test_css_width_is_the_width_of_the_pixels(values, tmp_path):
    figure = plots.prediction_map(values, BOUNDS, "x")
    path = tmp_path / "map.png"
    plots.to_png(figure, path, dpi=96)
    (width,) = struct.unpack(">I", path.read_bytes()[16:20])
    assert css_width(figure) == pytest.approx(width, abs=2)
    assert to_data_uri(figure).startswith("data:image/png;base64,iVBORw0KGgo")


def test_pyplot_is_left_alone():
    assert "matplotlib.pyplot" not in sys.modules
