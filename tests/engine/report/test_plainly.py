"""The sentences that open a report, for a reader without statistics."""

import dataclasses

import numpy as np

from geohg.engine.report.html import render

from .conftest import CELLS, held_out


def make_cells(ours, kriging):
    """Held-out cells with errors of these sizes, and intervals twice as wide as ours."""
    mine, idw, mean = held_out(ours, 3.0, 20.0)
    half = np.full(CELLS, 2.0 * ours)
    mine = dataclasses.replace(mine, lower=mine.predicted - half, upper=mine.predicted + half)
    rival = dataclasses.replace(idw, method="Ordinary kriging")
    rival = dataclasses.replace(
        rival, predicted=rival.observed + (rival.predicted - rival.observed) * kriging / 3.0
    )
    return [mine, rival, mean]


def test_a_good_map_is_told_in_sentences(make_summary):
    cells = make_cells(1.0, 2.0)
    summary = make_summary(
        held_out=cells,
        expected=(cells, {}),
        diagnostics={"applicability": {"share": 0.92}},
        settings={"uncertainty": {"level": 0.9}},
    )
    off, trust, kriging, after = summary["plainly"]
    assert off == (
        "Where nothing was measured, the map is typically off by about 1\u00a0m; in about 100 of "
        "100 places a new measurement lies within 2\u00a0m of it."
    )
    assert trust.startswith("Trust this in 92 % of the area")
    assert kriging == "Kriging would be off by 2\u00a0m."
    assert after.startswith("Next: where this is not enough")


def test_what_was_not_shown_is_said_as_plainly(make_summary):
    cells = make_cells(2.0, 1.0)
    _, kriging, after = make_summary(held_out=cells, expected=(cells, {}))["plainly"]
    assert kriging == "Kriging would be off by 1\u00a0m: GeoHG was not shown to be better here."
    assert after.startswith("Next: use kriging instead")


def test_nothing_is_said_without_an_expectation(make_summary):
    assert make_summary()["plainly"] == []


def test_the_sentences_stand_before_the_statistics(make_summary):
    cells = make_cells(1.0, 2.0)
    settings = {"uncertainty": {"level": 0.9}, "training": {}, "model": {}}
    summary = make_summary(held_out=cells, expected=(cells, {}), settings=settings)
    page = render(summary, {})
    assert page.index("typically off by about") < page.index(summary["verdict"][:40])


def test_figures_that_read_the_same_are_all_the_best(make_summary):
    summary = make_summary(held_out=make_cells(1.0, 1.0 + 1e-6))
    assert "had the same RMSE" in summary["verdict"] and "0.0 %" not in summary["verdict"]
    settings = {"uncertainty": {"level": 0.9}, "training": {}, "model": {}}
    page = render({**summary, "settings": settings}, {})
    assert page.count('<td class="number best">1.00') >= 2
