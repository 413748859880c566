"""The error tree: every failure that a user can cause or meet has a class here."""


class GeoHGError(Exception):
    """Base of all errors that GeoHG raises on purpose.

    The text is one clear sentence for the user: what was wrong, what was got,
    what was expected and what to do.
    """


class InputError(GeoHGError, ValueError):
    """A parameter, table, raster or grid that cannot be used as given."""


class FileFormatError(GeoHGError, ValueError):
    """A graph, model or encoder file that is truncated, of another kind, or does not fit."""


class OutputError(GeoHGError, OSError):
    """An output that cannot be written where it was asked for."""


class FitError(GeoHGError, RuntimeError):
    """A model that could not be fitted to the data given."""


class Cancelled(GeoHGError):
    """The user cancelled; nothing was written."""
