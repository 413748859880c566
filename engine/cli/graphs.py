"""Commands that make a graph from maps and points: check, interpolate, classify and others."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import click

from ..names import (
    BUILDGRAPH,
    CHECK,
    CLASSIFY,
    COMPARE,
    IMPORTCITY,
    INTERPOLATE,
    NO_WORLDCOVER,
)
from ..progress import Progress
from .command import command
from .flags import Command, option_flags, read_options
from .inputs import data_flags, file_path, polygon_flags, take_inputs
from .results import json_flag, quiet_flag, show
from .terminal import work

report_flag = click.option(
    "--report", type=file_path, help="Report to write, as HTML, with its numbers as JSON beside."
)
output_flag = click.option(
    "--output",
    type=file_path,
    multiple=True,
    required=True,
    help="Map to write: a raster (.tif), or a table of the cells (.csv, .gpkg, .geojson, .fgb); "
    "may be given twice.",
)
MORE_MAPS = {
    "exceedance": "Raster of the probability of exceeding --thresholds to write, a band each.",
    "quantile_map": "Raster of each of --quantiles to write, a band each.",
    "simulations": "Raster of --simulations-count equally likely maps to write, a band each.",
    "contours": "Layer of the lines of equal value to write (.gpkg, .geojson, .fgb).",
}
_MORE = {
    **MORE_MAPS,
    "next_points": "Layer of the places where a measurement would tell most to write (.gpkg, "
    ".geojson, .fgb).",
}
APPLICABILITY = {"applicability": "Raster of the area of applicability to write."}
_CLASS_MAPS = {
    "probabilities": "Raster of the probability of each class to write (.tif), a band each.",
    **APPLICABILITY,
    "model": "Model file to write, for predict.",
}
_folder_flag = click.option(
    "--output-dir", type=file_path, required=True, help="Folder for the graph file and CSV files."
)


@command(short_help="Make a graph from land cover, and optionally points and POIs.")
@data_flags(several=True)
@_folder_flag
@option_flags("data.worldcover", "output.toolkit_headers", "output.language")
@json_flag
@quiet_flag
def build_graph(output_dir: Path, as_json: bool, quiet: bool, **flags: Any) -> None:
    """Make a graph of cells, land-cover classes and POI categories.

    Writes graph.safetensors and the CSV files of a city folder. The train command and
    other programs can read both.
    """
    with work(quiet) as terminal:
        inputs, settings = take_inputs(flags), flags["config_path"]
        config = read_options(flags)
        if not inputs["landcover"] and config.data.worldcover == NO_WORLDCOVER:
            raise click.UsageError("Give --tif-path, or --worldcover to fetch land cover.")
        from ..calls import run_job
        from ..jobs.parts import request_parts

        parts, outputs = request_parts(**inputs), graph_outputs(output_dir)
        outputs["city"] = str(Path(outputs["graph"]).parent)
        show(run_job(BUILDGRAPH, config, outputs, terminal, settings, **parts), as_json)


@command(short_help="Make a graph from the files of a city.")
@click.argument("folder", type=file_path)
@click.option("--target-folder", type=file_path, help="Folder of the city's targets. [FOLDER]")
@_folder_flag
@option_flags("data.task", "data.strict_reference", "output.language")
@json_flag
@quiet_flag
def import_city(
    folder: Path,
    target_folder: Path | None,
    output_dir: Path,
    as_json: bool,
    quiet: bool,
    **flags: Any,
) -> None:
    """Make a graph file from the files of a city in FOLDER.

    These are the CSV files of build-graph, or the files of the paper's public data.
    """
    with work(quiet) as terminal:
        config, settings = read_options(flags), flags["config_path"]
        from ..calls import run_job

        parts = {"folder": folder, "target_folder": target_folder}
        outputs = graph_outputs(output_dir)
        show(run_job(IMPORTCITY, config, outputs, terminal, settings, **parts), as_json)


def graph_outputs(folder: Path) -> dict[str, str]:
    """The graph file in a folder, which is made."""
    from ..pipeline import make_folder

    return {"graph": str(make_folder(folder) / "graph.safetensors")}


def map_flags(texts: Mapping[str, str]) -> Callable[[Command], Command]:
    """A flag for each file of a map, by the name of its output."""

    def decorate(function: Command) -> Command:
        for name, text in reversed([*texts.items()]):
            flag = f"--{name.replace('_', '-')}"
            function = click.option(flag, name, type=file_path, help=text)(function)
        return function

    return decorate


_GROUND = ("data.hypernode", "data.entity_thresh", "data.poi_thresh", "data.worldcover")
_TESTING = ("validation", "masked_ratio", "folds", "blocks", "block_size", "seed", "device")
_MODEL = ("data.pos_embedding", "model", "training", "uncertainty.level")
_CLASSES = (*(f"training.{name}" for name in _TESTING), "training.threads")


def _point_flags(*more: str) -> Callable[[Command], Command]:
    """Flags of the inputs and options of what predicts from points, and of `more` options."""
    options = option_flags(*_GROUND, *more, "output.language")

    def decorate(function: Command) -> Command:
        data = data_flags(required=True, several=True)
        for flag in (quiet_flag, json_flag, options, report_flag, data):
            function = flag(function)
        return function

    return decorate


@command(short_help="Predict a value for every cell from points.")
@output_flag
@map_flags(_MORE)
@polygon_flags
@_point_flags(*_MODEL, "execution", "uncertainty", "output.contour_interval")
def interpolate(output: tuple[Path, ...], **flags: Any) -> None:
    """Predict a value for every cell of a grid from scattered points.

    Land cover and POIs improve the map where the value depends on them. With --support, --data
    has polygons, such as districts, and the map has their means or adds up to their totals.
    """
    with work(flags.pop("quiet")) as terminal:
        rasters = {name: flags.pop(name) for name in _MORE}
        _run(INTERPOLATE, output, flags, terminal, rasters)


@command(short_help="Map a class, such as the type of soil, from points.")
@click.option(
    "--output",
    "class_map",
    type=file_path,
    required=True,
    help="Raster of the likeliest class of each cell to write (.tif), with its colours.",
)
@map_flags(_CLASS_MAPS)
@_point_flags(*_CLASSES, "execution")
def classify(**flags: Any) -> None:
    """Predict the class of every cell of a grid from points of classes.

    The column of --target-column has texts or whole numbers. All methods are tested on the same
    held-out cells: GeoHG, the nearest measured cell and a random forest.
    """
    with work(flags.pop("quiet")) as terminal:
        rasters = {name: flags.pop(name) for name in ("class_map", *_CLASS_MAPS)}
        _run(CLASSIFY, (), flags, terminal, rasters)


@command(short_help="Say what data are and what is wrong with them, before a map is made.")
@_point_flags("model.transform", "model.bounds")
def check(**flags: Any) -> None:
    """Read all that a map would be made of, and fit nothing.

    Tells how many points there are, which are doubtful, what the rasters cover, which cell size
    suits, how skewed the values are and how far they are alike, and what a map takes.
    """
    with work(flags.pop("quiet")) as terminal:
        _run(CHECK, (), flags, terminal)


@command(short_help="Compare interpolation methods on the same held-out cells.")
@_point_flags(*_MODEL)
def compare(**flags: Any) -> None:
    """Compare GeoHG with inverse distance weighting, kriging, a random forest and the mean.

    All methods are tested on the same held-out cells: random cells, or as set by
    --validation, and whole spatial blocks.
    """
    with work(flags.pop("quiet")) as terminal:
        _run(COMPARE, (), flags, terminal)


def _run(
    job: str,
    output: tuple[Path, ...],
    flags: dict[str, Any],
    terminal: Progress,
    rasters: Mapping[str, Path | None] = {},
) -> None:
    """Do a job on points, as `_point_flags` describe it."""
    inputs, report, as_json = take_inputs(flags), flags.pop("report"), flags.pop("as_json")
    config, settings = read_options(flags), flags["config_path"]
    from ..calls import run_job
    from ..jobs.parts import map_outputs, report_outputs, request_parts

    outputs = {**map_outputs(output), **rasters, **report_outputs(report)}
    parts = request_parts(**inputs)
    show(run_job(job, config, outputs, terminal, settings, **parts), as_json)
