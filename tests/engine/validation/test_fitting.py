import dataclasses

import numpy as np
import pytest

from geohg.engine.config.schema import make_config
from geohg.engine.data.builders.info import GraphInfo
from geohg.engine.data.splits import published_split
from geohg.engine.data.transforms import TargetTransform
from geohg.engine.models.baselines import InverseDistance
from geohg.engine.models.network import NetworkModel
from geohg.engine.progress import Silent
from geohg.engine.validation.fitting import fit_and_score
from geohg.engine.validation.run import Run
from geohg.engine.validation.scoring import paper_scale

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


def test_a_city_s_target_is_fitted_and_told_on_the_paper_s_scale():
    graph = make_graph(rows=20, cols=20)
    field = smooth_field(graph)
    carbon = np.exp(2 + 2 * (field - field.mean()) / field.std())
    carbon[7] = 1e6
    graph = dataclasses.replace(graph, targets={"Carbon": carbon}, info=GraphInfo(city="GZ"))
    config = make_config({"training": {"device": "cpu", "threads": 1}})
    run = Run({}, config, Silent())
    known, model = fit_and_score(run, graph, "Carbon", config, Silent())
    scale = TargetTransform.learn(carbon[known], "paper-carbon")
    assert model.transform_ == scale
    numbers, test = run.numbers(), run.test
    truth, found = scale.forward(carbon[test]), model.predict(graph, Silent(), test)
    assert numbers["PAPER_SCALE"] is True
    assert numbers["RMSE"] == pytest.approx(np.sqrt(np.mean((truth - found.location) ** 2)))
    assert numbers["R2"] == pytest.approx(1 - np.mean((truth - found.location) ** 2) / truth.var())
    assert numbers["RMSE_UNIT"] == pytest.approx(np.sqrt(np.mean((carbon[test] - found.mean) ** 2)))
    # The rivals are fitted on that scale, too.
    idw = InverseDistance().fit(graph, scale.forward(carbon), known, Silent())
    errors = idw.predict(graph, Silent(), test).mean - truth
    assert numbers["IDW_MAE"] == pytest.approx(np.abs(errors).mean())
    left_out = model.leave_one_out().location
    errors = scale.forward(carbon[known]) - left_out
    assert numbers["VALIDATION_R2"] == pytest.approx(
        1 - np.mean(errors**2) / scale.forward(carbon[known]).var()
    )
    # The same values of no city are told in their unit.
    other = dataclasses.replace(graph, info=GraphInfo())
    run = Run({}, config, Silent())
    fit_and_score(run, other, "Carbon", config, Silent())
    assert run.numbers()["PAPER_SCALE"] is False
    assert run.numbers()["RMSE"] == run.numbers()["RMSE_UNIT"]


def test_a_target_that_is_on_the_paper_s_scale_already_is_not_put_on_it_again():
    graph = make_graph()
    info = dataclasses.replace(graph.info, city="GZ")
    city = dataclasses.replace(graph, info=info)
    assert paper_scale(city, "Carbon") == "paper-carbon" and paper_scale(city, "GDP") == "paper"
    assert paper_scale(graph, "GDP") == "" and paper_scale(city, "rain") == ""
    published = dataclasses.replace(info, published_order=list(range(len(graph.cell))))
    assert paper_scale(dataclasses.replace(graph, info=published), "GDP") == ""
