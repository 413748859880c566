"""Which model an option means, and model files."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.spatial import cKDTree

from .. import schema
from ..config.checks import Kind, Named
from ..data import store
from ..data.builders.graph import GraphRawData
from ..data.builders.grid import Grid
from ..data.builders.sites import Sites
from ..data.forms import (
    ANYTHING,
    DESCRIPTION,
    NAME,
    TEXT,
    Array,
    Figure,
    Form,
    Options,
    Places,
    check_tensors,
    inside,
    refuse_others,
    refuse_unordered,
)
from ..data.graph_forms import check_ground
from ..data.matching import describe, refuse_difference
from ..errors import FileFormatError, InputError
from ..language import tr
from ..models.base import Model, Prediction
from ..models.kinds import class_of
from ..models.places import cell_places
from ..progress import Progress

_TINY = float(np.finfo(np.float64).tiny)
# What model files put before the names of `FittedModel.trust`, and of a model's own tensors.
_TRUST, _MODEL = "trust.", "model."
_DETAILS: dict[str, Kind] = {
    "config": Options(whole=False),
    "numbers": Named(Figure()),
    "versions": Named(TEXT),
}
_HEADER = Form(
    {
        "model": Named(ANYTHING),
        "target": NAME,
        "unit": TEXT,
        "places": Places(),
        **DESCRIPTION,
        **_DETAILS,
    }
)
_APPLICABILITY = {
    "applicability.centre": Array(("columns of features",)),
    "applicability.scale": Array(("columns of features",), low=0.0),
    "applicability.rows": Array(("compared", "columns of features"), missing=True),
    "applicability.xy": Array(("fitted", 2)),
    "applicability.reach": Array((2,), low=_TINY),
}
_TRUST_FORMS = {
    "scores": Array(("scores",), low=0.0),
    "reach": Array((3,), low=_TINY),
    **_APPLICABILITY,
}


@dataclasses.dataclass(frozen=True)
class FittedModel:
    """A model with what it was fitted to.

    Parameters
    ----------
    model : Model
        It predicts.
    target : str
        What it predicts.
    fitted : int64 array
        Cells of its places that it was fitted to.
    header : dict
        The unit, the places, names of features and hypernodes that a graph must share,
        settings.
    trust : dict of str to array
        How far it can be trusted: `scores`, by how many of its own deviations it missed
        each value that it did not see, empty if nobody measured that; and the arrays of
        `Reach` and `Applicability`.
    """

    model: Model
    target: str
    fitted: NDArray[np.int64]
    header: dict[str, Any]
    trust: dict[str, NDArray[Any]]

    def unseen(self, graph: GraphRawData) -> NDArray[np.int64]:
        """Observed cells of `graph` that the model was not fitted to."""
        observed = graph.observed(self.target)
        if graph.places.describe() != self.header["places"]:
            return observed
        return observed[~np.isin(graph.cell[observed], self.fitted)]

    def left_out(self, graph: GraphRawData) -> tuple[Prediction, NDArray[np.int64]]:
        """What the model says of each cell that it was fitted to without the cell's value.

        Returns
        -------
        Prediction, int64 array [n]
            In order, and the cells as indices into `graph.cell`: those of them that
            `graph` has, none if it has other places.
        """
        cells: NDArray[np.int64] = np.empty(0, dtype=np.int64)
        position = cells
        if graph.places.describe() == self.header["places"]:
            _, cells, position = np.intersect1d(graph.cell, self.fitted, return_indices=True)
        if len(cells) == 0:
            return Prediction(np.empty(0), np.empty(0)), cells
        left_out = self.model.leave_one_out()
        location, spread = left_out.location[position], left_out.spread[position]
        return dataclasses.replace(left_out, location=location, spread=spread), cells

    def distance(self, graph: GraphRawData) -> NDArray[np.float64]:
        """From each cell of `graph` to the nearest that the model was fitted to, in metres.

        Infinite where the model keeps no positions: it was fitted to other places than
        these, on no grid.
        """
        places: Grid | Sites = graph.places
        if places.describe() != self.header["places"]:
            if "sites" in self.header["places"]:
                return np.full(len(graph.cell), np.inf)
            places = Grid(**self.header["places"])
        tree = cKDTree(graph.places.plane.metres(places.centres(self.fitted)))
        found: NDArray[np.float64] = tree.query(cell_places(graph))[0]
        return found

    def check_fits(self, graph: GraphRawData) -> None:
        """Refuse a graph that the model cannot read.

        Raises
        ------
        FileFormatError
            Naming what differs: features, hypernodes, CRS or cell size.
        """
        refuse_difference({name: self.header[name] for name in describe(graph)}, graph, tr("model"))


def save_model(
    path: Path,
    model: Model,
    graph: GraphRawData,
    target: str,
    fitted: NDArray[np.int64],
    details: Mapping[str, Any],
    trust: Mapping[str, NDArray[Any]] = {},
) -> None:
    """Write a model file.

    `fitted` are indices into `graph.cell`, `details` are JSON, `trust` is that of
    `FittedModel`.
    """
    state = model.state()
    header = {
        **{name: {} for name in _DETAILS},
        "model": state.header,
        "target": target,
        "unit": graph.info.get("units", {}).get(target, ""),
        "places": graph.places.describe(),
        **describe(graph),
        **details,
    }
    tensors = {f"{_MODEL}{name}": values for name, values in state.tensors.items()}
    tensors |= {f"{_TRUST}{name}": values for name, values in trust.items()}
    store.write(path, schema.MODEL_FILE, {**tensors, "fitted": graph.cell[fitted]}, header)


def load_model(path: str | Path, progress: Progress | None = None) -> FittedModel:
    """Read a model file.

    Parameters
    ----------
    path, progress
        As of `store.read`.

    Raises
    ------
    FileFormatError
        If the file is not a whole and consistent model file.
    """
    tensors, header = store.read(path, schema.MODEL_FILE, progress)
    try:
        return _fitted_of(tensors, header)
    except InputError as error:
        raise FileFormatError(
            tr("The model file '{path}' is inconsistent: {error} Train the model again.").format(
                path=path, error=error
            )
        ) from error


def _fitted_of(tensors: store.Tensors, header: dict[str, Any]) -> FittedModel:
    """The model of a file; raises `InputError` for what is not of its form."""
    _HEADER.check(header, "")
    sizes = check_tensors(tensors, {"fitted": Array(("fitted",), whole=True, low=0)}, {})
    fitted = tensors["fitted"]
    refuse_unordered(fitted, "fitted", _size_of(header["places"]))
    if len(fitted) and "rows" in header["places"]:
        check_ground(Grid(**header["places"]), fitted)
    trust, own = inside(tensors, _TRUST), inside(tensors, _MODEL)
    refuse_others(tensors, {"fitted", *(_TRUST + n for n in trust), *(_MODEL + n for n in own)})
    _check_trust(trust, sizes)
    made = class_of(header["model"].get("kind"))
    made.check_state(own, header["model"], sizes)
    model = made.from_state(own, header["model"])
    unused = own.keys() - model.state().tensors.keys()
    if unused:
        raise InputError(tr("the tensor '{name}' is unknown.").format(name=min(unused)[:60]))
    trust.setdefault("scores", np.empty(0))
    return FittedModel(model, header["target"], fitted, header, trust)


def _check_trust(trust: store.Tensors, sizes: dict[str, int]) -> None:
    """Refuse another form of `FittedModel.trust`: all of it, the scores alone, or nothing."""
    refuse_others(trust, _TRUST_FORMS)
    more = trust.keys() - {"scores"}
    wanted = {name: form for name, form in _TRUST_FORMS.items() if more or name in trust}
    check_tensors(trust, wanted, sizes)
    near, far, stretch = trust.get("reach", (1.0, 2.0, 1.0))
    if not (near < far and stretch >= 1):
        raise InputError(tr("the tensor '{name}' is not what it was.").format(name="reach"))


def _size_of(places: Mapping[str, Any]) -> int:
    return int(places["sites"] if "sites" in places else places["rows"] * places["cols"])
