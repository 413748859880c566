"""The table of the toolkit's page: what each of its rows is, and that the page says so."""

from __future__ import annotations

import pytest

from ..conftest import SHARED
from . import test_command_rows, test_file_rows, test_library_rows, test_module_rows
from .world import QUICK, SETTINGS, SOURCE, STEPS

ROWS = [
    row
    for file in (test_library_rows, test_module_rows, test_file_rows, test_command_rows)
    for row in file.TABLE.rows
]


def plain(text: str) -> str:
    """A text with one blank for each run of them, and without the tree's lines."""
    return " ".join(text.replace("│", " ").replace("├──", " ").replace("└──", " ").split())


def test_every_row_stands_once_and_says_why_where_it_differs() -> None:
    texts = [row.text for row in ROWS]
    assert len(set(texts)) == len(texts) == 149
    reasons = [row.but for row in ROWS if row.but]
    assert len(reasons) == 24 and all(len(reason.split()) > 8 for reason in reasons)


def test_the_page_says_it_in_these_words() -> None:
    found = [path.read_text(encoding="utf-8") for path in (SHARED.parent / "seed").glob("*.txt")]
    pages = [plain(text) for text in found if "GeoHGInterpolator.from_dataframe" in text]
    if not pages:
        pytest.skip("the toolkit's page is not at hand")
    blocks = [line for text in (SETTINGS, SOURCE, STEPS, QUICK) for line in text.splitlines()]
    own = "interp.set_params(masked_ratio=0)"
    wanted = [row.text for row in ROWS] + [line for line in blocks if line != own]
    assert [text for text in wanted if plain(text) not in pages[0]] == []
