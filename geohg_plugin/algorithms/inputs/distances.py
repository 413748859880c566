"""Layers whose features matter by how far away they are, such as roads."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from qgis.core import (
    QgsProcessingException,
    QgsProcessingFeedback,
    QgsProcessingParameterMultipleLayers,
)

from ...adapters.features import LayerCopy, check_features
from ...compat import VECTOR_ANY
from ...translation import tr
from .copying import free_path
from .layer import Described, LayerInput
from .values import Values


class DistanceLayers(LayerInput):
    """Layers of points, lines or polygons; each gives cells their distance to it."""

    def __init__(self) -> None:
        self._layers: list[LayerCopy] = []

    def parameters(self) -> list[Described]:
        layers = Described(
            QgsProcessingParameterMultipleLayers(
                "DISTANCE_LAYERS", tr("Distance layers"), VECTOR_ANY, optional=True
            ),
            tr(
                "Points, lines or polygons, for example roads, rivers, a coast or factories. The "
                "distance from each cell to the nearest feature of a layer is a covariate. "
                "Features outside the grid count too. The filter of a layer applies; a "
                "selection does not."
            ),
            advanced=True,
        )
        return [layers]

    def check(self, values: Values) -> None:
        names = set()
        for layer in values.vectors("DISTANCE_LAYERS"):
            check_features(layer)
            if layer.name() in names:
                raise QgsProcessingException(
                    tr(
                        "Two layers of DISTANCE_LAYERS are called '{name}'; rename one, or merge "
                        "them."
                    ).format(name=layer.name())
                )
            names.add(layer.name())

    def take(self, values: Values) -> None:
        self._layers = [LayerCopy(layer) for layer in values.vectors("DISTANCE_LAYERS")]

    def request(
        self, values: Values, folder: Path, feedback: QgsProcessingFeedback
    ) -> dict[str, Any]:
        distances = []
        for layer in self._layers:
            path = free_path(folder, layer.name, ".gpkg")
            layer.write(path, feedback)
            distances.append({"name": layer.name, "path": str(path)})
        return {"distances": distances} if distances else {}
