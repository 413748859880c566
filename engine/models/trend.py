"""A linear trend in covariates, where left-out cells are predicted better with it."""

from __future__ import annotations

from dataclasses import replace

from torch import Tensor

from ..progress import Part, Progress, Silent
from .base import Prediction, log_score
from .conditioning import Conditioned
from .kernel import Inputs, Kernel
from .kernel_fit import fit_kernel

# What a trend must add to the log score of all left-out values together, in nats: one for the
# variance that is learnt for it, as in Akaike's criterion.
_LEAST_GAIN = 1.0


def fit_with_trend(
    start: Kernel,
    inputs: Inputs,
    values: Tensor,
    seed: int,
    progress: Progress,
    device: str,
    before: Kernel | None = None,
) -> Kernel:
    """Fit a kernel that has a trend, and one that has none, and take the better.

    Parameters are those of `fit_kernel`. Of a start without a trend, the fit is that of
    `fit_kernel`.
    """
    fitting = inputs, values, seed
    if not len(start.trend):
        return fit_kernel(start, *fitting, progress, device, before)
    plain = replace(start, trend=start.trend[:0])
    kernels = [
        fit_kernel(each, *fitting, part, device)
        for each, part in (
            (plain, Part(progress, 0.0, 0.45)),
            (start, Part(progress, 0.45, 0.9)),
        )
    ]
    without, sloped = (_left_out_score(kernel, inputs, values, device) for kernel in kernels)
    return kernels[1] if sloped > without + _LEAST_GAIN else kernels[0]


def _left_out_score(kernel: Kernel, inputs: Inputs, values: Tensor, device: str) -> float:
    """The log score of all values, each predicted from the others, but for a constant."""
    mean, variance = Conditioned(kernel, inputs, values, Silent(), device=device).leave_one_out()
    found = Prediction(mean.double().numpy(), variance.double().sqrt().numpy())
    return float(log_score(found, values.double().numpy()).sum())
