"""Broken credits: a jump line or dateline in brackets that a line end cut in two: （下转第 / 5版）.

Rationale: narrow columns break credits as they break text, and the passes that read them look at lines. A
bracket is closed up only if what stands in it, read whole, is such a line and nothing else (A).
Case file: tests/cases/slipped.md.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from itertools import pairwise

from ..model import Block, Kind, Op, Piece
from .dateline import whole
from .desk import Desk
from .marks import is_break
from .turns import LONGEST, comes_from, goes_to

__all__ = ["close_up"]

_LEFT = re.compile(r"[（(【〔\[〈][^（()）【】〔〕\[\]〈〉\n]{0,24}$")
_RIGHT = re.compile(r"[^（()）【】〔〕\[\]〈〉\n]{0,24}[）)】〕\]〉]")
_LATIN = re.compile(r"[A-Za-z,.]$")


def close_up(desk: Desk, blocks: tuple[Block, ...]) -> tuple[Block, ...]:
    """Join the lines that a credit in brackets runs over."""
    if not desk.on("jump-line"):
        return blocks
    return tuple(
        _block(block) if block.kind is Kind.PARAGRAPH and "\n" in block.text else block for block in blocks
    )


def _block(block: Block) -> Block:
    seams = set(_seams(block.text.split("\n")))
    if not seams:
        return block
    pieces: list[Piece] = []
    number = 0
    for piece in block.pieces:
        if is_break(piece):
            if number in seams:
                between = " " if _LATIN.search("".join(p.text for p in pieces[-2:])) else ""
                piece = replace(
                    piece,
                    text=between,
                    op=Op.JOIN,
                    rule="unwrap",
                    confidence=0.95,
                    why="a credit runs over a line end",
                )
            number += 1
        pieces.append(piece)
    return replace(block, pieces=tuple(pieces))


def _seams(lines: list[str]) -> Iterator[int]:
    """Yield the numbers of the line ends that stand inside a credit."""
    for number, (above, below) in enumerate(pairwise(lines)):
        left, right = _LEFT.search(above[-LONGEST // 3 :]), _RIGHT.match(below)
        if left is None or right is None:
            continue
        text = left[0] + (" " if _LATIN.search(left[0]) else "") + right[0]
        turn = goes_to(text) or comes_from(text)
        if (turn is not None and turn.start == 0 and turn.end == len(text)) or whole(text):
            yield number
