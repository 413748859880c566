"""Finds a Python that can run the engine."""

from __future__ import annotations

import importlib.util
import json
import os
import sys
from collections.abc import Iterator
from dataclasses import dataclass

from ...engine.errors import GeoHGError
from ..settings import INSIDE, engine_python, run_in
from ..translation import tr
from .installation import find_installation
from .processes import answer
from .pythons import is_python
from .recipe import PACKAGES, engine_recipe

_CHECK = """
import importlib, importlib.util, json, sys
names = sys.argv[2:]
missing = [name for name in names if importlib.util.find_spec(name) is None]
if sys.argv[1] == "import" and not missing:
    for name in names:
        importlib.import_module(name)
print(json.dumps(missing))
"""
_CHECK_SECONDS = 120

CHOSEN, INSTALLED, OWN = "chosen", "installed", "own"

_usable: set[str] = set()  # found good in this session; what failed is looked at again


class EngineMissingError(GeoHGError):
    """No Python can run the engine; the text says how to get one."""


@dataclass(frozen=True)
class Candidate:
    """A Python that may run the engine.

    Parameters
    ----------
    kind : str
        "chosen" by the user, "installed" by the setup, or QGIS's "own".
    path : str
        Where it is.
    origin : str
        What named it, for the user.
    fault : str
        Why it cannot run the engine, or "" if it can.
    """

    kind: str
    path: str
    origin: str
    fault: str


def find_interpreter() -> str:
    """Path of the Python that runs the engine.

    The user's choice comes first, and is never passed over in silence. Without one, it is
    the environment that the setup made, and then QGIS's own Python, if it is a Python at
    all and can import everything.

    Raises
    ------
    EngineMissingError
        If there is none, or the chosen one will not do.
    """
    broken = None
    for candidate in candidates():
        if not candidate.fault:
            return candidate.path
        if candidate.kind == CHOSEN:
            raise EngineMissingError(_how_to(candidate))
        if candidate.kind == INSTALLED:
            broken = candidate
    raise EngineMissingError(_how_to(broken))


def may_have_engine() -> bool:
    """Whether a Python may run the engine, as far as is known without starting one."""
    if engine_python().path or run_in() == INSIDE or find_installation() is not None:
        return True
    return importlib.util.find_spec("torch_geometric") is not None


def candidates() -> Iterator[Candidate]:
    """Every Python that may run the engine, the first choice first."""
    chosen = engine_python()
    if chosen.path:
        path = os.path.expanduser(chosen.path)
        yield Candidate(CHOSEN, path, chosen.origin, _fault(path, "find"))
    installation = find_installation()
    if installation is not None:
        path = str(installation.python)
        yield Candidate(INSTALLED, path, tr("Set up the engine"), _fault(path, "find"))
    own = sys.executable or ""
    fault = _fault(own, "import") if is_python(own) else tr("is not a Python, and was not started")
    yield Candidate(OWN, own, tr("QGIS"), fault)


def outdated() -> str:
    """What to tell where the setup's environment is of other requirements than this GeoHG's.

    It is "" where the environment is as it should be, or is not the one that runs the engine.
    """
    installation = find_installation()
    if installation is None or engine_python().path or run_in() == INSIDE:
        return ""
    recipes = (engine_recipe(installation.device, cluster) for cluster in (False, True))
    if installation.requirements in {recipe.requirements for recipe in recipes}:
        return ""
    return tr(
        "The engine's environment was made for another version of GeoHG; run Processing Toolbox "
        "> GeoHG > Set up the engine to renew it."
    )


def _fault(path: str, how: str) -> str:
    if not os.path.isfile(path) or not os.access(path, os.X_OK):
        return tr("is not a program")
    if path in _usable:
        return ""
    missing = _missing_packages(path, how)
    if missing is None:
        return tr("does not start")
    if missing:
        return tr("lacks {packages}").format(packages=", ".join(missing))
    _usable.add(path)
    return ""


def _how_to(refused: Candidate | None) -> str:
    """What is wrong, and first of all that Set up the engine mends it."""
    remedy = tr("run Processing Toolbox > GeoHG > Set up the engine (geohg:setupengine)")
    if refused is None:
        return tr("The engine of GeoHG is not set up yet: {remedy}.").format(remedy=remedy)
    if refused.kind == CHOSEN:
        text = tr("{remedy} and undo this choice, or choose another Python")
        remedy = text.format(remedy=remedy)
    text = tr("The engine's Python '{path}', from {origin}, {fault}: {remedy}.")
    return text.format(path=refused.path, origin=refused.origin, fault=refused.fault, remedy=remedy)


def _missing_packages(path: str, how: str) -> list[str] | None:
    """Packages that the Python at `path` lacks; None if it cannot tell."""
    command = [path, "-I", "-c", _CHECK, how, *PACKAGES]
    try:
        printed = answer(command, _CHECK_SECONDS)
        missing = json.loads(printed.decode("utf-8").splitlines()[-1])
    except (OSError, ValueError, IndexError):
        return None
    return [str(name) for name in missing]
