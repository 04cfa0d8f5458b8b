"""Where the composer is let into WeasyPrint 70, and the proof that it fits.

Seven functions are replaced: `layout.inline.split_inline_box` (fills a line), `text_align` (leaves
justified lines alone), `layout.preferred.inline_min/max_content_width` (how wide a text would be),
`layout.block.block_level_layout_switch` (begins a block on the grid of lines), `_in_flow_layout`
(places what does not fit) and `draw.text.draw_first_line` (draws a planned line). The parameters of
each are compared with those that the composer was written against; where one differs, nothing is
replaced, lines are set in the engine's own way, and a diagnostic says so.
"""

from __future__ import annotations

import inspect
from collections.abc import Callable
from functools import partial, wraps
from importlib import import_module
from typing import Any

from ..diagnostics import Diagnostic, diagnose

__all__ = ["EXPECTED", "install"]

EXPECTED = {
    "layout.inline.split_inline_box": (
        "context box position_x max_x bottom_space skip_stack containing_block absolute_boxes "
        "fixed_boxes line_placeholders waiting_floats line_children first_letter_style first_line_style"
    ),
    "layout.inline.split_inline_level": (
        "context box position_x max_x bottom_space skip_stack containing_block absolute_boxes "
        "fixed_boxes line_placeholders waiting_floats line_children first_letter_style first_line_style"
    ),
    "layout.inline._out_of_flow_layout": (
        "context box containing_block index child children line_children waiting_children "
        "waiting_floats absolute_boxes fixed_boxes line_placeholders float_widths max_x position_x "
        "bottom_space"
    ),
    "layout.block.block_level_layout_switch": (
        "context box bottom_space skip_stack containing_block page_is_empty absolute_boxes fixed_boxes "
        "adjoining_margins first_letter_style first_line_style discard max_lines"
    ),
    "layout.block._in_flow_layout": (
        "context box index child new_children page_is_empty absolute_boxes fixed_boxes "
        "adjoining_margins bottom_space position_y skip_stack first_letter_style first_line_style "
        "discard next_page max_lines"
    ),
    "layout.block.block_level_page_break": "sibling_before sibling_after",
    "layout.inline.text_align": "context line available_width last",
    "layout.preferred.inline_max_content_width": "context box outer is_line_start",
    "layout.preferred.inline_min_content_width": "context box outer skip_stack first_line is_line_start",
    "layout.preferred.adjust": "box outer width left right",
    "layout.preferred.shrink_to_fit": "context box available_content_width",
    "layout.float.float_layout": (
        "context box containing_block absolute_boxes fixed_boxes bottom_space skip_stack"
    ),
    "draw.text.draw_first_line": "stream textbox text_overflow block_ellipsis matrix",
    "text.line_break.Layout.setup": "self style",
    "text.line_break.Layout.set_text": "self text justify",
    "text.line_break.Layout.reactivate": "self style",
    "text.line_break.strut": "style",
    "text.line_break.get_log_attrs": "text lang",
}
"""The functions that the composer replaces or leans on, and their parameters in WeasyPrint 70."""

_installed: list[tuple[Diagnostic, ...]] = []


def install() -> tuple[Diagnostic, ...]:
    """Let the composer in, once; return NPP760 where it does not fit and stock layout stays."""
    if not _installed:
        misfits = _misfits()
        if not misfits:
            _replace()
        _installed.append(tuple(diagnose("NPP760", misfit) for misfit in misfits))
    return _installed[0]


def _misfits() -> list[str]:
    """Compare the engine with what the composer expects; return what differs, in words."""
    import weasyprint

    if weasyprint.__version__.split(".")[0] != "70":
        return [f"WeasyPrint {weasyprint.__version__} is not the version 70 the composer was made for"]
    found = []
    for path, expected in EXPECTED.items():
        function = _look_up(path)
        if function is None:
            found.append(f"weasyprint.{path} is gone")
        elif " ".join(inspect.signature(function).parameters) != expected:
            found.append(f"weasyprint.{path} takes other parameters than expected")
    return found or _glyph_layout()


def _look_up(path: str) -> Callable[..., Any] | None:
    target: Any = import_module("weasyprint")
    for name in path.split("."):
        target = getattr(target, name, None)
    return target if callable(target) else None


