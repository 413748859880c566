"""Which features of a graph a model may read."""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass
from typing import Any

import numpy as np

from ..config.checks import Single
from ..config.schema import DataConfig, kinds
from ..data.builders.graph import GraphRawData
from ..data.forms import Form
from ..names import (
    CARRIED,
    ENTITY,
    LANDCOVER,
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
    """

    hypernode: str = "all"
    entity_thresh: float = 0.0
    poi_thresh: float = 0.0
    carried: bool = True

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
        kept = np.flatnonzero(~np.isin(graph.feature_kinds, unread))
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
        return found


EVERYTHING = Reading()
READING_FORM = Form(
    {name: kinds("data")[name] for name in ("hypernode", "entity_thresh", "poi_thresh")}
    | {"carried": Single(bool)},
    frozenset({"carried"}),
)
"""What `to_dict` gives."""
