"""Cities in the text form of the GeoHG paper's public data.

The files of `Hyper_Graph/<city>`: neighbours in `ANA.txt`, the three largest classes of a
cell in `ELA.txt`, the POI categories of a cell in `PLA.txt`, positions in `pos_encode.txt`,
land-cover shares in `TIF_feature.csv` and POI shares in `POI_feature.csv`. Those of
`downstream_tasks/<city>`: one text file a target. In place of the text files, tables of the
toolkit may hold the same.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from ...errors import InputError
from ...language import tr
from ...names import ENTITY, LANDCOVER, POI, POI_COUNT, POI_COUNT_NAME, POI_SHARE
from ..builders.adjacency import both_ways, one_way_in_words
from ..builders.esa_worldcover import CLASS_NAMES
from ..builders.graph import GraphRawData, share_links
from ..builders.grid import Grid
from ..builders.info import GraphInfo
from .city_csv import LANDCOVER_FEATURES, POI_FEATURES
from .city_forms import LARGEST, NEIGHBOURS, POI_LINKS, POSITIONS, form_of, read_lines
from .city_lines import read_fields
from .city_positions import grid_from_south
from .city_shares import CLASSES, unpack_shares
from .identities import Identities
from .tables import check_columns, check_whole_rows, numbers, read_table

Array = NDArray[np.float64]

# Classes 1 to 10 of the files are WorldCover's in order; moss is not among them.
_CLASSES = tuple(CLASS_NAMES.values())[:CLASSES]
# Nodata of the sources, some averaged with values: no target is as low as this.
_LEAST_VALUE = -9999.0


@dataclass(frozen=True, eq=False)
class CityText:
    """The files of a city as they stand, in the order of the grid's cells.

    Parameters
    ----------
    name : str
        The city.
    grid, cell : Grid, int64 array [N]
        Its cells, ascending.
    cells : Identities
        The id of each.
    near : int64 array [2, E]
        The lines of `ANA.txt`.
    entity, poi : tuple of int64 array [2, L] and float64 array [L]
        Type and cell, and weight, of the lines of `ELA.txt` and `PLA.txt`.
    land : float64 array [N, K]
        Packed shares; NaN behind the classes present.
    poi_names : tuple of str
        The categories.
    poi_features, poi_count : float64 array [N, P], [N]
        Share x log10(number + 1) of each category, and the number.
    targets : dict of str to float64 array [N]
        Values as they stand; NaN for cells without a line.
    """

    name: str
    grid: Grid
    cell: NDArray[np.int64]
    cells: Identities
    near: NDArray[np.int64]
    entity: tuple[NDArray[np.int64], Array]
    poi: tuple[NDArray[np.int64], Array]
    land: Array
    poi_names: tuple[str, ...]
    poi_features: Array
    poi_count: Array
    targets: dict[str, Array]


def read_text(graph_folder: Path, targets: Mapping[str, Path]) -> CityText:
    """Read the files of a city; see `read_city` for errors."""
    grid, cell, cells = _read_geometry(form_of(graph_folder / POSITIONS))
    neighbours = form_of(graph_folder / NEIGHBOURS)
    near = read_lines(neighbours, {1: int, 4: int})
    entities = form_of(graph_folder / LARGEST)
    kind, share = _read_links(entities, cells)
    if entities.suffix == ".csv" and kind.shape[1]:  # which may count from 0
        kind[0] += kind[0].min() == 0
    names, features, count, poi = _read_poi_files(graph_folder, cells)
    return CityText(
        name=graph_folder.name,
        grid=grid,
        cell=cell,
        cells=cells,
        near=np.stack([cells.find(ids, neighbours) for ids in near]),
        entity=(kind, share),
        poi=poi,
        land=_read_landcover(graph_folder / LANDCOVER_FEATURES, cells),
        poi_names=names,
        poi_features=features,
        poi_count=count,
        targets={name: _read_target(path, cells) for name, path in targets.items()},
    )


def mended(city: CityText) -> GraphRawData:
    """The graph of a city with the faults of its files put right.

    Packed class shares are put back under their classes, POI counts are split from
    shares, hypernode links hold every class and category once, and sentinels are NaN.
    """
    land = unpack_shares(city.land, _largest(city))
    classes = np.flatnonzero(np.nansum(land, axis=0) > 0)
    moved = np.nan_to_num(land)[:, : city.land.shape[1]] != np.nan_to_num(city.land)
    count = city.poi_count
    # 1 stands where the number is 0, and with it every share.
    divisor = np.where(count > 0, np.log10(count + 1), 1.0)
    share = np.where(count[:, None] > 0, city.poi_features / divisor[:, None], 0.0)
    land, names = land[:, classes], tuple(_CLASSES[k] for k in classes)
    near, added = both_ways(city.near)
    targets = {
        name: np.where(values > _LEAST_VALUE, values, np.nan)
        for name, values in city.targets.items()
    }
    repaired = {
        tr("cells whose land-cover shares were put back under their classes"): int(
            moved.any(axis=1).sum()
        ),
        **_repaired_links(city, land, share),
        one_way_in_words(): added,
    }
    for name, values in targets.items():
        sentinels = np.isfinite(city.targets[name]).sum() - np.isfinite(values).sum()
        repaired[tr("sentinels of {name} set missing").format(name=name)] = int(sentinels)
    number = np.log1p(count)[:, None][:, : len(city.poi_names)]
    counts = (POI_COUNT_NAME,) * number.shape[1]
    kinds = (LANDCOVER,) * len(names) + (POI_SHARE,) * len(city.poi_names)
    return GraphRawData(
        geometry=city.grid,
        cell=city.cell,
        features=np.column_stack([land, share, number]).astype(np.float32),
        feature_names=(*names, *city.poi_names, *counts),
        feature_kinds=(*kinds, *[POI_COUNT] * len(counts)),
        near=near,
        hypernodes={
            ENTITY: share_links(names, land.astype(np.float32)),
            POI: share_links(city.poi_names, share.astype(np.float32)),
        },
        targets=targets,
        info=GraphInfo(repaired={words: number for words, number in repaired.items() if number}),
    )


def _repaired_links(city: CityText, land: Array, share: Array) -> dict[str, int]:
    """How many links the shares add to the lines of a city, and how many lines repeat others."""
    repeats = city.poi[0].shape[1] - np.unique(city.poi[0], axis=1).shape[1]
    return {
        tr("links to classes below a cell's three largest added"): int((land > 0).sum())
        - city.entity[0].shape[1],
        tr("repeated POI lines dropped"): repeats,
        tr("links to POI categories that no line names added"): int((share > 0).sum())
        - (city.poi[0].shape[1] - repeats),
    }


def _largest(city: CityText) -> Array:
    """Share of entities 0 to 9 where `ELA.txt` names them, shape [N, 10]."""
    (entity, cell), share = city.entity
    if len(entity) and not (entity.min() >= 0 and entity.max() < CLASSES):
        raise InputError(
            tr("'ELA.txt' of {city} names the entity {entity}; known are 1 to 9.").format(
                city=city.name, entity=entity.max()
            )
        )
    largest = np.full((len(city.cell), CLASSES), np.nan)
    largest[cell, entity] = share
    return largest


def _read_geometry(path: Path) -> tuple[Grid, NDArray[np.int64], Identities]:
    """Grid, its cells ascending, and their ids.

    Lines are `id, row from the south, column from the west`: that way round, the sea
    lies south of Guangzhou and the mountains north-west of Beijing.
    """
    ids, row, col = read_lines(path, {0: int, 1: int, 2: int})
    grid, cell = grid_from_south(row, col, path)
    order = np.argsort(cell)
    if np.any(np.diff(cell[order]) == 0):
        raise InputError(tr("'{path}' has two cells at the same position.").format(path=path))
    return grid, cell[order], Identities(ids[order], path)


def _read_links(path: Path, cells: Identities) -> tuple[NDArray[np.int64], Array]:
    kind, area, weight = read_lines(path, {1: int, 4: int, 6: float})
    return np.stack([kind, cells.find(area, path)]), weight


def _read_landcover(path: Path, cells: Identities) -> Array:
    """Values of each cell as they stand, shape [N, K]; NaN behind those present."""
    table = read_table(path, strict=True)
    if len(table.columns) < 4 or len(table.columns) > 3 + CLASSES:
        raise InputError(
            tr(
                "'{path}' must have an id in its third column and 1 to {classes} shares behind "
                "it, got {columns} columns."
            ).format(path=path, classes=CLASSES, columns=len(table.columns))
        )
    values = _matrix(table, 3, path)
    # Empty fields inside a row are left out like those behind it.
    order = np.argsort(np.isnan(values), axis=1, kind="stable")
    return _arrange(cells, table.iloc[:, 2], np.take_along_axis(values, order, axis=1), path)


def _read_poi_files(
    folder: Path, cells: Identities
) -> tuple[tuple[str, ...], Array, Array, tuple[NDArray[np.int64], Array]]:
    """What `_read_pois` gives, and the links; nothing where there are no files of POIs."""
    links = form_of(folder / POI_LINKS)
    none = np.empty((2, 0), dtype=np.int64), np.empty(0)
    if not links.is_file() and not (folder / POI_FEATURES).is_file():
        return (), np.empty((len(cells.ids), 0)), np.zeros(len(cells.ids)), none
    optional = links.suffix == ".csv" and not links.is_file()
    read = _read_pois(folder / POI_FEATURES, cells)
    return *read, none if optional else _read_links(links, cells)


def _read_pois(path: Path, cells: Identities) -> tuple[tuple[str, ...], Array, Array]:
    """Categories, values of each cell [N, P], and number of POIs [N].

    The last field, which has no header, is the number.
    """
    table = read_table(path, strict=True, more=1)
    # All fields may have their header.
    table = table.iloc[:, :-1] if table.iloc[:, -1].isna().all() else table
    check_whole_rows(table, path)
    if len(table.columns) < 3:
        raise InputError(
            tr("'{path}' must have an id, shares and a number in each row.").format(path=path)
        )
    values = np.nan_to_num(_arrange(cells, table.iloc[:, 0], _matrix(table, 1, path), path))
    if (values < 0).any():
        raise InputError(
            tr("'{path}' has the negative value {value:g}; shares and numbers have none.").format(
                path=path, value=values.min()
            )
        )
    names = tuple(name.replace("_", " ") for name in table.columns[1:-1])
    return names, values[:, :-1], values[:, -1]


def _matrix(table: pd.DataFrame, first: int, path: Path) -> Array:
    """Columns from the one numbered `first` on as numbers."""
    check_columns(table, (), path)
    columns = [numbers(table, name, path) for name in table.columns[first:]]
    return np.column_stack(columns)


def _arrange(cells: Identities, ids: pd.Series, values: Array, path: Path) -> Array:
    if not pd.api.types.is_integer_dtype(ids):
        raise InputError(tr("'{path}' has an id that is not a whole number.").format(path=path))
    return cells.arrange(ids.to_numpy(), values, path)


def _read_target(path: Path, cells: Identities) -> Array:
    """Values as they stand in the order of the cells; NaN for cells without a line."""
    if path.suffix == ".csv":
        table = read_table(path, strict=True)
        check_columns(table, ("area_id", "value"), path)
        return _arrange(cells, table["area_id"], numbers(table, "value", path), path)
    area, values = read_fields(path, {1: int, 3: float})
    return cells.arrange(area, values, path)
