"""The job that summarises a map by polygons."""

from __future__ import annotations

import numpy as np

from ..config.schema import Config
from ..data.sources.located import Table
from ..data.sources.polygons import Polygons
from ..files import OutputSet
from ..prediction.fitted import FittedMap
from ..progress import Part, Progress
from .about import About
from .reading import read_graph_for
from .request import Request, Result


def run(request: Request, config: Config, outputs: OutputSet, progress: Progress) -> Result:
    """Give each polygon the mean or total of its cells, and its uncertainty; see `jobs.run`."""
    part, how = request["polygons"], config.uncertainty
    statistic = part.get("statistic", "mean")
    table = Table.of(part)
    polygons = Polygons.read(table.source, table.crs, progress)
    fitted = FittedMap.load(request["model_file"], progress)
    graph = read_graph_for(fitted, request, config, Part(progress, 0.0, 0.2))
    asked = (statistic, how.level, how.thresholds)
    found = fitted.summarise(graph, polygons, *asked, Part(progress, 0.2, 1.0))
    found.warn_of_names(progress)
    if outputs.wants("table"):
        found.save(outputs.stage("table"))
    about = About.of_model(fitted, graph, how.level).to_dict()
    known = int(np.isfinite(found.value).sum())
    return {"POLYGONS": len(polygons), "KNOWN": known, "ABOUT": {**about, "statistic": statistic}}
