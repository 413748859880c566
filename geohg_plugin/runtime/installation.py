"""The engine's environment that the setup made: where it is, and of which requirements.

An environment is made in a folder of its own. It counts from the moment when a small file,
replaced in one step, names its folder; before, nobody sees it.
"""

from __future__ import annotations

import hashlib
import json
import os
import shutil
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO

from .folders import data_folder

_NAME = "engine"


class BusyError(Exception):
    """Another setup is at work."""


@dataclass(frozen=True)
class Installation:
    """An environment that is ready.

    Parameters
    ----------
    folder : Path
        Its folder.
    requirements : str
        Fingerprint of the requirements that it was made of.
    device : str
        "cpu" or "cuda".
    """

    folder: Path
    requirements: str
    device: str

    @property
    def python(self) -> Path:
        """Its Python."""
        return environment_python(self.folder)


def environment_python(folder: Path) -> Path:
    """The Python of a virtual environment."""
    return folder / "Scripts" / "python.exe" if os.name == "nt" else folder / "bin" / "python"


def fingerprint(paths: Iterable[Path]) -> str:
    """One hash over the text of some files, whatever ends their lines."""
    digest = hashlib.sha256()
    for path in paths:
        digest.update(path.read_text(encoding="utf-8").encode("utf-8") + b"\0")
    return digest.hexdigest()


def find_installation() -> Installation | None:
    """The environment that the setup made, if there is one and its Python is there."""
    try:
        entry = json.loads(_pointer().read_text(encoding="utf-8"))
        name, requirements, device = (str(entry[k]) for k in ("folder", "requirements", "device"))
    except (OSError, ValueError, KeyError, TypeError):
        return None
    if Path(name).name != name or not name.startswith(f"{_NAME}-"):
        return None
    found = Installation(data_folder() / name, requirements, device)
    return found if found.python.is_file() else None


def new_folder() -> Path:
    """A folder for a new environment, which does not exist yet."""
    number = 1
    while (folder := data_folder() / f"{_NAME}-{number}").exists():
        number += 1
    return folder


def activate(made: Installation) -> None:
    """Let an environment count, in one step."""
    entry = {
        "folder": made.folder.name,
        "requirements": made.requirements,
        "device": made.device,
    }
    part = _pointer().with_suffix(".part")
    part.write_text(json.dumps(entry), encoding="utf-8")
    part.replace(_pointer())


def forget() -> None:
    """Let no environment count any more."""
    _pointer().unlink(missing_ok=True)


def remove_unused() -> list[Path]:
    """Remove every environment but the one that counts; return what could not be removed.

    On Windows the files of an engine at work cannot be; the next setup tries again.
    """
    kept = find_installation()
    left = []
    for folder in sorted(data_folder().glob(f"{_NAME}-*")):
        if kept is None or folder != kept.folder:
            shutil.rmtree(folder, ignore_errors=True)
            if folder.exists():
                left.append(folder)
    return left


@contextmanager
def setup_lock() -> Iterator[None]:
    """Keep every other setup of this user out.

    The operating system holds the lock, and frees it when its process ends, however it ends.

    Raises
    ------
    BusyError
        If another setup holds it.
    OSError
        If the data folder cannot be written to.
    """
    data_folder().mkdir(parents=True, exist_ok=True)
    with (data_folder() / "setup.lock").open("a+b") as file:
        _lock(file)
        yield


def _lock(file: IO[bytes]) -> None:
    try:
        if os.name == "nt":
            import msvcrt

            file.seek(0)
            msvcrt.locking(file.fileno(), msvcrt.LK_NBLCK, 1)
        else:
            import fcntl

            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except (BlockingIOError, PermissionError) as error:
        raise BusyError from error


def _pointer() -> Path:
    return data_folder() / f"{_NAME}.json"
