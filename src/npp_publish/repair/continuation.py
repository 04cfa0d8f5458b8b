"""Continuations: （上接4版） meets the article that jumped (下转5版), and the article is whole again.

Rationale: the two halves stand on one page or in two files. A continuation belongs to an article
above it that jumped and has not been continued yet; where several wait, the page numbers decide, then
the fit of the torn sentence, then shared words (C). Case file: tests/cases/continuation.md.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

from ..detect.desk import Desk
from ..detect.jumpline import page_of
from ..model import Block, Kind, Span
from ..sorts import source_end, source_start
from .kinship import shared

__all__ = ["reunite"]

RULE = "continuation"
_MOST = 24  # jumped articles that wait at the same time; no issue has more, and it bounds the work


@dataclass(frozen=True, slots=True)
class _Part:
    """The blocks of one article or of one continuation of it."""

    article: str
    blocks: tuple[Block, ...]

    def first(self, kind: Kind) -> Block | None:
        """Return the first block of a kind."""
        return next((block for block in self.blocks if block.kind is kind), None)

    def body(self) -> str:
        """Return the text of the running paragraphs."""
        return "".join(b.text for b in self.blocks if b.kind is Kind.PARAGRAPH and not b.group)


def reunite(desk: Desk, blocks: tuple[Block, ...]) -> tuple[Block, ...]:
    """Give the blocks of each continuation to the article that it continues."""
    if not desk.on(RULE):
        return blocks
    parts = _parts(blocks)
    owner: dict[str, str] = {}
    waiting: list[_Part] = []
    for part in parts:
        mark = part.first(Kind.CONTINUATION)
        if mark is not None and waiting and part.blocks[0] is mark:
            chosen = _match(desk, mark, part, waiting)
            span = Span(source_start(mark.pieces), source_end(mark.pieces))
            if chosen and desk.choose(RULE, span, "join", "split") == "join":
                owner[part.article] = owner.get(chosen.article, chosen.article)
                waiting.remove(chosen)
        if part.first(Kind.JUMP_LINE) is not None:
            waiting.append(part)
            del waiting[:-_MOST]
    return tuple(replace(b, article=owner.get(b.article, b.article)) for b in blocks) if owner else blocks


def _parts(blocks: tuple[Block, ...]) -> list[_Part]:
    order: dict[str, list[Block]] = {}
    for block in blocks:
        if block.kind not in (Kind.BLANK, Kind.FURNITURE):
            order.setdefault(block.article, []).append(block)
    return [_Part(article, tuple(found)) for article, found in order.items()]


def _match(desk: Desk, mark: Block, part: _Part, waiting: list[_Part]) -> _Part | None:
    """Choose the article that a continuation belongs to."""
    if len(waiting) == 1:
        return waiting[0]
    return max(
        waiting,
        key=lambda other: (
            _pages(desk, other, mark),
            _fits(other, part),
            shared(other.body(), part.body()),
            -waiting.index(other),
        ),
    )


def _pages(desk: Desk, other: _Part, mark: Block) -> int:
    """Count agreeing page numbers: from which page, to which page."""
    jump = other.first(Kind.JUMP_LINE)
    if jump is None:
        return 0
    files = desk.source.files
    here = files[desk.source.line_at(source_start(mark.pieces)).file].page
    there = files[desk.source.line_at(source_start(jump.pieces)).file].page
    return int(bool(here) and _number(page_of(jump.text)) == _number(here)) + int(
        bool(there) and _number(page_of(mark.text)) == _number(there)
    )


def _number(page: str) -> str:
    """Return a page in one form: A07 and A7, 四 and 4 are the same."""
    digits = {c: str(n) for n, c in enumerate("一二三四五六七八九十", 1)}
    return (
        "".join(digits.get(c, c) for c in page.upper()).replace("0", "", 1)
        if page[:1] == "0"
        else "".join(digits.get(c, c) for c in page.upper())
    )


def _fits(other: _Part, part: _Part) -> int:
    """Tell whether one half ends in the middle of a sentence and the other begins there."""
    from .torn import ends_open, starts_open

    left = next((b.text for b in reversed(other.blocks) if b.kind is Kind.PARAGRAPH and not b.group), "")
    right = next((b.text for b in part.blocks if b.kind is Kind.PARAGRAPH and not b.group), "")
    return int(ends_open(left)) * 2 + int(ends_open(left) == starts_open(left, right))
