"""The entry of the toolbox's context menu that opens a copy of an example model."""

from __future__ import annotations

from processing.gui.ContextAction import ContextAction
from processing.gui.ProviderActions import ProviderContextMenuActions
from qgis.core import QgsApplication, QgsProcessingModelAlgorithm

from .algorithms.examples import ExampleModel
from .translation import tr


class EditCopy(ContextAction):
    """Opens a copy, which is saved as a model of the user's; the example stays as it is."""

    def __init__(self) -> None:
        super().__init__()
        self.name = tr("Edit a copy in the model designer…")

    def isEnabled(self) -> bool:
        return isinstance(self.itemData, ExampleModel)

    def execute(self) -> None:
        from processing.modeler.ModelerDialog import ModelerDialog

        copy = QgsProcessingModelAlgorithm()
        copy.loadVariant(self.itemData.toVariant())
        dialog = ModelerDialog.create(copy)
        dialog.update_model.connect(_show_saved)
        dialog.show()
        dialog.activate()


def _show_saved() -> None:
    """Let the toolbox look for models again."""
    QgsApplication.processingRegistry().providerById("model").refreshAlgorithms()


def register() -> EditCopy:
    """Add the entry."""
    entry = EditCopy()
    ProviderContextMenuActions.registerProviderContextMenuActions([entry])
    return entry


def unregister(entry: EditCopy) -> None:
    """Take the entry away."""
    ProviderContextMenuActions.deregisterProviderContextMenuActions([entry])
