"""What a graph tells of its origin."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray


@dataclass(frozen=True)
class PointCounts:
    """How many points there were.

    Parameters
    ----------
    read, used : int
        Those of the table, and those in cells of the graph.
    dropped : dict of str to int
        Those that were left out, by reason.
    """

    read: int = 0
    used: int = 0
    dropped: dict[str, int] = field(default_factory=dict)


@dataclass(frozen=True)
class CellGroups:
    """What is held out together.

    Parameters
    ----------
    cell : list of int
        Observed cells, as indices into the graph's.
    group : list of str
        The name of the group of each.
    """

    cell: list[int]
    group: list[str]

    def of(self, cells: NDArray[np.int64]) -> NDArray[np.str_]:
        """The group of each of these cells; empty where it has none."""
        named = np.full(max([*self.cell, *cells], default=0) + 1, "", dtype=object)
        named[self.cell] = self.group
        return named[cells].astype(str)


@dataclass(frozen=True)
class GraphInfo:
    """Origin of a graph.

    Parameters
    ----------
    points : PointCounts
        Counts of the points read and left out.
    checksums : dict of str to str
        Checksum of each input file, by path or name.
    units : dict of str to str
        Units of the targets, if known.
    attribution : str
        The attribution that the licence of the data requires; empty if none.
    groups : CellGroups, optional
        Groups of the cells, if the points have groups.
    repaired : dict of str to int
        Number of corrections in the files, by type of error.
    city : str
        The city's name, empty for other graphs.
    published_order : list of int, optional
        The graph's cells in the order of the published files.
    """

    points: PointCounts = field(default_factory=PointCounts)
    checksums: dict[str, str] = field(default_factory=dict)
    units: dict[str, str] = field(default_factory=dict)
    attribution: str = ""
    groups: CellGroups | None = None
    repaired: dict[str, int] = field(default_factory=dict)
    city: str = ""
    published_order: list[int] | None = None

    def to_dict(self) -> dict[str, Any]:
        """The fields that are set, as plain JSON."""
        found = dataclasses.asdict(self)
        return {name: part for name, part in found.items() if part not in (None, "", {})}

    @classmethod
    def from_dict(cls, stored: Mapping[str, Any]) -> GraphInfo:
        """Restore from `to_dict`."""
        parts = dict(stored)
        if "points" in parts:
            parts["points"] = PointCounts(**parts["points"])
        if "groups" in parts:
            parts["groups"] = CellGroups(**parts["groups"])
        return cls(**parts)
