"""What was seen of the sources of a map in some of its blocks."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ..data.builders.grid import Grid
from ..data.builders.squares import Moments
from ..data.sources.continuous import ContinuousRaster, differs
from ..data.sources.ground import Known, Source
from ..errors import OutsideError
from ..language import tr
from ..names import COVARIATE, LANDCOVER, POI_COUNT, SHARES
from ..progress import Progress
from .building import none_there
from .ground import Columns

PRECISIONS = ("float32", "float64")


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
        default_factory=lambda: {kind: Moments() for kind in PRECISIONS}
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

    def join(self, other: Column) -> None:
        """Add what was seen of it in other blocks."""
        self.used |= other.used
        self.least, self.most = min(self.least, other.least), max(self.most, other.most)
        for kind, moments in self.moments.items():
            moments.parts += other.moments[kind].parts


@dataclass
class Seen:
    """What was seen of one source.

    Parameters
    ----------
    group : str
        What its columns are called together; empty where it knows nothing.
    land : bool
        Whether it is land cover.
    columns : dict of Any to Column
        By the keys of `Known.order`.
    error : str
        Why it knows nothing of some block.
    attribution, fetched : set of str
        See `Known`.
    """

    group: str = ""
    land: bool = False
    columns: dict[Any, Column] = field(default_factory=dict)
    error: str = ""
    attribution: set[str] = field(default_factory=set)
    fetched: set[str] = field(default_factory=set)

    @classmethod
    def of(cls, known: Known, exists: NDArray[np.bool_], square: NDArray[np.int64]) -> Seen:
        """Of the cells of a block; arguments as of `Column.add`."""
        columns = {}
        for key, name, kind, values in zip(known.order, known.names, known.kinds, known.values.T):
            columns[key] = Column(name, kind)
            columns[key].add(values, exists, square)
        fetched = {str(path) for path in known.fetched}
        land = LANDCOVER in known.kinds
        return cls(known.group, land, columns, attribution={known.attribution}, fetched=fetched)

    def join(self, other: Seen) -> None:
        """Add what was seen in other blocks."""
        # What a source is called is the same anywhere.
        self.group, self.land = self.group or other.group, self.land or other.land
        self.error = self.error or other.error
        self.attribution |= other.attribution
        self.fetched |= other.fetched
        for key, own in other.columns.items():
            self.columns.setdefault(key, Column(own.name, own.kind)).join(own)

    def describe(self) -> dict[str, Any]:
        """All but the moments of its columns, as JSON."""
        columns = [
            (key, own.name, own.kind, own.used, own.least, own.most)
            for key, own in self.columns.items()
        ]
        return {
            "group": self.group,
            "land": self.land,
            "error": self.error,
            "attribution": sorted(self.attribution),
            "fetched": sorted(self.fetched),
            "columns": columns,
        }

    @classmethod
    def of_described(cls, described: Mapping[str, Any]) -> Seen:
        """What `describe` told of."""
        columns = {
            tuple(key) if isinstance(key, list) else key: Column(*own)
            for key, *own in described["columns"]
        }
        sets = {name: set(described[name]) for name in ("attribution", "fetched")}
        return cls(**{**described, **sets, "columns": columns})

    def concluded(
        self, source: Source, grid: Grid, progress: Progress, names: tuple[str, ...] | None = None
    ) -> Columns | None:
        """The columns of the source in the map of a grid; None where none tells anything.

        `names` are those that a model was trained with, if there is one: then it has these.

        Raises
        ------
        InputError
            If it has nothing in the cells of the map.
        """
        every = list(self.columns.values())
        if not self.group and self.error:
            raise OutsideError(self.error)
        if isinstance(source, ContinuousRaster):
            if all(own.least > own.most for own in every):
                raise source.nowhere(grid)
            if names is not None:
                return self._learnt(source, names, progress)
            source.varying({own.name: own.differs for own in every[:-1]}, progress)
            kept = {key: own for key, own in self.columns.items() if own.differs}
        else:
            shares = [own.used for own in every if own.is_share]
            if shares and not any(shares):
                raise none_there(self.group)
            if names is not None:
                return self._learnt(source, names, progress)
            kept = {key: own for key, own in self.columns.items() if own.used or not own.is_share}
        keys = tuple(sorted(kept))
        names = tuple(kept[key].name for key in keys)
        kinds = tuple(kept[key].kind for key in keys)
        return Columns(self.group, names, kinds, source.covers, keys) if kept else None

    def _learnt(self, source: Source, names: tuple[str, ...], progress: Progress) -> Columns:
        """Its columns of these names; a warning of classes that are not among them."""
        key = {own.name: key for key, own in self.columns.items()}
        new = [own.name for own in self.columns.values() if own.used and own.name not in names]
        if source.kind and new:
            progress.warning(
                tr(
                    "The model was not trained with {new} of '{name}': where these lie, it knows "
                    "nothing of '{name}'."
                ).format(new=", ".join(f"'{each}'" for each in sorted(new)), name=self.group)
            )
        share = SHARES.get(source.kind, source.kind) or COVARIATE
        kinds = tuple(self.columns[key[name]].kind if name in key else share for name in names)
        keys = tuple(key.get(name, name) for name in names)
        return Columns(self.group, names, kinds, source.covers, keys)

    @property
    def title(self) -> str:
        """What it is called where it covers cells; empty for land cover."""
        return "" if self.land else self.group
