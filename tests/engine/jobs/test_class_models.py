"""A map of classes in blocks, its area of applicability, and its model used again."""

import numpy as np
import pandas as pd
import pytest
import rasterio

from geohg.engine.assembly import capacity
from geohg.engine.errors import FileFormatError, InputError
from geohg.engine.jobs import run
from geohg.engine.prediction.fitted import FittedMap
from geohg.engine.prediction.fittedclasses import FittedClasses, load_fitted

from ..conftest import CELL, HIGH, LEFT, WIDE, Recorder

SIDE = 64
SOURCES = ("landcover", "classes", "covariates", "poi", "zones", "distances", "area", "grid")
RASTERS = ("class_map", "probabilities", "applicability")
NAMES = ("crest", "slope", "trough")
# Points lie west of this column.
WEST = 90


def truth(x):
    """The number of the class at `x`."""
    return np.select([np.sin((x - LEFT) / 9000) > 0.4, np.sin((x - LEFT) / 9000) > -0.4], [0, 1], 2)


def read(folder, names=RASTERS):
    """Each raster, and what it says of itself."""
    found = {}
    for name in names:
        with rasterio.open(folder / f"{name}.tif") as raster:
            own = raster.tags(1) if name != "applicability" else {}
            said = raster.descriptions, raster.dtypes, raster.nodata, own, raster.tags()
            colours = raster.colormap(1) if raster.dtypes[0] == "uint8" else {}
            found[name] = raster.read(), (repr(said[2]), said[:2], said[4], colours)
    return found


def sides(patch, side):
    for name in ("_LEAST_SIDE", "_MOST_SIDE"):
        patch.setattr(capacity, name, side)


@pytest.fixture(scope="module")
def request_of(world, tmp_path_factory):
    """A request for classes that are known in the west."""
    table = pd.read_csv(world["points"]["path"])
    table = table[table["x"] < LEFT + WEST * CELL]
    table["kind"] = np.array(NAMES)[truth(table["x"].to_numpy())]
    path = tmp_path_factory.mktemp("kinds") / "kinds.csv"
    table.to_csv(path, index=False)
    points = {**world["points"], "path": str(path), "targets": ["kind"]}
    options = {"threads": 1, "masked_ratio": 0}
    return {"version": 1, "job": "classify", **world, "points": points, "training": options}


@pytest.fixture(scope="module")
def maps(request_of, tmp_path_factory):
    """The folder, the result and what was told of a map of one block, and of six."""
    found = []
    with pytest.MonkeyPatch.context() as patch:
        for side in (1024, SIDE):
            sides(patch, side)
            folder, told = tmp_path_factory.mktemp(f"side{side}"), Recorder()
            outputs = {name: str(folder / f"{name}.tif") for name in RASTERS}
            outputs |= {"model": str(folder / "m.safetensors"), "report": str(folder / "r.html")}
            found.append((folder, run({**request_of, "outputs": outputs}, told), told))
    return found


def test_a_map_in_blocks_is_that_of_one(maps):
    (one, alone, _), (many, found, told) = maps
    assert any("6 blocks" in line for line in told.lines)
    whole, parts = read(one), read(many)
    for name in RASTERS:
        assert whole[name][1] == parts[name][1]
        np.testing.assert_array_equal(np.isnan(whole[name][0]), np.isnan(parts[name][0]))
    chance = whole["probabilities"][0], parts["probabilities"][0]
    np.testing.assert_allclose(*chance, atol=1e-4)
    assert (whole["class_map"][0] == parts["class_map"][0]).mean() > 0.999
    np.testing.assert_allclose(
        whole["applicability"][0][0], parts["applicability"][0][0], atol=1e-4
    )
    for key in ("CELLS", "OBSERVED", "CLASSES", "ABOUT"):
        assert alone[key] == found[key]
    assert alone["APPLICABLE_SHARE"] == pytest.approx(found["APPLICABLE_SHARE"], abs=1e-3)
    assert (many / "r.html").stat().st_size > 10_000


