"""Points with measured values, and the fields that are read of them."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from qgis.core import (
    QgsProcessingException,
    QgsProcessingFeatureSource,
    QgsProcessingFeedback,
    QgsProcessingParameterFeatureSource,
    QgsProcessingParameterField,
    QgsProcessingParameterString,
)

from ....engine.names import GROUPS
from ...adapters.tables import (
    append_points,
    check_fields,
    check_layer,
    check_numeric,
    write_points,
)
from ...compat import ANY_FIELD, NUMERIC_FIELD, POINT, VECTOR_POINT
from ...translation import tr
from .layer import Described, LayerInput
from .values import Values


class Points(LayerInput):
    """The points that a graph is made of."""

    field = "FIELD"

    def __init__(self) -> None:
        self._targets: list[str] = []
        self._covariates: list[str] = []
        self._group: list[str] = []

    def parameters(self) -> list[Described]:
        layer = Described(
            QgsProcessingParameterFeatureSource("INPUT", tr("Points"), [VECTOR_POINT]),
            tr("Points where the value was measured. A selection or filter applies."),
        )
        return [layer, *self._value_parameters(), *_more_parameters()]

    def _value_parameters(self) -> list[Described]:
        return _value_parameters()

    def check(self, values: Values) -> None:
        self._targets = values.fields(self.field)
        self._covariates = values.fields("COVARIATES")
        self._group = values.fields("GROUP_FIELD")
        source = values.source("INPUT")
        self._check_targets(source, self._targets)
        _check_measured(source, self._covariates)
        check_fields(source, self._group)
        grouped = values.has("VALIDATION") and values.choice("VALIDATION") == GROUPS
        if grouped and not self._group:
            raise QgsProcessingException(
                tr("The validation 'groups' needs a group field; set GROUP_FIELD.")
            )
        if values.given("PREDICT_AT"):
            self._check_places(values.source("PREDICT_AT"))

    def _check_targets(self, source: QgsProcessingFeatureSource, fields: list[str]) -> None:
        _check_measured(source, fields)

    def _check_places(self, source: QgsProcessingFeatureSource) -> None:
        """Refuse places of which the covariates are not known."""
        if not self._covariates:
            raise QgsProcessingException(
                tr(
                    "PREDICT_AT has points where the covariates are known too, and no covariates "
                    "are named; set COVARIATES, or leave PREDICT_AT empty."
                )
            )
        _check_measured(source, self._covariates)

    def request(
        self, values: Values, folder: Path, feedback: QgsProcessingFeedback
    ) -> dict[str, Any]:
        fields = list(dict.fromkeys([*self._targets, *self._covariates, *self._group]))
        source, path = values.source("INPUT"), folder / "points.csv"
        table = write_points(source, fields, path, feedback)
        if values.given("PREDICT_AT"):
            # No value stands there: it is what is predicted.
            known = [name if name in self._covariates else None for name in fields]
            context = values.context.transformContext()
            places = values.source("PREDICT_AT")
            append_points(places, known, path, source.sourceCrs(), context, feedback)
        points = {
            **table,
            "targets": self._targets,
            "covariates": self._covariates,
        }
        unit = values.text("UNIT").strip() if values.has("UNIT") else ""
        if unit:
            points["units"] = dict.fromkeys(self._targets, unit)
        if self._group:
            points["group"] = self._group[0]
        return {"points": points}


class ClassPoints(Points):
    """Points whose value is the name of a class, such as a type of soil."""

    field = "CLASS_FIELD"

    def _value_parameters(self) -> list[Described]:
        field = QgsProcessingParameterField(
            self.field,
            tr("Field of classes"),
            parentLayerParameterName="INPUT",
            type=ANY_FIELD,
        )
        text = tr(
            "The class to predict, such as a type of soil: text, or whole numbers that are codes. "
            "Points without a class are left out. At most 30 classes can be mapped."
        )
        return [Described(field, text)]

    def _check_targets(self, source: QgsProcessingFeatureSource, fields: list[str]) -> None:
        check_layer(source, POINT)
        check_fields(source, fields)


class AnyPoints(Points):
    """Points whose value may be of any type: what it is, is to be found out."""

    def _value_parameters(self) -> list[Described]:
        field, *more = super()._value_parameters()
        field.parameter.setDataType(ANY_FIELD)
        field.parameter.setAllowMultiple(False)
        return [field, *more]

    def _check_targets(self, source: QgsProcessingFeatureSource, fields: list[str]) -> None:
        check_layer(source, POINT)
        check_fields(source, fields)


class NewPoints(LayerInput):
    """Points that were measured later, of the value that a model predicts; or none."""

    def __init__(self) -> None:
        self._fields: list[str] = []

    def parameters(self) -> list[Described]:
        layer = Described(
            QgsProcessingParameterFeatureSource(
                "POINTS", tr("New points"), [VECTOR_POINT], optional=True
            ),
            tr(
                "Points with values measured after training. The model is tested on the cells "
                "that contain them, not on the graph's held-out cells. A selection or filter "
                "applies."
            ),
        )
        field = Described(
            QgsProcessingParameterField(
                "FIELD",
                tr("Value field of the new points"),
                parentLayerParameterName="POINTS",
                type=NUMERIC_FIELD,
                optional=True,
            ),
            tr("In the unit that the model predicts; required with new points."),
        )
        return [layer, field]

    def check(self, values: Values) -> None:
        self._fields = values.fields("FIELD")
        if not values.given("POINTS"):
            return
        if not self._fields:
            raise QgsProcessingException(tr("New points need a value field; set FIELD."))
        _check_measured(values.source("POINTS"), self._fields)

    def request(
        self, values: Values, folder: Path, feedback: QgsProcessingFeedback
    ) -> dict[str, Any]:
        if not values.given("POINTS"):
            return {}
        source = values.source("POINTS")
        table = write_points(source, self._fields, folder / "points.csv", feedback)
        return {"points": {**table, "targets": self._fields}}


def _value_parameters() -> list[Described]:
    field = QgsProcessingParameterField(
        "FIELD",
        tr("Value fields"),
        parentLayerParameterName="INPUT",
        type=NUMERIC_FIELD,
        allowMultiple=True,
    )
    text = tr(
        "The measured values to predict: one field, or several, which take less time together "
        "than one after the other. Each has its own bands in the rasters, in the order given here, "
        "and its own section of the report; numbers are those of the first field. The default "
        "model reads each point where it is; networks read the mean of each cell. Points without a "
        "value are left out."
    )
    unit = Described(
        QgsProcessingParameterString(
            "UNIT",
            tr("Unit of the values"),
            optional=True,
        ),
        tr("For example µg/m³. It is shown in legends, band names and the report."),
        advanced=True,
    )
    return [Described(field, text), unit]


def _more_parameters() -> list[Described]:
    covariates = Described(
        QgsProcessingParameterField(
            "COVARIATES",
            tr("Covariates"),
            parentLayerParameterName="INPUT",
            type=NUMERIC_FIELD,
            allowMultiple=True,
            optional=True,
        ),
        tr(
            "Other values measured at the points, such as elevation. Kriging estimates "
            "them between the points. They help if they vary smoothly and many points have "
            "them; otherwise they can mislead. Give what is known everywhere as land cover "
            "instead. Networks read only covariates that most cells have."
        ),
        advanced=True,
    )
    group = Described(
        QgsProcessingParameterField(
            "GROUP_FIELD",
            tr("Group field"),
            parentLayerParameterName="INPUT",
            type=ANY_FIELD,
            optional=True,
        ),
        tr(
            "Points with the same value in this field, for example from one site or "
            "survey, are held out together by the validation groups."
        ),
        advanced=True,
    )
    places = Described(
        QgsProcessingParameterFeatureSource(
            "PREDICT_AT", tr("Points with covariates only"), [VECTOR_POINT], optional=True
        ),
        tr(
            "More points where the covariates are known and the value is not, for example the "
            "places to predict at. They have the covariates in fields of the same names. The "
            "cells there use them. A selection or filter applies."
        ),
        advanced=True,
    )
    return [covariates, group, places]


def _check_measured(source: QgsProcessingFeatureSource, fields: list[str]) -> None:
    """Refuse a layer of other geometries than points, or without numbers in these fields."""
    check_layer(source, POINT)
    check_numeric(source, fields)
