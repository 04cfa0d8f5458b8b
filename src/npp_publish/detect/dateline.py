"""Datelines: （新华社北京3月6日电）, 本报深圳5月18日电, 聯合社柏林十一日電, BEIJING, March 6 (Xinhua) --.

Rationale: the line says who filed the story, where and when, or from where it was taken (据新华社).
It stands alone (often last, in brackets) or leads the first paragraph; how it is worded, `wires` knows (A).
Case files: tests/cases/dateline.md, tests/cases/credits.txt.
"""

from __future__ import annotations

import re
from dataclasses import replace

from ..model import Block, Kind, Op, Piece
from ..sorts import cut, retag, split, trim
from .desk import Desk
from .marks import carve
from .wires import LONGEST, Filed, parse, taken

__all__ = ["Filed", "find", "parse", "whole"]

_INSIDE = re.compile(
    r"(?<=[。！？」』”])[ \u3000]*(?P<open>[〔【（(])(?=[^〕】）)\n]{1,30}[電电讯訊][〕】）)])"
)


def whole(text: str) -> Filed | None:
    """Read a text that is a dateline, or says from where the story was taken, and nothing else."""
    filed = parse(text)
    if filed and not text[filed.end :].strip():
        return filed
    return taken(text)


def find(desk: Desk, blocks: tuple[Block, ...]) -> tuple[Block, ...]:
    """Find datelines: lines of their own, and those in brackets after the last paragraph.

    A dateline that leads a paragraph stays in it; `parse` tells its parts.
    """
    if not desk.on("dateline"):
        return blocks
    return tuple(part for block in blocks for cut_off in _lines(block) for part in _read(cut_off))


def _lines(block: Block) -> tuple[Block, ...]:
    """Cut a dateline that is the first or last line of a run of lines."""
    if block.kind is not Kind.PARAGRAPH or "\n" not in block.text:
        return (block,)

    def line(text: str, number: int, count: int) -> Kind | None:
        return Kind.DATELINE if number in (0, count - 1) and whole(text) else None

    parts = carve(block, line)
    return tuple(_moved(part, part.pieces) if part.kind is Kind.DATELINE else part for part in parts)


def _read(block: Block) -> tuple[Block, ...]:
    if block.kind is not Kind.PARAGRAPH:
        return (block,)
    text = block.text
    if whole(text):
        return (_moved(block, block.pieces),)
    parts = _items(block, text)
    return (*parts[:-1], *_at_end(parts[-1], parts[-1].text))


def _items(block: Block, text: str) -> tuple[Block, ...]:
    """Begin a new paragraph at a dateline in brackets after a full stop: an item of its own."""
    seams = [
        m.start("open")
        for m in _INSIDE.finditer(text)
        if (f := parse(text[m.start("open") :])) and m.start("open") + f.end < len(text)
    ]
    return (
        tuple(replace(block, pieces=trim(part)) for part in split(block.pieces, seams)) if seams else (block,)
    )


def _at_end(block: Block, text: str) -> tuple[Block, ...]:
    """A dateline in brackets at the end of the last paragraph: …成效。（新华社北京3月6日电）"""
    if not text.endswith(("）", ")", "】", "〕", "］")):
        return (block,)
    start = max(text.rfind(mark, max(0, len(text) - LONGEST)) for mark in "（(【〔［")
    if start <= 0 or not whole(text[start:]):
        return (block,)
    rest, tail = cut(block.pieces, start)
    return replace(block, pieces=trim(rest)), _moved(block, tail)


def _moved(block: Block, pieces: tuple[Piece, ...]) -> Block:
    moved = retag(trim(pieces), Op.MOVE, "dateline", "datelines are metadata")
    return replace(block, kind=Kind.DATELINE, pieces=moved, level=0, reason="agency, place and date")
