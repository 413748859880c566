"""A fitted model with what a later map needs of it, in memory and as a file."""

from __future__ import annotations

import dataclasses
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from ..config.schema import Config, make_config
from ..data import store
from ..data.builders.graph import GraphRawData
from ..data.builders.grid import Grid
from ..data.forms import DESCRIPTION, Tensors
from ..data.graph_forms import graph_of
from ..data.matching import refuse_difference
from ..errors import FileFormatError, InputError
from ..language import tr
from ..models.kinds import class_of
from ..names import MODEL_FILE
from ..progress import Progress
from .applicability import Applicability
from .model_forms import DETAILS, GRAPH, MODEL, TRUST, check_parts

if TYPE_CHECKING:
    from typing_extensions import Self


@dataclasses.dataclass(frozen=True)
class FittedModel:
    """What maps of numbers and of classes keep of a fit.

    Parameters
    ----------
    model : StoredModel
        The fitted model.
    target, unit : str
        Name and unit of what is predicted; the unit is empty if unknown.
    geometry : dict
        Description of the grid, or list of cells, of the training graph.
    shared : dict
        Properties that other graphs must share with the training graph; see `describe`.
    cells : int64 array [n]
        Numbers of the training cells in `geometry`, ascending.
    area : Applicability or None
        The area of applicability; None if the file of an older version lacks it.
    details : dict
        `config`, `numbers` and `versions` of the run that fitted the model.
    graph : GraphRawData or None
        The graph that it maps, if that is kept with it.
    """

    model: Any
    target: str
    unit: str
    geometry: dict[str, Any]
    shared: dict[str, Any]
    cells: NDArray[np.int64]
    area: Applicability | None
    details: dict[str, Any]
    graph: GraphRawData | None = None

    def known_area(self) -> Applicability:
        if self.area is None:
            raise FileFormatError(
                tr("The model file has no area of applicability; train the model again.")
            )
        return self.area

    def shared_with(self, graph: GraphRawData) -> int:
        """How many cells of a graph are training cells."""
        same = graph.geometry.describe() == self.geometry
        return len(np.intersect1d(graph.cell, self.cells)) if same else 0

    def cells_in(self, grid: Grid) -> NDArray[np.int64]:
        """The cells of a grid that hold the middle of a training cell, ascending, each once."""
        if grid.describe() == self.geometry:
            return self.cells
        if "sites" in self.geometry:
            return np.empty(0, np.int64)
        found = grid.locate(*Grid(**self.geometry).centres(self.cells).T)
        return np.unique(found[found >= 0])

    @property
    def config(self) -> Config:
        """The options of its data and of its model, and the defaults of all others."""
        learnt = self.details["config"]
        return make_config({name: learnt.get(name) for name in ("data", "model")})

    def check_cells(self, grid: Grid) -> None:
        """As `check_fits`, of the grid of a graph."""
        own = {name: self.shared[name] for name in ("crs", "cell_sizes")}
        refuse_difference(own, grid, tr("model"))

    def check_fits(self, graph: GraphRawData) -> None:
        """Refuse a graph that the model cannot read.

        Raises
        ------
        FileFormatError
            If features, hypernodes, CRS or cell size differ, naming which.
        """
        refuse_difference(self.shared, graph, tr("model"))

    def save(self, path: Path) -> None:
        """Write a model file."""
        state = self.model.state()
        header = {
            **{name: {} for name in DETAILS},
            "model": state.header,
            "target": self.target,
            "unit": self.unit,
            "places": self.geometry,
            **self.shared,
            **self.details,
            **self._more_header(),
        }
        tensors = {f"{MODEL}{name}": values for name, values in state.tensors.items()}
        tensors |= {f"{TRUST}{name}": values for name, values in self._trust().items()}
        if self.graph is not None:
            own, header["graph"] = store.graph_parts(self.graph)
            tensors |= {f"{GRAPH}{name}": values for name, values in own.items()}
        store.write(path, MODEL_FILE, {**tensors, "fitted": self.cells}, header)

    def _trust(self) -> dict[str, NDArray[Any]]:
        """The tensors of a file that intervals and applicability need."""
        return self.area.arrays() if self.area else {}

    def _more_header(self) -> dict[str, Any]:
        """What else the header of a file has."""
        return {}

    @classmethod
    def load(cls, path: str | Path, progress: Progress | None = None) -> Self:
        """Read a model file.

        Parameters
        ----------
        path, progress
            See `store.read`.

        Raises
        ------
        FileFormatError
            If the file is not a complete and consistent model file of this sort.
        """
        return cls.of_file(path, *store.read(path, MODEL_FILE, progress))

    @classmethod
    def of_file(cls, path: str | Path, tensors: Tensors, header: dict[str, Any]) -> Self:
        """That of a file whose content was read; see `load`."""
        try:
            return cls(**cls._kept(tensors, header))
        except InputError as error:
            raise FileFormatError(
                tr(
                    "The model file '{path}' is inconsistent: {error} Train the model again."
                ).format(path=path, error=error)
            ) from error

    @classmethod
    def _kept(cls, tensors: Tensors, header: dict[str, Any]) -> dict[str, Any]:
        """What a file keeps, by the names of parameters.

        Raises
        ------
        InputError
            For what is not of its form.
        """
        parts = check_parts(tensors, header)
        own, sizes = parts.model, parts.sizes
        made = class_of(header["model"].get("kind"))
        made.check_state(own, header["model"], sizes)
        model = made.from_state(own, header["model"])
        unused = own.keys() - model.state().tensors.keys()
        if unused:
            raise InputError(tr("the tensor '{name}' is unknown.").format(name=min(unused)[:60]))
        return {
            "model": model,
            "target": header["target"],
            "unit": header["unit"],
            "geometry": header["places"],
            "shared": {name: header[name] for name in DESCRIPTION},
            "cells": tensors["fitted"],
            "area": Applicability.from_arrays(parts.trust),
            "details": {name: header[name] for name in DETAILS},
            "graph": graph_of(parts.graph, header["graph"]) if "graph" in header else None,
        }
