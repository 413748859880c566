"""The Processing provider `geohg`."""

from __future__ import annotations

from qgis.core import QgsApplication, QgsProcessingProvider
from qgis.PyQt.QtGui import QIcon

from ..engine.names import SUFFIXES
from .algorithms.buildgraph import BuildGraph
from .algorithms.check import Check
from .algorithms.classify import Classify
from .algorithms.compare import Compare
from .algorithms.diagnostics import Diagnostics
from .algorithms.evaluate import Evaluate
from .algorithms.examples import EXAMPLES, ExampleModel
from .algorithms.importcity import ImportCity
from .algorithms.interpolate import Interpolate
from .algorithms.predict import Predict
from .algorithms.pretrain import Pretrain
from .algorithms.setupengine import SetupEngine
from .algorithms.summarise import Summarise
from .algorithms.train import Train
from .resources import icon_path
from .translation import tr

ALGORITHMS = (
    Check,
    Interpolate,
    Classify,
    Compare,
    BuildGraph,
    ImportCity,
    Pretrain,
    Train,
    Predict,
    Evaluate,
    Summarise,
    SetupEngine,
    Diagnostics,
)


class GeoHGProvider(QgsProcessingProvider):
    """All algorithms of GeoHG."""

    def id(self) -> str:
        return "geohg"

    def name(self) -> str:
        return "GeoHG"

    def longName(self) -> str:
        return tr("GeoHG (heterogeneous graph interpolation)")

    def icon(self) -> QIcon:
        return QIcon(self.svgIconPath())

    def svgIconPath(self) -> str:
        return icon_path("geohg")

    def loadAlgorithms(self) -> None:
        for algorithm in ALGORITHMS:
            self.addAlgorithm(algorithm())
        # A model finds its algorithms in the registry, once this provider is there.
        if QgsApplication.processingRegistry().providerById(self.id()) is not None:
            for example in EXAMPLES:
                self.addAlgorithm(ExampleModel(example))

    # The engine writes these formats and no other.

    def supportedOutputRasterLayerExtensions(self) -> list[str]:
        return [end[1:] for end in SUFFIXES["prediction"]]

    def supportedOutputVectorLayerExtensions(self) -> list[str]:
        return [end[1:] for end in SUFFIXES["cells"]]

    def defaultVectorFileExtension(self, hasGeometry: bool = True) -> str:
        return "gpkg"

    def defaultRasterFileExtension(self) -> str:
        return "tif"

    def supportsNonFileBasedOutput(self) -> bool:
        return False
