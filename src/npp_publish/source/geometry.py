"""Reading order of a printed page: glyphs -> lines -> columns -> blocks.

All measures are PDF points with the origin at the lower left, as the text layer gives them. The layer
knows where glyphs stand, not what they belong to, so the order is a hint of this stage: lines come
from runs of glyphs, columns from recursive cuts along white space (XY-cut), blocks from leading and
size. The later stages see lines and blank lines, and may put together what was torn here.
"""

from __future__ import annotations

import statistics
import unicodedata
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

__all__ = ["Glyph", "Row", "blocks", "order", "rows", "without_overprints"]

_GUTTER = 0.7  # of the size: the least room between two columns
_ROOM = 1.0  # of the size: the least room between two groups one above the other, beyond the leading
_WORD_GAP = 1.6  # of the size: a wider gap in a line is the room between two columns
_HEADLINE = 1.6  # times the usual size: type that opens an article
_OVERLAP = 0.65  # of the size: two marks in a row are set closer, so that their boxes overlap
_DEEPEST = 60


@dataclass(frozen=True, slots=True)
class Glyph:
    """A character and its box."""

    text: str
    left: float
    bottom: float
    right: float
    top: float
    size: float


@dataclass(frozen=True, slots=True)
class Row:
    """A run of glyphs in one line (or in one column of vertical setting), and its box."""

    text: str
    left: float
    bottom: float
    right: float
    top: float
    size: float
    vertical: bool = False


def rows(glyphs: Iterable[Glyph]) -> list[Row]:
    """Gather the glyphs, in the order of the text layer, into rows.

    A space has no place of its own: it belongs to the run that goes on after it.
    """
    found: list[Row] = []
    run: list[Glyph] = []
    spaces = ""
    for glyph in glyphs:
        if glyph.text.isspace():
            spaces = " " if run else ""
            continue
        if run and not _goes_on(run, glyph):
            found.append(_row(run))
            run, spaces = [], ""
        if spaces:
            run.append(Glyph(" ", glyph.left, glyph.bottom, glyph.left, glyph.top, glyph.size))
            spaces = ""
        run.append(glyph)
    if run:
        found.append(_row(run))
    return found


def _goes_on(run: Sequence[Glyph], glyph: Glyph) -> bool:
    last = next(g for g in reversed(run) if g.text != " ")
    size = max(last.size, glyph.size, 0.1)
    if abs(last.size - glyph.size) > 0.35 * size:
        return False
    if _is_vertical(run):
        beside = abs(_middle(run[0]) - _middle(glyph)) < (0.4 if glyph.text.isalnum() else 0.8) * size
        return beside and -_OVERLAP * size < last.bottom - glyph.top < _WORD_GAP * size
    shared = min(last.top, glyph.top) - max(last.bottom, glyph.bottom)
    level = shared > 0.3 * min(_height(last), _height(glyph)) or _close_to_line(last, glyph, size)
    if level and -_OVERLAP * size < glyph.left - last.right < _WORD_GAP * size:
        return True
    under = abs(_middle(last) - _middle(glyph)) < (0.2 if glyph.text.isalnum() else 0.7) * size
    return len(run) == 1 and under and not level and 0 < last.top - glyph.top < 1.6 * size


def _close_to_line(a: Glyph, b: Glyph, size: float) -> bool:
    """Commas and dashes are low or thin: their boxes need not overlap those of their neighbours."""
    return abs(a.bottom - b.bottom) < 0.75 * size and min(_height(a), _height(b)) < 0.45 * size


def _height(glyph: Glyph) -> float:
    return max(glyph.top - glyph.bottom, 0.01)


def _middle(glyph: Glyph) -> float:
    return (glyph.left + glyph.right) / 2


def _is_vertical(run: Sequence[Glyph]) -> bool:
    if len(run) < 2:
        return False
    first, last = run[0], run[-1]
    return (
        first.bottom - last.bottom > 0.6 * first.size
        and abs(_middle(first) - _middle(last)) < 0.4 * first.size
    )


def _row(run: Sequence[Glyph]) -> Row:
    size = statistics.median(g.size for g in run)
    return Row(
        "".join(g.text for g in run).strip(),
        min(g.left for g in run),
        min(g.bottom for g in run),
        max(g.right for g in run),
        max(g.top for g in run),
        size,
        _is_vertical(run),
    )


def without_overprints(found: Sequence[Row]) -> tuple[list[Row], int]:
    """Leave out rows printed twice in one place (for boldness or a shadow); return how many."""
    kept: list[Row] = []
    seen: dict[str, list[Row]] = {}
    for row in found:
        near = 0.35 * row.size
        twins = seen.setdefault(row.text, [])
        if any(abs(t.left - row.left) < near and abs(t.bottom - row.bottom) < near for t in twins):
            continue
        twins.append(row)
        kept.append(row)
    return kept, len(found) - len(kept)


# --------------------------------------------------------------------------- columns


def order(found: Sequence[Row]) -> list[list[Row]]:
    """Return groups of rows in reading order: from the top down, column by column.

    Vertical setting reads its columns from the right; a page is taken for vertical where most of its
    characters are.
    """
    vertical = sum(len(r.text) for r in found if r.vertical) * 2 > sum(len(r.text) for r in found)
    if vertical:  # one character, or marks alone, do not tell how they are set
        found = [replace(row, vertical=row.vertical or _is_short(row.text)) for row in found]
    return list(_cut(list(found), vertical, 0))


def _is_short(text: str) -> bool:
    return len(text) == 1 or not any(c.isalnum() for c in text)


