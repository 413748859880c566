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
from ..data.builders.surroundings import Whole
from ..data.sources.ground import Known
from ..errors import InputError
from ..language import tr
from ..models.distances import nearest
from ..names import COVARIATE, ENTITY, LANDCOVER, POI, POI_COUNT, SHARES
from ..progress import Progress
from .uncovered import Uncovered

NONE_NEAR = np.empty((2, 0), np.int64)


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
    covered = {number: _covered(each) for number, each in enumerate(known) if each.covers}
    exists = np.zeros(grid.size, bool)
    exists[cell] = True
    titles = {n: "" if LANDCOVER in each.kinds else each.group for n, each in enumerate(known)}
    observed = _observed(means, grid.size)
    Uncovered.of(covered, observed, wanted, exists).warn(titles, progress)
    kept = [_within(each, cell) for each in known]
    refuse_repeated([each.group for each in kept])
    targets = {name: values[cell] for name, values in means.items()}
    return joined(grid, cell, kept, targets, queen_edges(grid, cell))


def joined(
    grid: Grid,
    cell: NDArray[np.int64],
    known: Sequence[Known],
    targets: dict[str, NDArray[np.float64]],
    near: NDArray[np.int64] = NONE_NEAR,
    whole: Whole | None = None,
) -> GraphRawData:
    """The graph of some cells of a grid.

    Parameters
    ----------
    grid : Grid
        The grid.
    cell : int64 array [N]
        The cells, ascending.
    known : sequence of Known
        What is known of these cells, [N, K] each.
    targets : dict of str to float64 array [N]
        NaN where not observed.
    near : int64 array [2, E]
        See `GraphRawData`; none by default.
    whole : Whole, optional
        The map of which these are some cells.
    """
    types = [ENTITY, POI, *(_type_of(each) for each in known)]
    return GraphRawData(
        geometry=grid,
        cell=cell,
        features=np.hstack([np.empty((len(cell), 0), np.float32), *(k.values for k in known)]),
        feature_names=tuple(name for each in known for name in each.names),
        feature_kinds=tuple(kind for each in known for kind in each.kinds),
        near=near,
        hypernodes={kind: _links(kind, known, len(cell)) for kind in dict.fromkeys(types) if kind},
        targets=targets,
        feature_groups=tuple(
            each.group if kind == COVARIATE else kind for each in known for kind in each.kinds
        ),
        whole=whole,
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
    return others[Beside.of(grid, np.flatnonzero(observed)).holds(others)]


@dataclasses.dataclass(frozen=True)
class Beside:
    """What lies beside measured cells, no farther than these usually are from each other.

    Parameters
    ----------
    grid : Grid
        The grid.
    tree : cKDTree or None
        Of the measured cells, in metres; None where they are fewer than two.
    usual : float
        The median distance of a measured cell to the nearest other.
    """

    grid: Grid
    tree: cKDTree | None
    usual: float

    @classmethod
    def of(cls, grid: Grid, observed: NDArray[np.int64]) -> Beside:
        """Beside these cells of a grid."""
        if len(observed) < 2:
            return cls(grid, None, 0.0)
        measured = grid.plane.metres(grid.centres(observed))
        tree = cKDTree(measured)
        return cls(grid, tree, float(np.median(nearest(tree, measured, 1, skip_self=True)[0])))

    def holds(self, cell: NDArray[np.int64]) -> NDArray[np.bool_]:
        """Which of some cells of the grid lie beside measured ones."""
        if self.tree is None or len(cell) == 0:
            return np.zeros(len(cell), bool)
        # Distances in metres have rounding errors.
        within = self.usual * (1 + 1e-6)
        away = self.tree.query(
            self.grid.plane.metres(self.grid.centres(cell)), distance_upper_bound=within * 2
        )[0]
        found: NDArray[np.bool_] = away <= within
        return found


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
        raise none_there(known.group)
    if used.all():
        return dataclasses.replace(known, values=values)
    columns = np.flatnonzero(used)
    return dataclasses.replace(
        known,
        names=tuple(known.names[k] for k in columns),
        kinds=tuple(known.kinds[k] for k in columns),
        values=values[:, columns],
    )


def none_there(group: str) -> InputError:
    """That a source has nothing in the cells of a map."""
    text = tr("None of '{kind}' lies in the cells of the map; check its CRS.")
    return InputError(text.format(kind=group))


def refuse_repeated(groups: Sequence[str]) -> None:
    """Refuse two sources of one name."""
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
