"""Interpolation in three lines: a table of points in, a map with its uncertainty out."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, overload

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike
from shapely.geometry.base import BaseGeometry

from .assembly.areal import read_districts
from .assembly.districts import Districts, districts_of
from .assembly.given import crs_text, frame_points, names_of, read_frame
from .assembly.reading import read_graph
from .config.schema import Config
from .data.builders.crs import parse_crs
from .data.sources.arrays import Given, points_from_arrays, points_from_rows
from .data.sources.points import Points
from .errors import InputError
from .estimator import MapEstimator, metrics_of
from .language import tr
from .names import INTERPOLATE, NO_WORLDCOVER
from .parameters import config_of, inputs_of
from .prediction.fitted import FittedMap
from .prediction.result import InterpolationResult
from .progress import Part, Progress, showing
from .validation.districts import fit_districts
from .validation.fitting import fit_all, validate
from .validation.run import Run


class GeoHGInterpolator(MapEstimator):
    """Make a map from points with measured values; a regressor of scikit-learn.

    The default model reads points where they are, and maps the mean of each cell of a grid; other
    models read the mean of the points in each cell. Some cells with values are held out to
    compare the accuracy with inverse distance weighting and kriging. Then the model is
    fitted to all cells with values, and predicts every cell with an interval.

    Features are other values measured at the points, such as elevation. Ordinary kriging
    estimates a feature in cells without points. Kriged values are less exact than measured
    ones, so cells with points also get a kriged value that leaves out their own
    measurement. The default model uses them where left-out cells are predicted better so;
    networks do not read them. A feature that most cells have, or that rows without a target
    value have, is used as measured, and kriged elsewhere. Give what is known everywhere, such
    as land cover or elevation, as a raster instead.

    Parameters
    ----------
    resolution : float or None
        Side of a cell, in the unit of `crs`; None chooses one that suits the points.
    epochs : int
        Maximum number of training epochs of networks; the default model has none.
    crs : str, optional
        CRS of the grid, and of coordinates that have none of their own; by default that of
        the points, or else EPSG:4326.
    landcover : path or sequence of paths, optional
        Categorical rasters such as ESA WorldCover; several are tiles of one.
    worldcover : str
        The map of ESA WorldCover to fetch if `landcover` is not given: `2020`, `2021` or
        `none`.
    pois : path, DataFrame or GeoDataFrame, optional
        Points of interest, with the columns in `poi_columns`.
    poi_columns : tuple of str
        Columns with x, y and category of the points of interest. Of geometries only the
        category is read.
    study_area : shapely polygon, GeoDataFrame, GeoSeries or path, optional
        Only cells whose centre lies inside are mapped; points in other cells are left out.
    covariate_rasters : path, sequence of paths, or mapping of str to path, optional
        Rasters of continuous quantities that are known in every cell, such as elevation, rain
        or night light: files, or files by the names of their columns.
    ground : mapping of str to object, optional
        More that is known of the ground: `classes`, further class rasters by type; `zones`,
        as `hypernodes`; `distances`, vector files by name; `covariates`, as
        `covariate_rasters`, whose items may also be `{"path": path, "elevation": True}`.
    hypernodes : mapping of str to object, optional
        Other types of hypernodes, such as `{"district": districts}`: what cells of one name
        share. Each is polygons (path, GeoDataFrame) whose names are in the column called as
        the type or `name`, or `(polygons, "column")`; an array of labels of the cells of the
        map; or a function of x and y of their centres that returns labels.
    model : str
        `propagation`, `gnn` or `deepkernel`; see `ModelConfig.kind`.
    masked_ratio : float
        Share of the cells with values held out to measure accuracy; 0 measures none.
    level : float
        Share of new measurements that the intervals should contain.
    seed : int
        Random seed.
    device : str
        Where to compute: `auto`, `cpu`, `cuda` or `mps`.
    options : mapping, optional
        More options by section, such as `{"model": {"gnn_type": "SAGEConv"}}`.
    verbose : bool
        Whether a bar shows the progress.

    Attributes
    ----------
    graph_ : GraphRawData
        The graph of the grid cells.
    maps_ : dict of str to FittedMap
        The fitted model of each target; `save` writes one to a file.
    runs_ : dict of str to Run
        Validation results of each target; `report` writes them. None after `load`.
    metrics_ : dict of str to dict
        Accuracy on held-out cells by target; see `InterpolationResult`.
    feature_names_in_ : array of str
        Names of the features given to `fit`; if one table was given, of its columns.
    n_features_in_ : int
        Their number.

    Warns
    -----
    GeoHGWarning
        Of what the user should know about a result, such as points that were left out.

    Examples
    --------
    >>> interp, result = GeoHGInterpolator.from_dataframe(
    ...     df, coord_columns=["lon", "lat"], target_column="value", resolution=0.01
    ... )  # doctest: +SKIP
    >>> result.to_geotiff("map.tif")  # doctest: +SKIP
    >>> mean, std = interp.predict([[113.3, 23.1]], return_std=True)  # doctest: +SKIP
    """

    def __init__(
        self,
        resolution: float | None = 0.01,
        epochs: int = 600,
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
        model: str = "propagation",
        masked_ratio: float = 0.2,
        level: float = 0.9,
        seed: int = 0,
        device: str = "auto",
        options: Mapping[str, Mapping[str, Any]] | None = None,
        verbose: bool = False,
    ) -> None:
        self.resolution = resolution
        self.epochs = epochs
        self.crs = crs
        self.landcover = landcover
        self.worldcover = worldcover
        self.pois = pois
        self.poi_columns = poi_columns
        self.study_area = study_area
        self.covariate_rasters = covariate_rasters
        self.ground = ground
        self.hypernodes = hypernodes
        self.model = model
        self.masked_ratio = masked_ratio
        self.level = level
        self.seed = seed
        self.device = device
        self.options = options
        self.verbose = verbose

    @classmethod
    def from_dataframe(
        cls,
        df: pd.DataFrame | str | Path,
        coord_columns: Sequence[str] = ("lon", "lat"),
        target_column: str | Sequence[str] = "value",
        resolution: float | None = 0.01,
        feature_columns: str | Sequence[str] | None = None,
        progress: Progress | None = None,
        group_column: str | None = None,
        support: str | None = None,
        keep: bool | None = None,
        weight: str | Path | None = None,
        points: Any = None,
        **parameters: Any,
    ) -> tuple[GeoHGInterpolator, InterpolationResult]:
        """Fit to a table and predict.

        Parameters
        ----------
        df : DataFrame, GeoDataFrame or path
            One row per point. Rows without a value can still provide features. A path is that
            of a CSV file, or of a GeoPackage, GeoJSON or Shapefile.
        coord_columns : two str
            Columns of x (east or longitude) and y, in this order. Points with a geometry need
            none.
        target_column : str or sequence of str
            Columns with the values to predict.
        resolution : float or None
            Side of a cell, in the unit of the CRS; None chooses one that suits the points.
        feature_columns : str or sequence of str, optional
            Columns of features. By default every other numeric column; `[]` for none.
        progress : Progress, optional
            Receives progress and messages.
        group_column : str, optional
            Column with the group of each point, such as its site. `options={"training":
            {"validation": "groups"}}` holds out whole groups.
        support : str, optional
            Where `df` has polygons, such as districts: whether a value is the `mean` of the
            polygon's cells or their `total`. There is one target then, and no feature.
        keep : bool, optional
            Whether the cells add up to exactly the values of polygons; by default those of
            totals.
        weight : path, optional
            A raster: means of polygons are those of cells weighted by it, as by population.
        points : DataFrame, GeoDataFrame or path, optional
            Values of the same quantity at points, beside means of polygons.
        **parameters
            Parameters of the constructor.

        Returns
        -------
        GeoHGInterpolator, InterpolationResult
            The fitted interpolator and the map.

        Raises
        ------
        InputError
            For a table that cannot be used, in one sentence.
        """
        interpolator = cls(resolution, **parameters)
        targets = names_of(target_column, "target_column")
        if support is not None:
            polygons = districts_of(
                (df, interpolator.crs, targets), support, keep, weight, (points, coord_columns)
            )
            with showing(progress, interpolator.verbose) as shown:
                interpolator._fit_districts(polygons, shown)
                interpolator._source = df if isinstance(df, (str, Path)) else None
                return interpolator, interpolator.predict(progress=shown)
        features = feature_columns
        if features is not None:
            features = names_of(features, "feature_columns")
        with showing(progress, interpolator.verbose) as shown:
            group = None if group_column is None else str(group_column)
            table, crs, columns = read_frame(df, interpolator.crs, coord_columns, group)
            given = frame_points(table, crs, columns, targets, features, group)
            interpolator._fit(given, shown)
            interpolator._source = df if isinstance(df, (str, Path)) else None
            return interpolator, interpolator.predict(progress=shown)

    @overload
    def fit(
        self,
        X: Any,
        y: Any,
        values: None = None,
        progress: Progress | None = None,
        groups: ArrayLike | None = None,
    ) -> GeoHGInterpolator: ...

    @overload
    def fit(
        self,
        coords: Any,
        features: Any,
        /,
        values: Any,
        progress: Progress | None = None,
        groups: ArrayLike | None = None,
    ) -> GeoHGInterpolator: ...

    @overload
    def fit(
        self,
        *,
        coords: Any,
        features: Any = None,
        values: Any,
        progress: Progress | None = None,
        groups: ArrayLike | None = None,
    ) -> GeoHGInterpolator: ...

    def fit(
        self,
        X: Any = None,
        y: Any = None,
        values: Any = None,
        progress: Progress | None = None,
        groups: ArrayLike | None = None,
        *,
        coords: Any = None,
        features: Any = None,
    ) -> GeoHGInterpolator:
        """Fit a model to points: `fit(X, y)` or `fit(coords, features, values)`.

        Parameters
        ----------
        X : array [n, 2 or more], DataFrame, GeoDataFrame, or points of GeoPandas or shapely
            x (east or longitude) and y in the first two columns, features in the others. Columns
            of a DataFrame that are called latitude and longitude, lat and lon, or northing and
            easting are taken by name, whatever their order; if there are only two, so are y
            and x. Geometries stand in place of the coordinates.
        y : array [n] or [n, t] or DataFrame
            Values to predict, one column per target; NaN where not measured.
        coords : as X
            Coordinates alone, `fit(coords, features, values)`.
        features : array [n, k] or DataFrame or None
            Other values measured at the points; NaN where not measured.
        values : as y
            Values to predict.
        progress : Progress, optional
            Receives progress and messages.
        groups : array [n], optional
            Name or number of the group of each point; see `from_dataframe`.

        Raises
        ------
        InputError
            For points or options that cannot be used, in one sentence.
        FitError
            If the values cannot be modelled.
        """
        X = X if coords is None else coords
        y = y if features is None else features
        crs = crs_text(self.crs)
        config_of(self.get_params(deep=False))
        with showing(progress, self.verbose) as shown:
            if values is not None:
                return self._fit(points_from_arrays(X, y, values, groups, crs), shown)
            if y is None or isinstance(y, str):
                raise InputError(
                    tr(
                        "Give y, the values to predict, as an array; the name of a column goes "
                        "to from_dataframe."
                    )
                )
            given = points_from_rows(X, y, groups, crs)
            self._fit(given, shown)
            self.n_features_in_ = 2 + len(given[2])
            del self.feature_names_in_
            if isinstance(X, pd.DataFrame):
                self.feature_names_in_ = np.array(list(X.columns), dtype=object)
                self.n_features_in_ = X.shape[1]
            return self

    def _fit(self, given: Given, progress: Progress) -> GeoHGInterpolator:
        parameters = self.get_params(deep=False)
        config = config_of(parameters)
        points, targets, features = given
        inputs = inputs_of(parameters, points, config)
        self.graph_ = read_graph(inputs, config.model, Part(progress, 0.0, 0.2))
        self._remember(features, inputs)
        self.maps_ = {}
        self.runs_ = {}
        self.metrics_ = {}
        for number, target in enumerate(targets):
            step = 0.8 / len(targets)
            part = Part(progress, 0.2 + number * step, 0.2 + (number + 1) * step)
            self._fit_target(target, config, part)
        return self

    def _fit_districts(self, given: Districts, progress: Progress) -> None:
        parameters, target = self.get_params(deep=False), given.target
        config = config_of(parameters)
        crs = parse_crs(given.table.crs, tr("the polygons"))
        nothing = Points(np.empty((0, 2)), {}, {}, crs, {})
        inputs = inputs_of(parameters, nothing, config)
        run = Run({"job": INTERPOLATE}, config, progress)
        self.graph_, areas = read_districts(given, inputs, config, Part(run, 0.0, 0.2))
        self._remember((), inputs)
        fitted = fit_districts(run, self.graph_, target, areas, config, Part(run, 0.2, 1.0))
        self.maps_, self.runs_ = {target: fitted}, {target: run}
        self.metrics_ = {target: metrics_of(run.numbers())}

    def _fit_target(self, target: str, config: Config, progress: Progress) -> None:
        graph = self.graph_
        run = Run({"job": INTERPOLATE}, config, progress)
        tested = validate(run, graph, target, config, Part(run, 0.0, 0.65))
        fitting = (run, graph, target, config, Part(run, 0.65, 0.95))
        observed, model = fit_all(*fitting, tested)
        part = Part(run, 0.95, 1.0)
        self.maps_[target] = FittedMap.learn(
            model, graph, target, observed, run.reach, run.details(), part
        )
        self.runs_[target] = run
        self.metrics_[target] = metrics_of(run.numbers())
