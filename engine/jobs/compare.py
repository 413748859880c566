"""The job that compares methods on the same held-out cells."""

from __future__ import annotations

from ..config.schema import Config
from ..errors import InputError
from ..files import OutputSet
from ..language import tr
from ..progress import Part, Progress
from ..report.report import write_report
from ..validation.fitting import validate
from ..validation.run import Run
from ..validation.scoring import ALL
from .reading import count_cells, read_one
from .request import Request, Result


def run(request: Request, config: Config, outputs: OutputSet, progress: Progress) -> Result:
    """Score every method on random cells and on blocks, and report; see `jobs.run`."""
    if config.training.untested:
        raise InputError(
            tr(
                "Nothing is held out, so there is nothing to compare; set training.masked_ratio, "
                "or the validation kfold."
            )
        )
    progress = run_ = Run(request, config, progress)
    graph, target = read_one(run_, request, config)
    validate(run_, graph, target, config, Part(progress, 0.2, 0.95), ALL)
    progress.report(0.95, tr("Writing the results"))
    write_report(run_, graph, target, outputs, None)
    return {**count_cells(graph, target), **run_.numbers()}
