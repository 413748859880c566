"""The verdict says who won, by how much, and how sure that is."""

import numpy as np
import pytest

from geohg.engine.report.numbers import format_column, format_number
from geohg.engine.report.verdict import NONE, SHOWN, UNCLEAR, skill_of
from geohg.engine.validation.trials import HeldOut


def verdict_for(make_summary, unit="m", **predicted):
    """The verdict on predictions of a truth that is zero in every cell."""
    held_out = [
        HeldOut(name, np.zeros(len(values)), np.asarray(values, dtype=float))
        for name, values in predicted.items()
    ]
    return make_summary(held_out=held_out, unit=unit)["verdict"].replace("\u00a0", " ")


def test_geohg_wins(make_summary):
    verdict = verdict_for(make_summary, GeoHG=[1] * 60, IDW=[2] * 60, Mean=[4] * 60)
    assert verdict == (
        "On the 60 held-out cells GeoHG had the lowest RMSE: 1.000 m, 50.0 % below IDW (2.000 m). "
        "The 95 % bootstrap interval of the difference (−1.000 to −1.000 m) does not include "
        "zero: GeoHG is clearly better."
    )


def test_geohg_loses(make_summary):
    verdict = verdict_for(make_summary, GeoHG=[3] * 60, IDW=[2] * 60, Mean=[4] * 60)
    assert verdict.startswith(
        "On the 60 held-out cells IDW had the lowest RMSE: 2.000 m; GeoHG had 3.000 m, 50.0 % more."
    )
    assert verdict.endswith("IDW is clearly better.")


def test_no_method_beats_the_mean(make_summary):
    verdict = verdict_for(make_summary, GeoHG=[2.2] * 60, IDW=[3] * 60, Mean=[2] * 60)
    assert verdict == (
        "No method has skill on the 60 held-out cells: the best, GeoHG, had an RMSE of 2.200 m, "
        "against 2.000 m for the mean of the training cells. A map of these values is not worth "
        "making."
    )


def test_a_method_that_explains_nothing_has_no_skill_though_the_mean_is_worse(make_summary):
    truth = np.random.default_rng(0).normal(size=60)
    held_out = [HeldOut("GeoHG", truth, truth + 2), HeldOut("Mean", truth, truth + 3)]
    verdict = make_summary(held_out=held_out)["verdict"]
    assert verdict.startswith("No method has skill on the 60 held-out cells: the best, GeoHG, had")


def test_what_few_cells_do_not_show_is_not_called_worthless(make_summary):
    first, second, third = np.random.default_rng(0).normal(size=(3, 80))
    third *= np.sqrt(np.mean(first**2) / np.mean(third**2)) * 1.001
    verdict = verdict_for(make_summary, GeoHG=first, IDW=2 * second, Mean=third)
    assert verdict.startswith(
        "No method could be shown to have skill on the 80 held-out cells: the best, GeoHG, had"
    )
    assert "It may explain up to 58 % of the variance." in verdict
    assert verdict.endswith("do not tell whether a map of these values is worth making.")


def cells_of(count, r2, seed=0):
    """Standard normal values, a prediction that explains `r2` of them, and their mean."""
    truth, other = np.random.default_rng(seed).normal(size=(2, count))
    predicted = r2 * truth + np.sqrt(r2 * (1 - r2)) * other
    return [HeldOut("GeoHG", truth, predicted), HeldOut("Mean", truth, np.zeros(count))]


@pytest.mark.parametrize(
    ("count", "r2", "found"),
    [
        (150, 0.5, SHOWN),
        (60, 0.6, SHOWN),
        (15, 0.3, UNCLEAR),
        # As much as chance explains of so few values.
        (60, 0.15, UNCLEAR),
        (2000, 0.15, SHOWN),
        (2000, 0.002, NONE),
    ],
)
def test_skill_is_shown_or_not_or_ruled_out(make_summary, count, r2, found):
    assert skill_of(make_summary(held_out=cells_of(count, r2))["accuracy"]) == found


def test_the_map_s_accuracy_comes_first(make_summary):
    ours = HeldOut(
        "GeoHG", np.arange(4.0), np.array([1.0, 1, 2, 7]), weight=np.array([3.0, 1, 0, 0])
    )
    summary = make_summary(expected=([ours], {"kind": "matched"}))
    text = summary["verdict"].replace("\u00a0", " ")
    # Errors of 1 and 0 that weigh three to one, of values whose variance is 3/16.
    assert text.startswith(
        "In cells of this map without measurements, expect an RMSE of 0.8660 m (MAE 0.7500 m, R² "
        "−3.00). On the 60 held-out cells"
    )
    assert summary["expected"]["accuracy"]["skill"] is None
    assert summary["expected"]["split"] == {"kind": "matched"}


