"""What a row of the toolkit's table is."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from .world import World


@dataclass
class Table:
    """Rows of the table: what the page writes, and the test of it."""

    rows: list[Row] = field(default_factory=list)

    def row(self, *texts: str, but: str = "") -> Callable[[Callable], Callable]:
        """A row for each text; `but` is the reason for which it is different here."""

        def decorate(check: Callable) -> Callable:
            self.rows += [Row(text, check, but) for text in texts]
            return check

        return decorate


@dataclass(frozen=True)
class Row:
    """One row: the page's own words, a function of a `World` and of them, and a reason."""

    text: str
    check: Callable[[World, str], None]
    but: str = ""
