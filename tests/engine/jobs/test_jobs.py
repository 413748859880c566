import dataclasses
import json
import os

import numpy as np
import pandas as pd
import pytest
import rasterio

from geohg.engine.config import costs
from geohg.engine.data import store
from geohg.engine.errors import FileFormatError, InputError, OutputError
from geohg.engine.jobs import run
from geohg.engine.progress import Silent

from ..conftest import (
    CELL,
    COLS,
    CRS,
    LEFT,
    POINTS,
    QUICK,
    ROWS,
    TOP,
    Recorder,
    shared,
    write_raster,
)

NAMED = {"attribution": "© ESA WorldCover project 2021"}


def points_with(landscape, tmp_path, **changes):
    """The points part of a request, with columns replaced."""
    table = pd.read_csv(landscape.points).assign(**changes)
    path = tmp_path / "changed.csv"
    table.to_csv(path, index=False)
    return {**landscape.request()["points"], "path": str(path)}


@pytest.mark.parametrize("kind", ["propagation", "gnn"])
def test_interpolate_makes_a_map_near_the_truth_and_a_report(landscape, tmp_path, kind):
    names = {
        "prediction": "map.tif",
        "report": "report.html",
        "report_json": "report.json",
        "preview": "map.png",
        "model": "model.safetensors",
        "graph": "graph.safetensors",
    }
    outputs = {key: str(tmp_path / name) for key, name in names.items()}
    poi = {
        "path": str(landscape.pois),
        "crs": CRS,
        "coord_columns": ["x", "y"],
        "category": "category",
    }
    watcher = Recorder()
    training = {"epochs": 120, "threads": 1, "folds": 2}
    model = {"kind": kind, "hidden_channels": 32, "num_gnn_layers": 2}
    request = landscape.request(outputs=outputs, poi=poi, training=training, model=model)
    result = run(request, watcher)
    assert sorted(os.listdir(tmp_path)) == sorted(names.values())
    with rasterio.open(outputs["prediction"]) as raster:
        assert raster.shape == (ROWS, COLS) and raster.crs == CRS
        assert tuple(raster.bounds) == (LEFT, TOP - ROWS * CELL, LEFT + COLS * CELL, TOP)
        assert raster.descriptions == ("value [kg]",) and raster.units == ("kg",)
        description = (
            f"value [kg], by GeoHG ({kind}) from {result['OBSERVED']} of {ROWS * COLS} cells"
        )
        assert raster.tags()["TIFFTAG_IMAGEDESCRIPTION"].startswith(description)
        error = np.sqrt(np.mean((raster.read(1) - landscape.truth) ** 2))
    assert error < 0.35 * landscape.truth.std()
    assert result["CELLS"] == ROWS * COLS and result["R2"] > 0.8
    # Few cells are each held out once, but for a network's.
    share = 0.2 if kind == "gnn" else 1.0
    assert result["TEST_CELLS"] == round(share * result["OBSERVED"])
    assert watcher.fractions == sorted(watcher.fractions) and watcher.fractions[-1] > 0.9
    report = json.loads((tmp_path / "report.json").read_text())
    assert report["blocks"]["split"]["test"] > 0 and result["BLOCKS_RMSE"] > 0
    assert report["request"]["grid"] == request["grid"] and report["graph"]["poi_nodes"] == 3
    assert {score["method"] for score in report["accuracy"]["methods"]} == {
        "GeoHG",
        "IDW",
        "Ordinary kriging",
        "Mean",
    }


def test_a_report_s_json_repeats_the_run_when_its_tables_are_gone(landscape, tmp_path):
    path = tmp_path / "report.json"
    points = {**points_with(landscape, tmp_path), "name": "Wells"}
    grid = {**landscape.request()["grid"], "cell_size": 2 * CELL}
    request = landscape.request(points=points, grid=grid, outputs={"report_json": str(path)})
    first = run(request, Silent())
    checksums = json.loads(path.read_text())["checksums"]
    assert checksums["Wells (points)"] == store.sha256(points["path"])
    os.remove(points["path"])
    again = run(json.loads(path.read_text())["request"], Silent())
    for name in ("R2", "RMSE", "BLOCKS_RMSE", "KRIGING_MAE"):
        assert again[name] == first[name], name


