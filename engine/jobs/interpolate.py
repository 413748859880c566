"""The job that maps a value measured at points."""

from __future__ import annotations

from ..config.schema import Config
from ..data import store
from ..files import OutputSet
from ..language import tr
from ..prediction.fitted import FittedMap
from ..progress import Part, Progress
from ..report.report import write_report
from ..validation.fitting import fit_all, validate
from ..validation.run import Run
from .about import About
from .layers import applicable_share, write_rasters, write_residuals, write_values
from .reading import count_cells, read_one
from .request import Request, Result


def run(request: Request, config: Config, outputs: OutputSet, progress: Progress) -> Result:
    """Fit, score, map every cell, and write what is wanted; see `jobs.run`."""
    progress = run_ = Run(request, config, progress)
    graph, target = read_one(run_, request, config)
    fitting = (run_, graph, target, config)
    fitted = validate(*fitting, Part(progress, 0.2, 0.7))
    if fitted is None or len(fitted[0]) < len(graph.observed(target)):
        progress.log(tr("Fitting again to all observed cells, for the map."))
        fitted = fit_all(*fitting, Part(progress, 0.7, 0.9))
    known, model = fitted
    made = (run_.reach, run_.details(), Part(progress, 0.9, 0.92))
    fitted_map = FittedMap.learn(model, graph, target, known, *made)
    found = fitted_map.map(graph, config.uncertainty.level, Part(progress, 0.92, 0.96))
    applicable = run_.trust["applicability"] = applicable_share(found, progress)
    run_.stage("predict")
    progress.report(0.96, tr("Writing the results"))
    about = About.of_run(run_, graph, target)
    write_rasters(outputs, graph, about, found)
    write_residuals(outputs, graph, target, run_.trials)
    write_values(outputs, graph, target, found)
    if outputs.wants("model"):
        fitted_map.save(outputs.stage("model"))
    if outputs.wants("graph"):
        store.save_graph(outputs.stage("graph"), graph)
    write_report(run_, graph, target, outputs, found.mean, found.std)
    share = {"APPLICABLE_SHARE": applicable["share"]}
    return {**count_cells(graph, target), **share, **run_.numbers(), "ABOUT": about.to_dict()}
