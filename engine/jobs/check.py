"""The job that says what data are, and what is wrong with them, before anything is fitted."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator
from typing import Any

import numpy as np

from ..assembly.inputs import ClassMeasurements, Inputs, Measurements
from ..assembly.maps import Map, read_map
from ..assembly.pace import slowness
from ..assembly.sizing import choose_cell_size, side_in_words
from ..config.costs import estimate
from ..config.schema import Config
from ..data.sources.points import Points
from ..errors import Cancelled, GeoHGError
from ..files import OutputSet
from ..progress import Part, Progress
from ..report.checking import Checked, write_check
from ..validation.firstlook import Reach, Size, Spread, coverage_of
from ..validation.run import Run
from .request import Request, Result


def run(request: Request, config: Config, outputs: OutputSet, progress: Progress) -> Result:
    """Read all that a map would be made of, and say what was found; see `jobs.run`.

    What would stop a map is told, and does not stop the job.
    """
    kept = _Kept(request, config, progress)
    found = Checked(Measurements.of(request["points"]).target)
    try:
        for step in _look(found, request, config, kept):
            found = step
    except Cancelled:
        raise
    except GeoHGError as error:
        found = dataclasses.replace(found, stopped=str(error), classes=_classes(request, found))
    found = dataclasses.replace(found, lines=tuple(kept.lines), warnings=tuple(kept.warnings))
    for sentence in found.sentences():
        progress.log(sentence)
    write_check(found, kept, outputs)
    return found.numbers()


class _Kept(Run):
    """The record of the run, which keeps what it says, too."""

    def __init__(self, request: Request, config: Config, progress: Progress) -> None:
        self.lines: list[str] = []
        super().__init__(request, config, progress)

    def log(self, message: str) -> None:
        """Keep a line for the page."""
        self.lines.append(message)
        super().log(message)


def _classes(request: Request, found: Checked) -> dict[str, int]:
    """The points of each class, where the field has no numbers and few names."""
    if found.points is not None:
        return {}
    try:
        given = ClassMeasurements.of(request["points"]).classes
    except GeoHGError:
        return {}
    codes = given.points.values[given.field]
    count = np.bincount(codes[np.isfinite(codes)].astype(np.int64))
    return dict(zip(given.names, count.tolist()))


def _look(found: Checked, request: Request, config: Config, progress: Run) -> Iterator[Checked]:
    """What there is to say of the points, and then of the map as well."""
    target, model = found.target, config.model
    points = Measurements.of(request["points"]).read()
    found = dataclasses.replace(found, points=points, spread=Spread.of(points, target))
    yield found
    inputs = dataclasses.replace(Inputs.of(request, config.data), points=points)
    read = read_map(inputs, config, Part(progress, 0.0, 0.9))
    graph = read.graph
    yield dataclasses.replace(
        found,
        reach=Reach.of(graph, target, model.transform, model.bounds),
        size=_size(read, points, config, target),
        coverage=coverage_of(graph, target),
    )


def _size(read: Map, points: Points, config: Config, target: str) -> Size:
    """The size of the map, and what it costs."""
    grid, observed = read.graph.grid, len(read.graph.observed(target))
    at_once = max((block.size for block in read.blocks), default=grid.size)
    memory = estimate(config, min(at_once, grid.size), observed)[0]
    suits: Any = choose_cell_size(grid.bounds, points.to_crs(grid.pyproj_crs))
    return Size(
        cells=read.graph.total,
        observed=observed,
        cell=side_in_words(grid),
        width=grid.cell_width,
        suits=suits,
        blocks=max(len(read.blocks), 1),
        gigabytes=memory / 1e9,
        seconds=slowness() * estimate(config, grid.size, observed)[1],
        crs=grid.pyproj_crs.name,
    )
