"""Progress, messages and cancelling of long work."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Protocol


class Progress(Protocol):
    """Receives the progress and messages of a job, and can cancel it."""

    def report(self, fraction: float, message: str) -> None:
        """Show that `fraction` (0 to 1) of the work is done, with a message on the current step."""

    def log(self, message: str) -> None:
        """Show a line of information."""

    def warning(self, message: str) -> None:
        """Show something that the user should know about the result."""

    def metric(self, name: str, value: float, step: int) -> None:
        """Report a number that changes during training, such as the loss."""

    def check_cancelled(self) -> None:
        """Raise `Cancelled` if the user asked to stop."""


class Silent:
    """A progress that ignores everything."""

    def report(self, fraction: float, message: str) -> None:
        pass

    def log(self, message: str) -> None:
        pass

    def warning(self, message: str) -> None:
        pass

    def metric(self, name: str, value: float, step: int) -> None:
        pass

    def check_cancelled(self) -> None:
        pass


class Part:
    """A part of a larger progress: 0 to 1 here is `start` to `end` there."""

    def __init__(self, whole: Progress, start: float, end: float) -> None:
        self.whole = whole
        self.start = start
        self.end = end

    def report(self, fraction: float, message: str) -> None:
        self.whole.check_cancelled()
        self.whole.report(self.start + (self.end - self.start) * fraction, message)

    def log(self, message: str) -> None:
        self.whole.log(message)

    def warning(self, message: str) -> None:
        self.whole.warning(message)

    def metric(self, name: str, value: float, step: int) -> None:
        self.whole.metric(name, value, step)

    def check_cancelled(self) -> None:
        self.whole.check_cancelled()


def chunks(count: int, size: int, progress: Progress, message: str) -> Iterator[slice]:
    """Slices that cover `count` rows, `size` at a time, watched by `progress`."""
    for start in range(0, count, size):
        progress.check_cancelled()
        progress.report(start / count, message)
        yield slice(start, min(start + size, count))
