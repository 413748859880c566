"""Run the notebook and store in it what its cells show.

    GEOHG_DATA=DATA .venv/bin/python docs/site/notebook.py

DATA holds the public cities; without it the part on Guangzhou has no map.
"""

from __future__ import annotations

import ast
import base64
import contextlib
import io
import json
import os
import pprint
import sys
import tempfile
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[2]
NOTEBOOK = ROOT / "notebooks" / "quickstart_interpolation.ipynb"
sys.path.insert(0, str(ROOT / "tests"))

import conftest  # noqa: E402, F401 - it makes the project importable as `geohg`

Output = dict[str, Any]


def execute(sources: Iterable[str], names: dict[str, Any]) -> Iterator[list[Output]]:
    """Run cells in one namespace; what each shows, in the form of a notebook."""
    for number, source in enumerate(sources, 1):
        tree = ast.parse(source)
        last = tree.body.pop() if isinstance(tree.body[-1], ast.Expr) else None
        printed = io.StringIO()
        with contextlib.redirect_stdout(printed):
            exec(compile(tree, f"cell {number}", "exec"), names)  # noqa: S102
            code = compile(ast.Expression(last.value), f"cell {number}", "eval") if last else "None"
            value = eval(code, names)  # noqa: S307
        text = printed.getvalue().splitlines(keepends=True)
        stream = [{"name": "stdout", "output_type": "stream", "text": text}] if text else []
        yield [*stream, *_figures(), *_shown(value, number)]


def _figures() -> Iterator[Output]:
    """The figures of pyplot, which are closed."""
    if "matplotlib.pyplot" not in sys.modules:
        return
    import matplotlib.pyplot as plt

    for number in plt.get_fignums():
        picture = io.BytesIO()
        plt.figure(number).savefig(picture, format="png", dpi=70)
        encoded = base64.b64encode(picture.getvalue()).decode("ascii")
        yield {"data": {"image/png": encoded}, "metadata": {}, "output_type": "display_data"}
    plt.close("all")


def _shown(value: Any, number: int) -> Iterator[Output]:
    """The value that a cell ends with."""
    if value is None:
        return
    data = {"text/plain": pprint.pformat(value, sort_dicts=False).splitlines(keepends=True)}
    if hasattr(value, "_repr_html_"):
        data["text/html"] = value._repr_html_().splitlines(keepends=True)
    result = {"data": data, "metadata": {}, "output_type": "execute_result"}
    yield {**result, "execution_count": number}


def main() -> None:
    """Store the outputs."""
    notebook = json.loads(NOTEBOOK.read_text(encoding="utf-8"))
    code = [cell for cell in notebook["cells"] if cell["cell_type"] == "code"]
    with tempfile.TemporaryDirectory() as folder:
        os.chdir(folder)
        outputs = execute(("".join(cell["source"]) for cell in code), {})
        for number, (cell, shown) in enumerate(zip(code, outputs), 1):
            cell.update(outputs=shown, execution_count=number)
        os.chdir(ROOT)
    text = json.dumps(notebook, ensure_ascii=False, indent=1, sort_keys=True)
    NOTEBOOK.write_text(text + "\n", encoding="utf-8")


if __name__ == "__main__":
    os.environ.setdefault("MPLBACKEND", "Agg")
    main()
