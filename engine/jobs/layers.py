"""The map of a fitted model: every cell with its uncertainty, and the rasters that hold it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ..config.schema import TrainingConfig
from ..data.builders.graph import GraphRawData
from ..errors import InputError
from ..files import OutputSet
from ..language import tr
from ..models.base import Prediction
from ..numerics import float_type
from ..prediction.applicability import is_inside
from ..prediction.cells import write_points
from ..prediction.surface import to_grid, write_geotiff
from ..prediction.uncertainty import Calibration, without_own
from ..progress import Progress
from ..validation.trials import Trial
from .about import About

Array = NDArray[np.float64]

# Below this share of the cells, the area of applicability is worth a warning.
_MOSTLY = 0.9


def _no_residuals() -> InputError:
    return InputError(
        tr(
            "There are no residuals to write, since no cell is held out; hold some out, or do not "
            "ask for residuals."
        )
    )


def check_outputs(outputs: OutputSet, training: TrainingConfig, trains: bool) -> None:
    """Refuse at once what could not be written after a long run.

    Raises
    ------
    InputError
        If residuals are wanted of a job that trains, and no cell is held out.
    """
    nothing = training.validation == "holdout" and training.masked_ratio == 0
    if trains and nothing and outputs.wants("residuals"):
        raise _no_residuals()


@dataclass(frozen=True)
class Mapped:
    """Every cell of a graph, in the target's unit.

    Parameters
    ----------
    mean : float64 array [N]
        The mean of what a new measurement would give.
    std, lower, upper : float64 array [N]
        Its calibrated standard deviation and interval. In a cell that the model was fitted
        to they are those of the prediction without the cell's own value, so that `mean`,
        which knows that value, may lie outside.
    level : float
        Share of new measurements that an interval should hold.
    """

    mean: Array
    std: Array
    lower: Array
    upper: Array
    level: float

    @classmethod
    def of(
        cls,
        predicted: Prediction,
        left_out: Prediction,
        cells: NDArray[np.int64],
        calibration: Calibration,
        stretch: Array | float = 1.0,
    ) -> Mapped:
        """From what a model says of every cell, and of `cells` without their own values.

        Intervals of the other cells are `stretch` times wider, as `Reach.factor` gives it.
        """
        wider = replace(predicted, spread=predicted.spread * stretch)
        honest = without_own(wider, left_out, cells)
        return cls(
            predicted.mean,
            calibration.std(honest),
            calibration.lower(honest),
            calibration.upper(honest),
            calibration.level,
        )


def write_rasters(outputs: OutputSet, graph: GraphRawData, about: About, mapped: Mapped) -> None:
    """Write those of `prediction`, `std`, `lower` and `upper` that are wanted, in one precision."""
    label = about.label
    named = {"label": label, "level": 100 * mapped.level}
    layers = {
        "prediction": (label, mapped.mean),
        "std": (tr("{label}: standard deviation").format(**named), mapped.std),
        "lower": (tr("{label}: lower bound ({level:g} %)").format(**named), mapped.lower),
        "upper": (tr("{label}: upper bound ({level:g} %)").format(**named), mapped.upper),
    }
    dtype = float_type(mapped.mean, mapped.std, mapped.std, mapped.lower, mapped.upper)
    for key, (description, values) in layers.items():
        if outputs.wants(key):
            _write(outputs, key, graph, {description: values}, about, about.unit, dtype)


def write_applicability(
    outputs: OutputSet, graph: GraphRawData, about: About, index: Array
) -> None:
    """Write how dissimilar cells are, and which are inside, if `applicability` is wanted.

    `index` is that of `Applicability.index`, shape [N].
    """
    if outputs.wants("applicability"):
        bands = {
            tr("dissimilarity: 1 is the threshold"): index,
            tr("area of applicability: 1 inside, 0 outside"): is_inside(index).astype(np.float64),
        }
        _write(outputs, "applicability", graph, bands, about)


def tell_applicability(index: Array, progress: Progress) -> dict[str, Any]:
    """The `share` of cells inside, with a warning where it is small."""
    share = float(np.mean(is_inside(index)))
    if share < _MOSTLY:
        progress.warning(
            tr(
                "{percent:.0f} % of the cells lie outside the area of applicability: what "
                "surrounds them, or how far they lie from measured cells, is unlike the cells "
                "that the model learnt from. The figures on held-out cells do not tell how good "
                "the map is there."
            ).format(percent=100 * (1 - share))
        )
    return {"share": share}


def write_residuals(outputs: OutputSet, graph: GraphRawData, trials: Mapping[str, Trial]) -> None:
    """Write a point for each held-out cell of each test, if `residuals` are wanted.

    Columns: `observed`, `predicted`, `residual` (observed minus predicted), `lower`,
    `upper`, `inside` (1 where the interval holds what was observed, else 0; the three are
    null where the run has no intervals) and `split`, the test.
    """
    if not outputs.wants("residuals"):
        return
    tests = [(name, trial, trial.ours) for name, trial in trials.items()]
    known = [(name, trial.test, ours) for name, trial, ours in tests if ours is not None]
    if not known:
        raise _no_residuals()
    parts = []
    for name, cells, ours in known:
        nothing = np.full(len(cells), np.nan)
        lower = nothing if ours.lower is None else ours.lower
        upper = nothing if ours.upper is None else ours.upper
        held = ((lower <= ours.observed) & (ours.observed <= upper)).astype(np.float64)
        parts.append(
            {
                "observed": ours.observed,
                "predicted": ours.predicted,
                "residual": ours.observed - ours.predicted,
                "lower": lower,
                "upper": upper,
                "inside": np.where(np.isfinite(lower), held, np.nan),
                "split": np.full(len(cells), name, dtype=object),
            }
        )
    columns = {key: np.concatenate([part[key] for part in parts]) for key in parts[0]}
    cells = np.concatenate([cells for _, cells, _ in known])
    write_points(outputs.stage("residuals"), graph, cells, columns, "residuals")


def _write(
    outputs: OutputSet,
    key: str,
    graph: GraphRawData,
    bands: Mapping[str, NDArray[np.floating]],
    about: About,
    unit: str = "",
    dtype: type[np.floating] = np.float32,
) -> None:
    planes = {name: to_grid(graph, values) for name, values in bands.items()}
    grid = graph.grid
    place, tags = outputs.stage(key), about.tags()
    write_geotiff(place, grid.crs, grid.transform, planes, unit, tags, dtype)
