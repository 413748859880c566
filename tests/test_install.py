"""What an installed distribution is: the import name, the command, and every file they need.

The environment is empty but for a line that lets it see the packages of the running one, so
that nothing is downloaded.
"""

from __future__ import annotations

import html
import json
import os
import re
import shlex
import site
import subprocess
import sysconfig
import venv
from pathlib import Path
from typing import Any

import pyogrio
import pytest
from click.testing import CliRunner

import geohg
from geohg.engine.cli.main import main

ROOT = Path(__file__).parent.parent
NEEDS_QGIS = {"submit"}


@pytest.fixture(scope="module")
def installed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of programs of an environment in which the project was installed."""
    folder = tmp_path_factory.mktemp("install")
    # Building leaves folders behind, so it happens in a copy of what git knows.
    copy = folder / "source"
    listed = subprocess.run(
        ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
        cwd=ROOT,
        capture_output=True,
        check=True,
    ).stdout
    for name in filter(None, listed.decode().split("\0")):
        if (ROOT / name).is_file():
            (copy / name).parent.mkdir(parents=True, exist_ok=True)
            (copy / name).write_bytes((ROOT / name).read_bytes())
    venv.create(folder / "venv", with_pip=False)
    library = sysconfig.get_path("purelib", vars={"base": str(folder / "venv")})
    Path(library, "others.pth").write_text("\n".join(site.getsitepackages()) + "\n")
    program = folder / "venv" / ("Scripts" if os.name == "nt" else "bin")
    pip = [program / "python", "-m", "pip", "install", "--no-deps", "--no-build-isolation"]
    options = ["--no-index", "--disable-pip-version-check", "--quiet"]
    subprocess.run([*pip, *options, str(copy)], check=True, cwd=folder, env=_environment())
    return program


def _environment() -> dict[str, str]:
    return {name: value for name, value in os.environ.items() if not name.startswith("PYTHON")}


# One process answers for all tests of the import: it takes seconds to load everything.
ASKED = """
import json, sys
import geohg

names, paths = json.loads(sys.argv[1])
said = {"path": geohg.__file__, "names": dir(geohg), "light": list(sys.modules)}
from geohg.data.sources.custom_landcover import CustomLandCoverSource as own
import geohg.models.geohg as model

said["toolkit"] = [own is geohg.CustomLandCoverSource, model.GeoHGModel.__module__]
said["kinds"] = [getattr(geohg, name).__class__.__name__ for name in names]
said["qgis"] = [name for name in sys.modules if name.split(".")[0] == "qgis"]
said["cities"] = [geohg.load_config(path).data.city for path in paths]
from importlib.metadata import metadata

