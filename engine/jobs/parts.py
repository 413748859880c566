"""The parts and outputs of a request, from the arguments of a call or of a command."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeAlias

from ..data.sources.registry import listed
from ..errors import InputError
from ..language import tr
from ..names import SUFFIXES

if TYPE_CHECKING:
    import pandas as pd

    Source: TypeAlias = str | Path | pd.DataFrame

CSV_CRS = "EPSG:4326"
# What the map of a job may be, by how the name of its file ends.
_MAPS = ("prediction", "table")
# How the names of tables end; other files are vector layers.
_TABLES = (".csv", ".tsv", ".txt")


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
    covariate_rasters: Any = None,
    ground: Mapping[str, Any] | None = None,
    support: str | None = None,
    keep: bool | None = None,
    weight: str | Path | None = None,
    beside: Source | None = None,
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
    covariate_rasters : path, sequence of paths, or mapping of str to path, optional
        Rasters of continuous quantities that are known in every cell.
    ground : mapping of str to object, optional
        More that is known of the ground: `covariates`, `classes`, `zones` and `distances`; see
        `GeoHGInterpolator`.

    support : str, optional
        `mean` or `total`, where `data` has polygons with values; see
        `GeoHGInterpolator.from_dataframe`, as for `keep` and `weight`.
    beside : path or DataFrame, optional
        Points beside these polygons, with values of the same column.

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
        areal: dict[str, Any] = {"support": support, "keep": keep}
        areal["weight"] = None if weight is None else {"path": str(weight), "band": 1}
        own = {name: value for name, value in areal.items() if value is not None}
        parts["points"] = {**table, **targets, **own, "covariates": _listed(feature_columns)}
        if beside is not None:
            targets = {"targets": _listed(target_column)}
            parts["beside"] = {**table_part(beside, coord_columns, crs), **targets}
    if pois is not None:
        parts["poi"] = {**table_part(pois, coord_columns, crs), "category": poi_category}
    known = dict(ground or {})
    if covariate_rasters:
        known["covariates"] = covariate_rasters
    for name, own_sources in known.items():
        parts[name] = listed(name, own_sources)
    if study_area is not None:
        own = {"crs": crs or CSV_CRS} if _is_table(study_area) else {}
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
    if not _is_table(source):
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


def _listed(values: Any) -> list[Any]:
    """One value, several or none as a list."""
    return [values] if isinstance(values, (str, Path)) else list(values or ())


def _is_table(path: str | Path) -> bool:
    return Path(path).suffix.lower() in _TABLES
