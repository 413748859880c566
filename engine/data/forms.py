"""What a file may hold: forms of its header and of its tensors, checked before they are used."""

from __future__ import annotations

import math
from collections.abc import Container, Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ..config.checks import Kind, Many, Named, Single, check_mapping
from ..config.schema import make_config
from ..errors import InputError, shown
from ..language import tr

Tensors = Mapping[str, NDArray[Any]]

TEXT, NAME = Single(str), Single(str, empty=False)
NUMBER, POSITIVE = Single(float), Single(float, positive=True)
COUNT = Single(int, low=0, high=2**53)
TEXTS = Many(TEXT)
NAMES = Many(NAME, distinct=True)


@dataclass(frozen=True)
class Form(Kind):
    """A section with these keys and no others.

    Parameters
    ----------
    keys : mapping of str to Kind
        What each value must be.
    optional : collection of str
        Keys that may be missing.
    """

    keys: Mapping[str, Kind]
    optional: frozenset[str] = frozenset()

    def check(self, value: Any, path: str) -> dict[str, Any]:
        check_mapping(value, path)
        prefix = f"{path}." if path else ""
        for key in value:
            if key not in self.keys:
                raise InputError(tr("'{name}' is unknown.").format(name=prefix + str(key)[:60]))
        for key in self.keys:
            if key not in value and key not in self.optional:
                raise InputError(tr("'{name}' is missing.").format(name=prefix + key))
        return {key: self.keys[key].check(item, prefix + key) for key, item in value.items()}


@dataclass(frozen=True)
class Maybe(Kind):
    """A value of a kind, or null."""

    kind: Kind

    def check(self, value: Any, path: str) -> Any:
        return None if value is None else self.kind.check(value, path)


@dataclass(frozen=True)
class Figure(Kind):
    """A finite number, a text, or null: what a result tells."""

    def check(self, value: Any, path: str) -> Any:
        plain = value is None or isinstance(value, (str, int))
        if plain or (isinstance(value, float) and math.isfinite(value)):
            return value
        raise InputError(
            tr("'{path}' must be a number or a text, got {value}.").format(
                path=path, value=shown(value)
            )
        )


# What a network, and what it reads of a graph, depend on beside its parameters.
_NEEDED = {
    "data": ("pos_embedding", "hypernode", "entity_thresh", "poi_thresh"),
    "model": ("gnn_type", "residual", "normalisation", "strict_reference"),
}


@dataclass(frozen=True)
class Options(Kind):
    """Sections of options, as `make_config` takes them.

    Parameters
    ----------
    complete : bool
        Whether those that a network depends on must be there: in a file, a missing one does
        not mean its default.
    """

    complete: bool = True

    def check(self, value: Any, path: str) -> Any:
        make_config(value)
        for section, names in _NEEDED.items() if self.complete else ():
            for name in names:
                if name not in (value.get(section) or {}):
                    raise InputError(
                        tr("'{name}' is missing.").format(name=f"{path}.{section}.{name}")
                    )
        return value


@dataclass(frozen=True)
class _Anything(Kind):
    """What is checked elsewhere."""

    def check(self, value: Any, path: str) -> Any:
        return value


ANYTHING = _Anything()
GRID = Form(
    {
        "crs": NAME,
        "left": NUMBER,
        "top": NUMBER,
        "cell_width": POSITIVE,
        "cell_height": POSITIVE,
        "rows": Single(int, low=1, high=2**31),
        "cols": Single(int, low=1, high=2**31),
    }
)
SITES = Form({"crs": NAME, "sites": Single(int, low=1, high=2**53), "sha256": NAME})


@dataclass(frozen=True)
class GeometryForm(Kind):
    """How files describe a grid or a list of sites."""

    def check(self, value: Any, path: str) -> dict[str, Any]:
        check_mapping(value, path)
        return (SITES if "sites" in value else GRID).check(value, path)


