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
