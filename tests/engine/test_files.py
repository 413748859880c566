import os
import shutil
import subprocess

import pytest

from geohg.engine.commits import part_path, recover
from geohg.engine.errors import OutputError
from geohg.engine.files import OutputSet
from geohg.engine.jobs import run
from geohg.engine.progress import Silent


def test_nothing_appears_before_commit_and_everything_after(tmp_path):
    first, second = tmp_path / "a.txt", tmp_path / "b.txt"
    first.write_text("old")
    with OutputSet({"a": first, "b": str(second), "c": None}) as outputs:
        outputs.stage("a").write_text("new")
        outputs.stage("b").write_text("new")
        assert first.read_text() == "old" and not second.exists()
        assert not outputs.wants("c")
        outputs.commit()
    assert first.read_text() == second.read_text() == "new"
    assert sorted(os.listdir(tmp_path)) == ["a.txt", "b.txt"]


def fail_half_way(path):
    with OutputSet({"a": path}) as outputs:
        outputs.stage("a").write_text("half")
        raise ZeroDivisionError


def test_a_failure_leaves_what_was_there(tmp_path):
    path = tmp_path / "a.txt"
    path.write_text("old")
    with pytest.raises(ZeroDivisionError):
        fail_half_way(path)
    assert path.read_text() == "old" and os.listdir(tmp_path) == ["a.txt"]


def test_a_folder_s_files_are_put_among_those_that_are_there(tmp_path):
    path = tmp_path / "plots"
    path.mkdir()
    (path / "mine.txt").write_text("mine")
    with OutputSet({"plots": path, "b": tmp_path / "b"}, folders={"plots": ()}) as outputs:
        part = outputs.stage_folder("plots")
        (part / "a.png").write_text("new")
        (part / "inner").mkdir()
        (part / "inner" / "b.png").write_text("new")
        assert os.listdir(path) == ["mine.txt"]
        assert outputs.staged() == {"plots": str(path)}
        outputs.commit()
    assert sorted(os.listdir(path)) == ["a.png", "inner", "mine.txt"]
    assert (path / "inner" / "b.png").read_text() == "new" and os.listdir(tmp_path) == ["plots"]


def test_a_failure_leaves_no_part_of_a_folder(tmp_path):
    with OutputSet({"plots": tmp_path / "plots"}, folders={"plots": ()}) as outputs:
        (outputs.stage_folder("plots") / "a.png").write_text("half")
    assert os.listdir(tmp_path) == []


def test_refuses_a_file_as_a_folder(tmp_path):
    (tmp_path / "plots").write_text("")
    with pytest.raises(OutputError, match="is a file; give a folder"):
        OutputSet({"plots": tmp_path / "plots"}, folders={"plots": ()})


def test_part_path_keeps_the_suffix_and_names_the_process(tmp_path):
    assert part_path(tmp_path / "map.tif", 12).name == ".map.12.part.tif"


def test_refuses_a_missing_folder(tmp_path):
    with pytest.raises(OutputError, match="does not exist"):
        OutputSet({"a": tmp_path / "none" / "a.txt"})


def test_refuses_a_folder_that_cannot_be_written():
    with pytest.raises(OutputError, match="cannot be written"):
        OutputSet({"a": "/proc/a.txt"})


def test_refuses_a_folder_as_a_file_and_two_outputs_in_one(tmp_path):
    with pytest.raises(OutputError, match="is a folder"):
        OutputSet({"a": tmp_path})
    with pytest.raises(OutputError, match="share the file"):
        OutputSet({"a": tmp_path / "a.txt", "b": tmp_path / "a.txt"})


def test_what_a_dead_process_left_is_removed_and_nothing_else(tmp_path):
    output, bare = tmp_path / "a.b.gpkg", tmp_path / "bare"
    left = [part_path(output, 12), part_path(bare, 12)]
    left.append(left[0].with_name(left[0].name + "-journal"))
    others = [output, part_path(output, 123), part_path(bare, 123), part_path(output, 1)]
    for path in (*left, *others):
        path.touch()
    recover([output, str(bare), tmp_path / "nowhere" / "c.tif"], 12)
    assert sorted(tmp_path.iterdir()) == sorted(others)


