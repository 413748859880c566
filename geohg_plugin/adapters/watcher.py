"""Shows in Processing what a job tells."""

from __future__ import annotations

import re
import time
from typing import Any

from qgis.core import QgsProcessingFeedback
from qgis.PyQt.QtCore import QCoreApplication, QThread

from ...engine.names import EVENT_LOG, EVENT_METRIC, EVENT_PROGRESS, EVENT_WARNING
from ..translation import tr

_METRIC_SECONDS = 2.0


class FeedbackWatcher:
    """Passes a job's events on to the feedback of the algorithm that runs it.

    Parameters
    ----------
    feedback : QgsProcessingFeedback
        The feedback of Processing.
    start : float
        Progress, in percent, that was made before the job.
    """

    def __init__(self, feedback: QgsProcessingFeedback, start: float = 0.0) -> None:
        self.feedback = feedback
        self._start = start
        self._stage = ""
        self._next_metric = 0.0

    def event(self, event: dict[str, Any]) -> None:
        """Show one event."""
        kind, message = event["type"], str(event.get("message", ""))
        if kind == EVENT_PROGRESS:
            self._progress(float(event.get("fraction", 0.0)), message)
        elif kind == EVENT_LOG:
            self.feedback.pushInfo(message)
        elif kind == EVENT_WARNING:
            self.feedback.pushWarning(message)
        elif kind == EVENT_METRIC:
            self._metric(event)

    def debug(self, text: str) -> None:
        """Show a line as debugging information."""
        self.feedback.pushDebugInfo(text)

    def cancelled(self) -> bool:
        """Whether the user pressed Cancel; asked all the time, it keeps the window alive."""
        _let_window_answer()
        return self.feedback.isCanceled()

    def _progress(self, fraction: float, message: str) -> None:
        self.feedback.setProgress(self._start + (100.0 - self._start) * fraction)
        # A message that differs only in its numbers is the same stage, and shown once.
        stage = re.sub(r"\d+", "", message)
        if stage and stage != self._stage:
            self._stage = stage
            self.feedback.setProgressText(message)

    def _metric(self, event: dict[str, Any]) -> None:
        # A model reports after every pass; a person reads one line in a while.
        now = time.monotonic()
        if now >= self._next_metric:
            self._next_metric = now + _METRIC_SECONDS
            name = _in_words(str(event.get("name", "")))
            self.feedback.pushInfo(f"  {event.get('step')}: {name} {event.get('value'):.4g}")


def _let_window_answer() -> None:
    """Let QGIS draw, and hear clicks, where it waits itself: a model runs in its main thread."""
    application = QCoreApplication.instance()
    if application is not None and QThread.currentThread() == application.thread():
        QCoreApplication.processEvents()


def _in_words(metric: str) -> str:
    """A figure of training, as a person calls it."""
    return {
        "contrastive_loss": tr("contrastive loss"),
        "negative_log_likelihood": tr("misfit of the model"),
        "validation_mae": tr("validation mae"),
        "validation_r2": tr("validation r2"),
        "validation_rmse": tr("validation rmse"),
    }.get(metric, metric)
