"""Box measure: how wide the lines of the entries of one box were set, and what that says of two lines.

Rationale: two short lines below a label are a text wrapped in the box's narrow column or two items. The
other entries tell: a line as wide as their widest ones, with no room for what follows, was wrapped; one that
had room was ended on purpose, and so were lines made alike (不占盲道, 不留油污). Case file:
tests/cases/entries.md.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from ..detect import justify
from ..detect.desk import Desk
from ..detect.gauge import em
from ..model import Block, Kind
from .boxnames import INLINE, inline_label
from .paragraphing import Lines, lines_in
from .words import crosses

__all__ = ["Measure", "measures", "weighed"]

_WIDEST, _NARROWEST = 30.0, 8.0  # ems, of a line of an entry; of a column that wraps
_SKIP = (Kind.BLANK, Kind.FURNITURE)
_HANGING = re.compile(r"[，。、；：！？,.;:!?]+$")
_POINTS = "，、。；：！？,;:"


@dataclass(frozen=True, slots=True)
class Measure:
    """The width of the widest line of a box's entries in ems, and how many entries have one as wide."""

    width: float
    entries: int


def measures(desk: Desk, blocks: Sequence[Block]) -> dict[int, Measure]:
    """Return the measure of the box for each place where the text of an entry stands."""
    found: dict[int, Measure] = {}
    for run in _runs(blocks):
        widest = [max(em(_HANGING.sub("", text)) for text in lines_in(desk, blocks[n]).texts) for n in run]
        width = max(widest)
        if len(run) > 1 and width <= _WIDEST:
            found |= dict.fromkeys(run, Measure(width, sum(w >= width - 0.5 for w in widest)))
    return found


def _runs(blocks: Sequence[Block]) -> Iterator[list[int]]:
    """Yield the places of texts of entries that follow one another, under labels or behind them."""
    run: list[int] = []
    labelled = False
    for place, block in enumerate(blocks):
        if block.kind in _SKIP:
            continue
        label = block.kind is Kind.LABEL
        entry = block.kind in (Kind.PARAGRAPH, Kind.ITEM) and (labelled or inline_label(block.text[:40]))
        if entry:
            run.append(place)
        elif not label:
            yield from [run] if run else []
            run = []
        labelled = label
    yield from [run] if run else []


def weighed(lines: Lines, seams: list[bool], measure: Measure | None) -> list[bool]:
    """Return the seams of an entry, read again where its box tells more: joined where all its lines are as
    wide as the box, parted where they had room or are made alike."""
    if measure is None or any(seams) != all(seams):
        return seams
    pairs = list(zip(lines.texts, lines.texts[1:], strict=False))
    full = all(not justify.had_room(left, right, measure.width) for left, right in pairs)
    if all(seams):
        wrapped = full and measure.entries > 1 and measure.width >= _NARROWEST and not _alike(lines.texts)
        return [not wrapped] * len(seams)
    if not inline_label(lines.texts[0]) or any(
        mark in _bare(text) for text in lines.texts for mark in _POINTS
    ):
        return seams
    torn = any(crosses(left[-6:], right[:6]) for left, right in pairs)
    return [not torn and (_alike(lines.texts) or not full)] * len(seams)


def _bare(text: str) -> str:
    """Return a line without the label it begins with."""
    found = INLINE.match(text)
    return text[found.end() :] if found else text


def _alike(texts: Sequence[str]) -> bool:
    """Tell whether all lines begin with the same character, or are short and of the same length."""
    bare = [_bare(text) for text in texts]
    same = len({text[:1] for text in bare}) == 1
    return same or (len({em(text) for text in bare}) == 1 and em(bare[0]) < _NARROWEST)
