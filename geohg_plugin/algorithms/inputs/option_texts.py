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
                tr("Epochs"),
                tr(
                    "Number of passes over all cells. More can improve the encoder but takes "
                    "longer."
                ),
            ),
            "lr": (tr("Learning rate"), tr("Step size of the optimiser.")),
            "batch_size": (
                tr("Batch size"),
                tr(
                    "Number of cells compared with each other in one step. More cells need more "
                    "memory."
                ),
            ),
            "temperature": (
                tr("Temperature"),
                tr(
                    "How strongly the loss separates similar from different cells; smaller is "
                    "stronger."
                ),
            ),
            "near_neighbours": (
                tr("Neighbouring cells per cell"),
                tr("Number of graph neighbours whose embedding should be similar to the cell's."),
            ),
            "similar_neighbours": (
                tr("Similar cells per cell"),
                tr(
                    "Number of cells with the most similar features, anywhere, whose embedding "
                    "should be similar to the cell's."
                ),
            ),
        },
        "data": {
            "pos_embedding": (
                tr("Network: use cell coordinates"),
                tr("Whether the models gnn and deepkernel use the coordinates of the cells."),
            ),
            "hypernode": (
                tr("Hypernodes"),
                tr(
                    "What the model reads of the ground, in networks as nodes that link cells: "
                    "land-cover classes and POI categories (all), only one of these (entity, "
                    "poi), or neither (mono)."
                ),
            ),
            "entity_thresh": (
                tr("Minimum share of a land-cover class"),
                tr("A class is linked to a cell if its share there is above this, 0 to 1."),
            ),
            "poi_thresh": (
                tr("Minimum share of a POI category"),
                tr("A category is linked to a cell if its share there is above this, 0 to 1."),
            ),
            "worldcover": (
                tr("Fetch ESA WorldCover"),
                tr(
                    "If no land-cover raster is given, downloads the map of 2020 or 2021 (10 m "
                    "classes) for the grid from ESA's public server, at the resolution that the "
                    "cells need, and keeps it for later runs. none uses no network. Published maps "
                    "must credit ESA WorldCover, as the report does."
                ),
            ),
        },
        "model": {
            "kind": (
                tr("Model"),
                kinds_in_words(tr),
            ),
            "transform": (
                tr("Transformation of the value"),
                tr(
                    "Transformation applied before modelling, for example log; auto chooses one "
                    "from the data. The paper's cities have one of their own: paper, for carbon "
                    "paper-carbon."
                ),
            ),
            "bounds": (
                tr("Least and greatest value"),
                tr(
                    "Bounds of the value, for example 0,100 for percent: nothing that is written "
                    "lies outside, and a measured value outside is refused. Empty takes 0 for the "
                    "least where no measured value is negative, and 1 for the greatest where "
                    "values reach from about 0 to about 1."
                ),
            ),
            "gnn_type": (
                tr("Network: operator"),
                tr(
                    "How a node combines the messages of its neighbours: weighted mean "
                    "(GraphConv), plain mean (SAGEConv), attention (GATv2Conv), or a small network "
                    "for each message (GINEConv). The last two are slower."
                ),
            ),
            "residual": (
                tr("Network: residual layers"),
                tr("Each layer adds its output to its input, instead of replacing it."),
            ),
            "normalisation": (
                tr("Network: normalisation"),
                tr("Layer normalisation of each layer's output (layer), or none."),
            ),
            "strict_reference": (
                tr("Network: exactly as published"),
                tr(
                    "Makes the model gnn the network of the paper's code, including its errors, "
                    "for comparison. Size and training are then fixed as published."
                ),
            ),
            "hidden_channels": (
                tr("Network: hidden channels"),
                tr(
                    "Width of the embeddings of the model gnn. More channels can learn more but "
                    "are slower."
                ),
            ),
            "num_gnn_layers": (
                tr("Network: message-passing layers"),
                tr(
                    "Number of layers in the model gnn: with 3, a cell uses information up to 3 "
                    "links away."
                ),
            ),
            "head_dims": (
                tr("Network: widths of the output layers"),
                tr(
                    "Widths of the hidden layers before the output of the model gnn, for example "
                    "64,32."
                ),
            ),
            "dropout": (
                tr("Network: dropout"),
                tr(
                    "Share of activations that the model gnn drops in training, to prevent "
                    "overfitting."
                ),
            ),
            "embedding_channels": (
                tr("Network: width of the deep kernel's embedding"),
                tr(
                    "Number of embedding values per cell that the Gaussian process of deepkernel "
                    "reads."
                ),
            ),
        },
        "training": {
            "validation": (
                tr("Validation"),
                tr(
                    "How cells are held out to measure accuracy: a random share of the cells once "
                    "(holdout), cross-validation with random folds (kfold), or cross-validation "
                    "with whole groups of points (groups), which needs a group field. With auto, "
                    "a map of fewer than 500 observed cells is tested by random folds, unless the "
                    "share held out is set or a network is trained, and others by a random share."
                ),
            ),
            "masked_ratio": (
                tr("Share of observed cells held out as test"),
                tr(
                    "These cells are not used to fit the model; the report's accuracy is measured "
                    "on them. 0 tests nothing. The validations kfold and groups ignore this: they "
                    "hold out every cell once."
                ),
            ),
            "folds": (
                tr("Folds"),
                tr("Number of folds of the validations kfold and groups."),
            ),
            "blocks": (
                tr("Hold out spatial blocks too"),
                tr(
                    "Also tests with whole square blocks held out, to show how reliable the "
                    "prediction is away from the measurements."
                ),
            ),
            "block_size": (
                tr("Side of a spatial block, in metres"),
                tr("0 uses the range of spatial autocorrelation of the values."),
            ),
            "importance": (
                tr("Compute feature importance"),
                tr(
                    "Whether the report tells what the prediction rests on. Without it the run is "
                    "faster, and the report leaves this section out."
                ),
            ),
            "validation_ratio": (
                tr("Network: validation share for early stopping"),
                tr(
                    "Share of the training cells kept for early stopping: training of gnn ends "
                    "when the error on them stops improving."
                ),
            ),
            "epochs": (
                tr("Network: maximum epochs"),
                tr(
                    "Training of gnn ends after this many passes over the training cells, or "
                    "earlier."
                ),
            ),
            "patience": (
                tr("Network: epochs without improvement before stopping"),
                tr("Training of gnn stops after this many epochs without improvement."),
            ),
            "lr": (
                tr("Network: learning rate"),
                tr("Step size of the optimiser of the model gnn."),
            ),
            "metric": (
                tr("Network: metric for the best epoch"),
                tr(
                    "The epoch of gnn with the best value of this metric on the validation cells "
                    "is kept."
                ),
            ),
            "seed": (
                tr("Seed"),
                tr("The same seed on the same data and machine gives the same result."),
            ),
            "device": (
                tr("Device"),
                tr("Where to compute; auto uses a GPU if there is one."),
            ),
            "threads": (
                tr("CPU threads"),
                tr("Number of CPU threads; 0 lets the libraries choose."),
            ),
        },
        "uncertainty": {
            "level": (
                tr("Level of the intervals"),
                tr(
                    "Share of new measurements that the intervals should contain, such as 0.9. "
                    "Their width is calibrated on observed cells predicted without their own value."
                ),
            ),
            "thresholds": (
                tr("Thresholds"),
                tr(
                    "Values, such as a legal limit, of which the probability of exceeding each is "
                    "told; several with commas between them, such as 25,50. A threshold beyond all "
                    "measured values is allowed."
                ),
            ),
            "quantiles": (
                tr("Quantiles"),
                tr(
                    "Shares from 0.001 to 0.999 whose quantiles are mapped, with commas between "
                    "them: 0.1,0.9 gives the values that one in ten new measurements lies below, "
                    "and above."
                ),
            ),
            "simulations_count": (
                tr("Number of simulations"),
                tr(
                    "How many equally likely maps the raster of simulations has. Means over them "
                    "are off by the standard deviation over the root of their number: by a tenth "
                    "of it with 100."
                ),
            ),
            "simulations_seed": (
                tr("Random seed of the simulations"),
                tr("The same seed gives the same maps; another one gives others."),
            ),
        },
        "output": {
            "contour_interval": (
                tr("Interval of the contours"),
                tr(
                    "Difference between contours, in the unit of the value: 5 draws them at 5, 10, "
                    "15 and so on. 0 draws them where the colours of the map change, or where "
                    "these have no steps, at 10 to 25 round values."
                ),
            ),
        },
        "execution": {
            "workers": (
                tr("Large map: processes"),
                tr(
                    "Number of processes of this machine that make the blocks of a large map; 0 "
                    "takes the number set in the options of QGIS, and if there is none, makes them "
                    "in the engine's own process."
                ),
            ),
            "scheduler": (
                tr("Large map: Dask scheduler"),
                tr(
                    "Address of a Dask scheduler whose workers make the blocks of a large map, "
                    "such as tcp://host:8786. They need the same version of GeoHG, and must see "
                    "the rasters under the same names."
                ),
            ),
            "resume": (
                tr("Large map: work folder"),
                tr(
                    "Folder that keeps the blocks that are done, so that the same run goes on "
                    "where it stopped."
                ),
            ),
        },
    }
