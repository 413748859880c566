"""A summary and its pictures as one page that needs nothing else."""

from __future__ import annotations

import functools
import itertools
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined, Template
from matplotlib.figure import Figure

from ..data.builders.esa_worldcover import class_in_words
from ..data.sources.points import reason_in_words
from ..data.transforms import PAPER
from ..language import language, tr
from ..names import IDW, KRIGING, OURS
from .drawing import css_width, to_data_uri
from .names import kind_of, method_name, name_of, title_of, unit_of
from .numbers import (
    format_column,
    format_date,
    format_number,
    format_share,
    in_unit,
    together,
    true_minus,
)

Row = tuple[str, Any]

# Where the template begins what it says, and where it ends.
_BODY, _FOOTER = "<body>", "<footer"


# The paper's scale of a target, before it is standardised.
_FORMULA = {"paper": "log(y − min + 1)", "paper-carbon": "log(min(y, 2000) − min + 500)"}
# Columns of a table of scores: which of two is better, and the digits of the largest.
_SCORES: dict[str, tuple[Any, int]] = {
    "r2": (max, 3),
    "rmse": (min, 4),
    "mae": (min, 4),
    "rmse_normalised": (min, 3),
    "r2_model": (max, 3),
    "rank": (max, 3),
    "mae_share": (min, 3),
}


def render_all(pages: Sequence[tuple[Mapping[str, Any], Mapping[str, Figure]]]) -> str:
    """Write the report of several targets as one page: `render` of each, below their accuracy."""
    first, *others = pages
    source = render(*first, _overview([summary for summary, _ in pages]) if others else ())
    bodies = [_body(render(*page)) for page in others]
    before, footer, after = source.rpartition(_FOOTER)
    return "".join([before, *bodies, footer, after])


def _body(source: str) -> str:
    """What a page says, without what every page has."""
    return source.partition(_BODY)[2].rpartition(_FOOTER)[0]


def _overview(summaries: Sequence[Mapping[str, Any]]) -> list[dict[str, str]]:
    """A row of a table for each target, as text."""
    rows = []
    for summary in summaries:
        scores = {score["method"]: score for score in summary["accuracy"]["methods"]}
        ours = scores.get(OURS, {})
        rows.append(
            {
                "target": in_unit(summary["target"], summary["unit"]),
                "r2": _figure(ours.get("r2"), 3),
                **{
                    key: _figure(scores.get(method, {}).get("rmse"), 4)
                    for key, method in (("rmse", OURS), ("idw", IDW), ("kriging", KRIGING))
                },
                "coverage": _share(ours.get("coverage")),
            }
        )
    return rows


def _figure(value: float | None, digits: int) -> str:
    return format_column([value], digits)[0]


def _share(value: float | None) -> str:
    return "–" if value is None else format_share(value)


def render(
    summary: Mapping[str, Any],
    figures: Mapping[str, Figure],
    overview: Sequence[Mapping[str, str]] = (),
) -> str:
    """Write the report as HTML, without scripts and with its pictures inside.

    Parameters
    ----------
    summary : mapping
        What `summarise` returned.
    figures : mapping of str to Figure
        What `make_figures` returned, or some of it.
    overview : sequence of mapping
        A row for each target, where the page is the first of several.
    """
    blocks, expected = summary["blocks"], summary["expected"]
    robust = summary["accuracy"]["in_unit"] or summary["accuracy"]["methods"]
    return template("template.html").render(
        run=summary,
        overview=overview,
        language=language(),
        title=title_of(summary["job"]),
        accuracy=_accuracy_rows(summary["accuracy"]["methods"]),
        in_unit=_accuracy_rows(summary["accuracy"]["in_unit"]),
        robust_rows=_accuracy_rows(robust),
        curved=any(score["r2_model"] is not None for score in robust),
        scale="" if summary["accuracy"]["paper"] else summary["unit"],
        formula=_FORMULA[PAPER[summary["target"]]] if summary["accuracy"]["paper"] else "",
        blocks=_accuracy_rows(blocks["accuracy"]["methods"]) if blocks else [],
        expected=_accuracy_rows(expected["accuracy"]["methods"]) if expected else [],
        matched=_split_rows(expected["split"]) if expected else [],
        calibrated=any(score["coverage"] is not None for score in summary["accuracy"]["methods"]),
        block_split=_split_rows(blocks["split"]) if blocks else [],
        points=point_rows(summary["points"]),
        graph=_named(summary["graph"]),
        morans=_moran_rows(summary["diagnostics"]),
        split=_split_rows(summary["split"]),
        shares=_share_rows(summary["class_shares"]),
        training=_training_rows(summary),
        stages=_stage_rows(summary["seconds"]),
        settings=list(_flatten(summary["settings"])),
        images={name: to_data_uri(figure) for name, figure in figures.items()},
        widths={name: css_width(figure) for name, figure in figures.items()},
    )


