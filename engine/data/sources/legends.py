"""What a raster calls its classes: names of categories and tables of attributes beside it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from pathlib import Path
from xml.etree import ElementTree  # nosec B405 # see `_parse`

from rasterio.io import DatasetReader

from ..builders.codes import MAX_CODE, MIN_CODE

# What GDAL writes beside a raster, and the end of a file that is itself such a text.
_BESIDE, _VIRTUAL = ".aux.xml", ".vrt"
# A longer text holds more than a legend, such as histograms; a longer name is a description.
_MOST_BYTES, _LONGEST = 2**23, 120
# GDAL's numbers of what a column of a table is for, and of the type of text.
_NAME, _MIN, _MIN_AND_MAX, _IS_TEXT = "2", "3", "5", "2"
_VALUE = "value"


def legend_text(raster: DatasetReader) -> str:
    """The text that may hold a legend of the raster; empty where there is none."""
    name = str(raster.name)
    path = Path(name if name.lower().endswith(_VIRTUAL) else f"{name}{_BESIDE}")
    try:
        if path.stat().st_size > _MOST_BYTES:
            return ""
        return path.read_text(encoding="utf-8", errors="replace")
    except (OSError, ValueError):
        return ""


def read_legend(raster: DatasetReader, band: int) -> dict[int, str]:
    """The name of each class of a band, as GDAL keeps them; empty where there are none.

    They are the categories of the band, or the rows of its table of attributes: the column that
    is for names, or else the first one of text. Two classes of one name get their codes added.
    """
    root = _parse(legend_text(raster))
    if root is None:
        return {}
    found: dict[int, str] = {}
    for element in root.iter():
        if element.tag in ("PAMRasterBand", "VRTRasterBand") and element.get("band") == str(band):
            found = _categories(element) or _table(element)
    often = Counter(found.values())
    return {
        code: name if often[name] == 1 else f"{name} ({code})"
        for code, name in sorted(found.items())
    }


def _parse(text: str) -> ElementTree.Element | None:
    """The text as XML; None where it is not, or declares entities, which may grow without end."""
    if not text or "<!DOCTYPE" in text or "<!ENTITY" in text:
        return None
    try:
        return ElementTree.fromstring(text)  # nosec B314 # without a DOCTYPE there are no entities
    except (ElementTree.ParseError, ValueError):
        return None


def _categories(band: ElementTree.Element) -> dict[int, str]:
    names = band.findall("CategoryNames/Category")
    return _named((number, element.text) for number, element in enumerate(names))


def _table(band: ElementTree.Element) -> dict[int, str]:
    table = band.find("GDALRasterAttributeTable")
    if table is None:
        return {}
    columns = [
        {key: (field.findtext(key) or "").strip() for key in ("Name", "Type", "Usage")}
        for field in table.findall("FieldDefn")
    ]
    value = _first(columns, ("Usage", (_MIN_AND_MAX, _MIN)), ("Name", (_VALUE,)))
    name = _first(columns, ("Usage", (_NAME,)), ("Type", (_IS_TEXT,)))
    if value is None or name is None:
        return {}
    rows = [[cell.text for cell in row.findall("F")] for row in table.findall("Row")]
    return _named((row[value], row[name]) for row in rows if len(row) == len(columns))


def _first(columns: list[dict[str, str]], *wanted: tuple[str, tuple[str, ...]]) -> int | None:
    """The first column that has one of the values, of what is wanted most first."""
    for key, values in wanted:
        for number, column in enumerate(columns):
            if column[key].lower() in values:
                return number
    return None


def _named(pairs: Iterable[tuple[int | str | None, str | None]]) -> dict[int, str]:
    """Codes that can be one, and names that say something."""
    found = {}
    for code, name in pairs:
        try:
            number = float(code or 0)
        except ValueError:
            continue
        words = " ".join((name or "").split())[:_LONGEST]
        if words and number.is_integer() and MIN_CODE <= number <= MAX_CODE:
            found[int(number)] = words
    return found
