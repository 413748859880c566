"""One's own data as flags of a command: points, land cover, POIs and the grid."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import click

from ..data.sources.registry import SOURCES
from ..names import STATISTICS
from .flags import Command, Names, Numbers

CSV_CRS = "EPSG:4326"
file_path = click.Path(path_type=Path)
# As text: a Path makes one slash of the two in /vsizip//folder.
_raster = click.Path()

Flag = Callable[[Command], Command]

coord_flag: Flag = click.option(
    "--coord-columns",
    type=Names(2),
    default="lon,lat",
    help="Columns of x and y in CSV files. [lon,lat]",
)


def data_flags(required: bool = False, several: bool = False) -> Flag:
    """Flags of measured values and of land cover.

    Parameters
    ----------
    required : bool
        Whether there must be points.
    several : bool
        Whether they may have several columns of values.
    """
    flags: list[Flag] = [
        click.option(
            "--data",
            type=file_path,
            required=required,
            help="Points with measured values: CSV or a vector file.",
        ),
        click.option(
            "--target-column",
            type=Names() if several else str,
            required=required,
            help="Columns with the measured values."
            if several
            else "Column with the measured value.",
        ),
        click.option(
            "--feature-columns",
            "--covariates",
            "feature_columns",
            type=Names(),
            default="",
            help="Columns of covariates measured at the points.",
        ),
        click.option("--layer", help="Layer of --data, if the file has several. [its only one]"),
        click.option(
            "--group-column", help="Column with the group of each point, for --validation groups."
        ),
        ground_flags,
    ]
    return _all(flags)


def ground_flags(function: Command) -> Command:
    """Flags of what is known of the ground, and of the grid."""
    land: Flag = click.option(
        "--landcover",
        "--tif-path",
        "landcover",
        type=_raster,
        multiple=True,
        help="Land-cover raster; may be given several times.",
    )
    return _all([land, *_ground_flags(), *_GRID_FLAGS])(function)


def polygon_flags(function: Command) -> Command:
    """Flags of polygons with values, where points may stand."""
    flags: list[Flag] = [
        click.option(
            "--support",
            type=click.Choice(STATISTICS),
            help="What the values of polygons in --data are: the mean of their cells, or their "
            "total. [--data has points]",
        ),
        click.option(
            "--keep/--no-keep",
            "keep",
            default=None,
            help="Whether the map has exactly the values of polygons. [those of totals]",
        ),
        click.option(
            "--weight",
            type=_raster,
            help="Raster of weights: means of polygons are those of cells weighted by it.",
        ),
        click.option(
            "--beside",
            type=file_path,
            help="Points with values of the same column, beside means of polygons.",
        ),
    ]
    return _all(flags)(function)


def _ground_flags() -> Iterator[Flag]:
    """A flag for each way to name a source of the ground, which may be given several times."""
    for name, kind in SOURCES.items():
        for flag, told in kind.flags.items():
            yield click.option(
                flag,
                _ground_name(name, flag),
                type=_raster,
                multiple=True,
                help=f"{told.help[:-1]}; may be given several times.",
            )


def _ground_name(name: str, flag: str) -> str:
    return f"ground_{name}_{flag[2:]}"


def take_inputs(flags: dict[str, Any]) -> dict[str, Any]:
    """Take what `data_flags` or `ground_flags` read out of the flags of a command.

    Raises
    ------
    click.UsageError
        For flags that do not belong together.
    """
    inputs = {name: flags.pop(name) for name in _INPUTS if name in flags}
    ground: dict[str, list[dict[str, Any]]] = {}
    for name, kind in SOURCES.items():
        for flag, told in kind.flags.items():
            for text in flags.pop(_ground_name(name, flag)):
                ground.setdefault(name, []).append(kind.named(text, told))
    inputs["ground"] = ground
    for name in _POLYGONS & flags.keys():
        inputs[name] = flags.pop(name)
    for first, second in (("data", "target_column"), ("pois", "poi_category")):
        if bool(inputs.get(first)) != bool(inputs.get(second)):
            names = {"pois": "poi"}.get(first, first), second.replace("_", "-")
            raise click.UsageError("--{} and --{} belong together.".format(*names))
    of_points = inputs.get("feature_columns") or inputs.get("group_column")
    if of_points and not inputs["data"]:
        raise click.UsageError("--feature-columns and --group-column need --data.")
    return inputs


def _all(flags: list[Flag]) -> Flag:
    def decorate(command: Command) -> Command:
        for flag in reversed(flags):
            command = flag(command)
        return command

    return decorate


_GRID_FLAGS: tuple[Flag, ...] = (
    coord_flag,
    click.option(
        "--poi",
        "pois",
        type=file_path,
        help="Points of interest: CSV or a vector file, or 'file.gpkg|layername=name'.",
    ),
    click.option("--poi-category", help="Column with the category of each POI."),
    click.option("--crs", help=f"CRS of the coordinates in the tables. [{CSV_CRS} for CSV]"),
    click.option("--grid-crs", help="CRS of the grid. [that of the points, or of the land cover]"),
    click.option(
        "--bbox",
        "--extent",
        "bbox",
        type=Numbers(float, 4),
        help="Extent of the grid in its CRS: left,bottom,right,top, or the four values west east "
        "south north. [study area or points]",
    ),
    click.option(
        "--area",
        "--study-area",
        "study_area",
        type=file_path,
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
)
_POLYGONS = {"support", "keep", "weight", "beside"}
_INPUTS = (
    "data",
    "target_column",
    "feature_columns",
    "landcover",
    "coord_columns",
    "layer",
    "pois",
    "poi_category",
    "group_column",
    "crs",
    "grid_crs",
    "bbox",
    "study_area",
    "resolution",
)
