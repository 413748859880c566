"""Cells together: means of areas against draws of the field itself."""

import dataclasses
from types import SimpleNamespace

import numpy as np
import pandas as pd
import pytest
import shapely
from scipy.stats import norm

from geohg.engine.data.draws import choose
from geohg.engine.data.sources.polygons import Polygons
from geohg.engine.data.transforms import TargetTransform
from geohg.engine.errors import InputError, OutsideError
from geohg.engine.models.base import KnowsTogether, Prediction
from geohg.engine.models.local import LocallyConditioned
from geohg.engine.models.propagation import Propagation
from geohg.engine.prediction.fitted import FittedMap
from geohg.engine.prediction.together import MOST_CELLS, Drawn
from geohg.engine.prediction.uncertainty import Calibration, Errors
from geohg.engine.progress import Silent

from ..conftest import Recorder
from ..models.landscapes import UTM, make_graph, observe

ROWS, COLS = 24, 30
LENGTH, NOISE = 6.0, 0.1


def covariance(graph, length=LENGTH):
    """Of an exponential field of variance 1 in the cells."""
    row, col = np.divmod(graph.cell, graph.grid.cols)
    return np.exp(-np.hypot(row[:, None] - row, col[:, None] - col) / length)


def boxes(graph, size):
    """Square polygons of size x size cells, all over the grid."""
    grid = graph.grid
    left, bottom, right, top = grid.bounds
    side = size * grid.cell_width
    x, y = np.meshgrid(
        np.arange(left, right - side + 1, side), np.arange(bottom, top - side + 1, side)
    )
    return shapely.box(x.ravel(), y.ravel(), x.ravel() + side, y.ravel() + side)


def named(shapes, **fields):
    shapes = np.array(list(shapes), dtype=object)
    return Polygons(shapes, pd.DataFrame(fields, index=range(len(shapes))), UTM, "areas")


@pytest.fixture(scope="module")
def field():
    """A drawn field, a graph, and what is known of it."""
    graph = make_graph(rows=ROWS, cols=COLS)
    draw = np.random.default_rng(5)
    z = np.linalg.cholesky(covariance(graph) + 1e-9 * np.eye(len(graph.cell))) @ draw.normal(
        size=len(graph.cell)
    )
    y = 50 + 10 * (z + np.sqrt(NOISE) * draw.normal(size=len(z)))
    graph = dataclasses.replace(graph, targets={"y": y})
    known, _ = observe(graph, 120, seed=2)
    model = Propagation(seed=0, transform="identity").fit(graph, y, known, Silent())
    return SimpleNamespace(
        graph=graph, y=y, known=known, fitted=FittedMap.learn(model, graph, "y", known)
    )


def test_the_model_gives_the_correlation_that_its_kernel_gives(field):
    model = field.fitted.model
    assert isinstance(model, KnowsTogether)
    cells = np.array([3, 200, 201, 700])
    (found,) = model.correlations(field.graph, Silent(), [cells])
    kernel, inputs = model.kernel_.to(model.inputs_.x.dtype), model.inputs_
    asked = model._inputs(field.graph, Silent(), cells)
    k = kernel.covariance(inputs, inputs).double().numpy()
    k[np.diag_indices_from(k)] += float(kernel.noise)
    across = kernel.covariance(inputs, asked).double().numpy()
    own = kernel.covariance(asked, asked).double().numpy()
    np.fill_diagonal(own, kernel.variance(asked).numpy() + float(kernel.noise))
    posterior = own - across.T @ np.linalg.solve(k, across)
    scale = np.sqrt(np.diag(posterior))
    np.testing.assert_allclose(found, posterior / np.outer(scale, scale), atol=2e-3)


def test_local_conditioning_gives_the_correlation_of_the_exact(field):
    model = field.fitted.model
    parts = (model.kernel_, model.inputs_, model.values_)
    local = LocallyConditioned(*parts, 0, Silent())
    asked = model._inputs(field.graph, Silent(), np.array([40, 41, 42, 330]))
    exact = model._conditioned.correlation(asked)
    np.testing.assert_allclose(local.correlation(asked), exact, atol=2e-3)


