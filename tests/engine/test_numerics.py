import numpy as np
import pytest

from geohg.engine.numerics import compact, deviation, float_type, rms, size_of

VALUES = np.random.default_rng(0).normal(size=500)


@pytest.mark.parametrize("factor", [1e-300, 1e-15, 1.0, 1e15, 1e300])
def test_the_spread_has_no_floor_and_no_ceiling(factor):
    assert rms(factor * VALUES) == pytest.approx(factor * np.sqrt(np.mean(VALUES**2)), rel=1e-14)
    assert deviation(factor * VALUES) == pytest.approx(factor * VALUES.std(), rel=1e-14)
    assert factor * 5 / 2 < size_of(np.array([factor, -5 * factor])) <= factor * 5


def test_only_equal_values_have_no_deviation():
    assert deviation(np.full(7, 0.1)) == 0 == rms(np.zeros(3))
    assert deviation(np.array([1e9, np.nextafter(1e9, 2e9)])) > 0
    assert size_of(np.zeros(3)) == size_of(np.empty(0)) == 1


@pytest.mark.parametrize(
    ("values", "error", "expected"),
    [
        (VALUES, 0.1, np.float32),
        (VALUES + 1e4, 1.0, np.float32),
        (VALUES + 1e9, 1.0, np.float64),
        (VALUES * 1e-15, 1e-16, np.float32),
        (VALUES * 1e-44, 1e-45, np.float64),
        (VALUES * 1e38, 1e37, np.float64),
        (np.append(VALUES, np.nan), 0.1, np.float32),
        (np.full(3, np.nan), np.nan, np.float32),
    ],
)
def test_float32_where_it_tells_values_apart(values, error, expected):
    assert float_type(values, np.full(len(values), error)) is expected
    assert float_type(VALUES, 0.1, 1e39 * VALUES) is np.float64


def test_columns_keep_what_they_vary_by():
    columns = np.column_stack([VALUES, 1e-30 * VALUES, np.full(500, 1e9), 280 + VALUES])
    columns[:5, 1] = np.nan
    assert compact(columns).dtype == np.float32
    for column in (VALUES + 1e9, 1e-60 * VALUES, 1e39 * VALUES, np.full(500, 1e9 + 3)):
        kept = compact(np.column_stack([columns, column]))
        np.testing.assert_array_equal(kept[:, -1], column)
    assert compact(np.empty((3, 0))).dtype == np.float32
