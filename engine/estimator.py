"""What a fitted interpolator can do: predict, score, and keep what it learnt."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal, overload

import numpy as np
from numpy.typing import ArrayLike, NDArray
from sklearn.base import BaseEstimator, RegressorMixin
from sklearn.exceptions import NotFittedError
from sklearn.metrics import r2_score

from .assembly.inputs import Inputs
from .assembly.points import predict_at
from .config.schema import Config, make_config
from .data.builders.graph import GraphRawData
from .data.sources.arrays import places_from_rows
from .errors import FileFormatError, InputError
from .files import OutputSet
from .jobs.layers import applicable_share
from .language import tr
from .names import CARRIED, POINTS_GROUP
from .originals import named_files
from .parameters import config_of, input_files_of
from .prediction.fitted import FittedMap
from .prediction.result import InterpolationResult, result_of
from .prediction.surface import to_grid
from .progress import Part, Progress, showing
from .report.report import write_report
from .validation.run import Run

if TYPE_CHECKING:
    from typing_extensions import Self

Array = NDArray[np.float64]


class MapEstimator(RegressorMixin, BaseEstimator):
    """What `GeoHGInterpolator`, whose parameters it reads, does after `fit`."""

    verbose: bool
    graph_: GraphRawData
    maps_: dict[str, FittedMap]
    runs_: dict[str, Run]
    metrics_: dict[str, dict[str, Any]]
    feature_names_in_: NDArray[np.object_]
    n_features_in_: int
    _features: tuple[str, ...]
    _inputs: Inputs | None
    # The file of the points, if they came from one.
    _source: str | Path | None = None

    @overload
    def predict(self, X: None = None, progress: Progress | None = None) -> InterpolationResult: ...

    @overload
    def predict(
        self, X: Any, progress: Progress | None = None, *, return_std: Literal[False] = False
    ) -> Array: ...

    @overload
    def predict(
        self, X: Any, progress: Progress | None = None, *, return_std: Literal[True]
    ) -> tuple[Array, Array]: ...

    def predict(
        self, X: Any = None, progress: Progress | None = None, *, return_std: bool = False
    ) -> InterpolationResult | Array | tuple[Array, Array]:
        """Predict every cell of the grid, or the values at places.

        A cell has its mean, and a place the value there, which may differ; each with the
        deviation of a new measurement, anywhere in the cell or at the place. Networks give places
        the prediction of their cell. Beyond the map, the grid goes on. NaN where land cover was
        given and there is none, unless measured cells lie beside; and, after `load`, beyond the
        map if there are features, which a file holds for the cells of the map alone.

        Parameters
        ----------
        X : as in `fit`, optional
            Places: coordinates, in `crs` unless they have their own, alone or with all
            features. Features that most cells have are read as measured; others are kriged.
        progress : Progress, optional
            Receives progress and messages.
        return_std : bool
            Whether to return the standard deviations of new measurements as well.

        Returns
        -------
        InterpolationResult, or array [n] or [n, t], or two of them
            The map; or the values at `X`, and their standard deviations.

        Raises
        ------
        sklearn.exceptions.NotFittedError
            Before `fit`.
        InputError
            For places that cannot be used.
        """
        self._check_fitted()
        config = config_of(self.get_params(deep=False))
        if hasattr(X, "check_cancelled"):  # progress came first once
            X, progress = None, X
        with showing(progress, self.verbose) as shown:
            if X is None:
                files = tuple(map(str, self._input_files()))
                how = config.uncertainty
                return result_of(self.maps_, self.graph_, how, self.metrics_, files, shown)
            grid = self.graph_.grid
            xy, covariates = places_from_rows(X, grid.crs, self._features, grid.pyproj_crs)
            found = predict_at(self.maps_, self.graph_, self._inputs, xy, covariates, config, shown)
        mean, std = (part[:, 0] if len(self.maps_) == 1 else part for part in found)
        return (mean, std) if return_std else mean

    def simulate(self, count: int, seed: int = 0, progress: Progress | None = None) -> Array:
        """Equally likely maps: values that one new measurement in every cell could give.

        In each cell they have the mean of the map and the errors that left-out values had, but for
        observed cells, whose own values are used; neighbouring cells go together. See
        `FittedMap.simulate`.

        Parameters
        ----------
        count, seed : int
            How many maps, and their seed.
        progress : Progress, optional
            Receives progress and messages.

        Returns
        -------
        float64 array [count, n_lat, n_lon], or [t, count, n_lat, n_lon] with several targets
            In the target's unit; NaN as in `InterpolationResult`.

        Raises
        ------
        sklearn.exceptions.NotFittedError
            Before `fit`.
        InputError
            If the model knows no covariances, as networks do not.
        """
        self._check_fitted()
        found = []
        with showing(progress, self.verbose) as shown:
            for number, fitted in enumerate(self.maps_.values()):
                step = 1 / len(self.maps_)
                part = Part(shown, number * step, (number + 1) * step)
                drawn = fitted.simulate(self.graph_, count, seed, part)
                found.append(np.stack([to_grid(self.graph_, each) for each in drawn.T]))
        return found[0] if len(found) == 1 else np.stack(found)

    def score(self, X: Any, y: ArrayLike, sample_weight: ArrayLike | None = None) -> float:
        """R2 of the predictions at places, where both the prediction and the value are known.

        Parameters
        ----------
        X : as in `predict`
            Places.
        y : array [n] or [n, t]
            Values measured there.
        sample_weight : array [n], optional
            Weight of each place.

        Raises
        ------
        InputError
            If fewer than two places have both.
        """
        predicted = self.predict(X)
        truth = np.asarray(y, dtype=np.float64).reshape(predicted.shape)
        both = np.isfinite(predicted) & np.isfinite(truth)
        kept = both if both.ndim == 1 else both.all(axis=1)
        if kept.sum() < 2:
            raise InputError(tr("A score needs at least two places with a value and a prediction."))
        weight = None if sample_weight is None else np.asarray(sample_weight)[kept]
        return float(r2_score(truth[kept], predicted[kept], sample_weight=weight))

    def save(self, path: str | Path, target: str | None = None) -> Path:
        """Write the model of a target, with the graph, to a file.

        `load` reads it, and so do `FittedMap.load` and the jobs that take a model. `target` may
        be left out if there is only one.

        Raises
        ------
        InputError
            If there are several targets and none is named.
        OutputError
            If it cannot be written there.
        """
        with self._outputs("model", path) as outputs:
            fitted = dataclasses.replace(self.maps_[self._named(target)], graph=self.graph_)
            fitted.save(outputs.stage("model"))
            outputs.commit()
        return Path(path)

    @classmethod
    def load(cls, path: str | Path) -> Self:
        """Read what `save` wrote: an interpolator that predicts, without the data of the fit.

        Beyond its map it predicts only if there are no features; a `GeoHGWarning` counts the
        places that have no prediction for this reason.

        Raises
        ------
        FileFormatError
            If it is not a whole model file, or one without a graph.
        """
        with showing(None) as shown:
            fitted = FittedMap.load(path, shown)
        if fitted.graph is None:
            raise FileFormatError(
                tr(
                    "The model file '{path}' has no graph to map; read it with FittedMap.load, and "
                    "give the graph to its map."
                ).format(path=path)
            )
        config = make_config(fitted.details["config"])
        grid = fitted.graph.grid
        found = cls(
            resolution=grid.cell_width,
            epochs=config.training.epochs,
            crs=grid.crs,
            model=config.model.kind,
            masked_ratio=config.training.masked_ratio,
            level=config.uncertainty.level,
            seed=config.training.seed,
            device=config.training.device,
            options=_changed(config),
        )
        graph = fitted.graph
        labels = zip(graph.feature_names, graph.feature_kinds, graph.feature_groups)
        names = [name for name, *of in labels if CARRIED in of or POINTS_GROUP in of]
        found._remember(names, None)
        found.graph_ = graph
        found.maps_ = {fitted.target: dataclasses.replace(fitted, graph=None)}
        found.runs_ = {}
        found.metrics_ = {fitted.target: metrics_of(fitted.details["numbers"])}
        return found

    def report(
        self, path: str | Path, target: str | None = None, progress: Progress | None = None
    ) -> Path:
        """Write the report of a target as HTML.

        `target` may be left out if there is only one.

        Raises
        ------
        InputError
            If there are several targets and none is named, or the interpolator was loaded.
        OutputError
            If it cannot be written there.
        """
        name = self._named(target)
        if name not in self.runs_:
            raise InputError(
                tr(
                    "A model file does not have the tests that a report tells of; write the report "
                    "after fit, before save and load."
                )
            )
        run, graph = self.runs_[name], self.graph_
        with showing(progress, self.verbose) as shown, self._outputs("report", path) as outputs:
            found = self.maps_[name].map(graph, run.config.uncertainty.level, shown)
            run.trust["applicability"] = applicable_share(found, shown)
            write_report(run, graph, name, outputs, found.mean, found.std)
            outputs.commit()
        return Path(path)

    def __sklearn_tags__(self) -> Any:
        tags = super().__sklearn_tags__()
        tags.input_tags.allow_nan = True
        tags.target_tags.multi_output = True
        return tags

    def _outputs(self, key: str, path: str | Path) -> OutputSet:
        self._check_fitted()
        return OutputSet({key: str(path)}, inputs=self._input_files())

    def _named(self, target: str | None) -> str:
        self._check_fitted()
        if target is None and len(self.maps_) == 1:
            return next(iter(self.maps_))
        if target not in self.maps_:
            raise InputError(
                tr("Name the target; the map has: {known}.").format(known=", ".join(self.maps_))
            )
        return str(target)

    def _check_fitted(self) -> None:
        if not hasattr(self, "maps_"):
            raise NotFittedError(tr("Call fit before predict."))

    def _input_files(self) -> set[Path]:
        return input_files_of(self.get_params(deep=False)) | named_files(self._source)

    def _remember(self, features: Sequence[str], inputs: Inputs | None) -> None:
        """Keep what a later prediction needs to know of the fit."""
        self._features, self._inputs = tuple(features), inputs
        self.feature_names_in_ = np.array(features, dtype=object)
        self.n_features_in_ = len(features)


def _changed(config: Config) -> dict[str, dict[str, Any]]:
    """The options that are not their defaults, by section."""
    ours, plain = dataclasses.asdict(config), dataclasses.asdict(Config())
    changed = {
        section: {name: value for name, value in own.items() if value != plain[section][name]}
        for section, own in ours.items()
    }
    return {section: own for section, own in changed.items() if own}


def metrics_of(numbers: Mapping[str, Any]) -> dict[str, Any]:
    """Accuracy by name, of what a run tells."""
    return {name.lower(): value for name, value in numbers.items() if name != "EPOCHS"}
