"""Outputs that are written beside their place and renamed when whole."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterable, Mapping
from pathlib import Path
from types import TracebackType

from .errors import OutputError


def part_path(path: Path, process_id: int) -> Path:
    """Where process `process_id` writes `path` until it is whole.

    The suffix stays last, since drivers choose a format by it. Whoever started the
    process can compute the name too, and remove the file if the process was killed.
    """
    return path.with_name(f".{path.stem}.{process_id}.part{path.suffix}")


def remove_parts(paths: Iterable[str | Path], process_id: int) -> None:
    """Remove what process `process_id` left when it ended while it wrote `paths`.

    Drivers put files of their own beside the one they write, named after it.
    """
    for path in map(Path, paths):
        start = part_path(path, process_id).name.removesuffix(path.suffix)
        if path.parent.is_dir():
            for place in path.parent.iterdir():
                if place.name.startswith(start):
                    place.unlink(missing_ok=True)


class OutputSet:
    """All files that one job writes: every one appears when all are whole, or none does.

    Parameters
    ----------
    paths : mapping of str to path or None
        The place of each output; outputs with None are not wanted.

    Raises
    ------
    OutputError
        If a folder is missing or cannot be written, if a place is a folder,
        or if two outputs share a place.
    """

    def __init__(self, paths: Mapping[str, str | Path | None]) -> None:
        self.paths = {key: Path(path).absolute() for key, path in paths.items() if path}
        self._staged: dict[Path, Path] = {}
        places = list(self.paths.values())
        for place in places:
            if places.count(place) > 1:
                raise OutputError(f"Two outputs share the file '{place}'; give each its own name.")
            _check_place(place)

    def wants(self, key: str) -> bool:
        """Whether the output `key` was asked for."""
        return key in self.paths

    def stage(self, key: str) -> Path:
        """The path under which to write the output `key` for now."""
        place = self.paths[key]
        self._staged[place] = part_path(place, os.getpid())
        return self._staged[place]

    def commit(self) -> None:
        """Rename everything that was staged to its place."""
        for place, part in self._staged.items():
            try:
                os.replace(part, place)
            except OSError as error:
                raise OutputError(f"'{place}' could not be written: {error.strerror}.") from error

    def __enter__(self) -> OutputSet:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        for part in self._staged.values():
            part.unlink(missing_ok=True)


def _check_place(place: Path) -> None:
    folder = place.parent
    if place.is_dir():
        raise OutputError(f"The output '{place}' is a folder; give a file name.")
    if not folder.is_dir():
        raise OutputError(f"The output folder '{folder}' does not exist; create it first.")
    try:
        with tempfile.TemporaryFile(dir=folder):
            pass
    except OSError as error:
        raise OutputError(
            f"The output folder '{folder}' cannot be written ({error.strerror}); choose another."
        ) from error
