"""Rows of the toolkit's page: its tree of files, and what it says of each."""

from __future__ import annotations

import importlib
import re
from pathlib import Path

import numpy as np
import pytest
import torch

import geohg
from geohg.engine.data.sources.city_download import public_cities, public_targets

from .table import Row, Table
from .world import CITIES, COLS, ROWS, TASKS, World

TABLE = Table()
ROOT = Path(geohg.__file__).parent


def module(path: str):
    """A module of the toolkit, by its place in the tree."""
    return importlib.import_module(f"geohg.{path}")


@TABLE.row("config/ # Dataclass config schema + YAML loader")
def _(page, text):
    found = module("config")
    config = found.load_config("configs/default.yaml")
    assert isinstance(config, found.Config) and config == found.Config()


@TABLE.row("base.py # LandCoverSource ABC + GraphRawData")
def _(page, text):
    found = module("data.sources.base")
    assert issubclass(type(page.raw), found.GraphRawData)

    class Mine(found.LandCoverSource):
        def load(self):
            return page.raw

    assert isinstance(Mine(), found.LandCoverSource) and Mine().load() is page.raw


@TABLE.row("esa_worldcover.py # ESA TIF processing (optional GDAL)")
def _(page, text):
    source = module("data.sources.esa_worldcover").ESAWorldCoverSource(page.tif, 0.1)
    graph = source.load()
    assert graph.feature_names == ("Tree cover", "Built-up", "Permanent water bodies")
    np.testing.assert_allclose(graph.features.sum(axis=1), 1, atol=1e-6)


@TABLE.row("custom_landcover.py # User-provided CSV")
def _(page, text):
    found = module("data.sources.custom_landcover").CustomLandCoverSource
    assert found is geohg.CustomLandCoverSource


@TABLE.row("poi.py # Optional POI augmentation")
def _(page, text):
    assert callable(module("data.sources.poi").count_pois)


@TABLE.row("graph.py # HeteroGraphBuilder -> PyG HeteroData")
def _(page, text):
    from torch_geometric.data import HeteroData

    assert isinstance(
        module("data.builders.graph").HeteroGraphBuilder().build(page.raw), HeteroData
    )


@TABLE.row("adjacency.py # 8-neighbor grid adjacency", "grid.py # TIF grid utilities")
def _(page, text):
    grid = module("data.builders.grid").Grid.from_bounds((0, 0, 3, 3), 1.0, "EPSG:32631")
    near = module("data.builders.adjacency").queen_edges(grid, np.arange(9))
    assert (grid.rows, grid.cols) == (3, 3) and (near[0] == 4).sum() == 8


@TABLE.row("features.py # Pixel-to-ratio feature extraction")
def _(page, text):
    assert callable(module("data.builders.features").count_classes)


@TABLE.row("legacy.py # Backward-compatible loader")
def _(page, text):
    assert len(module("data.legacy").load_city("GZ").cell) == ROWS * COLS


@TABLE.row("transforms.py # TargetNormalizer + train/val/test split")
def _(page, text):
    found = module("data.transforms")
    values = np.array([2.0, 4.0, 6.0, 8.0])
    learnt = found.TargetNormalizer.learn(values)
    np.testing.assert_allclose(learnt.inverse(learnt.forward(values)), values)
    assert learnt.forward(values).mean() == pytest.approx(0)
    split = found.random_split(np.arange(10), 0.7, 0)
    assert (len(split.test), len(split.known)) == (7, 3)


@TABLE.row("gnn.py # GNNEncoder (configurable layers/type)")
def _(page, text):
    config = geohg.load_config(
        overrides={"model": {"num_gnn_layers": 2, "gnn_type": "SAGEConv"}}
    ).model
    layers = module("models.gnn").GNNEncoder(config).convs
    assert [type(layer).__name__ for layer in layers] == ["SAGEConv"] * 2


@TABLE.row("heads.py # MLPHead (configurable dims)")
def _(page, text):
    head = module("models.heads").MLPHead(64, [32, 16], 0.5)
    assert [layer.out_features for layer in head if hasattr(layer, "out_features")] == [32, 16, 1]
    assert head(torch.zeros(5, 64)).shape == (5, 1)


@TABLE.row("geohg.py # GeoHGModel = GNN + to_hetero + Head")
def _(page, text):
    network = module("models.geohg").GeoHGModel(4, {"entity": 2}, geohg.Config().model)
    assert isinstance(network.encoder.gnn, torch.fx.GraphModule)
    assert network.head[-1].out_features == 1


@TABLE.row("ssl.py # Contrastive loss + SSLNeighborDataset")
def _(page, text):
    found = module("models.ssl")
    alike, other = torch.eye(4), torch.eye(4).flip(0)
    near, far = (found.contrastive_loss(torch.eye(4), x, 0.07) for x in (alike, other))
    assert near < far and callable(found.SSLNeighborDataset)


