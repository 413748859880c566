"""What the keys and values of a summary are called on the page, in the language of the job."""

from __future__ import annotations

from ..data.builders.esa_worldcover import class_in_words
from ..language import tr
from ..names import (
    CARRIED,
    COVARIATE,
    DASYMETRIC,
    FOREST,
    KRIGING,
    LANDCOVER,
    MEAN,
    MEASURED,
    NEAREST,
    POI_COUNT,
    POI_SHARE,
)


def name_of(key: str) -> str:
    """The name of a count, of a stage or of how cells were divided; else the key, readable."""
    names = {
        # Parts of the graph.
        "area_nodes": tr("Cells"),
        "entity_nodes": tr("Land-cover classes"),
        "poi_nodes": tr("POI categories"),
        "near_edges": tr("Links between neighbouring cells"),
        "entity_locate_edges": tr("Links from classes to cells"),
        "poi_locate_edges": tr("Links from categories to cells"),
        # How cells were held out.
        "kind": tr("Kind"),
        "known": tr("Training"),
        "test": tr("Test"),
        "folds": tr("Folds"),
        "groups": tr("Groups"),
        "block side (m)": tr("Block side (m)"),
        "distance held out (m)": tr("Median distance of held-out cells (m)"),
        "distance in the map (m)": tr("Median distance of the map’s cells (m)"),
        "mismatch (m)": tr("Mean difference of the distances (m)"),
        "seed": tr("Seed"),
        # Stages.
        "read and build the graph": tr("Read and build the graph"),
        "read the graph": tr("Read the graph"),
        "read the model and the graph": tr("Read the model and the graph"),
        "fit to the cells that were not held out, predict the others": tr(
            "Fit to the training cells, predict the held-out cells"
        ),
        "fit and predict in folds": tr("Fit and predict in folds"),
        "fit and predict without spatial blocks": tr(
            "Fit without the held-out blocks, predict them"
        ),
        "find what the prediction rests on": tr("Compute feature importance"),
        "fit to all observed cells": tr("Fit to all observed cells"),
        "predict": tr("Predict"),
        "predict the held-out cells": tr("Predict the held-out cells"),
        "all stages": tr("All stages"),
    }
    return names.get(key) or key.replace("_", " ").capitalize()


def kind_of(kind: str) -> str:
    """The name of a way to hold cells out, the `kind` of a split."""
    names = {
        "random": tr("random"),
        "random folds": tr("random folds"),
        "groups": tr("groups"),
        "spatial blocks": tr("spatial blocks"),
        "moved gaps": tr("the map’s gaps, moved"),
        "matched": tr("as far from measurements as the map’s cells"),
        "new points": tr("new points"),
    }
    return names.get(kind, kind)


def method_name(method: str) -> str:
    """The name of a method in a table."""
    names = {
        KRIGING: tr("Ordinary kriging"),
        FOREST: tr("Random forest"),
        MEAN: tr("Mean"),
        NEAREST: tr("Nearest neighbour"),
        DASYMETRIC: tr("Dasymetric, by built-up land"),
    }
    return names.get(method, method)


def feature_name(name: str) -> str:
    """The name of what `permutation_importance` dealt out."""
    names = {
        "Land cover": tr("Land cover"),
        "POI categories": tr("POI categories"),
        "Number of POIs": tr("Number of POIs"),
        "Measured cells nearby": tr("Measured cells nearby"),
    }
    kind, _, one = name.partition(": ")
    if kind == "Land cover" and one:
        return tr("Land cover: {name}").format(name=class_in_words(one))
    own = {"mean": tr("mean"), "sd": tr("standard deviation")}
    if one in own:
        return f"{kind}: {own[one]}"
    return names.get(name, name)


def kind_of_feature(kind: str) -> str:
    """What columns of a kind are: the shares of classes, or a quantity."""
    names = {
        LANDCOVER: tr("Land cover"),
        POI_SHARE: tr("POI categories"),
        POI_COUNT: tr("Number of POIs"),
        COVARIATE: tr("Quantity"),
        CARRIED: tr("Quantity measured at the points"),
        MEASURED: tr("Quantity measured at the points"),
    }
    return names.get(kind, tr("Classes or zones"))


def unit_of(unit: str) -> str:
    """The name of the unit of a CRS."""
    names = {
        "metre": tr("metre"),
        "kilometre": tr("kilometre"),
        "degree": tr("degree"),
        "foot": tr("foot"),
        "US survey foot": tr("US survey foot"),
    }
    return names.get(unit, unit)


def title_of(job: str) -> str:
    """The title of the report of a job."""
    names = {
        "interpolate": tr("Interpolation report"),
        "train": tr("Training report"),
        "evaluate": tr("Evaluation report"),
        "compare": tr("Comparison of methods"),
        "classify": tr("Map of classes"),
        "check": tr("Check of the data"),
    }
    return names.get(job, tr("Report"))
