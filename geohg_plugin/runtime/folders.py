"""Where GeoHG keeps what is its own on this computer."""

from __future__ import annotations

import os
import sys
from pathlib import Path


def data_folder() -> Path:
    """Folder of GeoHG's local data: never in the plugin, nor in a profile that roams."""
    home = Path.home()
    if os.name == "nt":
        return Path(os.environ.get("LOCALAPPDATA") or home / "AppData" / "Local") / "geohg"
    if sys.platform == "darwin":
        return home / "Library" / "Application Support" / "geohg"
    given = os.environ.get("XDG_DATA_HOME", "")
    # By its specification a relative path is no valid one.
    return (Path(given) if os.path.isabs(given) else home / ".local" / "share") / "geohg"
