"""Collation: the text gate as a judge of finished files, held against the `edition.md` beside them.

`dist/` holds the Markdown under the same name as its publications (`a.md`, `a.pdf`, `a.typst.pdf`).
What a theme adds on paper depends on the theme, which a finished file does not name; so a file is
content if it says what the edition says with the additions of any shipped theme.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache
from pathlib import Path

from ..diagnostics import Diagnostic, Severity
from ..model import Edition
from .judge import Finding, HouseJudge

__all__ = ["TEXT", "edition_beside"]


def edition_beside(path: Path) -> Path | None:
    """Return the Markdown that a publication was made from: the same name without its suffixes."""
    name = path.name
    while "." in name:
        name = name.rpartition(".")[0]
        beside = path.with_name(name + ".md")
        if beside.is_file():
            return beside
    return None


def _examine(path: Path) -> Iterator[Finding]:
    beside = edition_beside(path)
    if beside is None:
        words = f"there is no {path.name.partition('.')[0]}.md beside it to compare with"
        yield Finding("text", "edition", Severity.WARNING, words, path, "NPP821")
        return
    status = beside.stat()
    edition = _edition(beside, status.st_mtime_ns, status.st_size)
    for found in _differences(path, edition):
        line = f" (line {found.line} of the source)" if found.line else ""
        yield Finding(
            "text", found.code, found.severity, found.message + line, path, found.code, hint=found.hint
        )


@lru_cache(maxsize=4)
def _edition(path: Path, changed: int, size: int) -> Edition:
    from ..markdown import read

    return read(path.read_text(encoding="utf-8"), path.name).edition


def _differences(path: Path, edition: Edition) -> tuple[Diagnostic, ...]:
    from ..typeset.theme import labels, load, names
    from .manuscript import additions
    from .readback import units_of
    from .text import compare

    units = list(units_of(path))
    if path.suffix != ".pdf":
        return compare(edition, units, name=path.name)
    tries = (additions(edition, labels(load(name), edition.lang)) for name in names())
    verdicts = (compare(edition, units, extra=extra, name=path.name) for extra in tries)
    best: tuple[Diagnostic, ...] | None = None
    for found in verdicts:
        if not found:
            return ()
        best = found if best is None or len(found) < len(best) else best
    return best or ()


TEXT = HouseJudge(
    "text",
    "text gate: the same text as edition.md, character by character",
    frozenset({".pdf", ".epub", ".html"}),
    _examine,
)
