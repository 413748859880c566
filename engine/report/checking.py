"""The page of a check of data: what they are, what is wrong with them, what to do."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from ..data.sources.points import Points, reason_in_words
from ..files import OutputSet
from ..language import language, tr
from ..names import LANDCOVER, POI_COUNT, POI_SHARE
from ..progress import time_in_words
from ..validation.firstlook import Coverage, Reach, Size, Spread
from ..validation.run import Run
from .names import kind_of_feature, title_of
from .numbers import format_number, format_share, true_minus
from .report import self_contained, write_json

Row = tuple[str, Any]

# Of a skewness beyond this a reader should know, and of a larger share of unshared variance.
_SKEWED, _MOSTLY = 1.0, 0.75
# With fewer observed cells, a map and its test are of little worth.
_FEW = 30
# Cells so many times as large or as small as those that suit the points are worth a word.
_OFF = 3.0
# From so many metres on, distances are told in kilometres.
_FAR = 5000.0
# So many classes are named.
_MOST_NAMED = 5


@dataclass(frozen=True, eq=False)
class Checked:
    """What a check found; what it did not come to is None.

    Parameters
    ----------
    target : str
        The field of values.
    stopped : str
        Why no map can be made; empty if one can.
    classes : mapping of str to int
        Where the field has classes, and no numbers: the points of each.
    """

    target: str
    stopped: str = ""
    classes: Mapping[str, int] = dataclasses.field(default_factory=dict)
    points: Points | None = None
    spread: Spread | None = None
    reach: Reach | None = None
    size: Size | None = None
    coverage: tuple[Coverage, ...] = ()
    lines: tuple[str, ...] = ()
    warnings: tuple[str, ...] = ()

    def sentences(self) -> list[str]:
        """What a reader without statistics should know, the most important first."""
        if self.stopped:
            text = tr("No map can be made yet: {reason}").format(reason=self.stopped)
            return [text, *self._of_classes()]
        count = len(self.warnings)
        first = tr("A map can be made of these data.")
        if count:
            text = tr("A map can be made of these data; {count} things are worth a look first.")
            first = text.format(count=count)
        return [first, *self._of_values(), *self._of_reach(), *self._of_size()]

    def numbers(self) -> dict[str, Any]:
        """The figures of the job, by their names in Processing; None where unknown."""
        spread, reach, size = self.spread, self.reach, self.size
        return {
            "GOOD": not self.stopped,
            "STOPPED": self.stopped,
            "WARNINGS": len(self.warnings),
            "POINTS": spread and spread.count,
            "POINTS_DROPPED": self.points and sum(self.points.dropped.values()),
            "DUPLICATES": spread and spread.again,
            "FAR_OUT": spread and spread.far,
            "SKEWNESS": spread and spread.skewness,
            "RANGE": reach and reach.metres,
            "UNSHARED": reach and reach.unshared,
            "CELLS": size and size.cells,
            "OBSERVED": size and size.observed,
            "USED_CELL_SIZE": size and size.width,
            "SUITABLE_CELL_SIZE": size and size.suits,
            "MEMORY": size and size.gigabytes,
            "RUN_SECONDS": size and size.seconds,
        }

    def _of_classes(self) -> list[str]:
        """That another job maps what the field has."""
        if not self.classes:
            return []
        ranked = sorted(self.classes.items(), key=lambda item: -item[1])[:_MOST_NAMED]
        named = ", ".join(f"{name} ({count})" for name, count in ranked)
        text = tr(
            "'{field}' has {count} classes, the commonest of which are {named}: Map classes of "
            "points (classify) maps them."
        )
        return [text.format(field=self.target, count=len(self.classes), named=named)]

    def _of_values(self) -> list[str]:
        sentences, spread = [], self.spread
        if spread and spread.again:
            sentences.append(
                tr(
                    "{count} points share a position with another one; at {differing} positions "
                    "the values differ, which is taken for the error of measurement."
                ).format(count=spread.again, differing=spread.differing)
            )
        if spread and spread.far:
            sentences.append(
                tr(
                    "{count} values lie far from the others ({rows}): correct them if they are "
                    "mistakes; a map follows them."
                ).format(count=spread.far, rows=spread.rows)
            )
        return sentences

    def _of_reach(self) -> list[str]:
        reach, spread = self.reach, self.spread
        if reach is None or spread is None:
            return []
        text = tr("Values are alike up to about {distance}.")
        if reach.unshared > _MOSTLY:
            text = tr(
                "Near cells do not share {share} of the variance: a map can tell little, unless "
                "land cover or a raster tells more."
            )
        distance, share = _distance(reach.metres), format_share(reach.unshared)
        sentences = [text.format(distance=distance, share=share)]
        if abs(spread.skewness) > _SKEWED:
            scale = {"identity": tr("none")}.get(reach.scale, reach.scale)
            text = tr("The values are skewed ({skewness}); the transformation is {scale}.")
            skewness = true_minus(f"{spread.skewness:.1f}")
            sentences.append(text.format(skewness=skewness, scale=scale))
        return sentences

    def _of_size(self) -> list[str]:
        size = self.size
        if size is None:
            return []
        sentences = []
        if size.observed < _FEW:
            text = tr("Only {count} cells have a measurement: expect wide intervals.")
            sentences.append(text.format(count=size.observed))
        if not 1 / _OFF < size.width / size.suits < _OFF:
            text = tr("The cells are {width:g} wide; {suits:g} would suit the points.")
            sentences.append(text.format(width=size.width, suits=size.suits))
        text = tr("The map has {cells:,} cells and takes about {time} and {memory:.1f} GB.")
        time = time_in_words(size.seconds)
        sentences.append(text.format(cells=size.cells, time=time, memory=size.gigabytes))
        return sentences


def write_check(found: Checked, run: Run, outputs: OutputSet) -> None:
    """Write the page and its JSON, where they are wanted."""
    summary = {
        "target": found.target,
        "job": run.request["job"],
        "created": datetime.now().astimezone().isoformat(timespec="seconds"),
        "sentences": found.sentences(),
        "warnings": list(found.warnings),
        "lines": list(found.lines),
        "numbers": found.numbers(),
        "coverage": [dataclasses.asdict(each) for each in found.coverage],
        "dropped": found.points.dropped if found.points else {},
        "request": self_contained(run.request),
    }
    if outputs.wants("report"):
        from .html import template

        page = template("check.html").render(
            run=summary,
            language=language(),
            title=title_of(summary["job"]),
            tables=_tables(found),
            coverage=[_coverage_row(each) for each in found.coverage],
        )
        outputs.stage("report").write_text(page, encoding="utf-8")
    write_json(summary, outputs)


def _tables(found: Checked) -> Mapping[str, list[Row]]:
    """The tables of the page, by their captions."""
    tables: dict[str, list[Row]] = {}
    if found.points and found.spread:
        text, spread = tr("Left out: {reason}"), found.spread
        dropped = [
            (text.format(reason=reason_in_words(reason)), count)
            for reason, count in found.points.dropped.items()
        ]
        tables[tr("Points.")] = [
            (tr("With a value"), spread.count),
            *dropped,
            (tr("Positions"), spread.places),
            (tr("Points at the position of another"), spread.again),
            (tr("CRS of the points"), found.points.crs.name),
        ]
        names = (
            tr("Least"),
            tr("First quartile"),
            tr("Median"),
            tr("Third quartile"),
            tr("Greatest"),
        )
        quantiles = [(name, format_number(v)) for name, v in zip(names, spread.quantiles)]
        tables[tr("Values.")] = [
            *quantiles,
            (tr("Mean"), format_number(spread.mean)),
            (tr("Skewness"), true_minus(f"{spread.skewness:.1f}")),
            (tr("Far from the others"), spread.far),
        ]
    if found.reach:
        tables[tr("How far values are alike.")] = [
            (tr("Range of the variogram"), _distance(found.reach.metres)),
            (tr("Variance that near cells do not share"), format_share(found.reach.unshared)),
        ]
    if found.size:
        size = found.size
        tables[tr("Map.")] = [
            (tr("Size of a cell"), size.cell),
            (tr("Size that suits the points"), f"{size.suits:g}"),
            (tr("Cells"), format_number(size.cells)),
            (tr("Cells with a measurement"), format_number(size.observed)),
            (tr("Made in blocks"), size.blocks),
            (tr("Memory"), f"{size.gigabytes:.1f} GB"),
            (tr("Time"), time_in_words(size.seconds)),
            (tr("CRS of the map"), size.crs),
        ]
    return tables


def _coverage_row(each: Coverage) -> tuple[str, str, int, str, str]:
    kind = kind_of_feature(each.kind)
    name = kind if each.kind in (LANDCOVER, POI_SHARE, POI_COUNT) else each.name
    return name, kind, each.columns, format_share(each.cells), format_share(each.observed)


def _distance(metres: float) -> str:
    """A distance in words, of two digits: 850 m, or 12 km."""
    rounded = float(f"{metres:.2g}")
    return f"{rounded / 1000:,.0f} km" if metres >= _FAR else f"{rounded:,.0f} m"
