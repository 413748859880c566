"""The numbers of a report."""

import json
from dataclasses import FrozenInstanceError

import numpy as np
import pytest

from geohg.engine.errors import InputError
from geohg.engine.validation.trials import HeldOut

from .conftest import CELLS, held_out


def test_every_method_is_scored(make_summary):
    methods = make_summary()["accuracy"]["methods"]
    assert [score["method"] for score in methods] == ["GeoHG", "IDW", "Mean"]
    assert [score["rmse"] for score in methods] == pytest.approx([1.0, 2.0, 4.0])
    assert [score["n"] for score in methods] == [60, 60, 60]


def test_scores_have_intervals_and_shares_of_the_scale(make_summary):
    ours = make_summary(scale=8.0)["accuracy"]["methods"][0]
    assert (ours["rmse_normalised"], ours["mae_normalised"]) == pytest.approx((1 / 8, 1 / 8))
    assert ours["intervals"]["rmse"] == pytest.approx([1.0, 1.0])
    lower, upper = ours["intervals"]["r2"]
    assert lower < ours["r2"] < upper < 1.0
    assert make_summary(scale=None)["accuracy"]["methods"][0]["rmse_normalised"] is None


def test_intervals_hold_what_lies_between_their_ends():
    ends = np.full(4, -1.0), np.array([1.0, 2.0, 1.0, 2.0])
    found = HeldOut("GeoHG", np.array([-5.0, 0.0, 1.0, 9.0]), np.zeros(4), *ends).score()
    assert found["coverage"] == 0.5 and found["width"] == 2.5
    assert HeldOut("GeoHG", np.zeros(4), np.zeros(4)).score()["width"] is None


def test_comparison_is_with_the_best_rival(make_summary):
    accuracy = make_summary()["accuracy"]
    assert accuracy["comparison"]["rival"] == "IDW"
    assert accuracy["comparison"]["difference"] == pytest.approx(-1.0)
    assert accuracy["comparison"]["includes_zero"] is False
    assert accuracy["skill"]["method"] == "GeoHG"
    assert accuracy["skill"]["score"] == pytest.approx(1 - 1 / 16)


def test_summary_is_strict_json(make_summary):
    summary = make_summary(
        graph_counts={"area_nodes": np.int64(7)}, seconds={"train": np.float32(0.5)}
    )
    again = json.loads(json.dumps(summary, allow_nan=False))
    assert again == summary
    assert again["graph"]["area_nodes"] == 7
    assert again["history"]["curve"][2] == [3, None, 4.5]
    assert again["settings"]["model"]["head_dims"] == [64, 32]


def test_grid_names_its_crs_and_unit(make_summary):
    grid = make_summary()["grid"]
    assert (grid["crs_name"], grid["crs_unit"], grid["geographic"]) == ("WGS 84", "degree", True)
    assert grid["rows"] == 40


def test_time_of_the_run_is_kept_as_given(make_summary):
    created = "2025-03-01T12:30:00+01:00"
    assert make_summary(created=created)["created"] == created


def test_methods_tested_on_other_cells_are_refused(make_summary):
    held_out = [
        HeldOut("GeoHG", np.array([1.0, 2.0]), np.array([1.0, 2.0])),
        HeldOut("IDW", np.array([2.0, 1.0]), np.array([1.0, 2.0])),
    ]
    with pytest.raises(InputError, match="same cells"):
        make_summary(held_out=held_out)


def test_held_out_is_frozen():
    with pytest.raises(FrozenInstanceError):
        HeldOut("IDW", np.zeros(1), np.zeros(1)).method = "GeoHG"


@pytest.mark.parametrize("held_out", [[], [HeldOut("GeoHG", np.empty(0), np.empty(0))]])
def test_a_run_without_test_cells_has_no_scores(make_summary, held_out):
    summary = make_summary(held_out=held_out)
    accuracy = summary["accuracy"]
    assert (accuracy["methods"], accuracy["comparison"], accuracy["skill"]) == ([], None, None)
    assert "is unknown" in summary["verdict"]


def test_blocks_are_scored_beside_the_random_cells(make_summary):
    blocks = (held_out(3.0, 2.0, 4.0), {"kind": "spatial blocks", "test": CELLS})
    found = make_summary(blocks=blocks)["blocks"]
    assert "cells of the held-out blocks IDW had the lowest RMSE" in found["verdict"]
    assert found["accuracy"]["methods"][0]["rmse"] == pytest.approx(3.0)
    assert make_summary()["blocks"] is None
