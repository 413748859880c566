"""Models by their kinds, as the table of `config.kinds` has them."""

from __future__ import annotations

import importlib
from typing import cast

from ..config.kinds import KINDS
from ..config.schema import Config
from ..errors import InputError
from ..language import tr
from .base import Model, StoredModel


def make_model(config: Config) -> Model:
    """The unfitted model that the options name."""
    return class_of(config.model.fitted_kind).of(config)


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
