import json

import numpy as np
import pytest

from geohg.engine.config.schema import TRANSFORMS
from geohg.engine.data.transforms import PAPER, TRANSFORM_FORM, TargetTransform
from geohg.engine.errors import FitError, InputError

KINDS = ("identity", "log", "yeo-johnson")
RNG = np.random.default_rng(0)
TARGETS = {
    "normal": RNG.normal(5, 2, 400),
    "skewed": np.exp(RNG.normal(2, 1.5, 400)),
    "zeros": np.where(RNG.random(400) < 0.3, 0.0, RNG.gamma(0.5, 100, 400)),
    "negative": -np.exp(RNG.normal(size=400)),
    "tiny": RNG.random(100) * 1e-6,
    "constant": np.full(5, 3.0),
    "one": np.array([2.0]),
}


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("name", TARGETS)
def test_inverse_gives_the_values_back(name, kind):
    y = TARGETS[name]
    transform = TargetTransform.learn(y, kind)
    z = transform.forward(y)
    np.testing.assert_allclose(transform.inverse(z), y, rtol=1e-9)
    if np.ptp(y):
        np.testing.assert_allclose([z.mean(), z.std()], [0, 1], atol=1e-9)
        assert (np.diff(transform.forward(np.sort(y))) >= 0).all()


def test_the_median_and_the_mean_of_a_lognormal():
    transform = TargetTransform.learn(TARGETS["skewed"], "log")
    z, s = np.array([0.2]), np.array([0.3])
    mu, sigma = z * transform.scale + np.log(transform.unit), s * transform.scale
    mean, std = transform.moments(z, s)
    np.testing.assert_allclose(transform.inverse(z), np.exp(mu))
    np.testing.assert_allclose(mean, np.exp(mu + sigma**2 / 2), rtol=1e-6)
    np.testing.assert_allclose(std, mean * np.sqrt(np.expm1(sigma**2)), rtol=1e-6)


@pytest.mark.parametrize("name", ["normal", "skewed", "zeros", "negative"])
def test_moments_are_those_of_many_draws(name):
    transform = TargetTransform.learn(TARGETS[name], "yeo-johnson")
    draws = transform.inverse(0.5 + 0.3 * np.random.default_rng(1).normal(size=200_000))
    mean, std = transform.moments(np.array([0.5]), np.array([0.3]))
    np.testing.assert_allclose([mean[0], std[0]], [draws.mean(), draws.std()], rtol=0.03)


def test_identity_keeps_the_spread_in_the_target_s_unit():
    transform = TargetTransform.learn(TARGETS["normal"], "identity")
    mean, std = transform.moments(np.array([0.0]), np.array([1.0]))
    np.testing.assert_allclose(mean, TARGETS["normal"].mean())
    np.testing.assert_allclose(std, TARGETS["normal"].std())


@pytest.mark.parametrize("kind", KINDS)
def test_what_has_its_least_value_at_zero_stays_above_it(kind):
    transform = TargetTransform.learn(TARGETS["zeros"], kind)
    assert transform.inverse(np.array([-9.0]))[0] == 0


def test_far_values_stay_within_reach_of_the_data():
    y = TARGETS["skewed"]
    for kind in ("log", "yeo-johnson"):
        far = TargetTransform.learn(y, kind).inverse(np.array([50.0]))[0]
        assert far == y.max() + 0.5 * np.ptp(y)


@pytest.mark.parametrize("kind", KINDS)
def test_what_is_never_negative_is_predicted_so(kind):
    assert TARGETS["skewed"].min() > 0
    far = TargetTransform.learn(TARGETS["skewed"], kind).inverse(np.array([-99.0, 0.0]))
    assert 0 <= far[0] < TARGETS["skewed"].min() < far[1]
    # Bounds that are given take the place of what values seem to say.
    given = TargetTransform.learn(TARGETS["skewed"], "identity", (-1e4, 1e4))
    np.testing.assert_array_equal(given.inverse(np.array([-1e9, 1e9])), [-1e4, 1e4])


@pytest.mark.parametrize("kind", [*KINDS, "logit"])
def test_bounds_hold_for_every_scale(kind):
    y = np.random.default_rng(2).uniform(20, 99, 200)
    transform = TargetTransform.learn(y, kind, (0.0, 100.0))
    np.testing.assert_allclose(transform.inverse(transform.forward(y)), y, rtol=1e-9)
    lowest, highest = transform.inverse(np.array([-99.0, 99.0]))
    assert 0 <= lowest < y.min() and y.max() < highest <= 100
    mean, _ = transform.moments(np.array([-9.0, 9.0]), np.array([5.0, 5.0]))
    assert 0 <= mean[0] < mean[1] <= 100


def test_a_logit_is_its_formula_and_finite_at_the_bounds():
    y = np.array([-2.0, 0.0, 3.0, 8.0])
    transform = TargetTransform.learn(y, "logit", (-2.0, 8.0))
    # The bounds lie a hundredth of their range inside the ends of the logit.
    logits = np.log((y + 2.1) / (8.1 - y))
    np.testing.assert_allclose(transform.forward(y), (logits - logits.mean()) / logits.std())
    np.testing.assert_array_equal(
        transform.forward(np.array([-9.0, 99.0])), transform.forward(y[[0, 3]])
    )
    again = TargetTransform.from_dict(json.loads(json.dumps(transform.to_dict())))
    assert again == transform


