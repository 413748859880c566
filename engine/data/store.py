"""Graph and model files: safetensors, with one JSON header."""

from __future__ import annotations

import hashlib
import json
import os
import stat
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from safetensors import safe_open
from safetensors.numpy import save_file

from ..errors import FileFormatError, InputError
from ..language import tr
from ..names import ENCODER_FILE, ENTITY, FILE_VERSION, GRAPH_FILE, MODEL_FILE, POI
from ..progress import Progress, Silent
from .builders.graph import GraphRawData
from .builders.sites import Sites
from .graph_forms import graph_of

_HEADER, _CHECKSUM = "geohg", "sha256"
_UNSIGNED = 1
"""The version of files without a checksum."""
Tensors = dict[str, NDArray[Any]]
# How files of PyTorch end.
_PICKLED = (".pth", ".pt", ".ckpt")


def write(path: str | Path, kind: str, tensors: Mapping[str, NDArray[Any]], header: Any) -> None:
    """Write a file of the given kind, with a checksum of its tensors and of its header."""
    text = json.dumps({"kind": kind, "version": FILE_VERSION, **header}, allow_nan=False)
    contiguous = {name: np.ascontiguousarray(values) for name, values in tensors.items()}
    described = json.loads(text)
    described[_CHECKSUM] = _checksum(contiguous, described)
    path = Path(path)
    path.touch()
    mode = stat.S_IMODE(path.stat().st_mode)
    save_file(contiguous, path, metadata={_HEADER: json.dumps(described)})
    path.chmod(mode)  # that of any new file; safetensors lets only the owner read its files


def _checksum(tensors: Tensors, header: Mapping[str, Any]) -> str:
    """SHA-256 of a header without its checksum, and of the tensors with their names and types."""
    parts = {name: part for name, part in header.items() if name != _CHECKSUM}
    digest = hashlib.sha256(json.dumps(parts, sort_keys=True).encode())
    for name, values in sorted(tensors.items()):
        digest.update(json.dumps([name, values.dtype.str, values.shape]).encode())
        digest.update(np.ascontiguousarray(values).reshape(-1).view(np.uint8).data)
    return digest.hexdigest()


def read(
    path: str | Path, kind: str, progress: Progress | None = None
) -> tuple[Tensors, dict[str, Any]]:
    """Read a file of the given kind; nothing in it is run.

    Parameters
    ----------
    path : path
        The file.
    kind : str
        What it must be: `GRAPH_FILE`, `MODEL_FILE` or `ENCODER_FILE`.
    progress : Progress, optional
        It is warned of a file of version 1, which has no checksum.

    Returns
    -------
    dict of str to array, dict
        The tensors, and the header without kind, version and checksum.

    Raises
    ------
    FileFormatError
        If the file is missing, truncated, damaged, or of another kind or version.
    """
    _refuse_unreadable(path, kind)
    tensors, header = _open(path, kind)
    _check_kind(header, path, kind)
    unsigned = header["version"] == _UNSIGNED
    # A checksum in a file of version 1 tells that its version was changed.
    if unsigned and _CHECKSUM not in header:
        (progress or Silent()).warning(
            tr(
                "'{path}' is of an older GeoHG and has no checksum: damage to it may go "
                "unnoticed; make the file again."
            ).format(path=path)
        )
    elif header.get(_CHECKSUM) != _checksum(tensors, header):
        raise FileFormatError(
            tr(
                "'{path}' is damaged: its content does not match its checksum; make it again."
            ).format(path=path)
        )
    own = ("kind", "version", _CHECKSUM)
    rest = {name: part for name, part in header.items() if name not in own}
    return tensors, _renamed(rest) if unsigned else rest


def _open(path: str | Path, kind: str) -> tuple[Tensors, Any]:
    """The tensors of a safetensors file, and its header; None without one."""
    try:
        with safe_open(path, framework="numpy") as file:
            text = (file.metadata() or {}).get(_HEADER, "null")
            tensors = {name: file.get_tensor(name) for name in file.keys()}  # noqa: SIM118 - not a dict
        header = json.loads(
            text, parse_constant=_refuse_constant, object_pairs_hook=_without_repeats
        )
    except MemoryError:
        raise
    # What the libraries raise for a damaged file is of many types, and says nothing to a user.
    except Exception as error:
        raise FileFormatError(
            tr("'{path}' is truncated or not a GeoHG {kind} file; make it again.").format(
                path=path, kind=_in_words(kind)
            )
        ) from error
    return tensors, header


def _check_kind(header: Any, path: str | Path, kind: str) -> None:
    """Refuse the header of a file of another kind, or of a version that is not read."""
    if not isinstance(header, dict) or "kind" not in header:
        raise FileFormatError(
            tr("'{path}' is not a GeoHG file; give a GeoHG {kind} file.").format(
                path=path, kind=_in_words(kind)
            )
        )
    if header["kind"] != kind:
        raise FileFormatError(
            tr("'{path}' is a GeoHG {got} file; give a {kind} file.").format(
                path=path, got=_in_words(str(header["kind"])[:60]), kind=_in_words(kind)
            )
        )
    version = header.get("version")
    if type(version) is not int or version not in (_UNSIGNED, FILE_VERSION):
        raise FileFormatError(
            tr(
                "'{path}' has version {version} of the {kind} format; this GeoHG reads versions "
                "{oldest} to {newest}: make the file again."
            ).format(
                path=path,
                version=str(version)[:60],
                kind=_in_words(kind),
                oldest=_UNSIGNED,
                newest=FILE_VERSION,
            )
        )


