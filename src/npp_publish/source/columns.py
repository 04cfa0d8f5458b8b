"""Reading order of a printed page: rows -> columns, by recursive cuts along white space (XY-cut).

The text layer knows where glyphs stand, not what they belong to, so the order is a hint of this stage.
A page is parted, in this order of preference: above a headline, around what stands over several columns,
between columns, at the widest white band; a frame is kept together until it stands alone.
The later stages see lines and blank lines, and may put together what was torn here.
"""

from __future__ import annotations

import statistics
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

from .frames import Frame
from .glyphs import Row
from .labels import Parts, hanging, is_table, labelled
from .spans import spans
from .white import Framed, Gap, Item, gaps, gutters, is_large, is_level, sizes, upright, widest

__all__ = ["Column", "order"]

_ROOM = 1.0  # of the size: the least room between two groups one above the other, beyond the leading
_RUNNING = 60  # characters of a running head or foot
_DEEPEST = 60


@dataclass(frozen=True, slots=True)
class Column:
    """Rows that stand one under the other, and the frames around them, the outermost first.

    `label` says that they are a label (a term, a date) with its text beside it, in the next column.
    """

    rows: tuple[Row, ...]
    frames: tuple[Frame, ...] = ()
    label: bool = False


def order(found: Sequence[Row], frames: Sequence[Frame] = ()) -> list[Column]:
    """Return the columns in reading order: from the top down, from left to right.

    `frames` come from the smallest to the largest.
    """
    items = _enclosed(found, frames)
    head, foot = _margin(items, top=True), _margin(items, top=False)
    inner = [item for item in items if item not in head and item not in foot]
    parts = ([item] for item in sorted(head, key=lambda i: i.left)), [inner], ([item] for item in foot)
    cut = (column for lot in parts for part in lot for column in _cut(part, 0))
    return [column for column in cut if column.rows]


def _margin(items: Sequence[Item], *, top: bool) -> list[Item]:
    """Return the running head or foot with the folio: one line beyond the outermost white band."""
    size = statistics.median(sizes(items)) if items else 0
    bands = [gap for gap in gaps(items, upright) if gap[0] > _ROOM * size]
    if not bands:
        return []
    at = bands[-1 if top else 0][1]
    outside = [item for item in items if (item.bottom > at if top else item.top < at)]
    texts = [item.text for item in outside if isinstance(item, Row) and item.size < 1.05 * size]
    level = all(is_level(outside[0], item) for item in outside)
    whole = len(texts) == len(outside) < len(items) and sum(map(len, texts)) <= _RUNNING
    return outside if whole and level else []


def _enclosed(found: Sequence[Row], frames: Sequence[Frame]) -> list[Item]:
    """Return the rows of the page, those within a frame as one thing; a frame may hold others."""
    items: list[Item] = list(found)
    for frame in frames:
        within = [i for i in items if frame.holds(i.left, i.bottom, i.right, i.top)]
        if len(within) > 1:
            items = [i for i in items if not frame.holds(i.left, i.bottom, i.right, i.top)]
            items.append(Framed(frame.left, frame.bottom, frame.right, frame.top, tuple(within), frame))
    return items


def _cut(group: Sequence[Item], depth: int) -> Iterator[Column]:
    if len(group) == 1 and isinstance(group[0], Framed):
        for column in _cut(group[0].inside, depth + 1):
            yield replace(column, frames=(group[0].frame, *column.frames))
        return
    parts = _parts(group) if len(group) > 1 and depth <= _DEEPEST else []
    if not parts:
        yield from _unparted(group, depth)
    for part, label in parts:
        for column in _cut(part, depth + 1):
            yield replace(column, label=label or column.label)


def _parts(group: Sequence[Item]) -> Parts:
    """Part a group at the first white space, in the order of preference, that there is."""
    size = statistics.median(sizes(group))
    bands = widest(gap for gap in gaps(group, upright) if gap[0] > _ROOM * size)
    heads = [gap for gap in bands if _headline_below(group, gap[1], size)]
    if heads:
        return _above_and_below(group, max(heads))
    if over := spans(group, size):
        return [(part, False) for part in over]
    found = gutters(group, size)
    if found and is_table(group, found):
        return []
    if found := found or hanging(group, size):
        middle = max(found)[1]
        left = [item for item in group if item.left < middle]
        right = [item for item in group if item.left >= middle]
        return labelled(left, right, size) or [(left, False), (right, False)]
    return _above_and_below(group, max(bands)) if bands else []


def _above_and_below(group: Sequence[Item], band: Gap) -> Parts:
    above = [item for item in group if item.bottom >= band[1]]
    return [(above, False), ([item for item in group if item.bottom < band[1]], False)]


def _unparted(group: Sequence[Item], depth: int) -> Iterator[Column]:
    """Yield a group that no white space parts: its rows level by level, frames where they begin."""
    rows: list[Row] = []
    for item in sorted(group, key=lambda item: -item.top):
        if isinstance(item, Row):
            rows.append(item)
            continue
        if rows:
            yield Column(tuple(_levelled(rows)))
        yield from _cut([item], depth)
        rows = []
    if rows:
        yield Column(tuple(_levelled(rows)))


def _headline_below(group: Sequence[Item], at: float, size: float) -> bool:
    """Return whether the rows under a white band begin with a headline, perhaps with a kicker first.

    Such a band runs between two articles, and parts the page before its columns do.
    """
    below = sorted((item for item in group if item.bottom < at), key=lambda item: -item.top)
    large = [item for item in below[:3] if isinstance(item, Row) and is_large(item, size)]
    return any(below[0].top - row.top < 2.5 * row.size for row in large)


def _levelled(group: Sequence[Row]) -> list[Row]:
    """Return one row for each level: what stands apart in a line, or a little higher, belongs to it."""
    levels: list[list[Row]] = []
    for row in sorted(group, key=lambda r: (-r.top, r.left)):
        if levels and _same_level(levels[-1][0], row):
            levels[-1].append(row)
        else:
            levels.append([row])
    return [_merged(level) for level in levels]


def _same_level(first: Row, row: Row) -> bool:
    if abs(first.size - row.size) > 0.35 * max(first.size, row.size):
        return False
    return is_level(first, row)


def _merged(level: list[Row]) -> Row:
    """Set the rows of one level in one line, with a space where there was room."""
    if len(level) == 1:
        return level[0]
    ordered = sorted(level, key=lambda r: r.left)
    text = ordered[0].text
    for before, row in pairwise(ordered):
        text += (" " if row.left - before.right > 0.25 * row.size else "") + row.text
    return Row(
        text,
        min(r.left for r in level),
        min(r.bottom for r in level),
        max(r.right for r in level),
        max(r.top for r in level),
        ordered[0].size,
        heavy=all(r.heavy for r in level),
        lead=ordered[0].lead or (len(ordered[0].text) if ordered[0].heavy and not ordered[1].heavy else 0),
    )
