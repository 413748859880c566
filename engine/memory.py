"""Memory that a process of GeoHG's own keeps from one computation to the next."""

from __future__ import annotations

import ctypes
import gc
import sys

# Of `mallopt` in glibc's malloc.h.
_TRIM_THRESHOLD, _TOP_PAD, _MMAP_THRESHOLD = -1, -2, -3
_KEPT_BYTES = 1 << 28


def keep_memory() -> None:
    """Let freed memory be used again at once, 256 MiB of it: it takes the system long to clear.

    Every step of a fit uses the same few megabytes; on glibc it then takes two thirds of the time.
    """
    if mallopt := _libc("mallopt"):
        for option in (_TRIM_THRESHOLD, _MMAP_THRESHOLD):
            mallopt(option, _KEPT_BYTES)
        mallopt(_TOP_PAD, _KEPT_BYTES // 16)


def free_memory() -> None:
    """Give back to the system what the last job used."""
    gc.collect()
    torch = sys.modules.get("torch")
    if torch is not None and torch.cuda.is_initialized():
        torch.cuda.empty_cache()
    if trim := _libc("malloc_trim"):
        trim(0)


def _libc(name: str) -> ctypes._NamedFuncPointer | None:
    """A function of the C library; None where it has none of this name."""
    if sys.platform != "linux":
        return None
    try:
        return getattr(ctypes.CDLL(None), name)
    except (OSError, AttributeError):
        return None
