import os
import sys
from pathlib import Path

import numpy as np
import pytest

from geohg.engine.executors.work import Work

HERE = Path(__file__).parent
ROOT = HERE.parents[2]

sys.path.insert(0, str(HERE))  # as a worker has it


@pytest.fixture(scope="session")
def search_path(tmp_path_factory):
    """A folder where Python finds `geohg`, and the toy's."""
    folder = tmp_path_factory.mktemp("packages")
    (folder / "geohg").symlink_to(ROOT)
    return f"{folder}{os.pathsep}{HERE}"


@pytest.fixture(autouse=True)
def _workers_find_the_toy(search_path, monkeypatch):
    monkeypatch.setenv("PYTHONPATH", search_path)


class Whole:
    """A sink that puts blocks together in memory."""

    def __init__(self, rows, cols):
        self.shape = rows, cols
        self.arrays = {}
        self.put_blocks = []

    def has(self, block):
        return False

    def put(self, block, arrays):
        self.put_blocks.append(block.number)
        for name, values in arrays.items():
            plane = self.arrays.setdefault(name, np.full(self.shape, np.nan))
            window = plane[block.row0 : block.row1, block.col0 : block.col1]
            assert np.isnan(window).all(), "a block came twice"
            window[:] = values


def toy(files=None, **description):
    return Work("toywork", {"base": 5, **description}, files or {})


def assert_true(whole, base=5.0):
    import toywork

    wanted = toywork.truth(*whole.shape, base)
    assert set(whole.arrays) == set(wanted)
    for name, values in wanted.items():
        np.testing.assert_array_equal(whole.arrays[name], values)
