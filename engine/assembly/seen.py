"""What was seen of the sources of a map in some of its blocks."""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ..data.builders.grid import Grid
from ..data.sources.continuous import ContinuousRaster, differs
from ..data.sources.ground import Known, Source, read_part
from ..errors import OutsideError
from ..names import COVARIATE, LANDCOVER, POI_COUNT
from ..progress import Progress
from .building import none_there
from .ground import Columns

# Half of the errors must be so many steps of a float32 wide; see `numerics.compact`.
_STEPS, _SHARE = 1000.0, 10.0


@dataclass
class Moments:
    """Count, mean and sum of squares around it of a covariate in each square of a map.

    Squares are those of `squares_of`: what they add up to does not depend on the blocks.
    """

    parts: list[tuple[NDArray[np.int64], NDArray[np.float64]]] = field(default_factory=list)

    def add(self, square: NDArray[np.int64], values: NDArray[np.float64]) -> None:
        """Add the values of cells, of the squares that they lie in; NaN is left out."""
        known = np.isfinite(values)
        numbers, index = np.unique(square[known], return_inverse=True)
        values = values[known]
        count = np.bincount(index)
        mean = np.bincount(index, values) / count
        rest = np.bincount(index, (values - mean[index]) ** 2)
        self.parts.append((numbers, np.stack([count, mean, rest])))

    def scale(self) -> tuple[float, float]:
        """Mean and deviation of all; see `windows.scale_of`."""
        count, mean, rest = self._all
        total = count.sum()
        middle = float((count * mean).sum() / total) if total else 0.0
        square = rest.sum() + (count * (mean - middle) ** 2).sum()
        return middle, (float(np.sqrt(square / total)) if total else 0.0) or abs(middle) or 1.0

    @property
    def fine(self) -> bool:
        """Whether float32 tells the values well enough; see `numerics.compact`."""
        count, mean, _ = self._all
        if np.abs(mean).max(initial=0.0) > np.finfo(np.float32).max:
            return False
        steps = np.spacing(np.abs(mean).astype(np.float32)).astype(np.float64) * _STEPS
        return bool(2 * count[steps * _SHARE <= self.scale()[1]].sum() >= count.sum())

    @property
    def _all(self) -> NDArray[np.float64]:
        if not self.parts:
            return np.empty((3, 0))
        order = np.argsort(np.concatenate([numbers for numbers, _ in self.parts]))
        return np.concatenate([sums for _, sums in self.parts], axis=1)[:, order]


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

    def concluded(self, grid: Grid, progress: Progress) -> Columns | None:
        """Its columns in the map of a grid; None where none tells anything.

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
            self.source.varying({own.name: own.differs for own in every[:-1]}, progress)
            kept = {key: own for key, own in self.columns.items() if own.differs}
        else:
            kept = {key: own for key, own in self.columns.items() if own.used or not own.is_share}
            shares = [own.used for own in every if own.is_share]
            if shares and not any(shares):
                raise none_there(self.group)
        keys = tuple(sorted(kept))
        names = tuple(kept[key].name for key in keys)
        kinds = tuple(kept[key].kind for key in keys)
        return Columns(self.group, names, kinds, self.source.covers, keys) if kept else None

    @property
    def group(self) -> str:
        """What its columns are called together."""
        return self.known.group if self.known else ""

    @property
    def title(self) -> str:
        """What it is called where it covers cells; empty for land cover."""
        return "" if self.known and LANDCOVER in self.known.kinds else self.group
