"""Land cover that is fetched, from the dialogs' parameters to the layers."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import processing
import pytest
from osgeo import gdal
from qgis.core import QgsNetworkAccessManager, QgsProcessingException, QgsSettings, QgsVectorLayer
from support import QUICK, Recorder

sys.path.append(str(Path(__file__).resolve().parents[1] / "engine"))

from bucket import Bucket, serve_bucket

# The landscape lies near 24 degrees north and 121 degrees east.
TILE = "v200/2021/map/ESA_WorldCover_10m_2021_v200_N24E120_Map.tif"
SIDE = 2400


@pytest.fixture(scope="module")
def tiles(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with one tile, in patches of four classes."""
    folder = tmp_path_factory.mktemp("tiles")
    codes = np.random.default_rng(3).choice([10, 30, 50, 80], (SIDE // 8, SIDE // 8))
    memory = gdal.GetDriverByName("MEM").Create("", SIDE, SIDE, 1, gdal.GDT_Byte)
    memory.SetGeoTransform((120, 3 / SIDE, 0, 27, 0, -3 / SIDE))
    memory.SetProjection("EPSG:4326")
    memory.GetRasterBand(1).SetNoDataValue(0)
    memory.GetRasterBand(1).WriteArray(np.kron(codes, np.ones((8, 8))).astype(np.uint8))
    (folder / TILE).parent.mkdir(parents=True)
    gdal.GetDriverByName("COG").CreateCopy(str(folder / TILE), memory).FlushCache()
    return folder


@pytest.fixture
def bucket(tiles: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Bucket]:
    """The server of the tiles, and a cache that is empty."""
    monkeypatch.setenv("GEOHG_CACHE", str(tmp_path / "cache"))
    with serve_bucket(tiles) as running:
        monkeypatch.setenv("GEOHG_WORLDCOVER_URL", running.address)
        yield running


def shares(path: str) -> dict[str, list[float]]:
    """Share of each class by cell."""
    layer = QgsVectorLayer(path, "cells", "ogr")
    names = [name for name in layer.fields().names() if name.startswith("landcover ")]
    return {name: [feature[name] for feature in layer.getFeatures()] for name in names}


def test_shares_equal_those_of_the_local_raster(
    inputs: dict[str, Any], bucket: Bucket, tiles: Path, tmp_path: Path, recorder: Recorder
) -> None:
    parts = {key: value for key, value in inputs.items() if key != "LANDCOVER"}
    given = {"given": {"LANDCOVER": [str(tiles / TILE)]}, "fetched": {"WORLDCOVER": "2021"}}
    for name, own in given.items():
        outputs = {"GRAPH": "TEMPORARY_OUTPUT", "CELLS_LAYER": str(tmp_path / f"{name}.gpkg")}
        processing.run("geohg:buildgraph", {**parts, **own, **outputs}, feedback=recorder)
    fetched = shares(str(tmp_path / "fetched.gpkg"))
    assert len(fetched) == 4
    assert fetched == shares(str(tmp_path / "given.gpkg"))
    assert "Fetching WorldCover 2021, tile 1 of 1" in recorder.stages


def test_a_map_of_fetched_land_cover_names_its_source(
    inputs: dict[str, Any], bucket: Bucket, tmp_path: Path
) -> None:
    proxy = QgsSettings()
    for key, value in {
        "proxyEnabled": True,
        "proxyType": "HttpProxy",
        "proxyHost": "127.0.0.1",
        "proxyPort": str(bucket.server_port),
        "proxyUser": "me",
        "proxyPassword": "hidden word",
    }.items():
        proxy.setValue(f"proxy/{key}", value)
    outputs = {
        key: str(tmp_path / name)
        for key, name in {"OUTPUT": "map.tif", "REPORT": "r.html", "REPORT_JSON": "r.json"}.items()
    }
    quick = {**QUICK, "LANDCOVER": None, "WORLDCOVER": "2021"}
    try:
        processing.run("geohg:interpolate", {**inputs, **quick, **outputs})
    finally:
        proxy.remove("proxy")
        QgsNetworkAccessManager.instance().setupDefaultProxyAndCache()
    assert all("Proxy-Authorization" in headers for headers in bucket.headers)
    attribution = gdal.Open(outputs["OUTPUT"]).GetMetadataItem("TIFFTAG_COPYRIGHT")
    assert attribution.startswith("© ESA WorldCover project 2021 / Contains modified Copernicus")
    report = json.loads(Path(outputs["REPORT_JSON"]).read_text(encoding="utf-8"))
    assert report["attribution"] == attribution
    assert "network" not in report["request"]


def test_no_network_is_one_error(
    inputs: dict[str, Any], bucket: Bucket, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("GEOHG_WORLDCOVER_URL", "http://127.0.0.1:1")
    chosen = {"LANDCOVER": None, "WORLDCOVER": "2020", "GRAPH": "TEMPORARY_OUTPUT"}
    with pytest.raises(QgsProcessingException, match="WorldCover cannot be fetched.*Network"):
        processing.run("geohg:buildgraph", {**inputs, **chosen})


def test_rasters_beside_worldcover_are_refused_before_the_run(inputs: dict[str, Any]) -> None:
    chosen = {"WORLDCOVER": "2021", "GRAPH": "TEMPORARY_OUTPUT"}
    with pytest.raises(QgsProcessingException, match="given twice, by LANDCOVER and by WORLDCOVER"):
        processing.run("geohg:buildgraph", {**inputs, **chosen})
