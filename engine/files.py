"""Outputs that are written beside their path and renamed when whole."""

from __future__ import annotations

import contextlib
import os
import tempfile
from collections.abc import Collection, Iterable, Mapping
from itertools import combinations
from pathlib import Path
from shutil import disk_usage
from types import TracebackType

from .commits import commit, files_of, left_behind, part_path, recover
from .errors import GeoHGError, OutputError
from .guard import Guard
from .language import tr
from .names import SUFFIXES
from .originals import Inputs, is_one

# How libraries say so, in small letters, and the room below which a file may be cut short.
_FULL_SIGNS = ("no space left", "disk is full", "not enough space", "disk quota exceeded")
_LEAST_BYTES = 1 << 16


def _disk_is_full(where: object) -> OutputError:
    return OutputError(
        tr("The disk is full ({path}); free some of it, or write elsewhere.").format(path=where)
    )


class OutputSet:
    """All files that one job writes: every one appears when all are whole, or none does.

    That holds where the process is killed, too, see `commits`.

    Parameters
    ----------
    paths : mapping of str to path or None
        The path of each output; outputs with None are not wanted.
    folders : mapping of str to collection of str
        The outputs that are folders, with the names of files that will be written in each,
        as far as they are known: they are put among those that are there.
    inputs : iterable of Path
        The files that the job reads, as `named_files` finds them.

    Raises
    ------
    OutputError
        If an output is an input, has a suffix that is not of its format, or shares its path
        with another; if a folder is missing or cannot be written; if the path of a file is a
        folder or that of a folder a file.
    """

    def __init__(
        self,
        paths: Mapping[str, str | Path | None],
        folders: Mapping[str, Collection[str]] | None = None,
        inputs: Iterable[Path] = (),
    ) -> None:
        self.paths = {key: _resolved(path) for key, path in paths.items() if path}
        self._staged: dict[Path, Path] = {}
        self._guard: Guard | None = None
        self._inputs = Inputs(inputs)
        folders = folders or {}
        known = [
            self.paths[key] / name for key in folders if key in self.paths for name in folders[key]
        ]
        self._refuse_inputs([*self.paths.values(), *known])
        for key, path in self.paths.items():
            _check_suffix(key, path)
            _check_path(path, key in folders)
        _check_apart(list(self.paths.values()))

    def wants(self, key: str) -> bool:
        """Whether the output `key` was asked for."""
        return key in self.paths

    def stage(self, key: str) -> Path:
        """The path under which to write the output `key` for now."""
        if self._guard is None:
            self._guard = Guard(self.paths.values())
        path = self.paths[key]
        self._staged[path] = part_path(path, os.getpid())
        return self._staged[path]

    def stage_folder(self, key: str) -> Path:
        """The folder in which to write the files of the output `key` for now."""
        part = self.stage(key)
        part.mkdir()
        return part

    def scratch(self, key: str) -> Path:
        """A new folder beside the output `key`, which goes with all that is in it."""
        part = self.stage(key)
        folder = part.with_name(f"{part.stem}.scratch")
        folder.mkdir(exist_ok=True)
        return folder

    def staged(self) -> dict[str, str]:
        """The path of each output that was written."""
        return {key: str(path) for key, path in self.paths.items() if path in self._staged}

    def commit(self) -> None:
        """Rename everything that was staged to its path.

        Raises
        ------
        OutputError
            If a path cannot be written, or a disk ran full: some libraries then leave a file
            that is cut short, and say nothing.
        """
        full = self._full_folder()
        if full:
            raise _disk_is_full(full)
        self._refuse_inputs(dict(files_of(self._staged)))
        try:
            commit(self._staged, os.getpid())
        except OSError as error:
            raise OutputError(
                tr("'{path}' could not be written: {reason}.").format(
                    path=error.filename2 or error.filename, reason=error.strerror
                )
            ) from error

    def __enter__(self) -> OutputSet:
        for path in self.paths.values():
            for process_id in left_behind(path):
                if _has_ended(process_id):
                    recover(self.paths.values(), process_id)
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        full = self._full_folder()
        if self._staged:
            recover(self.paths.values(), os.getpid())
        if self._guard is not None:
            self._guard.end()
        if isinstance(error, GeoHGError) or not isinstance(error, Exception):
            return
        if full or any(sign in str(error).lower() for sign in _FULL_SIGNS):
            raise _disk_is_full(full or error) from error

    def _refuse_inputs(self, paths: Iterable[Path]) -> None:
        for path in paths:
            found = self._inputs.find(path)
            if found:
                raise OutputError(
                    tr(
                        "The output '{output}' is also an input ('{input}'); give the output "
                        "another name."
                    ).format(output=path, input=found)
                )

    def _full_folder(self) -> Path | None:
        """The first folder whose disk has no room left, among those written to."""
        folders = [path.parent for path in self._staged]
        return next((each for each in folders if disk_usage(each).free < _LEAST_BYTES), None)


def check_room(needs: Iterable[tuple[Path, int]]) -> None:
    """Refuse, before a long run, what its disks have no room for.

    Parameters
    ----------
    needs : iterable of (Path, int)
        Folders that exist, and how many bytes will be written in each.

    Raises
    ------
    OutputError
        Naming the folder, what it needs and what is free.
    """
    disks: dict[int, int] = {}
    for folder, size in needs:
        disk = folder.stat().st_dev
        disks[disk] = disks.get(disk, 0) + size
        free = disk_usage(folder).free
        if disks[disk] > free:
            raise OutputError(
                tr(
                    "'{folder}' may need {needed:.1f} GB for the map, and {free:.1f} GB are free; "
                    "free some of the disk, or write elsewhere."
                ).format(folder=folder, needed=disks[disk] / 1e9, free=free / 1e9)
            )


def _has_ended(process_id: int) -> bool:
    """Whether the process is gone; one with our own id wrote before we did."""
    if process_id == os.getpid():
        return True
    try:
        import psutil  # the engine has it, and QGIS need not
    except ImportError:
        return False
    return not psutil.pid_exists(process_id)


def _resolved(path: str | Path) -> Path:
    """The one name of a path, however it is spelled."""
    try:
        resolved = Path(path).resolve()
        str(resolved).encode("utf-8")
        with contextlib.suppress(FileNotFoundError, NotADirectoryError):
            part_path(resolved, os.getpid()).lstat()
    except (OSError, RuntimeError, ValueError) as error:
        raise OutputError(
            tr("No file can have the name '{path}' ({reason}); give the output another.").format(
                path=ascii(str(path))[1:-1], reason=getattr(error, "strerror", None) or error
            )
        ) from error
    return resolved


def _check_suffix(key: str, path: Path) -> None:
    known = SUFFIXES.get(key, ())
    if known and path.suffix.lower() not in known:
        raise OutputError(
            tr(
                "The output '{path}' has a format that cannot be written; end its name with "
                "{known}."
            ).format(path=path, known=", ".join(known))
        )


def _check_apart(paths: list[Path]) -> None:
    """Refuse two outputs at one path."""
    for first, second in combinations(paths, 2):
        if is_one(first, second):
            raise OutputError(
                tr("Two outputs share the file '{path}'; give each its own name.").format(
                    path=second
                )
            )


def _check_path(path: Path, is_folder: bool) -> None:
    folder = path.parent
    if path.is_dir() and not is_folder:
        raise OutputError(
            tr("The output '{path}' is a folder; give a file name.").format(path=path)
        )
    if path.is_file() and is_folder:
        raise OutputError(tr("The output '{path}' is a file; give a folder.").format(path=path))
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
