import json
import os
import re
import zipfile
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
import rasterio

from geohg import __version__
from geohg.engine.data import store
from geohg.engine.data.sources.city import read_city

from ..conftest import CELL, COLS, CRS, LEFT, ROWS, TOP
from .conftest import BBOX, FAST, SMALL, answer, call

# A fit that is tested once.
ONCE = ("--validation", "holdout", "--no-blocks", "--no-importance")


@pytest.fixture(scope="module")
def trained(built, tmp_path_factory):
    """What `train` said of a small network on the built graph."""
    folder = tmp_path_factory.mktemp("trained")
    graph = built[0] / "graph.safetensors"
    folders = (flag for name in ("model", "log", "plot") for flag in (f"--{name}-dir", folder))
    flags = (*FAST, *SMALL, *ONCE, "--epochs", "5", *folders, "--plot-format", "svg")
    return answer("train", "--graph", graph, *flags)


def test_version_and_help():
    assert call("--version")[0] == f"geohg, version {__version__}\n"
    text = call("--help")[0]
    names = ("train", "pretrain", "evaluate", "run", "build-graph", "interpolate", "compare")
    for name in names:
        assert f"\n  {name} " in text
        assert call(name, "--help")[0].startswith("Usage: ")


def test_build_graph_writes_the_graph_twice_alike(built):
    folder, found = built
    graph = store.load_graph(found["graph"])
    again = read_city(folder, folder)
    assert found["area_nodes"] == ROWS * COLS == len(graph.cell) and found["poi_nodes"] == 3
    assert graph.counts() == again.counts() and graph.geometry == again.geometry
    np.testing.assert_array_equal(graph.targets["value"], again.targets["value"])
    assert found["city"] == str(folder) and found["observed"] == len(graph.observed("value"))


def test_build_graph_needs_no_points_and_chooses_a_size(landscape, tmp_path):
    flags = ("--tif-path", landscape.landcover, "--bbox", BBOX)
    found = answer("build-graph", *flags, "--output-dir", tmp_path)
    # Cells of half a kilometre.
    assert found["area_nodes"] == 4 * ROWS * COLS and found["observed"] == 0
    degrees = ("--grid-crs", "EPSG:4326", "--bbox", "3.05,48.6,3.15,48.7")
    flags = ("--tif-path", landscape.landcover, *degrees, "--output-dir", tmp_path)
    assert answer("build-graph", *flags, "--toolkit-headers")["area_nodes"] == 50 * 50
    neighbours = (tmp_path / "adjacency.csv").read_text(encoding="utf-8")
    assert neighbours.startswith("src_id,dst_id\n0,1\n")
    assert (tmp_path / "TIF_feature.csv").read_text(encoding="utf-8").startswith("File,Coord")


def test_train_writes_what_it_says_and_evaluate_agrees(built, trained, tmp_path):
    assert os.path.isfile(trained["model"]) and os.path.isfile(trained["history"])
    assert trained["test_cells"] == round(0.2 * trained["observed"]) and trained["epochs"] == 5
    assert "prediction_map.svg" in os.listdir(trained["plots"])
    report, graph = tmp_path / "report.html", built[0] / "graph.safetensors"
    named = ("--model-path", trained["model"], "--graph", graph, "--report", report)
    scores = answer("evaluate", *named, *FAST)
    for name in ("r2", "rmse", "mae", "idw_r2", "test_cells"):
        assert scores[name] == pytest.approx(trained[name], rel=1e-5), name
    assert report.stat().st_size > 10_000


