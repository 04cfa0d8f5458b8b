"""White space on a printed page: the strips that part it, and the things that stand between them.

Measures are PDF points with the origin at the lower left; "size" is the usual size of type of a group.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass

from .frames import Frame
from .glyphs import Row

__all__ = [
    "Framed",
    "Gap",
    "Item",
    "across",
    "gaps",
    "gutters",
    "is_large",
    "is_level",
    "only_bullets",
    "sizes",
    "upright",
    "widest",
]

_HEADLINE = 1.6  # times the usual size: type that opens an article
_GUTTER = 0.7  # of the size: the least room between two columns
_NUMBER = re.compile(r"[-+−]?[\d.,，/%：:]{1,9}[\u4e00-\u9fff%]{0,2}")
_MOST_GAPS = 40  # looked at in a group; a page has a few columns and articles


@dataclass(frozen=True, slots=True)
class Framed:
    """What stands within a frame: one thing, as long as the page around it is cut."""

    left: float
    bottom: float
    right: float
    top: float
    inside: tuple[Item, ...]
    frame: Frame


Item = Row | Framed
Gap = tuple[float, float]  # the width of a white strip, and where its middle runs


def sizes(group: Sequence[Item]) -> Iterator[float]:
    """Yield the size of each row, those within frames too."""
    for item in group:
        if isinstance(item, Row):
            yield item.size
        else:
            yield from sizes(item.inside)


def upright(item: Item) -> tuple[float, float]:
    """Return from where to where a thing reaches, from the foot of the page up."""
    return item.bottom, item.top


def across(item: Item) -> tuple[float, float]:
    """Return from where to where a thing reaches, from the left."""
    return item.left, item.right


def gaps(group: Sequence[Item], side: Callable[[Item], tuple[float, float]]) -> Iterator[Gap]:
    """Yield the width and the middle of each white strip that nothing touches, in order."""
    reach: float | None = None
    for start, end in sorted(side(item) for item in group):
        if reach is not None and start > reach:
            yield start - reach, (start + reach) / 2
        reach = end if reach is None else max(reach, end)


def gutters(group: Sequence[Item], size: float) -> list[Gap]:
    """Return the gutters between columns.

    The room behind the bullets of a list is none, nor that before numbers at the ends of lines.
    """
    found = []
    for gap in widest(gap for gap in gaps(group, across) if gap[0] > _GUTTER * size):
        left = [item for item in group if item.right < gap[1]]
        if not only_bullets(left):
            right = [item for item in group if item.left > gap[1]]
            if not _only_numbers(right) or not all(any(is_level(n, i) for i in left) for n in right):
                found.append(gap)
    return found


def _only_numbers(items: Iterable[Item]) -> bool:
    """Return whether these are page numbers, prices, figures: digits in a few characters."""
    return all(isinstance(item, Row) and _NUMBER.fullmatch(item.text) for item in items)


def only_bullets(items: Iterable[Item]) -> bool:
    """Return whether there are no letters and digits."""
    return all(isinstance(item, Row) and not any(map(str.isalnum, item.text)) for item in items)


def widest(gaps: Iterable[Gap]) -> list[Gap]:
    """Return the widest white strips in their order: a bounded number, whatever is on the page."""
    found = list(gaps)
    least = sorted((gap[0] for gap in found), reverse=True)[:_MOST_GAPS][-1:]
    return [gap for gap in found if gap[0] >= least[0]][:_MOST_GAPS]


def is_level(label: Item, item: Item) -> bool:
    """Return whether two things stand beside each other."""
    shared = min(label.top, item.top) - max(label.bottom, item.bottom)
    return shared > 0.5 * min(label.top - label.bottom, item.top - item.bottom)


def is_large(item: Item, size: float) -> bool:
    """Return whether this is a row in the type of headlines."""
    return isinstance(item, Row) and item.size >= _HEADLINE * size
