"""Which features of a graph a model may read."""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass
from typing import Any

import numpy as np

from ..config.checks import Single
from ..config.schema import DataConfig, kinds
from ..data.builders.graph import GraphRawData
from ..data.forms import TEXTS, Form
from ..names import (
    CARRIED,
    COVARIATE,
    ENTITY,
    LANDCOVER,
    MEASURED,
    POI,
    POI_COUNT,
    POI_SHARE,
    SHARES,
)

# The features that tell of each type of hypernode.
_TELL = {ENTITY: (LANDCOVER,), POI: (POI_SHARE, POI_COUNT)}


@dataclass(frozen=True)
class Reading:
    """The features of land cover and POIs that a model reads: by default all.

    Parameters
    ----------
    hypernode : str
        `all`, or `entity` for land cover without POIs, `poi` for POIs without land cover,
        `mono` for neither.
    entity_thresh, poi_thresh : float
        Shares up to this count as 0.
    carried : bool
        Whether it reads covariates that are kriged to every cell.
    without : tuple of str
        Groups of covariates, such as those of one raster, that it does not read.
    """

    hypernode: str = "all"
    entity_thresh: float = 0.0
    poi_thresh: float = 0.0
    carried: bool = True
    without: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        object.__setattr__(self, "without", tuple(self.without))

    @classmethod
    def of(cls, data: DataConfig) -> Reading:
        """As the options say."""
        return cls(data.hypernode, data.entity_thresh, data.poi_thresh)

    def features(self, graph: GraphRawData) -> GraphRawData:
        """The graph with these features alone; itself where they are all."""
        if self == EVERYTHING:
            return graph
        unread = [
            kind
            for hypernode, told in _TELL.items()
            if self.hypernode not in ("all", hypernode)
            for kind in told
        ] + ([] if self.carried else [CARRIED])
        left = [
            column
            for group, columns in graph.grouped(COVARIATE, MEASURED).items()
            if group in self.without
            for column in columns
        ]
        kept = np.setdiff1d(np.flatnonzero(~np.isin(graph.feature_kinds, unread)), left)
        features = graph.features.copy()
        for hypernode, least in ((ENTITY, self.entity_thresh), (POI, self.poi_thresh)):
            columns = graph.columns(SHARES[hypernode])
            shares = features[:, columns]
            features[:, columns] = np.where(shares <= least, 0.0, shares)
        return dataclasses.replace(
            graph,
            features=features[:, kept],
            feature_names=tuple(graph.feature_names[column] for column in kept),
            feature_kinds=tuple(graph.feature_kinds[column] for column in kept),
            feature_groups=tuple(graph.feature_groups[column] for column in kept),
        )

    def to_dict(self) -> dict[str, Any]:
        """As JSON; what older versions do not know is told only where it is not the default."""
        found = dataclasses.asdict(self)
        if self.carried:
            del found["carried"]
        if not self.without:
            del found["without"]
        return found


EVERYTHING = Reading()
READING_FORM = Form(
    {name: kinds("data")[name] for name in ("hypernode", "entity_thresh", "poi_thresh")}
    | {"carried": Single(bool), "without": TEXTS},
    frozenset({"carried", "without"}),
)
"""What `to_dict` gives."""
