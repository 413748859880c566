"""Models by their kinds, as the table of `config.kinds` has them."""

from __future__ import annotations

import importlib
from typing import Any, cast

import numpy as np
from numpy.typing import NDArray

from ..config.kinds import KINDS
from ..config.schema import Config
from ..data.bounds import refuse_outside
from ..data.builders.graph import GraphRawData
from ..errors import InputError
from ..language import tr
from ..progress import Progress
from .base import Model, ReadsPlaces, StoredModel


def make_model(config: Config) -> Model:
    """The unfitted model that the options name."""
    return class_of(config.model.fitted_kind).of(config)


def fit_model(
    config: Config,
    graph: GraphRawData,
    target: str,
    observed: NDArray[np.int64],
    progress: Progress,
    before: Model | None = None,
    **options: Any,
) -> Model:
    """Fit the model that the options name to the observed cells of a target.

    What else the graph holds of every cell informs it where that clearly helps, if its kind
    can be informed; see `informed.fit_informed`.

    Parameters
    ----------
    config : Config
        Options of the model.
    graph : GraphRawData
        The graph.
    target : str
        The target.
    observed : int64 array
        Training cells, as indices into `graph.cell`; no other value of the target is read.
    progress : Progress
        Receives progress and messages.
    before : Model, optional
        One that was fitted to most of the same cells, from which this one may set out.
    **options
        Of the `fit` of networks.

    Raises
    ------
    InputError
        If a measured value of any cell lies outside `model.bounds`.
    """
    refuse_outside(graph.target(target), config.model.bounds, target)
    if KINDS[config.model.fitted_kind].informed:
        from .informed import fit_informed

        return fit_informed(config, graph, target, observed, progress, before)
    model = make_model(config)
    if isinstance(model, ReadsPlaces):
        options["readings"] = graph.readings.get(target)
    return model.fit(graph, graph.target(target), observed, progress, **options)


def class_of(kind: str) -> type[StoredModel]:
    """The class of a kind of model.

    PyTorch takes a second to import and PyTorch Geometric two more: each is loaded when a
    model needs it, so that bad input is told at once.

    Raises
    ------
    InputError
        If there is no such kind.
    """
    if kind not in KINDS:
        raise InputError(tr("the kind of model {kind!r} is unknown.").format(kind=str(kind)[:60]))
    known = KINDS[kind]
    module = importlib.import_module(f".{known.module}", __package__)
    return cast("type[StoredModel]", getattr(module, known.name))
