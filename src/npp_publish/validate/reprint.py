"""Reproducibility: is a publication built again the same, byte for byte."""

from __future__ import annotations

import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from zipfile import BadZipFile, ZipFile

from ..diagnostics import Severity
from .judge import Finding, Need, Verdict

__all__ = ["Rebuild", "Reprint"]

Rebuild = Callable[[Sequence[Path], Path], Sequence[Path]]
"""Builds finished files again into a folder; returns them in the order of the files given."""


@dataclass(frozen=True, slots=True)
class Reprint:
    """Builds every file again with `rebuild` and compares the bytes; without it, it cannot judge."""

    rebuild: Rebuild | None = None
    name: str = "reprint"
    title: str = "reproducibility: the same bytes when built again"
    suffixes: frozenset[str] = frozenset({".pdf", ".epub", ".html"})
    engine: str = ""

    def needs(self) -> tuple[Need, ...]:
        """Return the need of the text that the files were made from, and of what made them."""
        what = "the source, settings and program that made the files, unchanged"
        return (Need(what, self.rebuild is not None, "npp-publish build SOURCE, then check SOURCE"),)

    def run(self, paths: Sequence[Path]) -> Iterator[Verdict]:
        """Build all `paths` again at once and yield one verdict each."""
        if self.rebuild is None:
            return
        start = time.perf_counter()
        with tempfile.TemporaryDirectory(prefix="npp-reprint-") as folder:
            try:
                again = self.rebuild(paths, Path(folder))
            except Exception as problem:  # whatever a backend raises is its verdict, not ours
                yield from (Verdict(self.name, path, failure=str(problem)) for path in paths)
                return
            seconds = (time.perf_counter() - start) / max(len(paths), 1)
            for path, second in zip(paths, again, strict=True):
                if not second.is_file():
                    yield Verdict(self.name, path, (self._unknown(path),))
                    continue
                difference = _difference(path, second)
                yield Verdict(self.name, path, self._findings(path, difference), seconds)

    def _unknown(self, path: Path) -> Finding:
        text = "not built again: its source, or the settings that it was made with, are not known"
        return Finding(self.name, "source", Severity.INFO, text, path, "NPP826")

    def _findings(self, path: Path, difference: str) -> tuple[Finding, ...]:
        if not difference:
            return ()
        return (Finding(self.name, "bytes", Severity.ERROR, difference, path, "NPP826"),)


def _difference(first: Path, second: Path) -> str:
    """Return where two files differ, in words, or ""."""
    one, two = first.read_bytes(), second.read_bytes()
    if one == two:
        return ""
    place = next(
        (n for n, (a, b) in enumerate(zip(one, two, strict=False)) if a != b), min(len(one), len(two))
    )
    entry = _entry(first, second)
    return f"built again it differs at byte {place}{entry} ({len(one)} and {len(two)} bytes)"


def _entry(first: Path, second: Path) -> str:
    try:
        with ZipFile(first) as one, ZipFile(second) as two:
            names = sorted(set(one.namelist()) ^ set(two.namelist())) or [
                name for name in one.namelist() if one.read(name) != two.read(name)
            ]
    except (BadZipFile, OSError):
        return ""
    return f", entry {names[0]}" if names else ""
