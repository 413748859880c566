"""Jobs as plain calls: files and tables in, a graph, files or figures out."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeAlias

from . import jobs
from .assembly.inputs import Inputs
from .assembly.reading import read_graph
from .config.schema import Config
from .data.builders.graph import GraphRawData
from .errors import InputError
from .jobs.request import check_request
from .language import tr
from .names import (
    BUILDGRAPH,
    COMPARE,
    EVALUATE,
    PREDICT,
    RASTERS,
    REQUEST_VERSION,
    SUFFIXES,
    TRAIN,
)
from .progress import Progress, Silent

if TYPE_CHECKING:
    import pandas as pd

    Source: TypeAlias = str | Path | pd.DataFrame

CSV_CRS = "EPSG:4326"
# What the map of a job may be, by how the name of its file ends.
_MAPS = ("prediction", "table")


def request_parts(
    data: Source | None = None,
    target_column: str | Sequence[str] = (),
    feature_columns: Sequence[str] = (),
    landcover: str | Path | Sequence[str | Path] = (),
    *,
    coord_columns: Sequence[str] = ("lon", "lat"),
    layer: str | None = None,
    pois: Source | None = None,
    poi_category: str | None = None,
    group_column: str | None = None,
    crs: str | None = None,
    grid_crs: str | None = None,
    bbox: Sequence[float] | None = None,
    study_area: str | Path | None = None,
    resolution: float | None = None,
) -> dict[str, Any]:
    """The parts of a request that name one's own data.

    Parameters
    ----------
    data : path or DataFrame, optional
        Points with measured values: CSV, a vector file, or a table in memory.
    target_column : str or sequence of str
        Columns with the measured values.
    feature_columns : sequence of str
        Columns of covariates measured at the points.
    landcover : path or sequence of paths
        Land-cover rasters; several are tiles of one.
    coord_columns : two str
        Columns of x and y in tables without geometries.
    layer : str, optional
        Layer of `data`, if the file has several.
    pois : path or DataFrame, optional
        Points of interest, with the column `poi_category`.
    group_column : str, optional
        Column with the group of each point.
    crs : str, optional
        CRS of the coordinates in tables; EPSG:4326 by default.
    grid_crs : str, optional
        CRS of the grid; by default that of the points, or of the land cover.
    bbox : four float, optional
        Left, bottom, right and top of the grid in its CRS.
    study_area : path, optional
        Polygons: a vector file, or CSV with a column `wkt`.
    resolution : float, optional
        Cell size in the unit of the grid's CRS; by default one that suits the points.

    Raises
    ------
    InputError
        If parts do not belong together.
    """
    if (data is None) != (not target_column):
        raise InputError(tr("'data' and 'target_column' belong together."))
    if (pois is None) != (not poi_category):
        raise InputError(tr("'pois' and 'poi_category' belong together."))
    parts: dict[str, Any] = {
        "landcover": [{"path": path, "band": 1} for path in _listed(landcover)],
        "grid": {
            "crs": grid_crs,
            "cell_size": resolution,
            "bounds": None if bbox is None else list(bbox),
        },
    }
    if data is not None:
        targets = {"targets": _listed(target_column), "group": group_column}
        table = table_part(data, coord_columns, crs, layer)
        parts["points"] = {**table, **targets, "covariates": _listed(feature_columns)}
    if pois is not None:
        parts["poi"] = {**table_part(pois, coord_columns, crs), "category": poi_category}
    if study_area is not None:
        own = {"crs": crs or CSV_CRS} if _is_csv(study_area) else {}
        parts["area"] = {"path": str(study_area), **own}
    return parts


def table_part(
    source: Source,
    coord_columns: Sequence[str] = ("lon", "lat"),
    crs: str | None = None,
    layer: str | None = None,
) -> dict[str, Any]:
    """A table of a request; a vector file has its own coordinates and CRS."""
    text = {"coord_columns": list(coord_columns), "crs": crs or CSV_CRS}
    if not isinstance(source, (str, Path)):
        return {"table": source.to_csv(index=False), **text}
    if not _is_csv(source):
        return {"path": str(source), "crs": crs, "layer": layer}
    if layer:
        raise InputError(tr("'{path}' has no layers; leave out the layer.").format(path=source))
    return {"path": str(source), **text}


def map_outputs(output: str | Path | Iterable[str | Path]) -> dict[str, str]:
    """The outputs of a request by the suffixes of their files.

    Raises
    ------
    InputError
        For a suffix of no kind of map, and for two files of one kind.
    """
    outputs: dict[str, str] = {}
    for path in map(Path, _listed(output)):
        key = next((key for key in _MAPS if path.suffix.lower() in SUFFIXES[key]), None)
        if key is None:
            known = ", ".join(suffix for key in _MAPS for suffix in SUFFIXES[key])
            raise InputError(
                tr("The map '{path}' must end with one of {known}.").format(path=path, known=known)
            )
        if key in outputs:
            raise InputError(
                tr("'{path}' is the second map of its kind; give one raster and one table.").format(
                    path=path
                )
            )
        outputs[key] = str(path)
    return outputs


def report_outputs(report: str | Path | None) -> dict[str, str]:
    """A report, and beside it its JSON, which repeats the run."""
    if not report:
        return {}
    return {"report": str(report), "report_json": str(Path(report).with_suffix(".json"))}


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
    described = Inputs.of(check_request(request), config.data.worldcover)
    return read_graph(described, config.model, progress or Silent())


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
    parts = request_parts(**inputs) if inputs else {"graph": graph}
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
    from .prediction.fitted import FittedMap

    parts: dict[str, Any] = {"model_file": model, "graph": graph}
    if data is not None:
        column = target_column or FittedMap.load(model).target
        parts["points"] = {**table_part(data, coord_columns, crs, layer), "targets": [column]}
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
    **rasters: str | Path | None,
) -> dict[str, Any]:
    """Predict every cell of a graph with a model file; `FittedMap.map` does so in memory.

    Parameters
    ----------
    model : path
        Model file.
    graph : path, optional
        Graph file; by default the city in `config`, or that of the model.
    output : path or sequence of paths
        The map: a raster (`.tif`), and a table of the cells (`.csv`, `.gpkg`, `.geojson`,
        `.fgb`), which cells without a grid have, too.
    config : Config, optional
        All options; `uncertainty.level` is that of the intervals.
    settings : path, optional
        The file of these options, which no output may replace.
    progress : Progress, optional
        Receives progress and messages.
    **rasters : path
        More rasters: `std`, `lower`, `upper` and `applicability`.

    Returns
    -------
    dict
        `cells`, `applicable_share`, and the path of each file written.
    """
    unknown = sorted(rasters.keys() - set(RASTERS[1:]))
    if unknown:
        raise InputError(
            tr("'{name}' is no raster of a prediction; known are {known}.").format(
                name=unknown[0], known=", ".join(RASTERS[1:])
            )
        )
    outputs = {**map_outputs(output), **rasters}
    parts = {"model_file": model, "graph": graph}
    return run_job(PREDICT, config, outputs, progress, settings, **parts)


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
        and `mean_`; `blocks_` in front is for held-out spatial blocks.
    """
    parts = request_parts(data, target_column, **inputs)
    return run_job(COMPARE, config, report_outputs(report), progress, settings, **parts)


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
    result = jobs.run({**request, **options}, progress or Silent(), [settings])
    return {name.lower(): value for name, value in result.items()}


def _listed(values: Any) -> list[Any]:
    """One value, several or none as a list."""
    return [values] if isinstance(values, (str, Path)) else list(values or ())


def _is_csv(path: str | Path) -> bool:
    return Path(path).suffix.lower() == ".csv"
