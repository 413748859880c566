"""A map of several blocks is the same wherever they are made, and goes on where it stopped."""

import json
import os
import re
import signal
import subprocess
import time
from pathlib import Path

import numpy as np
import psutil
import pytest
import rasterio
from rasterio.io import MemoryFile

from geohg.engine import files
from geohg.engine.assembly import passes
from geohg.engine.cli.main import main
from geohg.engine.config.schema import make_config
from geohg.engine.errors import Cancelled, InputError, OutputError
from geohg.engine.executors import there
from geohg.engine.jobs import blocks, run
from geohg.engine.jobs.execution import settings_of
from geohg.engine.names import RASTERS
from geohg.engine.progress import Silent

from ..conftest import HANGS_SECONDS, QUICK, Recorder, in_a_copy

BLOCKS, MODEL = 6, "model.safetensors"
TRAINING = {**QUICK, "masked_ratio": 0.0}


@pytest.fixture(scope="module", autouse=True)
def _small_blocks():
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("geohg.engine.assembly.maps.block_side", lambda *given: 64)
        yield


def asked(landscape, folder, **execution):
    """A request for a map of six blocks."""
    grid = {**landscape.request()["grid"], "cell_size": 200.0}
    outputs = {name: str(folder / f"{name}.tif") for name in RASTERS}
    told = {"thresholds": [10.0], "quantiles": [0.25], "simulations_count": 2}
    request = landscape.request(grid=grid, training=TRAINING, outputs=outputs, execution=execution)
    return {**request, "uncertainty": told}


def read(folder, names=RASTERS):
    found = {}
    for name in names:
        with rasterio.open(folder / f"{name}.tif") as raster:
            found[name] = raster.read().astype(np.float64)
    return found


def assert_same(found, expected):
    """Equal to 1e-5 of the standard deviation in every cell."""
    for name in ("prediction", "std", "lower", "upper"):
        assert np.max(np.abs(found[name] - expected[name]) / expected["std"]) < 1e-5, name
    for name in ("applicability", "exceedance", "quantile_map", "simulations"):
        np.testing.assert_allclose(found[name], expected[name], atol=1e-5)


@pytest.fixture(scope="module")
def made(landscape, tmp_path_factory):
    """The folder of the map whose blocks are made in this process, and of its model."""
    folder = tmp_path_factory.mktemp("here")
    progress, request = Recorder(), asked(landscape, folder)
    request["outputs"]["model"] = str(folder / MODEL)
    run(request, progress)
    assert any(f"in {BLOCKS} blocks" in line for line in progress.lines)
    assert any(text.startswith("18,000 of 18,000 cells") for text in progress.messages)
    return folder


@pytest.fixture(scope="module")
def here(made):
    """The map whose blocks are made in this process."""
    return read(made)


@pytest.fixture
def elsewhere(monkeypatch, started):
    """The address of a scheduler, where this process reads and makes no block."""
    for module in (passes, blocks):
        monkeypatch.delattr(module, "make_block")
    return started.address


def test_two_workers_of_dask_make_the_same_map(here, landscape, tmp_path, elsewhere):
    run(asked(landscape, tmp_path, scheduler=elsewhere), Silent())
    assert_same(read(tmp_path), here)
    assert sorted(os.listdir(tmp_path)) == sorted(f"{name}.tif" for name in RASTERS)


def test_a_model_maps_the_sources_of_its_training_on_dask(
    made, here, landscape, tmp_path, elsewhere
):
    request = asked(landscape, tmp_path, scheduler=elsewhere)
    parts = {name: request[name] for name in ("version", "landcover", "grid", "execution")}
    outputs = {name: str(tmp_path / f"{name}.tif") for name in ("prediction", "std")}
    told = {"job": "predict", "model_file": str(made / MODEL), "outputs": outputs}
    run({**parts, **told}, Silent())
    for name in outputs:
        away = np.abs(read(tmp_path, (name,))[name] - here[name])
        assert np.max(away / here["std"]) < 1e-5, name


