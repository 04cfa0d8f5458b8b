"""The page map of a finished PDF: at which character of which article each of its pages begins.

Made by reading the PDF back, so that it holds for any engine; an e-book keyed to it can say "page 3
of the PDF" (EPUB Accessibility 1.1, page navigation). As a file it is JSON:

    {"version": 1, "pages": [{"label": "3", "article": "a1", "offset": 1234}, ...]}

`offset` counts the characters of `typeset.galley.article_text`, white space not counted, that stand
before the page; articles go by their anchored ids.
"""

from __future__ import annotations

import json
from bisect import bisect_right
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from ..diagnostics import Diagnostic
from ..model import Edition, RenderJob
from .manuscript import additions, letters, passages
from .readback import Part, Unit, units_of
from .text import judge_text, trace

__all__ = ["PageStart", "as_json", "judge_pages", "map_beside", "page_starts"]


@dataclass(frozen=True, slots=True)
class PageStart:
    """The beginning of a page: its label, the article it begins in, the characters before it there."""

    label: str
    article: str
    offset: int


def as_json(starts: Sequence[PageStart]) -> str:
    """Return a page map as it is written to `STEM.pages.json`."""
    pages = [{"label": s.label, "article": s.article, "offset": s.offset} for s in starts]
    return json.dumps({"version": 1, "pages": pages}, ensure_ascii=False, indent=1) + "\n"


def map_beside(path: Path) -> Path:
    """Return where the page map of a PDF is left for formats that follow it in the same run."""
    return path.with_suffix(".pages.json")


def judge_pages(path: Path, job: RenderJob, beside: Any = None) -> tuple[Diagnostic, ...]:
    """Judge the text of a finished PDF (`text.judge_text`), read as `units_of` reads it. Where another
    format of the run follows it, leave its page map beside it: read back once, the PDF need not be read
    again to number an e-book."""
    from ..typeset.anchors import anchored
    from ..typeset.theme import labels

    try:
        units = list(units_of(path, beside))
    except ValueError:
        return judge_text(path, job)
    found = judge_text(path, job, units)
    if job.followed and not found:
        words = labels(job.theme, job.edition.lang or "zh-Hans")
        starts = page_starts(path, anchored(job.edition), words, units)
        map_beside(path).write_text(as_json(starts), encoding="utf-8")
    return found


def page_starts(
    path: Path, edition: Edition, labels: Mapping[str, str], units: Sequence[Unit] | None = None
) -> tuple[PageStart, ...]:
    """Read a PDF back and return where its pages begin in the anchored `edition`.

    `labels` are the words of the theme. A page that holds no running text (a cover, contents alone)
    has no start; `units` are what was read from it before. Returns nothing where the PDF says
    something else than the edition; raises ValueError where it cannot be read.
    """
    read_back = units_of(path) if units is None else units
    units = [unit for unit in read_back if unit.part in (Part.TEXT, Part.LABEL)]
    known = additions(edition, labels).with_notes(p for p in passages(edition) if p.note)
    copy = [(p.article, p.words) for p in passages(edition) if not p.note]
    inks = [letters(unit.text, paper=True) for unit in units]
    read = [(unit, ink) for unit, ink in zip(units, inks, strict=True) if ink]
    taken = trace("".join(letters(words, paper=True) for _, words in copy), [ink for _, ink in read], known)
    if taken is None:
        return ()
    first: dict[int, int] = {}
    for (unit, _), at in zip(read, taken, strict=True):
        if at is not None:
            for page, offset in _runs(unit):
                first[page] = min(first.get(page, at + offset), at + offset)
    places = _Places(copy)
    return tuple(PageStart(str(page), *places.at(first[page])) for page in sorted(first))


def _runs(unit: Unit) -> Iterator[tuple[int, int]]:
    """Yield (page, characters with ink before it in the unit) for each page that a unit stands on."""
    before, last = 0, 0
    for page, count in unit.runs:
        if page != last:
            yield page, len(letters(unit.text[:before], paper=True))
            last = page
        before += count


class _Places:
    """Turns an offset in the text as paper has it into an article and an offset in its own text."""

    def __init__(self, copy: Sequence[tuple[str, str]]) -> None:
        self.copy = copy
        self.ends: list[int] = []  # characters with ink up to the end of each passage
        self.before: list[int] = []  # characters of its article before each passage
        counts: dict[str, int] = {}
        inked = 0
        for article, words in copy:
            inked += len(letters(words, paper=True))
            self.ends.append(inked)
            self.before.append(counts.get(article, 0))
            counts[article] = self.before[-1] + len(letters(words, paper=False))
        self.counts = counts

    def at(self, offset: int) -> tuple[str, int]:
        index = bisect_right(self.ends, offset)
        if index == len(self.copy):
            return self.copy[-1][0], self.counts[self.copy[-1][0]]
        article, words = self.copy[index]
        start = self.ends[index - 1] if index else 0
        return article, self.before[index] + self.within(words, offset - start)

    @staticmethod
    def within(words: str, offset: int) -> int:
        """Count the characters before the one with `offset` characters with ink before it."""
        bare, inked = letters(words, paper=False), 0
        for index, character in enumerate(bare):
            if inked >= offset and letters(character, paper=True):
                return index
            inked += len(letters(character, paper=True))
        return len(bare)
