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


def fail_half_way(place):
    with OutputSet({"a": place}) as outputs:
        outputs.stage("a").write_text("half")
        raise ZeroDivisionError


def test_a_failure_leaves_what_was_there(tmp_path):
    place = tmp_path / "a.txt"
    place.write_text("old")
    with pytest.raises(ZeroDivisionError):
        fail_half_way(place)
    assert place.read_text() == "old" and os.listdir(tmp_path) == ["a.txt"]


def test_a_folder_s_files_are_put_among_those_that_are_there(tmp_path):
    place = tmp_path / "plots"
    place.mkdir()
    (place / "mine.txt").write_text("mine")
    with OutputSet({"plots": place, "b": tmp_path / "b"}, folders={"plots": ()}) as outputs:
        part = outputs.stage_folder("plots")
        (part / "a.png").write_text("new")
        (part / "inner").mkdir()
        (part / "inner" / "b.png").write_text("new")
        assert os.listdir(place) == ["mine.txt"]
        assert outputs.staged() == {"plots": str(place)}
        outputs.commit()
    assert sorted(os.listdir(place)) == ["a.png", "inner", "mine.txt"]
    assert (place / "inner" / "b.png").read_text() == "new" and os.listdir(tmp_path) == ["plots"]


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


def test_refuses_a_folder_as_a_place_and_two_outputs_in_one(tmp_path):
    with pytest.raises(OutputError, match="is a folder"):
        OutputSet({"a": tmp_path})
    with pytest.raises(OutputError, match="share the file"):
        OutputSet({"a": tmp_path / "a.txt", "b": tmp_path / "a.txt"})


def test_what_a_dead_process_left_is_removed_and_nothing_else(tmp_path):
    place, bare = tmp_path / "a.b.gpkg", tmp_path / "bare"
    left = [part_path(place, 12), part_path(bare, 12)]
    left.append(left[0].with_name(left[0].name + "-journal"))
    others = [place, part_path(place, 123), part_path(bare, 123), part_path(place, 1)]
    for path in (*left, *others):
        path.touch()
    recover([place, str(bare), tmp_path / "nowhere" / "c.tif"], 12)
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
