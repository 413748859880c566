"""Commands that learn from a graph: train, pretrain, evaluate."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from .. import schema
from .flags import option_flags, read_options
from .graphs import CSV_CRS, coord_flag, table_part
from .results import json_flag, quiet_flag, show
from .terminal import work

_graph_flag = click.option(
    "--graph", type=click.Path(path_type=Path), help="Graph file, in place of a city."
)


@click.command(short_help="Train and score a model on a city or a graph file.")
@_graph_flag
@option_flags("data", "model", "training", "output")
@json_flag
@quiet_flag
def train(graph: Path | None, as_json: bool, quiet: bool, **flags: Any) -> None:
    """Fit a model to the observed cells that are not held out, and score it on the others."""
    with work(quiet) as terminal:
        config = read_options(flags)
        from ..pipeline import run_job, training_places

        places = training_places(config, graph or "")
        parts = {"settings": flags["config_path"], **_graph(graph)}
        show(run_job(schema.TRAIN, config, places, terminal, **parts), as_json)


@click.command(short_help="Pretrain an encoder without any measured value.")
@_graph_flag
@click.option(
    "--output",
    type=click.Path(path_type=Path),
    help="Encoder file to write; by default it goes into --model-dir.",
)
@option_flags(
    "data",
    "model",
    "ssl",
    "training.seed",
    "training.device",
    "training.threads",
    "output.model_dir",
    "output.language",
    first="ssl",
)
@json_flag
@quiet_flag
def pretrain(
    graph: Path | None, output: Path | None, as_json: bool, quiet: bool, **flags: Any
) -> None:
    """Pretrain an encoder on a city or a graph file, for --pretrained-gnn of train."""
    with work(quiet) as terminal:
        config = read_options(flags, first="ssl")
        if output is None and not config.output.model_dir:
            raise click.UsageError("Say where the encoder goes: --output or --model-dir.")
        from ..pipeline import encoder_place, run_job

        places = {"encoder": str(output)} if output else encoder_place(config, graph or "")
        parts = {"settings": flags["config_path"], **_graph(graph)}
        show(run_job(schema.PRETRAIN, config, places, terminal, **parts), as_json)


@click.command(short_help="Score a model on cells that it was not fitted to.")
@click.option(
    "--model-path", required=True, type=click.Path(path_type=Path), help="Model file of train."
)
@_graph_flag
@click.option(
    "--points",
    type=click.Path(path_type=Path),
    help="Points measured later, to score by in place of held-out cells: CSV or a vector file.",
)
@click.option("--layer", help="Layer of --points, where that file has several. [its only one]")
@click.option("--target-column", help="Column of their values. [the model's target]")
@coord_flag
@click.option("--crs", help=f"CRS of the table's coordinates. [{CSV_CRS} for CSV]")
@click.option("--report", type=click.Path(path_type=Path), help="Report to write, as HTML.")
@option_flags("data", "training.device", "training.threads", "output.language")
@json_flag
@quiet_flag
def evaluate(
    model_path: Path,
    graph: Path | None,
    points: Path | None,
    layer: str | None,
    target_column: str | None,
    coord_columns: tuple[str, ...],
    crs: str | None,
    report: Path | None,
    as_json: bool,
    quiet: bool,
    **flags: Any,
) -> None:
    """Score a model on the observed cells that it was not fitted to.

    Without a city or a graph file these are the held-out cells of the city that it was
    trained on. With new points they are the cells that these fall in.
    """
    with work(quiet) as terminal:
        config = read_options(flags)
        from ..pipeline import run_job
        from ..prediction.fitted import FittedMap

        places = {"report": str(report)} if report else {}
        parts: dict[str, Any] = {"model_file": str(model_path), **_graph(graph)}
        parts["settings"] = flags["config_path"]
        if points:
            column = target_column or FittedMap.load(model_path).target
            table = table_part(points, coord_columns, crs, layer)
            parts["points"] = {**table, "targets": [column]}
        show(run_job(schema.EVALUATE, config, places, terminal, **parts), as_json)


def _graph(graph: Path | None) -> dict[str, str]:
    return {"graph": str(graph)} if graph else {}
