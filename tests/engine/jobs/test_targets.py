"""Several value fields in one run: each as if it were alone."""

import json

import numpy as np
import pandas as pd
import pyogrio
import pytest
import rasterio

from geohg.engine.errors import InputError
from geohg.engine.jobs import run
from geohg.engine.progress import Silent

from ..conftest import QUICK, Recorder

RASTERS = ("prediction", "std", "applicability", "exceedance", "simulations")


@pytest.fixture(scope="module")
def two(landscape, tmp_path_factory):
    """The points with a second value, which is large where the first is small."""
    folder = tmp_path_factory.mktemp("two")
    table = pd.read_csv(landscape.points).sample(150, random_state=1)
    table["other"] = 100 - 5 * table["value"]

    table.to_csv(folder / "points.csv", index=False)
    part = {**landscape.request()["points"], "path": str(folder / "points.csv")}

    def request(*targets, **changes):
        units = {"value": "m", "other": "kg"}
        points = {**part, "targets": list(targets), "units": {t: units[t] for t in targets}}
        how = {"thresholds": [12.0], "simulations_count": 2}
        training = {**QUICK, "masked_ratio": 0.3, "validation": "holdout"}
        given = {"points": points, "training": training, "uncertainty": how, **changes}
        return landscape.request(**given)

    return request


def outputs(folder):
    found = {name: str(folder / f"{name}.tif") for name in RASTERS}
    own = {"table": "t.csv", "residuals": "r.gpkg", "report": "r.html", "report_json": "r.json"}
    return found | {name: str(folder / file) for name, file in own.items()}


@pytest.fixture(scope="module")
def made(two, tmp_path_factory):
    """Both fields in one run."""
    folder, told = tmp_path_factory.mktemp("both"), Recorder()
    result = run(two("value", "other", outputs=outputs(folder)), told)
    return folder, result, told


@pytest.fixture(scope="module")
def alone(two, tmp_path_factory):
    """The second field in a run of its own."""
    folder = tmp_path_factory.mktemp("alone")
    return folder, run(two("other", outputs=outputs(folder)), Silent())


def read(folder, name):
    with rasterio.open(folder / f"{name}.tif") as raster:
        return raster.read(), raster.descriptions, raster.units


def test_each_raster_has_the_bands_of_each_field_as_in_a_run_of_its_own(made, alone):
    for name in RASTERS:
        both, said, units = read(made[0], name)
        own, own_said, _ = read(alone[0], name)
        count = len(own)
        assert len(both) == 2 * count and len(set(said)) == len(said)
        np.testing.assert_allclose(both[count:], own, rtol=1e-5)
        if name != "applicability":
            assert said[count:] == own_said
        assert {*units} == {None} or {*units} == {""}
    assert read(made[0], "prediction")[1] == ("value [m]", "other [kg]")
    assert read(made[0], "applicability")[1][2].startswith("other [kg]: dissimilarity")
    assert read(alone[0], "prediction")[2] == ("kg",)


def test_the_numbers_are_those_of_the_first_field_and_of_each_by_name(made, alone):
    result, own = made[1], alone[1]
    assert "FIELDS" not in own
    assert list(result["FIELDS"]) == ["value", "other"]
    assert result["R2"] == result["FIELDS"]["value"]["R2"]
    assert result["FIELDS"]["other"]["RMSE"] == pytest.approx(own["RMSE"], rel=1e-5)
    assert result["FIELDS"]["other"]["OBSERVED"] == own["OBSERVED"]
    assert result["ABOUT"]["target"] == "value, other"
    assert "Value field: other" in made[2].lines


def test_the_table_and_the_residuals_name_the_field(made, alone):
    table, own = (pd.read_csv(folder / "t.csv") for folder in (made[0], alone[0]))
    assert [name for name in table if name.startswith("other")] == list(own)[2:]
    np.testing.assert_allclose(table["other"], own["other"], rtol=1e-6)
    assert "value_above_12" in table
    left = pyogrio.read_dataframe(made[0] / "r.gpkg", read_geometry=False)
    mine = pyogrio.read_dataframe(alone[0] / "r.gpkg", read_geometry=False)
    assert "field" not in mine
    of_other = left[left["field"] == "other"].reset_index(drop=True)
    pd.testing.assert_frame_equal(of_other.drop(columns="field"), mine, rtol=1e-5)


