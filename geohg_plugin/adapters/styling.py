"""How results look in the map."""

from __future__ import annotations

import re

from qgis.core import (
    QgsColorRampLegendNodeSettings,
    QgsColorRampShader,
    QgsGradientColorRamp,
    QgsGraduatedSymbolRenderer,
    QgsMapLayer,
    QgsMarkerSymbol,
    QgsPalettedRasterRenderer,
    QgsProcessingContext,
    QgsProcessingFeedback,
    QgsProcessingLayerPostProcessorInterface,
    QgsRasterLayer,
    QgsRasterShader,
    QgsRendererRange,
    QgsSingleBandPseudoColorRenderer,
    QgsStyle,
    QgsVectorLayer,
)
from qgis.PyQt import sip
from qgis.PyQt.QtGui import QColor

from ..compat import CONTINUOUS, INTERPOLATED
from ..translation import tr

_LOW, _HIGH = 0.02, 0.98  # shares of the cells that fall below and above the ramp
_SAMPLE = 250_000
_INSIDE, _OUTSIDE = "#b9d9c3", "#d9772b"
# Residuals are classed by these shares of the largest, on either side of zero.
_SHARES = (0.1, 0.3, 0.6, 1.0)


class RampStyler(QgsProcessingLayerPostProcessorInterface):
    """Gives a raster a perceptual ramp, stretched over most of its values, with their unit.

    Parameters
    ----------
    ramp : str
        Name of a ramp that QGIS has.
    inverted : bool
        Whether the ramp begins with its last colour.
    """

    def __init__(self, ramp: str, inverted: bool = False) -> None:
        super().__init__()
        self.ramp = ramp
        self.inverted = inverted

    def postProcessLayer(
        self, layer: QgsMapLayer, context: QgsProcessingContext, feedback: QgsProcessingFeedback
    ) -> None:
        if not isinstance(layer, QgsRasterLayer):
            return
        provider = layer.dataProvider()
        low, high = provider.cumulativeCut(1, _LOW, _HIGH, layer.extent(), _SAMPLE)
        ramp = QgsStyle.defaultStyle().colorRamp(self.ramp) or QgsGradientColorRamp()
        if self.inverted:
            ramp.invert()
        shader = QgsColorRampShader(low, high, ramp, INTERPOLATED, CONTINUOUS)
        shader.classifyColorRamp(band=1, extent=layer.extent(), input=provider)
        legend = QgsColorRampLegendNodeSettings()
        legend.setSuffix(_unit(layer))
        shader.setLegendSettings(legend)
        raster_shader = QgsRasterShader(low, high)
        raster_shader.setRasterShaderFunction(shader)
        renderer = QgsSingleBandPseudoColorRenderer(provider, 1, raster_shader)
        renderer.setClassificationMin(low)
        renderer.setClassificationMax(high)
        layer.setRenderer(renderer)
        layer.triggerRepaint()


class AreaStyler(QgsProcessingLayerPostProcessorInterface):
    """Shows which cells are inside the area of applicability: the second band."""

    def postProcessLayer(
        self, layer: QgsMapLayer, context: QgsProcessingContext, feedback: QgsProcessingFeedback
    ) -> None:
        if not isinstance(layer, QgsRasterLayer):
            return
        classes = [
            QgsPalettedRasterRenderer.Class(1, QColor(_INSIDE), tr("the model applies")),
            QgsPalettedRasterRenderer.Class(0, QColor(_OUTSIDE), tr("outside what it learnt")),
        ]
        layer.setRenderer(QgsPalettedRasterRenderer(layer.dataProvider(), 2, classes))
        layer.triggerRepaint()


class ResidualStyler(QgsProcessingLayerPostProcessorInterface):
    """Colours points by their residual: red where the prediction is too low, blue too high."""

    def postProcessLayer(
        self, layer: QgsMapLayer, context: QgsProcessingContext, feedback: QgsProcessingFeedback
    ) -> None:
        if not isinstance(layer, QgsVectorLayer):
            return
        field = layer.fields().lookupField("residual")
        low, high = layer.minimumValue(field), layer.maximumValue(field)
        largest = max(abs(low), abs(high)) or 1.0
        edges = [largest * share for share in _SHARES]
        edges = [-edge for edge in reversed(edges)] + edges
        ramp = QgsStyle.defaultStyle().colorRamp("RdBu") or QgsGradientColorRamp()
        ranges = []
        for number, (lower, upper) in enumerate(zip(edges, edges[1:])):
            symbol = QgsMarkerSymbol.createSimple(
                {
                    "name": "circle",
                    "size": "2.2",
                    "outline_color": "60,60,60",
                    "outline_width": "0.1",
                }
            )
            symbol.setColor(ramp.color(1 - number / (len(edges) - 2)))
            text = f"{lower:.3g} – {upper:.3g}".replace("-", "−")
            ranges.append(QgsRendererRange(lower, upper, symbol, text))
        layer.setRenderer(QgsGraduatedSymbolRenderer("residual", ranges))
        layer.triggerRepaint()


def _unit(layer: QgsRasterLayer) -> str:
    """The unit in the description of the first band, with a space before it, or nothing."""
    found = re.search(r"\[(.+)\]", layer.bandName(1))
    return f" {found[1]}" if found else ""


# The context of a run deletes its stylers, so that each layer needs its own; but it keeps no
# reference in Python, without which they are gone when the layer is loaded.
_waiting: list[QgsProcessingLayerPostProcessorInterface] = []


def style_layers(places: dict[str, str], name: str, context: QgsProcessingContext) -> None:
    """Style and name the layers among `places`, by parameter, that will be loaded.

    `name` is that of the prediction.
    """
    _waiting[:] = [styler for styler in _waiting if not sip.isdeleted(styler)]
    looks = {
        "OUTPUT": (RampStyler("Viridis"), tr("{name} (GeoHG)")),
        "UNCERTAINTY": (
            RampStyler("Magma", inverted=True),
            tr("{name}, standard deviation (GeoHG)"),
        ),
        "LOWER": (RampStyler("Viridis"), tr("{name}, lower bound (GeoHG)")),
        "UPPER": (RampStyler("Viridis"), tr("{name}, upper bound (GeoHG)")),
        "APPLICABILITY": (AreaStyler(), tr("{name}, area of applicability (GeoHG)")),
        "RESIDUALS": (ResidualStyler(), tr("{name}, residuals (GeoHG)")),
    }
    for key, (styler, text) in looks.items():
        if key in places and context.willLoadLayerOnCompletion(places[key]):
            details = context.layerToLoadOnCompletionDetails(places[key])
            details.name = text.format(name=name)
            details.setPostProcessor(styler)
            _waiting.append(styler)
