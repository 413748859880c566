"""Commands that learn from a graph: train, pretrain, evaluate."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from ..names import EVALUATE, PRETRAIN, TRAIN
from .flags import option_flags, read_options
from .graphs import CSV_CRS, coord_flag, table_part
from .results import json_flag, quiet_flag, show
from .terminal import work

_graph_flag = click.option(
    "--graph", type=click.Path(path_type=Path), help="Graph file, instead of a city."
)


@click.command(short_help="Train and score a model on a city or a graph file.")
@_graph_flag
@option_flags("data", "model", "training", "output")
@json_flag
@quiet_flag
def train(graph: Path | None, as_json: bool, quiet: bool, **flags: Any) -> None:
    """Fit a model to some of the observed cells, and score it on the held-out cells."""
    with work(quiet) as terminal:
        config = read_options(flags)
        from ..pipeline import named, run_job, training_outputs

        config = config if graph else named(config)
        outputs = training_outputs(config, graph or "")
        parts = {"settings": flags["config_path"], **_graph(graph)}
        show(run_job(TRAIN, config, outputs, terminal, **parts), as_json)


@click.command(short_help="Pretrain an encoder, without measured values.")
@_graph_flag
@click.option(
    "--output",
    type=click.Path(path_type=Path),
    help="Encoder file to write. [a file in --model-dir]",
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
        from ..pipeline import encoder_outputs, run_job

        outputs = {"encoder": str(output)} if output else encoder_outputs(config, graph or "")
        parts = {"settings": flags["config_path"], **_graph(graph)}
        show(run_job(PRETRAIN, config, outputs, terminal, **parts), as_json)


@click.command(short_help="Score a model on cells that were not used to fit it.")
@click.option(
    "--model-path", required=True, type=click.Path(path_type=Path), help="Model file from train."
)
@_graph_flag
@click.option(
    "--points",
    type=click.Path(path_type=Path),
    help="New points to score on, instead of held-out cells: CSV or a vector file.",
)
@click.option("--layer", help="Layer of --points, if the file has several. [its only one]")
@click.option("--target-column", help="Column with the values of --points. [the model's target]")
@coord_flag
@click.option("--crs", help=f"CRS of the coordinates in --points. [{CSV_CRS} for CSV]")
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
    """Score a model on observed cells that were not used to fit it.

    By default these are the held-out cells of the city that the model was trained on.
    With --points they are the cells that contain the new points.
    """
    with work(quiet) as terminal:
        config = read_options(flags)
        from ..pipeline import run_job
        from ..prediction.fitted import FittedMap

        outputs = {"report": str(report)} if report else {}
        parts: dict[str, Any] = {"model_file": str(model_path), **_graph(graph)}
        parts["settings"] = flags["config_path"]
        if points:
            column = target_column or FittedMap.load(model_path).target
            table = table_part(points, coord_columns, crs, layer)
            parts["points"] = {**table, "targets": [column]}
        show(run_job(EVALUATE, config, outputs, terminal, **parts), as_json)


def _graph(graph: Path | None) -> dict[str, str]:
    return {"graph": str(graph)} if graph else {}