def _glyph_layout() -> list[str]:
    """The glyphs of a run are read as plain integers: check that they lie as expected."""
    from weasyprint.text.ffi import ffi

    sizes = {"PangoGlyphInfo": 20, "PangoGlyphGeometry": 12, "PangoLogAttr": 4}
    return [
        f"{name} is {ffi.sizeof(name)} bytes long, not {size}"
        for name, size in sizes.items()
        if ffi.sizeof(name) != size
    ]


def _replace() -> None:
    from . import textlayer

    _replace_lines()
    _replace_widths()
    _replace_blocks()
    textlayer.install_drawing()


def _replace_lines() -> None:
    """Lines of Chinese are filled by the composing stick, and are not justified a second time."""
    from weasyprint.formatting_structure import boxes
    from weasyprint.layout import inline
    from weasyprint.logger import LOGGER

    from . import flow, stick
    from .composed import give_up

    stock_split, stock_align = inline.split_inline_box, inline.text_align

    @wraps(stock_split)
    def split_inline_box(*args: Any) -> Any:
        box = args[1]
        if isinstance(box, boxes.LineBox) and flow.is_composable(box.style):
            try:
                filled = stick.fill(stick.Call(*args))
            except Exception as error:  # whatever it is, the page is set; the engine does it then
                LOGGER.warning("A paragraph is left to the engine's own layout: %r", error)
                give_up(box)
                filled = None
            if filled is not None:
                return filled
        return stock_split(*args)

    @wraps(stock_align)
    def text_align(context: Any, line: Any, available_width: float, last: bool) -> Any:
        if line.__dict__.get("npp_planned"):
            return 0
        return stock_align(context, line, available_width, last)

    inline.split_inline_box = split_inline_box
    inline.text_align = text_align


def _replace_blocks() -> None:
    """Blocks that ask for it begin on the grid of lines, and leave no hole where they do not fit."""
    from weasyprint.layout import block

    from . import columns as in_columns
    from . import linegrid, notes, placing

    stock, stock_in_flow = block.block_level_layout_switch, block._in_flow_layout
    keeping_notes = partial(notes.in_flow_layout, stock_in_flow)

    @wraps(stock)
    def block_level_layout_switch(*args: Any, **more: Any) -> Any:
        if not more:  # else a flex item, which stands on no grid
            context, box, skip_stack, containing_block, margins = *args[:2], *args[3:5], args[8]
            if box.is_for_root_element:
                linegrid.note_page(context, box)
            elif skip_stack is None:
                linegrid.at_top(box, containing_block)
                linegrid.snap(context, box, margins)
        if more:
            return stock(*args, **more)
        columns = args[1].style["column_count"] != "auto"
        result = in_columns.lay_out(stock, *args) if columns else stock(*args)
        whole = result[1] is None
        if result[0] and (columns if whole else args[1].style["box_decoration_break"] == "clone"):
            linegrid.shrink(result[0], result[1])
        return result

    @wraps(stock_in_flow)
    def in_flow_layout(*args: Any) -> Any:
        return placing.in_flow_layout(keeping_notes, *args)

    block.block_level_layout_switch = block_level_layout_switch
    block._in_flow_layout = in_flow_layout


def _replace_widths() -> None:
    """The widths that a line of Chinese wants are those that it will be set in."""
    from weasyprint.formatting_structure import boxes
    from weasyprint.layout import inline, preferred

    from . import flow, widths

    stock_max, stock_min = preferred.inline_max_content_width, preferred.inline_min_content_width

    @wraps(stock_max)
    def inline_max_content_width(
        context: Any, box: Any, outer: bool = True, is_line_start: bool = False
    ) -> Any:
        if isinstance(box, boxes.LineBox) and flow.is_composable(box.style):
            width = widths.widest(context, box)
            if width is not None:
                return preferred.adjust(box, outer, width)
        return stock_max(context, box, outer, is_line_start)

    @wraps(stock_min)
    def inline_min_content_width(
        context: Any, box: Any, outer: bool = True, skip_stack: Any = None,
        first_line: bool = False, is_line_start: bool = False,
    ) -> Any:  # fmt: skip
        if isinstance(box, boxes.LineBox) and flow.is_composable(box.style):
            width = widths.narrowest(context, box, skip_stack, first_line)
            if width is not None:
                return preferred.adjust(box, outer, width)
        return stock_min(context, box, outer, skip_stack, first_line, is_line_start)

    inline.inline_min_content_width = inline_min_content_width
    preferred.inline_max_content_width = inline_max_content_width
    preferred.inline_min_content_width = inline_min_content_width
