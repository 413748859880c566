"""Which observed cells a model learns from, and which it is scored on."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ..errors import InputError
from ..language import tr

# With fewer blocks than this, holding some out says more of the choice than of the model.
_MIN_BLOCKS = 4


@dataclass(frozen=True)
class Split:
    """Two disjoint sets of cells, as ascending indices into the graph's cells."""

    known: NDArray[np.int64]
    test: NDArray[np.int64]


def random_split(observed: NDArray[np.int64], ratio: float, seed: int) -> Split:
    """Hold out a random share of the observed cells.

    Parameters
    ----------
    observed : int64 array
        Cells with a value.
    ratio : float
        Share held out, rounded to whole cells; 0 holds none out.
    seed : int
        Seed of the choice.
    """
    order = np.random.default_rng(seed).permutation(observed)
    count = round(len(observed) * ratio)
    return Split(known=np.sort(order[count:]), test=np.sort(order[:count]))


def published_split(
    order: NDArray[np.int64], masked_ratio: float, seed: int
) -> tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.int64]]:
    """The split of the published code, to compare with it.

    Parameters
    ----------
    order : int64 array [N]
        The cells in the order in which that code numbers them.
    masked_ratio : float
        Share held out as test; of the rest, 0.7 train and 0.3 validate. Each share is
        rounded down, so that up to two cells are in no part.
    seed : int
        Seed of PyTorch's first permutation, whose global state is left alone.

    Returns
    -------
    train, validation, test : int64 array
        Ascending.
    """
    import torch

    count = len(order)
    generator = torch.Generator().manual_seed(seed)
    cells = np.asarray(order)[torch.randperm(count, generator=generator).numpy()]
    train, validation = (int(count * share * (1 - masked_ratio)) for share in (0.7, 0.3))
    parts = np.split(cells, [train, train + validation])
    return np.sort(parts[0]), np.sort(parts[1]), np.sort(parts[2][: int(count * masked_ratio)])


def block_split(
    observed: NDArray[np.int64],
    positions: NDArray[np.float64],
    size: float,
    ratio: float,
    seed: int,
) -> Split | None:
    """Hold out whole square blocks, so that test cells lie away from those learnt from.

    Parameters
    ----------
    observed : int64 array [n]
        Cells with a value.
    positions : float64 array [n, 2]
        Their positions in metres.
    size : float
        Side of a block in metres.
    ratio : float
        Blocks are held out until they hold at least this share of the cells.
    seed : int
        Seed of the choice, and of where the blocks begin.

    Returns
    -------
    Split or None
        None where the cells lie in fewer than four blocks, or one block holds nearly all, or
        fewer than two cells are left to learn from.
    """
    rng = np.random.default_rng(seed)
    block = _blocks(positions, size, rng)
    count = np.bincount(block)
    if len(count) < _MIN_BLOCKS or ratio == 0:
        return None
    order = rng.permutation(len(count))
    before = np.cumsum(count[order]) - count[order]
    held = np.isin(block, order[before < ratio * len(observed)])
    if held.sum() > max(2 * ratio, 0.5) * len(observed) or (~held).sum() < 2:
        return None
    return Split(known=np.sort(observed[~held]), test=np.sort(observed[held]))


def random_folds(observed: NDArray[np.int64], folds: int, seed: int) -> tuple[Split, ...]:
    """Hold out every observed cell once, in `folds` random parts of like size.

    Raises
    ------
    InputError
        If there are fewer cells than folds.
    """
    if len(observed) < folds:
        raise InputError(
            tr(
                "{cells} observed cells cannot be split into {folds} folds; use fewer folds "
                "(training.folds)."
            ).format(cells=len(observed), folds=folds)
        )
    fold = np.empty(len(observed), dtype=np.int64)
    fold[np.random.default_rng(seed).permutation(len(observed))] = np.arange(len(observed)) % folds
    return _splits(observed, fold)


def group_folds(
    observed: NDArray[np.int64], group: NDArray[Any], folds: int, seed: int
) -> tuple[Split, ...]:
    """Hold out every group once, whole, in at most `folds` parts of like size.

    Parameters
    ----------
    observed : int64 array [n]
        Cells with a value.
    group : array [n]
        The group of each.
    folds : int
        With fewer groups, there are as many folds as groups.
    seed : int
        Which groups share a fold.

    Raises
    ------
    InputError
        If all cells are of one group.
    """
    names, member, count = np.unique(group, return_inverse=True, return_counts=True)
    if len(names) < 2:
        raise InputError(
            tr(
                "All observed cells belong to one group, so no group can be held out; choose "
                "another group field, or another validation."
            )
        )
    # The largest groups first, each into the part that has the fewest cells so far.
    shuffled = np.random.default_rng(seed).permutation(len(names))
    part, cells = np.empty(len(names), np.int64), np.zeros(min(folds, len(names)), np.int64)
    for name in shuffled[np.argsort(-count[shuffled], kind="stable")]:
        part[name] = np.argmin(cells)
        cells[part[name]] += count[name]
    return _splits(observed, part[member.ravel()])


def block_folds(
    observed: NDArray[np.int64],
    positions: NDArray[np.float64],
    size: float,
    folds: int,
    seed: int,
) -> tuple[Split, ...] | None:
    """Hold out every square block once; arguments as of `block_split` and `group_folds`.

    None where the cells lie in fewer than four blocks.
    """
    block = block_numbers(positions, size, seed)
    return None if block.max() + 1 < _MIN_BLOCKS else group_folds(observed, block, folds, seed)


def block_numbers(positions: NDArray[np.float64], size: float, seed: int) -> NDArray[np.int64]:
    """The number of the block of each position, as `block_split` and `block_folds` have them."""
    return _blocks(positions, size, np.random.default_rng(seed))


def _blocks(
    positions: NDArray[np.float64], size: float, rng: np.random.Generator
) -> NDArray[np.int64]:
    square = np.floor((positions - positions.min(axis=0)) / size + rng.random(2)).astype(np.int64)
    block: NDArray[np.int64] = np.unique(square, axis=0, return_inverse=True)[1].ravel()
    return block


def _splits(observed: NDArray[np.int64], fold: NDArray[np.int64]) -> tuple[Split, ...]:
    """One split a fold; `fold` is that of each observed cell."""
    return tuple(
        Split(np.sort(observed[fold != part]), np.sort(observed[fold == part]))
        for part in range(fold.max() + 1)
    )
