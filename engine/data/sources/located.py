"""Where a table of points or polygons is."""

from __future__ import annotations

import io
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, TextIO

if TYPE_CHECKING:
    import pandas as pd

# Between a file of several layers and the name of one.
LAYER = "|layername="


@dataclass(frozen=True)
class Table:
    """Where a table of points or polygons is.

    Parameters
    ----------
    source : path, text file or DataFrame
        A file, one layer of it (`a.gpkg|layername=b`), CSV text, or a table in memory.
    crs : str
        CRS of its coordinates; empty where a file of geometries has its own.
    coord_columns : tuple of str, optional
        Columns of x and y, of tables without geometries.
    name : str
        What a report calls it; empty for its path.
    """

    source: str | Path | TextIO | pd.DataFrame
    crs: str = ""
    coord_columns: tuple[str, str] | None = None
    name: str = ""

    @classmethod
    def of(cls, part: Mapping[str, Any]) -> Table:
        """That which a part of a request describes."""
        source: Any = part.get("path", "")
        if "table" in part:
            source = io.StringIO(part["table"])
        elif "layer" in part:
            source = f"{source}{LAYER}{part['layer']}"
        return cls(source, part.get("crs", ""), part.get("coord_columns"), part.get("name", ""))