@dataclass(frozen=True)
class Array:
    """A tensor.

    Parameters
    ----------
    shape : tuple of str or int
        The length of each axis: a number, or a name that stands for one length in all tensors.
    integer : bool
        Whether it holds int64, and not float32 or float64.
    low, high : float
        Bounds, both included.
    missing : bool
        Whether NaN is allowed. Infinite values never are.
    """

    shape: tuple[str | int, ...]
    integer: bool = False
    low: float = -math.inf
    high: float = math.inf
    missing: bool = False

    def check(self, values: NDArray[Any], name: str, sizes: dict[str, int]) -> None:
        """Refuse other tensors; learn in `sizes` the lengths that names stand for."""
        types = (np.int64,) if self.integer else (np.float32, np.float64)
        if values.dtype not in types:
            raise InputError(
                tr("the tensor '{name}' has the type {got}, not {expected}.").format(
                    name=name,
                    got=values.dtype,
                    expected=" / ".join(np.dtype(kind).name for kind in types),
                )
            )
        expected = [sizes.get(axis, axis) if isinstance(axis, str) else axis for axis in self.shape]
        fits = len(expected) == values.ndim and all(
            isinstance(wanted, str) or wanted == got for wanted, got in zip(expected, values.shape)
        )
        if not fits:
            raise InputError(
                tr("the tensor '{name}' has the shape {got}, not {expected}.").format(
                    name=name,
                    got=list(values.shape),
                    expected="[{}]".format(", ".join(map(str, expected))),
                )
            )
        for axis, length in zip(self.shape, values.shape):
            if isinstance(axis, str):
                sizes[axis] = length
        self._check_values(values, name)

    def _check_values(self, values: NDArray[Any], name: str) -> None:
        with np.errstate(invalid="ignore"):
            good = (values >= self.low) & (values <= self.high)
        good |= np.isnan(values) if self.missing else False
        # Nothing is infinite, whatever the bounds.
        good &= ~np.isinf(values)
        if not good.all():
            raise InputError(
                tr("the tensor '{name}' holds {value}, which it must not.").format(
                    name=name, value=values[~good].flat[0]
                )
            )


@dataclass(frozen=True)
class StateForm:
    """The header and the tensors of a part of a file.

    Parameters
    ----------
    header : Form
        Its header.
    tensors : mapping of str to Array
        Its tensors by name.
    """

    header: Form
    tensors: Mapping[str, Array] = field(default_factory=dict)

    def check(self, tensors: Tensors, header: Any, sizes: dict[str, int], path: str = "") -> None:
        """Refuse a header or tensors of another form; `tensors` may hold others beside them.

        Parameters
        ----------
        sizes : dict of str to int
            Lengths that are known already; those of the tensors are put to them.
        path : str
            What the header is called in an error.

        Raises
        ------
        InputError
            Naming the key or tensor, what it is, and what it must be.
        """
        self.header.check(header, path)
        check_tensors(tensors, self.tensors, sizes)


def check_tensors(
    tensors: Tensors, forms: Mapping[str, Array], sizes: dict[str, int]
) -> dict[str, int]:
    """Refuse tensors of another form, or a missing one; see `StateForm.check`."""
    for name, form in forms.items():
        if name not in tensors:
            raise InputError(tr("the tensor '{name}' is missing.").format(name=name))
        form.check(tensors[name], name, sizes)
    return sizes


def inside(tensors: Tensors, prefix: str) -> dict[str, NDArray[Any]]:
    """Those whose names begin with `prefix`, by the rest of their names."""
    return {n[len(prefix) :]: values for n, values in tensors.items() if n.startswith(prefix)}


def refuse_others(tensors: Tensors, known: Container[str]) -> None:
    """Refuse a tensor whose name is not among the `known`; raises `InputError`."""
    for name in tensors:
        if name not in known:
            raise InputError(tr("the tensor '{name}' is unknown.").format(name=name[:60]))


def refuse_unordered(values: NDArray[np.int64], name: str, most: int) -> None:
    """Refuse indices that do not rise, or do not lie below `most`; raises `InputError`."""
    if np.any(np.diff(values) <= 0) or (len(values) and (values[0] < 0 or values[-1] >= most)):
        raise InputError(
            tr("the tensor '{name}' must rise from 0 to below {most}.").format(name=name, most=most)
        )


DESCRIPTION: dict[str, Kind] = {
    "features": TEXTS,
    "hypernodes": Named(TEXTS),
    "crs": Many(NAME, 1, 1),
    "cell_sizes": Many(POSITIVE, 0, 2),
}
"""What a model and a graph must have in common, see `matching.describe`."""

_GRAPH_INFO: dict[str, Kind] = {
    "points": Form({"read": COUNT, "used": COUNT, "dropped": Named(COUNT)}),
    "checksums": Named(NAME),
    "units": Named(TEXT),
    "attribution": TEXT,
    "groups": Form({"cell": Many(COUNT, most=2**53), "group": Many(TEXT, most=2**53)}),
    "repaired": Named(COUNT),
    "city": TEXT,
    "published_order": Many(COUNT, most=2**53),
}
GRAPH_INFO = Form(_GRAPH_INFO, frozenset(_GRAPH_INFO))
"""What a graph tells of its origin."""
