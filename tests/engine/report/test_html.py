"""The page: complete, self-contained, and safe whatever the data are called."""

import re
from html.parser import HTMLParser

import pytest
from matplotlib.figure import Figure

from geohg.engine.language import LANGUAGES, speaking
from geohg.engine.report.html import render

HOSTILE = "<script>alert(1)</script>"
DIAGNOSTICS = {
    "pattern": {
        "cells": 60,
        "moran": {
            "observed": {"value": 0.5, "expected": -1 / 59, "std": 0.05, "z": 10.3},
            "residuals": {"value": 0.01, "expected": -1 / 59, "std": 0.05, "z": 0.5},
        },
        "semivariogram": {
            "distance_m": [100.0, 200.0],
            "pairs": [10, 20],
            "observed": [1.0, 2.0],
            "residuals": [0.5, 0.5],
        },
        "text": "The errors have no pattern.",
    },
    "coverage": {
        "by_test": {
            "random": {
                "level": [0.5, 0.9],
                "observed": [0.52, 0.88],
                "width": [1.0, 2.5],
                "chance": [[0.4, 0.6], [0.8, 0.95]],
                "cells": 60,
            }
        },
        "text": "Intervals held 88 %.",
    },
    "error_by_distance": {
        "random": {"distance_m": [6e3, 9e3], "rmse": [1.0, 2.0], "cells": [30, 30]}
    },
}
# Words of a Chinese page that are not Chinese.
KEPT = set(
    "GeoHG elev_m WGS RMSE MAE SD IDW Moran cpu POI python engine run request json model head_dims "
    "training lr geohg points csv Zou et al Space aware Socioeconomic Indicator Inference with "
    "Heterogeneous Graphs ACM SIGSPATIAL arXiv".split()
) | {"ab" * 32}
VOID = {"meta", "img", "link", "br", "hr", "input"}


class Page(HTMLParser):
    """The tags, attributes and text of a page; refuses tags that do not match."""

    def __init__(self, source):
        super().__init__()
        self.tags, self.attributes, self.open, self.words = [], [], [], []
        self.feed(source)
        assert self.open == []

    def handle_starttag(self, tag, attrs):
        self.tags.append(tag)
        self.attributes += attrs
        if tag not in VOID:
            self.open.append(tag)

    def handle_endtag(self, tag):
        assert self.open.pop() == tag

    def handle_data(self, data):
        if "style" not in self.open:
            self.words += data.split()

    @property
    def text(self):
        return " ".join(self.words)


@pytest.fixture
def figures():
    """A blank picture for each figure on the page."""
    names = (
        "prediction_map",
        "uncertainty_map",
        "calibration_plot",
        "observed_vs_predicted",
        "residual_map",
        "semivariogram_plot",
        "distance_plot",
        "training_curve",
    )
    return {name: Figure(figsize=(1, 1)) for name in names}


def test_page_names_what_informs_and_what_was_left_out(make_summary, figures):
    told = {**DIAGNOSTICS, "informed_by": ["GDP"], "refused": ["dem", HOSTILE]}
    text = Page(render(make_summary(diagnostics=told), figures)).text
    assert "The model also rests on: GDP." in text
    assert f"are not predicted clearly better: dem, {HOSTILE}." in text


def test_page_shows_the_diagnostics(make_summary, figures):
    text = Page(render(make_summary(diagnostics=DIAGNOSTICS), figures)).text
    for part in (
        "Uncertainty of the prediction Intervals held 88 %. Figure 2.",
        "The errors have no pattern. Figure 6.",
        "Observed values 0.500 −0.017 0.050 10.3 Prediction errors 0.010 −0.017 0.050 0.5",
    ):
        assert part in text


def test_sites_on_no_grid_have_a_page(make_summary):
    grid = {"crs": "EPSG:4326", "sites": 1234, "sha256": "ab"}
    assert "1,234 cells · WGS 84" in Page(render(make_summary(grid=grid), {})).text


def test_page_says_what_the_summary_says(make_summary, figures):
    summary = make_summary(warnings=["Mind the gap."], created="2025-03-01T12:30:00+01:00")
    text = Page(render(summary, figures)).text
    for part in (
        "Interpolation report elev_m 2025-03-01 12:30",
        "30 columns × 40 rows · cell size 0.05 degree · WGS 84",
        " ".join(summary["verdict"].split()),
        "Table 1. Errors on 60 held-out cells, which no method used.",
        "Method R² RMSE (m) MAE (m) RMSE / SD GeoHG 0.997 0.996 to 0.997 1.000 1.000 to 1.000",
        "1.000 1.000 to 1.000 0.100 IDW 0.987",
        "Points read 310 Left out: value missing 10 Points used 300",
        "Cells 1,200 Links between neighbouring cells 9,000",
        "Kind random Train 240 Test 60",
        "Tree cover 75.0 % Built-up 25.0 %",
        "Mind the gap.",
        "Device cpu Epochs trained 3 Epoch kept 2",
        "Read 1.2 Train 10.0 All stages 11.2",
        "python -m engine run request.json",
        "model.head_dims 64, 32 training.lr 0.005",
        "geohg 0.1.0",
        "points.csv " + "ab" * 32,
    ):
        assert part in text


