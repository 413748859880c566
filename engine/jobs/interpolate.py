"""The job that maps a value measured at points."""

from __future__ import annotations

from ..config.schema import Config
from ..data import store
from ..files import OutputSet
from ..language import tr
from ..models.places import distance_to
from ..prediction.applicability import Applicability, is_inside
from ..prediction.cells import write_table
from ..prediction.fitted import save_model
from ..prediction.uncertainty import Calibration, deviations
from ..progress import Part, Progress
from ..report.report import write_report
from ..validation.fitting import fit_all, fit_and_score, score_blocks
from ..validation.run import Run
from .about import About
from .layers import Mapped, tell_applicability, write_applicability, write_rasters, write_residuals
from .reading import count_cells, read_one
from .request import Request, Result


def run(request: Request, config: Config, outputs: OutputSet, progress: Progress) -> Result:
    """Fit, score, map every cell, and write what is wanted; see `jobs.run`."""
    progress = run_ = Run(request, config, progress)
    graph, target = read_one(run_, request, config)
    fitting = (run_, graph, target, config)
    fitted = fit_and_score(*fitting, Part(progress, 0.2, 0.5))
    score_blocks(*fitting, Part(progress, 0.5, 0.7))
    if fitted is None or len(fitted[0]) < len(graph.observed(target)):
        progress.log(tr("Fitting again to all observed cells, for the map."))
        fitted = fit_all(*fitting, Part(progress, 0.7, 0.9))
    known, model = fitted
    left_out = model.leave_one_out()
    scores = deviations(graph.target(target)[known], left_out)
    calibration = Calibration.learn(scores, config.uncertainty.level)
    predicted = model.predict(graph, Part(progress, 0.9, 0.95))
    stretch = run_.reach.factor(distance_to(graph, known))
    mapped = Mapped.of(predicted, left_out, known, calibration, stretch)
    run_.stage("predict")
    area = Applicability.learn(graph, known, Part(progress, 0.95, 0.95))
    index = area.index(graph, Part(progress, 0.95, 0.96))
    applicable = run_.trust["applicability"] = tell_applicability(index, progress)
    run_.stage("find where the model applies")
    progress.report(0.96, tr("Writing the results"))
    about = About.of_run(run_, graph, target)
    write_rasters(outputs, graph, about, mapped)
    write_applicability(outputs, graph, about, index)
    write_residuals(outputs, graph, run_.trials)
    if outputs.wants("table"):
        spread = {f"{target}_{name}": getattr(mapped, name) for name in ("std", "lower", "upper")}
        away = {f"{target}_dissimilarity": index, f"{target}_applicable": is_inside(index)}
        write_table(outputs.stage("table"), graph, {target: mapped.mean, **spread, **away})
    if outputs.wants("model"):
        fit = (model, graph, target, known)
        trust = {"scores": scores, **run_.reach.arrays(), **area.arrays()}
        save_model(outputs.stage("model"), *fit, run_.details(), trust)
    if outputs.wants("graph"):
        store.save_graph(outputs.stage("graph"), graph)
    write_report(run_, graph, target, outputs, mapped.mean, mapped.std)
    share = {"APPLICABLE_SHARE": applicable["share"]}
    return {**count_cells(graph, target), **share, **run_.numbers(), "ABOUT": about.told()}
