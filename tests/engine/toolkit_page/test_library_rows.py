"""Rows of the toolkit's page: its lines of Python."""

from __future__ import annotations

import dataclasses

import numpy as np
import pytest

import geohg
from geohg.engine.data.builders.graph import Links
from geohg.engine.progress import Silent

from .table import Row, Table
from .world import (
    CODES,
    COLS,
    POIS,
    QUICK,
    ROWS,
    SOURCE,
    STEPS,
    TASKS,
    THREE_LINES,
    World,
    truth,
)

TABLE = Table()


@TABLE.row("from geohg import GeoHGInterpolator")
def _(page, text):
    assert page.python(text)["GeoHGInterpolator"] is geohg.GeoHGInterpolator


@TABLE.row(THREE_LINES)
def _(page, text):
    assert isinstance(page.mapped["interp"], geohg.GeoHGInterpolator)
    assert page.mapped["result"]["metrics"]["r2"] > 0.7


@TABLE.row('# result["predictions"] -> (n_lat, n_lon) grid array')
def _(page, text):
    found = page.mapped["result"]
    assert found["predictions"].shape == (len(found["lats"]), len(found["lons"])) == (ROWS, COLS)
    known = truth(*np.meshgrid(found["lons"], found["lats"]))
    assert np.corrcoef(found["predictions"].ravel(), known.ravel())[0, 1] > 0.9


@TABLE.row("a target column, and any additional feature columns")
def _(page, text):
    assert list(page.mapped["interp"].feature_names_in_) == ["cover"]


@TABLE.row("coords = np.column_stack([lons, lats])")
def _(page, text):
    assert text in STEPS and page.steps["coords"].shape == (len(page.df), 2)


@TABLE.row("features = np.column_stack([f1, f2, f3])")
def _(page, text):
    graph = page.steps["interp"].graph_
    assert text in STEPS and len(graph.columns("covariate", "carried")) == 3


@TABLE.row("interp = GeoHGInterpolator(resolution=0.01, epochs=1000)")
def _(page, text):
    told = page.steps["interp"].get_params()
    assert text in STEPS and (told["resolution"], told["epochs"]) == (0.01, 1000)


@TABLE.row("interp.fit(coords, features, values)")
def _(page, text):
    assert text in STEPS and page.steps["interp"].score(page.steps["coords"], page.df.value) > 0.9


@TABLE.row('result = interp.predict() # {"predictions": (n_lat, n_lon), "lons": ..., "lats": ...}')
def _(page, text):
    found = page.steps["result"]
    assert np.isfinite(found["predictions"]).all() and len(found["lons"]) == COLS
    np.testing.assert_allclose(found["lats"][[0, -1]], [23.105, 23.005], atol=1e-9)


@TABLE.row("Multi-task")
def _(page, text):
    from geohg.data.sources.user_data import UserDataSource

    two = page.df[["value", "cover"]]
    graph = UserDataSource(page.df[["lon", "lat"]].to_numpy(), None, two).load()
    assert sorted(graph.targets) == ["cover", "value"]


@TABLE.row("0.01° (~1 km)", "0.005° (~500 m)", "0.02° (~2 km)")
def _(page, text):
    from geohg.data.sources.user_data import UserDataSource

    size = float(text.split("°")[0])
    coords = page.df[["lon", "lat"]].to_numpy()
    graph = UserDataSource(coords, None, page.df["value"].to_numpy(), resolution=size).load()
    assert graph.grid.cell_width == pytest.approx(size)
    assert graph.grid.cell_metres()[1] == pytest.approx(111_000 * size, rel=0.05)


@TABLE.row("python -c \"from geohg import GeoHGPipeline; print('OK')\"")
def _(page, text):
    assert page.python(text.split('"')[1])["GeoHGPipeline"] is geohg.GeoHGPipeline


@TABLE.row('results = GeoHGPipeline.quick_start(city="GZ", task="Carbon")')
def _(page, text):
    assert text in QUICK
    assert (page.quick["cells"], page.quick["observed"]) == (ROWS * COLS, ROWS * COLS)


