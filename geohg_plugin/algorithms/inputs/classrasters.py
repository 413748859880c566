"""Further classifications of the ground: rasters of classes, such as soil types."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from qgis.core import QgsProcessingFeedback, QgsProcessingParameterMultipleLayers

from ...adapters.copies import ClassCopy
from ...adapters.rasters import check_classes, raster_path
from ...compat import RASTER
from ...translation import tr
from .copying import file_of
from .grid import Grid
from .layer import Described, LayerInput
from .typenames import type_name
from .values import Values


class ClassRasters(LayerInput):
    """Rasters of classes beside land cover; those with one name are tiles of one map.

    Parameters
    ----------
    grid : Grid
        Where the cells are; checked and taken by its owner.

    Attributes
    ----------
    types : dict of str to str
        The type of hypernodes of each name of a layer; known after `check`.
    """

    def __init__(self, grid: Grid) -> None:
        self.types: dict[str, str] = {}
        self._grid = grid
        self._tiles: list[tuple[str, str | ClassCopy]] = []

    def parameters(self) -> list[Described]:
        layers = Described(
            QgsProcessingParameterMultipleLayers(
                "CLASS_RASTERS", tr("Other class rasters"), RASTER, optional=True
            ),
            tr(
                "Rasters of other classes than land cover, for example soil types or geology, "
                "with the classes in the first band. Each layer is a classification of its own, "
                "named after the layer; layers with the same name are read as tiles of one map."
            ),
            advanced=True,
        )
        return [layers]

    def check(self, values: Values) -> None:
        self.types = {}
        for layer in values.rasters("CLASS_RASTERS"):
            check_classes(layer)
            if layer.name() not in self.types:
                self.types[layer.name()] = type_name(layer.name(), self.types.values())

    def take(self, values: Values) -> None:
        self._tiles = [
            (self.types[layer.name()], raster_path(layer) or ClassCopy(layer, 1))
            for layer in values.rasters("CLASS_RASTERS")
        ]

    def request(
        self, values: Values, folder: Path, feedback: QgsProcessingFeedback
    ) -> dict[str, Any]:
        classes = [
            {
                "type": kind,
                "path": file_of(tile, self._grid, values, folder, feedback),
                "band": 1 if isinstance(tile, str) else tile.band,
            }
            for kind, tile in self._tiles
        ]
        return {"classes": classes} if classes else {}
