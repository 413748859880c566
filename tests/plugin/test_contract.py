"""What every algorithm of the provider must be."""

from __future__ import annotations

import ast
import dataclasses
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from qgis.core import (
    QgsProcessingAlgorithm,
    QgsProcessingContext,
    QgsProcessingDestinationParameter,
    QgsProcessingParameterDefinition,
    QgsProcessingParameterEnum,
)

from geohg.engine.config.schema import Config
from geohg.geohg_plugin.algorithms.inputs.option_texts import texts
from geohg.geohg_plugin.algorithms.inputs.options import parameter_key
from geohg.geohg_plugin.algorithms.job import JobAlgorithm
from geohg.geohg_plugin.provider import ALGORITHMS

ROOT = Path(__file__).resolve().parents[2]
RUNTIME = "geohg.geohg_plugin.runtime"
# Options that no dialog of interpolation shows: how a city's files and an encoder are read.
HIDDEN = {
    "data": {"strict_reference", "covariates"},
    "model": {"freeze_gnn"},
    "training": set(),
    "ssl": set(),
    "uncertainty": set(),
    "execution": set(),
}
# Texts that are free and have a parameter.
NAMED = {"scheduler", "resume"}
IDS = [
    "buildgraph",
    "check",
    "classify",
    "compare",
    "diagnostics",
    "evaluate",
    "importcity",
    "interpolate",
    "predict",
    "pretrain",
    "setupengine",
    "summarise",
    "train",
]


@pytest.fixture(params=IDS)
def algorithm(request: pytest.FixtureRequest, provider: Any) -> QgsProcessingAlgorithm:
    """Each algorithm in turn."""
    return provider.algorithm(request.param)


def test_provider_has_the_algorithms_of_the_design(provider: Any) -> None:
    assert provider.id() == "geohg"
    parts: dict[str, list[str]] = {}
    for algorithm in provider.algorithms():
        parts.setdefault(algorithm.group(), []).append(algorithm.name())
    examples = parts.pop("Examples")
    assert sorted(parts) == ["1. Map", "2. In steps", "3. Engine"] and len(examples) == 5
    assert sorted(name for names in parts.values() for name in names) == IDS
    assert {"check", "interpolate", "classify", "compare"} <= {*parts["1. Map"]}
    assert {*parts["3. Engine"]} == {"setupengine", "diagnostics"}
    assert not provider.icon().isNull()


def test_texts_and_icon(algorithm: QgsProcessingAlgorithm) -> None:
    assert re.fullmatch(r"[a-z0-9]+", algorithm.name())
    assert algorithm.id() == f"geohg:{algorithm.name()}"
    for text in (algorithm.displayName(), algorithm.shortDescription()):
        assert text and text[0].isupper()
    assert len(algorithm.shortHelpString()) > 80
    assert len(algorithm.tags()) >= 3
    assert Path(algorithm.svgIconPath()).is_file()
    assert not algorithm.icon().pixmap(24, 24).isNull()


def test_every_parameter_has_a_stable_name_and_help(algorithm: QgsProcessingAlgorithm) -> None:
    for parameter in algorithm.parameterDefinitions():
        assert re.fullmatch(r"[A-Z][A-Z0-9_]*", parameter.name())
        assert parameter.description()
        assert parameter.help().endswith("."), parameter.name()
        if isinstance(parameter, QgsProcessingParameterEnum):
            assert parameter.usesStaticStrings()


def test_outputs_are_declared(algorithm: QgsProcessingAlgorithm) -> None:
    outputs = {output.name(): output.type() for output in algorithm.outputDefinitions()}
    destinations = {
        parameter.name()
        for parameter in algorithm.parameterDefinitions()
        if isinstance(parameter, QgsProcessingDestinationParameter)
    }
    assert destinations <= set(outputs)
    if isinstance(algorithm, JobAlgorithm):
        assert set(algorithm.outputs) == destinations
    assert outputs["SECONDS"] == "outputNumber"
    if "REPORT" in outputs:
        assert outputs["REPORT"] == "outputHtml"
        names = {
            "check": "POINTS DUPLICATES SKEWNESS RANGE CELLS OBSERVED RUN_SECONDS",
            "classify": "ACCURACY KAPPA LOG_LOSS NEAREST_KAPPA FOREST_KAPPA CELLS OBSERVED",
        }.get(
            algorithm.name(),
            "R2 RMSE MAE IDW_R2 IDW_RMSE IDW_MAE KRIGING_RMSE TEST_CELLS CELLS OBSERVED",
        )
        for name in names.split():
            assert outputs[name] == "outputNumber"


