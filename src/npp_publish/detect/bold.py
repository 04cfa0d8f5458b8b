"""Bold headings: on a page without marks for headings, a bold line of its own is one.

Rationale: word processors and web copies print headings in bold, and so labels of a box. A bold line is
a heading if no line of the page is marked as one, a blank line or an indented paragraph follows, and
it is no entry of a box: those touch their text, or follow one another, each with a short text (B).
Case file: tests/cases/bold.md.
"""

from __future__ import annotations

import re
from dataclasses import replace

from ..model import Block, Kind, Span
from .desk import Desk
from .gauge import em
from .marks import carve, lines_of

__all__ = ["find"]

RULE = "bold-headline"
_LONG = re.compile(r"\*\*(?=[^*\s])[^*。\n]{4,60}(?<=[^*\s。，；：:,;.])\*\*")
_DATED = re.compile(r"\d{1,4}\s*(?:年|月|日|[:：]\d\d)|^\d{4}$|년")
_REPORTER = re.compile(r"[^，。\n]{0,12}(?:记者|記者|通讯员|特派员|By )[^，。\n]{0,30}(?:\n|$)")
_ENTRY = 60  # ems: what an entry of a box holds at most; a section holds more
_SKIP = (Kind.BLANK, Kind.FURNITURE)


def find(desk: Desk, blocks: tuple[Block, ...]) -> tuple[Block, ...]:
    """Make headings of the bold lines that stand where a heading stands."""
    if not desk.on(RULE) or desk.gauge.marked or "**" not in desk.text:
        return blocks
    carved = [part for block in blocks for part in _long_lines(desk, block)]
    made: list[Block] = []
    entries = False
    for place, block in enumerate(carved):
        if block.kind is Kind.LABEL:
            entries = entries and _holds_little(carved, place)
            if not entries and _heads(desk, carved, place):
                entries = _next(carved, place) is Kind.LABEL and not _holds_little(carved, place)
                block = replace(
                    block, kind=Kind.HEADLINE, level=0, confidence=0.85, reason="bold line over a text"
                )
        made.append(block)
    return tuple(made)


def _long_lines(desk: Desk, block: Block) -> tuple[Block, ...]:
    """Cut bold lines that are longer than a label out of running text."""
    if block.kind is not Kind.PARAGRAPH or not any(piece.why == "strong mark" for piece in block.pieces):
        return (block,)
    lines = [line for line in lines_of(block) if line]
    printed = [desk.source.cut(Span(line[0].span.start, line[-1].span.end)).strip() for line in lines]
    long = {number for number, line in enumerate(printed) if _LONG.fullmatch(line)}
    parts = carve(block, lambda _, number, __: Kind.LABEL if number in long else None)
    return tuple(_bare(part) if part.kind is Kind.LABEL else part for part in parts)


def _bare(block: Block) -> Block:
    """The asterisks of a heading are its mark; they say nothing of its words."""
    pieces = (replace(p, why="label mark") if p.why == "strong mark" else p for p in block.pieces)
    return replace(block, pieces=tuple(pieces))


def _next(blocks: list[Block], place: int) -> Kind | None:
    """Return the kind of the next printed block."""
    return next((block.kind for block in blocks[place + 1 :][:8] if block.kind not in _SKIP), None)


def _heads(desk: Desk, blocks: list[Block], place: int) -> bool:
    """Tell whether a bold line stands over a text of its own."""
    if place + 1 >= len(blocks):
        return True
    after = blocks[place + 1]
    if _DATED.search(blocks[place].text) and len(blocks[place].text) <= 12:
        return False
    if after.kind in _SKIP:
        return _next(blocks, place) is not None or len(blocks[place].text) >= 8
    return after.kind is Kind.PARAGRAPH and (_indented(desk, after) or _signed(after))


def _indented(desk: Desk, block: Block) -> bool:
    first = next((piece for piece in block.pieces if piece.text), None)
    return first is not None and desk.text[: first.span.start].endswith(("\u3000\u3000", "    "))


def _signed(block: Block) -> bool:
    """Tell whether a block begins with the line of a reporter."""
    return _REPORTER.match(block.text) is not None


def _holds_little(blocks: list[Block], place: int) -> bool:
    """Tell whether one short paragraph stands under a bold line, and then the next one or the end."""
    below: list[Block] = []
    for block in blocks[place + 1 : place + 12]:
        if block.kind in (Kind.LABEL, Kind.HEADLINE):
            break
        if block.kind not in _SKIP:
            below.append(block)
    return len(below) == 1 and em(below[0].text) <= _ENTRY
