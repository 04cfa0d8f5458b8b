"""Spans: what stands over several columns of a printed page, such as heads, bylines, pictures and boxes.

Measures are PDF points; "size" is the usual size of type of a group.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import groupby
from operator import itemgetter

from .glyphs import Row
from .white import Gap, Item, gutters, is_large

__all__ = ["spans"]

_SHORT = 40  # characters of a byline


def spans(group: Sequence[Item], size: float) -> list[Sequence[Item]]:
    """Part a group where something stands over several columns: heads, bylines, pictures, boxes.

    Such a thing has nothing beside it, and reaches over a gutter of the rest or is a headline; what
    else is alone next to it, on the same axis or from the same edge, belongs to it (kicker, byline).
    """
    ordered = sorted(group, key=lambda item: -item.top)
    alone = _alone(ordered)
    strips = gutters([item for item, single in zip(ordered, alone, strict=True) if not single], size)
    if not strips:
        return []
    middle = (min(i.left for i in group) + max(i.right for i in group)) / 2
    parted = bool(gutters(group, size))  # from top to bottom: what is not on the axis is in one part
    reaching = [single and _is_over(i, strips, size) for i, single in zip(ordered, alone, strict=True)]
    over = [
        reaches and not (parted and not _is_centred(item, middle, size))
        for item, reaches in zip(ordered, reaching, strict=True)
    ]
    for at, item in enumerate(ordered):  # the head of the group
        if not (reaching[at] or (alone[at] and (is_large(item, size) or _is_title(item, middle, size)))):
            break
        over[at] = True
    if not any(over):
        return []
    for near in (range(1, len(over)), range(len(over) - 2, -1, -1)):
        for at in near:
            beside = at - near.step
            over[at] |= over[beside] and alone[at] and _in_line(ordered[at], ordered[beside], size)
    runs = groupby(zip(over, ordered, strict=True), key=itemgetter(0))
    return [[item for _, item in run] for _, run in runs]


def _is_over(item: Item, strips: Sequence[Gap], size: float) -> bool:
    """Return whether a thing reaches into one of the gutters."""
    room = 0.5 * size
    return any(
        item.left < at + width / 2 - room and item.right > at - width / 2 + room for width, at in strips
    )


def _is_centred(item: Item, middle: float, size: float) -> bool:
    return abs(item.left + item.right - 2 * middle) < 3 * size


def _is_title(item: Item, middle: float, size: float) -> bool:
    """Return whether a row stands on the axis, as a byline does, and not in a column as an indented line."""
    short = isinstance(item, Row) and len(item.text) <= _SHORT
    return short and abs(item.left + item.right - 2 * middle) < size


def _alone(ordered: Sequence[Item]) -> list[bool]:
    """Tell for each item, from the top down, whether nothing stands beside it."""
    alone = [True] * len(ordered)
    lowest = 0  # the place of the item that reaches farthest down so far
    for at in range(1, len(ordered)):
        item, other = ordered[at], ordered[lowest]
        if item.top - other.bottom > 0.3 * min(item.top - item.bottom, other.top - other.bottom):
            alone[at] = alone[lowest] = False
        if item.bottom < other.bottom:
            lowest = at
    return alone


def _in_line(item: Item, head: Item, size: float) -> bool:
    """Return whether two things are centred on each other, or begin at the same edge in another size."""
    if not (isinstance(item, Row) and isinstance(head, Row)):
        return False
    centred = abs(item.left + item.right - head.left - head.right) < 2 * size
    return centred or (abs(item.left - head.left) < 0.3 * size and item.size != head.size)
