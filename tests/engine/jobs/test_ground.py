"""What a run makes of two class rasters over one ground, and of cells beyond the land cover."""

import numpy as np
import pytest
import rasterio

from geohg.engine.data import store
from geohg.engine.jobs import run
from geohg.engine.names import locate

from ..conftest import QUICK, Recorder, write_raster

CRS, SIDE, LEFT, TOP = "EPSG:32631", 1000.0, 500_000.0, 5_000_000.0
ROWS = COLS = 12
# Land cover ends after so many columns; each of its cells has 4 x 4 pixels.
COVERED, PIXELS = 6, 4


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    """A run whose land cover ends in the middle, beside soil over the same ground."""
    folder = tmp_path_factory.mktemp("ground")
    row, col = np.mgrid[:ROWS, :COLS]
    cover = np.where(row < ROWS / 2, 10, 20).astype(np.uint8)
    soil = np.where(col % 2, 20, 30).astype(np.uint8)  # the code 20 of both is not one class
    paths = {
        name: write_raster(
            folder / f"{name}.tif",
            np.kron(codes[:, :COVERED], np.ones((PIXELS, PIXELS), np.uint8)),
            CRS,
            None,
            SIDE / PIXELS,
            LEFT,
            TOP,
        )
        for name, codes in (("cover", cover), ("soil", soil))
    }
    measured = (row % 2 == 1) & (col < 9)  # 2 cells are the usual distance, or fewer
    lines = ["x,y,value"]
    for r, c in np.argwhere(measured):
        lines.append(f"{LEFT + (c + 0.5) * SIDE},{TOP - (r + 0.5) * SIDE},{10.0 + r}")
    outputs = {name: folder / f"{name}.tif" for name in ("prediction", "applicability")}
    outputs["graph"] = folder / "graph.safetensors"
    request = {
        "version": 1,
        "job": "interpolate",
        "points": {
            "table": "\n".join(lines),
            "coord_columns": ["x", "y"],
            "crs": CRS,
            "targets": ["value"],
        },
        "landcover": [{"path": str(paths["cover"]), "band": 1}],
        "classes": [{"type": "soil", "path": str(paths["soil"]), "band": 1}],
        "grid": {
            "cell_size": SIDE,
            "bounds": [LEFT, TOP - ROWS * SIDE, LEFT + COLS * SIDE, TOP],
        },
        "training": {**QUICK, "blocks": False, "importance": False},
        "outputs": {name: str(path) for name, path in outputs.items()},
    }
    told = Recorder()
    run(request, told)
    planes = {}
    for name in ("prediction", "applicability"):
        with rasterio.open(outputs[name]) as raster:
            planes[name] = raster.read()
    return store.load_graph(outputs["graph"]), planes, told


def test_two_class_rasters_over_one_ground_are_two_types_of_hypernodes(made):
    graph, _, _ = made
    assert {"entity", "soil"} <= set(graph.hypernodes)
    row, col = np.divmod(graph.cell, COLS)
    for kind, halves, first in (
        ("landcover", row < ROWS / 2, "Tree cover"),
        ("soil", col % 2 == 0, "class 30"),
    ):
        columns = np.flatnonzero(np.array(graph.feature_kinds) == kind)
        assert len(columns) == 2, "none is merged with one of the other"
        names = [graph.feature_names[number] for number in columns]
        shares = graph.features[:, columns][col < COVERED]
        np.testing.assert_allclose(shares.sum(axis=1), 1)  # and not a half of each
        np.testing.assert_array_equal(shares[:, names.index(first)], halves[col < COVERED])
    hetero = graph.hypernodes
    assert locate("soil") != locate("entity") and hetero["soil"] != hetero["entity"]


def test_beyond_the_land_cover_distance_alone_predicts_and_the_map_says_so(made):
    _, planes, told = made
    (prediction,), (_, inside) = planes["prediction"], planes["applicability"]
    row = np.arange(ROWS)
    # No ring of measured cells alone: the cells between them have values, too.
    beyond = np.isfinite(prediction[:, COVERED:9])
    assert beyond.all() and np.isnan(prediction[:, -1]).all()
    for column in range(COVERED, 9):
        assert np.corrcoef(prediction[:, column], row)[0, 1] > 0.95
    assert (inside[:, COVERED:9] == 0).all() and (inside[:, :COVERED] == 1).mean() > 0.8
    assert any("outside the area of applicability" in text for text in told.warnings)
