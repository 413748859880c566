"""A model and a graph in, figures out."""

from __future__ import annotations

from typing import Any

from ...engine.names import EVALUATE
from ..translation import tr
from .inputs.options import option_parameters, read_options
from .inputs.points import NewPoints
from .inputs.values import Values
from .job import JobAlgorithm
from .outputs import add_accuracy, add_reports, add_residuals, add_target

_IMPORTANCE = "training.importance"


class Evaluate(JobAlgorithm):
    """Measures a model on the cells that it was not fitted to."""

    job = EVALUATE
    outputs = {"RESIDUALS": "residuals", "REPORT": "report", "REPORT_JSON": "report_json"}

    def __init__(self) -> None:
        super().__init__(NewPoints())

    def displayName(self) -> str:
        return tr("Evaluate model")

    def shortDescription(self) -> str:
        return tr("Tests a model on observed cells that were not used to fit it.")

    def shortHelpString(self) -> str:
        return tr(
            "Tests a trained model on the observed cells of a graph that were not used to "
            "fit it, and compares it with inverse distance weighting and kriging on the "
            "same cells.\n\nWith new points, measured after training, the model is tested on "
            "the cells that contain them. If a cell was also used to fit the model, it is "
            "predicted without its old value. Most networks cannot do this; such cells are "
            "then left out, and the log gives their number."
        )

    def tags(self) -> list[str]:
        return tr("gnn,validation,accuracy,rmse,r2,test,report").split(",")

    def initAlgorithm(self, configuration: dict[str, Any] | None = None) -> None:
        self.add_file("MODEL", tr("Model file"), tr("A model file from Train."))
        self.add_file(
            "GRAPH", tr("Graph file"), tr("The graph that the model was trained on, or another.")
        )
        self.add_layers()
        for parameter, text in option_parameters(_IMPORTANCE):
            self.add(parameter, text, advanced=True)
        add_residuals(self)
        add_reports(self)
        add_accuracy(self)
        self.add_numbers({})
        add_target(self)

    def make_request(self, values: Values) -> dict[str, Any]:
        files = {"model_file": values.file("MODEL"), "graph": values.file("GRAPH")}
        return {**files, **read_options(values, _IMPORTANCE)}
