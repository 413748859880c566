"""A process of GeoHG's own uses memory again, and gives it back after a job."""

import importlib.util
import subprocess
import sys

import pytest

from geohg.engine.memory import free_memory, keep_memory

USES = """
import ctypes, resource
libc = ctypes.CDLL(None)
libc.malloc.restype, libc.free.argtypes = ctypes.c_void_p, [ctypes.c_void_p]

def faults():
    before = resource.getrusage(resource.RUSAGE_SELF).ru_minflt
    for _ in range(20):
        part = libc.malloc(40_000_000)
        ctypes.memset(part, 1, 40_000_000)
        libc.free(part)
    return resource.getrusage(resource.RUSAGE_SELF).ru_minflt - before
"""


@pytest.mark.skipif(sys.platform != "linux", reason="others keep memory in their own ways")
def test_memory_is_kept_until_it_is_freed():
    path = importlib.util.find_spec("geohg.engine.memory").origin
    program = f"""{USES}
import importlib.util
spec = importlib.util.spec_from_file_location("memory", {path!r})
memory = importlib.util.module_from_spec(spec)
spec.loader.exec_module(memory)
first = faults()
memory.keep_memory()
faults()
kept = faults()
pages = lambda: int(open("/proc/self/statm").read().split()[1])
held = pages()
memory.free_memory()
print(first, kept, held - pages())
"""
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True)
    first, kept, freed = map(int, done.stdout.split())
    # A page has 4,096 bytes or more; 20 times 40 MB were used.
    assert first > 10 * kept and freed > 100, done.stderr


def test_a_system_without_them_is_left_alone(monkeypatch):
    monkeypatch.setattr(sys, "platform", "win32")
    keep_memory()
    free_memory()
