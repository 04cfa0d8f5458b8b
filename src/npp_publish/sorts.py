"""Sorts: the pieces a block is set from, cut and reset without losing a character.

A *sort* is a single piece of metal type. Everything that stages 2 and 3 do to a text goes through
these few functions, so that the pieces of all blocks always partition the source: they cut pieces,
mark them as dropped or replaced, and strip white space, but can neither lose nor invent one.
Offsets are offsets in the *output text* of the pieces unless a source offset is asked for.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from .model import Block, Op, Piece, Span

__all__ = [
    "BLANK",
    "Change",
    "amend",
    "cut",
    "drop_all",
    "joined",
    "kept",
    "retag",
    "source_end",
    "source_start",
    "split",
    "trim",
]

Pieces = tuple[Piece, ...]

# what counts as white space around text: also the ideographic space, zero-width marks and the BOM
BLANK = " \t\n\r\f\v\u00a0\u3000\u200b\u2028\u2029\ufeff"


@dataclass(frozen=True, slots=True)
class Change:
    """Replace the output text `[start, end)` by `text`; the rest goes into the ledger."""

    start: int
    end: int
    text: str
    op: Op
    rule: str
    confidence: float = 1.0
    why: str = ""
    alternative: str = ""


def kept(text: str, start: int, end: int, rule: str = "") -> Pieces:
    """Return the source characters `[start, end)` of `text` as one kept piece, or none if empty."""
    return (Piece(Span(start, end), text[start:end], rule=rule),) if end > start else ()


def joined(blocks: Iterable[Block]) -> Pieces:
    """Return the pieces of several blocks in their order."""
    return tuple(piece for block in blocks for piece in block.pieces)


def source_start(pieces: Sequence[Piece]) -> int:
    """Return the first source offset that the pieces cover (0 where there is none)."""
    return min([piece.span.start for piece in pieces], default=0)


def source_end(pieces: Sequence[Piece]) -> int:
    """Return the source offset after the last character that the pieces cover."""
    return max([piece.span.end for piece in pieces], default=0)


def _exact(piece: Piece) -> bool:
    """Tell whether output and source run character by character, so that the piece can be cut."""
    return len(piece.text) == len(piece.span)


def _part(piece: Piece, start: int, end: int) -> Piece:
    """Return the characters `[start, end)` of a piece that can be cut."""
    if start == 0 and end == len(piece.text):
        return piece
    base = piece.span.start
    return Piece(
        Span(base + start, base + end),
        piece.text[start:end],
        piece.op,
        piece.rule,
        piece.confidence,
        piece.why,
        piece.alternative,
    )


def cut(pieces: Pieces, at: int) -> tuple[Pieces, Pieces]:
    """Cut before the output character `at`; dropped pieces at the seam stay on the left.

    A replaced piece is not divided: the seam moves to its end.
    """
    left, right = split(pieces, (at,))
    return left, right


def split(pieces: Pieces, at: Sequence[int]) -> tuple[Pieces, ...]:
    """Cut at several ascending output offsets in one pass."""
    parts: list[list[Piece]] = [[]]
    seams = list(reversed(at))
    done = 0
    for piece in pieces:
        size = len(piece.text)
        while seams and size and seams[-1] <= done:
            seams.pop()
            parts.append([])
        inside = 0
        if seams and size and _exact(piece):
            while seams and seams[-1] < done + size:
                here = seams.pop() - done
                parts[-1].append(_part(piece, inside, here))
                parts.append([])
                inside = here
        parts[-1].append(_part(piece, inside, size) if inside else piece)
        done += size
    parts.extend([] for _ in seams)
    return tuple(map(tuple, parts))


def drop_all(
    pieces: Pieces, source: str, rule: str, why: str, confidence: float = 1.0, alternative: str = ""
) -> Pieces:
    """Return one dropped piece per run of adjacent source characters."""
    runs: list[Piece] = []
    for piece in sorted(pieces, key=lambda p: p.span):
        if runs and runs[-1].span.end == piece.span.start:
            runs[-1] = replace(runs[-1], span=Span(runs[-1].span.start, piece.span.end))
        else:
            runs.append(Piece(piece.span, "", Op.DROP, rule, confidence, why, alternative))
    return tuple(runs)


def _changed(piece: Piece, change: Change, text: str) -> Piece:
    op = change.op
    if op is Op.REPLACE and not text:
        op = Op.DROP
    return Piece(piece.span, text, op, change.rule, change.confidence, change.why, change.alternative)


def amend(pieces: Pieces, changes: Sequence[Change]) -> Pieces:
    """Apply ascending, disjoint changes of the output text in one pass.

    A change may span several pieces: the first one takes its text, the others become empty.
    Pieces whose output and source differ in length are only changed as a whole.
    """
    if not changes:
        return pieces
    out: list[Piece] = []
    todo = list(reversed(changes))
    fresh = True  # the current change has not set its text yet
    done = 0
    for piece in pieces:
        size = len(piece.text)
        at = 0  # how much of this piece is set
        while at < size and todo and todo[-1].start < done + size:
            change = todo[-1]
            start = max(change.start - done, at) if _exact(piece) else 0
            end = min(change.end - done, size) if _exact(piece) else size
            if start > at:
                out.append(_part(piece, at, start))
            out.append(_changed(_part(piece, start, end), change, change.text if fresh else ""))
            at = end
            fresh = done + end >= change.end
            if fresh:
                todo.pop()
        if at < size or not size:
            out.append(_part(piece, at, size))
        done += size
    return tuple(out)


def retag(
    pieces: Pieces, op: Op, rule: str, why: str, confidence: float = 1.0, alternative: str = ""
) -> Pieces:
    """Say of each kept piece that it was moved or retagged; its characters stay as they are."""
    return tuple(
        replace(piece, op=op, rule=rule, why=why, confidence=confidence, alternative=alternative)
        if piece.text and piece.op is Op.KEEP and not piece.rule
        else piece
        for piece in pieces
    )


def trim(
    pieces: Pieces, rule: str = "white-space", why: str = "white space at the edge of a block"
) -> Pieces:
    """Drop white space at both ends of the output text."""
    text = "".join(piece.text for piece in pieces)
    left = len(text) - len(text.lstrip(BLANK))
    right = len(text.rstrip(BLANK))
    changes = []
    if left:
        changes.append(Change(0, left, "", Op.DROP, rule, 1.0, why))
    if left <= right < len(text):
        changes.append(Change(right, len(text), "", Op.DROP, rule, 1.0, why))
    return amend(pieces, changes)
