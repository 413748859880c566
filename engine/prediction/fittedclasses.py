"""A fitted model of classes with all that it needs to make maps, in memory and as a file."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ..config.schema import UncertaintyConfig
from ..data import store
from ..data.builders.graph import GraphRawData
from ..data.forms import Tensors
from ..data.matching import describe
from ..data.sources.classpoints import Labelled
from ..errors import InputError
from ..language import tr
from ..models.classes import ClassProcess
from ..names import MODEL_FILE
from ..progress import Part, Progress, Silent
from .applicability import Applicability
from .classmaps import ClassMap, class_arrays
from .fitted import FittedMap
from .fittedmodel import FittedModel
from .reach import Reach


@dataclasses.dataclass(frozen=True)
class FittedClasses(FittedModel):
    """A fitted model of classes; see `FittedModel`.

    Parameters
    ----------
    names : tuple of str
        The classes, in the order of the model's.
    """

    model: ClassProcess
    names: tuple[str, ...] = ()

    @classmethod
    def learn(
        cls,
        model: ClassProcess,
        graph: GraphRawData,
        target: str,
        labelled: Labelled,
        details: Mapping[str, Any] = {},
        progress: Progress | None = None,
    ) -> FittedClasses:
        """Make one of a model that was fitted to all cells with points.

        Parameters
        ----------
        model : ClassProcess
            Fitted to the observed cells of `labelled`.
        graph : GraphRawData
            The graph.
        target : str
            What the classes are of.
        labelled : Labelled
            The points of each class in its cells.
        details : mapping
            See `FittedModel`.
        progress : Progress, optional
            Receives progress and messages.
        """
        known = labelled.observed
        return cls(
            model,
            target,
            "",
            graph.geometry.describe(),
            describe(graph),
            graph.cell[known],
            Applicability.learn(graph, known, progress or Silent()),
            dict(details),
            names=labelled.names,
        )

    def part(self, graph: GraphRawData, how: UncertaintyConfig, progress: Progress) -> ClassMap:
        """The classes of a graph that may hold some cells of a map; `how` changes nothing."""
        area = self.known_area()
        found = self.model.predict(graph, Part(progress, 0.0, 0.7))
        return ClassMap(graph, self.names, found, area.index(graph, Part(progress, 0.7, 1.0)))

    def arrays_of(self, how: UncertaintyConfig) -> list[str]:
        """The names of the arrays of a `part`."""
        return class_arrays(len(self.names))

    def _trust(self) -> dict[str, NDArray[Any]]:
        return {"scores": np.empty(0), **Reach().arrays(), **super()._trust()}

    def _more_header(self) -> dict[str, Any]:
        return {"classes": list(self.names)}

    @classmethod
    def _kept(cls, tensors: Tensors, header: dict[str, Any]) -> dict[str, Any]:
        kept, names = super()._kept(tensors, header), tuple(header.get("classes", ()))
        if len(names) != len(kept["model"].middle_):
            raise InputError(tr("its classes are not those that it names."))
        return {**kept, "names": names}


def load_fitted(path: str | Path, progress: Progress | None = None) -> FittedMap | FittedClasses:
    """Read a model file, of a number or of classes; see `FittedModel.load`."""
    tensors, header = store.read(path, MODEL_FILE, progress)
    made = FittedClasses if "classes" in header else FittedMap
    return made.of_file(path, tensors, header)
