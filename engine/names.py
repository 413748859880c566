"""Every name that more than one room uses, once."""

from __future__ import annotations

# Node types of the heterogeneous graph; a hypernode is an entity or a poi.
AREA = "area"
ENTITY = "entity"
POI = "poi"

# Edge types; the attribute of locate and rev_locate is the proportion.
EdgeType = tuple[str, str, str]
NEAR: EdgeType = (AREA, "near", AREA)


def locate(hypernode: str) -> EdgeType:
    """From a type of hypernode to the cells that it lies in."""
    return (hypernode, "locate", AREA)


def rev_locate(hypernode: str) -> EdgeType:
    """From cells to the hypernodes in them."""
    return (AREA, "rev_locate", hypernode)


# Kinds of feature columns.
LANDCOVER = "landcover"
POI_SHARE = "poi"
POI_COUNT = "poi_count"
COVARIATE = "covariate"
# The one column of kind `poi_count`.
POI_COUNT_NAME = "log(1 + number of POIs)"
# A covariate kriged to each cell from the others: what it says of a cell is in the columns
# of the cell's neighbours, which a model must therefore not read.
CARRIED = "carried"
# A covariate known at places that are to be predicted, as a raster would tell it, and kriged
# elsewhere: its own value is read, and not those around.
MEASURED = "measured"
# The group of covariates that were measured at the points.
POINTS_GROUP = "points"
# The columns that hold the share of each hypernode of a type.
SHARES = {ENTITY: LANDCOVER, POI: POI_SHARE}
FEATURE_KINDS = (LANDCOVER, POI_SHARE, POI_COUNT, COVARIATE, CARRIED, MEASURED)

# Kinds of file and the version of their layout.
GRAPH_FILE = "graph"
MODEL_FILE = "model"
ENCODER_FILE = "encoder"
FILE_VERSION = 2
# The kind of the model that tells classes.
CLASS_MODEL = "classes"

# Jobs, named as the Processing algorithms; the version of a request.
REQUEST_VERSION = 1
BUILDGRAPH = "buildgraph"
IMPORTCITY = "importcity"
INTERPOLATE = "interpolate"
PRETRAIN = "pretrain"
TRAIN = "train"
PREDICT = "predict"
EVALUATE = "evaluate"
COMPARE = "compare"
SUMMARISE = "summarise"
CLASSIFY = "classify"
CHECK = "check"

# What is told of the cells of a polygon.
MEAN_OF_CELLS, TOTAL_OF_CELLS = STATISTICS = ("mean", "total")

# Tests of a model, by what holds cells out together.
RANDOM = "random"
GROUPS = "groups"
BLOCKS = "blocks"
NEW_POINTS = "points"
# Held-out cells of those tests, weighted to lie as far from known cells as those of the map.
EXPECTED = "expected"

# What a report calls each method.
OURS = "GeoHG"
IDW = "IDW"
KRIGING = "Ordinary kriging"
FOREST = "Random forest"
NEAREST = "Nearest neighbour"
MEAN = "Mean"
# What is known of areas, spread over built-up land.
DASYMETRIC = "Dasymetric"

# The bucket of ESA WorldCover, and the environment variable that names another address
# of the same layout.
WORLDCOVER_ADDRESS = "https://esa-worldcover.s3.eu-central-1.amazonaws.com"
WORLDCOVER_ADDRESS_VARIABLE = "GEOHG_WORLDCOVER_URL"
# Where no land cover is to be fetched.
NO_WORLDCOVER = "none"

# How the name of each output of a job may end; those of folders are free.
RASTERS = (
    *("prediction", "std", "lower", "upper", "applicability", "exceedance", "quantile_map"),
    "simulations",
)
CLASS_RASTERS = ("class_map", "probabilities")
VECTOR_DRIVERS = {".gpkg": "GPKG", ".geojson": "GeoJSON", ".fgb": "FlatGeobuf"}
_FILE = (".safetensors",)
SUFFIXES: dict[str, tuple[str, ...]] = {
    **dict.fromkeys((*RASTERS, *CLASS_RASTERS), (".tif", ".tiff")),
    # Formats of one file each, so that it can be written beside its path and renamed.
    **dict.fromkeys(("cells", "residuals", "next_points", "contours"), tuple(VECTOR_DRIVERS)),
    **dict.fromkeys(("graph", "model", "encoder"), _FILE),
    "table": (".csv", *VECTOR_DRIVERS),
    "history": (".csv",),
    "report": (".html", ".htm"),
    "report_json": (".json",),
    "preview": (".png",),
    "text": (".txt",),
}

# Kinds of event that a worker prints, one JSON object a line.
EVENT_READY = "ready"
EVENT_PROGRESS = "progress"
EVENT_LOG = "log"
EVENT_WARNING = "warning"
EVENT_METRIC = "metric"
EVENT_RESULT = "result"
EVENT_ERROR = "error"

# How libraries say, in small letters, that there was no memory.
MEMORY_SIGNS = (
    "memoryerror",
    "bad_alloc",
    "out of memory",
    "not enough memory",
    "t allocate memory",
    "failed to map segment",
    "memory allocation still failed",
    "paging file is too small",
)
