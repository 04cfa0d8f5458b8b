"""Page markers: where a page of the newspaper, or of our PDF, begins in the flowing text.

Where the pages of the PDF begin is told by a page map (`validate.pagemap`): a small JSON file beside
the artifact, `STEM.pages.json`, or the finished PDF itself.

Source: EPUB Accessibility 1.1 section 4.2 (page navigation), DPUB-ARIA `doc-pagebreak`.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from ...model import Article, Edition
from ...validate.pagemap import PageStart, page_starts
from .sheets import xml_text

__all__ = ["PDF_PAGE", "Mark", "marks", "place", "read_map"]

PDF_PAGE = "pdf-page-"  # how the ids of markers of our PDF begin
_EPUB_TYPE = "{http://www.idpf.org/2007/ops}type"
_XHTML = "{http://www.w3.org/1999/xhtml}"
_SILENT = {f"{_XHTML}rt", f"{_XHTML}rp"}


@dataclass(frozen=True, slots=True)
class Mark:
    """A page marker to be placed: id in the book, label, character offset in its article."""

    id: str
    label: str
    offset: int


def read_map(path: Path, edition: Edition, labels: Mapping[str, str]) -> tuple[PageStart, ...]:
    """Read a page map, or make one of a finished PDF of the same edition; anything else gives none."""
    try:
        if path.suffix.lower() == ".pdf":
            return page_starts(path, edition, labels)
        data = json.loads(path.read_text(encoding="utf-8"))
        rows = data["pages"] if data.get("version") == 1 else ()
        return tuple(PageStart(str(r["label"]), str(r["article"]), max(0, int(r["offset"]))) for r in rows)
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        return ()


def _paper_pages(article: Article, edition: Edition) -> Sequence[str]:
    return article.pages or tuple(filter(None, (edition.value("news.page"),)))


def marks(
    edition: Edition, pdf: Iterable[PageStart] = (), *, paper: bool = True
) -> dict[str, tuple[Mark, ...]]:
    """Return the markers of each article (by id), in the order of their offsets.

    A page of the newspaper is marked where its first article begins. The later pages of an article
    that jumps are marked only where another article begins on them: the text does not tell the place.
    """
    found: dict[str, list[Mark]] = {article.id: [] for article in edition.articles}
    seen: set[str] = set()
    for article in edition.articles if paper else ():
        first = next(iter(_paper_pages(article, edition)), "")
        label = " ".join(xml_text(first).split())
        if label and label not in seen:
            seen.add(label)
            text = f"第{label}版" if label.isdigit() else label
            found[article.id].append(Mark(f"page-{len(seen)}", text, 0))
    for number, page in enumerate(pdf, 1):
        if page.article in found:
            label = " ".join(xml_text(page.label).split()) or str(number)
            found[page.article].append(Mark(f"{PDF_PAGE}{number}", f"PDF {label}", page.offset))
    return {name: tuple(sorted(row, key=lambda m: m.offset)) for name, row in found.items()}


def _break(mark: Mark) -> Any:
    from lxml import etree

    node = etree.Element(f"{_XHTML}span")
    node.set("class", "pagebreak")
    node.set("id", mark.id)
    node.set(_EPUB_TYPE, "pagebreak")
    node.set("role", "doc-pagebreak")
    node.set("aria-label", mark.label)
    node.text = ""
    return node


def _shown(node: Any) -> Iterator[tuple[Any, str, str]]:
    """Yield (element, "text" or "tail", characters) of the running text, in reading order."""
    if node.text:
        yield node, "text", node.text
    for child in node:
        added = "data-added" in child.attrib or child.tag in _SILENT or child.get("class") == "notes"
        if isinstance(child.tag, str) and not added:
            yield from _shown(child)
        if child.tail:
            yield child, "tail", child.tail


def _insert(node: Any, where: str, at: int, marker: Any) -> None:
    """Put `marker` into the text or tail of `node` after `at` of its characters."""
    text = getattr(node, where)
    marker.tail = text[at:]
    if where == "text":
        node.text = text[:at]
        node.insert(0, marker)
    else:
        node.tail = text[:at]
        parent = node.getparent()
        parent.insert(parent.index(node) + 1, marker)


def place(article: Any, wanted: Sequence[Mark]) -> None:
    """Put the markers into an `article` element (changed in place). Markers at offset 0 stand
    before everything, those beyond the text at its end."""
    start = [mark for mark in wanted if mark.offset == 0]
    later = [mark for mark in wanted if mark.offset > 0]
    spots = list(_spots(article, [mark.offset for mark in later]))
    for mark, spot in zip(reversed(later), reversed(spots), strict=True):
        if spot is None:
            article.append(_break(mark))
        else:
            node, where, at = spot
            _insert(node, where, at, _break(mark))
    for mark in reversed(start):
        article.insert(0, _break(mark))


def _spots(article: Any, offsets: Sequence[int]) -> Iterator[tuple[Any, str, int] | None]:
    """Yield for each offset (rising) the place in the tree; None where it is beyond the text."""
    count, waiting = 0, list(offsets)
    for node, where, text in _shown(article):
        if not waiting:
            return
        inked = len("".join(text.split()))
        while waiting and waiting[0] < count + inked:
            yield node, where, _inside(text, waiting.pop(0) - count)
        count += inked
    for _ in waiting:
        yield None


def _inside(text: str, inked: int) -> int:
    """Return the index of the character of `text` that has `inked` visible ones before it."""
    for index, character in enumerate(text):
        if not character.isspace():
            if inked == 0:
                return index
            inked -= 1
    return len(text)
