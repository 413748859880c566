"""Points and land cover in, a report of several methods side by side out."""

from __future__ import annotations

from typing import Any

from ...engine.names import COMPARE
from ..translation import tr
from .algorithm import MAP
from .inputs.layers import LayerInputs
from .inputs.options import (
    FETCHING,
    READING,
    read_options,
    settings_parameter,
)
from .inputs.values import Values
from .job import JobAlgorithm
from .outputs import add_accuracy, add_block_accuracy, add_reports, add_training_outputs

_OPTIONS = (*READING, "model", "training")


class Compare(JobAlgorithm):
    """Several methods on the same held-out cells."""

    job = COMPARE
    part = MAP
    outputs = {"REPORT": "report", "REPORT_JSON": "report_json"}

    def __init__(self) -> None:
        super().__init__(LayerInputs())

    def displayName(self) -> str:
        return tr("Compare methods of interpolation")

    def shortDescription(self) -> str:
        return tr(
            "Compares GeoHG with IDW, kriging and a random forest on the same held-out cells."
        )

    def shortHelpString(self) -> str:
        return tr(
            "Shows which method predicts best from these points: GeoHG, inverse distance "
            "weighting, ordinary kriging, a random forest on the cell features, or the mean value. "
            "All methods are tested on the same held-out cells: random cells or groups, and whole "
            "spatial blocks.\n\nThe report gives the errors of each method, the uncertainty of the "
            "ranking, and whether any method has skill. No map is made; use Interpolate for that."
        )

    def tags(self) -> list[str]:
        return tr(
            "cross-validation,validation,spatial blocks,accuracy,idw,kriging,random forest,"
            "gnn,comparison,benchmark,covariate,elevation"
        ).split(",")

    def initAlgorithm(self, configuration: dict[str, Any] | None = None) -> None:
        self.add_layers()
        self.add_options(*_OPTIONS)
        self.add(*settings_parameter(), advanced=True)
        add_reports(self)
        add_accuracy(self)
        add_block_accuracy(self)
        self.add_numbers(
            {
                "FOREST_R2": tr("R2 of the random forest on the same cells"),
                "FOREST_RMSE": tr("RMSE of the random forest on the same cells"),
                "FOREST_MAE": tr("MAE of the random forest on the same cells"),
                "BLOCKS_FOREST_R2": tr("R2 of the random forest on the same blocks"),
                "BLOCKS_FOREST_RMSE": tr("RMSE of the random forest on the same blocks"),
                "BLOCKS_FOREST_MAE": tr("MAE of the random forest on the same blocks"),
            }
        )
        add_training_outputs(self)

    def make_request(self, values: Values) -> dict[str, Any]:
        return read_options(values, *_OPTIONS, FETCHING)
