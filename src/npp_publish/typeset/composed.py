"""Line boxes of WeasyPrint that were read and composed, and the way from a skip stack to a character."""

from __future__ import annotations

import operator
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from weasyprint.formatting_structure import boxes

from . import characters as cc
from . import flow as reading
from . import measure
from .composition import Composition

__all__ = ["NOWHERE", "Composed", "composed", "give_up", "place_of"]


class _Nowhere:
    """A containing block of no size, for boxes whose decoration is in absolute lengths."""

    width = 0.0
    height = 0.0

    def __iter__(self) -> Iterator[float]:
        return iter((self.width, self.height))


NOWHERE = _Nowhere()


@dataclass(slots=True)
class Composed:
    """A line box read and composed; kept with the box, so that each page asks only for its lines."""

    flow: reading.Flow
    composition: Composition


def composed(context: Any, linebox: Any, containing_block: Any) -> Composed | None:
    """Return the composition of a line box, made once; None where the engine must set it."""
    known, lists = linebox.__dict__.get("npp_composed"), _child_lists(linebox)
    if known is not None and len(known[0]) == len(lists) and all(map(operator.is_, known[0], lists)):
        made: Composed | None = known[1]
        return made
    flow = reading.read(context, linebox, containing_block)
    made = Composed(flow, Composition(flow.paragraph, measure.unicode_breaks)) if flow else None
    # Widths of pictures and the like hold for one containing block only.
    if flow is None or containing_block is not NOWHERE or cc.OBJECT not in flow.paragraph.kind:
        linebox.npp_composed = (lists, made)
    return made


def give_up(linebox: Any) -> None:
    """Leave a line box to the engine from now on."""
    linebox.npp_composed = (_child_lists(linebox), None)


def _child_lists(linebox: Any) -> list[Any]:
    """Return the child lists of a line box and its inline boxes. The engine puts new boxes into them
    when the page number of a cross reference becomes known; what was composed is stale then."""
    lists, pending = [], [linebox]
    while pending:
        children = pending.pop().children
        lists.append(children)
        pending += [child for child in children if isinstance(child, boxes.InlineBox)]
    return lists


def place_of(flow: reading.Flow, box: Any, skip_stack: Any) -> int | None:
    """Return the character at which a skip stack resumes."""
    while skip_stack is not None:
        ((index, skip_stack),) = skip_stack.items()
        if isinstance(box, boxes.TextBox):
            start = flow.ranges[id(box)][0]
            return start + len(box.text.encode()[:index].decode())
        if index >= len(box.children):
            return None
        box = box.children[index]
    if id(box) not in flow.ranges:
        return 0 if isinstance(box, boxes.LineBox) else None
    return flow.ranges[id(box)][0]
