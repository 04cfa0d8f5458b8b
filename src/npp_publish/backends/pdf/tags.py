"""Tags: what the layout engine calls things in the structure tree, put right while it writes.

Running heads and folios become pagination artifacts (ISO 14289-1, 7.8); what stands in a line of text
becomes a Span and the number of a note a Lbl (ISO 32000-1, 14.8.4.4). The engine, WeasyPrint 70, has
no setting for this, so three of its functions are replaced for the time of writing one document.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from ...typeset.order import before

__all__ = ["proper_tags"]

_IN_LINE = frozenset(
    "abbr b cite code em i mark q rb rt ruby s small strong sub sup time u".split()  # noqa: SIM905
)
"""Elements in a line of text, which the engine calls NonStruct."""
_NUMBERS = ("::footnote-call", "::footnote-marker")


@contextmanager
def proper_tags(document: Any) -> Iterator[None]:
    """Put the tags of one rendered `document` right while its PDF is written."""
    from weasyprint.formatting_structure import boxes
    from weasyprint.pdf import tags
    from weasyprint.pdf.stream import Stream

    name, build, marked = tags._get_pdf_tag, tags._build_box_tree, Stream.marked
    margins = set(_in_margins(document, boxes.MarginBox))

    moved: dict[Any, tuple[Any, Any]] = {}

    def build_text(box: Any, parent: Any, *args: Any) -> Iterator[Any]:
        if isinstance(box, boxes.MarginBox):
            return
        target = moved.get(before(box)) if before(box) is not None else None
        for element in build(box, parent, *args):
            if target is None:
                if "npp_moved" in box.__dict__:
                    moved.setdefault(box.element, (parent, element))
                yield element
            else:
                _put_before(element, *target)

    @contextmanager
    def marked_text(stream: Any, box: Any, tag: str) -> Iterator[None]:
        if box not in margins:
            with marked(stream, box, tag):
                yield
            return
        with _pagination(stream):
            yield

    tags._get_pdf_tag = _namer(name)
    tags._build_box_tree = build_text
    Stream.marked = marked_text
    try:
        yield
    finally:
        tags._get_pdf_tag, tags._build_box_tree, Stream.marked = name, build, marked


def _put_before(element: Any, parent: Any, other: Any) -> None:
    """Give an element its place in the order of reading: text that moved up is read after it."""
    kids = parent["K"]
    kids.insert(kids.index(other.reference), element.reference)
    element["P"] = parent.reference


def _namer(name: Callable[[str | None], str]) -> Callable[[str | None], str]:
    def better(tag: str | None) -> str:
        if tag in _IN_LINE:
            return "Span"
        return "Lbl" if tag and tag.endswith(_NUMBERS) else name(tag)

    return better


@contextmanager
def _pagination(stream: Any) -> Iterator[None]:
    import pydyf

    if stream._tags is None:
        yield
        return
    stream.begin_marked_content("Artifact", pydyf.Dictionary({"Type": "/Pagination"}))
    try:
        yield
    finally:
        stream.end_marked_content()


def _in_margins(document: Any, margin_box: type) -> Iterator[Any]:
    """Yield all boxes inside the margin boxes of all pages."""
    for page in document.pages:
        pending = [box for box in page._page_box.children if isinstance(box, margin_box)]
        while pending:
            box = pending.pop()
            yield box
            pending += getattr(box, "children", ())
