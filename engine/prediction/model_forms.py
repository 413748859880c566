"""What a model file holds: the form of its header and of its tensors."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, NamedTuple

import numpy as np

from ..config.checks import Kind, Named
from ..data.builders.grid import Grid
from ..data.forms import (
    ANYTHING,
    DESCRIPTION,
    NAME,
    TEXT,
    TEXTS,
    Array,
    Figure,
    Form,
    GeometryForm,
    Options,
    Tensors,
    check_tensors,
    inside,
    refuse_others,
    refuse_unordered,
)
from ..data.graph_forms import check_ground
from ..errors import InputError
from ..language import tr
from ..names import CLASS_MODEL
from .reach import Reach

_TINY = float(np.finfo(np.float64).tiny)
# What model files put before the names of what intervals and applicability need, of a model's
# own tensors, and of those of the graph that it maps.
TRUST, MODEL, GRAPH = "trust.", "model.", "graph."
DETAILS: dict[str, Kind] = {
    "config": Options(complete=False),
    "numbers": Named(Figure()),
    "versions": Named(TEXT),
}
_HEADER = Form(
    {
        "model": Named(ANYTHING),
        "target": NAME,
        "unit": TEXT,
        "places": GeometryForm(),
        **DESCRIPTION,
        **DETAILS,
        "graph": ANYTHING,
        "classes": TEXTS,
    },
    frozenset({"graph", "classes"}),
)
_APPLICABILITY = {
    "applicability.centre": Array(("columns of features",)),
    "applicability.scale": Array(("columns of features",), low=0.0),
    "applicability.rows": Array(("compared", "columns of features"), missing=True),
    "applicability.xy": Array(("fitted", 2)),
    "applicability.reach": Array((2,), low=_TINY),
}
_TRUST_FORMS = {
    "scores": Array(("scores",), low=0.0),
    "reach": Array((2, "distances"), low=_TINY),
    **_APPLICABILITY,
}
# Of single readings; files of models that read no places have none.
_MISSES = {"misses": Array(("misses",), low=0.0)}


# Near, far and how much wider there, as files had it before.
_OLD_REACH = Array((3,), low=_TINY)


class Parts(NamedTuple):
    """The tensors of a model file, by the names that their owners know.

    Parameters
    ----------
    trust : dict of str to array
        What intervals and applicability need: all, or the scores alone, or nothing.
    model : dict of str to array
        The model's own; not yet checked.
    graph : dict of str to array
        Those of the graph, as `graph_of` reads them; none in a file without.
    sizes : dict of str to int
        Lengths of axes by name; see `StoredModel.check_state`.
    """

    trust: Tensors
    model: Tensors
    graph: Tensors
    sizes: dict[str, int]


def check_parts(tensors: Tensors, header: dict[str, Any]) -> Parts:
    """Refuse what is not of the form of a model file.

    Raises
    ------
    InputError
        Naming the key or the tensor.
    """
    _HEADER.check(header, "")
    if ("classes" in header) != (header["model"].get("kind") == CLASS_MODEL):
        raise InputError(tr("a model of classes needs their names, and no other has them."))
    sizes = check_tensors(tensors, {"fitted": Array(("fitted",), integer=True, low=0)}, {})
    cells, geometry = tensors["fitted"], header["places"]
    refuse_unordered(cells, "fitted", _size_of(geometry))
    if len(cells) and "rows" in geometry:
        check_ground(Grid(**geometry), cells)
    prefixes = (TRUST, MODEL, *([GRAPH] if "graph" in header else []))
    refuse_others(tensors, {"fitted", *(name for name in tensors if name.startswith(prefixes))})
    trust = inside(tensors, TRUST)
    _check_trust(trust, sizes)
    return Parts(trust, inside(tensors, MODEL), inside(tensors, GRAPH), sizes)


def _check_trust(trust: Tensors, sizes: dict[str, int]) -> None:
    """Refuse another form of what `save` writes: all of it, the scores alone, or nothing."""
    refuse_others(trust, {**_TRUST_FORMS, **_MISSES})
    more = trust.keys() - {"scores"}
    forms = {**_TRUST_FORMS, "reach": _OLD_REACH if _is_old(trust) else _TRUST_FORMS["reach"]}
    wanted = {name: form for name, form in forms.items() if more or name in trust}
    wanted |= _MISSES if "misses" in trust else {}
    check_tensors(trust, wanted, sizes)
    distance, factor = Reach.from_arrays(trust).curve
    if not len(distance) or (np.diff(distance) <= 0).any() or (np.diff(factor) < 0).any():
        raise InputError(tr("the tensor '{name}' is not what it was.").format(name="reach"))


def _is_old(trust: Tensors) -> bool:
    return "reach" in trust and trust["reach"].ndim == 1


def _size_of(geometry: Mapping[str, Any]) -> int:
    return int(geometry["sites"] if "sites" in geometry else geometry["rows"] * geometry["cols"])
