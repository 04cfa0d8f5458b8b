"""Columns: a picture that does not fit at the foot of one leaves no hole there.

The engine tries columns at many heights, so nothing can be moved while they are laid out (see
`placing` for whole pages). Instead they are laid out once more with the paragraph after the picture
before it, and so on, or before the paragraph that it followed if a heading comes next, and the way with
the least blank is kept.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

from .notes import State
from .order import is_late, is_text, recall_order, remember_order, restore_order, swap

__all__ = ["lay_out"]

_TRIES = 4
_LINES = 1.5
"""A blank of so many lines is a hole."""


def lay_out(stock: Callable[..., tuple[Any, ...]], *args: Any) -> tuple[Any, ...]:
    """Lay out a block with columns; `args` are those of `block_level_layout_switch`."""
    box, skip_stack = args[1], args[3]
    if not any(map(is_late, box.children)):
        return stock(*args)
    first = next(iter(skip_stack)) if skip_stack else 0
    if skip_stack:
        recall_order(box, first)
    restore_order(box, first + 1 if skip_stack else 0)
    result = _least_blank(stock, args, first)
    remember_order(box, result[1])
    return result


def _least_blank(stock: Callable[..., tuple[Any, ...]], args: tuple[Any, ...], first: int) -> tuple[Any, ...]:
    context, box = args[:2]
    before, best, result, tries = State(context, args[6], args[7]), None, None, 0
    while True:
        result = stock(*args[:8], list(args[8]), *args[9:])
        found = _Found(box.children, sum(hole for _, hole in _holes(result)))
        best = found if best is None or found.blank < best.blank else best
        late = next((element for element, hole in _holes(result) if hole > _LINES * _line(box)), None)
        tries += 1
        if late is None or tries > _TRIES or not (_move(box, late, first) or _advance(box, late, first)):
            break
        before.restore()
    if best.children is not box.children:
        before.restore()
        box.children = best.children
        result = stock(*args[:8], list(args[8]), *args[9:])
    return result


@dataclass(frozen=True, slots=True)
class _Found:
    """An order of the children, and how much it leaves blank, px."""

    children: Any
    blank: float


def _holes(result: tuple[Any, ...]) -> Iterator[tuple[Any, float]]:
    """Yield the blank at the foot of each column that a late box was too high for, with its element."""
    box = result[0]
    if box is None:
        return
    columns = [child for child in box.children if child.is_column]
    foot = max(map(_foot, columns), default=0.0)
    for column, following in pairwise(columns):
        top = next((child for child in following.children if child.is_in_normal_flow()), None)
        if top is not None and is_late(top):
            yield top.element, foot - _foot(column)


def _foot(column: Any) -> float:
    last = next((child for child in reversed(column.children) if child.is_in_normal_flow()), None)
    return float(last.position_y + last.margin_height() - last.margin_bottom) if last is not None else 0.0


def _line(box: Any) -> float:
    from weasyprint.text.line_break import strut

    return float(strut(box.style)[0])


def _move(box: Any, element: Any, first: int) -> bool:
    """Let the paragraph after a late box go before it; say whether there is one."""
    index = next(n for n, child in enumerate(box.children) if child.element is element)
    if index < first or index + 1 >= len(box.children) or not is_text(box.children[index + 1]):
        return False
    late, text = box.children[index], box.children[index + 1]
    text.npp_moved = True
    late.__dict__.setdefault("npp_before", text.element)
    swap(box, index)
    return True


def _advance(box: Any, element: Any, first: int) -> bool:
    """Let a late box go before the paragraph that it follows; say whether there is one."""
    index = next(n for n, child in enumerate(box.children) if child.element is element)
    if index - 1 <= first or not is_text(box.children[index - 1]):
        return False
    text, late = box.children[index - 1], box.children[index]
    late.npp_moved = True
    text.npp_before = late.element
    swap(box, index - 1)
    return True
