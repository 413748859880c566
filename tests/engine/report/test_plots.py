"""What the figures show, read off their artists and pixels."""

import struct
import sys
import warnings

import matplotlib
import numpy as np
import pytest
from matplotlib import font_manager

from geohg.engine.data.builders.grid import Grid
from geohg.engine.data.builders.sites import Sites
from geohg.engine.errors import InputError, OutputError
from geohg.engine.language import speaking
from geohg.engine.report import plots
from geohg.engine.report.drawing import (
    css_width,
    drawn_language,
    save_figures,
    style,
    to_data_uri,
    to_png,
    wrap,
)
from geohg.engine.validation.trials import HeldOut

from .conftest import make_graph

HOSTILE = r"<script>alert(1)</script> $\frac{ 地形 100 % " + "name " * 40
SITES = Sites("EPSG:32631", np.array([[0.0, 0], [100, 0], [200, 0], [200, 150]]))


def degrees(rows=20, cols=20, size=0.2):
    """Cells around 60 degrees north, where a degree of longitude is half as long."""
    return Grid("EPSG:4326", 10.0, 60 + rows * size / 2, size, size, rows, cols)


@pytest.fixture
def values():
    field = np.arange(400.0)
    field[:5] = np.nan
    return field


def shape_on_page(axes):
    width, height = axes.figure.get_size_inches()
    box = axes.get_position()
    return box.height * height / (box.width * width)


def test_map_holds_the_values_north_up(values):
    axes, _ = plots.prediction_map(make_graph(degrees()), values, "elev_m [m]").axes
    image = axes.images[0]
    assert image.get_extent() == pytest.approx((10.0, 14.0, 58.0, 62.0))
    assert image.origin == "upper"
    drawn = image.get_array()
    assert drawn.mask[0, :5].all()
    assert drawn.mask.sum() == 5
    np.testing.assert_array_equal(drawn.compressed(), values[5:])


def test_cells_that_a_graph_leaves_out_are_white():
    graph = make_graph(cell=np.array([0, 21, 399]))
    drawn = plots.prediction_map(graph, np.array([1.0, 2.0, 3.0]), "x").axes[0].images[0]
    field = drawn.get_array()
    assert (~field.mask).sum() == 3
    assert (field[0, 0], field[1, 1], field[19, 19]) == (1.0, 2.0, 3.0)


def test_map_is_stretched_between_round_numbers_near_the_2_and_98_per_cent_quantiles(values):
    image = plots.prediction_map(make_graph(), values, "elev_m [m]").axes[0].images[0]
    assert np.nanpercentile(values, [2, 98]) == pytest.approx([12.88, 391.12])
    assert image.get_clim() == (10.0, 400.0)
    assert image.colorbar.extend == "min"


def test_of_a_logarithmic_target_equal_ratios_are_equal_steps_of_colour():
    values = 10 ** (np.arange(400) / 100)
    image = plots.prediction_map(make_graph(), values, "x", logarithmic=True).axes[0].images[0]
    assert image.norm([10.0, 30.0, 100.0, 10_000.0]).tolist() == pytest.approx([0, 1 / 6, 1 / 3, 1])
    assert [text.get_text() for text in image.colorbar.ax.get_yticklabels()][1] == "30"
    plain = plots.prediction_map(make_graph(), values, "x").axes[0].images[0]
    assert plain.norm(4100.0) == pytest.approx(0.5)


@pytest.mark.parametrize("value", [3.0, np.nan, 1e9])
@pytest.mark.parametrize("draw", [plots.prediction_map, plots.uncertainty_map])
@pytest.mark.parametrize("on_grid", [True, False])
def test_map_of_one_value_or_none_can_be_drawn(value, draw, on_grid, tmp_path):
    graph = make_graph() if on_grid else make_graph(SITES)
    # Of a constant, a model returns values that differ by rounding.
    field = value * (1 + 3e-16 * (np.arange(len(graph.cell)) % 4))
    axes = draw(graph, field, "elev_m [m]").axes[0]
    drawn = axes.images[0] if on_grid else axes.collections[0]
    assert drawn.colorbar.extend == "neither"
    save_figures({"map": axes.figure}, tmp_path)


