"""The galley: where the pieces of the articles are set, slot by slot, in reading order."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass, field

from ..detect.desk import Desk
from ..model import Block, Inlines, Piece
from .setting import Mark, inlines, strong_marks, text_of

__all__ = ["Galley", "Placed"]

Placed = list[tuple[str, tuple[Piece, ...]]]


@dataclass
class Galley:
    """Where the pieces of one article are set: slots in reading order, and counters for their names."""

    desk: Desk
    placed: Placed = field(default_factory=list)
    starts: list[int] = field(init=False)

    def __post_init__(self) -> None:
        self.starts = [line.start for line in self.desk.source.lines]

    def set(self, slot: str, pieces: tuple[Piece, ...], marks: Sequence[Mark] = ()) -> Inlines:
        """Set pieces in a slot and return them as inline content."""
        self.placed.append((slot, pieces))
        return inlines(text_of(pieces), [*strong_marks(pieces), *marks])

    def lines(self, *blocks: Block) -> tuple[int, ...]:
        """Return the source lines that the text of blocks stands on."""
        lines, starts = self.desk.source.lines, self.starts
        places = {
            bisect_right(starts, piece.span.start)
            for block in blocks
            for piece in block.pieces
            if (text := piece.text) and not text.isspace()
        }
        return tuple(sorted({lines[max(place - 1, 0)].number for place in places}))
