"""How dialogs sort what an algorithm takes: shown at once, or folded away by purpose."""

from __future__ import annotations

from qgis.core import QgsProcessingParameterDefinition

from ..compat import ADVANCED, OPTIONAL
from ..translation import tr

POINTS, GROUND, GRID, MODEL, NETWORK = "points", "ground", "grid", "model", "network"
TESTING, COMPUTING, OUTPUTS = "testing", "computing", "outputs"

# The outputs that a dialog shows at once.
_SHOWN = ("OUTPUT", "REPORT", "HTML")
_PURPOSES = {
    POINTS: (
        *("UNIT", "VALUES_ARE", "KEEP_TOTALS", "WEIGHT", "POINTS_BESIDE"),
        *("COVARIATES", "GROUP_FIELD", "PREDICT_AT"),
    ),
    GROUND: (
        *("WORLDCOVER", "LANDCOVER_BAND", "CLASS_RASTERS", "ELEVATION", "EMBEDDINGS"),
        *("ZONES", "ZONES_FIELD", "DISTANCE_LAYERS"),
        *("HYPERNODE", "ENTITY_THRESH", "POI_THRESH"),
    ),
    GRID: ("CRS", "EXTENT", "TEMPLATE"),
    MODEL: (
        *("MODEL_KIND", "TRANSFORM", "BOUNDS", "LEVEL", "THRESHOLDS", "QUANTILES"),
        *("SIMULATIONS_COUNT", "SIMULATIONS_SEED", "ENCODER", "FREEZE"),
    ),
    TESTING: ("VALIDATION", "MASKED_RATIO", "FOLDS", "BLOCKS", "BLOCK_SIZE", "IMPORTANCE"),
    OUTPUTS: ("CONTOUR_INTERVAL",),
    COMPUTING: (
        *("SETTINGS", "SEED", "DEVICE", "THREADS", "WORKERS", "SCHEDULER", "RESUME"),
        *("CLUSTER", "PYTHON"),
    ),
}
_GROUPS = {name: group for group, names in _PURPOSES.items() for name in names}


def group_of(parameter: QgsProcessingParameterDefinition) -> str:
    """The group of a parameter, empty for one that a dialog shows at once."""
    if parameter.isDestination():
        needed = not parameter.flags() & OPTIONAL
        return "" if needed or parameter.name() in _SHOWN else OUTPUTS
    if not parameter.flags() & ADVANCED:
        return ""
    return _GROUPS.get(parameter.name(), NETWORK)


def group_texts() -> dict[str, str]:
    """What each group is called, in the order of the work."""
    return {
        POINTS: tr("More about the points"),
        GROUND: tr("More that is known of the ground"),
        GRID: tr("Grid of the map"),
        MODEL: tr("Model"),
        NETWORK: tr("Network"),
        TESTING: tr("Test of the accuracy"),
        OUTPUTS: tr("More outputs"),
        COMPUTING: tr("Computation"),
    }


def choice_texts() -> dict[str, str]:
    """What dialogs call the values of choices; a value without a text is shown as it is."""
    return {
        "auto": tr("chosen by GeoHG"),
        "none": tr("none"),
        "all": tr("classes and POIs"),
        "entity": tr("land-cover classes only"),
        "poi": tr("POI categories only"),
        "mono": tr("neither"),
        "2020": tr("of 2020"),
        "2021": tr("of 2021"),
        "propagation": tr("propagation over the graph"),
        "gnn": tr("network of the paper (gnn)"),
        "deepkernel": tr("deep kernel (deepkernel)"),
        "identity": tr("no transformation"),
        "log": tr("logarithm"),
        "yeo-johnson": tr("Yeo-Johnson"),
        "paper": tr("as in the paper"),
        "paper-carbon": tr("as in the paper, for carbon"),
        "layer": tr("layer normalisation"),
        "GraphConv": tr("weighted mean (GraphConv)"),
        "SAGEConv": tr("plain mean (SAGEConv)"),
        "GATv2Conv": tr("attention (GATv2Conv)"),
        "GINEConv": tr("small network (GINEConv)"),
        "holdout": tr("one random share held out"),
        "kfold": tr("random folds"),
        "groups": tr("whole groups of points"),
        "r2": "R²",
        "rmse": "RMSE",
        "mae": "MAE",
        "cpu": tr("processor (CPU)"),
        "cuda": tr("NVIDIA graphics card (CUDA)"),
        "mps": tr("Apple graphics (MPS)"),
        "mean": tr("mean of the cells"),
        "total": tr("total of the cells"),
        "setup": tr("set up or repair"),
        "again": tr("set up anew"),
        "remove": tr("remove"),
    }