def test_mostly_constant_map_keeps_its_extremes():
    field = np.zeros(400)
    field[63] = 5.0
    image = plots.prediction_map(make_graph(), field, "x").axes[0].images[0]
    assert image.get_clim() == (0.0, 5.0)


def test_geographic_map_is_narrower_where_degrees_are_shorter(values):
    plain = plots.prediction_map(make_graph(), values, "x").axes[0]
    geographic = plots.prediction_map(make_graph(degrees()), values, "x").axes[0]
    assert shape_on_page(plain) == pytest.approx(1.0)
    assert shape_on_page(geographic) == pytest.approx(1 / np.cos(np.radians(60)))
    assert (plain.get_xlabel(), plain.get_ylabel()) == ("Easting (m)", "Northing (m)")
    assert geographic.get_xlabel() == "Longitude (°)"


@pytest.mark.parametrize(("rows", "cols"), [(2, 50), (50, 2), (1, 1)])
def test_any_shape_fits_the_page(rows, cols):
    graph = make_graph(Grid("EPSG:32631", 0, 0, 1e-3, 1e-3, rows, cols))
    figure = plots.prediction_map(graph, np.arange(rows * cols), "elev_m [m]")
    assert shape_on_page(figure.axes[0]) == pytest.approx(rows / cols)
    assert css_width(figure) < 700


def test_measured_cells_are_marked_unless_they_hide_the_map(values):
    graph = make_graph()
    axes = plots.prediction_map(graph, values, "x", np.array([0, 21])).axes[0]
    (marks,) = axes.collections
    assert [text.get_text() for text in axes.get_legend().get_texts()] == ["measured cells"]
    np.testing.assert_array_equal(marks.get_offsets(), [[5, 195], [15, 185]])
    assert not plots.prediction_map(graph, values, "x", np.arange(300)).axes[0].collections


def test_sites_are_dots_as_wide_as_they_are_apart():
    axes = plots.prediction_map(make_graph(SITES), np.array([1.0, np.nan, 3, 4]), "x").axes[0]
    dots = axes.collections[0]
    np.testing.assert_array_equal(dots.get_offsets(), SITES.xy[[0, 2, 3]])
    np.testing.assert_array_equal(dots.get_array(), [1, 3, 4])
    # The frame reaches one spacing of 100 m beyond the middles.
    assert axes.get_xlim() == pytest.approx((-100, 300))
    height = axes.figure.get_size_inches()[1] * axes.get_position().height
    across = min(72 * height * 100 / np.ptp(axes.get_ylim()), 14)
    assert dots.get_sizes()[0] == pytest.approx(across**2)


def test_geographic_sites_keep_their_shape():
    sites = Sites("EPSG:4326", np.array([[10.0, 60], [10.2, 60], [10.0, 60.1], [10.2, 60.1]]))
    axes = plots.uncertainty_map(make_graph(sites), np.arange(4.0), "x").axes[0]
    west, east = axes.get_xlim()
    south, north = axes.get_ylim()
    shortening = np.cos(np.radians(60.05))
    assert shape_on_page(axes) == pytest.approx((north - south) / ((east - west) * shortening))
    assert (east - west) * shortening == pytest.approx(north - south, rel=0.02)


@pytest.mark.parametrize("xy", [[[5.0, 5.0]], [[0.0, 0], [0, 100], [0, 250]]])
def test_sites_at_one_position_or_on_a_line_can_be_drawn(xy, tmp_path):
    graph = make_graph(Sites("EPSG:32631", np.array(xy)))
    count = len(xy)
    figures = {
        "prediction": plots.prediction_map(graph, np.arange(count), "x", np.array([0])),
        "residual": plots.residual_map(graph, np.arange(count), np.ones(count), "x"),
    }
    assert len(save_figures(figures, tmp_path)) == 2