def test_a_study_area_is_all_that_is_mapped_and_repeats(landscape, tmp_path):
    """Its western ten columns, with a hole; the grid is laid around it, and not the points."""
    hole = f"{LEFT + 4000} {TOP - 4000}, {LEFT + 6000} {TOP - 4000}, {LEFT + 6000} {TOP - 6000}"
    outline = f"{LEFT} {TOP}, {LEFT + 10 * CELL} {TOP}, {LEFT + 10 * CELL} {TOP - ROWS * CELL}"
    wkt = f"POLYGON(({outline}, {LEFT} {TOP - ROWS * CELL}, {LEFT} {TOP}), ({hole}, "
    area = tmp_path / "area.csv"
    area.write_text(f'wkt\n"{wkt}{LEFT + 4000} {TOP - 6000}, {LEFT + 4000} {TOP - 4000}))"\n')
    names = {"prediction": "map.tif", "report_json": "report.json"}
    paths = {key: str(tmp_path / name) for key, name in names.items()}
    request = landscape.request(
        area={"path": str(area), "crs": CRS}, grid={"cell_size": CELL}, outputs=paths
    )
    watcher = Recorder()
    first = run(request, watcher)
    assert first["CELLS"] == 10 * ROWS - 4
    with rasterio.open(paths["prediction"]) as raster:
        assert raster.shape == (ROWS, 10) and raster.transform.c == LEFT
        found = np.isfinite(raster.read(1, masked=True).filled(np.nan))
    assert not found[4:6, 4:6].any() and found.sum() == 10 * ROWS - 4
    assert any("points outside the study area were left out" in text for text in watcher.warnings)
    report = json.loads((tmp_path / "report.json").read_text())
    assert report["points"]["dropped"]["outside the study area"] > 0
    os.remove(area)
    assert run(report["request"], Silent())["RMSE"] == first["RMSE"]


def test_classes_and_pois_outside_the_area_are_no_part_of_the_graph(landscape, tmp_path):
    codes = np.full((ROWS * 10, COLS * 10), 40, np.uint8)
    codes[:, -10:] = 50
    raster = write_raster(tmp_path / "cover.tif", codes)
    pois = pd.DataFrame({"x": LEFT + 50.0, "y": TOP - 50.0 - 1000 * np.arange(9), "category": "in"})
    away = pois.assign(x=LEFT + (COLS - 1) * CELL, category="out")
    pd.concat([pois, away]).to_csv(tmp_path / "pois.csv", index=False)
    right, bottom = LEFT + (COLS - 2) * CELL, TOP - ROWS * CELL
    corners = f"{LEFT} {TOP}, {right} {TOP}, {right} {bottom}, {LEFT} {bottom}, {LEFT} {TOP}"
    poi = {"path": str(tmp_path / "pois.csv"), "crs": CRS, "coord_columns": ["x", "y"]}
    request = landscape.request(
        "buildgraph",
        landcover=[{"path": str(raster), "band": 1}],
        poi={**poi, "category": "category"},
        area={"table": f'wkt\n"POLYGON(({corners}))"\n', "crs": CRS},
    )
    result = run(request, Silent())
    assert result["ENTITY_NODES"] == result["POI_NODES"] == 1
    assert result["AREA_NODES"] == ROWS * (COLS - 2)


@pytest.mark.parametrize(("name", "warned"), [("fid", True), ("value", False)])
def test_a_field_that_numbers_the_points_is_warned_of(landscape, tmp_path, name, warned):
    points = points_with(landscape, tmp_path, fid=np.arange(POINTS) + 7)
    watcher = Recorder()
    run(landscape.request("buildgraph", points={**points, "targets": [name]}), watcher)
    assert any("numbers the points" in text for text in watcher.warnings) == warned