@pytest.fixture
def small_disk(tmp_path):
    """A folder with room for next to nothing."""
    folder = tmp_path / "disk"
    folder.mkdir()
    command = ["mount", "-t", "tmpfs", "-o", "size=8k", "tmpfs", str(folder)]
    if not shutil.which("mount") or subprocess.run(command, capture_output=True).returncode:
        pytest.skip("nothing can be mounted here")
    (folder / "ballast").write_bytes(b"x")
    yield folder
    subprocess.run(["umount", "-l", str(folder)], check=True)


@pytest.mark.parametrize(
    ("job", "output", "name"),
    [
        ("buildgraph", "graph", "g.safetensors"),
        ("buildgraph", "cells", "cells.gpkg"),
        ("interpolate", "prediction", "map.tif"),
        ("interpolate", "report", "report.html"),
        ("interpolate", "model", "m.safetensors"),
    ],
)
def test_a_full_disk_is_one_sentence_and_leaves_nothing(job, output, name, landscape, small_disk):
    grid = {**landscape.request()["grid"], "cell_size": 400.0}
    request = landscape.request(job=job, grid=grid, outputs={output: str(small_disk / name)})
    with pytest.raises(OutputError, match=r"^The disk is full \(.*\); free some of it"):
        run(request, Silent())
    assert os.listdir(small_disk) == ["ballast"]


@pytest.fixture
def spelled(tmp_path, monkeypatch):
    """A file `in.csv` with other names: links, a detour, a relative path."""
    folder = tmp_path / "data"
    folder.mkdir()
    (folder / "in.csv").write_text("x,y\n")
    (folder / "soft.csv").symlink_to("in.csv")
    os.link(folder / "in.csv", folder / "hard.csv")
    (tmp_path / "linked").symlink_to(folder)
    monkeypatch.chdir(tmp_path)
    return folder


SPELLINGS = (
    "{0}/in.csv",
    "data/in.csv",
    "data/../data/in.csv",
    "data/soft.csv",
    "data/hard.csv",
    "linked/in.csv",
)


@pytest.mark.parametrize("name", SPELLINGS)
def test_an_output_that_is_an_input_is_refused_by_any_name(spelled, name):
    with pytest.raises(OutputError, match=r"is also an input \(.*in.csv'\); give the output anoth"):
        OutputSet({"table": name.format(spelled)}, inputs=[spelled / "in.csv"])


@pytest.mark.parametrize("name", SPELLINGS)
def test_two_names_of_one_output_are_one_output(spelled, name):
    with pytest.raises(OutputError, match="share the file"):
        OutputSet({"table": name.format(spelled), "history": spelled / "in.csv"})


def test_an_output_that_is_a_link_is_written_where_it_leads(spelled):
    with OutputSet({"table": spelled / "soft.csv"}) as outputs:
        outputs.stage("table").write_text("new")
        outputs.commit()
    assert (spelled / "soft.csv").is_symlink() and (spelled / "in.csv").read_text() == "new"


def test_a_file_in_a_folder_of_outputs_may_be_an_input_too(spelled):
    folders, inputs = {"city": ["in.csv"]}, [spelled / "in.csv"]
    with pytest.raises(OutputError, match="is also an input"):
        OutputSet({"city": spelled}, folders, inputs)
    with OutputSet({"city": spelled}, {"city": []}, inputs) as outputs:
        (outputs.stage_folder("city") / "in.csv").write_text("new")
        with pytest.raises(OutputError, match="is also an input"):
            outputs.commit()
    assert (spelled / "in.csv").read_text() == "x,y\n"
    assert sorted(os.listdir(spelled)) == ["hard.csv", "in.csv", "soft.csv"]


