"""How fast this machine is now."""

from __future__ import annotations

import time

import numpy as np

# What `slowness` does some times: so many exponentials, and their seconds on the CPU of
# `config.costs`. No threads share them: on a busy machine these would wait for each other.
_TIMES, _COUNT, _QUIET_SECONDS = 3, 2_000_000, 0.02


def slowness() -> float:
    """How many times longer arithmetic takes here and now than where `config.costs` were measured.

    Measured in about a twentieth of a second, by the clock: a busy machine is a slow one. It is the
    median of three times, since another process may stop this one for as long as all of them take.
    """
    numbers, seconds = np.linspace(-1.0, 0.0, _COUNT), []
    for _ in range(_TIMES):
        started = time.perf_counter()
        np.exp(numbers, out=np.empty_like(numbers))
        seconds.append(time.perf_counter() - started)
    return float(np.median(seconds)) / _QUIET_SECONDS
