"""How results arrive in a project: styled, described, and in one group a run."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from qgis.core import (
    QgsLayerTreeGroup,
    QgsMapLayer,
    QgsProcessingContext,
    QgsProcessingFeedback,
    QgsProcessingLayerPostProcessorInterface,
    QgsRasterLayer,
)
from qgis.PyQt import sip
from qgis.PyQt.QtCore import QDateTime

from ...engine.colours import ColourScale
from ..translation import tr
from .former import replace_former
from .layertree import new_group, remove_empty_groups
from .metadata import describe
from .styling import (
    draw_area,
    draw_cells,
    draw_class_map,
    draw_contours,
    draw_next_points,
    draw_polygons,
    draw_residuals,
    draw_values,
    raster_scale,
)

_MARK = "geohg/run"  # what tells the group of a run


@dataclass
class LoadedRun:
    """A run whose layers are being loaded.

    Parameters
    ----------
    files : dict of str to str
        The file of each layer, by parameter.
    about : dict
        The part `ABOUT` of its result.
    command : str
        What repeats it.
    """

    files: dict[str, str]
    about: dict[str, Any]
    command: str
    date: str = field(
        default_factory=lambda: QDateTime.currentDateTime().toString("yyyy-MM-dd HH:mm")
    )
    _group: QgsLayerTreeGroup | None = None
    _orders: dict[str, int] = field(default_factory=dict)

    @property
    def unit(self) -> str:
        """Of the target."""
        return str(self.about.get("unit", ""))

    @property
    def target(self) -> str:
        """What the layers tell of."""
        return str(self.about.get("target", ""))

    @property
    def made(self) -> str:
        """Model and date."""
        return f"GeoHG {self.about.get('model', '')}".strip() + f", {self.date}"

    @property
    def name(self) -> str:
        """Target, model and date."""
        return ", ".join(filter(None, [self.target, self.made]))

    @property
    def logarithmic(self) -> bool:
        """Whether the target's scale is."""
        return bool(self.about.get("logarithmic"))

    @cached_property
    def scale(self) -> ColourScale:
        """That of the prediction."""
        return raster_scale(QgsRasterLayer(self.files["OUTPUT"]), self.logarithmic)

    def group(self, layer: QgsMapLayer, order: int, shown: bool) -> None:
        """Put a layer into the run's group, before those of a higher `order`."""
        project = layer.project()
        node = project.layerTreeRoot().findLayer(layer.id()) if project else None
        if node is None:
            return
        parent = node.parent()
        if self._group is None or sip.isdeleted(self._group):
            self._group = new_group(node, layer, self.name, _MARK)
            self._orders.clear()
        self._orders[layer.id()] = order
        # QGIS adds a layer beside the current one, so that it may lie in the group already.
        before = [
            number
            for number, child in enumerate(self._group.children())
            if child is not node and self._orders.get(child.layerId(), order) < order
        ]
        moved = node.clone()
        self._group.insertChildNode(max(before, default=-1) + 1, moved)
        parent.removeChildNode(node)
        moved.setItemVisibilityChecked(shown)
        moved.setExpanded(shown)


@dataclass(frozen=True)
class Look:
    """How one output looks: its name, what its values are, how it is drawn, whether at once."""

    name: str
    text: str
    draw: Callable[[QgsMapLayer, LoadedRun], None]
    shown: bool = False


def looks() -> dict[str, Look]:
    """How each output looks, by parameter, from the top of the group down."""
    own = tr("At observed cells the cell's own value is not used.")
    return {
        "RESIDUALS": Look(
            tr("{target}: residuals"),
            tr("Measured value minus prediction in each held-out cell."),
            lambda layer, run: draw_residuals(layer, run.unit),
            shown=True,
        ),
        "NEXT_POINTS": Look(
            tr("{target}: where to measure next"),
            tr(
                "Where a new measurement would make the map the most certain, by rank, and the per "
                "cent of the map's variance that it takes away."
            ),
            lambda layer, run: draw_next_points(layer),
            shown=True,
        ),
        "CONTOURS": Look(
            tr("{target}: contours"),
            tr("Lines of equal predicted value."),
            lambda layer, run: draw_contours(layer, run.unit),
            shown=True,
        ),
        "APPLICABILITY": Look(
            tr("{target}: area of applicability"),
            tr(
                "Band 1: dissimilarity, how different each cell is from the cells with "
                "measurements (0 = same; above 1 = outside the area of applicability). Band 2: 1 "
                "inside the area of applicability, 0 outside."
            ),
            lambda layer, run: draw_area(layer),
            shown=True,
        ),
        "OUTPUT": Look(
            tr("{target}: prediction"),
            tr("The predicted mean of each cell. The value at a place in it may differ."),
            _draw_value,
            shown=True,
        ),
        "UNCERTAINTY": Look(
            tr("{target}: standard deviation"),
            f"{tr('The standard deviation of a new measurement anywhere in each cell.')} {own}",
            _draw_spread,
        ),
        "UPPER": Look(
            tr("{target}: upper bound ({level} %)"),
            f"{tr('The upper end of the prediction interval for a new measurement.')} {own}",
            _draw_value,
        ),
        "LOWER": Look(
            tr("{target}: lower bound ({level} %)"),
            f"{tr('The lower end of the prediction interval for a new measurement.')} {own}",
            _draw_value,
        ),
        "EXCEEDANCE": Look(
            tr("{target}: probability of exceeding thresholds"),
            f"{tr('The probability that a new measurement is above each threshold.')} {own}",
            _draw_chance,
        ),
        "QUANTILE_MAP": Look(
            tr("{target}: quantiles"),
            f"{tr('The values that new measurements are below with given probabilities.')} {own}",
            _draw_value,
        ),
        "SIMULATIONS": Look(
            tr("{target}: simulations"),
            tr("Equally likely maps: values that one new measurement in every cell could give."),
            _draw_value,
        ),
        "CLASS_MAP": Look(
            tr("{target}: classes"),
            tr("The likeliest class of each cell."),
            lambda layer, run: draw_class_map(layer, run.about.get("classes", {})),
            shown=True,
        ),
        "PROBABILITIES": Look(
            tr("{target}: probability of each class"),
            tr("The probability of each class at a point in the cell, a band each."),
            _draw_chance,
        ),
        "SUMMARY": Look(
            tr("{target}: polygons"),
            tr("The mean or total of the cells of each polygon, and its uncertainty."),
            lambda layer, run: draw_polygons(layer, run.target, run.unit),
            shown=True,
        ),
        "CELLS_LAYER": Look(
            tr("{target}: cells"),
            tr(
                "The cells: of a graph, with shares of classes and POIs, and mean measured values; "
                "of a map, with what is predicted and its uncertainty."
            ),
            lambda layer, run: draw_cells(layer, run.target, run.unit),
            shown=True,
        ),
    }


