"""Class codes: which numbers can be one, and which stand for missing pixels."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from ...errors import InputError
from ...language import tr

# Codes must lie in [MIN_CODE, MAX_CODE], so that one look-up table holds them.
MIN_CODE, MAX_CODE = -32768, 65535
# Stands for no data where the raster has no code for it.
MISSING = MIN_CODE - 1
MAX_CLASSES = 256


def check_class_count(codes: NDArray[np.integer], path: str) -> None:
    """Refuse a raster with too many classes to be categorical."""
    if len(codes) > MAX_CLASSES:
        raise InputError(
            tr(
                "The raster '{path}' has more than {most} different values, so it is not "
                "categorical; give a land-cover raster, or classify this one first."
            ).format(path=path, most=MAX_CLASSES)
        )


def as_codes(
    values: NDArray, nodata: float | None, path: str, masked: NDArray[np.bool_] | None = None
) -> NDArray[np.integer]:
    """Pixel values as class codes; whole numbers of up to 16 bits are kept as they are.

    Elsewhere NaN, infinite values and nodata become `MISSING`, and so do `masked` pixels
    anywhere.
    """
    if values.dtype.kind in "iu" and values.dtype.itemsize <= 2:
        if masked is None or not masked.any():
            return values
        return np.where(masked, MISSING, values.astype(np.int32))
    gone = ~np.isfinite(values) if masked is None else ~np.isfinite(values) | masked
    if nodata is not None:
        with np.errstate(over="ignore"):
            gone |= values == _as_stored(nodata, values.dtype)
    kept = values[~gone]
    broken = kept[kept != np.round(kept)]
    if broken.size:
        raise InputError(
            tr(
                "The raster '{path}' is not categorical: it has values such as {value:g}; classes "
                "must be whole numbers."
            ).format(path=path, value=broken[0])
        )
    out = kept[(kept < MIN_CODE) | (kept > MAX_CODE)]
    if out.size:
        raise InputError(
            tr(
                "The raster '{path}' has the class {code:g}; classes must lie between {low} and "
                "{high}."
            ).format(path=path, code=out[0], low=MIN_CODE, high=MAX_CODE)
        )
    with np.errstate(invalid="ignore"):
        codes = values.astype(np.int32)
    codes[gone] = MISSING
    return codes


def _as_stored(nodata: float, kind: np.dtype) -> float:
    """Nodata as pixels hold it: a tag says -3.4028234663852886e+38 of a float32."""
    return float(np.array(nodata).astype(kind)) if kind.kind == "f" else nodata
