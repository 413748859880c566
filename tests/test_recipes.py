"""The recipe of CONTRIBUTING for a model, followed in a copy of the project."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
RECIPE = (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8")

# A model that says the mean everywhere, as one of the baselines does.
TOY = '''"""The mean, as a model that a user may choose."""

from __future__ import annotations

from typing import Any

from ..config.schema import Config
from ..data.forms import Tensors
from .baselines import Mean


class Toy(Mean):
    kind = "toy"

    @classmethod
    def of(cls, config: Config) -> Toy:
        return cls()

    @classmethod
    def check_state(cls, tensors: Tensors, header: Any, sizes: dict[str, int]) -> None:
        pass
'''
LINE = '    "toy": ModelKind("toy", "Toy", _EVERY, lambda: tr("is the mean")),\n'


@pytest.fixture(scope="module")
def copy(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The engine, and the sample."""
    folder = tmp_path_factory.mktemp("copy") / "geohg"
    no_caches = shutil.ignore_patterns("__pycache__")
    for part in ("engine", "resources", "i18n"):
        shutil.copytree(ROOT / part, folder / part, ignore=no_caches)
    shutil.copy(ROOT / "__init__.py", folder)
    return folder


def run(copy: Path, *arguments: str) -> subprocess.CompletedProcess:
    sample = copy / "resources" / "sample" / "synthetic_points.gpkg"
    line = [sys.executable, copy / "engine" / "__main__.py", "compare", "--data", sample]
    options = ("--target-column", "value", "--resolution", "2000", "--no-blocks", "--threads", "1")
    return subprocess.run(
        [*map(str, line), *options, *arguments, "--json", "--quiet"],
        capture_output=True,
        text=True,
        timeout=240,
        check=False,
    )


def test_a_model_is_one_file_and_one_line(copy: Path) -> None:
    steps = RECIPE.split("## Add a model")[1].split("\n## ")[0]
    file, table = re.findall(r"^[12]\. `([^`]+)`", steps, re.MULTILINE)
    (copy / file.replace("NAME", "toy")).write_text(TOY, encoding="utf-8")
    path = copy / table
    text = path.read_text(encoding="utf-8")
    path.write_text(text.replace("] = {\n", "] = {\n" + LINE, 1), encoding="utf-8")
    done = run(copy, "--kind", "toy")
    assert done.returncode == 0, done.stderr
    found = json.loads(done.stdout)
    assert found["rmse"] == pytest.approx(found["mean_rmse"]) and found["idw_rmse"] < found["rmse"]


def test_a_model_without_its_line_is_refused(copy: Path) -> None:
    done = run(copy, "--kind", "forest")
    assert done.returncode == 2 and "'forest' is not one of" in done.stderr
