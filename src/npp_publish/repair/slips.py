"""Slips: how small corrections are made, for all rules that make them.

A rule finds changes in the text of a block; they are asked for one by one (an editor may turn each),
and applied in one pass. What does not change the word (width, shape of a quotation mark) is *form*;
what changes a character or takes one away is counted against the budget of the ledger.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import replace

from ..detect.desk import Desk
from ..model import Block, Kind, Op, Span
from ..sorts import Change, amend

__all__ = ["PRINTED", "correct", "source_span"]

PRINTED = (
    Kind.HEADLINE, Kind.KICKER, Kind.SUBHEAD, Kind.LEAD, Kind.PARAGRAPH, Kind.BOX_TITLE, Kind.LABEL, Kind.ITEM, Kind.CAPTION,  # noqa: E501
)  # fmt: skip


def correct(
    desk: Desk,
    blocks: tuple[Block, ...],
    rule: str,
    find: Callable[[str], Iterable[Change]],
    kinds: tuple[Kind, ...] = PRINTED,
) -> tuple[Block, ...]:
    """Apply the changes that `find` sees in the text of each block of the given kinds."""
    if not desk.on(rule):
        return blocks
    return tuple(_one(desk, block, rule, find) if block.kind in kinds else block for block in blocks)


def _one(desk: Desk, block: Block, rule: str, find: Callable[[str], Iterable[Change]]) -> Block:
    changes = list(find(block.text))
    if not changes:
        return block
    if desk.edits:
        changes = [_asked(desk, block, change) for change in changes]
    return replace(block, pieces=amend(block.pieces, changes))


def _asked(desk: Desk, block: Block, change: Change) -> Change:
    span = source_span(block, change.start, change.end)
    if desk.choose(change.rule, span, change.op.value, "keep") != "keep":
        return change
    return replace(
        change, text=block.text[change.start : change.end], op=Op.KEEP, alternative=change.op.value
    )


def source_span(block: Block, start: int, end: int) -> Span:
    """Return the source range of the output characters `[start, end)` of a block."""
    done = 0
    first = last = -1
    for piece in block.pieces:
        after = done + len(piece.text)
        if piece.text and first < 0 and done <= start < after:
            first = piece.span.start + min(start - done, len(piece.span))
        if piece.text and done < end <= after:
            last = piece.span.start + min(end - done, len(piece.span))
            break
        done = after
    return Span(first, last) if 0 <= first <= last else Span(0, 0)
