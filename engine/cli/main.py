"""The command line of the engine."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import click

from .. import __version__
from ..errors import Cancelled, GeoHGError, InputError
from ..worker import EXIT_CANCELLED, EXIT_USER
from .terminal import Terminal


@click.group()
@click.version_option(__version__, prog_name="geohg")
def main() -> None:
    """Turn scattered measurements into a map."""


@main.command()
@click.argument("request_path", metavar="REQUEST", type=click.Path(path_type=Path))
def run(request_path: Path) -> None:
    """Run the job in the file REQUEST, or repeat the run of a report's JSON."""
    try:
        request = read_request(request_path)
        with Terminal() as terminal:
            from ..jobs import run as run_job

            result = run_job(request, terminal)
    except Cancelled as error:
        click.echo(str(error), err=True)
        raise SystemExit(EXIT_CANCELLED) from error
    except GeoHGError as error:
        click.echo(f"Error: {error}", err=True)
        raise SystemExit(EXIT_USER) from error
    click.echo(json.dumps(result, ensure_ascii=False, indent=1))


def read_request(path: Path) -> dict[str, Any]:
    """Read a request, or the request in a report's JSON.

    Raises
    ------
    InputError
        If the file cannot be read or holds no JSON object.
    """
    try:
        content = json.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise InputError(f"The request '{path}' cannot be read: {error.strerror}.") from error
    except ValueError as error:
        raise InputError(f"The request '{path}' is not JSON in UTF-8: {error}.") from error
    if not isinstance(content, dict):
        raise InputError(f"The request '{path}' must hold a JSON object.")
    return content.get("request", content)