def test_create_instance_gives_another_of_its_kind(algorithm: QgsProcessingAlgorithm) -> None:
    other = algorithm.create()
    assert other is not algorithm
    assert other.name() == algorithm.name()
    names = [parameter.name() for parameter in algorithm.parameterDefinitions()]
    assert [parameter.name() for parameter in other.parameterDefinitions()] == names


def test_values_survive_the_way_through_python_commands(
    algorithm: QgsProcessingAlgorithm,
) -> None:
    definitions = algorithm.parameterDefinitions()
    given = {p.name(): p.defaultValue() for p in definitions if p.defaultValue() is not None}
    given[definitions[-1].name()] = "/a folder/résumé 'x'.json"
    command = ast.parse(algorithm.asPythonCommand(given, QgsProcessingContext()), mode="eval")
    name, parameters = (ast.literal_eval(argument) for argument in command.body.args)
    assert name == algorithm.id()
    assert parameters == given


def test_options_are_the_engine_s_own(provider: Any) -> None:
    shown = {
        name: {p.name(): p for p in provider.algorithm(name).parameterDefinitions()}
        for name in ("interpolate", "pretrain", "summarise")
    }
    shown["interpolate"] = {**shown["summarise"], **shown["interpolate"]}
    defaults = Config()
    for section, hidden in HIDDEN.items():
        options = {o.name: o for o in dataclasses.fields(getattr(defaults, section))}
        # Texts that are free are names and paths, for which dialogs have parameters of their own.
        free = {n for n, o in options.items() if o.default != "" or n in NAMED} - hidden
        assert set(texts()[section]) == free, "label and help belong in option_texts.py"
        definitions = shown["pretrain" if section == "ssl" else "interpolate"]
        for name in free:
            _check_option(definitions[parameter_key(name)], options[name])


def _check_option(parameter: QgsProcessingParameterDefinition, option: Any) -> None:
    default, choices = option.default, option.metadata["choices"]
    if default == "":
        assert not parameter.defaultValue()
        return
    if isinstance(default, tuple):
        assert parameter.defaultValue() == ",".join(map(str, default))
        return
    assert parameter.defaultValue() == default
    if choices:
        assert parameter.options() == list(choices)
    elif not isinstance(default, bool):
        assert parameter.minimum() == option.metadata["low"]
        assert parameter.maximum() == option.metadata["high"]


def test_loading_is_light() -> None:
    """Neither the package nor the provider loads what belongs to the engine, or to a run."""
    code = f"""
import os, sys
sys.path.insert(0, {str(ROOT / "tests")!r})
import conftest, geohg
assert not [name for name in sys.modules if name.split(".")[0] in ("qgis", "torch", "numpy")]
from qgis.core import QgsApplication
application = QgsApplication([], False)
application.initQgis()
sys.path.append(os.path.join(QgsApplication.pkgDataPath(), "python", "plugins"))
before = set(sys.modules)
plugin = geohg.classFactory(None)
for again in (False, True):
    plugin.initGui()
    assert len(plugin.provider.algorithms()) == {len(ALGORITHMS)}
    if not again:
        loaded = sorted(set(sys.modules) - before)
    plugin.unload()
print(loaded)
"""
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    loaded = ast.literal_eval(done.stdout.splitlines()[-1])
    heavy = "matplotlib numpy osgeo pandas pyproj rasterio scipy sklearn subprocess torch xml yaml"
    assert not set(loaded) & set(heavy.split())
    runtime = {name[len(RUNTIME) + 1 :] for name in loaded if name.startswith(f"{RUNTIME}.")}
    assert runtime == {"engine", "failures", "folders", "recipe"}


def test_public_names_are_found_and_others_refused() -> None:
    import geohg

    assert "run_job" in dir(geohg)
    with pytest.raises(AttributeError, match="no attribute 'nonsense'"):
        geohg.nonsense  # noqa: B018
