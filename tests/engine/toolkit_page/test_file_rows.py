"""Rows of the toolkit's page: its settings, its tables, and what it is installed with."""

from __future__ import annotations

import re
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
import torch

import geohg
from geohg.engine.config.unread import unread_options
from geohg.engine.errors import InputError
from geohg.engine.names import POI_COUNT_NAME

from .table import Row, Table
from .world import COLS, POIS, ROWS, SETTINGS, TASKS, World, value_of

TABLE = Table()
ROOT = Path(geohg.__file__).parent
NETWORKS = (
    "the default model, which errs less in the paper's own cities, does not read it and says so; "
    "`model.kind: gnn` does"
)


def given(text: str) -> tuple[str, str]:
    """The section and the name of an option, of its line in the page's settings."""
    section = ""
    for line in SETTINGS.splitlines():
        section = line[:-1] if re.fullmatch(r"\w+:", line) else section
        if line.strip().startswith(text.split("#")[0].strip()):
            return section, text.split(":")[0]
    raise AssertionError(text)


def network(page: World):
    """The paper's network of the page's settings."""
    from geohg.models.geohg import GeoHGModel

    return GeoHGModel(3, {"entity": 2}, page.settings.model)


def builds(config: dict, page: World):
    """What the builder makes of Guangzhou with other options of the data."""
    data = geohg.load_config("settings.yaml", {"data": config}).data
    return geohg.HeteroGraphBuilder(data).build(page.city)


@TABLE.row("city: GZ", "task: Carbon")
def _(page, text):
    section, name = given(text)
    assert getattr(getattr(page.settings, section), name) == text.split(": ")[1]


@TABLE.row("prebuilt_dir: data/Hyper_Graph", "downstream_dir: data/downstream_tasks")
def _(page, text):
    _, name = given(text)
    assert getattr(page.settings.data, name) == text.split(": ")[1]
    # Another folder of this name is what is read, too.
    options = {"prebuilt_dir": "data/Hyper_Graph", "downstream_dir": "data/downstream_tasks"}
    other = geohg.load_config(overrides={"data": {"city": "GZ", **options, name: "none"}}).data
    with pytest.raises(InputError, match="none"):
        geohg.load_city(other)
    assert [*geohg.load_city(page.settings.data).targets] == ["Carbon"]


@TABLE.row("pos_embedding: true", but=NETWORKS)
def _(page, text):
    assert page.settings.data.pos_embedding is True
    other = geohg.load_config("settings.yaml", {"data": {"pos_embedding": False}})
    assert "data.pos_embedding" in unread_options(other)


@TABLE.row("hypernode: all # all | entity | poi | mono")
def _(page, text):
    kinds = {"all": {"entity", "poi"}, "entity": {"entity"}, "poi": {"poi"}, "mono": set()}
    for choice, wanted in kinds.items():
        assert {*builds({"hypernode": choice}, page).node_types} == {"area", *wanted}


@TABLE.row("entity_thresh: 0.0", "poi_thresh: 0.0")
def _(page, text):
    _, name = given(text)
    kind = (name.removesuffix("_thresh"), "locate", "area")
    weight = builds({}, page)[kind].edge_attr
    few = builds({name: 0.5}, page)[kind].edge_attr
    assert len(few) == int((weight > 0.5).sum()) and len(weight) > 0
    assert len(few) < len(weight) or kind[0] == "poi"


@TABLE.row("hidden_channels: 64", but=NETWORKS)
def _(page, text):
    assert network(page).encoder.area.out_features == 64
    assert "model.hidden_channels" not in unread_options(page.settings), "64 is the default"


@TABLE.row("num_gnn_layers: 3", but=NETWORKS)
def _(page, text):
    layers = {name for name, _ in network(page).encoder.gnn.named_modules()}
    found = [name for name in layers if re.fullmatch(r"convs\.\d", name)]
    assert sorted(found) == ["convs.0", "convs.1", "convs.2"]


