"""Anchors: safe, unique ids for everything that can be pointed at, and the outline made of them.

EPUB readers and PDF name trees stumble over ids in Han or with spaces, and a hand-edited edition may
hold the same id twice. `anchored()` returns the same edition with ASCII ids that are unique in the
whole edition; references follow. Text is untouched.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from enum import StrEnum
from hashlib import sha1

from ..model import (
    Article,
    Box,
    Edition,
    Element,
    Entries,
    Figure,
    Heading,
    Inline,
    Inlines,
    Link,
    Listing,
    Note,
    Paragraph,
    Quote,
    Reference,
    Styled,
    Table,
    Tagged,
)

__all__ = ["Landmark", "OutlineEntry", "anchored", "outline", "walk"]

_SAFE = re.compile(r"[A-Za-z][A-Za-z0-9._-]{0,63}\Z")


class Landmark(StrEnum):
    """What an outline entry points at."""

    ARTICLE = "article"
    SECTION = "section"
    BOX = "box"


@dataclass(frozen=True, slots=True)
class OutlineEntry:
    """One entry of contents, bookmarks or nav: nested as the headings are."""

    id: str
    title: Inlines
    landmark: Landmark
    children: tuple[OutlineEntry, ...] = ()


def _ascii(name: str) -> str:
    return name if _SAFE.match(name) else "x" + sha1(name.encode("utf-8", "replace")).hexdigest()[:10]


class _Register:
    """Hands out unique ids and remembers what each old id became."""

    def __init__(self) -> None:
        self.taken: set[str] = set()
        self.renamed: dict[str, str] = {}

    def claim(self, wanted: str, fallback: str) -> str:
        base = _ascii(wanted) if wanted else fallback
        name, number = base, 2
        while name in self.taken:
            name, number = f"{base}-{number}", number + 1
        self.taken.add(name)
        if wanted:
            self.renamed.setdefault(wanted, name)
        return name


def anchored(edition: Edition) -> Edition:
    """Return `edition` with ASCII ids, unique over the edition, on articles, headings, boxes,
    tables and figures; `Reference.target` follows its anchor. A target that is nowhere stays as it is."""
    register = _Register()
    heads = [register.claim(a.id, f"a{n}") for n, a in enumerate(edition.articles, 1)]
    articles = tuple(
        replace(article, id=head, body=_Numberer(head, register).blocks(article.body))
        for article, head in zip(edition.articles, heads, strict=True)
    )
    return replace(edition, articles=tuple(_follow(a, register.renamed) for a in articles))


class _Numberer:
    """Gives the nodes of one article their ids: `a1-s2`, `a1-b1`, `a1-t1`, `a1-f1`."""

    _LETTER = {Heading: "s", Box: "b", Table: "t", Figure: "f"}

    def __init__(self, article: str, register: _Register) -> None:
        self.article, self.register = article, register
        self.count: dict[str, int] = dict.fromkeys(self._LETTER.values(), 0)

    def blocks(self, blocks: tuple[Element, ...]) -> tuple[Element, ...]:
        return tuple(self.block(block) for block in blocks)

    def block(self, block: Element) -> Element:
        if isinstance(block, (Heading, Box, Table, Figure)):
            letter = self._LETTER[type(block)]
            self.count[letter] += 1
            name = self.register.claim(block.id, f"{self.article}-{letter}{self.count[letter]}")
            block = replace(block, id=name)
        elif isinstance(block, Paragraph) and block.id:
            block = replace(block, id=self.register.claim(block.id, block.id))
        return _with_children(block, self.blocks)


def _with_children(block: Element, change: Callable[[tuple[Element, ...]], tuple[Element, ...]]) -> Element:
    """Return `block` with its child blocks changed."""
    match block:
        case Box() | Quote():
            return replace(block, blocks=change(block.blocks))
        case Listing():
            return replace(block, items=tuple(change(item) for item in block.items))
        case Entries():
            return replace(block, entries=tuple(replace(e, blocks=change(e.blocks)) for e in block.entries))
        case Table():
            rows = tuple(replace(r, cells=tuple(change(c) for c in r.cells)) for r in block.rows)
            return replace(block, rows=rows)
        case _:
            return block


def walk(blocks: tuple[Element, ...]) -> Iterator[Element]:
    """Yield every block in reading order, parents before children."""
    for block in blocks:
        yield block
        match block:
            case Box() | Quote():
                yield from walk(block.blocks)
            case Listing():
                for item in block.items:
                    yield from walk(item)
            case Entries():
                for entry in block.entries:
                    yield from walk(entry.blocks)
            case Table():
                for row in block.rows:
                    for cell in row.cells:
                        yield from walk(cell)


def outline(article: Article) -> OutlineEntry:
    """Return the outline of one anchored article: sections nested by level, boxes in their section."""
    top: list[OutlineEntry] = []
    stack: list[tuple[Heading, list[OutlineEntry]]] = []

    def here() -> list[OutlineEntry]:
        return stack[-1][1] if stack else top

    def close(level: int) -> None:
        while stack and stack[-1][0].level >= level:
            heading, children = stack.pop()
            here().append(OutlineEntry(heading.id, heading.content, Landmark.SECTION, tuple(children)))

    for block in article.body:
        if isinstance(block, Heading):
            close(block.level)
            stack.append((block, []))
        elif isinstance(block, Box) and block.title:
            here().append(OutlineEntry(block.id, block.title, Landmark.BOX))
    close(0)
    return OutlineEntry(article.id, article.title, Landmark.ARTICLE, tuple(top))


def _follow(article: Article, renamed: dict[str, str]) -> Article:
    """Point the references of one article at the new ids."""
    if all(old == new for old, new in renamed.items()):
        return article

    def inline(node: Inline) -> Inline:
        match node:
            case Reference(content, target):
                return Reference(inlines(content), renamed.get(target, target))
            case Styled() | Tagged() | Link():
                return replace(node, content=inlines(node.content))
            case Note(children):
                return Note(blocks(children))
            case _:
                return node

    def inlines(content: Inlines) -> Inlines:
        return tuple(inline(node) for node in content)

    def blocks(children: tuple[Element, ...]) -> tuple[Element, ...]:
        return tuple(block(child) for child in children)

    def block(child: Element) -> Element:
        match child:
            case Paragraph() | Heading():
                return replace(child, content=inlines(child.content))
            case Figure() | Table():
                child = replace(child, caption=inlines(child.caption))
            case Box():
                child = replace(child, title=inlines(child.title))
            case Entries():
                entries = tuple(replace(e, label=inlines(e.label)) for e in child.entries)
                child = replace(child, entries=entries)
        return _with_children(child, blocks)

    return replace(article, title=inlines(article.title), body=blocks(article.body))