def _renamed(value: Any) -> Any:
    """A header of version 1, whose hypernodes had names of their own, with those of today."""
    if not isinstance(value, dict):
        return value
    found = {name: _renamed(part) for name, part in value.items()}
    for entity, poi in (("entities", "pois"), ("land_cover_classes", "poi_categories")):
        if entity in found and poi in found:
            names = {ENTITY: found.pop(entity), POI: found.pop(poi)}
            found["hypernodes"] = names
    return found


def _refuse_unreadable(path: str | Path, kind: str) -> None:
    """Refuse what is no file of the disk, such as a pipe, which may never end."""
    try:
        regular = stat.S_ISREG(os.stat(path).st_mode)
        if regular:
            open(path, "rb").close()
    except FileNotFoundError as error:
        raise FileFormatError(_not_there(path, kind)) from error
    except OSError as error:
        raise FileFormatError(
            tr("The {kind} file '{path}' cannot be read: {reason}.").format(
                kind=_in_words(kind), path=path, reason=error.strerror
            )
        ) from error
    if not regular:
        raise FileFormatError(
            tr("'{path}' is not a file; give a GeoHG {kind} file.").format(
                path=path, kind=_in_words(kind)
            )
        )


def _not_there(path: str | Path, kind: str) -> str:
    """That a file does not exist; where a file of PyTorch is named, what there is instead."""
    known: dict[str, Any] = {"kind": _in_words(kind), "path": path}
    if Path(path).suffix.lower() not in _PICKLED:
        return tr("The {kind} file '{path}' does not exist.").format(**known)
    found = sorted(Path(path).parent.glob(f"*{kind}.safetensors"))
    such = tr(", such as '{path}'").format(path=found[0]) if found else ""
    return tr(
        "The {kind} file '{path}' does not exist. GeoHG's files end in .safetensors, since loading "
        "a {suffix} file can run code; name the one that GeoHG wrote{such}."
    ).format(**known, suffix=Path(path).suffix, such=such)


def _refuse_constant(text: str) -> None:
    raise ValueError(text)


def _without_repeats(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    """An object of JSON, none of whose keys stands twice."""
    if len(found := dict(pairs)) < len(pairs):
        raise ValueError
    return found


def _in_words(kind: str) -> str:
    names = {
        GRAPH_FILE: tr("graph"),
        MODEL_FILE: tr("model"),
        ENCODER_FILE: tr("encoder"),
    }
    return names.get(kind, kind)


def save_graph(path: str | Path, graph: GraphRawData) -> None:
    """Write a graph file."""
    write(path, GRAPH_FILE, *graph_parts(graph))


def graph_parts(graph: GraphRawData) -> tuple[Tensors, dict[str, Any]]:
    """The tensors of a graph and its header, which `graph_of` reads again."""
    tensors: Tensors = {
        "area.cell": graph.cell,
        "area.features": graph.features,
        "near.index": graph.near,
    }
    if isinstance(graph.geometry, Sites):
        tensors["area.xy"] = graph.geometry.xy
    for name, links in graph.hypernodes.items():
        tensors[f"{name}.index"] = links.index
        tensors[f"{name}.weight"] = links.weight
    for number, values in enumerate(graph.targets.values()):
        tensors[f"target.{number}"] = values
    for number, name in enumerate(graph.targets):
        if name in graph.readings:
            readings = graph.readings[name]
            tensors[f"readings.{number}.cell"] = readings.cell
            tensors[f"readings.{number}.xy"] = readings.xy
            tensors[f"readings.{number}.value"] = readings.value
    return tensors, {
        "places": graph.geometry.describe(),
        "features": list(zip(graph.feature_names, graph.feature_kinds)),
        "groups": list(graph.feature_groups),
        "hypernodes": {kind: list(links.names) for kind, links in graph.hypernodes.items()},
        "targets": list(graph.targets),
        "info": graph.info.to_dict(),
    }


def load_graph(path: str | Path, progress: Progress | None = None) -> GraphRawData:
    """Read a graph file.

    Parameters
    ----------
    path, progress
        As of `read`.

    Raises
    ------
    FileFormatError
        If the file is not a whole and consistent graph file.
    """
    tensors, header = read(path, GRAPH_FILE, progress)
    try:
        return graph_of(tensors, header)
    except InputError as error:
        raise FileFormatError(
            tr("The graph file '{path}' is inconsistent: {error} Build the graph again.").format(
                path=path, error=error
            )
        ) from error


def checksums(paths: Iterable[str | Path]) -> dict[str, str]:
    """SHA-256 sums of files by path; what GDAL reads and is no file of its own has none."""
    return {str(path): sha256(path) for path in paths if os.path.isfile(path)}


def sha256(path: str | Path) -> str:
    """Checksum of a file, read in pieces."""
    digest = hashlib.sha256()
    with open(path, "rb") as file:
        while piece := file.read(1 << 20):
            digest.update(piece)
    return digest.hexdigest()
