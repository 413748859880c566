"""Commands and settings of the toolkit's page, word by word."""

from __future__ import annotations

import json
import shlex
from pathlib import Path

import pytest
from click.testing import CliRunner

from geohg import GeoHGPipeline, load_config
from geohg.engine.cli.main import main

from ..conftest import write_small_gz

PAGE = """# configs/examples/guangzhou_carbon.yaml
data:
  city: GZ
  task: Carbon
  prebuilt_dir: data/Hyper_Graph
  downstream_dir: data/downstream_tasks
  pos_embedding: true
  hypernode: all             # all | entity | poi | mono
  entity_thresh: 0.0
  poi_thresh: 0.0

model:
  hidden_channels: 64
  num_gnn_layers: 3
  gnn_type: GraphConv        # GraphConv | SAGEConv
  head_dims: [32, 16]
  dropout: 0.5

training:
  epochs: 2000
  lr: 0.01
  metric: r2                 # r2 | rmse | mae
  patience: 100
  masked_ratio: 0.7
  seed: 0

output:
  log_dir: outputs/logs
  model_dir: outputs/models
  plot_dir: outputs/plots
"""


@pytest.fixture
def gz(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty working folder; GEOHG_DATA names one with a small city GZ of two targets."""
    data = tmp_path / "data set"
    write_small_gz(data)
    monkeypatch.setenv("GEOHG_DATA", str(data))
    (tmp_path / "here").mkdir()
    monkeypatch.chdir(tmp_path / "here")
    return tmp_path / "here"


def _answer(line: str) -> dict:
    done = CliRunner().invoke(main, [*shlex.split(line), "--threads", "1", "--json"])
    assert done.exit_code == 0, done.stderr
    return {**json.loads(done.stdout), "said": done.stderr}


def test_the_pages_own_settings_run_where_there_is_no_folder_of_data(gz: Path) -> None:
    path = gz / "configs" / "examples" / "guangzhou_carbon.yaml"
    path.parent.mkdir(parents=True)
    path.write_text(PAGE)
    found = _answer("train --config configs/examples/guangzhou_carbon.yaml")
    assert (found["cells"], found["test_cells"]) == (224, 157) and found["r2"] > 0.8
    assert "no folder 'data/Hyper_Graph'; GZ is taken from the public data" in found["said"]
    names = ["logs/GZ_Carbon_report.html", "models/GZ_Carbon_model.safetensors"]
    assert all((gz / "outputs" / name).is_file() for name in names)


def test_train_with_a_task_alone_takes_guangzhou(gz: Path) -> None:
    found = _answer("train --task GDP")
    assert found["cells"] == 224 and found["r2"] > 0.8
    assert list(gz.iterdir()) == []


def test_a_pipeline_with_a_task_alone_takes_guangzhou() -> None:
    pipeline = GeoHGPipeline(load_config(overrides={"data": {"task": "Light"}}))
    assert (pipeline.config.data.city, pipeline.config.data.task) == ("GZ", "Light")


def test_train_with_a_task_of_nobody_says_what_is_missing(gz: Path) -> None:
    done = CliRunner().invoke(main, ["train", "--task", "gdp"])
    assert done.exit_code == 2 and "name a graph file, or a city" in done.stderr
