"""Interpolation in three lines: a table of points in, a map with its uncertainty out."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike, NDArray
from shapely.geometry.base import BaseGeometry
from sklearn.base import BaseEstimator
from sklearn.exceptions import NotFittedError

from .assembly.inputs import Inputs, Table
from .assembly.reading import read_graph
from .config.checks import Many
from .config.loader import merge
from .config.schema import Config, make_config
from .data.builders.crs import parse_crs
from .data.sources.area import StudyArea
from .data.sources.arrays import points_from_arrays
from .data.sources.points import Points
from .data.sources.positions import check_names
from .errors import InputError, shown
from .files import OutputSet
from .jobs.inputfiles import raster_files
from .jobs.layers import applicable_share
from .jobs.request import CELL_SIZE, FILE, NAME
from .language import tr
from .names import INTERPOLATE, NO_WORLDCOVER
from .originals import named_files
from .prediction.fitted import FittedMap
from .prediction.result import LAYERS, InterpolationResult
from .prediction.surface import to_grid
from .progress import Part, Progress, Silent
from .report.report import write_report
from .validation.fitting import fit_all, fit_and_score, score_blocks
from .validation.run import Run

Array = NDArray[np.float64]

_PATHS = Many(FILE)
# What each of `LAYERS` is of a map of cells.
_FIELDS = ("mean", "std", "lower", "upper", "dissimilarity", "applicable")
_POI_COLUMNS = Many(NAME, 3, 3, distinct=True)


class GeoHGInterpolator(BaseEstimator):
    """Make a map from points with measured values; a scikit-learn estimator.

    Points are averaged in the cells of a grid. Some cells with values are held out to
    compare the accuracy with inverse distance weighting and kriging. Then the model is
    fitted to all cells with values, and predicts every cell with an interval.

    Features are other values measured at the points, such as elevation. Ordinary kriging
    estimates a feature in cells without points. Kriged values are less exact than measured
    ones, so cells with points also get a kriged value that leaves out their own
    measurement. Networks do not read such features. A feature that most cells have is used
    as measured; rows without a target value can provide it for more cells. Give what is
    known everywhere, such as land cover, as a raster instead.

    Parameters
    ----------
    resolution : float or None
        Side of a cell, in the unit of `crs`; None chooses one that suits the points.
    epochs : int
        Maximum number of training epochs of networks; the default model has none.
    crs : str
        CRS of the coordinates and of the grid.
    landcover : path or sequence of paths, optional
        Categorical rasters such as ESA WorldCover; several are tiles of one.
    worldcover : str
        The map of ESA WorldCover to fetch if `landcover` is not given: `2020`, `2021` or
        `none`.
    pois : path or DataFrame, optional
        Points of interest, in the same CRS, with the columns in `poi_columns`.
    poi_columns : tuple of str
        Columns with x, y and category of the points of interest.
    study_area : shapely polygon, optional
        In the same CRS. Only cells whose centre lies inside are mapped; points in other
        cells are left out.
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

    Attributes
    ----------
    graph_ : GraphRawData
        The graph of the grid cells.
    maps_ : dict of str to FittedMap
        The fitted model of each target; `save` writes one to a file.
    runs_ : dict of str to Run
        Validation results of each target; `report` writes them.
    metrics_ : dict of str to dict
        Accuracy on held-out cells by target; see `InterpolationResult`.
    feature_names_in_ : array of str
        Names of the features given to `fit`.
    n_features_in_ : int
        Number of features.

    Examples
    --------
    >>> interp, result = GeoHGInterpolator.from_dataframe(
    ...     df, coord_columns=["lon", "lat"], target_column="value", resolution=0.01
    ... )  # doctest: +SKIP
    >>> result.to_geotiff("map.tif")  # doctest: +SKIP
    """

    def __init__(
        self,
        resolution: float | None = 0.01,
        epochs: int = 600,
        *,
        crs: str = "EPSG:4326",
        landcover: str | Path | Sequence[str | Path] | None = None,
        worldcover: str = NO_WORLDCOVER,
        pois: str | Path | pd.DataFrame | None = None,
        poi_columns: tuple[str, str, str] = ("lon", "lat", "category"),
        study_area: BaseGeometry | None = None,
        model: str = "propagation",
        masked_ratio: float = 0.2,
        level: float = 0.9,
        seed: int = 0,
        device: str = "auto",
        options: Mapping[str, Mapping[str, Any]] | None = None,
    ) -> None:
        self.resolution = resolution
        self.epochs = epochs
        self.crs = crs
        self.landcover = landcover
        self.worldcover = worldcover
        self.pois = pois
        self.poi_columns = poi_columns
        self.study_area = study_area
        self.model = model
        self.masked_ratio = masked_ratio
        self.level = level
        self.seed = seed
        self.device = device
        self.options = options

    @classmethod
    def from_dataframe(
        cls,
        df: pd.DataFrame,
        coord_columns: Sequence[str] = ("lon", "lat"),
        target_column: str | Sequence[str] = "value",
        resolution: float | None = 0.01,
        feature_columns: Sequence[str] | None = None,
        progress: Progress | None = None,
        group_column: str | None = None,
        **parameters: Any,
    ) -> tuple[GeoHGInterpolator, InterpolationResult]:
        """Fit to a table and predict.

        Parameters
        ----------
        df : DataFrame
            One row per point. Rows without a value can still provide features.
        coord_columns : two str
            Columns of x (east or longitude) and y, in this order.
        target_column : str or sequence of str
            Columns with the values to predict.
        resolution : float or None
            Side of a cell, in the unit of the CRS; None chooses one that suits the points.
        feature_columns : sequence of str, optional
            Columns of features. By default every other numeric column; `[]` for none.
        progress : Progress, optional
            Receives progress and messages.
        group_column : str, optional
            Column with the group of each point, such as its site. `options={"training":
            {"validation": "groups"}}` holds out whole groups.
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
        targets = [target_column] if isinstance(target_column, str) else list(target_column)
        used = {*coord_columns, *targets}
        if feature_columns is None:
            numeric = df.select_dtypes("number").columns
            feature_columns = [name for name in numeric if name not in {*used, group_column}]
        wanted = (
            *coord_columns,
            *targets,
            *feature_columns,
            *([group_column] * bool(group_column)),
        )
        missing = [name for name in wanted if name not in df]
        if missing:
            known = ", ".join(map(str, df.columns))
            raise InputError(
                tr("The table has no column '{name}'; it has: {known}.").format(
                    name=missing[0], known=known
                )
            )
        interpolator = cls(resolution, **parameters)
        features = df[list(feature_columns)] if feature_columns else None
        groups = df[group_column] if group_column else None
        x, y = coord_columns
        check_names(x, y, tr("the points"))
        # Named here, they are not taken by name.
        coords = df[list(coord_columns)].rename(columns={x: "x", y: "y"})
        interpolator.fit(coords, features, df[targets], progress, groups)
        return interpolator, interpolator.predict()

    def fit(
        self,
        coords: ArrayLike,
        features: ArrayLike | None,
        values: ArrayLike,
        progress: Progress | None = None,
        groups: ArrayLike | None = None,
    ) -> GeoHGInterpolator:
        """Fit a model to points.

        Parameters
        ----------
        coords : array [n, 2] or DataFrame
            x (east or longitude) and y in `crs`. Columns of a DataFrame that are called
            latitude and longitude, lat and lon, northing and easting, or y and x, are taken by
            name, whatever their order.
        features : array [n, k] or DataFrame or None
            Other values measured at the points; NaN where not measured.
        values : array [n] or [n, t] or DataFrame
            Values to predict, one column per target; NaN where not measured.
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
        progress = progress or Silent()
        config = self._config()
        points, targets, names = points_from_arrays(coords, features, values, groups, self._crs())
        inputs = self._inputs(points, config)
        self.graph_ = read_graph(inputs, config.model, Part(progress, 0.0, 0.2))
        self.feature_names_in_ = np.array(names, dtype=object)
        self.n_features_in_ = len(names)
        self.maps_: dict[str, FittedMap] = {}
        self.runs_: dict[str, Run] = {}
        self.metrics_: dict[str, dict[str, Any]] = {}
        for number, target in enumerate(targets):
            step = 0.8 / len(targets)
            part = Part(progress, 0.2 + number * step, 0.2 + (number + 1) * step)
            self._fit_target(target, config, part)
        return self

    def predict(self, progress: Progress | None = None) -> InterpolationResult:
        """Predict every cell of the grid, for every target.

        Raises
        ------
        sklearn.exceptions.NotFittedError
            Before `fit`.
        """
        self._check_fitted()
        graph, grid, level = self.graph_, self.graph_.grid, self._config().uncertainty.level
        layers: dict[str, list[Array]] = {name: [] for name in LAYERS}
        for fitted in self.maps_.values():
            found = fitted.map(graph, level, progress)
            for name, field in zip(LAYERS, _FIELDS):
                layers[name].append(to_grid(graph, getattr(found, field)))
        targets = tuple(self.maps_)
        alone = len(targets) == 1
        lons = grid.centres(np.arange(grid.cols))[:, 0]
        lats = grid.centres(np.arange(grid.rows) * grid.cols)[:, 1]
        return InterpolationResult(
            **{name: planes[0] if alone else np.stack(planes) for name, planes in layers.items()},
            lons=lons,
            lats=lats,
            targets=targets,
            metrics=self.metrics_[targets[0]] if alone else dict(self.metrics_),
            crs=grid.crs,
            transform=grid.transform,
            level=level,
            attribution=graph.info.attribution,
            inputs=tuple(map(str, self._input_files())),
        )

    def save(self, path: str | Path, target: str | None = None) -> Path:
        """Write the model of a target to a file that `FittedMap.load` reads.

        `target` may be left out if there is only one.

        Raises
        ------
        InputError
            If there are several targets and none is named.
        OutputError
            If it cannot be written there.
        """
        with self._outputs("model", path) as outputs:
            self.maps_[self._named(target)].save(outputs.stage("model"))
            outputs.commit()
        return Path(path)

    def report(
        self, path: str | Path, target: str | None = None, progress: Progress | None = None
    ) -> Path:
        """Write the report of a target as HTML.

        `target` may be left out if there is only one.

        Raises
        ------
        InputError
            If there are several targets and none is named.
        OutputError
            If it cannot be written there.
        """
        name = self._named(target)
        run, graph, progress = self.runs_[name], self.graph_, progress or Silent()
        found = self.maps_[name].map(graph, run.config.uncertainty.level, progress)
        run.trust["applicability"] = applicable_share(found, progress)
        with self._outputs("report", path) as outputs:
            write_report(run, graph, name, outputs, found.mean, found.std)
            outputs.commit()
        return Path(path)

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
        """The files that a map was made from."""
        given = [self.landcover] if isinstance(self.landcover, (str, Path)) else self.landcover
        return raster_files(given or ()) | named_files([*(given or ()), self.pois])

    def _config(self) -> Config:
        own: dict[str, dict[str, Any]] = {
            "data": {"worldcover": self.worldcover},
            "model": {"kind": self.model},
            "training": {
                "epochs": self.epochs,
                "masked_ratio": self.masked_ratio,
                "seed": self.seed,
                "device": self.device,
            },
            "uncertainty": {"level": self.level},
        }
        make_config(self.options or {})
        return make_config(merge(own, self.options or {}))

    def _crs(self) -> str:
        """The CRS as text; pyproj's own, or a code, serve too."""
        return (
            self.crs
            if isinstance(self.crs, str)
            else parse_crs(self.crs, tr("the points")).to_string()
        )

    def _inputs(self, points: Points, config: Config) -> Inputs:
        """What the graph is made of."""
        size = self.resolution
        size = None if size is None else CELL_SIZE.check(size, "resolution")
        paths = _PATHS.check(_listed(self.landcover), "landcover")
        return Inputs(
            points,
            tuple((path, 1) for path in paths),
            None if self.pois is None else self._pois(),
            None if self.study_area is None else _study_area(self.study_area, points),
            {"crs": self._crs(), "cell_size": size},
            worldcover=config.data.worldcover,
        )

    def _pois(self) -> tuple[Table, str]:
        x, y, category = _POI_COLUMNS.check(self.poi_columns, "poi_columns")
        table = self.pois
        if not isinstance(table, pd.DataFrame):
            table = FILE.check(table, "pois")
        return Table(table, self._crs(), (x, y)), category

    def _fit_target(self, target: str, config: Config, progress: Progress) -> None:
        graph = self.graph_
        run = Run({"job": INTERPOLATE}, config, progress)
        fit_and_score(run, graph, target, config, Part(run, 0.0, 0.35))
        score_blocks(run, graph, target, config, Part(run, 0.35, 0.65))
        observed, model = fit_all(run, graph, target, config, Part(run, 0.65, 0.95))
        part = Part(run, 0.95, 1.0)
        self.maps_[target] = FittedMap.learn(
            model, graph, target, observed, run.reach, run.details(), part
        )
        self.runs_[target] = run
        self.metrics_[target] = {
            name.lower(): value for name, value in run.numbers().items() if name != "EPOCHS"
        }


def _listed(paths: Any) -> list[Any]:
    """One path, several or none as a list."""
    if isinstance(paths, Iterable) and not isinstance(paths, (str, bytes)):
        return list(paths)
    return [] if paths is None else [paths]


def _study_area(shape: Any, points: Points) -> StudyArea:
    if getattr(shape, "geom_type", "") not in ("Polygon", "MultiPolygon"):
        raise InputError(
            tr("'study_area' must be a polygon or multipolygon of shapely, got {value}.").format(
                value=shown(shape)
            )
        )
    return StudyArea(shape, points.crs)
