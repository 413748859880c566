"""What models share that read a graph by an encoding and a network."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, ClassVar, Generic, TypeVar

import numpy as np
from numpy.typing import NDArray
from torch import nn

from ..config.schema import Config, make_config
from ..data.builders.graph import GraphRawData
from ..data.forms import Tensors
from ..progress import Progress, Silent
from .base import check_kind
from .device import choose_device
from .encoding import Encoding
from .pretrained import Pretrained
from .weights import load_network

Network = TypeVar("Network", bound=nn.Module)
Model = TypeVar("Model", bound="EncodedModel")


class EncodedModel(Generic[Network]):
    """A model that holds an `Encoding` and a network that reads what it gives.

    Parameters
    ----------
    config : Config
        All sections.

    Attributes
    ----------
    encoding_ : Encoding
        How a graph is read.
    network_ : Network
        The network, on `device_`.
    device_ : str
        Where it was trained, or where it is since it was read from a file.
    """

    kind: ClassVar[str]
    encoding_: Encoding
    network_: Network
    device_: str

    def __init__(self, config: Config) -> None:
        self.config = config

    @classmethod
    def of(cls: type[Model], config: Config) -> Model:
        """With these options."""
        return cls(config)

    def _start(
        self,
        graph: GraphRawData,
        known: NDArray[np.int64],
        pretrained: Pretrained | None,
        progress: Progress,
    ) -> None:
        """Learn the encoding, or take that of the encoder to start from; choose a device."""
        self.encoding_ = (
            pretrained.encoding if pretrained else Encoding.learn(graph, known, self.config)
        )
        self.device_ = choose_device(self.config.training.device, progress)

    @classmethod
    def _unloaded(cls: type[Model], tensors: Tensors, header: Mapping[str, Any]) -> Model:
        """A model that knows how its network looks, and no more."""
        model = cls(make_config(header["config"]))
        model.encoding_ = Encoding.from_arrays(tensors, header["hypernodes"])
        return model

    @classmethod
    def _loaded(cls: type[Model], tensors: Tensors, header: Mapping[str, Any]) -> Model:
        """A model with its network; the rest of its state is not read."""
        check_kind(header, cls.kind)
        model = cls._unloaded(tensors, header)
        # The machine may be another one than that which trained it.
        model.device_ = choose_device("auto", Silent())
        model.network_ = model._make_network()
        load_network(model.network_, tensors)
        return model

    def _make_network(self) -> Network:
        return self._build_network().to(self.device_)

    def _build_network(self) -> Network:
        """The network as the options and the encoding say, untrained."""
        raise NotImplementedError
