"""Placing: a picture or a box that does not fit on a page leaves no hole there.

A designer has three remedies, tried in this order for a block with `--zh-place: late`:

* a picture is set smaller, down to `SMALLEST`, if it fits then;
* a box with entries is broken between them, with at least `TOGETHER` of them on either page;
* the paragraphs that follow move up, and the block stands where they end (clreq 4.2.2: illustrations
  stand near the text that speaks of them, at a place where they fit).

What moved up is read after the block all the same: `before` tells the structure tree where it belongs.
Nothing moves over a heading. For what stands in columns see `columns`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from .notes import State

__all__ = [
    "before",
    "in_flow_layout",
    "is_late",
    "is_text",
    "recall_order",
    "remember_order",
    "restore_order",
    "swap",
]

SMALLEST = 0.7
"""Share of its size to which a picture may shrink."""
TOGETHER = 2
"""So many entries of a box, or items of its list, stand together."""
SMALL_HOLE = 0.2
"""Share of the page: so much may stay blank rather than part one entry from the others."""
_SLIGHT = 0.5
"""px, for rounding."""

Layout = Callable[..., tuple[Any, ...]]


class _Call(NamedTuple):
    """What WeasyPrint hands to `_in_flow_layout`, by name."""

    context: Any
    box: Any
    at: int
    child: Any
    new_children: list[Any]
    page_is_empty: bool
    absolute_boxes: list[Any]
    fixed_boxes: list[Any]
    adjoining_margins: list[float]
    bottom_space: float
    position_y: float
    skip_stack: Any
    first_letter_style: Any
    first_line_style: Any
    discard: bool
    next_page: Any
    max_lines: Any

    def fresh(self, **changes: Any) -> _Call:
        """Return the call with lists of its own, as the engine adds to them."""
        made = self._replace(**changes)
        return made._replace(
            new_children=list(made.new_children), adjoining_margins=list(made.adjoining_margins)
        )

    def state(self) -> State:
        """Return what the page has gathered so far."""
        return State(self.context, self.absolute_boxes, self.fixed_boxes)


class _Laid(NamedTuple):
    """What `_in_flow_layout` returns, by name."""

    abort: bool
    stop: bool
    resume_at: Any
    position_y: float
    adjoining_margins: list[float]
    next_page: Any
    new_children: list[Any]
    max_lines: Any

    def part(self, index: int) -> Any | None:
        """Return what was laid out of the child `index`, if anything."""
        last = self.new_children[-1] if self.new_children else None
        return last if last is not None and getattr(last, "index", None) == index else None


def before(box: Any) -> Any | None:
    """Return the element that moved up past a laid-out box and is read after it, if one did."""
    return box.__dict__.get("npp_before")


def in_flow_layout(stock: Layout, *args: Any) -> tuple[Any, ...]:
    """Lay out one child of a block as `stock` does, with the remedies above where it does not fit."""
    result = _in_flow_layout(stock, _in_order(_Call(*args)))
    remember_order(args[1], result[2])
    return result


def _in_flow_layout(stock: Layout, call: _Call) -> tuple[Any, ...]:
    if not _is_late(call):
        return stock(*call)
    _restore(call.child)
    state = call.state()
    laid = _Laid(*stock(*call.fresh()))
    part = None if laid.abort else laid.part(call.at)
    if part is not None and (laid.resume_at is None or _parted_well(part, call.child)):
        return laid
    for remedy in (_shrunk, _parted_earlier, _moved_up, _put_off):
        reached = call.state()
        state.restore()
        better = remedy(stock, call, part)
        if better is not None:
            return better
        reached.restore()
    return laid


def _in_order(call: _Call) -> _Call:
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


def restore_order(box: Any, start: int) -> None:
    """Put the children from `start` on in the order of the source again."""
    moved = box.__dict__.get("npp_moves")
    if moved is not None:
        rest = sorted(box.children[start:], key=lambda child: moved.order[id(child)])
        box.children = type(box.children)((*box.children[:start], *rest))


def remember_order(box: Any, resume_at: Any) -> None:
    """Keep the order in which a page left the children, for the page that goes on at `resume_at`."""
    moved = box.__dict__.get("npp_moves")
    if moved is not None and resume_at:
        moved.left[next(iter(resume_at))] = box.children


def recall_order(box: Any, start: int) -> None:
    """Take up the order in which the page before left the children: that page may not be laid out again
    when this one is, while one before it is."""
    moved = box.__dict__.get("npp_moves")
    if moved is not None:
        box.children = moved.left.get(start, box.children)


@dataclass(slots=True)
class _Moves:
    """Where text moved up, the order of the children in the source, by identity, and that in which each
    page left them, by the child at which the next one goes on."""

    starts: set[int]
    order: dict[int, int]
    left: dict[int, Any] = field(default_factory=dict)


def _is_late(call: _Call) -> bool:
    if call.skip_stack is not None or not call.new_children or call.context.in_column:
        return False
    return is_late(call.child)


def is_late(box: Any) -> bool:
    """May a box stand after the text that follows it (`--zh-place: late`)?"""
    try:
        tokens = box.style["__zh_place"]
    except KeyError:
        return False
    return any(token.type == "ident" and token.value == "late" for token in tokens or ())


# ---------------------------------------------------------------------------- smaller pictures


def _shrunk(stock: Layout, call: _Call, part: Any) -> _Laid | None:
    """Set the picture of a figure smaller, if it fits then."""
    picture = _picture(call.child)
    if picture is None or part is not None:
        return None
    state = call.state()
    alone = call.fresh(new_children=[], page_is_empty=True, bottom_space=-call.context.page_bottom)
    whole = _Laid(*stock(*alone)).part(call.at)
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
    laid = _Laid(*stock(*call.fresh()))
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


def _parted_earlier(stock: Layout, call: _Call, part: Any) -> _Laid | None:
    """Take one more entry over where one alone would be left."""
    if part is None:
        return None
    above = _entries(part)
    if len(above) <= TOGETHER or len(_entries(call.child)) - len(above) >= TOGETHER:
        return None
    laid = _Laid(*stock(*call.fresh(bottom_space=call.bottom_space + above[-1].margin_height())))
    other = laid.part(call.at)
    if other is None or laid.resume_at is None or not _parted_well(other, call.child):
        return None
    return laid


# ---------------------------------------------------------------------------- text that moves up


def _moved_up(stock: Layout, call: _Call, part: Any) -> _Laid | None:
    """Let the paragraphs that follow fill the page."""
    box, index, child = call.box, call.at, call.child
    start = index
    best: _Laid | None = None
    while (text := _follower(call, index)) is not None:
        swap(box, index)
        text.npp_moved = True
        text.position_x, text.position_y = child.position_x, call.position_y
        state = call.state()
        laid = _Laid(*stock(*call.fresh(at=index, child=text)))
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


def _follower(call: _Call, index: int) -> Any | None:
    """Return the next sibling if it is text that may move up."""
    if index + 1 >= len(call.box.children):
        return None
    text = call.box.children[index + 1]
    return text if is_text(text) else None


def is_text(box: Any) -> bool:
    """Is it a paragraph of running text?"""
    return box.element_tag == "p" and box.element is not None and not box.element.get("class")


def swap(box: Any, index: int) -> None:
    """Let two children of a box change places; the order of the source is remembered."""
    if "npp_moves" not in box.__dict__:
        box.npp_moves = _Moves(set(), {id(child): n for n, child in enumerate(box.children)})
    children = list(box.children)
    children[index], children[index + 1] = children[index + 1], children[index]
    box.children = type(box.children)(children)


def _put_off(stock: Layout, call: _Call, part: Any) -> _Laid | None:
    """Leave a small hole rather than part one entry from the others."""
    from weasyprint.layout.block import avoid_page_break, block_level_page_break

    context = call.context
    if part is None or context.page_bottom - part.position_y > SMALL_HOLE * context.page_bottom:
        return None
    if avoid_page_break(block_level_page_break(call.new_children[-1], call.child), context):
        return None
    resume_at, rest = {call.at: None}, {"break": "any", "page": None}
    return _Laid(False, True, resume_at, call.position_y, [], rest, call.new_children, call.max_lines)
