"""A picture or a box before the paragraphs that it followed, where a heading after it lets no text move up.

Chinese books keep an illustration in its section: it may stand before its place there, but not after the next
heading. So the page goes back to where one of those paragraphs began, and the block comes first.
"""

from __future__ import annotations

from typing import Any

from .order import A_HOLE, Call, Laid, Layout, is_late, is_text, swap

__all__ = ["keep", "set_earlier"]

EARLIER = 3
"""A block stands so many paragraphs before its place at most."""


def keep(call: Call) -> None:
    """Remember where a paragraph began, if a block that may not fit stands soon after it."""
    box, at = call.box, call.at
    soon = box.children[at + 1 : at + 1 + EARLIER]
    if call.skip_stack is None and is_text(call.child) and any(map(is_late, soon)):
        box.__dict__.setdefault("npp_begun", {})[at] = (call.fresh(), call.state())


def set_earlier(stock: Layout, call: Call, part: Any) -> Laid | None:
    """Let the block stand before the paragraphs that it followed, which go on after it."""
    context, children = call.context, call.box.children
    if part is not None or context.page_bottom - call.bottom_space - call.position_y <= (
        A_HOLE * context.page_bottom
    ):
        return None
    for start in range(call.at - 1, max(-1, call.at - 1 - EARLIER), -1):
        begun, state = call.box.__dict__.get("npp_begun", {}).get(start, (None, None))
        if begun is None or not _led_to(begun, call) or not is_text(children[start]):
            return None
        state.restore()
        laid = _with_block_first(stock, begun, call)
        if laid is not None:
            return laid
        call.box.children = children
    return None


def _led_to(begun: Call, call: Call) -> bool:
    """Does the page still hold what it held when a paragraph of it began?"""
    so_far, now = begun.new_children, call.new_children
    return len(so_far) < len(now) and all(a is b for a, b in zip(so_far, now, strict=False))


def _with_block_first(stock: Layout, begun: Call, call: Call) -> Laid | None:
    box, block, start = call.box, call.child, begun.at
    for index in range(call.at - 1, start - 1, -1):
        swap(box, index)
        box.children[index + 1].npp_before = block.element
    block.npp_moved = True
    at_x, laid = begun.child.position_x, None
    for index in range(start, call.at + 1):
        child = box.children[index]
        child.position_x, child.position_y = at_x, begun.position_y
        step = Laid(*stock(*begun.fresh(at=index, child=child)))
        here = step.part(index)
        if index == start and (step.abort or here is None or step.resume_at is not None):
            return None
        if step.abort:
            laid = None if laid is None else laid._replace(stop=True, resume_at={index: None})
            break
        laid = step
        if step.stop:
            break
        begun = begun._replace(
            new_children=step.new_children, adjoining_margins=step.adjoining_margins,
            position_y=step.position_y, next_page=step.next_page,
        )  # fmt: skip
    box.npp_moves.starts.add(start)
    return laid
