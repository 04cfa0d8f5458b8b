"""How the columns of a page are set: rows -> blocks (paragraphs, headings, items).

Measures are PDF points. A block ends where leading, size or weight changes, a row is indented, or one
ends short. A paragraph that the foot of its column parts goes on at the head of the next.
"""

from __future__ import annotations

import re
import statistics
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

from .columns import Column
from .frames import Frame
from .glyphs import Row

__all__ = ["BULLETS", "Passage", "passages"]

_LARGER = 1.12  # times the size of the body: another size
_SETTLED = 2  # full rows that show the edge of a column
_STACKED = 2.1  # times the size: the leading between the lines of a headline
_FULL = 1.2  # times the size: a row that ends nearer to the edge fills its line
_VERSE = 18  # characters of a line
_INNER = re.compile("[，。；、]")
_MARKS = tuple("，。；、！？：")
BULLETS = tuple("•‣◦●○■□◆◇▲△★☆※▪►")
_CLOSED = tuple("。！？!?…：:”’」』）)")


@dataclass(frozen=True, slots=True)
class Passage:
    """Rows that belong together; `flows` where they are one text, broken where each line was full.

    `centred` says that they stand on the axis of a column of text.
    """

    rows: tuple[Row, ...]
    flows: bool
    centred: bool = False
    frames: tuple[Frame, ...] = ()
    label: bool = False


def passages(parts: Sequence[Column], body: float) -> list[Passage]:
    """Return the passages of the columns of a page, in reading order; `body` is its usual size."""
    columns = [_Column(part.rows, body) for part in parts]
    indented = any(column.is_indented() for column in columns)
    found: list[tuple[list[Row], list[bool], bool, Column]] = []
    before: _Column | None = None
    for column, part in zip(columns, parts, strict=True):
        over = (
            before is not None
            and found[-1][3].frames == part.frames
            and not (part.label or found[-1][3].label)
            and before.runs_over(column, indented)
        )
        for rows in column.blocks():
            full = [*map(column.is_full, rows)]
            if over:
                found[-1][0].extend(rows)
                found[-1][1].extend(full)
            else:
                found.append((rows, full, column.is_centred(rows), part))
            over = False
        before = column
    return [
        Passage(tuple(rows), _flows(rows, full), centred, part.frames, part.label)
        for rows, full, centred, part in found
    ]


def _flows(rows: Sequence[Row], full: Sequence[bool]) -> bool:
    """Return whether rows are one running text.

    Not so lists, whose rows carry no marks inside, and verse, of which every row ends with one.
    """
    if len(rows) < 2 or not all(full[:-1]):
        return False
    if rows[0].text.startswith(BULLETS):
        return True
    verse = max(len(row.text) for row in rows) <= _VERSE and all(row.text.endswith(_MARKS) for row in rows)
    return not verse and _INNER.search("".join(row.text for row in rows)) is not None


class _Column:
    """The measures of one column: its usual leading, and the edges of the type in its usual size."""

    def __init__(self, group: Sequence[Row], body: float) -> None:
        self.rows = group
        self.size = min(statistics.median_low(row.size for row in group), _LARGER * body)
        usual = [row for row in group if abs(row.size - self.size) < 0.12 * self.size] or list(group)
        steps = [step for a, b in pairwise(group) if (step := _step(a, b)) > 0]
        self.leading = statistics.median_low(steps) if steps else 0.0
        self.start = min(row.left for row in usual)
        self.end = max(row.right for row in usual)
        self.settled = sum(map(self.is_full, group)) >= _SETTLED

    def blocks(self) -> Iterator[list[Row]]:
        """Part the rows where another block begins."""
        current: list[Row] = []
        for row in self.rows:
            if current and self.parts(current[-1], row):
                yield current
                current = []
            current.append(row)
        yield current

    def is_indented(self) -> bool:
        """Return whether a row in the usual size begins with an indent, after one that does not."""
        return any(self._indents(above, row) for above, row in pairwise(self.rows))

    def is_full(self, row: Row) -> bool:
        """Return whether a row ends at the edge of the column."""
        return abs(self.end - row.right) < _FULL * row.size

    def is_centred(self, rows: Sequence[Row]) -> bool:
        """Return whether rows stand on the axis of the column, away from both edges, below full rows.

        At the head of a column only larger ones do: a dateline may stand there on a line of its own.
        """
        first = rows[0] is self.rows[0] and rows[0].size < 1.05 * self.size
        if first or not self.settled:
            return False
        sides = [(row.left - self.start, self.end - row.right, row.size) for row in rows]
        return all(min(left, right) > size and abs(left - right) < 1.5 * size for left, right, size in sides)

    def runs_over(self, after: _Column, indented: bool) -> bool:
        """Return whether the last paragraph goes on at the head of the column `after`.

        Its last row is full, and the first one there stands higher, to the right, without indent. In
        columns that are not `indented` a full row may also end a paragraph, where it ends a sentence.
        """
        last, first = self.rows[-1], after.rows[0]
        if last.heavy or first.heavy:
            return False
        size = max(last.size, first.size)
        if abs(last.size - first.size) > 0.05 * size or size > _LARGER * self.size:
            return False
        if first.left < last.right - size or first.bottom < last.top:
            return False
        full = self.is_full(last) and len(self.rows) > 1
        return (
            full and first.left - after.start < 0.5 * size and (indented or not last.text.endswith(_CLOSED))
        )

    def _indents(self, above: Row, row: Row) -> bool:
        size = max(above.size, row.size)
        indent = abs(row.left - self.start) / size
        return 0.8 < indent < 4.5 and abs(above.left - self.start) < 0.5 * size

    def parts(self, above: Row, row: Row) -> bool:
        """Return whether `row` begins another block than `above`."""
        size = max(above.size, row.size)
        if abs(above.size - row.size) > 0.12 * size:
            return True
        if above.heavy != row.heavy or row.lead or row.text.startswith(BULLETS):
            return True
        step = _step(above, row)
        if self.is_centred([row]) != self.is_centred([above]):
            return True
        large = size > _LARGER * self.size
        most = _STACKED * size if large else max(1.35 * self.leading, self.leading + 0.3 * size)
        if step < 0 or step > most:
            return True
        if large:
            return False
        short = abs(self.end - above.right) / size
        if self._indents(above, row):
            return True
        return short > 2.5 and _is_square(above.text[-1:])


def _is_square(character: str) -> bool:
    return unicodedata.east_asian_width(character or " ") in "WFA"


def _step(above: Row, row: Row) -> float:
    """Return the distance from one line to the next, of the baselines."""
    return above.bottom - row.bottom
