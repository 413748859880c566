"""Co-kriging: a target that follows what is better known than itself, where that helps."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ..config.checks import Many, Named, Single
from ..config.schema import Config, make_config
from ..data.builders.graph import GraphRawData
from ..data.builders.readings import Readings
from ..data.forms import ANYTHING, NAME, Array, Form, Maybe, StateForm, Tensors, inside
from ..data.transforms import TRANSFORM_FORM, TargetTransform
from ..errors import InputError
from ..language import tr
from ..numerics import deviation
from ..progress import Part, Progress
from .base import Model, ModelState, Prediction, check_kind, log_score
from .informants import Informant, informants_of, process_of
from .places import Places, completed, mean_of_readings
from .propagation import Propagation
from .scales import learn_transform, observed_values

Float = NDArray[np.float64]

# Fewer cells cannot say whether something informs them.
_LEAST = 10
# So many standard errors must the mean gain in log score lie above 0: a target shall never be
# worse informed than alone.
_CLEARLY = 2.0
_PROCESS, _INFORMANT = "process.", "informant{}."
_STATE = StateForm(
    Form(
        {
            "kind": NAME,
            "transform": TRANSFORM_FORM,
            "informants": Many(
                Form({"name": NAME, "measured": Single(bool), "model": Maybe(Named(ANYTHING))}), 1
            ),
            "process": Named(ANYTHING),
        }
    ),
    {
        "middle": Array(("informants",)),
        "unit": Array(("informants",), low=float(np.finfo(np.float64).tiny)),
        "slope": Array(("informants",)),
        "drift": Array(("fitted",)),
        "leverage": Array(("fitted",), low=0.0, high=1.0),
    },
)


class Informed:
    """A line in what informs the target, and `Propagation` of what is left of it.

    This is the autoregressive co-kriging of Kennedy and O'Hagan (2000), "Predicting the
    output from a complex computer code when fast approximations are available", Biometrika
    87, one part fitted after the other. The process reads the informants too, since the
    target may follow them in another way than along a line.

    Parameters
    ----------
    config : Config
        Options of the process.
    informants : sequence of Informant
        What informs; at least one.
    """

    kind = "informed"
    refused: tuple[str, ...] = ()
    """Names of what was offered to inform it, and does not."""

    def __init__(self, config: Config, informants: Sequence[Informant] = ()) -> None:
        self.config = config
        self.informants = tuple(informants)

    @classmethod
    def of(cls, config: Config) -> Informed:
        """With these options, and nothing yet that informs."""
        return cls(config)

    @property
    def device_(self) -> str:
        """Where it computes."""
        return self.process_.device_

    def fit(
        self,
        graph: GraphRawData,
        y: Float,
        observed: NDArray[np.int64],
        progress: Progress,
        readings: Readings | None = None,
    ) -> Informed:
        """Learn from the observed cells; see `Model.fit` and `ReadsPlaces`."""
        observed_values(y, observed)
        found = completed(graph, y, observed, readings)
        places, place = Places.of(found, graph.geometry.plane)
        values = places.means(place, found.value)
        model = self.config.model
        self.transform_ = learn_transform(model.transform, values, places.position, model.bounds)
        each = self.transform_.forward(found.value)
        z = places.cell_means(places.means(place, each))
        columns = np.column_stack([item.column(graph) for item in self.informants])[observed]
        known = np.isfinite(columns)
        self.middle_ = np.where(known, columns, 0.0).sum(axis=0) / np.maximum(known.sum(axis=0), 1)
        away = np.nan_to_num(columns - self.middle_)
        self.unit_ = np.array([deviation(column) or 1.0 for column in away.T])
        x = away / self.unit_
        self.slope_ = np.linalg.lstsq(x, z - z.mean(), rcond=None)[0]
        self.drift_ = x @ self.slope_
        spanned = np.linalg.pinv(x)
        self.leverage_ = np.clip(np.einsum("ij,ji->i", x, spanned) + 1 / len(z), 0.0, 1.0)
        rest = np.full(len(graph.cell), np.nan)
        rest[observed] = z - self.drift_
        left = Readings(observed[found.cell], found.xy, each - self.drift_[found.cell])
        self.process_ = process_of(self.config, graph)
        self.process_.transform, self.process_.bounds = "identity", ()
        self._lend()
        at = None if readings is None else left
        self.process_.fit(graph, rest, observed, progress, readings=at)
        return self

    def predict(
        self, graph: GraphRawData, progress: Progress, cells: NDArray[np.int64] | None = None
    ) -> Prediction:
        """Mean of each cell, and deviation of a new measurement in it; see `Model.predict`."""
        return self._drifted(graph, self.process_.predict(graph, progress, cells), cells)

    def predict_at(
        self, graph: GraphRawData, progress: Progress, cells: NDArray[np.int64], xy: Float
    ) -> Prediction:
        """Mean and standard deviation of a new measurement at places; see `ReadsPlaces`."""
        return self._drifted(graph, self.process_.predict_at(graph, progress, cells, xy), cells)

    def predict_readings(
        self,
        graph: GraphRawData,
        progress: Progress,
        cells: NDArray[np.int64],
        readings: Readings,
    ) -> Prediction:
        """The mean of the readings in each of `cells`; see `ReadsPlaces`."""
        rest = self.process_.predict_readings(graph, progress, cells, readings)
        return mean_of_readings(self._drifted(graph, rest.anew, cells), rest.std)

    def draws(
        self, graph: GraphRawData, progress: Progress, count: int, seed: int
    ) -> NDArray[np.float32]:
        """Those of the process; see `Simulates`."""
        return self.process_.draws(graph, progress, count, seed)

    def correlations(
        self, graph: GraphRawData, progress: Progress, groups: Sequence[NDArray[np.int64]]
    ) -> Iterator[NDArray[np.float64]]:
        """Those of the process; see `Simulates`."""
        return self.process_.correlations(graph, progress, groups)

    def leave_one_out(self) -> Prediction:
        """The prediction at each observed cell from the values of all the others.

        The line was drawn through all of them; the leverage of each makes up for it.
        """
        left_out = self.process_.leave_one_out()
        rest = self.process_.observed_
        error = (rest - left_out.mean) / np.maximum(1 - self.leverage_, 1 / len(rest))
        one = Prediction(rest + self.drift_ - error, left_out.anew.std, self.transform_)
        return replace(mean_of_readings(one, left_out.std), misses=left_out.misses)

    def state(self) -> ModelState:
        """What `from_state` needs; the tensors of each informant's model have their prefix."""
        parts = {_PROCESS: self.process_.state()}
        described = []
        for number, item in enumerate(self.informants):
            state = item.model.state() if item.model else None
            if state:
                parts[_INFORMANT.format(number)] = state
            described.append(
                {
                    "name": item.name,
                    "measured": item.measured,
                    "model": state.header if state else None,
                }
            )
        tensors = {name: getattr(self, f"{name}_") for name in _STATE.tensors}
        for prefix, part in parts.items():
            tensors |= {prefix + name: values for name, values in part.tensors.items()}
        header = {
            "kind": self.kind,
            "transform": self.transform_.to_dict(),
            "informants": described,
            "process": parts[_PROCESS].header,
        }
        return ModelState(tensors, header)

    @classmethod
    def check_state(cls, tensors: Tensors, header: Any, sizes: dict[str, int]) -> None:
        """Refuse what `state` cannot have given; see `StoredModel.check_state`."""
        _STATE.check(tensors, header, sizes, "model")
        if sizes["informants"] != len(header["informants"]):
            raise InputError(tr("the tensor '{name}' is not what it was.").format(name="slope"))
        Propagation.check_state(inside(tensors, _PROCESS), header["process"], sizes)
        for number, item in enumerate(header["informants"]):
            if item["model"] is not None:
                own = inside(tensors, _INFORMANT.format(number))
                Propagation.check_state(own, item["model"], {})

    @classmethod
    def from_state(cls, tensors: Tensors, header: Mapping[str, Any]) -> Informed:
        """The fitted model again."""
        check_kind(header, cls.kind)
        informants = [
            Informant(
                item["name"],
                item["model"]
                and Propagation.from_state(
                    inside(tensors, _INFORMANT.format(number)), item["model"]
                ),
                item["measured"],
            )
            for number, item in enumerate(header["informants"])
        ]
        model = cls(make_config({}), informants)
        for name in _STATE.tensors:
            setattr(model, f"{name}_", tensors[name])
        model.transform_ = TargetTransform.from_dict(header["transform"])
        model.process_ = Propagation.from_state(inside(tensors, _PROCESS), header["process"])
        model._lend()
        return model

    def _drifted(
        self, graph: GraphRawData, rest: Prediction, cells: NDArray[np.int64] | None
    ) -> Prediction:
        """What the process predicts of what is left, and the line."""
        drift = self._scaled(graph) @ self.slope_
        return Prediction(
            rest.mean + (drift if cells is None else drift[cells]), rest.std, self.transform_
        )

    def _lend(self) -> None:
        """Let the process read the informants."""
        self.process_.embed, self.process_.blind = self._scaled_float32, True

    def _scaled(self, graph: GraphRawData) -> Float:
        """What informs each cell [N, informants], in deviations; 0 where nothing is known."""
        columns = np.column_stack([item.column(graph) for item in self.informants])
        return np.nan_to_num((columns - self.middle_) / self.unit_)

    def _scaled_float32(self, graph: GraphRawData) -> NDArray[np.float32]:
        return self._scaled(graph).astype(np.float32)


