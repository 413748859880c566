"""The files of a job appear together, also where a process dies meanwhile.

Every file is written beside its path, as a part with the process's id in its name. When all
parts are whole, a journal is written, the files that were there get a second name, and each
part is renamed to its path; then the journal is renamed, which is the moment from which the
new files count, and the second names go. `recover` takes back what came before that moment,
and finishes what came after.

Run as a script, this is the guard of the process that started it, see `main`. It needs the
standard library alone.
"""

from __future__ import annotations

import contextlib
import errno
import json
import os
import sys
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from shutil import rmtree
from typing import Any

DONE = "done"
"""What the guard is told by a process that has cleaned up itself."""

# What GDAL and SQLite keep beside a file; it tells of the file that was there before.
_COMPANIONS = (".aux.xml", ".msk", ".ovr", "-journal", "-shm", "-wal")
_PART, _OLD, _UNDO, _FINISH = "part", "old", "undo", "finish"


def part_path(path: Path, process_id: int) -> Path:
    """Where process `process_id` writes `path` until it is whole.

    The suffix stays last, since drivers choose a format by it. Whoever started the
    process can compute the name too, and remove the file if the process was killed.
    """
    return _beside(path, process_id, _PART)


def commit(parts: Mapping[Path, Path], process_id: int) -> None:
    """Rename each part to its path, of a folder each file in it; see `recover` if that fails.

    Parameters
    ----------
    parts : mapping of Path to Path
        The part of each path.
    process_id : int
        This process.

    Raises
    ------
    OSError
        If a path cannot be written; some files are new then, and others old.
    """
    if not parts:
        return
    moves = dict(files_of(parts))
    steps = [_step(path, part) for path, part in moves.items()]
    steps += [_step(each, None) for path in moves for each in _companions(path)]
    folders = sorted({str(each) for path in moves for each in _missing_folders(path)}, key=len)
    undo, finish = _journals(next(iter(parts)), process_id)
    draft = part_path(undo, process_id)
    draft.write_text(json.dumps({"steps": steps, "folders": folders}), encoding="ascii")
    os.replace(draft, undo)
    for folder in folders:
        os.mkdir(folder)
    for step in steps:
        _keep_old(step, process_id)
    for path, part in moves.items():
        os.replace(part, path)
    os.replace(undo, finish)
    _forget(finish, process_id, steps)


def recover(paths: Iterable[str | Path], process_id: int) -> None:
    """Clean up after process `process_id`, which ended while it wrote `paths`.

    All of them are then as they were before, or all are new and whole; its parts are gone, also
    those that drivers put beside them.
    """
    resolved = [Path(path).resolve() for path in paths]
    for path in resolved:
        undo, finish = _journals(path, process_id)
        _take_back(undo, process_id, resolved)
        _forget(finish, process_id, _read(finish, resolved)["steps"])
    for path in resolved:
        for each in (path, *_journals(path, process_id)):
            _remove_part(each, process_id)


def files_of(parts: Mapping[Path, Path]) -> Iterator[tuple[Path, Path]]:
    """The path and the part of each file, also of those in folders."""
    for path, part in parts.items():
        if not part.is_dir():
            yield path, part
            continue
        for file in part.rglob("*"):
            if file.is_file():
                yield path / file.relative_to(part), file


def left_behind(path: Path) -> set[int]:
    """The ids of the processes that left something beside `path`, or are still writing it."""
    found = set()
    for kind in (_PART, _UNDO, _FINISH):
        for file in path.parent.glob(f".*.{kind}*"):
            start = file.name.removeprefix(f".{path.stem}.").split(f".{kind}")[0]
            if file.name.startswith(f".{path.stem}.") and start.isdigit():
                found.add(int(start))
    return found


def _beside(path: Path, process_id: int, kind: str) -> Path:
    return path.with_name(f".{path.stem}.{process_id}.{kind}{path.suffix}")


def _journals(path: Path, process_id: int) -> tuple[Path, Path]:
    """The journal of a commit that is to be taken back, and of one to be finished."""
    return _beside(path, process_id, _UNDO), _beside(path, process_id, _FINISH)


