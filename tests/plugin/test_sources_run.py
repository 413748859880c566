"""Maps of what depends on zones, other classes, distances and elevation, by each door."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import processing
import pytest
from doors import JSON_INPUT
from fresh import enable_checkout, run_qgis_process
from numpy.typing import NDArray
from osgeo import gdal
from qgis.core import (
    QgsCoordinateTransformContext,
    QgsFeature,
    QgsGeometry,
    QgsProject,
    QgsRectangle,
    QgsVectorFileWriter,
    QgsVectorLayer,
)
from support import (
    BOTTOM,
    CELL,
    CELLS,
    CRS,
    EXTENT,
    LEFT,
    PIXEL,
    QUICK,
    RIGHT,
    TOP,
    Landscape,
    make_points,
    read_raster,
    write_raster,
)

SIDE = int(CELLS * CELL / PIXEL)
Array = NDArray[np.float64]


def _feature(layer: QgsVectorLayer, shape: QgsGeometry, *values: Any) -> QgsFeature:
    feature = QgsFeature(layer.fields())
    feature.setGeometry(shape)
    feature.setAttributes(list(values))
    return feature


def _districts() -> tuple[QgsVectorLayer, Array]:
    """Squares of 4 cells to a side with one of three names, and each cell's name as a number."""
    number = np.random.default_rng(5).integers(0, 3, (CELLS // 4, CELLS // 4))
    layer = QgsVectorLayer(f"Polygon?crs={CRS}&field=name:string", "districts", "memory")
    side = 4 * CELL
    squares = []
    for (row, col), which in np.ndenumerate(number):
        west, north = LEFT + col * side, TOP - row * side
        box = QgsGeometry.fromRect(QgsRectangle(west, north - side, west + side, north))
        squares.append(_feature(layer, box, "abc"[which]))
    layer.dataProvider().addFeatures(squares)
    return layer, np.kron(number, np.ones((4, 4))).astype(float)


def _roads() -> tuple[QgsVectorLayer, Array]:
    """Two roads, and log(1 + metres) from each cell's centre to the nearer."""
    layer = QgsVectorLayer(f"LineString?crs={CRS}", "roads", "memory")
    x0, y0 = LEFT + 6.5 * CELL, TOP - 12.5 * CELL
    lines = [f"LineString({x0} {BOTTOM}, {x0} {TOP})", f"LineString({LEFT} {y0}, {RIGHT} {y0})"]
    layer.dataProvider().addFeatures([_feature(layer, QgsGeometry.fromWkt(line)) for line in lines])
    row, col = np.mgrid[0:CELLS, 0:CELLS] + 0.5
    x, y = LEFT + col * CELL, TOP - row * CELL
    return layer, np.log1p(np.minimum(abs(x - x0), abs(y - y0)))


def _soils(folder: Path) -> tuple[str, Array]:
    """A raster of two classes in squares of 2 cells, and the class of each cell."""
    number = np.random.default_rng(6).integers(0, 2, (CELLS // 2, CELLS // 2))
    path = write_raster(folder / "soils.tif", np.kron(number + 1, np.ones((20, 20))))
    return path, np.kron(number, np.ones((2, 2))).astype(float)


def _hills(folder: Path) -> tuple[str, Array]:
    """A raster of heights that differ from cell to cell, and the mean of each cell."""
    height = np.random.default_rng(7).uniform(0, 500, (CELLS, CELLS))
    fine = np.kron(height, np.ones((SIDE // CELLS,) * 2))
    return write_raster(folder / "hills.tif", fine, kind=gdal.GDT_Float32), height


def _given(landscape: Landscape, truth: Array) -> dict[str, Any]:
    """Half of the cells measured; the land cover tells nothing of the value."""
    generator = np.random.default_rng(8)
    cell = generator.permutation(CELLS * CELLS)[: CELLS * CELLS // 2]
    row, col = np.divmod(cell, CELLS)
    value = truth[row, col] + generator.normal(0, 0.3, len(cell))
    x, y = LEFT + (col + 0.5) * CELL, TOP - (row + 0.5) * CELL
    layer = make_points("measured", x, y, value, ["site"] * len(cell))
    QgsProject.instance().addMapLayer(layer)
    return {
        **QUICK,
        "INPUT": layer,
        "FIELD": "value",
        "LANDCOVER": [landscape.raster],
        "CELL_SIZE": CELL,
        "EXTENT": EXTENT,
    }


def _error(path: str, truth: Array) -> float:
    """Of the map, in standard deviations of the truth."""
    return float(np.sqrt(np.mean((read_raster(path) - truth) ** 2)) / truth.std())


def _by_zones(folder: Path) -> tuple[dict[str, Any], Array]:
    layer, number = _districts()
    QgsProject.instance().addMapLayer(layer)
    return {"ZONES": layer, "ZONES_FIELD": "name"}, np.array([-10.0, 0.0, 15.0])[number.astype(int)]


def _by_distance(folder: Path) -> tuple[dict[str, Any], Array]:
    layer, distance = _roads()
    QgsProject.instance().addMapLayer(layer)
    return {"DISTANCE_LAYERS": [layer]}, -5.0 * distance


def _by_classes(folder: Path) -> tuple[dict[str, Any], Array]:
    path, number = _soils(folder)
    return {"CLASS_RASTERS": [path]}, 12.0 * number


def _by_height(folder: Path) -> tuple[dict[str, Any], Array]:
    path, height = _hills(folder)
    return {"COVARIATE_RASTERS": [path]}, -0.02 * height


def _by_elevation(folder: Path) -> tuple[dict[str, Any], Array]:
    """By the height of a cell above the 5 x 5 around it, which is derived from the elevation."""
    path, height = _hills(folder)
    padded = np.pad(height, 2, constant_values=np.nan)
    around = np.lib.stride_tricks.sliding_window_view(padded, (5, 5))
    return {"ELEVATION": path}, 0.02 * (height - np.nanmean(around, axis=(2, 3)))


def _by_embedding(folder: Path) -> tuple[dict[str, Any], Array]:
    """By what whole numbers with a sign stand for: +-(x / 127.5) ** 2."""
    number = np.random.default_rng(9).integers(-127, 128, (CELLS, CELLS))
    path = str(folder / "embedding.tif")
    signed = hasattr(gdal, "GDT_Int8")  # since GDAL 3.7
    kind, options = (gdal.GDT_Int8, []) if signed else (gdal.GDT_Byte, ["PIXELTYPE=SIGNEDBYTE"])
    raster = gdal.GetDriverByName("GTiff").Create(path, SIDE, SIDE, 1, kind, options)
    raster.SetGeoTransform((LEFT, PIXEL, 0, TOP, 0, -PIXEL))
    raster.SetProjection(QgsVectorLayer(f"Point?crs={CRS}", "", "memory").crs().toWkt())
    fine = np.kron(number, np.ones((SIDE // CELLS,) * 2)).astype(np.int8)
    raster.GetRasterBand(1).WriteArray(fine if signed else fine.view(np.uint8))
    raster.FlushCache()
    return {"EMBEDDINGS": [path]}, 10.0 * np.sign(number) * (number / 127.5) ** 2


@pytest.mark.parametrize(
    "source", [_by_zones, _by_classes, _by_distance, _by_height, _by_elevation, _by_embedding]
)
def test_a_map_is_better_by_what_it_depends_on(
    landscape: Landscape, tmp_path: Path, source: Callable[[Path], tuple[dict[str, Any], Array]]
) -> None:
    told, truth = source(tmp_path)
    given = {**_given(landscape, truth), "OUTPUT": str(tmp_path / "map.tif")}
    without = processing.run("geohg:interpolate", given)
    error = _error(without["OUTPUT"], truth)
    better = processing.run("geohg:interpolate", {**given, **told})
    assert better["R2"] > without["R2"] + 0.1 and better["R2"] > 0.85
    assert _error(better["OUTPUT"], truth) < 0.7 * error


def test_qgis_process_takes_files_of_sources(
    landscape: Landscape, tmp_path: Path, engine_python: str
) -> None:
    """What the value depends on, twice: two layers of one parameter, a layer with its field."""
    zones, by_zone = _by_zones(tmp_path)
    roads, by_distance = _by_distance(tmp_path)
    truth = by_zone + by_distance
    given = _given(landscape, truth)
    layers = {
        "INPUT": given["INPUT"],
        "ZONES": zones["ZONES"],
        "DISTANCE_LAYERS": roads["DISTANCE_LAYERS"][0],
    }
    options, context = QgsVectorFileWriter.SaveVectorOptions(), QgsCoordinateTransformContext()
    for key, layer in layers.items():
        given[key] = str(tmp_path / f"{layer.name()}.gpkg")
        QgsVectorFileWriter.writeAsVectorFormatV3(layer, given[key], context, options)
    given |= {"ZONES_FIELD": "name", "OUTPUT": str(tmp_path / "map.tif")}
    pois = str(tmp_path / "pois.gpkg")
    QgsVectorFileWriter.writeAsVectorFormatV3(landscape.pois, pois, context, options)
    given["DISTANCE_LAYERS"] = [given["DISTANCE_LAYERS"], pois]
    start = enable_checkout(tmp_path / "home")
    if JSON_INPUT:
        request = json.dumps({"inputs": given})
        done = run_qgis_process(start, "run", "geohg:interpolate", "-", standard_input=request)
    else:
        pairs = [
            (k, v) for k, many in given.items() for v in (many if type(many) is list else [many])
        ]
        arguments = [f"{key}={value}" for key, value in pairs]
        done = run_qgis_process(start, "--json", "run", "geohg:interpolate", "--", *arguments)
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout)["results"]["R2"] > 0.9
    assert _error(given["OUTPUT"], truth) < 0.2
