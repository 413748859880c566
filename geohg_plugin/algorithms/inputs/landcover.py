"""Land cover: rasters of classes, or a map of WorldCover that is fetched."""

from __future__ import annotations

import os
import re
from pathlib import Path
from typing import Any

from qgis.core import (
    QgsCoordinateTransform,
    QgsProcessingException,
    QgsProcessingFeedback,
    QgsProcessingParameterMultipleLayers,
    QgsProcessingParameterNumber,
    QgsReferencedRectangle,
)

from ....engine.names import NO_WORLDCOVER, WORLDCOVER_ADDRESS, WORLDCOVER_ADDRESS_VARIABLE
from ...adapters.proxies import proxy_for
from ...adapters.rasters import RasterCopy, check_raster, raster_path
from ...compat import INTEGER, RASTER
from ...translation import tr
from .grid import Grid
from .layer import Described, LayerInput
from .options import FETCHING, SETTINGS, option_parameters
from .values import Values


class LandCover(LayerInput):
    """Rasters of classes: files as they are, other layers as copies where the grid lies.

    Parameters
    ----------
    grid : Grid
        Where the cells are; checked and taken by its owner.
    """

    def __init__(self, grid: Grid) -> None:
        self._grid = grid
        self._fetches = False
        self._band = 1
        self._tiles: list[str | RasterCopy] = []
        self._proxy = ""

    def parameters(self) -> list[Described]:
        layers = Described(
            QgsProcessingParameterMultipleLayers(
                "LANDCOVER", tr("Land cover"), RASTER, optional=True
            ),
            tr(
                "Rasters of classes, such as ESA WorldCover; several are read as tiles of one "
                "map. CRS and resolution may differ from the grid's. Layers that are not "
                "files, such as WCS, are first copied within the grid."
            ),
        )
        return [layers, *(Described(*each) for each in option_parameters(FETCHING))]

    def band_parameter(self) -> Described:
        """The band, which dialogs show last."""
        return Described(
            QgsProcessingParameterNumber(
                "LANDCOVER_BAND", tr("Land-cover band"), INTEGER, 1, minValue=1
            ),
            tr("The band with the classes in every land-cover raster."),
            advanced=True,
        )

    def check(self, values: Values) -> None:
        self._band = values.integer("LANDCOVER_BAND")
        self._fetches = values.choice("WORLDCOVER") != NO_WORLDCOVER
        if self._fetches and values.given("LANDCOVER"):
            raise QgsProcessingException(
                tr(
                    "Land cover is given twice, by LANDCOVER and by WORLDCOVER; "
                    "leave LANDCOVER empty, or set WORLDCOVER to none."
                )
            )
        for layer in values.layers("LANDCOVER"):
            check_raster(layer)

    def take(self, values: Values) -> None:
        layers = values.layers("LANDCOVER")
        self._tiles = [raster_path(layer) or RasterCopy(layer, self._band) for layer in layers]
        # A settings file may ask for it too.
        if self._fetches or values.given(SETTINGS):
            address = os.environ.get(WORLDCOVER_ADDRESS_VARIABLE)
            self._proxy = proxy_for(address or WORLDCOVER_ADDRESS)

    def request(
        self, values: Values, folder: Path, feedback: QgsProcessingFeedback
    ) -> dict[str, Any]:
        tiles = []
        for number, tile in enumerate(self._tiles):
            if isinstance(tile, str):
                tiles.append({"path": tile, "band": self._band})
                continue
            # The engine calls it by its file.
            named = re.sub(r"\W+", "_", tile.name)[:60]
            path = folder / f"{named}_{number}.tif"
            self._copy(tile, path, values, feedback)
            tiles.append({"path": str(path), "band": tile.band})
        network = {"network": {"proxy": self._proxy}} if self._proxy else {}
        return {"landcover": tiles, **network}

    def _copy(
        self, tile: RasterCopy, path: Path, values: Values, feedback: QgsProcessingFeedback
    ) -> None:
        size = self._grid.cell_size or 0.0
        edges = QgsReferencedRectangle(self._grid.edges, self._grid.edges.crs())
        # The engine lays the grid up to a cell farther, and chooses no larger cells.
        edges.grow(size or max(edges.width(), edges.height()) / 20)
        to = QgsCoordinateTransform(edges.crs(), tile.crs, values.context.transformContext())
        cells = edges.width() / size if size else 0.0
        tile.write(to.transformBoundingBox(edges), cells, path, feedback)
