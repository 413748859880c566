"""The script that collects what is said, on small made-up sources, and its checks."""

from __future__ import annotations

import importlib.util
from pathlib import Path
from types import ModuleType

import pytest

from geohg.engine import language

ROOT = Path(__file__).parent.parent


@pytest.fixture(scope="module")
def update() -> ModuleType:
    """The script as a module."""
    spec = importlib.util.spec_from_file_location("update", ROOT / "i18n" / "update.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """A small project, with one text in a module of the plugin."""
    for room in ("geohg_plugin/runtime", "engine/report", "i18n"):
        (tmp_path / room).mkdir(parents=True)
    _write(tmp_path, "geohg_plugin/runtime/a.py", 'tr("{count} points")')
    return tmp_path


def _write(root: Path, name: str, text: str) -> None:
    (root / name).write_text(text, encoding="utf-8")


def test_texts_of_modules_and_templates_are_collected(update: ModuleType, root: Path) -> None:
    _write(
        root, "engine/b.py", 'def f(n):\n    return language.tr("a "\n  "b\\n").format(n=tr("c"))'
    )
    page = (
        '<p title="{{ tr("d") }}">{% set x = tr("e {n}").format(n=tr("f")) %}{{ tr(\'"g"\') }}</p>'
    )
    _write(root, "engine/report/page.html", page)
    _write(root, "engine/other.txt", 'tr("no")')
    assert update.collect(root) == {"{count} points", "a b\n", "c", "d", "e {n}", "f", '"g"'}


@pytest.mark.parametrize(
    "call",
    [
        'tr(f"{x}")',
        "tr(x)",
        'tr("a" + x)',
        'tr("a", "b")',
        'tr(text="a")',
        'tr("")',
        "tr(1)",
        "tr()",
    ],
)
def test_what_is_no_text_is_refused(
    update: ModuleType, root: Path, call: str, capsys: pytest.CaptureFixture[str]
) -> None:
    _write(root, "engine/b.py", f"\n{call}")
    with pytest.raises(update.SourceError, match=r"^engine/b\.py:2: tr\(\) takes one text"):
        update.collect(root)
    assert update.main([], root, root / "i18n" / "x.ts") == 1
    assert "engine/b.py:2" in capsys.readouterr().err
    assert not (root / "i18n" / "x.ts").exists()


@pytest.mark.parametrize("call", ["tr(x)", 'tr("a" ~ x)', 'tr("a", n=1)', 'tr("")'])
def test_what_is_no_text_in_a_template_is_refused(
    update: ModuleType, root: Path, call: str
) -> None:
    _write(root, "engine/report/page.html", "\n\n{{ " + call + " }}")
    with pytest.raises(update.SourceError, match=r"^engine/report/page\.html:3: "):
        update.collect(root)


def test_update_keeps_adds_and_drops(update: ModuleType, root: Path) -> None:
    path = root / "i18n" / "x.ts"
    _write(root, "engine/b.py", 'tr("old")\ntr("a < b & \\"c\\"\\n\\nd ")')
    kept = {"old": "旧", 'a < b & "c"\n\nd ': "甲 < 乙\n\n丁 "}
    update.write(path, {**kept, "gone": "没了"})
    assert update.main([], root, path) == 0
    assert update.read(path) == {**kept, "{count} points": ""}


def test_order_does_not_depend_on_the_sources(update: ModuleType, root: Path) -> None:
    one, other = root / "i18n" / "1.ts", root / "i18n" / "2.ts"
    update.write(one, {"b": "乙", "a": "甲"})
    update.write(other, {"a": "甲", "b": "乙"})
    assert one.read_bytes() == other.read_bytes()


@pytest.mark.parametrize(
    ("catalogue", "message"),
    [
        ({}, "missing: '{count} points'"),
        ({"{count} points": ""}, "unfinished: '{count} points'"),
        ({"{count} points": "{count} 个点", "gone": "没了"}, "obsolete: 'gone'"),
        ({"{count} points": "{number} 个点"}, "other {fields} in '{number} 个点'"),
        ({"{count} points": "{count:d} 个点"}, "other {fields} in '{count:d} 个点'"),
        ({"{count} points": "{count!r} 个点"}, "other {fields}"),
        ({"{count} points": "个点"}, "other {fields} in '个点'"),
        ({"{count} points": "{count 个点"}, "other {fields} in '{count 个点'"),
    ],
)
def test_check_fails_and_says_why(
    update: ModuleType,
    root: Path,
    catalogue: dict[str, str],
    message: str,
    capsys: pytest.CaptureFixture[str],
) -> None:
    path = root / "i18n" / "x.ts"
    update.write(path, catalogue)
    before = path.read_bytes()
    assert update.main(["--check"], root, path) == 1
    assert message in capsys.readouterr().out
    assert path.read_bytes() == before


def test_check_passes_what_is_whole(update: ModuleType, root: Path) -> None:
    path = root / "i18n" / "x.ts"
    _write(root, "engine/b.py", 'tr("RMSE {RMSE:.4g} and {R2:.3f} of {R2:.3f}, {{x}}")')
    translated = "R2 {R2:.3f}，RMSE {RMSE:.4g}，{{x}}"
    catalogue = {"RMSE {RMSE:.4g} and {R2:.3f} of {R2:.3f}, {{x}}": translated}
    update.write(path, {**catalogue, "{count} points": "{count} 个点"})
    assert update.main(["--check"], root, path) == 0


def test_the_engine_reads_what_is_written(
    update: ModuleType, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    source = 'a < b & "c"\n\nd '
    update.write(tmp_path / "geohg_zh.ts", {source: "甲\n\n丁 ", "new": ""})
    monkeypatch.setattr(language, "_FOLDER", tmp_path)
    language._catalogue.cache_clear()
    try:
        with language.speaking("zh"):
            assert [language.tr(text) for text in (source, "new")] == ["甲\n\n丁 ", "new"]
    finally:
        language._catalogue.cache_clear()


def test_the_script_collects_the_project(update: ModuleType) -> None:
    texts = update.collect(ROOT)
    assert "Interpolate points with land cover" in texts and len(texts) > 300
