"""`geohg:interpolate` where polygons have values."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import processing
import pytest
from osgeo import gdal, ogr, osr
from qgis.core import QgsProcessingException, QgsVectorLayer
from support import CELL, CRS, LEFT, QUICK, TOP, Landscape, read_raster

SIDE = 5


@pytest.fixture(scope="module")
def districts(
    tmp_path_factory: pytest.TempPathFactory, landscape: Landscape
) -> tuple[QgsVectorLayer, np.ndarray]:
    """Squares of the landscape with the totals of their cells, and these."""
    path = str(tmp_path_factory.mktemp("districts") / "districts.gpkg")
    reference = osr.SpatialReference()
    reference.SetFromUserInput(CRS)
    source = ogr.GetDriverByName("GPKG").CreateDataSource(path)
    layer = source.CreateLayer("districts", reference, ogr.wkbPolygon)
    layer.CreateField(ogr.FieldDefn("people", ogr.OFTReal))
    truth = landscape.truth - landscape.truth.min() + 1
    rows, cols = (size // SIDE for size in truth.shape)
    totals = truth[: rows * SIDE, : cols * SIDE].reshape(rows, SIDE, cols, SIDE).sum(axis=(1, 3))
    wide = SIDE * CELL
    for (row, col), total in np.ndenumerate(totals):
        left, top = LEFT + col * wide, TOP - row * wide
        right, bottom = left + wide, top - wide
        feature = ogr.Feature(layer.GetLayerDefn())
        feature.SetField("people", float(total))
        corners = ((left, top), (right, top), (right, bottom), (left, bottom), (left, top))
        ring = ", ".join(f"{x} {y}" for x, y in corners)
        feature.SetGeometry(ogr.CreateGeometryFromWkt(f"POLYGON (({ring}))"))
        layer.CreateFeature(feature)
    del feature, layer, source
    return QgsVectorLayer(path, "districts", "ogr"), totals


def asked(layer: QgsVectorLayer, landscape: Landscape, **more: Any) -> dict[str, Any]:
    return {
        "INPUT": layer,
        "FIELD": "people",
        "VALUES_ARE": "total",
        "LANDCOVER": landscape.raster,
        "CELL_SIZE": CELL,
        **QUICK,
        "MASKED_RATIO": 0,
        "OUTPUT": "TEMPORARY_OUTPUT",
        **more,
    }


def test_the_cells_add_up_to_the_totals_of_the_polygons(
    districts: tuple[QgsVectorLayer, np.ndarray], landscape: Landscape, tmp_path: Path
) -> None:
    layer, totals = districts
    parameters = asked(layer, landscape, OUTPUT=str(tmp_path / "map.tif"))
    result = processing.run("geohg:interpolate", parameters)
    raster = gdal.Open(result["OUTPUT"])
    assert raster.GetGeoTransform()[0] == pytest.approx(LEFT)
    predicted = read_raster(result["OUTPUT"])
    rows, cols = totals.shape
    parts = predicted[: rows * SIDE, : cols * SIDE].reshape(rows, SIDE, cols, SIDE)
    assert parts.sum(axis=(1, 3)) == pytest.approx(totals, rel=1e-5)
    assert predicted.min() >= 0


def test_what_belongs_to_points_is_refused_beside_polygons(
    districts: tuple[QgsVectorLayer, np.ndarray], landscape: Landscape
) -> None:
    parameters = asked(districts[0], landscape, GROUP_FIELD="people")
    with pytest.raises(QgsProcessingException, match="'GROUP_FIELD' belongs to points"):
        processing.run("geohg:interpolate", parameters)


def test_what_belongs_to_polygons_is_refused_beside_points(
    inputs: dict[str, Any], landscape: Landscape
) -> None:
    with pytest.raises(QgsProcessingException, match="'POINTS_BESIDE' belongs to polygons"):
        processing.run(
            "geohg:interpolate",
            {
                **inputs,
                "POINTS_BESIDE": inputs["INPUT"],
                "OUTPUT": "TEMPORARY_OUTPUT",
            },
        )
