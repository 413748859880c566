"""Where to compute."""

from __future__ import annotations

import warnings

import torch

from ..language import tr
from ..progress import Progress


def choose_device(wish: str, progress: Progress, double: bool = False) -> str:
    """The device to compute on: `cpu`, `cuda` or `mps`.

    `auto` takes CUDA where it works, and else the CPU; MPS is only taken when asked for.
    Where a device that was asked for, or is there, cannot be used, a warning says why.

    Parameters
    ----------
    wish : str
        `auto`, `cpu`, `cuda` or `mps`.
    progress : Progress
        Gets the warning.
    double : bool
        Whether the model needs double precision, which MPS lacks.
    """
    fault: str | None = ""
    if wish in ("auto", "cuda"):
        fault = _cuda_fault(wish == "cuda")
        if fault is None:
            return "cuda"
    elif wish == "mps":
        if torch.backends.mps.is_available() and not double:
            return "mps"
        fault = (
            tr("This model needs double precision, which MPS devices lack")
            if double
            else tr("There is no MPS device")
        )
    if fault:
        progress.warning(tr("{fault}; computing on the CPU instead.").format(fault=fault))
    return "cpu"


def _cuda_fault(wanted: bool) -> str | None:
    """None if CUDA works, else why not; nothing is said of a device that nobody wanted."""
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")  # so PyTorch tells of a driver that it cannot use
        there = torch.cuda.is_available()
    if there:
        try:
            torch.ones(1, device="cuda").sum().item()
        except RuntimeError as error:  # such as a device newer or older than this PyTorch
            return _cannot(str(error))
        return None
    if caught:
        return _cannot(str(caught[0].message))
    return tr("There is no CUDA device") if wanted else ""


def _cannot(reason: str) -> str:
    reason = reason.strip().splitlines()[0].rstrip(".")
    return tr("The CUDA device cannot be used ({reason})").format(reason=reason)
