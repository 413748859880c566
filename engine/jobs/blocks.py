"""The work on one block of a map, in whichever process it is done."""

from __future__ import annotations

import tempfile
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ..assembly.elsewhere import as_options, ground_of
from ..assembly.ground import Ground
from ..assembly.held import Held
from ..assembly.messages import Quiet
from ..config.schema import UncertaintyConfig
from ..data.builders.blocks import Block
from ..data.builders.grid import Grid
from ..prediction.fitted import FittedMap
from ..prediction.fittedclasses import FittedClasses, load_fitted
from ..progress import Progress, parts_of
from .layers import array_of

_READING = 0.3


@dataclass(frozen=True, eq=False)
class BlockState:
    """All that the blocks of a map are made from.

    Parameters
    ----------
    ground : Ground or Held
        What they are read from.
    fitted : tuple of FittedMap or FittedClasses
        The model of each target.
    how : UncertaintyConfig
        What is told of the uncertainty.
    """

    ground: Ground | Held
    fitted: tuple[FittedMap | FittedClasses, ...]
    how: UncertaintyConfig


def load_state(description: Mapping[str, Any]) -> BlockState:
    """The state that another process is told of.

    Parameters
    ----------
    description : mapping
        What `elsewhere.describe` gave, as `uncertainty` the options of that section, and as `files`
        the bytes of each model, named by `array_of`.
    """
    with tempfile.TemporaryDirectory(prefix="geohg-") as folder:
        path, files = Path(folder, "model.safetensors"), description["files"]
        fitted: list[FittedMap | FittedClasses] = []
        while (name := array_of(len(fitted), "model")) in files:
            path.write_bytes(files[name])
            fitted.append(load_fitted(path))
    grid = Grid(**description["ground"]["grid"])
    cells = np.unique(np.concatenate([one.cells_in(grid) for one in fitted]))
    how = UncertaintyConfig(**as_options(description["uncertainty"]))
    return BlockState(ground_of(description, cells), tuple(fitted), how)


def make_block(state: BlockState, block: Block, progress: Progress) -> dict[str, NDArray[Any]]:
    """What the `part` of each target has in the own cells of a block, [rows, columns] each.

    1 stands for true, and NaN where no cell is.
    """
    ground, how = state.ground, state.how
    graph = ground.read(block, Quiet(progress, 0.0, _READING))
    if graph is None:
        every = (
            array_of(number, name)
            for number, fitted in enumerate(state.fitted)
            for name in fitted.arrays_of(how)
        )
        return {name: np.full(block.shape, np.nan) for name in every}
    parts = parts_of(Quiet(progress, _READING, 1.0), len(state.fitted))
    return {
        array_of(number, name): block.place(ground.grid, graph.cell, own)
        for number, (fitted, part) in enumerate(zip(state.fitted, parts))
        for name, own in fitted.part(graph, how, part).arrays().items()
    }