def test_without_a_cell_size_the_points_choose_one(landscape):
    """200 points on 720 km2 lie about 950 m from the next: half of that is rounded to 500 m."""
    watcher = Recorder()
    request = landscape.request("buildgraph", grid={})
    del request["training"]
    cells = run(request, watcher)["AREA_NODES"]
    said = [line.startswith("No cell size was given; 500 m is used,") for line in watcher.lines]
    assert f"{cells:,} cells of 500 m" in watcher.lines[said.index(True) + 1]
    assert cells == pytest.approx(ROWS * COLS * 4, rel=0.05)


def test_a_report_says_why_it_cannot_tell_what_the_prediction_rests_on(landscape, tmp_path):
    path = tmp_path / "report.html"
    training = {"threads": 1, "masked_ratio": 0.0}
    run(landscape.request(training=training, outputs={"report": str(path)}), Silent())
    text = path.read_text(encoding="utf-8")
    assert "<p>Feature importance needs at least 20 held-out cells; there are 0.</p>" in text


@pytest.mark.parametrize("wanted", [True, False])
def test_a_report_tells_what_the_prediction_rests_on_unless_it_is_not_wanted(
    landscape, tmp_path, wanted
):
    outputs = {"report": str(tmp_path / "r.html"), "report_json": str(tmp_path / "r.json")}
    training = {**QUICK, "importance": wanted}
    result = run(landscape.request(training=training, outputs=outputs), Silent())
    summary = json.loads((tmp_path / "r.json").read_text(encoding="utf-8"))
    assert bool({"importance", "no_importance"} & {*summary["diagnostics"]}) == wanted
    assert ("find what the prediction rests on" in summary["seconds"]) == wanted
    text = (tmp_path / "r.html").read_text(encoding="utf-8")
    assert ("<h2>Feature importance</h2>" in text) == wanted and result["R2"] > 0.8


def test_without_land_cover_the_map_covers_the_points(landscape):
    result = run(landscape.request(landcover=[]), Silent())
    assert result["CELLS"] == ROWS * COLS


def test_the_four_steps_agree_on_the_held_out_cells(landscape, tmp_path):
    path = {
        name: str(tmp_path / name)
        for name in ("g.safetensors", "m.safetensors", "map.tif", "cells.gpkg", "r.html")
    }
    build = landscape.request(
        "buildgraph", outputs={"graph": path["g.safetensors"], "cells": path["cells.gpkg"]}
    )
    del build["training"]
    built = run(build, Silent())
    assert built["AREA_NODES"] == ROWS * COLS and built["ENTITY_NODES"] == 3
    assert built["NEAR_EDGES"] == 2 * (
        ROWS * (COLS - 1) + COLS * (ROWS - 1) + 2 * (ROWS - 1) * (COLS - 1)
    )
    common = {"version": 1, "graph": path["g.safetensors"]}
    training = {"threads": 1, "folds": 2}
    trained = run(
        {
            **common,
            "job": "train",
            "target": "value",
            "training": training,
            "outputs": {"model": path["m.safetensors"]},
        },
        Silent(),
    )
    common["model_file"] = path["m.safetensors"]
    predicted = run(
        {**common, "job": "predict", "outputs": {"prediction": path["map.tif"]}}, Silent()
    )
    evaluated = run({**common, "job": "evaluate", "outputs": {"report": path["r.html"]}}, Silent())
    assert predicted["CELLS"] == ROWS * COLS
    for name in ("R2", "RMSE", "MAE", "IDW_RMSE", "TEST_CELLS"):
        assert evaluated[name] == pytest.approx(trained[name]), name
    about = predicted["ABOUT"]
    assert (about["target"], about["unit"], about["model"]) == ("value", "kg", "propagation")
    assert (about["cells"], about["seed"], about["level"]) == (ROWS * COLS, 0, 0.9)
    for each in (about, trained["ABOUT"], evaluated["ABOUT"]):
        assert each["figures"]["RMSE"] == pytest.approx(trained["RMSE"])
    assert built["ABOUT"].keys() == {"target", "unit", "cells", "observed", "versions"}


