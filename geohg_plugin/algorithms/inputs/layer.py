"""What an input that is a layer must do."""

from __future__ import annotations

from pathlib import Path
from typing import Any, NamedTuple

from qgis.core import QgsProcessingFeedback, QgsProcessingParameterDefinition

from .values import Values


class Described(NamedTuple):
    """A parameter with its help; dialogs fold away an advanced one."""

    parameter: QgsProcessingParameterDefinition
    text: str
    advanced: bool = False


class LayerInput:
    """An input that is read from layers. This one is none: it has no parameters."""

    def parameters(self) -> list[Described]:
        """Its parameters, in the order of the dialog."""
        return []

    def check(self, values: Values) -> None:
        """Refuse what no run could use.

        Called before `take` and `request`, which may use what it keeps.

        Raises
        ------
        QgsProcessingException
            In one sentence.
        """

    def take(self, values: Values) -> None:
        """Take from layers what may only be taken in the thread that they belong to."""

    def request(
        self, values: Values, folder: Path, feedback: QgsProcessingFeedback
    ) -> dict[str, Any]:
        """Its parts of the request; tables and copies go into `folder`."""
        return {}
