"""What a call in Python gives, such as tables, paths and geometries, as inputs of a graph."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

import pandas as pd

from ..config.checks import FILE, NAME, Many, check_mapping
from ..data.builders.crs import parse_crs
from ..data.sources.area import StudyArea
from ..data.sources.geometries import crs_in, is_geopandas
from ..data.sources.located import Table
from ..data.sources.points import Points, points_from_table, read_point_table
from ..data.sources.positions import check_names
from ..data.sources.registry import listed
from ..data.sources.tables import HIDDEN
from ..data.sources.vector import is_vector
from ..errors import InputError, shown
from ..language import tr
from ..originals import named_files

DEFAULT_CRS = "EPSG:4326"
_POI_COLUMNS = Many(NAME, 3, 3, distinct=True)


def crs_text(given: Any, source: object = None) -> str:
    """The CRS that was given, or else the own one of a source, or else longitude and latitude."""
    if given is None:
        return crs_in(source) or DEFAULT_CRS
    return given if isinstance(given, str) else parse_crs(given, tr("the points")).to_string()


def read_frame(
    df: Any, crs: Any, coord_columns: Any, group: str | None
) -> tuple[pd.DataFrame, str, tuple[str, str]]:
    """A table of points, its CRS, and its columns of x and y.

    Parameters
    ----------
    df : DataFrame, GeoDataFrame or path
        The table, or its file; see `read_point_table`.
    crs : object
        The CRS of coordinates that have none of their own; None for the default.
    coord_columns : two str
        The columns of x and y, where there are no geometries.
    group : str, optional
        A column that is text in a CSV file.

    Raises
    ------
    InputError
        If it is no table, or cannot be read.
    """
    if not isinstance(df, (pd.DataFrame, str, Path)):
        raise InputError(
            tr(
                "'df' must be a DataFrame, a GeoDataFrame or the path of a file, got {value}."
            ).format(value=shown(df))
        )
    own = crs_in(df)
    found = own or crs_text(crs)
    if is_vector(df) or is_geopandas(df):
        return read_point_table(df, found, None)
    columns = _two_names(coord_columns)
    check_names(*columns, tr("the points"))
    table, found, columns = read_point_table(df, found, columns, (group,) if group else ())
    table = table.set_axis([str(name).strip() for name in table.columns], axis=1)
    return table, found, columns


def frame_points(
    table: pd.DataFrame,
    crs: str,
    coord_columns: tuple[str, str],
    targets: Sequence[str],
    features: Sequence[str] | None,
    group: str | None,
) -> tuple[Points, tuple[str, ...], tuple[str, ...]]:
    """The points of a table, and the names of targets and features.

    Without `features`, every other numeric column is one.

    Raises
    ------
    InputError
        If a column is missing or cannot be used.
    """
    if features is None:
        taken = {*coord_columns, *targets, group, *table.attrs.get(HIDDEN, ())}
        numeric = table.select_dtypes("number").columns
        features = [name for name in numeric if name not in taken]
    wanted = (*coord_columns, *targets, *features, *([group] if group else ()))
    missing = [name for name in wanted if name not in table]
    if missing:
        known = [str(name) for name in table.columns if name not in table.attrs.get(HIDDEN, ())]
        raise InputError(
            tr("The table has no column '{name}'; it has: {known}.").format(
                name=missing[0], known=", ".join(known)
            )
        )
    names = tuple(targets), tuple(features)
    return points_from_table(table, crs, coord_columns, *names, group), *names


def names_of(given: str | Sequence[str], role: str) -> list[str]:
    """One name, or several, as a list of texts.

    Raises
    ------
    InputError
        If it is neither.
    """
    if isinstance(given, str):
        return [given]
    if not isinstance(given, Iterable):
        raise InputError(
            tr("'{role}' must be the name of a column, or a list of names, got {value}.").format(
                role=role, value=shown(given)
            )
        )
    return [str(name).strip() for name in given]


def poi_table(pois: Any, columns: Any, crs: str) -> tuple[Table, str]:
    """Points of interest and the column of their category; `crs` is for coordinates without."""
    x, y, category = _POI_COLUMNS.check(columns, "poi_columns")
    if not isinstance(pois, pd.DataFrame):
        pois = FILE.check(pois, "pois")
    return Table(pois, crs_in(pois) or crs, (x, y)), category


def area_of(shape: Any, crs: str) -> Table | StudyArea:
    """The study area: polygons of shapely or GeoPandas, or the path of their file.

    Raises
    ------
    InputError
        If it is something else.
    """
    if is_geopandas(shape):
        return Table(shape, crs_in(shape) or crs)
    if getattr(shape, "geom_type", "") in ("Polygon", "MultiPolygon"):
        return StudyArea(shape, parse_crs(crs, tr("the study area")))
    if isinstance(shape, Path) or is_vector(shape):
        return Table(FILE.check(shape, "study_area"), crs_in(shape) or crs)
    raise InputError(
        tr(
            "'study_area' must be a polygon or multipolygon of shapely, a GeoDataFrame, or the "
            "path of a file of polygons, got {value}."
        ).format(value=shown(shape))
    )


def ground_of(given: Mapping[str, Any], crs: str) -> dict[str, Any]:
    """Sources of the ground as parts of a request, whose files may be in memory.

    Parameters
    ----------
    given : mapping of str to object
        By the names of `registry.SOURCES`: what `SourceKind.listed` takes, or for zones also
        labels of cells, or a function of x and y.
    crs : str
        The CRS of what has none of its own.

    Raises
    ------
    InputError
        If there is no such kind of source, or it is no mapping.
    """
    check_mapping(given, "ground")
    return {
        name: [_known(item, crs, f"ground.{name}") for item in listed(name, own)]
        for name, own in given.items()
        if own is not None
    }


def _known(item: dict[str, Any], crs: str, role: str) -> dict[str, Any]:
    """A source with its own CRS; labels are no file."""
    source = item["path"]
    if is_geopandas(source):
        return {**item, "crs": crs_in(source) or crs}
    if isinstance(source, (str, Path)):
        return {**item, "path": FILE.check(source, role), "crs": crs_in(source) or crs}
    return {**item, "labels": source}


def files_of(*sources: Any) -> set[Path]:
    """The files among what was given, which no output may replace."""
    return named_files([each for each in sources if isinstance(each, (str, Path))])


def _two_names(given: Any) -> tuple[str, str]:
    if isinstance(given, (str, bytes)) or not isinstance(given, Sequence) or len(given) != 2:
        raise InputError(
            tr(
                "'coord_columns' must be the names of two columns, x and y, such as "
                "['lon', 'lat'], got {value}."
            ).format(value=shown(given))
        )
    return str(given[0]).strip(), str(given[1]).strip()