def test_figures_and_tables_are_numbered_in_order(make_summary, figures):
    text = Page(render(make_summary(diagnostics=DIAGNOSTICS), figures)).text
    for kind, count in (("Figure", 8), ("Table", 12)):
        numbers = [int(number) for number in re.findall(rf"{kind} (\d+)\.", text)]
        assert numbers == list(range(1, count + 1))


def test_page_needs_nothing_else(make_summary, figures):
    page = Page(render(make_summary(diagnostics=DIAGNOSTICS), figures))
    assert "script" not in page.tags
    assert "link" not in page.tags
    sources = [value for name, value in page.attributes if name in ("src", "href")]
    assert len(sources) == 8
    assert all(source.startswith("data:image/png;base64,") for source in sources)
    assert not any(name.startswith("on") for name, _ in page.attributes)
    assert ("lang", "en") in page.attributes


@pytest.mark.parametrize("language", LANGUAGES)
def test_text_from_data_is_escaped(make_summary, figures, language):
    summary = make_summary(
        target=HOSTILE,
        unit=HOSTILE,
        warnings=[HOSTILE],
        checksums={f"{HOSTILE}.csv": HOSTILE},
        class_shares={HOSTILE: 1.0},
        graph_counts={HOSTILE: 1},
        points={"read": 1, "used": 0, "dropped": {HOSTILE: 1}},
        settings={HOSTILE: {HOSTILE: HOSTILE}},
        versions={HOSTILE: HOSTILE},
        split={HOSTILE: HOSTILE},
        seconds={HOSTILE: 1.0},
        device=HOSTILE,
        command=f'echo "{HOSTILE}" onload="x"',
    )
    with speaking(language):
        source = render(summary, figures)
    assert "<script" not in source.lower()
    assert "&lt;script&gt;alert(1)&lt;/script&gt;.csv" in source
    page = Page(source)
    assert page.text.count(HOSTILE) > 10
    assert not any(name.startswith("on") for name, _ in page.attributes)


def test_braces_in_names_are_shown_as_they_are(make_summary, figures):
    text = Page(render(make_summary(target="{0} {unit!r}", unit="{m}"), figures)).text
    assert "Prediction of {0} {unit!r} ({m}) for every cell." in text
    assert "RMSE ({m})" in text


def test_page_is_chinese_where_the_job_is(make_summary, figures):
    with speaking("zh"):
        points = {"read": 310, "used": 300, "dropped": {"without a value": 10}}
        summary = make_summary(
            created="2025-03-01T12:30:00+01:00",
            split={"kind": "random", "known": 240, "test": 60},
            seconds={"predict": 1.25},
            points=points,
        )
        page = Page(render(summary, figures))
    assert ("lang", "zh") in page.attributes
    assert "2025年3月1日 12:30" in page.text
    assert "75.0%" in page.text
    assert "（m）" in page.text
    # What is left in Latin letters: names of data, of options and of measures.
    latin = set(re.findall(r"[A-Za-z_]{2,}", page.text))
    assert latin <= KEPT, latin - KEPT


def test_best_of_each_column_is_marked(make_summary):
    source = render(make_summary(), {})
    assert re.findall(r'class="number best">([^<]*)<', source) == [
        "0.997",
        "1.000",
        "1.000",
        "0.100",
        "0.998",
        "0.25",
    ]


def test_smallest_run_has_a_page(make_summary):
    summary = make_summary(
        held_out=[], class_shares={}, history={}, split={}, checksums={}, job="train"
    )
    page = Page(render(summary, {}))
    assert "Training report" in page.text
    assert "is unknown" in page.text
    assert "Accuracy on held-out cells" not in page.text
    assert "img" not in page.tags
    assert "Figure" not in page.text


def test_cells_that_are_not_square_show_both_sizes(make_summary):
    grid = {**make_summary()["grid"], "cell_height": 0.1}
    assert "cell size 0.05 × 0.1 degree" in Page(render(make_summary(grid=grid), {})).text
