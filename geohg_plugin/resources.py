"""Files that ship with the plugin."""

from __future__ import annotations

from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
"""The plugin's folder."""


def icon_path(name: str) -> str:
    """Path of an icon in `resources/icons`."""
    return str(ROOT / "resources" / "icons" / f"{name}.svg")


def help_url(name: str, language: str) -> str:
    """Address of an algorithm's page of help, which needs no network."""
    return (ROOT / "resources" / "help" / language / f"{name}.html").as_uri()
