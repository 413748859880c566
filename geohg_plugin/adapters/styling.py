"""How results look in the map."""

from __future__ import annotations

from qgis.core import (
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

from ..compat import CONTINUOUS, INTERPOLATED

_LOW, _HIGH = 0.02, 0.98  # shares of the cells that fall below and above the ramp
_SAMPLE = 250_000


class PredictionStyler(QgsProcessingLayerPostProcessorInterface):
    """Gives a prediction raster a perceptual ramp, stretched over most of its values."""

    def postProcessLayer(
        self, layer: QgsMapLayer, context: QgsProcessingContext, feedback: QgsProcessingFeedback
    ) -> None:
        if not isinstance(layer, QgsRasterLayer):
            return
        provider = layer.dataProvider()
        low, high = provider.cumulativeCut(1, _LOW, _HIGH, layer.extent(), _SAMPLE)
        ramp = QgsStyle.defaultStyle().colorRamp("Viridis") or QgsGradientColorRamp()
        shader = QgsColorRampShader(low, high, ramp, INTERPOLATED, CONTINUOUS)
        shader.classifyColorRamp(band=1, extent=layer.extent(), input=provider)
        raster_shader = QgsRasterShader(low, high)
        raster_shader.setRasterShaderFunction(shader)
        renderer = QgsSingleBandPseudoColorRenderer(provider, 1, raster_shader)
        renderer.setClassificationMin(low)
        renderer.setClassificationMax(high)
        layer.setRenderer(renderer)
        layer.triggerRepaint()


# QGIS keeps no reference: an object that only the algorithm held would be gone
# when the layer is loaded.
_styler = PredictionStyler()


def style_prediction(place: str, name: str, context: QgsProcessingContext) -> None:
    """Style and name the prediction at `place`, if it will be loaded as a layer."""
    if context.willLoadLayerOnCompletion(place):
        details = context.layerToLoadOnCompletionDetails(place)
        details.name = name
        details.setPostProcessor(_styler)
