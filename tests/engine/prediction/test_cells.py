"""Cells as tables: columns under the names of their coordinates."""

import numpy as np
import pandas as pd
import pytest

from geohg.engine.prediction.cells import write_table

from ..models.landscapes import make_graph


@pytest.mark.parametrize(("crs", "names"), [("EPSG:4326", "lon lat"), ("EPSG:32631", "x y")])
def test_a_table_has_x_before_y_under_their_names(tmp_path, crs, names):
    graph = make_graph(crs=crs, width=0.25, height=0.5, rows=2, cols=3)
    write_table(tmp_path / "t.csv", graph, {"value": np.arange(6.0)})
    found = pd.read_csv(tmp_path / "t.csv")
    assert list(found) == [*names.split(), "value"]
    first, second = names.split()
    np.testing.assert_allclose(found[first], [0.625, 0.875, 1.125] * 2)
    np.testing.assert_allclose(found[second], [19.75] * 3 + [19.25] * 3)
