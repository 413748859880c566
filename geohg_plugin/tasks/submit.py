"""Runs an algorithm in the background, for the Python console and scripts."""

from __future__ import annotations

import difflib
import sys
from collections.abc import Callable, Mapping
from typing import Any, Optional

from qgis.core import (
    QgsApplication,
    QgsProcessingAlgorithm,
    QgsProcessingAlgRunnerTask,
    QgsProcessingContext,
    QgsProcessingException,
    QgsProcessingFeedback,
    QgsProject,
)
from qgis.PyQt.QtCore import QThread

from ..translation import tr

OnFinished = Callable[[Optional[dict[str, Any]], Optional[str]], Any]

_running: set[AlgorithmTask] = set()  # QGIS keeps a task, but not what Python knows of it


def submit(
    algorithm: str, parameters: Mapping[str, Any], on_finished: OnFinished | None = None
) -> AlgorithmTask:
    """Start an algorithm in the background and return at once.

    The task is shown in QGIS's task manager, and can be cancelled there or with its
    `cancel()`. To wait for an algorithm instead, call `processing.run`.

    Parameters
    ----------
    algorithm : str
        An algorithm's id, such as `geohg:interpolate`.
    parameters : mapping
        As for `processing.run`. Outputs are not added to the project.
    on_finished : callable, optional
        Called once in the main thread as `on_finished(results, error)`. After a success
        `results` is what `processing.run` returns, and `error` is None; after a failure or a
        cancel `results` is None, and `error` says why. The task keeps both under these names.

    Returns
    -------
    AlgorithmTask
        A `QgsTask`.

    Raises
    ------
    QgsProcessingException
        If there is no such algorithm, a parameter is unknown or unfit, or the call does not
        come from the main thread.

    Examples
    --------
    >>> def show(results, error):
    ...     print(error or results["RMSE"])
    >>> task = geohg.submit("geohg:interpolate", {"INPUT": layer, ...}, on_finished=show)
    """
    if QThread.currentThread() != QgsApplication.instance().thread():
        raise QgsProcessingException(
            tr("submit must be called in the main thread, to which the layers belong.")
        )
    known = QgsApplication.processingRegistry().createAlgorithmById(algorithm)
    if known is None:
        ids = [each.id() for each in QgsApplication.processingRegistry().algorithms()]
        text = tr("There is no algorithm '{name}'.").format(name=algorithm)
        raise QgsProcessingException(text + _hint(algorithm, ids))
    _check_names(known, parameters)
    task = AlgorithmTask(known, dict(parameters), on_finished)
    _running.add(task)
    QgsApplication.taskManager().addTask(task)
    return task


class AlgorithmTask(QgsProcessingAlgRunnerTask):
    """An algorithm in the background; after its end `results` or `error` is set, not both.

    Parameters
    ----------
    algorithm : QgsProcessingAlgorithm
        The algorithm.
    parameters : dict
        Its parameters.
    on_finished : callable, optional
        See `submit`.

    Raises
    ------
    QgsProcessingException
        If a parameter is unfit.
    """

    def __init__(
        self,
        algorithm: QgsProcessingAlgorithm,
        parameters: dict[str, Any],
        on_finished: OnFinished | None,
    ) -> None:
        self.results: dict[str, Any] | None = None
        self.error: str | None = None
        self._on_finished = on_finished
        self._feedback = _Feedback()
        self._context = QgsProcessingContext()  # lives as long as the task that refers to it
        self._context.setProject(QgsProject.instance())
        self._context.setFeedback(self._feedback)
        good, message = algorithm.checkParameterValues(parameters, self._context)
        if not good:
            raise QgsProcessingException(message)
        super().__init__(algorithm, parameters, self._context, self._feedback)
        self.executed.connect(self._deliver)

    def _deliver(self, successful: bool, results: dict[str, Any]) -> None:
        _running.discard(self)
        if successful and not self._feedback.isCanceled():
            self.results = results
        else:
            failed = self._feedback.error or tr("The algorithm failed without saying why.")
            cancelled = tr("Cancelled; nothing was written.")
            self.error = cancelled if self._feedback.isCanceled() else failed
        if self._on_finished is not None:
            try:
                self._on_finished(self.results, self.error)
            except Exception:  # noqa: BLE001 - shown as QGIS shows it; Qt would end the process
                sys.excepthook(*sys.exc_info())


class _Feedback(QgsProcessingFeedback):
    """Remembers the last error; all else goes to QGIS's message log."""

    def __init__(self) -> None:
        super().__init__()
        self.error = ""

    def reportError(self, error: str, fatalError: bool = False) -> None:
        self.error = error
        super().reportError(error, fatalError)


def _check_names(algorithm: QgsProcessingAlgorithm, parameters: Mapping[str, Any]) -> None:
    names = [definition.name() for definition in algorithm.parameterDefinitions()]
    for name in parameters:
        if name not in names:
            text = tr("The algorithm '{algorithm}' has no parameter '{name}'.")
            text = text.format(algorithm=algorithm.id(), name=name)
            raise QgsProcessingException(text + _hint(str(name), names))


def _hint(name: str, known: list[str]) -> str:
    near = difflib.get_close_matches(name, known, n=1)
    return tr(" Did you mean '{name}'?").format(name=near[0]) if near else ""
