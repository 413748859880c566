"""The command that copies the files of settings out."""

from __future__ import annotations

import shutil
from pathlib import Path

import click

from ..errors import OutputError
from .command import command
from .inputs import file_path
from .results import json_flag, quiet_flag, show
from .terminal import work

_ENGINE = Path(__file__).resolve().parents[1]
_DEFAULTS = _ENGINE / "config" / "default.yaml"
_EXAMPLES = _ENGINE.parent / "resources" / "configs"


@command(short_help="Copy the settings files out: every option, and three examples.")
@click.argument("folder", metavar="[DIR]", default="configs", type=file_path)
@json_flag
@quiet_flag
def configs(folder: Path, as_json: bool, quiet: bool) -> None:
    """Copy default.yaml, with every option and its default, and three examples into DIR.

    DIR is `configs` by default, and made where it is missing; the examples come into
    DIR/examples. Files that are there and differ are not replaced.
    """
    with work(quiet):
        from ..pipeline import make_folder

        examples = sorted(_EXAMPLES.glob("*.yaml"))
        copies = {"default": (_DEFAULTS, folder / "default.yaml")}
        copies |= {path.stem: (path, folder / "examples" / path.name) for path in examples}
        for source, goal in copies.values():
            if goal.exists() and (goal.is_dir() or goal.read_bytes() != source.read_bytes()):
                raise OutputError(f"'{goal}' is there already; name another folder.")
        make_folder(folder / "examples")
        for source, goal in copies.values():
            try:
                shutil.copyfile(source, goal)
            except OSError as error:
                raise OutputError(f"'{goal}' cannot be written: {error.strerror}.") from error
        show({name: str(goal) for name, (_, goal) in copies.items()}, as_json)
