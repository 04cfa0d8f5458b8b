"""The same pages once more, printed: set in columns as a PDF by a theme, and read back from its text layer.

What is measured is the reading of the layer (columns, heads, boxes, running heads), so only pages that are
read rightly as text are printed.
"""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from benchmark import outcome
from benchmark.score import Scores, score

__all__ = ["read_back"]

_PERFECT = 0.9999
Reader = Callable[[str, dict[str, Any]], tuple[str, list[dict[str, Any]]]]


def read_back(folder: Path, theme: str, read: Reader, every: int) -> Iterator[tuple[str, str, Scores]]:
    """Yield page, group and scores of every n-th page of a folder; `read` makes an edition of a page."""
    with tempfile.TemporaryDirectory() as scratch:
        there = Path(scratch)
        golds = dict(_printable(folder, there / "editions", read, every))
        command = [sys.executable, "-m", "npp_publish", "batch", str(there / "editions"), "--quiet"]
        command += ["--to", "pdf", "--theme", theme, "-o", str(there / "pdf")]
        subprocess.run(command, check=True)
        for path in sorted((there / "pdf").rglob("*.pdf")):
            gold = golds[path.stem]
            yield path.stem, str(gold.get("group", "")), _scored(path, gold)


def _printable(folder: Path, into: Path, read: Reader, every: int) -> Iterator[tuple[str, dict[str, Any]]]:
    into.mkdir()
    for path in sorted(folder.glob("*.gold.json"))[::every]:
        gold = json.loads(path.read_text(encoding="utf-8"))
        raw = (folder / gold["raw"]).read_bytes().decode("utf-8")
        text, ledger = read(raw, gold)
        scores = score(gold, raw, outcome.read(text, ledger))
        if not gold.get("files") and (scores["overall"] or 0) > _PERFECT:
            name = path.name.removesuffix(".gold.json")
            (into / f"{name}.md").write_bytes(text.encode("utf-8"))
            yield name, gold


def _scored(path: Path, gold: dict[str, Any]) -> Scores:
    from npp_publish import compose, ledger, markdown, source

    page, _ = source.read([path])
    normalized = compose.normalize(page)
    rows = json.loads(ledger.dump(normalized))
    entries = rows if isinstance(rows, list) else rows["entries"]
    return score(gold, page.text, outcome.read(markdown.write(normalized.edition).text, entries))
