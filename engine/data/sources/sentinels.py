"""Numbers that stand for missing ones: -9999 among values of 0 to 20."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from ...language import tr
from ...progress import Progress
from .missing import are_codes
from .points import Points

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
    codes = unique[are_codes(unique)]
    others = values[~np.isin(values, codes)]
    if len(others) == 0:
        return []
    low, high = float(others.min()), float(others.max())
    # Scaled, since the square of a huge number is infinite.
    scale = max(abs(low), abs(high)) or 1.0
    apart = _APART * float((others / scale).std()) * scale
    return [(float(c), low, high) for c in codes if c < low - apart or c > high + apart]
