"""Land cover: rasters of classes, or a map of WorldCover that is fetched."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

from qgis.core import (
    QgsProcessingException,
    QgsProcessingFeedback,
    QgsProcessingParameterMultipleLayers,
    QgsProcessingParameterNumber,
)

from ....engine.names import NO_WORLDCOVER, WORLDCOVER_ADDRESS, WORLDCOVER_ADDRESS_VARIABLE
from ...adapters.copies import ClassCopy
from ...adapters.proxies import proxy_for
from ...adapters.rasters import check_classes, raster_path
from ...compat import INTEGER, RASTER
from ...translation import tr
from .copying import file_of
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
        self._tiles: list[str | ClassCopy] = []
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
        fetched = (Described(*each, advanced=True) for each in option_parameters(FETCHING))
        return [layers, *fetched]

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
        for layer in values.rasters("LANDCOVER"):
            check_classes(layer)

    def take(self, values: Values) -> None:
        layers = values.rasters("LANDCOVER")
        self._tiles = [raster_path(layer) or ClassCopy(layer, self._band) for layer in layers]
        # A settings file may ask for it too.
        if self._fetches or values.given(SETTINGS):
            address = os.environ.get(WORLDCOVER_ADDRESS_VARIABLE)
            self._proxy = proxy_for(address or WORLDCOVER_ADDRESS)

    def request(
        self, values: Values, folder: Path, feedback: QgsProcessingFeedback
    ) -> dict[str, Any]:
        tiles = [
            {
                "path": file_of(tile, self._grid, values, folder, feedback),
                "band": self._band if isinstance(tile, str) else tile.band,
            }
            for tile in self._tiles
        ]
        network = {"network": {"proxy": self._proxy}} if self._proxy else {}
        return {"landcover": tiles, **network}
