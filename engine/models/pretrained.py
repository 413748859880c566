"""Pretrained encoders: made, kept in files, and started from."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray

from ..config.checks import Kind, Many, Named
from ..config.schema import Config, make_config
from ..data import store
from ..data.builders.graph import GraphRawData
from ..data.forms import (
    COUNT,
    DESCRIPTION,
    NUMBER,
    TEXT,
    Form,
    GeometryForm,
    Options,
    StateForm,
    Tensors,
    inside,
    refuse_others,
)
from ..data.matching import describe, refuse_difference
from ..errors import FileFormatError, InputError
from ..language import tr
from ..names import ENCODER_FILE
from ..progress import InPython, Part, Progress, Silent
from ..training.contrastive import find_partners, train_encoder
from .base import ModelState
from .device import choose_device
from .encoding import ENCODING_FORMS, HYPERNODES_FORM, Encoding
from .geohg import Encoder
from .weights import check_network, load_network, network_arrays, network_forms

# What the encoder's parameters and their meaning depend on.
_SHAPE = {
    "model": ("hidden_channels", "num_gnn_layers", "gnn_type", "residual", "normalisation"),
    "data": ("pos_embedding", "hypernode", "entity_thresh", "poi_thresh"),
}


_PREFIX = "encoder."
_KEYS: dict[str, Kind] = {
    "graph": Form(DESCRIPTION),
    "hypernodes": HYPERNODES_FORM,
    "config": Options(),
    "losses": Many(NUMBER, most=1_000_000),
}
_STATE = StateForm(Form(_KEYS), ENCODING_FORMS)
_DETAILS: dict[str, Kind] = {"versions": Named(TEXT), "places": GeometryForm(), "seed": COUNT}


@dataclasses.dataclass(frozen=True, eq=False)
class Pretrained:
    """An encoder that was trained without measured values.

    Parameters
    ----------
    parameters : dict of str to array
        Of `Encoder`, by name.
    encoding : Encoding
        How it reads a graph; the scales were learnt from all cells.
    config : Config
        With which it was pretrained.
    graph : dict
        What a graph must share with the one it was pretrained on; see `describe`.
    losses : tuple of float
        The contrastive loss of each epoch.
    """

    parameters: dict[str, NDArray[Any]]
    encoding: Encoding
    config: Config
    graph: dict[str, Any]
    losses: tuple[float, ...] = ()

    def load_into(self, encoder: Encoder, freeze: bool) -> None:
        """Set an encoder's parameters to these, and keep it so with `freeze`."""
        load_network(encoder, self.parameters)
        if freeze:
            encoder.freeze()

    def check_fits(self, graph: GraphRawData, config: Config) -> None:
        """Refuse a graph or settings that the encoder was not made for.

        Raises
        ------
        InputError
            Naming the option that differs, both its values, and what to do.
        FileFormatError
            Naming what differs in the graph.
        """
        if config.model.strict_reference:
            raise InputError(
                tr(
                    "The published network ('model.strict_reference') cannot start from an "
                    "encoder; leave 'model.pretrained_gnn' empty."
                )
            )
        for section, names in _SHAPE.items():
            for name in names:
                ours = getattr(getattr(self.config, section), name)
                theirs = getattr(getattr(config, section), name)
                if ours != theirs:
                    raise InputError(
                        tr(
                            "The encoder was pretrained with '{section}.{name}' {ours}, got "
                            "{theirs}; set it to {ours} or pretrain again."
                        ).format(section=section, name=name, ours=ours, theirs=theirs)
                    )
        reads_positions = config.data.pos_embedding
        ours = {k: v for k, v in self.graph.items() if k != "crs" or reads_positions}
        refuse_difference(ours, graph, tr("encoder"))

    def embed(self, graph: GraphRawData) -> NDArray[np.float32]:
        """The embedding of every cell, shape [N, hidden_channels]."""
        encoder = self._make_encoder()
        self.load_into(encoder, freeze=True)
        device = choose_device(self.config.training.device, Silent())
        data = self.encoding.tensors(graph, self.config, device)
        embedded: NDArray[np.float32] = encoder.to(device)(data).cpu().numpy()
        return embedded

    def state(self) -> ModelState:
        """What `from_state` needs; the encoder's tensors are named `encoder.*`."""
        arrays = {_PREFIX + name: values for name, values in self.parameters.items()}
        header = {
            "graph": self.graph,
            "hypernodes": self.encoding.hypernodes,
            "config": dataclasses.asdict(self.config),
            "losses": list(self.losses),
        }
        return ModelState({**arrays, **self.encoding.arrays()}, header)

    @classmethod
    def check_state(cls, tensors: Tensors, header: Any, sizes: dict[str, int]) -> None:
        """Refuse what `state` cannot have given; see `StoredModel.check_state`."""
        _STATE.check(tensors, header, sizes, "encoder")
        if make_config(header["config"]).model.strict_reference:
            raise InputError(tr("the published network has no encoder."))
        known = header["graph"]["hypernodes"]
        for kind, count in header["hypernodes"].items():
            if count != len(known.get(kind, ())):
                raise InputError(
                    tr("'{name}' is {got}, not {expected}.").format(
                        name=f"hypernodes.{kind}", got=count, expected=len(known.get(kind, ()))
                    )
                )
        check_network(inside(tensors, _PREFIX), _unloaded(tensors, header)._make_encoder)

    @classmethod
    def from_state(cls, tensors: Tensors, header: Mapping[str, Any]) -> Pretrained:
        """The encoder again; `tensors` may hold others beside its own."""
        return dataclasses.replace(_unloaded(tensors, header), parameters=inside(tensors, _PREFIX))

    def _make_encoder(self) -> Encoder:
        encoding = self.encoding
        return Encoder(len(encoding.centre), encoding.hypernodes, self.config.model)


