"""The scale on which a target is modelled: learnt from training cells, invertible."""

from __future__ import annotations

import dataclasses
import functools
import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.special import boxcox1p, expit, logit

from ..config.checks import Single
from ..errors import FitError, InputError
from ..language import tr
from ..numerics import deviation, size_of
from .bounds import value_limits
from .forms import NUMBER, POSITIVE, Form, Maybe

Array = NDArray[np.float64]

BOUNDED = "logit"
KINDS = ("identity", "log", "yeo-johnson", BOUNDED)
PAPER = {
    "Carbon": "paper-carbon",
    "GDP": "paper",
    "Population": "paper",
    "PM25": "paper",
    "Light": "paper",
}
"""The scale on which the paper gives its accuracy, by the target of its cities."""

# A logit of values at their bounds is finite if these lie so many ranges farther apart.
_MARGIN = 0.01
# Beyond the training values a back-transform may reach this share of their range.
_REACH = 0.5
_LAMBDA_BOUNDS = (-2.0, 4.0)
# Values are moved only where they lie so many of their ranges from zero.
_FAR = 1024
_NODES, _WEIGHTS = np.polynomial.hermite_e.hermegauss(15)


@dataclass(frozen=True)
class TargetTransform:
    """An increasing map from the target's unit to a scale of mean 0 and deviation 1.

    `u = (y + shift) / unit`, then `v = u`, `log(u)`, `logit(u)` or the Yeo-Johnson transform
    of u (Yeo and Johnson 2000), then `z = (v - centre) / scale`. Make one with `learn`.

    Parameters
    ----------
    kind : str
        `identity`, `log`, `yeo-johnson` or `logit`.
    shift, unit, power, centre, scale : float
        Constants of the formula; `power` is lambda of Yeo-Johnson.
    low, high : float
        Limits of what `inverse` returns, in the target's unit; see `value_limits`. A curved
        scale has narrower ones: it makes values of any size far from the data.
    cut : float
        Under a log, values above are taken for it.
    """

    kind: str = "identity"
    shift: float = 0.0
    unit: float = 1.0
    power: float = 1.0
    centre: float = 0.0
    scale: float = 1.0
    low: float = -math.inf
    high: float = math.inf
    cut: float = math.inf

    @classmethod
    def learn(
        cls, values: Array, kind: str = "auto", bounds: tuple[float, ...] = ()
    ) -> TargetTransform:
        """Learn the constants of one kind from training values, all finite.

        Values alone do not tell which scale suits: `auto` is `identity` here; see
        `models.scales`.

        Parameters
        ----------
        values : float64 array [n]
            In the target's unit.
        kind : str
            `auto`, or a scale; `logit` where values have a least and a greatest one.
        bounds : tuple of float
            See `value_limits`.

        Raises
        ------
        InputError
            If `kind` is unknown, or needs bounds.
        FitError
            If a value is not finite or there is none.
        """
        kind = "identity" if kind == "auto" else kind
        if kind not in (*_LEARN, BOUNDED):
            raise InputError(
                tr("'{kind}' is not a target transform; use auto, {known}.").format(
                    kind=kind, known=", ".join(_LEARN)
                )
            )
        values = np.asarray(values, dtype=np.float64)
        if values.size == 0 or not np.isfinite(values).all():
            raise FitError(tr("A target transform needs at least one value, all of them finite."))
        low, high = value_limits(values, bounds)
        made = _learn_logit(values, low, high) if kind == BOUNDED else _LEARN[kind](values)
        return dataclasses.replace(made, low=max(made.low, low), high=min(made.high, high))

    @classmethod
    def exact(cls, values: Array) -> TargetTransform:
        """Powers of two that bring values near 1 and, from far off, near 0: no digit is lost."""
        least, spread = float(values.min()), float(np.ptp(values))
        unit = size_of(spread)
        centre = _FAR * unit * round((least + spread / 2) / (_FAR * unit)) if spread else least
        return cls(centre=centre, scale=unit)

    def forward(self, y: Array) -> Array:
        """From the target's unit to the model's scale; NaN stays NaN.

        Under a log, values below `low` are taken for `low`, and those above `cut` for `cut`.
        """
        y = np.asarray(y, dtype=np.float64)
        if self.kind == "log":
            # So values far from zero keep the digits by which they differ.
            y = np.clip(y, self.low, self.cut)
            near = (y - (self._middle - self.shift)) / self._middle
            far = np.log(np.minimum((y + self.shift) / self._middle, 1.0))
            return np.where(near > -0.5, np.log1p(near), far) / self.scale
        if self.kind == BOUNDED:
            y = logit((np.clip(y, self.low, self.high) + self.shift) / self.unit)
        elif self.kind == "yeo-johnson":
            y = _yeo_johnson((y + self.shift) / self.unit, self.power)
        return (y - self.centre) / self.scale

    def inverse(self, z: Array) -> Array:
        """From the model's scale to the target's unit; a quantile stays that quantile."""
        v = np.asarray(z, dtype=np.float64) * self.scale
        with np.errstate(over="ignore"):
            if self.kind == "identity":
                y = v + self.centre
            elif self.kind == "log":
                near = self._middle * np.expm1(v) + (self._middle - self.shift)
                y = np.where(v > -0.7, near, self._middle * np.exp(v) - self.shift)
            elif self.kind == BOUNDED:
                y = expit(v + self.centre) * self.unit - self.shift
            else:
                y = _yeo_johnson_inverse(v + self.centre, self.power) * self.unit - self.shift
        return np.clip(y, self.low, self.high)

    def moments(self, mean: Array, std: Array) -> tuple[Array, Array]:
        """Mean and standard deviation, in the target's unit, of `inverse(normal(mean, std))`.

        This is the mean and not the median: the two differ where the scale is curved.
        The integrals are Gauss-Hermite sums; `identity` needs none.
        """
        if self.kind == "identity":
            return self.inverse(mean), np.asarray(std) * self.scale
        first, second = np.zeros(np.shape(mean)), np.zeros(np.shape(mean))
        middle, unit = self.inverse(mean), size_of(self.high - self.low)
        for node, weight in zip(_NODES, _WEIGHTS / _WEIGHTS.sum()):
            # Taken from the middle, so that the difference below loses no digits.
            value = (self.inverse(mean + node * std) - middle) / unit
            first += weight * value
            second += weight * value**2
        return middle + unit * first, unit * np.sqrt(np.maximum(second - first**2, 0.0))

    def expected(self, mean: Array, std: Array, scale: TargetTransform) -> Array:
        """Mean, on another scale, of a value that is `normal(mean, std)` on this one."""
        if scale == self:
            return mean
        values = (scale.forward(self.inverse(mean + node * std)) for node in _NODES)
        found: Array = sum(w * v for w, v in zip(_WEIGHTS / _WEIGHTS.sum(), values))
        return found

    def to_dict(self) -> dict[str, Any]:
        """As JSON numbers and texts; an infinite limit is None."""
        values = dataclasses.asdict(self)
        return {k: None if v in (-math.inf, math.inf) else v for k, v in values.items()}

    @classmethod
    def from_dict(cls, values: Mapping[str, Any]) -> TargetTransform:
        """The transform again, from what `TRANSFORM_FORM` lets pass."""
        return cls(**{k: v for k, v in values.items() if v is not None})

    @property
    def _middle(self) -> float:
        """The value, and the shift, that a log takes to 0."""
        return self.unit * math.exp(self.centre)

    def _standardised(self, values: Array) -> TargetTransform:
        """With centre and scale learnt from `values`, which the limits let pass."""
        v = self.forward(values)
        centre = 0.0 if self.kind == "log" else float(v.mean())
        return dataclasses.replace(self, centre=centre, scale=deviation(v) or 1.0)


