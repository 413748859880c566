"""A city by its name: from a folder, from the public data set, or the synthetic sample."""

from __future__ import annotations

import dataclasses
import os
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from ..config.schema import DataConfig, ModelConfig
from ..data.builders.graph import GraphRawData
from ..data.sources.city import city_names, has_targets, read_city
from ..data.sources.city_download import GRAPHS, TARGETS, fetch_city, public_cities, public_targets
from ..data.sources.classes import ClassRaster
from ..data.sources.id_tables import with_records
from ..data.sources.located import Table
from ..data.sources.poi import Pois
from ..data.sources.sentinels import warn_of_sentinels_in
from ..errors import InputError, did_you_mean
from ..language import tr
from ..names import ENTITY
from ..progress import InPython, Part, Progress
from .inputs import Inputs, Measurements
from .reading import read_graph

SAMPLE = "sample"
# Where the toolkit's settings have its data; no other folder may be missing.
_TOOLKIT = {"prebuilt_dir": f"data/{GRAPHS}", "downstream_dir": f"data/{TARGETS}"}
# Its city, where none is named.
_DEFAULT = "GZ"
_SAMPLE_FOLDER = Path(__file__).resolve().parents[2] / "resources" / "sample"


def load_city(data: DataConfig | str, progress: Progress | None = None) -> GraphRawData:
    """Load the graph of a city.

    The files are read from `data.prebuilt_dir` and `data.downstream_dir`. If these are not
    set, they are read from the folder in the environment variable GEOHG_DATA (with
    `Hyper_Graph` and `downstream_tasks`), or else from the public data set, which is fetched
    on first use; so are the public cities if these are the toolkit's own `data/Hyper_Graph` and
    `data/downstream_tasks`, and are not there. `sample` is the synthetic sample.

    Parameters
    ----------
    data : DataConfig or str
        The city's name, or options: `city`, `task` (empty for all targets), the folders and
        `strict_reference` are used.
    progress : Progress, optional
        Receives progress and messages, such as which errors in the files were corrected.

    Raises
    ------
    InputError
        If the city or target does not exist, or its files cannot be fetched or read.
    """
    data = DataConfig(city=data) if isinstance(data, str) else data
    progress = progress or InPython()
    if not data.city:
        raise InputError(tr("No city was named; set data.city."))
    if data.city == SAMPLE and not data.prebuilt_dir:
        return _sample(data, progress)
    data = _without_missing(data, progress)
    graphs, targets = _folders(data, Part(progress, 0.0, 0.8))
    return read_folders(graphs, targets, data, Part(progress, 0.8, 1.0))


def read_folders(graphs: Path, targets: Path, data: DataConfig, progress: Progress) -> GraphRawData:
    """The graph of the city whose files are in these folders, with its record.

    Parameters
    ----------
    graphs, targets : path
        See `read_city`; they may be one.
    data : DataConfig
        `task` and `strict_reference` are read.
    progress : Progress
        What was repaired in the files is logged.

    Raises
    ------
    InputError
        If a folder holds no city, or a file cannot be read.
    """
    city = graphs.name
    progress.report(0.0, tr("Reading {city}").format(city=city))
    graph = read_city(graphs, targets, data.strict_reference, data.task)
    for fault, number in graph.info.repaired.items():
        progress.log(
            tr("{city}: {number:,} {fault}.").format(city=city, number=number, fault=fault)
        )
    warn_of_sentinels_in(graph, progress)
    counts = graph.counts()
    progress.log(
        tr(
            "{city}: {cells:,} cells, {near:,} near edges, {landcover:,} land-cover and {poi:,} "
            "POI links each way."
        ).format(
            city=city,
            cells=counts["area_nodes"],
            near=counts["near_edges"],
            landcover=counts["entity_locate_edges"],
            poi=counts["poi_locate_edges"],
        )
    )
    found = {path for folder in (graphs, targets) for path in folder.glob("[!.]*")}
    files = sorted(path for path in found if path.suffix in (".csv", ".txt", ".json"))
    return with_records(graph, files)


