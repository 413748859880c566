"""A graph as a city folder in the CSV form, which `city_csv` describes and reads."""

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
from ...names import COVARIATE, LANDCOVER, POI_COUNT, POI_SHARE
from ..builders.graph import GraphRawData, Links
from ..builders.grid import Grid
from .city_csv import (
    ADJACENCY,
    COVARIATES,
    DESCRIPTION,
    ENTITIES,
    GRAPH_FILES,
    LANDCOVER_FEATURES,
    POI_FEATURES,
    POIS,
    POSITIONS,
)
from .id_tables import COUNT, ENTITY, ID, NEIGHBOUR, POI


def write_city(graph: GraphRawData, folder: str | Path) -> None:
    """Write a graph and its targets as a city folder in the CSV form.

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
    return {"places": described, "units": graph.info.units}


def _tables(graph: GraphRawData) -> dict[str, pd.DataFrame]:
    ids = {ID: graph.cell}
    if isinstance(graph.geometry, Grid):
        row, col = np.divmod(graph.cell, graph.geometry.cols)
        positions = {"row": graph.geometry.rows - 1 - row, "col": col}
    else:
        positions = dict(zip("xy", graph.geometry.centres(graph.cell).T))
    pois = _columns(graph, POI_SHARE)
    for column in graph.columns(POI_COUNT):
        number = np.rint(np.expm1(graph.features[:, column].astype(np.float64)))
        pois[COUNT] = pd.array(number, dtype="Int64")
    source, goal = graph.cell[graph.near]
    tables: dict[str, Mapping[str, Any]] = {
        POSITIONS: positions,
        ADJACENCY: {ID: source, NEIGHBOUR: goal},
        ENTITIES: _link_columns(ENTITY, graph.links(ENTITY), graph.cell),
        POIS: _link_columns(POI, graph.links(POI), graph.cell),
        LANDCOVER_FEATURES: _columns(graph, LANDCOVER),
        POI_FEATURES: pois,
    }
    covariates = _columns(graph, COVARIATE)
    if covariates:
        tables[COVARIATES] = covariates
    tables |= {f"{name}.csv": {"value": values} for name, values in graph.targets.items()}
    return {
        name: pd.DataFrame(columns if ID in columns else {**ids, **columns})
        for name, columns in tables.items()
    }


def _columns(graph: GraphRawData, kind: str) -> dict[str, Any]:
    return {graph.feature_names[k]: graph.features[:, k] for k in graph.columns(kind)}


def _link_columns(kind: str, links: Links, cell: NDArray[np.int64]) -> dict[str, Any]:
    names = np.array(links.names, dtype=object)[links.index[0]]
    return {kind: names, ID: cell[links.index[1]], "proportion": links.weight}
