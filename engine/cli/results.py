"""What a command found, as a table or as JSON."""

from __future__ import annotations

import json
import sys
from collections.abc import Mapping
from typing import Any

import click

from ..names import FOREST, IDW, KRIGING, MEAN, OURS
from .door import give

_METHODS = {
    OURS: "",
    IDW: "idw_",
    KRIGING: "kriging_",
    FOREST: "forest_",
    MEAN: "mean_",
}
_FIGURES = ("r2", "rmse", "mae", "coverage", "width")
_SCORED = {
    "expected_": "To expect of the map",
    "": "Held-out cells",
    "blocks_": "Held-out blocks",
}
# What only JSON has: figures for other programs, and on the unit's scale those of the table again.
_ONLY_JSON = ("r2_model", "rank", "mae_share")
_UNIT = "_unit"
_TITLE = 22


json_flag = click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
quiet_flag = click.option("--quiet", is_flag=True, help="Show only warnings and the result.")


def show(result: Mapping[str, Any], as_json: bool) -> None:
    """Print a result on standard output."""
    # The escapes of JSON are read again as what they stand for, and those of a terminal are not.
    plain = (sys.stdout.encoding or "").lower() not in ("utf-8", "utf8")
    give(json.dumps(result, ensure_ascii=plain, indent=1) if as_json else _table(result))


def _table(result: Mapping[str, Any]) -> str:
    left, lines = dict(result), []
    for field, numbers in result.get("fields", {}).items():
        lines += [f"Field {field}", "", *_scores(dict(numbers))]
    own = _scores(left)
    shown = {
        key.replace("_", " "): value
        for key, value in left.items()
        if not isinstance(value, (dict, type(None))) and not key.endswith(_ONLY_JSON)
    }
    lines = lines or own
    width = max(map(len, shown), default=0) + 2
    return "\n".join([*lines, *(f"{key:<{width}}{_text(value)}" for key, value in shown.items())])


def _scores(left: dict[str, Any]) -> list[str]:
    """The lines of what `left` says of the methods, which is taken out of it."""
    lines = []
    if left.pop("paper_scale", False):
        lines.append("Figures are on the paper's scale; those that end in 'unit' are not.")
    else:
        for key in [key for key in left if key.endswith(_UNIT)]:
            del left[key]
    for prefix, title in _SCORED.items():
        scores = {
            method: [left.pop(prefix + key + figure, None) for figure in _FIGURES]
            for method, key in _METHODS.items()
        }
        scores = {method: row for method, row in scores.items() if any(v is not None for v in row)}
        if scores:
            lines.append(f"{title:<{_TITLE}}" + "".join(f"{name.upper():>12}" for name in _FIGURES))
            lines += [
                f"{method:<{_TITLE}}" + "".join(map(_cell, row)) for method, row in scores.items()
            ]
            lines.append("")
    return lines


def _cell(value: float | None) -> str:
    return f"{'' if value is None else _text(value):>12}"


def _text(value: Any) -> str:
    if isinstance(value, float):
        return f"{value:.4g}"
    return f"{value:,}" if isinstance(value, int) else str(value)
