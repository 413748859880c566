"""The calls of docs/library.md, run as they stand there."""

import re
import runpy
from pathlib import Path

import numpy as np

PAGE = (Path(__file__).resolve().parents[2] / "docs" / "library.md").read_text(encoding="utf-8")


def test_the_tutorial_runs(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    blocks = re.findall(r"^```python\n(.*?)^```$", PAGE, re.DOTALL | re.MULTILINE)
    script = tmp_path / "page.py"
    script.write_text("\n".join(blocks), encoding="utf-8")
    names = runpy.run_path(str(script))
    assert len(blocks) == 6 and names["result"].metrics["r2"] > 0.8
    np.testing.assert_array_equal(names["again"].predict().std, names["result"].std)
    assert np.isfinite(names["mean"]).all() and names["scores"].min() > 0.3
    common, rare = names["both"].runs_.values()
    assert not common.informed_by and len(rare.informed_by) == 1
    assert names["half"].graph_.hypernodes["side"].names == ("north", "south")
    assert (tmp_path / "report.html").stat().st_size > 10_000
