"""What came of a job: its result, or one sentence about its failure."""

from __future__ import annotations

import signal
from typing import Any

from ...engine.errors import GeoHGError
from ...engine.names import EVENT_RESULT, MEMORY_SIGNS
from ..translation import tr

_WINDOWS_NO_MEMORY = (0xC0000017, 0xC000012D)
_WINDOWS_DLL_MISSING = (0xC0000135, 0xC0000139)
_KILLED = (-9, 137)


class JobError(GeoHGError):
    """The job failed; the text is one sentence for the user.

    Under it may stand the last lines of a process that died.
    """

    __str__ = Exception.__str__


def result_of(last: dict[str, Any]) -> dict[str, Any]:
    """The result in the last event of a job.

    Raises
    ------
    JobError
        If it is no result.
    """
    result, kind, message = (last.get(key) for key in ("result", "kind", "message"))
    if last.get("type") == EVENT_RESULT and isinstance(result, dict):
        return result
    if kind == "MemoryError":
        raise JobError(tr("{death}.").format(death=_out_of_memory()))
    if kind in ("ImportError", "ModuleNotFoundError"):
        text = tr("The engine's packages cannot be loaded ({reason}); set up the engine again.")
        raise JobError(text.format(reason=message))
    raise JobError(str(message or tr("The engine failed without saying why.")))


def death_of(code: int, spoke: bool, tail: str) -> JobError:
    """The failure of a process that ended without an error event.

    Parameters
    ----------
    code : int
        Its exit code, negative for a signal.
    spoke : bool
        Whether it had given its result.
    tail : str
        The last lines of its standard error.
    """
    if code in _KILLED:
        text = tr(
            "The engine was killed (signal 9), most likely because the computer ran out of "
            "memory; use larger cells or a smaller extent, or close other programs"
        )
    elif code in _WINDOWS_NO_MEMORY or any(sign in tail.lower() for sign in MEMORY_SIGNS):
        text, tail = _out_of_memory(), ""
    elif code in _WINDOWS_DLL_MISSING:
        text = tr(
            "The engine did not start because a Windows library is missing; install the Microsoft "
            "Visual C++ Redistributable and set up the engine again"
        )
    elif code < 0:
        text = tr("The engine crashed ({signal})").format(signal=_signal_name(-code))
    elif code == 0:
        text = tr("The engine ended without a result")
    else:
        text = tr("The engine ended with exit code {code}").format(code=code)
    if spoke:
        late = tr("{death} after it gave its result, so its outputs may be incomplete")
        text = late.format(death=text)
    if tail and code not in _KILLED:
        return JobError(tr("{death}. Its last output:").format(death=text) + f"\n{tail}")
    return JobError(tr("{death}.").format(death=text))


def _out_of_memory() -> str:
    return tr(
        "The engine ran out of memory; use larger cells or a smaller extent, or close other "
        "programs"
    )


def _signal_name(number: int) -> str:
    try:
        name = signal.Signals(number).name
    except ValueError:
        return tr("signal {number}").format(number=number)
    return tr("signal {number}, {name}").format(number=number, name=name)