def target_folder(folder: Path) -> Path:
    """A folder that was named as that of targets.

    Raises
    ------
    InputError
        If it is not there: a city without targets would be read in its place.
    """
    if not folder.is_dir():
        raise InputError(
            tr("There is no folder '{folder}' with targets; name another, or none.").format(
                folder=folder
            )
        )
    return folder


def with_city(data: DataConfig) -> DataConfig:
    """The options with the toolkit's city, if they name only a target of the public data."""
    if data.city or data.prebuilt_dir or data.task not in public_targets(_DEFAULT):
        return data
    return dataclasses.replace(data, city=_DEFAULT)


def _without_missing(data: DataConfig, progress: Progress) -> DataConfig:
    """The options without the toolkit's own folders, where a public city is not in them."""
    missing = {
        name: folder
        for name, folder in _TOOLKIT.items()
        if (given := getattr(data, name)) and Path(given) == Path(folder)
        if not Path(given).exists() and data.city in public_cities()
    }
    for folder in missing.values():
        progress.log(
            tr("There is no folder '{folder}'; {city} is taken from the public data set.").format(
                folder=folder, city=data.city
            )
        )
    changes: dict[str, Any] = dict.fromkeys(missing, "")
    return dataclasses.replace(data, **changes)


def _folders(data: DataConfig, progress: Progress) -> tuple[Path, Path]:
    """The folders of the city's graph files and of its targets."""
    graphs = Path(data.prebuilt_dir) / data.city if data.prebuilt_dir else None
    targets = Path(data.downstream_dir) / data.city if data.downstream_dir else None
    if graphs:
        _check_city(data.city, city_names(data.prebuilt_dir), f"'{data.prebuilt_dir}'")
        if has_targets(graphs) or data.city not in public_cities():
            targets = targets or graphs
    if graphs and targets:
        return graphs, target_folder(targets)
    root = os.environ.get("GEOHG_DATA")
    if root:
        owner = tr("'{folder}', which GEOHG_DATA names,").format(folder=root)
        _check_city(data.city, city_names(Path(root) / GRAPHS), owner)
    else:
        _check_city(data.city, (*public_cities(), SAMPLE), tr("The public data set"))
    targets = targets and target_folder(targets)
    if root:
        own = Path(root) / GRAPHS / data.city, Path(root) / TARGETS / data.city
    else:
        own = fetch_city(data.city, data.task, progress)
    return graphs or own[0], targets or own[1]


def _check_city(city: str, known: Sequence[str], owner: str) -> None:
    if city in known:
        return
    hint = did_you_mean(city, known)
    raise InputError(
        tr(
            "{owner} has no city '{city}'; it has: {known}.{hint} A city of your own is a folder "
            "under data.prebuilt_dir."
        ).format(owner=owner, city=city, known=", ".join(known) or tr("none"), hint=hint)
    )


def _sample(data: DataConfig, progress: Progress) -> GraphRawData:
    if data.strict_reference:
        raise InputError(
            tr("The sample is no city of the published code; leave strict_reference out.")
        )
    target = "value"
    if data.task not in ("", target):
        raise InputError(
            tr("The sample has no target '{name}'; it has: {target}.").format(
                name=data.task, target=target
            )
        )
    inputs = Inputs(
        Measurements(Table(_SAMPLE_FOLDER / "synthetic_points.gpkg"), (target,)),
        (
            ClassRaster(ENTITY, ((_SAMPLE_FOLDER / "synthetic_landcover.tif", 1),)),
            Pois(_SAMPLE_FOLDER / "synthetic_pois.gpkg", "", None, "category"),
        ),
        # The known truth lies on the sample's own grid.
        grid={"template": str(_SAMPLE_FOLDER / "synthetic_truth.tif")},
    )
    graph = read_graph(inputs, ModelConfig(), progress)
    return dataclasses.replace(graph, info=dataclasses.replace(graph.info, city=SAMPLE))
