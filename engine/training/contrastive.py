"""Contrastive pretraining: cells that belong together are drawn together.

Every cell is drawn to the mean of some neighbours in the graph and of the cells most alike
in features, wherever they lie, and away from the means of other cells (GeoHG-SSL; Zou et al.,
arXiv 2405.14135). The published code takes neighbours in the graph alone: they make up
the five before a similar cell is taken. No measured value is read here.
"""

from __future__ import annotations

import math
import warnings

import numpy as np
import torch
from numpy.typing import NDArray
from scipy.spatial import cKDTree
from torch import Tensor, nn
from torch.nn import functional
from torch_geometric.data import HeteroData

from ..config.schema import SSLConfig
from ..errors import FitError
from ..language import tr
from ..names import AREA
from ..progress import Progress, chunks

# A k-d tree is quick along few axes only, and quicker if it may err: it proposes cells by the
# main axes of the features, and the likeness in all of them decides.
_AXES = 8
_CANDIDATES = 64
_SLACK = 1.0
_ROWS = 1024
# Cells with equal features lie side by side along one more axis, by lot and this far apart
# at most; else a tree could not tell them apart, and each would find the same few.
_TIE = 1e-4
_NONE = -1
_WEIGHT_DECAY = 2e-4


def near_neighbours(
    near: NDArray[np.int64], cells: int, most: int, rng: np.random.Generator
) -> NDArray[np.int64]:
    """Neighbours of each cell along `near` [2, E], drawn by lot, shape [cells, most].

    -1 where a cell has fewer.
    """
    source, goal = near[:, rng.permutation(near.shape[1])]
    order = np.argsort(source, kind="stable")
    order = order[source[order] != goal[order]]
    source, goal = source[order], goal[order]
    rank = np.arange(len(source)) - np.searchsorted(source, source)
    kept = rank < most
    found = np.full((cells, most), _NONE)
    found[source[kept], rank[kept]] = goal[kept]
    return found


def similar_neighbours(
    x: NDArray[np.float64],
    near: NDArray[np.int64],
    most: int,
    rng: np.random.Generator,
    progress: Progress,
) -> NDArray[np.int64]:
    """The cells most alike in features, wherever they lie, shape [cells, most].

    Likeness is the cosine of scaled features. A cell's neighbours along `near` and itself
    are left out. Time grows about as the cells do, and memory is that of the result and of
    one piece: nothing is as large as the cells squared. Past 64 cells of many features, a
    few of those found are second best.

    Parameters
    ----------
    x : float64 array [N, F]
        Scaled features, 0 where missing.
    near : int64 array [2, E]
        Neighbouring cells.
    most : int
        How many to find; -1 where there are fewer, as for cells without any feature.
    rng : Generator
        Decides among equals.
    progress : Progress
        Receives progress and messages; it can cancel.
    """
    cells = len(x)
    found = np.full((cells, most), _NONE)
    length = np.linalg.norm(x, axis=1)
    known = np.flatnonzero(length > 0)
    if most == 0 or len(known) < 2:
        return found
    unit = x[known] / length[known, None]
    points = np.column_stack([_main_axes(unit), _TIE * rng.random(len(known))])
    tree = cKDTree(points)
    taken = np.unique(near[0] * cells + near[1])
    candidates = np.arange(1, min(_CANDIDATES, len(known)) + 1)
    for part in chunks(len(known), _ROWS, progress, tr("Looking for similar cells")):
        index = tree.query(points[part], k=candidates, eps=_SLACK)[1]
        likeness = np.einsum("ncf,nf->nc", unit[index], unit[part])
        index = np.take_along_axis(index, np.argsort(-likeness, axis=1, kind="stable"), axis=1)
        own, goal = known[part, None], known[index]
        free = (goal != own) & ~np.isin(own * cells + goal, taken)
        rank = np.cumsum(free, axis=1) - 1
        row, column = np.nonzero(free & (rank < most))
        found[known[part][row], rank[row, column]] = goal[row, column]
    return found


def _main_axes(unit: NDArray[np.float64]) -> NDArray[np.float64]:
    """Coordinates along the directions in which the rows differ most."""
    if unit.shape[1] <= _AXES:
        return unit
    _, vectors = np.linalg.eigh(unit.T @ unit)
    axes: NDArray[np.float64] = unit @ vectors[:, -_AXES:]
    return axes


def averaging(index: NDArray[np.int64]) -> Tensor:
    """A sparse matrix [N, N] that takes rows to the mean over `index` [N, K], -1 for none.

    A row of nothing but -1 becomes 0.
    """
    there = index >= 0
    count = there.sum(axis=1)
    row, column = np.nonzero(there)
    with warnings.catch_warnings():
        # PyTorch calls its sparse tensors a beta; their products are those of dense ones.
        warnings.filterwarnings("ignore", "Sparse CSR tensor support", UserWarning)
        return torch.sparse_coo_tensor(
            torch.from_numpy(np.stack([row, index[row, column]])),
            torch.from_numpy((1.0 / count[row]).astype(np.float32)),
            (len(index), len(index)),
            check_invariants=True,
        ).to_sparse_csr()