def test_evaluate_takes_points_that_were_measured_later(landscape, built, trained, tmp_path):
    row, col = np.divmod(np.arange(0, ROWS * COLS, 5), COLS)
    x, y = LEFT + (col + 0.4) * CELL, TOP - (row + 0.6) * CELL
    table = pd.DataFrame({"x": x, "y": y, "value": landscape.truth[row, col]})
    table["later"] = 2 * table.value
    table.to_csv(tmp_path / "new.csv", index=False)
    files = ("--model-path", trained["model"], "--graph", built[0] / "graph.safetensors")
    points = ("--points", tmp_path / "new.csv", "--coord-columns", "x,y", "--crs", CRS)
    scores = answer("evaluate", *files, *points, *FAST)
    assert 0 < scores["test_cells"] <= len(row) == scores["observed"]
    other = answer("evaluate", *files, *points, "--target-column", "later", *FAST)
    assert other["rmse"] > 2 * scores["rmse"]
    error = call("evaluate", *files, *points[:2], "--coord-columns", "x", code=2)[1]
    assert "'--coord-columns': 'x' must be 2 names, got 1" in error


def test_reports_leave_out_what_the_prediction_rests_on(built, tmp_path):
    graph = ("--graph", built[0] / "graph.safetensors", "--no-importance", *FAST)
    folders = ("--model-dir", tmp_path, "--log-dir", tmp_path, "--no-blocks")
    trained = answer("train", *graph, *folders)
    again = ("--model-path", trained["model"], "--report", tmp_path / "again.html")
    for found in (trained, answer("evaluate", *graph, *again)):
        text = Path(found["report"]).read_text(encoding="utf-8")
        assert "Feature importance" not in text and f"{found['rmse']:.3g}" in text


def test_a_city_folder_trains_as_its_graph_file(built, trained):
    where = ("--city", built[0].name, "--prebuilt-dir", built[0].parent)
    again = answer("train", *where, *FAST, *SMALL, *ONCE, "--epochs", "5")
    assert again["rmse"] == pytest.approx(trained["rmse"], rel=1e-4)


def test_flags_win_over_the_file(built, tmp_path):
    settings, log = tmp_path / "settings.yaml", tmp_path / "log"
    settings.write_text("training: {epochs: 3, seed: 5, lr: 1e-2}\nmodel: {dropout: 0.1}\n")
    flags = ("--config", settings, "--epochs", "2", "--no-pos-embedding", "--log-dir", log, *ONCE)
    flags = (*flags, "--bounds", "-1", "100")
    found = answer("train", "--graph", built[0] / "graph.safetensors", *FAST, *SMALL, *flags)
    with open(found["report_json"], encoding="utf-8") as file:
        used = json.load(file)["settings"]
    assert found["epochs"] == used["training"]["epochs"] == 2
    assert used["training"]["seed"] == 5 and used["training"]["lr"] == 0.01
    assert used["model"]["head_dims"] == [8, 4] and used["model"]["dropout"] == 0.1
    assert used["model"]["bounds"] == [-1, 100]
    assert used["data"]["pos_embedding"] is False


def test_a_value_outside_the_bounds_of_a_flag_is_refused(built):
    graph = ("--graph", built[0] / "graph.safetensors")
    told = call("train", *graph, *FAST, "--bounds", "0", "9", code=2)[1]
    assert "values of 'value' lie outside the bounds 0 to 9, such as 1" in told


def test_one_flag_means_the_published_city_and_network(built, tmp_path):
    graph = built[0] / "graph.safetensors"
    found = answer("train", "--graph", graph, "--strict-reference", "--log-dir", tmp_path, *FAST)
    with open(found["report_json"], encoding="utf-8") as file:
        used = json.load(file)["settings"]
    assert used["data"]["strict_reference"] and used["model"]["strict_reference"]


def test_pretrain_writes_an_encoder_that_train_starts_from(built, tmp_path):
    graph = ("--graph", built[0] / "graph.safetensors")
    size = SMALL[2:4] + SMALL[6:]
    path = tmp_path / "encoder.safetensors"
    found = answer("pretrain", *graph, *size, "--epochs", "2", *FAST, "--output", path)
    assert found["encoder"] == str(path) and found["epochs"] == 2 and found["loss"] > 0
    found = answer("pretrain", *graph, *size, "--epochs", "1", *FAST, "--model-dir", tmp_path)
    assert found["encoder"] == str(tmp_path / "graph_encoder.safetensors")
    flags = (*SMALL, *FAST, *ONCE, "--epochs", "2", "--pretrained-gnn", path, "--freeze-gnn")
    assert answer("train", *graph, *flags)["epochs"] == 2


