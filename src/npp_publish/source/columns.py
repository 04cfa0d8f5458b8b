"""Reading order of a printed page: rows -> columns, by recursive cuts along white space (XY-cut).

The text layer knows where glyphs stand, not what they belong to, so the order is a hint of this stage.
A page is parted, in this order of preference: above a headline, below a head that stands over several
columns, between columns, at the widest white band; a frame is kept together until it stands alone.
The later stages see lines and blank lines, and may put together what was torn here.
"""

from __future__ import annotations

import re
import statistics
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

from .frames import Frame
from .glyphs import Row

__all__ = ["Column", "order"]

_GUTTER = 0.7  # of the size: the least room between two columns
_ROOM = 1.0  # of the size: the least room between two groups one above the other, beyond the leading
_HEADLINE = 1.6  # times the usual size: type that opens an article
_HEAD_ROWS = 8  # kicker, headline, subtitle and byline have no more
_LABEL = 9.0  # times the size: a wider column does not hold labels
_CLOSE = 0.2  # times the size: room enough between a label in heavy type and its text
_RUNNING = 60  # characters of a running head or foot
_NUMBER = re.compile(r"[-+−]?[\d.,，/%：:]{1,9}[\u4e00-\u9fff%]{0,2}")
_MOST_GAPS = 40  # looked at in a group; a page has a few columns and articles
_DEEPEST = 60


@dataclass(frozen=True, slots=True)
class _Framed:
    """What stands within a frame: one thing, as long as the page around it is cut."""

    left: float
    bottom: float
    right: float
    top: float
    inside: tuple[_Item, ...]
    frame: Frame