TRANSFORM_FORM = Form(
    {
        "kind": Single(str, choices=KINDS),
        "shift": NUMBER,
        "unit": POSITIVE,
        "power": NUMBER,
        "centre": NUMBER,
        "scale": POSITIVE,
        "low": Maybe(NUMBER),
        "high": Maybe(NUMBER),
        "cut": Maybe(NUMBER),
    },
    optional=frozenset({"cut"}),
)
"""What `TargetTransform.to_dict` gives."""


def _limits(values: Array, origin: float = -math.inf) -> dict[str, float]:
    """Limits beyond the range of `values`, above `origin`, where the scale ends."""
    least, most = float(values.min()), float(values.max())
    margin = _REACH * (most - least)
    return {"low": least - min(margin, 0.9 * (least - origin)), "high": most + margin}


def _learn_identity(values: Array) -> TargetTransform:
    return TargetTransform()._standardised(values)


def _learn_logit(values: Array, low: float, high: float) -> TargetTransform:
    if not math.isfinite(high - low):
        raise InputError(tr("The scale '{kind}' needs bounds.").format(kind=BOUNDED))
    margin = _MARGIN * (high - low)
    unit = high - low + 2 * margin
    made = TargetTransform(BOUNDED, margin - low, unit, low=low, high=high)
    return made._standardised(values)


