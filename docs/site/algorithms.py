"""Write docs/algorithms.md from the algorithms themselves.

QT_QPA_PLATFORM=offscreen python3 docs/site/algorithms.py
"""

from __future__ import annotations

import importlib.util
import sys
from collections.abc import Iterable
from pathlib import Path

from qgis.core import (
    QgsApplication,
    QgsProcessingAlgorithm,
    QgsProcessingParameterDefinition,
    QgsProcessingParameterEnum,
    QgsProcessingParameterFile,
    QgsProcessingParameterFileDestination,
    QgsProcessingParameterNumber,
)

ROOT = Path(__file__).resolve().parents[2]
PAGE = ROOT / "docs" / "algorithms.md"
HEAD = """# Algorithms

All are in *Processing Toolbox > GeoHG*, in batch, in the model designer, in the Python console
and in `qgis_process` ([calls that work](console.md)). A name in capitals is that of a parameter
or an output there. Advanced parameters are folded away in the dialog; their defaults suit most
runs.

This page is made from the algorithms: `python3 docs/site/algorithms.py`.
"""
_KINDS = {
    "source": "point layer",
    "field": "field",
    "multilayer": "raster layers",
    "raster": "raster layer",
    "crs": "CRS",
    "extent": "extent",
    "distance": "number",
    "number": "number",
    "boolean": "yes or no",
    "string": "text",
    "fileDestination": "file",
    "rasterDestination": "raster",
    "vectorDestination": "vector layer",
}
# QGIS writes "no limit" as the largest number.
_NO_LIMIT = 1e300
_ADVANCED = QgsProcessingParameterDefinition.FlagAdvanced
_OPTIONAL = QgsProcessingParameterDefinition.FlagOptional


def page(algorithms: Iterable[QgsProcessingAlgorithm], data_folder: str) -> str:
    """The page, in Markdown; `data_folder` is this computer's and stays out of it."""
    sections = [HEAD, *(_section(algorithm) for algorithm in algorithms)]
    return "\n".join(sections).replace(data_folder, "the user's folder for local data")


def _section(algorithm: QgsProcessingAlgorithm) -> str:
    parameters = algorithm.parameterDefinitions()
    named = {definition.name() for definition in parameters}
    results = [each for each in parameters if each.isDestination()]
    advanced = [each for each in parameters if each.flags() & _ADVANCED and each not in results]
    inputs = [each for each in parameters if each not in results and each not in advanced]
    numbers = [
        [f"`{output.name()}`", _escape(output.description())]
        for output in algorithm.outputDefinitions()
        if output.name() not in named
    ]
    head = ["parameter", "label", "takes", "default", "help"]
    return "\n".join(
        [
            f"## {algorithm.displayName()}\n",
            f"`geohg:{algorithm.name()}`\n",
            f"{_escape(algorithm.shortHelpString(), newline=chr(10))}\n",
            *_table("Inputs", head, map(_row, inputs)),
            *_table("Advanced", head, map(_row, advanced)),
            *_table(
                "Files and layers",
                ["parameter", "label", "what", "made", "help"],
                map(_row, results),
            ),
            *_table("Numbers and texts", ["output", "what"], numbers),
        ]
    )


def _row(definition: QgsProcessingParameterDefinition) -> list[str]:
    default = _made(definition) if definition.isDestination() else _default(definition)
    label, text = _escape(definition.description()), _escape(definition.help())
    return [f"`{definition.name()}`", label, _kind(definition), default, text]


def _table(title: str, head: list[str], rows: Iterable[list[str]]) -> list[str]:
    lines = [head, ["---"] * len(head), *rows]
    if len(lines) == 2:
        return []
    return [f"**{title}**\n", *(f"| {' | '.join(line)} |" for line in lines), ""]


def _kind(definition: QgsProcessingParameterDefinition) -> str:
    """What a parameter takes, with its bounds."""
    if isinstance(definition, QgsProcessingParameterEnum):
        return ", ".join(f"`{option}`" for option in definition.options())
    if isinstance(definition, QgsProcessingParameterFileDestination):
        return definition.fileFilter().split("(")[0].strip()
    if isinstance(definition, QgsProcessingParameterFile):
        is_folder = definition.behavior() == QgsProcessingParameterFile.Folder
        return "folder" if is_folder else "file"
    kind = _KINDS[definition.type()]
    if not isinstance(definition, QgsProcessingParameterNumber):
        return kind
    low, high = definition.minimum(), definition.maximum()
    if high < _NO_LIMIT:
        return f"{kind}, {low:.9g} to {high:.9g}"
    return f"{kind}, from {low:.9g}" if low > -_NO_LIMIT else kind


def _default(definition: QgsProcessingParameterDefinition) -> str:
    value = definition.defaultValue()
    if value is None or value == "":
        return "none" if definition.flags() & _OPTIONAL else "needed"
    if isinstance(value, bool):
        return "yes" if value else "no"
    return f"{value:g}" if isinstance(value, float) else str(value)


def _made(definition: QgsProcessingParameterDefinition) -> str:
    """When an output is made."""
    if not definition.flags() & _OPTIONAL:
        return "always"
    return "by default" if definition.createByDefault() else "where named"


def _escape(text: str, newline: str = " ") -> str:
    return text.replace("|", r"\|").replace("<", "&lt;").replace("\n", newline)


def main() -> None:
    """Write the page."""
    if importlib.util.find_spec("geohg") is None:
        spec = importlib.util.spec_from_file_location(
            "geohg", ROOT / "__init__.py", submodule_search_locations=[str(ROOT)]
        )
        sys.modules["geohg"] = importlib.util.module_from_spec(spec)
        spec.loader.exec_module(sys.modules["geohg"])
    from geohg.geohg_plugin.provider import ALGORITHMS
    from geohg.geohg_plugin.runtime.places import data_folder

    application = QgsApplication([], False)
    made = [each().create() for each in ALGORITHMS]  # create() also sets its parameters
    PAGE.write_text(page(made, str(data_folder())), encoding="utf-8")
    del application


if __name__ == "__main__":
    main()
