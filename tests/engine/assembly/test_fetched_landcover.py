"""WorldCover that is fetched gives what the same raster gives, and says whose it is."""

import json
from pathlib import Path

import numpy as np
import pandas as pd
import pyogrio
import pytest
import rasterio
from click.testing import CliRunner

from geohg.engine.assembly.inputs import Inputs
from geohg.engine.assembly.maps import read_map
from geohg.engine.cli.main import main
from geohg.engine.config.loader import load_config
from geohg.engine.config.schema import make_config
from geohg.engine.data import store
from geohg.engine.data.builders.esa_worldcover import attribution
from geohg.engine.errors import InputError
from geohg.engine.interpolator import GeoHGInterpolator
from geohg.engine.jobs import run
from geohg.engine.progress import Silent

from ..conftest import COLS, CRS, LEFT, QUICK, TOP
from ..worldcover_bucket import make_tile, tile_path

SAID = attribution("2021")
FETCH = {"landcover": [], "data": {"worldcover": "2021"}}


@pytest.fixture(scope="module")
def tiles(tmp_path_factory):
    """The one tile under the landscape that exists."""
    folder = tmp_path_factory.mktemp("tiles")
    make_tile(folder, "N48E003", 6000, patch=40)
    return folder


def outputs(folder, *names):
    suffixes = {"graph": ".safetensors", "report": ".html", "report_json": ".json"}
    return {name: str(folder / f"{name}{suffixes.get(name, '.tif')}") for name in names}


def test_what_licences_ask_for():
    assert attribution("2020") == (
        "© ESA WorldCover project 2020 / Contains modified Copernicus Sentinel data (2020) "
        "processed by ESA WorldCover consortium. CC BY 4.0, https://doi.org/10.5281/zenodo.5571936"
    )


def test_fetched_land_cover_gives_the_graph_of_the_same_raster(landscape, bucket, tiles, tmp_path):
    given = {"landcover": [{"path": str(tile_path(tiles, "N48E003")), "band": 1}]}
    graphs = {}
    for name, parts in {"given": given, "fetched": FETCH}.items():
        path = tmp_path / f"{name}.safetensors"
        request = landscape.request("buildgraph", **parts, outputs={"graph": str(path)})
        result = run(request)
        graphs[name] = store.load_graph(path)
    assert result["ENTITY_NODES"] == 5
    assert result["ABOUT"]["attribution"] == SAID
    assert np.array_equal(graphs["given"].features, graphs["fetched"].features)
    assert graphs["given"].info.attribution == ""
    assert graphs["fetched"].info.attribution == SAID
    (kept,) = (tmp_path / "cache" / "worldcover").glob("*.tif")
    assert graphs["fetched"].info.checksums[str(kept)] == store.sha256(kept)


def test_fetched_land_cover_is_looked_at_here_wherever_blocks_are_made(
    landscape, bucket, tmp_path, monkeypatch
):
    monkeypatch.delattr("geohg.engine.executors.processes.WorkerProcesses.open")
    monkeypatch.setattr("geohg.engine.assembly.passes.Passes.gather", lambda *given: given)
    monkeypatch.setattr("geohg.engine.assembly.maps.informed", lambda *given: given)
    config = make_config({"data": FETCH["data"], "execution": {"workers": 1}})
    request = landscape.request(**FETCH, grid={"crs": CRS, "cell_size": 200.0})
    found = read_map(Inputs.of(request, config.data), config, Silent(), side=64)
    fetched, named = found.graph[4:6]
    assert bucket.requests and named == {SAID}
    assert {Path(path) for path in fetched} == set(
        (tmp_path / "cache" / "worldcover").glob("*.tif")
    )


def test_the_map_and_its_report_say_whose_the_land_cover_is(landscape, bucket, tmp_path):
    names = ("prediction", "std", "applicability", "graph", "report", "report_json")
    points = tmp_path / "residuals.gpkg"
    network = {"proxy": bucket.address.replace("//", "//me:secret@")}
    wanted = {**outputs(tmp_path, *names), "residuals": str(points)}
    run(landscape.request(**FETCH, network=network, outputs=wanted))
    assert bucket.headers[0]["Proxy-Authorization"]
    for name in ("prediction", "std", "applicability"):
        with rasterio.open(tmp_path / f"{name}.tif") as raster:
            assert raster.tags()["TIFFTAG_COPYRIGHT"] == SAID
    assert pyogrio.read_info(points)["layer_metadata"]["ATTRIBUTION"] == SAID
    report = json.loads((tmp_path / "report_json.json").read_text(encoding="utf-8"))
    assert report["attribution"] == SAID
    assert SAID in (tmp_path / "report.html").read_text(encoding="utf-8")
    assert report["settings"]["data"]["worldcover"] == "2021"
    assert any("N48E003" in path for path in report["checksums"])
    for file in tmp_path.rglob("*"):
        assert file.is_dir() or b"secret" not in file.read_bytes()

    bucket.requests.clear()
    run({**report["request"], "outputs": {"prediction": str(tmp_path / "again.tif")}})
    before = (tmp_path / "prediction.tif").read_bytes()
    assert (tmp_path / "again.tif").read_bytes() == before
    assert bucket.requests == []