def test_residuals_are_coloured_evenly_around_zero():
    figure = plots.residual_map(make_graph(), np.array([0, 1, 21]), np.array([-1.0, 0, 4]), "m")
    axes, bar = figure.axes
    low, high = axes.collections[0].get_clim()
    assert low == -high
    assert 3.5 < high <= 4.0
    assert bar.get_ylabel() == "m"
    np.testing.assert_array_equal(axes.collections[0].get_offsets()[2], [15, 185])


def test_residuals_that_are_all_zero_can_be_drawn(tmp_path):
    figure = plots.residual_map(make_graph(degrees()), np.array([7]), np.zeros(1), "m")
    save_figures({"map": figure}, tmp_path)


def test_observed_stands_against_predicted():
    item = HeldOut("GeoHG", np.array([1.0, 2.0, 3.0]), np.array([1.0, 2.0, 4.0]))
    axes = plots.observed_vs_predicted(item, "elev_m (m)").axes[0]
    dots = axes.collections[0].get_offsets()
    np.testing.assert_array_equal(dots, [[1, 1], [2, 2], [4, 3]])
    assert axes.get_xlim() == axes.get_ylim()
    assert axes.texts[0].get_text() == "R² = 0.5000\nn = 3"


def test_intervals_reach_from_their_lower_to_their_upper_end():
    observed = np.array([1.0, 2.0])
    item = HeldOut("GeoHG", observed, np.array([1.5, 2.5]), np.array([0, 1.0]), np.array([2, 4.0]))
    bars = plots.observed_vs_predicted(item, "elev_m [m]").axes[0].collections[0]
    np.testing.assert_array_equal(bars.get_segments(), [[[0, 1], [2, 1]], [[1, 2], [4, 2]]])
    many = HeldOut("GeoHG", *np.ones((4, 601)))
    assert len(plots.observed_vs_predicted(many, "elev_m [m]").axes[0].collections) == 1


def test_calibration_stands_beside_the_line_and_chance():
    part = {
        "level": [0.5, 0.9],
        "observed": [0.4, 0.95],
        "width": [1.0, 3.0],
        "chance": [[0.3, 0.7], [0.8, 0.97]],
    }
    figure = plots.calibration_plot({"random": part, "blocks": part}, "kg")
    held, width = figure.axes
    np.testing.assert_allclose(held.lines[1].get_xydata(), [[50, 40], [90, 95]])
    np.testing.assert_allclose(width.lines[0].get_xydata(), [[50, 1], [90, 3]])
    band = held.collections[0].get_paths()[0].vertices
    assert (band[:, 1].min(), band[:, 1].max()) == pytest.approx((30, 97))
    assert width.get_ylabel() == "Mean width (kg)"
    assert [text.get_text() for text in held.get_legend().get_texts()] == [
        "Random cells",
        "Spatial blocks",
    ]


@pytest.mark.parametrize(("longest", "unit", "last"), [(4000.0, "m", 4000), (8000.0, "km", 8)])
def test_distances_are_told_in_a_unit_that_suits(longest, unit, last):
    pattern = {"distance_m": [10.0, longest], "observed": [1.0, 2.0], "residuals": [0.5, 0.6]}
    axes = plots.semivariogram_plot(pattern, "kg").axes[0]
    assert axes.get_xlabel() == f"Distance ({unit})"
    np.testing.assert_allclose(axes.lines[0].get_ydata(), [1, 2])
    np.testing.assert_allclose(axes.lines[1].get_ydata(), [0.5, 0.6])
    assert axes.lines[0].get_xdata()[-1] == last
    errors = {"blocks": {"distance_m": [10.0, longest], "rmse": [1.0, 2.0]}}
    axes = plots.distance_plot(errors, "kg").axes[0]
    assert axes.get_xlabel().endswith(f"({unit})")
    assert axes.lines[0].get_xdata()[-1] == last
    assert axes.get_ylabel() == "RMSE (kg)"


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
    figures = {
        "prediction": plots.prediction_map(make_graph(), values, HOSTILE),
        "residual": plots.residual_map(make_graph(), np.array([7]), np.ones(1), HOSTILE),
        "observed": plots.observed_vs_predicted(item, HOSTILE),
    }
    with warnings.catch_warnings():
        warnings.filterwarnings("error")  # matplotlib warns of signs that it draws as boxes
        save_figures(figures, tmp_path)
        assert max(map(css_width, figures.values())) < 700


