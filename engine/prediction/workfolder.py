"""The folder of a run that is kept: whose it is, who writes it, and what of the run is done."""

from __future__ import annotations

import contextlib
import json
import os
import socket
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import psutil

from ..errors import OutputError
from ..language import tr

PARTS = "parts"
"""The folder in it of what is done."""

_KIND, _VERSION = "geohg-work", 1
_MANIFEST, _DONE, _LOCK = "manifest.json", "done.jsonl", "lock"


class WorkFolder:
    """A folder that belongs to one run, and to one process at a time; a context that locks it.

    Parameters
    ----------
    folder : Path
        A new folder, an empty one, or that of the same run.
    settings : mapping
        What tells the run from others, as plain JSON.

    Raises
    ------
    OutputError
        If the folder is that of another run, is in use, holds something else, or cannot be
        written.
    """

    def __init__(self, folder: Path, settings: Mapping[str, Any]) -> None:
        self.folder = folder
        self.done: dict[int, dict[str, Any]] = {}
        """What is known of each part that is done, by its number."""
        self._settings = json.loads(json.dumps(settings))

    def __enter__(self) -> WorkFolder:
        _refuse_locked(self.folder)
        try:
            (self.folder / PARTS).mkdir(parents=True, exist_ok=True)
            self._take_lock()
        except OSError as error:
            raise self._unwritable(error) from error
        try:
            self._read_manifest()
        except BaseException:
            self.__exit__()
            raise
        return self

    def __exit__(self, *error: object) -> None:
        with contextlib.suppress(OSError):
            (self.folder / _LOCK).unlink()

    def write(self, path: Path, data: bytes) -> None:
        """Write a file of the folder, in one step."""
        draft = path.with_suffix(".draft")
        try:
            draft.write_bytes(data)
            os.replace(draft, path)
        except OSError as error:
            raise self._unwritable(error) from error

    def record(self, known: dict[str, Any]) -> None:
        """Count a part as done; `known` has its `number`."""
        try:
            with open(self.folder / _DONE, "a", encoding="ascii") as file:
                file.write(json.dumps(known) + "\n")
        except OSError as error:
            raise self._unwritable(error) from error
        self.done[known["number"]] = known

    def _take_lock(self) -> None:
        lock = self.folder / _LOCK
        with contextlib.suppress(FileNotFoundError):
            lock.unlink()  # of a process that was killed
        with open(lock, "x", encoding="ascii") as file:
            json.dump(_owner(psutil.Process()), file)

    def _read_manifest(self) -> None:
        """Take over what is there, or begin."""
        path, done = self.folder / _MANIFEST, self.folder / _DONE
        if not path.exists():
            if {each.name for each in self.folder.iterdir()} - {_DONE, _LOCK, PARTS}:
                raise OutputError(
                    tr(
                        "'{folder}' is no work folder, and not empty; give a new or empty folder."
                    ).format(folder=self.folder)
                )
            manifest = {"kind": _KIND, "version": _VERSION, "settings": self._settings}
            self.write(path, json.dumps(manifest, indent=1).encode("ascii"))
            return
        _refuse_other(self.folder, _read_json(path), self._settings)
        for line in done.read_text(encoding="ascii").splitlines() if done.exists() else ():
            with contextlib.suppress(ValueError):  # the last line of a run that was killed
                known = json.loads(line)
                self.done[known["number"]] = known
        whole = "".join(json.dumps(known) + "\n" for known in self.done.values())
        self.write(done, whole.encode("ascii"))

    def _unwritable(self, error: OSError) -> OutputError:
        return OutputError(
            tr("The work folder '{folder}' cannot be written ({reason}); choose another.").format(
                folder=self.folder, reason=error.strerror or error
            )
        )


def kept_settings(folder: Path) -> dict[str, Any]:
    """The settings of the run whose work folder this is; empty if it is none."""
    with contextlib.suppress(OSError):
        found = _read_json(folder / _MANIFEST).get("settings")
        return found if isinstance(found, dict) else {}
    return {}


def refuse_folder(folder: Path, settings: Mapping[str, Any]) -> None:
    """Refuse, before the long work, the work folder of a run known to have other settings.

    Raises
    ------
    OutputError
        Naming the settings that differ, or the process that writes it.
    """
    _refuse_locked(folder)
    found = _read_json(folder / _MANIFEST) if (folder / _MANIFEST).exists() else None
    if found is not None:
        _refuse_other(folder, found, json.loads(json.dumps(settings)))


def _refuse_locked(folder: Path) -> None:
    """Refuse a folder that another process writes; of another machine, none is known to be gone."""
    with contextlib.suppress(FileNotFoundError, NotADirectoryError):
        owner = _read_json(folder / _LOCK)
        number = owner.get("process")
        if owner.get("host") == socket.gethostname():
            if number == os.getpid() or not isinstance(number, int):
                return
            with contextlib.suppress(psutil.Error):
                process = psutil.Process(number)
                if _owner(process) != owner or process.status() == psutil.STATUS_ZOMBIE:
                    return
            if not psutil.pid_exists(number):
                return
        raise OutputError(
            tr(
                "The work folder '{folder}' is in use by process {process} of {host}; wait for its "
                "end, or remove '{lock}' if there is no such process."
            ).format(
                folder=folder, lock=folder / _LOCK, process=number, host=owner.get("host", "?")
            )
        )


def _owner(process: psutil.Process) -> dict[str, Any]:
    """What tells a process from all others, also from a later one of its number."""
    host, begun = socket.gethostname(), process.create_time()
    return {"process": process.pid, "host": host, "begun": round(begun)}


def _refuse_other(folder: Path, found: Mapping[str, Any], ours: Mapping[str, Any]) -> None:
    """Refuse a manifest whose settings differ from ours where we have some."""
    theirs = found.get("settings") if found.get("kind") == _KIND else None
    if found.get("version") != _VERSION or not isinstance(theirs, dict):
        names = [tr("the version")]
    else:
        names = [name for name in ours if theirs.get(name) != ours[name]]
    if names:
        raise OutputError(
            tr(
                "The work folder '{folder}' is that of another run, which differs in: {names}; "
                "repeat that command, or give a new folder."
            ).format(folder=folder, names=", ".join(names))
        )


def _read_json(path: Path) -> dict[str, Any]:
    """What a file of the folder holds; empty where it is damaged."""
    try:
        found = json.loads(path.read_text(encoding="ascii"))
    except ValueError:
        return {}
    return found if isinstance(found, dict) else {}
