"""Every option of the engine, once: its name, type, default and bounds."""

from __future__ import annotations

import dataclasses
import typing
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from typing import Any, TypeVar

from ..errors import InputError, shown
from ..language import ENGLISH, LANGUAGES, tr
from .address import check_address
from .checks import Kind, Many, Single, check_mapping, first_twice, refuse_unknown
from .kinds import CHOICES, KINDS

Section = TypeVar("Section")

# Most hidden layers of the head.
_MOST_LAYERS = 32
TRANSFORMS = ("auto", "identity", "log", "yeo-johnson", "paper", "paper-carbon")


def _option(
    default: Any,
    *,
    low: float | None = None,
    high: float | None = None,
    choices: tuple[str, ...] | None = None,
    file: bool = False,
) -> Any:
    bounds = {"low": low, "high": high, "choices": choices, "file": file}
    return field(default=default, metadata=bounds)


@dataclass(frozen=True)
class DataConfig:
    """Where the graph comes from, and how it is made."""

    city: str = _option("")
    """A city of the public data set (GZ, BJ, SH, SZ), a folder under `prebuilt_dir`, or
    `sample`, the synthetic one; empty where the graph comes from elsewhere."""
    task: str = _option("")
    """The target; may be empty if there is only one."""
    prebuilt_dir: str = _option("", file=True)
    """Folder with one folder of graph files per city; empty for the public data set."""
    downstream_dir: str = _option("", file=True)
    """Folder with one folder of target files per city; empty for the public data set."""
    strict_reference: bool = _option(False)
    """Whether a city is read as the published code does, including its errors."""
    pos_embedding: bool = _option(True)
    """Whether networks use the coordinates of cells."""
    hypernode: str = _option("all", choices=("all", "entity", "poi", "mono"))
    """Whether models read land cover and POIs, which in networks are nodes that link cells: both,
    land cover, POIs, or neither."""
    entity_thresh: float = _option(0.0, low=0.0, high=1.0)
    """Share of a cell above which a land-cover class is linked to it; without a network,
    smaller ones count as 0."""
    poi_thresh: float = _option(0.0, low=0.0, high=1.0)
    """Share of a cell's POIs above which a category is linked to it; without a network, smaller
    ones count as 0."""
    covariates: tuple[str, ...] = _option((), file=True)
    """Rasters of continuous quantities, such as elevation, that are known in every cell of a
    graph that is made from points."""
    worldcover: str = _option("none", choices=("none", "2020", "2021"))
    """The map of ESA WorldCover to fetch if a graph is made from points without a land-cover
    raster; `none` fetches nothing."""


@dataclass(frozen=True)
class ModelConfig:
    """Which model, and its size."""

    kind: str = _option("propagation", choices=CHOICES)
    """The model; `config.kinds` describes each."""
    transform: str = _option("auto", choices=TRANSFORMS)
    """Transformation of the target. `auto` chooses one from the training cells; for a target of
    the paper's cities it is the paper's, `paper` or for carbon `paper-carbon`."""
    bounds: tuple[float, ...] = _option(())
    """The least and the greatest value that the target can have, such as `[0, 100]` for percent:
    a measured value outside is refused, and nothing that is written lies outside. Empty takes 0
    for the least where no measured value is negative, and 1 for the greatest where values reach
    from about 0 to about 1."""
    gnn_type: str = _option("GraphConv", choices=("GraphConv", "SAGEConv", "GATv2Conv", "GINEConv"))
    """The message-passing operator of the network."""
    residual: bool = _option(False)
    """Whether each layer of the network adds its output to its input."""
    normalisation: str = _option("none", choices=("none", "layer"))
    """Normalisation of the output of each layer of the network."""
    strict_reference: bool = _option(False)
    """Whether `gnn` is the network exactly as published, including its errors, for comparison;
    most other network options are then ignored."""
    hidden_channels: int = _option(64, low=1, high=4096)
    """Width of the network's embeddings."""
    num_gnn_layers: int = _option(3, low=1, high=32)
    """Number of message-passing layers."""
    head_dims: tuple[int, ...] = _option((64,), low=1, high=4096)
    """Widths of the hidden layers of the MLP head."""
    dropout: float = _option(0.2, low=0.0, high=0.95)
    """Share of activations dropped in training, such as 0.2."""
    embedding_channels: int = _option(8, low=1, high=256)
    """Number of embedding values per cell in `deepkernel`."""
    pretrained_gnn: str = _option("", file=True)
    """Encoder file from which the network starts; empty for none. `propagation` uses its
    embedding as additional features."""
    freeze_gnn: bool = _option(False)
    """Whether the pretrained encoder stays fixed, so that only the other layers are fitted."""

    def __post_init__(self) -> None:
        if self.bounds and (len(self.bounds) != 2 or not self.bounds[0] < self.bounds[1]):
            raise InputError(
                tr(
                    "'model.bounds' must be the least and the greatest value of the target, such "
                    "as 0 and 100, got {value}."
                ).format(value=shown(list(self.bounds)))
            )

    @property
    def fitted_kind(self) -> str:
        """The kind of `config.kinds` that is fitted: an encoder takes another for some."""
        starts = self.pretrained_gnn or self.freeze_gnn
        return (starts and KINDS[self.kind].with_encoder) or self.kind


