"""Rows of the toolkit's page: its lines for a terminal."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from click.testing import CliRunner

import geohg
from geohg.cli.main import main
from geohg.engine.data import store

from .table import Row, Table
from .world import COLS, FLAGS, ROWS, World, truth

TABLE = Table()
# What the rows add to a line of the page, so that it takes less time.
QUICK = "--no-blocks --log-dir '' --plot-dir ''"
NETWORKS = (
    "the default model does not read it and says so, as it has no epochs; `--kind gnn` does, and "
    "errs more in the paper's own cities"
)


@TABLE.row("geohg --version")
def _(page, text):
    done = CliRunner().invoke(main, text.split()[1:])
    assert (done.exit_code, done.stdout) == (0, f"geohg, version {geohg.__version__}\n")


@TABLE.row("geohg train --config configs/examples/guangzhou_carbon.yaml")
def _(page, text):
    assert page.trained["cells"] == ROWS * COLS and page.trained["r2"] > 0.9
    assert page.trained["r2"] > page.trained["idw_r2"]


@TABLE.row("geohg run --config configs/examples/guangzhou_carbon.yaml")
def _(page, text):
    found = page.geohg(f"{text} {QUICK} --model-dir ''")
    assert found["r2"] == pytest.approx(page.trained["r2"], rel=1e-6)


@TABLE.row("Run geohg train --task GDP", "Run geohg train --task Population")
@TABLE.row("Run geohg train --task PM25", "Run geohg train --task Light")
def _(page, text):
    found = page.geohg(f"{text.removeprefix('Run ')} {QUICK} --model-dir ''")
    assert found["about"]["target"] == text.split()[-1] and found["r2"] > 0.9


@TABLE.row("geohg train --config configs/examples/guangzhou_carbon.yaml --epochs 50")
def _(page, text):
    assert page.geohg(f"{text} {QUICK} --model-dir ''")["r2"] > 0.9


@TABLE.row("All commands accept --config <path> for YAML configuration.")
def _(page, text):
    for name in ("train", "pretrain", "evaluate", "run", "build-graph", "interpolate"):
        done = CliRunner().invoke(main, [name, "--help"])
        assert done.exit_code == 0 and "--config PATH" in done.stdout


@TABLE.row("CLI flags override config values.")
def _(page, text):
    found = page.geohg(
        "geohg train --config configs/examples/guangzhou_carbon.yaml --masked-ratio 0.5 "
        f"--task GDP {QUICK} --model-dir ''"
    )
    assert (found["test_cells"], found["about"]["target"]) == (ROWS * COLS // 2, "GDP")


@TABLE.row("geohg evaluate --model-path <path>")
def _(page, text):
    found = page.geohg(text.replace("<path>", Path(page.trained["model"]).as_posix()))
    for name in ("r2", "rmse", "mae", "test_cells"):
        assert found[name] == pytest.approx(page.trained[name], rel=1e-6), name


@TABLE.row("--city GZ", "--task Carbon", "--masked-ratio 0.7")
@TABLE.row("--epochs 2000", "--lr 0.01", "--metric r2", but=NETWORKS)
def _(page, text):
    flag, value = text.removeprefix("--").replace("-", "_").split()
    details = geohg.FittedMap.load(page.flags["model"]).details
    told = {**details["config"]["training"], **details["config"]["data"]}
    assert text in FLAGS and str(told[flag]) == value
    unread = flag in ("epochs", "lr", "metric")
    assert (f"training.{flag}" in page.flags["said"].split(".\n")[0]) == unread


@TABLE.row("--gpu 0")
def _(page, text):
    assert text in FLAGS and page.flags["device"] == "cpu"
    assert "no CUDA device; computing on the CPU instead" in page.flags["said"]


INTERPOLATE = """geohg interpolate \\
    --data my_data.csv \\
    --coord-columns lon,lat \\
    --target-column target \\
    --resolution 0.01 \\
    --output predictions.csv \\
    --epochs 1000"""


def table_of(page: World) -> pd.DataFrame:
    """The map that the page's command makes; once."""
    path = page.folder / "predictions.csv"
    if not path.exists():
        named = page.df.rename(columns={"value": "target"})
        named.to_csv(page.folder / "my_data.csv", index=False)
        page.geohg(f"{INTERPOLATE} --no-blocks")
    return pd.read_csv(path)


@TABLE.row("--data my_data.csv", "--target-column target")
def _(page, text):
    table = table_of(page)
    known = truth(table["lon"], table["lat"])
    assert text in INTERPOLATE and np.corrcoef(table["target"], known)[0, 1] > 0.7


