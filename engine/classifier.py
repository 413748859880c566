"""Classes in three lines: points of classes in, a map of them out."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike, NDArray
from shapely.geometry.base import BaseGeometry
from sklearn.base import BaseEstimator, ClassifierMixin
from sklearn.exceptions import NotFittedError
from sklearn.utils.multiclass import check_classification_targets
from sklearn.utils.validation import column_or_1d

from .assembly.given import crs_text
from .assembly.points import graphs_around
from .assembly.reading import read_graph
from .config.schema import UncertaintyConfig
from .data.sources.arrays import places_from_rows, points_from_rows
from .data.sources.classpoints import ClassPoints, Labelled, check_classes
from .errors import InputError
from .files import OutputSet
from .jobs.classmapping import write_class_rasters
from .language import tr
from .models.classes import ClassProcess
from .names import CLASSIFY, NO_WORLDCOVER
from .parameters import config_of, input_files_of, inputs_of
from .prediction.classmaps import ClassMap
from .prediction.fittedclasses import FittedClasses
from .progress import Part, Progress, showing
from .report.classes import class_numbers, write_class_report
from .validation.classing import ClassTest, hold_out_classes
from .validation.run import Run

Array = NDArray[np.float64]


class GeoHGClassifier(ClassifierMixin, BaseEstimator):
    """Map a class, such as the type of soil, from points; a classifier of scikit-learn.

    Some cells with points are held out to compare the accuracy with the nearest measured cell and
    a random forest. Then the model is fitted to all cells with points. A cell with points of
    several classes counts for each by its share.

    Parameters
    ----------
    resolution, crs, landcover, worldcover, pois, poi_columns, study_area
        See `GeoHGInterpolator`.
    covariate_rasters, ground, hypernodes, seed, device, options, verbose
        See `GeoHGInterpolator`.
    masked_ratio : float
        Share of the cells with points held out to measure accuracy; 0 measures none.

    Attributes
    ----------
    classes_ : array [K]
        The classes, sorted.
    graph_ : GraphRawData
        The graph of the grid cells.
    tests_ : dict of str to ClassTest
        What was predicted of held-out cells, by the way in which they were held out.
    metrics_ : dict of str to float
        `accuracy`, `kappa`, `log_loss` and `brier` on held-out cells; `nearest_` and `forest_` in
        front are for the other methods, and `blocks_` before that for held-out spatial blocks.
        None where nothing was held out, or a method has no such figure.

    Examples
    --------
    >>> classifier = GeoHGClassifier(resolution=500, crs="EPSG:32631")
    >>> classifier.fit(xy, soil).predict_proba(places)  # doctest: +SKIP
    >>> classifier.save_map("soil.tif", report="soil.html")  # doctest: +SKIP
    """

    def __init__(
        self,
        resolution: float | None = 0.01,
        *,
        crs: str | None = None,
        landcover: str | Path | Sequence[str | Path] | None = None,
        worldcover: str = NO_WORLDCOVER,
        pois: str | Path | pd.DataFrame | None = None,
        poi_columns: tuple[str, str, str] = ("lon", "lat", "category"),
        study_area: BaseGeometry | pd.DataFrame | pd.Series | str | Path | None = None,
        covariate_rasters: str | Path | Sequence[Any] | Mapping[str, Any] | None = None,
        ground: Mapping[str, Any] | None = None,
        hypernodes: Mapping[str, Any] | None = None,
        masked_ratio: float = 0.2,
        seed: int = 0,
        device: str = "auto",
        options: Mapping[str, Mapping[str, Any]] | None = None,
        verbose: bool = False,
    ) -> None:
        self.resolution = resolution
        self.crs = crs
        self.landcover = landcover
        self.worldcover = worldcover
        self.pois = pois
        self.poi_columns = poi_columns
        self.study_area = study_area
        self.covariate_rasters = covariate_rasters
        self.ground = ground
        self.hypernodes = hypernodes
        self.masked_ratio = masked_ratio
        self.seed = seed
        self.device = device
        self.options = options
        self.verbose = verbose

    def fit(
        self,
        X: Any,
        y: ArrayLike,
        progress: Progress | None = None,
        groups: ArrayLike | None = None,
    ) -> GeoHGClassifier:
        """Fit to points with classes.

        Parameters
        ----------
        X : as of `GeoHGInterpolator.fit`
            Coordinates, and features after them.
        y : array [n]
            The class of each point, of any type that can be sorted; None or NaN where unknown.
        progress : Progress, optional
            Receives progress and messages.
        groups : array [n], optional
            Name or number of the group of each point; see `GeoHGInterpolator.fit`.

        Raises
        ------
        InputError
            For points, classes or options that cannot be used, in one sentence.
        """
        parameters = self.get_params(deep=False)
        config = config_of(parameters)
        codes, self.classes_ = _coded(y)
        names = tuple(map(str, self.classes_))
        with showing(progress, self.verbose) as shown:
            run = Run({"job": CLASSIFY}, config, shown)
            points, (field,), features = points_from_rows(X, codes, groups, crs_text(self.crs))
            self._inputs = inputs_of(parameters, points, config)
            graph = read_graph(self._inputs, config.model, Part(run, 0.0, 0.2))
            labelled = Labelled.of(ClassPoints(points, field, names), graph, run)
            # Classes beyond the map are known, and predicted nowhere.
            self._columns = [names.index(name) for name in labelled.names]
            self.tests_: dict[str, ClassTest] = hold_out_classes(
                graph, labelled, config, Part(run, 0.2, 0.9)
            )
            part = Part(run, 0.9, 1.0)
            model = ClassProcess(config).fit(graph, labelled.shares, labelled.observed, part)
            numbers = class_numbers(self.tests_)
            made = (field, labelled, {**run.details(), "numbers": numbers}, part)
            self._fitted = FittedClasses.learn(model, graph, *made)
        self.graph_, self._run, self._features = graph, run, features
        self.metrics_ = {name.lower(): value for name, value in numbers.items()}
        self.n_features_in_ = X.shape[1] if isinstance(X, pd.DataFrame) else 2 + len(features)
        if isinstance(X, pd.DataFrame):
            self.feature_names_in_ = np.array(list(X.columns), dtype=object)
        return self

    def predict_proba(self, X: Any, progress: Progress | None = None) -> Array:
        """The probability of each of `classes_` at places, that of their cells.

        Parameters
        ----------
        X : as in `fit`
            Places: coordinates, alone or with all features.
        progress : Progress, optional
            Receives progress and messages.

        Returns
        -------
        array [n, K]
            NaN where nothing is known of the ground.

        Raises
        ------
        sklearn.exceptions.NotFittedError
            Before `fit`.
        InputError
            For places that cannot be used.
        """
        self._check_fitted()
        config, grid = config_of(self.get_params(deep=False)), self.graph_.grid
        with showing(progress, self.verbose) as shown:
            xy, covariates = places_from_rows(X, grid.crs, self._features, grid.pyproj_crs)
            found = np.full((len(xy), len(self.classes_)), np.nan)
            around = (self.graph_, self._inputs, xy, covariates, config.model, shown)
            for graph, index in graphs_around(*around):
                inside = np.flatnonzero(index >= 0)
                if len(inside):
                    found[inside] = self._every(
                        self._fitted.model.predict(graph, shown, index[inside])
                    )
        return found

    def predict(self, X: Any, progress: Progress | None = None) -> NDArray[Any]:
        """The likeliest class at places [n]; parameters as of `predict_proba`.

        Raises
        ------
        InputError
            As `predict_proba`, and if nothing is known of the ground at a place.
        """
        found = self.predict_proba(X, progress)
        unknown = int(np.isnan(found[:, 0]).sum())
        if unknown:
            raise InputError(
                tr(
                    "{count} places have no class: they have no position, or lie where nothing is "
                    "known of the ground; leave them out, or use predict_proba, which gives NaN."
                ).format(count=unknown)
            )
        classes: NDArray[Any] = self.classes_[found.argmax(axis=1)]
        return classes

    def map(self, progress: Progress | None = None) -> ClassMap:
        """The classes of all cells, with their probabilities, as arrays."""
        self._check_fitted()
        with showing(progress, self.verbose) as shown:
            return self._fitted.part(self.graph_, UncertaintyConfig(), shown)

    def save_map(
        self,
        class_map: str | Path | None = None,
        probabilities: str | Path | None = None,
        report: str | Path | None = None,
        applicability: str | Path | None = None,
        progress: Progress | None = None,
    ) -> ClassMap:
        """Write the map, and return it.

        Parameters
        ----------
        class_map, probabilities : path, optional
            GeoTIFF of the likeliest class, and of the probabilities, a band a class.
        report : path, optional
            The report as HTML.
        applicability : path, optional
            GeoTIFF of the area of applicability.
        progress : Progress, optional
            Receives progress and messages.

        Raises
        ------
        OutputError
            If one cannot be written there; then none is.
        """
        found = self.map(progress)
        wanted = {"class_map": class_map, "probabilities": probabilities, "report": report}
        wanted["applicability"] = applicability
        with OutputSet(wanted, inputs=input_files_of(self.get_params(deep=False))) as outputs:
            write_class_rasters(outputs, found)
            share = float(np.mean(found.applicable))
            write_class_report(self._run, self._fitted.target, found, share, self.tests_, outputs)
            outputs.commit()
        return found

    def save(self, path: str | Path) -> Path:
        """Write a model file, from which `predict` and *Predict* map classes, here or elsewhere.

        Raises
        ------
        OutputError
            If it cannot be written there.
        """
        self._check_fitted()
        inputs = input_files_of(self.get_params(deep=False))
        with OutputSet({"model": path}, inputs=inputs) as outputs:
            self._fitted.save(outputs.stage("model"))
            outputs.commit()
        return Path(path)

    def __sklearn_tags__(self) -> Any:
        tags = super().__sklearn_tags__()
        tags.input_tags.allow_nan = True
        return tags

    def _every(self, probabilities: Array) -> Array:
        """Of all classes, 0 for those that have no point in the map."""
        found = np.zeros((len(probabilities), len(self.classes_)))
        found[:, self._columns] = probabilities
        return found

    def _check_fitted(self) -> None:
        if not hasattr(self, "_fitted"):
            raise NotFittedError(tr("Call fit before predict."))


def _coded(y: ArrayLike) -> tuple[Array, NDArray[Any]]:
    """The number of the class of each point, NaN where it has none, and the classes."""
    try:
        given = column_or_1d(y, warn=True)
    except ValueError as error:
        raise InputError(tr("y has no classes: {reason}").format(reason=error)) from error
    known = ~pd.isna(given)
    labels = given[known]
    try:
        labels = np.array(labels.tolist()) if given.dtype == object else labels
        check_classification_targets(labels)
        classes, number = np.unique(labels, return_inverse=True)
    except (TypeError, ValueError) as error:
        raise InputError(tr("y has no classes: {reason}").format(reason=error)) from error
    check_classes(classes.tolist(), "y", len(given))
    codes = np.full(len(given), np.nan)
    codes[known] = number
    return codes, classes