@TABLE.row("gnn_type: GraphConv # GraphConv | SAGEConv", but=NETWORKS)
def _(page, text):
    for choice in ("GraphConv", "SAGEConv"):
        config = geohg.load_config("settings.yaml", {"model": {"gnn_type": choice}})
        assert config.model.gnn_type == choice
        assert ("model.gnn_type" in unread_options(config)) == (choice != "GraphConv")


@TABLE.row("head_dims: [32, 16]", but=NETWORKS)
def _(page, text):
    linear = [layer for layer in network(page).head if isinstance(layer, torch.nn.Linear)]
    assert [layer.out_features for layer in linear] == [32, 16, 1]
    assert "model.head_dims" in unread_options(page.settings)


@TABLE.row("dropout: 0.5", but=NETWORKS)
def _(page, text):
    shares = {layer.p for layer in network(page).modules() if isinstance(layer, torch.nn.Dropout)}
    assert shares == {0.5} and "model.dropout" in unread_options(page.settings)


@TABLE.row("epochs: 2000", "patience: 100", "lr: 0.01", but=NETWORKS)
def _(page, text):
    section, name = given(text)
    assert getattr(getattr(page.settings, section), name) == float(text.split(": ")[1])
    assert f"training.{name}" in unread_options(page.settings)
    # The paper's network stops early, as the page says of it.
    assert 0 < page.network["epochs"] < 2000


@TABLE.row("metric: r2 # r2 | rmse | mae", but=NETWORKS)
def _(page, text):
    for choice in ("r2", "rmse", "mae"):
        config = geohg.load_config("settings.yaml", {"training": {"metric": choice}})
        assert config.training.metric == choice
    assert "training.metric" in unread_options(page.settings)


@TABLE.row("masked_ratio: 0.7")
def _(page, text):
    assert page.network["test_cells"] == round(0.7 * ROWS * COLS)


@TABLE.row("seed: 0")
def _(page, text):
    assert page.settings.training.seed == 0 and page.network["about"]["seed"] == 0


@TABLE.row("log_dir: outputs/logs")
def _(page, text):
    assert page.settings.output.log_dir == text.split(": ")[1]
    names = {path.name for path in Path(page.trained["report"]).parent.iterdir()}
    assert {"GZ_Carbon_report.html", "GZ_Carbon_report.json"} <= names
    assert Path(page.trained["report"]).parent == page.folder / "outputs" / "logs"


@TABLE.row(
    "model_dir: outputs/models",
    but="models are safetensors files, since loading a .pth can run code",
)
def _(page, text):
    assert page.settings.output.model_dir == text.split(": ")[1]
    assert (
        Path(page.trained["model"]) == page.folder / text.split()[1] / "GZ_Carbon_model.safetensors"
    )


@TABLE.row("plot_dir: outputs/plots")
def _(page, text):
    folder = Path(page.trained["plots"])
    figures = {path.name for path in folder.iterdir()}
    assert folder == page.folder / text.split()[1] / "GZ_Carbon"
    assert {"prediction_map.png", "uncertainty_map.png"} <= figures


@TABLE.row("configs/default.yaml < user YAML < CLI flags")
def _(page, text):
    plain = geohg.load_config("configs/default.yaml").training
    config = geohg.load_config("settings.yaml", {"training": {"lr": 0.1}}).training
    assert (config.lr, config.epochs, config.folds) == (0.1, 2000, plain.folds)
    assert plain.epochs != 2000


def column(values: np.ndarray) -> np.ndarray:
    """A value an area, by its id, in the order of the graph's cells: from the north-west."""
    return values.reshape(ROWS, COLS)[::-1].ravel()


def links(page: World, kind: str) -> np.ndarray:
    """The weights of the links of hypernodes of a kind, [cells, nodes]."""
    found = page.city.hypernodes[kind]
    weight = np.zeros((ROWS * COLS, len(found.names)))
    weight[found.index[1], found.index[0]] = found.weight
    return weight


