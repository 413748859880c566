"""What is found of each of the value fields of a request, which share one graph."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from ..data.builders.graph import GraphRawData
from ..progress import Part, Progress, parts_of
from ..validation.run import Run
from .reading import count_cells
from .request import Request, Result


def targets_of(request: Request) -> list[str]:
    """The value fields of a request, in their order."""
    return list(request["points"]["targets"])


def records_of(read: Run, targets: Sequence[str], progress: Progress) -> list[Run]:
    """A record of each target, one after the other in a progress; each begins with the reading."""
    return [Run(read.request, read.config, part, read) for part in parts_of(progress, len(targets))]


class Told(Part):
    """A part of a progress whose warnings a record keeps, too."""

    def __init__(self, record: Run, progress: Progress) -> None:
        super().__init__(progress, 0.0, 1.0)
        self.record = record

    def warning(self, message: str) -> None:
        self.record.warning(message)


def numbers_of(
    records: Sequence[Run], graph: GraphRawData, targets: Sequence[str], **more: Sequence[Any]
) -> Result:
    """The numbers of a job: those of the first target, and where there are several, of each.

    The latter are in `FIELDS`, by name. `more` are further numbers of each target.
    """
    every: list[Result] = [
        {
            **count_cells(graph, target),
            **{name: values[number] for name, values in more.items()},
            **record.numbers(),
        }
        for number, (record, target) in enumerate(zip(records, targets))
    ]
    fields = {"FIELDS": dict(zip(targets, every))} if len(targets) > 1 else {}
    return {**every[0], **fields}
