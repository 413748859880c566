"""What a map of several blocks is checked for before the long work, and the run that it is of."""

from __future__ import annotations

import dataclasses
import hashlib
import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from .. import __version__
from ..config.schema import Config
from ..data.builders.grid import Grid
from ..files import OutputSet
from ..names import CLASS_RASTERS, RASTERS
from ..prediction.contours import check_contours
from ..prediction.parts import check_map_room
from ..prediction.workfolder import kept_settings, refuse_folder
from .request import Request

# What a result does not depend on.
_ASIDE = ("outputs", "output", "execution", "command", "config_file", "network", "version")
# What a report needs of each cell beside the rasters, as float32.
_ARRAYS, _BYTES = 6, 4
# Longer parts of a request are known by their checksum.
_LONGEST = 1000
# Parts of a request that are files.
_FILES = ("path", "model_file", "graph", "template")


def check_execution(
    request: Request, config: Config, outputs: OutputSet, grid: Grid, classes: int = 0
) -> None:
    """Refuse at once what could not be made or written after a long run.

    A map of so many `classes` has a probability of each.

    Raises
    ------
    GeoHGError
        If the work folder is that of another run, a disk has no room, or contours are wanted of
        too many cells.
    """
    if outputs.wants("contours"):
        check_contours(grid.size)
    wanted = [outputs.paths[name] for name in (*RASTERS, *CLASS_RASTERS) if outputs.wants(name)]
    folder = Path(config.execution.resume) if config.execution.resume else None
    if folder is not None:
        refuse_folder(folder, settings_of(request, config))
    if wanted:
        at = next((each for each in (folder, *_parents(folder)) if each and each.is_dir()), None)
        how = config.uncertainty
        further = classes or len(how.thresholds) + len(how.quantiles) + how.simulations_count
        fields = len(request["points"]["targets"]) if "points" in request else 1
        bands = fields * (len(wanted) + outputs.wants("applicability") + further)
        sizes = fields * (_ARRAYS + further), bands, _BYTES
        check_map_room(grid, *sizes, at or wanted[0].parent, wanted[0].parent)


def settings_of(
    request: Request, config: Config, inputs: Mapping[str, str] | None = None
) -> dict[str, Any]:
    """All that the values of a map depend on, by names that a user knows.

    Parameters
    ----------
    request, config : mapping, Config
        Those of the job. Of a file its name counts, and not its folder, which QGIS changes.
    inputs : mapping of str to str, optional
        The checksums of files.
    """
    options = {
        f"{section}.{name}": value
        for section, options in dataclasses.asdict(config).items()
        if section not in _ASIDE
        for name, value in options.items()
    }
    sections = dataclasses.asdict(config)
    parts = {
        name: part for name, part in request.items() if name not in _ASIDE and name not in sections
    }
    known = {**parts, **options, "GeoHG": __version__}
    if inputs is not None:
        known["inputs"] = sorted(inputs.values())
    return {name: _short(value) for name, value in _named(known).items()}


def kept_side(config: Config) -> int:
    """The side of the blocks of the run that goes on, in cells; 0 if none does."""
    folder = config.execution.resume
    side = kept_settings(Path(folder)).get("side", 0) if folder else 0
    return side if isinstance(side, int) and side > 0 else 0


def _parents(folder: Path | None) -> tuple[Path, ...]:
    return () if folder is None else tuple(folder.absolute().parents)


def _named(value: Any) -> Any:
    """A part of a request with the names of its files alone."""
    if isinstance(value, Mapping):
        return {
            name: Path(each).name if name in _FILES and isinstance(each, str) else _named(each)
            for name, each in value.items()
        }
    return [_named(each) for each in value] if isinstance(value, (list, tuple)) else value


def _short(value: Any) -> Any:
    text = json.dumps(value, sort_keys=True, default=str)
    return value if len(text) <= _LONGEST else hashlib.sha256(text.encode()).hexdigest()
