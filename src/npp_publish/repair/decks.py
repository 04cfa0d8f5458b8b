"""Decks: the subtitle between a headline and its byline or text.

Rationale: a deck is a line without a final mark under a title, over the byline or a dateline; a line
of text would end with a full stop (B). Case file: tests/cases/articles.md.
"""

from __future__ import annotations

import re
from dataclasses import replace

from ..detect import dateline
from ..detect.desk import Desk
from ..model import Block, Kind, Op
from ..sorts import retag
from .stream import HEADS, Stream, is_section

__all__ = ["is_subtitle", "set_subtitle"]


def is_subtitle(desk: Desk, stream: Stream, title: int, at: int) -> bool:
    """A line without a final mark under a title, over the byline or the text."""
    block = stream.blocks[at]
    text = block.text
    if (
        block.kind not in (Kind.PARAGRAPH, *HEADS)
        or not 4 <= len(text) <= desk.profile.limit("headline")
        or is_section(block)
    ):
        return False
    head = block.kind in HEADS
    if _FINISHED.search(text.rstrip(".") if head else text) or dateline.parse(text):
        return False
    after = stream.kind(at + 1)
    signed = after in (Kind.BYLINE, Kind.DATELINE, Kind.BOX_TITLE)  # the stream has summaries only
    if not head:
        return signed and at <= title + 2 and "。" not in text
    filed = after is Kind.PARAGRAPH and dateline.parse(stream.blocks[at + 1].text) is not None
    below = at == title + 1 and (not block.level or block.level > stream.blocks[title].level)
    return signed or text.startswith("——") or (filed and below)


_FINISHED = re.compile(r"[。，；：…,;:.][”’」』）)]*$")


def set_subtitle(out: list[Block], place: int) -> None:
    """Say of the block at `place` that it is a subtitle."""
    block = out[place]
    pieces = retag(
        block.pieces, Op.RETAG, "subtitle", "a line without a final mark under the title", 0.85, "paragraph"
    )
    out[place] = replace(block, kind=Kind.LEAD, pieces=pieces, level=0, reason="line under the title")
