"""Which engine runs a job, as the user set it: one in a process of its own, or inside QGIS.

What a run needs is loaded by the first run: the start of QGIS need not wait for it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Union

from .. import settings

if TYPE_CHECKING:
    from .inside import InsideEngine
    from .runner import ProcessEngine

    Engine = Union[ProcessEngine, InsideEngine]


def check_engine() -> None:
    """Refuse to run where no engine can.

    Raises
    ------
    EngineMissingError
        With the way to get one.
    """
    if settings.run_in() == settings.INSIDE:
        from .inside import check_inside

        check_inside()
    else:
        from .interpreter import find_interpreter

        find_interpreter()


def prepare_engine() -> None:
    """Have the engine's process ready for a job that may come; returns at once.

    It starts in the background, and ends unless a job comes within the time that the user keeps
    it for. Where the user keeps none, or no engine is set up, nothing is started.
    """
    from . import warm
    from .interpreter import find_interpreter, may_have_engine
    from .runner import engine_command

    seconds = settings.keep_warm_seconds()
    if seconds and settings.run_in() == settings.PROCESS and may_have_engine():
        warm.prepare(lambda: engine_command(find_interpreter()), seconds)


def open_engine() -> Engine:
    """The engine for one job; a context, which a process may outlive for the next job.

    Raises
    ------
    EngineMissingError
        If there is none.
    JobError
        If its process cannot be started.
    """
    from .inside import InsideEngine
    from .interpreter import find_interpreter
    from .runner import ProcessEngine, engine_command

    check_engine()
    if settings.run_in() == settings.INSIDE:
        return InsideEngine()
    return ProcessEngine(engine_command(find_interpreter()), settings.keep_warm_seconds())
