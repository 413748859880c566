"""The files of a job take their places together, also where a process dies meanwhile.

Every file is written beside its place, under a name with the process's id. When all are
whole, a journal is written, what is in their places gets a second name, and each is renamed
to its place; then the journal is renamed, which is the moment from which the new files count,
and the second names go. `recover` takes back what came before that moment, and finishes what
came after.

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
    """Rename each part to its place, of a folder each file in it; see `recover` if that fails.

    Parameters
    ----------
    parts : mapping of Path to Path
        The part of each place.
    process_id : int
        This process.

    Raises
    ------
    OSError
        If a place cannot be written; some files are in their places then, and others not.
    """
    if not parts:
        return
    moves = dict(files_of(parts))
    steps = [_step(place, part) for place, part in moves.items()]
    steps += [_step(path, None) for place in moves for path in _companions(place)]
    folders = sorted({str(each) for place in moves for each in _missing_folders(place)}, key=len)
    undo, finish = _journals(next(iter(parts)), process_id)
    draft = part_path(undo, process_id)
    draft.write_text(json.dumps({"steps": steps, "folders": folders}), encoding="ascii")
    os.replace(draft, undo)
    for folder in folders:
        os.mkdir(folder)
    for step in steps:
        _keep_old(step, process_id)
    for place, part in moves.items():
        os.replace(part, place)
    os.replace(undo, finish)
    _forget(finish, process_id, steps)


def recover(paths: Iterable[str | Path], process_id: int) -> None:
    """Clean up after process `process_id`, which ended while it wrote `paths`.

    All of them are then as they were before, or all are new and whole; its parts are gone, also
    those that drivers put beside them.
    """
    places = [Path(path).resolve() for path in paths]
    for place in places:
        undo, finish = _journals(place, process_id)
        _take_back(undo, process_id, places)
        _forget(finish, process_id, _read(finish, places)["steps"])
    for place in places:
        for path in (place, *_journals(place, process_id)):
            _remove_part(path, process_id)


def files_of(parts: Mapping[Path, Path]) -> Iterator[tuple[Path, Path]]:
    """The place and the part of each file, also of those in folders."""
    for place, part in parts.items():
        if not part.is_dir():
            yield place, part
            continue
        for file in part.rglob("*"):
            if file.is_file():
                yield place / file.relative_to(part), file


def left_behind(path: Path) -> set[int]:
    """The ids of the processes that left something beside `path`, or are still writing it."""
    found = set()
    for kind in (_PART, _UNDO, _FINISH):
        for place in path.parent.glob(f".*.{kind}*"):
            start = place.name.removeprefix(f".{path.stem}.").split(f".{kind}")[0]
            if place.name.startswith(f".{path.stem}.") and start.isdigit():
                found.add(int(start))
    return found


def _beside(path: Path, process_id: int, kind: str) -> Path:
    return path.with_name(f".{path.stem}.{process_id}.{kind}{path.suffix}")


def _journals(path: Path, process_id: int) -> tuple[Path, Path]:
    """The journal of a commit that is to be taken back, and of one to be finished."""
    return _beside(path, process_id, _UNDO), _beside(path, process_id, _FINISH)


def _companions(place: Path) -> list[Path]:
    named = [place.with_name(place.name + end) for end in _COMPANIONS]
    return [path for path in named if path.is_file()]


def _missing_folders(place: Path) -> list[Path]:
    return [folder for folder in place.parents if not folder.exists()]


def _step(place: Path, part: Path | None) -> dict[str, Any]:
    """What will happen to a place; without a part, what is there goes."""
    mark = _mark(part) if part else None
    part_text = str(part) if part else None
    return {"place": str(place), "part": part_text, "existed": place.exists(), "mark": mark}


def _mark(path: Path) -> list[int]:
    """Tells a file from others, whatever it is called."""
    known = path.stat()
    return [known.st_size, known.st_mtime_ns]


def _keep_old(step: Mapping[str, Any], process_id: int) -> None:
    """Give what is in a place a second name; without links, the place is empty for a moment."""
    place = Path(step["place"])
    if place.is_dir():
        raise IsADirectoryError(errno.EISDIR, os.strerror(errno.EISDIR), str(place))
    if not step["existed"]:
        return
    old = _beside(place, process_id, _OLD)
    if step["part"]:
        with contextlib.suppress(OSError, NotImplementedError):
            os.link(place, old)
            return
    os.replace(place, old)


def _read(journal: Path, places: Iterable[Path]) -> dict[str, Any]:
    """A journal; it has no say on files that are none of `places` or in them."""
    try:
        said = json.loads(journal.read_text(encoding="ascii"))
    except (OSError, ValueError):
        return {"steps": [], "folders": []}
    ours = tuple(map(str, places))
    return {
        "steps": [step for step in said["steps"] if step["place"].startswith(ours)],
        "folders": [folder for folder in said["folders"] if folder.startswith(ours)],
    }


def _take_back(journal: Path, process_id: int, places: Iterable[Path]) -> None:
    """Put what was there before into its place again."""
    said = _read(journal, places)
    whole = True
    for step in said["steps"]:
        place = Path(step["place"])
        old = _beside(place, process_id, _OLD)
        try:
            if old.exists() and place.exists() and place.samefile(old):
                old.unlink()  # a rename to another name of the same file would do nothing
            elif old.exists():
                os.replace(old, place)
            elif not step["existed"] and _is_in_place(step):
                place.unlink()
        except FileNotFoundError:
            pass  # another took it back at the same time
        except OSError:
            whole = False  # the next run over these places tries again
    for folder in reversed(said["folders"]):
        with contextlib.suppress(OSError):
            os.rmdir(folder)
    if whole:
        _unlink(journal)


def _is_in_place(step: Mapping[str, Any]) -> bool:
    """Whether the part was renamed, and its file is still what is in the place."""
    place = Path(step["place"])
    return not Path(step["part"]).exists() and place.is_file() and _mark(place) == step["mark"]


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
        for place in part.parent.iterdir():
            if not place.name.startswith(start):
                continue
            if place.is_dir():
                rmtree(place, ignore_errors=True)
            else:
                _unlink(place)


def _unlink(path: Path) -> None:
    with contextlib.suppress(OSError):
        path.unlink()


def main() -> None:
    """Read what a process writes, wait until it has ended, and clean up unless it did.

    However it ended: the system closes the pipe between them.
    """
    line = sys.stdin.readline()
    if line and sys.stdin.read() != DONE:
        told = json.loads(line)
        recover(told["paths"], told["process"])


if __name__ == "__main__":
    main()
