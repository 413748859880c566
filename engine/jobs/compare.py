"""The job that compares methods on the same held-out cells."""

from __future__ import annotations

from ..config.schema import Config
from ..errors import InputError
from ..files import OutputSet
from ..language import tr
from ..progress import Part, Progress
from ..report.report import Reported, write_reports
from ..validation.fitting import validate
from ..validation.run import Run
from ..validation.scoring import ALL
from .reading import read_compared
from .request import Request, Result
from .targets import numbers_of, records_of, targets_of


def run(request: Request, config: Config, outputs: OutputSet, progress: Progress) -> Result:
    """Score every method on random cells and on blocks, and report; see `jobs.run`."""
    if config.training.untested:
        raise InputError(
            tr(
                "Nothing is held out, so there is nothing to compare; set training.masked_ratio, "
                "or the validation kfold."
            )
        )
    targets, read = targets_of(request), Run(request, config, progress)
    graph = read_compared(read, request, config)
    records = records_of(read, targets, Part(read, 0.2, 0.95))
    for record, target in zip(records, targets):
        validate(record, graph, target, config, record, ALL)
    read.report(0.95, tr("Writing the results"))
    write_reports([Reported(one, graph, t) for one, t in zip(records, targets)], outputs)
    return numbers_of(records, graph, targets)
