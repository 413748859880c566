"""Where to compute."""

from __future__ import annotations

import torch

from ..errors import FitError


def choose_device(wish: str) -> str:
    """`cpu` or `cuda`; `auto` takes CUDA where there is one.

    Raises
    ------
    FitError
        If CUDA was asked for and there is none.
    """
    if wish == "auto":
        return "cuda" if torch.cuda.is_available() else "cpu"
    if wish == "cuda" and not torch.cuda.is_available():
        raise FitError("There is no CUDA device; choose the device 'auto' or 'cpu'.")
    return wish
