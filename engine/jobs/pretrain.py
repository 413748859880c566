"""The job that pretrains an encoder."""

from __future__ import annotations

from ..config.schema import Config
from ..files import OutputSet
from ..progress import Part, Progress
from ..validation.run import versions
from .reading import read_graph_of
from .request import Request, Result


def run(request: Request, config: Config, outputs: OutputSet, progress: Progress) -> Result:
    """Pretrain an encoder without any measured value; see `jobs.run`."""
    from ..models.pretrained import pretrain as pretrain_encoder
    from ..models.pretrained import save_encoder

    graph = read_graph_of(request, config, Part(progress, 0.0, 0.1))
    pretrained = pretrain_encoder(graph, config, Part(progress, 0.1, 1.0))
    if outputs.wants("encoder"):
        details = {"versions": versions()}
        save_encoder(outputs.stage("encoder"), pretrained, graph, details)
    losses = pretrained.losses
    return {"CELLS": len(graph.cell), "EPOCHS": len(losses), "LOSS": losses[-1]}
