"""Notes at the foot stay on the page of their call, whatever else moves.

Where the second line of a paragraph does not fit, the engine makes room by sending the notes of the
page to the next one. A reader looks for a note at the foot of the page: so the paragraph goes instead.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

__all__ = ["State", "in_flow_layout"]

_TRIES = 2
"""So many lines more are left free at the foot until the notes stay."""


class State:
    """What a page has gathered so far beside its text: notes that wait, are set, or are sent to the next
    page; boxes that stand outside the flow. A layout that is tried and given up leaves nothing behind."""

    def __init__(self, context: Any, absolute: list[Any], fixed: list[Any]) -> None:
        self.context, self.absolute, self.fixed = context, absolute, fixed
        self.waiting = list(context.footnotes)
        self.set = list(context.current_page_footnotes)
        self.sent = list(context.reported_footnotes)
        self.placed = list(absolute), list(fixed)
        self.broken = dict(context.broken_out_of_flow)
        self.shapes = list(context.excluded_shapes)

    def sent_away(self) -> bool:
        """Was a note sent to the next page that had been set on this one?"""
        return any(note in self.set for note in self.context.reported_footnotes)

    def restore(self) -> None:
        """Go back to how it was."""
        context = self.context
        self.absolute[:], self.fixed[:] = self.placed
        context.excluded_shapes[:] = self.shapes
        context.broken_out_of_flow.clear()
        context.broken_out_of_flow.update(self.broken)
        context.footnotes[:] = self.waiting
        if (context.current_page_footnotes, context.reported_footnotes) != (self.set, self.sent):
            context.current_page_footnotes[:] = self.set
            context.reported_footnotes[:] = self.sent
            context._update_footnote_area()


def in_flow_layout(stock: Callable[..., tuple[Any, ...]], *args: Any) -> tuple[Any, ...]:
    """Lay out one child of a block as `stock` does, but let it go to the next page rather than notes."""
    context, child, absolute, fixed = args[0], args[3], args[6], args[7]
    if not context.current_page_footnotes or context.in_column:
        return stock(*args)
    before = State(context, absolute, fixed)
    result = stock(*_fresh(args, 0.0))
    for line in range(1, _TRIES + 1):
        if not before.sent_away():
            break
        before.restore()
        result = stock(*_fresh(args, line * _line_height(child)))
    return result


def _fresh(args: tuple[Any, ...], more: float) -> tuple[Any, ...]:
    """Return the arguments with `more` px left free at the foot, and with lists that may be added to."""
    return (*args[:4], list(args[4]), *args[5:8], list(args[8]), args[9] + more, *args[10:])


def _line_height(child: Any) -> float:
    from weasyprint.text.line_break import strut

    return float(strut(child.style)[0])