@dataclass(frozen=True)
class TrainingConfig:
    """How the model is fitted and tested."""

    validation: str = _option("auto", choices=("auto", "holdout", "kfold", "groups"))
    """How observed cells are held out for testing: a random share once (`holdout`), or
    cross-validation with random folds (`kfold`) or with whole groups of points (`groups`). `auto`
    is `kfold` for a map of fewer than 500 observed cells, unless `masked_ratio` is set or a
    network is fitted; else `holdout`."""
    masked_ratio: float = _option(0.2, low=0.0, high=0.95)
    """Share of the observed cells held out for testing; ignored by folds."""
    folds: int = _option(5, low=2, high=20)
    """Number of cross-validation folds."""
    blocks: bool = _option(True)
    """Whether to test with held-out square blocks too: the accuracy away from measurements."""
    block_size: float = _option(0.0, low=0.0, high=1e7)
    """Side of a block in metres; 0 uses the range of spatial autocorrelation."""
    importance: bool = _option(True)
    """Whether a report tells what the prediction rests on: the importance of each feature."""
    validation_ratio: float = _option(0.2, low=0.05, high=0.5)
    """Share of the remaining observed cells used for early stopping."""
    epochs: int = _option(600, low=1, high=1_000_000)
    """Maximum number of passes over the training cells."""
    patience: int = _option(60, low=1, high=1_000_000)
    """Epochs without improvement after which training stops."""
    lr: float = _option(0.005, low=1e-7, high=10.0)
    """Learning rate of the optimiser."""
    metric: str = _option("rmse", choices=("r2", "rmse", "mae"))
    """Metric on the validation cells that selects the best epoch."""
    seed: int = _option(0, low=0, high=2**31 - 1)
    """Random seed."""
    device: str = _option("auto", choices=("auto", "cpu", "cuda", "mps"))
    """Where to compute; `auto` uses a GPU if there is one."""
    threads: int = _option(0, low=0, high=1024)
    """CPU threads; 0 lets the libraries choose."""

    @property
    def once(self) -> bool:
        """Whether cells are held out once, not in folds."""
        return self.validation in ("auto", "holdout")

    @property
    def untested(self) -> bool:
        """Whether no cell is held out."""
        return self.once and self.masked_ratio == 0


@dataclass(frozen=True)
class OutputConfig:
    """Where a pipeline writes, and how; an empty folder writes nothing."""

    model_dir: str = _option("")
    """Folder of model and encoder files."""
    log_dir: str = _option("")
    """Folder of reports and training histories."""
    plot_dir: str = _option("")
    """Folder of figures."""
    plot_format: str = _option("png", choices=("png", "svg"))
    """Format of figures."""
    toolkit_headers: bool = _option(False)
    """Whether the tables of a graph have the toolkit's column names, such as `src_id` and
    `Value_10_Ratio`."""
    contour_interval: float = _option(0.0, low=0.0, high=1e30)
    """Difference between contours, where these are written, in the unit of the value; 0 draws
    them where the colours of the map change, or where these have no steps, at 10 to 25 round
    values."""
    language: str = _option(ENGLISH, choices=LANGUAGES)
    """Language of reports, messages and errors: English or Chinese."""


@dataclass(frozen=True)
class SSLConfig:
    """How an encoder is pretrained, without measured values."""

    epochs: int = _option(100, low=1, high=1_000_000)
    """Passes over all cells; each is one step of the optimiser."""
    lr: float = _option(0.005, low=1e-7, high=10.0)
    """Learning rate of the optimiser."""
    batch_size: int = _option(512, low=2, high=65_536)
    """Number of cells compared with each other in one step."""
    temperature: float = _option(0.07, low=0.001, high=10.0)
    """How strongly the loss separates similar from different cells; smaller is stronger."""
    near_neighbours: int = _option(5, low=0, high=64)
    """Number of graph neighbours that a cell's embedding should resemble."""
    similar_neighbours: int = _option(5, low=0, high=64)
    """Number of cells with the most similar features that a cell's embedding should resemble."""


