"""A summary and its pictures as one page that needs nothing else."""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from jinja2 import Environment, StrictUndefined
from matplotlib.figure import Figure

from .drawing import css_width, to_data_uri
from .words import format_column, format_number

Row = tuple[str, Any]

_TEMPLATE = Path(__file__).with_name("template.html")

# What the parts of a graph are called on the page.
_GRAPH_NAMES = {
    "area_nodes": "Cells",
    "entity_nodes": "Land-cover classes",
    "poi_nodes": "POI categories",
    "near_edges": "Links between neighbouring cells",
    "entity_locate_edges": "Links from classes to cells",
    "poi_locate_edges": "Links from categories to cells",
}
# Columns of a table of scores: which of two is better, and the digits of the largest.
_SCORES: dict[str, tuple[Any, int]] = {
    "r2": (max, 3),
    "rmse": (min, 4),
    "mae": (min, 4),
    "rmse_normalised": (min, 3),
}
_TITLES = {
    "interpolate": "Interpolation report",
    "train": "Training report",
    "evaluate": "Evaluation report",
    "compare": "Comparison of methods",
}


def render(summary: Mapping[str, Any], figures: Mapping[str, Figure]) -> str:
    """Write the report as HTML, without scripts and with its pictures inside.

    Parameters
    ----------
    summary : mapping
        What `summarise` returned.
    figures : mapping of str to Figure
        What `make_figures` returned, or some of it.
    """
    environment = Environment(
        autoescape=True, trim_blocks=True, lstrip_blocks=True, undefined=StrictUndefined
    )
    environment.filters["number"] = format_number
    template = environment.from_string(_TEMPLATE.read_text(encoding="utf-8"))
    blocks = summary["blocks"]
    return template.render(
        run=summary,
        title=_TITLES.get(summary["job"], "Report"),
        accuracy=_accuracy_rows(summary["accuracy"]["methods"]),
        blocks=_accuracy_rows(blocks["accuracy"]["methods"]) if blocks else [],
        calibrated=any(score["coverage"] is not None for score in summary["accuracy"]["methods"]),
        block_split=_named(blocks["split"]) if blocks else [],
        points=_point_rows(summary["points"]),
        graph=_named(summary["graph"], _GRAPH_NAMES),
        morans=_moran_rows(summary["diagnostics"]),
        split=_named(summary["split"]),
        shares=sorted(summary["class_shares"].items(), key=lambda item: -item[1]),
        training=_training_rows(summary),
        stages=_stage_rows(summary["seconds"]),
        settings=list(_flatten(summary["settings"])),
        images={name: to_data_uri(figure) for name, figure in figures.items()},
        widths={name: css_width(figure) for name, figure in figures.items()},
    )


def _accuracy_rows(methods: Sequence[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """Scores as text: one number of decimals a column, so that the points line up."""
    rows: list[dict[str, Any]] = [{"method": score["method"]} for score in methods]
    for key, (better, digits) in _SCORES.items():
        values = [score[key] for score in methods]
        ends = [score["intervals"].get(key) or (None, None) for score in methods]
        best = better((value for value in values if value is not None), default=None)
        texts = format_column([*values, *itertools.chain(*ends)], digits)
        for number, (row, value) in enumerate(zip(rows, values)):
            first = len(values) + 2 * number
            row[key] = {
                "text": texts[number],
                "best": value is not None and value == best,
                "range": "" if ends[number][0] is None else " to ".join(texts[first : first + 2]),
            }
    intervals = zip(rows, methods, format_column([score["width"] for score in methods]))
    for row, score, width in intervals:
        held = score["coverage"]
        row["coverage"] = "–" if held is None else f"{100 * held:.1f} %"
        row["width"] = width
    return rows


def _moran_rows(diagnostics: Mapping[str, Any]) -> list[tuple[str, ...]]:
    """Moran's I of the observed values and of the errors, as text."""
    moran = diagnostics.get("pattern", {}).get("moran", {})
    known = {name: item for name, item in moran.items() if item}
    names = {"observed": "Observed values", "residuals": "Errors of the prediction"}
    places = {"value": 3, "expected": 3, "std": 3, "z": 1}
    return [
        (
            names[name],
            *(f"{item[key]:.{count}f}".replace("-", "−") for key, count in places.items()),
        )
        for name, item in known.items()
    ]


def _point_rows(points: Mapping[str, Any]) -> list[Row]:
    dropped = [(f"Dropped: {reason}", count) for reason, count in points["dropped"].items()]
    return [("Points read", points["read"]), *dropped, ("Points used", points["used"])]


def _training_rows(summary: Mapping[str, Any]) -> list[Row]:
    history = summary["history"]
    names = {"epochs": "Epochs trained", "best_epoch": "Epoch kept"}
    rows = [(text, history[name]) for name, text in names.items() if name in history]
    return [("Device", summary["device"]), *rows]


def _stage_rows(seconds: Mapping[str, float]) -> list[Row]:
    stages = {**seconds, "all stages": sum(seconds.values())}
    return [(name, f"{value:,.1f}") for name, value in _named(stages)]


def _named(values: Mapping[str, Any], names: Mapping[str, str] = {}) -> list[Row]:
    """Entries under the names given for them, or under their own made readable."""
    return [
        (names.get(name, name.replace("_", " ").capitalize()), item)
        for name, item in values.items()
    ]


def _flatten(values: Mapping[str, Any], prefix: str = "") -> Iterator[Row]:
    """Every setting under its full name, as it is written in a configuration."""
    for name, value in values.items():
        if isinstance(value, Mapping):
            yield from _flatten(value, f"{prefix}{name}.")
        elif isinstance(value, list):
            yield f"{prefix}{name}", ", ".join(map(str, value)) or "none"
        else:
            yield f"{prefix}{name}", "none" if value in (None, "") else str(value)
