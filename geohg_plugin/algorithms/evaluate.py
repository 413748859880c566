"""A model and a graph in, figures out."""

from __future__ import annotations

from typing import Any

from ...engine import schema
from ..translation import tr
from .inputs.points import NewPoints
from .inputs.values import Values
from .job import JobAlgorithm
from .outputs import add_accuracy, add_reports, add_residuals, add_target


class Evaluate(JobAlgorithm):
    """Measures a model on the cells that it was not fitted to."""

    job = schema.EVALUATE
    outputs = {"RESIDUALS": "residuals", "REPORT": "report", "REPORT_JSON": "report_json"}

    def __init__(self) -> None:
        super().__init__(NewPoints())

    def displayName(self) -> str:
        return tr("Evaluate model")

    def shortDescription(self) -> str:
        return tr("Measures a model on observed cells that it was not fitted to.")

    def shortHelpString(self) -> str:
        return tr(
            "Measures a trained model on the observed cells of a graph that it was not fitted "
            "to, beside inverse distance weighting and kriging on the same cells.\n\n"
            "With new points, measured later than those that the model learnt from, it is "
            "measured on the cells that they fall in. A cell that the model was fitted to is "
            "predicted without its old value; where the model cannot do so, as most networks "
            "cannot, the cell is left out, and the log says how many were."
        )

    def tags(self) -> list[str]:
        return tr("gnn,validation,accuracy,rmse,r2,test,report").split(",")

    def initAlgorithm(self, configuration: dict[str, Any] | None = None) -> None:
        self.add_file("MODEL", tr("Model file"), tr("A model file that Train made."))
        self.add_file(
            "GRAPH", tr("Graph file"), tr("The graph that the model was trained on, or another.")
        )
        self.add_layers()
        add_residuals(self)
        add_reports(self)
        add_accuracy(self)
        self.add_numbers({})
        add_target(self)

    def make_request(self, values: Values) -> dict[str, Any]:
        return {"model_file": values.file("MODEL"), "graph": values.file("GRAPH")}
