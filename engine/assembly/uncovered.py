"""How many cells of a map no raster covers, and what becomes of them."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping

import numpy as np
from numpy.typing import NDArray

from ..language import tr
from ..progress import Progress


@dataclasses.dataclass(frozen=True)
class Uncovered:
    """How many cells of a map rasters leave out.

    Parameters
    ----------
    bare : mapping of int to int
        By the number of each source that covers cells, the observed cells that it leaves out;
        empty where none covers cells.
    beside, empty, wanted : int
        Cells beside measured ones that no raster covers; cells that do not exist; all that are
        wanted.
    """

    bare: Mapping[int, int]
    beside: int
    empty: int
    wanted: int

    @classmethod
    def of(
        cls,
        covered: Mapping[int, NDArray[np.bool_]],
        observed: NDArray[np.bool_],
        wanted: NDArray[np.bool_],
        exists: NDArray[np.bool_],
    ) -> Uncovered:
        """Of some cells [n]: which each source covers, and which are observed, wanted and exist."""
        observed = observed & wanted
        bare = {key: int((observed & ~own).sum()) for key, own in covered.items()}
        anywhere = np.logical_or.reduce([observed, *covered.values()])
        beside = int((exists & ~anywhere).sum())
        return cls(bare, beside, int((~anywhere & wanted).sum()) - beside, int(wanted.sum()))

    def __add__(self, other: Uncovered) -> Uncovered:
        bare = {key: self.bare.get(key, 0) + count for key, count in other.bare.items()}
        own = (self.beside + other.beside, self.empty + other.empty, self.wanted + other.wanted)
        return Uncovered({**self.bare, **bare}, *own)

    def warn(self, titles: Mapping[int, str], progress: Progress) -> None:
        """Say how many wanted cells rasters leave out, and what becomes of them.

        `titles` are what sources are called, by their number; land cover has an empty one.
        """
        for number, bare in self.bare.items():
            if bare and not titles[number]:
                progress.warning(tr("{bare} observed cells have no land cover.").format(bare=bare))
            elif bare:
                text = tr("{bare} observed cells have no value of '{name}'.")
                progress.warning(text.format(bare=bare, name=titles[number]))
        if self.bare and self.beside:
            progress.warning(
                tr(
                    "{beside} cells beside measured ones have no land cover, nor a value of "
                    "another raster; they are predicted from what is around them, and without land "
                    "cover they lie outside the area of applicability."
                ).format(beside=self.beside)
            )
        if self.bare and self.empty:
            progress.warning(
                tr(
                    "{empty} of {cells} cells have neither land cover nor points and get no "
                    "prediction."
                ).format(empty=self.empty, cells=self.wanted)
            )
