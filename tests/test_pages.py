"""Pages that people read first lead somewhere, and their commands are taken."""

from __future__ import annotations

import re
import shlex
from pathlib import Path

import pytest

import geohg
from geohg.engine.cli.main import main

ROOT = Path(geohg.__file__).parent


@pytest.mark.parametrize("page", ["README.md", "README.zh-CN.md"])
def test_what_a_readme_links_to_is_there(page: str) -> None:
    text = (ROOT / page).read_text(encoding="utf-8")
    links = re.findall(r"\]\((?!https:)([^)#]+)", text)
    assert len(links) > 10 and not [link for link in links if not (ROOT / link).is_file()]


def test_the_gallery_names_commands_that_the_command_line_takes() -> None:
    text = (ROOT / "docs" / "gallery.md").read_text(encoding="utf-8")
    commands = re.findall("```sh\ngeohg (.*?)```", text, re.DOTALL)
    for command in commands:
        name, *flags = shlex.split(command.replace("\\\n", ""))
        assert main.commands[name].make_context(name, flags).params
    assert len(commands) == 4