def _cut(group: list[Row], vertical: bool, depth: int) -> Iterator[list[Row]]:
    if len(group) < 2 or depth > _DEEPEST:
        yield group
        return
    size = statistics.median(row.size for row in group)
    bands = [gap for gap in _gaps(group, _height_of) if gap[0] > _ROOM * size]
    gutters = [gap for gap in _gaps(group, _width_of) if gap[0] > _GUTTER * size and not vertical]
    band = max((gap for gap in bands if _headline_below(group, gap[1], size)), default=None)
    if band is None and not gutters and bands:
        band = max(bands)
    if band:
        above = [row for row in group if row.bottom >= band[1]]
        halves = [above, [row for row in group if row.bottom < band[1]]]
    elif gutters:
        middle = max(gutters)[1]
        left = [row for row in group if row.left < middle]
        halves = [left, [row for row in group if row.left >= middle]]
    else:
        yield _levelled(group, vertical)
        return
    for half in halves:
        yield from _cut(half, vertical, depth + 1)


def _height_of(row: Row) -> tuple[float, float]:
    return row.bottom, row.top


def _width_of(row: Row) -> tuple[float, float]:
    return row.left, row.right


def _headline_below(group: Sequence[Row], at: float, size: float) -> bool:
    """Return whether the rows under a white band begin with a headline, perhaps with a kicker first.

    Such a band runs between two articles, and parts the page before its columns do.
    """
    below = sorted((row for row in group if row.bottom < at), key=lambda row: -row.top)
    if not below:
        return False
    large = [row for row in below[:3] if row.size >= _HEADLINE * size]
    return any(below[0].top - row.top < 2.5 * row.size for row in large)


def _gaps(group: Sequence[Row], side: Callable[[Row], tuple[float, float]]) -> Iterator[tuple[float, float]]:
    """Yield the width and the middle of each white strip that no row touches."""
    reach: float | None = None
    for start, end in sorted(side(row) for row in group):
        if reach is not None and start > reach:
            yield start - reach, (start + reach) / 2
        reach = end if reach is None else max(reach, end)


def _levelled(group: list[Row], vertical: bool) -> list[Row]:
    """Return one row for each level: what stands apart in a line, or a little higher, belongs to it."""
    levels: list[list[Row]] = []
    for row in sorted(
        group, key=(lambda r: (-r.right, -r.top)) if vertical else (lambda r: (-r.top, r.left))
    ):
        if levels and _same_level(levels[-1][0], row):
            levels[-1].append(row)
        else:
            levels.append([row])
    return [_merged(level) for level in levels]


def _same_level(first: Row, row: Row) -> bool:
    if first.vertical != row.vertical or abs(first.size - row.size) > 0.35 * max(first.size, row.size):
        return False
    (a, b), (c, d) = ((r.left, r.right) if r.vertical else (r.bottom, r.top) for r in (first, row))
    return min(b, d) - max(a, c) > 0.5 * min(b - a, d - c)


def _merged(level: list[Row]) -> Row:
    """Set the rows of one level in one line, with a space where there was room."""
    if len(level) == 1:
        return level[0]
    ordered = sorted(level, key=lambda r: -r.top if r.vertical else r.left)
    text = ordered[0].text
    for before, row in pairwise(ordered):
        room = before.bottom - row.top if row.vertical else row.left - before.right
        text += (" " if room > 0.25 * row.size else "") + row.text
    return Row(
        text,
        min(r.left for r in level),
        min(r.bottom for r in level),
        max(r.right for r in level),
        max(r.top for r in level),
        ordered[0].size,
        ordered[0].vertical,
    )


# --------------------------------------------------------------------------- blocks


def blocks(group: Sequence[Row], body: float) -> Iterator[list[Row]]:
    """Part the rows of one column: where leading or size changes, a row is indented, or one ends short.

    In justified Chinese setting only the last line of a paragraph ends more than a character or two
    before the edge. `body` is the usual size of the page.
    """
    column = _Column(group, body)
    current: list[Row] = []
    for row in group:
        if current and column.parts(current[-1], row):
            yield current
            current = []
        current.append(row)
    if current:
        yield current


class _Column:
    """The measures of one column: its usual leading, and the edges of the type in its usual size."""

    def __init__(self, group: Sequence[Row], body: float) -> None:
        self.size = min(statistics.median_low(row.size for row in group), 1.12 * body)
        usual = [row for row in group if abs(row.size - self.size) < 0.12 * self.size] or list(group)
        steps = [step for a, b in pairwise(group) if (step := _step(a, b)) > 0]
        self.leading = statistics.median_low(steps) if steps else 0.0
        self.start = max(map(_start, usual)) if usual[0].vertical else min(map(_start, usual))
        self.end = min(map(_end, usual)) if usual[0].vertical else max(map(_end, usual))

    def parts(self, above: Row, row: Row) -> bool:
        """Return whether `row` begins another block than `above`."""
        size = max(above.size, row.size)
        if abs(above.size - row.size) > 0.12 * size or above.vertical != row.vertical:
            return True
        step = _step(above, row)
        large = size > 1.12 * self.size
        most = 1.7 * size if large else max(1.35 * self.leading, self.leading + 0.3 * size)
        if step < 0 or step > most:
            return True
        if large:
            return False
        indent = abs(_start(row) - self.start) / size
        short = abs(self.end - _end(above)) / size
        if 0.8 < indent < 4.5 and abs(_start(above) - self.start) < 0.5 * size:
            return True
        return short > 2.5 and _is_square(above.text[-1:])


def _start(row: Row) -> float:
    return row.top if row.vertical else row.left


def _end(row: Row) -> float:
    return row.bottom if row.vertical else row.right


def _is_square(character: str) -> bool:
    return unicodedata.east_asian_width(character or " ") in "WFA"


def _step(above: Row, row: Row) -> float:
    """Return the distance from one line to the next: of the baselines, or of vertical columns."""
    return above.left - row.left if above.vertical else above.bottom - row.bottom
