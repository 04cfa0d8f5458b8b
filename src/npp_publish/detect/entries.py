"""Entries: lines that belong together by their shape (label：text), whatever stands over them.

Rationale: no headline is one of three lines in a row that each begin with a label, and no paragraph
of a page in one line is: they are the entries of a box (B). Two are enough where each begins with a
date, a word of three characters, or a label before a dash. What the box is, and where it ends, is
said later. Case file: tests/cases/entries.md.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import pairwise

from ..model import Block, Kind
from .gauge import em

__all__ = ["places", "seams", "standing"]

_LIMIT = 48  # ems: what an entry holds at most; a paragraph that begins with a label holds more
_DATE = r"(?:(?:19|20)\d\d|\d{1,4}\s*年|\d{1,2}\s*月|\d{1,2}日)"
_ENTRY = re.compile(r"[^，。；！？：:—“”「」\n]{1,18}(?:：|: |——)\s*\S")
_PAIRED = re.compile(
    rf"(?:[^，。；！？：:—“”\n]{{0,4}}{_DATE}[^，。；！？：:—\n]{{0,12}}(?:：|: |——)"
    r"|[^，。；！？：:—“”\n]{1,8}——|[\u4e00-\u9fff]{2,3}：)\s*\S"
)
_SKIP = (Kind.BLANK, Kind.FURNITURE)
# an entry that begins inside a line: two signs at least, so that no number or quotation is cut
_WITHIN = re.compile(r"(?<=[^\s]) {1,4}(?=[^，。；！？：:—“”「」\s]{1,14}(?:：|——)[^\s：”’」])")

_DOUBLE = re.compile(r"(?<=[^ ]) {2,3}(?=[^ ])")
_TAIL = re.compile(r" (?=[^ \d]{10})")  # a word as long as a clause


def _is_entry(text: str) -> bool:
    return len(text) <= 2 * _LIMIT and _ENTRY.match(text) is not None and em(text) <= _LIMIT


def standing(texts: Sequence[str]) -> frozenset[int]:
    """Return the numbers of the texts that are entries: three in a row, or two that are surely none."""
    found: set[int] = set()
    run: list[int] = []
    for number, text in enumerate([*texts, ""]):
        if text and _is_entry(text):
            run.append(number)
            continue
        paired = len(run) == 2 and all(_PAIRED.match(texts[n]) for n in run)
        if len(run) >= 3 or paired:
            found.update(run)
        run = []
    return frozenset(found)


def places(blocks: Sequence[Block]) -> frozenset[int]:
    """Return the places of the blocks of one line that are entries, blank lines between them or not."""
    printed = [n for n, block in enumerate(blocks) if block.kind not in _SKIP]
    texts = [blocks[n].text if blocks[n].kind in (Kind.PARAGRAPH, Kind.HEADLINE) else "" for n in printed]
    return frozenset(printed[n] for n in standing(["" if "\n" in text else text for text in texts]))


def seams(text: str, start: int, end: int) -> Iterator[int]:
    """Yield where entries begin in a stretch of a line that lost its ends, and where the last one ends.

    The stretch is a paragraph by its full stops: title label：text label：text label：text, and then
    what the article goes on with, behind the first space.
    """
    yield from _lines(text, start, end)
    found = [at.end() for at in _WITHIN.finditer(text, start, end)]
    if len(found) < 3 or any(right - left > _LIMIT for left, right in pairwise(found)):
        return
    yield from found
    after = text.find(" ", found[-1], min(end, found[-1] + _LIMIT))
    if after > 0 and end - after > _LIMIT // 2:
        yield after + 1


def _lines(text: str, start: int, end: int) -> Iterator[int]:
    """Yield where the lines of a list begin and end, by the double spaces that are left between them:
    title line  line  line and what the article goes on with."""
    gaps = [at.start() for at in _DOUBLE.finditer(text, start, end)]
    if len(gaps) < 2 or any(right - left > _LIMIT // 2 for left, right in pairwise(gaps)):
        return
    title = text.find(" ", start, gaps[0])
    if not 2 <= title - start <= _LIMIT // 2:
        return
    yield title + 1
    tail = _TAIL.search(text, gaps[-1] + 2, min(end, gaps[-1] + _LIMIT))
    if tail:
        yield tail.end()
