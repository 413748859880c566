"""Makes the engine's environment: apart from QGIS, whole or not at all."""

from __future__ import annotations

import json
import os
import re
import shutil
import tempfile
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Protocol

from ..resources import ROOT
from ..translation import tr
from . import faults
from .commands import run_command
from .environment import child_environment
from .folders import data_folder
from .installation import (
    BusyError,
    Installation,
    activate,
    find_installation,
    forget,
    new_folder,
    remove_unused,
    setup_lock,
)
from .progress import InstallProgress
from .pythons import find_base, find_uv
from .recipe import Recipe

_MADE, _INSTALLED = 5.0, 85.0  # percent of the whole when a step is done
_RAW_PROGRESS = (24, 1)  # the first pip that tells its progress to a program
_FULL_BYTES = 20_000_000  # a disk with less free space than this is full
# They would send the packages elsewhere than into the environment.
_MISLEADING = ("PIP_USER", "PIP_TARGET", "PIP_PREFIX", "PIP_ROOT", "PIP_PYTHON", "UV_PYTHON")
_IMPORT = """
import importlib, sys
for name in sys.argv[1:]:
    importlib.import_module(name)
"""


class SetupError(Exception):
    """The setup failed; the text says what was wrong and one thing to do."""


class Watcher(Protocol):
    """Who looks on; called from the thread that sets up."""

    def progress(self, percent: float, text: str) -> None:
        """Take how far it is, and the step in words, "" for the same as before."""

    def line(self, text: str) -> None:
        """Take a line that a program printed."""

    def cancelled(self) -> bool:
        """Whether to stop."""


def set_up(
    recipe: Recipe, python: str, proxies: Mapping[str, str], again: bool, watcher: Watcher
) -> Installation:
    """Make the environment of a recipe, or leave the one that is there if it is good.

    Parameters
    ----------
    recipe : Recipe
        What to install, and how to check it.
    python : str
        The Python to make it from, or "" to look for one.
    proxies : mapping
        Environment variables that name the proxies of QGIS.
    again : bool
        Whether to make it even where a good one is there.
    watcher : Watcher
        Who looks on.

    Raises
    ------
    SetupError
        If it failed. The environment that was there before still counts then.
    Cancelled
        If the user wanted to stop; the same holds.
    """
    with _alone():
        remove_unused()
        return _Setup(recipe, proxies, watcher).run(python, again)


def remove() -> list[Path]:
    """Remove the environment; return folders that could not be removed, being in use.

    Raises
    ------
    SetupError
        If another setup is at work, or the data folder cannot be written to.
    """
    with _alone():
        forget()
        return remove_unused()


@contextmanager
def _alone() -> Iterator[None]:
    """Keep other setups out; what the system refuses meanwhile is told in one sentence."""
    try:
        with setup_lock():
            yield
    except BusyError:
        raise SetupError(
            tr("Another window of QGIS is setting up the engine; wait until it is done.")
        ) from None
    except OSError as error:
        raise SetupError(_sentence(faults.fault_of(str(error)), str(error))) from error


