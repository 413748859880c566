"""The toolkit's paths and names lead to the engine's own objects."""

from __future__ import annotations

import importlib
import importlib.util
import json
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

import geohg
from geohg.engine import toolkit
from geohg.engine.data.builders.graph import GraphRawData
from geohg.engine.errors import InputError

ROOT = Path(__file__).resolve().parents[2]
LEVEL = (
    "geohg.cli geohg.config geohg.data geohg.data.builders geohg.data.sources geohg.models "
    "geohg.training geohg.utils geohg.visualization"
)
# What the toolkit's page says of each module, and the object that it is here.
PROMISED = {
    "geohg.cli.build": ("build_graph", "cli.graphs"),
    "geohg.cli.evaluate": ("evaluate", "cli.learning"),
    "geohg.cli.interpolate": ("interpolate", "cli.graphs"),
    "geohg.cli.main": ("main", "cli.main"),
    "geohg.cli.pretrain": ("pretrain", "cli.learning"),
    "geohg.cli.run": ("run", "cli.main"),
    "geohg.cli.train": ("train", "cli.learning"),
    "geohg.config": ("Config load_config", "config.loader"),
    "geohg.data.builders.adjacency": ("queen_edges", "data.builders.adjacency"),
    "geohg.data.builders.features": ("count_classes", "data.builders.features"),
    "geohg.data.builders.graph": ("HeteroGraphBuilder GraphRawData", "data.builders.graph"),
    "geohg.data.builders.grid": ("Grid", "data.builders.grid"),
    "geohg.data.legacy": ("load_city read_city", "assembly.cities"),
    "geohg.data.sources.base": ("LandCoverSource GraphRawData", "data.sources.base"),
    "geohg.data.sources.custom_landcover": (
        "CustomLandCoverSource",
        "data.sources.custom_landcover",
    ),
    "geohg.data.sources.esa_worldcover": ("ESAWorldCoverSource", "assembly.worldcover"),
    "geohg.data.sources.poi": ("count_pois", "data.sources.poi"),
    "geohg.data.sources.user_data": ("UserDataSource", "assembly.userdata"),
    "geohg.data.transforms": ("TargetTransform", "data.transforms"),
    "geohg.interpolator": ("GeoHGInterpolator", "interpolator"),
    "geohg.models.geohg": ("GeoHGNetwork", "models.geohg"),
    "geohg.models.gnn": ("GraphEncoder", "models.gnn"),
    "geohg.models.heads": ("make_head", "models.heads"),
    "geohg.models.ssl": ("contrastive_loss find_partners", "training.contrastive"),
    "geohg.pipeline": ("GeoHGPipeline", "pipeline"),
    "geohg.training.callbacks": ("EarlyStopping", "training.callbacks"),
    "geohg.training.evaluator": ("metrics", "numerics"),
    "geohg.training.ssl_trainer": ("train_encoder", "training.contrastive"),
    "geohg.training.trainer": ("train", "training.supervised"),
    "geohg.utils": ("choose_device", "models.device"),
    "geohg.visualization": ("training_curve", "report.plots"),
}
RENAMED = (
    ("geohg.data.transforms", "TargetNormalizer", "TargetTransform"),
    ("geohg.models.geohg", "GeoHGModel", "GeoHGNetwork"),
    ("geohg.models.gnn", "GNNEncoder", "GraphEncoder"),
    ("geohg.models.heads", "MLPHead", "make_head"),
    ("geohg.models.ssl", "SSLNeighborDataset", "find_partners"),
    ("geohg.training.callbacks", "ModelCheckpoint", "EarlyStopping"),
)


def test_the_table_has_the_toolkits_tree_and_nothing_else() -> None:
    known = {f"geohg.{path}" for path in toolkit.MODULES}
    assert known == {*PROMISED, *LEVEL.split()}
    given = {
        (f"geohg.{path}", *one) for path, names in toolkit.NAMES.items() for one in names.items()
    }
    assert given == {*RENAMED}


@pytest.mark.parametrize("path", PROMISED)
def test_a_module_of_the_toolkit_holds_the_engines_objects(path: str) -> None:
    names, place = PROMISED[path]
    module = importlib.import_module(path)
    engine = importlib.import_module(f"geohg.engine.{place}")
    for name in names.split():
        assert getattr(module, name) is getattr(engine, name)


@pytest.mark.parametrize(("path", "name", "here"), RENAMED)
def test_a_name_of_the_toolkit_is_an_object_of_the_engine(path: str, name: str, here: str) -> None:
    module = importlib.import_module(path)
    (place, *_) = toolkit.MODULES[path.removeprefix("geohg.")]
    assert getattr(module, name) is vars(importlib.import_module(f"geohg.engine.{place}"))[here]


