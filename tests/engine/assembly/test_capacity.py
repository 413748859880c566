"""What a run costs is told before it starts; what the memory does not hold is refused."""

import dataclasses
import math
import re
from types import SimpleNamespace

import psutil
import pytest

from geohg.engine.assembly import capacity
from geohg.engine.assembly.capacity import block_side, check_blocks, check_memory, entire, log_costs
from geohg.engine.assembly.pace import slowness
from geohg.engine.config.costs import bytes_per_cell, estimate
from geohg.engine.config.schema import ModelConfig, make_config
from geohg.engine.data.builders.grid import Grid
from geohg.engine.errors import InputError

from ..conftest import Recorder


@pytest.mark.parametrize(
    ("cells", "observed", "seconds", "megabytes"),
    [  # As measured: 2.5e3 to 1e5 cells, exact conditioning and not.
        (2_500, 200, 5.3, 581),
        (10_000, 3_000, 18.8, 924),
        (40_000, 3_000, 25.9, 911),
        (99_856, 300, 6.7, 703),
        (22_500, 9_000, 89.3, 2082),
        (99_856, 30_000, 42.8, 777),
    ],
)
def test_the_estimate_is_near_what_was_measured(cells, observed, seconds, megabytes):
    memory, time = estimate(make_config({}), cells, observed)
    assert time == pytest.approx(seconds, rel=0.4)
    assert memory / 2**20 == pytest.approx(megabytes, rel=0.4)


@pytest.mark.parametrize(
    ("cells", "observed", "workers", "seconds"),
    [  # As measured, see docs/large.md.
        (1_000_000, 5_000, 0, 100),
        (1_000_000, 20_000, 1, 96),
        (1_000_000, 20_000, 2, 70),
        (1_000_000, 100_000, 0, 236),
        (2_499_561, 20_000, 1, 183),
        (2_499_561, 20_000, 2, 115),
        (4_000_000, 5_000, 0, 228),
    ],
)
def test_the_time_of_a_map_in_blocks_is_told_within_half(cells, observed, workers, seconds):
    told = estimate(make_config({"execution": {"workers": workers}}), cells, observed)[1]
    assert 1 / 1.5 < told / seconds < 1.5


def test_a_slow_machine_is_told_more_time(monkeypatch):
    monkeypatch.setattr(capacity, "slowness", lambda: 60.0)
    recorder = Recorder()
    log_costs(make_config({}), 2_500, 200, recorder)
    # About 6 s by the figures of a quiet server.
    assert "6 minutes are needed" in recorder.lines[0]


def test_arithmetic_takes_time_here():
    assert 0.05 < slowness() < 1000


def test_more_folds_and_passes_cost_more():
    plain = estimate(make_config({}), 10_000, 1_000)[1]
    folds = estimate(make_config({"training": {"validation": "kfold", "folds": 10}}), 10_000, 1_000)
    assert folds[1] > 2 * plain
    slow = {"kind": "gnn", "gnn_type": "GATv2Conv"}
    model, short = {"model": slow}, {"training": {"epochs": 20}, "model": slow}
    # Measured: 43 s with 20 passes.
    assert estimate(make_config(short), 10_000, 1_000)[1] == pytest.approx(43, rel=0.2)
    assert estimate(make_config(model), 10_000, 1_000)[1] > 900


def test_the_log_tells_memory_and_time(monkeypatch):
    monkeypatch.setattr(capacity, "slowness", lambda: 1.0)
    recorder = Recorder()
    log_costs(make_config({}), 10_000, 300, recorder)
    (line,) = recorder.lines
    assert line.startswith("300 cells are observed. About 0.") and "are needed" in line
    recorder = Recorder()
    network = make_config({"model": {"kind": "gnn"}})
    log_costs(network, 40_000, 300, recorder)
    assert "at most" in recorder.lines[0] and "minutes" in recorder.lines[0]


def square_of(share, cell_size=100.0):
    """A grid whose cells take about this share of the free memory."""
    most = psutil.virtual_memory().available / bytes_per_cell(ModelConfig())
    side = math.isqrt(int(share * most))
    return Grid("EPSG:3857", 0.0, 0.0, cell_size, cell_size, side, side)


def test_a_grid_that_the_free_memory_does_not_hold_is_refused_with_a_size_that_it_does():
    check_memory(square_of(0.6), ModelConfig())
    with pytest.raises(InputError, match="the free memory allows"):
        check_memory(square_of(1.1), ModelConfig())
    with pytest.raises(InputError, match="The cell size 100 makes") as caught:
        check_memory(square_of(8.0), ModelConfig())
    fits = float(re.search(r"a cell size of at least (\S+),", str(caught.value))[1])
    # Ten times the cells that 0.8 of the memory holds.
    assert fits == pytest.approx(100 * math.sqrt(10), rel=0.15)


@pytest.mark.parametrize(
    ("model", "given", "instead"),
    [
        (ModelConfig(kind="gnn"), {}, "choose the default model, 'propagation'"),
        (ModelConfig(pretrained_gnn="e.safetensors"), {}, "without an encoder"),
        (ModelConfig(), {"carried": True}, "leave them out"),
        (ModelConfig(), {"table": True}, "ask for rasters"),
    ],
)
def test_what_needs_all_cells_at_once_is_refused_with_what_does_not(model, given, instead):
    why = entire(model, **given)
    check_memory(square_of(0.01), model, why)
    with pytest.raises(InputError, match=r"allows [\d,]+; the cell size 100 makes") as caught:
        check_memory(square_of(8.0), model, why)
    assert instead in str(caught.value) and "made in blocks" in str(caught.value)


def test_a_map_of_the_default_model_is_made_in_blocks_as_large_as_the_memory_allows(monkeypatch):
    assert entire(ModelConfig()) is None
    assert block_side(make_config({}), 10**9) in (256, 512, 1024)
    monkeypatch.setattr(psutil, "virtual_memory", lambda: SimpleNamespace(available=2e9))
    assert block_side(make_config({}), 10**9) == 512
    assert block_side(make_config({"execution": {"workers": 4}}), 10**9) == 256
    assert block_side(make_config({}), 10**9, columns=100) == 256


def test_every_worker_has_some_blocks_of_a_map(monkeypatch):
    monkeypatch.setattr(psutil, "virtual_memory", lambda: SimpleNamespace(available=1e12))
    two = make_config({"execution": {"workers": 2}})
    cluster = make_config({"execution": {"scheduler": "tcp://host:8786"}})
    sides = {cells: block_side(two, cells) for cells in (10**5, 10**6, 4 * 10**6, 10**8)}
    assert sides == {10**5: 256, 10**6: 256, 4 * 10**6: 512, 10**8: 512}
    assert block_side(cluster, 4 * 10**6) == 256 and block_side(cluster, 10**8) == 512
    assert block_side(make_config({}), 10**6) == 1024


def test_refuses_more_blocks_than_the_memory_keeps_count_of(monkeypatch):
    free = SimpleNamespace(available=12_500_000)  # of which ten million bytes: a thousand blocks
    monkeypatch.setattr("psutil.virtual_memory", lambda: free)
    grid = Grid("EPSG:32650", 0.0, 0.0, 5.0, 5.0, 2_000, 5_000)
    check_blocks(grid, 100)
    wide = dataclasses.replace(grid, rows=8_000)
    words = "40,000,000 cells; the free memory allows 10,000,000. Use a cell size of at least 10,"
    with pytest.raises(InputError, match=re.escape(words)):
        check_blocks(wide, 100)