class _Setup:
    """One run of the setup."""

    def __init__(self, recipe: Recipe, proxies: Mapping[str, str], watcher: Watcher) -> None:
        self.recipe = recipe
        self.watcher = watcher
        self.printed: list[str] = []
        self.environment = {
            name: value
            for name, value in child_environment().items()
            if name.upper() not in _MISLEADING
        }
        self.environment.update(proxies, PIP_USER="0", PIP_REQUIRE_VIRTUALENV="0")
        self.secrets = [url.split("@")[0].split("//")[1] for url in proxies.values() if "@" in url]

    def run(self, chosen: str, again: bool) -> Installation:
        """Make, check and activate; whatever happens, no half of an environment stays."""
        present = find_installation()
        if present is not None and not again and self._is_good(present):
            return present
        uv = find_uv()
        base = self._base_python(chosen, uv)
        self._check_space()
        folder = new_folder()
        made = Installation(folder, self.recipe.requirements, self.recipe.device)
        try:
            self._make(folder, base, uv)
            self._unpack_in(folder / "tmp")
            self._install(made.python, folder, uv)
            self._check(made.python, folder)
            shutil.rmtree(folder / "tmp", ignore_errors=True)
            activate(made)
        except BaseException:
            shutil.rmtree(folder, ignore_errors=True)
            raise
        remove_unused()
        self.watcher.progress(100.0, tr("The engine is ready"))
        return made

    def _is_good(self, present: Installation) -> bool:
        wanted = (self.recipe.requirements, self.recipe.device)
        if (present.requirements, present.device) != wanted:
            return False
        try:
            self._check(present.python, present.folder)
        except SetupError:
            self.watcher.line(tr("The existing environment does not work; making a new one."))
            return False
        self.watcher.progress(100.0, tr("The engine was already set up"))
        return True

    def _base_python(self, chosen: str, uv: str | None) -> str:
        """The Python to make the environment from; "" lets uv download one."""
        found, refused = find_base(os.path.expanduser(chosen), uv is not None)
        for one in refused:
            self.watcher.line(tr("{path} {fault}.").format(path=one.path, fault=one.fault))
        if found is not None:
            return found.path
        if chosen:
            text = tr("The chosen Python '{path}' {fault}; choose one of 3.10 to 3.13.")
            raise SetupError(text.format(path=chosen, fault=refused[0].fault))
        if uv is None:
            raise SetupError(
                tr(
                    "No Python 3.10 to 3.13 that can make environments was found; install one from "
                    "python.org (Debian and Ubuntu: python3-venv), or install uv."
                )
            )
        return ""

    def _check_space(self) -> None:
        free = shutil.disk_usage(data_folder()).free
        if free < self.recipe.bytes_needed:
            text = tr(
                "The disk of '{folder}' has {free:.1f} GB free, and the engine needs "
                "{needed:.1f} GB; free some space, then run it again."
            )
            needed = self.recipe.bytes_needed / 1e9
            raise SetupError(text.format(folder=data_folder(), free=free / 1e9, needed=needed))

    def _make(self, folder: Path, base: str, uv: str | None) -> None:
        self.watcher.progress(0.0, tr("Making an environment"))
        if uv is not None:
            command = [uv, "venv", "--no-project", "--python", base or "3.12", str(folder)]
        else:
            command = [base, "-I", "-m", "venv", str(folder)]
        self._run(command, data_folder())

    def _unpack_in(self, folder: Path) -> None:
        """Unpack packages on the same disk; a system's place for that may be small."""
        folder.mkdir()
        self.environment.update(dict.fromkeys(("TMPDIR", "TEMP", "TMP"), str(folder)))

    def _install(self, python: Path, folder: Path, uv: str | None) -> None:
        if uv is not None:
            command = [uv, "pip", "install", "--python", str(python)]
            command += ["--no-deps", "--require-hashes", "--only-binary", ":all:"]
        else:
            command = [str(python), "-I", "-X", "utf8", "-m", "pip", "install", "--no-input"]
            command += ["--no-deps", "--require-hashes", "--only-binary=:all:"]
            command += ["--disable-pip-version-check", f"--progress-bar={_progress_bar(folder)}"]
        share = (_INSTALLED - _MADE) / len(self.recipe.locks)
        for number, lock in enumerate(self.recipe.locks):
            progress = InstallProgress(lock.read_text(encoding="utf-8"))

            def show(line: str, done: float = _MADE + number * share) -> None:
                text = progress.read(line)  # noqa: B023 - called within this turn only
                self.watcher.progress(done + share * progress.fraction, text)  # noqa: B023

            self._run([*command, "-r", str(lock)], folder, show)

    def _check(self, python: Path, folder: Path) -> None:
        self.watcher.progress(_INSTALLED, tr("Checking that everything loads"))
        self._run([str(python), "-I", "-c", _IMPORT, *self.recipe.packages], folder)
        if self.recipe.request is None:
            return
        self.watcher.progress(_INSTALLED + 5.0, tr("Training on a toy graph"))
        with tempfile.TemporaryDirectory(prefix="geohg-") as scratch:
            request = Path(scratch) / "request.json"
            request.write_text(json.dumps(self.recipe.request), encoding="utf-8")
            engine = str(ROOT / "engine" / "__main__.py")
            self._run([str(python), "-I", "-u", engine, "run", str(request)], Path(scratch))

    def _run(
        self, command: list[str], folder: Path, show: Callable[[str], None] | None = None
    ) -> None:
        """Run a program of the setup; a failure becomes the one sentence about it."""
        self.printed = []

        def take(line: str) -> None:
            for secret in self.secrets:
                line = line.replace(secret, "***")
            self.printed.append(line)
            if not line.startswith("Progress "):
                self.watcher.line(line)
            if show is not None:
                show(line)

        code = run_command(command, folder, self.environment, take, self.watcher.cancelled)
        if code != 0:
            raise SetupError(_sentence(self._fault(), self._last_words(code)))

    def _fault(self) -> str:
        # What making an environment starts may swallow the reason.
        if shutil.disk_usage(data_folder()).free < _FULL_BYTES:
            return "disk"
        return faults.fault_of("\n".join(self.printed))

    def _last_words(self, code: int) -> str:
        lines = [line.strip() for line in self.printed if line.strip()]
        errors = [line for line in lines if re.match(r"error\b", line, re.IGNORECASE)]
        return (errors or lines or [tr("It ended with code {code}.").format(code=code)])[-1]


def _progress_bar(folder: Path) -> str:
    """The kind of progress that the pip of an environment can tell to a program."""
    about = next(folder.glob("[Ll]ib/**/site-packages/pip-*.dist-info"), folder)
    found = re.match(r"pip-(\d+)\.(\d+)", about.name)
    return "raw" if found and (int(found[1]), int(found[2])) >= _RAW_PROGRESS else "off"


def _sentence(kind: str, detail: str) -> str:
    return tr("{remedy} ({detail})").format(remedy=faults.remedy(kind), detail=detail)
