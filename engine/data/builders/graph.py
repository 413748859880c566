"""The graph: checked arrays, and the PyG object that networks read."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from ...config.schema import DataConfig
from ...errors import InputError
from ...language import tr
from ...names import (
    AREA,
    CARRIED,
    COVARIATE,
    ENTITY,
    FEATURE_KINDS,
    MEASURED,
    NEAR,
    POI,
    locate,
    rev_locate,
)
from .grid import Grid
from .info import GraphInfo
from .readings import Readings
from .sites import Sites
from .surroundings import Whole

if TYPE_CHECKING:
    from torch_geometric.data import HeteroData


@dataclass(frozen=True)
class Links:
    """Hypernodes of one type and the cells they lie in.

    Parameters
    ----------
    names : tuple of str
        One name a hypernode.
    index : int64 array [2, E]
        Hypernode (row 0) and cell (row 1) of each link.
    weight : float32 array [E]
        The proportion, 0 to 1.
    """

    names: tuple[str, ...]
    index: NDArray[np.int64]
    weight: NDArray[np.float32]


def share_links(names: Sequence[str], shares: NDArray[np.float32]) -> Links:
    """A link wherever a share [N, names] is greater than zero; NaN makes none."""
    area, hypernode = np.nonzero(shares > 0)
    return Links(tuple(names), np.stack([hypernode, area]), shares[area, hypernode])


@dataclass(frozen=True, eq=False)
class GraphRawData:
    """A graph of cells as arrays, checked once when made.

    Parameters
    ----------
    geometry : Grid or Sites
        The grid that the cells belong to, or a list of sites.
    cell : int64 array [N]
        The cell of each area node, ascending: row x cols + column of a grid, or the
        position in a list.
    features : float array [N, F]
        One row per cell, in float32 unless a covariate needs float64; NaN where not measured.
    feature_names : tuple of str
        Name of each column.
    feature_kinds : tuple of str
        Kind of each column: `landcover`, `poi`, `poi_count`, `covariate`, `carried`, or the
        type of other hypernodes.
    near : int64 array [2, E]
        Neighbouring cells, both directions, as indices into `cell`.
    hypernodes : dict of str to Links
        Hypernodes by type: `entity` for land-cover classes, `poi` for POI categories, or any
        other.
    targets : dict of str to float64 array [N]
        Mean measured value of each cell, in the target's unit; NaN where not observed.
    info : GraphInfo
        Origin of the graph.
    feature_groups : tuple of str
        What each column belongs to, and a model weighs as one: such as all bands of a raster.
        By default a covariate is a group of its own, and other columns are those of their kind.
    readings : dict of str to Readings
        Where targets were measured. A target without any has one reading in each observed cell,
        in its middle. Whoever replaces the values of a target replaces its readings.
    whole : Whole, optional
        The map of which the graph holds some cells; None where it holds all.
    """

    geometry: Grid | Sites
    cell: NDArray[np.int64]
    features: NDArray[np.floating]
    feature_names: tuple[str, ...]
    feature_kinds: tuple[str, ...]
    near: NDArray[np.int64]
    hypernodes: dict[str, Links]
    targets: dict[str, NDArray[np.float64]]
    info: GraphInfo = field(default_factory=GraphInfo)
    feature_groups: tuple[str, ...] = ()
    readings: dict[str, Readings] = field(default_factory=dict)
    whole: Whole | None = None

    def __post_init__(self) -> None:
        count = len(self.cell)
        if not self.feature_groups:
            alone = (COVARIATE, CARRIED, MEASURED)
            pairs = zip(self.feature_kinds, self.feature_names)
            groups = tuple(name if kind in alone else kind for kind, name in pairs)
            object.__setattr__(self, "feature_groups", groups)
        if count == 0:
            raise InputError(tr("The graph has no cells; check the extent and the land cover."))
        if (
            np.any(np.diff(self.cell) <= 0)
            or self.cell[0] < 0
            or self.cell[-1] >= self.geometry.size
        ):
            raise InputError(tr("The graph's cells must be ascending and inside its grid."))
        width = len(self.feature_names)
        labels = {len(self.feature_kinds), len(self.feature_groups)}
        if self.features.shape != (count, width) or labels != {width}:
            raise InputError(
                tr("The graph's features must have shape ({count}, {width}), got {got}.").format(
                    count=count, width=width, got=self.features.shape
                )
            )
        ends = (("near", self.near, count, count),) + tuple(
            (name, links.index, len(links.names), count) for name, links in self.hypernodes.items()
        )
        for name, index, sources, goals in ends:
            _check_index(name, index, sources, goals)
        for name, values in self.targets.items():
            if values.shape != (count,) or np.isinf(values).any():
                raise InputError(
                    tr("The target '{name}' must be {count} finite values or NaN.").format(
                        name=name, count=count
                    )
                )
        # Whoever replaces the targets need not think of the readings of others.
        kept = {name: own for name, own in self.readings.items() if name in self.targets}
        object.__setattr__(self, "readings", kept)
        for name, readings in kept.items():
            readings.check(name, count)

    def links(self, hypernode: str) -> Links:
        """The hypernodes of a type; none where the graph has no such type."""
        return self.hypernodes.get(hypernode) or share_links((), np.empty((0, 0), np.float32))

    @property
    def total(self) -> int:
        """How many cells the map has, of which the graph may hold some."""
        return self.whole.cells if self.whole else len(self.cell)

    @property
    def grid(self) -> Grid:
        """The grid.

        Raises
        ------
        InputError
            If the cells have no grid.
        """
        if isinstance(self.geometry, Grid):
            return self.geometry
        raise InputError(
            tr(
                "The graph's {cells} cells have no grid, which rasters and cell polygons need; "
                "write a table or a report instead."
            ).format(cells=len(self.cell))
        )

    @property
    def zone_kinds(self) -> tuple[str, ...]:
        """Types of hypernodes beside land cover and POIs whose shares are features."""
        return tuple(
            kind for kind in dict.fromkeys(self.feature_kinds) if kind not in FEATURE_KINDS
        )

    def grouped(self, *kinds: str) -> dict[str, NDArray[np.int64]]:
        """Indices of the feature columns of these kinds, by their group."""
        columns = self.columns(*kinds)
        groups = np.array(self.feature_groups, dtype=object)[columns]
        return {group: columns[groups == group] for group in dict.fromkeys(groups)}

    def columns(self, *kinds: str) -> NDArray[np.int64]:
        """Indices of the feature columns of these kinds."""
        return np.flatnonzero(np.isin(self.feature_kinds, kinds))

    def observed(self, target: str) -> NDArray[np.int64]:
        """Cells where `target` was measured, as indices into `cell`."""
        return np.flatnonzero(np.isfinite(self.target(target)))

    def target(self, name: str) -> NDArray[np.float64]:
        """Measured values of one target, NaN where not observed.

        Raises
        ------
        InputError
            If the graph has no such target.
        """
        if name not in self.targets:
            known = ", ".join(self.targets) or tr("none")
            raise InputError(
                tr("The graph has no target '{name}'; it has: {known}.").format(
                    name=name, known=known
                )
            )
        return self.targets[name]

    def places(self, target: str, cells: NDArray[np.int64]) -> NDArray[np.float64]:
        """Where a target was measured in cells [n, 2], in the CRS of the geometry.

        The middle of its readings there, or of the cell.
        """
        found = self.geometry.centres(self.cell)
        if target in self.readings:
            readings = self.readings[target]
            away = readings.xy - found[readings.cell]
            total = np.column_stack([np.bincount(readings.cell, a, len(found)) for a in away.T])
            count = np.bincount(readings.cell, minlength=len(found))
            found = found + total / np.maximum(count, 1)[:, None]
        return found[cells]

    def counts(self) -> dict[str, int]:
        """Number of nodes and edges of every type; of some cells of a map, nodes of the map."""
        kinds = {kind: self.links(kind) for kind in (ENTITY, POI, *self.hypernodes)}
        nodes = {f"{kind}_nodes": len(links.names) for kind, links in kinds.items()}
        if self.whole:
            return {"area_nodes": self.total, **nodes}
        return {
            "area_nodes": len(self.cell),
            **nodes,
            "near_edges": self.near.shape[1],
            **{f"{kind}_locate_edges": links.index.shape[1] for kind, links in kinds.items()},
        }


def _check_index(name: str, index: NDArray[np.int64], sources: int, goals: int) -> None:
    if index.ndim != 2 or index.shape[0] != 2:
        raise InputError(
            tr("The graph's {name} edges must have shape (2, E), got {shape}.").format(
                name=name, shape=index.shape
            )
        )
    if index.size and (index.min() < 0 or index[0].max() >= sources or index[1].max() >= goals):
        raise InputError(
            tr("The graph's {name} edges point to nodes that do not exist.").format(name=name)
        )


class HeteroGraphBuilder:
    """Build the paper's heterogeneous graph, as a PyG `HeteroData`.

    Parameters
    ----------
    config : DataConfig
        The hypernodes to use, and the minimum shares for a link.
    """

    def __init__(self, config: DataConfig | None = None) -> None:
        self.config = config or DataConfig()

    def build(self, raw: GraphRawData) -> HeteroData:
        """Node types `area`, and those of hypernodes where used; edges both ways.

        `data["area"].x` are the raw features, NaN where missing. Hypernodes carry no
        features but their number, for an embedding.
        """
        import torch
        from torch_geometric.data import HeteroData

        data = HeteroData()
        data[AREA].x = torch.from_numpy(raw.features)
        data[NEAR].edge_index = torch.from_numpy(raw.near)
        data[NEAR].edge_attr = torch.ones(raw.near.shape[1], 1)
        thresholds = {ENTITY: self.config.entity_thresh, POI: self.config.poi_thresh}
        for kind, links in raw.hypernodes.items():
            if links.names and self.config.hypernode in ("all", kind):
                _add_links(data, kind, links, thresholds.get(kind, 0.0))
        return data


def _add_links(data: HeteroData, node_type: str, links: Links, threshold: float) -> None:
    import torch

    kept = links.weight > threshold
    index = torch.from_numpy(links.index[:, kept])
    weight = torch.from_numpy(links.weight[kept])[:, None]
    data[node_type].num_nodes = len(links.names)
    forward = data[locate(node_type)]
    forward.edge_index, forward.edge_attr = index, weight
    backward = data[rev_locate(node_type)]
    backward.edge_index, backward.edge_attr = index.flip(0), weight
