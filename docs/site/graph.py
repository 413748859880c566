"""Draw the small graph of docs/method.md into docs/images/graph.png.

python docs/site/graph.py
"""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path

import numpy as np
import pandas as pd
import rasterio
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.patches import Rectangle
from numpy.typing import NDArray

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "tests"))

import conftest  # noqa: E402, F401 - it makes the project importable as `geohg`

from geohg import GraphRawData  # noqa: E402
from geohg.engine.assembly.inputs import Inputs  # noqa: E402
from geohg.engine.assembly.reading import read_graph  # noqa: E402
from geohg.engine.config.schema import ModelConfig  # noqa: E402
from geohg.engine.data.sources.classes import ClassRaster  # noqa: E402
from geohg.engine.data.sources.poi import Pois  # noqa: E402
from geohg.engine.progress import Silent  # noqa: E402

IMAGE = ROOT / "docs" / "images" / "graph.png"
CRS, PIXEL, CELL, SIDE = "EPSG:32649", 10, 20, 3
LEFT, TOP = 500_000, 2_500_000
# Classes of ESA WorldCover: 10 is forest, 50 built-up, 80 water. Four pixels a cell.
CODES = np.array(
    [
        [10, 10, 10, 10, 50, 50],
        [10, 10, 10, 50, 50, 50],
        [10, 10, 50, 50, 50, 50],
        [10, 80, 50, 50, 50, 10],
        [80, 80, 80, 10, 10, 10],
        [80, 80, 80, 10, 10, 10],
    ],
    np.uint8,
)
# Cell, and the categories of the POIs in it.
POIS = {4: ["food", "food", "school"], 2: ["food"], 5: ["school"]}
COLOURS = {10: "#9bc79b", 50: "#d9a3a0", 80: "#a9c8e6"}


def small_graph() -> GraphRawData:
    """The graph of the page, made as any other."""
    rows = [(*_middle(cell), name) for cell, names in POIS.items() for name in names]
    pois = pd.DataFrame(rows, columns=["x", "y", "category"])
    with tempfile.TemporaryDirectory() as folder:
        place = Path(folder) / "classes.tif"
        transform = rasterio.transform.from_origin(LEFT, TOP, PIXEL, PIXEL)
        shape = {"height": CODES.shape[0], "width": CODES.shape[1], "count": 1}
        with rasterio.open(
            place, "w", driver="GTiff", dtype="uint8", crs=CRS, transform=transform, **shape
        ) as file:
            file.write(CODES, 1)
        bounds = (LEFT, TOP - SIDE * CELL, LEFT + SIDE * CELL, TOP)
        inputs = Inputs(
            sources=(
                ClassRaster("entity", ((place, 1),)),
                Pois(pois, CRS, ("x", "y"), "category"),
            ),
            grid={"crs": CRS, "cell_size": CELL, "bounds": bounds},
        )
        return read_graph(inputs, ModelConfig(), Silent())


def _middle(cell: int) -> tuple[float, float]:
    row, col = divmod(cell, SIDE)
    return LEFT + (col + 0.5) * CELL, TOP - (row + 0.5) * CELL


def draw(graph: GraphRawData) -> Figure:
    """The land cover with its cells, and beside it the graph."""
    figure = Figure(figsize=(10, 4.6), layout="constrained")
    left, right = figure.subplots(1, 2, width_ratios=(1, 1.6))
    _draw_ground(left)
    _draw_graph(right, graph)
    return figure


def _draw_ground(axes: Axes) -> None:
    for (row, col), code in np.ndenumerate(CODES):
        axes.add_patch(Rectangle((col / 2, row / 2), 0.5, 0.5, facecolor=COLOURS[int(code)]))
    for cell in range(SIDE**2):
        row, col = divmod(cell, SIDE)
        axes.add_patch(Rectangle((col, row), 1, 1, fill=False, linewidth=1.5))
        axes.text(col + 0.06, row + 0.2, f"a{cell}", fontsize=11)
        names = POIS.get(cell, [])
        for number, name in enumerate(names):
            x = col + (number + 1) / (len(names) + 1)
            axes.plot(x, row + 0.6, "o" if name == "food" else "^", color="black", markersize=6)
    axes.set(xlim=(-0.03, SIDE + 0.03), ylim=(SIDE + 0.03, -0.03), aspect="equal")
    axes.set_title("Land cover, points of interest, cells", fontsize=11)
    axes.axis("off")


def _draw_graph(axes: Axes, graph: GraphRawData) -> None:
    row, col = np.divmod(graph.cell, SIDE)
    cells = np.column_stack([2 * col + 0.7 * (2 - row), 0.85 * (2 - row)])  # seen from the side
    for start, end in graph.near.T:
        axes.plot(*cells[[start, end]].T, color="0.75", linewidth=1, zorder=1)
    for kind, height in (("entity", 4.3), ("poi", -2.3)):
        links = graph.links(kind)
        nodes = _spread(len(links.names), height)
        colours = [*COLOURS.values()] if kind == "entity" else ["0.35", "0.6"]
        for node, cell, weight in zip(*links.index, links.weight):
            line = np.array([nodes[node], cells[cell]])
            axes.plot(*line.T, color=colours[node], linewidth=0.6 + 3.4 * float(weight), zorder=0)
        for node, name in enumerate(links.names):
            axes.plot(*nodes[node], "s", color=colours[node], markersize=17, markeredgecolor="0.2")
            above = 0.5 if kind == "entity" else -0.5
            name = name.removeprefix("Permanent ").lower()
            axes.text(nodes[node][0], height + above, name, ha="center", va="center", fontsize=10)
    for number, place in enumerate(cells):
        axes.plot(*place, "o", color="white", markersize=19, markeredgecolor="0.2", zorder=2)
        axes.text(*place, f"a{number}", ha="center", va="center", fontsize=9, zorder=3)
    axes.set(xlim=(-0.8, 6.4), ylim=(-3.1, 5.1))
    axes.set_title("Cells, classes (above), categories (below); width is weight", fontsize=11)
    axes.axis("off")


def _spread(count: int, height: float) -> NDArray[np.float64]:
    """Places of nodes beside each other."""
    return np.column_stack([2.7 + 2.3 * (np.arange(count) - (count - 1) / 2), [height] * count])


if __name__ == "__main__":
    draw(small_graph()).savefig(IMAGE, dpi=110)
