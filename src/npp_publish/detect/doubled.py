"""Doubled print: 高高架架桥桥: characters that a text layer holds twice because they were printed bold.

Rationale: fat headlines are faked by printing them twice with a small shift. A line is read once only
if *every* character of it stands twice (A). Done early, so that all recognisers can read.
Case file: tests/cases/doubled.md.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from ..model import Block, Kind, Op
from ..sorts import Change, amend
from .desk import Desk

__all__ = ["read_once"]

RULE = "doubled-print"
_LEAST = 8  # characters; fewer may be meant (哈哈, 20252025)
_FEW = 4  # where longer lines of the page are doubled


def read_once(desk: Desk, blocks: tuple[Block, ...]) -> tuple[Block, ...]:
    """Drop the second of each pair in lines that are doubled throughout."""
    if not desk.on(RULE):
        return blocks
    made = tuple(_one(block, _LEAST) for block in blocks)
    if all(old is new for old, new in zip(blocks, made, strict=True)):
        return blocks
    heads = (Kind.HEADLINE, Kind.LABEL)
    return tuple(_one(block, _FEW) if block.kind in heads else block for block in made)


def _one(block: Block, least: int) -> Block:
    if block.kind in (Kind.BLANK, Kind.TABLE):
        return block
    text = block.text
    changes: list[Change] = []
    start = 0
    for line in text.split("\n"):
        changes.extend(_pairs(line, start, least))
        start += len(line) + 1
    return replace(block, pieces=amend(block.pieces, changes)) if changes else block


def _pairs(line: str, start: int, least: int) -> Iterator[Change]:
    """Yield the drops of a doubled line; single spaces between its words stay."""
    words = line.split(" ")
    dense = "".join(words)
    if (
        len(dense) < least
        or any(len(word) % 2 for word in words)
        or dense[0::2] != dense[1::2]
        or len(set(dense)) < min(3, least // 2)
    ):
        return
    for word in words:
        for at in range(1, len(word), 2):
            yield Change(
                start + at,
                start + at + 1,
                "",
                Op.DROP,
                RULE,
                0.97,
                "every character of the line stands twice",
            )
        start += len(word) + 1
