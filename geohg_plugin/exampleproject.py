"""The example project: the synthetic sample with a finished map, in a copy of its own."""

from __future__ import annotations

import shutil
import tempfile
from pathlib import Path
from typing import Any

from qgis.core import QgsProject, QgsRasterLayer, QgsVectorLayer

from .adapters.styling import draw_land_cover, draw_measured
from .resources import ROOT
from .translation import tr

_SAMPLE = ROOT / "resources" / "sample"
_FILES = "synthetic_*"


def open_example(iface: Any) -> None:
    """Open the example in the window, after the user had a chance to save what is open."""
    if iface.newProject(True):
        make_example(QgsProject.instance(), Path(tempfile.mkdtemp(prefix="geohg-example-")))
        iface.zoomFull()
        QgsProject.instance().setDirty(False)  # nothing in it is the user's


def make_example(project: QgsProject, folder: Path) -> None:
    """Fill a project with the sample, and save it in a folder beside a copy of the data."""
    for path in _SAMPLE.glob(_FILES):
        shutil.copy(path, folder)
    points = QgsVectorLayer(str(folder / "synthetic_points.gpkg"), tr("Measured points"))
    pois = QgsVectorLayer(str(folder / "synthetic_pois.gpkg"), tr("POIs"))
    found = QgsRasterLayer(str(folder / "synthetic_prediction.tif"), tr("Finished map"))
    cover = QgsRasterLayer(str(folder / "synthetic_landcover.tif"), tr("Land cover"))
    draw_measured(points, "value")
    draw_land_cover(cover)
    project.setTitle(tr("Example of GeoHG"))
    project.setCrs(points.crs())
    # The first in the tree lies on top.
    for layer in (points, pois, found, cover):
        project.addMapLayer(layer, False)
        project.layerTreeRoot().addLayer(layer)
    project.layerTreeRoot().findLayer(pois.id()).setItemVisibilityChecked(False)
    project.write(str(folder / "example.qgz"))
