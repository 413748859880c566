"""The layers that a job takes: one interface, and all of those that a graph is made of."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from qgis.core import QgsProcessingFeedback

from .area import StudyArea
from .classrasters import ClassRasters
from .distances import DistanceLayers
from .grid import Grid
from .landcover import LandCover
from .layer import Described, LayerInput
from .points import Points
from .pois import Pois
from .quantities import Quantities
from .values import Values
from .zones import Zones


class LayerInputs(LayerInput):
    """All that a graph is made of.

    Parameters
    ----------
    points : LayerInput, optional
        What stands in place of points with measured values.
    grid : Grid, optional
        What stands in place of a grid around these.
    """

    def __init__(self, points: LayerInput | None = None, grid: Grid | None = None) -> None:
        grid = grid or Grid()
        self._landcover = LandCover(grid)
        classes = ClassRasters(grid)
        # In the order of the dialog, which is also that of the checks.
        self._inputs: tuple[LayerInput, ...] = (
            points or Points(),
            self._landcover,
            Quantities(grid),
            Pois(),
            StudyArea(),
            classes,
            Zones(classes),
            DistanceLayers(),
            grid,
        )

    def parameters(self) -> list[Described]:
        described = [each for one in self._inputs for each in one.parameters()]
        return [*described, self._landcover.band_parameter()]

    def check(self, values: Values) -> None:
        for one in self._inputs:
            one.check(values)

    def take(self, values: Values) -> None:
        for one in self._inputs:
            one.take(values)

    def request(
        self, values: Values, folder: Path, feedback: QgsProcessingFeedback
    ) -> dict[str, Any]:
        parts: dict[str, Any] = {}
        for one in self._inputs:
            parts.update(one.request(values, folder, feedback))
        return parts
