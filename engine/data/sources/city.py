"""Cities in the text layout of the GeoHG paper's public data, with its faults mended.

The files are those of `Hyper_Graph/<city>` and `downstream_tasks/<city>`: land-cover shares
in `TIF_feature.csv`, POI shares in `POI_feature.csv`, the three largest classes of a cell in
`ELA.txt`, POI links in `PLA.txt`, places in `pos_encode.txt` and one file a target.
"""

from __future__ import annotations

import csv
import itertools
from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar

import numpy as np
from numpy.typing import NDArray

from ... import schema
from ...errors import InputError
from ..builders.adjacency import queen_edges
from ..builders.graph import GraphRawData, Links
from ..builders.grid import Grid
from .esa_worldcover import CLASS_NAMES

Read = TypeVar("Read")
Array = NDArray[np.float64]

# The files give rows and columns of cells of one kilometre, and no place on Earth.
CITY_CRS = 'LOCAL_CS["City grid",UNIT["metre",1],AXIS["East",EAST],AXIS["North",NORTH]]'
_CELL_METRES = 1000.0
# Classes 1 to 10 of the files are WorldCover's in order; moss is not among them.
_CLASSES = tuple(CLASS_NAMES.values())[:10]
# Wetland (class 9) and mangrove (class 10) share one entity.
_ENTITY_OF_CLASS = np.array([1, 2, 3, 4, 5, 6, 7, 8, 9, 9])
# Nodata of the sources, some averaged with values: no target is as low as this.
_LEAST_VALUE = -9999.0
_TARGET_SUFFIX = ".txt"


def city_names(folder: str | Path) -> tuple[str, ...]:
    """Names of the cities under `folder`, sorted."""
    graphs = Path(folder) / "Hyper_Graph"
    return tuple(sorted(path.parent.name for path in graphs.glob("*/pos_encode.txt")))


def read_city(graph_folder: str | Path, target_folder: str | Path) -> GraphRawData:
    """Read one city as a graph.

    Packed class shares are put back under their classes, POI counts are split from
    shares, hypernode links hold every class and category once, and sentinels are NaN.

    Parameters
    ----------
    graph_folder : path
        The folder of `pos_encode.txt` and the other graph files.
    target_folder : path
        The folder with one text file a target, named after it.

    Raises
    ------
    InputError
        If a file is missing or a line cannot be read, naming both.
    """
    graph_folder, target_folder = Path(graph_folder), Path(target_folder)
    grid, cell, position = read_places(graph_folder / "pos_encode.txt")
    land = _read_landcover(graph_folder, position)
    share, count = _read_pois(graph_folder / "POI_feature.csv", position)
    classes = np.flatnonzero(np.nansum(land, axis=0) > 0)
    land, names = land[:, classes], tuple(_CLASSES[k] for k in classes)
    categories = tuple(f"POI {k}" for k in range(share.shape[1]))
    kinds = (schema.LANDCOVER,) * len(names) + (schema.POI_SHARE,) * len(categories)
    targets = {
        path.name[: -len(_TARGET_SUFFIX)]: _read_target(path, position)
        for path in sorted(target_folder.glob(f"*{_TARGET_SUFFIX}"))
    }
    return GraphRawData(
        places=grid,
        cell=cell,
        features=np.column_stack([land, share, np.log1p(count)]).astype(np.float32),
        feature_names=(*names, *categories, "log(1 + number of POIs)"),
        feature_kinds=(*kinds, schema.POI_COUNT),
        near=queen_edges(grid, cell),
        entity=_links(names, land),
        poi=_links(categories, share),
        targets=targets,
        info={"city": graph_folder.name},
    )


def read_places(path: Path) -> tuple[Grid, NDArray[np.int64], dict[int, int]]:
    """Grid, cells in order, and the position of each id in that order.

    Lines are `id, row from the south, column from the west`: that way round, the sea
    lies south of Guangzhou and the mountains north-west of Beijing.
    """
    table = np.array(
        _read_lines(path, lambda line: [int(text) for text in line.split(",")]), dtype=np.int64
    )
    if table.ndim != 2 or table.shape[1] != 3:
        raise InputError(f"'{path}' must have three numbers a line: id, row and column.")
    rows, cols = int(table[:, 1].max()) + 1, int(table[:, 2].max()) + 1
    grid = Grid(CITY_CRS, 0.0, rows * _CELL_METRES, _CELL_METRES, _CELL_METRES, rows, cols)
    cell = (rows - 1 - table[:, 1]) * cols + table[:, 2]
    order = np.argsort(cell)
    if np.any(np.diff(cell[order]) == 0):
        raise InputError(f"'{path}' has two cells in one place.")
    return grid, cell[order], {int(i): place for place, i in enumerate(table[order, 0])}


def _read_landcover(folder: Path, position: dict[int, int]) -> Array:
    """Share of each class, shape [N, 10]; NaN rows where the files have none."""
    packed: list[list[float]] = [[] for _ in position]
    with _open(folder / "TIF_feature.csv") as file:
        for row in itertools.islice(csv.reader(file), 1, None):
            values = [float(text) for text in row[3:] if text]
            packed[_position(row[2], position, folder / "TIF_feature.csv")] = values
    largest = np.full((len(position), 10), np.nan)

    def read(line: str) -> None:
        entity, _, area, proportion = line.split()
        place = _position(area.split("/")[1], position, folder / "ELA.txt")
        largest[place, int(entity.split("/")[1])] = float(proportion.split("/")[1])

    _read_lines(folder / "ELA.txt", read)
    return unpack_shares(packed, largest)


