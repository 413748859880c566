"""The engine of GeoHG: everything that needs no QGIS."""

import os

__version__ = "0.2.0"

# Threads that wait by spinning take the processor from each other: on a busy machine a run took
# ten times as long. It must be set before PyTorch is loaded.
os.environ.setdefault("OMP_WAIT_POLICY", "PASSIVE")