def test_interpolate_writes_a_raster_and_a_table(landscape, tables, tmp_path):
    grid = ("--landcover", landscape.landcover, "--resolution", CELL, "--bbox", BBOX)
    names = {name: tmp_path / name for name in ("map.tif", "map.csv", "report.html", "report.json")}
    outputs = ("--output", names["map.tif"], "--output", names["map.csv"])
    report = ("--report", names["report.html"], "--folds", 2)
    found = answer("interpolate", *tables, *grid, *outputs, *report, *FAST)
    assert sorted(os.listdir(tmp_path)) == sorted(names)
    with rasterio.open(found["prediction"]) as raster:
        values = raster.read(1)
    assert np.sqrt(np.mean((values - landscape.truth) ** 2)) < 0.35 * landscape.truth.std()
    table = pd.read_csv(found["table"])
    assert list(table)[:3] == ["x", "y", "value"] and len(table) == ROWS * COLS
    np.testing.assert_allclose(table["value"], values.ravel(), rtol=1e-6)
    assert table["x"][0] == LEFT + CELL / 2 and table["y"][0] == TOP - CELL / 2
    assert found["r2"] > 0.8 and found["blocks_r2"] is not None


def test_interpolate_takes_columns_measured_beside_the_value(landscape, tmp_path):
    table = pd.read_csv(landscape.points).assign(twin=lambda t: 2 * t["value"] + 1)
    table.to_csv(tmp_path / "points.csv", index=False)
    points = ("--data", tmp_path / "points.csv", "--target-column", "value")
    flags = ("--coord-columns", "x,y", "--crs", CRS, "--resolution", 2 * CELL, *FAST, *ONCE)
    output = ("--output", tmp_path / "map.csv", "--feature-columns", "twin")
    assert answer("interpolate", *points, *flags, *output)["r2"] is not None


def test_the_result_is_a_table_and_progress_is_told_apart(built):
    graph = built[0] / "graph.safetensors"
    out, _ = call("train", "--graph", graph, *FAST, *ONCE)
    lines = out.splitlines()
    titles = [line[:22].strip() for line in lines if line.endswith("WIDTH")]
    assert titles == ["To expect of the map", "Held-out cells"]
    assert lines[0].split()[-5:] == ["R2", "RMSE", "MAE", "COVERAGE", "WIDTH"]
    assert lines[1].split()[0] == "GeoHG" and len(lines[1].split()) == 6
    assert lines[2].startswith("IDW  ")
    assert any(line.split() == ["cells", str(ROWS * COLS)] for line in lines)
    # A reader gets four digits, and nothing that is for other programs or said twice.
    assert re.search(r"\d\.\d{7}|unit|rank", out) is None


def test_quiet_tells_no_news(landscape, tables, tmp_path):
    grid = ("--resolution", 2 * CELL, *FAST, *ONCE, "--output", tmp_path / "map.csv", "--json")
    assert "Fitting again" in call("interpolate", *tables, *grid)[1]
    assert "Fitting again" not in call("interpolate", *tables, *grid, "--quiet")[1]


def test_run_takes_a_request_and_a_report(landscape, request_file, tmp_path):
    path = tmp_path / "report.json"
    grid = {**landscape.request()["grid"], "cell_size": 2 * CELL}
    request = landscape.request("interpolate", grid=grid, outputs={"report_json": str(path)})
    first = json.loads(call("run", request_file(request))[0])
    again = json.loads(call("run", path)[0])
    assert first["CELLS"] == ROWS * COLS // 4 and again["RMSE"] == first["RMSE"]


