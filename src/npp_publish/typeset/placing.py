"""Placing: a picture or a box that does not fit on a page leaves no hole there.

A designer has four remedies, tried in this order for a block with `--zh-place: late`:

* a picture is set smaller, down to `SMALLEST`, if it fits then;
* a box with entries is broken between them, with at least `TOGETHER` of them on either page;
* the paragraphs that follow move up, and the block stands where they end (clreq 4.2.2: illustrations
  stand near the text that speaks of them, at a place where they fit);
* where a heading follows too soon, the block stands before the paragraphs that it followed.

It is read in its old place all the same: `order.before` tells the structure tree where that is.
Nothing moves over a heading. For what stands in columns see `columns`.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from .earlier import keep, set_earlier
from .order import (
    A_HOLE,
    Call,
    Laid,
    Layout,
    is_late,
    is_text,
    recall_order,
    remember_order,
    restore_order,
    swap,
)

__all__ = ["in_flow_layout"]

SMALLEST = 0.7
"""Share of its size to which a picture may shrink."""
TOGETHER = 2
"""So many entries of a box, or items of its list, stand together."""
SMALL_HOLE = 0.2
"""Share of the page: so much may stay blank rather than part one entry from the others."""
_SLIGHT = 0.5
"""px, for rounding."""


def in_flow_layout(stock: Layout, *args: Any) -> tuple[Any, ...]:
    """Lay out one child of a block as `stock` does, with the remedies above where it does not fit."""
    result = _in_flow_layout(stock, _in_order(Call(*args)))
    remember_order(args[1], result[2])
    return result


def _in_flow_layout(stock: Layout, call: Call) -> tuple[Any, ...]:
    if not _is_late(call):
        keep(call)
        return stock(*call)
    _restore(call.child)
    state = call.state()
    laid = Laid(*stock(*call.fresh()))
    part = None if laid.abort else laid.part(call.at)
    if part is not None and (laid.resume_at is None or _parted_well(part, call.child)):
        return laid
    for remedy in (_shrunk, _parted_earlier, _filled, set_earlier, _moved_up, _put_off):
        reached = call.state()
        state.restore()
        better = remedy(stock, call, part)
        if better is not None:
            return better
        reached.restore()
    return laid


def _in_order(call: Call) -> Call:
    """Return the call for the child that is in its place now. A page may be laid out again and again:
    where something moved before, the order is that of the source again, and all is tried anew."""
    moved = call.box.__dict__.get("npp_moves")
    if moved is None:
        return call
    box, at = call.box, call.at
    if at and not call.new_children:
        recall_order(box, at)
    if at in moved.starts and call.skip_stack is None:
        restore_order(box, at)
    child = box.children[at]  # the engine goes through the order that it found when it began
    child.position_x, child.position_y = call.child.position_x, call.child.position_y
    return call._replace(child=child)


def _is_late(call: Call) -> bool:
    if call.skip_stack is not None or not call.new_children or call.context.in_column:
        return False
    return is_late(call.child)


# ---------------------------------------------------------------------------- smaller pictures


def _shrunk(stock: Layout, call: Call, part: Any) -> Laid | None:
    """Set the picture of a figure smaller, if it fits then."""
    picture = _picture(call.child)
    if picture is None or part is not None:
        return None
    state = call.state()
    alone = call.fresh(new_children=[], page_is_empty=True, bottom_space=-call.context.page_bottom)
    whole = Laid(*stock(*alone)).part(call.at)
    state.restore()
    height = next((box.height for box in _inside(whole) if box.element is picture.element), 0.0)
    if whole is None or not height:
        return None
    foot = whole.position_y + whole.margin_height() - whole.margin_bottom
    room = call.context.page_bottom - call.bottom_space - foot
    if not SMALLEST * height <= height + room < height:
        return None
    picture.npp_style = picture.style
    picture.style = picture.style.copy()
    picture.style["max_height"] = type(picture.style["max_height"])(height + room - _SLIGHT, "px")
    laid = Laid(*stock(*call.fresh()))
    if laid.part(call.at) is not None and laid.resume_at is None:
        return laid
    _restore(call.child)
    return None


def _picture(figure: Any) -> Any | None:
    from weasyprint.formatting_structure.boxes import BlockReplacedBox

    return next((box for box in _inside(figure) if isinstance(box, BlockReplacedBox)), None)


def _restore(child: Any) -> None:
    """Give a picture its size again: each layout of its page begins anew."""
    for box in _inside(child):
        if "npp_style" in box.__dict__:
            box.style = box.__dict__.pop("npp_style")


def _inside(box: Any) -> Iterator[Any]:
    pending = [box] if box is not None else []
    while pending:
        box = pending.pop()
        yield box
        pending += reversed(getattr(box, "children", ()))


# ---------------------------------------------------------------------------- boxes that break


def _parted_well(part: Any, child: Any) -> bool:
    """Are there enough entries on both sides of the break?"""
    above, all_of_them = len(_entries(part)), len(_entries(child))
    if not all_of_them:
        return True
    return above >= TOGETHER and all_of_them - above >= TOGETHER


def _entries(box: Any) -> list[Any]:
    """Return the entries of a box and the items of its lists, the outermost ones."""
    found, pending = [], [box]
    while pending:
        box = pending.pop()
        if box.element_tag == "li" or _has_class(box, "entry"):
            found.append(box)
        else:
            pending += reversed(getattr(box, "children", ()))
    return found


def _has_class(box: Any, name: str) -> bool:
    element = box.element
    return element is not None and name in (element.get("class") or "").split()


def _parted_earlier(stock: Layout, call: Call, part: Any) -> Laid | None:
    """Take one more entry over where one alone would be left."""
    if part is None:
        return None
    above = _entries(part)
    if len(above) <= TOGETHER or len(_entries(call.child)) - len(above) >= TOGETHER:
        return None
    laid = Laid(*stock(*call.fresh(bottom_space=call.bottom_space + above[-1].margin_height())))
    other = laid.part(call.at)
    if other is None or laid.resume_at is None or not _parted_well(other, call.child):
        return None
    return laid


# ---------------------------------------------------------------------------- text that moves up


def _filled(stock: Layout, call: Call, part: Any) -> Laid | None:
    """Let the paragraphs that follow move up, if they leave no hole."""
    children = call.box.children
    laid = _moved_up(stock, call, part)
    if laid is None or not laid.new_children:
        return laid
    last = laid.new_children[-1]
    foot = max(laid.position_y, last.position_y + last.margin_height())
    if call.context.page_bottom - call.bottom_space - foot <= A_HOLE * call.context.page_bottom:
        return laid
    call.box.children = children
    return None


def _moved_up(stock: Layout, call: Call, part: Any) -> Laid | None:
    """Let the paragraphs that follow fill the page."""
    box, index, child = call.box, call.at, call.child
    start = index
    best: Laid | None = None
    while (text := _follower(call, index)) is not None:
        swap(box, index)
        text.npp_moved = True
        text.position_x, text.position_y = child.position_x, call.position_y
        state = call.state()
        laid = Laid(*stock(*call.fresh(at=index, child=text)))
        if laid.abort or laid.part(index) is None:
            swap(box, index)
            state.restore()
            break
        child.__dict__.setdefault("npp_before", text.element)
        box.npp_moves.starts.add(start)
        if laid.stop:
            return laid
        best = laid
        call = call._replace(
            new_children=laid.new_children, adjoining_margins=laid.adjoining_margins,
            position_y=laid.position_y, next_page=laid.next_page,
        )  # fmt: skip
        index += 1
    return None if best is None else best._replace(stop=True, resume_at={index: None})


def _follower(call: Call, index: int) -> Any | None:
    """Return the next sibling if it is text that may move up."""
    if index + 1 >= len(call.box.children):
        return None
    text = call.box.children[index + 1]
    return text if is_text(text) else None


def _put_off(stock: Layout, call: Call, part: Any) -> Laid | None:
    """Leave a small hole rather than part one entry from the others."""
    from weasyprint.layout.block import avoid_page_break, block_level_page_break

    context = call.context
    if part is None or context.page_bottom - part.position_y > SMALL_HOLE * context.page_bottom:
        return None
    if avoid_page_break(block_level_page_break(call.new_children[-1], call.child), context):
        return None
    resume_at, rest = {call.at: None}, {"break": "any", "page": None}
    return Laid(False, True, resume_at, call.position_y, [], rest, call.new_children, call.max_lines)
