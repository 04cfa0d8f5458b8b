"""Notes at the foot stay on the page of their call, whatever else moves.

Where the second line of a paragraph does not fit, the engine makes room by sending the notes of the
page to the next one. A reader looks for a note at the foot of the page: so the paragraph goes instead.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

__all__ = ["Notes", "in_flow_layout"]

_TRIES = 2
"""So many lines more are left free at the foot until the notes stay."""


class Notes:
    """The notes of a page as they are now: waiting, set, sent to the next page."""

    def __init__(self, context: Any) -> None:
        self.context = context
        self.waiting = list(context.footnotes)
        self.set = list(context.current_page_footnotes)
        self.sent = list(context.reported_footnotes)

    def sent_away(self) -> bool:
        """Was a note sent to the next page that had been set on this one?"""
        return any(note in self.set for note in self.context.reported_footnotes)

    def restore(self) -> None:
        """Go back to how they were."""
        context = self.context
        if (context.current_page_footnotes, context.reported_footnotes) == (self.set, self.sent):
            context.footnotes[:] = self.waiting
            return
        context.footnotes[:] = self.waiting
        context.current_page_footnotes[:] = self.set
        context.reported_footnotes[:] = self.sent
        context._update_footnote_area()


def in_flow_layout(stock: Callable[..., tuple[Any, ...]], *args: Any) -> tuple[Any, ...]:
    """Lay out one child of a block as `stock` does, but let it go to the next page rather than notes."""
    context, child = args[0], args[3]
    if not context.current_page_footnotes or context.in_column:
        return stock(*args)
    notes, lists = Notes(context), [list(args[n]) for n in (4, 6, 7, 8)]
    result = stock(*_fresh(args, lists, 0.0))
    for line in range(1, _TRIES + 1):
        if not notes.sent_away():
            break
        notes.restore()
        result = stock(*_fresh(args, lists, line * _line_height(child)))
    return result


def _fresh(args: tuple[Any, ...], lists: list[list[Any]], more: float) -> tuple[Any, ...]:
    """Return the arguments with `more` px left free at the foot, and with lists as they were."""
    children, absolute, fixed, margins = lists
    args[6][:], args[7][:] = absolute, fixed
    return (*args[:4], list(children), *args[5:8], list(margins), args[9] + more, *args[10:])


def _line_height(child: Any) -> float:
    from weasyprint.text.line_break import strut

    return float(strut(child.style)[0])
