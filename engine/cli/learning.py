"""Commands around a model: train, pretrain, evaluate, predict."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from ..names import PRETRAIN, STATISTICS, TRAIN
from .command import command
from .flags import option_flags, read_options
from .graphs import APPLICABILITY, MORE_MAPS, map_flags, output_flag, report_flag
from .inputs import CSV_CRS, Flag, coord_flag, file_path, ground_flags, take_inputs
from .results import json_flag, quiet_flag, show
from .terminal import work

_model_flag = click.option(
    "--model-path", required=True, type=file_path, help="Model file from train or run."
)
_MORE = {
    "std": "Raster of the standard deviation to write.",
    "lower": "Raster of the lower ends of the intervals to write.",
    "upper": "Raster of the upper ends of the intervals to write.",
    **APPLICABILITY,
    **MORE_MAPS,
    "probabilities": "Of a model of classes: raster of the probability of each to write, a band "
    "each.",
}


# Options of what a pipeline writes.
PIPELINE_OUTPUT = (
    "output.model_dir",
    "output.log_dir",
    "output.plot_dir",
    "output.plot_format",
    "output.language",
)


def _graph_flag(default: str = "") -> Flag:
    text = f"Graph file, instead of a city.{default}"
    return click.option("--graph", type=file_path, help=text)


@command(short_help="Train and score a model on a city or a graph file.")
@_graph_flag()
@option_flags("data", "model", "training", *PIPELINE_OUTPUT)
@json_flag
@quiet_flag
def train(graph: Path | None, as_json: bool, quiet: bool, **flags: Any) -> None:
    """Fit a model to some of the observed cells, and score it on the held-out cells."""
    with work(quiet) as terminal:
        config, settings = read_options(flags), flags["config_path"]
        from ..calls import run_job
        from ..pipeline import named, training_outputs

        config = config if graph else named(config)
        outputs = training_outputs(config, graph or "")
        show(run_job(TRAIN, config, outputs, terminal, settings, graph=graph), as_json)


@command(short_help="Pretrain an encoder, without measured values.")
@_graph_flag()
@click.option("--output", type=file_path, help="Encoder file to write. [a file in --model-dir]")
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
        config, settings = read_options(flags, first="ssl"), flags["config_path"]
        if output is None and not config.output.model_dir:
            raise click.UsageError("Say where the encoder goes: --output or --model-dir.")
        from ..calls import run_job
        from ..pipeline import encoder_outputs

        outputs = {"encoder": str(output)} if output else encoder_outputs(config, graph or "")
        show(run_job(PRETRAIN, config, outputs, terminal, settings, graph=graph), as_json)


@command(short_help="Score a model on cells that were not used to fit it.")
@_model_flag
@_graph_flag(" [the city of the model]")
@click.option(
    "--points",
    "--data",
    "data",
    type=file_path,
    help="New points to score on, instead of held-out cells: CSV or a vector file.",
)
@click.option("--layer", help="Layer of --points, if the file has several. [its only one]")
@click.option("--target-column", help="Column with the values of --points. [the model's target]")
@coord_flag
@click.option("--crs", help=f"CRS of the coordinates in --points. [{CSV_CRS} for CSV]")
@report_flag
@option_flags(
    "data",
    "training.importance",
    "training.device",
    "training.threads",
    "output.language",
)
@json_flag
@quiet_flag
def evaluate(
    model_path: Path, graph: Path | None, as_json: bool, quiet: bool, **flags: Any
) -> None:
    """Score a model on observed cells that were not used to fit it.

    By default these are the held-out cells of the city that the model was trained on.
    With --points they are the cells that contain the new points.
    """
    with work(quiet) as terminal:
        named = ("data", "layer", "target_column", "coord_columns", "crs", "report")
        points: dict[str, Any] = {name: flags.pop(name) for name in named}
        how: dict[str, Any] = {"config": read_options(flags), "settings": flags["config_path"]}
        from .. import calls

        show(calls.evaluate(model_path, graph, **points, **how, progress=terminal), as_json)


@command(short_help="Predict every cell with a model file.")
@_model_flag
@_graph_flag(" [the city of the model]")
@ground_flags
@output_flag
@map_flags(_MORE)
@option_flags(
    "data",
    "uncertainty",
    "execution",
    "training.device",
    "training.threads",
    "output.contour_interval",
    "output.language",
)
@json_flag
@quiet_flag
def predict(
    model_path: Path,
    graph: Path | None,
    output: tuple[Path, ...],
    as_json: bool,
    quiet: bool,
    **flags: Any,
) -> None:
    """Predict a value, or a class, for every cell of a graph or of a grid with the sources.

    Sources are given as for interpolate, by the same names, of the same place or of another. The
    grid has the CRS and the cell size of the model, and without an extent its extent. A graph
    without a grid, of districts or stations, gives a table.
    """
    with work(quiet) as terminal:
        how: dict[str, Any] = {name: flags.pop(name) for name in _MORE}
        how |= take_inputs(flags)
        how |= {"config": read_options(flags), "settings": flags["config_path"]}
        from .. import calls

        show(calls.predict(model_path, graph, output, **how, progress=terminal), as_json)


@command(short_help="Mean or total of each polygon, with its uncertainty.")
@_model_flag
@_graph_flag(" [the city of the model]")
@click.option(
    "--polygons",
    type=file_path,
    required=True,
    help="Polygons such as districts: GeoPackage, GeoJSON or Shapefile.",
)
@click.option("--layer", help="Layer of --polygons, if the file has several. [its only one]")
@click.option(
    "--statistic",
    type=click.Choice(STATISTICS),
    default=STATISTICS[0],
    help="What is told of the cells of a polygon: mean of a density or rate, total of a count. "
    "[mean]",
)
@click.option(
    "--output",
    type=file_path,
    required=True,
    help="Table (.csv) or layer of the polygons (.gpkg, .geojson, .fgb) to write.",
)
@option_flags(
    "data",
    "uncertainty.level",
    "uncertainty.thresholds",
    "training.device",
    "training.threads",
    "output.language",
)
@json_flag
@quiet_flag
def summarise(as_json: bool, quiet: bool, **flags: Any) -> None:
    """Give each polygon the mean or total of its cells of a map, from a model file.

    Deviations and intervals rest on the covariance of the cells. With --thresholds, each
    polygon has the probability of exceeding them.
    """
    with work(quiet) as terminal:
        named = ("model_path", "polygons", "output", "graph", "layer", "statistic")
        model, polygons, output, graph, layer, statistic = (flags.pop(name) for name in named)
        how: dict[str, Any] = {"config": read_options(flags), "settings": flags["config_path"]}
        from .. import calls

        how |= {"layer": layer, "statistic": statistic, "progress": terminal}
        show(calls.summarise(model, polygons, output, graph, **how), as_json)
