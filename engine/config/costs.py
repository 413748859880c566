"""What a run costs in memory and time.

Measured with one thread of a server's CPU, for interpolation with a report. Other machines, and
busy ones, differ by the factor that `assembly.pace` measures; a network mostly stops before its
last pass.
"""

from __future__ import annotations

from .kinds import KINDS
from .schema import Config, ModelConfig

# Bytes for each cell of the grid: without a network, and of a network at 64 channels.
_LEAST_BYTES_PER_CELL = 3_000
_BYTES_PER_CELL = {
    "GraphConv": 16_000,
    "SAGEConv": 16_000,
    "GINEConv": 32_000,
    "GATv2Conv": 50_000,
}
# Seconds of a network for each cell and pass, at 64 channels and 3 layers.
_SECONDS_PER_PASS = {
    "GraphConv": 1.3e-5,
    "SAGEConv": 1.3e-5,
    "GINEConv": 3.7e-5,
    "GATv2Conv": 5.8e-5,
}
# PyTorch and the other libraries, without data.
_LEAST_BYTES, _LEAST_SECONDS = 500e6, 5.0
# With fewer observed cells than this, four fifths of them are conditioned on exactly: memory
# grows with their square and time with their cube.
_EXACT_BELOW = 12_500
_BYTES_PER_PAIR, _SECONDS_PER_TRIPLE = 20.0, 6e-11
# Of each observed cell, with fewer and with more; of each cell, for each observed one, and at most.
_SECONDS_PER_OBSERVED, _SECONDS_PER_CELL = (3.2e-3, 1.4e-3), (8e-8, 5.5e-5)
# The fits that those of observed cells hold for: without random cells, without blocks, to all.
_FITS = 3


def bytes_per_cell(model: ModelConfig) -> int:
    """Memory that a run takes for each cell of the grid."""
    if not KINDS[model.kind].network:
        return _LEAST_BYTES_PER_CELL
    return _BYTES_PER_CELL[model.gnn_type] * model.hidden_channels // 64 + 1


def estimate(config: Config, cells: int, observed: int) -> tuple[float, float]:
    """About how much memory and time a map with its report takes.

    Parameters
    ----------
    config : Config
        The model, how it is tested, and the workers that share the cells of a map.
    cells, observed : int
        Cells of the graph, and those with a measured value.

    Returns
    -------
    bytes, seconds : float
        Of a network, the seconds of all its passes, which is the most that it takes.
    """
    memory = _LEAST_BYTES + bytes_per_cell(config.model) * cells
    share, workers = _SECONDS_PER_CELL, max(config.execution.workers, 1)
    mapping = min(share[0] * observed, share[1]) * cells / workers
    seconds = _SECONDS_PER_OBSERVED[1] * observed
    if observed < _EXACT_BELOW:
        memory += _BYTES_PER_PAIR * observed**2
        seconds = _SECONDS_PER_OBSERVED[0] * observed + _SECONDS_PER_TRIPLE * observed**3
    model, training = config.model, config.training
    folds = 1 if training.once else training.folds
    fits = folds + training.blocks + 1
    if KINDS[model.kind].network:
        size = model.hidden_channels / 64 * model.num_gnn_layers / 3
        passes = _SECONDS_PER_PASS[model.gnn_type] * size * training.epochs * _FITS
        seconds += passes * cells
    return memory, _LEAST_SECONDS + mapping + seconds * fits / _FITS
