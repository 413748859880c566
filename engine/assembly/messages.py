"""Messages of a map that is read block by block: once, not for each block."""

from __future__ import annotations

import re

from ..language import tr
from ..progress import Part, Progress


class Quiet(Part):
    """A part of a progress that tells nothing but how far it is: all else was told before."""

    def log(self, message: str) -> None:
        pass

    def warning(self, message: str) -> None:
        pass


class Named(Part):
    """A part of a progress that says what is done in it."""

    def __init__(self, whole: Progress, start: float, end: float, step: str) -> None:
        super().__init__(whole, start, end)
        self._step = step

    def report(self, fraction: float, message: str) -> None:
        super().report(fraction, f"{self._step}: {message}")


class Once(Part):
    """A part of a progress that says a thing once, in the words of the first block.

    Messages that differ in numbers alone are one thing.
    """

    def __init__(self, whole: Progress, start: float, end: float) -> None:
        super().__init__(whole, start, end)
        self._warnings: dict[str, tuple[str, int]] = {}
        self._logged: set[str] = set()

    def log(self, message: str) -> None:
        if (kind := _kind_of(message)) not in self._logged:
            self._logged.add(kind)
            super().log(message)

    def warning(self, message: str) -> None:
        first, often = self._warnings.get(_kind_of(message), (message, 0))
        self._warnings[_kind_of(message)] = first, often + 1

    def pass_on(self) -> None:
        """Pass on the warnings, and in how many more blocks each holds."""
        for message, often in self._warnings.values():
            if often > 1:
                text = tr(
                    "{message} That is one of the {blocks} blocks of the map in which it is so."
                )
                message = text.format(message=message, blocks=often)
            super().warning(message)


def _kind_of(message: str) -> str:
    return re.sub(r"\d[\d.,]*", "0", message)
