"""Numbers that stand for missing ones: -9999 among values of 0 to 20."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
from numpy.typing import NDArray

from ...language import tr
from ...names import COVARIATE
from ...progress import Progress
from ..builders.graph import GraphRawData
from .missing import are_codes

# How far from all others such a number lies, in their standard deviations.
_APART = 2.0


def warn_of_sentinels_in(graph: GraphRawData, progress: Progress) -> None:
    """Warn of targets and covariates of cells that look like codes of missing ones."""
    features = graph.features.astype(np.float64)
    covariates = {graph.feature_names[k]: features[:, k] for k in graph.columns(COVARIATE)}
    warn_of_sentinels({**covariates, **graph.targets}, progress)


def warn_of_sentinels(columns: Mapping[str, NDArray[np.float64]], progress: Progress) -> None:
    """Warn of values that look like codes of missing ones, a column a name."""
    for name, values in columns.items():
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
