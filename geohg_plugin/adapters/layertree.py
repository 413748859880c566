"""Where the layers of a run go among those of a project."""

from __future__ import annotations

from qgis.core import (
    QgsCoordinateTransform,
    QgsCoordinateTransformContext,
    QgsCsException,
    QgsLayerTreeGroup,
    QgsLayerTreeNode,
    QgsMapLayer,
    QgsProject,
    QgsRasterLayer,
    QgsVectorLayer,
)

from ..compat import POLYGON


def new_group(
    node: QgsLayerTreeNode, layer: QgsMapLayer, name: str, mark: str
) -> QgsLayerTreeGroup:
    """A group in no other run's, just above what would hide it: points and lines stay on it.

    Where nothing would, it is where QGIS put the layer.

    Parameters
    ----------
    node : QgsLayerTreeNode
        Of the layer.
    layer : QgsMapLayer
        The first of the group.
    name : str
        Of the group.
    mark : str
        The property by which groups of runs are known.
    """
    parent = node.parent()
    while parent.customProperty(mark):
        node, parent = parent, parent.parent()
    above = [
        number
        for number, child in enumerate(parent.children())
        if child is not node and _hides(child, layer)
    ]
    place = min(above, default=parent.children().index(node))
    group = parent.insertGroup(place, name)
    group.setCustomProperty(mark, True)
    return group


def remove_empty_groups(project: QgsProject, mark: str) -> None:
    """Remove the groups of runs, which have the property `mark`, that hold nothing any more."""
    for group in project.layerTreeRoot().findGroups(True):
        if group.customProperty(mark) and not group.children():
            group.parent().removeChildNode(group)


def _hides(node: QgsLayerTreeNode, layer: QgsMapLayer) -> bool:
    """Whether a raster, or polygons, of a node would lie over a layer, were they above."""
    nodes = node.findLayers() if isinstance(node, QgsLayerTreeGroup) else [node]
    others = [each.layer() for each in nodes]
    return any(_over(each, layer) for each in others if _covers(each) and each is not layer)


def _covers(layer: QgsMapLayer | None) -> bool:
    """Whether a layer is a raster, or polygons."""
    if isinstance(layer, QgsVectorLayer):
        return bool(layer.geometryType() == POLYGON)
    return isinstance(layer, QgsRasterLayer)


def _over(raster: QgsMapLayer, layer: QgsMapLayer) -> bool:
    """Whether the ground of two layers may be the same."""
    context = layer.project().transformContext() if layer.project() else None
    to = QgsCoordinateTransform(
        raster.crs(), layer.crs(), context or QgsCoordinateTransformContext()
    )
    try:
        return to.transformBoundingBox(raster.extent()).intersects(layer.extent())
    except QgsCsException:
        return True
