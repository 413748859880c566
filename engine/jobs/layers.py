"""The map of a fitted model: every cell with its uncertainty, and the rasters that hold it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ..config.kinds import KINDS
from ..config.schema import Config, UncertaintyConfig
from ..data.builders.graph import GraphRawData
from ..data.builders.grid import Grid
from ..errors import InputError
from ..files import OutputSet
from ..language import tr
from ..models.base import simulating
from ..models.kinds import class_of
from ..names import CLASS_RASTERS, RASTERS
from ..numerics import float_type
from ..prediction.cellmap import CellMap, array_names
from ..prediction.cells import write_points, write_table
from ..prediction.contours import check_contours
from ..prediction.fitted import FittedMap
from ..prediction.parts import Layer
from ..prediction.suggesting import Suggested
from ..prediction.surface import to_grid, write_geotiff
from ..progress import Progress
from ..validation.trials import Trial
from .about import About

Array = NDArray[np.float64]

# Columns that a table or a layer of the cells has of its own.
_TAKEN = ("x", "y", "lon", "lat", "cell", "fid", "geom")

# Below this share of the cells, the area of applicability is worth a warning.
_MOSTLY = 0.9


def _no_residuals() -> InputError:
    return InputError(
        tr(
            "Residuals need held-out cells, but no cell is held out; hold some out, or do not ask "
            "for residuals."
        )
    )


def check_outputs(outputs: OutputSet, config: Config, trains: bool, targets: Sequence[str]) -> None:
    """Refuse at once what could not be written after a long run.

    Raises
    ------
    InputError
        If residuals are wanted of a job that trains, and no cell is held out; if a raster of
        probabilities or quantiles is wanted, and no threshold or quantile is named; if simulations
        are wanted of a model that has none; if a model file is wanted of several `targets`; if a
        network is asked where to measure next.
    """
    if trains and config.training.untested and outputs.wants("residuals"):
        raise _no_residuals()
    if outputs.wants("model") and len(targets) > 1:
        raise InputError(
            tr(
                "A model file holds the model of one value field, and there are {count}: {fields}. "
                "Leave the model file out, or write the graph file and train one model a field."
            ).format(count=len(targets), fields=", ".join(targets))
        )
    if trains and outputs.wants("simulations"):
        simulating(class_of(config.model.fitted_kind))
    if outputs.wants("next_points") and KINDS[config.model.kind].network:
        raise InputError(
            tr(
                "Where to measure next is told by the default model alone, which knows how cells "
                "go together; choose 'propagation', or leave that output out."
            )
        )
    for key, option in (("exceedance", "thresholds"), ("quantile_map", "quantiles")):
        if outputs.wants(key) and not getattr(config.uncertainty, option):
            text = tr("The output '{output}' needs numbers in 'uncertainty.{option}'; give some.")
            raise InputError(text.format(output=key, option=option))


def check_rasters(
    outputs: OutputSet, graph: GraphRawData, config: Config, targets: Sequence[str]
) -> None:
    """Refuse what cannot be written of these cells, before the prediction of the targets.

    Raises
    ------
    InputError
        For rasters and contours of cells that lie on no grid, naming what can be written instead;
        see `check_contours`, too.
    """
    on_grid = any(map(outputs.wants, (*RASTERS, *CLASS_RASTERS, "contours")))
    if on_grid and not isinstance(graph.geometry, Grid):
        raise InputError(
            tr(
                "The graph's {cells} cells have no grid, so they give no raster and no contours; "
                "write a table of the cells instead: .csv, .gpkg, .geojson or .fgb."
            ).format(cells=len(graph.cell))
        )
    if outputs.wants("contours"):
        values = [graph.target(name) for name in targets if name in graph.targets]
        measured = [each[np.isfinite(each)] for each in values]
        check_contours(graph.grid.size, measured, config.output.contour_interval)


def write_values(
    outputs: OutputSet, graph: GraphRawData, abouts: Sequence[About], maps: Sequence[CellMap]
) -> None:
    """Write the predictions of every cell as a table or a vector layer, if `table` is wanted.

    Its columns are named after the targets; a target `x` is `x_mean`, beside the cells' `x`.
    """
    if not outputs.wants("table"):
        return
    columns: dict[str, Array] = {}
    for target, found in zip((about.target for about in abouts), maps):
        arrays = found.arrays()
        own_names = ("std", "lower", "upper", "dissimilarity", "applicable")
        names = (*own_names, *array_names(found.above, found.quantiles))
        own = f"{target}_mean" if target.lower() in _TAKEN else target
        columns |= {own: found.mean, **{f"{target}_{name}": arrays[name] for name in names}}
    write_table(outputs.stage("table"), graph, columns)


def array_of(number: int, name: str) -> str:
    """What an array of the map of one of several targets, from 0, is called in its raster.

    >>> array_of(0, "mean"), array_of(1, "mean")
    ('mean', 'mean of 2')
    """
    return f"{name} of {number + 1}" if number else name


def layers_of(abouts: Sequence[About], how: UncertaintyConfig) -> dict[str, Layer]:
    """Each of `RASTERS`: the bands of each target, as arrays by `array_of`, and their unit."""
    every = [_layers_of(about, how, len(abouts) > 1) for about in abouts]
    return {
        key: Layer(
            {
                text: array_of(number, name)
                for number, layers in enumerate(every)
                for text, name in layers[key].bands.items()
            },
            layer.unit if all(layers[key].unit == layer.unit for layers in every) else "",
        )
        for key, layer in every[0].items()
    }


def _layers_of(about: About, how: UncertaintyConfig, several: bool) -> dict[str, Layer]:
    """Each of `RASTERS` of one target, whose name every band has where there are several."""
    named = {"label": about.label, "level": 100 * how.level}
    values = {
        "prediction": (about.label, "mean"),
        "std": (tr("{label}: standard deviation").format(**named), "std"),
        "lower": (tr("{label}: lower bound ({level:g} %)").format(**named), "lower"),
        "upper": (tr("{label}: upper bound ({level:g} %)").format(**named), "upper"),
    }
    trust = trust_bands(f"{about.label}: " if several else "")
    layers = {key: Layer({text: field}, about.unit) for key, (text, field) in values.items()}
    names = array_names(how.thresholds, how.quantiles, how.simulations_count)
    above = [
        tr("{label}: probability above {limit:.12g}").format(**named, limit=t)
        for t in how.thresholds
    ]
    shares = [
        tr("{label}: {share:.12g} % quantile").format(**named, share=100 * q) for q in how.quantiles
    ]
    drawn = [
        tr("{label}: simulation {number}").format(**named, number=n + 1)
        for n in range(how.simulations_count)
    ]
    asked = {
        "exceedance": Layer(dict(zip(above, names))),
        "quantile_map": Layer(dict(zip(shares, names[len(above) :])), about.unit),
        "simulations": Layer(dict(zip(drawn, names[len(above) + len(shares) :])), about.unit),
    }
    return {**layers, "applicability": Layer(trust), **asked}


def trust_bands(of: str = "") -> dict[str, str]:
    """The bands of the area of applicability, as arrays; each begins with `of`."""
    return {
        of + tr("dissimilarity: 1 is the threshold"): "dissimilarity",
        of + tr("area of applicability: 1 inside, 0 outside"): "applicable",
    }


def write_rasters(
    outputs: OutputSet,
    graph: GraphRawData,
    abouts: Sequence[About],
    maps: Sequence[CellMap],
    how: UncertaintyConfig,
) -> None:
    """Write those of `RASTERS` that are wanted, values and bounds in one precision."""
    types = (float_type(m.mean, m.std, m.std, m.lower, m.upper) for m in maps)
    dtype = np.result_type(*types).type
    arrays = {
        array_of(number, name): values
        for number, found in enumerate(maps)
        for name, values in found.arrays().items()
    }
    about = About.of_several(abouts)
    for key, layer in layers_of(abouts, how).items():
        if outputs.wants(key):
            planes = {text: to_grid(graph, arrays[name]) for text, name in layer.bands.items()}
            grid, part = graph.grid, outputs.stage(key)
            kind = np.float32 if key in ("applicability", "exceedance") else dtype
            write_geotiff(part, grid.crs, grid.transform, planes, layer.unit, about.tags(), kind)


def applicable_share(found: CellMap, progress: Progress) -> dict[str, Any]:
    """The `share` of cells where the model applies, with a warning where it is small."""
    share = float(np.mean(found.applicable))
    warn_of_applicability(share, progress)
    return {"share": share}


def warn_of_applicability(share: float, progress: Progress) -> None:
    """Warn where the model applies in a small share of the cells."""
    if share < _MOSTLY:
        progress.warning(
            tr(
                "{percent:.0f} % of the cells lie outside the area of applicability: their "
                "surroundings, or their distance to measurements, differ too much from those of "
                "the cells with measurements. The accuracy on held-out cells does not apply there."
            ).format(percent=100 * (1 - share))
        )


def write_next_points(
    outputs: OutputSet, graph: GraphRawData, fitted: FittedMap, config: Config, progress: Progress
) -> None:
    """Write the cells where a measurement would tell most, if `next_points` are wanted.

    Columns: `rank`, from 1; `std`, the standard deviation of a measurement there; `gain`, the per
    cent of the map's variance that it takes away, beside those before it.
    """
    if outputs.wants("next_points"):
        found = Suggested.of(fitted, graph, config, progress)
        rank = np.arange(1, len(found.cells) + 1)
        columns = {"rank": rank, "std": found.std, "gain": 100 * found.gain}
        xy = graph.geometry.centres(graph.cell[found.cells])
        part = outputs.stage("next_points")
        write_points(part, graph, found.cells, xy, columns, "next_points")


def write_residuals(
    outputs: OutputSet, graph: GraphRawData, trials: Mapping[str, Mapping[str, Trial]]
) -> None:
    """Write a point for each held-out cell of each test, if `residuals` are wanted.

    It lies where the value was measured; that of several readings in their middle.

    Columns: `observed`, `predicted`, `residual` (observed minus predicted), `lower`,
    `upper`, `inside` (1 where the interval holds what was observed, else 0; the three are
    null where the run has no intervals) and `split`, the test. Of several targets, whose tests
    are given by their names, each row says in `field` which it is of.
    """
    if not outputs.wants("residuals"):
        return
    known = [
        (target, name, trial.test, trial.ours)
        for target, tests in trials.items()
        for name, trial in tests.items()
        if trial.ours is not None
    ]
    if not known:
        raise _no_residuals()
    parts, several = [], len(trials) > 1
    for target, name, cells, ours in known:
        nothing = np.full(len(cells), np.nan)
        lower = nothing if ours.lower is None else ours.lower
        upper = nothing if ours.upper is None else ours.upper
        held = ((lower <= ours.observed) & (ours.observed <= upper)).astype(np.float64)
        parts.append(
            {
                "observed": ours.observed,
                "predicted": ours.predicted,
                "residual": ours.observed - ours.predicted,
                "lower": lower,
                "upper": upper,
                "inside": np.where(np.isfinite(lower), held, np.nan),
                "split": np.full(len(cells), name, dtype=object),
                **({"field": np.full(len(cells), target, dtype=object)} if several else {}),
            }
        )
    columns = {key: np.concatenate([part[key] for part in parts]) for key in parts[0]}
    xy = np.concatenate([graph.places(target, cells) for target, _, cells, _ in known])
    cells = np.concatenate([cells for _, _, cells, _ in known])
    write_points(outputs.stage("residuals"), graph, cells, xy, columns, "residuals")
