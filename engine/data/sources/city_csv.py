"""Cities as CSV files: the graph, and one file a target.

| file | columns | the toolkit's |
|---|---|---|
| `pos_encode.csv` | `area_id,row,col`, from the south-west, or `area_id,x,y` | `area_id,x,y` |
| `adjacency.csv` | `area_id,neighbour_id` | `src_id,dst_id` |
| `entity_area.csv`, `poi_area.csv` | `entity`, `poi`; `area_id,proportion` | `entity_id`... |
| `TIF_feature.csv` | `area_id`, then the share of each class | `Area`, then `Value_10_Ratio` |
| `POI_feature.csv` | `area_id`, the share of each category, `count` | `TIF`, `POI_0`, `Count` |
| `covariates.csv` | `area_id`, then other numbers of the cell; optional | |
| `city.json` | the CRS and the grid, the targets' units, the names of labels; optional | |
| any other `*.csv` | a target: `area_id,value` | |

The toolkit's x and y count columns from the west and rows from the south, or are coordinates.
An empty field, or a cell without a line, is missing. Ids are any text. Without `city.json`,
cells are squares of one kilometre with no place on Earth.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from ...errors import InputError
from ...language import tr
from ...names import COVARIATE, ENTITY, LANDCOVER, POI, POI_COUNT, POI_COUNT_NAME, POI_SHARE
from ...numerics import compact
from ..builders.adjacency import both_ways, one_way_in_words
from ..builders.graph import GraphRawData
from ..builders.grid import Grid
from ..builders.info import GraphInfo
from ..builders.sites import Sites
from .city_positions import grid_from_south, unplaced
from .id_tables import ID, filled, read_ids, read_neighbours, read_target, read_values
from .identities import Identities
from .link_tables import links_of
from .share_tables import Shares, read_categories, read_classes
from .tables import check_columns

Array = NDArray[np.float64]

POSITIONS = "pos_encode.csv"
ADJACENCY, COVARIATES, DESCRIPTION = "adjacency.csv", "covariates.csv", "city.json"
ENTITIES, POIS = "entity_area.csv", "poi_area.csv"
LANDCOVER_FEATURES, POI_FEATURES = "TIF_feature.csv", "POI_feature.csv"
# The parts of the description.
PLACES, UNITS, CLASSES, CATEGORIES = "places", "units", "classes", "categories"
_TABLES = (POSITIONS, ADJACENCY, ENTITIES, POIS, LANDCOVER_FEATURES, POI_FEATURES, COVARIATES)
GRAPH_FILES = tuple(name.removesuffix(".csv") for name in _TABLES)


def read_csv_city(folder: Path, targets: Mapping[str, Path]) -> GraphRawData:
    """Read a city in the CSV form.

    What is repaired is in `info["repaired"]`: neighbours in one direction only are joined
    both ways, and repeated links dropped.

    Raises
    ------
    InputError
        Naming the file, if one is missing or has other columns, an id twice or one without
        a position, text or infinite values, or shares outside 0 to 1 or above 1 together.
    """
    description = _read_description(folder / DESCRIPTION)
    geometry, cell, cells = _read_geometry(folder / POSITIONS, description)
    near, added = both_ways(read_neighbours(folder / ADJACENCY, cells))
    land, pois = _read_both(folder, description, cells)
    entity, twice = links_of(folder / ENTITIES, ENTITY, land, cells)
    poi, again = links_of(folder / POIS, POI, pois, cells)
    others, covariates = _read_covariates(folder / COVARIATES, cells)
    counts = [POI_COUNT_NAME] * pois.count.shape[1]
    kinds = [LANDCOVER] * len(land.names) + [POI_SHARE] * len(pois.names)
    kinds += [POI_COUNT] * len(counts) + [COVARIATE] * len(others)
    names = (*land.names, *pois.names, *counts, *others)
    unshared = {*entity.names} - {*land.names} if land.names else set()
    unshared |= {*poi.names} - {*pois.names} if pois.names else set()
    repaired = {
        one_way_in_words(): added,
        tr("classes or categories with links but no column of shares"): len(unshared),
        tr("repeated links dropped"): twice + again,
    }
    return GraphRawData(
        geometry=geometry,
        cell=cell,
        features=compact(
            np.column_stack([land.values, pois.values, np.log1p(pois.count), covariates])
        ),
        feature_names=names,
        feature_kinds=tuple(kinds),
        near=near,
        hypernodes={
            ENTITY: entity,
            POI: poi,
        },
        targets={name: read_target(path, cells) for name, path in targets.items()},
        info=GraphInfo(
            repaired={words: number for words, number in repaired.items() if number},
            units=description.get(UNITS, {}),
        ),
    )


def _read_both(
    folder: Path, description: Mapping[str, Any], cells: Identities
) -> tuple[Shares, Shares]:
    """Shares of classes and of categories; none where there is no such table."""
    read = []
    for name, key, reader in (
        (LANDCOVER_FEATURES, CLASSES, read_classes),
        (POI_FEATURES, CATEGORIES, read_categories),
    ):
        called = description.get(key)
        there = (folder / name).is_file()
        none = Shares.none(len(cells.ids), called)
        read.append(reader(folder / name, cells, called) if there else none)
    return read[0], read[1]


def _read_description(path: Path) -> dict[str, Any]:
    if not path.is_file():
        return {}
    try:
        described = json.loads(path.read_text(encoding="utf-8-sig"))
    except ValueError as error:
        raise InputError(
            tr("'{path}' is not JSON: {error}.").format(path=path, error=error)
        ) from error
    wanted = (PLACES, UNITS, CLASSES, CATEGORIES)
    known = described if isinstance(described, dict) else {PLACES: None}
    parts: dict[str, Any] = {name: known.get(name, {}) for name in wanted}
    if not all(isinstance(part, dict) for part in parts.values()) or not all(
        isinstance(text, str) for name in wanted[2:] for text in parts[name].values()
    ):
        raise InputError(
            tr(
                "'{path}' may have the parts 'places', 'units', 'classes' and 'categories', each "
                "an object, the last two with the name of each label."
            ).format(path=path)
        )
    return parts


def _read_geometry(
    path: Path, description: Mapping[str, Any]
) -> tuple[Grid | Sites, NDArray[np.int64], Identities]:
    table = read_ids(path, ID)
    if table.empty:
        raise InputError(tr("'{path}' has no rows.").format(path=path))
    described = description.get(PLACES)
    ids = table[ID].to_numpy(dtype=object)
    has_xy = {"x", "y"} <= set(table.columns)
    if has_xy and described and "rows" not in described:
        xy = np.column_stack([filled(table, name, path) for name in "xy"])
        sites = Sites(str(described.get("crs", "")), xy)
        return sites, np.arange(len(xy)), Identities(ids, path)
    if has_xy and not described:
        x, y = (filled(table, name, path) for name in "xy")
        row, col = unplaced(ids, x, y, path)
    else:
        names = ("y", "x") if has_xy else ("row", "col")
        check_columns(table, names, path)
        row, col = (_integers(table, name, path) for name in names)
    grid, cell = _on_grid(row, col, described, path)
    order = np.argsort(cell)
    if np.any(np.diff(cell[order]) == 0):
        raise InputError(tr("'{path}' has two cells at the same position.").format(path=path))
    return grid, cell[order], Identities(ids[order], path)


def _on_grid(
    row: NDArray[np.int64], col: NDArray[np.int64], described: Any, path: Path
) -> tuple[Grid, NDArray[np.int64]]:
    """The grid that is described, or one without a place, and the cell of each row and column."""
    if not described:
        return grid_from_south(row, col, path)
    grid = _grid(described, path)
    if (row >= grid.rows).any() or (col >= grid.cols).any():
        raise InputError(
            tr("'{path}' has cells outside the grid of '{description}'.").format(
                path=path, description=DESCRIPTION
            )
        )
    return grid, (grid.rows - 1 - row) * grid.cols + col


def _grid(described: Mapping[str, Any], path: Path) -> Grid:
    try:
        return Grid(**described)
    except TypeError as error:
        raise InputError(
            tr("'{path}' does not describe a grid: {error}.").format(
                path=path.with_name(DESCRIPTION), error=error
            )
        ) from error


def _integers(table: pd.DataFrame, name: str, path: Path) -> NDArray[np.int64]:
    values = filled(table, name, path)
    if (values < 0).any() or (values != np.floor(values)).any():
        raise InputError(
            tr("'{path}' must have whole numbers from 0 in '{name}'.").format(path=path, name=name)
        )
    return values.astype(np.int64)


def _read_covariates(path: Path, cells: Identities) -> tuple[tuple[str, ...], Array]:
    if not path.is_file():
        return (), np.empty((len(cells.ids), 0))
    return read_values(path, cells)
