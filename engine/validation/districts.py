"""How good a map of values of areas is: whole areas are held out."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

from ..config.schema import Config
from ..data.builders.areas import Areas
from ..data.builders.graph import GraphRawData
from ..data.splits import Split
from ..language import tr
from ..models.areal import Areal
from ..models.base import Prediction
from ..models.distances import cell_positions
from ..models.windows import neighbourhoods
from ..names import BLOCKS, DASYMETRIC, FOREST, LANDCOVER, MEAN, OURS, RANDOM
from ..prediction.fitted import FittedMap
from ..progress import Part, Progress, Silent
from .run import BLOCK_SIDE, Run
from .trials import Fold

Array = NDArray[np.float64]
Index = NDArray[np.int64]

# What the classes of land cover are called where people live, in small letters.
_BUILT = ("built", "urban", "impervious", "artificial")
# With fewer areas than this, nothing is held out.
LEAST_TESTED = 10


def built_up(graph: GraphRawData) -> Array | None:
    """The share of each cell that is built up, by its land cover; None where nobody knows."""
    columns = [
        column
        for column in graph.columns(LANDCOVER)
        if any(word in graph.feature_names[column].lower() for word in _BUILT)
    ]
    if not columns:
        return None
    found: Array = np.nan_to_num(graph.features[:, columns].astype(np.float64)).sum(axis=1)
    return found if found.any() else None


def fit_districts(
    run_: Run, graph: GraphRawData, target: str, areas: Areas, config: Config, progress: Progress
) -> FittedMap:
    """Test a map of values of areas, and fit it to all of them."""
    validate_areas(run_, graph, target, areas, config, Part(progress, 0.0, 0.7))
    model = Areal.of(config).fit(
        graph, graph.target(target), areas.cells, Part(progress, 0.7, 0.95), areas
    )
    run_.trained(model)
    model.tell_nodes(areas, run_)
    run_.stage("fit to all observed cells")
    made = (run_.reach, run_.details(), Part(progress, 0.95, 1.0))
    return FittedMap.learn(model, graph, target, areas.cells, *made)


def validate_areas(
    run: Run, graph: GraphRawData, target: str, areas: Areas, config: Config, progress: Progress
) -> None:
    """Hold out whole areas, in random folds and in blocks of neighbours, and score.

    Baselines: one density everywhere (`Mean`), density by built-up land where land cover tells of
    it (`Dasymetric`), and a random forest of the mean surroundings of areas.

    Parameters
    ----------
    run : Run
        Records the results.
    graph : GraphRawData
        The graph.
    target : str
        The target.
    areas : Areas
        All that was measured.
    config : Config
        The model's options.
    progress : Progress
        Receives progress and messages.
    """
    middle = areas.middles(cell_positions(graph))
    told = np.flatnonzero(middle >= 0)
    if config.training.untested:
        return
    if len(told) < LEAST_TESTED:
        text = tr("Only {count} polygons have values, so none is held out to test the map.")
        run.warning(text.format(count=len(told)))
        return
    y = np.full(len(graph.cell), np.nan)
    y[middle[told]] = areas.value[told]
    position = cell_positions(graph, middle[told])
    tests = {RANDOM: _random(len(told), config)}
    if config.training.blocks:
        tests[BLOCKS] = _neighbours(position, config)
    count = sum(map(len, tests.values()))
    done = 0
    for test, parts in tests.items():
        folds = []
        for held in parts:
            part = Part(progress, done / count, (done + 1) / count)
            folds.append(_fold(graph, areas, middle, told[held], config, part))
            done += 1
        details: dict[str, object] = {
            "kind": "random folds" if test == RANDOM else "spatial blocks",
            "polygons": len(told),
        }
        if test == BLOCKS:
            side = np.sqrt(np.prod(np.ptp(position, axis=0)) / len(parts))
            details[BLOCK_SIDE] = round(float(side))
        run.tested(test, y, folds, details)
    run.stage("fit and predict in folds")


def _random(count: int, config: Config) -> list[Index]:
    order = np.random.default_rng(config.training.seed).permutation(count)
    return list(map(np.sort, np.array_split(order, config.training.folds)))


def _neighbours(position: Array, config: Config) -> list[Index]:
    """Areas that lie together: halved along their longer side until there are enough parts."""
    parts: list[Index] = [np.arange(len(position))]
    while len(parts) < config.training.folds:
        parts.sort(key=len)
        largest = parts.pop()
        own = position[largest]
        order = np.argsort(own[:, np.ptp(own, axis=0).argmax()], kind="stable")
        parts += [np.sort(largest[half]) for half in np.array_split(order, 2)]
    return parts


def _fold(
    graph: GraphRawData,
    areas: Areas,
    middle: Index,
    held: Index,
    config: Config,
    progress: Progress,
) -> Fold:
    """What each method says of areas that it did not know."""
    known = np.setdiff1d(np.arange(len(areas)), held)
    seen = areas[known]
    nothing = np.full(len(graph.cell), np.nan)
    model = Areal.of(config).fit(graph, nothing, seen.cells, progress, seen)
    asked = areas[held]
    predicted: dict[str, Prediction] = {OURS: model.predict_areas(graph, asked, Silent())}
    for name, value in _baselines(graph, seen, asked, config.training.seed):
        predicted[name] = Prediction(value, np.zeros(len(value)))
    order = np.argsort(middle[held], kind="stable")
    ordered = {
        name: Prediction(own.location[order], own.spread[order], own.transform)
        for name, own in predicted.items()
    }
    told = middle[known]
    split = Split(np.sort(told[told >= 0]), middle[held][order])
    return Fold(split, ordered, {OURS: model.misses_}, scale=model.transform_)


def _baselines(
    graph: GraphRawData, known: Areas, asked: Areas, seed: int
) -> Iterator[tuple[str, Array]]:
    """What others say of the mean of areas that they do not know."""
    count = known.count
    density = float(np.average(known.value, weights=count))
    yield MEAN, np.full(len(asked), density)
    built = built_up(graph)
    if built is not None:
        whole = float(np.average(known.mean(built[known.cell]), weights=count))
        if whole > 0:
            yield DASYMETRIC, density * asked.mean(built[asked.cell]) / whole
    x = np.nan_to_num(neighbourhoods(graph, Silent()).x)
    if not x.shape[1]:
        return
    from sklearn.ensemble import RandomForestRegressor

    seen, wanted = (
        np.column_stack([part.mean(column[part.cell]) for column in x.T]) for part in (known, asked)
    )
    forest = RandomForestRegressor(200, max_features=1 / 3, random_state=seed)
    yield FOREST, forest.fit(seen, known.value).predict(wanted)
