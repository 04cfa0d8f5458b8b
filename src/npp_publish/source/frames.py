"""Frames on a printed page: the tinted or ruled rectangles that set a box apart from the text around it.

Measures are PDF points with the origin at the lower left. A frame is a hint: it keeps what is within it
together while the page around it is parted into columns.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from .glyphs import Row

__all__ = ["Frame", "useful"]

_LEAST_WIDTH = 6.0  # times the size of the body
_LEAST_HEIGHT = 2.5
_MOST = 0.7  # of the rows of the page: a larger frame is the page's own border or ground
_SAME = 2.0  # points: two rectangles drawn one on the other (ground and rule)
_MOST_FRAMES = 200


@dataclass(frozen=True, slots=True)
class Frame:
    """The outline of a rectangle."""

    left: float
    bottom: float
    right: float
    top: float

    def turned(self) -> Frame:
        """Return the frame on a page of vertical setting that is turned by a quarter to the left."""
        return Frame(-self.top, self.left, -self.bottom, self.right)

    def holds(self, left: float, bottom: float, right: float, top: float) -> bool:
        """Return whether the middle of a box lies within."""
        return self.left < (left + right) / 2 < self.right and self.bottom < (bottom + top) / 2 < self.top


def useful(drawn: Iterable[Frame], found: Sequence[Row], body: float) -> list[Frame]:
    """Return the frames that hold several rows and cut none, the smallest first.

    Left out is what frames nearly the whole page, and a second rectangle in the place of the first.
    """
    large = {
        frame
        for frame in drawn
        if frame.right - frame.left > _LEAST_WIDTH * body and frame.top - frame.bottom > _LEAST_HEIGHT * body
    }
    if len(large) > _MOST_FRAMES:  # a drawing, a chart, a patterned ground
        return []
    kept: list[Frame] = []
    for frame in sorted(large, key=lambda f: ((f.right - f.left) * (f.top - f.bottom), f.left, f.bottom)):
        if any(_is_same(frame, other) for other in kept):
            continue
        within = [row for row in found if frame.holds(row.left, row.bottom, row.right, row.top)]
        if 1 < len(within) < _MOST * len(found) and not any(_cuts(frame, row) for row in found):
            kept.append(frame)
    return kept


def _is_same(a: Frame, b: Frame) -> bool:
    edges = (a.left - b.left, a.bottom - b.bottom, a.right - b.right, a.top - b.top)
    return max(map(abs, edges)) < _SAME


def _cuts(frame: Frame, row: Row) -> bool:
    """Return whether an upright edge of the frame runs through the row."""
    level = min(row.top, frame.top) - max(row.bottom, frame.bottom)
    if level < 0.5 * (row.top - row.bottom):
        return False
    room = 0.6 * row.size
    return any(row.left + room < edge < row.right - room for edge in (frame.left, frame.right))
