"""What the observed cells or places say about others: Gaussian-process conditioning."""

from __future__ import annotations

from collections.abc import Iterator
from typing import cast

import torch
from torch import Tensor

from ..errors import FitError
from ..language import tr
from ..progress import Progress
from .kernel import Inputs, Kernel, Rows
from .tiles import whole_tiles

# Under this many observed cells, double precision costs nothing that one would notice.
_DOUBLE_BELOW = 2500
_EPSILON = 1e-12
_JITTERS = (0.0, 1e-6, 1e-5, 1e-4, 1e-3, 1e-2)
# An observed cell tells of the spread elsewhere by its covariance, as a share of the largest
# there, to the power of 10, against the mean of all, which weighs as much as so many cells.
_SPREAD_PRIOR = 3.0
# Smaller shares are taken for this one: what their powers are less than slows processors down.
_LEAST_SHARE = 1e-3


def cholesky(matrix: Tensor, progress: Progress) -> Tensor:
    """Lower Cholesky factor; where it fails, with a growing addition to the diagonal.

    Raises
    ------
    FitError
        If it still fails with a hundredth of the variance added.
    """
    scale = matrix.diagonal().mean()
    for jitter in _JITTERS:
        raised = matrix
        if jitter:
            raised = matrix + torch.eye(len(matrix), dtype=matrix.dtype, device=matrix.device) * (
                jitter * scale
            )
        factor, failure = torch.linalg.cholesky_ex(raised)
        if not failure.item() and torch.isfinite(factor.diagonal()).all():
            if jitter:
                progress.warning(
                    tr(
                        "The covariance of the observed cells is nearly singular; {jitter:g} of "
                        "its variance was added as noise."
                    ).format(jitter=jitter)
                )
            return factor
    raise FitError(
        tr(
            "The covariance of the observed cells is singular even with a hundredth of its "
            "variance added; look for constant or extreme values in the target and the covariates."
        )
    )


