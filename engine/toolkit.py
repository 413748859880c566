"""The paths and names of the toolkit of the paper, and the modules that have them here.

`geohg.data.builders.graph` is a module with the names of `geohg.engine.data.builders.graph`:
the same objects, so that no class exists twice. It is made when it is first imported, and only
then is anything of the engine loaded.
"""

from __future__ import annotations

import importlib
import sys
from collections.abc import Sequence
from importlib.abc import Loader, MetaPathFinder
from importlib.machinery import ModuleSpec
from types import ModuleType

MODULES: dict[str, tuple[str, ...]] = {
    "cli": (),
    "cli.build": ("cli.graphs",),
    "cli.evaluate": ("cli.learning",),
    "cli.interpolate": ("cli.graphs",),
    "cli.main": ("cli.main",),
    "cli.pretrain": ("cli.learning",),
    "cli.run": ("cli.main",),
    "cli.train": ("cli.learning",),
    "config": ("config.schema", "config.loader"),
    "data": (),
    "data.builders": (),
    "data.builders.adjacency": ("data.builders.adjacency",),
    "data.builders.features": ("data.builders.features",),
    "data.builders.graph": ("data.builders.graph",),
    "data.builders.grid": ("data.builders.grid",),
    "data.legacy": ("data.sources.city", "assembly.cities"),
    "data.sources": (),
    "data.sources.base": ("data.builders.graph", "data.sources.base"),
    "data.sources.custom_landcover": ("data.sources.custom_landcover",),
    "data.sources.esa_worldcover": ("data.builders.esa_worldcover", "assembly.worldcover"),
    "data.sources.poi": ("data.sources.poi",),
    "data.sources.user_data": ("assembly.userdata",),
    "data.transforms": ("data.transforms", "data.splits"),
    "interpolator": ("interpolator",),
    "models": (),
    "models.geohg": ("models.geohg",),
    "models.gnn": ("models.gnn",),
    "models.heads": ("models.heads",),
    "models.ssl": ("training.contrastive", "models.pretrained"),
    "pipeline": ("pipeline",),
    "training": (),
    "training.callbacks": ("training.callbacks",),
    "training.evaluator": ("numerics", "validation.metrics"),
    "training.ssl_trainer": ("training.contrastive",),
    "training.trainer": ("training.supervised",),
    "utils": ("models.device", "progress"),
    "visualization": ("report.plots", "report.maps"),
}
"""A module of the toolkit below `geohg`: the modules of the engine whose names it has."""

NAMES: dict[str, dict[str, str]] = {
    "data.transforms": {"TargetNormalizer": "TargetTransform"},
    "models.geohg": {"GeoHGModel": "GeoHGNetwork"},
    "models.gnn": {"GNNEncoder": "GraphEncoder"},
    "models.heads": {"MLPHead": "make_head"},
    "models.ssl": {"SSLNeighborDataset": "find_partners"},
    "training.callbacks": {"ModelCheckpoint": "EarlyStopping"},
}
"""A name of the toolkit in one of its modules: what it is called here."""


class Finder(MetaPathFinder, Loader):
    """Finds the toolkit's modules in a package, for the import statement.

    Parameters
    ----------
    package : str
        The import name of GeoHG.
    """

    def __init__(self, package: str) -> None:
        self.toolkit_of = package

    def find_spec(
        self, name: str, path: Sequence[str] | None = None, target: ModuleType | None = None
    ) -> ModuleSpec | None:
        """As the import system asks; None for what is no module of the toolkit."""
        package, _, own = name.partition(".")
        if package != self.toolkit_of or own not in MODULES:
            return None
        inner = any(other.startswith(f"{own}.") for other in MODULES)
        return ModuleSpec(name, self, origin="the toolkit's name", is_package=inner)

    def create_module(self, spec: ModuleSpec) -> None:
        """Leave it to the import system."""

    def exec_module(self, module: ModuleType) -> None:
        """Give the module the names of those that it stands for, but for modules."""
        own = module.__name__.partition(".")[2]
        for place in MODULES[own]:
            source = importlib.import_module(f"{self.toolkit_of}.engine.{place}")
            for name, value in vars(source).items():
                if not name.startswith("_") and not isinstance(value, ModuleType):
                    setattr(module, name, value)
        for name, here in NAMES.get(own, {}).items():
            setattr(module, name, getattr(module, here))


def install(package: str) -> None:
    """Let a package have the toolkit's modules; once, however often it is loaded."""
    found = [one for one in sys.meta_path if getattr(one, "toolkit_of", None) != package]
    # In front: a folder of data beside the engine is no module.
    sys.meta_path[:] = [Finder(package), *found]
