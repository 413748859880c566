"""Points of classes, such as soil types: read from a table, and counted by cells."""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from ...errors import InputError
from ...language import tr
from ...progress import Progress
from ..builders.graph import GraphRawData
from .columns import as_names
from .located import Table
from .points import Points, points_from_table, read_point_table
from .tables import pick

Array = NDArray[np.float64]

MOST_CLASSES = 30
"""Points of more classes are refused: they are hardly learnt, and no legend holds them."""


@dataclass(frozen=True)
class ClassPoints:
    """Points whose only value is the number of their class.

    Parameters
    ----------
    points : Points
        Its values are indices into `names`; NaN where a point has no class.
    field : str
        The name of that value.
    names : tuple of str
        The classes, sorted.
    """

    points: Points
    field: str
    names: tuple[str, ...]

    @classmethod
    def read(
        cls, table: Table, field: str, covariates: tuple[str, ...] = (), group: str | None = None
    ) -> ClassPoints:
        """Those of a table, whose column `field` has text or whole numbers.

        Blanks around a name do not count, and an empty name is none.

        Raises
        ------
        InputError
            As of `read_points`, and if there are fewer than two classes, or more than 30.
        """
        texts = tuple(name for name in (field, group) if name and name not in covariates)
        found, crs, columns = read_point_table(table.source, table.crs, table.coord_columns, texts)
        given = [name and name.strip() for name in as_names(pick(found, field, tr("the points")))]
        names = sorted({name for name in given if name})
        check_classes(names, field, len(found))
        number = {name: float(code) for code, name in enumerate(names)}
        codes = [number.get(name or "", np.nan) for name in given]
        column = next(each for each in found.columns if str(each).strip() == field.strip())
        coded = found.assign(**{str(column): codes})
        points = points_from_table(coded, crs, columns, (field,), covariates, group)
        return cls(points, field, tuple(names))


@dataclass(frozen=True, eq=False)
class Labelled:
    """The points of each class in the cells of a graph.

    Parameters
    ----------
    names : tuple of str
        The classes.
    counts : float64 array [N, K]
        How many points of each class lie in each cell of the graph.
    """

    names: tuple[str, ...]
    counts: Array

    @classmethod
    def of(cls, given: ClassPoints, graph: GraphRawData, progress: Progress) -> Labelled:
        """Those of points in the cells of a graph, with a warning of classes of one point.

        A class without a point in these cells is none.

        Raises
        ------
        InputError
            If fewer than two classes are left.
        """
        xy = given.points.to_crs(graph.grid.pyproj_crs)
        number = graph.grid.locate(xy[:, 0], xy[:, 1])
        index = np.minimum(np.searchsorted(graph.cell, number), len(graph.cell) - 1)
        codes = given.points.values[given.field]
        used = (graph.cell[index] == number) & np.isfinite(codes)
        counts = np.zeros((len(graph.cell), len(given.names)))
        np.add.at(counts, (index[used], codes[used].astype(np.int64)), 1.0)
        total = counts.sum(axis=0)
        there = np.flatnonzero(total)
        names = tuple(given.names[k] for k in there)
        check_classes(names, given.field, int(used.sum()))
        if alone := [name for name, count in zip(given.names, total) if count == 1]:
            progress.warning(
                tr(
                    "These classes have a single point each: {names}. Whether they are predicted "
                    "well cannot be tested; merge them with classes that they resemble, or leave "
                    "them out."
                ).format(names=", ".join(f"'{name}'" for name in alone))
            )
        return cls(names, counts[:, there])

    @property
    def observed(self) -> NDArray[np.int64]:
        """The cells with points, as indices into the cells of the graph."""
        return np.flatnonzero(self.counts.any(axis=1))

    @property
    def shares(self) -> Array:
        """The share of each class among the points of each cell, [N, K]; NaN without points."""
        with np.errstate(invalid="ignore"):
            found: Array = self.counts / self.counts.sum(axis=1, keepdims=True)
        return found

    def commonest(self, graph: GraphRawData) -> tuple[GraphRawData, str]:
        """The graph with the share of the commonest class as its target, and that one's name.

        It shows how far classes reach.
        """
        most = int(self.counts.sum(axis=0).argmax())
        name = self.names[most]
        return dataclasses.replace(graph, targets={name: self.shares[:, most]}, readings={}), name


def check_classes(names: Sequence[object], field: str, points: int) -> None:
    """Refuse fewer than two classes, or more than `MOST_CLASSES`."""
    if not names:
        raise InputError(
            tr("None of the {count} points has a class in '{field}'; choose another field.").format(
                count=points, field=field
            )
        )
    if len(names) < 2:
        raise InputError(
            tr(
                "All points have the class '{name}' in '{field}'; there is nothing to map. A map "
                "of classes needs points of at least two."
            ).format(name=names[0], field=field)
        )
    if len(names) > MOST_CLASSES:
        raise InputError(
            tr(
                "The field '{field}' has {count} different values, such as '{first}' and "
                "'{second}'; at most {most} classes can be mapped. Merge classes, choose another "
                "field, or interpolate it if it is a measured number."
            ).format(
                field=field, count=len(names), first=names[0], second=names[1], most=MOST_CLASSES
            )
        )