def _learn_log(values: Array) -> TargetTransform:
    least, shift = float(values.min()), 0.0
    if least <= 0:
        # The shift sets how far zero lies from the values above it.
        above = float(np.median(values[values > least])) - least if np.ptp(values) else 1.0
        shift = 0.1 * above - least
    # Their geometric mean, by way of the mean: the log of a large number has few digits left.
    mean = float(values.mean()) + shift
    mean *= math.exp(np.log1p((values - (mean - shift)) / mean).mean())
    limits = _limits(values, origin=-shift)
    return TargetTransform("log", shift, mean, **limits)._standardised(values)


def _learn_yeo_johnson(values: Array) -> TargetTransform:
    from scipy.stats import yeojohnson_normmax  # which takes long to load

    # In units of its own deviation: Yeo-Johnson depends on the unit.
    unit = deviation(values) or 1.0
    shift = -float(values.mean())
    power = float(np.clip(yeojohnson_normmax((values + shift) / unit), *_LAMBDA_BOUNDS))
    limits = _limits(values)
    return TargetTransform("yeo-johnson", shift, unit, power, **limits)._standardised(values)


def _learn_paper(values: Array, shift: float = 1.0, cut: float = math.inf) -> TargetTransform:
    """The scale of the published code: `log(min(max(y, 0), cut) - least + shift)`, standardised.

    `least` is the least of the training values, where the code takes that of all cells.
    """
    values = np.clip(values, 0.0, cut)
    shift -= float(values.min())
    v = np.log(values + shift)
    scale = deviation(v) * math.sqrt(len(v) / max(len(v) - 1, 1)) or 1.0
    limits = {**_limits(values, origin=-shift), "low": float(values.min())}
    limits["high"] = min(limits["high"], cut)
    middle = math.exp(float(v.mean()))
    return TargetTransform("log", shift, middle, scale=scale, **limits, cut=cut)


_LEARN: dict[str, Callable[[Array], TargetTransform]] = {
    "identity": _learn_identity,
    "log": _learn_log,
    "yeo-johnson": _learn_yeo_johnson,
    "paper": _learn_paper,
    "paper-carbon": functools.partial(_learn_paper, shift=500.0, cut=2000.0),
}


def _yeo_johnson(x: Array, power: float) -> Array:
    """Yeo and Johnson (2000), "A new family of power transformations", Biometrika 87."""
    positive, negative = np.maximum(x, 0.0), np.maximum(-x, 0.0)
    return np.where(x >= 0, boxcox1p(positive, power), -boxcox1p(negative, 2 - power))


def _yeo_johnson_inverse(v: Array, power: float) -> Array:
    """Inverse of `_yeo_johnson`; infinite past the ends of its range."""
    positive, negative = np.maximum(v, 0.0), np.maximum(-v, 0.0)
    return np.where(
        v >= 0, _box_cox_inverse(positive, power), -_box_cox_inverse(negative, 2 - power)
    )


def _box_cox_inverse(v: Array, power: float) -> Array:
    """Solve `((u + 1)^power - 1) / power = v` for u, v >= 0."""
    if abs(power) < 1e-9:
        return np.expm1(v)
    inside = np.maximum(v * power, -1.0)
    with np.errstate(divide="ignore"):
        return np.expm1(np.log1p(inside) / power)
