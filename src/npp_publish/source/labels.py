"""Labels: terms, dates and names in a narrow column, each with its text beside it; tables of short cells.

Measures are PDF points; "size" is the usual size of type of a group.
"""

from __future__ import annotations

import statistics
from collections.abc import Sequence

from .glyphs import Row
from .white import Gap, Item, across, gaps, is_level, only_bullets, sizes

__all__ = ["Parts", "hanging", "is_table", "labelled"]

_LABEL = 9.0  # times the size: a wider column does not hold labels
_CELL = 8.0  # times the size: the widest cell of a table that is not ruled
_CLOSE = 0.2  # times the size: room enough between a label in heavy type and its text

Parts = list[tuple[Sequence[Item], bool]]  # of a group, and whether each is a label


def hanging(group: Sequence[Item], size: float) -> list[Gap]:
    """Return the narrow gutter between heavy labels and their texts."""
    gap = next((gap for gap in gaps(group, across) if gap[0] > _CLOSE * size), None)
    if gap is None:
        return []
    left = [item for item in group if item.right < gap[1]]
    if only_bullets(left) or not all(isinstance(item, Row) and item.heavy for item in left):
        return []
    return [gap] if labelled(left, [item for item in group if item.left > gap[1]], size) else []


def labelled(left: Sequence[Item], right: Sequence[Item], size: float) -> Parts:
    """Return each label of a narrow column (True) and the text beside it; nothing if these are two columns.

    Labels (terms, dates, names) stand level with the first line of their texts; one may have two lines.
    """
    narrow = max(i.right for i in left) - min(i.left for i in left)
    wide = max(i.right for i in right) - min(i.left for i in right)
    if narrow > _LABEL * size or wide < 1.5 * narrow or len(left) > len(right):
        return []
    if max(sizes(left)) > 1.3 * statistics.median(sizes(right)):
        return []
    highest = max(item.top for item in right)
    title = [item for item in left if item.bottom > highest]
    labels = _stacked(sorted((i for i in left if i.bottom <= highest), key=lambda i: -i.top), right, size)
    if not labels or not all(any(is_level(label[0], item) for item in right) for label in labels):
        return []
    heights = [(label[0].top + label[0].bottom) / 2 + 0.8 * size for label in labels]
    parts: Parts = [(title, False)]
    parts.append(([item for item in right if item.bottom > heights[0]], False))
    for label, top, next_top in zip(labels, heights, [*heights[1:], float("-inf")], strict=True):
        parts.append((label, True))
        parts.append(([i for i in right if next_top < (i.top + i.bottom) / 2 <= top], False))
    return [part for part in parts if part[0]]


def _stacked(labels: Sequence[Item], right: Sequence[Item], size: float) -> list[list[Item]]:
    """Put the lines of a label together: the text beside its second line has begun beside its first."""
    edge = max(item.right for item in right)
    stacks: list[list[Item]] = []
    for label in labels:
        beside = [item for item in right if stacks and is_level(stacks[-1][-1], item)]
        close = stacks and stacks[-1][-1].bottom - label.bottom < 1.9 * size
        if close and beside and all(edge - item.right < 1.5 * size for item in beside):
            stacks[-1].append(label)
        else:
            stacks.append([label])
    return stacks


def is_table(group: Sequence[Item], strips: Sequence[Gap]) -> bool:
    """Return whether what the gutters part are the cells of a table: short, and level line by line."""
    if not all(isinstance(item, Row) and item.right - item.left <= _CELL * item.size for item in group):
        return False
    edges = [at for _, at in strips]
    first = [item for item in group if item.right < edges[0]]
    rest = [item for item in group if item.left > edges[0]]
    numbers = any(char.isdigit() for item in rest if isinstance(item, Row) for char in item.text)
    level = sum(any(is_level(item, other) for other in first) for item in rest)
    return len(first) > 1 and (len(edges) > 1 or numbers) and level >= 0.8 * len(rest)
