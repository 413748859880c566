"""Work of milliseconds whose answer is known, which can be slow, fail, and kill its worker."""

import os
import signal
import time
from pathlib import Path

import numpy as np

from geohg.engine.data.builders.blocks import Block


def cut(rows, cols, side):
    """Blocks of `side` cells over a grid."""
    corners = [(row, col) for row in range(0, rows, side) for col in range(0, cols, side)]
    return [
        Block(number, row, min(row + side, rows), col, min(col + side, cols))
        for number, (row, col) in enumerate(corners)
    ]


def truth(rows, cols, base=0.0):
    """What all blocks together are."""
    row, col = np.mgrid[:rows, :cols]
    mean = base + 1000.0 * row + col
    return {"mean": mean, "std": np.hypot(row, col)}


def load_state(description):
    if description.get("no_state"):
        raise ValueError("no state")
    return description


def make_block(state, block, progress):
    assert isinstance(hash(block), int)  # all of it is what it was
    if state.get("warns"):
        progress.warning("The toy warns.")
    if state.get("fails") == block.number:
        raise MemoryError("too large") if state.get("by_memory") else ZeroDivisionError("toy")
    _die(state, block)
    seconds = state.get("seconds", 0.0)
    if block.number == 0:
        seconds = state.get("first", seconds)
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        progress.report(0.5, "slow")
        time.sleep(0.01)
    base = float(state["base"]) + len(state["files"].get("model", b""))
    row, col = np.mgrid[block.row0 : block.row1, block.col0 : block.col1]
    return {"mean": base + 1000.0 * row + col, "std": np.hypot(row, col)}


def _die(state, block):
    """Kill this process: at its first block, or at every try of one."""
    if state.get("dies_at") == block.number:
        os.kill(os.getpid(), signal.SIGKILL)
    once = state.get("dies_once")
    if once and not Path(once).exists():
        Path(once).touch()
        os.kill(os.getpid(), signal.SIGKILL)
