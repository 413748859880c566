"""Graph and model files: safetensors, with one JSON header."""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from safetensors import SafetensorError, safe_open
from safetensors.numpy import save_file

from .. import schema
from ..errors import FileFormatError, InputError
from ..language import tr
from .builders.graph import GraphRawData, Links
from .builders.grid import Grid
from .builders.sites import Sites

_HEADER = "geohg"
Tensors = dict[str, NDArray[Any]]


def write(path: Path, kind: str, tensors: Mapping[str, NDArray[Any]], header: Any) -> None:
    """Write a file of the given kind."""
    text = json.dumps({"kind": kind, "version": schema.FILE_VERSION, **header}, allow_nan=False)
    whole = {name: np.ascontiguousarray(values) for name, values in tensors.items()}
    save_file(whole, path, metadata={_HEADER: text})


def read(path: str | Path, kind: str) -> tuple[Tensors, dict[str, Any]]:
    """Read a file of the given kind; nothing in it is run.

    Raises
    ------
    FileFormatError
        If the file is missing, truncated, or of another kind or version.
    """
    try:
        with safe_open(path, framework="numpy") as file:
            metadata = file.metadata() or {}
            header = json.loads(metadata.get(_HEADER, "null"))
            tensors = {name: file.get_tensor(name) for name in file.keys()}  # noqa: SIM118 - not a dict
    except FileNotFoundError as error:
        raise FileFormatError(
            tr("The {kind} file '{path}' does not exist.").format(kind=_in_words(kind), path=path)
        ) from error
    except (SafetensorError, OSError, ValueError) as error:
        raise FileFormatError(
            tr("'{path}' is truncated or not a GeoHG {kind} file ({error}); make it again.").format(
                path=path, kind=_in_words(kind), error=error
            )
        ) from error
    if not isinstance(header, dict) or "kind" not in header:
        raise FileFormatError(
            tr("'{path}' is not a GeoHG file; give a GeoHG {kind} file.").format(
                path=path, kind=_in_words(kind)
            )
        )
    if header["kind"] != kind:
        raise FileFormatError(
            tr("'{path}' is a GeoHG {got} file; give a {kind} file.").format(
                path=path, got=_in_words(header["kind"]), kind=_in_words(kind)
            )
        )
    if header.get("version") != schema.FILE_VERSION:
        raise FileFormatError(
            tr(
                "'{path}' has version {version} of the {kind} format; this GeoHG reads version "
                "{expected}: make the file again."
            ).format(
                path=path,
                version=header.get("version"),
                kind=_in_words(kind),
                expected=schema.FILE_VERSION,
            )
        )
    return tensors, header


def _in_words(kind: str) -> str:
    names = {
        schema.GRAPH_FILE: tr("graph"),
        schema.MODEL_FILE: tr("model"),
        schema.ENCODER_FILE: tr("encoder"),
    }
    return names.get(kind, kind)


def save_graph(path: Path, graph: GraphRawData) -> None:
    """Write a graph file."""
    tensors: Tensors = {
        "area.cell": graph.cell,
        "area.features": graph.features,
        "near.index": graph.near,
    }
    if isinstance(graph.places, Sites):
        tensors["area.xy"] = graph.places.xy
    for name, links in ((schema.ENTITY, graph.entity), (schema.POI, graph.poi)):
        tensors[f"{name}.index"] = links.index
        tensors[f"{name}.weight"] = links.weight
    for number, values in enumerate(graph.targets.values()):
        tensors[f"target.{number}"] = values
    header = {
        "places": graph.places.describe(),
        "features": list(zip(graph.feature_names, graph.feature_kinds)),
        "entities": graph.entity.names,
        "pois": graph.poi.names,
        "targets": list(graph.targets),
        "info": graph.info,
    }
    write(path, schema.GRAPH_FILE, tensors, header)


def load_graph(path: str | Path) -> GraphRawData:
    """Read a graph file.

    Raises
    ------
    FileFormatError
        If the file is not a whole and consistent graph file.
    """
    tensors, header = read(path, schema.GRAPH_FILE)
    try:
        features = header["features"]
        return GraphRawData(
            places=_places(tensors, header["places"]),
            cell=tensors["area.cell"],
            features=tensors["area.features"],
            feature_names=tuple(name for name, _ in features),
            feature_kinds=tuple(kind for _, kind in features),
            near=tensors["near.index"],
            entity=_links(tensors, schema.ENTITY, header["entities"]),
            poi=_links(tensors, schema.POI, header["pois"]),
            targets={
                name: tensors[f"target.{number}"] for number, name in enumerate(header["targets"])
            },
            info=header["info"],
        )
    except (KeyError, TypeError, InputError) as error:
        raise FileFormatError(
            tr("The graph file '{path}' is inconsistent ({error}); build the graph again.").format(
                path=path, error=error
            )
        ) from error


def _places(tensors: Tensors, described: Mapping[str, Any]) -> Grid | Sites:
    if "area.xy" in tensors:
        return Sites(described["crs"], tensors["area.xy"])
    return Grid(**described)


def _links(tensors: Tensors, name: str, names: list[str]) -> Links:
    return Links(tuple(names), tensors[f"{name}.index"], tensors[f"{name}.weight"])


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
