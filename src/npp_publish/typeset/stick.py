"""The composing stick: put the characters of one planned line into WeasyPrint's boxes.

Takes the place of the engine's own line filling for lines of Chinese. Breaks are known beforehand
(`breaker`), so boxes are cut exactly there; pictures, inline blocks and leaders are laid out by the
engine, floats are placed first and the line is planned again in what they leave.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from weasyprint.formatting_structure import boxes
from weasyprint.layout import inline
from weasyprint.layout.float import float_layout
from weasyprint.layout.percent import resolve_percentages
from weasyprint.layout.preferred import shrink_to_fit
from weasyprint.text import line_break

from . import characters as cc
from . import firstline, hyphens, measure
from .breaker import Measure
from .composed import Composed, composed, place_of
from .composition import Setting
from .textlayer import MOVED, STRETCH, WORD_SPACE, PlannedLayout, stretch_for

__all__ = ["Call", "fill"]

BASELINE = 0.38
"""The em box of Han reaches from 0.88 em above the baseline to 0.12 em below: its middle, which
stands in the middle of the line, is 0.38 em above the baseline (OpenType BASE, `ideo`)."""


@dataclass(slots=True)
class Call:
    """What WeasyPrint hands to `split_inline_box`, by name."""

    context: Any
    box: Any
    position_x: float
    max_x: float
    bottom_space: float
    skip_stack: Any
    containing_block: Any
    absolute_boxes: Any
    fixed_boxes: Any
    line_placeholders: Any
    waiting_floats: Any
    line_children: Any
    first_letter_style: Any
    first_line_style: Any


def fill(call: Call) -> Any | None:
    """Set one line; return what `split_inline_box` returns, or None where the engine must do it."""
    if call.first_line_style:
        restyled = firstline.restyled(call.box, call.first_line_style)
        if restyled is None:
            return None
        call.box = restyled
    work = composed(call.context, call.box, call.containing_block)
    if work is None:
        return None
    start = place_of(work.flow, call.box, call.skip_stack)
    if start is None:
        return None
    return _Stick(call, work).set(start)


@dataclass(slots=True)
class _Stick:
    """One line being filled."""

    call: Call
    work: Composed
    line: Setting = field(init=False)
    floats: dict[int, Any] = field(default_factory=dict)
    line_height: float = 0.0
    baseline: float = 0.0
    stretch: int = 0
    raised: int = 0

    def set(self, start: int) -> Any:
        """Plan the line that begins at character `start`, then build its boxes."""
        call, style = self.call, self.call.box.style
        shift = self._plan(start)
        self.line_height, _ = line_break.strut(style)
        self.baseline = self.line_height / 2 + BASELINE * style["font_size"]
        self.stretch = self._stretch()
        skip = call.skip_stack
        new_box, resume_at = self._box(call.box, call.position_x + shift, skip)
        new_box.npp_planned = style["text_align_all"] == "justify"
        ends = self.line.end
        text = self.work.flow.paragraph.text
        preserved = ends > start and text[ends - 1] == "\n"
        return new_box, resume_at, preserved, None, None, {"left": shift, "right": 0}

    # -- planning --------------------------------------------------------------------------

    def _plan(self, start: int) -> float:
        """Choose the end of the line, after the floats that stand in it took their room.

        Return by how much left floats move its start, px.
        """
        call, comp = self.call, self.work.composition
        length, shift = call.max_x - call.position_x, 0.0
        count = len(comp.par)
        pending = [(place, child) for place, child in self.work.flow.floats if place >= start]
        while True:
            lines = self._measure(length)
            end = comp.break_after(start, length, lines)
            if not pending or not (pending[0][0] < end or end == count):
                break
            place, child = pending.pop(0)
            taken, moved = self._place_float(child, start, place, length)
            length, shift = length - taken, shift + moved
        self.line = comp.set_line(start, end, length, lines)
        return shift

    def _measure(self, length: float) -> Measure:
        call, style = self.call, self.call.box.style
        width = call.containing_block.width
        if call.context.excluded_shapes or not isinstance(width, int | float):
            width = length
        justify = style["text_align_all"] == "justify"
        balance = not justify and self.work.composition.par.options.balance == "on"
        return Measure(length, width, justify, balance, style["text_align_last"] == "justify")

    def _place_float(self, child: Any, start: int, place: int, length: float) -> tuple[float, float]:
        """Lay out a float beside this line if it fits, else leave it to the next line.

        Return what it takes of the line, and how much of that is on the left, px.
        """
        call = self.call
        child.position_x, child.position_y = call.position_x, call.box.position_y
        resolve_percentages(child, call.containing_block)
        width = shrink_to_fit(call.context, child, call.containing_block.width)
        before = self.work.composition.width(start, place) if place > start else 0.0
        if width > length - before or call.waiting_floats:
            call.waiting_floats.append(child)
            return 0.0, 0.0
        new_child, resume_at = float_layout(
            call.context, child, call.containing_block, call.absolute_boxes, call.fixed_boxes,
            call.bottom_space, skip_stack=None,
        )  # fmt: skip
        if resume_at:
            call.context.add_broken_out_of_flow(child, child, call.containing_block, resume_at)
        self.floats[id(child)] = new_child
        taken = max(new_child.margin_width(), 0)
        on_left = child.style["float"] in ("left", "inline-start")
        return taken, taken if on_left else 0.0

    # -- building --------------------------------------------------------------------------

    def _box(self, box: Any, position_x: float, skip_stack: Any) -> tuple[Any, Any]:
        """Build the part of an inline box that stands in this line; return it and where it resumes."""
        is_start = skip_stack is None
        skip, skip_stack = (0, None) if is_start else next(iter(skip_stack.items()))
        absolutes = self.call.absolute_boxes
        raised = not isinstance(box, boxes.LineBox) and box.style["vertical_align"] not in ("baseline", 0)
        self.raised += raised
        if box.style["position"] == "relative":
            self.call.absolute_boxes = []
        x = position_x
        if is_start and not isinstance(box, boxes.LineBox):
            x += box.margin_left + box.padding_left + box.border_left_width
        children: list[Any] = []
        resume_at = None
        for index in range(skip, len(box.children)):
            child = box.children[index]
            child.position_y = box.position_y
            if self._starts_later(child):
                resume_at = {index: None}
                break
            new_child, child_resume = self._child(box, child, index, x, skip_stack)
            skip_stack = None
            if new_child is not None:
                children.append(new_child)
                if new_child.is_in_normal_flow():
                    x = new_child.position_x + new_child.margin_width()
            if child_resume is not None:
                resume_at = {index: child_resume}
                break
        new_box = self._close(box, position_x, children, is_start, resume_at is None)
        self.raised -= raised
        if box.style["position"] == "relative":
            self._place_absolutes(new_box)
            self.call.absolute_boxes = absolutes
        return new_box, resume_at

    def _starts_later(self, child: Any) -> bool:
        """Does this box belong to a later line?"""
        end = self.line.end
        start = self.work.flow.ranges[id(child)][0]
        return start >= end and end < len(self.work.flow.paragraph)

    def _child(self, box: Any, child: Any, index: int, x: float, skip_stack: Any) -> tuple[Any, Any]:
        if not child.is_in_normal_flow():
            return self._out_of_flow(box, child, index, x), None
        if isinstance(child, boxes.TextBox):
            skip = 0 if skip_stack is None else next(iter(skip_stack))
            return self._text(child, x, skip or 0)
        resolve_percentages(child, self.call.containing_block)
        if isinstance(child, boxes.InlineBox) and not child.is_leader:
            for side in ("margin_left", "margin_right"):
                if getattr(child, side) == "auto":
                    setattr(child, side, 0)
            return self._box(child, x, skip_stack)
        return self._atom(child, x), None

    def _atom(self, child: Any, x: float) -> Any:
        call = self.call
        return inline.split_inline_level(
            call.context, child, x, float("inf"), call.bottom_space, None, call.containing_block,
            call.absolute_boxes, call.fixed_boxes, call.line_placeholders, [], [], None, None,
        )[0]  # fmt: skip

    def _out_of_flow(self, box: Any, child: Any, index: int, x: float) -> Any:
        """Place what stands outside the flow at this point of the line."""
        if child.is_floated():
            return self.floats.get(id(child))
        call = self.call
        waiting: list[Any] = []
        inline._out_of_flow_layout(
            call.context, box, call.containing_block, index, child, [], [], waiting, [],
            call.absolute_boxes, call.fixed_boxes, call.line_placeholders,
            {"left": 0, "right": 0}, call.max_x, x, call.bottom_space,
        )  # fmt: skip
        return waiting[0][1] if waiting else None

    def _text(self, box: Any, x: float, skip: int) -> tuple[Any, Any]:
        """Cut a text box at both ends of the line."""
        line, par = self.line, self.work.flow.paragraph
        first, last = self.work.flow.ranges[id(box)]
        start = max(first, line.start)
        stop, seen = min(last, line.end), min(last, line.seen)
        resume = {len(par.text[first:stop].encode()): None} if stop < last else None
        if seen <= start:
            return None, resume
        text, plan, lead = self._shown(start, seen)
        hyphen = self.line.hyphen and seen == line.seen
        if hyphen:
            mark = hyphens.mark(box.style)
            text += mark
            plan += measure.advances(mark, box.style)
            lead += [0.0] * len(mark)
        if not text:
            return None, resume
        new = box.copy_with_text(text)
        new.pango_layout = PlannedLayout(
            text, box.style, plan, lead, self._seam(seen), self.stretch, len(mark) if hyphen else 0
        )
        new.position_x, new.position_y = x, box.position_y
        new.width = sum(plan) + sum(lead)
        self._level(new, box.style)
        return new, resume

    def _shown(self, start: int, seen: int) -> tuple[str, list[float], list[float]]:
        """Return what is drawn of `[start, seen)`: characters, advances and leads; no soft hyphens."""
        line, par = self.line, self.work.flow.paragraph
        text = par.text[start:seen]
        lead = line.left[start - line.start : seen - line.start]
        right = line.right[start - line.start : seen - line.start]
        plan = [a + b for a, b in zip(par.advance[start:seen], right, strict=True)]
        if measure.SOFT in text:
            kept = [k for k, character in enumerate(text) if character != measure.SOFT]
            text = text.replace(measure.SOFT, "")
            plan, lead = [plan[k] for k in kept], [lead[k] for k in kept]
        return text, plan, lead

    def _level(self, new: Any, style: Any) -> None:
        """Give a text box the height and baseline of its line, whatever its face says of itself."""
        height = style["font_size"]
        line_height, baseline = self._strut(style)
        new.height = height
        new.margin_top = new.margin_bottom = (line_height - height) / 2
        new.baseline = baseline

    def _strut(self, style: Any) -> tuple[float, float]:
        """Return line height and baseline for a box in this line.

        A rigid leading keeps the lines of a paragraph equally far apart (clreq 2.3.5): a box that is
        not larger than the text around it does not stretch its line.
        """
        own, base = style["font_size"], self.call.box.style["font_size"]
        rigid = self.work.flow.paragraph.options.leading == "rigid"
        if style is self.call.box.style:
            return self.line_height, self.baseline
        if rigid and own <= base:
            return (0.0, BASELINE * own) if self.raised else (self.line_height, self.baseline)
        line_height, _ = line_break.strut(style)
        return line_height, line_height / 2 + BASELINE * own

    def _stretch(self) -> int:
        """Say by how much the text matrix of this line is stretched (see `textlayer`)."""
        line, par = self.line, self.work.flow.paragraph
        gaps = [a + b for a, b in zip(line.right, line.left[1:], strict=False)]
        if par.before or par.after:
            inside = range(line.start, line.seen - 1)
            gaps = [
                gap + par.after.get(k, 0.0) + par.before.get(k + 1, 0.0)
                for k, gap in zip(inside, gaps, strict=True)
            ]
        if not gaps or max(gaps) <= STRETCH * WORD_SPACE * par.em[line.start]:
            return STRETCH
        spaces = [
            (par.advance[k] + line.right[k - line.start]) / par.em[k]
            for k in range(line.start, line.seen)
            if par.kind[k] == cc.SPACE
        ]
        widest = max(gap / par.em[line.start + n] for n, gap in enumerate(gaps))
        return stretch_for(widest, min(spaces, default=0.0))

    def _seam(self, seen: int) -> float | None:
        """Return how far the first glyph of the next text box in this line stands from the end of this
        one (px), if the gap between the two is much changed by rules or by padding."""
        line, par = self.line, self.work.flow.paragraph
        if seen >= line.seen:
            return None
        step = line.left[seen - line.start] + par.after.get(seen - 1, 0.0) + par.before.get(seen, 0.0)
        change = line.right[seen - 1 - line.start] + step
        # Where the sizes differ (a raised figure) extractors are quicker to see a space.
        same = par.em[seen - 1] == par.em[seen]
        limit = (MOVED if same else MOVED / 8) * min(par.em[seen - 1], par.em[seen])
        return step if abs(change) > limit else None

    def _close(self, box: Any, x: float, children: list[Any], is_start: bool, is_end: bool) -> Any:
        new_box = box.copy_with_children(children)
        new_box.remove_decoration(start=not is_start, end=not is_end)
        if not isinstance(box, boxes.LineBox):
            new_box.position_x = x
        new_box.width = 0
        for child in reversed(children):
            if child.is_in_normal_flow():
                right = child.position_x + child.margin_width()
                new_box.width = right - new_box.content_box_x()
                break
        line_height, new_box.baseline = self._strut(box.style)
        new_box.height = box.style["font_size"]
        half_leading = (line_height - new_box.height) / 2
        new_box.margin_top = half_leading - new_box.border_top_width - new_box.padding_top
        new_box.margin_bottom = half_leading - new_box.border_bottom_width - new_box.padding_bottom
        return new_box

    def _place_absolutes(self, new_box: Any) -> None:
        from weasyprint.layout.absolute import absolute_layout

        call = self.call
        for absolute in call.absolute_boxes:
            absolute_layout(
                call.context, absolute, new_box, call.fixed_boxes, call.bottom_space, skip_stack=None
            )