def test_a_map_says_whom_its_data_ask_to_name(landscape, tmp_path):
    outputs = {"graph": str(tmp_path / "g.safetensors"), "model": str(tmp_path / "m.safetensors")}
    run(landscape.request(outputs=outputs), Silent())
    graph = store.load_graph(outputs["graph"])
    store.save_graph(
        tmp_path / "named",
        dataclasses.replace(graph, info=dataclasses.replace(graph.info, **NAMED)),
    )
    path = str(tmp_path / "map.tif")
    request = {"version": 1, "job": "predict", "model_file": outputs["model"]}
    request |= {"graph": str(tmp_path / "named"), "outputs": {"prediction": path}}
    assert run(request, Silent())["ABOUT"]["attribution"] == NAMED["attribution"]
    with rasterio.open(path) as raster:
        assert raster.tags()["TIFFTAG_COPYRIGHT"] == NAMED["attribution"]


def test_dropped_points_are_counted_and_told(landscape, tmp_path):
    table = pd.read_csv(landscape.points)
    table.loc[:2, "value"] = np.nan
    table.loc[3:4, "x"] = 0.0
    points = points_with(landscape, tmp_path, value=table["value"], x=table["x"])
    watcher = Recorder()
    request = landscape.request("buildgraph", points=points)
    del request["training"]
    assert run(request, watcher)["POINTS_DROPPED"] == 5
    assert "3 points without a value were left out." in watcher.warnings
    assert "2 points outside the extent were left out." in watcher.warnings


def bad_inputs(landscape, tmp_path):
    """Each bad input of a user: its request, and what the one sentence must say."""
    grid = landscape.request()["grid"]
    floats = np.linspace(0, 1, 64, dtype=np.float32).reshape(8, 8)

    def points(**changes):
        return {"points": points_with(landscape, tmp_path, **changes)}

    def raster(values, **options):
        path = write_raster(tmp_path / "bad.tif", values, **options)
        return {"landcover": [{"path": str(path), "band": 1}]}

    def empty():
        pd.read_csv(landscape.points).iloc[:0].to_csv(tmp_path / "empty.csv", index=False)
        return {"points": {**landscape.request()["points"], "path": str(tmp_path / "empty.csv")}}

    ones = np.ones((8, 8), np.uint8)
    return {
        "no points": (empty, "There are no points"),
        "all equal": (lambda: points(value=1.0), "nothing to map"),
        "text": (lambda: points(value="a"), "holds text"),
        "infinite": (lambda: points(value=np.inf), "infinite values"),
        "all null": (lambda: points(value=np.nan), "None of the 200 points"),
        "far away": (lambda: points(x=0.0), "observed in 0 cells"),
        "few cells": (lambda: points(x=LEFT + 50, y=TOP - 50), "observed in 1 cells"),
        "no crs": (lambda: raster(ones, crs=None), "has no CRS"),
        "no overlap": (lambda: raster(ones, left=0.0), "does not overlap"),
        "not categorical": (lambda: raster(floats), "not categorical"),
        "many cells": (
            lambda: {"grid": {**grid, "cell_size": 0.05}},
            "may need .* GB for the map, and .* GB are free; free some of the disk",
        ),
        "zero cell": (lambda: {"grid": {**grid, "cell_size": 0.0}}, "greater than zero"),
        "negative": (lambda: {"grid": {**grid, "cell_size": -1.0}}, "greater than zero"),
    }


NAMES = (
    "no points",
    "all equal",
    "text",
    "infinite",
    "all null",
    "far away",
    "few cells",
    "no crs",
    "no overlap",
    "not categorical",
    "many cells",
    "zero cell",
    "negative",
)


