"""Every public name and every command of GeoHG once, on data that is at hand.

    .venv/bin/python resources/sample/tour.py FOLDER

Everything is written into FOLDER. Nothing is downloaded.
"""

from __future__ import annotations

import contextlib
import importlib
import importlib.util
import io
import json
import sys
from pathlib import Path

import numpy as np
import pandas as pd
from shapely.geometry import box

SAMPLE = Path(__file__).resolve().parent
DISTRICTS = SAMPLE / "synthetic_districts.gpkg"
# Held-out cells in two parts, not ten, and no held-out blocks: this takes a fifth of the time.
QUICK = {"training": {"folds": 2, "blocks": False}}
ROOT = SAMPLE.parent.parent


def import_geohg():  # noqa: ANN201 - a module
    """The installed package, or this checkout under its one name, whatever its folder's."""
    if importlib.util.find_spec("geohg") is None:
        spec = importlib.util.spec_from_file_location(
            "geohg", ROOT / "__init__.py", submodule_search_locations=[str(ROOT)]
        )
        sys.modules["geohg"] = module = importlib.util.module_from_spec(spec)
        spec.loader.exec_module(module)
    import geohg

    return geohg


geohg = import_geohg()
cli = importlib.import_module("geohg.engine.cli.main")


def interpolate(folder: Path) -> None:
    """From a table to a map: in three lines, then step by step."""
    rng = np.random.default_rng(0)
    df = pd.DataFrame({"lon": rng.uniform(10, 10.4, 120), "lat": rng.uniform(45, 45.3, 120)})
    df["height"] = 300 + 200 * np.sin(9 * df["lon"]) * np.cos(12 * df["lat"])
    df["value"] = 20 - df["height"] / 100 + rng.normal(0, 0.1, 120)

    interp, result = geohg.GeoHGInterpolator.from_dataframe(
        df, coord_columns=["lon", "lat"], target_column="value", resolution=0.02, options=QUICK
    )
    print(
        interp.n_features_in_,
        "feature; map",
        result["predictions"].shape,
        "R2",
        round(result["metrics"]["r2"], 3),
    )
    print(result.to_geotiff(folder / "map.tif"), len(result.to_dataframe()), len(result.to_dict()))

    print("contours in", result.to_contours(folder / "lines.gpkg", interval=1.0).name)
    print(result, isinstance(result, geohg.InterpolationResult))
    print("at a place", *interp.predict([[10.2, 45.1, 300.0]], return_std=True))

    kept = geohg.FittedMap.load(interp.save(folder / "value.safetensors"))
    print(kept.map(interp.graph_, level=0.9).mean.shape, interp.report(folder / "value.html"))
    print("simulated maps", interp.simulate(3).shape, kept.simulate(interp.graph_, 3).shape)

    area = box(10.1, 45.0, 10.3, 45.3)
    steps = geohg.GeoHGInterpolator(resolution=0.02, epochs=1000, study_area=area, masked_ratio=0)
    again = steps.fit(df[["lon", "lat"]], df[["height"]], df["value"]).predict()
    print(
        "mean width of the intervals", round(float(np.nanmean(again["upper"] - again["lower"])), 3)
    )


def classify(folder: Path) -> None:
    """From points of classes to a map of them."""
    rng = np.random.default_rng(1)
    xy = rng.uniform(0, 8000, (150, 2))
    soil = np.where(np.sin(xy[:, 0] / 1500) > np.cos(xy[:, 1] / 1200), "loam", "sand")
    classifier = geohg.GeoHGClassifier(resolution=500, crs="EPSG:32631", options=QUICK)
    classifier.fit(xy, soil)
    print(*classifier.classes_, "kappa", round(classifier.metrics_["kappa"], 3))
    print("at a place", *classifier.predict_proba([[4000, 4000]])[0].round(2))
    found = classifier.save_map(folder / "soil.tif", report=folder / "soil.html")
    print("cells", len(found.codes), *found.names)


