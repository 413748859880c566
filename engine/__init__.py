"""The engine of GeoHG: everything that needs no QGIS."""

__version__ = "0.2.0"