@TABLE.row("src_id, dst_id |")
def _(page, text):
    near, cell = page.city.near, np.arange(ROWS * COLS).reshape(ROWS, COLS)
    assert (
        near.shape[1]
        == len(pd.read_csv("data/Hyper_Graph/GZ/adjacency.csv"))
        == 2 * (4 * ROWS * COLS - 3 * (ROWS + COLS) + 2)
    )
    assert {*near[1][near[0] == cell[0, 0]]} == {cell[0, 1], cell[1, 0], cell[1, 1]}


@TABLE.row("entity_id, area_id, proportion |")
def _(page, text):
    table = pd.read_csv("data/Hyper_Graph/GZ/TIF_feature.csv")
    wood = links(page, "entity")[:, page.city.hypernodes["entity"].names.index("Tree cover")]
    np.testing.assert_allclose(wood, column(table["Value_10_Ratio"].to_numpy()), rtol=1e-6)


@TABLE.row("poi_id, area_id, proportion |")
def _(page, text):
    number = column(np.arange(ROWS * COLS) % POIS)
    np.testing.assert_array_equal(links(page, "poi").argmax(axis=1), number)


@TABLE.row("area_id, x, y |")
def _(page, text):
    assert (page.city.grid.rows, page.city.grid.cols) == (ROWS, COLS)
    assert page.city.cell.tolist() == [*range(ROWS * COLS)]


@TABLE.row("File, Coordinates, Area, Value_*_Ratio |")
def _(page, text):
    names = ("Tree cover", "Built-up", "Permanent water bodies")
    assert page.city.feature_names[:3] == names
    np.testing.assert_allclose(page.city.features[:, :3].sum(axis=1), 1, atol=1e-6)


@TABLE.row("TIF, POI_0, ..., POI_13, Count |")
def _(page, text):
    assert page.city.feature_names[3:] == (*(f"POI {k}" for k in range(POIS)), POI_COUNT_NAME)
    count = np.log1p(column(np.arange(ROWS * COLS) % 5 + 1))
    np.testing.assert_allclose(page.city.features[:, -1], count, rtol=1e-6)


@TABLE.row(*(f"{task}.csv |" for task in TASKS))
def _(page, text):
    task = text.split(".")[0]
    np.testing.assert_allclose(page.city.targets[task], column(value_of(task)), rtol=1e-12)


@TABLE.row("Entity/POI type counts are automatically detected from the data files.")
def _(page, text):
    counts = page.city.counts()
    assert (counts["entity_nodes"], counts["poi_nodes"]) == (3, POIS)


@TABLE.row("conda create -n geohg python=3.10 -y")
def _(page, text):
    assert 'requires-python = ">=3.10"' in (ROOT / "pyproject.toml").read_text(encoding="utf-8")


@TABLE.row("pip install -e .", 'pip install -e ".[geo]"', 'pip install -e ".[dev]"')
def _(page, text):
    project = (ROOT / "pyproject.toml").read_text(encoding="utf-8")
    extra = re.search(r"\[(\w+)\]", text)
    assert '\nname = "geohg"\n' in project
    assert extra is None or re.search(rf"^{extra[1]} = \[", project, re.MULTILINE)


@TABLE.row("pytest tests/")
def _(page, text):
    assert (ROOT / "tests" / "pytest.ini").is_file()


@TABLE.row(
    "MIT License",
    but="a plugin of QGIS has QGIS's licence, the GPL; it lets use and share, as MIT does, if "
    "what is made of it and passed on stays free",
)
def _(page, text):
    project = (ROOT / "pyproject.toml").read_text(encoding="utf-8")
    assert 'license = "GPL-2.0-or-later"' in project


@TABLE.row("Space-aware Socioeconomic Indicator Inference with Heterogeneous Graphs")
def _(page, text):
    assert text in " ".join((ROOT / "CITATION.cff").read_text(encoding="utf-8").split())


@pytest.mark.parametrize("row", TABLE.rows, ids=lambda row: row.text)
def test_row(row: Row, page: World) -> None:
    row.check(page, row.text)