def _companions(path: Path) -> list[Path]:
    named = [path.with_name(path.name + end) for end in _COMPANIONS]
    return [each for each in named if each.is_file()]


def _missing_folders(path: Path) -> list[Path]:
    return [folder for folder in path.parents if not folder.exists()]


def _step(path: Path, part: Path | None) -> dict[str, Any]:
    """What will happen to a path; without a part, its file goes."""
    mark = _mark(part) if part else None
    part_text = str(part) if part else None
    return {"place": str(path), "part": part_text, "existed": path.exists(), "mark": mark}


def _mark(path: Path) -> list[int]:
    """Tells a file from others, whatever it is called."""
    known = path.stat()
    return [known.st_size, known.st_mtime_ns]


def _keep_old(step: Mapping[str, Any], process_id: int) -> None:
    """Give an old file a second name; without links, its path is empty for a moment."""
    path = Path(step["place"])
    if path.is_dir():
        raise IsADirectoryError(errno.EISDIR, os.strerror(errno.EISDIR), str(path))
    if not step["existed"]:
        return
    old = _beside(path, process_id, _OLD)
    if step["part"]:
        with contextlib.suppress(OSError, NotImplementedError):
            os.link(path, old)
            return
    os.replace(path, old)


def _read(journal: Path, paths: Iterable[Path]) -> dict[str, Any]:
    """What a journal holds of `paths` and of what is in them; other files it cannot touch."""
    try:
        content = json.loads(journal.read_text(encoding="ascii"))
    except (OSError, ValueError):
        return {"steps": [], "folders": []}
    ours = tuple(map(str, paths))
    return {
        "steps": [step for step in content["steps"] if step["place"].startswith(ours)],
        "folders": [folder for folder in content["folders"] if folder.startswith(ours)],
    }


def _take_back(journal: Path, process_id: int, paths: Iterable[Path]) -> None:
    """Rename what was there before to its path again."""
    content = _read(journal, paths)
    complete = True
    for step in content["steps"]:
        path = Path(step["place"])
        old = _beside(path, process_id, _OLD)
        try:
            if old.exists() and path.exists() and path.samefile(old):
                old.unlink()  # a rename to another name of the same file would do nothing
            elif old.exists():
                os.replace(old, path)
            elif not step["existed"] and _was_renamed(step):
                path.unlink()
        except FileNotFoundError:
            pass  # another took it back at the same time
        except OSError:
            complete = False  # the next run over these paths tries again
    for folder in reversed(content["folders"]):
        with contextlib.suppress(OSError):
            os.rmdir(folder)
    if complete:
        _unlink(journal)


def _was_renamed(step: Mapping[str, Any]) -> bool:
    """Whether the part was renamed, and its file is still at the path."""
    path = Path(step["place"])
    return not Path(step["part"]).exists() and path.is_file() and _mark(path) == step["mark"]


def _forget(journal: Path, process_id: int, steps: Iterable[Mapping[str, Any]]) -> None:
    """Remove what was there before, now that the new files count."""
    for step in steps:
        _unlink(_beside(Path(step["place"]), process_id, _OLD))
    _unlink(journal)


def _remove_part(path: Path, process_id: int) -> None:
    """Remove the part of a path, and what drivers put beside it, named after it."""
    part = part_path(path, process_id)
    start = part.name.removesuffix(path.suffix)
    with contextlib.suppress(OSError):
        for each in part.parent.iterdir():
            if not each.name.startswith(start):
                continue
            if each.is_dir():
                rmtree(each, ignore_errors=True)
            else:
                _unlink(each)


def _unlink(path: Path) -> None:
    with contextlib.suppress(OSError):
        path.unlink()


def main() -> None:
    """Read what a process writes, wait until it has ended, and clean up unless it did.

    However it ended: the system closes the pipe between them.
    """
    line = sys.stdin.readline()
    if line and sys.stdin.read() != DONE:
        message = json.loads(line)
        recover(message["paths"], message["process"])


if __name__ == "__main__":
    main()