class Conditioned:
    """The kernel, conditioned on observed values exactly: cubic in their number.

    Parameters
    ----------
    kernel : Kernel
        Fitted parameters.
    inputs : Inputs
        The observed cells, or the places with readings.
    values : tensor [n]
        Their values.
    progress : Progress
        Is warned where the matrix is nearly singular.
    scores : tensor [n], optional
        Squared error over variance of each value predicted from the others, where they
        are known already.
    device : str
        Where to compute; what comes in and out is on the CPU.
    """

    tile = 2048
    """Cells to predict at once."""
    index = slice(None)
    """Which of the observed values tell."""

    def __init__(
        self,
        kernel: Kernel,
        inputs: Inputs,
        values: Tensor,
        progress: Progress,
        scores: Tensor | None = None,
        device: str = "cpu",
    ) -> None:
        # With scores given, this is one of many small systems, where speed counts.
        double = len(inputs) < _DOUBLE_BELOW and scores is None
        self.dtype = torch.float64 if double else torch.float32
        self.device = device
        self.kernel = kernel.to(self.dtype).to(device)
        self.inputs = inputs.to(self.dtype).to(device)
        self.residual = values.to(self.dtype).to(device) - self.kernel.mean
        matrix = self.kernel.covariance(self.inputs, self.inputs)
        matrix.diagonal().add_(self.kernel.noise_of(self.inputs.rows))
        self.factor = cholesky(matrix, progress)
        self.weight = self._solve(self.residual)
        if self.dtype == torch.float32:
            # One step of refinement gives back the digits that the factor lost.
            self.weight = self.weight + self._solve(self.residual - matrix @ self.weight)
        self.scores = self._score(matrix) if scores is None else scores.to(self.dtype).to(device)
        # The digits that matter are in the weights now; predicting takes half the time so.
        self.dtype = torch.float32
        self.kernel, self.inputs = self.kernel.to(self.dtype), self.inputs.to(self.dtype)
        self.factor, self.weight = self.factor.float(), self.weight.float()
        self.scores = self.scores.float()

    def parts(self, inputs: Inputs) -> Iterator[tuple[Tensor, Conditioned]]:
        """Tiles of some cells or places, as indices, and what tells of each: all."""
        return ((index, self) for index in whole_tiles(inputs, self.tile))

    def predict(self, inputs: Inputs) -> tuple[Tensor, Tensor]:
        """Mean and variance of a new measurement in each cell, or at each place.

        Of cells with an `offset`, the mean is that of the cell, and the measurement is anywhere in
        it: what varies within a cell is part of the variance.
        """
        inputs = inputs.to(self.dtype).to(self.device)
        across = self.kernel.covariance(self.inputs, inputs)
        mean = self.kernel.mean + self.weight @ across
        known = torch.linalg.solve_triangular(self.factor, across, upper=False).square().sum(0)
        variance = (self.kernel.variance(inputs) - known).clamp_min(0.0) + self.kernel.noise
        return mean.cpu(), (variance * spread(self.scores, across.T)).cpu()

    def predict_together(self, inputs: Inputs) -> tuple[Tensor, Tensor, Tensor]:
        """As `predict`, and the covariance of each place's mean reading with that of its cell.

        Parameters
        ----------
        inputs : Inputs
            Places with readings of which none is known: all those of each of some cells.
        """
        inputs = inputs.to(self.dtype).to(self.device)
        across = self.kernel.covariance(self.inputs, inputs)
        mean = self.kernel.mean + self.weight @ across
        solved = torch.linalg.solve_triangular(self.factor, across, upper=False)
        variance, shared = variances_together(self.kernel, inputs, solved)
        wider = spread(self.scores, across.T)
        variance = (variance + self.kernel.noise) * wider
        return mean.cpu(), variance.cpu(), (shared * wider).cpu()

    def correlation(self, inputs: Inputs) -> Tensor:
        """Of new measurements in the middles of cells, shape [m, m]."""
        inputs = inputs.to(self.dtype).to(self.device)
        return correlation(self.kernel, self.inputs, self.factor, inputs).cpu()

    def left_open(self, inputs: Inputs, seen: Tensor, drawn: Tensor) -> Tensor:
        """What drawn measurements are beyond what is known of them; see `left_open`."""
        inputs = inputs.to(self.dtype).to(self.device)
        return left_open(self.kernel, self.inputs, self.factor, inputs, seen, drawn)

    def leave_one_out(self) -> tuple[Tensor, Tensor]:
        """Mean and variance of each observed value given all the others.

        The value at a place is predicted from other cells alone. The variance is that of one new
        measurement there.
        """
        return self.left_out.cpu(), self.left_variance.cpu()

    def _score(self, matrix: Tensor) -> Tensor:
        """Leave one out; Rasmussen and Williams (2006), equations 5.10 to 5.12.

        Places leave out their cell, and `left_shared` is the covariance of each one's mean reading
        with that of its cell.
        """
        precision, rows = torch.cholesky_inverse(self.factor), self.inputs.rows
        if rows is None:
            precision = precision.diagonal()
            error = self.weight / precision
            self.scores = error.square() * precision
            matrix.fill_diagonal_(0.0)
            self.left_variance = self.left_shared = spread(self.scores, matrix) / precision
        else:
            error, variance, shared = leave_cells_out(precision, self.weight, rows)
            self.scores = error.square() / variance
            matrix[rows.cell[:, None] == rows.cell] = 0.0
            wider = spread(self.scores, matrix)
            one = variance + self.kernel.noise - self.kernel.noise_of(rows)
            self.left_variance, self.left_shared = wider * one, wider * shared
        self.left_out = self.residual - error + self.kernel.mean
        return self.scores

    def _solve(self, right: Tensor) -> Tensor:
        return torch.cholesky_solve(right[:, None], self.factor)[:, 0]


def variances_together(kernel: Kernel, inputs: Inputs, solved: Tensor) -> tuple[Tensor, Tensor]:
    """Variance of the value at each place, and its covariance with the mean reading of its cell.

    The first is without noise, the second with it.

    Parameters
    ----------
    kernel : Kernel
        Fitted parameters.
    inputs : Inputs
        The m places.
    solved : tensor [n, m]
        Their covariance with the observed values, solved by the lower factor of the covariance of
        these: its products are what these tell.
    """
    rows = cast("Rows", inputs.rows)
    variance = (kernel.variance(inputs) - solved.square().sum(0)).clamp_min(0.0)
    alike = (rows.cell[:, None] == rows.cell) * rows.share
    between = kernel.within(inputs) - solved.T @ solved
    return variance, (alike * between).sum(1) + kernel.noise_of(rows) * rows.share


