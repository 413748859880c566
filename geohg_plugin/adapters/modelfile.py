"""What QGIS reads of a model file itself: the header alone, in which no code is."""

from __future__ import annotations

import json
import struct
from pathlib import Path
from typing import Any

# The length of the header comes first; one that is longer is none.
_LENGTH, _MOST_BYTES = "<Q", 100_000_000
_GRID = ("crs", "left", "top", "cell_width", "cell_height", "rows", "cols")


def grid_of_model(path: str) -> dict[str, Any]:
    """The grid that a model was trained on, as its file has it; empty where it has none."""
    try:
        places = _header(path)["places"]
        return {name: places[name] for name in _GRID}
    except (KeyError, TypeError):
        return {}


def predicts_classes(path: str) -> bool:
    """Whether a file is that of a model of classes, and not of a number."""
    return "classes" in _header(path)


def _header(path: str) -> dict[str, Any]:
    """The header of a model file; empty of another file, which the engine refuses."""
    try:
        with Path(path).open("rb") as file:
            (length,) = struct.unpack(_LENGTH, file.read(struct.calcsize(_LENGTH)))
            header = json.loads(file.read(length)) if length < _MOST_BYTES else {}
        found = json.loads(header["__metadata__"]["geohg"])
        return found if isinstance(found, dict) else {}
    except (OSError, struct.error, ValueError, KeyError, TypeError):
        return {}
