"""Round numbers for legends."""

from __future__ import annotations

import pytest

from geohg.engine.colours import ColourScale, colour_scale
from geohg.geohg_plugin.adapters.scales import (
    classes_around_zero,
    classes_of,
    labels_of,
    numbers,
)


def spread(low: float, high: float, power: float = 1.0) -> list[float]:
    """A thousand and one values, more of them low ones the larger the power."""
    return [low + (high - low) * (number / 1000) ** power for number in range(1001)]


def test_a_scale_spans_most_values_between_round_limits() -> None:
    scale = colour_scale(spread(3.3, 47.1))
    assert scale.continuous and scale.stops == (4.0, 48.0)
    assert labels_of(scale, "µg/m³") == ["≤ 4 µg/m³", "48 µg/m³"]


def test_no_value_beyond_is_told_where_there_is_none() -> None:
    scale = colour_scale([0.0, 0.5, 1.0])
    assert (scale.stops, labels_of(scale, "")) == ((0.0, 1.0), ["0", "1"])


def test_an_uncertainty_begins_at_zero() -> None:
    assert colour_scale(spread(2.0, 3.0), from_zero=True).stops == (0.0, 3.0)


def test_values_with_a_long_tail_are_told_in_steps_that_multiply() -> None:
    scale = colour_scale([10.0 ** (4 * number / 1000) for number in range(1001)], True)
    assert not scale.continuous
    assert scale.stops == (10.0, 30.0, 100.0, 300.0, 1000.0, 3000.0, 10_000.0)
    assert labels_of(scale, "persons")[:5:4] == ["≤ 10 persons", "1,000 persons"]
    few = colour_scale([5 * 1.0035**number for number in range(1001)], True, True)
    assert few.stops == (0.0, 5.0, 10.0, 20.0, 50.0, 100.0, 200.0)


@pytest.mark.parametrize("tail", [spread(-1.0, 1000.0, 6.0), [0.0] * 300 + spread(0, 900, 6)])
def test_a_long_tail_may_begin_at_or_a_little_below_zero(tail: list[float]) -> None:
    scale = colour_scale(tail, True)
    assert not scale.continuous and scale.stops[0] > 0 and scale.stops[-1] >= 800


@pytest.mark.parametrize("values", [[], [7.0] * 9, [0.0] * 9, [-3.0] * 2])
def test_values_that_do_not_differ_have_a_scale_too(values: list[float]) -> None:
    for from_zero in (False, True):
        low, high = colour_scale(values, False, from_zero).stops
        assert low < high


def test_classes_around_zero_are_alike_on_both_sides_and_hold_all() -> None:
    classes = classes_around_zero(spread(-9.7, 4.0), "kg")
    texts = [text for _, _, text in classes]
    assert texts == [
        "below −5 kg",
        "−5 to −2 kg",
        "−2 to −1 kg",
        "−1 to 1 kg",
        "1 to 2 kg",
        "2 to 5 kg",
        "above 5 kg",
    ]
    assert classes[0][0] == -9.7 and classes[-1][1] == 9.7
    assert [high for _, high, _ in classes[:-1]] == [low for low, _, _ in classes[1:]]


@pytest.mark.parametrize("values", [[], [0.0, 0.0], [1e-9, -1e-9]])
def test_residuals_of_nothing_have_seven_classes_too(values: list[float]) -> None:
    classes = classes_around_zero(values, "")
    assert len({text for _, _, text in classes}) == 7
    assert all(low < high for low, high, _ in classes)


def test_classes_of_values_have_round_ends() -> None:
    classes = classes_of(spread(11.0, 43.0), "")
    assert [text for _, _, text in classes] == [
        "below 15",
        "15 to 20",
        "20 to 25",
        "25 to 30",
        "30 to 35",
        "35 to 40",
        "above 40",
    ]
    assert classes[0][0] == 11.0 and classes[-1][1] == 43.0
    assert classes_of([5.0, 5.0], "kg") == [(5.0, 5.0, "5.00 kg")]


def test_numbers_have_the_digits_that_tell_them_apart() -> None:
    assert numbers([-0.5, 0.2, 1000.0]) == ["−0.5", "0.2", "1,000.0"]
    assert numbers([7.25], "kg") == ["7.25 kg"]
    assert numbers([1e-12, 3e12], "J") == ["1e-12 J".replace("-", "−"), "3e+12 J"]
    assert labels_of(ColourScale(0.0, 9.0, (1.0, 8.0)), "") == ["≤ 1", "≥ 8"]


@pytest.mark.parametrize("factor", [1e-300, 1e-30, 1e-15, 1e-9, 1e9, 1e15, 1e30, 1e290])
@pytest.mark.parametrize("offset", [0.0, 1e6, 1e9])
def test_legends_tell_values_of_any_size_apart(factor: float, offset: float) -> None:
    values = [factor * (offset + value) for value in spread(3.3, 47.1)]
    low, high = colour_scale(values).stops
    plain = colour_scale(spread(3.3, 47.1)).stops
    assert [low / factor - offset, high / factor - offset] == pytest.approx(plain, abs=0.5)
    for texts in (
        labels_of(colour_scale(values), "kg"),
        [text for *_, text in classes_of(values, "")],
    ):
        assert len(set(texts)) == len(texts) and max(map(len, texts)) < 40
    edges = [low for low, _, _ in classes_of(values, "")]
    assert len(edges) == len({*edges}) >= 4
    around = classes_around_zero([factor * (value - 20) for value in spread(3.3, 47.1)], "")
    assert len({text for *_, text in around}) == 7


@pytest.mark.parametrize("value", [1e-15, 1e9, 1e17, -1e30, 1e300])
def test_one_value_of_any_size_has_a_scale(value: float) -> None:
    for from_zero in (False, True):
        low, high = colour_scale([value, value * (1 + 2e-16)], from_zero=from_zero).stops
        assert high - low >= abs(value) / 2
        assert len({*labels_of(colour_scale([value] * 3, from_zero=from_zero), "")}) == 2


def test_a_long_tail_has_equal_steps_where_the_target_s_scale_has() -> None:
    scale = colour_scale([10.0 ** (4 * number / 1000) for number in range(1001)])
    assert scale.stops == (0.0, 8400.0) and scale.beyond == (False, True)


def test_a_few_other_values_among_equal_ones_are_shown() -> None:
    assert colour_scale([0.0] * 399 + [5.0]).stops == (0.0, 5.0)
