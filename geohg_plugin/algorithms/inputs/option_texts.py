"""What the engine's options are called in a dialog, and their help.

What a script names and a dialog has other parameters for, such as folders, has no text here
and so no parameter.
"""

from __future__ import annotations

from ....engine.config.kinds import kinds_in_words
from ...translation import tr


def texts() -> dict[str, dict[str, tuple[str, str]]]:
    """Label and help of every option that has a parameter, by section and name."""
    return {
        "ssl": {
            "epochs": (
                tr("Passes over all cells"),
                tr("How often every cell is looked at; more can learn more, and takes longer."),
            ),
            "lr": (tr("Learning rate"), tr("Size of the optimiser's steps.")),
            "batch_size": (
                tr("Cells that are told apart at once"),
                tr("Each cell is told apart from so many others; more needs more memory."),
            ),
            "temperature": (
                tr("Temperature"),
                tr("How sharply likeness is judged; smaller is sharper."),
            ),
            "near_neighbours": (
                tr("Neighbouring cells"),
                tr("How many neighbours in the graph a cell is drawn to."),
            ),
            "similar_neighbours": (
                tr("Similar cells"),
                tr(
                    "How many cells with the most similar features, wherever they lie, a cell is "
                    "drawn to."
                ),
            ),
        },
        "data": {
            "pos_embedding": (
                tr("Network: read the place of a cell"),
                tr("Whether the models gnn and deepkernel know where a cell lies."),
            ),
            "hypernode": (
                tr("Hypernodes"),
                tr(
                    "Which nodes join the cells of the graph: land-cover classes and POI "
                    "categories (all), one of the two (entity, poi), or none (mono)."
                ),
            ),
            "entity_thresh": (
                tr("Smallest share of a land-cover class"),
                tr("A class is linked to the cells in which its share is above this, 0 to 1."),
            ),
            "poi_thresh": (
                tr("Smallest share of a POI category"),
                tr("A category is linked to the cells in which its share is above this, 0 to 1."),
            ),
            "worldcover": (
                tr("Fetch ESA WorldCover"),
                tr(
                    "Without a land-cover raster, fetches that of the grid from ESA's public "
                    "server: the map of 2020 or 2021, in classes of 10 m, as fine as the cells "
                    "need. It is kept for the next run. none uses no network. Maps that are "
                    "shown must name ESA WorldCover, as the report does."
                ),
            ),
        },
        "model": {
            "kind": (
                tr("Model"),
                kinds_in_words(tr),
            ),
            "transform": (
                tr("Scale of the value"),
                tr("The scale on which the value is modelled; auto chooses it from the data."),
            ),
            "gnn_type": (
                tr("Network: operator"),
                tr(
                    "How messages pass between nodes: a weighted mean (GraphConv), a plain mean "
                    "(SAGEConv), attention (GATv2Conv), or a small network for each message "
                    "(GINEConv). The last two are slower."
                ),
            ),
            "residual": (
                tr("Network: residual layers"),
                tr("Each layer adds to what it gets; otherwise it replaces it."),
            ),
            "normalisation": (
                tr("Network: normalisation"),
                tr("Whether each layer brings its output to one scale (layer) or not (none)."),
            ),
            "strict_reference": (
                tr("Network: exactly as published"),
                tr(
                    "Makes the model gnn the network of the paper's code, its faults included, "
                    "for comparison. Size and training are then the published ones."
                ),
            ),
            "hidden_channels": (
                tr("Network: hidden channels"),
                tr("Width of the embeddings of the model gnn; more can learn more, and is slower."),
            ),
            "num_gnn_layers": (
                tr("Network: layers of message passing"),
                tr("How many steps through the graph a cell sees in the model gnn."),
            ),
            "head_dims": (
                tr("Network: widths of the head's layers"),
                tr("Hidden layers of the last part of the model gnn, with commas: 64,32."),
            ),
            "dropout": (
                tr("Network: dropout"),
                tr("Share of activations that the model gnn drops, against learning by heart."),
            ),
            "embedding_channels": (
                tr("Network: width of the deep kernel's embedding"),
                tr("How many numbers a cell the Gaussian process of the model deepkernel reads."),
            ),
        },
        "training": {
            "validation": (
                tr("Validation"),
                tr(
                    "How cells are held out to measure accuracy: a random share of them once "
                    "(holdout), every cell once in random folds (kfold), or every cell once in "
                    "folds of whole groups (groups), which need a group field."
                ),
            ),
            "masked_ratio": (
                tr("Share of observed cells held out as test"),
                tr(
                    "These cells are kept from the model, and the figures of the report are "
                    "measured on them. 0 tests nothing. The validations kfold and groups hold out "
                    "every cell once, whatever is given here."
                ),
            ),
            "folds": (
                tr("Folds"),
                tr("Number of folds of the validations kfold and groups."),
            ),
            "blocks": (
                tr("Hold out spatial blocks too"),
                tr(
                    "Tests once more with whole square blocks held out: how far the prediction "
                    "can be trusted away from the measurements."
                ),
            ),
            "block_size": (
                tr("Side of a spatial block, in metres"),
                tr("0 takes the range within which values resemble each other."),
            ),
            "validation_ratio": (
                tr("Network: share of the other cells that decides when to stop"),
                tr("The model gnn stops when it no longer gets better on these cells."),
            ),
            "epochs": (
                tr("Network: most passes over the training cells"),
                tr("The model gnn ends after this many passes, if it did not stop before."),
            ),
            "patience": (
                tr("Network: passes without improvement before stopping"),
                tr("The model gnn stops when this many passes brought nothing better."),
            ),
            "lr": (
                tr("Network: learning rate"),
                tr("Size of the optimiser's steps in the model gnn."),
            ),
            "metric": (
                tr("Network: figure that chooses the best pass"),
                tr("The figure on the validation cells by which the model gnn is chosen."),
            ),
            "seed": (
                tr("Seed"),
                tr("The same seed on the same data and machine gives the same result."),
            ),
            "device": (
                tr("Device"),
                tr("Where to compute; auto takes a GPU where there is one."),
            ),
            "threads": (
                tr("CPU threads"),
                tr("How many CPU threads to use; 0 leaves the choice to the libraries."),
            ),
        },
        "uncertainty": {
            "level": (
                tr("Level of the intervals"),
                tr(
                    "Share of new measurements that an interval should hold, such as 0.9. The "
                    "width is learnt from observed cells that are predicted without their value."
                ),
            ),
        },
    }
