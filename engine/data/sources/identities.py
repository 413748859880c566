"""The cells of a city or a custom graph, by the ids that its files share."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from ...errors import InputError
from ...language import tr


@dataclass(frozen=True, eq=False)
class Identities:
    """The cells that other files name, by their ids.

    Parameters
    ----------
    ids : array [N]
        The id of each cell, in the order of the cells.
    path : path
        The file that lists the cells, for errors.

    Raises
    ------
    InputError
        If an id occurs twice.
    """

    ids: NDArray[Any]
    path: str | Path

    def __post_init__(self) -> None:
        check_unique(self.ids, self.path)

    @cached_property
    def _index(self) -> pd.Index:
        return pd.Index(self.ids)

    def find(self, wanted: NDArray[Any], path: str | Path) -> NDArray[np.int64]:
        """Index of each id that the file `path` names.

        Raises
        ------
        InputError
            If one is unknown.
        """
        index: NDArray[np.int64] = self._index.get_indexer(wanted).astype(np.int64)
        if (index < 0).any():
            unknown = wanted[index < 0][0]
            raise InputError(
                tr("'{path}' names the cell {unknown}, which is not in '{cells}'.").format(
                    path=path, unknown=unknown, cells=Path(self.path).name
                )
            )
        return index

    def arrange(self, ids: NDArray[Any], values: NDArray[np.float64], path: str | Path) -> Any:
        """Rows of `values` in the order of the cells; NaN where `path` has no row.

        Raises
        ------
        InputError
            If a row's id is unknown, or occurs twice.
        """
        check_unique(ids, path)
        arranged = np.full((len(self.ids), *values.shape[1:]), np.nan)
        arranged[self.find(ids, path)] = values
        return arranged


def check_unique(ids: NDArray[Any], path: str | Path) -> None:
    """Refuse a file that names a cell twice."""
    twice = pd.Index(ids).duplicated()
    if twice.any():
        raise InputError(
            tr("'{path}' has more than one line for the cell {cell}.").format(
                path=path, cell=ids[twice][0]
            )
        )
