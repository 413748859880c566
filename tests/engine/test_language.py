"""Each job speaks its own language, whatever others do in the same process."""

import ast
import json
import re
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
import pytest
from click.testing import CliRunner

import geohg.engine as engine
from geohg.engine.cli.main import main
from geohg.engine.data.builders.features import count_classes
from geohg.engine.data.builders.grid import Grid
from geohg.engine.data.sources.landcover import open_landcover
from geohg.engine.errors import InputError
from geohg.engine.jobs import run
from geohg.engine.language import language, speaking
from geohg.engine.progress import Silent
from geohg.engine.report.names import name_of

from .conftest import CELL, CRS, LEFT, TOP, Recorder, write_raster

CHINESE = re.compile("[\u4e00-\u9fff]")
HEADING = {"en": "Accuracy on held-out cells", "zh": "精度"}


def report_of(landscape, folder, spoken):
    """The page, the JSON and what was said of a job that speaks a language."""
    paths = {
        "report": str(folder / f"{spoken}.html"),
        "report_json": str(folder / f"{spoken}.json"),
    }
    listener = Recorder()
    grid = {**landscape.request()["grid"], "cell_size": 3 * CELL}
    run(landscape.request(output={"language": spoken}, outputs=paths, grid=grid), listener)
    page = Path(paths["report"]).read_text(encoding="utf-8")
    summary = json.loads(Path(paths["report_json"]).read_text(encoding="utf-8"))
    return page, summary, listener.messages + listener.lines


def test_jobs_at_once_speak_each_its_own_language(landscape, tmp_path):
    with ThreadPoolExecutor(2) as pool:
        jobs = {
            spoken: pool.submit(report_of, landscape, tmp_path, spoken) for spoken in ("en", "zh")
        }
    for spoken, job in jobs.items():
        page, summary, messages = job.result()
        assert f'<html lang="{spoken}">' in page
        assert HEADING[spoken] in page
        assert "GeoHG" in summary["verdict"]
        for text in (summary["verdict"], *messages):
            assert bool(CHINESE.search(text)) == (spoken == "zh"), text
    english, chinese = (job.result()[1] for job in jobs.values())
    assert list(english["seconds"]) == list(chinese["seconds"])
    assert english["accuracy"] == chinese["accuracy"]
    assert language() == "en"


def test_a_refused_request_is_refused_in_its_language(landscape):
    with pytest.raises(InputError, match="'weather' is not a part of this"):
        run({**landscape.request(), "weather": 1})
    with pytest.raises(InputError, match="“weather”") as caught:
        run({**landscape.request(output={"language": "zh"}), "weather": 1})
    assert CHINESE.search(str(caught.value))
    assert language() == "en"


@pytest.mark.parametrize("wrong", ["fr", ["zh"], None])
def test_an_unknown_language_is_refused_in_english(landscape, wrong):
    with pytest.raises(InputError, match="'output.language' must be"):
        run(landscape.request(output={"language": wrong}))


def test_a_settings_file_chooses_the_language(landscape, tmp_path):
    settings = tmp_path / "settings.yaml"
    settings.write_text("output:\n  language: zh\n", encoding="utf-8")
    points = {**landscape.request()["points"], "targets": ["depth"]}
    with pytest.raises(InputError) as caught:
        run(landscape.request(points=points, config_file=str(settings)))
    assert CHINESE.search(str(caught.value))


def test_threads_that_read_rasters_speak_the_language_of_the_job(tmp_path):
    values = np.full((2000, 2000), 10.0, dtype=np.float32)
    values[0, 0] = 0.5  # not where the raster is looked at before it is read
    tiles = open_landcover([(write_raster(tmp_path / "broken.tif", values), 1)])
    grid = Grid(CRS, LEFT, TOP, CELL, CELL, 200, 200)
    with speaking("zh"), pytest.raises(InputError) as caught:
        count_classes(tiles, grid, Silent())
    assert CHINESE.search(str(caught.value))


def test_the_command_line_chooses_the_language():
    arguments = ["train", "--city", "sample", "--task", "depth", "--language", "zh"]
    done = CliRunner().invoke(main, arguments)
    assert done.exit_code == 2
    assert re.search("“depth”.*value", done.stderr)
    assert CHINESE.search(done.stderr)


def stages():
    """Every name of a stage that the engine notes."""
    for path in sorted(Path(engine.__file__).parent.rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and ast.unparse(node.func) in ("run.stage", "run_.stage"):
                yield ast.literal_eval(node.args[0])


def test_every_stage_has_a_name_in_each_language():
    found = set(stages())
    assert "fit to all observed cells" in found
    for stage in found:
        assert not CHINESE.search(name_of(stage)), stage
        with speaking("zh"):
            assert CHINESE.search(name_of(stage)), stage
