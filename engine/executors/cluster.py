"""Blocks that are made on a Dask cluster: futures over coarse blocks, few of them in flight."""

from __future__ import annotations

import contextlib
import dataclasses
import logging
import queue
import socket
import sys
import threading
import time
import uuid
from typing import TYPE_CHECKING, Any

from ..config.address import check_address, host_of, refuse_public
from ..data.builders.blocks import Block
from ..errors import FitError, InputError
from ..language import tr
from ..progress import Progress
from .there import forget, make_there, unreadable, versions
from .work import Outcome, Work, error_of, lost_too_often, refuse_versions

if TYPE_CHECKING:
    from distributed import Client, Future

# Blocks in flight for each thread of the workers: one is made while others wait beside it.
_IN_FLIGHT = 2
_CONNECT_SECONDS = 10
_WORKERS_SECONDS = 300.0
LOST_SECONDS = 60.0
"""A run whose workers are all gone waits so long for another."""
_END_SECONDS = 2.0
_POLL_SECONDS = 0.2
# Of a future whose data went with the last worker that had them.
_LOST = ("cancelled", "lost")


class DaskCluster:
    """The workers of a Dask scheduler; see `Executor`.

    Parameters
    ----------
    address : str
        Of the scheduler, such as `tcp://host:8786`.
    progress : Progress
        Is told what there is, and asked whether to stop.

    Raises
    ------
    InputError
        If Dask is not installed, or there is no such scheduler.
    """

    def __init__(self, address: str, progress: Progress) -> None:
        check_address(address)
        refuse_public(address)
        self._address = address
        self._client = _connect(address)
        self._ended: queue.SimpleQueue[tuple[int, Future, Any]] = queue.SimpleQueue()
        self._futures: dict[int, Future] = {}
        self._alive = True
        self._seen = time.monotonic()
        """When there was a worker last."""
        self._progress = progress
        self._run = ""
        self._work: Work | None = None
        self._there: Future | None = None
        try:
            self._wait_for_workers(progress)
        except BaseException:
            self.close()
            raise

    @property
    def slots(self) -> int:
        """As many as the workers that are there now can have in flight."""
        with self._faults_in_words():
            threads = sum(self._client.nthreads().values())
        return max(_IN_FLIGHT * threads, 1)

    def open(self, work: Work, progress: Progress) -> None:
        """Check the workers, and hand the work to all of them once."""
        self._forget()
        self._run, self._progress = uuid.uuid4().hex, progress
        self._seen = time.monotonic()
        with self._faults_in_words():
            self._check_versions()
            self._check_rasters(work)
            self._hand_out(work)

    def _hand_out(self, work: Work) -> None:
        """Send the work to every worker once; it is one value, and not one a field."""
        fields, many = work.fields(), {"broadcast": True, "hash": False}
        self._work = work
        (self._there,) = self._client.scatter([fields], timeout=_WORKERS_SECONDS, **many)

    def submit(self, block: Block, progress: Progress) -> None:
        """See `Executor`."""
        fields = dataclasses.asdict(block)
        key = f"geohg-{self._run}-{block.number}-{uuid.uuid4().hex[:8]}"
        with self._faults_in_words():
            future = self._client.submit(
                make_there, self._there, self._run, fields, versions(), key=key, pure=False
            )
        self._futures[block.number] = future
        future.add_done_callback(lambda done: self._take(block.number, done))

    def _take(self, number: int, future: Future) -> None:
        """Have a thread fetch what was made: where it went with its worker, Dask waits for it."""

        def fetch() -> None:
            try:
                answer = future.result()
            except BaseException as error:  # noqa: BLE001 - told, in the thread that waits
                answer = error
            self._ended.put((number, future, answer))

        threading.Thread(target=fetch, daemon=True).start()

    def wait(self, seconds: float) -> list[Outcome]:
        """See `Executor`."""
        if self._client.status != "running":
            raise self._gone()
        try:
            number, future, answer = self._ended.get(timeout=seconds)
        except queue.Empty:
            self._check_workers()
            return []
        self._seen = time.monotonic()
        if self._futures.get(number) is not future:
            return []
        del self._futures[number]
        return [self._outcome(number, future, answer)]

    def close(self) -> None:
        """See `Executor`; a block that is being made sees that nobody wants it."""
        if self._alive:
            with contextlib.suppress(Exception):  # it may go at this moment
                self._forget()
        # A client whose scheduler is gone waits long for it.
        ending = threading.Thread(target=self._client.close, daemon=True)
        ending.start()
        ending.join(_END_SECONDS)

    def _wait_for_workers(self, progress: Progress) -> None:
        """Wait for a first worker: a cluster may start them when somebody comes."""
        until = time.monotonic() + _WORKERS_SECONDS
        if not self._client.nthreads():
            progress.log(tr("Waiting for a worker of the Dask scheduler"))
        while not self._client.nthreads():
            progress.check_cancelled()
            if self._client.status != "running":
                raise self._gone()
            if time.monotonic() > until:
                raise InputError(
                    tr("The Dask scheduler at {address} has no workers; start some.").format(
                        address=self._address
                    )
                )
            time.sleep(_POLL_SECONDS)
        threads = self._client.nthreads()
        progress.log(
            tr(
                "The Dask scheduler at {address} has {count} workers with {threads} threads."
            ).format(address=self._address, count=len(threads), threads=sum(threads.values()))
        )

    def _check_workers(self) -> bool:
        """Whether there is a worker; raises `FitError` where there has been none for long."""
        if self._client.status != "running":
            raise self._gone()
        with self._faults_in_words():
            there = bool(self._client.nthreads())
        now = time.monotonic()
        if there:
            self._seen = now
        elif now - self._seen > LOST_SECONDS:
            raise FitError(
                tr(
                    "All workers of the Dask scheduler at {address} are gone, and none has come "
                    "for {seconds:.0f} seconds; start some, and repeat the command: with a work "
                    "folder it goes on where it stopped."
                ).format(address=self._address, seconds=LOST_SECONDS)
            )
        return there

    def _check_versions(self) -> None:
        """Refuse a scheduler or workers whose software differs from that of here."""
        for worker, theirs in self._client.run(versions, on_error="return").items():
            who = tr("The worker {address}").format(address=worker)
            refuse_versions(versions(), {} if isinstance(theirs, Exception) else theirs, who)
        who = tr("The scheduler {address}").format(address=self._address)
        refuse_versions(versions(), self._scheduler_has(), who)

    def _scheduler_has(self) -> dict[str, str]:
        """The versions of the scheduler, which reads the tasks too; none where it has no GeoHG."""
        try:
            return dict(self._client.run_on_scheduler(versions))
        except Exception:  # noqa: BLE001 - whatever Dask makes of a module that is not there
            if self._client.status != "running":
                raise self._gone() from None
            return {}

    def _check_rasters(self, work: Work) -> None:
        """Refuse a raster that a worker cannot open."""
        if not work.rasters:
            return
        for worker, reason in self._client.run(unreadable, list(work.rasters)).items():
            if reason:
                raise InputError(
                    tr(
                        "The worker {worker} cannot open {reason}; put it where all workers see "
                        "it, under the same name."
                    ).format(worker=worker, reason=reason)
                )

    def _outcome(self, number: int, future: Future, answer: Any) -> Outcome:
        """What became of a block: what was told of it, or the error in its place."""
        from distributed import KilledWorker

        if self._client.status != "running":
            raise self._gone()
        if isinstance(answer, KilledWorker):
            count = getattr(answer, "allowed_failures", 0) + 1
            return Outcome(number, error=lost_too_often(count, number, "Dask"))
        if isinstance(answer, BaseException):
            if future.status in _LOST:
                return self._lost(number)
            return Outcome(
                number, error=answer if isinstance(answer, Exception) else FitError(str(answer))
            )
        if answer["error"]:
            return Outcome(number, error=error_of(answer["error"]))
        return Outcome(number, answer["arrays"], notes=tuple(map(tuple, answer["notes"])))

    def _lost(self, number: int) -> Outcome:
        """Hand the work out again, since no worker that had it is left."""
        if self._work is not None and (self._there is None or self._there.status != "finished"):
            while not self._check_workers():
                self._progress.check_cancelled()
                time.sleep(_POLL_SECONDS)
            with self._faults_in_words():
                self._hand_out(self._work)
        return Outcome(number, lost=tr("its worker is gone"))

    def _forget(self) -> None:
        """Let go of the work at hand, on the workers too."""
        futures, self._futures = self._futures, {}
        if futures:
            self._client.cancel(list(futures.values()))
        if self._there is not None:
            self._there = None
            with contextlib.suppress(Exception):  # they forget it in time
                self._client.run(forget, self._run)

    def _gone(self) -> FitError:
        self._alive = False
        return FitError(
            tr(
                "The Dask scheduler at {address} is gone, and what was not finished with it; start "
                "it again, and repeat the command: with a work folder it goes on where it stopped."
            ).format(address=self._address)
        )

    @contextlib.contextmanager
    def _faults_in_words(self) -> Any:
        """What Dask raises when its scheduler goes is one sentence."""
        try:
            yield
        except (OSError, TimeoutError, RuntimeError) as error:
            if isinstance(error, (InputError, FitError)):
                raise
            raise self._gone() from error


def _connect(address: str) -> Client:
    """A client of the scheduler."""
    try:
        from distributed import Client, Security
    except ImportError as error:
        raise InputError(
            tr(
                "A Dask scheduler needs the package 'distributed', which is not installed; install "
                "it with '{python} -m pip install distributed', or in QGIS with 'Set up the "
                "engine' and its option 'With Dask, for clusters'."
            ).format(python=sys.executable)
        ) from error
    for name in ("client", "core", "comm"):  # what they would print is said in errors
        logging.getLogger(f"distributed.{name}").setLevel(logging.CRITICAL + 1)
    try:
        _knock(address)
        made = {"timeout": _CONNECT_SECONDS, "security": Security()}
        return Client(address, set_as_default=False, name="geohg", **made)
    except Exception as error:
        raise InputError(
            tr(
                "There is no Dask scheduler at {address} ({reason}); start one with 'dask "
                "scheduler', or check the address."
            ).format(address=address, reason=str(error).splitlines()[0] or type(error).__name__)
        ) from error


def _knock(address: str) -> None:
    """Raise `OSError` at once where nobody listens; Dask would try for long."""
    socket.create_connection(host_of(address), _CONNECT_SECONDS).close()