@dataclass(frozen=True)
class UncertaintyConfig:
    """The prediction intervals."""

    level: float = _option(0.9, low=0.5, high=0.99)
    """Share of new measurements that the intervals should contain."""
    thresholds: tuple[float, ...] = _option(())
    """Values, such as legal limits, of which the probability of exceeding each is told; none for
    no such probability."""
    quantiles: tuple[float, ...] = _option((), low=0.001, high=0.999)
    """Quantiles of what a new measurement would be, such as 0.1 and 0.9, that are mapped; none for
    no such maps."""
    simulations_count: int = _option(20, low=0, high=1000)
    """How many equally likely maps are simulated where a raster of them is written."""
    simulations_seed: int = _option(0, low=0, high=2**31 - 1)
    """Random seed of the simulated maps."""

    def __post_init__(self) -> None:
        for name in ("thresholds", "quantiles"):
            values = getattr(self, name)
            if len(set(values)) < len(values):
                text = tr("'uncertainty.{name}' has {value} twice; give each number once.")
                raise InputError(text.format(name=name, value=first_twice(values)))


@dataclass(frozen=True)
class ExecutionConfig:
    """Where the blocks of a large map are made."""

    workers: int = _option(0, low=0, high=1024)
    """Worker processes of this machine that make the blocks of a large map; 0 makes them in
    GeoHG's own process."""
    scheduler: str = _option("")
    """Address of a Dask scheduler whose workers make the blocks, such as `tcp://host:8786`; empty
    for none."""
    resume: str = _option("")
    """Work folder that keeps the blocks that are done, so that the same command goes on where it
    stopped; empty for none."""

    def __post_init__(self) -> None:
        if self.scheduler:
            check_address(self.scheduler)
        if self.scheduler and self.workers:
            raise InputError(
                tr(
                    "Blocks are made by {workers} workers of this machine (execution.workers) or "
                    "by those of a scheduler (execution.scheduler); give one."
                ).format(workers=self.workers)
            )


@dataclass(frozen=True)
class Config:
    """All options, in sections."""

    data: DataConfig = DataConfig()
    model: ModelConfig = ModelConfig()
    training: TrainingConfig = TrainingConfig()
    output: OutputConfig = OutputConfig()
    ssl: SSLConfig = SSLConfig()
    uncertainty: UncertaintyConfig = UncertaintyConfig()
    execution: ExecutionConfig = ExecutionConfig()


SECTIONS = tuple(field.name for field in dataclasses.fields(Config))


def make_config(values: Mapping[str, Any]) -> Config:
    """Check a mapping of sections and fill in the defaults.

    Parameters
    ----------
    values : mapping
        `{"data": {...}, "model": {...}, "training": {...}}`, each part optional.

    Raises
    ------
    InputError
        For an unknown key, a wrong type or a value out of range, naming the key's
        path, what was got, what was expected and the nearest valid name.
    """
    if not isinstance(values, Mapping):
        raise InputError(
            tr(
                "Options must be sections such as 'training', each with its options, got {value}."
            ).format(value=shown(values))
        )
    sections = {item.name: item.default for item in dataclasses.fields(Config)}
    refuse_unknown(values, sections, _unknown())
    made: dict[str, Any] = {
        name: _make_section(type(default), {} if values.get(name) is None else values[name], name)
        for name, default in sections.items()
    }
    return Config(**made)


@cache
def kinds(section: str) -> dict[str, Kind]:
    """What each option of a section must be."""
    owner = type(getattr(Config(), section))
    hints = typing.get_type_hints(owner)
    return {item.name: _kind(hints[item.name], item.metadata) for item in dataclasses.fields(owner)}


def _kind(hint: Any, bounds: Mapping[str, Any]) -> Kind:
    if typing.get_origin(hint) is tuple:
        return Many(Single(typing.get_args(hint)[0], **bounds), most=_MOST_LAYERS)
    return Single(hint, **bounds)


def _make_section(section: type[Section], values: Any, path: str) -> Section:
    check_mapping(values, path)
    known = kinds(path)
    refuse_unknown(values, known, _unknown(), f"{path}.")
    return section(
        **{name: known[name].check(value, f"{path}.{name}") for name, value in values.items()}
    )


def _unknown() -> str:
    return tr("'{name}' is not an option; known are {known}.{hint}")
