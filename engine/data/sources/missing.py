"""Numbers that other programs write for missing ones, such as -9999."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

# Both with a minus and without where it is known so.
_NINES = [10.0**k - 1 for k in range(3, 10)]
_CODES = np.sort(
    [
        *(sign * (nines + part) for sign in (-1, 1) for nines in _NINES for part in (0, 0.9, 0.99)),
        *(-99.0, -99.9, -99.99, -999.25, -32768.0, 32767.0, -(2.0**31), 2.0**31 - 1, 65535.0),
    ]
)
# No quantity is so large in any unit that people use, unless all its values are.
_HUGE = 1e20


def are_codes(values: NDArray[np.float64]) -> NDArray[np.bool_]:
    """Which of some finite numbers are such codes; they often are rounded to 32 bits."""
    index = np.searchsorted(_CODES, values).clip(1, len(_CODES) - 1)
    near = np.minimum(np.abs(values - _CODES[index - 1]), np.abs(values - _CODES[index]))
    return (near <= 1e-7 * np.abs(values)) | (np.abs(values) >= _HUGE)