def read_sources(folder: Path) -> None:
    """Graphs from a city, from rasters, from tables; and what PyTorch Geometric gets of one."""
    print("GeoHG", geohg.__version__, "with", geohg.Config().model.kind, "as the default model")
    sample = geohg.load_city("sample")
    geohg.write_city(sample, folder / "city")
    city = geohg.read_city(folder / "city")
    print(
        "read as written:", isinstance(city, geohg.GraphRawData), city.counts() == sample.counts()
    )

    bbox = (480_000.0, 20_000.0, 500_000.0, 40_000.0)
    cover = SAMPLE / "synthetic_landcover.tif"
    land = geohg.ESAWorldCoverSource(cover, resolution=1000.0, bbox=bbox).read()
    grid = geohg.Grid.from_bounds(bbox, 1000.0, "EPSG:32631")
    print("on the grid asked for:", land.grid == grid)
    print(geohg.HeteroGraphBuilder().build(land))

    ids = np.arange(40)
    places = pd.DataFrame({"area_id": ids, "x": ids % 8 * 0.01, "y": ids // 8 * 0.01})
    shares = pd.DataFrame({"area_id": ids, "wood": ids / 40, "field": 1 - ids / 40})
    for name, table in (("places", places), ("shares", shares)):
        table.to_csv(folder / f"{name}.csv", index=False)
    own = geohg.CustomLandCoverSource(folder / "shares.csv", folder / "places.csv").read()
    print("own graph", own.counts())


def run_pipeline(folder: Path) -> None:
    """A city from its files to a scored model, with settings from a file and from here."""
    quick = geohg.GeoHGPipeline.quick_start("sample", blocks=False)
    print("quick start: R2", round(quick["r2"], 3))
    settings = folder / "settings.yaml"
    settings.write_text(
        "data: {city: sample}\nmodel: {kind: gnn}\n"
        "training: {epochs: 5, blocks: false, importance: false}\nssl: {epochs: 2}\n"
        f"output: {{model_dir: {folder / 'models'}, plot_dir: {folder / 'plots'}}}\n"
    )
    pipeline = geohg.GeoHGPipeline.from_yaml(settings, model={"freeze_gnn": True})
    result = pipeline.run(skip_pretrain=False)
    print(
        "pretrained, frozen: R2", round(result["r2"], 3), *sorted(Path(result["plots"]).iterdir())
    )
    config = geohg.load_config(settings)
    encoder = geohg.pretrain(geohg.load_city(config.data), config)
    print("losses of pretraining", [round(loss, 2) for loss in encoder.losses])


def run_commands(folder: Path) -> None:
    """Every command of the terminal."""
    points, cover = SAMPLE / "synthetic_points.gpkg", SAMPLE / "synthetic_landcover.tif"
    settings, box_text = folder / "settings.yaml", "480000,20000,500000,40000"
    graph, model = (
        folder / "graph" / "graph.safetensors",
        folder / "cli" / "graph_model.safetensors",
    )
    encoder = folder / "encoder.safetensors"
    commands: tuple[tuple[object, ...], ...] = (
        ("build-graph", "--tif-path", cover, "--bbox", box_text, "--resolution", 1000,
         "--data", points, "--target-column", "value", "--output-dir", graph.parent),
        ("pretrain", "--graph", graph, "--epochs", 2, "--output", encoder),
        ("train", "--graph", graph, "--kind", "gnn", "--epochs", 20, "--pretrained-gnn", encoder,
         "--freeze-gnn", "--no-blocks", "--model-dir", model.parent),
        ("evaluate", "--model-path", model, "--graph", graph),
        ("predict", "--model-path", model, "--graph", graph, "--output", folder / "predicted.tif"),
        ("import-city", graph.parent, "--output-dir", folder / "imported"),
        ("interpolate", "--data", points, "--target-column", "value", "--landcover", cover,
         "--resolution", 2000, "--folds", 2, "--no-blocks", "--output", folder / "cli.tif",
         "--output", folder / "cli.csv"),
        ("check", "--data", points, "--target-column", "value", "--landcover", cover),
        ("classify", "--data", SAMPLE / "synthetic_pois.gpkg", "--target-column", "category",
         "--resolution", 2000, "--folds", 2, "--no-blocks", "--output", folder / "kinds.tif"),
        ("compare", "--data", points, "--target-column", "value", "--resolution", 2000,
         "--folds", 2, "--no-blocks"),
        ("run", settings, "--skip-pretrain"),
        ("configs", folder / "configs"),
    )  # fmt: skip
    for command in commands:
        _run_command(command)
    process = folder / "process.safetensors"
    geohg.train(graph, model=process)  # the errors of a network's cells have no covariance
    _run_command(
        ("summarise", "--model-path", process, "--graph", graph, "--polygons", DISTRICTS,
         "--output", folder / "districts.csv")
    )  # fmt: skip


def _run_command(command: tuple[object, ...]) -> None:
    """As in a terminal: geohg COMMAND."""
    with contextlib.redirect_stdout(io.StringIO()) as printed:
        cli.main([*map(str, command), "--json", "--quiet"], standalone_mode=False)
    found = json.loads(printed.getvalue())
    shown = (
        "r2",
        "accuracy",
        "points",
        "area_nodes",
        "loss",
        "applicable_share",
        "default",
        "known",
    )
    print(command[0], {key: found[key] for key in shown if key in found})


def call(folder: Path) -> None:
    """The same jobs as calls: files or tables in, figures out."""
    table = pd.read_csv(folder / "cli.csv")[["x", "y", "value"]]
    data = {"data": table, "target_column": "value", "coord_columns": ("x", "y")}
    data |= {"crs": "EPSG:32631", "resolution": 4000}
    print("cells", len(geohg.build_graph(**data).cell))
    model = folder / "called.safetensors"
    graph = folder / "graph" / "graph.safetensors"
    print("train: R2", round(geohg.train(graph, model=model)["r2"], 3))
    print("evaluate: R2", round(geohg.evaluate(model, graph)["r2"], 3))
    print("predict:", geohg.predict(model, graph, folder / "cells.csv")["cells"], "cells")
    districts = geohg.summarise(model, DISTRICTS, folder / "districts.gpkg", graph)
    print("summarise:", districts["known"], "of", districts["polygons"], "districts")
    quick = geohg.load_config(overrides=QUICK)
    found = geohg.check(**data, config=quick)
    print("check:", found["good"], "cells that suit", found["suitable_cell_size"])
    print("compare: IDW's R2", round(geohg.compare(**data, config=quick)["idw_r2"], 3))


def repeat(folder: Path) -> None:
    """A request, as QGIS writes one: what a report's JSON holds too."""
    request = {
        "version": 1,
        "job": "buildgraph",
        "points": {"path": str(SAMPLE / "synthetic_points.gpkg"), "targets": ["value"]},
        "landcover": [{"path": str(SAMPLE / "synthetic_landcover.tif"), "band": 1}],
        "grid": {"cell_size": 1000},
        "outputs": {"cells": str(folder / "cells.gpkg")},
    }
    print("cells", geohg.run_job(request)["AREA_NODES"])


class Quiet:
    """A progress that tells of nothing but warnings."""

    def report(self, fraction: float, message: str) -> None: ...
    def log(self, message: str) -> None: ...
    def metric(self, name: str, value: float, step: int) -> None: ...
    def check_cancelled(self) -> None: ...

    def warning(self, message: str) -> None:
        """Print it."""
        print("warning:", message)


def refuse(folder: Path) -> None:
    """What cannot be used is told in a sentence, each kind by an error of its own."""
    quiet: geohg.Progress = Quiet()
    kinds = (geohg.InputError, geohg.FileFormatError, geohg.OutputError, geohg.FitError)
    print([kind.__name__ for kind in (*kinds, geohg.Cancelled, geohg.GeoHGWarning)])
    try:
        geohg.GeoHGInterpolator.from_dataframe(folder / "nothing.csv", progress=quiet)
    except geohg.GeoHGError as error:
        print(error)


def main() -> None:
    """Take the whole tour."""
    if len(sys.argv) != 2:
        raise SystemExit(__doc__)
    folder = Path(sys.argv[1]).resolve()
    folder.mkdir(parents=True, exist_ok=True)
    for part in (
        interpolate,
        classify,
        read_sources,
        run_pipeline,
        run_commands,
        call,
        repeat,
        refuse,
    ):
        print(f"\n{part.__doc__.splitlines()[0]}")
        part(folder)


if __name__ == "__main__":
    main()