said["extras"] = metadata("geohg").get_all("Provides-Extra")
print(json.dumps(said))
"""
EXAMPLES = sorted(path.name for path in (ROOT / "resources" / "configs").glob("*.yaml"))


@pytest.fixture(scope="module")
def said(installed: Path) -> dict[str, Any]:
    """What a program says in the environment, away from the checkout."""
    names = sorted(set(geohg.__all__) - NEEDS_QGIS)
    paths = ["configs/default.yaml", *(f"configs/examples/{name}" for name in EXAMPLES)]
    done = subprocess.run(
        [installed / "python", "-c", ASKED, json.dumps([names, paths])],
        cwd=installed,
        env=_environment(),
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


def test_import_is_light_and_lists_the_public_names(installed: Path, said: dict[str, Any]) -> None:
    assert str(installed.parent) in said["path"] and str(ROOT) not in said["path"]
    assert set(geohg.__all__) <= set(said["names"])
    assert not {"torch", "numpy", "qgis", "geohg.geohg_plugin"} & set(said["light"])


def test_every_public_name_is_there_without_qgis(said: dict[str, Any]) -> None:
    assert len(said["kinds"]) == len(set(geohg.__all__) - NEEDS_QGIS) >= 10
    assert said["qgis"] == []


def test_the_toolkits_imports_work(said: dict[str, Any]) -> None:
    assert said["toolkit"] == [True, "geohg.engine.models.geohg"]


def test_the_extras_of_the_toolkit_are_known(said: dict[str, Any]) -> None:
    assert sorted(said["extras"]) == ["cluster", "dev", "geo"]


def test_the_toolkits_settings_are_at_hand(said: dict[str, Any]) -> None:
    assert said["cities"] == ["", "GZ", "GZ", "GZ"]


def test_the_package_has_every_file_that_it_reads(said: dict[str, Any]) -> None:
    root = Path(said["path"]).parent
    wanted = ["py.typed", "engine/config/default.yaml", "engine/report/template.html"]
    wanted += [
        str(path.relative_to(ROOT))
        for pattern in (
            "i18n/*.ts",
            "resources/configs/*.yaml",
            "resources/sample/synthetic_*",
            "engine/**/*.py",
        )
        for path in ROOT.glob(pattern)
        if path.suffix != ".xml"
    ]
    wanted += [str(path.relative_to(ROOT)) for path in (ROOT / "engine").rglob("*.sha256")]
    assert [name for name in wanted if not (root / name).is_file()] == []


def test_the_command_runs(installed: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def run(*command: str) -> str:
        return subprocess.run(
            [str(installed / command[0]), *command[1:]],
            cwd=tmp_path,
            env=_environment(),
            capture_output=True,
            text=True,
            check=True,
        ).stdout

    version = f"geohg, version {geohg.__version__}\n"
    assert run("geohg", "--version") == run("python", "-m", "geohg", "-V") == version
    assert os.listdir(tmp_path) == []

    configs = json.loads(run("geohg", "configs", "--json"))
    assert sorted(configs) == ["default", "guangzhou_carbon", "no_poi", "ssl_pretrain"]
    assert all((tmp_path / path).is_file() for path in configs.values())
    points = tmp_path / "points.gpkg"  # a few of the sample's
    sample = ROOT / "resources" / "sample" / "synthetic_points.gpkg"
    meta, _, shapes, columns = pyogrio.raw.read(sample)
    kind = {"geometry_type": meta["geometry_type"], "crs": meta["crs"]}
    few = [column[::8] for column in columns]
    pyogrio.raw.write(points, shapes[::8], few, meta["fields"], **kind)
    small = (
        "--data",
        str(points),
        "--target-column",
        "value",
        "--resolution",
        "4000",
        "--no-blocks",
    )
    small = (*small, "--validation", "holdout", "--no-importance")
    found = json.loads(run("geohg", "compare", *small, "--report", "a b.html", "--json"))
    page = (tmp_path / "a b.html").read_text(encoding="utf-8")
    line = html.unescape(re.findall("<pre>(geohg run .*?)</pre>", page)[0])
    program, *arguments = shlex.split(line)
    monkeypatch.chdir(tmp_path)
    again = CliRunner().invoke(main, arguments)  # in this process: another takes seconds to load
    assert program == "geohg" and json.loads(again.stdout)["RMSE"] == found["rmse"]


def test_an_unknown_name_is_refused() -> None:
    with pytest.raises(AttributeError, match="has no attribute 'nothing'"):
        geohg.nothing  # noqa: B018


STRICT = """
import geohg
import pandas as pd

df = pd.DataFrame({"lon": [10.0], "lat": [45.0], "value": [1.0]})
interp, result = geohg.GeoHGInterpolator.from_dataframe(df, resolution=0.01)
values = result.predictions.mean()
again: geohg.GeoHGInterpolator = geohg.GeoHGInterpolator(0.01).fit(df[["lon", "lat"]], df["value"])
mean, std = again.predict([[10.0, 45.0]], return_std=True)
table = again.predict().to_dataframe()
error: geohg.GeoHGError = geohg.InputError("x")
found = geohg.run_job({"job": "buildgraph"})
reveal_type(interp)
reveal_type(result)
reveal_type(std)
"""
# The types of these libraries take mypy most of its time, and stand in none of these lines.
SKIPPED = "[mypy]\n[mypy-torch.*,torch_geometric.*,matplotlib.*]\nfollow_imports = skip\n"


def test_a_program_that_uses_the_library_passes_mypy_strict(
    installed: Path, tmp_path: Path
) -> None:
    program = tmp_path / "program.py"
    program.write_text(STRICT, encoding="utf-8")
    settings = tmp_path / "mypy.ini"
    settings.write_text(SKIPPED, encoding="utf-8")
    line = [installed / "python", "-m", "mypy", "--strict", "--cache-dir", str(ROOT / "build/mypy")]
    line += ["--config-file", str(settings)]
    stubs = ["--disable-error-code", "import-untyped"]  # pandas has its types in another package
    done = subprocess.run(
        [*line, *stubs, str(program)],
        cwd=tmp_path,
        env=_environment(),
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    kinds = [text.split('"')[1] for text in done.stdout.splitlines() if "Revealed type" in text]
    assert kinds[0].endswith("interpolator.GeoHGInterpolator")
    assert kinds[1].endswith("result.InterpolationResult")
    assert kinds[2].startswith("numpy.ndarray[")
