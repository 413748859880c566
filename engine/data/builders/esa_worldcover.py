"""The legend of ESA WorldCover (v100 2020 and v200 2021)."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from ...language import tr

# ESA WorldCover Product User Manual, table 3; 0 is its nodata.
CLASS_NAMES = {
    10: "Tree cover",
    20: "Shrubland",
    30: "Grassland",
    40: "Cropland",
    50: "Built-up",
    60: "Bare / sparse vegetation",
    70: "Snow and ice",
    80: "Permanent water bodies",
    90: "Herbaceous wetland",
    95: "Mangroves",
    100: "Moss and lichen",
}
NODATA = 0


@dataclass(frozen=True)
class Edition:
    """One of the maps.

    Parameters
    ----------
    version : str
        Version of the algorithm that made it.
    doi : str
        What it is cited by.
    """

    version: str
    doi: str


# By the year that they show.
EDITIONS = {
    "2020": Edition("v100", "10.5281/zenodo.5571936"),
    "2021": Edition("v200", "10.5281/zenodo.7254221"),
}


def attribution(year: str) -> str:
    """What its licence asks to be said wherever the edition of `year` was used."""
    return (
        f"© ESA WorldCover project {year} / Contains modified Copernicus Sentinel data ({year}) "
        f"processed by ESA WorldCover consortium. CC BY 4.0, https://doi.org/{EDITIONS[year].doi}"
    )


def is_worldcover(codes: Iterable[int]) -> bool:
    """Whether every code but nodata is one of WorldCover's, and there is one."""
    classes = set(codes) - {NODATA}
    return bool(classes) and classes <= set(CLASS_NAMES)


def class_names(codes: Iterable[int]) -> tuple[str, ...]:
    """A name for each code: WorldCover's where all are, else `class 311`."""
    codes = list(codes)
    if NODATA not in codes and is_worldcover(codes):
        return tuple(CLASS_NAMES[code] for code in codes)
    return tuple(f"class {code}" for code in codes)


def class_in_words(name: str) -> str:
    """What a class, named as by `class_names`, is called in the language of the job."""
    names = {
        "Tree cover": tr("Tree cover"),
        "Shrubland": tr("Shrubland"),
        "Grassland": tr("Grassland"),
        "Cropland": tr("Cropland"),
        "Built-up": tr("Built-up"),
        "Bare / sparse vegetation": tr("Bare / sparse vegetation"),
        "Snow and ice": tr("Snow and ice"),
        "Permanent water bodies": tr("Permanent water bodies"),
        "Herbaceous wetland": tr("Herbaceous wetland"),
        "Mangroves": tr("Mangroves"),
        "Moss and lichen": tr("Moss and lichen"),
    }
    first, _, code = name.partition(" ")
    return tr("class {code}").format(code=code) if first == "class" else names.get(name, name)


def drop_worldcover_nodata(
    codes: NDArray[np.int64], counts: NDArray[np.number]
) -> tuple[NDArray[np.int64], NDArray[np.number]]:
    """Take codes as missing in WorldCover rasters that no tag names, such as its 0."""
    kept = ~np.isin(codes, untagged_in_worldcover(codes.tolist()))
    return codes[kept], counts[:, kept]


def untagged_in_worldcover(codes: Sequence[int]) -> tuple[int, ...]:
    """Codes of missing pixels, if all others are WorldCover's; it often lacks the nodata tag."""
    negative = [code for code in codes if code < 0]
    if len(codes) > 1 and is_worldcover(set(codes) - set(negative)):
        return NODATA, *negative
    return ()
