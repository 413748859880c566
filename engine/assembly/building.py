"""From what is known of the cells of a grid to a graph."""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray
from scipy.spatial import cKDTree

from ..data.builders.adjacency import queen_edges
from ..data.builders.graph import GraphRawData, Links, share_links
from ..data.builders.grid import Grid
from ..data.sources.ground import Known
from ..errors import InputError
from ..language import tr
from ..models.distances import nearest
from ..names import COVARIATE, ENTITY, LANDCOVER, POI, POI_COUNT, SHARES
from ..progress import Progress


def build_graph(
    grid: Grid,
    means: dict[str, NDArray[np.float64]],
    known: Sequence[Known],
    progress: Progress,
    area: NDArray[np.bool_] | None = None,
) -> GraphRawData:
    """Lay the graph over the grid.

    A cell exists where any raster has a value, or a value was measured, or beside such a cell:
    no farther from it than measured cells usually are from each other, by the median distance to
    the nearest. Without rasters every cell of the grid exists.

    Parameters
    ----------
    grid : Grid
        The grid.
    means : dict of str to float64 array [grid.size]
        Each target, NaN where not observed.
    known : sequence of Known
        What is known of the cells; nothing is allowed.
    progress : Progress
        Receives progress and messages.
    area : bool array [grid.size], optional
        The cells that are wanted; all by default. No other exists.

    Raises
    ------
    InputError
        If a source knows nothing of the cells, or two have columns of one name.
    """
    cell = cells_that_exist(grid, means, known, area)
    wanted = np.ones(grid.size, bool) if area is None else area
    _warn_uncovered(known, means, wanted, cell, progress)
    kept = [_within(each, cell) for each in known]
    _refuse_repeated(kept)
    types = [ENTITY, POI, *(_type_of(each) for each in kept)]
    return GraphRawData(
        geometry=grid,
        cell=cell,
        features=np.hstack([np.empty((len(cell), 0), np.float32), *(k.values for k in kept)]),
        feature_names=tuple(name for each in kept for name in each.names),
        feature_kinds=tuple(kind for each in kept for kind in each.kinds),
        near=queen_edges(grid, cell),
        hypernodes={kind: _links(kind, kept, len(cell)) for kind in dict.fromkeys(types) if kind},
        targets={name: values[cell] for name, values in means.items()},
        feature_groups=tuple(
            each.group if kind == COVARIATE else kind for each in kept for kind in each.kinds
        ),
    )


def cells_that_exist(
    grid: Grid,
    means: dict[str, NDArray[np.float64]],
    known: Sequence[Known],
    area: NDArray[np.bool_] | None = None,
) -> NDArray[np.int64]:
    """The cells of a graph, ascending; arguments as of `build_graph`."""
    covers = [_covered(each) for each in known if each.covers]
    observed = _observed(means, grid.size)
    wanted = np.ones(grid.size, dtype=bool) if area is None else area
    exists = np.logical_or.reduce([observed, *covers]) if covers else wanted
    beside = _beside(grid, observed & wanted, np.flatnonzero(wanted & ~exists))
    return np.union1d(np.flatnonzero(exists & wanted), beside)


def _beside(
    grid: Grid, observed: NDArray[np.bool_], others: NDArray[np.int64]
) -> NDArray[np.int64]:
    """Those of the cells `others` that lie beside observed ones; see `build_graph`."""
    if observed.sum() < 2 or len(others) == 0:
        return others[:0]
    measured = grid.plane.metres(grid.centres(np.flatnonzero(observed)))
    tree = cKDTree(measured)
    usual = np.median(nearest(tree, measured, 1, skip_self=True)[0])
    away = tree.query(grid.plane.metres(grid.centres(others)))[0]
    # Distances in metres have rounding errors.
    return others[away <= usual * (1 + 1e-6)]


def _observed(means: dict[str, NDArray[np.float64]], size: int) -> NDArray[np.bool_]:
    nowhere = np.zeros(size, dtype=bool)
    found: NDArray[np.bool_] = np.logical_or.reduce([nowhere, *map(np.isfinite, means.values())])
    return found


def _covered(known: Known) -> NDArray[np.bool_]:
    found: NDArray[np.bool_] = np.isfinite(known.values).any(axis=1)
    return found


def _within(known: Known, cell: NDArray[np.int64]) -> Known:
    """What is known of these cells, without the classes and zones that none of them has.

    Raises
    ------
    InputError
        If none is left.
    """
    values = known.values[cell]
    shares = ~np.isin(known.kinds, (COVARIATE, POI_COUNT))
    used = ~shares | (values > 0).any(axis=0)
    if shares.any() and not used[shares].any():
        raise InputError(
            tr("None of '{kind}' lies in the cells of the map; check its CRS.").format(
                kind=known.group
            )
        )
    if used.all():
        return dataclasses.replace(known, values=values)
    columns = np.flatnonzero(used)
    return dataclasses.replace(
        known,
        names=tuple(known.names[k] for k in columns),
        kinds=tuple(known.kinds[k] for k in columns),
        values=values[:, columns],
    )


def _refuse_repeated(known: Sequence[Known]) -> None:
    """Refuse two sources of one name."""
    groups = [each.group for each in known]
    for group in groups:
        if groups.count(group) > 1:
            raise InputError(
                tr(
                    "Two layers are called '{name}'; give each a name of its own, such as "
                    "{example}."
                ).format(name=group, example=f"{group}_2=FILE")
            )


def _type_of(known: Known) -> str:
    """The type of hypernodes whose shares a source has; empty for none."""
    if known.kinds and known.kinds[0] not in (COVARIATE, *SHARES.values()):
        return known.kinds[0]
    return ""


def _links(kind: str, known: Sequence[Known], cells: int) -> Links:
    """The hypernodes of a type, by their shares."""
    share = SHARES.get(kind, kind)
    for each in known:
        columns = np.flatnonzero(np.array(each.kinds, dtype=object) == share)
        if len(columns):
            return share_links([each.names[k] for k in columns], each.values[:, columns])
    return share_links((), np.empty((cells, 0), np.float32))


def _warn_uncovered(
    known: Sequence[Known],
    means: dict[str, NDArray[np.float64]],
    wanted: NDArray[np.bool_],
    cell: NDArray[np.int64],
    progress: Progress,
) -> None:
    """Say how many wanted cells rasters leave out, and what becomes of them; `cell` exist."""
    observed = _observed(means, len(wanted)) & wanted
    covers = {each.group: (each, _covered(each)) for each in known if each.covers}
    for each, covered in covers.values():
        bare = int((observed & ~covered).sum())
        if bare and LANDCOVER in each.kinds:
            progress.warning(tr("{bare} observed cells have no land cover.").format(bare=bare))
        elif bare:
            text = tr("{bare} observed cells have no value of '{name}'.")
            progress.warning(text.format(bare=bare, name=each.group))
    if not covers:
        return
    anywhere = np.logical_or.reduce([observed, *(covered for _, covered in covers.values())])
    beside = int((~anywhere[cell]).sum())
    if beside:
        progress.warning(
            tr(
                "{beside} cells beside measured ones have no land cover, nor a value of another "
                "raster; they are predicted from what is around them, and without land cover they "
                "lie outside the area of applicability."
            ).format(beside=beside)
        )
    empty = int((~anywhere & wanted).sum()) - beside
    if empty:
        progress.warning(
            tr(
                "{empty} of {cells} cells have neither land cover nor points and get no prediction."
            ).format(empty=empty, cells=wanted.sum())
        )