def test_a_map_from_a_graph_file_still_says_it(landscape, bucket, tmp_path):
    paths = outputs(tmp_path, "graph") | {"model": str(tmp_path / "model.safetensors")}
    run(landscape.request(**FETCH, outputs=paths))
    request = {
        "version": 1,
        "job": "predict",
        "graph": paths["graph"],
        "model_file": paths["model"],
        "outputs": {"prediction": str(tmp_path / "later.tif")},
    }
    run(request)
    with rasterio.open(tmp_path / "later.tif") as raster:
        assert raster.tags()["TIFFTAG_COPYRIGHT"] == SAID


def test_nothing_is_fetched_unless_asked(landscape, bucket, tmp_path):
    run(landscape.request(landcover=[], outputs=outputs(tmp_path, "prediction")))
    with rasterio.open(tmp_path / "prediction.tif") as raster:
        assert "TIFFTAG_COPYRIGHT" not in raster.tags()
    assert bucket.requests == []


def test_rasters_beside_worldcover_are_refused(landscape, bucket):
    with pytest.raises(InputError, match="Land cover is given twice.*data.worldcover to none"):
        run(landscape.request("buildgraph", data={"worldcover": "2021"}))
    given = {"landcover": landscape.landcover, "worldcover": "2021"}
    interpolator = GeoHGInterpolator(1000.0, crs=CRS, **given)
    with pytest.raises(InputError, match="Land cover is given twice"):
        interpolator.fit([[LEFT + 1, TOP - 1], [LEFT + 9999, TOP - 9999]], None, [1.0, 2.0])
    assert bucket.requests == []


def test_unknown_parts_of_the_network_are_refused(landscape):
    with pytest.raises(InputError, match="'network.user' is not a part of this request"):
        run(landscape.request("buildgraph", network={"user": "me"}))


def test_a_graph_of_fetched_land_cover_alone(bucket, tmp_path):
    grid = {"crs": CRS, "cell_size": 1000.0, "bounds": [LEFT, TOP - 9000, LEFT + 9000, TOP]}
    path = tmp_path / "graph.safetensors"
    request = {"version": 1, "job": "buildgraph", "grid": grid, "outputs": {"graph": str(path)}}
    assert run({**request, **FETCH})["AREA_NODES"] == 81


def test_formats_without_metadata_leave_it_out(bucket, tmp_path):
    grid = {"crs": CRS, "cell_size": 1000.0, "bounds": [LEFT, TOP - 9000, LEFT + 9000, TOP]}
    request = {"version": 1, "job": "buildgraph", "grid": grid, **FETCH}
    for suffix in (".geojson", ".fgb", ".gpkg"):
        path = tmp_path / f"cells{suffix}"
        run({**request, "outputs": {"cells": str(path)}})
        assert pyogrio.read_info(path)["features"] == 81


def test_a_year_in_yaml_is_a_number(tmp_path):
    path = tmp_path / "settings.yaml"
    path.write_text("data:\n  worldcover: 2020\n", encoding="utf-8")
    assert load_config(path).data.worldcover == "2020"
    path.write_text("data:\n  worldcover: 2019\n", encoding="utf-8")
    with pytest.raises(InputError, match="data.worldcover"):
        load_config(path)


def test_the_library_fetches_too(landscape, bucket, tmp_path):
    table = pd.read_csv(landscape.points)
    _, result = GeoHGInterpolator.from_dataframe(
        table,
        ("x", "y"),
        "value",
        2000.0,
        feature_columns=[],
        crs=CRS,
        worldcover="2021",
        options={"training": QUICK},
    )
    assert result.attribution == SAID
    with rasterio.open(result.to_geotiff(tmp_path / "map.tif")) as raster:
        assert raster.tags()["TIFFTAG_COPYRIGHT"] == SAID
        assert raster.width == COLS / 2


def test_the_command_line_fetches_too(landscape, bucket, tmp_path):
    command = ["build-graph", "--worldcover", "2021", "--grid-crs", CRS, "--quiet", "--json"]
    command += ["--bbox", f"{LEFT},{TOP - 5000},{LEFT + 5000},{TOP}", "--output-dir", str(tmp_path)]
    done = CliRunner().invoke(main, [*command, "--resolution", "1000"])
    assert done.exit_code == 0, done.output
    assert json.loads(done.stdout)["area_nodes"] == 25
    done = CliRunner().invoke(main, ["build-graph", "--output-dir", str(tmp_path)])
    assert done.exit_code == 2 and "Give --tif-path, or --worldcover" in done.output
    done = CliRunner().invoke(main, ["interpolate", "--help"])
    assert "--worldcover [none|2020|2021]" in done.output
    assert Path(tmp_path / "graph.safetensors").is_file()
