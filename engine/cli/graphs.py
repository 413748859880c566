"""Commands that make a graph from maps and points: build-graph, interpolate, compare."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import click

from ..names import BUILDGRAPH, COMPARE, INTERPOLATE, NO_WORLDCOVER, SUFFIXES
from ..progress import Progress
from .flags import Command, Names, Numbers, option_flags, read_options
from .results import json_flag, quiet_flag, show
from .terminal import work

CSV_CRS = "EPSG:4326"
_MAPS = ("prediction", "table")
_file = click.Path(path_type=Path)
# As text: a Path makes one slash of the two in /vsizip//folder.
_raster = click.Path()


coord_flag = click.option(
    "--coord-columns",
    type=Names(),
    default="lon,lat",
    help="Columns of x and y in CSV files. [lon,lat]",
)


def _input_flags(command: Command) -> Command:
    """Flags of points, POIs and the grid."""
    flags: list[Callable[[Command], Command]] = [
        coord_flag,
        click.option("--layer", help="Layer of --data, if the file has several. [its only one]"),
        click.option(
            "--poi",
            type=_file,
            help="Points of interest: CSV or a vector file, or 'file.gpkg|layername=name'.",
        ),
        click.option("--poi-category", help="Column with the category of each POI."),
        click.option(
            "--group-column",
            help="Column with the group of each point, for --validation groups.",
        ),
        click.option("--crs", help=f"CRS of the coordinates in the tables. [{CSV_CRS} for CSV]"),
        click.option(
            "--grid-crs", help="CRS of the grid. [that of the points, or of the land cover]"
        ),
        click.option(
            "--bbox",
            "--extent",
            "bbox",
            type=Numbers(float, 4),
            help="Extent of the grid: left,bottom,right,top in its CRS. [study area or points]",
        ),
        click.option(
            "--area",
            "--study-area",
            "area",
            type=_file,
            help="Polygons of the study area: a vector file (layer as for --poi), or CSV with a "
            "column wkt.",
        ),
        click.option(
            "--resolution",
            "--cell-size",
            "resolution",
            type=float,
            help="Cell size, in the unit of the grid's CRS. [one that suits the points]",
        ),
    ]
    for flag in reversed(flags):
        command = flag(command)
    return command


@click.command(short_help="Make a graph from land cover, and optionally points and POIs.")
@click.option(
    "--tif-path", "--landcover", "tif_path", type=_raster, multiple=True, help="Land-cover raster."
)
@click.option(
    "--worldcover",
    type=click.Choice(("2020", "2021")),
    help="Fetch this map of ESA WorldCover instead of a raster.",
)
@click.option("--data", type=_file, help="Points with measured values: CSV or a vector file.")
@click.option("--target-column", type=Names(), default="", help="Columns with the measured values.")
@_input_flags
@click.option(
    "--output-dir", type=_file, required=True, help="Folder for the graph file and the CSV files."
)
@json_flag
@quiet_flag
def build_graph(
    tif_path: tuple[str, ...],
    worldcover: str | None,
    data: Path | None,
    target_column: tuple[str, ...],
    output_dir: Path,
    as_json: bool,
    quiet: bool,
    **inputs: Any,
) -> None:
    """Make a graph of cells, land-cover classes and POI categories.

    Writes graph.safetensors and the CSV files of a city folder. The train command and
    other programs can read both.
    """
    with work(quiet) as terminal:
        if bool(data) != bool(target_column):
            raise click.UsageError("--data and --target-column belong together.")
        if not tif_path and not worldcover:
            raise click.UsageError("Give --tif-path, or --worldcover to fetch land cover.")
        from ..config.schema import Config, DataConfig
        from ..pipeline import make_folder, run_job

        parts = _parts(data, target_column, tif_path, inputs)
        folder = make_folder(output_dir)
        outputs = {"graph": str(folder / "graph.safetensors"), "city": str(folder)}
        config = Config(DataConfig(worldcover=worldcover or NO_WORLDCOVER))
        show(run_job(BUILDGRAPH, config, outputs, terminal, **parts), as_json)


def _point_flags(command: Command) -> Command:
    """Flags of the inputs and options of what predicts from points."""
    flags: list[Callable[[Command], Command]] = [
        click.option(
            "--data",
            type=_file,
            required=True,
            help="Points with measured values: CSV or a vector file.",
        ),
        click.option("--target-column", required=True, help="Column with the measured value."),
        click.option(
            "--feature-columns",
            "--covariates",
            "feature_columns",
            type=Names(),
            default="",
            help="Columns of covariates measured at the points.",
        ),
        click.option("--landcover", type=_raster, multiple=True, help="Land-cover raster."),
        _input_flags,
        click.option("--report", type=_file, help="Report to write, as HTML."),
        option_flags(
            "data.pos_embedding",
            "data.hypernode",
            "data.entity_thresh",
            "data.poi_thresh",
            "data.worldcover",
            "model",
            "training",
            "uncertainty",
            "output.language",
        ),
        json_flag,
        quiet_flag,
    ]
    for flag in reversed(flags):
        command = flag(command)
    return command


@click.command(short_help="Predict a value for every cell from points.")
@click.option(
    "--output",
    type=_file,
    multiple=True,
    required=True,
    help="Map to write: a raster (.tif) or a table (.csv); may be given twice.",
)
@_point_flags
def interpolate(output: tuple[Path, ...], **flags: Any) -> None:
    """Predict a value for every cell of a grid from scattered points.

    Land cover and POIs improve the map where the value depends on them.
    """
    with work(flags.pop("quiet")) as terminal:
        _run(INTERPOLATE, _map_outputs(output), flags, terminal)


@click.command(short_help="Compare interpolation methods on the same held-out cells.")
@_point_flags
def compare(**flags: Any) -> None:
    """Compare GeoHG with inverse distance weighting, kriging, a random forest and the mean.

    All methods are tested on the same held-out cells: random cells, or as set by
    --validation, and whole spatial blocks.
    """
    with work(flags.pop("quiet")) as terminal:
        _run(COMPARE, {}, flags, terminal)


def _run(job: str, outputs: dict[str, str], flags: dict[str, Any], terminal: Progress) -> None:
    """Do a job on points, as `_point_flags` describe it."""
    given = {name: flags.pop(name) for name in _OWN}
    inputs = {name: flags.pop(name) for name in _INPUTS}
    config, settings = read_options(flags), flags.get("config_path")
    from ..pipeline import run_job

    if given["report"]:
        outputs["report"] = str(given["report"])
    parts = _parts(given["data"], (given["target_column"],), given["landcover"], inputs)
    if given["feature_columns"]:
        parts["points"]["covariates"] = list(given["feature_columns"])
    show(run_job(job, config, outputs, terminal, settings, **parts), given["as_json"])


_OWN = (
    "data",
    "target_column",
    "feature_columns",
    "landcover",
    "report",
    "as_json",
)
_INPUTS = (
    "coord_columns",
    "layer",
    "poi",
    "poi_category",
    "group_column",
    "crs",
    "grid_crs",
    "bbox",
    "area",
    "resolution",
)


def _parts(
    data: Path | None,
    targets: tuple[str, ...],
    landcover: tuple[str, ...],
    inputs: dict[str, Any],
) -> dict[str, Any]:
    """The parts of a request."""
    columns, crs = inputs["coord_columns"], inputs["crs"]
    if bool(inputs["poi"]) != bool(inputs["poi_category"]):
        raise click.UsageError("--poi and --poi-category belong together.")
    parts: dict[str, Any] = {
        "landcover": [{"path": path, "band": 1} for path in landcover],
        "grid": {
            "crs": inputs["grid_crs"],
            "cell_size": inputs["resolution"],
            "bounds": inputs["bbox"] and list(inputs["bbox"]),
        },
    }
    if data:
        table = table_part(data, columns, crs, inputs["layer"])
        parts["points"] = {**table, "targets": list(targets)}
        if inputs["group_column"]:
            parts["points"]["group"] = inputs["group_column"]
    if inputs["poi"]:
        category = inputs["poi_category"]
        parts["poi"] = {**table_part(inputs["poi"], columns, crs), "category": category}
    if inputs["area"]:
        text = inputs["area"].suffix.lower() == ".csv"
        own = {"crs": crs or CSV_CRS} if text else {}
        parts["area"] = {"path": str(inputs["area"]), **own}
    return parts


def table_part(
    path: Path, columns: tuple[str, ...], crs: str | None, layer: str | None = None
) -> dict[str, Any]:
    """A table of a request; a vector file has its own coordinates and CRS."""
    if len(columns) != 2:
        raise click.UsageError(f"--coord-columns must be two names, got {len(columns)}.")
    if path.suffix.lower() == ".csv":
        if layer:
            raise click.UsageError(f"'{path}' has no layers; leave out --layer.")
        return {"path": str(path), "coord_columns": list(columns), "crs": crs or CSV_CRS}
    given = {"crs": crs, "layer": layer}
    return {"path": str(path), **{key: value for key, value in given.items() if value}}


def _map_outputs(output: tuple[Path, ...]) -> dict[str, str]:
    """The outputs of a request by the suffixes of their files."""
    outputs: dict[str, str] = {}
    for path in output:
        suffix = path.suffix.lower()
        key = next((key for key in _MAPS if suffix in SUFFIXES[key]), None)
        if key is None:
            known = " or ".join(SUFFIXES[key][0] for key in _MAPS)
            raise click.UsageError(f"--output '{path}' must end with {known}.")
        if key in outputs:
            raise click.UsageError(f"--output names two files of one kind, '{path}' the second.")
        outputs[key] = str(path)
    return outputs
