"""Blocks that are made in this process, one after another."""

from __future__ import annotations

import dataclasses

from ..data.builders.blocks import Block
from ..progress import Progress
from .work import Outcome, Work, Workshop


class InProcess:
    """The executor that has no worker: `wait` makes the block, and a cancel comes from there."""

    slots = 1

    def __init__(self) -> None:
        self._shop: Workshop | None = None
        self._submitted: list[tuple[Block, Progress]] = []

    def open(self, work: Work, progress: Progress) -> None:
        """See `Executor`."""
        self._shop = Workshop(work)

    def submit(self, block: Block, progress: Progress) -> None:
        """See `Executor`."""
        self._submitted.append((block, progress))

    def wait(self, seconds: float) -> list[Outcome]:
        """Make what was submitted; what it raises is raised here."""
        done = []
        while self._submitted and self._shop is not None:
            block, progress = self._submitted.pop()
            arrays = self._shop.make(dataclasses.asdict(block), progress)
            done.append(Outcome(block.number, arrays))
        return done

    def close(self) -> None:
        """Forget the work."""
        self._shop = None
        self._submitted.clear()
