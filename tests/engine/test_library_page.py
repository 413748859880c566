"""The calls of docs/library.md, run as they stand there."""

import re
import runpy
from pathlib import Path

import numpy as np
import pytest
import sklearn
from sklearn.utils.estimator_checks import estimator_checks_generator

import geohg

from .conftest import write_thin_sample

PAGE = (Path(__file__).resolve().parents[2] / "docs" / "library.md").read_text(encoding="utf-8")


def test_the_tutorial_runs(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    # The page takes the sample that lies beside the package.
    monkeypatch.setattr(geohg, "__file__", str(tmp_path / "__init__.py"))
    write_thin_sample(tmp_path / "resources" / "sample", 3)
    blocks = re.findall(r"^```python\n(.*?)^```$", PAGE, re.DOTALL | re.MULTILINE)
    script = tmp_path / "page.py"
    script.write_text("\n".join(blocks), encoding="utf-8")
    names = runpy.run_path(str(script))
    assert len(blocks) == 8 and names["result"].metrics["r2"] > 0.8
    np.testing.assert_array_equal(names["again"].predict().std, names["result"].std)
    assert np.isfinite(names["mean"]).all() and names["scores"].min() > 0.3
    common, rare = names["both"].runs_.values()
    assert not common.informed_by and len(rare.informed_by) == 1
    assert names["half"].graph_.hypernodes["side"].names == ("north", "south")
    assert names["ground"].graph_.feature_names == ("height", "height sd")
    assert [*names["classifier"].classes_] == ["high", "low"]
    assert (tmp_path / "report.html").stat().st_size > 10_000


@pytest.mark.filterwarnings("ignore")
def test_the_checks_that_do_not_apply_are_those_that_fail():
    section = PAGE.split("## With scikit-learn")[1].split("\n## ")[0]
    call = 'GeoHGInterpolator(resolution=None, masked_ratio=0, crs="EPSG:3857")'
    ((version, passing),) = re.findall(
        rf"scikit-learn (\S+)'s `check_estimator\({re.escape(call)}\)`, (\d+) checks pass", section
    )
    if not sklearn.__version__.startswith(version):
        pytest.skip(f"the page tells of scikit-learn {version}")
    estimator = geohg.GeoHGInterpolator(resolution=None, masked_ratio=0, crs="EPSG:3857")
    checks = [
        (check.func.__name__, check, copy) for copy, check in estimator_checks_generator(estimator)
    ]
    named = re.findall(r"`(check_\w+)`", section.split("do not apply")[1])
    assert len(checks) == int(passing) + len(named)
    for name in named:
        ((check, copy),) = [(check, copy) for other, check, copy in checks if other == name]
        with pytest.raises((AssertionError, geohg.InputError)):
            check(copy)
