"""Class codes: which numbers can be one, and which stand for missing pixels."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

import numpy as np
from numpy.typing import NDArray

from ...errors import InputError
from ...language import tr
from ...progress import Progress

# Codes must lie in [MIN_CODE, MAX_CODE], so that one look-up table holds them.
MIN_CODE, MAX_CODE = -32768, 65535
# Stands for no data where the raster has no code for it.
MISSING = MIN_CODE - 1
MAX_CLASSES = 256
# What other programs write where a pixel is missing, beside negative numbers; and by how much
# such a code lies apart from the classes, at least.
_FILLS, _APART = (255, 999, 9999, 32767, 65535), 20
# So many of them are named in a warning.
_LISTED = 5
# The same, beyond any class.
_HIGH_FILLS, _HUGE = (99999, 999999, 2**31 - 1, 2**32 - 1), 1e20


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
                "The raster '{path}' is not categorical: it has values such as {value}; classes "
                "must be whole numbers."
            ).format(path=path, value=_exact(broken[0]))
        )
    out = kept[(kept < MIN_CODE) | (kept > MAX_CODE)]
    if out.size:
        raise InputError(_out_of_range(out, path))
    with np.errstate(invalid="ignore"):
        codes = values.astype(np.int32)
    codes[gone] = MISSING
    return codes


def _exact(value: np.integer | np.floating) -> str:
    """A pixel's value in as few digits as tell it from all others."""
    number = value.item()
    return str(int(number)) if number == int(number) and abs(number) < 1e15 else str(value)


def _out_of_range(out: NDArray, path: str) -> str:
    text = tr(
        "The raster '{path}' has the class {code}; classes must lie between {low} and {high}."
    )
    fills = out[(out < MIN_CODE) | np.isin(out, _HIGH_FILLS) | (out >= _HUGE)]
    code = _exact(fills[0] if fills.size else out[0])
    message = text.format(path=path, code=code, low=MIN_CODE, high=MAX_CODE)
    return f"{message} {_advice(code)}" if fills.size else message


def _advice(code: str) -> str:
    return tr(
        "If {code} stands for missing pixels, tag it as nodata, such as with gdal_edit.py "
        "-a_nodata {code}."
    ).format(code=code)


def find_untagged(codes: Iterable[int]) -> list[int]:
    """Codes that look as if they stood for missing pixels.

    Classes are not negative; and codes such as 255 and 9999 are no classes where they lie
    farther from all others than those from each other.
    """
    found = sorted(set(codes))
    others = [code for code in found if code >= 0 and code not in _FILLS]
    farther = max(others[-1] - others[0], _APART) if others else np.inf
    return [
        code
        for code in found
        if code < 0 or (code in _FILLS and code - (others or [code])[-1] > farther)
    ]


def warn_of_untagged(
    pixels: Mapping[int, int], classes: Iterable[int], path: str, progress: Progress
) -> None:
    """Warn, once, of codes that look as if they stood for missing pixels.

    Parameters
    ----------
    pixels : mapping
        How many pixels were read of each code that is not tagged as nodata.
    classes : iterable of int
        The codes that count as classes.
    path : str
        The raster.
    progress : Progress
        Who is told.
    """
    found = find_untagged(pixels)
    if not found:
        return
    text = tr(
        "The raster '{path}' has the code {codes} in {share:.1%} of the {pixels:,} pixels that "
        "were read, and it is treated as a class."
    )
    if not set(found) & set(classes):
        text = tr(
            "The raster '{path}' has the code {codes} in {share:.1%} of the {pixels:,} pixels that "
            "were read, in addition to classes of ESA WorldCover; it is treated as missing."
        )
    total = sum(pixels.values())
    share = sum(pixels[code] for code in found) / total
    listed = ", ".join([*map(str, found[:_LISTED]), *["..."] * (len(found) > _LISTED)])
    message = text.format(path=path, codes=listed, share=share, pixels=total)
    progress.warning(f"{message} {_advice(str(found[0]))}")


def _as_stored(nodata: float, kind: np.dtype) -> float:
    """Nodata as pixels hold it: a tag says -3.4028234663852886e+38 of a float32."""
    return float(np.array(nodata).astype(kind)) if kind.kind == "f" else nodata
