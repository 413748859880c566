"""What a layer says of itself in its properties, and takes along into a project."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from qgis.core import QgsLayerMetadata, QgsMapLayer

from ..compat import BOX
from ..translation import tr

# What comes before the names of figures: of the map, on cells drawn first, and on blocks.
_TESTS = ("EXPECTED_", "", "BLOCKS_")


def describe(
    layer: QgsMapLayer, title: str, text: str, about: dict[str, Any], history: Sequence[str]
) -> None:
    """Set a layer's metadata.

    Parameters
    ----------
    layer : QgsMapLayer
        The layer.
    title : str
        What it is called.
    text : str
        What its values are.
    about : dict
        The part `ABOUT` of the result that it belongs to.
    history : sequence of str
        How it was made.
    """
    found = QgsLayerMetadata()
    found.setType("dataset")
    found.setTitle(title)
    found.setAbstract("\n\n".join([text, *_sentences(about)]))
    found.setHistory([*history, _versions(about)])
    if about.get("attribution"):
        found.setRights([about["attribution"]])
    found.setCrs(layer.crs())
    found.setExtent(_extent(layer))
    layer.setMetadata(found)


def _sentences(about: dict[str, Any]) -> list[str]:
    """What it rests on and how good it is, as far as that is known."""
    unit = f" {about['unit']}" if about.get("unit") else ""
    parts = [tr("{observed} of {cells} cells have measurements.").format(**about)] if about else []
    if about.get("model"):
        parts[0] += " " + tr("Predicted by GeoHG, model {model}, seed {seed}.").format(**about)
    figures = about.get("figures", {})
    texts = (
        tr("In cells without measurements, expect: RMSE {rmse}{unit}, R² {r2}."),
        tr("On {cells} held-out cells: RMSE {rmse}{unit}, R² {r2}."),
        tr("On held-out spatial blocks: RMSE {rmse}{unit}, R² {r2}."),
    )
    for start, text in zip(_TESTS, texts):
        rmse, r2 = (
            figures.get(f"{start}{name}_UNIT", figures.get(f"{start}{name}"))
            for name in ("RMSE", "R2")
        )
        if rmse is not None and r2 is not None:
            cells = figures.get("TEST_CELLS")
            better = f"{r2:.3f}".replace("-", "−")
            parts.append(text.format(cells=cells, rmse=f"{rmse:.4g}", unit=unit, r2=better))
    if figures.get("ACCURACY") is not None:
        text = tr("At {points} held-out points the class is right in {share:.1f} %, kappa {kappa}.")
        told = {"points": figures["TEST_POINTS"], "share": 100 * figures["ACCURACY"]}
        parts.append(text.format(**told, kappa=f"{figures.get('KAPPA', 0.0):.2f}"))
    return [*parts, *_held(about, figures)]


def _held(about: dict[str, Any], figures: dict[str, Any]) -> list[str]:
    """What intervals held of values that the model did not see."""
    level, (share, blocks) = about.get("level"), (figures.get(f"{at}COVERAGE") for at in _TESTS[1:])
    if level is None or share is None:
        return []
    if blocks is None:
        text = tr("Coverage: the {level:.0f} % intervals contain {share:.1f} % of these values.")
        return [text.format(level=100 * level, share=100 * share)]
    text = tr(
        "Coverage: the {level:.0f} % intervals contain {share:.1f} % of the values in held-out "
        "cells and {blocks:.1f} % in held-out blocks."
    )
    return [text.format(level=100 * level, share=100 * share, blocks=100 * blocks)]


def _versions(about: dict[str, Any]) -> str:
    return ", ".join(f"{name} {version}" for name, version in about.get("versions", {}).items())


def _extent(layer: QgsMapLayer) -> QgsLayerMetadata.Extent:
    where = QgsLayerMetadata.SpatialExtent()
    where.extentCrs = layer.crs()
    box = layer.extent()
    where.bounds = BOX(box.xMinimum(), box.yMinimum(), 0, box.xMaximum(), box.yMaximum(), 0)
    extent = QgsLayerMetadata.Extent()
    extent.setSpatialExtents([where])
    return extent
