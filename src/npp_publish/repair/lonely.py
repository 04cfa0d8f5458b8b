"""Lonely kickers: a short heading taken for a kicker, over an article that has no headline.

Rationale: a kicker stands above a headline, so where no headline is found, neither below it nor
displaced to another place, the heading that was printed is the headline (B). Case: a page of one
article with a short title right above its byline.
"""

from __future__ import annotations

from dataclasses import replace

from ..detect.desk import Desk
from ..model import Block, Kind, Op
from ..sorts import retag

__all__ = ["promote"]

RULE = "lonely-kicker"


def promote(desk: Desk, blocks: tuple[Block, ...]) -> tuple[Block, ...]:
    """Make the last kicker of every article without a headline its headline."""
    if not desk.on(RULE):
        return blocks
    titled = {block.article for block in blocks if block.kind is Kind.HEADLINE}
    kickers = {
        block.article: place
        for place, block in enumerate(blocks)
        if block.kind is Kind.KICKER and block.article not in titled
    }
    out = list(blocks)
    for place in kickers.values():
        block = out[place]
        why = "no headline is found for the article that this heading stands over"
        pieces = retag(block.pieces, Op.RETAG, RULE, why, 0.9)
        out[place] = replace(block, kind=Kind.HEADLINE, level=1, pieces=pieces, reason=why, confidence=0.9)
    return tuple(out)
