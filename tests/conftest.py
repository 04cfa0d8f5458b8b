"""What tests share: the doubles of backends, registered like any plugin."""

from __future__ import annotations

import importlib
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

DOUBLES = Path(__file__).parent / "doubles"


@pytest.fixture
def doubles(monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """Put the doubles on the path of this process and of its children; returns their folder."""
    monkeypatch.syspath_prepend(str(DOUBLES))
    monkeypatch.setenv("PYTHONPATH", str(DOUBLES))
    importlib.invalidate_caches()
    yield DOUBLES
    sys.modules.pop("npp_doubles", None)
