"""Interpolate, where polygons have values: cells add up to what was measured of areas."""

from __future__ import annotations

import dataclasses

from ..assembly.areal import read_districts
from ..assembly.districts import Districts
from ..assembly.inputs import Inputs
from ..assembly.maps import Map
from ..config.schema import Config
from ..data import store
from ..files import OutputSet
from ..language import tr
from ..progress import Part
from ..report.report import Reported, write_reports
from ..validation.districts import fit_districts
from ..validation.run import Run
from .about import About
from .layers import check_rasters, write_residuals
from .mapping import map_whole
from .reading import count_cells
from .request import Request, Result


def map_districts(request: Request, config: Config, outputs: OutputSet, run_: Run) -> Result:
    """Fit, score, map every cell, and write what is wanted; see `interpolate.run`."""
    districts, target = Districts.of(request), Districts.of(request).target
    inputs = dataclasses.replace(Inputs.of(request, config.data), points=None)
    graph, areas = read_districts(districts, inputs, config, Part(run_, 0.0, 0.2))
    run_.stage("read and build the graph")
    check_rasters(outputs, graph, config, [target])
    fitted = fit_districts(run_, graph, target, areas, config, Part(run_, 0.2, 0.9))
    about = About.of_run(run_, graph, target)
    part = Part(run_, 0.9, 0.96)
    (shown,) = map_whole(config, outputs, Map(graph, ()), [fitted], [about], [part])
    run_.trust["applicability"] = {"share": shown.applicable}
    run_.stage("predict")
    run_.report(0.96, tr("Writing the results"))
    write_residuals(outputs, graph, {target: run_.trials})
    if outputs.wants("model"):
        fitted.save(outputs.stage("model"))
    if outputs.wants("graph"):  # its flat values are no measurements of cells
        store.save_graph(outputs.stage("graph"), dataclasses.replace(graph, targets={}))
    reported = Reported(run_, graph, target, shown.mean, shown.std, shown.graph)
    write_reports([reported], outputs)
    share = {"APPLICABLE_SHARE": shown.applicable}
    return {**count_cells(graph, target), **share, **run_.numbers(), "ABOUT": about.to_dict()}
