"""How wide a Chinese text would be: its max-content and min-content widths (CSS Sizing 3, 4)."""

from __future__ import annotations

from typing import Any

from weasyprint.formatting_structure import boxes

from .composed import NOWHERE, Composed, composed, place_of

__all__ = ["narrowest", "widest"]


def widest(context: Any, linebox: Any) -> float | None:
    """Return the max-content width (px) of a line box, or None where the engine must say."""
    work = _for_width(context, linebox)
    return None if work is None else work.composition.widest_line() + _indent(linebox)


def narrowest(context: Any, linebox: Any, skip_stack: Any, first_only: bool) -> float | None:
    """Return the min-content width (px) of a line box from a skip stack on."""
    work = _for_width(context, linebox)
    if work is None:
        return None
    start = place_of(work.flow, linebox, skip_stack)
    if start is None:
        return None
    indent = _indent(linebox) if not start else 0.0
    return work.composition.widest_piece(start, first_only) + indent


def _for_width(context: Any, linebox: Any) -> Composed | None:
    """Percentages cannot be resolved before the width is known: ask the engine then."""
    if _has_percentages(linebox):
        return None
    return composed(context, linebox, NOWHERE)


def _indent(linebox: Any) -> float:
    indent = linebox.style["text_indent"]
    return indent.value if getattr(indent, "unit", "%") != "%" else 0.0


def _has_percentages(box: Any) -> bool:
    for child in getattr(box, "children", ()):
        if isinstance(child, boxes.InlineBox):
            sides = ("margin_left", "margin_right", "padding_left", "padding_right")
            values = [child.style[side] for side in sides]
            if any(value != "auto" and getattr(value, "unit", "%") == "%" for value in values):
                return True
            if _has_percentages(child):
                return True
    return False
