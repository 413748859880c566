"""What stands in the dialog of an algorithm: little at once, the rest in folded groups."""

from __future__ import annotations

from typing import Any

from processing.gui.ParametersPanel import ParametersPanel
from qgis.core import QgsProcessingAlgorithm, QgsProcessingParameterDefinition, QgsProject
from qgis.gui import QgsCollapsibleGroupBox
from qgis.PyQt.QtWidgets import QComboBox, QLabel, QLineEdit, QVBoxLayout, QWidget

from .algorithms.groups import choice_texts, group_of, group_texts
from .compat import HIDDEN
from .firstchoices import FirstChoices


class ShortPanel(ParametersPanel):
    """A panel whose parameters of a group are folded away together.

    Parameters
    ----------
    parent : QWidget
        The dialog.
    algorithm : QgsProcessingAlgorithm
        An algorithm of GeoHG, which says the group of each parameter.
    """

    def __init__(self, parent: QWidget, algorithm: QgsProcessingAlgorithm) -> None:
        self._boxes: dict[str, QgsCollapsibleGroupBox] = {}
        definitions = algorithm.destinationParameterDefinitions()
        self._outputs = [each for each in definitions if not each.flags() & HIDDEN]
        super().__init__(parent, algorithm)

    def initWidgets(self) -> None:
        super().initWidgets()
        for name, text in group_texts().items():  # in the order of the work
            if name in self._boxes:
                self._boxes[name].setTitle(text)
                self.addExtraWidget(self._boxes[name])
        advanced = self.findChild(QWidget, "grpAdvanced")
        if advanced is not None:
            advanced.hide()  # its parameters are in the groups
        self._translate_choices()
        self._name_chosen()
        self._first = FirstChoices(self.wrappers)

    def addParameterLabel(
        self, parameter: QgsProcessingParameterDefinition, label: QWidget
    ) -> None:
        _let_wrap(label)
        box = self._box(group_of(parameter))
        if box is None:
            super().addParameterLabel(parameter, label)
        else:
            box.layout().addWidget(label)

    def addParameterWidget(
        self, parameter: QgsProcessingParameterDefinition, widget: QWidget, stretch: int = 0
    ) -> None:
        box = self._box(group_of(parameter))
        if box is None:
            super().addParameterWidget(parameter, widget, stretch)
        else:
            box.layout().addWidget(widget)

    def addOutputLabel(self, label: QWidget) -> None:
        _let_wrap(label)
        box = self._box(group_of(self._outputs[0]))
        if box is None:
            super().addOutputLabel(label)
        else:
            box.layout().addWidget(label)

    def addOutputWidget(self, widget: QWidget, stretch: int = 0) -> None:
        box = self._box(group_of(self._outputs.pop(0)))
        if box is None:
            super().addOutputWidget(widget, stretch)
        else:
            box.layout().addWidget(widget)

    def _box(self, group: str) -> QgsCollapsibleGroupBox | None:
        """The box of a group; None for what is always shown."""
        if group and group not in self._boxes:
            box = QgsCollapsibleGroupBox()
            QVBoxLayout(box)
            box.setSaveCollapsedState(False)
            box.setCollapsed(True)
            self._boxes[group] = box
        return self._boxes.get(group)

    def _translate_choices(self) -> None:
        """Show each choice in the user's language; its value stays."""
        texts = choice_texts()
        for definition in self.algorithm().parameterDefinitions():
            wrapper = self.wrappers.get(definition.name())
            if definition.type() != "enum" or wrapper is None:
                continue
            for combo in _combos(wrapper.wrappedWidget()):
                for number in range(combo.count()):
                    value = combo.itemData(number)
                    combo.setItemText(number, texts.get(str(value), combo.itemText(number)))

    def _name_chosen(self) -> None:
        """Show chosen fields and layers by name, where QGIS would show how many they are."""
        self._several = [
            (line, wrapper)
            for wrapper in self.wrappers.values()
            if wrapper.parameterDefinition().type() in ("field", "multilayer")
            for line in wrapper.wrappedWidget().findChildren(QLineEdit)
        ]
        for line, _ in self._several:
            # Of this panel, which lives as long as they do: a function alone would be collected.
            line.textChanged.connect(self._show_names)

    def _show_names(self, _: str) -> None:
        """QGIS sets a text of its own when a choice changes; a text that is set again ends this."""
        for line, wrapper in self._several:
            names = _names_of(wrapper)
            if names and None not in names:
                line.setText(", ".join(map(str, names)))


def _names_of(wrapper: Any) -> list[Any]:
    """What is chosen by name, None for a layer that the project has not; empty for nothing."""
    chosen = wrapper.parameterValue()
    if not isinstance(chosen, (list, tuple)):
        return []
    if wrapper.parameterDefinition().type() == "field":
        return [*chosen]
    known = QgsProject.instance().mapLayers().values()
    titles = {key: layer.name() for layer in known for key in (layer.id(), layer.source())}
    return [titles.get(each) if isinstance(each, str) else None for each in chosen]


def _combos(widget: Any) -> list[QComboBox]:
    return [widget] if isinstance(widget, QComboBox) else widget.findChildren(QComboBox)


def _let_wrap(label: QWidget) -> None:
    if isinstance(label, QLabel):
        label.setWordWrap(True)
