"""Interpolate the synthetic sample through qgis_process and show what came of it.

    .venv/bin/python resources/sample/demo.py FOLDER

QGIS runs in a profile of its own under FOLDER; the user's own is neither read nor changed.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import numpy as np
import rasterio

SAMPLE = Path(__file__).resolve().parent
ROOT = SAMPLE.parent.parent
OUTPUTS = {
    "OUTPUT": "prediction.tif",
    "REPORT": "report.html",
    "REPORT_JSON": "report.json",
    "PREVIEW": "preview.png",
}


def make_profile(folder: Path) -> dict[str, str]:
    """Make a QGIS profile in which GeoHG is enabled; return the environment that selects it."""
    settings = folder / "config/profiles/default/QGIS/QGIS3.ini"
    settings.parent.mkdir(parents=True, exist_ok=True)
    settings.write_text("[PythonPlugins]\ngeohg=true\n", encoding="utf-8")
    for name, mode in (("home", 0o755), ("plugins", 0o755), ("runtime", 0o700)):
        (folder / name).mkdir(mode=mode, exist_ok=True)
    plugin = folder / "plugins/geohg"
    plugin.unlink(missing_ok=True)
    plugin.symlink_to(ROOT)
    dropped = ("PYTHONPATH", "PYTHONHOME", "VIRTUAL_ENV", "LD_LIBRARY_PATH")
    return {name: value for name, value in os.environ.items() if name not in dropped} | {
        "HOME": str(folder / "home"),
        "XDG_RUNTIME_DIR": str(folder / "runtime"),
        "QGIS_CUSTOM_CONFIG_PATH": str(folder / "config"),
        "QGIS_PLUGINPATH": str(folder / "plugins"),
        "QT_QPA_PLATFORM": "offscreen",
        "GDAL_PAM_ENABLED": "NO",  # QGIS would lay statistics beside the sample
        "LANG": "C.UTF-8",
        "GEOHG_PYTHON": sys.executable,
    }


def interpolate(folder: Path) -> dict[str, Any]:
    """Run `geohg:interpolate` on the sample; return its results."""
    # On Debian 12 the wrapper qgis_process fails; what it wraps works.
    program = shutil.which("qgis_process.bin") or shutil.which("qgis_process")
    if program is None:
        raise SystemExit(
            "qgis_process was not found; `make qgis` installs it on Debian and Ubuntu."
        )
    parameters = {
        "INPUT": SAMPLE / "synthetic_points.gpkg",
        "FIELD": "value",
        "LANDCOVER": SAMPLE / "synthetic_landcover.tif",
        "POI": SAMPLE / "synthetic_pois.gpkg",
        "POI_FIELD": "category",
        "CELL_SIZE": 500,
        "EXTENT": "480000,520000,20000,50000 [EPSG:32631]",
        "CRS": "EPSG:32631",
        "SEED": 0,
        **{key: folder / name for key, name in OUTPUTS.items()},
    }
    command = [program, "--json", "run", "geohg:interpolate", "--"]
    command += [f"{key}={value}" for key, value in parameters.items()]
    environment = make_profile(folder / "qgis")
    done = subprocess.run(command, env=environment, stdout=subprocess.PIPE, text=True, check=False)
    if done.returncode:
        raise SystemExit(f"{done.stdout}\nqgis_process ended with exit code {done.returncode}.")
    return dict(json.loads(done.stdout)["results"])


def truth_error(prediction: Path) -> tuple[float, float]:
    """RMSE of a map against the truth, and the spread of the truth, over all cells."""
    with rasterio.open(prediction) as raster:
        predicted = raster.read(1, masked=True).filled(np.nan)
        transform = raster.transform
    with rasterio.open(SAMPLE / "synthetic_truth.tif") as raster:
        truth = raster.read(1)
        if raster.transform != transform or predicted.shape != truth.shape:
            raise SystemExit(f"The map '{prediction}' is not on the grid of the truth.")
    return float(np.sqrt(np.mean((predicted - truth) ** 2))), float(truth.std())


def show_scores(title: str, methods: list[dict[str, Any]]) -> None:
    """Print the scores of all methods on the same held-out cells."""
    print(f"\n{title}\n{'':18}{'R2':>8}{'RMSE':>8}{'MAE':>8}")
    for method in methods:
        scores = "".join(f"{method[key]:8.3f}" for key in ("r2", "rmse", "mae"))
        print(f"{method['method']:18}{scores}")


def show(folder: Path, results: dict[str, Any]) -> None:
    """Print the scores and where the files are."""
    report = json.loads((folder / OUTPUTS["REPORT_JSON"]).read_text(encoding="utf-8"))
    for split, part in (("drawn at random", report), ("in spatial blocks", report["blocks"])):
        count = part["split"]["test"]
        title = f"On {count} cells held out of {results['OBSERVED']:.0f} measured, {split}:"
        show_scores(title, part["accuracy"]["methods"])
    error, spread = truth_error(folder / OUTPUTS["OUTPUT"])
    print(
        f"\nRMSE of the map against the known truth, all {results['CELLS']:.0f} cells: {error:.3f}"
        f" (standard deviation of the truth: {spread:.3f})\n"
    )
    labels = {"OUTPUT": "Map", "REPORT": "Report", "REPORT_JSON": "Numbers", "PREVIEW": "Picture"}
    for key, label in labels.items():
        print(f"{label:10}{folder / OUTPUTS[key]}")


def main() -> None:
    """Do all of it, in the folder given."""
    folder = Path(sys.argv[1]).resolve()
    folder.mkdir(parents=True, exist_ok=True)
    print("Interpolating the synthetic sample in QGIS.", flush=True)
    show(folder, interpolate(folder))


if __name__ == "__main__":
    main()
