"""A city's folder in, a graph out."""

from __future__ import annotations

from typing import Any

from qgis.core import (
    QgsProcessingParameterBoolean,
    QgsProcessingParameterFile,
)

from ...engine.names import IMPORTCITY
from ..compat import FOLDER, VECTOR_ANY
from ..translation import tr
from .inputs.values import Values
from .job import JobAlgorithm
from .outputs import GRAPH_OUTPUTS, add_graph, add_graph_counts


class ImportCity(JobAlgorithm):
    """Makes a graph of files that describe a city."""

    job = IMPORTCITY
    outputs = GRAPH_OUTPUTS

    def displayName(self) -> str:
        return tr("Import city")

    def shortDescription(self) -> str:
        return tr("Makes a graph from a folder of city files, such as the paper's data.")

    def shortHelpString(self) -> str:
        return tr(
            "Makes a graph file from a city's folder, as Build graph does from layers. The folder "
            "contains CSV files (pos_encode.csv and others; see the page on formats) or the text "
            "files of the GeoHG paper's public data (pos_encode.txt, ANA.txt, ELA.txt, PLA.txt). "
            "Errors in the text files are corrected; the log lists them.\n\nIf cells lie on a "
            "grid, they are squares: without a CRS and grid in city.json, one kilometre wide and "
            "without a position on Earth. If city.json contains a CRS without a grid, cells are "
            "points of unknown shape, and no rasters can be made."
        )

    def tags(self) -> list[str]:
        return tr("graph,gnn,city,csv,import,public data,benchmark").split(",")

    def initAlgorithm(self, configuration: dict[str, Any] | None = None) -> None:
        self.add(
            QgsProcessingParameterFile("FOLDER", tr("Folder of the city"), behavior=FOLDER),
            tr("The folder with the files of the cells, such as Hyper_Graph/GZ."),
        )
        self.add(
            QgsProcessingParameterFile(
                "TARGET_FOLDER", tr("Folder of the values"), behavior=FOLDER, optional=True
            ),
            tr(
                "The folder with one file per measured value, such as downstream_tasks/GZ, if it "
                "is another folder."
            ),
        )
        self.add(
            QgsProcessingParameterBoolean("STRICT_REFERENCE", tr("Exactly as published"), False),
            tr(
                "Reads the text files as the paper's code does, without correcting errors, for "
                "comparison."
            ),
            advanced=True,
        )
        add_graph(self, VECTOR_ANY)
        add_graph_counts(self)

    def make_request(self, values: Values) -> dict[str, Any]:
        return {
            "folder": values.file("FOLDER"),
            "target_folder": values.file("TARGET_FOLDER"),
            "data": {"strict_reference": values.boolean("STRICT_REFERENCE")},
        }
