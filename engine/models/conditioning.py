"""What the observed cells say about the others: Gaussian-process conditioning."""

from __future__ import annotations

import torch
from torch import Tensor

from ..errors import FitError
from ..language import tr
from ..progress import Progress
from .kernel import Inputs, Kernel

# Under this many observed cells, double precision costs nothing that one would notice.
_DOUBLE_BELOW = 2500
_EPSILON = 1e-12
_JITTERS = (0.0, 1e-6, 1e-5, 1e-4, 1e-3, 1e-2)
# An observed cell tells of the spread elsewhere by its covariance, as a share of the largest
# there, to this power, against the mean of all, which weighs as much as so many cells.
_SPREAD_POWER = 10
_SPREAD_PRIOR = 3.0


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
        The observed cells.
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
        matrix.diagonal().add_(self.kernel.noise)
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

    def predict(self, inputs: Inputs) -> tuple[Tensor, Tensor]:
        """Mean and variance of a new measurement in each cell."""
        across = self.kernel.covariance(self.inputs, inputs.to(self.dtype).to(self.device))
        mean = self.kernel.mean + self.weight @ across
        known = torch.linalg.solve_triangular(self.factor, across, upper=False).square().sum(0)
        variance = (self.kernel.variance - known).clamp_min(0.0) + self.kernel.noise
        return mean.cpu(), (variance * self._spread(across)).cpu()

    def leave_one_out(self) -> tuple[Tensor, Tensor]:
        """Mean and variance of each observed value given all the others."""
        return self.left_out.cpu(), self.left_variance.cpu()

    def _score(self, matrix: Tensor) -> Tensor:
        """Leave one out; Rasmussen and Williams (2006), equations 5.10 to 5.12."""
        precision = torch.cholesky_inverse(self.factor).diagonal()
        error = self.weight / precision
        scores = error.square() * precision
        self.scores = scores
        matrix.fill_diagonal_(0.0)
        self.left_out = self.residual - error + self.kernel.mean
        self.left_variance = self._spread(matrix) / precision
        return scores

    def _spread(self, across: Tensor) -> Tensor:
        """How much larger errors are around each cell than the kernel says, squared.

        Noise differs from cell to cell; the kernel has one for all. The mean of the
        scores of the most correlated cells makes up for it.
        """
        weight = (across / across.amax(0).clamp_min(_EPSILON)) ** _SPREAD_POWER
        prior = _SPREAD_PRIOR * self.scores.mean()
        return (self.scores @ weight + prior) / (weight.sum(0) + _SPREAD_PRIOR)

    def _solve(self, right: Tensor) -> Tensor:
        return torch.cholesky_solve(right[:, None], self.factor)[:, 0]


def negative_log_likelihood(
    kernel: Kernel, inputs: Inputs, values: Tensor, progress: Progress
) -> Tensor:
    """Of the observed values, a value; less the constant log(2 pi) / 2."""
    matrix = kernel.covariance(inputs, inputs)
    matrix = (
        matrix + torch.eye(len(inputs), dtype=matrix.dtype, device=matrix.device) * kernel.noise
    )
    factor = cholesky(matrix, progress)
    residual = values - kernel.mean
    weight = torch.cholesky_solve(residual[:, None], factor)[:, 0]
    total = 0.5 * residual @ weight + factor.diagonal().log().sum()
    return total / len(inputs)
