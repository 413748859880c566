"""The kernel, conditioned on the few observed cells that a tile listens to, in float32."""

from __future__ import annotations

import torch
from torch import Tensor

from ..progress import Silent
from .conditioning import cholesky, leave_cells_out, left_open, spread, variances_together
from .covariances import Covariances
from .kernel import Inputs, Kernel


class Heard:
    """What a tile listens to, and what it tells.

    Parameters
    ----------
    kernel : Kernel
        Fitted parameters.
    inputs : Inputs
        The observed cells, or the places with readings, that the tile listens to.
    values : tensor [n]
        Their values.
    near : int
        The variance is that given the first so many alone: what is far tells of the mean.
    close : int
        See `Covariances`.
    device : str
        Where to compute; what comes in and out is on the CPU.
    """

    def __init__(
        self,
        kernel: Kernel,
        inputs: Inputs,
        values: Tensor,
        near: int,
        close: int = 0,
        device: str = "cpu",
    ) -> None:
        self.kernel, self.inputs, self.device = kernel.to(device), inputs.to(device), device
        self.covariances = Covariances(self.kernel, self.inputs, close)
        matrix = self.covariances.lower()
        diagonal = matrix.diagonal().add_(self.kernel.noise_of(self.inputs.rows))
        factor = cholesky(matrix, Silent())
        residual = values.to(device).float() - self.kernel.mean
        weight = torch.cholesky_solve(residual[:, None], factor)[:, 0]
        # One step of refinement gives back the digits that the factor lost.
        residual = residual - (matrix @ weight + weight @ matrix - diagonal * weight)
        weight = weight + torch.cholesky_solve(residual[:, None], factor)[:, 0]
        # Sums in double precision are the same however many cells are asked for at once.
        self.weight = weight.double()
        self.whole, self.factor = factor, factor[:near, :near]
        self.scores = torch.ones(len(inputs), device=device)
        self.index = torch.arange(len(inputs))

    def predict(self, inputs: Inputs) -> tuple[Tensor, Tensor]:
        """As of `Conditioned`."""
        inputs = inputs.to(self.device)
        mean, wider, solved = self._tell(inputs)
        variance = (self.kernel.variance(inputs) - solved.square().sum(0)).clamp_min(0.0)
        return mean.cpu(), ((variance + self.kernel.noise) * wider).cpu()

    def predict_together(self, inputs: Inputs) -> tuple[Tensor, Tensor, Tensor]:
        """As of `Conditioned`."""
        inputs = inputs.to(self.device)
        mean, wider, solved = self._tell(inputs)
        variance, shared = variances_together(self.kernel, inputs, solved)
        variance = (variance + self.kernel.noise) * wider
        return mean.cpu(), variance.cpu(), (shared * wider).cpu()

    def left_open(self, inputs: Inputs, seen: Tensor, drawn: Tensor) -> Tensor:
        """As of `Conditioned`, given what tells of the variance."""
        near = slice(len(self.factor))
        known, inputs = self.inputs[near], inputs.to(self.device)
        return left_open(self.kernel, known, self.factor, inputs, seen[near], drawn)

    def left_out(self, count: int) -> tuple[Tensor, Tensor, Tensor]:
        """Errors, variances and covariances with their cells of the last `count` values.

        Each without the values of its cell; see `leave_cells_out`. The corner of the inverse of
        a matrix is the inverse of what the corner of its factor makes.
        """
        precision = torch.cholesky_inverse(self.whole[-count:, -count:])
        weight = self.weight[-count:].float()
        if self.inputs.rows is None:
            variance = 1 / precision.diagonal()
            return (weight * variance).cpu(), variance.cpu(), variance.cpu()
        rows = self.inputs.rows[slice(-count, None)]
        error, variance, shared = leave_cells_out(precision, weight, rows)
        return error.cpu(), variance.cpu(), shared.cpu()

    def _tell(self, inputs: Inputs) -> tuple[Tensor, Tensor, Tensor]:
        """Mean of each cell, `spread` there, and what is known of it: [m], [m], [near, m]."""
        mean, wider = torch.empty(2, len(inputs), device=self.device)
        near = torch.empty(len(inputs), len(self.factor), device=self.device)
        for own, across in self.covariances.chunks(inputs):
            mean[own] = (across.double() @ self.weight).float() + self.kernel.mean
            wider[own] = spread(self.scores, across)
            near[own] = across[:, : len(self.factor)]
        return mean, wider, torch.linalg.solve_triangular(self.factor, near.T, upper=False)
