"""What was seen of the sources of a map in some of its blocks."""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ..data.builders.grid import Grid
from ..data.builders.squares import Moments
from ..data.sources.continuous import ContinuousRaster, differs
from ..data.sources.ground import Known, Source, read_part
from ..errors import OutsideError
from ..language import tr
from ..names import COVARIATE, LANDCOVER, POI_COUNT, SHARES
from ..progress import Progress
from .building import none_there
from .ground import Columns


@dataclass
class Column:
    """What was seen of one column of a source.

    Parameters
    ----------
    name, kind : str
        See `Known`.
    used : bool
        Whether any cell that exists has a share above 0.
    least, most : float
        Of all cells that were read.
    moments : dict of str to Moments
        Of the cells that exist, of covariates alone: in either precision.
    """

    name: str
    kind: str
    used: bool = False
    least: float = np.inf
    most: float = -np.inf
    moments: dict[str, Moments] = field(
        default_factory=lambda: {kind: Moments() for kind in ("float32", "float64")}
    )

    @property
    def is_share(self) -> bool:
        """Whether it is the share of a class, a zone or a category."""
        return self.kind not in (COVARIATE, POI_COUNT)

    @property
    def differs(self) -> bool:
        """Whether its values differ by more than rounding."""
        return self.least <= self.most and differs(self.least, self.most)

    def add(
        self, values: NDArray[np.floating], exists: NDArray[np.bool_], square: NDArray[np.int64]
    ) -> None:
        """Add the values of the cells of a block; `square` is that of cells that exist."""
        there = values[exists]
        self.used |= bool((there > 0).any())
        if self.kind == COVARIATE:
            self.least = float(np.fmin.reduce(values, initial=self.least))
            self.most = float(np.fmax.reduce(values, initial=self.most))
            with np.errstate(over="ignore"):
                for kind, moments in self.moments.items():
                    moments.add(square, there.astype(kind).astype(np.float64))


class Seen:
    """What was seen of one source in the blocks so far."""

    def __init__(self, source: Source) -> None:
        self.source = source
        self.known: Known | None = None
        self.columns: dict[Any, Column] = {}
        self.error: OutsideError | None = None
        self.attribution: set[str] = set()
        self.fetched: set[str | Path] = set()

    def read(self, grid: Grid, progress: Progress) -> Known | None:
        """What the source knows of a window; None for nothing."""
        try:
            found = read_part(self.source, grid, progress)
        except OutsideError as error:
            self.error = self.error or error
            return None
        # What a source is called and says of itself is the same anywhere.
        self.known = dataclasses.replace(found, values=found.values[:0])
        self.attribution |= {found.attribution}
        self.fetched |= {*found.fetched}
        return found

    def add(self, known: Known, exists: NDArray[np.bool_], square: NDArray[np.int64]) -> None:
        """Add the cells of a block; arguments as of `Column.add`."""
        named = zip(known.order, known.names, known.kinds, known.values.T)
        for key, name, kind, values in named:
            column = self.columns.setdefault(key, Column(name, kind))
            column.add(values, exists, square)

    def concluded(
        self, grid: Grid, progress: Progress, names: tuple[str, ...] | None = None
    ) -> Columns | None:
        """Its columns in the map of a grid; None where none tells anything.

        `names` are those that a model was trained with, if there is one: then it has these.

        Raises
        ------
        InputError
            If it has nothing in the cells of the map.
        """
        every = list(self.columns.values())
        if self.known is None and self.error is not None:
            raise self.error
        if isinstance(self.source, ContinuousRaster):
            if all(own.least > own.most for own in every):
                raise self.source.nowhere(grid)
            if names is not None:
                return self._learnt(names, progress)
            self.source.varying({own.name: own.differs for own in every[:-1]}, progress)
            kept = {key: own for key, own in self.columns.items() if own.differs}
        else:
            shares = [own.used for own in every if own.is_share]
            if shares and not any(shares):
                raise none_there(self.group)
            if names is not None:
                return self._learnt(names, progress)
            kept = {key: own for key, own in self.columns.items() if own.used or not own.is_share}
        keys = tuple(sorted(kept))
        names = tuple(kept[key].name for key in keys)
        kinds = tuple(kept[key].kind for key in keys)
        return Columns(self.group, names, kinds, self.source.covers, keys) if kept else None

    def _learnt(self, names: tuple[str, ...], progress: Progress) -> Columns:
        """Its columns of these names; a warning of classes that are not among them."""
        key = {own.name: key for key, own in self.columns.items()}
        new = [own.name for own in self.columns.values() if own.used and own.name not in names]
        if self.source.kind and new:
            progress.warning(
                tr(
                    "The model was not trained with {new} of '{name}': where these lie, it knows "
                    "nothing of '{name}'."
                ).format(new=", ".join(f"'{each}'" for each in sorted(new)), name=self.group)
            )
        share = SHARES.get(self.source.kind, self.source.kind) or COVARIATE
        kinds = tuple(self.columns[key[name]].kind if name in key else share for name in names)
        keys = tuple(key.get(name, name) for name in names)
        return Columns(self.group, names, kinds, self.source.covers, keys)

    @property
    def group(self) -> str:
        """What its columns are called together."""
        return self.known.group if self.known else ""

    @property
    def title(self) -> str:
        """What it is called where it covers cells; empty for land cover."""
        return "" if self.known and LANDCOVER in self.known.kinds else self.group