def test_dictionary_is_json_and_gives_the_transform_back():
    for kind in KINDS:
        transform = TargetTransform.learn(TARGETS["negative"], kind)
        again = TargetTransform.from_dict(json.loads(json.dumps(transform.to_dict())))
        assert again == transform


def test_refusals():
    with pytest.raises(InputError, match="'sqrt' is not a target transform"):
        TargetTransform.learn(TARGETS["normal"], "sqrt")
    with pytest.raises(InputError, match="The scale 'logit' needs bounds"):
        TargetTransform.learn(TARGETS["normal"], "logit")
    with pytest.raises(FitError, match="finite"):
        TargetTransform.learn(np.array([1.0, np.nan]), "log")
    with pytest.raises(FitError, match="at least one"):
        TargetTransform.learn(np.array([]), "log")
    good = TargetTransform.learn(TARGETS["normal"]).to_dict()
    for wrong, words in (
        ({"colour": 1}, "'t.colour' is unknown"),
        ({"kind": "sqrt"}, "'t.kind' must be one of"),
        ({"scale": 0.0}, "'t.scale' must be greater than zero"),
    ):
        with pytest.raises(InputError, match=words):
            TRANSFORM_FORM.check({**good, **wrong}, "t")


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("name", ["normal", "skewed", "zeros"])
@pytest.mark.parametrize("factor", [1e-300, 1e-15, 2.0**-40, 1e15, 1e290])
def test_a_factor_changes_nothing(name, kind, factor):
    y = TARGETS[name]
    one, other = TargetTransform.learn(y, kind), TargetTransform.learn(factor * y, kind)
    z = one.forward(y)
    # The power of Yeo-Johnson is searched for to 8 digits.
    closely = 1e-4 if kind == "yeo-johnson" else 1e-9
    np.testing.assert_allclose(other.forward(factor * y), z, atol=closely)
    np.testing.assert_allclose(other.inverse(z) / factor, one.inverse(z), atol=closely * y.std())
    at = z[:20], np.full(20, 0.3)
    for found, expected in zip(other.moments(*at), one.moments(*at)):
        np.testing.assert_allclose(found / factor, expected, atol=closely * y.std())


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("offset", [1e8, 1e9, 1e12])
def test_values_far_from_zero_keep_their_digits(kind, offset):
    # So far off, a log is nearly a straight line.
    y = TARGETS["normal"] + offset
    transform = TargetTransform.learn(y, kind)
    z = transform.forward(y)
    np.testing.assert_allclose([z.mean(), z.std()], [0, 1], atol=1e-3)
    np.testing.assert_allclose(transform.inverse(z) - offset, y - offset, atol=4e-16 * offset)
    if kind == "log":
        straight = (y - y.mean()) / y.std()
        np.testing.assert_allclose(z, straight, atol=1e-3 if offset > 1e10 else 1e-6)


def test_a_scale_of_powers_of_two_loses_no_digit():
    for y in (TARGETS["normal"], TARGETS["tiny"] + 280.0, 1e9 + TARGETS["normal"]):
        transform = TargetTransform.exact(y)
        np.testing.assert_array_equal(transform.inverse(transform.forward(y)), y)
        assert abs(transform.forward(y)).max() < 1024 and np.log2(transform.scale) % 1 == 0
    assert TargetTransform.exact(TARGETS["constant"]).forward(np.array([3.0]))[0] == 0


@pytest.mark.parametrize(
    ("kind", "shift", "cut"), [("paper", 1, np.inf), ("paper-carbon", 500, 2000)]
)
def test_the_paper_s_scale_is_its_formula(kind, shift, cut):
    y = np.array([-4.0, 3.0, 7.0, 7.0, 1900.0, 150_000.0])
    logs = np.log(np.minimum(np.maximum(y, 0), cut) - 0 + shift)
    expected = (logs - logs.mean()) / logs.std(ddof=1)
    transform = TargetTransform.learn(y, kind)
    np.testing.assert_allclose(transform.forward(y), expected, rtol=1e-12)
    back = np.minimum(np.maximum(y, 0), cut)
    np.testing.assert_allclose(transform.inverse(transform.forward(y)), back, rtol=1e-9)
    assert np.isfinite(transform.forward(np.array([-1e9, 0.0, 1e9]))).all()
    # What comes later is scaled by what was learnt.
    later = (np.log(10.0 + shift) - logs.mean()) / logs.std(ddof=1)
    np.testing.assert_allclose(transform.forward(np.array([10.0])), later)


def test_an_expected_value_on_another_scale_is_that_of_many_draws():
    log = TargetTransform.learn(TARGETS["skewed"], "log")
    other = TargetTransform.learn(TARGETS["skewed"], "paper")
    draws = other.forward(log.inverse(0.4 + 0.7 * np.random.default_rng(1).normal(size=200_000)))
    found = log.expected(np.array([0.4]), np.array([0.7]), other)
    np.testing.assert_allclose(found, draws.mean(), atol=0.005)
    np.testing.assert_array_equal(log.expected(np.array([0.4]), np.array([0.7]), log), 0.4)


@pytest.mark.parametrize("kind", sorted({*TRANSFORMS, *PAPER.values()} - {"auto"}))
def test_every_transform_that_options_name_can_be_learnt(kind):
    y = TARGETS["skewed"]
    assert kind in TRANSFORMS and np.ptp(TargetTransform.learn(y, kind).forward(y)) > 0