def correlation(kernel: Kernel, known: Inputs, factor: Tensor, inputs: Inputs) -> Tensor:
    """Correlation of new measurements in cells, given those that are known, shape [m, m].

    Parameters
    ----------
    kernel : Kernel
        Fitted parameters.
    known : Inputs
        The n observed cells, or places with readings.
    factor : tensor [n, n]
        Lower factor of the covariance of their values.
    inputs : Inputs
        The m cells.
    """
    across = kernel.covariance(known, inputs)
    solved = torch.linalg.solve_triangular(factor, across, upper=False)
    found = kernel.covariance(inputs, inputs) - solved.T @ solved
    variance = kernel.variance(inputs) - solved.square().sum(0)
    found.diagonal().copy_(variance.clamp_min(0.0) + kernel.noise)
    deviation = found.diagonal().sqrt()
    return (found + found.T) / (2 * deviation[:, None] * deviation)


def left_open(
    kernel: Kernel, known: Inputs, factor: Tensor, inputs: Inputs, seen: Tensor, drawn: Tensor
) -> Tensor:
    """Turn draws before anything is observed into draws given what is, in deviations, [m, count].

    What the drawn values of the observed cells tell of each other one is taken away: conditioning
    by kriging (Journel and Huijbregts 1978, "Mining geostatistics", chapter 7), or Matheron's
    rule (Wilson et al. 2020, "Efficiently sampling functions from Gaussian process posteriors",
    ICML, equation 10).

    Parameters
    ----------
    kernel, known, factor, inputs
        As of `correlation`.
    seen : tensor [n, count]
        Draws of the observed values, without the kernel's mean.
    drawn : tensor [m, count]
        The same draws of new measurements in the cells.
    """
    device, dtype = factor.device, factor.dtype
    solved = torch.linalg.solve_triangular(factor, kernel.covariance(known, inputs), upper=False)
    told = torch.linalg.solve_triangular(factor, seen.to(device, dtype), upper=False)
    variance = (kernel.variance(inputs) - solved.square().sum(0)).clamp_min(0.0) + kernel.noise
    rest = drawn.to(device, dtype) - solved.T @ told
    return (rest / variance.sqrt()[:, None]).cpu()


def leave_cells_out(precision: Tensor, weight: Tensor, rows: Rows) -> tuple[Tensor, Tensor, Tensor]:
    """Errors of values without those of their cell, their variances, and covariances.

    The last are those of the value at each place with the mean reading of its cell. The block of a
    cell in the inverse of the covariance is the inverse of the covariance of its values given all
    others (Rasmussen and Williams 2006, equation A.12).

    Parameters
    ----------
    precision : tensor [n, n]
        The inverse of the covariance.
    weight : tensor [n]
        The inverse times the residuals.
    rows : Rows
        Of the values.
    """
    error, variance, shared = torch.empty(3, len(rows.cell)).to(weight)
    for index in _by_size(rows.cell):
        blocks = index[:, :, None], index[:, None, :]
        covariance = torch.linalg.inv(precision[blocks].double()).to(weight)
        error[index] = (covariance @ weight[index][..., None])[..., 0]
        variance[index] = covariance.diagonal(dim1=1, dim2=2)
        shared[index] = (covariance @ rows.share[index][..., None])[..., 0]
    return error, variance, shared


def spread(scores: Tensor, across: Tensor) -> Tensor:
    """How much larger errors are around each cell than the kernel says, squared, shape [m].

    Noise differs from cell to cell; the kernel has one for all. The mean of the scores of the most
    correlated cells makes up for it.

    Parameters
    ----------
    scores : tensor [n]
        Squared error over variance of observed values, each predicted from others.
    across : tensor [m, n]
        Covariance of the cells with these.
    """
    share = across / across.amax(1, keepdim=True).clamp_min(_EPSILON)
    square = share.clamp_min_(_LEAST_SHARE).square_()
    fourth = square.square()
    weight = fourth.square_().mul_(square)
    prior = _SPREAD_PRIOR * scores.mean()
    return (weight @ scores + prior) / (weight.sum(1) + _SPREAD_PRIOR)


def _by_size(cell: Tensor) -> Iterator[Tensor]:
    """The rows of each cell, those of cells with as many rows at once: [cells, rows] each."""
    order = cell.argsort(stable=True)
    count = torch.unique_consecutive(cell[order], return_counts=True)[1]
    first = count.cumsum(0) - count
    for size in count.unique().tolist():
        rows = first[count == size, None] + torch.arange(size, device=cell.device)
        yield order[rows]
