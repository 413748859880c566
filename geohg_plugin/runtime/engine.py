"""Which engine runs a job, as the user set it: one in a process of its own, or inside QGIS."""

from __future__ import annotations

from typing import Union

from .. import settings
from .inside import InsideEngine, check_inside
from .interpreter import find_interpreter
from .runner import ProcessEngine, engine_command

Engine = Union[ProcessEngine, InsideEngine]


def check_engine() -> None:
    """Refuse to run where no engine can.

    Raises
    ------
    EngineMissingError
        With the way to get one.
    """
    if settings.run_in() == settings.INSIDE:
        check_inside()
    else:
        find_interpreter()


def open_engine() -> Engine:
    """The engine for one job; a context, which a process may outlive for the next job.

    Raises
    ------
    EngineMissingError
        If there is none.
    JobError
        If its process cannot be started.
    """
    check_engine()
    if settings.run_in() == settings.INSIDE:
        return InsideEngine()
    return ProcessEngine(engine_command(find_interpreter()), settings.keep_warm_seconds())
