"""A city from its files to a scored model, in one call."""

from __future__ import annotations

import dataclasses
import re
import tempfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from .assembly.cities import SAMPLE, with_city
from .calls import run_job
from .config.loader import load_config
from .config.options import by_section
from .config.schema import Config, make_config
from .errors import InputError, OutputError, shown
from .jobs.parts import request_parts
from .language import tr
from .names import PRETRAIN, TRAIN
from .progress import InPython, Part, Progress

# What the name of a file may not hold, on one system or another.
_UNFIT = re.compile(r'[\\/:*?"<>|\x00-\x1f]')

# Share of the progress that pretraining takes.
_PRETRAINING = 0.5


class GeoHGPipeline:
    """Train and test a model on a city or own data, optionally with a pretrained encoder.

    Parameters
    ----------
    config : Config, optional
        All options. `data.city` and `data.task` select the data; where only a target of the
        public data is named, such as GDP, the city is GZ. Files are written to the
        folders in `output` that are set.
    settings : path, optional
        The file of these options, which no output may replace.
    inputs : mapping, optional
        Own data in place of a city: `data`, `target_column`, `landcover`, `resolution` and
        others of `request_parts`.

    Raises
    ------
    InputError
        For an invalid option, naming it.

    Examples
    --------
    >>> from geohg import GeoHGPipeline
    >>> result = GeoHGPipeline.quick_start(city="sample")  # doctest: +SKIP
    >>> result["r2"], result["rmse"], result["mae"]  # doctest: +SKIP
    """

    def __init__(
        self,
        config: Config | None = None,
        settings: str | Path | None = None,
        inputs: Mapping[str, Any] | None = None,
    ) -> None:
        if not isinstance(config, (Config, type(None))):
            raise InputError(
                tr("The options must be a Config, as load_config makes one, got {value}.").format(
                    value=shown(config)
                )
            )
        # Its fields may have been set without a check.
        self.config = named(make_config(dataclasses.asdict(config or Config())))
        self._settings = settings
        self._parts = request_parts(**inputs) if inputs else {}
        self._source = ""
        if self._parts:
            points = self._parts.get("points", {})
            self._source = str(points.get("path", "points"))
            task = "".join(points.get("targets", ())[:1])
            data = dataclasses.replace(self.config.data, city="", task=task)
            self.config = dataclasses.replace(self.config, data=data)

    @classmethod
    def from_yaml(cls, path: str | Path, **overrides: Mapping[str, Any]) -> GeoHGPipeline:
        """Make a pipeline with the options in a file.

        Parameters
        ----------
        path : path
            A YAML file; `engine/config/default.yaml` shows every option.
        **overrides
            Sections with options that override the file: `training={"epochs": 10}`.

        Raises
        ------
        InputError
            For an unusable file or an invalid option, naming it.
        """
        return cls(load_config(path, overrides), path)

    @classmethod
    def quick_start(
        cls, city: str = "GZ", task: str | None = None, **options: Any
    ) -> dict[str, Any]:
        """Train and test on one city with the defaults.

        Parameters
        ----------
        city : str
            GZ, BJ, SH or SZ of the public data set, or `sample`, which needs no download.
        task : str, optional
            Carbon (the default), GDP, Population, PM25 or Light; the sample has one target.
        **options
            Other options by name, without sections, such as `epochs=10`, `kind="gnn"` or
            `masked_ratio=0.7`. `ssl_epochs` and `ssl_lr` are those of pretraining.

        Returns
        -------
        dict
            The result of `run`.
        """
        if task is None:
            task = "" if city == SAMPLE else "Carbon"
        return cls(make_config(by_section({"city": city, "task": task, **options}))).run()

    def run(self, skip_pretrain: bool = True, progress: Progress | None = None) -> dict[str, Any]:
        """Train on some of the observed cells and score on the held-out cells.

        Parameters
        ----------
        skip_pretrain : bool
            If False, the encoder is first pretrained, without measured values. If True, it
            starts at random, or from `model.pretrained_gnn`.
        progress : Progress, optional
            Receives progress and messages; by default, warnings are Python's.

        Returns
        -------
        dict
            Accuracy on the held-out cells: `r2`, `rmse`, `mae`, and `coverage` and `width` of
            the intervals. For a target of the paper they are on the paper's scale, as
            `paper_scale` tells: the logarithm, standardised by training cells. `r2_unit`,
            `rmse_unit` and `mae_unit` are always in the target's unit. `rank` is the rank
            correlation, `mae_share` the MAE divided by that of the mean, `r2_model` the R2 on
            the scale that the model was fitted on, where it differs, and `validation_r2` that at
            training cells which are predicted without their own values (of a network: those that
            stopped its training). `idw_`, `kriging_` and
            `mean_` in front are the other methods; `blocks_` in front is for held-out spatial
            blocks, and `expected_` for what to expect in a map's cells without measurements. None
            if no cells are held out. Counts:
            `cells`, `observed`,
            `test_cells`, `epochs` (None for models without epochs). Also `seconds`, `device`,
            and the path of each file written: `model`, `encoder`, `report`, `report_json`,
            `history`, `plots`.

        Raises
        ------
        GeoHGError
            One clear sentence.
        """
        progress = progress or InPython()
        if skip_pretrain:
            return self._train(self.config, progress)
        with tempfile.TemporaryDirectory(prefix="geohg-") as folder:
            first = self._pretrain(Path(folder), Part(progress, 0.0, _PRETRAINING))
            model = dataclasses.replace(self.config.model, pretrained_gnn=first["encoder"])
            config = dataclasses.replace(self.config, model=model)
            result = self._train(config, Part(progress, _PRETRAINING, 1.0))
        result["seconds"] += first["seconds"]
        return {**result, "encoder": first["encoder"]} if self.config.output.model_dir else result

    def _pretrain(self, folder: Path, progress: Progress) -> dict[str, Any]:
        """Write the encoder into the folder of models, or else into `folder`."""
        outputs = encoder_outputs(self.config, self._source)
        outputs = outputs or {"encoder": str(folder / "encoder.safetensors")}
        return run_job(PRETRAIN, self.config, outputs, progress, self._settings, **self._parts)

    def _train(self, config: Config, progress: Progress) -> dict[str, Any]:
        outputs = training_outputs(config, self._source)
        if self._parts and "model" in outputs:  # nobody else has the graph to predict on
            outputs["graph"] = outputs["model"].replace("_model.", "_graph.")
        return run_job(TRAIN, config, outputs, progress, self._settings, **self._parts)


