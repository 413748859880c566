"""Everything a report says, as numbers and words, ready for JSON."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ..data.builders.crs import parse_crs
from ..errors import InputError
from ..language import tr
from ..names import BLOCKS, GROUPS, MEAN, NEW_POINTS, OURS, RANDOM
from ..validation.metrics import LEVEL, metric_intervals, rmse_difference, skill_score
from ..validation.trials import HeldOut, on_paper, scores_of
from .plainly import plainly
from .verdict import verdict, verdict_of

SUMMARY_VERSION = 1


def summarise(
    *,
    target: str,
    unit: str,
    held_out: Sequence[HeldOut],
    graph_counts: Mapping[str, int],
    grid: Mapping[str, Any],
    points: Mapping[str, Any],
    class_shares: Mapping[str, float],
    settings: Mapping[str, Any],
    versions: Mapping[str, str],
    checksums: Mapping[str, str],
    seconds: Mapping[str, float],
    device: str,
    history: Mapping[str, Any],
    split: Mapping[str, Any],
    warnings: Sequence[str],
    job: str,
    command: str,
    attribution: str = "",
    blocks: tuple[Sequence[HeldOut], Mapping[str, Any]] | None = None,
    expected: tuple[Sequence[HeldOut], Mapping[str, Any]] | None = None,
    scale: float | None = None,
    paper: bool = False,
    diagnostics: Mapping[str, Any] = {},
    created: str | None = None,
) -> dict[str, Any]:
    """Put one run into a flat set of sections that JSON can hold.

    Parameters
    ----------
    target, unit : str
        Name of the target, and its unit or "".
    held_out : sequence of HeldOut
        Predictions on the test cells; empty where nothing was held out.
    graph_counts : mapping
        Number of nodes and edges of every type, as `GraphRawData.counts` gives them.
    grid : mapping
        The fields of `Grid`: `crs`, `left`, `top`, `cell_width`, `cell_height`,
        `rows`, `cols`.
    points : mapping
        `read`, `used` and `dropped`, the last a count by reason.
    class_shares : mapping
        Share (0 to 1) of the area with land cover that each class takes.
    settings : mapping
        The configuration, by section.
    versions, checksums : mapping
        Version by software; checksum by input file.
    seconds : mapping
        Wall time by stage, in order.
    device : str
        Where the model was trained.
    history : mapping
        `epochs`, `best_epoch`, `metric` (the name of the validation metric) and
        `curve`, a list of (epoch, training loss, validation metric). May be empty.
    split : mapping
        How the observed cells were divided: `kind`, `train`, `validation`, `test`, `seed`.
    warnings : sequence of str
        What the user should know about the result.
    job, command : str
        The kind of run, and the command that repeats it.
    attribution : str
        The attribution that the data require; empty if none.
    blocks : tuple, optional
        Predictions on held-out spatial blocks, and how they were chosen.
    expected : tuple, optional
        Predictions on held-out cells, weighted to lie as those of the map, and how well they do.
    scale : float, optional
        Standard deviation of the values that the methods were given: errors are also told
        as shares of it.
    paper : bool
        Whether accuracy is told on the paper's scale, and that in the target's unit beside it.
    diagnostics : mapping
        What `diagnose` found. May be empty.
    created : str, optional
        Local date and time of the run in ISO form; now by default.

    Returns
    -------
    dict
        Numbers, texts, lists and dicts; what is not defined (NaN) is None.

    Raises
    ------
    InputError
        If the methods were not tested on the same cells, or the grid's CRS is unknown.
    """
    accuracy = accuracy_of(held_out, scale, paper)
    found = _blocks(blocks, unit, scale, paper)
    of_map = _expected(expected, scale, paper)
    summary = {
        "version": SUMMARY_VERSION,
        "job": job,
        "target": target,
        "unit": unit,
        "created": created or datetime.now().astimezone().isoformat(timespec="seconds"),
        "plainly": plainly(
            accuracy,
            of_map and of_map["accuracy"],
            unit,
            diagnostics.get("applicability", {}).get("share"),
            settings.get("uncertainty", {}).get("level", 0.0),
        ),
        "verdict": verdict(
            accuracy,
            unit,
            _test(split),
            found and found["accuracy"],
            of_map and of_map["accuracy"],
        ),
        "expected": of_map,
        "accuracy": accuracy,
        "split": split,
        "blocks": found,
        "diagnostics": diagnostics,
        "grid": describe_grid(grid),
        "graph": graph_counts,
        "points": points,
        "class_shares": class_shares,
        "attribution": attribution,
        "history": history,
        "warnings": warnings,
        "settings": settings,
        "versions": versions,
        "checksums": checksums,
        "seconds": seconds,
        "device": device,
        "command": command,
    }
    plain: dict[str, Any] = _plain(summary)
    return plain


def _blocks(
    blocks: tuple[Sequence[HeldOut], Mapping[str, Any]] | None,
    unit: str,
    scale: float | None,
    paper: bool,
) -> dict[str, Any] | None:
    if blocks is None:
        return None
    held_out, split = blocks
    accuracy = accuracy_of(held_out, scale, paper)
    verdict = verdict_of(accuracy, unit, BLOCKS)
    return {"verdict": verdict, "accuracy": accuracy, "split": split}


def _expected(
    expected: tuple[Sequence[HeldOut], Mapping[str, Any]] | None,
    scale: float | None,
    paper: bool,
) -> dict[str, Any] | None:
    if expected is None:
        return None
    held_out, split = expected
    return {"accuracy": accuracy_of(held_out, scale, paper), "split": split}


def _test(split: Mapping[str, Any]) -> str:
    named = {"groups": GROUPS, "new points": NEW_POINTS}
    return named.get(split.get("kind", ""), RANDOM)


def accuracy_of(
    held_out: Sequence[HeldOut], scale: float | None, paper: bool = False
) -> dict[str, Any]:
    """Scores of every method with their bootstrap intervals, and how the decisive ones differ.

    `comparison` is ours against the best rival; `skill` is the skill score of the best method
    against the mean, and `model_skill` that of ours on the model's scale, on which the mean of the
    values is no mean, against that of the held-out values there. Each is None where one
    of the two is missing, and the latter two where cells are weighted. `in_unit` are the scores
    in the target's unit where others are on the paper's scale.
    """
    if paper:
        in_unit = accuracy_of(held_out, scale)["methods"]
        return {**accuracy_of(on_paper(held_out), 1.0), "paper": True, "in_unit": in_unit}
    scored = [item for item in held_out if len(item.observed)]
    if any(not np.array_equal(item.observed, scored[0].observed) for item in scored):
        raise InputError(tr("All methods must be tested on the same cells in the same order."))
    methods = [
        {**score, "intervals": metric_intervals(item.observed, item.predicted, item.weight)}
        for item, score in zip(scored, scores_of(scored, scale))
    ]
    ranked = sorted(zip(scored, methods), key=lambda pair: float(pair[1]["rmse"] or 0.0))
    order = [item for item, _ in ranked]
    ours = next((item for item in order if item.method == OURS), None)
    rival = next((item for item in order if item.method != OURS), None)
    mean = next((item for item in order if item.method == MEAN), None)
    best = next((item for item in order if item.method != MEAN), None)
    return {
        "methods": methods,
        "comparison": _compare(ours, rival),
        "skill": _skill(best, mean.predicted) if mean else None,
        "model_skill": _skill(ours and ours.scaled),
        "scale": scale,
        "level": LEVEL,
        "paper": False,
        "in_unit": [],
    }


def _compare(first: HeldOut | None, second: HeldOut | None) -> dict[str, Any] | None:
    if first is None or second is None:
        return None
    difference = rmse_difference(first.observed, first.predicted, second.predicted, first.weight)
    return {"method": first.method, "rival": second.method, **difference}


def _skill(
    first: HeldOut | None, mean: NDArray[np.floating] | None = None
) -> dict[str, Any] | None:
    """The skill score against a mean: that of the values themselves, where none is given."""
    if first is None or not len(first.observed) or first.weight is not None:
        return None
    reference = np.full(len(first.observed), first.observed.mean()) if mean is None else mean
    return {"method": first.method, **skill_score(first.observed, first.predicted, reference)}


def describe_grid(grid: Mapping[str, Any]) -> dict[str, Any]:
    """The fields of a `Grid`, with the name and the unit of its CRS."""
    crs = parse_crs(str(grid["crs"]), tr("the grid"))
    return {
        **grid,
        "crs_name": crs.name,
        "crs_unit": crs.axis_info[0].unit_name if crs.axis_info else "",
        "geographic": crs.is_geographic,
    }


def _plain(value: Any) -> Any:
    """`value` made of what JSON knows; numbers that are not finite become None."""
    if isinstance(value, Mapping):
        return {str(key): _plain(item) for key, item in value.items()}
    if isinstance(value, (np.ndarray, np.generic)):
        return _plain(value.tolist())
    if isinstance(value, Sequence) and not isinstance(value, str):
        return [_plain(item) for item in value]
    if isinstance(value, float):
        return value if math.isfinite(value) else None
    if value is None or isinstance(value, (str, int)):
        return value
    return str(value)
