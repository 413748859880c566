import math

import numpy as np
import pytest

from geohg.engine.data.bounds import refuse_outside, value_limits
from geohg.engine.errors import InputError


@pytest.mark.parametrize(
    ("values", "bounds", "expected"),
    [
        ([-1.0, 3.0], (), (-math.inf, math.inf)),
        ([0.0, 3.0], (), (0, math.inf)),
        ([2.0, 30.0], (), (0, math.inf)),
        ([0.0, 1.0], (), (0, 1)),  # presence and absence
        ([0.02, 0.4, 0.97], (), (0, 1)),  # shares
        ([0.02, 0.4], (), (0, math.inf)),  # of some unit
        ([0.4, 0.97], (), (0, math.inf)),
        ([0.0, 1.01], (), (0, math.inf)),
        ([2.0, 30.0], (-50.0, 50.0), (-50, 50)),
    ],
)
def test_limits_are_those_that_values_show_or_a_user_gives(values, bounds, expected):
    assert value_limits(np.array(values), bounds) == expected


def test_values_outside_bounds_are_refused():
    refuse_outside(np.array([0.0, np.nan, 100.0]), (0.0, 100.0), "sand")
    refuse_outside(np.array([-5.0]), (), "sand")
    for wrong, words in (
        (
            [101.5, 3.0],
            "1 values of 'sand' lie outside the bounds 0 to 100, such as 101.5; correct",
        ),
        ([5.0, -1.0, -2.0], "2 values of 'sand' lie outside the bounds 0 to 100, such as -1;"),
    ):
        with pytest.raises(InputError, match=words):
            refuse_outside(np.array(wrong), (0.0, 100.0), "sand")
