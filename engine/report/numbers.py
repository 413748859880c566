"""Numbers, units, dates and sentences as people read them."""

from __future__ import annotations

import math
from collections.abc import Sequence
from datetime import datetime

from ..language import ENGLISH, language, tr

# Significant digits of a number in text.
_DIGITS = 4
# So many times as large as the middle one of some numbers, one is far from the others.
_FAR = 100


def format_number(value: float | None) -> str:
    """A number to read: four significant digits, grouped, with a true minus sign.

    Whole digits are never rounded away, whole numbers are given in full, and None is
    a dash.

    Examples
    --------
    >>> format_number(0.73125), format_number(12345.6), format_number(None)
    ('0.7312', '12,346', '–')
    """
    if value is None:
        return "–"
    if isinstance(value, int):
        text = f"{value:,}"
    elif _is_plain(value):
        text = f"{value:,.{_decimals(value)}f}"
    else:
        text = f"{value:.{_DIGITS - 1}e}"
    return true_minus(text)


def true_minus(text: str) -> str:
    """A number as text with a minus sign in place of a hyphen; zero has none."""
    return text.replace("-", "−") if text.strip("-0.") else text.lstrip("-")


def format_column(values: Sequence[float | None], digits: int = _DIGITS) -> list[str]:
    """Numbers to compare: as many decimals each as the largest of them needs.

    The largest is shown with so many significant digits; one that is a hundred times as large as
    the middle one has more.

    Examples
    --------
    >>> format_column([164.04, 63.637, None])
    ['164.0', '63.6', '–']
    >>> format_column([0.44, 0.49, -258.0], 3)
    ['0.440', '0.490', '−258.000']
    """
    sizes = sorted(abs(value) for value in values if value is not None) or [0.0]
    middle = sizes[len(sizes) // 2] or sizes[-1]
    largest = max(size for size in sizes if size <= _FAR * middle)
    if not _is_plain(largest):
        return [format_number(value) for value in values]
    decimals = _decimals(largest, digits)
    return ["–" if value is None else true_minus(f"{value:,.{decimals}f}") for value in values]


def _is_plain(value: float) -> bool:
    """Whether a number can be read without an exponent."""
    return value == 0 or 1e-5 <= abs(value) < 1e9


def _decimals(value: float, digits: int = _DIGITS) -> int:
    """Digits after the point that give `value` as many significant ones as are shown."""
    return max(0, digits - 1 - math.floor(math.log10(abs(value)))) if value else 0


def with_unit(number: str, unit: str) -> str:
    """A number and its unit, with a space at which no line breaks between them."""
    return f"{number}\u00a0{unit}" if unit else number


def in_unit(name: str, unit: str) -> str:
    """What is told in a unit, such as the label of an axis."""
    return tr("{name} ({unit})").format(name=name, unit=unit) if unit else name


def format_share(share: float) -> str:
    """A share (0 to 1) in per cent."""
    return tr("{share:.1f} %").format(share=100 * share)


def together(*sentences: str) -> str:
    """Sentences one after the other; none follows a full-width stop with a space."""
    return " ".join(filter(None, sentences)).replace("。 ", "。")


def format_date(moment: str) -> str:
    """Local date and time to the minute, from ISO form, as the language of the job writes them.

    Examples
    --------
    >>> format_date("2025-03-01T12:30:59+01:00")
    '2025-03-01 12:30'
    """
    when = datetime.fromisoformat(moment)
    if language() == ENGLISH:
        return f"{when:%Y-%m-%d %H:%M}"
    return f"{when.year}年{when.month}月{when.day}日 {when:%H:%M}"
