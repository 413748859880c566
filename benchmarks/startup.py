"""Time from Run to the first line of training, cold and warm, and the memory of QGIS itself.

`QT_QPA_PLATFORM=offscreen GEOHG_PYTHON=.venv/bin/python /usr/bin/python3 benchmarks/startup.py`
trains the network briefly on the synthetic sample, five times, in QGIS's Python, and prints a
Markdown table; each run after the first finds the engine's process warm.
"""

from __future__ import annotations

import os
import re
import sys
import tempfile
import threading
import time
from pathlib import Path
from typing import Any

from register import register

register()

from qgis.core import QgsApplication, QgsProcessingFeedback, QgsVectorLayer  # noqa: E402

RUNS = 5
SAMPLE = Path(__file__).resolve().parents[1] / "resources" / "sample"
MEBI = 1 << 20


def memory(process: str = "self") -> float:
    """Resident memory of a process, in MiB."""
    status = Path(f"/proc/{process}/status").read_text()
    found = re.search(r"VmRSS:\s+(\d+)", status)
    return int(found[1]) / 1024 if found else 0.0


class Clock(QgsProcessingFeedback):
    """Notes when training speaks first, and the most memory of QGIS meanwhile."""

    def __init__(self) -> None:
        super().__init__(False)
        self.started = time.perf_counter()
        self.first = 0.0
        self.process = ""
        self.most = 0.0
        self._running = True
        threading.Thread(target=self._watch, daemon=True).start()

    def _watch(self) -> None:
        while self._running:
            self.most = max(self.most, memory())
            time.sleep(0.05)

    def stop(self) -> None:
        self._running = False

    def pushInfo(self, text: str) -> None:  # noqa: N802
        if not self.first and re.match(r"  \d+: ", text):
            self.first = time.perf_counter() - self.started

    def pushDebugInfo(self, text: str) -> None:  # noqa: N802
        found = re.match(r"Engine process (\d+)", text)
        self.process = found[1] if found else self.process


def start_qgis() -> Any:
    """QGIS without windows, with Processing and the plugin; all must be kept."""
    application = QgsApplication([], False)
    application.initQgis()
    sys.path.append(os.path.join(QgsApplication.pkgDataPath(), "python", "plugins"))
    from processing.core.Processing import Processing

    from geohg import classFactory

    Processing.initialize()
    plugin = classFactory(None)
    plugin.initProcessing()
    return application, plugin


def main() -> None:
    """Print the table."""
    _, plugin = kept = start_qgis()
    import processing

    points = QgsVectorLayer(str(SAMPLE / "synthetic_points.gpkg"), "points", "ogr")
    print("| run | first line (s) | whole job (s) | QGIS before (MiB) | during | after | engine |")
    print("|---|---|---|---|---|---|---|")
    with tempfile.TemporaryDirectory() as folder:
        for number in range(RUNS):
            parameters = {
                "INPUT": points,
                "FIELD": "value",
                "LANDCOVER": [str(SAMPLE / "synthetic_landcover.tif")],
                "CELL_SIZE": 1000,
                "MODEL_KIND": "gnn",
                "EPOCHS": 30,
                "OUTPUT": str(Path(folder) / f"{number}.tif"),
            }
            before, clock = memory(), Clock()
            processing.run("geohg:interpolate", parameters, feedback=clock)
            seconds = time.perf_counter() - clock.started
            clock.stop()
            engine = memory(clock.process) if Path(f"/proc/{clock.process}").exists() else 0
            row = f"| {'warm' if number else 'cold'} | {clock.first:.2f} | {seconds:.2f} "
            print(row + f"| {before:.0f} | {clock.most:.0f} | {memory():.0f} | {engine:.0f} |")
    plugin.unload()
    del kept


if __name__ == "__main__":
    main()
