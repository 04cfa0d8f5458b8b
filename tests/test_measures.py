"""Measures of 12 to 40 em, one to four columns: what `tests/bench/measures.py` prints holds."""

from __future__ import annotations

import sys
from importlib import import_module
from pathlib import Path
from typing import Any

import pytest

BENCH = Path(__file__).parent / "bench"


@pytest.fixture
def bench(monkeypatch: pytest.MonkeyPatch) -> Any:
    monkeypatch.syspath_prepend(str(BENCH))
    for name in ("typography", "measures"):
        sys.modules.pop(name, None)
    return import_module("measures")


@pytest.mark.slow
@pytest.mark.parametrize(
    ("measures", "widest", "share", "mean"),
    [
        ((12, 14, 16), 0.20, 0.05, 0.0050),
        ((17, 19, 21), 0.15, 0.0, 0.0020),
        ((24, 30, 36, 40), 0.10, 0.0, 0.0010),
    ],
)
def test_all_measures(
    bench: Any, tmp_path: Path, measures: tuple[int, ...], widest: float, share: float, mean: float
) -> None:
    texts = bench.paragraphs()
    assert len(texts) > 500
    found = [bench.measured(texts, measure, (1, 2, 3, 4), tmp_path) for measure in measures]
    for one in found:
        assert {check: count for check, count in one.faults.items() if count} == {}
        assert one.flush <= 0.02 and one.grid <= 0.01 and one.squeeze <= 1.501
        assert one.worst <= widest
    lines = sum(one.lines for one in found)
    assert sum(one.wide * one.lines for one in found) / lines <= share
    assert sum(one.mean * one.lines for one in found) / lines <= mean
