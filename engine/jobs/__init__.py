"""The one door of the engine: a request in, a result out; a module a job, by its name."""

from __future__ import annotations

import contextlib
import dataclasses
import importlib
import time
from collections.abc import Iterable, Iterator
from pathlib import Path

from ..config.loader import merge, read_values
from ..config.schema import SECTIONS, Config, make_config
from ..files import OutputSet
from ..language import language_of, speaking
from ..names import INTERPOLATE, TRAIN
from ..progress import InPython, Progress
from .inputfiles import folder_names, input_files
from .layers import check_outputs
from .request import Request, Result, check_request


def run(
    request: Request,
    progress: Progress | None = None,
    settings: Iterable[str | Path | None] = (),
) -> Result:
    """Run the job of a request.

    Parameters
    ----------
    request : mapping
        Job, version, inputs, options and outputs; the table in `request` lists the keys.
    progress : Progress, optional
        Receives progress and messages.
    settings : iterable of path, optional
        Files that the request was made from. As with inputs, no output may replace them.

    Returns
    -------
    dict
        Numbers, strings and the path of each output.

    Raises
    ------
    GeoHGError
        If the job fails; nothing was written. The message is one sentence.
    """
    with speaking(language_of(request)):
        request = check_request(request)
        settings = [*settings, request.get("config_file")]
        request = _with_settings(request)
        inputs = input_files(request, settings)
        config = make_config({name: request[name] for name in SECTIONS if name in request})
    with speaking(config.output.language):
        return _run(request, config, inputs, progress or InPython())


def _run(request: Request, config: Config, inputs: set[Path], progress: Progress) -> Result:
    started, job = time.perf_counter(), request["job"]
    with OutputSet(request.get("outputs", {}), folder_names(request), inputs) as outputs:
        # What is trained on a graph of several targets is one of them.
        targets = request["points"]["targets"] if job == INTERPOLATE else ()
        check_outputs(outputs, config, job in (INTERPOLATE, TRAIN), targets)
        if not outputs.wants("simulations"):
            how = dataclasses.replace(config.uncertainty, simulations_count=0)
            config = dataclasses.replace(config, uncertainty=how)
        with _threads(config.training.threads):
            module = importlib.import_module(f".{job}", __name__)
            result: Result = module.run(request, config, outputs, progress)
        progress.check_cancelled()
        outputs.commit()
    seconds = round(time.perf_counter() - started, 3)
    return {**result, "SECONDS": seconds, **outputs.staged()}


def _with_settings(request: Request) -> Request:
    """The request with the options of its `config_file` put under its own."""
    if "config_file" not in request:
        return request
    given = {name: request[name] for name in SECTIONS if name in request}
    parts = {name: part for name, part in request.items() if name != "config_file"}
    return {**parts, **merge(read_values(request["config_file"]), given)}


@contextlib.contextmanager
def _threads(count: int) -> Iterator[None]:
    """Compute in `count` threads, or as many as PyTorch takes; later jobs are not bound."""
    if not count:
        yield
        return
    import torch

    before = torch.get_num_threads()
    torch.set_num_threads(count)
    try:
        yield
    finally:
        torch.set_num_threads(before)
