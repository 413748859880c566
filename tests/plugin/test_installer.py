"""An environment is whole or not there: made for real, of two tiny packages."""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import subprocess
import sys
import threading
import time
import zipfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import pytest

from geohg.engine.errors import Cancelled
from geohg.geohg_plugin.runtime import installer, interpreter, pythons
from geohg.geohg_plugin.runtime.environment import child_environment
from geohg.geohg_plugin.runtime.folders import data_folder
from geohg.geohg_plugin.runtime.installation import (
    BusyError,
    find_installation,
    setup_lock,
)
from geohg.geohg_plugin.runtime.installer import SetupError
from geohg.geohg_plugin.runtime.recipe import Recipe, engine_recipe

PACKAGES = ("tinyone", "tinytwo")


@dataclass
class Looker:
    """Keeps what it is told, and cancels when a line is seen."""

    lines: list[str] = field(default_factory=list)
    steps: list[tuple[float, str]] = field(default_factory=list)
    cancel_at: str = ""
    on_step: Callable[[str], None] = lambda text: None
    cancelled_at: float = 0.0

    def progress(self, percent: float, text: str) -> None:
        self.steps.append((percent, text))
        if self.cancel_at and text.startswith(self.cancel_at) and not self.cancelled_at:
            self.cancelled_at = time.monotonic()
        self.on_step(text)

    def line(self, text: str) -> None:
        self.lines.append(text)

    def cancelled(self) -> bool:
        return self.cancelled_at > 0


@pytest.fixture(autouse=True)
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A data folder with a space and Chinese characters, no uv, no index, no choice."""
    folder = tmp_path / "home 用户 data"
    monkeypatch.setenv("XDG_DATA_HOME", str(folder))
    monkeypatch.delenv("GEOHG_PYTHON", raising=False)
    monkeypatch.setenv("PIP_NO_INDEX", "1")
    monkeypatch.setenv("UV_OFFLINE", "1")
    monkeypatch.setattr(installer, "find_uv", lambda: None)
    monkeypatch.setattr(interpreter, "_usable", set())
    return folder / "geohg"


@pytest.fixture
def real(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Recipe:
    """Two packages with their hashes, in a folder of wheels."""
    wheels = tmp_path / "wheels"
    wheels.mkdir()
    monkeypatch.setenv("PIP_FIND_LINKS", str(wheels))
    monkeypatch.setenv("UV_FIND_LINKS", str(wheels))
    lock = tmp_path / "a lock.txt"
    lock.write_text("".join(pin(wheels, name) for name in PACKAGES))
    return Recipe("cpu", (lock,), PACKAGES, None, 10_000_000)


@pytest.fixture(scope="module")
def empty(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An environment with nothing but pip."""
    folder = tmp_path_factory.mktemp("empty") / "environment"
    subprocess.run([sys.executable, "-I", "-m", "venv", str(folder)], check=True)
    return folder


@pytest.fixture
def recipe(real: Recipe, empty: Path, monkeypatch: pytest.MonkeyPatch) -> Recipe:
    """The same, where making an empty environment is copying one, which is quicker."""

    def copy(setup: Any, folder: Path, base: str, uv: str | None) -> None:
        setup.watcher.progress(0.0, "Making an environment")
        shutil.copytree(empty, folder, symlinks=True)

    monkeypatch.setattr(installer._Setup, "_make", copy)
    return real


def make_wheel(folder: Path, name: str, version: str, text: str) -> str:
    """Write a wheel of one module; return its SHA-256."""
    about = f"{name}-{version}.dist-info"
    files = {
        f"{name}.py": text,
        f"{about}/METADATA": f"Metadata-Version: 2.1\nName: {name}\nVersion: {version}\n",
        f"{about}/WHEEL": "Wheel-Version: 1.0\nRoot-Is-Purelib: true\nTag: py3-none-any\n",
    }
    record = "".join(f"{path},,\n" for path in [*files, f"{about}/RECORD"])
    path = folder / f"{name}-{version}-py3-none-any.whl"
    with zipfile.ZipFile(path, "w") as archive:
        for member, content in {**files, f"{about}/RECORD": record}.items():
            archive.writestr(member, content)
    return hashlib.sha256(path.read_bytes()).hexdigest()


