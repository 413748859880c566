"""Cities as the published code reads them, faults included, to compare with."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from ...names import ENTITY, LANDCOVER, POI, POI_SHARE
from ..builders.adjacency import both_ways
from ..builders.graph import GraphRawData, Links
from ..builders.info import GraphInfo
from ..transforms import PAPER, TargetTransform
from .city_text import CityText

Array = NDArray[np.float64]


def as_published(city: CityText) -> GraphRawData:
    """The graph of a city as the published code builds it.

    Class shares stay packed and their last column is not read, nor is the last POI
    category; POI values are share x log10(number + 1); repeated lines stay links; entities
    1 to the greatest named are nodes, used or not; targets are on the published scale.
    `info["published_order"]` lists the cells in the order in which the code numbers them.
    """
    land = np.nan_to_num(city.land[:, :-1])
    pois = city.poi_features[:, :-1]
    entities = int(city.entity[0][0].max())
    kinds = (LANDCOVER,) * land.shape[1] + (POI_SHARE,) * pois.shape[1]
    return GraphRawData(
        geometry=city.grid,
        cell=city.cell,
        features=np.column_stack([land, pois]).astype(np.float32),
        feature_names=(
            *(f"share {k}" for k in range(1, land.shape[1] + 1)),
            *city.poi_names[: pois.shape[1]],
        ),
        feature_kinds=kinds,
        near=both_ways(city.near)[0],
        hypernodes={
            ENTITY: _links(tuple(f"entity {k}" for k in range(1, entities + 1)), city.entity, 1),
            POI: _links(city.poi_names, city.poi, 0),
        },
        targets={name: published_scale(values, name) for name, values in city.targets.items()},
        info=GraphInfo(published_order=published_order(city).tolist()),
    )


def published_order(city: CityText) -> NDArray[np.int64]:
    """The cells in the order in which `ANA.txt` names them, as indices into `city.cell`.

    Cells without neighbours are named nowhere and come last, by their ids.
    """
    named = pd.unique(city.near.T.ravel())
    rest = np.setdiff1d(np.arange(len(city.cell)), named)
    return np.concatenate([named, rest[np.argsort(city.cells.ids[rest])]])


def published_scale(y: Array, task: str) -> Array:
    """A target as the published code scales it: with statistics of all cells. NaN stays NaN."""
    kind = PAPER.get(task, PAPER["GDP"])
    return TargetTransform.learn(y[np.isfinite(y)], kind).forward(y)


def _links(names: tuple[str, ...], lines: tuple[NDArray[np.int64], Any], first: int) -> Links:
    (kind, cell), weight = lines
    return Links(names, np.stack([kind - first, cell]), weight.astype(np.float32))
