"""Take docs/images/tutorial_dialog.png: the dialog of Interpolate in QGIS, filled with the sample.

xvfb-run -s "-screen 0 1400x1000x24" .venv/bin/python docs/site/dialog.py
"""

from __future__ import annotations

import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "resources" / "sample"))
from demo import make_profile  # noqa: E402

# What QGIS runs when its window is open.
SHOOT = """
import os
import processing
from qgis.core import QgsProject, QgsRasterLayer, QgsVectorLayer
from qgis.PyQt.QtCore import QTimer

points = QgsVectorLayer("{sample}/synthetic_points.gpkg", "synthetic_points")
pois = QgsVectorLayer("{sample}/synthetic_pois.gpkg", "synthetic_pois")
cover = QgsRasterLayer("{sample}/synthetic_landcover.tif", "synthetic_landcover")
QgsProject.instance().addMapLayers([points, pois, cover])
dialog = processing.createAlgorithmDialog("geohg:interpolate", {{
    "INPUT": points.id(), "FIELD": "value", "LANDCOVER": [cover.id()],
    "POI": pois.id(), "POI_FIELD": "category",
    "CRS": "EPSG:32631", "CELL_SIZE": 500,
}})
dialog.resize(860, 790)
dialog.show()

def shoot():
    dialog.grab().save("{picture}")
    os._exit(0)

QTimer.singleShot(4000, shoot)
"""


def main() -> None:
    """Start QGIS in a profile of its own, and let it take the picture."""
    picture = ROOT / "docs" / "images" / "tutorial_dialog.png"
    with tempfile.TemporaryDirectory() as folder:
        script = Path(folder, "shoot.py")
        sample = ROOT / "resources" / "sample"
        script.write_text(SHOOT.format(sample=sample, picture=picture), encoding="utf-8")
        environment = make_profile(Path(folder, "qgis")) | {"QT_QPA_PLATFORM": "xcb"}
        command = ["qgis", "--nologo", "--noversioncheck", "--code", str(script)]
        subprocess.run(command, env=environment, check=True, timeout=120)


if __name__ == "__main__":
    main()
