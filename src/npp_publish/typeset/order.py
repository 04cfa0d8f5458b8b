"""What stands where: the children of a block, in the order of the source or in another.

What the engine hands to the layout of one child and gets back has names here (`Call`, `Laid`); which child
may change places with which; and the order that each page left, as a page may be laid out again.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from .notes import State

__all__ = [
    "A_HOLE",
    "Call",
    "Laid",
    "Layout",
    "before",
    "is_late",
    "is_text",
    "recall_order",
    "remember_order",
    "restore_order",
    "swap",
]

A_HOLE = 0.15
"""Share of the page: what is blank beyond this is seen as a hole."""

Layout = Callable[..., tuple[Any, ...]]


class Call(NamedTuple):
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

    def fresh(self, **changes: Any) -> Call:
        """Return the call with lists of its own, as the engine adds to them."""
        made = self._replace(**changes)
        return made._replace(
            new_children=list(made.new_children), adjoining_margins=list(made.adjoining_margins)
        )

    def state(self) -> State:
        """Return what the page has gathered so far."""
        return State(self.context, self.absolute_boxes, self.fixed_boxes)


class Laid(NamedTuple):
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


def is_late(box: Any) -> bool:
    """May a box stand after the text that follows it (`--zh-place: late`)?"""
    try:
        tokens = box.style["__zh_place"]
    except KeyError:
        return False
    return any(token.type == "ident" and token.value == "late" for token in tokens or ())


def is_text(box: Any) -> bool:
    """Is it a paragraph of running text?"""
    return box.element_tag == "p" and box.element is not None and not box.element.get("class")


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


def swap(box: Any, index: int) -> None:
    """Let two children of a box change places; the order of the source is remembered."""
    if "npp_moves" not in box.__dict__:
        box.npp_moves = _Moves(set(), {id(child): n for n, child in enumerate(box.children)})
    children = list(box.children)
    children[index], children[index + 1] = children[index + 1], children[index]
    box.children = type(box.children)(children)
