"""Where a prediction, which is a mean, is not what most new measurements would be."""

from __future__ import annotations

from ..language import tr
from ..progress import Progress

# So few cells whose mean lies outside their interval need no warning.
_FEW = 0.01


def warn_of_means(outside: int, cells: int, level: float, progress: Progress) -> None:
    """Say in how many of the cells without a measured value the mean is outside its interval."""
    if outside > _FEW * cells:
        progress.warning(
            tr(
                "In {count} of {cells} cells the prediction lies outside its own {level:g} "
                "interval: most measured values are alike and a few are far from them, so the "
                "interval holds the many, and the prediction is the mean of all."
            ).format(count=outside, cells=cells, level=level)
        )
