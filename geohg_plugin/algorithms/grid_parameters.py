"""The parameters of the algorithms that make a graph from layers."""

from __future__ import annotations

from qgis.core import (
    QgsProcessingParameterCrs,
    QgsProcessingParameterDistance,
    QgsProcessingParameterExtent,
    QgsProcessingParameterFeatureSource,
    QgsProcessingParameterField,
    QgsProcessingParameterMultipleLayers,
    QgsProcessingParameterNumber,
    QgsProcessingParameterRasterLayer,
    QgsProcessingParameterString,
)

from ..compat import ANY_FIELD, INTEGER, NUMERIC_FIELD, RASTER, VECTOR_POINT, VECTOR_POLYGON
from ..translation import tr
from .base import GeoHGAlgorithm
from .options import FETCHING, option_parameters


class GridParameters(GeoHGAlgorithm):
    """An algorithm with parameters for layers and a grid; `GridAlgorithm` reads them."""

    def add_layers(self, several_fields: bool = False) -> None:
        """Add points, land cover and POIs."""
        self.add(
            QgsProcessingParameterFeatureSource("INPUT", tr("Points"), [VECTOR_POINT]),
            tr("Places where the value was measured. A selection or filter applies."),
        )
        field = QgsProcessingParameterField(
            "FIELD",
            tr("Fields with the values") if several_fields else tr("Field with the value"),
            parentLayerParameterName="INPUT",
            type=NUMERIC_FIELD,
            allowMultiple=several_fields,
        )
        if not several_fields:
            # A dialog would take the first number of a layer, which often only numbers the points.
            field.setGuiDefaultValueOverride("value")
        self.add(
            field,
            tr(
                "The number to predict. Several points in a cell are averaged; points without "
                "a value are left out."
            ),
        )
        self.add(
            QgsProcessingParameterString(
                "UNIT",
                tr("Unit of the values") if several_fields else tr("Unit of the value"),
                optional=True,
            ),
            tr("Such as µg/m³. It stands in the legends, the bands of the maps and the report."),
        )
        self.add(
            QgsProcessingParameterField(
                "COVARIATES",
                tr("Covariates"),
                parentLayerParameterName="INPUT",
                type=NUMERIC_FIELD,
                allowMultiple=True,
                optional=True,
            ),
            tr(
                "Other numbers measured at the points, such as their elevation. Between the "
                "points they are kriged, so they help where they vary smoothly and many points "
                "have them, and can mislead elsewhere; what is known everywhere is better given "
                "as land cover. The networks read only those that most cells have."
            ),
            advanced=True,
        )
        self.add(
            QgsProcessingParameterField(
                "GROUP_FIELD",
                tr("Group field"),
                parentLayerParameterName="INPUT",
                type=ANY_FIELD,
                optional=True,
            ),
            tr(
                "Points with the same value here, such as those of one site or survey, are held "
                "out together by the validation groups."
            ),
            advanced=True,
        )
        self.add(
            QgsProcessingParameterMultipleLayers(
                "LANDCOVER", tr("Land cover"), RASTER, optional=True
            ),
            tr(
                "Rasters of classes, such as ESA WorldCover; several are taken as tiles of one. "
                "Their CRS and resolution may differ from the grid's. Layers that are no files, "
                "such as those of WCS, are copied first where the grid lies."
            ),
        )
        for parameter, text in option_parameters(FETCHING):
            self.add(parameter, text)
        self.add(
            QgsProcessingParameterFeatureSource("POI", tr("POIs"), [VECTOR_POINT], optional=True),
            tr("Points of interest, each of one category. A selection or filter applies."),
        )
        self.add(
            QgsProcessingParameterField(
                "POI_FIELD",
                tr("Field with the POI's category"),
                parentLayerParameterName="POI",
                type=ANY_FIELD,
                optional=True,
            ),
            tr("What kind of place each POI is; needed with a POI layer."),
        )

    def add_grid(self) -> None:
        """Add what says where the cells are."""
        self.add(
            QgsProcessingParameterFeatureSource(
                "AREA", tr("Study area"), [VECTOR_POLYGON], optional=True
            ),
            tr(
                "Polygons: only cells whose centre lies in them are mapped, and points outside "
                "are left out. A selection or filter applies."
            ),
        )
        self.add(
            QgsProcessingParameterCrs("CRS", tr("CRS of the grid"), optional=True),
            tr("By default the CRS of the points."),
        )
        self.add(
            QgsProcessingParameterDistance(
                "CELL_SIZE",
                tr("Cell size, in the unit of the CRS"),
                parentParameterName="CRS",
                optional=True,
            ),
            tr(
                "Side of a cell, in the unit of the grid's CRS: metres for most, degrees for a "
                "geographic one. Where it is not set, one that suits the points is chosen, and "
                "the log says which."
            ),
        )
        self.add(
            QgsProcessingParameterExtent("EXTENT", tr("Extent"), optional=True),
            tr("The edges of the grid; by default those of the study area, or of the points."),
        )
        self.add(
            QgsProcessingParameterRasterLayer("TEMPLATE", tr("Template raster"), optional=True),
            tr(
                "A raster whose grid is taken cell for cell, in place of cell size, extent and CRS."
            ),
            advanced=True,
        )
        self.add(
            QgsProcessingParameterNumber(
                "LANDCOVER_BAND", tr("Band of the land cover"), INTEGER, 1, minValue=1
            ),
            tr("The band that has the classes, in every land-cover raster."),
            advanced=True,
        )
