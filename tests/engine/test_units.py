"""A result is the same in every unit: of the value, of a covariate, of the map."""

import numpy as np
import pandas as pd
import pytest
import rasterio

from geohg.engine.jobs import run

from .conftest import CRS

FIGURES = ("R2", "IDW_R2", "KRIGING_R2", "MEAN_R2", "COVERAGE")


def interpolate(landscape, folder, change, covariate=None, **model):
    """Map, deviation and figures with the values changed; a covariate is changed beside them."""
    table = pd.read_csv(landscape.points).drop(columns="text")
    east = (table["x"] - table["x"].mean()) / 1000
    table["value"] = change(table["value"])
    points = landscape.request()["points"] | {"path": str(folder / "points.csv")}
    if covariate:
        table["other"] = covariate(np.sin(east) + 0.01 * np.cos(table["y"] / 700))
        points["covariates"] = ["other"]
    table.to_csv(folder / "points.csv", index=False)
    outputs = {name: str(folder / f"{name}.tif") for name in ("prediction", "std", "lower")}
    training = {"threads": 1, "blocks": False}
    request = landscape.request(points=points, training=training, outputs=outputs, model=model)
    result = run(request)
    planes = []
    for path in outputs.values():
        with rasterio.open(path) as raster:
            planes.append(raster.read(1).astype(np.float64))
            dtype = raster.dtypes[0]
    return planes, {name: result[name] for name in FIGURES}, dtype


@pytest.fixture(scope="module")
def plain(landscape, tmp_path_factory):
    return interpolate(landscape, tmp_path_factory.mktemp("plain"), lambda v: v)