def test_run_takes_settings_for_a_pipeline(built, tmp_path):
    settings = tmp_path / "settings.yml"
    settings.write_text(
        f"data: {{city: {built[0].name}, prebuilt_dir: '{built[0].parent}'}}\n"
        "model: {kind: gnn, hidden_channels: 8, num_gnn_layers: 2}\n"
        "training: {epochs: 2, device: cpu, threads: 1, blocks: false}\nssl: {epochs: 1}\n"
    )
    plain = answer("run", settings, "--skip-pretrain")
    pretrained = answer("run", settings, "--pretrain", "--model-dir", tmp_path / "models")
    assert plain["epochs"] == pretrained["epochs"] == 2 and "encoder" not in plain
    assert pretrained["encoder"] == str(tmp_path / "models" / "city_encoder.safetensors")
    assert pretrained["rmse"] != plain["rmse"]


def test_an_area_file_bounds_the_graph(landscape, tables, tmp_path):
    path = tmp_path / "area.geojson"
    ring = [[3.1, 48.6], [3.3, 48.6], [3.3, 48.7], [3.1, 48.7], [3.1, 48.6]]
    geometry = {"type": "Polygon", "coordinates": [ring]}
    path.write_text(json.dumps({"type": "Feature", "properties": {}, "geometry": geometry}))
    grid = ("--tif-path", landscape.landcover, "--area", path, "--resolution", CELL / 2)
    built = answer("build-graph", *grid, *tables, "--output-dir", tmp_path / "city")
    # 14.7 km by 11.1 km, of cells of half a kilometre.
    assert built["area_nodes"] == pytest.approx(14.7 * 11.1 * 4, rel=0.03)


