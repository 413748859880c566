import dataclasses

import numpy as np
import pandas as pd
import pyogrio
import pytest
import rasterio
import shapely

from geohg.engine.assembly.building import joined
from geohg.engine.data.builders.adjacency import queen_edges
from geohg.engine.data.builders.grid import Grid
from geohg.engine.prediction.cells import write_cells, write_table
from geohg.engine.prediction.classmaps import ClassMap
from geohg.engine.prediction.surface import to_grid, write_geotiff

from ..cog import assert_cog
from ..conftest import CRS, write_raster
from ..data.test_graph import small_graph


def test_the_raster_lies_exactly_on_the_grid(tmp_path):
    grid = Grid(CRS, 0.0, 200.0, 100.0, 100.0, 2, 2)
    graph = dataclasses.replace(small_graph(), geometry=grid)
    path = tmp_path / "m.tif"
    bands = {"value [kg]": to_grid(graph, np.array([1.5, 2.5, 3.5, 4.5]))}
    tags = {"TIFFTAG_COPYRIGHT": "© someone"}
    write_geotiff(path, graph.grid.crs, graph.grid.transform, bands, "kg", tags)
    with rasterio.open(path) as raster:
        assert raster.transform == graph.grid.transform
        assert raster.crs.to_string() == graph.grid.crs
        assert raster.read(1).tolist() == [[1.5, 2.5], [3.5, 4.5]]
        assert raster.index(150.0, 50.0) == (1, 1)
        assert np.isnan(raster.nodata) and raster.dtypes == ("float32",)
        assert raster.profile["tiled"] and raster.compression.value == "DEFLATE"
        assert raster.descriptions == ("value [kg]",) and raster.units == ("kg",)
        assert raster.tags()["TIFFTAG_SOFTWARE"].startswith("GeoHG ")
        assert raster.tags()["TIFFTAG_COPYRIGHT"] == "© someone"


@pytest.mark.parametrize(("rows", "cols", "levels"), [(3, 4, []), (700, 1300, [2, 4])])
@pytest.mark.parametrize("kind", [np.float32, np.float64])
def test_every_raster_is_cloud_optimised(tmp_path, rows, cols, levels, kind):
    grid = Grid(CRS, 0.0, 1000.0, 10.0, 10.0, rows, cols)
    values = np.arange(rows * cols, dtype=np.float64).reshape(rows, cols)
    values[:, : cols // 2] = np.nan
    bands = {"a": values, "b": -values}
    write_geotiff(tmp_path / "m.tif", CRS, grid.transform, bands, dtype=kind)
    assert_cog(tmp_path / "m.tif")
    graph = joined(grid, np.arange(grid.size), [], {})
    shares = np.full((grid.size, 2), 0.5)
    ClassMap(graph, ("sand", "clay"), shares, shares[:, 0]).save(tmp_path / "classes.tif")
    assert_cog(tmp_path / "classes.tif")
    for name in ("m.tif", "classes.tif"):
        with rasterio.open(tmp_path / name) as raster:
            assert raster.overviews(1) == levels


def test_what_is_not_cloud_optimised_is_told_apart(tmp_path):
    write_raster(tmp_path / "m.tif", np.ones((700, 1300), np.float32))
    with pytest.raises(KeyError, match="LAYOUT"):
        assert_cog(tmp_path / "m.tif")


def test_pixels_without_a_cell_are_missing(tmp_path):
    graph = small_graph()
    cell = np.array([0, 1, 3])
    graph = dataclasses.replace(
        graph,
        cell=cell,
        features=graph.features[cell],
        near=queen_edges(graph.grid, cell),
        hypernodes={},
        targets={},
    )
    bands = {"v": to_grid(graph, np.array([1.0, 2.0, 3.0]))}
    write_geotiff(tmp_path / "m.tif", graph.grid.crs, graph.grid.transform, bands)
    with rasterio.open(tmp_path / "m.tif") as raster:
        np.testing.assert_array_equal(raster.read(1), [[1.0, 2.0, np.nan, 3.0]])


def test_cells_are_polygons_with_shares_and_targets(tmp_path):
    path = tmp_path / "cells.gpkg"
    write_cells(path, small_graph())
    meta, _, geometry, columns = pyogrio.raw.read(path)
    fields = dict(zip(meta["fields"], columns))
    boxes = shapely.from_wkb(geometry)
    assert shapely.bounds(boxes).tolist() == [[i * 100, 0, i * 100 + 100, 100] for i in range(4)]
    np.testing.assert_allclose(fields["landcover town"], [0.1, 0.5, 1.0, np.nan], rtol=1e-6)
    assert fields["dominant"].tolist() == ["wood", "wood", "town", None]
    np.testing.assert_array_equal(fields["target value"], [1.0, np.nan, 3.0, np.nan])
    assert fields["cell"].tolist() == [0, 1, 2, 3] and "32631" in meta["crs"]


def test_a_raster_can_hold_all_digits(tmp_path):
    graph, path = small_graph(), tmp_path / "m.tif"
    values = 1e9 + np.array([0.25, 0.5, np.nan, 1.0])
    bands = {"v": to_grid(graph, values)}
    write_geotiff(path, graph.grid.crs, graph.grid.transform, bands, dtype=np.float64)
    with rasterio.open(path) as raster:
        assert raster.dtypes == ("float64",) and np.isnan(raster.nodata)
        np.testing.assert_array_equal(raster.read(1)[0], values)


@pytest.mark.parametrize(("crs", "names"), [("EPSG:4326", ("lon", "lat")), (CRS, ("x", "y"))])
def test_a_table_has_the_middle_of_each_cell(tmp_path, crs, names):
    grid = Grid(crs, 10.0, 50.0, 0.5, 0.25, 2, 2)
    graph = dataclasses.replace(small_graph(), geometry=grid)
    write_table(tmp_path / "t.csv", graph, {"value": np.array([1.0, np.nan, 3.0, 4.0])})
    table = pd.read_csv(tmp_path / "t.csv")
    assert list(table) == [*names, "value"]
    assert table[names[0]].tolist() == [10.25, 10.75, 10.25, 10.75]
    assert table[names[1]].tolist() == [49.875, 49.875, 49.625, 49.625]
    np.testing.assert_array_equal(table["value"], [1.0, np.nan, 3.0, 4.0])
