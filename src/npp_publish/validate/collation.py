"""Collation: the text gate as a judge of finished files, held against the `edition.md` beside them.

`dist/` holds the Markdown under the same name as its publications (`a.md`, `a.pdf`, `a.typst.pdf`).
What a theme adds on paper depends on the theme, which a finished file does not name; so a file is
content if it says what the edition says with the additions of any shipped theme.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from functools import lru_cache
from pathlib import Path

from ..diagnostics import CATALOGUE, Severity
from ..model import Edition
from .judge import Finding, HouseJudge
from .text import Difference, differences

__all__ = ["TEXT", "edition_beside"]

_SOUGHT = 12
"""Characters of a difference by which its place on a page is looked up."""


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
    yield from (_finding(path, beside.name, found) for found in _differences(path, edition))


def _finding(path: Path, source: str, found: Difference) -> Finding:
    """Return a difference with its place in the file and the line of `source`, the Markdown beside it."""
    entry = CATALOGUE[found.code]
    words = found.words + (f" ({source}, line {found.line})" if found.line else "")
    finding = Finding("text", found.code, entry.severity, words, path, found.code, hint=entry.hint)
    if found.unit is None:
        return finding
    if found.unit.runs:
        page = found.unit.runs[0][0]
        return replace(finding, page=page, box=_box(path, page, found.said))
    inside, _, line = found.unit.place.rpartition(":")
    return replace(finding, inside=inside if path.suffix == ".epub" else "", line=int(line or 0))


def _box(path: Path, page: int, words: str) -> tuple[float, float, float, float] | None:
    """Return where some words stand on a page: left, bottom, right, top in points; None if unknown."""
    import pypdfium2

    with pypdfium2.PdfDocument(path) as pdf:
        text = pdf[page - 1].get_textpage()
        place = text.search(words[:_SOUGHT]).get_next() if words else None
        if place is None:
            return None
        boxes = [text.get_charbox(n) for n in range(place[0], place[0] + place[1])]
    left, bottom, right, top = zip(*boxes, strict=True)
    return min(left), min(bottom), max(right), max(top)


@lru_cache(maxsize=4)
def _edition(path: Path, changed: int, size: int) -> Edition:
    from ..markdown import lined, read

    text = path.read_text(encoding="utf-8")
    return lined(read(text, path.name).edition, text)


def _differences(path: Path, edition: Edition) -> tuple[Difference, ...]:
    from ..typeset.theme import labels, load, names
    from .manuscript import additions
    from .readback import units_of

    units = list(units_of(path))
    if path.suffix != ".pdf":
        return differences(edition, units, name=path.name)
    tries = (additions(edition, labels(load(name), edition.lang)) for name in names())
    verdicts = (differences(edition, units, extra=extra, name=path.name) for extra in tries)
    best: tuple[Difference, ...] | None = None
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
