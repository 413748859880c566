"""What a fitted model asks of the sources of a map: the columns that it was trained with."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping, Sequence
from typing import Any

from ..data.builders.grid import Grid
from ..data.sources.ground import Source, read_part
from ..errors import InputError
from ..language import tr
from ..names import POI, POI_COUNT_NAME
from ..prediction.fittedmodel import FittedModel
from ..progress import Progress, Silent

# So many columns are named in a message.
_LISTED = 8


def learnt_grid(fitted: FittedModel, described: Mapping[str, Any], area: bool) -> dict[str, Any]:
    """The grid of a map of sources, as `Inputs.grid` has it.

    Parameters
    ----------
    fitted : FittedModel
        Whose CRS and size of cells it has where none are named.
    described : mapping
        What is named of it, as the part `grid` of a request.
    area : bool
        Whether a study area is given. Where neither this nor an extent is, it is the grid of the
        training.

    Raises
    ------
    InputError
        If the model was trained on cells without a grid.
    """
    if "sites" in fitted.geometry:
        raise InputError(
            tr(
                "The model was trained on {count} cells without a grid, so no map can be made of "
                "sources; give a graph file."
            ).format(count=len(fitted.cells))
        )
    own = Grid(**fitted.geometry)
    if not described and not area:
        return {"grid": own}
    if "template" in described or "shape" in described:
        return dict(described)
    around = {} if area or "bounds" in described else {"bounds": own.bounds}
    return {"crs": own.crs, "cell_size": own.cell_width, **around, **described}


def learnt_columns(
    fitted: FittedModel, sources: Sequence[Source], grid: Grid, progress: Progress
) -> dict[int, tuple[str, ...]]:
    """The columns of each source that a model was trained with, in the order of its features.

    Parameters
    ----------
    fitted : FittedModel
        The model.
    sources : sequence of Source
        Open. Those that the model does not know are left out, with a warning.
    grid : Grid
        The grid of the map.
    progress : Progress
        Receives messages.

    Returns
    -------
    dict of int to tuple of str
        By the number of each source among those that were given.

    Raises
    ------
    InputError
        Naming columns of the model that no source has.
    """
    features = tuple(fitted.shared["features"])
    titles, own = {}, {}
    for number, source in enumerate(sources):
        titles[number], own[number] = _columns(fitted, source, grid)
    found: dict[int, tuple[str, ...]] = {}
    start = 0
    while start < len(features):
        for number, names in own.items():
            if number not in found and names and features[start : start + len(names)] == names:
                found[number] = names
                start += len(names)
                break
        else:
            raise _missing(features[start:], own)
    for number, title in titles.items():
        if number not in found:
            text = tr("The model was not trained with '{name}', which is left out.")
            progress.warning(text.format(name=title))
    return found


def _columns(fitted: FittedModel, source: Source, grid: Grid) -> tuple[str, tuple[str, ...]]:
    """What a source is called, and those of a model's columns that it has."""
    if source.kind:
        names = tuple(fitted.shared["hypernodes"].get(source.kind, ()))
        return source.kind, (*names, POI_COUNT_NAME) if source.kind == POI else names
    known = read_part(source, dataclasses.replace(grid, rows=1, cols=1), Silent())
    return known.group, tuple(name for name in fitted.shared["features"] if name in known.names)


def _missing(features: Sequence[str], own: Mapping[int, Sequence[str]]) -> InputError:
    given = {name for names in own.values() for name in names}
    lacking = [name for name in features if name not in given] or features
    listed = ", ".join(f"'{name}'" for name in lacking[:_LISTED])
    return InputError(
        tr(
            "The model was trained with {names}, which no source has that was given; give the "
            "sources of the training, by the same names and with the same bands."
        ).format(names=listed + ", ..." * (len(lacking) > _LISTED))
    )