@pytest.mark.parametrize("kind", ["identity", "log"])
def test_a_mean_spreads_as_draws_of_the_field_do(kind):
    graph = make_graph(rows=6, cols=6)
    matrix = 0.9 * covariance(graph, 3.0) + 0.1 * np.eye(36)
    scale = TargetTransform.learn(np.exp(np.random.default_rng(0).normal(size=400)), kind)
    location = np.linspace(-0.5, 0.5, 36)
    drawn = Drawn(Prediction(location, np.full(36, 0.8), scale), Errors(np.empty(0)))
    weight = np.arange(1, 37) / np.arange(1, 37).sum()
    cells = np.arange(36)
    found = drawn.spread(cells, weight, (cells, weight), matrix, 0.9, np.array([1.0, 99.0]))
    normal = np.random.default_rng(1).multivariate_normal(location, 0.64 * matrix, 40_000)
    truth = normal * scale.scale + scale.centre if kind == "identity" else scale.inverse(normal)
    truth = truth @ weight
    assert found.std == pytest.approx(truth.std(), rel=0.06)
    np.testing.assert_allclose(
        [found.lower, found.upper], np.quantile(truth, [0.05, 0.95]), atol=0.1 * truth.std()
    )
    np.testing.assert_allclose(found.above, [(truth > 1).mean(), 0.0], atol=0.03)


def test_a_quadrature_says_what_all_cells_say():
    graph = make_graph(rows=30, cols=30)
    matrix = 0.9 * covariance(graph, 4.0) + 0.1 * np.eye(900)
    cells, weight = np.arange(900), np.full(900, 1 / 900)
    location = np.linspace(-1, 1, 900)
    drawn = Drawn(Prediction(location, np.ones(900)), Errors(np.empty(0)))
    some, part = choose(*np.divmod(cells, 30), weight, MOST_CELLS)
    assert len(some) == MOST_CELLS and part.sum() == pytest.approx(1)
    chosen = matrix[np.ix_(some, some)]
    found = drawn.spread(cells, weight, (some, part), chosen, 0.9, np.zeros(1))
    truth = np.sqrt(weight @ matrix @ weight)
    assert found.std == pytest.approx(truth, rel=0.08)
    assert 0 < found.doubt < 0.2
    assert (found.lower + found.upper) / 2 == pytest.approx(0.0, abs=0.05 * truth)


def test_intervals_of_districts_hold_the_truth_where_independent_cells_do_not():
    """Fields drawn from the process itself: nothing but the covariance is at stake."""
    graph = make_graph(rows=20, cols=20)
    polygons = named(boxes(graph, 5))
    rng, hits, alone, count = np.random.default_rng(11), 0, 0, 0
    root = np.linalg.cholesky(covariance(graph) + 1e-9 * np.eye(400))
    inside = polygons.cells(graph.grid, graph.cell, Silent())
    for seed in range(6):
        y = root @ rng.normal(size=400) + np.sqrt(NOISE) * rng.normal(size=400)
        graph = dataclasses.replace(graph, targets={"y": y})
        known, _ = observe(graph, 40, seed)
        model = Propagation(seed=0, transform="identity").fit(graph, y, known, Silent())
        fitted = FittedMap.learn(model, graph, "y", known)
        found, std = fitted.summarise(graph, polygons), fitted.map(graph, 0.9).std
        truth = np.array([y[cells].mean() for cells in inside.cells])
        hits += ((found.lower <= truth) & (truth <= found.upper)).sum()
        single = np.array([np.sqrt((std[cells] ** 2).sum()) / 25 for cells in inside.cells])
        alone += (np.abs(truth - found.value) <= 1.645 * single).sum()
        count += len(truth)
    assert 0.82 <= hits / count <= 0.98  # 96 districts: 0.9 +- 2.6 standard errors
    assert alone / count < 0.75


def test_a_polygon_of_one_cell_has_what_the_map_says_of_it(field):
    cell = np.setdiff1d(field.graph.cell, field.known)[100]
    one = boxes(field.graph, 1)
    inside = named(one).cells(field.graph.grid, field.graph.cell, Silent())
    number = next(n for n, cells in enumerate(inside.cells) if cell in cells)
    found = field.fitted.summarise(field.graph, named([one[number]]))
    made = field.fitted.map(field.graph, 0.9)
    assert found.value[0] == pytest.approx(made.mean[cell])
    assert found.std[0] == pytest.approx(made.std[cell])
    assert found.lower[0] == pytest.approx(made.lower[cell])
    assert found.upper[0] == pytest.approx(made.upper[cell])