def contrastive_loss(anchor: Tensor, positive: Tensor, temperature: float) -> Tensor:
    """How badly each anchor tells its own positive from those of the others (InfoNCE).

    The mean cross-entropy of the cosines over the temperature, both ways: from anchors to
    positives and from positives to anchors.

    Parameters
    ----------
    anchor, positive : tensor [n, K]
        Row i of one belongs to row i of the other; all other rows are its negatives.
    temperature : float
        Smaller is sharper.
    """
    likeness = functional.normalize(anchor) @ functional.normalize(positive).T / temperature
    own = torch.arange(len(anchor), device=anchor.device)
    there = functional.cross_entropy(likeness, own)
    back = functional.cross_entropy(likeness.T, own)
    return (there + back) / 2


def find_partners(
    near: NDArray[np.int64],
    features: NDArray[np.float64],
    ssl: SSLConfig,
    seed: int,
    progress: Progress,
) -> NDArray[np.int64]:
    """The cells whose mean each cell is drawn to, [N, K], -1 for none.

    Raises
    ------
    FitError
        If fewer than two cells have any.
    """
    rng = np.random.default_rng(seed)
    beside = near_neighbours(near, len(features), ssl.near_neighbours, rng)
    similar = similar_neighbours(features, near, ssl.similar_neighbours, rng, progress)
    partners = np.column_stack([beside, similar])
    if (partners >= 0).any(axis=1).sum() < 2:
        raise FitError(
            tr(
                "Fewer than two cells have a neighbour in the graph or a cell with similar "
                "features; give the graph features, or set 'ssl.near_neighbours' or "
                "'ssl.similar_neighbours' above 0."
            )
        )
    return partners


def train_encoder(
    encoder: nn.Module,
    data: HeteroData,
    partners: NDArray[np.int64],
    ssl: SSLConfig,
    progress: Progress,
) -> list[float]:
    """Draw every cell to the mean of its partners, and away from the means of other cells.

    Parameters
    ----------
    encoder : Module
        From `data` to an embedding of each cell, [N, K]; on the device of `data`.
    data : HeteroData
        The graph as the encoder reads it.
    partners : int64 array [N, K]
        As `find_partners` gives them.
    ssl : SSLConfig
        How long, and how.
    progress : Progress
        Receives progress and messages; it can cancel.

    Returns
    -------
    list of float
        The loss of each epoch.

    Raises
    ------
    FitError
        If training diverges.
    """
    device = data[AREA].x.device
    mean = averaging(partners).to(device)
    paired = torch.from_numpy(np.flatnonzero((partners >= 0).any(axis=1))).to(device)
    optimiser = torch.optim.AdamW(encoder.parameters(), lr=ssl.lr, weight_decay=_WEIGHT_DECAY)
    rate = torch.optim.lr_scheduler.CosineAnnealingLR(optimiser, ssl.epochs)
    losses: list[float] = []
    encoder.train()
    for epoch in range(1, ssl.epochs + 1):
        message = tr("Pretraining, epoch {epoch}").format(epoch=epoch)
        progress.report((epoch - 1) / ssl.epochs, message)
        # One pass over all cells; the graph is embedded once for all its batches.
        optimiser.zero_grad()
        embedding = encoder(data)
        order = paired[torch.randperm(len(paired), device=device)]
        pair = (embedding[order], (mean @ embedding)[order])
        loss, slopes = _slopes(*pair, ssl.batch_size, ssl.temperature, progress)
        torch.autograd.backward(pair, slopes)
        optimiser.step()
        if not math.isfinite(loss):
            raise FitError(
                tr(
                    "Pretraining diverged at epoch {epoch}; use a smaller 'ssl.lr' or a "
                    "larger 'ssl.temperature'."
                ).format(epoch=epoch)
            )
        losses.append(loss)
        progress.metric("contrastive_loss", loss, epoch)
        rate.step()
    return losses


def _slopes(
    anchor: Tensor, positive: Tensor, batch: int, temperature: float, progress: Progress
) -> tuple[float, list[Tensor]]:
    """The mean loss over batches, and its gradients by anchors and positives.

    Batch by batch, so that memory holds one batch's likenesses and not all.
    """
    count, total = len(anchor), 0.0
    slopes: tuple[list[Tensor], list[Tensor]] = ([], [])
    parts = math.ceil(count / batch)
    for pair in zip(anchor.detach().tensor_split(parts), positive.detach().tensor_split(parts)):
        progress.check_cancelled()
        one, other = leaves = [part.requires_grad_() for part in pair]
        loss = contrastive_loss(one, other, temperature) * len(one) / count
        for gathered, slope in zip(slopes, torch.autograd.grad(loss, leaves)):
            gathered.append(slope)
        total += float(loss.detach())
    return total, [torch.cat(gathered) for gathered in slopes]
