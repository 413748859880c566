"""How results look in the map."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from qgis.core import (
    Qgis,
    QgsCategorizedSymbolRenderer,
    QgsColorRamp,
    QgsColorRampLegendNodeSettings,
    QgsColorRampShader,
    QgsFillSymbol,
    QgsGradientColorRamp,
    QgsGraduatedSymbolRenderer,
    QgsLineSymbol,
    QgsMarkerSymbol,
    QgsPalettedRasterRenderer,
    QgsPalLayerSettings,
    QgsRasterLayer,
    QgsRasterShader,
    QgsRendererCategory,
    QgsRendererRange,
    QgsSingleBandPseudoColorRenderer,
    QgsSingleSymbolRenderer,
    QgsStyle,
    QgsSymbol,
    QgsVectorLayer,
    QgsVectorLayerSimpleLabeling,
)
from qgis.PyQt.QtGui import QColor

from ...engine.colours import ColourScale, colour_scale
from ...engine.names import CARRIED, COVARIATE, LANDCOVER, POI_SHARE, STATISTICS
from ..compat import ALONG_LINE, CONTINUOUS, INTERPOLATED, LINE, POLYGON, is_null
from ..translation import tr
from .scales import classes_around_zero, classes_of, labels_of

_MOST_PIXELS = 600  # along a side, to find the scale from
# Outside the area of applicability a veil lies over the prediction, which shows through.
_INSIDE, _OUTSIDE = QColor(255, 255, 255, 0), QColor(90, 90, 90, 165)
# Of ESA WorldCover, in the order of its legend.
_CODES = (*range(10, 100, 10), 95, 100)
_OUTLINE = {"outline_color": "60,60,60", "outline_width": "0.1"}


def raster_scale(
    layer: QgsRasterLayer, logarithmic: bool = False, from_zero: bool = False
) -> ColourScale:
    """The scale that shows the values of the first band, of large rasters a sample."""
    import numpy as np  # QGIS starts without it

    width, height = (min(side, _MOST_PIXELS) for side in (layer.width(), layer.height()))
    block = layer.dataProvider().block(1, layer.extent(), width, height)
    block.convert(Qgis.DataType.Float64)
    values = np.frombuffer(bytes(block.data()), dtype=np.float64)
    return colour_scale(values[np.isfinite(values)].tolist(), logarithmic, from_zero)


def draw_values(
    layer: QgsRasterLayer, ramp_name: str, unit: str, scale: ColourScale, inverted: bool = False
) -> None:
    """Colour the first band by a perceptual ramp, with the unit in the legend.

    Parameters
    ----------
    layer : QgsRasterLayer
        The raster; what has no value stays transparent.
    ramp_name : str
        Name of a ramp that QGIS has.
    unit : str
        Of the values.
    scale : ColourScale
        Where its colours begin and end.
    inverted : bool
        Whether the ramp begins with its last colour.
    """
    ramp, stops, labels = _ramp(ramp_name, inverted), scale.stops, labels_of(scale, unit)
    shader = QgsColorRampShader(stops[0], stops[-1], ramp, INTERPOLATED, CONTINUOUS)
    legend = QgsColorRampLegendNodeSettings()
    if scale.continuous:
        shader.classifyColorRamp(band=1, extent=layer.extent(), input=layer.dataProvider())
        legend.setMinimumLabel(labels[0])
        legend.setMaximumLabel(labels[-1])
    else:
        shader.setColorRampItemList(
            [
                QgsColorRampShader.ColorRampItem(stop, ramp.color(number / (len(stops) - 1)), text)
                for number, (stop, text) in enumerate(zip(stops, labels))
            ]
        )
        legend.setUseContinuousLegend(False)
    shader.setLegendSettings(legend)
    raster_shader = QgsRasterShader(stops[0], stops[-1])
    raster_shader.setRasterShaderFunction(shader)
    renderer = QgsSingleBandPseudoColorRenderer(layer.dataProvider(), 1, raster_shader)
    renderer.setClassificationMin(stops[0])
    renderer.setClassificationMax(stops[-1])
    layer.setRenderer(renderer)


def draw_area(layer: QgsRasterLayer) -> None:
    """Veil the cells outside the area of applicability: the second band."""
    classes = [
        QgsPalettedRasterRenderer.Class(1, _INSIDE, tr("inside the area of applicability")),
        QgsPalettedRasterRenderer.Class(0, _OUTSIDE, tr("outside the area of applicability")),
    ]
    layer.setRenderer(QgsPalettedRasterRenderer(layer.dataProvider(), 2, classes))


def draw_class_map(layer: QgsRasterLayer, colours: dict[str, str]) -> None:
    """Give each class its name and its colour; their numbers count from 1."""
    classes = [
        QgsPalettedRasterRenderer.Class(number, QColor(colour), name)
        for number, (name, colour) in enumerate(colours.items(), 1)
    ]
    layer.setRenderer(QgsPalettedRasterRenderer(layer.dataProvider(), 1, classes))


def draw_residuals(layer: QgsVectorLayer, unit: str) -> None:
    """Colour points by their residual: red where the prediction is too low, blue too high."""
    classes = classes_around_zero(_values(layer, "residual"), unit)
    marker = {"name": "circle", "size": "1.8", **_OUTLINE}
    ramp = _ramp("RdBu", inverted=True)
    ranges = _ranges(classes, ramp, lambda: QgsMarkerSymbol.createSimple(marker))
    layer.setRenderer(QgsGraduatedSymbolRenderer("residual", ranges))


def draw_next_points(layer: QgsVectorLayer) -> None:
    """Mark places with their rank beside them."""
    marker = {"name": "circle", "color": "#ffffff", "size": "2.6", "outline_color": "#d95f02"}
    symbol = QgsMarkerSymbol.createSimple({**marker, "outline_width": "0.6"})
    layer.setRenderer(QgsSingleSymbolRenderer(symbol))
    _label(layer, "rank")


def draw_contours(layer: QgsVectorLayer, unit: str) -> None:
    """Draw thin lines with their value along them."""
    line = {"line_color": "60,60,60", "line_width": "0.2"}
    layer.setRenderer(QgsSingleSymbolRenderer(QgsLineSymbol.createSimple(line)))
    layer.setFieldAlias(layer.fields().lookupField("level"), f"level [{unit}]" if unit else "level")
    _label(layer, "level")


def _label(layer: QgsVectorLayer, field: str) -> None:
    """Write the value of a field beside each feature; along lines, where these are."""
    settings = QgsPalLayerSettings()
    settings.fieldName = field
    if layer.geometryType() == LINE:
        settings.placement = ALONG_LINE
    layer.setLabeling(QgsVectorLayerSimpleLabeling(settings))
    layer.setLabelsEnabled(True)


def draw_polygons(layer: QgsVectorLayer, target: str, unit: str) -> None:
    """Colour polygons by their mean or total; those without any stay empty."""
    names = layer.fields().names()
    field = next((n for n in (f"{target}_{s}" for s in STATISTICS) if n in names), "")
    values = _values(layer, field)
    if not values:
        layer.setRenderer(QgsSingleSymbolRenderer(_shape(layer, "#00000000")))
        return
    ranges = _ranges(classes_of(values, unit), _ramp("Viridis"), lambda: _shape(layer))
    layer.setRenderer(QgsGraduatedSymbolRenderer(field, ranges))


def draw_cells(layer: QgsVectorLayer, target: str, unit: str) -> None:
    """Colour cells by the class of land cover that most of each is, or else by the target."""
    _name_fields(layer, unit)
    if classes := _names(layer, LANDCOVER):
        layer.setRenderer(_by_class(layer, classes))
        return
    # What was measured in the cells of a graph, or what is predicted of those of a map.
    names = (f"target {target}", target, f"{target}_mean")
    field = next((name for name in names if layer.fields().lookupField(name) >= 0), "")
    values = _values(layer, field)
    if values:
        ranges = _ranges(classes_of(values, unit), _ramp("Viridis"), lambda: _shape(layer))
        layer.setRenderer(QgsGraduatedSymbolRenderer(field, ranges))
    else:
        layer.setRenderer(QgsSingleSymbolRenderer(_shape(layer, "#00000000")))


def _worldcover() -> dict[str, tuple[str, str]]:
    """What the legend of ESA WorldCover calls and colours each class, by the name in a graph."""
    return {
        "Tree cover": (tr("Tree cover"), "#006400"),
        "Shrubland": (tr("Shrubland"), "#ffbb22"),
        "Grassland": (tr("Grassland"), "#ffff4c"),
        "Cropland": (tr("Cropland"), "#f096ff"),
        "Built-up": (tr("Built-up"), "#fa0000"),
        "Bare / sparse vegetation": (tr("Bare / sparse vegetation"), "#b4b4b4"),
        "Snow and ice": (tr("Snow and ice"), "#f0f0f0"),
        "Permanent water bodies": (tr("Permanent water bodies"), "#0064c8"),
        "Herbaceous wetland": (tr("Herbaceous wetland"), "#0096a0"),
        "Mangroves": (tr("Mangroves"), "#00cf75"),
        "Moss and lichen": (tr("Moss and lichen"), "#fae6a0"),
    }


def draw_measured(layer: QgsVectorLayer, field: str) -> None:
    """Colour points by a measured value."""
    classes, marker = classes_of(_values(layer, field), ""), {"size": "1.8", **_OUTLINE}
    symbol = partial(QgsMarkerSymbol.createSimple, marker)
    ranges = _ranges(classes, _ramp("Viridis"), symbol)
    layer.setRenderer(QgsGraduatedSymbolRenderer(field, ranges))


def draw_land_cover(layer: QgsRasterLayer) -> None:
    """Colour classes as ESA WorldCover does."""
    classes = [
        QgsPalettedRasterRenderer.Class(code, QColor(colour), text)
        for code, (text, colour) in zip(_CODES, _worldcover().values())
    ]
    layer.setRenderer(QgsPalettedRasterRenderer(layer.dataProvider(), 1, classes))


def _by_class(layer: QgsVectorLayer, classes: list[str]) -> QgsCategorizedSymbolRenderer:
    """A category for each class that is most of some cell, in the colours of the product."""
    most = layer.fields().lookupField("dominant")
    found = layer.uniqueValues(most)
    known, shown = _worldcover(), []
    for number, name in enumerate(classes):
        other = QColor.fromHsvF(number / len(classes), 0.45, 0.85).name()
        text, colour = known.get(name, (name, other))
        if name in found:
            shown.append(QgsRendererCategory(name, _shape(layer, colour), text))
    if any(is_null(value) for value in found):
        nothing = _shape(layer, "#00000000")
        shown.append(QgsRendererCategory(None, nothing, tr("no land cover")))
    return QgsCategorizedSymbolRenderer("dominant", shown)


def _name_fields(layer: QgsVectorLayer, unit: str) -> None:
    """Say in the table of cells what each number is."""
    target = tr("{name}, mean ({unit})") if unit else tr("{name}, mean")
    texts = {
        LANDCOVER: tr("{name}, share of the cell"),
        POI_SHARE: tr("{name}, share of the POIs"),
        COVARIATE: "{name}",
        CARRIED: "{name}",
        "target": target,
    }
    fields, known = layer.fields(), _worldcover()
    for kind, text in texts.items():
        for name in _names(layer, kind):
            alias = text.format(name=known.get(name, (name,))[0], unit=unit)
            layer.setFieldAlias(fields.lookupField(f"{kind} {name}"), alias)
    layer.setFieldAlias(fields.lookupField("dominant"), tr("Most common class in the cell"))


def _names(layer: QgsVectorLayer, kind: str) -> list[str]:
    """What the fields of one kind tell of."""
    start = f"{kind} "
    names = layer.fields().names()
    return [name[len(start) :] for name in names if name.startswith(start)]


def _values(layer: QgsVectorLayer, field: str) -> list[float]:
    column = layer.fields().lookupField(field)
    if column < 0:
        return []
    values = (feature[column] for feature in layer.getFeatures())
    return [float(value) for value in values if not is_null(value)]


def _ranges(
    classes: list[tuple[float, float, str]], ramp: QgsColorRamp, symbol: Callable[[], QgsSymbol]
) -> list[QgsRendererRange]:
    """Classes as QGIS keeps them, coloured along a ramp."""
    ranges = []
    for number, (low, high, text) in enumerate(classes):
        mark = symbol()
        mark.setColor(ramp.color(number / max(len(classes) - 1, 1)))
        ranges.append(QgsRendererRange(low, high, mark, text))
    return ranges


def _shape(layer: QgsVectorLayer, colour: str = "#808080") -> QgsSymbol:
    """A cell, thinly outlined; a dot where nobody knows its shape."""
    if layer.geometryType() == POLYGON:
        outline = {**_OUTLINE, "outline_color": "60,60,60,90"}
        return QgsFillSymbol.createSimple({"color": colour, **outline})
    return QgsMarkerSymbol.createSimple({"color": colour, "size": "2.2", **_OUTLINE})


def _ramp(name: str, inverted: bool = False) -> QgsColorRamp:
    ramp = QgsStyle.defaultStyle().colorRamp(name) or QgsGradientColorRamp()
    if inverted:
        ramp.invert()
    return ramp
