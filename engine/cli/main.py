"""The command line of the engine."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click
from click.core import ParameterSource

from .. import __version__
from ..config.requestfile import MOST_BYTES, parse_json
from ..errors import InputError
from .command import Command
from .configs import configs
from .door import Door
from .flags import option_flags, read_options
from .graphs import build_graph, check, classify, compare, import_city, interpolate
from .inputs import data_flags, take_inputs
from .learning import PIPELINE_OUTPUT, evaluate, predict, pretrain, summarise, train
from .results import json_flag, quiet_flag, show
from .terminal import Terminal, use_unicode, work


@click.group(
    cls=Door, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100}
)
@click.version_option(__version__, "-V", "--version", prog_name="geohg")
def main() -> None:
    """Turn scattered measurements into a map.

    Exit codes: 0 success; 2 unusable input (one sentence says why); 130 cancelled; 1 an
    error in GeoHG.
    """
    use_unicode()


@main.command(cls=Command, short_help="Build, train and evaluate; or repeat a request (JSON).")
@click.argument("path", metavar="[FILE]", required=False, type=click.Path(path_type=Path))
@click.option("--pretrain/--skip-pretrain", help="Pretrain the encoder first. [skip]")
@data_flags()
@option_flags("data", "model", "training", *PIPELINE_OUTPUT, "ssl", "uncertainty.level")
@json_flag
@quiet_flag
def run(path: Path | None, pretrain: bool, as_json: bool, quiet: bool, **flags: Any) -> None:
    """Build a graph, train a model and score it, from points or for a city; or run FILE.

    FILE, or --config, is a settings file (.yaml, .yml). The graph is made of --data and
    --landcover, or is that of the city in the settings. Any other FILE is read as JSON: a
    request is run, and a report's run is repeated.
    """
    with work(quiet) as terminal:
        if path and flags["config_path"]:
            raise click.UsageError(f"'{path}' and --config are two files; give one.")
        if path and path.suffix.lower() not in (".yaml", ".yml"):
            _refuse_flags(path)
            _repeat(path, terminal)
            return
        inputs = take_inputs(flags)
        settings = flags["config_path"] = path or flags["config_path"]
        config = read_options(flags)
        from ..pipeline import GeoHGPipeline, named

        config = config if inputs["data"] else named(config)
        if not inputs["data"] and not config.data.city:
            raise click.UsageError(
                "Say what to learn from: points (--data and --target-column), a city (--city), or "
                "a settings file that names one."
            )
        pipeline = GeoHGPipeline(config, settings, inputs if inputs["data"] else None)
        show(pipeline.run(not pretrain, terminal), as_json)


def _refuse_flags(path: Path) -> None:
    """Refuse flags beside a request, which says everything itself."""
    context = click.get_current_context()
    given = {
        name
        for name, value in context.params.items()
        if context.get_parameter_source(name) is ParameterSource.COMMANDLINE and value
    }
    if given - {"path", "as_json", "quiet"}:
        raise InputError(f"Flags do not change a request; write the options into '{path}'.")


def _repeat(path: Path, terminal: Terminal) -> None:
    """Run a request, or that of a report."""
    content = read_request(path)
    from ..jobs import run as run_job
    from ..report.repeating import terminal_command

    # A report may be written anew by the run that repeats it.
    is_report = isinstance(content, dict) and "request" in content
    request, settings = (content["request"], []) if is_report else (content, [path])
    if isinstance(request, dict) and not is_report:
        request["command"] = terminal_command(path.absolute())
    show(run_job(request, terminal, settings), as_json=True)


for each in (
    *(check, interpolate, classify, compare, build_graph, import_city),
    *(pretrain, train, evaluate, predict, summarise, configs),
):
    main.add_command(each)


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
