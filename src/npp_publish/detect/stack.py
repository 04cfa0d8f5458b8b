"""Stacked headlines: a headline printed in two or three lines, each of them marked.

Rationale: a converter that marks every printed line of a headline hands over marked lines of the same
level that follow one another without a blank line; headings of two things are set apart (B). They are
joined with a gap, and later rules say what it means. Case file: tests/cases/headline.md.
"""

from __future__ import annotations

from dataclasses import replace
from itertools import zip_longest

from ..model import Block, Kind, Op
from .desk import Desk

__all__ = ["join"]

RULE = "headline-lines"
_LEAST = 5  # characters; a shorter line over a headline is its kicker
_FIRST = 4  # of three lines and more that touch: a kicker stands over them with a blank line
_MOST = 36  # of both together


def join(desk: Desk, blocks: tuple[Block, ...]) -> tuple[Block, ...]:
    """Join the marked lines of one headline."""
    made: list[Block] = []
    for block, after in zip_longest(blocks, blocks[1:]):
        above = made[-1] if made else None
        least = _FIRST if after is not None and _goes_on(block, after, 1) else _LEAST
        if above is not None and _goes_on(above, block, least):
            gap = above.pieces[-1]
            why = "marked lines of one headline"
            joint = replace(
                gap, text=" ", op=Op.JOIN, rule=RULE, why=why, confidence=0.85, alternative="split"
            )
            made[-1] = replace(above, pieces=(*above.pieces[:-1], joint, *block.pieces))
        else:
            made.append(block)
    return tuple(made)


def _goes_on(above: Block, block: Block, least: int) -> bool:
    if block.kind is not Kind.HEADLINE or above.kind is not Kind.HEADLINE or not block.level:
        return False
    last = above.pieces[-1]
    fits = len(above.text) >= least and len(above.text) + len(block.text) <= _MOST
    plain = not above.text.endswith(("：", ":", "。")) and not block.text.startswith(("——", "—"))
    return above.level == block.level and fits and plain and not last.text and last.op is Op.DROP