def test_the_area_of_applicability_is_where_points_are(maps):
    folder, found, told = maps[0]
    rasters = read(folder)
    index, inside = rasters["applicability"][0]
    known = np.isfinite(index)
    x = LEFT + (np.arange(WIDE) + 0.5) * CELL * np.ones((HIGH, 1))
    code = rasters["class_map"][0][0]
    np.testing.assert_array_equal(code > 0, known)
    trusted = inside == 1
    assert np.mean(code[trusted] == truth(x)[trusted] + 1) > 0.85
    assert not trusted[:, WEST + 30 :].any() and trusted[:, :WEST][known[:, :WEST]].mean() > 0.8
    np.testing.assert_array_equal(trusted[known], index[known] <= 1)
    assert found["APPLICABLE_SHARE"] == pytest.approx(trusted[known].mean())
    assert any("outside the area of applicability" in line for line in told.warnings)
    page = (folder / "r.html").read_text(encoding="utf-8")
    assert f"holds in {100 * found['APPLICABLE_SHARE']:.1f} % of the map" in page


def predict(model, parts, folder, told=None, names=("prediction", *RASTERS[1:]), **options):
    outputs = {name: str(folder / f"{name}.tif") for name in names}
    asked = {"version": 1, "job": "predict", "model_file": str(model), **parts, **options}
    return run({**asked, "outputs": outputs}, told or Recorder())


def test_its_model_maps_the_classes_again(maps, request_of, tmp_path, monkeypatch):
    folder, expected, _ = maps[0]
    sides(monkeypatch, SIDE)
    ground = {name: request_of[name] for name in SOURCES}
    found = predict(folder / "m.safetensors", ground, tmp_path)
    assert found["CELLS"] == expected["CELLS"]
    assert found["APPLICABLE_SHARE"] == pytest.approx(expected["APPLICABLE_SHARE"], abs=1e-3)
    assert found["ABOUT"]["classes"] == expected["ABOUT"]["classes"]
    assert found["ABOUT"]["model"] == "classes" and found["ABOUT"]["target"] == "kind"
    before, again = read(folder), read(tmp_path, ("prediction", *RASTERS[1:]))
    for old, new in zip(RASTERS, ("prediction", *RASTERS[1:])):
        assert before[old][1] == again[new][1]
    assert (before["class_map"][0] == again["prediction"][0]).mean() > 0.999
    np.testing.assert_allclose(before["probabilities"][0], again["probabilities"][0], atol=1e-4)


def test_what_the_other_sort_of_model_tells_is_refused(maps, request_of, world, tmp_path):
    model = maps[0][0] / "m.safetensors"
    ground = {name: request_of[name] for name in SOURCES}
    with pytest.raises(InputError, match="classes of 'kind', which have no 'std', 'contours'"):
        run(
            {
                "version": 1,
                "job": "predict",
                "model_file": str(model),
                **ground,
                "outputs": {
                    "std": str(tmp_path / "s.tif"),
                    "contours": str(tmp_path / "c.gpkg"),
                    "prediction": str(tmp_path / "p.tif"),
                },
            },
            Recorder(),
        )
    with pytest.raises(FileFormatError, match="tells the class of a cell, and not a number"):
        FittedMap.load(model)
    assert not [*tmp_path.iterdir()]


def test_a_model_file_keeps_all_and_hides_nothing(maps, tmp_path):
    kept = load_fitted(maps[0][0] / "m.safetensors")
    assert isinstance(kept, FittedClasses) and kept.names == NAMES and kept.target == "kind"
    kept.save(tmp_path / "again.safetensors")
    again = (tmp_path / "again.safetensors").read_bytes()
    assert again == (maps[0][0] / "m.safetensors").read_bytes()
    lacking = FittedClasses(**{**vars(kept), "names": NAMES[:2]})
    lacking.save(tmp_path / "two.safetensors")
    with pytest.raises(FileFormatError, match="its classes are not those that it names"):
        load_fitted(tmp_path / "two.safetensors")
