"""What a process leaves that is killed at any step of a commit, and what is made of it."""

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from geohg.engine import commits
from geohg.engine.commits import commit, left_behind, part_path, recover
from geohg.engine.errors import OutputError
from geohg.engine.files import OutputSet

# Writes three parts, one a folder, and ends itself before the step of the commit that it is told.
CHILD = """
import importlib.util, os, signal, sys
from pathlib import Path
script, folder, step, links = sys.argv[1], Path(sys.argv[2]), int(sys.argv[3]), sys.argv[4]
spec = importlib.util.spec_from_file_location("commits", script)
commits = importlib.util.module_from_spec(spec)
spec.loader.exec_module(commits)
done = 0
def counted(act):
    def call(*arguments, **options):
        global done
        if done == step:
            os.kill(os.getpid(), signal.SIGKILL)
        done += 1
        return act(*arguments, **options)
    return call
for name in ("replace", "mkdir", "unlink"):
    setattr(os, name, counted(getattr(os, name)))
Path.unlink = counted(Path.unlink)
def no_link(*arguments):
    raise OSError("no links here")
os.link = counted(os.link) if links else no_link
parts = {}
for name in ("old.tif", "new.csv", "plots"):
    parts[folder / name] = part = commits.part_path(folder / name, os.getpid())
    if name == "plots":
        (part / "inner").mkdir(parents=True)
        (part / "a.png").write_text("new a")
        (part / "inner" / "b.png").write_text("new b")
    else:
        part.write_text("new " + name)
done = 0
commits.commit(parts, os.getpid())
"""
NAMES = ("old.tif", "new.csv", "plots")
OLD = {"old.tif": "old", "old.tif.ovr": "of the old one", "plots/a.png": "old a", "plots/c": "mine"}
NEW = {
    "old.tif": "new old.tif",
    "new.csv": "new new.csv",
    "plots/a.png": "new a",
    "plots/inner/b.png": "new b",
    "plots/c": "mine",
}

needs_signals = pytest.mark.skipif(os.name == "nt", reason="there is no SIGKILL")


@pytest.fixture
def folder(tmp_path):
    """Outputs of an earlier run, and a file of somebody else."""
    (tmp_path / "plots").mkdir()
    for name, text in OLD.items():
        (tmp_path / name).write_text(text)
    return tmp_path


def content(folder):
    """The text of each file by its path."""
    files = [path for path in folder.rglob("*") if path.is_file()]
    return {path.relative_to(folder).as_posix(): path.read_text() for path in files}


def outputs_in(folder):
    return [folder / name for name in NAMES]


def killed_before(step, folder, links="yes"):
    """The id of a process that did not come to this step, or None if it has no such step."""
    arguments = [commits.__file__, str(folder), str(step), links]
    process = subprocess.Popen([sys.executable, "-I", "-S", "-c", CHILD, *arguments])
    return process.pid if process.wait(30) == -signal.SIGKILL else None


@needs_signals
@pytest.mark.parametrize("links", ["yes", ""])
def test_a_commit_that_is_killed_before_any_step_is_undone_or_finished(folder, links):
    outcomes = []
    while (process_id := killed_before(len(outcomes), folder, links)) is not None:
        recover(outputs_in(folder), process_id)
        found = content(folder)
        outcomes.append("old" if found == OLD else "new" if found == NEW else found)
        assert outcomes[-1] in ("old", "new"), found
        assert (folder / "plots" / "inner").exists() == (found == NEW)
        for name in NEW:
            (folder / name).unlink(missing_ok=True)
        for name, text in OLD.items():
            (folder / name).write_text(text)
        if (folder / "plots" / "inner").exists():
            (folder / "plots" / "inner").rmdir()
    assert content(folder) == NEW  # the last was not killed
    # The journal, a folder, three second names, four renames, the journal's other name.
    assert outcomes.count("old") == 1 + 1 + 3 + 4 + 1 and outcomes.count("new") >= 4
    assert outcomes == sorted(outcomes, reverse=True)


@needs_signals
def test_the_next_run_recovers_what_nobody_did(folder):
    assert killed_before(8, folder) is not None
    assert content(folder) != OLD
    with OutputSet(dict(zip("abc", outputs_in(folder))), folders={"c": ()}):
        assert content(folder) == OLD


