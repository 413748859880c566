"""Compact groups of cells or places, of which a model predicts one after the other."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import torch
from torch import Tensor

from .kernel import Inputs


def tiles(positions: Tensor, most: int) -> Iterator[Tensor]:
    """Index sets of compact groups of at most `most` cells: halves of halves."""
    waiting = [torch.arange(len(positions))]
    while waiting:
        index = waiting.pop()
        if len(index) <= most:
            yield index
            continue
        here = positions[index]
        axis = int((here.amax(0) - here.amin(0)).argmax())
        order = here[:, axis].argsort(stable=True)
        half = len(index) // 2
        waiting += [index[order[half:]], index[order[:half]]]


def whole_tiles(inputs: Inputs, most: int) -> Iterator[Tensor]:
    """Index sets of compact groups of inputs, about `most` each; no cell's places are parted."""
    if inputs.rows is None:
        yield from tiles(inputs.position, most)
        return
    cell = inputs.rows.cell
    numbers, place = np.unique(cell.numpy(), return_index=True)
    for tile in tiles(inputs.position[place], max(most * len(numbers) // len(cell), 1)):
        yield torch.isin(cell, torch.from_numpy(numbers)[tile]).nonzero()[:, 0]
