"""How figures are drawn: their look, and how they become pixels."""

from __future__ import annotations

import base64
import functools
import io
import re
import textwrap
import threading
import unicodedata
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from weakref import WeakKeyDictionary

import matplotlib
from matplotlib import font_manager
from matplotlib.figure import Figure
from matplotlib.ticker import MaxNLocator
from matplotlib.transforms import Bbox

from ..errors import InputError, OutputError
from ..files import OutputSet
from ..language import ENGLISH, language, tr

# Inches. A whole figure fills the column of a page, a half one stands beside another.
WHOLE = (5.8, 4.6)
HALF = (3.3, 3.3)
# Inches left around a figure.
_PAD = 0.04
_ONE_AT_A_TIME = threading.RLock()
_BOXES: WeakKeyDictionary[Figure, Bbox] = WeakKeyDictionary()
# White space to textwrap, but found in no text.
_BREAK = "\v"
_UNIT = re.compile(r"[\[(（]\S*[\])）]\S*$")

# Formats of a figure's file, and what is kept out of it, so that the same run gives the same bytes.
_METADATA: dict[str, dict[str, None]] = {"png": {"Software": None}, "svg": {"Date": None}}
# A tenth larger than at zlib's own level, in a third of its time.
_QUICK: dict[str, dict[str, Any]] = {"png": {"pil_kwargs": {"compress_level": 3}}}
# From so many marks on, a drawing of outlines holds them as pixels.
_MANY = 2000

INK = "#222222"
GREY = "#8a8f94"
BLUE = "#1f5a80"
ORANGE = "#c8641e"

# The first comes with matplotlib; of those with Chinese characters, the best that is there is used.
_LATIN = "DejaVu Sans"
_CHINESE = (
    "Noto Sans CJK SC",
    "Noto Sans SC",
    "Source Han Sans SC",
    "Source Han Sans CN",
    "Microsoft YaHei",
    "PingFang SC",
    "Hiragino Sans GB",
    "WenQuanYi Micro Hei",
    "WenQuanYi Zen Hei",
    "Noto Sans CJK JP",
    "Droid Sans Fallback",
    "STHeiti",
    "SimHei",
    "Arial Unicode MS",
)


def save_figures(
    figures: Mapping[str, Figure], folder: str | Path, file_format: str = "png"
) -> list[Path]:
    """Write figures as files named as they are: all of them, or none.

    Parameters
    ----------
    figures : mapping of str to Figure
        Figures by name.
    folder : path
        Where to write; made where it is missing.
    file_format : str
        `png` or `svg`.

    Returns
    -------
    list of Path
        The files, in the order of the figures.

    Raises
    ------
    InputError
        If the format is unknown.
    OutputError
        If the folder cannot be made or written.
    """
    if file_format not in _METADATA:
        raise InputError(
            tr("Figures are written as png and svg, not as '{file_format}'.").format(
                file_format=file_format
            )
        )
    path = Path(folder)
    try:
        path.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise OutputError(
            tr("The folder '{folder}' cannot be made: {reason}.").format(
                folder=path, reason=error.strerror
            )
        ) from error
    names = {f"{name}.{file_format}": figure for name, figure in figures.items()}
    with OutputSet({name: path / name for name in names}) as outputs:
        for name, figure in names.items():
            outputs.stage(name).write_bytes(_draw(figure, file_format, 200))
        outputs.commit()
    return list(outputs.paths.values())


def to_png(figure: Figure, path: str | Path, dpi: int = 150) -> None:
    """Write a figure as a PNG file."""
    Path(path).write_bytes(_draw(figure, "png", dpi))


def to_data_uri(figure: Figure, dpi: int = 200) -> str:
    """A figure as an address that holds the picture itself.

    Pixels, not outlines: the viewers of some QGIS builds draw SVG only in part.
    """
    return "data:image/png;base64," + base64.b64encode(_draw(figure, "png", dpi)).decode("ascii")


def css_width(figure: Figure) -> int:
    """Pixels of 1/96 inch that a figure is wide as drawn."""
    with style():
        return round(96 * _settled(figure).width)


