"""Jump and continuation lines: 下转5版, 上接A1版, Continued on page 6, 5면에 계속.

Rationale: a jump line is never text. It may stand alone, in a heading, in brackets of any width, or
be glued to the end of a paragraph, even in the middle of a torn word. How it is worded, `turns` knows
(A). A line that may lead both ways (紧接第三版) comes from elsewhere where an article has jumped before, or
where text begins below it. Case files: tests/cases/jumpline.md, tests/cases/credits.txt.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from ..model import Block, Kind, Op, Piece
from ..sorts import Change, amend, cut, retag, trim
from .desk import Desk
from .marks import is_break, lines_of, seal
from .turns import comes_from, either_way, folded, goes_to, points_to

__all__ = ["find", "page_of", "page_span"]

_SKIP = (Kind.BLANK, Kind.FURNITURE)
_NOT_READ = (*_SKIP, Kind.TABLE, Kind.CAPTION)
_FULL = re.compile("[\uff10-\uff19\uff21-\uff3a]+")  # full-width digits and letters
_FINAL = re.compile(r"[。！？!?.…][”’」』）)\"']*$")
_SENTENCE = 20  # characters: a shorter line before a pointer is an entry of a table of contents


def page_span(text: str) -> tuple[int, int]:
    """Return where the page stands that a jump or continuation line names; `(0, 0)` where it names none."""
    found = goes_to(text) or comes_from(text) or points_to(text)
    return found.page if found else (0, 0)


def page_of(text: str) -> str:
    """Return the page that a jump or continuation line names (`5`, `A7`, `四`), in half-width letters."""
    start, end = page_span(text)
    return folded(text[start:end]).replace(" ", "")


def find(desk: Desk, blocks: tuple[Block, ...]) -> tuple[Block, ...]:
    """Cut jump and continuation lines out of paragraphs and headings."""
    if not desk.on("jump-line"):
        return blocks
    wide = desk.gauge.full > desk.gauge.half  # the page prints full-width figures throughout
    whole = [part for block in blocks for part in _after_jumps(block)]
    made: list[Block] = []
    waiting = 0  # articles that jumped and have not gone on yet
    for number, block in enumerate(whole):
        back = waiting > 0 or _text_below(whole, number) if either_way(block.text) else False
        parts = _read(block, back, wide)
        kinds = [part.kind for part in parts]
        waiting += kinds.count(Kind.JUMP_LINE) - min(waiting, kinds.count(Kind.CONTINUATION))
        made.extend(parts)
    return tuple(made)


def _text_below(blocks: Sequence[Block], at: int) -> bool:
    """Tell whether text follows a line, and the text above it, if there is any, has ended."""
    after = next((block for block in blocks[at + 1 :] if block.kind not in _SKIP), None)
    before = next((block for block in reversed(blocks[:at]) if block.kind not in _SKIP), None)
    if after is None or after.kind is not Kind.PARAGRAPH:
        return False
    return before is None or before.kind is not Kind.PARAGRAPH or _FINAL.search(before.text) is not None


def _after_jumps(block: Block) -> tuple[Block, ...]:
    """Divide a block of several lines after each line that ends with a jump line, and before each line
    that says where the text comes from."""
    if block.kind is not Kind.PARAGRAPH or "\n" not in block.text:
        return (block,)
    lines = lines_of(block)
    texts = ["".join(piece.text for piece in line) for line in lines]
    ends = [goes_to(text) is not None for text in texts]
    comes = [(turn := comes_from(text)) is not None and turn.end == len(text) for text in texts]
    if not any(ends[:-1]) and not any(comes[1:]):
        return (block,)
    breaks = iter([piece for piece in block.pieces if is_break(piece)])
    parts: list[list[Piece]] = [[]]
    for number, line in enumerate(lines):
        parts[-1].extend(line)
        if number + 1 == len(lines):
            break
        here = next(breaks)
        if ends[number] or comes[number + 1]:
            parts[-1].append(seal(here))
            parts.append([])
        else:
            parts[-1].append(here)
    return tuple(replace(block, pieces=tuple(part)) for part in parts)


def _read(block: Block, back: bool, wide: bool) -> tuple[Block, ...]:
    """Cut the turns off a block; `back`: one that may lead both ways comes from elsewhere."""
    if block.kind in _NOT_READ:
        return (block,)
    parts: list[Block] = []
    head = comes_from(block.text)
    if head and (back or not either_way(block.text)):
        pieces, rest = cut(block.pieces, head.end)
        parts.append(_moved(block, pieces, Kind.CONTINUATION, wide))
        block = replace(block, pieces=rest)
        if not block.text.strip():
            return (replace(parts[0], pieces=parts[0].pieces + rest),)
    start = _end_of_text(block)
    if start < 0:
        return (*parts, block)
    rest, pieces = cut(block.pieces, start)
    if "".join(piece.text for piece in rest).strip():
        parts.append(replace(block, pieces=trim(rest)))
        parts.append(_moved(block, pieces, Kind.JUMP_LINE, wide))
    else:
        parts.append(_moved(block, rest + pieces, Kind.JUMP_LINE, wide))
    return tuple(parts)


def _end_of_text(block: Block) -> int:
    """Return where the turn or pointer at the end of a block begins, -1 where there is none."""
    if turn := goes_to(block.text):
        return turn.start
    if block.kind is not Kind.PARAGRAPH:
        return -1
    turn = points_to(block.text)
    return turn.start if turn and turn.start >= _SENTENCE else -1


def _moved(block: Block, pieces: tuple[Piece, ...], kind: Kind, wide: bool) -> Block:
    """Make the block of a jump line: its characters move to the metadata of the article."""
    moved = retag(trim(pieces), Op.MOVE, "jump-line", "jump lines are metadata")
    text = "".join(piece.text for piece in moved)
    changes = [
        Change(*found.span(), folded(found[0]), Op.REPLACE, "full-width-digit", 0.95, "a page in half-width")
        for found in (() if wide else _FULL.finditer(text))
    ]
    return replace(block, kind=kind, pieces=amend(moved, changes), level=0, reason="jump line")