@pytest.mark.parametrize("name", NAMES)
def test_bad_input_is_refused_in_one_sentence_and_spoils_nothing(landscape, tmp_path, name):
    cases = bad_inputs(landscape, tmp_path)
    assert set(cases) == set(NAMES)
    make, message = cases[name]
    path = tmp_path / "map.tif"
    path.write_text("old")
    request = landscape.request(outputs={"prediction": str(path)}, **make())
    with pytest.raises((InputError, OutputError), match=message) as caught:
        run(request, Silent())
    assert "\n" not in str(caught.value) and path.read_text() == "old"
    assert not [item for item in os.listdir(tmp_path) if ".part" in item]


def test_a_settings_file_gives_what_the_request_leaves_out(landscape, tmp_path):
    settings, path = tmp_path / "settings.yaml", tmp_path / "report.json"
    settings.write_text("training: {seed: 3, masked_ratio: 0.5}\nmodel: {transform: identity}\n")
    request = landscape.request(
        config_file=str(settings),
        training={"masked_ratio": 0.3, **QUICK},
        outputs={"report_json": str(path)},
    )
    result = run(request, Silent())
    plain = {"seed": 3, "masked_ratio": 0.3, **QUICK}
    same = run(landscape.request(training=plain, model={"transform": "identity"}), Silent())
    assert {key: result[key] for key in ("R2", "RMSE", "MAE", "TEST_CELLS")} == {
        key: same[key] for key in ("R2", "RMSE", "MAE", "TEST_CELLS")
    }
    repeated = json.loads(path.read_text())["request"]
    assert repeated["training"] == plain and "config_file" not in repeated


def test_refuses_a_settings_file_that_is_missing_or_bad(landscape, tmp_path):
    with pytest.raises(InputError, match="settings file '/none.yaml' cannot be read"):
        run(landscape.request(config_file="/none.yaml"), Silent())
    settings = tmp_path / "settings.yaml"
    settings.write_text("training: {seeds: 3}")
    with pytest.raises(InputError, match="settings.yaml.*'training.seeds'.*'training.seed'"):
        run(landscape.request(config_file=str(settings)), Silent())


def test_refuses_an_output_folder_that_is_missing(landscape):
    with pytest.raises(OutputError, match="does not exist"):
        run(landscape.request(outputs={"prediction": "/none/map.tif"}), Silent())


@pytest.mark.parametrize(
    ("request_", "message"),
    [
        ({"version": 2, "job": "train"}, "has version 2, expected 1"),
        ({"version": 1, "job": "fly"}, "no job 'fly'"),
        (
            {"version": 1, "job": "buildgraph", "points": {"colour": 1}, "landcover": []},
            "'points.colour' is not a part of this request",
        ),
        ({"version": 1, "job": "predict", "graph": "g"}, "needs the part 'model_file'"),
        (
            {"version": 1, "job": "predict", "graph": "g", "model_file": "m", "x": 1},
            "'x' is not a part of this",
        ),
        (
            {
                "version": 1,
                "job": "predict",
                "graph": "g",
                "model_file": "m",
                "outputs": {"report": "r"},
            },
            "'outputs.report' is not a part of this",
        ),
    ],
)
def test_refuses_a_wrong_request(request_, message):
    with pytest.raises(InputError, match=message):
        run(request_, Silent())


def test_refuses_a_model_where_a_graph_is_wanted_and_broken_files(landscape, tmp_path):
    path = tmp_path / "g.safetensors"
    path.write_bytes(b"\x10\0\0\0\0\0\0\0{")
    with pytest.raises(FileFormatError, match="truncated"):
        run({"version": 1, "job": "train", "graph": str(path), "target": "value"}, Silent())


