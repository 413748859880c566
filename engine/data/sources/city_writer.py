"""A graph as a city folder of the toolkit's tables, which `city_csv` describes and reads."""

from __future__ import annotations

import json
from collections.abc import Mapping
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
from .id_tables import CATEGORY_ID, CLASS_ID, COORDINATES, FILE, ID
from .share_tables import COUNT


def write_city(graph: GraphRawData, folder: str | Path) -> None:
    """Write a graph and its targets as a city folder of the toolkit's tables.

    Reading the folder gives the same graph. Of `info`, only the units are kept.

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
    tables = _tables(graph)
    names = (*tables, DESCRIPTION)
    with OutputSet({name: folder / name for name in names}) as outputs:
        for name, table in tables.items():
            table.to_csv(outputs.stage(name), index=False, lineterminator="\n")
        text = json.dumps(_description(graph), ensure_ascii=False, indent=1)
        outputs.stage(DESCRIPTION).write_text(text, encoding="utf-8")
        outputs.commit()


def _description(graph: GraphRawData) -> dict[str, Any]:
    geometry = graph.geometry
    described = geometry.describe() if isinstance(geometry, Grid) else {"crs": geometry.crs}
    labels = {CLASSES: _labels(graph, ENTITY), CATEGORIES: _labels(graph, POI)}
    named = {part: {text: name for name, text in names.items()} for part, names in labels.items()}
    return {PLACES: described, UNITS: graph.info.units, **named}


def _labels(graph: GraphRawData, kind: str) -> dict[str, str]:
    """What tables call each class or category: WorldCover's codes, or numbers."""
    columns = [graph.feature_names[k] for k in graph.columns(SHARES[kind])]
    names = list(dict.fromkeys([*columns, *graph.links(kind).names]))
    codes = {name: code for code, name in CLASS_NAMES.items()}
    if kind == ENTITY and set(names) <= set(codes):
        return {name: str(codes[name]) for name in names}
    return {name: str(k) for k, name in enumerate(names, kind == ENTITY)}


def _tables(graph: GraphRawData) -> dict[str, pd.DataFrame]:
    cell = graph.cell
    if isinstance(graph.geometry, Grid):
        row, col = np.divmod(cell, graph.geometry.cols)
        x, y = col, graph.geometry.rows - 1 - row
    else:
        x, y = graph.geometry.centres(cell).T
    classes, categories = _labels(graph, ENTITY), _labels(graph, POI)
    pois = _columns(graph, POI_SHARE, categories, "POI_{}")
    for column in graph.columns(POI_COUNT):
        number = np.rint(np.expm1(graph.features[:, column].astype(np.float64)))
        pois[COUNT] = pd.array(number, dtype="Int64")
    source, goal = cell[graph.near]
    places = pd.DataFrame({"x": x, "y": y}).astype(str)
    about = {
        FILE: (graph.info.city or "cell") + "_" + places.x + "_" + places.y,
        COORDINATES: "(" + places.x + ", " + places.y + ")",
        CLASS_ID: cell,
    }
    tables: dict[str, Mapping[str, Any]] = {
        POSITIONS: {ID: cell, "x": x, "y": y},
        ADJACENCY: {"src_id": source, "dst_id": goal},
        ENTITIES: _link_columns(graph.links(ENTITY), "entity_id", classes, cell),
        POIS: _link_columns(graph.links(POI), "poi_id", categories, cell),
        LANDCOVER_FEATURES: about | _columns(graph, LANDCOVER, classes, "Value_{}_Ratio"),
        POI_FEATURES: {CATEGORY_ID: cell, **pois},
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
    numbers = np.array([labels[name] for name in links.names], dtype=object)[links.index[0]]
    return {called: numbers, ID: cell[links.index[1]], "proportion": links.weight}
