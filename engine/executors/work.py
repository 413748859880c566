"""The work of a block, and what an executor is that has it done somewhere."""

from __future__ import annotations

import dataclasses
import importlib
import json
import traceback
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from types import ModuleType
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from .. import errors
from ..data.builders.blocks import Block
from ..errors import FitError, GeoHGError, InputError
from ..language import speaking, tr
from ..progress import Progress, Silent

Arrays = dict[str, NDArray[Any]]


@dataclass(frozen=True)
class Work:
    """What is done with every block of a run.

    Parameters
    ----------
    module : str
        The full name of the module that does it. It has a function `load_state(description)`,
        called once a process, and a function `make_block(state, block, progress)` that returns
        arrays by their names, which depend on these alone.
    description : mapping
        What `load_state` is given: plain JSON. Paths in it are absolute.
    files : mapping of str to bytes
        What stands in no file that every worker sees; `load_state` finds it in the description as
        `files`.
    rasters : tuple of str
        Names of the rasters that the work opens, so that one that a worker cannot open is named
        before the run.
    language : str
        In which the work speaks.
    state : object
        What `load_state` would give, where it is at hand: this process uses it, and no other is
        sent it.
    """

    module: str
    description: Mapping[str, Any]
    files: Mapping[str, bytes | memoryview] = dataclasses.field(default_factory=dict)
    rasters: tuple[str, ...] = ()
    language: str = "en"
    state: Any = None

    def fields(self) -> dict[str, Any]:
        """What another process is sent."""
        return dataclasses.asdict(dataclasses.replace(self, state=None))


def as_array(value: Any) -> NDArray[np.uint8]:
    """Plain JSON as one of the arrays that are made of a block."""
    return np.frombuffer(json.dumps(value).encode("ascii"), np.uint8)


def of_array(array: NDArray[np.uint8]) -> Any:
    """The JSON of `as_array`."""
    return json.loads(array.tobytes())


class Workshop:
    """A place where blocks of one work are made.

    Parameters
    ----------
    work : Work
        What to do.

    Raises
    ------
    GeoHGError
        As `load_state` does.
    """

    def __init__(self, work: Work) -> None:
        self._module: ModuleType = importlib.import_module(work.module)
        self._language = work.language
        self._state = work.state
        if work.state is None:
            description = {**work.description, "files": dict(work.files)}
            with speaking(self._language):
                self._state = self._module.load_state(description)

    def make(self, fields: Mapping[str, Any], progress: Progress) -> Arrays:
        """Make the block of these fields, in which a message may have made lists of tuples."""
        own: dict[str, Any] = {
            name: tuple(each) if isinstance(each, list) else each for name, each in fields.items()
        }
        with speaking(self._language):
            made: Arrays = self._module.make_block(self._state, Block(**own), progress)
        return {name: np.asarray(values) for name, values in made.items()}


@dataclass(frozen=True)
class Outcome:
    """How the work on a block ended.

    Parameters
    ----------
    number : int
        The block.
    arrays : dict, optional
        What was made of it.
    error : Exception, optional
        Why it cannot be made.
    lost : str
        Why its worker ended without an answer: the block may be made by another.
    notes : tuple of (str, str)
        What the work told: `log` or `warning`, and the text.
    """

    number: int
    arrays: Arrays | None = None
    error: Exception | None = None
    lost: str = ""
    notes: tuple[tuple[str, str], ...] = ()


class Executor(Protocol):
    """Has blocks made somewhere; a context that ends all that it started.

    `slots` is how many blocks it takes before the first is done.
    """

    @property
    def slots(self) -> int: ...

    def open(self, work: Work, progress: Progress) -> None:
        """Make ready for a work; the one before it is over.

        Raises
        ------
        GeoHGError
            If the workers cannot do it, such as one of another version.
        """

    def submit(self, block: Block, progress: Progress) -> None:
        """Have a block made; `progress` follows this block alone."""

    def wait(self, seconds: float) -> list[Outcome]:
        """The blocks that ended, if any does within so many seconds."""

    def close(self) -> None:
        """End everything at once, whatever is being made."""


class Notes(Silent):
    """Progress of a block that is made elsewhere: it keeps what there is to tell.

    Parameters
    ----------
    report : callable, optional
        Is told the fraction that is done.
    check_cancelled : callable, optional
        Raises `Cancelled` once nobody wants the block any more.
    """

    def __init__(
        self,
        report: Callable[[float], None] = lambda fraction: None,
        check_cancelled: Callable[[], None] = lambda: None,
    ) -> None:
        self._report = report
        self._check = check_cancelled
        self.messages: list[tuple[str, str]] = []

    def report(self, fraction: float, message: str) -> None:
        self._check()
        self._report(fraction)

    def log(self, message: str) -> None:
        self.messages.append(("log", message))

    def warning(self, message: str) -> None:
        self.messages.append(("warning", message))

    def check_cancelled(self) -> None:
        self._check()


class WorkerFault(Exception):
    """A fault of GeoHG or of a library that happened in a worker."""


def error_fields(error: Exception) -> dict[str, str]:
    """An error as plain text, to be sent; `error_of` makes it anew."""
    known = isinstance(error, (GeoHGError, MemoryError))
    return {
        "kind": type(error).__name__,
        "message": str(error),
        "trace": "" if known else "".join(traceback.format_exception(error)),
    }


def error_of(fields: Mapping[str, str]) -> Exception:
    """The error that `error_fields` told of: its own class where that is GeoHG's."""
    kind = getattr(errors, fields["kind"], None)
    if isinstance(kind, type) and issubclass(kind, GeoHGError):
        return kind(fields["message"])
    if fields["kind"] == MemoryError.__name__:
        return MemoryError(fields["message"])
    return WorkerFault(f"{fields['kind']}: {fields['message']}\n{fields['trace']}".rstrip())


def lost_too_often(count: int, number: int, reason: str) -> FitError:
    """That so many workers ended while they made a block, the last one for a reason."""
    return FitError(
        tr(
            "{count} workers ended while they made block {number} ({reason}); if memory was short, "
            "use fewer workers."
        ).format(count=count, number=number, reason=reason)
    )


def refuse_versions(ours: Mapping[str, str], theirs: Mapping[str, str | None], who: str) -> None:
    """Refuse a process of a cluster whose software differs from the client's.

    Parameters
    ----------
    ours, theirs : mapping of str to str
        Versions by name; None where the process lacks it.
    who : str
        What it is, as a sentence begins.

    Raises
    ------
    InputError
        Naming what differs.
    """
    for name, version in ours.items():
        if theirs.get(name) is None:
            raise InputError(
                tr(
                    "{process} has no {name}, and here is {ours}; install {name} {ours} there."
                ).format(process=who, name=name, ours=version)
            )
        if theirs[name] != version:
            raise InputError(
                tr(
                    "{process} has {name} {theirs}, and here is {ours}; install the same version "
                    "in both places."
                ).format(process=who, name=name, theirs=theirs[name], ours=version)
            )
