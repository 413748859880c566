"""What the engine's process inherits from QGIS: as little as possible."""

from __future__ import annotations

import os
from collections.abc import Mapping

# QGIS points these at its own Python, GDAL, PROJ and libraries. A process of another
# environment that sees them loads the wrong ones, or does not start at all.
_FOREIGN = ("PYTHON", "GDAL_", "OGR_", "CPL_", "PROJ_", "QGIS_", "LD_", "DYLD_", "CONDA_")
# How GDAL reaches the network is the user's own, and true for any GDAL.
_KEPT = ("GDAL_HTTP_", "GDAL_PROXY_AUTH")
_FOREIGN_NAMES = frozenset({"VIRTUAL_ENV", "QT_PLUGIN_PATH"})


def child_environment(parent: Mapping[str, str] | None = None) -> dict[str, str]:
    """The environment of `parent` (this process) without what belongs to QGIS."""
    kept = os.environ if parent is None else parent
    return {
        name: value
        for name, value in kept.items()
        if name.upper().startswith(_KEPT)
        or (not name.upper().startswith(_FOREIGN) and name.upper() not in _FOREIGN_NAMES)
    }
