"""What NVIDIA's own program tells of the graphics cards."""

from __future__ import annotations

import shutil
from dataclasses import dataclass

from ..translation import tr
from .processes import answer

_DRIVER = 580  # the first that runs CUDA 13, which the pinned PyTorch is built with
_SECONDS = 20


@dataclass(frozen=True)
class GraphicsCard:
    """A graphics card, its memory in MiB as text, and the version of its driver."""

    name: str
    memory: str
    driver: str


def graphics_cards() -> list[GraphicsCard]:
    """The NVIDIA cards of this computer; empty where there is none, or no driver."""
    program = shutil.which("nvidia-smi")
    if program is None:
        return []
    command = [program, "--query-gpu=name,memory.total,driver_version", "--format=csv,noheader"]
    try:
        printed = answer(command, _SECONDS)
    except OSError:
        return []
    lines = printed.decode("utf-8", errors="replace").splitlines()
    fields = [[part.strip() for part in line.split(",")] for line in lines]
    return [GraphicsCard(*parts) for parts in fields if len(parts) == 3]


def cuda_fault() -> str:
    """Why CUDA cannot be used on this computer, and what to do; "" if nothing is known."""
    cards = graphics_cards()
    if not cards:
        return tr("No NVIDIA card with a working driver was found; choose CPU as the device.")
    driver = cards[0].driver
    major = driver.split(".")[0]
    if major.isdecimal() and int(major) < _DRIVER:
        text = tr(
            "The NVIDIA driver {driver} is too old for CUDA 13; update it to {needed} or later, or "
            "choose CPU as the device."
        )
        return text.format(driver=driver, needed=_DRIVER)
    return ""
