"""Quantities that are known in every cell: rasters of elevation, vegetation, embeddings."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from qgis.core import (
    QgsProcessingException,
    QgsProcessingFeedback,
    QgsProcessingParameterMultipleLayers,
    QgsProcessingParameterRasterLayer,
    QgsRasterLayer,
)

from ...adapters.copies import QuantityCopy
from ...adapters.rasters import check_quantity, raster_path
from ...compat import RASTER
from ...translation import tr
from .copying import file_of
from .grid import Grid
from .layer import Described, LayerInput
from .values import Values

# How many cells around the grid elevation is read in: a cell is compared with those around it.
_AROUND = 8
# What the engine is told of the rasters of each parameter.
_TOLD = {
    "COVARIATE_RASTERS": {},
    "ELEVATION": {"elevation": True},
    "EMBEDDINGS": {"dequantise": True},
}


class Quantities(LayerInput):
    """Continuous rasters: files as they are, other layers as copies where the grid lies.

    Parameters
    ----------
    grid : Grid
        Where the cells are; checked and taken by its owner.
    """

    def __init__(self, grid: Grid) -> None:
        self._grid = grid
        self._tiles: list[tuple[str, str, str | QuantityCopy]] = []

    def parameters(self) -> list[Described]:
        layers = Described(
            QgsProcessingParameterMultipleLayers(
                "COVARIATE_RASTERS", tr("Covariate rasters"), RASTER, optional=True
            ),
            tr(
                "Rasters of quantities that are known everywhere and vary with the value, for "
                "example elevation, NDVI, rain or night light. Each band is one covariate; "
                "layers with the same name are read as tiles of one raster. CRS and resolution "
                "may differ from the grid's. Classes belong in Land cover or Other class rasters."
            ),
        )
        return [layers, *_special_parameters()]

    def check(self, values: Values) -> None:
        owners: dict[str, str] = {}
        for key, layer in _layers(values):
            check_quantity(layer)
            other = owners.setdefault(layer.name(), key)
            if other != key:
                raise QgsProcessingException(
                    tr(
                        "The raster '{name}' is given twice, by {first} and by {second}; remove "
                        "it from one, or rename one layer."
                    ).format(name=layer.name(), first=other, second=key)
                )
            if key == "EMBEDDINGS" and raster_path(layer) is None:
                raise QgsProcessingException(
                    tr(
                        "The embeddings '{name}' must be read from a file as they are; save them "
                        "as a GeoTIFF, with nodata set in the file and not in the layer."
                    ).format(name=layer.name())
                )

    def take(self, values: Values) -> None:
        self._tiles = [
            (key, layer.name(), raster_path(layer) or QuantityCopy(layer))
            for key, layer in _layers(values)
        ]

    def request(
        self, values: Values, folder: Path, feedback: QgsProcessingFeedback
    ) -> dict[str, Any]:
        covariates = []
        for key, name, tile in self._tiles:
            around = _AROUND if key == "ELEVATION" else 0
            path = file_of(tile, self._grid, values, folder, feedback, around)
            covariates.append({"name": name, "path": path, **_TOLD[key]})
        return {"covariates": covariates} if covariates else {}


def _layers(values: Values) -> Iterator[tuple[str, QgsRasterLayer]]:
    """The layers of each parameter, by its name."""
    for key in _TOLD:
        if not values.given(key):
            continue
        layers = [values.raster(key)] if key == "ELEVATION" else values.rasters(key)
        yield from ((key, layer) for layer in layers)


def _special_parameters() -> list[Described]:
    elevation = Described(
        QgsProcessingParameterRasterLayer("ELEVATION", tr("Elevation"), optional=True),
        tr(
            "A raster of elevation, for example SRTM or Copernicus DEM. Slope, aspect and the "
            "height above the surroundings are derived from it and used as covariates too."
        ),
        advanced=True,
    )
    embeddings = Described(
        QgsProcessingParameterMultipleLayers(
            "EMBEDDINGS", tr("Satellite embeddings"), RASTER, optional=True
        ),
        tr(
            "Rasters of satellite embeddings that are stored as whole numbers from -127 to 127, "
            "for example AlphaEarth's; they are turned back into decimal numbers. Give "
            "embeddings with decimal numbers as covariate rasters."
        ),
        advanced=True,
    )
    return [elevation, embeddings]
