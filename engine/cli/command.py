"""What every command of the terminal takes alike."""

from __future__ import annotations

import functools
import re

import click

_NUMBER = re.compile(r"[-+]?(\d+\.?\d*|\.\d+)([eE][-+]?\d+)?")
# Toolkits write an extent as four values.
_EXTENTS = ("--bbox", "--extent")


class Command(click.Command):
    """A command that takes each file once, and an extent as four values, too."""

    def parse_args(self, context: click.Context, args: list[str]) -> list[str]:
        if any(_EXTENTS[0] in parameter.opts for parameter in self.params):
            args = join_extent(args)
        self._refuse_twice(context, args)
        return super().parse_args(context, args)

    def _refuse_twice(self, context: click.Context, args: list[str]) -> None:
        """Refuse a second file, of which Click would read only the last."""
        given = self.make_parser(context).parse_args(list(args))[2]
        for parameter in self.params:
            once = isinstance(parameter.type, click.Path) and not parameter.multiple
            if once and given.count(parameter) > 1:
                raise click.UsageError(f"{parameter.opts[0]} takes one file, got several.", context)


command = functools.partial(click.command, cls=Command)
"""As `click.command`."""


def join_extent(args: list[str]) -> list[str]:
    """The arguments with four values of an extent as one text.

    West, east, south and north become left, bottom, right and top with commas between.
    """
    joined: list[str] = []
    left = list(args)
    while left:
        first = left.pop(0)
        flag, equals, value = first.partition("=")
        values = ([value] if equals else []) + left[: 3 if equals else 4]
        if flag not in _EXTENTS or len(values) < 4 or not all(map(_NUMBER.fullmatch, values)):
            joined.append(first)
            continue
        west, east, south, north = values
        if float(west) >= float(east) or float(south) >= float(north):
            raise click.UsageError(
                f"{flag} with four values is west east south north, got {' '.join(values)}; with "
                "commas it is left,bottom,right,top."
            )
        joined += [flag, f"{west},{south},{east},{north}"]
        del left[: 3 if equals else 4]
    return joined
