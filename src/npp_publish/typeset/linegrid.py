"""The grid of lines: running text stands on it again after a table, a picture, a box (clreq 2.3.5).

Heights of what is no text are seldom whole lines, and where a table breaks across pages nobody knows
them beforehand. So a block with `--zh-grid: snap` begins at the next line of the grid, which starts at
the top of the type area and has the line height of the document.
"""

from __future__ import annotations

from typing import Any

__all__ = ["at_top", "note_page", "shrink", "snap"]

_NEAR = 0.01
"""px: rounding errors of heights ..."""
_SLIGHT = 0.5
"""... and what is hardly more is made up for by going back: no reason to leave a line blank."""


def note_page(context: Any, root: Any) -> None:
    """Remember where the grid of a page begins and how far its lines are apart."""
    from weasyprint.text.line_break import strut

    context.npp_grid = root.content_box_y(), strut(root.style)[0]


def at_top(box: Any, containing_block: Any) -> None:
    """Leave out the top margin of a block that begins a column (CSS Fragmentation 3, 5.2), as the engine
    does at the top of a page only."""
    if containing_block.is_column and abs(box.position_y - containing_block.content_box_y()) < _NEAR:
        box.margin_top = min(box.margin_top, 0)


def snap(context: Any, box: Any, adjoining_margins: list[float]) -> None:
    """Enlarge the top margin of a block that is to be laid out so that it begins on the grid."""
    grid = getattr(context, "npp_grid", None)
    if grid is None or not _wanted(box.style):
        return
    from weasyprint.layout.block import collapse_margin

    top, line = grid
    if box.style["column_count"] == "auto":
        above, margin = 0.0, collapse_margin([*adjoining_margins, box.margin_top])
    else:  # the engine collapses nothing with the margin of columns
        above, margin = collapse_margin(adjoining_margins), box.margin_top
    off = (box.position_y + above + margin - top) % line if line else 0.0
    if off < _SLIGHT:
        box.margin_top = margin - off if box.margin_top >= margin else box.margin_top - off
    elif off < line - _NEAR:
        box.margin_top = margin + line - off


def shrink(box: Any, resume_at: Any) -> None:
    """Let a laid-out box end with what is in it: the engine lets columns reach to the height at which it
    tried them, and the first part of a box that is broken to the foot of the page. There a box that is
    closed on both sides of the break (`box-decoration-break: clone`) would have an empty foot."""
    if resume_at is None:
        columns = [child for child in box.children if child.is_column]
        if not columns or len(columns) < len(box.children):
            return
        foot = max(map(_foot, columns))
        for column in columns:
            column.height = foot - column.content_box_y()
    elif box.style["box_decoration_break"] == "clone" and not box.is_column:
        foot = _foot(box)
    else:
        return
    if foot > box.content_box_y():
        box.height = foot - box.content_box_y()


def _foot(box: Any) -> float:
    """Return where the last line or picture in a box ends, px from the top of the page."""
    from weasyprint.formatting_structure import boxes

    children = [child for child in getattr(box, "children", ()) if child.is_in_normal_flow()]
    if isinstance(box, boxes.LineBox) or not children:
        return float(box.position_y + box.margin_height() - box.margin_bottom)
    return max(map(_foot, children))


def _wanted(style: Any) -> bool:
    try:
        tokens = style["__zh_grid"]
    except KeyError:
        return False
    return any(token.type == "ident" and token.value == "snap" for token in tokens or ())