@functools.cache
def template(name: str) -> Template:
    """A page of this folder, compiled; what it says is translated as it is rendered."""
    environment = Environment(
        loader=FileSystemLoader(Path(__file__).parent, encoding="utf-8"),
        autoescape=True,
        trim_blocks=True,
        lstrip_blocks=True,
        undefined=StrictUndefined,
    )
    environment.filters.update(number=format_number, date=format_date, percent=format_share)
    environment.globals.update(tr=tr, together=together, with_unit=in_unit, unit_of=unit_of)
    return environment.get_template(name)


def _accuracy_rows(methods: Sequence[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """Scores as text: one number of decimals a column, so that the points line up."""
    rows: list[dict[str, Any]] = [{"method": method_name(score["method"])} for score in methods]
    for key, (better, digits) in _SCORES.items():
        values = [score[key] for score in methods]
        ends = [score["intervals"].get(key) or (None, None) for score in methods]
        best = better((value for value in values if value is not None), default=None)
        texts = format_column([*values, *itertools.chain(*ends)], digits)
        best_text = "" if best is None else texts[values.index(best)]
        for number, (row, value) in enumerate(zip(rows, values)):
            first = len(values) + 2 * number
            lower, upper = texts[first : first + 2]
            span = tr("{lower} to {upper}").format(lower=lower, upper=upper)
            row[key] = {
                "text": texts[number],
                "best": value is not None and texts[number] == best_text,
                "range": "" if ends[number][0] is None else span,
            }
    intervals = zip(rows, methods, format_column([score["width"] for score in methods]))
    for row, score, width in intervals:
        held = score["coverage"]
        row["coverage"] = _share(held)
        row["width"] = width
    return rows


def _moran_rows(diagnostics: Mapping[str, Any]) -> list[tuple[str, ...]]:
    """Moran's I of the observed values and of the errors, as text."""
    moran = diagnostics.get("pattern", {}).get("moran", {})
    known = {name: item for name, item in moran.items() if item}
    names = {"observed": tr("Observed values"), "residuals": tr("Prediction errors")}
    decimals = {"value": 3, "expected": 3, "std": 3, "z": 1}
    return [
        (names[name], *(true_minus(f"{item[key]:.{count}f}") for key, count in decimals.items()))
        for name, item in known.items()
    ]


def point_rows(points: Mapping[str, Any]) -> list[Row]:
    text = tr("Left out: {reason}")
    dropped = [
        (text.format(reason=reason_in_words(reason)), count)
        for reason, count in points["dropped"].items()
    ]
    return [(tr("Points read"), points["read"]), *dropped, (tr("Points used"), points["used"])]


def _split_rows(split: Mapping[str, Any]) -> list[Row]:
    kind = {"kind": kind_of(split["kind"])} if "kind" in split else {}
    return _named({**split, **kind})


def _share_rows(shares: Mapping[str, float]) -> list[Row]:
    """Classes of land cover, the largest first."""
    ranked = sorted(shares.items(), key=lambda item: -item[1])
    return [(class_in_words(name), share) for name, share in ranked]


def _training_rows(summary: Mapping[str, Any]) -> list[Row]:
    history = summary["history"]
    names = {"epochs": tr("Epochs trained"), "best_epoch": tr("Epoch kept")}
    rows = [(text, history[name]) for name, text in names.items() if name in history]
    return [(tr("Device"), summary["device"]), *rows]


def _stage_rows(seconds: Mapping[str, float]) -> list[Row]:
    stages = {**seconds, "all stages": sum(seconds.values())}
    return [(name, f"{value:,.1f}") for name, value in _named(stages)]


def _named(values: Mapping[str, Any]) -> list[Row]:
    return [(name_of(name), item) for name, item in values.items()]


def _flatten(values: Mapping[str, Any], prefix: str = "") -> Iterator[Row]:
    """Every setting under its full name, as it is written in a configuration."""
    for name, value in values.items():
        if isinstance(value, Mapping):
            yield from _flatten(value, f"{prefix}{name}.")
        elif isinstance(value, list):
            yield f"{prefix}{name}", ", ".join(map(str, value)) or tr("none")
        else:
            yield f"{prefix}{name}", tr("none") if value in (None, "") else str(value)