def unpack_shares(packed: list[list[float]], largest: Array) -> Array:
    """Put packed class shares back under their classes.

    The files leave out the classes that a cell does not have, so that its k-th value is
    the k-th class present. Of all ascending sets of classes, the one is taken that agrees
    best with the cell's largest classes; of several, the one whose classes occur together
    most often.

    Parameters
    ----------
    packed : list of lists
        Shares of the classes present in each cell, in ascending order of class.
    largest : float array [N, 10]
        Share of entities 0 to 9 where the cell's largest classes name them, else NaN.

    Returns
    -------
    float64 array [N, 10]
        Share of classes 1 to 10; NaN for a cell without values.
    """
    named = np.isfinite(largest).sum(axis=0)[_ENTITY_OF_CLASS]
    together = np.full((10, 10), 0.5)
    groups = []
    present = np.array([len(values) for values in packed])
    for count in np.unique(present[present > 0]):
        cells = np.flatnonzero(present == count)
        values = np.array([packed[cell] for cell in cells])
        sets = np.array(list(itertools.combinations(range(10), count)))
        agreement = _agreement(values, sets, largest[cells])
        best = agreement == agreement.max(axis=1, keepdims=True)
        # Where several agree, each counts as often as its classes are named anywhere.
        chance = best * np.prod((named[sets] + 0.5) / len(packed), axis=1)
        chance = (chance / chance.sum(axis=1, keepdims=True)).sum(axis=0)
        member = np.zeros((len(sets), 10))
        np.put_along_axis(member, sets, 1.0, axis=1)
        together += member.T @ (chance[:, None] * member)
        groups.append((cells, values, sets, best, member))
    shares = np.full((len(packed), 10), np.nan)
    for cells, values, sets, best, member in groups:
        commonness = (member @ np.log(together) * member).sum(axis=1)
        chosen = np.where(best, commonness, -np.inf).argmax(axis=1)
        shares[cells] = 0.0
        shares[cells[:, None], sets[chosen]] = values
    return shares


def _agreement(values: Array, sets: NDArray[np.int64], largest: Array) -> NDArray[np.int64]:
    """How many of the largest shares each set of classes explains, shape [cells, sets]."""
    matches = np.zeros((len(values), len(sets)), dtype=np.int64)
    for place in range(values.shape[1]):
        named = largest[:, _ENTITY_OF_CLASS[sets[:, place]]]
        # The files round to four decimals; NaN compares as no match.
        matches += np.abs(named - values[:, place, None]) < 1e-4
    return matches


def _read_pois(path: Path, position: dict[int, int]) -> tuple[Array, Array]:
    """Share of each category [N, P] and number of POIs [N].

    The last field, which has no header, is the number; the others are
    share x log10(number + 1).
    """
    with _open(path) as file:
        rows = list(itertools.islice(csv.reader(file), 1, None))
    if not rows:
        raise InputError(f"'{path}' has no rows.")
    share = np.zeros((len(position), len(rows[0]) - 2))
    count = np.zeros(len(position))
    for row in rows:
        place = _position(row[0], position, path)
        count[place] = float(row[-1])
        if count[place] > 0:
            share[place] = np.array(row[1:-1], dtype=np.float64) / np.log10(count[place] + 1)
    return share, count


def _read_target(path: Path, position: dict[int, int]) -> Array:
    """Values in the order of the cells; NaN for sentinels and for cells without a line."""
    values = np.full(len(position), np.nan)

    def read(line: str) -> None:
        area, value = line.split()
        place = _position(area.split("/")[1], position, path)
        number = float(value.split("/")[1])
        values[place] = number if number > _LEAST_VALUE else np.nan

    _read_lines(path, read)
    return values


def _links(names: tuple[str, ...], share: Array) -> Links:
    cell, node = np.nonzero(np.nan_to_num(share))
    return Links(names, np.stack([node, cell]), share[cell, node].astype(np.float32))


def _position(identity: str, position: dict[int, int], path: Path) -> int:
    place = position.get(int(identity))
    if place is None:
        raise InputError(f"'{path}' names the cell {identity}, which has no place.")
    return place


def _read_lines(path: Path, read: Callable[[str], Read]) -> list[Read]:
    """What `read` makes of every line that is not empty."""
    found = []
    with _open(path) as file:
        for number, line in enumerate(file, 1):
            if not line.strip():
                continue
            try:
                found.append(read(line))
            except (ValueError, IndexError) as error:
                if isinstance(error, InputError):
                    raise
                raise InputError(
                    f"Line {number} of '{path}' cannot be read: {line.strip()!r}."
                ) from error
    return found


def _open(path: Path) -> Any:
    try:
        return open(path, encoding="utf-8", newline="")
    except OSError as error:
        raise InputError(f"'{path}' cannot be read: {error.strerror}.") from error
