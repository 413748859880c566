"""A graph as a city folder of CSV files, which `city_csv` describes and reads."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from ...errors import InputError, OutputError
from ...files import OutputSet
from ...language import tr
from ...names import COVARIATE, ENTITY, LANDCOVER, POI, POI_COUNT, POI_SHARE, SHARES
from ..builders.esa_worldcover import CLASS_NAMES
from ..builders.graph import GraphRawData, Links
from ..builders.grid import Grid
from .city_csv import (
    ADJACENCY,
    CATEGORIES,
    CLASSES,
    COVARIATES,
    DESCRIPTION,
    ENTITIES,
    GRAPH_FILES,
    LANDCOVER_FEATURES,
    PLACES,
    POI_FEATURES,
    POIS,
    POSITIONS,
    UNITS,
)
from .id_tables import CATEGORY_ID, CLASS_ID, COORDINATES, FILE, ID, NEIGHBOUR
from .share_tables import CATEGORY, COUNT, RATIO


@dataclass(frozen=True)
class _Headers:
    """What the columns of a city's tables are called; `{}` is a class, a category or a kind."""

    near: tuple[str, str]
    kind: str
    cover: str
    category: str
    category_id: str
    count: str


_OURS = _Headers((ID, NEIGHBOUR), "{}", "{}", "{}", ID, COUNT.lower())
_TOOLKIT = _Headers(("src_id", "dst_id"), "{}_id", "Value_{}_Ratio", "POI_{}", CATEGORY_ID, COUNT)


def write_city(graph: GraphRawData, folder: str | Path, toolkit_headers: bool = False) -> None:
    """Write a graph and its targets as a city folder.

    Reading the folder gives the same graph. Of `info`, only the units are kept.

    Parameters
    ----------
    graph : GraphRawData
        The graph.
    folder : path
        The folder, which is made.
    toolkit_headers : bool
        Whether the columns have the toolkit's names, such as `src_id` and `Value_10_Ratio`, in
        place of `area_id` and `Tree cover`.

    Raises
    ------
    OutputError
        If a file cannot be written; then no file is written.
    InputError
        If a target's name cannot be a file name, or is the name of a graph file.
    """
    if graph.info.published_order is not None:
        raise InputError(tr("A city read with strict_reference holds no shares; read it without."))
    folder = Path(folder)
    for name in graph.targets:
        if name in GRAPH_FILES or name in ("", ".", "..") or set(name) & set('/\\:*?"<>|'):
            raise InputError(
                tr("The target '{name}' cannot be the name of a file; rename it.").format(name=name)
            )
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise OutputError(
            tr("The folder '{folder}' cannot be made: {reason}.").format(
                folder=folder, reason=error.strerror
            )
        ) from error
    tables = _tables(graph, toolkit_headers)
    names = (*tables, DESCRIPTION)
    with OutputSet({name: folder / name for name in names}) as outputs:
        for name, table in tables.items():
            table.to_csv(outputs.stage(name), index=False, lineterminator="\n")
        text = json.dumps(_description(graph, toolkit_headers), ensure_ascii=False, indent=1)
        outputs.stage(DESCRIPTION).write_text(text, encoding="utf-8")
        outputs.commit()


def _description(graph: GraphRawData, toolkit_headers: bool) -> dict[str, Any]:
    geometry = graph.geometry
    described = geometry.describe() if isinstance(geometry, Grid) else {"crs": geometry.crs}
    named = {}
    for part, kind, form in ((CLASSES, ENTITY, RATIO), (CATEGORIES, POI, CATEGORY)):
        labels = _labels(graph, kind, toolkit_headers)
        read = {form.sub(r"\1", label): name for name, label in labels.items()}
        # A number is read as a code, if its name does not stand here.
        named[part] = {
            label: name for label, name in read.items() if label != name or label.isdecimal()
        }
    return {PLACES: described, UNITS: graph.info.units} | {
        part: names for part, names in named.items() if names
    }


def _labels(graph: GraphRawData, kind: str, toolkit_headers: bool) -> dict[str, str]:
    """What tables call each class or category: its name; the toolkit's, WorldCover's codes, or
    numbers."""
    columns = [graph.feature_names[k] for k in graph.columns(SHARES[kind])]
    names = list(dict.fromkeys([*columns, *graph.links(kind).names]))
    if not toolkit_headers:
        return {name: name for name in names}
    codes = {name: code for code, name in CLASS_NAMES.items()}
    if kind == ENTITY and set(names) <= set(codes):
        return {name: str(codes[name]) for name in names}
    return {name: str(k) for k, name in enumerate(names, kind == ENTITY)}


def _tables(graph: GraphRawData, toolkit_headers: bool) -> dict[str, pd.DataFrame]:
    cell, called = graph.cell, _TOOLKIT if toolkit_headers else _OURS
    if isinstance(graph.geometry, Grid):
        row, x = np.divmod(cell, graph.geometry.cols)
        y = graph.geometry.rows - 1 - row
        places = {"x": x, "y": y} if toolkit_headers else {"row": y, "col": x}
    else:
        x, y = graph.geometry.centres(cell).T
        places = {"x": x, "y": y}
    classes, categories = (_labels(graph, kind, toolkit_headers) for kind in (ENTITY, POI))
    pois = _columns(graph, POI_SHARE, categories, called.category)
    for column in graph.columns(POI_COUNT):
        number = np.rint(np.expm1(graph.features[:, column].astype(np.float64)))
        pois[called.count] = pd.array(number, dtype="Int64")
    about: dict[str, Any] = {ID: cell}
    if toolkit_headers:
        where = pd.DataFrame({"x": x, "y": y}).astype(str)
        about = {
            FILE: (graph.info.city or "cell") + "_" + where.x + "_" + where.y,
            COORDINATES: "(" + where.x + ", " + where.y + ")",
            CLASS_ID: cell,
        }
    tables: dict[str, Mapping[str, Any]] = {
        POSITIONS: {ID: cell, **places},
        ADJACENCY: dict(zip(called.near, cell[graph.near])),
        ENTITIES: _link_columns(graph.links(ENTITY), called.kind.format(ENTITY), classes, cell),
        POIS: _link_columns(graph.links(POI), called.kind.format(POI), categories, cell),
        LANDCOVER_FEATURES: about | _columns(graph, LANDCOVER, classes, called.cover),
        POI_FEATURES: {called.category_id: cell, **pois},
    }
    others = graph.columns(COVARIATE, *graph.zone_kinds)
    covariates = {graph.feature_names[k]: graph.features[:, k] for k in others}
    if covariates:
        tables[COVARIATES] = {ID: cell, **covariates}
    for name, values in graph.targets.items():
        tables[f"{name}.csv"] = {ID: cell, "value": values}
    return {name: pd.DataFrame(columns) for name, columns in tables.items()}


def _columns(
    graph: GraphRawData, kind: str, labels: Mapping[str, str], called: str
) -> dict[str, Any]:
    return {
        called.format(labels[graph.feature_names[k]]): graph.features[:, k]
        for k in graph.columns(kind)
    }


def _link_columns(
    links: Links, called: str, labels: Mapping[str, str], cell: NDArray[np.int64]
) -> dict[str, Any]:
    names = np.array([labels[name] for name in links.names], dtype=object)[links.index[0]]
    return {called: names, ID: cell[links.index[1]], "proportion": links.weight}
