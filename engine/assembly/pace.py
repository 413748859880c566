"""How fast this machine is now."""

from __future__ import annotations

import time

import numpy as np

# What `slowness` does: factors of a matrix of this size, and their seconds on the CPU of
# `config.costs`.
_SIZE, _FACTORS, _QUIET_SECONDS = 300, 20, 0.05


def slowness() -> float:
    """How many times longer arithmetic takes here and now than where `config.costs` were measured.

    Measured in about a twentieth of a second, by the clock: a busy machine is a slow one.
    """
    matrix = np.full((_SIZE, _SIZE), 0.5) + np.eye(_SIZE)
    started = time.perf_counter()
    for _ in range(_FACTORS):
        np.exp(np.linalg.cholesky(matrix))
    return (time.perf_counter() - started) / _QUIET_SECONDS
