"""Marks: what the marking of a line says of it (`#`, `**`, `![]()`, `|`, `:::`, bullets, blank lines).

Rationale: text layers and OCR programs hand pages over in a light Markdown, or as bare text. The
marks are taken as hints, never as truth: they tell lines apart, and later passes say what they are.
All characters of a mark are source characters and go into the ledger as dropped, rule `markup`.
Case file: tests/cases/quotation.md.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace

from ..model import Block, Kind, Line, Op, Piece, Source, Span
from ..sorts import BLANK, Change, amend
from .desk import Desk

__all__ = [
    "BREAK",
    "FENCE",
    "FENCE_END",
    "HARD",
    "INDENT",
    "blocks_of_lines",
    "carve",
    "is_break",
    "lines_of",
    "seal",
    "space",
]

BREAK = "line-break"
INDENT = "indent"
FENCE, FENCE_END = "fence before a box", "fence after a box"
_HEADING = re.compile(r"(#{1,6})[ \t\u3000]+(?=\S)")
_BULLET = re.compile(r"[-*+•‣◦][ \t\u3000]+(?=\S)|[•‣◦](?=\S)")
_QUOTED = re.compile(r"(?:>[ \t]+)+(?=[^\s>])")
_PICTURE = re.compile(r"!\[([^\]\n]{0,500})\]\(([^)\s]{0,2000})\)")
_RULE = re.compile(r"(?:[-*_=—─]{3,}|(?:\* ){2,}\*)$")
_STRONG = re.compile(r"\*\*(?=[^*\s])([^*]{1,400})(?<=[^*\s])\*\*")
_FENCE = re.compile(r":{3,}(?:[ \t]*(?:[A-Za-z][\w-]*|\{[^{}\n]*\}))?:*$")
_CELLS = re.compile(r"\|[-:| \t]+\|$")
_ASKS = re.compile(r"(?:问|答|记者|記者|Q|A)\s*[:：]")  # a question in bold is a paragraph
_CELL = re.compile(r"[^|\s](?:[^|]*[^|\s])?")
HEAD_RULE, ROW_END, CELL_BAR = "line under the head of a table", "end of a row", "bar between cells"
_LABEL_LIMIT = 24  # characters; a longer bold line is a paragraph in bold
HARD = re.compile(r"(?: {2,}|\\)[\r\n]")


@dataclass(frozen=True, slots=True)
class _Row:
    """One line: its trimmed text `[start, end)` and the start of the next line."""

    start: int
    end: int
    after: int
    line: Line
    text: str


def blocks_of_lines(desk: Desk) -> tuple[Block, ...]:
    """Read the lines of the source into blocks by their marks; the first step of detection."""
    return tuple(_emptied(_mark_strong(block)) for block in _blocks(desk.source))


def _emptied(block: Block) -> Block:
    """A block of nothing but marks is as good as blank."""
    return (
        block if block.kind in (Kind.BLANK, Kind.FURNITURE) or block.text else replace(block, kind=Kind.BLANK)
    )  # noqa: E501, RUF100


def is_break(piece: Piece) -> bool:
    """Tell whether a piece is a line break that nobody has decided on yet."""
    return piece.rule == BREAK and piece.text == "\n"


def lines_of(block: Block) -> list[tuple[Piece, ...]]:
    """Return the pieces of each line of a block, its undecided breaks left out."""
    if "\n" not in block.text:
        return [block.pieces]
    lines: list[list[Piece]] = [[]]
    for piece in block.pieces:
        if is_break(piece):
            lines.append([])
        else:
            lines[-1].append(piece)
    return [tuple(line) for line in lines]


def seal(piece: Piece) -> Piece:
    """Turn an undecided break into dropped white space at the edge of a block."""
    return space(piece.span.start, piece.span.end)


def carve(block: Block, read: Callable[[str, int, int], Kind | None]) -> tuple[Block, ...]:
    """Cut the lines that `read` recognises out of a block of running text.

    `read` gets the text of a line, its number in the block and the number of lines, and returns the
    kind of the line, or None for running text. Each recognised line becomes a block of its own.
    """
    lines = lines_of(block)
    kinds = [
        read("".join([piece.text for piece in line]), number, len(lines)) for number, line in enumerate(lines)
    ]
    if not any(kinds):
        return (block,)
    breaks = [piece for piece in block.pieces if is_break(piece)]
    parts: list[tuple[Kind, list[Piece]]] = []
    for number, (line, kind) in enumerate(zip(lines, kinds, strict=True)):
        runs_on = number > 0 and kind is None and kinds[number - 1] is None
        if runs_on:
            parts[-1][1].extend((breaks[number - 1], *line))
            continue
        if number > 0:
            parts[-1][1].append(seal(breaks[number - 1]))
        parts.append((kind or block.kind, list(line)))
    return tuple(replace(block, kind=kind, pieces=tuple(pieces)) for kind, pieces in parts)


def _rows(source: Source) -> Iterator[_Row]:
    lines, text = source.lines, source.text
    for number, line in enumerate(lines):
        after = lines[number + 1].start if number + 1 < len(lines) else len(text)
        raw = text[line.start : line.end]
        bare = raw.lstrip(BLANK)
        start = line.end - len(bare)
        bare = bare.rstrip(BLANK)
        yield _Row(start, start + len(bare), after, line, bare)


def _blocks(source: Source) -> Iterator[Block]:
    run: list[_Row] = []
    kind = Kind.PARAGRAPH
    gap = 0  # start of characters that no block has taken yet
    for row in _rows(source):
        here = _kind_of(row.text)
        new_file = bool(run) and run[-1].line.file != row.line.file
        if run and (here is not kind or kind not in _RUNS or new_file):
            yield _set(source.text, run, kind, gap)
            gap = run[-1].after
            run = []
        if here is Kind.BLANK:
            continue  # the blank lines up to the next text become one block
        if not run and row.line.start > gap:
            yield _blank(gap, row.line.start)
            gap = row.line.start
        run.append(row)
        kind = here
    if run:
        yield _set(source.text, run, kind, gap)
        gap = run[-1].after
    if gap < len(source.text):
        yield _blank(gap, len(source.text))


_RUNS = (Kind.PARAGRAPH, Kind.TABLE, Kind.QUOTATION)
_MARKS = {Kind.HEADLINE: _HEADING, Kind.ITEM: _BULLET, Kind.QUOTATION: _QUOTED}


def _kind_of(text: str) -> Kind:
    if not text:
        return Kind.BLANK
    first = text[0]
    if first == "#" and _HEADING.match(text):
        return Kind.HEADLINE
    if first == ">" and (_QUOTED.match(text) or not text.strip("> \t")):
        return Kind.QUOTATION if text.strip("> \t") else Kind.FURNITURE
    if first == "!" and _PICTURE.match(text):
        return Kind.CAPTION
    if first == "*" and _is_label(text):
        return Kind.LABEL
    if first == ":" and _FENCE.match(text):
        return Kind.FURNITURE
    if first in "-*_=—─" and _RULE.match(text):
        return Kind.FURNITURE
    if first in "-*+•‣◦" and _BULLET.match(text):
        return Kind.ITEM
    if first == "|" and text.endswith("|") and len(text) > 2:
        return Kind.TABLE
    return Kind.PARAGRAPH


def _is_label(text: str) -> bool:
    if not (text.startswith("**") and text.endswith(("**", "**：", "**:")) and len(text) > 4):
        return False
    inner = text[2 : text.rindex("**")]
    if _ASKS.match(inner):
        return False
    return "**" not in inner and len(inner) <= _LABEL_LIMIT and inner.strip() == inner


def _blank(start: int, end: int) -> Block:
    return Block(Kind.BLANK, (space(start, end, "blank-line", "space between blocks"),))


def space(start: int, end: int, rule: str = "white-space", why: str = "line end") -> Piece:
    """Return a dropped piece of white space."""
    return Piece(Span(start, end), "", Op.DROP, rule, 1.0, why)


def _set(text: str, run: list[_Row], kind: Kind, gap: int) -> Block:
    """Make the block of a run of rows: kept lines, undecided breaks, dropped marks."""
    pieces: list[Piece] = []
    level = 0
    if run[0].start > gap:
        pieces.append(space(gap, run[0].start, why=INDENT))
    for number, row in enumerate(run):
        start = row.start
        mark = _MARKS.get(kind)
        if mark and (found := mark.match(row.text)):
            level = len(found[1]) if kind is Kind.HEADLINE else 0
            pieces.append(_markup(start, start + found.end(), f"{kind.value} mark"))
            start += found.end()
        end = row.end
        if kind is Kind.FURNITURE and _FENCE.match(row.text):
            why = FENCE if row.text.strip(": \t") else FENCE_END
            pieces.append(Piece(Span(start, end), "", Op.DROP, "markup", 1.0, why))
            start = end
        if kind is Kind.HEADLINE and text[start:end].rstrip("# \t"):
            end = start + len(text[start:end].rstrip("# \t")) if text[end - 1] == "#" else end
        if end > start:
            pieces.append(Piece(Span(start, end), text[start:end]))
        if number + 1 < len(run):
            pieces.append(Piece(Span(end, run[number + 1].start), "\n", Op.KEEP, BREAK))
        elif row.after > end:
            pieces.append(space(end, row.after))
    block = Block(kind, tuple(pieces), level=level)
    special = {Kind.CAPTION: _picture, Kind.LABEL: _label, Kind.TABLE: _table}.get(kind)
    return special(block) if special else block


def _table(block: Block) -> Block:
    """`| a | b |` in lines: each cell is kept as such, bars and the line of dashes are marks."""
    changes: list[Change] = []
    start = 0
    for line in block.text.split("\n"):
        end = start + len(line)
        if _CELLS.fullmatch(line):
            changes.append(Change(start, end, "", Op.DROP, "markup", 1.0, HEAD_RULE))
        else:
            changes.extend(_cells(line, start))
        if end < len(block.text):
            changes.append(Change(end, end + 1, "", Op.DROP, "markup", 1.0, ROW_END))
        start = end + 1
    return Block(block.kind, amend(block.pieces, changes))


def _cells(line: str, start: int) -> Iterator[Change]:
    at = 0
    for found in _CELL.finditer(line):
        yield Change(start + at, start + found.start(), "", Op.DROP, "markup", 1.0, CELL_BAR)
        yield Change(
            start + found.start(), start + found.end(), found[0], Op.RETAG, "cell", 1.0, "cell of a table"
        )
        at = found.end()
    if at < len(line):
        yield Change(start + at, start + len(line), "", Op.DROP, "markup", 1.0, CELL_BAR)


def _markup(start: int, end: int, why: str) -> Piece:
    return Piece(Span(start, end), "", Op.DROP, "markup", 1.0, why)


def _label(block: Block) -> Block:
    """A line that is bold as a whole: its asterisks (and a colon after them) are marks."""
    text = block.text
    close = text.rindex("**")
    drops = (
        Change(0, 2, "", Op.DROP, "markup", 1.0, "label mark"),
        Change(close, len(text), "", Op.DROP, "markup", 1.0, "label mark"),
    )
    return Block(block.kind, amend(block.pieces, drops))


def _picture(block: Block) -> Block:
    """`![alt](source)` and a caption on the same line."""
    found = _PICTURE.match(block.text)
    if not found:
        return block
    changes = [Change(0, 2, "", Op.DROP, "markup", 1.0, "picture mark")]
    if found[1]:
        changes.append(Change(*found.span(1), found[1], Op.MOVE, "picture-alt", 1.0, "text of the picture"))
    changes.append(Change(found.end(1), found.start(2), "", Op.DROP, "markup", 1.0, "picture mark"))
    if found[2]:
        changes.append(
            Change(*found.span(2), found[2], Op.MOVE, "picture-source", 1.0, "address of the picture")
        )
    changes.append(Change(found.end(2), found.end(), "", Op.DROP, "markup", 1.0, "picture mark"))
    return Block(block.kind, amend(block.pieces, changes))


def _mark_strong(block: Block) -> Block:
    """Drop the asterisks of bold runs inside a block; what stood between them stays marked by them."""
    if block.kind in (Kind.BLANK, Kind.LABEL, Kind.FURNITURE) or not any(
        "**" in p.text for p in block.pieces
    ):
        return block
    drops: list[Change] = []
    for found in _STRONG.finditer(block.text):
        drops.append(Change(found.start(), found.start(1), "", Op.DROP, "markup", 1.0, "strong mark"))
        drops.append(Change(found.end(1), found.end(), "", Op.DROP, "markup", 1.0, "strong mark"))
    return Block(block.kind, amend(block.pieces, drops), level=block.level)
