"""Print the pages of the benchmark: plans and stories -> files under `tests/pages`."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from . import plans, stories
from .scramble import scramble

__all__ = ["PAGES", "SPLITS", "pages", "print_all"]

HERE = Path(__file__).resolve().parent
PAGES = HERE.parent / "pages"
SPLITS = tuple(split for split in ("dev", "held") if plans.of_split(split))


def pages(split: str) -> Iterator[tuple[str, str, dict[str, Any]]]:
    """Yield (name, raw page, gold) of each planned page of a split."""
    told = stories.of_split(split)
    for plan in plans.of_split(split):
        raw, gold = scramble(plan, told)
        yield plan.id, raw, gold


def print_all() -> int:
    """Write every page and its gold; return how many."""
    count = 0
    for split in SPLITS:
        folder = PAGES / split
        folder.mkdir(parents=True, exist_ok=True)
        for name, raw, gold in pages(split):
            (folder / f"{name}.raw.md").write_bytes(raw.encode("utf-8"))
            text = json.dumps(gold, ensure_ascii=False, indent=1, sort_keys=True) + "\n"
            (folder / f"{name}.gold.json").write_bytes(text.encode("utf-8"))
            count += 1
    return count