def test_refuses_to_evaluate_a_model_on_the_cells_it_was_fitted_on(landscape, tmp_path):
    model, graph = str(tmp_path / "m.safetensors"), str(tmp_path / "g.safetensors")
    run(landscape.request(outputs={"model": model, "graph": graph}), Silent())
    with pytest.raises(InputError, match="Every observed cell of 'value' in this graph was used"):
        run({"version": 1, "job": "evaluate", "model_file": model, "graph": graph}, Silent())


def test_the_memory_bound_says_what_would_fit(landscape, monkeypatch):
    monkeypatch.setattr(costs, "_LEAST_BYTES_PER_CELL", 10**9)
    with pytest.raises(InputError, match="makes 720 cells; the free memory allows"):
        run(landscape.request(), Silent())


@pytest.mark.parametrize(
    ("points", "crs", "columns", "landcover", "size"),
    [
        (
            "taiwan/stations_elevation.csv",
            "EPSG:4326",
            ["lon", "lat", "elev_m"],
            "taiwan/landcover_taiwan_worldcovercodes_uint8.tif",
            0.05,
        ),
        (
            "ebergoetzen/eberg_3670.csv",
            "EPSG:31467",
            ["X", "Y", "SNDMHT_A"],
            "ebergoetzen/landcover_corine2006_100m.tif",
            500.0,
        ),
    ],
)
def test_real_places_become_graphs(points, crs, columns, landcover, size):
    request = {
        "version": 1,
        "job": "buildgraph",
        "points": {
            "path": str(shared(points)),
            "crs": crs,
            "coord_columns": columns[:2],
            "targets": columns[2:],
        },
        "landcover": [{"path": str(shared(landcover)), "band": 1}],
        "grid": {"cell_size": size},
    }
    table = pd.read_csv(shared(points))[columns].dropna()
    # A point on an edge belongs to the cell south of it, hence the minus.
    cells = np.unique(np.floor(table[columns[:2]] * [1, -1] / size), axis=0)
    result = run(request, Silent())
    assert result["OBSERVED"] == len(cells)
    assert result["AREA_NODES"] >= len(cells) and result["ENTITY_NODES"] > 4


def test_compare_scores_all_methods_on_the_same_cells_and_makes_no_map(landscape, tmp_path):
    table = pd.read_csv(landscape.points)
    points = points_with(landscape, tmp_path, site=[f"s{n % 9}" for n in range(len(table))])
    path = tmp_path / "report.json"
    request = landscape.request(
        "compare",
        points={**points, "group": "site"},
        training={"threads": 1, "validation": "groups", "folds": 2, "block_size": 6000},
        outputs={"report_json": str(path), "report": str(tmp_path / "report.html")},
    )
    watcher = Recorder()
    result = run(request, watcher)
    assert result["TEST_CELLS"] == result["OBSERVED"]
    assert result["R2"] > result["IDW_R2"] and result["FOREST_R2"] > 0.5
    assert result["BLOCKS_FOREST_RMSE"] > 0 and 0.7 < result["COVERAGE"] <= 1
    report = json.loads(path.read_text())
    methods = ["GeoHG", "IDW", "Ordinary kriging", "Random forest", "Mean"]
    for part in (report, report["blocks"]):
        assert [score["method"] for score in part["accuracy"]["methods"]] == methods
        assert {score["n"] for score in part["accuracy"]["methods"]} == {result["OBSERVED"]}
    assert report["split"] == {"kind": "groups", "groups": 9, "folds": 2, "seed": 0} | {
        "test": result["OBSERVED"]
    }
    assert "cells of the held-out groups" in report["verdict"]
    assert any("contain points of several groups" in text for text in watcher.warnings)
    page = (tmp_path / "report.html").read_text()
    assert "Comparison of methods" in page and "Random forest" in page


def test_refuses_to_compare_on_nothing(landscape):
    with pytest.raises(InputError, match="Nothing is held out"):
        run(landscape.request("compare", training={"masked_ratio": 0.0}), Silent())
