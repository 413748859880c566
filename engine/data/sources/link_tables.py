"""CSV files that link cells to their classes or POI categories."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from ...errors import InputError
from ...language import tr
from ..builders.graph import Links, share_links
from .columns import as_names
from .id_tables import ENTITY, ID, filled, read_ids
from .identities import Identities
from .share_tables import CATEGORY, MOST, NEAR, RATIO, Shares, names_of_classes
from .tables import read_header

Array = NDArray[np.float64]


def links_of(path: str | Path, kind: str, shares: Shares, cells: Identities) -> tuple[Links, int]:
    """Links to hypernodes, each once, and how many repeated lines were dropped.

    Parameters
    ----------
    path : path
        A table with the columns `kind`, or `kind_id`, `area_id` and `proportion`. If it is
        missing, a cell is linked to all that it has a share of.
    kind : str
        `entity` or `poi`.
    shares : Shares
        Its columns are the first hypernodes; others follow as the file names them.
    cells : Identities
        The cells.
    """
    if not Path(path).is_file():
        return share_links(shares.names, shares.values.astype(np.float32)), 0
    table = read_ids(path, kind, ID, "proportion")
    weight = filled(table, "proportion", path)
    cell = cells.find(table[ID].to_numpy(), path)
    if kind in read_header(path):
        every = tuple(dict.fromkeys([*shares.names, *pd.unique(table[kind])]))
        node = pd.Index(every).get_indexer(table[kind])
    else:
        every, node, weight = _of_ids(as_names(table[kind]), cell, weight, kind, shares)
    if ((weight < 0) | (weight > 1)).any():
        wrong = weight[(weight < 0) | (weight > 1)][0]
        raise InputError(
            tr("'{path}' has the proportion {wrong:g}; it must lie between 0 and 1.").format(
                path=path, wrong=wrong
            )
        )
    first = np.sort(np.unique(np.stack([cell, node]), axis=1, return_index=True)[1])
    _check_repeats(pd.DataFrame({"node": node, "cell": cell, "weight": weight}), path)
    index = np.stack([node, cell])[:, first]
    return Links(every, index, weight[first].astype(np.float32)), len(table) - len(first)


def _of_ids(
    ids: NDArray[Any], cell: NDArray[np.int64], weight: Array, kind: str, shares: Shares
) -> tuple[tuple[str, ...], NDArray[np.int64], Array]:
    """Hypernodes, and the hypernode and the proportion of each line, of the toolkit's ids.

    Ids are labels, or count the columns from 0 or 1, and proportions are shares or numbers as
    in the columns: whichever agrees with the columns in most lines.
    """
    every, labelled = _by_label(ids, kind, shares)
    width = len(shares.names)
    if set(ids) <= set(shares.called) or not width:
        return every, labelled, weight
    tried = [labelled]
    if all(map(str.isdecimal, ids)):
        counted = (ids.astype(np.int64) - first for first in (0, 1))
        tried += [node for node in counted if node.min() >= 0 and node.max() < width]
    tried.sort(key=lambda node: bool(node.max() >= width))
    divided = weight / shares.divisor[cell]
    divided = np.where(divided <= MOST, np.minimum(divided, 1.0), divided)
    padded = np.pad(shares.values, ((0, 0), (0, len(every) - width)), constant_values=np.nan)
    pairs = [(node, part) for node in tried for part in (weight, divided)]
    agreed = [np.mean(np.abs(part - padded[cell, node]) <= NEAR) for node, part in pairs]
    node, part = pairs[int(np.argmax(agreed))]
    return every if node is labelled else shares.names, node, part


def _by_label(
    ids: NDArray[Any], kind: str, shares: Shares
) -> tuple[tuple[str, ...], NDArray[np.int64]]:
    """Hypernodes, and that of each id, by the labels or names of the columns."""
    index = {name: k for k, name in enumerate(shares.names)}
    index |= {label: k for k, label in enumerate(shares.labels)}
    code, unique = pd.factorize(ids)
    labels = [CATEGORY.sub(r"\1", RATIO.sub(r"\1", label)) for label in unique]
    more = list(dict.fromkeys(label for label in labels if label not in index))
    if kind == ENTITY:
        names = names_of_classes([*shares.labels, *more], shares.called)[len(shares.labels) :]
    else:
        usual = [f"POI {label}" if label.isdecimal() else label for label in more]
        names = tuple(shares.called.get(label, name) for label, name in zip(more, usual))
    index |= {label: len(shares.names) + k for k, label in enumerate(more)}
    return (*shares.names, *names), np.array([index[label] for label in labels], int)[code]


def _check_repeats(lines: pd.DataFrame, path: str | Path) -> None:
    distinct = lines.drop_duplicates()
    if distinct.duplicated(["node", "cell"]).any():
        raise InputError(tr("'{path}' gives one link two different proportions.").format(path=path))