@TABLE.row("--coord-columns lon,lat", "--output predictions.csv")
def _(page, text):
    assert text in INTERPOLATE and list(table_of(page))[:3] == ["lon", "lat", "target"]
    assert len(table_of(page)) == ROWS * COLS


@TABLE.row("--resolution 0.01")
def _(page, text):
    assert text in INTERPOLATE
    np.testing.assert_allclose(np.diff(np.unique(table_of(page)["lon"].round(6))), 0.01)


@TABLE.row("--epochs 1000", but=NETWORKS)
def _(page, text):
    assert text in INTERPOLATE and len(table_of(page)) == ROWS * COLS


@TABLE.row(
    "geohg build-graph --tif-path ESA_WorldCover.tif --bbox 113.09 113.69 22.40 23.42 "
    "--output-dir data/my_city"
)
def _(page, text):
    assert page.built["area_nodes"] == 60 * 102
    graph = store.load_graph(page.built["graph"])
    np.testing.assert_allclose(graph.grid.bounds, (113.09, 22.40, 113.69, 23.42), atol=1e-9)
    assert graph.hypernodes["entity"].names == ("Tree cover", "Built-up", "Permanent water bodies")


@TABLE.row("--bbox 113.09 113.69 22.40 23.42 \\")
def _(page, text):
    said = page.geohg(
        "geohg build-graph --tif-path ESA_WorldCover.tif --bbox 113.69 113.09 22.40 23.42 "
        "--output-dir data/wrong",
        code=2,
    )["said"]
    assert "west east south north" in said


@TABLE.row("The output files (feature CSV, adjacency, position encodings)")
def _(page, text):
    folder = Path(page.built["city"])
    names = ("TIF_feature.csv", "adjacency.csv", "pos_encode.csv", "entity_area.csv")
    assert folder == page.folder / "data" / "my_city"
    assert all((folder / name).is_file() for name in names)


@TABLE.row("can then be used with geohg train")
def _(page, text):
    graph = store.load_graph(page.built["graph"])
    wood = graph.features[:, 0].astype(float)
    cells = np.arange(0, len(wood), 60)
    values = pd.DataFrame({"area_id": cells, "value": 3 * wood[cells] + 1})
    values.to_csv(Path(page.built["city"]) / "wood.csv", index=False)
    line = f"geohg train --city my_city --prebuilt-dir data --task wood {QUICK} --model-dir ''"
    found = page.geohg(line)
    assert (found["cells"], found["observed"]) == (60 * 102, len(cells)) and found["r2"] > 0.8


@TABLE.row("Custom GeoTIFF — any categorical raster with land cover classes")
def _(page, text):
    graph = geohg.ESAWorldCoverSource(page.own_tif, 0.1).load()
    assert graph.feature_names == ("class 1", "class 2")


@TABLE.row(
    "geohg pretrain --config configs/examples/ssl_pretrain.yaml --city GZ",
    but="the encoder is outputs/models/GZ_encoder.safetensors, as loading a .pth can run code",
)
def _(page, text):
    assert Path(page.encoder) == page.folder / "outputs" / "models" / "GZ_encoder.safetensors"


@TABLE.row(
    "--pretrained-gnn outputs/models/ssl_GZ.pth \\",
    but="the line names a .pth; it is told which file GeoHG wrote, and goes on with that",
)
def _(page, text):
    line = "geohg train --config configs/examples/guangzhou_carbon.yaml \\\n"
    assert Path(page.encoder).is_file()
    said = page.geohg(f"{line} {text}\n --freeze-gnn", code=2)["said"]
    assert "can run code; name the one that GeoHG wrote, such as" in said
    wrote = said.rsplit("'", 2)[1]
    assert Path(wrote).as_posix() == "outputs/models/GZ_encoder.safetensors"
    found = page.geohg(f"{line} --pretrained-gnn {wrote} --freeze-gnn {QUICK} --model-dir ''")
    assert found["r2"] > 0.9


@TABLE.row("--freeze-gnn")
def _(page, text):
    flags = f"--pretrained-gnn {page.encoder} --epochs 3 {QUICK} --model-dir frozen"
    found = page.geohg(f"geohg train --city GZ --task Carbon --kind gnn {text} {flags}")
    state = geohg.FittedMap.load(found["model"]).model.state().tensors
    kept = store.read(page.encoder, "encoder")[0]
    (name,) = (name for name in state if name.endswith("encoder.area.weight"))
    (own,) = (name for name in kept if name.endswith("area.weight"))
    np.testing.assert_array_equal(state[name], kept[own])


@pytest.mark.parametrize("row", TABLE.rows, ids=lambda row: row.text)
def test_row(row: Row, page: World) -> None:
    row.check(page, row.text)
