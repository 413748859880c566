import csv
import json
import os
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from geohg.engine.config.schema import Config, TrainingConfig, make_config
from geohg.engine.data import store
from geohg.engine.errors import Cancelled, InputError, OutputError
from geohg.engine.jobs import run
from geohg.engine.pipeline import GeoHGPipeline, encoder_outputs, training_outputs
from geohg.engine.progress import Silent

from .conftest import Recorder

FAST = {"epochs": 6, "device": "cpu", "threads": 1}
SMALL = {"kind": "gnn", "hidden_channels": 8, "head_dims": [8], "num_gnn_layers": 2}


def settings(folder, **sections):
    """Options of a small network on the sample, that write everything into `folder`."""
    output = {name: str(folder / name) for name in ("model_dir", "log_dir", "plot_dir")}
    base = {"data": {"city": "sample"}, "model": SMALL, "training": FAST, "output": output}
    return make_config({**base, "ssl": {"epochs": 1}, **sections})


def written(folder):
    return sorted(str(path.relative_to(folder)) for path in folder.rglob("*") if path.is_file())


@pytest.fixture(scope="module")
def pipeline(tmp_path_factory):
    """The folder and the result of a pipeline that pretrains."""
    folder = tmp_path_factory.mktemp("pipeline")
    watcher = Recorder()
    result = GeoHGPipeline(settings(folder)).run(skip_pretrain=False, progress=watcher)
    assert watcher.fractions == sorted(watcher.fractions) and watcher.fractions[-1] > 0.9
    return folder, result


def test_it_writes_all_that_it_names_and_nothing_else(pipeline):
    folder, result = pipeline
    names = {
        "model": "model_dir/sample_model.safetensors",
        "encoder": "model_dir/sample_encoder.safetensors",
        "report": "log_dir/sample_report.html",
        "report_json": "log_dir/sample_report.json",
        "history": "log_dir/sample_history.csv",
        "plots": "plot_dir/sample",
    }
    assert {key: result[key] for key in names} == {
        key: str(folder / name) for key, name in names.items()
    }
    figures = [name for name in written(folder) if name.startswith("plot_dir/sample/")]
    assert {"prediction_map.png", "uncertainty_map.png", "training_curve.png"} <= {
        os.path.basename(name) for name in figures
    }
    assert set(written(folder)) == {*figures, *names.values()} - {"plot_dir/sample"}


def test_its_figures_are_those_of_the_report(pipeline):
    _, result = pipeline
    with open(result["report_json"], encoding="utf-8") as file:
        report = json.load(file)
    scores = {item["method"]: item for item in report["accuracy"]["methods"]}
    for prefix, method in (("", "GeoHG"), ("idw_", "IDW"), ("kriging_", "Ordinary kriging")):
        for name in ("r2", "rmse", "mae"):
            assert result[prefix + name] == scores[method][name]
    assert result["test_cells"] == scores["GeoHG"]["n"] == round(0.2 * result["observed"])
    assert result["cells"] == 4800 and result["seconds"] > 0 and result["device"] == "cpu"


def test_the_history_has_a_row_an_epoch(pipeline):
    with open(pipeline[1]["history"], encoding="utf-8", newline="") as file:
        header, *rows = csv.reader(file)
    assert header == ["epoch", "loss", "validation_rmse"]
    assert [row[0] for row in rows] == [str(1 + number) for number in range(FAST["epochs"])]
    assert pipeline[1]["epochs"] == FAST["epochs"]


def test_evaluating_its_model_needs_no_city_and_gives_its_figures(pipeline):
    _, result = pipeline
    request = {"version": 1, "job": "evaluate", "model_file": result["model"]}
    again = run({**request, "training": {"device": "cpu", "threads": 1}}, Silent())
    for name in ("r2", "rmse", "mae", "test_cells", "kriging_r2"):
        assert again[name.upper()] == pytest.approx(result[name], rel=1e-5), name


def test_its_report_repeats_the_run(pipeline):
    _, result = pipeline
    with open(result["report_json"], encoding="utf-8") as file:
        request = json.load(file)["request"]
    again = run({**request, "outputs": {}}, Silent())
    assert again["RMSE"] == pytest.approx(result["rmse"], rel=1e-6)
    assert again["MAE"] == pytest.approx(result["mae"], rel=1e-6)


def test_without_folders_it_writes_nothing_and_without_pretraining_it_differs(
    pipeline, tmp_path, monkeypatch
):
    monkeypatch.chdir(tmp_path)
    config = settings(tmp_path, output={})
    result = GeoHGPipeline(config).run()
    assert written(tmp_path) == [] and not {"model", "report", "encoder"} & set(result)
    assert result["rmse"] != pipeline[1]["rmse"]
    assert result["kriging_rmse"] == pipeline[1]["kriging_rmse"]


def test_quick_start_beats_the_baselines_on_the_sample():
    result = GeoHGPipeline.quick_start(city="sample", device="cpu", threads=1)
    assert result["r2"] > result["kriging_r2"] > result["idw_r2"] > 0.8
    assert result["rmse"] < result["kriging_rmse"] and result["epochs"] is None


def test_where_nothing_is_held_out_the_figures_are_none():
    result = GeoHGPipeline.quick_start(city="sample", device="cpu", threads=1, masked_ratio=0)
    assert result["test_cells"] == 0
    assert result["r2"] is result["rmse"] is result["idw_mae"] is None


