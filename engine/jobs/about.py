"""What the layers of a run are and what they rest on: told beside them, and written into files."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from ..data.builders.graph import GraphRawData
from ..language import tr
from ..models.base import is_logarithmic
from ..prediction.fittedmodel import FittedModel
from ..prediction.surface import copyright_tag
from ..validation.run import Run, versions


@dataclass(frozen=True)
class About:
    """The facts that every layer of a run shares.

    Parameters
    ----------
    target : str
        What the layers tell of, empty where nothing was measured.
    unit : str
        Its unit, empty where unknown.
    cells, observed : int
        How many cells there are, and in how many the target was measured.
    attribution : str
        The attribution that the data require; empty if none.
    model : str
        Kind of the model, empty where none took part.
    seed : int or None
        Of everything random, where there is a model.
    level : float or None
        Share of new measurements that intervals should hold, where there are any.
    informed_by : tuple of str
        Other targets and carried covariates that the model rests on.
    logarithmic : bool
        Whether the target's scale is, and with it that of colours; see `colour_scale`.
    figures : mapping
        What the model reached on held-out cells, by the names of a result.
    versions : mapping of str to str
        Of GeoHG and what it depends on.
    """

    target: str
    unit: str
    cells: int
    observed: int
    attribution: str = ""
    model: str = ""
    seed: int | None = None
    level: float | None = None
    informed_by: tuple[str, ...] = ()
    logarithmic: bool = False
    figures: Mapping[str, Any] = dataclasses.field(default_factory=dict)
    versions: Mapping[str, str] = dataclasses.field(default_factory=versions)

    @classmethod
    def of_graph(cls, graph: GraphRawData, target: str = "", **more: Any) -> About:
        """Of layers of a graph, and what was measured of `target`: by default of its first."""
        target = target or next(iter(graph.targets), "")
        observed = len(graph.observed(target)) if target in graph.targets else 0
        unit = graph.info.units.get(target, "")
        named = graph.info.attribution
        return cls(target, unit, graph.total, observed, named, **more)

    @classmethod
    def of_run(cls, run: Run, graph: GraphRawData, target: str) -> About:
        """Of the layers of a run that fits a model."""
        config = run.config
        made = {"model": config.model.kind, "seed": config.training.seed}
        level = config.uncertainty.level
        made |= {"level": level, "informed_by": run.informed_by, "logarithmic": run.logarithmic}
        return cls.of_graph(graph, target, **made, figures=run.numbers())

    @classmethod
    def of_model(cls, fitted: FittedModel, graph: GraphRawData, level: float) -> About:
        """Of what a fitted model says of a graph; its figures are those of its fit.

        In a graph without measured values, the cells that it was fitted to are the observed ones.
        """
        config, figures = fitted.details["config"], fitted.details["numbers"]
        kind, seed = config.get("model", {}).get("kind", ""), config.get("training", {}).get("seed")
        informants = tuple(item.name for item in getattr(fitted.model, "informants", ()))
        made = {"model": kind, "seed": seed, "level": level, "informed_by": informants}
        made["logarithmic"] = is_logarithmic(fitted.model)
        about = cls.of_graph(graph, fitted.target, **made, figures=figures)
        observed = about.observed or fitted.shared_with(graph)
        return dataclasses.replace(about, unit=fitted.unit or about.unit, observed=observed)

    @classmethod
    def of_several(cls, abouts: Sequence[About]) -> About:
        """Of layers that tell of several targets: their names, and the figures of the first."""
        if len(abouts) == 1:
            return abouts[0]
        units = {about.unit for about in abouts}
        return dataclasses.replace(
            abouts[0],
            target=", ".join(about.target for about in abouts),
            unit=units.pop() if len(units) == 1 else "",
            observed=max(about.observed for about in abouts),
        )

    @property
    def label(self) -> str:
        """The target with its unit."""
        return f"{self.target} [{self.unit}]" if self.unit else self.target

    def to_dict(self) -> dict[str, Any]:
        """The part `ABOUT` of a result: plain JSON, only what is known."""
        found = dataclasses.asdict(self)
        figures = self.figures.items()
        found["informed_by"] = list(self.informed_by)
        found["figures"] = {name: value for name, value in figures if value is not None}
        # A seed of 0 is known.
        known = {name: value for name, value in found.items() if value is not False}
        return {name: value for name, value in known.items() if value not in ("", None, {}, [])}

    def tags(self) -> dict[str, str]:
        """What a GeoTIFF says of itself, by the names that TIFF gives it.

        There is no date: the same request makes the same file, byte for byte.
        """
        text = tr("{target}, by GeoHG ({model}) from {observed} of {cells} cells, seed {seed}")
        described = text.format(**{**dataclasses.asdict(self), "target": self.label})
        return {"TIFFTAG_IMAGEDESCRIPTION": described, **copyright_tag(self.attribution)}
