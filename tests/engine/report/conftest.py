"""One small run, as the engine would describe it."""

import numpy as np
import pytest

from geohg.engine.data.builders.graph import GraphRawData, Links
from geohg.engine.data.builders.grid import Grid
from geohg.engine.data.builders.info import GraphInfo
from geohg.engine.report.summary import summarise
from geohg.engine.validation.trials import HeldOut

CELLS = 60


def make_graph(geometry=None, cell=None, values=None):
    """Cells that know nothing but where they lie, and their `values` (NaN: not measured)."""
    geometry = geometry or Grid("EPSG:32631", 0.0, 200.0, 10.0, 10.0, 20, 20)
    cell = np.arange(geometry.size) if cell is None else cell
    nothing = Links((), np.empty((2, 0), dtype=np.int64), np.empty(0, dtype=np.float32))
    return GraphRawData(
        geometry=geometry,
        cell=cell,
        features=np.empty((len(cell), 0), dtype=np.float32),
        feature_names=(),
        feature_kinds=(),
        near=np.empty((2, 0), dtype=np.int64),
        hypernodes={"entity": nothing, "poi": nothing},
        targets={"elev_m": np.full(len(cell), np.nan) if values is None else values},
        info=GraphInfo(units={"elev_m": "m"}),
    )


def held_out(ours, idw, mean):
    """Test cells 1 to 60 with errors of alternating sign and the sizes given."""
    truth = np.arange(1.0, CELLS + 1)
    sign = np.where(np.arange(CELLS) % 2, 1.0, -1.0)
    sizes = {"GeoHG": ours, "IDW": idw, "Mean": mean}
    return [HeldOut(name, truth, truth + sign * size) for name, size in sizes.items()]


@pytest.fixture
def make_summary():
    """A function that summarises the run, with some of its parts replaced."""

    def make(**changes):
        run = {
            "target": "elev_m",
            "unit": "m",
            "held_out": held_out(1.0, 2.0, 4.0),
            "graph_counts": {"area_nodes": 1200, "near_edges": 9000},
            "grid": {
                "crs": "EPSG:4326",
                "left": 120.0,
                "top": 25.0,
                "cell_width": 0.05,
                "cell_height": 0.05,
                "rows": 40,
                "cols": 30,
            },
            "points": {"read": 310, "used": 300, "dropped": {"value missing": 10}},
            "class_shares": {"Tree cover": 0.75, "Built-up": 0.25},
            "settings": {"model": {"head_dims": (64, 32)}, "training": {"lr": 0.005}},
            "versions": {"geohg": "0.1.0"},
            "checksums": {"points.csv": "ab" * 32},
            "seconds": {"read": 1.25, "train": 10.0},
            "device": "cpu",
            "history": {
                "epochs": 3,
                "best_epoch": 2,
                "metric": "rmse",
                "curve": [(1, 0.9, 5.0), (2, 0.5, 4.0), (3, np.float64("nan"), 4.5)],
            },
            "split": {"kind": "random", "train": 240, "test": CELLS},
            "warnings": [],
            "job": "interpolate",
            "scale": 10.0,
            "command": "python -m engine run request.json",
        }
        return summarise(**{**run, **changes})

    return make
