"""Parameters of networks as arrays, as files keep them."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from torch import nn

from ..data.forms import Array, check_tensors


def network_arrays(network: nn.Module) -> dict[str, NDArray[Any]]:
    """Parameters of a network under their own names."""
    state = network.state_dict()
    return {name: values.detach().cpu().numpy() for name, values in state.items()}


def network_forms(make: Callable[[], nn.Module]) -> dict[str, Array]:
    """The form of each parameter of the network that `make` makes; no memory is taken for them."""
    with torch.device("meta"):
        state = make().state_dict()
    return {name: Array(tuple(values.shape)) for name, values in state.items()}


def check_network(arrays: Mapping[str, NDArray[Any]], make: Callable[[], nn.Module]) -> None:
    """Refuse arrays that are not the parameters of the network that `make` makes.

    `arrays` may hold others beside them.

    Raises
    ------
    InputError
        Naming a parameter that is missing, of another shape, or not finite.
    """
    check_tensors(arrays, network_forms(make), {})


def load_network(network: nn.Module, arrays: Mapping[str, NDArray[Any]]) -> None:
    """Set the parameters of a network; `arrays` may hold others beside them."""
    names = network.state_dict()
    network.load_state_dict({name: torch.from_numpy(np.array(arrays[name])) for name in names})