def _unloaded(tensors: Tensors, header: Mapping[str, Any]) -> Pretrained:
    """An encoder with everything but its parameters."""
    encoding = Encoding.from_arrays(tensors, header["hypernodes"])
    losses = tuple(header["losses"])
    return Pretrained({}, encoding, make_config(header["config"]), header["graph"], losses)


def pretrain(
    graph: GraphRawData, config: Config | None = None, progress: Progress | None = None
) -> Pretrained:
    """Train an encoder on a graph, without its measured values.

    Feature scales are learnt from all cells.

    Parameters
    ----------
    graph : GraphRawData
        The graph.
    config : Config, optional
        `ssl` has the training options, `model` the size of the network, `data` its inputs,
        and `training` the seed and the device.
    progress : Progress, optional
        Receives progress and messages; it can cancel.

    Raises
    ------
    InputError
        If the network is the published one, or has no inputs.
    FitError
        If fewer than two cells have neighbours, or training diverges.
    Cancelled
        If the user asked to stop.
    """
    config, progress = config or Config(), progress or InPython()
    if config.model.strict_reference:
        raise InputError(
            tr(
                "The published network ('model.strict_reference') cannot be pretrained; set it to "
                "false."
            )
        )
    encoding = Encoding.learn(graph, np.arange(len(graph.cell)), config)
    features = encoding.features(graph, config)
    part, seed = Part(progress, 0.0, 0.2), config.training.seed
    partners = find_partners(graph.near, features, config.ssl, seed, part)
    device = choose_device(config.training.device, progress)
    data = encoding.tensors(graph, config, device)
    with torch.random.fork_rng():
        torch.manual_seed(seed)
        encoder = Encoder(len(encoding.centre), encoding.hypernodes, config.model).to(device)
        losses = train_encoder(encoder, data, partners, config.ssl, Part(progress, 0.2, 1.0))
    arrays = network_arrays(encoder)
    return Pretrained(arrays, encoding, config, describe(graph), tuple(losses))


def start_from(config: Config, graph: GraphRawData, progress: Progress) -> Pretrained | None:
    """The encoder that the options name, if they name one, checked.

    Raises
    ------
    InputError
        If there is none to freeze, or its options differ from these.
    FileFormatError
        If it is not an encoder file, or does not fit the graph.
    """
    if not config.model.pretrained_gnn:
        if config.model.freeze_gnn:
            raise InputError(
                tr(
                    "There is no encoder to freeze: name its file in 'model.pretrained_gnn', or "
                    "set 'model.freeze_gnn' to false."
                )
            )
        return None
    pretrained = load_encoder(config.model.pretrained_gnn, progress)
    pretrained.check_fits(graph, config)
    return pretrained


def save_encoder(
    path: Path, pretrained: Pretrained, graph: GraphRawData, details: Mapping[str, Any]
) -> None:
    """Write an encoder file; `graph` is what it was pretrained on, `details` are JSON."""
    state = pretrained.state()
    seed = pretrained.config.training.seed
    header = {**details, **state.header, "places": graph.geometry.describe(), "seed": seed}
    store.write(path, ENCODER_FILE, state.tensors, header)


def load_encoder(path: str | Path, progress: Progress | None = None) -> Pretrained:
    """Read an encoder file.

    Parameters
    ----------
    path, progress
        As of `store.read`.

    Raises
    ------
    FileFormatError
        If the file is not a whole and consistent encoder file.
    """
    tensors, header = store.read(path, ENCODER_FILE, progress)
    try:
        Form({**_KEYS, **_DETAILS}).check(header, "")
        state = {name: part for name, part in header.items() if name in _KEYS}
        Pretrained.check_state(tensors, state, {})
        encoder = Pretrained.from_state(tensors, state)
        own = {f"{_PREFIX}{name}" for name in network_forms(encoder._make_encoder)}
        refuse_others(tensors, {*own, *ENCODING_FORMS})
        return encoder
    except InputError as error:
        raise FileFormatError(
            tr("The encoder file '{path}' is inconsistent: {error} Pretrain again.").format(
                path=path, error=error
            )
        ) from error