_Item = Row | _Framed
_Parts = list[tuple[Sequence[_Item], bool]]  # of a group, and whether each is a label
_Gap = tuple[float, float]  # the width of a white strip, and where its middle runs


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

    `frames` come from the smallest to the largest. Vertical setting reads its columns from the right; a
    page is taken for vertical where most of its characters are.
    """
    vertical = sum(len(r.text) for r in found if r.vertical) * 2 > sum(len(r.text) for r in found)
    if vertical:  # one character, or marks alone, do not tell how they are set
        found = [replace(row, vertical=row.vertical or _is_short(row.text)) for row in found]
    items = _enclosed(found, frames)
    head = [] if vertical else _margin(items, top=True)
    foot = [] if vertical else _margin(items, top=False)
    inner = [item for item in items if item not in head and item not in foot]
    parts = ([item] for item in sorted(head, key=lambda i: i.left)), [inner], ([item] for item in foot)
    cut = (column for lot in parts for part in lot for column in _cut(part, vertical, 0))
    return [column for column in cut if column.rows]


def _margin(items: Sequence[_Item], *, top: bool) -> list[_Item]:
    """Return the running head or foot with the folio: one line beyond the outermost white band."""
    size = statistics.median(_sizes(items)) if items else 0
    bands = [gap for gap in _gaps(items, _height_of) if gap[0] > _ROOM * size]
    if not bands:
        return []
    at = bands[-1 if top else 0][1]
    outside = [item for item in items if (item.bottom > at if top else item.top < at)]
    texts = [item.text for item in outside if isinstance(item, Row) and item.size < 1.05 * size]
    level = all(_is_level(outside[0], item) for item in outside)
    whole = len(texts) == len(outside) < len(items) and sum(map(len, texts)) <= _RUNNING
    return outside if whole and level else []


def _is_short(text: str) -> bool:
    return len(text) == 1 or not any(c.isalnum() for c in text)


def _enclosed(found: Sequence[Row], frames: Sequence[Frame]) -> list[_Item]:
    """Return the rows of the page, those within a frame as one thing; a frame may hold others."""
    items: list[_Item] = list(found)
    for frame in frames:
        within = [i for i in items if frame.holds(i.left, i.bottom, i.right, i.top)]
        if len(within) > 1:
            items = [i for i in items if not frame.holds(i.left, i.bottom, i.right, i.top)]
            items.append(_Framed(frame.left, frame.bottom, frame.right, frame.top, tuple(within), frame))
    return items


def _cut(group: Sequence[_Item], vertical: bool, depth: int) -> Iterator[Column]:
    if len(group) == 1 and isinstance(group[0], _Framed):
        for column in _cut(group[0].inside, vertical, depth + 1):
            yield replace(column, frames=(group[0].frame, *column.frames))
        return
    if len(group) < 2 or depth > _DEEPEST:
        yield from _unparted(group, vertical, depth)
        return
    size = statistics.median(_sizes(group))
    bands = _widest(gap for gap in _gaps(group, _height_of) if gap[0] > _ROOM * size)
    gutters = [] if vertical else _gutters(group, size) or _hanging(group, size)
    band = max((gap for gap in bands if _headline_below(group, gap[1], size)), default=None)
    band = band or (None if vertical else _below_head(group, bands, size))
    if band is None and not gutters and bands:
        band = max(bands)
    if band:
        above = [item for item in group if item.bottom >= band[1]]
        parts: _Parts = [(above, False), ([item for item in group if item.bottom < band[1]], False)]
    elif gutters:
        middle = max(gutters)[1]
        left = [item for item in group if item.left < middle]
        right = [item for item in group if item.left >= middle]
        parts = _labelled(left, right, size) or [(left, False), (right, False)]
    else:
        yield from _unparted(group, vertical, depth)
        return
    for part, label in parts:
        for column in _cut(part, vertical, depth + 1):
            yield replace(column, label=label or column.label)


def _sizes(group: Sequence[_Item]) -> Iterator[float]:
    for item in group:
        if isinstance(item, Row):
            yield item.size
        else:
            yield from _sizes(item.inside)


def _unparted(group: Sequence[_Item], vertical: bool, depth: int) -> Iterator[Column]:
    """Yield a group that no white space parts: its rows level by level, frames where they begin."""
    rows: list[Row] = []
    for item in sorted(group, key=lambda item: -item.top):
        if isinstance(item, Row):
            rows.append(item)
            continue
        if rows:
            yield Column(tuple(_levelled(rows, vertical)))
        yield from _cut([item], vertical, depth)
        rows = []
    if rows:
        yield Column(tuple(_levelled(rows, vertical)))


def _height_of(item: _Item) -> tuple[float, float]:
    return item.bottom, item.top


def _width_of(item: _Item) -> tuple[float, float]:
    return item.left, item.right


def _gaps(group: Sequence[_Item], side: Callable[[_Item], tuple[float, float]]) -> Iterator[_Gap]:
    """Yield the width and the middle of each white strip that nothing touches, in order."""
    reach: float | None = None
    for start, end in sorted(side(item) for item in group):
        if reach is not None and start > reach:
            yield start - reach, (start + reach) / 2
        reach = end if reach is None else max(reach, end)


def _gutters(group: Sequence[_Item], size: float) -> list[_Gap]:
    """Return the gutters between columns.

    The room behind the bullets of a list is none, nor that before numbers at the ends of lines.
    """
    found = []
    for gap in _widest(gap for gap in _gaps(group, _width_of) if gap[0] > _GUTTER * size):
        left = [item for item in group if item.right < gap[1]]
        if not _only_bullets(left):
            right = [item for item in group if item.left > gap[1]]
            if not _only_numbers(right) or not all(any(_is_level(n, i) for i in left) for n in right):
                found.append(gap)
    return found


def _only_numbers(items: Iterable[_Item]) -> bool:
    """Return whether these are page numbers, prices, figures: digits in a few characters."""
    return all(isinstance(item, Row) and _NUMBER.fullmatch(item.text) for item in items)


def _only_bullets(items: Iterable[_Item]) -> bool:
    return all(isinstance(item, Row) and not any(map(str.isalnum, item.text)) for item in items)


def _widest(gaps: Iterable[_Gap]) -> list[_Gap]:
    """Return the widest white strips in their order: a bounded number, whatever is on the page."""
    found = list(gaps)
    least = sorted((gap[0] for gap in found), reverse=True)[:_MOST_GAPS][-1:]
    return [gap for gap in found if gap[0] >= least[0]][:_MOST_GAPS]


def _hanging(group: Sequence[_Item], size: float) -> list[_Gap]:
    """Return the narrow gutter between heavy labels and their texts."""
    gap = next((gap for gap in _gaps(group, _width_of) if gap[0] > _CLOSE * size), None)
    if gap is None:
        return []
    left = [item for item in group if item.right < gap[1]]
    if _only_bullets(left) or not all(isinstance(item, Row) and item.heavy for item in left):
        return []
    return [gap] if _labelled(left, [item for item in group if item.left > gap[1]], size) else []


def _headline_below(group: Sequence[_Item], at: float, size: float) -> bool:
    """Return whether the rows under a white band begin with a headline, perhaps with a kicker first.

    Such a band runs between two articles, and parts the page before its columns do.
    """
    below = sorted((item for item in group if item.bottom < at), key=lambda item: -item.top)
    large = [item for item in below[:3] if isinstance(item, Row) and item.size >= _HEADLINE * size]
    return any(below[0].top - row.top < 2.5 * row.size for row in large)


def _below_head(group: Sequence[_Item], bands: Sequence[_Gap], size: float) -> _Gap | None:
    """Return the band under a head that stands over several columns, if the group begins with one.

    The head is one stack of a few rows; one of them is a headline or reaches over a gutter below it.
    """
    found = None
    for band in sorted(bands, key=lambda gap: -gap[1]):
        head = [item for item in group if item.bottom >= band[1]]
        if len(head) > _HEAD_ROWS or any(gap[0] > 2 * size for gap in _gaps(head, _width_of)):
            break
        under = _gutters([item for item in group if item.bottom < band[1]], size)
        over = any(item.left < at < item.right for item in head for _, at in under)
        large = any(isinstance(item, Row) and item.size >= _HEADLINE * size for item in head)
        if over or (large and found is None):
            found = band
    return found


def _labelled(left: Sequence[_Item], right: Sequence[_Item], size: float) -> _Parts:
    """Return each label of a narrow column (True) and the text beside it; nothing if these are two columns.

    Labels (terms, dates, names) stand level with the first line of their texts; one may have two lines.
    """
    narrow = max(i.right for i in left) - min(i.left for i in left)
    wide = max(i.right for i in right) - min(i.left for i in right)
    if narrow > _LABEL * size or wide < 1.5 * narrow or len(left) > len(right):
        return []
    highest = max(item.top for item in right)
    title = [item for item in left if item.bottom > highest]
    labels = _stacked(sorted((i for i in left if i.bottom <= highest), key=lambda i: -i.top), right, size)
    if not labels or not all(any(_is_level(label[0], item) for item in right) for label in labels):
        return []
    heights = [(label[0].top + label[0].bottom) / 2 + 0.8 * size for label in labels]
    parts: _Parts = [(title, False)]
    parts.append(([item for item in right if item.bottom > heights[0]], False))
    for label, top, next_top in zip(labels, heights, [*heights[1:], float("-inf")], strict=True):
        parts.append((label, True))
        parts.append(([i for i in right if next_top < (i.top + i.bottom) / 2 <= top], False))
    return [part for part in parts if part[0]]


def _stacked(labels: Sequence[_Item], right: Sequence[_Item], size: float) -> list[list[_Item]]:
    """Put the lines of a label together: the text beside its second line has begun beside its first."""
    edge = max(item.right for item in right)
    stacks: list[list[_Item]] = []
    for label in labels:
        beside = [item for item in right if stacks and _is_level(stacks[-1][-1], item)]
        close = stacks and stacks[-1][-1].bottom - label.bottom < 1.9 * size
        if close and beside and all(edge - item.right < 1.5 * size for item in beside):
            stacks[-1].append(label)
        else:
            stacks.append([label])
    return stacks


def _is_level(label: _Item, item: _Item) -> bool:
    shared = min(label.top, item.top) - max(label.bottom, item.bottom)
    return shared > 0.5 * min(label.top - label.bottom, item.top - item.bottom)


def _levelled(group: Sequence[Row], vertical: bool) -> list[Row]:
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
        all(r.heavy for r in level),
    )
