"""The engine's options as flags of a command."""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, TypeVar

import click

from ..config.options import Option, by_section, plain_names
from ..config.schema import Config

# Those of the options that are several numbers which need not be whole.
_DECIMALS = ("thresholds", "quantiles")

Command = TypeVar("Command", bound=Callable[..., Any])


class Numbers(click.ParamType):
    """Numbers with commas between them."""

    def __init__(self, kind: type[int] | type[float], count: int | None = None) -> None:
        self.kind = kind
        self.count = count
        self.name = "numbers"

    def convert(self, value: Any, param: Any, context: Any) -> tuple[float, ...]:
        """The numbers of a text."""
        if isinstance(value, tuple):
            return value
        try:
            numbers = tuple(self.kind(part) for part in value.split(","))
        except ValueError:
            self.fail(f"'{value}' must be numbers with commas between them.", param, context)
        if self.count not in (None, len(numbers)):
            self.fail(
                f"'{value}' must be {self.count} numbers, got {len(numbers)}.", param, context
            )
        return numbers


class Names(click.ParamType):
    """Names with commas between them."""

    name = "names"

    def __init__(self, count: int | None = None) -> None:
        self.count = count

    def convert(self, value: Any, param: Any, context: Any) -> tuple[str, ...]:
        """The names of a text."""
        if isinstance(value, tuple):
            return value
        names = tuple(part.strip() for part in value.split(",") if part.strip())
        if self.count not in (None, len(names)):
            self.fail(f"'{value}' must be {self.count} names, got {len(names)}.", param, context)
        return names


def option_flags(*kept: str, first: str = "training") -> Callable[[Command], Command]:
    """Give a command `--config` and a flag for each option; where it computes, `--gpu` too.

    Parameters
    ----------
    *kept : str
        Sections such as `training`, or single options such as `training.seed`.
    first : str
        See `plain_names`.
    """

    def decorate(command: Command) -> Command:
        for name, options in reversed(plain_names(first).items()):
            used = [o for o in options if o.section in kept or f"{o.section}.{o.name}" in kept]
            if used and name != "covariates":  # each has a flag of its own, --covariate
                command = _flag(name, used)(command)
        computes = {"training", "training.device"} & {*kept}
        return _config_flag(_gpu_flag(command) if computes else command)

    return decorate


def read_options(flags: Mapping[str, Any], first: str = "training") -> Config:
    """All options: defaults, then the file of `--config`, then the flags that were given.

    With `--gpu`, PyTorch sees that GPU alone; so this comes before PyTorch is loaded.

    Raises
    ------
    InputError
        For an option that is not good, with its path.
    """
    from ..config.loader import load_config

    given = {name: value for name, value in flags.items() if value is not None}
    path, gpu = given.pop("config_path", None), given.pop("gpu", None)
    if gpu is not None:
        os.environ["CUDA_VISIBLE_DEVICES"] = str(gpu)
        given["device"] = "cuda"
    return load_config(path, by_section(given, first))


def _flag(name: str, options: list[Option]) -> Callable[[Command], Command]:
    """The flag of an option, or of several that it sets alike."""
    option, dashed = options[0], name.replace("_", "-")
    text = " ".join(option.text.replace("`", "") for option in options)
    text += f" [{_shown(option.default)}]"
    if isinstance(option.default, bool):
        return click.option(f"--{dashed}/--no-{dashed}", name, default=None, help=text)
    if name == "bounds":
        return click.option("--bounds", type=float, nargs=2, help=text)
    if name in _DECIMALS:
        return click.option(f"--{dashed}", name, type=Numbers(float), help=text)
    kind: Any = type(option.default)
    if option.choices:
        kind = click.Choice(option.choices)
    elif isinstance(option.default, tuple):
        kind = Numbers(int)
    return click.option(f"--{dashed}", name, type=kind, help=text)


def _shown(default: Any) -> str:
    if isinstance(default, bool):
        return "yes" if default else "no"
    return ",".join(map(str, default)) if isinstance(default, tuple) else str(default) or "none"


_config_flag = click.option(
    "--config",
    "config_path",
    type=click.Path(path_type=Path),
    help="YAML file with options; flags override it.",
)
_gpu_flag = click.option(
    "--gpu",
    type=click.IntRange(0),
    is_flag=False,
    flag_value=0,
    help="Compute on a GPU: the first one, or this number.",
)
