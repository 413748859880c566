"""The job that maps values measured at points."""

from __future__ import annotations

from ..config.schema import Config
from ..data import store
from ..data.builders.graph import GraphRawData
from ..files import OutputSet
from ..language import tr
from ..names import LANDCOVER
from ..prediction.fitted import FittedMap
from ..progress import Part, Progress
from ..report.report import Reported, write_reports
from ..validation.fitting import fit_all, validate
from ..validation.run import Run
from .about import About
from .districts import map_districts
from .layers import write_next_points, write_residuals
from .mapping import map_blocks, map_whole
from .reading import read_mapped
from .request import Request, Result
from .targets import Told, numbers_of, records_of, targets_of

# How far a run is when the map is begun: one of several blocks takes most of the time.
_AT_ONCE, _IN_BLOCKS = 0.92, 0.44
# How far the work on a target is when its model is tested, and fitted to all.
_TESTED, _FITTED = 0.68, 0.97


def run(request: Request, config: Config, outputs: OutputSet, progress: Progress) -> Result:
    """Fit, score, map every cell, and write what is wanted; see `jobs.run`."""
    targets, read = targets_of(request), Run(request, config, progress)
    if "support" in request["points"]:
        return map_districts(request, config, outputs, read)
    found = read_mapped(read, request, config, outputs)
    if not len(found.graph.columns(LANDCOVER)):
        read.log(
            tr(
                "There is no land cover: the map rests on the points and what else was given. A "
                "raster of classes, or fetched ESA WorldCover, often makes it better."
            )
        )
    graph, begun = found.graph, _IN_BLOCKS if found.ground else _AT_ONCE
    records = records_of(read, targets, Part(read, 0.2, begun))
    fitted = []
    for record, target in zip(records, targets):
        if len(targets) > 1:
            read.log(tr("Value field: {field}").format(field=target))
        fitted.append(_fitted(record, target, graph, config))
    abouts = [About.of_run(one, graph, target) for one, target in zip(records, targets)]
    mapping = Part(read, begun, 0.96)
    making = (config, outputs, found, fitted, abouts, [Told(one, mapping) for one in records])
    shown = map_blocks(request, *making) if found.ground else map_whole(*making)
    for record, one in zip(records, shown):
        record.trust["applicability"] = {"share": one.applicable}
        record.stage("predict")
    write_next_points(outputs, graph, fitted[0], config, Part(read, 0.96, 0.96))
    read.report(0.96, tr("Writing the results"))
    write_residuals(outputs, graph, {t: one.trials for t, one in zip(targets, records)})
    if outputs.wants("model"):
        fitted[0].save(outputs.stage("model"))
    if outputs.wants("graph"):
        store.save_graph(outputs.stage("graph"), graph)
    reported = [
        Reported(record, graph, target, one.mean, one.std, one.graph)
        for record, target, one in zip(records, targets, shown)
    ]
    write_reports(reported, outputs)
    shares = [one.applicable for one in shown]
    about = About.of_several(abouts).to_dict()
    return {**numbers_of(records, graph, targets, APPLICABLE_SHARE=shares), "ABOUT": about}


def _fitted(run_: Run, target: str, graph: GraphRawData, config: Config) -> FittedMap:
    """Test a target, and fit to all of its observed cells."""
    fitting = (run_, graph, target, config)
    fitted = validate(*fitting, Part(run_, 0.0, _TESTED))
    if fitted is None or len(fitted[0]) < len(graph.observed(target)):
        run_.log(tr("Fitting again to all observed cells, for the map."))
        fitted = fit_all(*fitting, Part(run_, _TESTED, _FITTED), fitted)
    known, model = fitted
    made = (run_.reach, run_.details(), Part(run_, _FITTED, 1.0))
    return FittedMap.learn(model, graph, target, known, *made)
