"""Outputs that are written beside their place and renamed when whole."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Collection, Iterable, Mapping
from pathlib import Path
from shutil import disk_usage, rmtree
from types import TracebackType

from .errors import GeoHGError, OutputError
from .language import tr

# How libraries say so, in small letters, and the room below which a file may be cut short.
_FULL_SIGNS = ("no space left", "disk is full", "not enough space", "disk quota exceeded")
_LEAST_BYTES = 1 << 16


def _disk_is_full(place: object) -> OutputError:
    return OutputError(
        tr("The disk is full ({place}); free some of it, or write elsewhere.").format(place=place)
    )


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
                    _remove(place)


class OutputSet:
    """All files that one job writes: every one appears when all are whole, or none does.

    Parameters
    ----------
    paths : mapping of str to path or None
        The place of each output; outputs with None are not wanted.
    folders : collection of str
        The outputs that are folders: their files are put among those that are there.

    Raises
    ------
    OutputError
        If a folder is missing or cannot be written, if the place of a file is a folder or
        that of a folder a file, or if two outputs share a place.
    """

    def __init__(
        self, paths: Mapping[str, str | Path | None], folders: Collection[str] = ()
    ) -> None:
        self.paths = {key: Path(path).absolute() for key, path in paths.items() if path}
        self._staged: dict[Path, Path] = {}
        places = list(self.paths.values())
        for key, place in self.paths.items():
            if places.count(place) > 1:
                raise OutputError(
                    tr("Two outputs share the file '{place}'; give each its own name.").format(
                        place=place
                    )
                )
            _check_place(place, key in folders)

    def wants(self, key: str) -> bool:
        """Whether the output `key` was asked for."""
        return key in self.paths

    def stage(self, key: str) -> Path:
        """The path under which to write the output `key` for now."""
        place = self.paths[key]
        self._staged[place] = part_path(place, os.getpid())
        return self._staged[place]

    def stage_folder(self, key: str) -> Path:
        """The folder in which to write the files of the output `key` for now."""
        part = self.stage(key)
        part.mkdir()
        return part

    def staged(self) -> dict[str, str]:
        """The place of each output that was written."""
        return {key: str(place) for key, place in self.paths.items() if place in self._staged}

    def commit(self) -> None:
        """Rename everything that was staged to its place.

        Raises
        ------
        OutputError
            If a place cannot be written, or a disk ran full: some libraries then leave a file
            that is cut short, and say nothing.
        """
        full = self._full_folder()
        if full:
            raise _disk_is_full(full)
        for place, part in self._staged.items():
            try:
                _move(part, place)
            except OSError as error:
                raise OutputError(
                    tr("'{place}' could not be written: {reason}.").format(
                        place=place, reason=error.strerror
                    )
                ) from error

    def __enter__(self) -> OutputSet:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        full = self._full_folder()
        remove_parts(self._staged, os.getpid())
        if isinstance(error, GeoHGError) or not isinstance(error, Exception):
            return
        if full or any(sign in str(error).lower() for sign in _FULL_SIGNS):
            raise _disk_is_full(full or error) from error

    def _full_folder(self) -> Path | None:
        """The first folder whose disk has no room left, among those written to."""
        folders = [place.parent for place in self._staged]
        return next((each for each in folders if disk_usage(each).free < _LEAST_BYTES), None)


def _move(part: Path, place: Path) -> None:
    """Rename a file, or each file of a folder."""
    if not part.is_dir():
        os.replace(part, place)
        return
    for file in [path for path in part.rglob("*") if path.is_file()]:
        goal = place / file.relative_to(part)
        goal.parent.mkdir(parents=True, exist_ok=True)
        os.replace(file, goal)


def _remove(part: Path) -> None:
    if part.is_dir():
        rmtree(part, ignore_errors=True)
    else:
        part.unlink(missing_ok=True)


def _check_place(place: Path, is_folder: bool) -> None:
    folder = place.parent
    if place.is_dir() and not is_folder:
        raise OutputError(
            tr("The output '{place}' is a folder; give a file name.").format(place=place)
        )
    if place.is_file() and is_folder:
        raise OutputError(tr("The output '{place}' is a file; give a folder.").format(place=place))
    if not folder.is_dir():
        raise OutputError(
            tr("The output folder '{folder}' does not exist; create it first.").format(
                folder=folder
            )
        )
    try:
        with tempfile.TemporaryFile(dir=folder):
            pass
    except OSError as error:
        raise OutputError(
            tr("The output folder '{folder}' cannot be written ({reason}); choose another.").format(
                folder=folder, reason=error.strerror
            )
        ) from error
