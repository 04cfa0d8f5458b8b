"""`::first-line`: the inline boxes of a line box in another dress."""

from __future__ import annotations

from typing import Any

from weasyprint.css.properties import INHERITED
from weasyprint.formatting_structure import boxes

__all__ = ["restyled"]


def restyled(linebox: Any, style: dict[str, Any]) -> Any | None:
    """Return a line box whose inline boxes have the inherited properties of `::first-line`; None where
    a text transform changes the number of characters."""
    known = linebox.__dict__.get("npp_first_line")
    if known is None or known[0] is not linebox.children:
        inherited = {key: value for key, value in style.items() if key in INHERITED}
        copy = linebox.copy_with_children(tuple(_dressed(box, inherited) for box in linebox.children))
        copy.__dict__.pop("npp_composed", None)
        same = _letters(copy) == _letters(linebox)
        known = linebox.npp_first_line = (linebox.children, copy if same else None)
    found: Any | None = known[1]
    if found is not None:
        found.__dict__.update(
            position_x=linebox.position_x, position_y=linebox.position_y, text_indent=linebox.text_indent
        )
    return found


def _dressed(box: Any, inherited: dict[str, Any]) -> Any:
    if not isinstance(box, boxes.TextBox | boxes.InlineBox):
        return box
    new = box.copy()
    new.style = box.style.copy()
    for key, value in inherited.items():
        new.style[key] = value
    if isinstance(box, boxes.InlineBox):
        new.children = tuple(_dressed(child, inherited) for child in box.children)
    else:
        new.process_text_transform()
    return new


def _letters(box: Any) -> list[int]:
    return [len(child.text) for child in box.descendants() if isinstance(child, boxes.TextBox)]
