"""Lines of numbers in the text files of a city."""

from __future__ import annotations

import codecs
import io
import math
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from ...errors import InputError
from ...language import tr


def read_fields(path: Path, kinds: Mapping[int, type]) -> list[NDArray[Any]]:
    """Some fields of every line, which spaces, slashes and commas part.

    The last field asked for is the last of the line.

    Raises
    ------
    InputError
        If the file is missing or empty, or naming the first line that has other fields.
    """
    text = _read_bytes(path).replace(b"/", b" ").replace(b",", b" ")
    width = max(kinds) + 1
    try:
        table = pd.read_csv(
            io.BytesIO(text),
            sep=r"\s+",
            header=None,
            dtype=dict(kinds),
            usecols=list(kinds),
            names=list(range(width)),
            float_precision="round_trip",
        )
        columns = [table[column].to_numpy() for column in kinds]
        regular = text.count(b" ") == (width - 1) * len(table) > 0
    except (ValueError, IndexError, OverflowError):
        regular = False
    if not regular or not all(np.isfinite(column).all() for column in columns):
        return _fields_by_line(path, text, kinds)
    return columns


def _fields_by_line(path: Path, text: bytes, kinds: Mapping[int, type]) -> list[NDArray[Any]]:
    """What `read_fields` gives, slower, of lines with odd spaces; it finds a line that is wrong."""
    rows = []
    for number, line in enumerate(text.decode("utf-8", "replace").splitlines(), 1):
        parts = line.split()
        try:
            row = [kind(parts[column]) for column, kind in kinds.items()] if parts else []
            np.array([value for value in row if isinstance(value, int)], dtype=np.int64)
        except (ValueError, IndexError, OverflowError) as error:
            raise _line_error(path, number) from error
        if parts and (len(parts) != max(kinds) + 1 or any(map(math.isinf, row))):
            raise _line_error(path, number)
        if parts:
            rows.append(row)
    if not rows:
        raise InputError(tr("'{path}' is empty.").format(path=path))
    return [np.array(column, dtype=kind) for column, kind in zip(zip(*rows), kinds.values())]


def _line_error(path: Path, number: int) -> InputError:
    line = _read_bytes(path).decode("utf-8", "replace").splitlines()[number - 1].strip()
    return InputError(
        tr("Line {number} of '{path}' cannot be read: {line!r}.").format(
            number=number, path=path, line=line
        )
    )


def _read_bytes(path: Path) -> bytes:
    try:
        return path.read_bytes().removeprefix(codecs.BOM_UTF8)
    except OSError as error:
        raise InputError(
            tr("'{path}' cannot be read: {reason}.").format(path=path, reason=error.strerror)
        ) from error
