"""Folios: the page numbers of a signature that does not know yet how many pages stand before it.

The engine, WeasyPrint 70, lays all pages out before it makes their margin boxes. Between the two a
signature tells how many pages it has and is told the number of its first page (`announce`): the
pages are renumbered, put on their left or right side, and given the running heads that go on from
earlier signatures. Cross references print numbers that are known when they are laid out (`numbers`).
Where this would not give what one run over the whole edition gives, `Inexact` is raised.

The opening signature has the contents, whose numbers are known last of all: it is laid out once to be
counted, and once more when they are known. (Keeping its boxes in between saves little and takes as much
memory as two other signatures.)
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

__all__ = ["Dropped", "Inexact", "Laid", "Place", "numbered"]

_AHEAD = 1_000_000
"""Index of a first page that is not yet known: never the first of the edition, and a right page."""
_UNKNOWN = 888
"""Stands for page numbers that are not known yet: as wide as most."""
_SAME = 1e-6


class Inexact(Exception):
    """The edition cannot be set in signatures with the result of one piece."""


class Dropped(Exception):
    """The pages are counted, and the rest is not wanted now."""


@dataclass(frozen=True, slots=True)
class Laid:
    """What a signature tells: how many pages it has, on which of them (from 0) its anchors stand, the
    last text of each running head."""

    pages: int
    anchors: Mapping[str, int]
    heads: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Place:
    """What a signature is told: the number of its first page, the running heads at its beginning."""

    first: int
    heads: Mapping[str, str] = field(default_factory=dict)


@contextmanager
def numbered(
    opening: bool,
    anchors: frozenset[str],
    numbers: Mapping[str, int],
    announce: Callable[[Laid], Place],
) -> Iterator[None]:
    """Let the next run of the engine set one signature.

    opening: it is the first; anchors: all ids of the edition; numbers: the pages on which they are,
    as far as known. `announce` may raise `Dropped`.
    """
    from weasyprint import document, layout
    from weasyprint.layout import page

    run = _Run(opening, announce, layout.make_all_pages, layout.make_margin_boxes)
    kind = page.PageType

    def page_type(side: str, blank: bool, name: str, index: int, groups: Any) -> Any:
        return kind(side, blank, name, index + run.ahead, groups)

    with (
        _replaced(document, {"TargetCollector": _collector(anchors, numbers)}),
        _replaced(layout, {"make_all_pages": run.make_all_pages, "make_margin_boxes": run.make_margin_boxes}),
        _replaced(page, {"PageType": page_type}),
    ):
        yield
        run.forget()


@contextmanager
def _replaced(module: Any, functions: Mapping[str, Any]) -> Iterator[None]:
    stock = {name: getattr(module, name) for name in functions}
    for name, function in functions.items():
        setattr(module, name, function)
    try:
        yield
    finally:
        for name, function in stock.items():
            setattr(module, name, function)


class _Run:
    """One run of the engine, watched."""

    def __init__(self, opening: bool, announce: Callable[[Laid], Place], pages: Any, margins: Any) -> None:
        self.opening, self.announce = opening, announce
        self.stock_pages, self.stock_margins = pages, margins
        self.ahead = 0 if opening else _AHEAD
        self.pages: list[Any] = []
        self.html: Any = None
        self.context: Any = None
        self.placed = False

    def forget(self) -> None:
        """Let go of what the layout knew, styles of all elements above all: boxes may still name it."""
        if self.context is not None:
            vars(self.context).clear()
        self.context, self.html, self.pages = None, None, []

    def make_all_pages(self, context: Any, root_box: Any, html: Any, pages: Any) -> list[Any]:
        self.html = html
        self.pages = list(self.stock_pages(context, root_box, html, pages))
        return self.pages

    def make_margin_boxes(self, context: Any, page: Any, state: Any) -> Any:
        if not self.placed:
            self.placed = True
            self.place(context)
        return self.stock_margins(context, page, state)

    def place(self, context: Any) -> None:
        """Tell what was laid out, and move the pages to their place in the edition."""
        self.context = context
        _check(context, self.pages)
        heads = {
            name: pages[max(pages)][-1] for name, pages in context.string_set.items() if any(pages.values())
        }
        place = self.announce(Laid(len(self.pages), _anchors(self.pages), heads))
        if self.opening:
            return
        for state in context.page_maker:
            counters = state[3][1]
            if "page" in counters:
                counters["page"] = [value + place.first - 1 for value in counters["page"]]
        context.get_string_set_for = _carried(context, place.heads)
        if (place.first - 1) % 2 != _AHEAD % 2:
            for page in self.pages:
                _turn(context, page, self.html)


def _check(context: Any, pages: list[Any]) -> None:
    """Raise Inexact where something looked at page numbers while they were not known."""
    for item in context.target_collector.counter_lookup_items.values():
        _answerable(item.missing_counters, item.missing_target_counters)
    if any(page.fixed_boxes for page in pages):
        raise Inexact("a fixed box")


def _answerable(missing: Sequence[str], targets: Mapping[str, Sequence[str]]) -> None:
    """Raise Inexact where a text waits for more than the pages of other places: `missing` counters of its
    own, or of its `targets`. The engine gives the list of the last target for that of the box itself."""
    if missing and not any(names is missing for names in targets.values()):
        raise Inexact("a counter of pages stands in the text")
    if any(set(names) - {"page"} for names in targets.values()):
        raise Inexact("a counter of another place stands in the text")


def _anchors(pages: list[Any]) -> dict[str, int]:
    found: dict[str, int] = {}
    for number, page in enumerate(pages):
        for box in page.descendants(placeholders=True):
            name = box.style["anchor"]
            if name:
                found.setdefault(name, number)
    return found


def _carried(context: Any, heads: Mapping[str, str]) -> Callable[..., tuple[Any, ...]]:
    """Return `string()` that goes back to the signatures before."""
    stock = context.get_string_set_for

    def get_string_set_for(page: Any, name: str, keyword: str = "first") -> tuple[Any, ...]:
        found: tuple[Any, ...] = stock(page, name, keyword)
        here = context.current_page in context.string_set.get(name, {})
        if found or name not in heads or keyword == "all-once" or (here and keyword == "first-except"):
            return found
        return (heads[name],)

    return get_string_set_for


def _turn(context: Any, page: Any, html: Any) -> None:
    """Move a page to the other side of the sheet, where its margins may be others."""
    from weasyprint.formatting_structure import boxes
    from weasyprint.layout import page as engine
    from weasyprint.layout.percent import resolve_percentages

    kind = page.page_type._replace(side={"left": "right", "right": "left"}[page.page_type.side])
    engine.set_page_type_computed_styles(kind, html, context.style_for)
    style = context.style_for(kind)
    style["overflow"] = page.style["overflow"]
    turned = boxes.PageBox(kind, style)
    resolve_percentages(turned, style["size"])
    turned.position_x = turned.position_y = 0
    engine.page_width(turned, context, style["size"][0])
    engine.page_height(turned, context, style["size"][1])
    if abs(turned.width - page.width) > _SAME or abs(turned.height - page.height) > _SAME:
        raise Inexact("left and right pages of different sizes")
    across = turned.content_box_x() - page.content_box_x()
    down = turned.content_box_y() - page.content_box_y()
    for child in page.children:
        child.translate(across, down)
    kept = {"children", "fixed_boxes"}
    page.__dict__.update({name: value for name, value in turned.__dict__.items() if name not in kept})


def _collector(anchors: frozenset[str], numbers: Mapping[str, int]) -> Any:
    """Return a class of target collectors that knows the pages of the whole edition, as far as `numbers`
    tell them."""
    from weasyprint.css.targets import TargetCollector, TargetLookupItem, anchor_name_from_token
    from weasyprint.urls import get_url_tuple

    class Collector(TargetCollector):  # type: ignore[misc]
        """Answers with page numbers that are known beforehand."""

        def __init__(self) -> None:
            super().__init__()
            self.asking_elsewhere: set[Any] = set()

        def lookup_target(self, anchor_token: Any, source_box: Any, css_token: Any, parse_again: Any) -> Any:
            token = anchor_token
            if token[0] == "attr()":
                name, kind, fallback = token[1]
                value = source_box.element.get(name, fallback)
                url = kind == "url" and get_url_tuple(value, source_box.style.base_url)
                token = ("url", url) if kind == "url" else ("string", value)
            anchor = anchor_name_from_token(token)
            if anchor not in anchors:
                self.asking_elsewhere.add(source_box)
                return super().lookup_target(anchor_token, source_box, css_token, parse_again)
            item = TargetLookupItem("up-to-date")
            item.target_box = _Target()
            item.cached_page_counter_values = {"page": [numbers.get(anchor, _UNKNOWN)]}
            return item

        def collect_missing_counters(self, *asked: Any) -> None:
            """A text whose numbers are known is complete: its page need not be made again."""
            box, _, _, missing, targets = asked
            if self.collecting:
                _answerable(missing, targets)
            if box in self.asking_elsewhere:
                super().collect_missing_counters(*asked)

        def cache_target_page_counters(self, *_: Any) -> None:
            """Numbers do not change while pages are made."""

    return Collector


class _Target:
    """Stands for a box that is elsewhere."""

    cached_counter_values: Mapping[str, list[int]] = {}

    def extract_text(self, style: str) -> str:
        raise Inexact(f"the text of another place: {style}")