def test_the_import_statement_takes_the_toolkits_lines() -> None:
    import geohg.data.builders.graph as graph
    from geohg.data.sources.custom_landcover import CustomLandCoverSource
    from geohg.models import geohg as network

    assert CustomLandCoverSource is geohg.CustomLandCoverSource
    assert graph.HeteroGraphBuilder is geohg.HeteroGraphBuilder
    assert network.GeoHGModel.__module__ == "geohg.engine.models.geohg"


@pytest.mark.parametrize(
    "path", ["geohg.data.nothing", "geohg.data.splits", "geohg.models.kernel", "geohg.graphs"]
)
def test_what_the_toolkit_has_not_is_no_module(path: str) -> None:
    # Not even a module of the engine: it would exist twice.
    with pytest.raises(ModuleNotFoundError):
        importlib.import_module(path)


def test_a_package_is_told_from_a_module() -> None:
    assert hasattr(importlib.import_module("geohg.data.sources"), "__path__")
    assert not hasattr(importlib.import_module("geohg.data.transforms"), "__path__")


def test_loaded_twice_the_package_has_one_finder() -> None:
    before = list(sys.meta_path)
    toolkit.install("geohg")
    found = [one for one in sys.meta_path if getattr(one, "toolkit_of", "") == "geohg"]
    assert len(found) == 1 and len(sys.meta_path) == len(before)
    assert found[0].find_spec("other.data") is None and found[0].find_spec("geohg.engine") is None


def _ask(code: str) -> object:
    """What code prints as JSON in a fresh Python that knows the checkout as `geohg`."""
    first = f"import json, sys; sys.path.insert(0, {str(ROOT / 'tests')!r}); import conftest;"
    done = subprocess.run(
        [sys.executable, "-c", first + code], capture_output=True, text=True, check=True
    )
    return json.loads(done.stdout)


def test_the_finder_loads_nothing_before_it_is_asked() -> None:
    loaded = _ask(
        "import geohg; from geohg.config import load_config; import geohg.data, geohg.models;"
        "print(json.dumps(sorted(sys.modules)))"
    )
    assert not {"torch", "numpy", "geohg.engine.data", "geohg.engine.models"} & {*loaded}


def test_a_folder_of_data_beside_the_engine_is_no_module(tmp_path: Path) -> None:
    (tmp_path / "data" / "Hyper_Graph").mkdir(parents=True)
    (tmp_path / "data" / "__init__.py").write_text("raise RuntimeError")
    found = _ask(
        f"import geohg; geohg.__path__.insert(0, {str(tmp_path)!r});"
        "from geohg.data.builders.grid import Grid; print(json.dumps(Grid.__module__))"
    )
    assert found == "geohg.engine.data.builders.grid"


def test_a_graph_is_made_of_arrays() -> None:
    from geohg.data.sources.base import LandCoverSource
    from geohg.data.sources.user_data import UserDataSource

    # Twelve points in a line of cells, and one more in the first of them.
    lon = 113.005 + 0.01 * np.array([*range(12), 0])
    coords, values = np.column_stack([lon, np.full(13, 23.005)]), np.arange(13.0)
    source = UserDataSource(coords, values[:, None], values, resolution=0.01)
    graph = source.load()
    assert isinstance(source, LandCoverSource) and isinstance(graph, GraphRawData)
    (target,) = graph.targets.values()
    assert sorted(target[np.isfinite(target)]) == [*range(1, 6), 6, 6, *range(7, 12)]


def test_arrays_that_do_not_fit_are_refused() -> None:
    from geohg.data.sources.user_data import UserDataSource

    with pytest.raises(InputError, match="coords"):
        UserDataSource([[113.0, 23.0]], None, [1.0, 2.0]).load()


def test_a_source_of_ones_own_and_those_of_the_engine_are_sources(tmp_path: Path) -> None:
    from geohg.data.sources.base import LandCoverSource

    class Mine(LandCoverSource):
        def load(self) -> GraphRawData:
            raise NotImplementedError

    assert isinstance(Mine(), LandCoverSource) and not isinstance(object(), LandCoverSource)
    assert isinstance(geohg.ESAWorldCoverSource(tmp_path / "none.tif", 0.01), LandCoverSource)


def test_the_pages_tables_are_those_of_the_code() -> None:
    place = ROOT / "docs" / "site" / "reference.py"
    spec = importlib.util.spec_from_file_location("reference", place)
    reference = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(reference)
    text = reference.PAGE.read_text(encoding="utf-8")
    assert reference.page() == text, "run `make pages`"
    # What stands below the last table is for the site alone.
    read, hidden = text.split("<!-- :::")
    assert ":::" not in read and hidden.rstrip().endswith("-->")
    missing = [name for name in geohg.__all__ if name[0] != "_" and f"| `{name}` |" not in read]
    assert missing == []
