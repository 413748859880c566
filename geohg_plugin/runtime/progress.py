"""How far an installation is, read from what pip or uv prints."""

from __future__ import annotations

import re

from ..translation import tr

_PIP_BEGUN = re.compile(r"(?:Collecting|Processing|Requirement already satisfied:) (\S+)")
_PIP_BYTES = re.compile(r"Progress (\d+) of (\d+)")
_PIP_INSTALLS = re.compile(r"Installing collected packages")
_UV_BEGUN = re.compile(r"Downloading (\S+ \(.*\))")
_UV_DONE = re.compile(r"Downloaded \S+$")
_UV_STEP = re.compile(r"(Resolved|Prepared|Installed) \d+ package")
_UV_STEPS = {"Resolved": 0.05, "Prepared": 0.85, "Installed": 1.0}
_FETCHED = 0.85  # of an installation's time, when all packages are there


class InstallProgress:
    """Follows the installation of one lock.

    Parameters
    ----------
    lock : str
        The text of the lock, whose packages are counted.

    Attributes
    ----------
    fraction : float
        Part of the work that is done, from 0 to 1; it never goes back.
    """

    def __init__(self, lock: str) -> None:
        self.total = max(len(re.findall(r"^[\w.-]+==", lock, re.MULTILINE)), 1)
        self.fraction = 0.0
        self._begun = 0

    def read(self, line: str) -> str:
        """Take a line; return the step in words, or "" where it tells of no new one."""
        line = line.strip()
        if found := _PIP_BEGUN.match(line):
            self._begun += 1
            self._reach((self._begun - 1) / self.total * _FETCHED)
            package = re.split(r"==|-\d", re.split(r"[/\\]", found[1])[-1])[0]
            return self._fetching(package)
        if (found := _PIP_BYTES.match(line)) and int(found[2]):
            part = min(int(found[1]) / int(found[2]), 1.0)
            self._reach((self._begun - 1 + part) / self.total * _FETCHED)
            return ""
        if _PIP_INSTALLS.match(line):
            self._reach(_FETCHED)
            return tr("Installing the packages")
        return self._read_uv(line)

    def _read_uv(self, line: str) -> str:
        if found := _UV_STEP.match(line):
            self._reach(_UV_STEPS[found[1]])
            return tr("Installing the packages") if found[1] == "Prepared" else ""
        found = _UV_BEGUN.match(line)
        if found and ".whl" not in found[1]:  # pip names files
            return tr("Downloading {package}").format(package=found[1])
        if _UV_DONE.match(line):
            self._begun += 1
            self._reach(self._begun / self.total * _FETCHED)
        return ""

    def _fetching(self, package: str) -> str:
        text = tr("Fetching {package} ({number} of {total})")
        number = min(self._begun, self.total)
        return text.format(package=package, number=number, total=self.total)

    def _reach(self, fraction: float) -> None:
        self.fraction = max(self.fraction, min(fraction, 1.0))