@needs_signals
def test_two_that_recover_at_once_do_no_harm(folder):
    process_id = killed_before(8, folder)
    code = "import sys; sys.path.insert(0, sys.argv[1]); import commits; commits.main()"
    room = str(Path(commits.__file__).parent)
    command = [sys.executable, "-c", code, room]
    paths = list(map(str, outputs_in(folder)))
    message = json.dumps({"process": process_id, "paths": paths}).encode()
    both = [subprocess.Popen(command, stdin=subprocess.PIPE) for _ in range(2)]
    for process in both:
        process.stdin.write(message + b"\n")
    for process in both:
        process.stdin.close()
        assert process.wait(30) == 0
    assert content(folder) == OLD


def test_a_rename_that_fails_takes_all_back(folder):
    first, second = folder / "old.tif", folder / "map.tif"
    with OutputSet({"a": first, "b": second}) as outputs:
        outputs.stage("a").write_text("new")
        outputs.stage("b").write_text("new")
        (second / "in the way").mkdir(parents=True)
        with pytest.raises(OutputError, match=r"map.tif' could not be written: Is a directory"):
            outputs.commit()
    assert content(folder) == OLD and (second / "in the way").is_dir()


def test_what_was_kept_beside_the_old_file_goes_with_it(folder):
    with OutputSet({"a": folder / "old.tif"}) as outputs:
        outputs.stage("a").write_text("new")
        outputs.commit()
    assert content(folder) == {
        "old.tif": "new",
        **{name: text for name, text in OLD.items() if name.startswith("plots")},
    }


def test_a_journal_has_no_say_on_other_files(folder):
    """Nobody can have files removed by laying a journal into a folder."""
    other = folder / "other.txt"
    other.write_text("mine")
    known = other.stat()
    mark = [known.st_size, known.st_mtime_ns]
    step = {"place": str(other), "part": str(folder / "none"), "existed": False, "mark": mark}
    undo = folder / ".old.12.undo.tif"
    undo.write_text(json.dumps({"steps": [step], "folders": [str(folder / "plots")]}))
    recover([folder / "old.tif"], 12)
    assert other.read_text() == "mine" and not undo.exists() and (folder / "plots").is_dir()


def test_a_new_file_of_somebody_else_stays(tmp_path):
    path = tmp_path / "a.csv"
    part = part_path(path, 12)
    part.write_text("new")
    commit({path: part}, 12)
    step = {"place": str(path), "part": str(part), "existed": False, "mark": [3, 0]}
    (tmp_path / ".a.12.undo.csv").write_text(json.dumps({"steps": [step], "folders": []}))
    recover([path], 12)
    assert content(tmp_path) == {"a.csv": "new"}


def test_processes_that_left_something_are_found(tmp_path):
    path = tmp_path / "a.b.tif"
    for name in (".a.b.12.part.tif", ".a.b.7.undo.tif", ".a.b.x.part.tif", ".a.9.part.tif"):
        (tmp_path / name).touch()
    assert left_behind(path) == {12, 7}


@needs_signals
def test_a_guard_cleans_up_after_a_killed_process_and_ends(folder):
    code = (
        "import sys, time; sys.path.insert(0, sys.argv[1]); import conftest\n"
        "from geohg.engine.files import OutputSet\n"
        "with OutputSet({'prediction': sys.argv[2]}) as outputs:\n"
        "    outputs.stage('prediction').write_text('half')\n"
        "    print(outputs._guard._process.pid, flush=True)\n"
        "    time.sleep(60)\n"
    )
    tests = str(Path(__file__).parents[1])
    process = subprocess.Popen(
        [sys.executable, "-c", code, tests, str(folder / "old.tif")], stdout=subprocess.PIPE
    )
    guard = int(process.stdout.readline())
    assert any(".part" in name for name in content(folder))
    process.kill()
    process.wait(10)
    deadline = time.monotonic() + 2
    while (content(folder) != OLD or _runs(guard)) and time.monotonic() < deadline:
        time.sleep(0.01)
    assert content(folder) == OLD and not _runs(guard)


def _runs(process_id):
    try:
        state = Path(f"/proc/{process_id}/stat").read_text().rsplit(")", 1)[1].split()[0]
    except FileNotFoundError:
        return False
    return state != "Z"


def test_no_guard_is_started_where_python_lives_in_another_program(tmp_path, monkeypatch):
    monkeypatch.setattr(sys, "executable", str(tmp_path / "qgis-bin.exe"))
    with OutputSet({"a": tmp_path / "a.csv"}) as outputs:
        outputs.stage("a").write_text("new")
        assert outputs._guard._process is None
        outputs.commit()
    assert content(tmp_path) == {"a.csv": "new"}
