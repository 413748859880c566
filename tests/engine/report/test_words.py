"""Sentences on pattern, coverage and reach."""

import pytest

from geohg.engine.report.words import coverage_in_words, pattern_in_words, reach_in_words


def moran(z):
    return {"value": z / 20, "expected": 0.0, "std": 0.05, "z": z}


@pytest.mark.parametrize(
    ("before", "after", "end"),
    [
        (
            8.0,
            0.5,
            "Their errors are not (Moran’s I = 0.03, z = 0.5): the model captured the spatial "
            "pattern.",
        ),
        (
            8.0,
            4.0,
            "Their errors are autocorrelated too (Moran’s I = 0.20, z = 4.0): the model missed "
            "part "
            "of the spatial pattern.",
        ),
        (-0.4, 0.5, "Neither do their errors (Moran’s I = 0.03, z = 0.5)."),
    ],
)
def test_pattern_in_words(before, after, end):
    text = pattern_in_words({"observed": moran(before), "residuals": moran(after)})
    text = text.replace("\u00a0", " ")
    alike = (
        "no significant spatial autocorrelation (Moran’s I = −0.02"
        if before < 0
        else "are spatially"
    )
    assert alike in text
    assert text.endswith(end)


def test_equal_values_have_no_pattern():
    assert "cannot be measured" in pattern_in_words({"observed": None, "residuals": None})


def covered(share):
    return {"level": [0.8, 0.9], "observed": [0.8, share], "chance": [[0, 1], [0.84, 0.95]]}


@pytest.mark.parametrize(
    ("share", "judged"),
    [
        (0.9, "as expected"),
        (0.7, "too narrow there, less than expected"),
        (0.99, "wider than needed there, more than expected"),
    ],
)
def test_coverage_in_words(share, judged):
    text = coverage_in_words({"random": covered(0.9), "blocks": covered(share)}, 0.9)
    assert text == (
        "The 90 % intervals contain 90.0 % of the random held-out cells: as expected (84 to "
        f"95 %). They contain {100 * share:.1f} % of the held-out blocks: {judged} (84 to 95 %)."
    )


def test_without_the_level_there_are_no_words():
    assert coverage_in_words({"random": covered(0.9)}, 0.85) == ""


def test_reach_in_words():
    text = reach_in_words((400.0, 4000.0, 25000.0), (0.95, 1.2, 1.834)).replace("\u00a0", " ")
    assert "from 0.95 times the width that leave-one-out errors ask for, at 0.4 km or less" in text
    assert "to 1.83 times at 25.0 km and beyond" in text
    assert "intervals are 1.10 times as wide" in reach_in_words((5.0,), (1.1,))