@pytest.mark.parametrize(("file_format", "head"), [("png", b"\x89PNG"), ("svg", b"<?xml")])
def test_figures_are_files_and_always_the_same(values, tmp_path, file_format, head):
    for folder in ("first/run", "second"):
        figure = plots.prediction_map(make_graph(), values, "x")
        paths = save_figures({"map": figure, "again": figure}, tmp_path / folder, file_format)
        assert [path.name for path in paths] == [f"map.{file_format}", f"again.{file_format}"]
    first, second = ((tmp_path / folder / paths[0].name) for folder in ("first/run", "second"))
    assert first.read_bytes().startswith(head)
    assert first.read_bytes() == second.read_bytes()


def test_figures_are_all_written_or_none(values, tmp_path):
    figure = plots.prediction_map(make_graph(), values, "x")
    with pytest.raises(AttributeError):
        save_figures({"map": figure, "broken": None}, tmp_path)
    assert list(tmp_path.iterdir()) == []


def test_figures_of_an_unknown_format_are_refused(tmp_path):
    with pytest.raises(InputError, match="png and svg, not as 'bmp'"):
        save_figures({}, tmp_path / "new", "bmp")
    assert not (tmp_path / "new").exists()


def test_a_file_in_place_of_the_folder_is_refused(tmp_path):
    (tmp_path / "taken").write_text("")
    with pytest.raises(OutputError, match="taken' cannot be made"):
        save_figures({}, tmp_path / "taken")


def test_png_is_written_whatever_the_suffix(values, tmp_path):
    path = tmp_path / "map.part"
    to_png(plots.prediction_map(make_graph(), values, "x"), path)
    assert path.read_bytes()[:8] == b"\x89PNG\r\n\x1a\n"


def test_css_width_is_the_width_of_the_pixels(values, tmp_path):
    figure = plots.prediction_map(make_graph(), values, "x")
    path = tmp_path / "map.png"
    to_png(figure, path, dpi=96)
    (width,) = struct.unpack(">I", path.read_bytes()[16:20])
    assert css_width(figure) == pytest.approx(width, abs=2)
    assert to_data_uri(figure).startswith("data:image/png;base64,iVBORw0KGgo")


def test_pyplot_is_left_alone(values, monkeypatch):
    monkeypatch.delitem(sys.modules, "matplotlib.pyplot", raising=False)
    to_data_uri(plots.prediction_map(make_graph(), values, "x"))
    assert "matplotlib.pyplot" not in sys.modules


def test_importance_has_a_bar_a_feature_and_names_are_no_formulas():
    found = [
        {"name": HOSTILE, "increase": 2.0, "low": 1.5, "high": 2.5},
        {"name": "height", "increase": -0.1, "low": -0.2, "high": 0.1},
    ]
    figure = plots.importance_plot(found, "kg")
    to_data_uri(figure)
    (axes,) = figure.axes
    assert [bar.get_width() for bar in axes.patches] == [2.0, -0.1]
    labels = [text.get_text() for text in axes.get_yticklabels()]
    assert labels[0].startswith("<script>") and labels[0].endswith("…")
    assert labels[1] == "height" and axes.get_xlabel() == "Increase of the RMSE (kg)"


def fonts(*names):
    """The installed fonts of these names."""
    return [font for font in font_manager.fontManager.ttflist if font.name in names]


@pytest.fixture
def only_latin(monkeypatch):
    monkeypatch.setattr(font_manager.fontManager, "ttflist", fonts("DejaVu Sans"))


