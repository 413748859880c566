"""Many tries with damaged input: each is refused in a sentence, or changes nothing."""

import os
import time
import traceback
from collections import Counter
from collections.abc import Callable
from typing import Any

import pytest

from geohg.engine.errors import GeoHGError

BAD = ("traceback", "silently different", "hang")
SECONDS = 60.0
"""A try that takes longer hangs; on a busy machine a whole run takes ten."""


def tries(usual: int) -> int:
    """How many tries to make: `usual`, times what `make fuzz` asks for."""
    return int(usual * float(os.environ.get("GEOHG_FUZZ", "1")))


class Outcomes:
    """Counts what became of each try, and keeps the first of each bad kind.

    Parameters
    ----------
    subject : str
        What is damaged, for the line that `make fuzz` shows.
    """

    def __init__(self, subject: str) -> None:
        self.subject = subject
        self.counts: Counter[str] = Counter()
        self.examples: dict[str, str] = {}

    def judge(self, name: str, act: Callable[[], Any], same: Callable[[Any], bool]) -> None:
        """Try one: `act` uses the damaged input, `same` says if its result is as before."""
        started = time.monotonic()
        try:
            outcome, detail = ("harmless", "") if same(act()) else ("silently different", "")
        except GeoHGError as error:
            clear = len(str(error).splitlines()) == 1
            outcome, detail = ("clear" if clear else "traceback"), str(error)
        except Exception:  # noqa: BLE001 - counted, and shown when the test fails
            outcome, detail = "traceback", traceback.format_exc()
        if time.monotonic() - started > SECONDS:
            outcome = "hang"
        self.counts[outcome] += 1
        self.examples.setdefault(outcome, f"{name}: {detail}")

    def check(self) -> None:
        """Show the counts, and fail if any try ended badly."""
        shown = ", ".join(f"{self.counts[kind]} {kind}" for kind in ("clear", "harmless", *BAD))
        print(f"\n{self.subject}: {self.counts.total()} tried, {shown}")
        bad = {kind: self.examples[kind] for kind in BAD if self.counts[kind]}
        if bad:
            pytest.fail("\n".join(f"{kind}: {example}" for kind, example in bad.items()))
