"""The command line of the engine."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from .. import __version__
from ..config.requestfile import MOST_BYTES, parse_json
from ..config.schema import SECTIONS
from ..errors import InputError
from .door import Door
from .flags import option_flags, read_options
from .graphs import build_graph, compare, interpolate
from .learning import evaluate, pretrain, train
from .results import json_flag, quiet_flag, show
from .terminal import use_unicode, work


@click.group(
    cls=Door, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100}
)
@click.version_option(__version__, prog_name="geohg")
def main() -> None:
    """Turn scattered measurements into a map.

    Exit codes: 0 success; 2 unusable input (one sentence says why); 130 cancelled; 1 an
    error in GeoHG.
    """
    use_unicode()


@main.command(short_help="Run a settings file (YAML) or a request (JSON).")
@click.argument("path", metavar="FILE", type=click.Path(path_type=Path))
@click.option("--pretrain/--skip-pretrain", help="Pretrain the encoder first. [skip]")
@option_flags(*SECTIONS)
@json_flag
@quiet_flag
def run(path: Path, pretrain: bool, as_json: bool, quiet: bool, **flags: Any) -> None:
    """Run the job that FILE describes.

    A settings file (.yaml, .yml) trains and scores a model on the city that it names. Any
    other file is read as JSON: a request is run, and a report's run is repeated.
    """
    with work(quiet) as terminal:
        if path.suffix.lower() in (".yaml", ".yml"):
            config = read_options({**flags, "config_path": path})
            from ..pipeline import GeoHGPipeline

            show(GeoHGPipeline(config, path).run(not pretrain, terminal), as_json)
            return
        if pretrain or any(value is not None for value in flags.values()):
            raise InputError(f"Flags do not change a request; write the options into '{path}'.")
        content = read_request(path)
        from ..jobs import run as run_job

        # A report may be written anew by the run that repeats it.
        is_report = isinstance(content, dict) and "request" in content
        request, settings = (content["request"], []) if is_report else (content, [path])
        show(run_job(request, terminal, settings), as_json=True)


for command in (train, pretrain, evaluate, build_graph, interpolate, compare):
    main.add_command(command)


def read_request(path: Path) -> Any:
    """Read a request, or a report's JSON, which has one in it; unchecked.

    Raises
    ------
    InputError
        If the file cannot be read or holds no JSON.
    """
    try:
        with open(path, "rb") as file:
            content = file.read(MOST_BYTES + 1)
    except OSError as error:
        raise InputError(f"The request '{path}' cannot be read: {error.strerror}.") from error
    return parse_json(content, f"The request '{path}'")