NEEDS = ("interpolate", "--data", "p.csv", "--target-column", "v", "--resolution", "1")


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("fly",), "No such command 'fly'"),
        (("train",), "name a graph file, or a city"),
        (("train", "--graph", "none"), "The graph file 'none' does not exist"),
        (("train", "--epochs", "many"), "'many' is not a valid integer"),
        (("train", "--epochs", "0", "--city", "sample"), "'training.epochs' must lie between"),
        (("train", "--metric", "rmsd"), "'rmsd' is not one of 'r2', 'rmse', 'mae'"),
        (("train", "--masked-ration", "0.5"), "Did you mean|Possible options: --masked-ratio"),
        (("train", "--head-dims", "8,x"), "'8,x' must be numbers with commas"),
        (("train", "--config", "none.yaml"), "settings file 'none.yaml' cannot be read"),
        (("train", "--gpu", "x"), "'x' is not a valid"),
        (("train", "--city", "sample", "--task", "Carbon"), "no target 'Carbon'"),
        (("pretrain", "--city", "sample"), "--output or --model-dir"),
        (("evaluate",), "Missing option '--model-path'"),
        (("evaluate", "--model-path", "none"), "The model file 'none' does not exist"),
        (("run", "none.json"), "The request 'none.json' cannot be read"),
        (("run", "none.yaml"), "settings file 'none.yaml' cannot be read"),
        (("run", "none.json", "--epochs", "3"), "Flags do not change a request"),
        (("run", "none.json", "--pretrain"), "Flags do not change a request"),
        ((*NEEDS, "--output", "map.png"), "must end with one of .tif, .tiff, .csv, .gpkg"),
        ((*NEEDS, "--output", "a.csv", "--output", "b.csv"), "second map of its kind"),
        ((*NEEDS, "--output", "a.csv", "--poi", "p.csv"), "--poi and --poi-category belong"),
        ((*NEEDS, "--output", "a.csv", "--coord-columns", "x"), "must be 2 names, got 1"),
        ((*NEEDS, "--output", "a.csv", "--bbox", "1,2,3"), "must be 4 numbers, got 3"),
        ((*NEEDS, "--output", "a.csv"), "The table 'p.csv' does not exist"),
        (("build-graph", "--tif-path", "none.tif", "--output-dir", "."), "none.tif' cannot be"),
        (
            ("build-graph", "--tif-path", "a.tif", "--output-dir", ".", "--data", "p.csv"),
            "--data and --target-column belong together",
        ),
    ],
)
def test_a_mistake_is_told_in_a_sentence(arguments, message, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    out, err = call(*arguments, code=2)
    assert out == "" and os.listdir(tmp_path) == []
    (line,) = [line for line in err.splitlines() if line.startswith("Error: ")]
    assert re.search(message, line), line
    assert "Traceback" not in err


def test_compare_prints_a_table_of_all_methods(landscape, tables):
    grid = ("--landcover", landscape.landcover, "--resolution", CELL, "--bbox", BBOX)
    table, _ = call("compare", *tables, *grid, *FAST, *ONCE)
    assert [row.split("  ")[0] for row in table.splitlines()[1:6]] == [
        "GeoHG",
        "IDW",
        "Ordinary kriging",
        "Random forest",
        "Mean",
    ]
    _, error = call("compare", *tables, *grid, "--validation", "groups", code=2)
    assert "needs a group for each point" in error


def refused(*arguments):
    """The one line that a refused command says."""
    (line,) = call(*arguments, code=2)[1].splitlines()
    return line


@pytest.fixture
def own(landscape, tables, tmp_path):
    """Copies of what a run may read, and the flags that name them."""
    names = {"points": "p.csv", "landcover": "lc.tif", "pois": "poi.csv"}
    inputs = {key: tmp_path / name for key, name in names.items()}
    for key, path in inputs.items():
        path.write_bytes(getattr(landscape, key).read_bytes())
    inputs["area"] = tmp_path / "area.csv"
    ring = f"{LEFT} {TOP}, {LEFT + 9e4} {TOP}, {LEFT} 0, {LEFT} {TOP}"
    inputs["area"].write_text(f'wkt\n"POLYGON(({ring}))"\n')
    inputs["settings"] = tmp_path / "settings.csv"
    inputs["settings"].write_text("training: {seed: 3}\n")
    flags = ["--data", inputs["points"], *tables[2:], "--landcover", inputs["landcover"]]
    flags[flags.index(landscape.pois)] = inputs["pois"]
    return inputs, [*flags, "--area", inputs["area"], "--config", inputs["settings"]]


@pytest.mark.parametrize("name", ["points", "landcover", "pois", "area", "settings"])
@pytest.mark.parametrize("spelled", ["plainly", "by a link", "by a detour"])
def test_an_output_onto_an_input_is_refused_and_nothing_is_written(own, tmp_path, name, spelled):
    inputs, flags = own
    before = {path: path.read_bytes() for path in inputs.values()}
    output = inputs[name]
    if spelled == "by a link":
        output = tmp_path / f"link{output.suffix}"
        output.symlink_to(inputs[name])
    elif spelled == "by a detour":
        output = tmp_path / ".." / tmp_path.name / output.name
    files = sorted(os.listdir(tmp_path))
    error = refused("interpolate", *flags, "--output", output)
    assert f"is also an input ('{inputs[name]}')" in error
    error = refused("compare", *flags, "--report", output)
    assert f"is also an input ('{inputs[name]}')" in error
    assert {path: path.read_bytes() for path in before} == before
    assert sorted(os.listdir(tmp_path)) == files


@pytest.mark.parametrize("flag", ["--landcover", "--covariate", "--classes"])
def test_the_tile_of_a_virtual_raster_is_an_input(own, tmp_path, flag):
    inputs, flags = own
    mosaic = tmp_path / "mosaic.vrt"
    with rasterio.open(inputs["landcover"]) as raster:
        shape = f'rasterXSize="{raster.width}" rasterYSize="{raster.height}"'
    source = "<SourceFilename relativeToVRT='1'>lc.tif</SourceFilename>"
    band = f'<VRTRasterBand band="1"><SimpleSource>{source}</SimpleSource></VRTRasterBand>'
    mosaic.write_text(f"<VRTDataset {shape}>{band}</VRTDataset>")
    place = flags.index("--landcover")
    flags[place : place + 2] = [flag, mosaic]
    error = refused("interpolate", *flags, "--output", inputs["landcover"])
    assert f"is also an input ('{inputs['landcover']}')" in error


def test_a_folder_of_tables_does_not_take_in_the_points(landscape, tmp_path):
    """The graph's folder gets a table for each value, named after it."""
    points = tmp_path / "value.csv"
    points.write_bytes(landscape.points.read_bytes())
    flags = ("--data", points, "--target-column", "value", "--coord-columns", "x,y", "--crs", CRS)
    land = ("--tif-path", landscape.landcover)
    error = refused("build-graph", *flags, *land, "--output-dir", tmp_path)
    assert f"is also an input ('{points}')" in error
    assert points.read_bytes() == landscape.points.read_bytes()
    assert os.listdir(tmp_path) == ["value.csv"]


def test_a_request_is_an_input_and_a_report_may_be_written_anew(landscape, tmp_path):
    path = tmp_path / "report.json"
    request = landscape.request("interpolate", outputs={"report_json": str(path)})
    path.write_text(json.dumps(request))
    assert "is also an input" in refused("run", path)
    assert json.loads(path.read_text()) == request
    path.write_text(json.dumps({"request": request}))
    assert json.loads(call("run", path)[0])["report_json"] == str(path)


def test_what_training_reads_is_not_overwritten(built, tmp_path):
    path = tmp_path / "city.safetensors"
    path.write_bytes((built[0] / "graph.safetensors").read_bytes())
    error = refused("pretrain", "--graph", path, "--output", path)
    assert f"is also an input ('{path}')" in error


def test_a_raster_in_an_archive_is_read_from_the_command_line(landscape, tmp_path):
    """The two slashes of /vsizip//folder stay two."""
    with zipfile.ZipFile(tmp_path / "z.zip", "w") as archive:
        archive.write(landscape.landcover, "r.tif")
    found = []
    for name in (landscape.landcover, f"/vsizip/{tmp_path}/z.zip/r.tif"):
        folder = tmp_path / "graph"
        grid = ("--resolution", CELL, "--grid-crs", CRS, "--bbox", BBOX)
        call("build-graph", "--tif-path", name, *grid, "--output-dir", folder)
        found.append((folder / "TIF_feature.csv").read_text())
    assert found[0] == found[1]


def test_a_raster_that_is_not_there_is_told_in_a_sentence(tmp_path):
    gone = tmp_path / "gone.tif"
    arguments = ("build-graph", "--tif-path", gone, "--resolution", CELL)
    error = call(*arguments, "--output-dir", tmp_path, code=2)[1]
    assert error.startswith(f"Error: The raster '{gone}' cannot be read: {gone}: No such file")
    assert len(error.splitlines()) == 1


def test_several_columns_are_mapped_in_one_run_and_told_apart(landscape, tmp_path):
    table = pd.read_csv(landscape.points).sample(80, random_state=0)
    table["other"] = -2 * table["value"]
    table.to_csv(tmp_path / "points.csv", index=False)
    line = ["interpolate", "--data", tmp_path / "points.csv", "--target-column", "value,other"]
    line += ["--coord-columns", "x,y", "--crs", CRS, "--resolution", "1000", "--output"]
    line += [tmp_path / "map.tif", *ONCE, "--threads", 1]
    text, _ = call(*line)
    with rasterio.open(tmp_path / "map.tif") as raster:
        assert raster.descriptions == ("value", "other")
    first, second = (text.index(f"Field {name}\n") for name in ("value", "other"))
    assert first < text.index("GeoHG") < second and text.count("Held-out cells") == 2
    found = answer(*line)
    assert list(found["fields"]) == ["value", "other"]
    assert found["r2"] == found["fields"]["value"]["r2"]
