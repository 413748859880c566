"""Time that loading the plugin adds to the start of QGIS.

`/usr/bin/python3 benchmarks/loading.py` loads a copy of the plugin, as QGIS's plugin manager does,
in fresh processes, and prints a Markdown table of medians. The first
load after an installation also compiles the modules; all later ones find them compiled.
"""

from __future__ import annotations

import json
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
RUNS = 11
HEAVY = {"matplotlib", "numpy", "pandas", "rasterio", "scipy", "sklearn", "torch"}


class Interface:
    """As much of QGIS's window as the plugin asks for when it starts, before it is shown."""

    def __init__(self) -> None:
        self.initializationCompleted = self  # the signal
        self.later: list[Callable[[], None]] = []

    def registerOptionsWidgetFactory(self, factory: object) -> None:  # noqa: N802
        """Take the page of options."""

    def mainWindow(self) -> Interface:  # noqa: N802
        """The window itself."""
        return self

    def isVisible(self) -> bool:  # noqa: N802
        """Not before QGIS has started."""
        return False

    def connect(self, slot: Callable[[], None]) -> None:
        """Keep what the plugin does when QGIS has started."""
        self.later.append(slot)


def load(plugins: str) -> None:
    """Load and start the plugin in this process; print milliseconds and what came along."""
    from qgis.core import QgsApplication

    application = QgsApplication([], True)
    application.initQgis()
    sys.path += [os.path.join(QgsApplication.pkgDataPath(), "python", "plugins"), plugins]
    import qgis.gui
    import qgis.utils

    qgis.utils.iface = Interface()
    before = set(sys.modules)
    started, busy = time.perf_counter(), time.process_time()
    good = qgis.utils.loadPlugin("geohg") and qgis.utils.startPlugin("geohg")
    wall, busy = time.perf_counter() - started, time.process_time() - busy
    if not good:
        sys.exit("The plugin did not load.")
    new = set(sys.modules) - before
    from processing.core.Processing import Processing

    Processing.initialize()  # which QGIS has done by then
    started = time.perf_counter()
    for slot in qgis.utils.iface.later:
        slot()
    after = time.perf_counter() - started
    heavy = HEAVY & {name.split(".")[0] for name in new}
    print(json.dumps([1000 * wall, 1000 * busy, 1000 * after, len(new), *heavy]))
    sys.stdout.flush()
    os._exit(0)  # QGIS's own end is not what is measured


def measure(plugins: str) -> list:
    """What a fresh process says of one load."""
    own = {"QT_QPA_PLATFORM": "offscreen", "PYTHONDONTWRITEBYTECODE": ""}
    own.update(dict.fromkeys(("QGIS_CUSTOM_CONFIG_PATH", "XDG_RUNTIME_DIR"), plugins))
    done = subprocess.run(
        [sys.executable, __file__, plugins],
        env={**os.environ, **own},
        stdout=subprocess.PIPE,
        text=True,
        check=True,
    )
    return json.loads(done.stdout.splitlines()[-1])


def main() -> None:
    """Print the table."""
    cold, warm = [], []
    with tempfile.TemporaryDirectory() as plugins:
        for _ in range(RUNS):
            plugin = Path(plugins) / "geohg"
            shutil.rmtree(plugin, ignore_errors=True)
            for room in ("engine", "geohg_plugin", "i18n", "resources"):
                ignored = shutil.ignore_patterns("__pycache__")
                shutil.copytree(ROOT / room, plugin / room, ignore=ignored)
            shutil.copy(ROOT / "__init__.py", plugin)
            cold.append(measure(plugins))
            warm.append(measure(plugins))
    print(
        "| load | wall (ms) | processor (ms) | fastest (ms) | after start (ms) | modules | heavy |"
    )
    print("|---|---|---|---|---|---|---|")
    for name, runs in (("first", cold), ("later", warm)):
        wall, busy, after = (statistics.median(run[part] for run in runs) for part in range(3))
        fastest, heavy = min(run[0] for run in runs), ", ".join(runs[0][4:]) or "none"
        row = f"| {name} | {wall:.0f} | {busy:.0f} | {fastest:.0f} | {after:.0f} "
        print(row + f"| {runs[0][3]} | {heavy} |")


if __name__ == "__main__":
    if len(sys.argv) > 1:
        load(sys.argv[1])
    main()
