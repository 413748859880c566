"""The pictures of one run, by name."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from matplotlib.figure import Figure
from numpy.typing import NDArray

from ..data.builders.graph import GraphRawData
from ..language import tr
from ..names import OURS
from ..validation.trials import HeldOut
from . import plots


def make_figures(
    graph: GraphRawData,
    target: str,
    *,
    mean: NDArray[np.float64] | None = None,
    std: NDArray[np.float64] | None = None,
    drawn: GraphRawData | None = None,
    held_out: Sequence[HeldOut] = (),
    test: NDArray[np.int64] | None = None,
    history: Mapping[str, Any] | None = None,
    diagnostics: Mapping[str, Any] = {},
    paper: bool = False,
    logarithmic: bool = False,
) -> dict[str, Figure]:
    """Draw whatever a run found, on a grid or on none.

    Parameters
    ----------
    graph : GraphRawData
        The cells.
    target : str
        The target; its unit is `graph.info.units[target]`, where known.
    mean, std : float64 array [N], optional
        Prediction of every cell and its standard deviation, in the target's unit.
    drawn : GraphRawData, optional
        The cells of both, where they are not those of `graph`.
    held_out : sequence of HeldOut
        Predictions of the test cells.
    test : int64 array [n], optional
        The test cells, as indices into `graph.cell`.
    history : mapping, optional
        As `training_curve` takes it.
    diagnostics : mapping
        What `diagnose` found.
    paper : bool
        Whether `held_out` and the diagnostics of errors are on the paper's scale.
    logarithmic : bool
        Whether the target's scale is; see `colour_scale`.

    Returns
    -------
    dict of str to Figure
        Named as the functions of `plots` that made them.
    """
    unit = own_unit = graph.info.units.get(target, "")
    label = f"{target} [{unit}]" if unit else target
    figures, cells = {}, drawn or graph
    if mean is not None:
        observed = cells.observed(target)
        figures["prediction_map"] = plots.prediction_map(cells, mean, label, observed, logarithmic)
    if std is not None:
        text = tr("Standard deviation of {label}").format(label=label)
        figures["uncertainty_map"] = plots.uncertainty_map(cells, std, text, logarithmic)
    if paper:
        unit, label = "", tr("{target} (paper’s scale)").format(target=target)
    ours = next((item for item in held_out if item.method == OURS), None)
    if ours is not None and test is not None and len(test):
        figures["observed_vs_predicted"] = plots.observed_vs_predicted(ours, label)
        residuals = ours.observed - ours.predicted
        text = tr("Residual of {label}").format(label=label)
        figures["residual_map"] = plots.residual_map(graph, test, residuals, text)
    if "coverage" in diagnostics:
        coverage = diagnostics["coverage"]["by_test"]
        figures["calibration_plot"] = plots.calibration_plot(coverage, own_unit)
    if "reliability" in diagnostics:
        chances = next(iter(diagnostics["reliability"]["by_test"].values()))
        figures["reliability_plot"] = plots.reliability_plot(chances, own_unit)
    if "pattern" in diagnostics:
        figures["semivariogram_plot"] = plots.semivariogram_plot(
            diagnostics["pattern"]["semivariogram"], unit
        )
    if "error_by_distance" in diagnostics:
        figures["distance_plot"] = plots.distance_plot(diagnostics["error_by_distance"], unit)
    if diagnostics.get("importance"):
        figures["importance_plot"] = plots.importance_plot(diagnostics["importance"], own_unit)
    if history:
        figures["training_curve"] = plots.training_curve(history)
    return figures
