"""Blocks through an executor into a sink: few at a time, watched, and again where one is lost."""

from __future__ import annotations

import time
from collections import Counter, deque
from collections.abc import Callable, Iterable
from typing import Protocol

from ..data.builders.blocks import Block
from ..language import tr
from ..progress import Progress, Silent, time_in_words
from .work import Arrays, Executor, Outcome, Work, lost_too_often

# How often a block is made anew after its worker ended.
_MOST_RETRIES = 2
# How often a cancel is looked for.
_POLL_SECONDS = 0.2
# Before so many seconds and such a share are done, nobody can tell the time left.
_FIRST_SECONDS, _FIRST_SHARE = 2.0, 0.005


class Sink(Protocol):
    """Takes the blocks as they are made, in any order, in one thread."""

    def has(self, block: Block) -> bool:
        """Whether it has the block already, of a run before."""

    def put(self, block: Block, arrays: Arrays) -> None:
        """Take a block."""


class InOrder:
    """A sink that hands blocks on in their order, whichever is made first.

    Parameters
    ----------
    blocks : iterable of Block
        All that will come.
    take : callable
        Is given the arrays of each.
    """

    def __init__(self, blocks: Iterable[Block], take: Callable[[Arrays], None]) -> None:
        self._due = deque(block.number for block in blocks)
        self._take = take
        self._early: dict[int, Arrays] = {}

    def has(self, block: Block) -> bool:
        """None was made before."""
        return False

    def put(self, block: Block, arrays: Arrays) -> None:
        """Keep what comes before its turn."""
        self._early[block.number] = arrays
        while self._due and self._due[0] in self._early:
            self._take(self._early.pop(self._due.popleft()))


def run_blocks(
    work: Work, blocks: Iterable[Block], executor: Executor, sink: Sink, progress: Progress
) -> None:
    """Have every block made that the sink lacks.

    Parameters
    ----------
    work : Work
        What is done with a block.
    blocks : iterable of Block
        All blocks, each once.
    executor : Executor
        Where they are made; it stays open for the next work.
    sink : Sink
        Takes what is made.
    progress : Progress
        Is told how many cells are done and the time left.

    Raises
    ------
    GeoHGError
        As the work does, or if the workers that make a block end again and again.
    """
    blocks = list(blocks)
    todo = deque(block for block in blocks if not sink.has(block))
    if not todo:
        return
    progress.check_cancelled()
    executor.open(work, progress)
    meter = Meter(sum(each.size for each in blocks), sum(each.size for each in todo), progress)
    flying: dict[int, Block] = {}
    tries: Counter[int] = Counter()
    while todo or flying:
        progress.check_cancelled()
        _fill(executor, todo, flying, meter)
        ended = executor.wait(_POLL_SECONDS)
        made = []
        for outcome in ended:
            _check(outcome, tries)
            block = flying.pop(outcome.number)
            if outcome.arrays is None:
                todo.append(block)
            else:
                made.append((block, outcome.arrays, outcome.notes))
        _fill(executor, todo, flying, meter)  # no worker waits for the sink
        for block, arrays, notes in made:
            sink.put(block, arrays)
            meter.done(block, notes)


def _fill(executor: Executor, todo: deque[Block], flying: dict[int, Block], meter: Meter) -> None:
    while todo and len(flying) < executor.slots:
        block = todo.popleft()
        flying[block.number] = block
        executor.submit(block, meter.follow(block))


def _check(outcome: Outcome, tries: Counter[int]) -> None:
    """Raise what a block failed of, or that its workers ended too often."""
    if outcome.error is not None:
        raise outcome.error
    if outcome.arrays is None:
        tries[outcome.number] += 1
        if tries[outcome.number] > _MOST_RETRIES:
            raise lost_too_often(tries[outcome.number], outcome.number, outcome.lost)


class Meter:
    """Tells how many cells are done, and the time left.

    Parameters
    ----------
    total, left : int
        Cells of all blocks, and of those that are to be made.
    progress : Progress
        Is told.
    clock : callable
        Seconds from any moment on.
    """

    def __init__(
        self,
        total: int,
        left: int,
        progress: Progress,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._total = total
        self._before = total - left
        self._progress = progress
        self._clock = clock
        self._started = clock()
        self._done = 0
        self._parts: dict[int, float] = {}
        self._notes: set[tuple[str, str]] = set()

    def follow(self, block: Block) -> Progress:
        """A progress for a block that is being made."""
        self._parts[block.number] = 0.0
        return _OfBlock(self, block)

    def moved(self, block: Block, fraction: float) -> None:
        """A fraction of a block is done."""
        if block.number in self._parts:
            self._parts[block.number] = fraction * block.size
            self._tell()

    def done(self, block: Block, notes: Iterable[tuple[str, str]] = ()) -> None:
        """A block is done, and told these notes."""
        self._parts.pop(block.number, None)
        self._done += block.size
        for kind, text in notes:
            self.note(kind, text)
        self._tell()

    def note(self, kind: str, text: str) -> None:
        """Pass on what a block has to tell, once where many tell the same."""
        if (kind, text) not in self._notes:
            self._notes.add((kind, text))
            (self._progress.warning if kind == "warning" else self._progress.log)(text)

    def check_cancelled(self) -> None:
        """As of a progress."""
        self._progress.check_cancelled()

    def _tell(self) -> None:
        done = self._done + sum(self._parts.values())
        count = self._before + done
        text = tr("{done:,} of {total:,} cells").format(done=round(count), total=self._total)
        seconds = self._clock() - self._started
        left = self._total - count
        if seconds > _FIRST_SECONDS and left > 0 and done > _FIRST_SHARE * (left + done):
            text = tr("{done:,} of {total:,} cells, about {time} left").format(
                done=round(count), total=self._total, time=time_in_words(seconds * left / done)
            )
        self._progress.report(min(count / self._total, 1.0), text)


class _OfBlock(Silent):
    """The progress of one block."""

    def __init__(self, meter: Meter, block: Block) -> None:
        self._meter = meter
        self._block = block

    def report(self, fraction: float, message: str) -> None:
        self._meter.moved(self._block, fraction)

    def log(self, message: str) -> None:
        self._meter.note("log", message)

    def warning(self, message: str) -> None:
        self._meter.note("warning", message)

    def check_cancelled(self) -> None:
        self._meter.check_cancelled()
