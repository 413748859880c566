"""Whether a raster that is given as a continuous quantity looks like classes."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray
from rasterio.io import DatasetReader

from ..builders.codes import MAX_CLASSES
from .looks import has_legend, is_continuous

# More values than these are no classes, but where a legend says so. Of two, such as 0 and 1,
# the mean is a share.
_FEW_VALUES, _TWO = 64, 2
# Stands for what is missing among whole numbers.
_NONE = np.iinfo(np.int64).min


def classes_seen(
    raster: DatasetReader, band: int, parts: Sequence[NDArray[np.floating]], owner: str
) -> tuple[int, bool]:
    """How many classes a band seems to have, 0 if it does not; and whether a legend says so.

    Whole numbers are classes with a colour table, a table of attributes or names of categories;
    or if they are few and do not change between neighbours as a quantity does.

    Parameters
    ----------
    raster : DatasetReader
        The raster.
    band : int
        The band.
    parts : sequence of float array [height, width]
        Glances at its values, NaN where missing.
    owner : str
        What the raster is called in an error.
    """
    scaled = raster.scales[band - 1] != 1 or raster.offsets[band - 1]
    if np.dtype(raster.dtypes[band - 1]).kind not in "iu" or scaled:
        return 0, False
    codes = [np.where(np.isfinite(part), part, _NONE).astype(np.int64) for part in parts]
    values = np.setdiff1d(np.concatenate([np.unique(part) for part in codes]), [_NONE])
    count = len(values)
    if count > MAX_CLASSES:
        return 0, False
    if has_legend(raster, band, values, owner):
        return count, True
    few = _TWO < count <= _FEW_VALUES and not is_continuous(codes, [_NONE])
    return (count if few else 0), False
