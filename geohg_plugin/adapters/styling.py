"""How results look in the map."""

from __future__ import annotations

import re

from qgis.core import (
    QgsColorRampLegendNodeSettings,
    QgsColorRampShader,
    QgsGradientColorRamp,
    QgsMapLayer,
    QgsProcessingContext,
    QgsProcessingFeedback,
    QgsProcessingLayerPostProcessorInterface,
    QgsRasterLayer,
    QgsRasterShader,
    QgsSingleBandPseudoColorRenderer,
    QgsStyle,
)
from qgis.PyQt import sip

from ..compat import CONTINUOUS, INTERPOLATED
from ..translation import tr

_LOW, _HIGH = 0.02, 0.98  # shares of the cells that fall below and above the ramp
_SAMPLE = 250_000


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


def _unit(layer: QgsRasterLayer) -> str:
    """The unit in the description of the first band, with a space before it, or nothing."""
    found = re.search(r"\[(.+)\]", layer.bandName(1))
    return f" {found[1]}" if found else ""


# The context of a run deletes its stylers, so that each layer needs its own; but it keeps no
# reference in Python, without which they are gone when the layer is loaded.
_waiting: list[RampStyler] = []


def style_rasters(places: dict[str, str], name: str, context: QgsProcessingContext) -> None:
    """Style and name the rasters among `places`, by parameter, that will be loaded as layers.

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
    }
    for key, (styler, text) in looks.items():
        if key in places and context.willLoadLayerOnCompletion(places[key]):
            details = context.layerToLoadOnCompletionDetails(places[key])
            details.name = text.format(name=name)
            details.setPostProcessor(styler)
            _waiting.append(styler)
