"""What arrives in a project: groups, names, styles, legends, metadata."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import processing
import pytest
from osgeo import gdal
from qgis.core import (
    QgsCategorizedSymbolRenderer,
    QgsGraduatedSymbolRenderer,
    QgsLayerTreeGroup,
    QgsMapLayer,
    QgsProcessingOutputLayerDefinition,
    QgsProject,
    QgsRasterLayer,
    QgsSingleBandPseudoColorRenderer,
    QgsVectorLayer,
)
from support import CELLS, CRS, FAST, QUICK, Landscape, read_raster, write_raster

from geohg.engine.colours import colour_scale
from geohg.geohg_plugin.adapters.metadata import describe
from geohg.geohg_plugin.adapters.styling import draw_cells, draw_values, raster_scale

LAYERS = ("OUTPUT", "UNCERTAINTY", "LOWER", "UPPER", "APPLICABILITY", "RESIDUALS")
NAMES = [
    "value: residuals",
    "value: area of applicability",
    "value: prediction",
    "value: standard deviation",
    "value: upper bound (90 %)",
    "value: lower bound (90 %)",
]


def load(algorithm: str, parameters: dict[str, Any]) -> tuple[dict[str, Any], QgsLayerTreeGroup]:
    """Run and load as the Toolbox does; the result and the group that came."""
    root = QgsProject.instance().layerTreeRoot()
    before = root.findGroups(True)
    result = processing.runAndLoadResults(algorithm, dict(parameters))
    (group,) = [group for group in root.findGroups(True) if group not in before]
    return result, group


@pytest.fixture(scope="module")
def loaded(inputs: dict[str, Any]) -> tuple[dict[str, Any], QgsLayerTreeGroup]:
    """A run with every layer as a temporary output."""
    outputs = dict.fromkeys(LAYERS, "TEMPORARY_OUTPUT")
    return load("geohg:interpolate", {**inputs, **FAST, "FOLDS": 2, **outputs})


@pytest.fixture(scope="module")
def layers(loaded: tuple[dict[str, Any], QgsLayerTreeGroup]) -> dict[str, QgsMapLayer]:
    """The layers of that run, by parameter."""
    result, group = loaded
    sources = {node.layer().source().split("|")[0]: node.layer() for node in group.findLayers()}
    return {key: sources[result[key]] for key in LAYERS}


def test_layers_come_in_a_group_that_names_target_model_and_date(
    loaded: tuple[dict[str, Any], QgsLayerTreeGroup],
) -> None:
    _, group = loaded
    target, model, date = group.name().split(", ")
    assert (target, model) == ("value", "GeoHG propagation")
    assert len(date) == len("2026-11-22 14:05")
    assert [node.name() for node in group.children()] == NAMES
    shown = [node.name() for node in group.children() if node.itemVisibilityChecked()]
    assert shown == NAMES[:3]
    assert [node.isExpanded() for node in group.children()] == [True] * 3 + [False] * 3


def test_the_next_run_has_a_group_beside_and_a_chosen_name_is_kept(
    loaded: tuple[dict[str, Any], QgsLayerTreeGroup], inputs: dict[str, Any]
) -> None:
    _, first = loaded
    project = QgsProject.instance()
    # In QGIS's window a new layer goes beside the current one, here into the last group.
    bridge = project.layerTreeRegistryBridge()
    bridge.setLayerInsertionPoint(type(bridge).InsertionPoint(first, 0))
    wanted = QgsProcessingOutputLayerDefinition("TEMPORARY_OUTPUT", project)
    wanted.destinationName = "My map"
    _, second = load("geohg:interpolate", {**inputs, **QUICK, "OUTPUT": wanted})
    bridge.setLayerInsertionPoint(type(bridge).InsertionPoint(project.layerTreeRoot(), 0))
    assert second.parent() is project.layerTreeRoot()
    assert [node.name() for node in second.children()] == ["My map"]
    assert [node.name() for node in first.children()] == NAMES


def ends(layer: QgsMapLayer) -> tuple[float, float]:
    """Where the colours of a raster begin and end."""
    renderer = layer.renderer()
    assert isinstance(renderer, QgsSingleBandPseudoColorRenderer)
    return renderer.classificationMin(), renderer.classificationMax()


def first_colour(layer: QgsMapLayer) -> str:
    """Name of the colour at the low end of a ramp."""
    return str(layer.renderer().shader().rasterShaderFunction().colorRampItemList()[0].color.name())


def test_bounds_have_the_colours_of_the_prediction(layers: dict[str, QgsMapLayer]) -> None:
    low, high = ends(layers["OUTPUT"])
    assert low == round(low) and high == round(high)
    assert ends(layers["LOWER"]) == ends(layers["UPPER"]) == (low, high)
    assert first_colour(layers["LOWER"]) == first_colour(layers["OUTPUT"]) == "#440154"


def test_uncertainty_begins_at_zero_and_is_dark_where_it_is_large(
    layers: dict[str, QgsMapLayer],
) -> None:
    assert ends(layers["UNCERTAINTY"])[0] == 0.0
    assert first_colour(layers["UNCERTAINTY"]) == "#fcfdbf"


def test_residuals_are_points_in_round_classes_around_zero(layers: dict[str, QgsMapLayer]) -> None:
    ranges = layers["RESIDUALS"].renderer().ranges()
    edges = [item.lowerValue() for item in ranges] + [ranges[-1].upperValue()]
    assert edges == pytest.approx([-edge for edge in reversed(edges)])
    for feature in layers["RESIDUALS"].getFeatures():
        assert edges[0] <= feature["residual"] <= edges[-1]
    assert ranges[3].label() == f"−{edges[4]:g} to {edges[4]:g}"
    first, last = (ranges[path].symbol().color() for path in (0, -1))
    assert first.blue() > first.red() and last.red() > last.blue()


def test_a_veil_lies_outside_the_area_of_applicability(layers: dict[str, QgsMapLayer]) -> None:
    renderer = layers["APPLICABILITY"].renderer()
    assert renderer.band() == 2
    inside, outside = renderer.classes()
    assert (inside.value, inside.color.alpha()) == (1, 0)
    assert outside.value == 0 and 0 < outside.color.alpha() < 255


def test_a_layer_says_what_it_is_how_good_and_how_it_was_made(
    loaded: tuple[dict[str, Any], QgsLayerTreeGroup], layers: dict[str, QgsMapLayer]
) -> None:
    result, group = loaded
    for key, layer in layers.items():
        found = layer.metadata()
        assert found.title() == f"{layer.name()}, {group.name().removeprefix('value, ')}", key
        assert (
            f"{result['OBSERVED']} of {CELLS * CELLS} cells have measurements" in found.abstract()
        )
        assert f"RMSE {result['RMSE']:.4g}" in found.abstract()
        assert f"{100 * result['BLOCKS_COVERAGE']:.1f} % in held-out blocks" in found.abstract()
        assert "model propagation, seed 0" in found.abstract()
        command, versions = found.history()
        assert 'processing.run("geohg:interpolate"' in command and "'FIELD':'value'" in command
        assert versions.startswith("GeoHG ") and "torch" in versions
        assert found.crs().authid() == CRS and found.rights() == []
        (where,) = found.extent().spatialExtents()
        assert where.bounds.xMinimum() == layer.extent().xMinimum()


def test_whom_the_data_ask_to_name_is_among_the_rights(layers: dict[str, QgsMapLayer]) -> None:
    layer = QgsRasterLayer(layers["OUTPUT"].source())
    describe(layer, "a", "b", {"attribution": "© someone", "cells": 2, "observed": 1}, [])
    assert layer.metadata().rights() == ["© someone"]
    assert layer.metadata().abstract() == "b\n\n1 of 2 cells have measurements."


@pytest.fixture
def long_tail(tmp_path: Path) -> QgsRasterLayer:
    """A raster from 1 to 10,000, most of it small, without a value in its first pixel."""
    values = 10 ** np.linspace(0, 4, 900).reshape(30, 30)
    values[0, 0] = np.nan
    path = write_raster(tmp_path / "tail.tif", values, kind=gdal.GDT_Float32)
    raster = gdal.Open(path, gdal.GA_Update)
    raster.GetRasterBand(1).SetNoDataValue(float("nan"))
    raster.FlushCache()
    return QgsRasterLayer(path)


def test_a_legend_tells_units_and_a_long_tail_has_classes(long_tail: QgsRasterLayer) -> None:
    draw_values(long_tail, "Viridis", "persons/km²", raster_scale(long_tail, logarithmic=True))
    shader = long_tail.renderer().shader().rasterShaderFunction()
    assert not shader.legendSettings().useContinuousLegend()
    texts = [item.label for item in shader.colorRampItemList()]
    assert texts[0] == "≤ 10 persons/km²" and texts[-1] == "10,000 persons/km²"
    assert texts[1:4] == ["30 persons/km²", "100 persons/km²", "300 persons/km²"]
    draw_values(long_tail, "Magma", "m", colour_scale([2.0, 12.0]))
    legend = long_tail.renderer().shader().rasterShaderFunction().legendSettings()
    assert legend.useContinuousLegend()
    assert (legend.minimumLabel(), legend.maximumLabel()) == ("2 m", "12 m")


def test_no_value_is_transparent(long_tail: QgsRasterLayer) -> None:
    draw_values(long_tail, "Viridis", "", raster_scale(long_tail))
    drawn = long_tail.renderer().block(1, long_tail.extent(), 30, 30).image()
    assert drawn.pixelColor(0, 0).alpha() == 0 and drawn.pixelColor(1, 0).alpha() == 255


def test_cells_have_the_colours_of_their_land_cover(inputs: dict[str, Any]) -> None:
    _, group = load(
        "geohg:buildgraph",
        {**inputs, **dict.fromkeys(("GRAPH", "CELLS_LAYER"), "TEMPORARY_OUTPUT")},
    )
    assert group.name().startswith("value, GeoHG, ")
    (node,) = group.children()
    layer = node.layer()
    assert node.name() == "value: cells" and node.itemVisibilityChecked()
    assert "Predicted" not in layer.metadata().abstract()
    renderer = layer.renderer()
    assert isinstance(renderer, QgsCategorizedSymbolRenderer)
    colours = {item.value(): item.symbol().color().name() for item in renderer.categories()}
    assert colours == {
        "Tree cover": "#006400",
        "Grassland": "#ffff4c",
        "Built-up": "#fa0000",
        "Permanent water bodies": "#0064c8",
    }
    for feature in layer.getFeatures():
        shares = {name: feature[f"landcover {name}"] for name in colours}
        assert shares[feature["dominant"]] == max(shares.values())
    names = {field.name(): field.displayName() for field in layer.fields()}
    assert names["landcover Tree cover"] == "Tree cover, share of the cell"
    assert names["target value"] == "value, mean"


def test_cells_without_land_cover_are_coloured_by_what_was_measured(
    inputs: dict[str, Any], tmp_path: Path
) -> None:
    path = str(tmp_path / "cells.gpkg")
    bare = {**inputs, "LANDCOVER": [], "GRAPH": "TEMPORARY_OUTPUT", "CELLS_LAYER": path}
    layer = QgsVectorLayer(processing.run("geohg:buildgraph", bare)["CELLS_LAYER"])
    draw_cells(layer, "value", "kg")
    renderer = layer.renderer()
    assert isinstance(renderer, QgsGraduatedSymbolRenderer)
    assert renderer.classAttribute() == "target value" and len(renderer.ranges()) > 3
    assert renderer.ranges()[0].label().endswith(" kg")
    draw_cells(layer, "", "")
    assert layer.renderer().symbol().color().alpha() == 0


@pytest.fixture(scope="module")
def twice(
    inputs: dict[str, Any], landscape: Landscape, tmp_path_factory: pytest.TempPathFactory
) -> dict[str, Any]:
    """The same files written by two runs, each loaded, over land cover; what was seen."""
    project = QgsProject.instance()
    cover = project.addMapLayer(QgsRasterLayer(landscape.raster, "land cover"))
    dots = landscape.points.clone()
    dots.setName("dots")
    project.addMapLayer(dots)
    folder = tmp_path_factory.mktemp("twice")
    named = {"OUTPUT": str(folder / "map.tif"), "UNCERTAINTY": str(folder / "std.tif")}
    _, first = load("geohg:interpolate", {**inputs, **QUICK, **named})
    node = first.findLayers()[0]
    order = [layer.name() for layer in project.layerTreeRoot().layerOrder()]
    copy = project.addMapLayer(QgsRasterLayer(named["OUTPUT"], "my copy"))
    before = [layer.dataProvider().bandStatistics(1).maximumValue for layer in (node.layer(), copy)]
    fewer = landscape.points.clone()
    fewer.setSubsetString('"value" < 105')
    result, second = load("geohg:interpolate", {**inputs, **QUICK, **named, "INPUT": fewer})
    groups = [each for each in project.layerTreeRoot().findGroups(True) if each in (first, second)]
    seen = {"groups": groups, "second": second, "copy": copy, "before": before, "cover": cover}
    return {**seen, "result": result, "folder": folder, "order": order}


def test_a_run_over_the_same_files_replaces_the_layers_of_the_one_before(
    twice: dict[str, Any],
) -> None:
    assert twice["groups"] == [twice["second"]], "an empty group is not left"
    truth = read_raster(twice["result"]["OUTPUT"])
    assert np.nanmax(truth) < min(twice["before"]) - 1
    for layer in (twice["second"].findLayers()[0].layer(), twice["copy"]):
        found = layer.dataProvider().bandStatistics(1).maximumValue
        assert found == pytest.approx(np.nanmax(truth)), layer.name()
    side = Path(twice["result"]["OUTPUT"] + ".aux.xml")
    told = gdal.Info(twice["result"]["OUTPUT"], stats=True, format="json")["bands"][0]
    assert told["maximum"] == pytest.approx(np.nanmax(truth), abs=0.01)
    assert not side.exists() or f"{np.nanmax(truth):.4f}"[:6] in side.read_text()


def test_results_lie_above_the_rasters_of_their_ground_and_below_points(
    twice: dict[str, Any],
) -> None:
    root = QgsProject.instance().layerTreeRoot()
    order = [layer.name() for layer in root.layerOrder()]
    assert order.index("value: prediction") < order.index("my copy") < order.index("land cover")
    first = twice["order"]
    assert first.index("dots") < first.index("value: prediction") < first.index("land cover")


def test_a_raster_opens_right_elsewhere_too(twice: dict[str, Any]) -> None:
    names = sorted(path.name for path in twice["folder"].iterdir() if ".aux." not in path.name)
    assert names == ["map.qmd", "map.qml", "map.tif", "std.qmd", "std.qml", "std.tif"]
    layer = QgsRasterLayer(twice["result"]["OUTPUT"])
    layer.loadDefaultMetadata()  # as the window does
    assert isinstance(layer.renderer(), QgsSingleBandPseudoColorRenderer)
    assert first_colour(layer) == "#440154"
    assert layer.metadata().title().startswith("value: prediction, GeoHG propagation, ")
