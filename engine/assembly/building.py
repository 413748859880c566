"""From what is known of the cells of a grid to a graph."""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from ..data.builders.adjacency import queen_edges
from ..data.builders.graph import GraphRawData, Links, share_links
from ..data.builders.grid import Grid
from ..data.sources.ground import Known
from ..errors import InputError
from ..language import tr
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

    A cell exists where any raster has a value, or a value was measured; without rasters every
    cell of the grid exists.

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
    wanted = np.ones(grid.size, dtype=bool) if area is None else area
    nowhere = np.zeros(grid.size, dtype=bool)
    observed = np.logical_or.reduce([nowhere, *map(np.isfinite, means.values())])
    covers = [each for each in known if each.covers]
    covered = np.logical_or.reduce([nowhere, *map(_covered, covers)]) if covers else ~nowhere
    cell = np.flatnonzero((covered | observed) & wanted)
    _warn_uncovered(covers, covered, observed & wanted, wanted, progress)
    kept = [_within(each, cell, grid) for each in known]
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


def _covered(known: Known) -> NDArray[np.bool_]:
    found: NDArray[np.bool_] = np.isfinite(known.values).any(axis=1)
    return found


def _within(known: Known, cell: NDArray[np.int64], grid: Grid) -> Known:
    """What is known of these cells, without the classes and zones that none of them has.

    Raises
    ------
    InputError
        If none is left, or there are labels of other than all cells.
    """
    if len(known.values) not in (grid.size, len(cell)):
        raise InputError(
            tr(
                "'{kind}' has {count} labels; give one for each of the {cells} cells of the map "
                "({rows} rows, {cols} columns), polygons with a name, or a function of x and y."
            ).format(
                kind=known.group,
                count=len(known.values),
                cells=len(cell),
                rows=grid.rows,
                cols=grid.cols,
            )
        )
    values = known.values[cell] if len(known.values) == grid.size else known.values
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
    covers: Sequence[Known],
    covered: NDArray[np.bool_],
    observed: NDArray[np.bool_],
    wanted: NDArray[np.bool_],
    progress: Progress,
) -> None:
    """Say how many cells rasters leave out."""
    for each in covers:
        bare = int((observed & ~_covered(each)).sum())
        if bare and LANDCOVER in each.kinds:
            progress.warning(tr("{bare} observed cells have no land cover.").format(bare=bare))
        elif bare:
            text = tr("{bare} observed cells have no value of '{name}'.")
            progress.warning(text.format(bare=bare, name=each.group))
    empty = int((~observed & ~covered & wanted).sum())
    if empty:
        progress.warning(
            tr(
                "{empty} of {cells} cells have neither land cover nor points and get no prediction."
            ).format(empty=empty, cells=wanted.sum())
        )
