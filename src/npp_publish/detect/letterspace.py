"""Letter-spacing: 网 红 主 播: lines whose every character is followed by a space.

Rationale: justified headlines and small print keep their spacing as spaces. Where single characters
stand apart throughout, the single spaces are spacing; a wider space is a gap between phrases and one of
it stays (B). Done early, so that all recognisers can read. Case file: tests/cases/letterspace.md.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace

from ..model import Block, Kind, Op
from ..sorts import Change, amend
from .desk import Desk

__all__ = ["close_up"]

RULE = "letter-spacing"
_WORD = re.compile(r"[^ \u3000\n]+")
_SPACE = re.compile(r"[ \u3000]+")
_HAN = re.compile("[\u3400-\u9fff]")
_LEAST = 6  # words in a line; names of two characters are spaced in bylines too


def close_up(desk: Desk, blocks: tuple[Block, ...]) -> tuple[Block, ...]:
    """Drop the spacing of letter-spaced lines."""
    if not desk.on(RULE) or not desk.gauge.lang.startswith(("zh", "ja")):
        return blocks
    return tuple(_one(block) for block in blocks)


def _one(block: Block) -> Block:
    if block.kind in (Kind.BLANK, Kind.TABLE, Kind.FURNITURE):
        return block
    text = block.text
    changes: list[Change] = []
    start = 0
    for line in text.split("\n"):
        changes.extend(_spacing(line, start))
        start += len(line) + 1
    return replace(block, pieces=amend(block.pieces, changes)) if changes else block


def _spacing(line: str, start: int) -> Iterator[Change]:
    words = _WORD.findall(line) if line.count(" ") >= _LEAST - 1 else []
    single = [word for word in words if len(word) == 1]
    if (
        len(words) < _LEAST
        or len(single) < 0.8 * len(words)
        or sum(1 for w in single if _HAN.match(w)) < 0.6 * len(single)
    ):
        return
    why = "the line was letter-spaced"
    for found in _SPACE.finditer(line):
        kept = 1 if len(found[0]) > 1 else 0
        yield Change(start + found.start() + kept, start + found.end(), "", Op.DROP, RULE, 0.95, why)
