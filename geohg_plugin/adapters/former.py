"""What becomes of layers in a project whose file a run has replaced."""

from __future__ import annotations

import contextlib
from pathlib import Path

from qgis.core import QgsDataProvider, QgsMapLayer, QgsRasterLayer

_STATISTICS = ".aux.xml"


def replace_former(layer: QgsMapLayer, mark: str) -> None:
    """Take the layers of earlier runs of the same file away, and have others read it again.

    Parameters
    ----------
    layer : QgsMapLayer
        A new layer, in its project.
    mark : str
        The property of the groups of runs.
    """
    project, file = layer.project(), _file_of(layer)
    if project is None:
        return
    others = [each for each in project.mapLayers().values() if each.id() != layer.id()]
    kept = [layer]
    for other in (each for each in others if _file_of(each) == file):
        node = project.layerTreeRoot().findLayer(other.id())
        group = node.parent() if node is not None else None
        if group is not None and group.customProperty(mark):
            project.removeMapLayer(other.id())
        else:
            kept.append(other)
    # GDAL lays the statistics of a file beside it when it closes it, here those of the old one.
    for again in (False, True):
        for each in kept:
            _open_again(each)
        if not again:
            with contextlib.suppress(OSError):
                Path(f"{file}{_STATISTICS}").unlink()


def _open_again(layer: QgsMapLayer) -> None:
    """Read a layer from its file, with nothing kept of what was there before."""
    options = QgsDataProvider.ProviderOptions()
    name, kind = layer.name(), layer.providerType()
    if isinstance(layer, QgsRasterLayer):
        layer.setDataSource(layer.source(), name, kind, options, False)
    else:
        layer.dataProvider().reloadData()
    layer.triggerRepaint()


def _file_of(layer: QgsMapLayer) -> str:
    return layer.source().split("|")[0]
