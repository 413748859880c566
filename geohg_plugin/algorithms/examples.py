"""Graphical models that ship with the plugin, as algorithms of the provider."""

from __future__ import annotations

from typing import NamedTuple

from qgis.core import QgsProcessingModelAlgorithm

from ..resources import ROOT
from ..translation import tr

MODELS = ROOT / "resources" / "models"
EXAMPLES = (
    "exampleinterpolate",
    "exampledistricts",
    "examplesteps",
    "examplepretrain",
    "examplecompare",
)


class Texts(NamedTuple):
    """What an example is called, and what it does in a line and in full."""

    name: str
    short: str
    about: str


def example_texts() -> dict[str, Texts]:
    """The texts of every example."""
    return {
        "exampleinterpolate": Texts(
            tr("Interpolate, then summarise in polygons"),
            tr("Makes a map and summarises it in polygons such as districts."),
            tr(
                "Makes a map of the value, then summarises it by polygons with the model of the "
                "map. Each polygon, such as a district, gets the mean or total of its cells with "
                "the interval of that mean, which no statistics of the two rasters can give, the "
                "probability of exceeding thresholds, and the share of its cells inside the area "
                "of applicability."
            ),
        ),
        "exampledistricts": Texts(
            tr("From districts to other polygons"),
            tr("Spreads totals of districts over cells, and sums them up in other polygons."),
            tr(
                "Makes a map of cells whose sums are the totals of districts, such as the people "
                "of municipalities, from what is known of the ground. Then sums the cells up in "
                "other polygons, such as catchments or postcodes, with the interval of each total."
            ),
        ),
        "examplesteps": Texts(
            tr("Build graph, train, predict and evaluate"),
            tr("Runs the four steps of an interpolation one by one."),
            tr(
                "Runs the four steps of an interpolation one by one, with files between them. One "
                "graph can then serve several models, and one model several graphs."
            ),
        ),
        "examplepretrain": Texts(
            tr("Pretrain, then fine-tune"),
            tr("Trains a network that starts from a pretrained encoder."),
            tr(
                "First pretrains the network's encoder on the whole graph, without measured "
                "values, then trains the network from it. This makes training more stable where "
                "few cells have measurements."
            ),
        ),
        "examplecompare": Texts(
            tr("Compare methods, then warn"),
            tr("Warns where a simpler method predicts better than GeoHG."),
            tr(
                "Compares GeoHG with simpler methods by cross-validation, and warns where a "
                "simpler one predicts better. Shows how a model uses the numbers that an algorithm "
                "returns."
            ),
        ),
    }


class ExampleModel(QgsProcessingModelAlgorithm):
    """A model file of `resources/models` in the user's language.

    Its algorithms must be in Processing's registry already.
    """

    def __init__(self, example: str) -> None:
        super().__init__()
        self._example = example
        self._path = MODELS / f"{example}.model3"
        self._read = self.fromFile(str(self._path))
        if self._read:
            set_texts(self, example)
        else:
            self.setName(example)

    def canExecute(self) -> tuple[bool, str]:
        if self._read:
            return super().canExecute()
        text = tr("The model '{path}' is missing or damaged; install GeoHG again.")
        return False, text.format(path=self._path)

    def name(self) -> str:
        return self._example

    def groupId(self) -> str:
        return "examples"

    def shortDescription(self) -> str:
        return example_texts()[self._example].short

    def tags(self) -> list[str]:
        return tr("example,model,graphical model,model designer,workflow,chain").split(",")

    def createInstance(self) -> ExampleModel:
        return ExampleModel(self._example)


def set_texts(model: QgsProcessingModelAlgorithm, example: str) -> None:
    """Give a model and its parameters their names and their help."""
    own, known = example_texts()[example], _parameter_texts(model)
    model.setName(own.name)
    model.setGroup(tr("Examples"))
    content = {"ALG_DESC": own.about}
    for each in model.parameterDefinitions():
        label, text = known[_key(each.name())]
        each.setDescription(label)
        each.setHelp(text)
        content[each.name()] = text
    for each in model.outputDefinitions():
        each.setDescription(known[_key(each.name())][0])
    model.setHelpContent(content)


def _key(name: str) -> str:
    """PREDICTION of predict:Prediction, the prediction that the step predict makes."""
    return name.split(":")[-1].upper()


def _parameter_texts(model: QgsProcessingModelAlgorithm) -> dict[str, tuple[str, str]]:
    """Label and help of what a model takes and makes; most is said by GeoHG's algorithms in it."""
    texts: dict[str, tuple[str, str]] = {}
    steps = model.childAlgorithms()
    for step in steps.values():
        if step.algorithmId().startswith("geohg:"):
            for each in step.algorithm().parameterDefinitions():
                # What a step makes is told by that step, what several take by the first.
                if each.isDestination() or each.name() not in texts:
                    texts[each.name()] = (each.description(), each.help())
    # A model takes one, of which it makes a model file.
    texts["FIELD"] = (
        tr("Value field"),
        tr(
            "The measured value to predict. The default model reads each point where it is; "
            "networks read the mean of each cell. Points without a value are left out."
        ),
    )
    if "OUTPUT" in texts:
        texts["PREDICTION"] = texts["OUTPUT"]
    return texts
