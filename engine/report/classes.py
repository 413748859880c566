"""The report of a map of classes: sentences, tables, maps, and the same as JSON."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from datetime import datetime
from typing import Any

import numpy as np

from ..files import OutputSet
from ..language import language, speaking, tr
from ..names import BLOCKS, FOREST, NEAREST, OURS
from ..prediction.classmaps import ClassMap
from ..validation.classing import METHODS, ClassTest
from ..validation.run import Run, versions
from .names import kind_of, method_name, name_of, title_of
from .numbers import format_column, format_share
from .repeating import repeating_command
from .report import self_contained, write_json
from .summary import describe_grid

_FIGURES = ("accuracy", "kappa", "log_loss", "brier")
# A cell whose likeliest class has no larger probability than this is as likely of another.
_HALF = 0.5


def write_class_report(
    run: Run,
    field: str,
    found: ClassMap,
    applicable: float,
    tests: Mapping[str, ClassTest],
    outputs: OutputSet,
) -> None:
    """Write the report and its JSON, where they are wanted.

    Parameters
    ----------
    run : Run
        The record of the run.
    field : str
        What the classes are of.
    found : ClassMap
        The map; one of several blocks is thinned out.
    applicable : float
        Share of its cells that lies in the area of applicability.
    tests : mapping of str to ClassTest
        By the tests of `names`; empty where nothing was held out.
    outputs : OutputSet
        Its `report` and `report_json` are written where wanted.
    """
    if not (outputs.wants("report") or outputs.wants("report_json")):
        return
    summary = _summary(run, field, found, applicable, tests, outputs)
    if outputs.wants("report"):
        from .classplots import draw_classes
        from .drawing import css_width, drawn_language, to_data_uri
        from .html import point_rows, template

        with speaking(drawn_language()):
            figures = draw_classes(found)
        page = template("classes.html").render(
            run=summary,
            language=language(),
            title=title_of(summary["job"]),
            scores={
                test: _score_rows(tested["scores"]) for test, tested in summary["tests"].items()
            },
            splits={test: _named(tested["split"]) for test, tested in summary["tests"].items()},
            points=point_rows(summary["points"]),
            images={name: to_data_uri(figure) for name, figure in figures.items()},
            widths={name: css_width(figure) for name, figure in figures.items()},
            texts={test: _test_in_words(test) for test in tests},
        )
        outputs.stage("report").write_text(page, encoding="utf-8")
    write_json(summary, outputs)


def class_numbers(tests: Mapping[str, ClassTest]) -> dict[str, Any]:
    """The figures of a run, by their names in Processing."""
    first = next((test for name, test in tests.items() if name != BLOCKS), None)
    prefixes = {OURS: "", NEAREST: "NEAREST_", FOREST: "FOREST_"}
    numbers: dict[str, Any] = {"TEST_POINTS": int(first.counts.sum()) if first else 0}
    for where, test in (("", first), ("BLOCKS_", tests.get(BLOCKS))):
        scores = test.scores() if test else {}
        for method, prefix in prefixes.items():
            for name in _FIGURES:
                numbers[where + prefix + name.upper()] = scores.get(method, {}).get(name)
    return numbers


def class_sentences(
    found: ClassMap, applicable: float, tests: Mapping[str, ClassTest]
) -> list[str]:
    """What to expect of the map, for a reader without statistics."""
    sentences = [sentence for name, test in tests.items() for sentence in _sentences_of(name, test)]
    doubtful = float(np.mean(found.probabilities.max(axis=1) <= _HALF))
    sentences.append(
        tr(
            "In {share} of the map no class is likelier than all others together: look at the "
            "probabilities there."
        ).format(share=format_share(doubtful))
    )
    sentences.append(
        tr(
            "What is said of held-out points holds in {share} of the map, its area of "
            "applicability; elsewhere the ground, or the distance to the points, is another than "
            "theirs."
        ).format(share=format_share(applicable))
    )
    nothing = tr("No cell was held out, so nothing is known of the accuracy.")
    return sentences if tests else [nothing, *sentences]


def _sentences_of(name: str, test: ClassTest) -> list[str]:
    scores = test.scores()
    right = {method: format_share(score["accuracy"]) for method, score in scores.items()}
    text = tr(
        "At held-out points the class is right in {ours}; the class of the nearest measured cell "
        "in {nearest}, a random forest in {forest}."
    )
    if name == BLOCKS:
        text = tr(
            "Where whole blocks were held out, far from measured points, it is right in {ours}; "
            "the nearest in {nearest}, the forest in {forest}."
        )
    better = {method: test.clearly_better(method) for method in (NEAREST, FOREST)}
    verdict = tr("It is not shown that GeoHG is right more often than both.")
    if all(better.values()):
        verdict = tr("GeoHG is right clearly more often than both.")
    elif False in better.values():
        worst = method_name(next(m for m, wins in better.items() if wins is False))
        verdict = tr("{method} is right clearly more often than GeoHG: use it instead.")
        verdict = verdict.format(method=worst)
    return [text.format(ours=right[OURS], nearest=right[NEAREST], forest=right[FOREST]), verdict]


def _summary(
    run: Run,
    field: str,
    found: ClassMap,
    applicable: float,
    tests: Mapping[str, ClassTest],
    outputs: OutputSet,
) -> dict[str, Any]:
    graph, shares = found.graph, np.bincount(found.codes - 1, minlength=len(found.names))
    return {
        "target": field,
        "job": run.request["job"],
        "created": datetime.now().astimezone().isoformat(timespec="seconds"),
        "sentences": class_sentences(found, applicable, tests),
        "classes": list(found.names),
        "colours": found.colours,
        "map_shares": dict(zip(found.names, (shares / shares.sum()).tolist())),
        "applicability": {"share": applicable},
        "tests": {
            name: {"scores": test.scores(), "split": dict(test.details)}
            for name, test in tests.items()
        },
        "points": dataclasses.asdict(graph.info.points),
        "grid": describe_grid(graph.geometry.describe()),
        "attribution": graph.info.attribution,
        "settings": dataclasses.asdict(run.config),
        "seconds": run.seconds,
        "warnings": run.warnings,
        "versions": versions(),
        "checksums": graph.info.checksums,
        "command": repeating_command(run.request, outputs.paths.get("report_json")),
        "request": self_contained(run.request),
    }


def _test_in_words(test: str) -> str:
    """What a test is called on the page."""
    if test == BLOCKS:
        return tr("Held-out spatial blocks")
    return kind_of(test) if test == "groups" else tr("Held-out random cells")


def _score_rows(scores: Mapping[str, Mapping[str, Any]]) -> list[list[str]]:
    """A row a method: its name, and its figures as text."""
    columns = [format_column([scores[m][name] for m in METHODS], 3) for name in _FIGURES]
    return [[method_name(m), *row] for m, row in zip(METHODS, zip(*columns))]


def _named(values: Mapping[str, Any]) -> list[tuple[str, Any]]:
    kinds = {"kind": kind_of(values["kind"])} if "kind" in values else {}
    return [(name_of(name), item) for name, item in {**values, **kinds}.items()]