@TABLE.row("trainer.py # Supervised training loop")
def _(page, text):
    assert callable(module("training.trainer").train)


@TABLE.row("ssl_trainer.py # SSL pretraining loop")
def _(page, text):
    assert callable(module("training.ssl_trainer").train_encoder)


@TABLE.row("evaluator.py # R2/RMSE/MAE metrics")
def _(page, text):
    found = module("training.evaluator").metrics([1.0, 2.0, 3.0], [1.0, 2.0, 5.0])
    assert found["r2"] == pytest.approx(-1) and found["mae"] == pytest.approx(2 / 3)
    assert found["rmse"] == pytest.approx((4 / 3) ** 0.5)


@TABLE.row(
    "callbacks.py # EarlyStopping + ModelCheckpoint",
    but="one object stops and keeps the best weights, which are written once, when all is done",
)
def _(page, text):
    found, layer = module("training.callbacks"), torch.nn.Linear(1, 1)
    stopping = found.EarlyStopping("r2", 2)
    assert [stopping.update(k, s, layer) for k, s in enumerate((0.1, 0.5, 0.4, 0.3))] == [
        *(False, False, False, True)
    ]
    assert stopping.best_epoch == 1 and found.ModelCheckpoint is found.EarlyStopping


@TABLE.row("pipeline.py # GeoHGPipeline (end-to-end orchestration)")
def _(page, text):
    assert module("pipeline").GeoHGPipeline is geohg.GeoHGPipeline


@TABLE.row("interpolator.py # GeoHGInterpolator (spatial interpolation)")
def _(page, text):
    assert module("interpolator").GeoHGInterpolator is geohg.GeoHGInterpolator


@TABLE.row("main.py # geohg entry point")
def _(page, text):
    project = (ROOT / "pyproject.toml").read_text(encoding="utf-8")
    place, name = re.search(r'^geohg = "(\S+):(\w+)"$', project, re.MULTILINE).groups()
    assert getattr(importlib.import_module(place), name) is module("cli.main").main


@TABLE.row(
    *("train.py # geohg train", "pretrain.py # geohg pretrain", "evaluate.py # geohg evaluate"),
    *("run.py # geohg run (end-to-end)", "build.py # geohg build-graph"),
    "interpolate.py # geohg interpolate",
)
def _(page, text):
    place, command = text.split()[0].removesuffix(".py"), text.split()[3]
    found = getattr(module(f"cli.{place}"), command.replace("-", "_"))
    assert module("cli.main").main.commands[command] is found


@TABLE.row("visualization/ # Training & prediction plots")
def _(page, text):
    found = module("visualization")
    assert callable(found.training_curve) and callable(found.prediction_map)


@TABLE.row(
    "utils/ # Seed, device, logging",
    but="the seed is an option, and no state of the process that a call would set",
)
def _(page, text):
    found = module("utils")
    assert found.choose_device("cpu", found.Silent()) == "cpu"
    assert geohg.Config().training.seed == 0 and callable(found.InPython().log)


@TABLE.row("default.yaml # Global default configuration")
def _(page, text):
    assert geohg.load_config("configs/default.yaml") == geohg.Config()


@TABLE.row("guangzhou_carbon.yaml # Guangzhou carbon emission example")
def _(page, text):
    data = geohg.load_config("configs/examples/guangzhou_carbon.yaml").data
    assert (data.city, data.task) == ("GZ", "Carbon")


@TABLE.row("no_poi.yaml # Training without POI data")
def _(page, text):
    config = geohg.load_config("configs/examples/no_poi.yaml")
    data = geohg.HeteroGraphBuilder(config.data).build(page.city)
    assert "entity" in data.node_types and "poi" not in data.node_types


@TABLE.row("ssl_pretrain.yaml # Self-supervised pretraining")
def _(page, text):
    assert geohg.load_config("configs/examples/ssl_pretrain.yaml").model.kind == "gnn"


@TABLE.row(
    "data/ # Sample data (4 cities)",
    but="the authors state no licence, so the data is fetched on first use, each file checked, or "
    "read from one's own folder; `sample` is at hand",
)
def _(page, text):
    assert sorted(public_cities()) == sorted(CITIES)
    assert all(set(TASKS) <= set(public_targets(city)) for city in CITIES)
    assert len(geohg.load_city("sample").targets) == 1


@TABLE.row("quickstart_interpolation.ipynb")
def _(page, text):
    notebook = (ROOT / "notebooks" / text).read_text(encoding="utf-8")
    assert "GeoHGInterpolator.from_dataframe" in notebook and "Guangzhou" in notebook


@pytest.mark.parametrize("row", TABLE.rows, ids=lambda row: row.text)
def test_row(row: Row, page: World) -> None:
    row.check(page, row.text)
