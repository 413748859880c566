"""What is said to be in degrees and cannot be: coordinates and sizes of cells in metres."""

from __future__ import annotations

import math
from collections.abc import Iterator

from qgis.core import (
    QgsCoordinateReferenceSystem,
    QgsCoordinateTransform,
    QgsCsException,
    QgsProcessingContext,
    QgsProcessingException,
    QgsProcessingFeatureSource,
    QgsProject,
    QgsRectangle,
    QgsReferencedRectangle,
)

from ...translation import tr

_EARTH = (-360.0, -90.0, 360.0, 90.0)
_METRES_PER_DEGREE = 111_195.0
# No CRS has such positions, in whatever unit.
_BEYOND = 1e15


def check_degrees(source: QgsProcessingFeatureSource, context: QgsProcessingContext) -> None:
    """Refuse a layer whose CRS is in degrees and most of whose coordinates cannot be.

    A few that are wrong are named by the engine, with their rows.

    Raises
    ------
    QgsProcessingException
        Naming the CRS that the coordinates look like, if the project or a layer of it has one.
    """
    crs = source.sourceCrs()
    if not crs.isGeographic():
        return
    extent = extent_of(source)
    if extent.isNull() or QgsRectangle(*_EARTH).intersects(extent):
        return
    looks = next(_fitting(extent, context), "")
    text = tr(
        "The coordinates of '{name}', such as x {x:.0f}, y {y:.0f}, cannot be degrees, the unit of "
        "its CRS ({crs}); set the CRS that they are in, in the layer's properties."
    )
    if looks:
        text = tr(
            "The coordinates of '{name}', such as x {x:.0f}, y {y:.0f}, cannot be degrees, the "
            "unit of its CRS ({crs}); they look like {looks}: set that CRS in the layer's "
            "properties."
        )
    raise QgsProcessingException(
        text.format(
            name=source.sourceName(),
            x=extent.xMinimum(),
            y=extent.yMinimum(),
            crs=crs.authid() or crs.description(),
            looks=looks,
        )
    )


def check_size_in_degrees(size: float, edges: QgsReferencedRectangle) -> None:
    """Refuse cells in degrees that are larger than the map, as where metres were meant.

    Raises
    ------
    QgsProcessingException
        Naming the same size in degrees.
    """
    widest = max(edges.width(), edges.height())
    if not edges.crs().isGeographic() or widest == 0 or size <= max(widest, 1.0):
        return
    raise QgsProcessingException(
        tr(
            "The cell size {size:g} is in degrees, the unit of the grid's CRS, and the map is "
            "{widest:.2g} degrees wide; if {size:g} metres are meant, give {degrees:.2g}, or "
            "choose a CRS of the grid in metres."
        ).format(size=size, widest=widest, degrees=size / _METRES_PER_DEGREE)
    )


def _fitting(extent: QgsRectangle, context: QgsProcessingContext) -> Iterator[str]:
    """The projected CRSs of the project and its layers that are used where the extent lies."""
    project = context.project() or QgsProject.instance()
    layers = [layer.crs() for layer in project.mapLayers().values()]
    for crs in (project.crs(), *layers):
        if crs.isValid() and not crs.isGeographic() and _is_used_at(crs, extent, context):
            yield crs.userFriendlyIdentifier()


def _is_used_at(
    crs: QgsCoordinateReferenceSystem, extent: QgsRectangle, context: QgsProcessingContext
) -> bool:
    degrees = QgsCoordinateReferenceSystem("EPSG:4326")
    to = QgsCoordinateTransform(crs, degrees, context.transformContext())
    try:
        return crs.bounds().contains(to.transform(extent.center()))
    except QgsCsException:
        return False


def extent_of(source: QgsProcessingFeatureSource) -> QgsRectangle:
    """The extent of a layer; one with positions beyond all maps is refused."""
    try:
        extent = source.sourceExtent()
    except Exception:  # noqa: BLE001 - of no kind of its own, where positions are infinite
        extent = QgsRectangle(-math.inf, -math.inf, math.inf, math.inf)
    edges = (extent.xMinimum(), extent.yMinimum(), extent.xMaximum(), extent.yMaximum())
    if not extent.isNull() and not all(abs(edge) < _BEYOND for edge in edges):
        raise QgsProcessingException(
            tr(
                "The layer '{name}' has positions that are infinite or beyond all maps; correct "
                "or remove them."
            ).format(name=source.sourceName())
        )
    return extent
