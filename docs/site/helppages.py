"""Write resources/help from the algorithms: a page for each of them, in each language.

QT_QPA_PLATFORM=offscreen python3 docs/site/helppages.py
"""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Iterator
from functools import partial
from html import escape as escape_html
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).parent))

from descriptions import ROOT, Description, Parameter, describe_all, speaking, tr
from qgis.core import QgsApplication

escape = partial(escape_html, quote=False)

HELP = ROOT / "resources" / "help"
LANGUAGES = {"en": "English", "zh": "中文"}

_PAGE = """<!DOCTYPE html>
<html lang="{language}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<title>{title} - GeoHG</title>
<link rel="stylesheet" href="../help.css">
</head>
<body>
<nav>{languages}</nav>
<h1>{title}</h1>
<p><code>geohg:{name}</code></p>
{body}
<footer>
{credits}
<p>{others}</p>
</footer>
</body>
</html>
"""


def help_pages() -> dict[str, str]:
    """The text of every page by its place under `resources/help`."""
    pages = {}
    for language in LANGUAGES:
        with speaking(language):
            descriptions = describe_all()
            for description in descriptions:
                text = _page(description, language, descriptions)
                pages[f"{language}/{description.name}.html"] = text
    return pages


def _page(description: Description, language: str, all_of_them: list[Description]) -> str:
    others = {code: name for code, name in LANGUAGES.items() if code != language}
    links = (_link(f"../{code}/{description.name}.html", name) for code, name in others.items())
    neighbours = (
        _link(f"{other.name}.html", other.title)
        if other is not description
        else escape(other.title)
        for other in all_of_them
    )
    return _PAGE.format(
        language=language,
        languages=" ".join(links),
        title=escape(description.title),
        name=description.name,
        body="\n".join(_body(description)),
        credits="\n".join(f"<p>{line}</p>" for line in _credits(description)),
        others=" · ".join(neighbours),
    )


def _body(description: Description) -> Iterator[str]:
    for paragraph in description.text.split("\n\n"):
        yield f"<p>{escape(paragraph)}</p>"
    yield from _list(tr("Inputs"), description.inputs, _taken)
    yield from _list(tr("Advanced"), description.advanced, _taken)
    yield from _list(tr("Files and layers"), description.results, _made)
    if description.numbers:
        yield f"<h2>{tr('Numbers and texts')}</h2>\n<dl>"
        for name, label in description.numbers:
            yield f"<dt><code>{name}</code></dt><dd>{escape(label)}</dd>"
        yield "</dl>"
    yield f"<h2>{tr('A call')}</h2>"
    yield f"<pre>{escape(_call(description.name, description.example))}</pre>"


def _list(
    title: str, parameters: tuple[Parameter, ...], facts: Callable[[Parameter], str]
) -> Iterator[str]:
    if not parameters:
        return
    yield f"<h2>{title}</h2>\n<dl>"
    for each in parameters:
        yield f"<dt>{escape(each.label)} <code>{each.name}</code></dt>"
        yield f"<dd>{escape(each.text)}<br><small>{facts(each)}</small></dd>"
    yield "</dl>"


def _taken(parameter: Parameter) -> str:
    """What an input takes, and whether it must be given."""
    choices = ", ".join(f"<code>{escape(choice)}</code>" for choice in parameter.choices)
    what = choices or escape(parameter.takes)
    if parameter.needed:
        return tr("Type: {what}. Required.").format(what=what)
    if not parameter.default:
        return tr("Type: {what}. Optional.").format(what=what)
    return tr("Type: {what}. Default: {value}.").format(what=what, value=escape(parameter.default))


def _made(parameter: Parameter) -> str:
    """What an output is, and when it is made."""
    return tr("{what}, made {when}.").format(what=escape(parameter.takes), when=parameter.default)


def _call(name: str, values: dict[str, Any]) -> str:
    """A call for QGIS's Python console."""
    lines = [f'        "{key}": {json.dumps(value)},' for key, value in values.items()]
    given = "\n".join(["{", *lines, "    }"]) if lines else "{}"
    return f'import processing\n\nprocessing.run(\n    "geohg:{name}",\n    {given},\n)'


def _credits(description: Description) -> Iterator[str]:
    yield tr("GeoHG is free software (GPL-2.0-or-later). It comes without any warranty.")
    yield tr(
        "Method: Zou et al., Space-aware Socioeconomic Indicator Inference with Heterogeneous "
        "Graphs, ACM SIGSPATIAL 2025, arXiv 2405.14135."
    )
    if any(each.name == "LANDCOVER" for each in description.inputs):
        yield tr(
            "Published maps made with ESA WorldCover must credit it: © ESA WorldCover project, "
            "contains modified Copernicus Sentinel data, CC BY 4.0."
        )


def _link(place: str, text: str) -> str:
    return f'<a href="{place}">{escape(text)}</a>'


def main() -> None:
    """Write the pages."""
    application = QgsApplication([], False)
    for old in HELP.glob("*/*.html"):
        old.unlink()
    for place, text in help_pages().items():
        (HELP / place).parent.mkdir(parents=True, exist_ok=True)
        (HELP / place).write_text(text, encoding="utf-8")
    del application


if __name__ == "__main__":
    main()