@pytest.fixture
def chinese_font():
    if not fonts("Noto Sans CJK SC", "Noto Sans CJK JP", "WenQuanYi Zen Hei"):
        pytest.skip("no font with Chinese characters is installed")


@pytest.mark.usefixtures("only_latin")
def test_figures_are_english_where_no_font_has_chinese_characters():
    with speaking("zh"):
        assert drawn_language() == "en"
        assert wrap("人口 [m]", 34) == "?? [m]"
        with style():
            assert matplotlib.rcParams["font.family"] == ["DejaVu Sans"]


@pytest.mark.usefixtures("chinese_font")
def test_figures_are_chinese_in_a_font_that_has_the_characters(tmp_path):
    with speaking("zh"):
        assert drawn_language() == "zh"
        errors = {"random": {"distance_m": np.array([100.0, 200]), "rmse": np.array([1.0, 2])}}
        with warnings.catch_warnings():
            warnings.filterwarnings("error")
            figure = plots.distance_plot(errors, "人")
            save_figures({"distance": figure}, tmp_path)
        assert figure.axes[0].get_ylabel() == "RMSE（人）"
        first = figure.axes[0].xaxis.label.get_fontfamily()[0]
    assert "DejaVu" not in first
    assert drawn_language() == "en"


@pytest.mark.usefixtures("chinese_font")
def test_english_figures_show_chinese_names(values):
    with warnings.catch_warnings():
        warnings.filterwarnings("error")
        figure = plots.prediction_map(make_graph(), values, "人口 [万人]")
        to_data_uri(figure)
    label = figure.axes[1].yaxis.label
    assert label.get_text() == "人口 [万人]"
    assert label.get_fontfamily()[0] == "DejaVu Sans"


@pytest.mark.usefixtures("chinese_font")
@pytest.mark.parametrize(
    ("text", "width", "lines"),
    [
        ("Mean width (kg)", 34, ["Mean width (kg)"]),
        ("Mean width\n(kg)", 34, ["Mean width (kg)"]),
        ("平均宽度（mg/(m²·d)）", 16, ["平均宽度", "（mg/(m²·d)）"]),
        ("平均宽度（mg/(m²·d)）", 34, ["平均宽度（mg/(m²·d)）"]),
        ("Deviation of x [万人]", 16, ["Deviation of x", "[万人]"]),
        ("value [µg/m³]的预测值", 16, ["value", "[µg/m³]的预测值"]),
        ("人" * 30, 20, ["人" * 10, "人" * 9 + " …"]),
        ("夜间灯光指数与常住人口密度 [人/km²]", 20, ["夜间灯光指数与常住人", "口密度 [人/km²]"]),
    ],
)
def test_wide_characters_take_two_columns(text, width, lines):
    assert wrap(text, width).split("\n") == lines


@pytest.mark.parametrize(("factor", "offset"), [(1e-15, 0), (1e30, 0), (1, 1e9), (1, 1e12)])
def test_numbers_of_any_size_are_drawn_and_told_apart(values, factor, offset):
    def ticks_of(values):
        figure = plots.prediction_map(make_graph(), values, "x")
        image, bar = figure.axes[0].images[0], figure.axes[1]
        figure.draw_without_rendering()
        return image, [text.get_text() for text in bar.get_yticklabels()], bar

    plain, _, _ = ticks_of(values)
    image, texts, bar = ticks_of(factor * values + offset)
    limits = (np.array(image.get_clim()) - offset) / factor
    assert limits == pytest.approx(np.array(plain.get_clim()), rel=1e-3, abs=1e-3)
    assert len({*texts}) == len(texts) > 2 and max(map(len, texts)) < 8
    assert bar.yaxis.get_offset_text().get_text()


def test_residuals_that_are_nearly_all_zero_are_coloured_in_their_own_unit():
    residuals = np.zeros(200)
    residuals[7] = 1e-15
    cells = np.arange(200)
    dots = plots.residual_map(make_graph(), cells, residuals, "x").axes[0].collections[0]
    assert dots.get_clim() == (-1e-15, 1e-15)