def methods(**errors):
    """Held-out cells 1 to 60 with errors of alternating sign and these sizes."""
    truth = np.arange(1.0, 61)
    sign = np.where(np.arange(60) % 2, 1.0, -1.0)
    return [HeldOut(name, truth, truth + sign * size) for name, size in errors.items()]


@pytest.mark.parametrize(
    ("far", "end"),
    [
        (8.0, "the R² of GeoHG is 0.79 instead of 0.99. Expect this accuracy far from"),
        (2.5, "the R² of GeoHG is not much lower, 0.98 instead of 0.99."),
    ],
)
def test_the_verdict_tells_of_both_tests_and_what_their_difference_means(make_summary, far, end):
    near = methods(GeoHG=2.0, IDW=4.0, Mean=17.0)
    blocks = methods(GeoHG=far, IDW=1.0, Mean=17.0), {"kind": "spatial blocks"}
    verdict = make_summary(held_out=near, blocks=blocks)["verdict"].replace("\u00a0", " ")
    assert verdict.startswith("On the 60 held-out cells GeoHG had the lowest RMSE: 2.000 m")
    assert "On the 60 cells of the held-out blocks IDW had the lowest RMSE: 1.000 m" in verdict
    assert "Random held-out cells lie between cells with measurements" in verdict and end in verdict
    groups = make_summary(held_out=near, split={"kind": "groups"}, blocks=blocks)["verdict"]
    assert groups.startswith("On the 60 cells of the held-out groups GeoHG had")
    assert "Held-out groups show the accuracy for groups without measurements" in groups


def test_skill_that_ends_with_the_measurements_is_told(make_summary):
    near = methods(GeoHG=2.0, IDW=4.0, Mean=17.0)
    blocks = methods(GeoHG=19.0, IDW=25.0, Mean=17.0), {"kind": "spatial blocks"}
    verdict = make_summary(held_out=near, blocks=blocks)["verdict"]
    assert "No method has skill on the 60 cells of the held-out blocks: the best, GeoHG" in verdict
    assert "not worth making" not in verdict


def test_few_cells_are_not_called_clear(make_summary):
    verdict = verdict_for(make_summary, GeoHG=[1] * 9, IDW=[2] * 9)
    assert verdict.endswith("GeoHG is better, but there are few cells.")


def test_one_cell_gives_no_interval(make_summary):
    verdict = verdict_for(make_summary, GeoHG=[1], IDW=[2])
    assert verdict.startswith("On the one held-out cell GeoHG")
    assert verdict.endswith("too few cells to estimate the uncertainty of the difference.")


def test_equal_methods_tie(make_summary):
    verdict = verdict_for(make_summary, GeoHG=[2] * 40, IDW=[-2] * 40)
    assert "GeoHG and IDW had the same RMSE, 2.000 m." in verdict
    assert "do not show which method is better" in verdict


def test_geohg_alone(make_summary):
    assert verdict_for(make_summary, unit="", GeoHG=[2, 2]) == (
        "On the 2 held-out cells GeoHG had an RMSE of 2.000; no other method was compared."
    )


def test_per_cent_of_a_per_cent_is_not_given(make_summary):
    won = verdict_for(make_summary, unit="%", GeoHG=[1] * 60, IDW=[2] * 60)
    assert "lowest RMSE: 1.000 %; IDW had 2.000 %." in won
    lost = verdict_for(make_summary, unit="%", GeoHG=[2] * 60, IDW=[1] * 60)
    assert "lowest RMSE: 1.000 %; GeoHG had 2.000 %." in lost


def test_a_perfect_rival_does_not_divide_by_zero(make_summary):
    assert "GeoHG had 2.000 m." in verdict_for(make_summary, GeoHG=[2] * 60, IDW=[0] * 60)


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (None, "–"),
        (0.0, "0"),
        (12345, "12,345"),
        (12345.6, "12,346"),
        (0.73125, "0.7312"),
        (-1.5, "−1.500"),
        (1.2346e-7, "1.235e−07"),
        (2.5e12, "2.500e+12"),
    ],
)
def test_numbers_to_read(value, text):
    assert format_number(value) == text