def done(command):
    """Whether a program is there and does it."""
    there = shutil.which(command[0])
    return there and subprocess.run(command, capture_output=True).returncode == 0


@pytest.fixture
def blind_to_case(tmp_path):
    """A folder that ignores the case of names."""
    image, folder = tmp_path / "image", tmp_path / "blind"
    folder.mkdir()
    image.write_bytes(bytes(16 << 20))
    for make, kind in (("mkfs.vfat", "vfat"), ("mkfs.exfat", "exfat-fuse")):
        mount = ["mount", "-o", "loop", "-t", kind, str(image), str(folder)]
        if done([make, str(image)]) and done(mount):
            break
    else:
        pytest.skip("nothing that ignores case can be mounted here")
    yield folder
    subprocess.run(["umount", "-l", str(folder)], check=True)


def test_case_tells_names_apart_only_where_the_file_system_says_so(tmp_path, blind_to_case):
    (blind_to_case / "in.csv").write_text("x,y\n")
    with pytest.raises(OutputError, match="is also an input"):
        OutputSet({"table": blind_to_case / "IN.CSV"}, inputs=[blind_to_case / "in.csv"])
    (blind_to_case / "sub").mkdir()
    for pair in (("map.tif", "Map.TIF"), ("sub/map.tif", "SUB/map.tif"), ("é.tif", "É.tif")):
        with pytest.raises(OutputError, match="share the file"):
            OutputSet({key: blind_to_case / name for key, name in zip(("std", "lower"), pair)})
    with OutputSet({"prediction": blind_to_case / "map.tif"}) as outputs:  # no links there
        outputs.stage("prediction").write_text("new")
        outputs.commit()
    assert sorted(os.listdir(blind_to_case)) == ["in.csv", "map.tif", "sub"]


def test_names_that_differ_in_case_are_two_where_case_counts(tmp_path):
    if (tmp_path.parent / tmp_path.name.upper()).exists():
        pytest.skip("case does not count here")
    outputs = OutputSet({"prediction": tmp_path / "map.tif", "std": tmp_path / "Map.TIF"})
    assert len(set(outputs.paths.values())) == 2


@pytest.mark.parametrize(
    ("key", "name", "known"),
    [
        *[
            ("prediction", name, ".tif, .tiff")
            for name in ("a.asc", "a.vrt", "a.gpkg", "a", ".tif")
        ],
        ("applicability", "a.png", ".tif, .tiff"),
        *[("residuals", name, ".gpkg, .geojson, .fgb") for name in ("a.shp", "a.xyz", "a.csv")],
        ("cells", "a.tif", ".gpkg, .geojson, .fgb"),
        ("report", "a.pdf", ".html, .htm"),
        ("report_json", "a.html", ".json"),
        ("preview", "a.jpg", ".png"),
        ("table", "a.xlsx", ".csv"),
        ("history", "a.txt", ".csv"),
        *[(key, "a.pt", ".safetensors") for key in ("graph", "model", "encoder")],
    ],
)
def test_an_output_in_another_format_than_its_name_says_is_refused(tmp_path, key, name, known):
    with pytest.raises(OutputError, match=f"cannot be written; end its name with {known}"):
        OutputSet({key: tmp_path / name})


def test_the_case_of_a_suffix_does_not_matter(tmp_path):
    names = {
        "prediction": "A.TIFF",
        "cells": "b.GeoJSON",
        "report": "c.HTM",
        "graph": "d.SafeTensors",
    }
    assert len(OutputSet({key: tmp_path / name for key, name in names.items()}).paths) == 4


@pytest.mark.parametrize("name", ["x" * 250 + ".tif", "a\0.tif", "loop/a.tif", "\udce9.tif"])
def test_a_name_that_no_file_can_have_is_refused(tmp_path, name):
    (tmp_path / "loop").symlink_to("loop")
    with pytest.raises(OutputError):
        OutputSet({"prediction": tmp_path / name})