def test_a_client_that_is_killed_leaves_nothing_and_its_command_goes_on(
    here, landscape, tmp_path, spawn, request_file
):
    work, done = tmp_path / "work", tmp_path / "work" / "done.jsonl"
    request = asked(landscape, tmp_path, workers=1, resume=str(work))
    (tmp_path / "prediction.tif").write_text("old")
    path = str(request_file(request))
    client = spawn(["geohg"], stderr=subprocess.DEVNULL, **in_a_copy(lambda: main(["run", path])))
    until = time.monotonic() + HANGS_SECONDS
    while lines(done) < 2 and time.monotonic() < until:
        time.sleep(0.01)
    workers = psutil.Process(client.pid).children(recursive=True)
    assert [each for each in workers if each.cmdline()[-1:] == ["blocks"]]
    os.kill(client.pid, signal.SIGKILL)
    client.wait()
    assert not psutil.wait_procs(workers, timeout=20)[1]
    assert sorted(os.listdir(tmp_path)) == ["prediction.tif", "request.json", "work"]
    assert (tmp_path / "prediction.tif").read_text() == "old"
    kept = done.read_text().splitlines()
    assert 2 <= len(kept) < BLOCKS
    run({**request, "execution": {"resume": str(work)}}, Silent())
    assert_same(read(tmp_path), here)
    numbers = [json.loads(line)["number"] for line in done.read_text().splitlines()]
    assert done.read_text().splitlines()[: len(kept)] == kept
    assert sorted(numbers) == list(range(BLOCKS))


def lines(path):
    return path.read_text().count("\n") if path.exists() else 0


def test_a_cancel_among_the_blocks_leaves_what_was_there(landscape, tmp_path):
    (tmp_path / "prediction.tif").write_text("old")

    def among_the_blocks(recorder):
        return any(re.match(r"[\d,]+ of 18,000 cells", text) for text in recorder.messages)

    with pytest.raises(Cancelled):
        run(asked(landscape, tmp_path), Recorder(among_the_blocks))
    assert os.listdir(tmp_path) == ["prediction.tif"]
    assert (tmp_path / "prediction.tif").read_text() == "old"


def refused(request, error, message):
    """That a run is refused before it reads the ground."""
    progress = Recorder()
    with pytest.raises(error, match=message):
        run(request, progress)
    assert not any("Fitting" in text for text in (*progress.messages, *progress.lines))


def test_refuses_the_folder_of_another_command_before_the_long_work(landscape, tmp_path):
    request = asked(landscape, tmp_path, resume=str(tmp_path / "work"))
    (tmp_path / "work").mkdir()
    told = {"training": {**TRAINING, "seed": 7}, "uncertainty": request["uncertainty"]}
    config = make_config(told)
    settings = {"kind": "geohg-work", "version": 1, "settings": settings_of(request, config)}
    (tmp_path / "work" / "manifest.json").write_text(json.dumps(settings))
    refused(request, OutputError, "another run, which differs in: training.seed; repeat")


def test_refuses_a_scheduler_that_is_not_there_before_the_long_work(landscape, tmp_path):
    pytest.importorskip("distributed")
    request = asked(landscape, tmp_path, scheduler="tcp://127.0.0.1:9")
    refused(request, InputError, "no Dask scheduler at tcp://127.0.0.1:9")


def test_refuses_workers_of_another_version_before_the_long_work(
    landscape, tmp_path, started, monkeypatch
):
    monkeypatch.setattr(there, "__version__", "9.9")
    request = asked(landscape, tmp_path, scheduler=started.address)
    refused(request, InputError, r"^The worker tcp://\S+ has GeoHG 0\S+, and here is 9\.9;")


@pytest.mark.parametrize("where", [{"scheduler": True}, {"workers": 1}])
def test_refuses_a_raster_that_only_this_process_sees_before_the_long_work(
    landscape, tmp_path, started, where
):
    where = {"scheduler": started.address} if "scheduler" in where else where
    with MemoryFile(landscape.landcover.read_bytes(), ext=".tif") as memory:
        request = {**asked(landscape, tmp_path, **where)}
        request["landcover"] = [{"path": memory.name, "band": 1}]
        refused(request, InputError, f"'{memory.name}'")


def test_refuses_a_map_without_room_before_the_long_work(landscape, tmp_path, monkeypatch):
    full = files.disk_usage(tmp_path)._replace(free=1_000_000)
    monkeypatch.setattr(files, "disk_usage", lambda folder: full)
    refused(asked(landscape, tmp_path), OutputError, "for the map, and 0.0 GB are free; free some")


def test_a_run_is_known_by_what_its_values_depend_on(landscape, tmp_path):
    request, config = landscape.request(), make_config({})
    known = settings_of(request, config, {"a": "1"})
    moved = {**request, "points": {**request["points"], "path": "/other/points.csv"}}
    aside = {**moved, "outputs": {"prediction": "x.tif"}, "execution": {"workers": 3}}
    assert settings_of(aside, make_config({"execution": {"workers": 3}}), {"b": "1"}) == known
    other = settings_of(request, make_config({"model": {"transform": "log"}}), {"a": "2"})
    assert {name for name in known if known[name] != other[name]} == {"model.transform", "inputs"}
    long = {**request, "points": {**request["points"], "table": "x" * 10_000}}
    assert len(json.dumps(settings_of(long, config)["points"])) < 100
    assert Path(request["points"]["path"]).parent.name not in json.dumps(known)
