"""What a user of a Chinese QGIS reads, and that an English one notices nothing."""

from __future__ import annotations

import json
import re
import shutil
from pathlib import Path
from typing import Any

import pytest
from fresh import ROOT, run_fresh

CHINESE = re.compile("[\u4e00-\u9fff]")

_TELL = """
def tell():
    return {
        algorithm.id(): {
            "texts": [
                algorithm.displayName(),
                algorithm.shortDescription(),
                algorithm.shortHelpString(),
                *algorithm.tags(),
            ],
            "parameters": {
                one.name(): [one.description(), one.help()]
                for one in algorithm.parameterDefinitions()
            },
            "outputs": {one.name(): one.description() for one in algorithm.outputDefinitions()},
            "values": {
                one.name(): [one.defaultValue(), getattr(one, "options", list)()]
                for one in algorithm.parameterDefinitions()
            },
        }
        for algorithm in plugin.provider.algorithms()
    }
"""


@pytest.fixture(scope="module")
def answers(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    """What the algorithms say in a Chinese QGIS, and in the same one turned to English."""
    assert (ROOT / "i18n" / "geohg_zh.qm").is_file(), "run 'make translations'"
    body = f"""
from qgis.core import QgsSettings
{_TELL}
from geohg.geohg_plugin.translation import language
answers = {{"languages": [language()], "chinese": tell()}}
plugin.unload()
QgsSettings().setValue("locale/overrideFlag", True)
for locale in ("zh-Hans", "zh-Hant", "zh_TW", "zh", "C", "de", "", "en"):
    QgsSettings().setValue("locale/userLocale", locale)
    answers["languages"].append(language())
plugin.initProcessing()
answers["english"] = tell()
QgsApplication.setTranslation("zh-Hans")  # as --lang does
answers["languages"].append(language())
print(json.dumps(answers))
"""
    profile = tmp_path_factory.mktemp("profile")
    done = run_fresh(body, profile, LANG="zh_CN.UTF-8", LC_ALL="zh_CN.UTF-8")
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout.splitlines()[-1])


def test_every_name_of_chinese_is_understood(answers: dict[str, Any]) -> None:
    assert answers["languages"] == ["zh"] * 5 + ["en"] * 4 + ["zh"]


def test_every_text_is_chinese(answers: dict[str, Any]) -> None:
    for entry in answers["chinese"].values():
        texts = [*entry["texts"][:3], *entry["outputs"].values()]
        texts += [text for both in entry["parameters"].values() for text in both]
        assert [text for text in texts if not CHINESE.search(text)] == []
        assert any(CHINESE.search(tag) for tag in entry["texts"][3:])


def test_what_a_script_reads_is_not_translated(answers: dict[str, Any]) -> None:
    chinese, english = answers["chinese"], answers["english"]
    assert list(chinese) == list(english)
    for name, entry in english.items():
        assert chinese[name]["values"] == entry["values"]
        assert list(chinese[name]["outputs"]) == list(entry["outputs"])


def test_english_is_as_if_nothing_had_been_loaded(answers: dict[str, Any], provider: Any) -> None:
    for algorithm in provider.algorithms():
        entry = answers["english"][algorithm.id()]
        assert entry["texts"][0] == algorithm.displayName()
        assert not CHINESE.search(json.dumps(entry, ensure_ascii=False))


def test_a_checkout_without_the_compiled_file_speaks_english(tmp_path: Path) -> None:
    shutil.copytree(ROOT / "geohg_plugin", tmp_path / "geohg_plugin")
    for name in ("__init__.py", "engine", "resources"):
        (tmp_path / name).symlink_to(ROOT / name)
    body = "print(plugin.provider.algorithm('predict').displayName())"
    profile = tmp_path / "profile"
    done = run_fresh(body, profile, tmp_path, LANG="zh_CN.UTF-8", LC_ALL="zh_CN.UTF-8")
    assert done.stdout.splitlines()[-1:] == ["Predict"], done.stderr


def test_the_engine_speaks_the_language_of_qgis(tmp_path: Path) -> None:
    settings, report = tmp_path / "settings.yaml", tmp_path / "report.html"
    settings.write_text("output: {language: en}\ntraining: {blocks: false}\n")
    body = f"""
feedback = QgsProcessingFeedback()
parameters.update(SETTINGS={str(settings)!r}, REPORT={str(report)!r}, OUTPUT="TEMPORARY_OUTPUT")
processing.run("geohg:interpolate", parameters, feedback=feedback)
try:
    processing.run("geohg:interpolate", {{**parameters, "HEAD_DIMS": "many"}})
except Exception as error:
    print(error)
print(feedback.textLog())
"""
    done = run_fresh(body, tmp_path / "profile", LANG="zh_CN.UTF-8", LC_ALL="zh_CN.UTF-8")
    assert done.returncode == 0, done.stderr
    assert "“model.head_dims[0]”必须是整数" in done.stdout
    assert "用全部有观测值的单元重新拟合" in done.stdout and "个测试单元上：RMSE" in done.stdout
    page = report.read_text(encoding="utf-8")
    assert '<html lang="zh' in page and "<h2>留出单元上的精度</h2>" in page