@TABLE.row("print(f\"Test R²: {results['r2']:.4f}\")")
def _(page, text):
    assert text in QUICK and page.quick["r2"] > 0.9


@TABLE.row("CPU/GPU support — automatic fallback to CPU when CUDA is unavailable")
def _(page, text):
    assert page.quick["device"] == "cpu"


@TABLE.row('pipeline = GeoHGPipeline.from_yaml("configs/examples/guangzhou_carbon.yaml")')
def _(page, text):
    config = page.python(f"from geohg import GeoHGPipeline\n{text}")["pipeline"].config
    assert (config.data.city, config.data.task) == ("GZ", "Carbon")
    assert config.training.masked_ratio == 0.7


@TABLE.row("results = pipeline.run()")
def _(page, text):
    none = {"log_dir": "", "plot_dir": "", "model_dir": ""}
    path = "configs/examples/guangzhou_carbon.yaml"
    pipeline = geohg.GeoHGPipeline.from_yaml(path, output=none, training={"blocks": False})
    found = page.python(text, pipeline=pipeline)["results"]
    assert found["test_cells"] == round(0.7 * ROWS * COLS) and found["r2"] > 0.9


@TABLE.row('pipeline = GeoHGPipeline.from_yaml("configs/examples/ssl_pretrain.yaml")')
def _(page, text):
    config = page.python(f"from geohg import GeoHGPipeline\n{text}")["pipeline"].config
    assert (config.model.kind, config.data.city) == ("gnn", "GZ")


@TABLE.row("results = pipeline.run(skip_pretrain=False)")
def _(page, text):
    short = {
        "ssl": {"epochs": 1},
        "training": {"epochs": 2, "blocks": False, "masked_ratio": 0.5},
        "output": {"log_dir": "", "plot_dir": "", "model_dir": "pretrained"},
    }
    pipeline = geohg.GeoHGPipeline.from_yaml("configs/examples/ssl_pretrain.yaml", **short)
    found = page.python(text, pipeline=pipeline)["results"]
    assert (page.folder / "pretrained" / "GZ_encoder.safetensors").samefile(found["encoder"])
    assert found["epochs"] == 2


@TABLE.row('feature_csv="my_features.csv", # area_id, type1_ratio, type2_ratio, ...')
def _(page, text):
    assert text in SOURCE and page.raw.hypernodes["entity"].names == ("type1", "type2")
    np.testing.assert_allclose(page.raw.features, [[1, 0], [0.75, 0.25], [0, 1]])


@TABLE.row('coord_csv="my_coords.csv", # area_id, lon, lat')
def _(page, text):
    np.testing.assert_allclose(page.raw.geometry.xy[:, 0], [113.0, 113.01, 113.02])


@TABLE.row('adjacency_csv="my_edges.csv", # src_id, dst_id')
def _(page, text):
    near = {tuple(pair) for pair in page.raw.near.T.tolist()}
    assert near == {(0, 1), (1, 0), (1, 2), (2, 1)}


@TABLE.row("raw = source.load()")
def _(page, text):
    assert isinstance(page.raw, geohg.GraphRawData)


@TABLE.row("Dynamic node type inference")
def _(page, text):
    data = geohg.HeteroGraphBuilder().build(page.raw)
    assert data["entity"].num_nodes == 2 and "poi" not in data.node_types


@TABLE.row("POI optional — works with or without POI data")
def _(page, text):
    data = geohg.HeteroGraphBuilder().build(page.city)
    without = {**page.city.hypernodes}
    del without["poi"]
    bare = geohg.HeteroGraphBuilder().build(dataclasses.replace(page.city, hypernodes=without))
    assert {*data.node_types} - {*bare.node_types} == {"poi"}


@TABLE.row("graph-structure and feature-similarity neighbors")
def _(page, text):
    from geohg.models.ssl import SSLNeighborDataset

    ssl = geohg.load_config("configs/examples/ssl_pretrain.yaml").ssl
    near = page.city.near
    found = SSLNeighborDataset(near, page.city.features.astype(float), ssl, 0, Silent())
    beside, alike = np.split(found, [ssl.near_neighbours], axis=1)
    linked = {tuple(pair) for pair in near.T.tolist()}
    pairs = [
        {(k, int(j)) for k, row in enumerate(part) for j in row if j >= 0}
        for part in (beside, alike)
    ]
    assert pairs[0] <= linked and not pairs[1] & linked and all(pairs)