def pin(wheels: Path, name: str, version: str = "1.0", text: str = "") -> str:
    """Make a wheel; return its line of a lock."""
    digest = make_wheel(wheels, name, version, text or f"value = '{name}'\n")
    return f"{name}=={version} \\\n    --hash=sha256:{digest}\n"


def set_up(recipe: Recipe, looker: Looker | None = None, again: bool = False, python: str = ""):
    return installer.set_up(recipe, python, {}, again, looker or Looker())


def environments(home: Path) -> list[str]:
    return sorted(path.name for path in home.glob("engine-*"))


def ask(python: Path, code: str) -> str:
    command = [str(python), "-I", "-c", code]
    done = subprocess.run(command, capture_output=True, text=True, env=child_environment())
    assert done.returncode == 0, done.stderr
    return done.stdout.strip()


def test_it_is_made_found_and_works(home: Path, real: Recipe) -> None:
    looker = Looker()
    made = set_up(real, looker)
    assert find_installation() == made
    assert made.folder == home / "engine-1" and made.requirements == real.requirements
    assert ask(made.python, "import tinyone, tinytwo; print(tinytwo.value)") == "tinytwo"
    assert ask(made.python, "import sys; print(sys.prefix != sys.base_prefix)") == "True"
    percents = [percent for percent, _ in looker.steps]
    assert percents == sorted(percents) and percents[-1] == 100.0
    texts = [text for _, text in looker.steps if text]
    assert texts[0] == "Making an environment" and texts[-1] == "The engine is ready"
    assert "Fetching tinyone (1 of 2)" in texts and "Fetching tinytwo (2 of 2)" in texts
    assert not (made.folder / "tmp").exists()


