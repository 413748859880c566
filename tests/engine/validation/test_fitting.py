import dataclasses

import numpy as np

from geohg.engine.config.schema import make_config
from geohg.engine.data.builders.info import GraphInfo
from geohg.engine.data.splits import published_split
from geohg.engine.models.network import NetworkModel
from geohg.engine.progress import Silent
from geohg.engine.validation.fitting import fit_and_score
from geohg.engine.validation.run import Run

from ..models.landscapes import make_graph, smooth_field


def test_a_published_order_decides_the_split_and_when_the_network_stops():
    graph = make_graph(rows=12, cols=15)
    y = smooth_field(graph)
    y[:20] = np.nan
    order = np.random.default_rng(0).permutation(len(graph.cell))
    info = GraphInfo(published_order=order.tolist())
    graph = dataclasses.replace(graph, targets={"y": y}, info=info)
    options = {"masked_ratio": 0.5, "epochs": 2, "seed": 3, "device": "cpu"}
    config = make_config({"model": {"kind": "gnn"}, "training": options})
    run = Run({}, config, Silent())
    known, model = fit_and_score(run, graph, "y", config, Silent())
    observed = graph.observed("y")
    train, validation, test = (np.intersect1d(p, observed) for p in published_split(order, 0.5, 3))
    np.testing.assert_array_equal(known, np.union1d(train, validation))
    np.testing.assert_array_equal(run.test, test)
    assert isinstance(model, NetworkModel)
    stopped_by = np.isfinite(model.leave_one_out().mean)
    np.testing.assert_array_equal(known[stopped_by], validation)