def named(config: Config) -> Config:
    """The options with a city, where a target alone says which."""
    return dataclasses.replace(config, data=with_city(config.data))


def training_outputs(config: Config, graph: str | Path = "") -> dict[str, str]:
    """Where training writes: files in the folders of `output`, which are made.

    They are named after the city, or else the graph file, and the task.
    """
    output = config.output
    name = _file_name("_".join(filter(None, (_name(config, graph), config.data.task))))
    files = {
        "model": (output.model_dir, f"{name}_model.safetensors"),
        "report": (output.log_dir, f"{name}_report.html"),
        "report_json": (output.log_dir, f"{name}_report.json"),
        "history": (output.log_dir, f"{name}_history.csv"),
        "plots": (output.plot_dir, name),
    }
    return {key: _file_in(folder, file) for key, (folder, file) in files.items() if folder}


def encoder_outputs(config: Config, graph: str | Path = "") -> dict[str, str]:
    """Where pretraining writes, if models are written; see `training_outputs`."""
    folder = config.output.model_dir
    name = _file_name(_name(config, graph))
    return {"encoder": _file_in(folder, f"{name}_encoder.safetensors")} if folder else {}


def make_folder(folder: str | Path) -> Path:
    """The folder, made where it is missing.

    Raises
    ------
    OutputError
        If it cannot be made.
    """
    path = Path(folder).expanduser().absolute()
    try:
        path.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise OutputError(
            tr("The folder '{folder}' cannot be made: {reason}.").format(
                folder=path, reason=error.strerror
            )
        ) from error
    return path


def _name(config: Config, graph: str | Path) -> str:
    return Path(graph).stem if graph else Path(config.data.city).name


def _file_name(text: str) -> str:
    """A text as the name of a file in a folder, and of nothing outside it."""
    return _UNFIT.sub("_", text).strip(" .") or "unnamed"


def _file_in(folder: str, name: str) -> str:
    return str(make_folder(folder) / name)
