"""The job that maps a value measured at points."""

from __future__ import annotations

from ..config.schema import Config
from ..data import store
from ..files import OutputSet
from ..language import tr
from ..names import LANDCOVER
from ..prediction.fitted import FittedMap
from ..progress import Part, Progress
from ..report.report import write_report
from ..validation.fitting import fit_all, validate
from ..validation.run import Run
from .about import About
from .districts import map_districts
from .layers import write_residuals
from .mapping import map_blocks, map_whole
from .reading import count_cells, read_mapped
from .request import Request, Result

# How far a run is when the model is tested, fitted and learnt from: a map of several blocks takes
# most of the time.
_AT_ONCE, _IN_BLOCKS = (0.7, 0.9, 0.92), (0.35, 0.42, 0.44)


def run(request: Request, config: Config, outputs: OutputSet, progress: Progress) -> Result:
    """Fit, score, map every cell, and write what is wanted; see `jobs.run`."""
    progress = run_ = Run(request, config, progress)
    if "support" in request["points"]:
        return map_districts(request, config, outputs, run_)
    found, target = read_mapped(run_, request, config, outputs)
    if not len(found.graph.columns(LANDCOVER)):
        progress.log(
            tr(
                "There is no land cover: the map rests on the points and what else was given. A "
                "raster of classes, or fetched ESA WorldCover, often makes it better."
            )
        )
    graph, ends = found.graph, _IN_BLOCKS if found.ground else _AT_ONCE
    fitting = (run_, graph, target, config)
    fitted = validate(*fitting, Part(progress, 0.2, ends[0]))
    if fitted is None or len(fitted[0]) < len(graph.observed(target)):
        progress.log(tr("Fitting again to all observed cells, for the map."))
        fitted = fit_all(*fitting, Part(progress, *ends[:2]), fitted)
    known, model = fitted
    made = (run_.reach, run_.details(), Part(progress, *ends[1:]))
    fitted_map = FittedMap.learn(model, graph, target, known, *made)
    about = About.of_run(run_, graph, target)
    making = (config, outputs, found, fitted_map, about, Part(progress, ends[2], 0.96))
    shown = map_blocks(request, *making) if found.ground else map_whole(*making)
    run_.trust["applicability"] = {"share": shown.applicable}
    run_.stage("predict")
    progress.report(0.96, tr("Writing the results"))
    write_residuals(outputs, graph, target, run_.trials)
    if outputs.wants("model"):
        fitted_map.save(outputs.stage("model"))
    if outputs.wants("graph"):
        store.save_graph(outputs.stage("graph"), graph)
    write_report(run_, graph, target, outputs, shown.mean, shown.std, shown.graph)
    share = {"APPLICABLE_SHARE": shown.applicable}
    return {**count_cells(graph, target), **share, **run_.numbers(), "ABOUT": about.to_dict()}
