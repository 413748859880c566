"""The models that GeoHG knows: one line a kind, for options, costs, files and dialogs."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from ..language import tr
from ..names import CLASS_MODEL

# The options of an encoder, which one that was pretrained must have been made with; those of
# a network around it, and of how that is trained.
_SIZES = (
    *("model.gnn_type", "model.residual", "model.normalisation"),
    *("model.hidden_channels", "model.num_gnn_layers"),
)
_ENCODER = ("data.pos_embedding", *_SIZES)
_NETWORK = (*_ENCODER, "model.dropout", "training.validation_ratio")
_PASSES = (
    *("model.head_dims", "training.epochs", "training.patience", "training.lr"),
    "training.metric",
)
_EVERY = (
    *("model.kind", "model.transform", "model.bounds"),
    *("model.pretrained_gnn", "model.freeze_gnn"),
    *("data.hypernode", "data.entity_thresh", "data.poi_thresh"),
)


@dataclass(frozen=True)
class ModelKind:
    """What must be known of a kind of model before it is loaded.

    Parameters
    ----------
    module, name : str
        Its module in `engine.models`, and its class there.
    options : tuple of str
        The options of a model that it reads.
    help : callable
        What it is, in a clause, in the language of the job at hand; None where no user names it.
    network : bool
        Whether a network is trained, whose passes cost time and memory and may end early.
    stops_by_cells : bool
        Whether `fit` can be told the cells that say when to stop.
    fixed : tuple of str
        Those of its options that `model.strict_reference` takes from the published code.
    with_encoder : str
        The kind that takes its place where the options name an encoder; empty for itself.
    informed : str
        The kind that takes its place where something better known informs the target; empty
        where nothing does.
    """

    module: str
    name: str
    options: tuple[str, ...]
    help: Callable[[], str] | None = None
    network: bool = False
    stops_by_cells: bool = False
    fixed: tuple[str, ...] = ()
    with_encoder: str = ""
    informed: str = ""


KINDS: dict[str, ModelKind] = {
    "propagation": ModelKind(
        "propagation",
        "Propagation",
        _EVERY,
        lambda: tr("propagates the features over the graph and fits a Gaussian process to them"),
        with_encoder="embedded",
        informed="informed",
    ),
    "informed": ModelKind("informed", "Informed", _EVERY),
    "areal": ModelKind("areal", "Areal", _EVERY),
    CLASS_MODEL: ModelKind("classes", "ClassProcess", _EVERY),
    "embedded": ModelKind("embedded", "EmbeddedPropagation", (*_EVERY, *_ENCODER)),
    "gnn": ModelKind(
        "network",
        "NetworkModel",
        (*_EVERY, *_NETWORK, *_PASSES, "model.strict_reference"),
        lambda: tr("is the paper's heterogeneous graph neural network"),
        network=True,
        stops_by_cells=True,
        fixed=(*_SIZES, "model.dropout", *_PASSES),
    ),
    "deepkernel": ModelKind(
        "deepkernel",
        "DeepKernel",
        (*_EVERY, *_NETWORK, "model.embedding_channels"),
        lambda: tr("is propagation with a network's embedding of the cells as additional features"),
        network=True,
    ),
}
"""Every kind of model that a file may hold."""

CHOICES = tuple(kind for kind, known in KINDS.items() if known.help)
"""Those that `model.kind` may name."""


def kinds_in_words(translate: Callable[[str], str] = str) -> str:
    """A sentence that says what each of the `CHOICES` is; `translate` is given each clause."""
    clauses = [f"{kind} {translate(known.help())}" for kind, known in KINDS.items() if known.help]
    return "; ".join(clauses) + "."
