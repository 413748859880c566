"""The executor that options ask for."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator

from ..progress import Progress
from .here import InProcess
from .processes import WorkerProcesses
from .work import Executor


@contextlib.contextmanager
def executor_for(workers: int, scheduler: str, progress: Progress) -> Iterator[Executor]:
    """An executor, which is ended whatever happens.

    Parameters
    ----------
    workers : int
        Processes of this machine; with 0, and without a scheduler, it is this process.
    scheduler : str
        Address of a Dask scheduler; empty for none.
    progress : Progress
        Is told of the workers, and asked whether to stop.

    Raises
    ------
    InputError
        If there is no such scheduler, or no worker can be started.
    """
    executor: Executor
    if scheduler:
        from .cluster import DaskCluster  # takes a second to load

        executor = DaskCluster(scheduler, progress)
    else:
        executor = WorkerProcesses(workers) if workers else InProcess()
    try:
        yield executor
    finally:
        executor.close()