def test_it_is_the_interpreter_that_is_found(
    recipe: Recipe, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = set_up(recipe)
    monkeypatch.setattr(interpreter, "PACKAGES", PACKAGES)
    assert interpreter.find_interpreter() == str(made.python)
    monkeypatch.setenv("GEOHG_PYTHON", sys.executable)
    with pytest.raises(interpreter.EngineMissingError, match="lacks tinyone, tinytwo.*undo this"):
        interpreter.find_interpreter()


def test_a_good_one_is_left_as_it_is(home: Path, recipe: Recipe) -> None:
    made = set_up(recipe)
    looker = Looker()
    assert set_up(recipe, looker) == made
    assert looker.steps[-1] == (100.0, "The engine was already set up")
    again = set_up(recipe, again=True)
    assert again.folder != made.folder and environments(home) == [again.folder.name]
    other = set_up(replace(recipe, device="cuda"))
    assert other.folder != again.folder and find_installation().device == "cuda"


def test_a_broken_one_is_made_again(home: Path, recipe: Recipe) -> None:
    made = set_up(recipe)
    next(made.folder.rglob("tinytwo.py")).unlink()
    repaired = set_up(recipe)
    assert ask(repaired.python, "import tinytwo; print(tinytwo.value)") == "tinytwo"
    assert environments(home) == [repaired.folder.name]


def test_other_requirements_are_told_and_renew_it(
    home: Path, recipe: Recipe, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    set_up(recipe)
    monkeypatch.setattr(interpreter, "engine_recipe", lambda device, cluster: recipe)
    assert interpreter.outdated() == ""
    changed = pin(tmp_path / "wheels", "tinytwo", "2.0", "value = 'new'\n")
    recipe.locks[0].write_text(pin(tmp_path / "wheels", "tinyone") + changed)
    assert "made for another version of GeoHG" in interpreter.outdated()
    renewed = set_up(recipe)
    assert ask(renewed.python, "import tinytwo; print(tinytwo.value)") == "new"
    assert interpreter.outdated() == "" and environments(home) == [renewed.folder.name]


@pytest.mark.parametrize("step", ["Making an environment", "Fetching tinytwo", "Checking that"])
def test_cancel_takes_two_seconds_and_leaves_nothing(
    request: pytest.FixtureRequest, home: Path, step: str
) -> None:
    real = request.getfixturevalue("real" if step.startswith("Making") else "recipe")
    looker = Looker(cancel_at=step)
    with pytest.raises(Cancelled):
        set_up(real, looker)
    # Two seconds, and one for a busy machine.
    assert time.monotonic() - looker.cancelled_at < 3.0
    assert find_installation() is None and environments(home) == []


def test_a_cancelled_renewal_leaves_what_was_there(home: Path, recipe: Recipe) -> None:
    before = set_up(recipe)
    with pytest.raises(Cancelled):
        set_up(recipe, Looker(cancel_at="Fetching tinytwo"), again=True)
    assert find_installation() == before and environments(home) == [before.folder.name]


def test_a_cancelled_program_leaves_no_process(home: Path, recipe: Recipe, tmp_path: Path) -> None:
    trace = tmp_path / "pid"
    code = f"import os, time\nopen({str(trace)!r}, 'w').write(str(os.getpid()))\ntime.sleep(60)\n"
    hanging = pin(tmp_path / "wheels", "tinyone", "1.0", code)
    recipe.locks[0].write_text(hanging + pin(tmp_path / "wheels", "tinytwo"))
    looker = Looker()

    def cancel_when_it_runs() -> None:
        while not (trace.exists() and trace.read_text()):
            time.sleep(0.05)
        looker.cancelled_at = time.monotonic()

    thread = threading.Thread(target=cancel_when_it_runs)
    thread.start()
    with pytest.raises(Cancelled):
        set_up(recipe, looker)
    thread.join()
    with pytest.raises(ProcessLookupError):
        os.kill(int(trace.read_text()), 0)


def test_a_file_that_is_not_the_pinned_one_is_refused(home: Path, recipe: Recipe) -> None:
    before = set_up(recipe)
    make_wheel(home.parent.parent / "wheels", "tinytwo", "1.0", "value = 'evil'\n")
    with pytest.raises(SetupError, match="does not match its pinned hash"):
        set_up(recipe, again=True)
    assert find_installation() == before and environments(home) == [before.folder.name]
    assert ask(before.python, "import tinytwo; print(tinytwo.value)") == "tinytwo"


def test_a_check_that_fails_is_no_environment(home: Path, recipe: Recipe) -> None:
    with pytest.raises(SetupError, match="No module named 'nothere'"):
        set_up(replace(recipe, packages=("tinyone", "nothere")))
    assert find_installation() is None and environments(home) == []


def test_a_package_that_is_not_there_is_told(home: Path, recipe: Recipe) -> None:
    (home.parent.parent / "wheels" / "tinyone-1.0-py3-none-any.whl").unlink()
    with pytest.raises(SetupError, match="has no build for this Python.*tinyone==1.0"):
        set_up(recipe)
    assert environments(home) == []


def test_two_at_once_are_refused_and_a_dead_one_is_not_waited_for(
    home: Path, recipe: Recipe
) -> None:
    with setup_lock(), pytest.raises(SetupError, match="Another window of QGIS"):
        set_up(recipe)
    with setup_lock(), pytest.raises(SetupError, match="Another window of QGIS"):
        installer.remove()
    code = (
        "import fcntl, sys, time\n"
        f"file = open({str(home / 'setup.lock')!r}, 'a')\n"
        "fcntl.flock(file, fcntl.LOCK_EX)\nprint('held', flush=True)\ntime.sleep(60)\n"
    )
    other = subprocess.Popen([sys.executable, "-c", code], stdout=subprocess.PIPE)
    try:
        assert other.stdout.readline() == b"held\n"
        with pytest.raises(BusyError), setup_lock():
            pass
    finally:
        other.kill()
        other.wait()
        other.stdout.close()
    (home / "engine-1").mkdir()  # what the dead one had begun
    assert set_up(recipe).folder.is_dir()
    assert len(environments(home)) == 1


def test_remove(home: Path, recipe: Recipe) -> None:
    set_up(recipe)
    assert installer.remove() == []
    assert find_installation() is None and environments(home) == []
    assert installer.remove() == []


@pytest.mark.parametrize(
    "text", ["", "[]", "{}", '{"folder": "../x", "requirements": "", "device": "cpu"}']
)
def test_rubbish_in_the_pointer_is_no_installation(home: Path, recipe: Recipe, text: str) -> None:
    set_up(recipe)
    (home / "engine.json").write_text(text)
    assert find_installation() is None


def test_uv_makes_it_where_it_is_present(
    home: Path, real: Recipe, monkeypatch: pytest.MonkeyPatch
) -> None:
    uv = pythons.find_uv()
    if uv is None:
        pytest.skip("uv is not installed")
    monkeypatch.setattr(installer, "find_uv", lambda: uv)
    made = set_up(real)
    assert ask(made.python, "import tinytwo; print(tinytwo.value)") == "tinytwo"
    assert "uv = " in (made.folder / "pyvenv.cfg").read_text()


def test_settings_of_pip_cannot_lead_it_elsewhere(
    home: Path, real: Recipe, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("PIP_TARGET", "PIP_PREFIX", "PYTHONPATH", "PYTHONHOME", "PYTHONEXECUTABLE"):
        monkeypatch.setenv(name, str(tmp_path / "elsewhere"))
    monkeypatch.setenv("PIP_USER", "1")
    made = set_up(real)
    assert ask(made.python, "import tinyone; print(tinyone.__file__)").startswith(str(made.folder))
    assert not (tmp_path / "elsewhere").exists()


def test_a_password_of_the_proxy_is_shown_nowhere(recipe: Recipe, tmp_path: Path) -> None:
    code = "import os\nprint(os.environ['HTTPS_PROXY'])\n"
    wheels = tmp_path / "wheels"
    recipe.locks[0].write_text(pin(wheels, "tinyone", "1.0", code) + pin(wheels, "tinytwo"))
    looker = Looker()
    proxies = {"HTTPS_PROXY": "http://me:secret@host:80", "HTTP_PROXY": "http://host:80"}
    installer.set_up(recipe, "", proxies, False, looker)
    assert "http://***@host:80" in looker.lines
    assert not [line for line in looker.lines if "secret" in line]


# --- the Python that it is made from ---


def _program(path: Path, text: str) -> str:
    path.write_text(f"#!/bin/sh\n{text}\n")
    path.chmod(0o755)
    return str(path)


@pytest.mark.parametrize(
    ("name", "text", "fault"),
    [
        ("qgis", "touch started", "is not called python"),
        ("python3", "exit 1", "does not start"),
        ("python3", """echo '{"version": [3, 9], "wide": true, "venv": true}'""", "is Python 3.9"),
        ("python3", """echo '{"version": [3, 14], "wide": true, "venv": true}'""", "3.14"),
        ("python3", """echo '{"version": [3, 12], "wide": false, "venv": true}'""", "32-bit"),
        ("python3", """echo '{"version": [3, 12], "wide": true, "venv": false}'""", "venv and pip"),
    ],
)
def test_a_chosen_python_that_will_not_do(
    home: Path, recipe: Recipe, tmp_path: Path, name: str, text: str, fault: str
) -> None:
    chosen = _program(tmp_path / name, text)
    with pytest.raises(SetupError, match=f"The chosen Python '.*' .*{fault}"):
        set_up(recipe, python=chosen)
    assert not (tmp_path / "started").exists() and environments(home) == []


def test_a_chosen_python_is_taken(real: Recipe, engine_python: str) -> None:
    made = set_up(real, python=engine_python)
    code = "import sys; print(sys.base_prefix)"
    assert ask(made.python, code) == ask(Path(engine_python), code)


def test_qgis_is_never_started_and_its_pip_is_not_needed(
    real: Recipe, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    trace = tmp_path / "started"
    folder = tmp_path / "bin"
    folder.mkdir()
    # QGIS's own Python has no pip; the next one on the path is a real one.
    bare = _program(folder / "python3.13", """echo '{"version":[3,13],"wide":true,"venv":false}'""")
    (folder / "python3.12").symlink_to(sys.executable)
    monkeypatch.setenv("PATH", str(folder), prepend=os.pathsep)
    monkeypatch.setattr(sys, "executable", _program(tmp_path / "qgis-bin", f"touch {trace}"))
    looker = Looker()
    assert set_up(real, looker).python.is_file()
    assert f"{bare} has no venv and pip" in "\n".join(looker.lines)
    assert not trace.exists()


def test_no_python_at_all_is_told(
    recipe: Recipe, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys, "executable", str(tmp_path / "qgis"))
    monkeypatch.setattr(pythons, "_search_path", lambda: str(tmp_path))
    with pytest.raises(SetupError, match="No Python 3.10 to 3.13 .* was found; install one"):
        set_up(recipe)


# --- disks ---


def test_too_little_room_is_found_before_the_long_work(recipe: Recipe) -> None:
    looker = Looker()
    with pytest.raises(SetupError, match="has .* GB free, and the engine needs 1000000.0 GB"):
        set_up(replace(recipe, bytes_needed=10**15), looker)
    assert looker.lines == []


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A disk on which not even pip has room."""
    folder = tmp_path / "small disk"
    folder.mkdir()
    command = ["mount", "-t", "tmpfs", "-o", "size=4m", "tmpfs", str(folder)]
    mount = shutil.which("mount")
    if mount is None or subprocess.run(command, capture_output=True).returncode:
        pytest.skip("a small disk cannot be mounted here")
    yield folder
    subprocess.run(["umount", "-l", str(folder)], check=True)


def test_a_disk_that_fills_up_is_told_and_freed(
    real: Recipe, small_disk: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("XDG_DATA_HOME", str(small_disk))
    with pytest.raises(SetupError, match="The disk is full; free some space"):
        set_up(replace(real, bytes_needed=0))
    assert environments(data_folder()) == [] and find_installation() is None


def test_a_data_folder_that_cannot_be_written_is_told(
    recipe: Recipe, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("XDG_DATA_HOME", "/proc")
    with pytest.raises(SetupError, match=r"\(\[Errno"):
        set_up(recipe)


# --- the real recipe ---


@pytest.mark.parametrize(
    ("system", "device", "build"),
    [
        ("linux", "cpu", "torch-cpu.txt"),
        ("linux", "cuda", "torch-pypi.txt"),
        ("win32", "cpu", "torch-pypi.txt"),
        ("win32", "cuda", "torch-cu130.txt"),
        ("darwin", "cpu", "torch-pypi.txt"),
    ],
)
def test_each_system_takes_its_build_of_pytorch(
    system: str, device: str, build: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys, "platform", system)
    recipe = engine_recipe(device)
    assert [lock.name for lock in recipe.locks] == ["requirements.txt", build]
    with_dask = engine_recipe(device, cluster=True)
    assert [lock.name for lock in with_dask.locks] == ["requirements.txt", build, "cluster.txt"]
    assert set(with_dask.packages) - set(recipe.packages) == {"distributed"}
    assert with_dask.requirements != recipe.requirements
    for lock in with_dask.locks:
        pins = lock.read_text().split("\n\n", 1)[1].replace("\\\n", " ").strip().splitlines()
        assert pins and all("==" in pin and "--hash=sha256:" in pin for pin in pins)


def test_the_real_check_passes_in_a_real_engine(engine_python: str) -> None:
    """It imports every package and trains on the toy graph."""
    looker: Any = Looker()
    setup = installer._Setup(engine_recipe("cpu"), {}, looker)
    setup._check(Path(engine_python), Path(engine_python).parent)
    printed = "\n".join(looker.lines)
    result = json.loads(printed[printed.index("{") :])
    assert result["CELLS"] == 36 and result["EPOCHS"] == 3
