"""Jobs as plain calls: files and tables in, a graph, files or figures out."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from . import jobs
from .assembly.inputs import Inputs
from .assembly.reading import read_graph
from .config.schema import Config
from .data.builders.graph import GraphRawData
from .errors import InputError
from .jobs.parts import map_outputs, report_outputs, request_parts, table_part
from .jobs.request import check_request
from .language import tr
from .names import (
    BUILDGRAPH,
    CHECK,
    COMPARE,
    EVALUATE,
    PREDICT,
    RASTERS,
    REQUEST_VERSION,
    SUMMARISE,
    TRAIN,
)
from .progress import InPython, Progress

if TYPE_CHECKING:
    from .jobs.parts import Source

# What `request_parts` takes of the ground and of the grid.
_GROUND = (
    *("landcover", "pois", "poi_category", "covariate_rasters", "ground"),
    *("coord_columns", "crs", "study_area", "bbox", "resolution", "grid_crs"),
)


def build_graph(
    config: Config | None = None, progress: Progress | None = None, **inputs: Any
) -> GraphRawData:
    """Make a graph of points, land cover and POIs.

    Parameters
    ----------
    config : Config, optional
        `data.worldcover` names the land cover to fetch where no raster is given.
    progress : Progress, optional
        Receives progress and messages.
    **inputs
        `data`, `target_column`, `landcover`, `resolution` and others of `request_parts`.

    Raises
    ------
    InputError
        For whatever cannot be used, in one sentence.
    """
    config = config or Config()
    request = {"job": BUILDGRAPH, "version": REQUEST_VERSION, **request_parts(**inputs)}
    described = Inputs.of(check_request(request), config.data)
    return read_graph(described, config.model, progress or InPython())


def train(
    graph: str | Path | None = None,
    target: str = "",
    *,
    model: str | Path | None = None,
    report: str | Path | None = None,
    config: Config | None = None,
    progress: Progress | None = None,
    **inputs: Any,
) -> dict[str, Any]:
    """Fit a model to some of the observed cells, and score it on the held-out cells.

    Parameters
    ----------
    graph : path, optional
        Graph file; otherwise the graph is made from `inputs`, or is the city in `config`.
    target : str
        The value to predict; may be empty if there is only one.
    model, report : path, optional
        Model file and report to write.
    config : Config, optional
        All options.
    progress : Progress, optional
        Receives progress and messages.
    **inputs
        See `build_graph`.

    Returns
    -------
    dict
        As of `GeoHGPipeline.run`.
    """
    outputs = {"model": model, **report_outputs(report)}
    parts = {"graph": graph, **(request_parts(**inputs) if inputs else {})}
    return run_job(TRAIN, config, outputs, progress, target=target, **parts)


def evaluate(
    model: str | Path,
    graph: str | Path | None = None,
    *,
    data: Source | None = None,
    target_column: str | None = None,
    coord_columns: Sequence[str] = ("lon", "lat"),
    crs: str | None = None,
    layer: str | None = None,
    report: str | Path | None = None,
    residuals: str | Path | None = None,
    config: Config | None = None,
    settings: str | Path | None = None,
    progress: Progress | None = None,
) -> dict[str, Any]:
    """Score a model file on observed cells that were not used to fit it.

    Parameters
    ----------
    model : path
        Model file.
    graph : path, optional
        Graph file; by default the city in `config`, or that of the model.
    data : path or DataFrame, optional
        New points to score on, instead of held-out cells.
    target_column : str, optional
        Column with the values of `data`; by default the model's target.
    coord_columns, crs, layer
        Of `data`, see `request_parts`.
    report, residuals : path, optional
        Report to write, and a vector file of the cells' errors.
    config : Config, optional
        All options.
    settings : path, optional
        The file of these options, which no output may replace.
    progress : Progress, optional
        Receives progress and messages.

    Returns
    -------
    dict
        As of `GeoHGPipeline.run`.
    """
    parts: dict[str, Any] = {"model_file": model, "graph": graph}
    if data is not None:
        named = {"targets": [target_column]} if target_column else {}
        parts["points"] = {**table_part(data, coord_columns, crs, layer), **named}
    outputs = {"residuals": residuals, **report_outputs(report)}
    return run_job(EVALUATE, config, outputs, progress, settings, **parts)


def predict(
    model: str | Path,
    graph: str | Path | None = None,
    output: str | Path | Iterable[str | Path] = (),
    *,
    config: Config | None = None,
    settings: str | Path | None = None,
    progress: Progress | None = None,
    contours: str | Path | None = None,
    **more: Any,
) -> dict[str, Any]:
    """Predict every cell with a model file; `FittedMap.map` does so in memory.

    Parameters
    ----------
    model : path
        Model file.
    graph : path, optional
        Graph file; by default the city in `config`, or that of the model. Without one, the
        sources that the model was trained with may be named in `more`.
    output : path or sequence of paths
        The map: a raster (`.tif`), and a table of the cells (`.csv`, `.gpkg`, `.geojson`,
        `.fgb`), which cells without a grid have, too.
    config : Config, optional
        All options; `uncertainty.level` is that of the intervals.
    settings : path, optional
        The file of these options, which no output may replace.
    progress : Progress, optional
        Receives progress and messages.
    contours : path, optional
        A vector file of the lines of equal value; `output.contour_interval` in `config` is the
        difference between them.
    **more
        More rasters: `std`, `lower`, `upper`, `applicability`; with `uncertainty.thresholds`
        `exceedance`, and with `uncertainty.quantiles` `quantile_map`; `simulations`, of which
        there are `uncertainty.simulations_count`. Of a model of classes, whose map has the number
        of the likeliest: `probabilities`, `applicability`. And sources, as of `build_graph`, by
        the names of the training: `landcover`, `pois` and `poi_category`, `covariate_rasters`,
        `ground`; `coord_columns` and `crs` of tables; `study_area`, `bbox`, `resolution` and
        `grid_crs`.
        Without them the grid is that of the training.

    Returns
    -------
    dict
        `cells`, `applicable_share`, and the path of each file written.
    """
    rasters = (*RASTERS[1:], "probabilities")
    known = (*rasters, *_GROUND)
    unknown = sorted(more.keys() - set(known))
    if unknown:
        raise InputError(
            tr("'{name}' is no raster of a prediction, and no source; known are {known}.").format(
                name=unknown[0], known=", ".join(known)
            )
        )
    outputs = {**map_outputs(output), **{name: more.get(name) for name in rasters}}
    outputs["contours"] = contours
    ground = {name: own for name, own in more.items() if name in _GROUND}
    parts = {"model_file": model, "graph": graph, **(request_parts(**ground) if ground else {})}
    return run_job(PREDICT, config, outputs, progress, settings, **parts)


def summarise(
    model: str | Path,
    polygons: str | Path,
    output: str | Path,
    graph: str | Path | None = None,
    *,
    layer: str | None = None,
    statistic: str = "mean",
    config: Config | None = None,
    settings: str | Path | None = None,
    progress: Progress | None = None,
) -> dict[str, Any]:
    """Summarise the map of a model file by polygons; `FittedMap.summarise` does so in memory.

    Parameters
    ----------
    model : path
        Model file.
    polygons : path
        Polygons such as districts: a GeoPackage, GeoJSON or Shapefile.
    output : path
        A table (`.csv`), or a layer of the polygons (`.gpkg`, `.geojson`, `.fgb`).
    graph : path, optional
        Graph file; by default the city in `config`, or that of the model.
    layer : str, optional
        Layer of `polygons`, if the file has several.
    statistic : str
        `mean` or `total` of the cells of each polygon.
    config : Config, optional
        All options; `uncertainty` has the level of the intervals, and thresholds.
    settings : path, optional
        The file of these options, which no output may replace.
    progress : Progress, optional
        Receives progress and messages.

    Returns
    -------
    dict
        `polygons`, how many of them have cells (`known`), and the path of the file.
    """
    parts: dict[str, Any] = {"model_file": model, "graph": graph}
    parts["polygons"] = {"path": str(polygons), "layer": layer, "statistic": statistic}
    return run_job(SUMMARISE, config, {"table": output}, progress, settings, **parts)


def compare(
    data: Source,
    target_column: str,
    *,
    report: str | Path | None = None,
    config: Config | None = None,
    settings: str | Path | None = None,
    progress: Progress | None = None,
    **inputs: Any,
) -> dict[str, Any]:
    """Compare GeoHG with other methods on the same held-out cells.

    Parameters
    ----------
    data, target_column
        See `request_parts`.
    report : path, optional
        Report to write.
    config : Config, optional
        All options.
    settings : path, optional
        The file of these options, which no output may replace.
    progress : Progress, optional
        Receives progress and messages.
    **inputs
        See `build_graph`.

    Returns
    -------
    dict
        `r2`, `rmse` and `mae`, and those of other methods after `idw_`, `kriging_`, `forest_`
        and `mean_`; `blocks_` in front is for held-out spatial blocks, and
        `expected_` for what to expect in the cells of a map without measurements.
    """
    parts = request_parts(data, target_column, **inputs)
    return run_job(COMPARE, config, report_outputs(report), progress, settings, **parts)


def check(
    data: Source,
    target_column: str,
    *,
    report: str | Path | None = None,
    config: Config | None = None,
    settings: str | Path | None = None,
    progress: Progress | None = None,
    **inputs: Any,
) -> dict[str, Any]:
    """Say what data are and what is wrong with them, before a map is made of them.

    Parameters
    ----------
    data, target_column
        See `request_parts`.
    report : path, optional
        Page to write.
    config : Config, optional
        All options.
    settings : path, optional
        The file of these options, which no output may replace.
    progress : Progress, optional
        Receives progress and messages.
    **inputs
        See `build_graph`.

    Returns
    -------
    dict
        `good`, whether a map can be made; `stopped`, why not; the number of `warnings`, `points`,
        `duplicates` (points at the position of another) and `far_out` (values far from the
        others); `skewness`; `range` of the variogram in metres and `unshared`, the share of the
        variance that near cells do not share; `cells`, `observed`, `used_cell_size` and
        `suitable_cell_size` in the unit of the CRS; about how many GB of `memory` and
        `run_seconds` a map takes. None where the check did not come to it.
    """
    parts = request_parts(data, target_column, **inputs)
    return run_job(CHECK, config, report_outputs(report), progress, settings, **parts)


def run_job(
    job: str,
    config: Config | None,
    outputs: Mapping[str, str | Path | None],
    progress: Progress | None = None,
    settings: str | Path | None = None,
    **parts: Any,
) -> dict[str, Any]:
    """Do one job with all options written out, so that its report can repeat it.

    Parameters
    ----------
    job : str
        A job of `names`.
    config : Config or None
        All options.
    outputs : mapping of str to str
        Path of each output.
    progress : Progress, optional
        Receives progress and messages.
    settings : path, optional
        The file that options come from.
    **parts
        Other parts of the request, such as `graph`.

    Returns
    -------
    dict
        What the job found, by names in lower case.
    """
    request = {"job": job, "version": REQUEST_VERSION, **parts, "outputs": outputs}
    options = dataclasses.asdict(config or Config())
    result = jobs.run({**request, **options}, progress or InPython(), [settings])
    found = {name.lower(): value for name, value in result.items()}
    for field, numbers in found.get("fields", {}).items():
        found["fields"][field] = {name.lower(): value for name, value in numbers.items()}
    return found
