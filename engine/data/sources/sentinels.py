"""Numbers that stand for missing ones: -9999 among values of 0 to 20."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from ...language import tr
from ...progress import Progress
from .points import Points

# What other programs write, both with a minus and without where it is known so.
_NINES = np.array([10.0**k - 1 for k in range(3, 10)])
_CODES = np.concatenate(
    [
        *(-_NINES, _NINES, -_NINES - 0.9, _NINES + 0.9, -_NINES - 0.99, _NINES + 0.99),
        [-99.0, -99.9, -99.99, -999.25, -32768.0, 32767.0, -(2.0**31), 2.0**31 - 1, 65535.0],
    ]
)
# No quantity is so large in any unit that people use, unless all its values are.
_HUGE = 1e20
# How far from all others such a number lies, in their standard deviations.
_APART = 2.0


def warn_of_sentinels(points: Points, progress: Progress) -> None:
    """Warn of values and covariates that look like codes of missing ones."""
    for name, values in {**points.values, **points.covariates}.items():
        finite = values[np.isfinite(values)]
        for code, low, high in find_sentinels(finite):
            progress.warning(
                tr(
                    "{count} values of '{field}' are {code:g}, far from the others ({low:g} to "
                    "{high:g}); if this code means missing, set these values to null."
                ).format(
                    count=int((finite == code).sum()), field=name, code=code, low=low, high=high
                )
            )


def find_sentinels(values: NDArray[np.float64]) -> list[tuple[float, float, float]]:
    """Numbers among finite values that look like codes, and the range of the others."""
    unique = np.unique(values)
    # Codes such as -9999 are often rounded to 32 bits on their way.
    known = np.isclose(unique[:, None], _CODES, rtol=1e-7, atol=0).any(axis=1)
    codes = unique[known | (np.abs(unique) >= _HUGE)]
    others = values[~np.isin(values, codes)]
    if len(others) == 0:
        return []
    low, high = float(others.min()), float(others.max())
    # Scaled, since the square of a huge number is infinite.
    scale = max(abs(low), abs(high)) or 1.0
    apart = _APART * float((others / scale).std()) * scale
    return [(float(c), low, high) for c in codes if c < low - apart or c > high + apart]
