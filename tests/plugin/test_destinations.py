"""An output is never an input, has the format that its name says, and is a file."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import processing
import pytest
from doors import by_console, by_model, create, key_values
from fresh import enable_checkout, run_qgis_process
from osgeo import gdal
from qgis.core import (
    QgsProcessingContext,
    QgsProcessingException,
    QgsProcessingFeatureSourceDefinition,
    QgsProcessingOutputLayerDefinition,
    QgsProject,
    QgsProperty,
    QgsRasterLayer,
    QgsVectorFileWriter,
    QgsVectorLayer,
    QgsVectorLayerJoinInfo,
)
from support import CELL, EXTENT, QUICK, Landscape, Recorder, read_raster

from geohg.geohg_plugin.algorithms.interpolate import Interpolate


@pytest.fixture
def files(landscape: Landscape, tmp_path: Path) -> dict[str, str]:
    """Points in a GeoPackage beside another table, a text file, rasters."""
    paths = {name: str(tmp_path / name) for name in ("p.gpkg", "p.csv", "lc.tif", "lc.vrt")}
    options = QgsVectorFileWriter.SaveVectorOptions()
    options.layerName = "points"
    context = QgsProject.instance().transformContext()
    write = QgsVectorFileWriter.writeAsVectorFormatV3
    assert not write(landscape.points, paths["p.gpkg"], context, options)[0]
    options.layerName, options.driverName = "p", "CSV"
    options.layerOptions = ["GEOMETRY=AS_XY"]
    assert not write(landscape.points, paths["p.csv"], context, options)[0]
    shutil.copy(landscape.raster, paths["lc.tif"])
    gdal.BuildVRT(paths["lc.vrt"], [paths["lc.tif"]]).FlushCache()
    return paths


@pytest.fixture
def given(files: dict[str, str]) -> dict[str, Any]:
    """Parameters that name files alone."""
    return {
        **QUICK,
        "INPUT": files["p.gpkg"],
        "FIELD": "value",
        "LANDCOVER": [files["lc.tif"]],
        "CELL_SIZE": CELL,
        "EXTENT": EXTENT,
    }


def refusal(parameters: dict[str, Any], name: str = "interpolate") -> str:
    """What the check before a run says against these."""
    algorithm = create(f"geohg:{name}")
    good, message = algorithm.checkParameterValues(parameters, _context())
    assert not good
    assert "\n" not in message
    return message


def _context() -> QgsProcessingContext:
    context = QgsProcessingContext()
    context.setProject(QgsProject.instance())
    return context


def in_model(name: str, parameters: dict[str, Any]) -> None:
    """A step of a model, which must fail."""
    recorder = Recorder()
    with pytest.raises(QgsProcessingException):
        by_model(name, parameters, recorder)
    raise QgsProcessingException("".join(recorder.errors))


@pytest.fixture
def by_process(tmp_path: Path) -> Callable[[str, dict[str, Any]], Any]:
    """`qgis_process`, which must fail."""
    environment = enable_checkout(tmp_path / "home")

    def run(name: str, parameters: dict[str, Any]) -> None:
        done = run_qgis_process(environment, "run", name, "--", *key_values(parameters))
        assert done.returncode
        raise QgsProcessingException(done.stdout + done.stderr)

    return run


@pytest.mark.parametrize(
    ("output", "file"), [("OUTPUT", "lc.tif"), ("RESIDUALS", "p.gpkg"), ("UNCERTAINTY", "lc.tif")]
)
@pytest.mark.parametrize("door", ["console", "model", "qgis_process"])
def test_an_output_onto_an_input_is_refused_at_every_door(
    given: dict[str, Any],
    files: dict[str, str],
    tmp_path: Path,
    by_process: Any,
    output: str,
    file: str,
    door: str,
) -> None:
    before = {name: Path(path).read_bytes() for name, path in files.items()}
    opened = {"console": by_console, "model": in_model, "qgis_process": by_process}[door]
    parameters = {**given, "OUTPUT": str(tmp_path / "map.tif"), output: files[file]}
    with pytest.raises(QgsProcessingException) as caught:
        opened("geohg:interpolate", parameters)
    assert f"The output '{files[file]}' is also an input" in str(caught.value)
    assert {name: Path(path).read_bytes() for name, path in files.items()} == before
    assert not (tmp_path / "map.tif").exists()


def _layer(text: str, provider: str) -> QgsVectorLayer:
    layer = QgsVectorLayer(text, "layer", provider)
    assert layer.isValid()
    QgsProject.instance().addMapLayer(layer)
    return layer


@pytest.fixture
def tidy() -> Any:
    """The project has the layers that it had."""
    before = set(QgsProject.instance().mapLayers())
    yield
    QgsProject.instance().removeMapLayers(list(set(QgsProject.instance().mapLayers()) - before))


def test_all_that_a_layer_is_made_of_is_an_input(
    given: dict[str, Any], files: dict[str, str], landscape: Landscape, tidy: Any
) -> None:
    package = _layer(f"{files['p.gpkg']}|layername=points|subset=value > 0", "ogr")
    uri = f"file://{files['p.csv']}?type=csv&xField=X&yField=Y&crs=EPSG:32651"
    text = _layer(uri, "delimitedtext")
    virtual = _layer(f'?query=select * from "{package.id()}"', "virtual")
    joined = landscape.points.clone()
    QgsProject.instance().addMapLayer(joined)
    join = QgsVectorLayerJoinInfo()
    join.setJoinLayer(package)
    join.setJoinFieldName("kind")
    join.setTargetFieldName("kind")
    assert joined.addJoin(join)
    for points, name in (
        (package, "p.gpkg"),
        (package.id(), "p.gpkg"),
        (QgsProcessingFeatureSourceDefinition(package.id(), True), "p.gpkg"),
        (virtual, "p.gpkg"),
        (joined, "p.gpkg"),
        (text, "p.csv"),
    ):
        changed = {**given, "INPUT": points, "OUTPUT": "TEMPORARY_OUTPUT"}
        key = "RESIDUALS" if name == "p.gpkg" else "MODEL"
        assert f"'{files[name]}' is also an input" in refusal({**changed, key: files[name]}), points


def test_files_behind_rasters_and_parameters_are_inputs(
    given: dict[str, Any], files: dict[str, str], tmp_path: Path
) -> None:
    onto = {**given, "OUTPUT": files["lc.tif"]}
    for landcover in (files["lc.vrt"], [files["lc.vrt"]], QgsRasterLayer(files["lc.vrt"], "lc")):
        assert "lc.tif' is also an input" in refusal({**onto, "LANDCOVER": landcover})
    template = {"LANDCOVER": None, "CELL_SIZE": None, "EXTENT": None, "TEMPLATE": files["lc.tif"]}
    assert "lc.tif' is also an input" in refusal({**onto, **template})
    fresh = {**given, "OUTPUT": "TEMPORARY_OUTPUT"}
    link = tmp_path / "link.tif"
    link.symlink_to(files["lc.tif"])
    assert "is also an input" in refusal({**given, "OUTPUT": str(link)})
    sink = QgsProcessingOutputLayerDefinition(files["p.gpkg"])
    assert "is also an input" in refusal({**fresh, "RESIDUALS": sink})


def test_graph_model_and_encoder_files_are_inputs(tmp_path: Path) -> None:
    graph, encoder = (tmp_path / f"{name}.safetensors" for name in ("graph", "encoder"))
    graph.touch()
    encoder.touch()
    train = {"GRAPH": str(graph), "ENCODER": str(encoder), "MODEL_KIND": "gnn"}
    for path in (graph, encoder):
        assert "is also an input" in refusal({**train, "MODEL": str(path)}, "train")
    assert "is also an input" in refusal({"GRAPH": str(graph), "ENCODER": str(graph)}, "pretrain")


@pytest.mark.parametrize(
    ("key", "name", "known"),
    [
        *[("OUTPUT", name, ".tif, .tiff") for name in ("a.asc", "a.vrt", "a.gpkg", "a.png", "a")],
        ("UNCERTAINTY", "a.img", ".tif, .tiff"),
        ("RESIDUALS", "a.shp", ".gpkg, .geojson, .fgb"),
        ("REPORT", "a.pdf", ".html, .htm"),
        ("PREVIEW", "a.jpg", ".png"),
        ("MODEL", "a.pt", ".safetensors"),
    ],
)
def test_a_name_with_the_suffix_of_another_format_is_refused(
    given: dict[str, Any], tmp_path: Path, key: str, name: str, known: str
) -> None:
    parameters = {**given, "OUTPUT": "TEMPORARY_OUTPUT", key: str(tmp_path / name)}
    assert f"end its name with {known}" in refusal(parameters)
    with pytest.raises(QgsProcessingException, match="cannot be written"):
        in_model("geohg:interpolate", parameters)
    assert not (tmp_path / name).exists()


@pytest.mark.parametrize(
    "path",
    [
        "ogr:dbname='{folder}/x.gpkg' table=\"t\" (geom)",
        "postgres:dbname='x' table=\"t\" (geom)",
        "postgis:dbname='x' table=\"t\" (geom)",
        "file://{folder}/x.gpkg",
    ],
)
def test_a_table_of_a_database_is_no_output(
    given: dict[str, Any], tmp_path: Path, path: str
) -> None:
    path = path.format(folder=tmp_path)
    parameters = {**given, "OUTPUT": "TEMPORARY_OUTPUT", "RESIDUALS": path}
    assert refusal(parameters).startswith(f"The output '{path}' is not a file")
    with pytest.raises(QgsProcessingException, match="is not a file"):
        in_model("geohg:interpolate", parameters)


@pytest.mark.parametrize("wrapped", [False, True])
def test_a_layer_in_memory_is_a_temporary_file(
    inputs: dict[str, Any], tmp_path: Path, monkeypatch: pytest.MonkeyPatch, wrapped: bool
) -> None:
    monkeypatch.chdir(tmp_path)
    memory: Any = "memory:residuals"
    if wrapped:
        memory = QgsProcessingOutputLayerDefinition(memory)
        memory.sink = QgsProperty.fromValue("memory:residuals")
    parameters = {**inputs, **QUICK, "OUTPUT": "TEMPORARY_OUTPUT", "RESIDUALS": memory}
    found = processing.run("geohg:interpolate", parameters)
    assert found["RESIDUALS"].endswith(".gpkg")
    assert QgsVectorLayer(found["RESIDUALS"], "r").featureCount() == found["TEST_CELLS"]
    assert read_raster(found["OUTPUT"]).shape == (20, 20)
    assert list(tmp_path.iterdir()) == []


def test_dialogs_offer_what_can_be_written(provider: Any) -> None:
    assert provider.supportedOutputRasterLayerExtensions() == ["tif", "tiff"]
    assert provider.supportedOutputVectorLayerExtensions() == ["gpkg", "geojson", "fgb"]
    assert provider.defaultRasterFileExtension() == "tif"
    assert provider.defaultVectorFileExtension() == "gpkg"
    assert set(Interpolate.outputs.values()) >= {"prediction", "residuals"}


@pytest.mark.parametrize("suffix", ["geojson", "FGB", "gpkg"])
def test_every_vector_format_is_written(
    inputs: dict[str, Any], tmp_path: Path, suffix: str
) -> None:
    path = str(tmp_path / f"r.{suffix}")
    parameters = {**inputs, **QUICK, "OUTPUT": str(tmp_path / "map.TIFF"), "RESIDUALS": path}
    found = processing.run("geohg:interpolate", parameters)
    assert QgsVectorLayer(found["RESIDUALS"], "r").featureCount() == found["TEST_CELLS"]
    assert read_raster(found["OUTPUT"]).shape == (20, 20)