def fit_informed(
    config: Config,
    graph: GraphRawData,
    target: str,
    observed: NDArray[np.int64],
    progress: Progress,
    before: Model | None = None,
) -> Propagation | Informed:
    """Fit `Propagation`, informed by what predicts the observed cells clearly better.

    Carried covariates and better-known targets (`informants_of`) are tried one after the
    other, first whichever is most correlated with the errors at left-out cells. One is kept
    if the log score of left-out cells is better by two standard errors of the paired
    difference; the first that is not ends the search.

    Parameters
    ----------
    config : Config
        Options of the model.
    graph : GraphRawData
        The graph.
    target : str
        The target.
    observed : int64 array
        Training cells; no other value of the target is read.
    progress : Progress
        Receives progress and messages.
    before : Model, optional
        One that was fitted to most of the same cells, from which this one may set out.
    """
    y = graph.target(target)
    offered = informants_of(graph, target, config, Part(progress, 0.0, 0.3))
    readings = graph.readings.get(target)
    fitting = (graph, y, observed, Part(progress, 0.3, 0.6))
    kernel = before.kernel_ if isinstance(before, Propagation) else None
    alone = process_of(config, graph).fit(*fitting, readings=readings, before=kernel)
    best: Propagation | Informed = alone
    kept: list[Informant] = []
    while offered and len(observed) >= _LEAST:
        found = best.leave_one_out()
        error = found.transform.forward(y[observed]) - found.location
        told = [_correlation(item.column(graph)[observed], error) for item in offered]
        kept = [*kept, offered.pop(int(np.argmax(told)))]
        fitting = (graph, y, observed, Part(progress, 0.6, 1.0))
        tried = Informed(config, kept).fit(*fitting, readings)
        if not clearly_better(tried.leave_one_out(), found, y[observed]):
            offered.append(kept[-1])
            break
        best = tried
    best.refused = tuple(item.name for item in offered)
    return best


def clearly_better(one: Prediction, other: Prediction, y: Float) -> bool:
    """Whether the log score of `y` is better on average, by two standard errors.

    Parameters
    ----------
    one, other : Prediction
        Of the same cells, on the same scale.
    y : float64 array [n]
        Their values, in the target's unit.
    """
    gain = log_score(one, y) - log_score(other, y)
    return bool(gain.mean() > _CLEARLY * gain.std(ddof=1) / np.sqrt(len(gain)))


def _correlation(column: Float, error: Float) -> float:
    """Its size, where both are known; 0 where the column does not vary."""
    known = np.isfinite(column)
    if known.sum() < 2 or np.ptp(column[known]) == 0 or np.ptp(error[known]) == 0:
        return 0.0
    return abs(float(np.corrcoef(column[known], error[known])[0, 1]))
