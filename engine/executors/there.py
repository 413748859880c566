"""What runs on a worker of a Dask cluster."""

from __future__ import annotations

import contextlib
import socket
import sys
import threading
from collections.abc import Iterable, Mapping, Sequence
from importlib.metadata import version
from typing import Any

from .. import __version__
from ..errors import Cancelled
from ..language import tr
from .work import Arrays, Notes, Work, Workshop, error_fields, refuse_versions

_lock = threading.Lock()
_shops: dict[str, Workshop] = {}
# A process keeps the state of few works, for all of its threads.
_MOST_SHOPS = 2


def versions(python: Sequence[Any] = sys.version_info) -> dict[str, str]:
    """What must be the same on a worker."""
    numbers = ".".join(map(str, python[:2]))
    return {"GeoHG": __version__, "Python": numbers, "distributed": version("distributed")}


def make_there(
    work: Mapping[str, Any], run: str, fields: dict[str, Any], wanted: dict[str, str]
) -> dict[str, Any]:
    """Make a block on a worker; errors are values, so that Dask does not try again.

    Parameters
    ----------
    work, run : mapping, str
        The work, and which one it is.
    fields : dict
        The block.
    wanted : dict
        Versions of the client: a worker that came late was not checked before.
    """
    made: Arrays = {}
    notes, failure = Notes(check_cancelled=_stop_if_unwanted), None
    try:
        who = tr("The worker {address}").format(address=socket.gethostname())
        refuse_versions(wanted, versions(), who)
        made = _shop_of(work, run).make(fields, notes)
    except Exception as error:  # noqa: BLE001 - told, never hidden
        failure = error_fields(error)
    return {"arrays": made, "notes": notes.messages, "error": failure}


def _shop_of(work: Mapping[str, Any], run: str) -> Workshop:
    with _lock:
        if run not in _shops:
            while len(_shops) >= _MOST_SHOPS:
                del _shops[next(iter(_shops))]
            _shops[run] = Workshop(Work(**work))
        return _shops[run]


def forget(run: str) -> None:
    """Give back the memory of a work."""
    with _lock:
        _shops.pop(run, None)


def unreadable(rasters: Iterable[str]) -> str:
    """The first of some rasters that cannot be opened here, and why; empty if all can."""
    import rasterio

    for name in rasters:
        try:
            with rasterio.open(name):
                pass
        except Exception as error:  # noqa: BLE001 - told, never hidden
            return f"'{name}': {error}"
    return ""


def _stop_if_unwanted() -> None:
    """Raise `Cancelled` once the client is gone, or has cancelled the block at hand."""
    from distributed import get_worker

    with contextlib.suppress(ValueError, AttributeError, KeyError):
        worker = get_worker()
        task = worker.state.tasks.get(worker.get_current_task())
        if task is None or task.state == "cancelled":
            raise Cancelled("Cancelled; nothing was written.")
