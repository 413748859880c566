"""The report of a run: its numbers, figures and pages."""

from __future__ import annotations

import dataclasses
import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from ..data.builders.graph import GraphRawData
from ..data.sources.vector import is_vector
from ..files import OutputSet
from ..language import speaking
from ..names import BLOCKS, LANDCOVER
from ..validation.run import Run, versions
from .diagnostics import diagnose
from .repeating import repeating_command
from .summary import summarise
from .words import reach_in_words

if TYPE_CHECKING:
    from matplotlib.figure import Figure

# Tables up to this size are kept in a report's JSON.
_MOST_TABLE_BYTES = 4_000_000


def diagnosis_of(run: Run, graph: GraphRawData) -> dict[str, Any]:
    """What the errors of the tests tell, and what else was found out of trust."""
    found = {**diagnose(graph, run.trials, run.config.uncertainty.level), **run.trust}
    if run.expected:
        reach = dataclasses.asdict(run.reach)
        found["reach"] = {**reach, "text": reach_in_words(**reach)}
    return found


def draw(
    run: Run,
    graph: GraphRawData,
    target: str,
    mean: NDArray[np.float64] | None = None,
    std: NDArray[np.float64] | None = None,
    drawn: GraphRawData | None = None,
) -> dict[str, Figure]:
    """Draw what a run found; arguments as of `Reported`."""
    # Matplotlib takes long to load: only what draws asks for it.
    from .drawing import drawn_language
    from .figures import make_figures

    with speaking(drawn_language()):
        return make_figures(
            graph,
            target,
            mean=mean,
            std=std,
            drawn=drawn,
            held_out=run.first.reported if run.first else (),
            test=run.test,
            history=run.history,
            diagnostics=diagnosis_of(run, graph),
            paper=run.first is not None and run.first.paper,
            logarithmic=run.logarithmic,
        )


class Reported(NamedTuple):
    """What a report tells of a target.

    Parameters
    ----------
    run : Run
        The record.
    graph : GraphRawData
        The graph.
    target : str
        The target.
    mean, std : float64 array [N] or None
        The map and its standard deviation, where the run made one.
    drawn : GraphRawData, optional
        The cells of `mean` and `std`, with what was measured, where these are not the graph's.
    """

    run: Run
    graph: GraphRawData
    target: str
    mean: NDArray[np.float64] | None = None
    std: NDArray[np.float64] | None = None
    drawn: GraphRawData | None = None


def write_report(
    run: Run,
    graph: GraphRawData,
    target: str,
    outputs: OutputSet,
    mean: NDArray[np.float64] | None,
    std: NDArray[np.float64] | None = None,
) -> None:
    """Write what was asked for of the report of a target; see `write_reports`."""
    write_reports([Reported(run, graph, target, mean, std)], outputs)


def write_reports(reported: Sequence[Reported], outputs: OutputSet) -> None:
    """Write what was asked for of the report, its JSON and the preview.

    Of several targets, the page has a section each below a table of their accuracy; the JSON is
    that of the first, with those of the others in `fields`; and the preview is of the first.

    Parameters
    ----------
    told : sequence of Reported
        At least one.
    outputs : OutputSet
        Its `report`, `report_json` and `preview` are written where wanted.
    """
    pages, wanted = [], [key for key in ("report", "report_json") if outputs.wants(key)]
    for number, one in enumerate(reported):
        drawn = "report" in wanted or (outputs.wants("preview") and number == 0)
        figures = draw(*one) if drawn else {}
        if number == 0 and outputs.wants("preview") and one.mean is not None:
            from .drawing import to_png

            to_png(figures["prediction_map"], outputs.stage("preview"))
        if wanted:
            unit = one.graph.info.units.get(one.target, "")
            parts = (*one[:3], unit, outputs.paths.get("report_json"))
            pages.append((_summary(*parts), figures))
    if "report" in wanted:
        from .html import render_all

        outputs.stage("report").write_text(render_all(pages), encoding="utf-8")
    if "report_json" in wanted:
        first, *others = (summary for summary, _ in pages)
        if others:
            kept = {"request", "settings", "versions", "checksums", "class_shares"}
            first["fields"] = {
                each["target"]: {name: part for name, part in each.items() if name not in kept}
                for each in others
            }
        write_json(first, outputs)


def write_json(summary: Mapping[str, Any], outputs: OutputSet) -> None:
    """Write what a report tells as JSON, if it is wanted."""
    if outputs.wants("report_json"):
        text = json.dumps(summary, ensure_ascii=False, indent=1, allow_nan=False)
        outputs.stage("report_json").write_text(text, encoding="utf-8")


def _summary(
    run: Run, graph: GraphRawData, target: str, unit: str, path: Path | None
) -> dict[str, Any]:
    landcover = graph.columns(LANDCOVER)
    shares = graph.features[:, landcover]
    covered = np.isfinite(shares).all(axis=1)
    if graph.whole:  # the others were drawn from the map
        covered[graph.observed(target)] = False
    mean_shares = shares[covered].mean(axis=0) if covered.any() else []
    names = [graph.feature_names[column] for column in landcover]
    blocks, expected = run.trials.get(BLOCKS), run.expected
    summary = summarise(
        target=target,
        unit=unit,
        held_out=run.held_out,
        graph_counts=graph.counts(),
        grid=graph.geometry.describe(),
        points=dataclasses.asdict(graph.info.points),
        class_shares=dict(zip(names, map(float, mean_shares))),
        attribution=graph.info.attribution,
        settings=dataclasses.asdict(run.config),
        versions=versions(),
        checksums=graph.info.checksums,
        seconds=run.seconds,
        device=run.device,
        history=run.history,
        split=run.first.details if run.first else {},
        blocks=(blocks.held_out, blocks.details) if blocks else None,
        expected=(expected.held_out, expected.details) if expected else None,
        scale=run.scale,
        paper=run.first is not None and run.first.paper,
        diagnostics=diagnosis_of(run, graph),
        warnings=run.warnings,
        job=run.request["job"],
        command=repeating_command(run.request, path),
    )
    # With the request inside, the report's JSON is itself a request that can be run again.
    return {**summary, "request": self_contained(run.request)}


def self_contained(request: Mapping[str, Any]) -> dict[str, Any]:
    """The request with its tables inside: those that QGIS writes are gone after the run."""
    # Where the network needs a proxy, its address may hold a password; the JSON has a command
    # of its own.
    kept = {name: part for name, part in request.items() if name not in ("network", "command")}
    for part in ("points", "poi", "area"):
        table = dict(kept.get(part) or {})
        path = Path(table.get("path", ""))
        if "path" in table and not is_vector(path) and path.stat().st_size <= _MOST_TABLE_BYTES:
            table["table"] = Path(table.pop("path")).read_text(encoding="utf-8")
            kept[part] = table
    return kept
