"""Gathers what one needs to know of a computer where GeoHG does not work."""

from __future__ import annotations

import json
import os
import platform
import re
import shutil
import sys
import tempfile
from collections.abc import Iterable
from dataclasses import dataclass
from html import escape
from pathlib import Path
from typing import Any

from ... import __version__
from .. import settings
from ..resources import ROOT
from ..translation import tr
from . import failures
from .folders import data_folder
from .graphics import graphics_cards
from .installation import find_installation
from .interpreter import candidates, outdated
from .processes import answer

_FAILURES = 10
_SECONDS = 120
_LOOK = """
import importlib.metadata as metadata, json, os, platform, sys
found = {"Python": platform.python_version()}
for name in sys.argv[1:]:
    try:
        found[name] = metadata.version(name)
    except metadata.PackageNotFoundError:
        found[name] = "-"
devices, cpu = [], None
try:
    import torch
    for number in range(torch.cuda.device_count()):
        card = torch.cuda.get_device_properties(number)
        devices.append(f"cuda:{number} {card.name}, {card.total_memory / 1e9:.1f} GB")
    if torch.backends.mps.is_available():
        devices.append("mps")
    import psutil
    memory = psutil.virtual_memory()
    cpu = {"cores": os.cpu_count(), "total": memory.total / 1e9, "free": memory.available / 1e9}
except Exception as error:
    devices.append(f"{type(error).__name__}: {error}")
print(json.dumps({"packages": found, "devices": devices, "cpu": cpu}))
"""
# Distributions whose versions matter.
_DISTRIBUTIONS = (
    "torch",
    "torch-geometric",
    "numpy",
    "scipy",
    "scikit-learn",
    "rasterio",
    "pyogrio",
    "pyproj",
    "shapely",
    "pandas",
    "matplotlib",
    "safetensors",
)


@dataclass(frozen=True)
class Section:
    """A heading and the lines below it, each a label and a value."""

    title: str
    lines: tuple[tuple[str, str], ...]


def gather(qgis: Iterable[tuple[str, str]]) -> list[Section]:
    """Everything, in sections; `qgis` is what only QGIS itself can tell.

    It starts the engine's Python once, which takes some seconds.
    """
    looked_at = list(candidates())
    usable = [candidate.path for candidate in looked_at if not candidate.fault]
    engine = _look_into(usable[0]) if usable else {"packages": {}, "devices": []}
    tried = [
        (f"{one.origin}: {one.path or '-'}", one.fault or _taken(one.path, usable))
        for one in looked_at
    ]
    cards = [
        (card.name, tr("{memory}, driver {driver}").format(memory=card.memory, driver=card.driver))
        for card in graphics_cards()
    ]
    devices = [(tr("Engine"), device) for device in engine["devices"]]
    last = [
        (f"{entry['time']} {entry['job']}", str(entry["message"]))
        for entry in failures.last(_FAILURES)
    ]
    return [
        Section("GeoHG", tuple(_of_plugin())),
        Section("QGIS", tuple(qgis)),
        Section(tr("System"), tuple(_of_system())),
        Section(tr("Pythons considered for the engine"), tuple(tried)),
        Section(tr("Packages of the engine"), tuple(engine["packages"].items())),
        Section(tr("Devices"), tuple(devices + cards)),
        Section(tr("Disk"), tuple(_of_disks())),
        Section(tr("Last failures"), tuple(last)),
    ]


def as_text(sections: Iterable[Section]) -> str:
    """The report as plain text, for a message or an issue."""
    lines = []
    for section in sections:
        lines.append(f"## {section.title}")
        lines += [f"- {label}: {value}" for label, value in section.lines] or ["- -"]
        lines.append("")
    return redact("\n".join(lines))


def as_html(sections: Iterable[Section]) -> str:
    """The report as a page of its own."""
    parts = []
    for section in sections:
        rows = "".join(
            f"<tr><th>{escape(redact(label))}</th><td>{escape(redact(value))}</td></tr>\n"
            for label, value in section.lines
        )
        parts.append(f"<h2>{escape(section.title)}</h2>\n<table>\n{rows}</table>\n")
    style = (
        "body{font:14px sans-serif;margin:2em;max-width:60em}"
        "th{text-align:left;font-weight:normal;color:#555;padding-right:2em;vertical-align:top}"
        "td{font-family:monospace;white-space:pre-wrap;overflow-wrap:anywhere}"
    )
    head = f'<meta charset="utf-8"><title>GeoHG</title><style>{style}</style>'
    title = escape(tr("GeoHG diagnostics"))
    return f"<!DOCTYPE html>\n<html><head>{head}</head><body>\n<h1>{title}</h1>\n" + (
        "".join(parts) + "</body></html>\n"
    )


def redact(text: str) -> str:
    """`text` with ~ for the home folder, and without passwords in addresses."""
    home = Path.home()
    names = {str(home), home.as_posix(), os.path.realpath(home)}
    for name in sorted(names, key=len, reverse=True):
        if len(name) > 1:
            text = re.sub(re.escape(name) + r"(?![\w-])", "~", text)
    return re.sub(r"//[^/@\s]+@", "//***@", text)


def _taken(path: str, usable: list[str]) -> str:
    return tr("used") if path == usable[0] else tr("usable")


def _of_plugin() -> list[tuple[str, str]]:
    installation = find_installation()
    made = tr("none")
    if installation is not None:
        made = f"{installation.folder} ({installation.device})"
    lines = [
        (tr("Version"), __version__),
        (tr("Folder"), str(ROOT)),
        (tr("Environment of Set up the engine"), made),
        (settings.RUN_IN, settings.run_in()),
        (settings.THREADS, str(settings.threads())),
        (settings.WORKERS, str(settings.workers())),
        (settings.KEEP_WARM, str(settings.keep_warm_seconds())),
    ]
    if outdated():
        lines.append((tr("Note"), outdated()))
    return lines


def _of_system() -> list[tuple[str, str]]:
    libc = " ".join(platform.libc_ver()).strip()
    return [
        (tr("System"), f"{platform.platform()} {libc}".strip()),
        (tr("Machine"), platform.machine()),
        (tr("Python of QGIS"), f"{platform.python_version()} ({sys.executable or '-'})"),
        (tr("Encoding of file names"), sys.getfilesystemencoding()),
    ]


def _of_disks() -> list[tuple[str, str]]:
    lines = []
    for label, folder in ((tr("Data"), data_folder()), (tr("Temporary"), tempfile.gettempdir())):
        existing = Path(folder)
        while not existing.exists() and existing != existing.parent:
            existing = existing.parent
        free = shutil.disk_usage(existing).free / 1e9
        lines.append((f"{label} {folder}", tr("{free:.1f} GB free").format(free=free)))
    return lines


def _look_into(python: str) -> dict[str, Any]:
    """Versions and devices, asked of the engine's Python itself."""
    try:
        printed = answer([python, "-I", "-c", _LOOK, *_DISTRIBUTIONS], _SECONDS)
        engine = json.loads(printed.decode("utf-8").splitlines()[-1])
        devices = list(engine["devices"])
        if engine["cpu"]:
            text = tr("cpu, {cores} cores, {total:.1f} GB memory, {free:.1f} GB free")
            devices.append(text.format(**engine["cpu"]))
        return {"packages": dict(engine["packages"]), "devices": devices}
    except (OSError, ValueError, KeyError, IndexError) as error:
        return {"packages": {}, "devices": [f"{type(error).__name__}: {error}"]}