@TABLE.row("8-neighbor grid", "(area, near, area)")
def _(page, text):
    data = geohg.HeteroGraphBuilder().build(page.city)
    source, goal = data["area", "near", "area"].edge_index.numpy()
    number = np.bincount(source).reshape(ROWS, COLS)
    assert (number[1:-1, 1:-1] == 8).all() and number[0, 0] == 3 and number[0, 1] == 5
    assert (np.abs(source // COLS - goal // COLS) <= 1).all()


@TABLE.row("(entity, locate, area)", "(area, rev_locate, entity)")
@TABLE.row("(poi, locate, area)", "(area, rev_locate, poi)")
def _(page, text):
    kind = tuple(text.strip("()").split(", "))
    own = "entity" if "entity" in kind else "poi"
    links, data = page.city.hypernodes[own], geohg.HeteroGraphBuilder().build(page.city)
    index, weight = data[kind].edge_index.numpy(), data[kind].edge_attr.numpy()[:, 0]
    np.testing.assert_array_equal(index if kind[0] == own else index[::-1], links.index)
    # The weight is the share of the class in the cell.
    column = page.city.feature_names.index(links.names[0])
    first = links.index[0] == 0
    shares = page.city.features[links.index[1][first], column]
    np.testing.assert_allclose(weight[first], shares, rtol=1e-6)


@TABLE.row(
    "Land cover ratios + position encoding",
    but="the positions are the graph's geometry, and each network scales them by its training "
    "cells; `pos_embedding` leaves them out",
)
def _(page, text):
    data = geohg.HeteroGraphBuilder().build(page.city)
    assert tuple(data["area"].x.shape) == page.city.features.shape == (ROWS * COLS, 3 + POIS + 1)
    assert page.city.geometry.size == ROWS * COLS


@TABLE.row(
    "Identity (one-hot)",
    but="a hypernode has its number, of which the network learns an embedding: the same as a "
    "linear layer of a one-hot vector, without the zeros",
)
def _(page, text):
    from geohg.models.geohg import GeoHGModel

    data = geohg.HeteroGraphBuilder().build(page.city)
    counts = {kind: data[kind].num_nodes for kind in ("entity", "poi")}
    assert counts == {"entity": len(CODES), "poi": POIS}
    network = GeoHGModel(3, counts, geohg.Config().model)
    assert network.encoder.hypernodes["poi"].weight.shape == (POIS, 64)


@TABLE.row("A GNN with to_hetero() conversion learns separate message functions for each edge type")
def _(page, text):
    from geohg.models.geohg import GeoHGModel

    names = dict(GeoHGModel(3, {"entity": 2}, geohg.Config().model).named_parameters())
    for kind in ("area__near__area", "entity__locate__area", "area__rev_locate__entity"):
        assert any(kind in name for name in names)


@TABLE.row(
    "To add custom node types, you would extend GraphRawData",
    but="nothing needs to be extended: any type of hypernode is a name and its links",
)
def _(page, text):
    half = (np.arange(ROWS * COLS) >= ROWS * COLS // 2).astype(np.int64)
    index = np.stack([half, np.arange(ROWS * COLS)])
    zones = Links(("north", "south"), index, np.ones(ROWS * COLS, np.float32))
    raw = dataclasses.replace(page.city, hypernodes={**page.city.hypernodes, "district": zones})
    assert geohg.HeteroGraphBuilder().build(raw)["district"].num_nodes == 2


@TABLE.row("All 4 cities (GZ/BJ/SH/SZ) x 5 indicators are available")
def _(page, text):
    for city in ("GZ", "BJ", "SH", "SZ"):
        assert sorted(geohg.load_city(city).targets) == sorted(TASKS)


@pytest.mark.parametrize("row", TABLE.rows, ids=lambda row: row.text)
def test_row(row: Row, page: World) -> None:
    row.check(page, row.text)
