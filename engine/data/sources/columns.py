"""Columns of tables as numbers and as names, whatever types hold them."""

from __future__ import annotations

import datetime
import numbers
import re
from decimal import Decimal
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from ...errors import InputError
from ...language import tr

# Numbers as CSV files have them.
_PLAIN = re.compile(r"\s*[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?\s*", re.ASCII)
# Numbers with a comma, or with signs between their thousands.
_SEPARATED = re.compile(r"[+-]?[0-9][0-9., _'\u00a0\u202f\u2019]*")
# Whole numbers are exact, and written without an exponent, up to here.
_EXACT = 1e15


def as_numbers(column: pd.Series, field: str, finite: bool = True) -> NDArray[np.float64]:
    """Numbers of any type; NaN where one is missing or masked. True is 1 and False 0.

    Parameters
    ----------
    column : Series
        Of any type of numbers, or of objects that are numbers.
    field : str
        What it is called, for errors.
    finite : bool
        Whether infinite numbers are refused.

    Raises
    ------
    InputError
        If the column holds text, dates or, if they are refused, infinite numbers.
    """
    dtype = column.dtype
    if pd.api.types.is_numeric_dtype(dtype) and not pd.api.types.is_complex_dtype(dtype):
        with np.errstate(over="ignore"):
            values = column.to_numpy(dtype=np.float64, na_value=np.nan)
    else:
        values = _objects(column.astype(object), field)
    infinite = int(np.isinf(values).sum())
    if infinite and finite:
        raise InputError(
            tr("{field} has {infinite} infinite values; remove or null them.").format(
                field=field, infinite=infinite
            )
        )
    return values


def _objects(column: pd.Series, field: str) -> NDArray[np.float64]:
    """Objects as numbers, each kind of object once."""
    values = column.to_numpy()
    found = [_number(value) for value in values]
    wrong = [value for value, number in zip(values, found) if number is None]
    if wrong:
        # Text among the texts that are numbers is what keeps a column from being numbers.
        texts = [text for text in wrong if not is_plain(text)]
        raise _no_number((texts or wrong)[0], field)
    return np.array(found, dtype=np.float64)


def _number(value: Any) -> float | None:
    """An object as a number, NaN where it is missing; None if it is none."""
    if value is None or value is pd.NA or value is np.ma.masked or value is pd.NaT:
        return np.nan
    if isinstance(value, np.ndarray) and value.ndim == 0:
        value = value.item()
    if not isinstance(value, (numbers.Real, Decimal, np.bool_)):
        return None
    try:
        return float(value)
    except OverflowError:
        return np.inf
    except ValueError:  # the signalling NaN of a Decimal
        return np.nan


def is_plain(value: object) -> bool:
    """Whether it is a text that a CSV file may have for a finite number."""
    if not isinstance(value, str) or not _PLAIN.fullmatch(value):
        return False
    return bool(np.isfinite(float(value)))


def _no_number(example: Any, field: str) -> InputError:
    text = tr("{field} holds text (such as '{example}'); choose a field with numbers.")
    if isinstance(example, (datetime.date, datetime.time, datetime.timedelta)):
        text = tr("{field} holds dates or times (such as {example}); choose a field with numbers.")
    elif not isinstance(example, str) or is_plain(example):
        pass
    elif _PLAIN.fullmatch(example):
        text = tr("{field} has the number {example}, which is too large; correct or remove it.")
    elif _SEPARATED.fullmatch(example.strip()):
        text = tr(
            "{field} has numbers such as '{example}'; use a decimal point, and no thousands "
            "separator."
        )
    return InputError(text.format(field=field, example=str(example)[:50]))


def as_names(column: pd.Series) -> NDArray[np.object_]:
    """Names of groups or categories as text, None where one is missing or empty.

    Text is as it stands, so that '07' is not '7', and 'NA' is a name. The numbers 7 and 7.0
    are one name, and so are their texts in a column whose texts are numbers.
    """
    values = column.astype(object)
    try:
        code, unique = pd.factorize(values, use_na_sentinel=True)
    except TypeError:  # lists have no hash
        code, unique = pd.factorize(values.map(str, na_action="ignore"), use_na_sentinel=True)
    names = np.array([*map(_name, unique), None], dtype=object)
    given = [name for name in names if name is not None]
    if all(map(is_plain, given)):
        names = np.array([name and _whole(name) for name in names], dtype=object)
    return names[code]


def _name(value: object) -> str | None:
    if isinstance(value, (float, np.floating)):
        number = float(value)
        return str(int(number)) if number.is_integer() and abs(number) < _EXACT else str(number)
    return str(value) or None


def _whole(name: str) -> str:
    """A number in a text without decimals that are all zero: '7.0' is '7', '07' stays."""
    return re.sub(r"^([+-]?(?:0|[1-9]\d*))\.0*$", r"\1", name)
