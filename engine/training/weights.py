"""Parameters of networks as arrays, as files keep them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from torch import nn


def inside(arrays: Mapping[str, NDArray[Any]], prefix: str) -> dict[str, NDArray[Any]]:
    """Those whose names begin with `prefix`, by the rest of their names."""
    return {n[len(prefix) :]: values for n, values in arrays.items() if n.startswith(prefix)}


def network_arrays(network: nn.Module) -> dict[str, NDArray[Any]]:
    """Parameters of a network under their own names."""
    state = network.state_dict()
    return {name: values.detach().cpu().numpy() for name, values in state.items()}


def load_network(network: nn.Module, arrays: Mapping[str, NDArray[Any]]) -> None:
    """Set the parameters of a network; `arrays` may hold others beside them.

    Raises
    ------
    KeyError
        If one is missing.
    """
    names = network.state_dict()
    network.load_state_dict({name: torch.from_numpy(np.array(arrays[name])) for name in names})