def looks_of(run: LoadedRun) -> dict[str, Look]:
    """As `looks`; of a model of classes, the prediction is the map of classes."""
    found = looks()
    return {**found, "OUTPUT": found["CLASS_MAP"]} if run.about.get("classes") else found


class Presenter(QgsProcessingLayerPostProcessorInterface):
    """Draws and describes one layer of a run, and puts it into the run's group.

    Parameters
    ----------
    look : Look
        How it looks.
    order : int
        Its number in the group, from the top.
    run : LoadedRun
        What it belongs to.
    """

    def __init__(self, look: Look, order: int, run: LoadedRun) -> None:
        super().__init__()
        self.look = look
        self.order = order
        self.run = run

    def postProcessLayer(
        self, layer: QgsMapLayer, context: QgsProcessingContext, feedback: QgsProcessingFeedback
    ) -> None:
        replace_former(layer, _MARK)
        dress(layer, self.look, self.run)
        layer.triggerRepaint()
        self.run.group(layer, self.order, self.look.shown)
        if layer.project() is not None:
            remove_empty_groups(layer.project(), _MARK)


def dress(layer: QgsMapLayer, look: Look, run: LoadedRun) -> None:
    """Draw a layer of a run, and have it say what it is."""
    look.draw(layer, run)
    history = [f"{run.date}: {run.command}"]
    describe(layer, f"{layer.name()}, {run.made}", look.text, run.about, history)


def lay_beside(run: LoadedRun) -> None:
    """Write the style and the metadata of each raster of a run beside its file.

    QGIS finds them there, whoever opens the file. To be called in the thread of the run.
    """
    level = f"{100 * run.about.get('level', 0):g}"
    for key, look in looks_of(run).items():
        layer = QgsRasterLayer(run.files.get(key, ""))
        if layer.isValid():
            layer.setName(look.name.format(target=run.target, level=level).lstrip(": "))
            dress(layer, look, run)
            layer.saveNamedStyle(layer.styleURI())
            layer.saveNamedMetadata(layer.metadataUri())


# The context of a run deletes its presenters, so that each layer needs its own; but it keeps no
# reference in Python, without which they are gone when the layer is loaded.
_waiting: list[Presenter] = []


def present_layers(run: LoadedRun, defaults: dict[str, str], context: QgsProcessingContext) -> None:
    """Name, and have styled, those layers of a run that will be loaded.

    `defaults` are the names that they have, by parameter, unless the user chose others.
    """
    _waiting[:] = [presenter for presenter in _waiting if not sip.isdeleted(presenter)]
    level = f"{100 * run.about.get('level', 0):g}"
    for order, (key, look) in enumerate(looks_of(run).items()):
        if key in run.files and context.willLoadLayerOnCompletion(run.files[key]):
            details = context.layerToLoadOnCompletionDetails(run.files[key])
            if details.name in ("", defaults[key]):
                details.name = look.name.format(target=run.target, level=level).lstrip(": ")
            presenter = Presenter(look, order, run)
            details.setPostProcessor(presenter)
            _waiting.append(presenter)


def _draw_value(layer: QgsMapLayer, run: LoadedRun) -> None:
    """In the colours of the prediction, so that bounds compare with it."""
    draw_values(layer, "Viridis", run.unit, run.scale)


def _draw_chance(layer: QgsMapLayer, run: LoadedRun) -> None:
    """The first threshold; a probability has no unit, and one scale everywhere."""
    draw_values(layer, "Magma", "", ColourScale(0.0, 1.0, (0.0, 1.0)), inverted=True)


def _draw_spread(layer: QgsMapLayer, run: LoadedRun) -> None:
    scale = raster_scale(layer, run.logarithmic, from_zero=True)
    draw_values(layer, "Magma", run.unit, scale, inverted=True)