def test_values_are_those_of_the_map_and_totals_add_up(field):
    graph, fitted = field.graph, field.fitted
    halves = boxes(graph, 12)
    shifted = shapely.transform(halves, lambda xy: xy + 300.0)
    polygons = named([*halves, shifted[0]])
    mean = fitted.summarise(graph, polygons, thresholds=[50, 1e6])
    total = fitted.summarise(graph, polygons, "total")
    made = fitted.map(graph, 0.9).mean
    inside = polygons.cells(graph.grid, graph.cell, Silent())
    np.testing.assert_allclose(
        mean.value,
        [
            np.average(made[cells], weights=share)
            for cells, share in zip(inside.cells, inside.shares)
        ],
        rtol=1e-9,
    )
    np.testing.assert_allclose(mean.cells[:4], 144.0)
    np.testing.assert_allclose(total.value, mean.value * mean.cells, rtol=1e-9)
    np.testing.assert_allclose(total.std, mean.std * mean.cells, rtol=1e-9)
    assert ((mean.lower < mean.value) & (mean.value < mean.upper)).all()
    assert (mean.above[1e6] == 0).all() and ((mean.above[50] >= 0) & (mean.above[50] <= 1)).all()
    np.testing.assert_allclose(mean.covered, 1.0, atol=1e-6)
    assert 0.99 <= mean.applicable.min() <= 1.0


def test_the_values_do_not_depend_on_what_else_is_asked(field):
    shapes = boxes(field.graph, 6)
    every = field.fitted.summarise(field.graph, named(shapes))
    one = field.fitted.summarise(field.graph, named(shapes[3:4]))
    for name in ("value", "std", "lower", "upper"):
        assert getattr(one, name)[0] == pytest.approx(getattr(every, name)[3], rel=1e-6)


def test_polygons_without_cells_get_no_value_and_are_told_of(field):
    left, bottom, right, top = field.graph.grid.bounds
    bow = shapely.Polygon(
        [(left, bottom), (left + 4000, bottom + 4000), (left + 4000, bottom), (left, bottom + 4000)]
    )
    shapes = [
        shapely.box(left, bottom, left + 3000, bottom + 3000),
        None,
        bow,
        shapely.box(right + 10, top + 10, right + 20, top + 20),
        shapely.box(left, bottom, left + 10, bottom + 10),
    ]
    recorder = Recorder()
    polygons = Polygons.read(shapes, UTM, recorder)
    found = field.fitted.summarise(field.graph, polygons, progress=recorder)
    assert list(np.isfinite(found.value)) == [True, False, True, False, True]
    assert found.cells[4] == pytest.approx(1e-4, rel=1e-3)  # smaller than a cell: that cell's
    assert found.std[4] > found.std[0]
    texts = " ".join(recorder.warnings)
    for part in ("1 polygons", "invalid and were repaired", "no geometry", "outside the map"):
        assert part in texts


@pytest.mark.parametrize(
    ("shapes", "message"),
    [
        ([shapely.box(0, 0, 1, 1)], "lies in the cells of the map"),
        ([shapely.Point(0, 0), shapely.box(0, 0, 1, 1)], "not polygons"),
        ([shapely.Polygon(), None], "no polygon with an area"),
        ("nothing.txt", "has no polygons"),
    ],
)
def test_refuses_polygons_that_cannot_be_used(field, shapes, message):
    def summarise():
        polygons = Polygons.read(shapes, UTM, Silent())
        return field.fitted.summarise(field.graph, polygons)

    with pytest.raises((InputError, OutsideError), match=message):
        summarise()


def test_refuses_a_model_that_knows_no_covariance(field):
    other = dataclasses.replace(field.fitted, model=SimpleNamespace(kind="gnn"))
    with pytest.raises(InputError, match="'gnn' does not know.*'propagation'"):
        other.summarise(field.graph, named(boxes(field.graph, 6)))


def test_errors_are_the_calibration_of_every_level():
    scores = np.abs(np.random.default_rng(3).standard_t(4, 999))
    errors = Errors(scores)
    for level in (0.5, 0.9, 0.99):
        factor = Calibration.learn(scores, level).factor
        assert errors.below(0.5 + level / 2) == pytest.approx(factor)
        assert errors.above(factor) == pytest.approx((1 - level) / 2)
        assert errors.above(-factor) == pytest.approx((1 + level) / 2)
    share = np.linspace(1e-5, 1 - 1e-5, 101)
    np.testing.assert_allclose(errors.above(errors.below(share)), 1 - share, atol=1e-9)
    assert errors.above(50.0) < 1e-6


def test_errors_without_scores_are_normal():
    away = np.array([-2.0, 0.0, 0.7])
    np.testing.assert_allclose(Errors(np.empty(0)).above(away), norm.sf(away))
    np.testing.assert_allclose(Errors(np.empty(0)).below(norm.cdf(away)), away, atol=1e-12)
