"""What is known of the ground in every cell: one form for every source of it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, ClassVar, Protocol

import numpy as np
from numpy.typing import NDArray
from pyproj import CRS

from ...names import COVARIATE, POI_COUNT
from ...progress import Progress
from ..builders.grid import Grid


@dataclass(frozen=True, eq=False)
class Known:
    """What a source knows of each cell of a grid.

    Parameters
    ----------
    group : str
        What its columns are called together: the name of a raster, or the type of hypernodes
        whose shares they are. A model weighs them as one.
    names : tuple of str
        Name of each column.
    kinds : tuple of str
        Kind of each column; see `GraphRawData.feature_kinds`.
    values : float array [grid.size, K]
        NaN where it knows nothing.
    covers : bool
        Whether it says which cells exist: those where any column has a value.
    attribution : str
        What its licence asks to be said.
    fetched : tuple of path
        Files that were fetched for it.
    keys : tuple
        What orders the columns in any window of a map, such as the codes of classes; by default
        shares come by their name, a number after them, and others as they are.
    """

    group: str
    names: tuple[str, ...]
    kinds: tuple[str, ...]
    values: NDArray[np.floating]
    covers: bool = False
    attribution: str = ""
    fetched: tuple[str | Path, ...] = ()
    keys: tuple[Any, ...] = ()

    @property
    def order(self) -> tuple[Any, ...]:
        """The `keys`."""
        if self.keys:
            return self.keys
        if COVARIATE in self.kinds:
            return tuple(range(len(self.names)))
        return tuple((kind == POI_COUNT, name) for kind, name in zip(self.kinds, self.names))


class Source(Protocol):
    """Something that is known of the ground, and can be read for any window of a grid.

    Attributes
    ----------
    covers : bool
        Whether it says which cells exist; see `Known`.
    kind : str
        The type of the hypernodes whose shares it has; empty for covariates.
    width : int
        About how many columns it has, once it is open.
    """

    covers: ClassVar[bool]

    @property
    def kind(self) -> str: ...

    @property
    def width(self) -> int: ...

    def open(self, progress: Progress) -> CRS | None:
        """Check it at a glance, before long work.

        Returns
        -------
        pyproj.CRS or None
            Its CRS, where a grid without points may take it.

        Raises
        ------
        InputError
            If it cannot be used, in one sentence.
        """

    def read(self, grid: Grid, progress: Progress) -> Known:
        """What it knows of the cells of a grid, or of a window of one, which is a grid too.

        Raises
        ------
        InputError
            If it cannot be used, in one sentence.
        Cancelled
            If the user asked to stop.
        """

    @property
    def files(self) -> Iterable[str | Path]:
        """The files that it reads."""


def read_part(source: Source, grid: Grid, progress: Progress) -> Known:
    """What a source knows of a window of a map, in all the columns that it may have there.

    Raises
    ------
    OutsideError
        If it knows nothing there; else as `Source.read`.
    """
    found: Known = getattr(source, "read_part", source.read)(grid, progress)
    return found
