import numpy as np
import pytest

from geohg.engine.assembly.worldcover import ESAWorldCoverSource
from geohg.engine.errors import InputError

from ..conftest import CELL, COLS, CRS, LEFT, ROWS, TOP, write_raster


@pytest.fixture
def halves(tmp_path):
    """Trees in the west and water in the east, a raster each."""
    tree = write_raster(tmp_path / "west.tif", np.full((10, 20), 10, np.uint8), nodata=0)
    water = np.full((10, 10), 80, np.uint8)
    return tree, write_raster(tmp_path / "east.tif", water, nodata=0, left=LEFT + 2000)


def test_tiles_become_a_graph_without_targets(halves):
    graph = ESAWorldCoverSource(halves, resolution=CELL).read()
    assert graph.geometry.bounds == (LEFT, TOP - 1000, LEFT + 3000, TOP)
    assert graph.feature_names == ("Tree cover", "Permanent water bodies")
    np.testing.assert_array_equal(graph.features, [[1, 0], [1, 0], [0, 1]])
    np.testing.assert_array_equal(graph.hypernodes["entity"].index, [[0, 0, 1], [0, 1, 2]])
    assert graph.targets == {} and list(graph.info.checksums) == [str(path) for path in halves]


def test_the_box_chooses_the_cells(halves):
    box = (LEFT + 1000, TOP - 1000, LEFT + 2000, TOP)
    graph = ESAWorldCoverSource(halves[0], 500.0, bbox=box).read()
    assert len(graph.cell) == 4 and graph.geometry.crs == CRS


def test_another_crs_covers_the_rasters(landscape):
    graph = ESAWorldCoverSource(landscape.landcover, 0.02, crs="EPSG:4326").read()
    left, bottom, right, top = graph.geometry.bounds
    assert left <= 3.0 < right and bottom < 48.7 < top
    assert len(graph.cell) > ROWS * COLS / 5


def test_bad_rasters_and_boxes_are_refused(tmp_path, halves):
    with pytest.raises(InputError, match="cannot be read"):
        ESAWorldCoverSource(tmp_path / "none.tif", 1.0).read()
    with pytest.raises(InputError, match="greater than zero"):
        ESAWorldCoverSource(halves, 0.0).read()
    with pytest.raises(InputError, match="is empty"):
        ESAWorldCoverSource(halves, 10.0, bbox=(5, 5, 1, 1)).read()
    real = write_raster(tmp_path / "height.tif", np.random.default_rng(0).random((9, 9)))
    with pytest.raises(InputError, match="whole number"):
        ESAWorldCoverSource(real, CELL).read()
