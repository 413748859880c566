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
            tr("Points where the value was measured. A selection or filter applies."),
        )
        field = QgsProcessingParameterField(
            "FIELD",
            tr("Value fields") if several_fields else tr("Value field"),
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
                "The measured value to predict. Several points in a cell are averaged; points "
                "without a value are left out."
            ),
        )
        self.add(
            QgsProcessingParameterString(
                "UNIT",
                tr("Unit of the values") if several_fields else tr("Unit of the value"),
                optional=True,
            ),
            tr("For example µg/m³. It is shown in legends, band names and the report."),
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
                "Other values measured at the points, such as elevation. Kriging estimates them "
                "between the points. They help if they vary smoothly and many points have them; "
                "otherwise they can mislead. Give what is known everywhere as land cover instead. "
                "Networks read only covariates that most cells have."
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
                "Points with the same value in this field, for example from one site or survey, "
                "are held out together by the validation groups."
            ),
            advanced=True,
        )
        self.add(
            QgsProcessingParameterMultipleLayers(
                "LANDCOVER", tr("Land cover"), RASTER, optional=True
            ),
            tr(
                "Rasters of classes, such as ESA WorldCover; several are read as tiles of one map. "
                "CRS and resolution may differ from the grid's. Layers that are not files, such as "
                "WCS, are first copied within the grid."
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
                tr("POI category field"),
                parentLayerParameterName="POI",
                type=ANY_FIELD,
                optional=True,
            ),
            tr(
                "The field with each POI's category, for example restaurant; required with a POI "
                "layer."
            ),
        )

    def add_grid(self) -> None:
        """Add what says where the cells are."""
        self.add(
            QgsProcessingParameterFeatureSource(
                "AREA", tr("Study area"), [VECTOR_POLYGON], optional=True
            ),
            tr(
                "Polygons. Only cells whose centre lies inside are mapped; points in other cells "
                "are left out. A selection or filter applies."
            ),
        )
        self.add(
            QgsProcessingParameterCrs("CRS", tr("CRS of the grid"), optional=True),
            tr("Default: the CRS of the points."),
        )
        self.add(
            QgsProcessingParameterDistance(
                "CELL_SIZE",
                tr("Cell size, in the unit of the CRS"),
                parentParameterName="CRS",
                optional=True,
            ),
            tr(
                "Side of a cell, in the unit of the grid's CRS: metres, or degrees for a "
                "geographic CRS. If not set, a size that suits the points is chosen and shown in "
                "the log."
            ),
        )
        self.add(
            QgsProcessingParameterExtent("EXTENT", tr("Extent"), optional=True),
            tr("Extent of the grid. Default: that of the study area or the points."),
        )
        self.add(
            QgsProcessingParameterRasterLayer("TEMPLATE", tr("Template raster"), optional=True),
            tr("A raster whose cells are used as the grid, in place of cell size, extent and CRS."),
            advanced=True,
        )
        self.add(
            QgsProcessingParameterNumber(
                "LANDCOVER_BAND", tr("Land-cover band"), INTEGER, 1, minValue=1
            ),
            tr("The band with the classes in every land-cover raster."),
            advanced=True,
        )
