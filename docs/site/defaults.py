"""Write engine/config/default.yaml from the options themselves.

python docs/site/defaults.py
"""

from __future__ import annotations

import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "tests"))

import conftest  # noqa: E402, F401 - it makes the project importable as `geohg`

from geohg.engine.config.options import default_yaml  # noqa: E402

(ROOT / "engine" / "config" / "default.yaml").write_text(default_yaml(), encoding="utf-8")
