"""Graphs whose truth is known."""

import numpy as np

from geohg.engine.data.builders.adjacency import queen_edges
from geohg.engine.data.builders.graph import GraphRawData, Links
from geohg.engine.data.builders.grid import Grid

UTM = "EPSG:32631"
NONE = Links((), np.zeros((2, 0), np.int64), np.zeros(0, np.float32))


def make_graph(
    features=None, kinds=(), rows=30, cols=40, crs=UTM, width=1000.0, height=1000.0, cell=None
):
    """A graph over rows x cols cells, or over those in `cell`."""
    grid = Grid(crs, 2 * width, 40 * height, width, height, rows, cols)
    cell = np.arange(grid.size) if cell is None else cell
    if features is None:
        features = np.zeros((len(cell), 0))
    return GraphRawData(
        geometry=grid,
        cell=cell,
        features=np.asarray(features, np.float32),
        feature_names=tuple(f"f{number}" for number in range(features.shape[1])),
        feature_kinds=tuple(kinds),
        near=queen_edges(grid, cell),
        hypernodes={"entity": NONE, "poi": NONE},
        targets={},
    )


def patchy_landscape(seed=0):
    """Land cover in patches of one cell, which set the target but for noise."""
    rng = np.random.default_rng(seed)
    share = rng.dirichlet([0.4, 0.4, 0.4], size=1200)
    graph = make_graph(share, ("landcover",) * 3)
    return graph, 50 * share[:, 0] - 30 * share[:, 1] + rng.normal(size=1200)


def rows_and_cols(graph):
    """Row and column of each cell, as floats."""
    return np.divmod(graph.cell.astype(float), graph.grid.cols)


def smooth_field(graph, noise=0.0, seed=0):
    """100 +- 20, in waves of about 50 cells, with noise."""
    row, col = rows_and_cols(graph)
    draw = np.random.default_rng(seed).normal(size=len(graph.cell))
    return 100 + 10 * np.sin(col / 8) + 10 * np.cos(row / 9) + noise * draw


def observe(graph, count, seed=0):
    """Observed cells and the others, both ascending."""
    chosen = np.random.default_rng(seed).permutation(len(graph.cell))
    return np.sort(chosen[:count]), np.sort(chosen[count:])


def r2(predicted, y, cells):
    error = ((predicted[cells] - y[cells]) ** 2).sum()
    return 1 - error / ((y[cells] - y[cells].mean()) ** 2).sum()