def _draw(figure: Figure, file_format: str, dpi: int) -> bytes:
    buffer = io.BytesIO()
    with style():
        # The format is named, since a file being written may have any suffix.
        figure.savefig(
            buffer,
            format=file_format,
            dpi=dpi,
            bbox_inches=_settled(figure),
            metadata=_METADATA[file_format],
            **_QUICK.get(file_format, {}),
        )
    return buffer.getvalue()


def _settled(figure: Figure) -> Bbox:
    """The inches that a figure takes; its parts get their places once."""
    if figure not in _BOXES:
        if engine := figure.get_layout_engine():  # everything fits in the figure then
            engine.execute(figure)
            figure.set_layout_engine("none")
            _BOXES[figure] = figure.bbox_inches.frozen()
        else:
            _BOXES[figure] = figure.get_tightbbox().padded(_PAD)
    return _BOXES[figure]


@contextmanager
def style() -> Iterator[None]:
    """Matplotlib's settings for the time that a figure is made or drawn."""
    # They are the same for all threads, of which each may draw for a job in another language.
    with (
        _ONE_AT_A_TIME,
        matplotlib.rc_context(
            {
                "font.family": list(_fonts()),
                "font.size": 9.0,
                "axes.edgecolor": GREY,
                "axes.labelcolor": INK,
                "axes.linewidth": 0.6,
                "axes.spines.right": False,
                "axes.spines.top": False,
                # What all numbers of an axis begin with is told once where that is much.
                "axes.formatter.useoffset": True,
                "axes.formatter.offset_threshold": 6,
                "axes.formatter.limits": (-6, 9),
                "xtick.color": INK,
                "ytick.color": INK,
                "xtick.major.width": 0.6,
                "ytick.major.width": 0.6,
                "svg.hashsalt": "geohg",
            }
        ),
    ):
        yield


def ticks(count: float) -> MaxNLocator:
    """About `count` ticks at round numbers."""
    return MaxNLocator(max(2, int(count)), steps=[1, 2, 2.5, 5, 10])


def marker_area(count: int) -> float:
    """Area of a dot, in square points: smaller where there are many."""
    return min(16.0, max(2.0, 1600 / max(count, 1)))


def raster(count: int) -> bool:
    """Whether so many marks are too many to be outlines."""
    return count > _MANY


def wrap(text: str, width: int) -> str:
    """Text from data in two lines of at most `width` columns: wide characters take two.

    A unit in brackets at its end stays in one piece.
    """
    plain = legible(" ".join(text.split()))
    unit = _UNIT.search(plain)
    end = unit.start() if unit else len(plain)
    marked = "".join(map(_mark, plain[:end])) + plain[end:]
    wrapper = textwrap.TextWrapper(
        max(width, 16), max_lines=2, placeholder=" …", replace_whitespace=False
    )
    return wrapper.fill(marked).replace(_BREAK, "")


def _mark(character: str) -> str:
    """A character; after a wide one a line may break, since Chinese has no spaces."""
    wide = unicodedata.east_asian_width(character) in "WF"
    return f"{character}{_BREAK}" if wide else character


def drawn_language() -> str:
    """The language of the job, if a font has its characters, and else English."""
    return language() if len(_fonts()) > 1 else ENGLISH


def legible(text: str) -> str:
    """`text` with a question mark for each character that no font has."""
    known = _characters(_fonts())
    return "".join(character if ord(character) in known else "?" for character in text)


def _fonts() -> tuple[str, ...]:
    """Fonts to draw text with: each character is of the first that has it."""
    # Matplotlib complains about each that is not installed.
    installed = {font.name for font in font_manager.fontManager.ttflist}
    chinese = next((name for name in _CHINESE if name in installed), None)
    if chinese is None:
        return (_LATIN,)
    return (_LATIN, chinese) if language() == ENGLISH else (chinese, _LATIN)


@functools.cache
def _characters(fonts: tuple[str, ...]) -> frozenset[int]:
    """Codes of the characters that are in any of the fonts."""
    files = (font_manager.findfont(name) for name in fonts)
    return frozenset(code for file in files for code in font_manager.get_font(file).get_charmap())