def test_columns_share_their_decimals():
    assert format_column([164.04, 63.637, None, -2.0]) == ["164.0", "63.6", "–", "−2.0"]
    assert format_column([5.4434, 0.88], digits=3) == ["5.44", "0.88"]
    assert format_column([1e-300, 0.0]) == ["1.000e−300", "0"]
    assert format_column([]) == []


def test_methods_are_called_as_in_a_sentence(make_summary):
    held_out = [HeldOut("GeoHG", np.zeros(9), np.full(9, 2.0))]
    held_out += [HeldOut("Ordinary kriging", np.zeros(9), np.full(9, 1.0))]
    verdict = make_summary(held_out=held_out)["verdict"]
    assert "cells ordinary kriging had the lowest RMSE" in verdict


def tailed(far, scaled=None):
    """57 values of 1 to 9 and three of 10,000, told to 0.2; in `far` cells by 20,000.

    `scaled` is the error of GeoHG on a logarithmic scale, if there is one.
    """
    truth = np.append(np.linspace(1, 9, 57), [1e4] * 3)
    ours, mean = truth + 0.2, np.full(60, truth.mean())
    ours[:far] += 2e4
    logs = np.log(truth)
    on_scale = {"GeoHG": logs + (scaled or 0.0), "Mean": np.full(60, logs.mean())}
    return [
        HeldOut(name, truth, values, scaled=scaled and HeldOut(name, logs, on_scale[name]))
        for name, values in {"GeoHG": ours, "Mean": mean}.items()
    ]


def test_a_few_large_values_do_not_hide_that_the_mean_error_halves(make_summary):
    verdict = make_summary(held_out=tailed(1))["verdict"].replace("\u00a0", " ")
    # 20,012 of 57 x 503 + 3 x 9,497.
    assert "its rank correlation is 0.90, and its MAE 35 % of that of the mean." in verdict
    assert verdict.startswith("On the 60 held-out cells a few large values decide the RMSE, which")
    assert "does not show that GeoHG is better than the mean of the training cells" in verdict
    assert "not worth making" not in make_summary(held_out=tailed(2))["verdict"]


def test_large_values_in_any_order_show_nothing(make_summary):
    held_out = tailed(0)
    mixed = np.random.default_rng(0).permutation(held_out[0].predicted)
    found = make_summary(held_out=[HeldOut("GeoHG", held_out[0].observed, mixed), held_out[1]])
    assert skill_of(found["accuracy"]) in (NONE, UNCLEAR)


def test_nor_do_they_hide_a_skill_on_the_model_s_scale(make_summary):
    summary = make_summary(held_out=tailed(2, scaled=0.5))
    ours = summary["accuracy"]["methods"][0]
    assert ours["mae_share"] == pytest.approx(0.70, abs=0.01)
    assert "On the model’s scale its R² is 0.92; " in summary["verdict"]
    assert ours["r2_model"] == pytest.approx(1 - 0.25 / np.var(np.log(tailed(2)[0].observed)))
    assert "not worth making" not in summary["verdict"]


def test_a_mean_that_is_none_on_the_model_s_scale_lends_no_skill(make_summary):
    """Of lognormal values without a pattern, the middle is told on their scale and missed by it."""
    logs = np.random.default_rng(0).normal(0, 1.5, 300)
    truth, middle = np.exp(logs), np.full(300, 1.0)
    mean = np.full(300, truth.mean())
    scaled = HeldOut("Mean", logs, np.log(mean)), HeldOut("GeoHG", logs, np.zeros(300))
    held_out = [
        HeldOut("GeoHG", truth, middle, scaled=scaled[1]),
        HeldOut("Mean", truth, mean, scaled=scaled[0]),
    ]
    assert skill_of(make_summary(held_out=held_out)["accuracy"]) in (NONE, UNCLEAR)


def test_figures_on_the_paper_s_scale_come_first_and_those_in_the_unit_beside(make_summary):
    summary = make_summary(held_out=tailed(2, scaled=0.5), paper=True)
    on_scale, in_unit = (summary["accuracy"][name][0] for name in ("methods", "in_unit"))
    assert (on_scale["rmse"], on_scale["mae"]) == pytest.approx((0.5, 0.5))
    assert on_scale["r2"] == pytest.approx(in_unit["r2_model"])
    assert in_unit["rmse"] == pytest.approx(np.sqrt((2 * 20_000.2**2 + 58 * 0.04) / 60))
    verdict = summary["verdict"].replace("\u00a0", " ")
    assert verdict.startswith("These figures are on the paper’s scale. On the 60 held-out cells")
    assert "lowest RMSE: 0.5" in verdict and " m" not in verdict.replace(" mean", "")
