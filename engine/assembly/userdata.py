"""A graph from measurements in memory."""

from __future__ import annotations

from dataclasses import dataclass

from numpy.typing import ArrayLike

from ..config.schema import ModelConfig
from ..data.builders.graph import GraphRawData
from ..data.sources.arrays import points_from_arrays
from ..progress import InPython, Progress
from .inputs import Inputs
from .reading import read_graph


@dataclass(frozen=True, eq=False)
class UserDataSource:
    """A graph of the cells of a grid around measured points, without land cover.

    Parameters
    ----------
    coords : array [n, 2] or DataFrame
        x (east or longitude) and y in `crs`.
    features : array [n, k] or DataFrame or None
        Other values measured at the points; NaN where not measured.
    values : array [n] or [n, t] or DataFrame
        Values to predict, one column per target; NaN where not measured.
    resolution : float, optional
        Side of a cell in the unit of `crs`; None chooses one that suits the points.
    crs : str
        CRS of the coordinates and of the grid.
    """

    coords: ArrayLike
    features: ArrayLike | None
    values: ArrayLike
    resolution: float | None = 0.01
    crs: str = "EPSG:4326"

    def load(self, progress: Progress | None = None) -> GraphRawData:
        """Check the points, lay a grid over them and build the graph.

        Raises
        ------
        InputError
            For points that cannot be used, in one sentence.
        """
        points = points_from_arrays(self.coords, self.features, self.values, None, self.crs)[0]
        inputs = Inputs(points, grid={"crs": self.crs, "cell_size": self.resolution})
        return read_graph(inputs, ModelConfig(), progress or InPython())