def test_from_yaml_takes_the_file_and_what_wins_over_it(tmp_path):
    path = tmp_path / "settings.yaml"
    path.write_text("data: {city: sample}\ntraining: {epochs: 5, lr: 1e-3}\n")
    config = GeoHGPipeline.from_yaml(path, training={"epochs": 7}).config
    assert (config.data.city, config.training.epochs, config.training.lr) == ("sample", 7, 1e-3)
    assert GeoHGPipeline().config == Config()


def test_a_cancelled_run_leaves_what_was_there(tmp_path):
    path = tmp_path / "model_dir" / "sample_model.safetensors"
    path.parent.mkdir()
    path.write_text("old")
    watcher = Recorder(lambda seen: seen.fractions[-1:] >= [0.5])
    with pytest.raises(Cancelled):
        GeoHGPipeline(settings(tmp_path)).run(progress=watcher)
    assert written(tmp_path) == ["model_dir/sample_model.safetensors"]
    assert path.read_text() == "old"


def test_refuses_what_it_cannot_do(tmp_path, landscape):
    with pytest.raises(InputError, match="name a graph file, or a city"):
        GeoHGPipeline().run()
    with pytest.raises(InputError, match="'epoch' is not an option. Did you mean 'epochs'"):
        GeoHGPipeline.quick_start(city="sample", epoch=3)
    with pytest.raises(InputError, match="no target 'Carbon'; it has: value"):
        GeoHGPipeline.quick_start(city="sample", task="Carbon")
    (tmp_path / "file").write_text("")
    config = settings(tmp_path, output={"model_dir": str(tmp_path / "file")})
    with pytest.raises(OutputError, match="file' cannot be made"):
        GeoHGPipeline(config).run()


def test_a_target_must_be_named_where_there_are_several(landscape, tmp_path):
    points = {**landscape.request()["points"], "targets": ["value", "x"]}
    path = str(tmp_path / "graph.safetensors")
    run(landscape.request("buildgraph", points=points, outputs={"graph": path}), Silent())
    train = {"version": 1, "job": "train", "graph": path}
    with pytest.raises(InputError, match=r"Name the target \(data.task\); .* has: value, x"):
        run(train, Silent())
    with pytest.raises(InputError, match="no target 'y'"):
        run({**train, "data": {"task": "y"}}, Silent())
    assert run({**train, "data": {"task": "x"}}, Silent())["R2"] > 0.8


def test_a_graph_needs_no_points_but_an_extent(landscape, tmp_path):
    path = str(tmp_path / "graph.safetensors")
    request = landscape.request("buildgraph", points=None, outputs={"graph": path})
    result = run(request, Silent())
    assert result["AREA_NODES"] == 720 and result["OBSERVED"] == 0
    assert store.load_graph(path).targets == {}
    grid = {"cell_size": 1000.0}
    assert run({**request, "grid": {**grid, "bounds": request["grid"]["bounds"]}}, Silent())
    with pytest.raises(InputError, match="The extent is missing"):
        run({**request, "grid": grid}, Silent())
    with pytest.raises(InputError, match="A graph needs data"):
        run({**request, "landcover": []}, Silent())
    with pytest.raises(InputError, match="needs the part 'points'"):
        run({**request, "job": "interpolate", "outputs": {}}, Silent())


@pytest.mark.parametrize("task", ["../../x", "..", "/x", "a\\b", "C:x", "a/../../b"])
def test_names_of_files_stay_in_their_folder(tmp_path, task):
    folders = {name: str(tmp_path / name) for name in ("model_dir", "log_dir", "plot_dir")}
    for city in ("GZ", "..", "a/..", "/"):
        made = make_config({"data": {"city": city, "task": task}, "output": folders})
        for path in (*training_outputs(made).values(), *encoder_outputs(made).values()):
            assert Path(path).resolve().parent in map(Path, folders.values())
            assert Path(path).name.strip(".")


def test_options_that_were_set_without_a_check_are_checked():
    with pytest.raises(InputError, match="'training.epochs' must lie between 1 and"):
        GeoHGPipeline(Config(training=TrainingConfig(epochs=-1)))
    with pytest.raises(InputError, match="must be a Config, as load_config makes one, got {"):
        GeoHGPipeline({"training": {}})


def test_a_city_in_the_toolkits_tables_starts_quickly(tmp_path):
    graphs, values = tmp_path / "graphs" / "mine", tmp_path / "values" / "mine"
    y, x = np.divmod(np.arange(120), 12)
    wood = (0.5 + 0.5 * np.sin(x / 2)).round(3)
    tables = {
        graphs / "pos_encode": {"area_id": np.arange(1, 121), "x": x, "y": y},
        graphs / "adjacency": {"src_id": np.arange(1, 120), "dst_id": np.arange(2, 121)},
        graphs / "TIF_feature": {
            "File": "mine",
            "Coordinates": "(0, 0)",
            "Area": np.arange(1, 121),
            "Value_10_Ratio": wood,
            "Value_50_Ratio": 1 - wood,
        },
        values / "Carbon": {"area_id": np.arange(1, 121), "value": 5 * wood + 0.1 * y},
    }
    for path, columns in tables.items():
        path.parent.mkdir(parents=True, exist_ok=True)
        pd.DataFrame(columns).to_csv(path.with_suffix(".csv"), index=False)
    folders = {"prebuilt_dir": tmp_path / "graphs", "downstream_dir": tmp_path / "values"}
    places = {f"{name}_dir": tmp_path for name in ("model", "log", "plot")}
    options = {name: str(path) for name, path in {**folders, **places}.items()}
    result = GeoHGPipeline.quick_start("mine", "Carbon", **options)
    assert (result["cells"], result["observed"]) == (120, 120) and result["r2"] > 0.9