def test_the_report_has_a_table_and_a_section_a_field(made, alone):
    page, own = ((folder / "r.html").read_text(encoding="utf-8") for folder in (made[0], alone[0]))
    assert page.count("<h1>value</h1>") == page.count("<h1>other</h1>") == 1
    assert page.count("<body>") == page.count("</html>") == page.count("<footer") == 1
    table = page[page.index("The value fields of this run") : page.index("<h1>value</h1>")]
    assert table.count("<tr>") == 3 and "other" in table and "kg" in table
    assert "The value fields of this run" not in own
    told = json.loads((made[0] / "r.json").read_text(encoding="utf-8"))
    assert told["target"] == "value" and list(told["fields"]) == ["other"]
    assert told["request"]["points"]["targets"] == ["value", "other"]
    expected = json.loads((alone[0] / "r.json").read_text(encoding="utf-8"))["accuracy"]
    found = told["fields"]["other"]["accuracy"]["methods"]
    for one, other in zip(found, expected["methods"]):
        assert one["rmse"] == pytest.approx(other["rmse"], rel=1e-5)


def test_blocks_have_each_field_as_one_block_has(two, made, tmp_path, monkeypatch):
    monkeypatch.setattr("geohg.engine.assembly.maps.block_side", lambda *given: 16)
    monkeypatch.setattr("geohg.engine.data.builders.blocks.SQUARE", 16)
    paths = {name: str(tmp_path / f"{name}.tif") for name in RASTERS}
    told = Recorder()
    result = run(two("value", "other", outputs=paths), told)
    assert any(" blocks" in line for line in told.lines)
    assert result["FIELDS"].keys() == {"value", "other"}
    std = read(made[0], "std")[0].mean(axis=(1, 2))
    for name in RASTERS:
        (one, said, _), (many, told, _) = read(made[0], name), read(tmp_path, name)
        assert said == told
        scale = np.repeat(std, len(one) // 2)[:, None, None]
        # Smaller squares than a map has sum up in another order; the fields are 85 apart.
        away = np.abs(one - many)
        if name == "exceedance":  # which is steep around a threshold
            assert away.mean() < 0.002
        else:
            assert (away < 0.01 * scale + 1e-3).all(), name


def test_methods_are_compared_of_each_field(two, tmp_path):
    path = str(tmp_path / "r.html")
    request = {**two("value", "other", outputs={"report": path}), "job": "compare"}
    result = run({**request, "training": {**request["training"], "blocks": False}}, Silent())
    assert result["FIELDS"]["other"]["FOREST_RMSE"] == pytest.approx(
        5 * result["FIELDS"]["value"]["FOREST_RMSE"], rel=0.2
    )
    assert "<h1>other</h1>" in (tmp_path / "r.html").read_text(encoding="utf-8")


def test_a_model_file_of_several_fields_is_refused_at_once(two, tmp_path):
    told = Recorder()
    paths = {"model": str(tmp_path / "m.safetensors")}
    with pytest.raises(InputError, match="one value field, and there are 2: value, other. Leave"):
        run(two("value", "other", outputs=paths), told)
    assert max(told.fractions, default=0.0) < 0.1


@pytest.mark.parametrize(
    ("targets", "message"),
    [
        (["value", "value"], "'points.targets' has 'value' twice; name each once"),
        (["value", "text"], "The field 'text' holds text"),
        (["value", "nothing"], "no field 'nothing'"),
    ],
)
def test_refuses_fields_that_are_the_same_or_no_numbers(two, tmp_path, targets, message):
    request = two("value")
    request["points"] = {**request["points"], "targets": targets, "units": {}}
    with pytest.raises(InputError, match=message):
        run({**request, "outputs": outputs(tmp_path)}, Silent())
