"""A city: a folder of graph files, and one of targets."""

from __future__ import annotations

import dataclasses
from pathlib import Path

from ...errors import InputError, did_you_mean
from ...language import tr
from ..builders.graph import GraphRawData
from . import city_csv, city_forms, city_text
from .city_published import as_published


def city_names(folder: str | Path) -> tuple[str, ...]:
    """Names of the cities under `folder`, sorted: its folders of graph files."""
    forms = (city_csv.POSITIONS, city_forms.POSITIONS)
    found = {path.parent.name for form in forms for path in Path(folder).glob(f"*/{form}")}
    return tuple(sorted(found))


def read_city(
    graph_folder: str | Path,
    target_folder: str | Path | None = None,
    strict_reference: bool = False,
    task: str = "",
) -> GraphRawData:
    """Read one city as a graph.

    Parameters
    ----------
    graph_folder : path
        The folder of the graph files. If it contains a `pos_encode.csv`, the toolkit's tables
        are read, which `write_city` writes; otherwise the text form of the paper's public data.
        Errors of the public data are corrected in both forms. `info.repaired` counts the
        corrections.
    target_folder : path, optional
        The folder with one file per target, named after it; by default the same folder.
    strict_reference : bool
        Read the public data, or tables without `city.json`, as the published code does, without
        corrections; see `city_published.as_published`.
    task : str
        The one target to read; empty for all.

    Raises
    ------
    InputError
        If a file is missing or a line cannot be read, naming the file and the line.
    """
    graph_folder = Path(graph_folder)
    target_folder = Path(graph_folder if target_folder is None else target_folder)
    tables = (graph_folder / city_csv.POSITIONS).is_file()
    targets = _targets(graph_folder, target_folder, task)
    if tables and not city_forms.is_paper(graph_folder, strict_reference):
        if strict_reference:
            raise InputError(
                tr(
                    "'{graph_folder}' holds a city in the CSV form, which the published code does "
                    "not read; give the text form, or leave strict_reference out."
                ).format(graph_folder=graph_folder)
            )
        graph = city_csv.read_csv_city(graph_folder, targets)
    elif tables or (graph_folder / city_forms.POSITIONS).is_file():
        city = city_text.read_text(graph_folder, targets)
        graph = as_published(city) if strict_reference else city_text.mended(city)
    else:
        raise InputError(
            tr(
                "'{graph_folder}' holds no city: there is neither a '{table}' nor a '{text}'."
            ).format(graph_folder=graph_folder, table=city_csv.POSITIONS, text=city_forms.POSITIONS)
        )
    return dataclasses.replace(graph, info=dataclasses.replace(graph.info, city=graph_folder.name))


def has_targets(graph_folder: str | Path) -> bool:
    """Whether a folder of graph files holds targets too."""
    folder = Path(graph_folder)
    return bool(_target_files(folder, _suffix(folder)))


def _suffix(folder: Path) -> str:
    """How the names of a city's files end."""
    return ".csv" if (folder / city_csv.POSITIONS).is_file() else ".txt"


def city_files(folder: Path, task: str = "") -> list[Path]:
    """The tables in a folder of graph files or targets that `read_city` would read."""
    targets = {**_target_files(folder, ".csv"), **_target_files(folder, ".txt")}
    others = [path for name, path in targets.items() if task and name != task]
    return [
        path
        for path in folder.glob("[!.]*")
        if path.suffix in (".csv", ".txt", ".json") and path not in others
    ]


def _target_files(folder: Path, suffix: str) -> dict[str, Path]:
    """The files of the targets in a folder, by name."""
    others = {"pos_encode", "ANA", "ELA", "PLA", "POS_label_ID", *city_csv.GRAPH_FILES}
    files = {path.stem: path for path in sorted(folder.glob(f"[!.]*{suffix}"))}
    return {name: path for name, path in files.items() if name not in others}


def _targets(graph_folder: Path, folder: Path, task: str) -> dict[str, Path]:
    """Those to read, one or all: of another folder than the graph's, in either form."""
    suffix = _suffix(graph_folder)
    found = _target_files(folder, suffix)
    if not found and folder != graph_folder:
        found = _target_files(folder, ".txt" if suffix == ".csv" else ".csv")
    if not task:
        return found
    if task not in found:
        known = ", ".join(found) or tr("none")
        hint = did_you_mean(task, found)
        raise InputError(
            tr("'{folder}' has no target '{task}'; it has: {known}.{hint}").format(
                folder=folder, task=task, known=known, hint=hint
            )
        )
    return {task: found[task]}
