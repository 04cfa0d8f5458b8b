"""Setting: the pieces of a block as inline content, with what is bold and what is a name tagged."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from ..model import Inline, Inlines, Op, Piece, Role, Style, Styled, Tagged, Text

__all__ = ["Mark", "inlines", "strong_marks", "text_of"]


@dataclass(frozen=True, slots=True)
class Mark:
    """A range `[start, end)` of a text and its meaning: a role or a style."""

    start: int
    end: int
    meaning: Role | Style


def text_of(pieces: Sequence[Piece]) -> str:
    """Return the output text of pieces."""
    return pieces[0].text if len(pieces) == 1 else "".join([piece.text for piece in pieces])


def strong_marks(pieces: Sequence[Piece]) -> list[Mark]:
    """Return what stood between dropped asterisks."""
    if "strong mark" not in [piece.why for piece in pieces]:
        return []
    marks: list[Mark] = []
    opened = -1
    done = 0
    for piece in pieces:
        if piece.op is Op.DROP and piece.rule == "markup" and piece.why == "strong mark":
            if opened < 0:
                opened = done
            else:
                marks.append(Mark(opened, done, Style.STRONG))
                opened = -1
        done += len(piece.text)
    return [mark for mark in marks if mark.end > mark.start]


def inlines(text: str, marks: Sequence[Mark] = ()) -> Inlines:
    """Set a text with its marks; marks nest, and one that overlaps another by half is left out."""
    if not marks:
        return (Text(text),) if text else ()
    ordered = sorted(marks, key=lambda mark: (mark.start, -mark.end))
    return _set(text, 0, len(text), ordered)


def _set(text: str, start: int, end: int, marks: Sequence[Mark]) -> Inlines:
    made: list[Inline] = []
    at = start
    number = 0
    while number < len(marks):
        mark = marks[number]
        number += 1
        if mark.start < at or mark.end > end or mark.start >= mark.end:
            continue
        inside = []
        while number < len(marks) and marks[number].start < mark.end:
            if marks[number].end <= mark.end:
                inside.append(marks[number])
            number += 1
        if mark.start > at:
            made.append(Text(text[at : mark.start]))
        content = _set(text, mark.start, mark.end, inside)
        made.append(
            Tagged(mark.meaning, content) if isinstance(mark.meaning, Role) else Styled(mark.meaning, content)
        )
        at = mark.end
    if at < end:
        made.append(Text(text[at:end]))
    return tuple(made)
