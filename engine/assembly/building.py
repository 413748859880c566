"""From checked inputs to a graph."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from ..data.builders.adjacency import queen_edges
from ..data.builders.esa_worldcover import class_names
from ..data.builders.features import ClassCounts, count_classes
from ..data.builders.graph import GraphRawData, Links, share_links
from ..data.builders.grid import Grid
from ..data.builders.tiles import LandCoverTile
from ..data.sources.poi import PoiCounts
from ..language import tr
from ..names import ENTITY, LANDCOVER, POI, POI_COUNT, POI_COUNT_NAME, POI_SHARE
from ..progress import Part, Progress


def build_graph(
    grid: Grid,
    means: dict[str, NDArray[np.float64]],
    tiles: Sequence[LandCoverTile],
    pois: PoiCounts | None,
    progress: Progress,
    area: NDArray[np.bool_] | None = None,
) -> GraphRawData:
    """Lay the graph over the grid.

    A cell exists where there is land cover, or a measured value; without land cover
    every cell of the grid exists.

    Parameters
    ----------
    grid : Grid
        The grid.
    means : dict of str to float64 array [grid.size]
        Each target, NaN where not observed.
    tiles : sequence of LandCoverTile
        Categorical rasters; none is allowed.
    pois : PoiCounts or None
        POIs counted a cell.
    progress : Progress
        Receives progress and messages.
    area : bool array [grid.size], optional
        The cells that are wanted; all by default. No other exists.
    """
    wanted = np.ones(grid.size, dtype=bool) if area is None else area
    classes = count_classes(tiles, grid, Part(progress, 0.0, 0.8)) if tiles else None
    nowhere = np.zeros(grid.size, dtype=bool)
    observed = np.logical_or.reduce([nowhere, *map(np.isfinite, means.values())])
    covered = np.ones(grid.size, dtype=bool)
    if classes is not None:
        covered = classes.counts.sum(axis=1) > 0
        _warn_uncovered(classes, covered, observed & wanted, wanted, progress)
    cell = np.flatnonzero((covered | observed) & wanted)
    if classes is not None:
        classes = classes.within(cell)
    progress.report(0.8, tr("Joining neighbouring cells"))
    kinds, names, columns = _features(classes, pois, cell)
    return GraphRawData(
        geometry=grid,
        cell=cell,
        features=np.hstack([np.empty((len(cell), 0), np.float32), *columns]),
        feature_names=tuple(names),
        feature_kinds=tuple(kinds),
        near=queen_edges(grid, cell),
        hypernodes={
            ENTITY: _entity_links(classes, cell),
            POI: _poi_links(pois, cell),
        },
        targets={name: values[cell] for name, values in means.items()},
    )


def _warn_uncovered(
    classes: ClassCounts,
    covered: NDArray[np.bool_],
    observed: NDArray[np.bool_],
    wanted: NDArray[np.bool_],
    progress: Progress,
) -> None:
    if classes.sampled:
        progress.warning(
            tr(
                "{cells} cells contain no centre of a land-cover pixel and take the class at their "
                "own centre; the cells are smaller than the land-cover pixels."
            ).format(cells=classes.sampled)
        )
    bare = int((observed & ~covered).sum())
    if bare:
        progress.warning(tr("{bare} observed cells have no land cover.").format(bare=bare))
    empty = int((~observed & ~covered & wanted).sum())
    if empty:
        progress.warning(
            tr(
                "{empty} of {cells} cells have neither land cover nor points and get no prediction."
            ).format(empty=empty, cells=wanted.sum())
        )


def _features(
    classes: ClassCounts | None, pois: PoiCounts | None, cell: NDArray[np.int64]
) -> tuple[list[str], list[str], list[NDArray[np.float32]]]:
    kinds: list[str] = []
    names: list[str] = []
    columns = []
    if classes is not None:
        columns.append(classes.proportions()[cell])
        names += class_names(classes.codes.tolist())
        kinds += [LANDCOVER] * len(classes.codes)
    if pois is not None:
        total = pois.counts[cell].sum(axis=1, keepdims=True)
        columns.append(_poi_shares(pois, cell))
        columns.append(np.log1p(total).astype(np.float32))
        names += [*pois.names, POI_COUNT_NAME]
        kinds += [POI_SHARE] * len(pois.names) + [POI_COUNT]
    return kinds, names, columns


def _poi_shares(pois: PoiCounts, cell: NDArray[np.int64]) -> NDArray[np.float32]:
    """Share of each category in a cell's POIs; 0 where the cell has none."""
    counts = pois.counts[cell]
    return (counts / np.maximum(counts.sum(axis=1, keepdims=True), 1)).astype(np.float32)


def _entity_links(classes: ClassCounts | None, cell: NDArray[np.int64]) -> Links:
    if classes is None:
        return share_links((), np.empty((len(cell), 0), np.float32))
    return share_links(class_names(classes.codes.tolist()), classes.proportions()[cell])


def _poi_links(pois: PoiCounts | None, cell: NDArray[np.int64]) -> Links:
    if pois is None:
        return share_links((), np.empty((len(cell), 0), np.float32))
    return share_links(pois.names, _poi_shares(pois, cell))
