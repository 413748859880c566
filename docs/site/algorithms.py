"""Write docs/algorithms.md from the algorithms themselves.

QT_QPA_PLATFORM=offscreen python3 docs/site/algorithms.py
"""

from __future__ import annotations

import sys
from collections.abc import Iterable
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))

from descriptions import ROOT, Description, Parameter, describe_all
from qgis.core import QgsApplication

PAGE = ROOT / "docs" / "algorithms.md"
HEAD = """# Algorithms

All are in *Processing Toolbox > GeoHG*, in batch, in the model designer, in the Python console
and in `qgis_process` ([calls that work](console.md)). A name in capitals is that of a parameter
or an output there. Advanced parameters are folded away in the dialog; their defaults suit most
runs.

This page is made from the algorithms: `make pages`.
"""


def page() -> str:
    """The page of all algorithms, in Markdown."""
    return "\n".join([HEAD, *map(_section, describe_all())])


def _section(description: Description) -> str:
    head = ["parameter", "label", "takes", "default", "help"]
    made = ["parameter", "label", "what", "made", "help"]
    numbers = ([f"`{name}`", _escape(label)] for name, label in description.numbers)
    return "\n".join(
        [
            f"## {description.title}\n",
            f"`geohg:{description.name}`\n",
            f"{_escape(description.text, newline=chr(10))}\n",
            *_table("Inputs", head, map(_row, description.inputs)),
            *_table("Advanced", head, map(_row, description.advanced)),
            *_table("Files and layers", made, map(_row, description.results)),
            *_table("Numbers and texts", ["output", "what"], numbers),
        ]
    )


def _row(parameter: Parameter) -> list[str]:
    takes = ", ".join(f"`{choice}`" for choice in parameter.choices) or parameter.takes
    default = parameter.default or ("needed" if parameter.needed else "none")
    return [
        f"`{parameter.name}`",
        _escape(parameter.label),
        takes,
        default,
        _escape(parameter.text),
    ]


def _table(title: str, head: list[str], rows: Iterable[list[str]]) -> list[str]:
    lines = [head, ["---"] * len(head), *rows]
    if len(lines) == 2:
        return []
    return [f"**{title}**\n", *(f"| {' | '.join(line)} |" for line in lines), ""]


def _escape(text: str, newline: str = " ") -> str:
    return text.replace("|", r"\|").replace("<", "&lt;").replace("\n", newline)


def main() -> None:
    """Write the page."""
    application = QgsApplication([], False)
    PAGE.write_text(page(), encoding="utf-8")
    del application


if __name__ == "__main__":
    main()
