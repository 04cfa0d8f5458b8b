"""Copy for the Typst compositor: the edition as plain JSON data.

Document text travels only as strings inside JSON, never as Typst markup, so that no text can be
code. Every node is a list whose first item names its kind; the template walks the tree.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from ...model import (
    Article,
    Box,
    Break,
    Code,
    Element,
    Entries,
    Figure,
    Foreign,
    Heading,
    Inline,
    Inlines,
    Link,
    Listing,
    Note,
    Paragraph,
    Quote,
    Reference,
    Ruby,
    Rule,
    Styled,
    Table,
    Tagged,
    Text,
    Verbatim,
    plain,
)

__all__ = ["Pictures", "article_copy"]

Pictures = Callable[[Figure], str | None]
Node = list[Any]


def article_copy(article: Article, pictures: Pictures) -> dict[str, Any]:
    """Return one anchored article as JSON data; `pictures` gives the jailed file of a figure."""
    desk = _Desk(pictures)
    dateline = article.dateline.content if article.dateline else ()
    return {
        "id": article.id,
        "lang": article.lang,
        "kicker": desk.inlines(article.kicker),
        "title": desk.inlines(article.title),
        "title-text": plain(article.title),
        "subtitle": desk.inlines(article.subtitle),
        "bylines": [desk.inlines(byline.content) for byline in article.bylines],
        "dateline": desk.inlines(dateline),
        "dateline-closes": plain(dateline).lstrip().startswith(("（", "(")),
        "continued-from": desk.inlines(article.continued_from.content if article.continued_from else ()),
        "continued-to": desk.inlines(article.continued_to.content if article.continued_to else ()),
        "body": desk.blocks(article.body),
    }


class _Desk:
    """Turns nodes into lists. `level` follows the heading above, so that levels never skip one."""

    def __init__(self, pictures: Pictures) -> None:
        self.pictures = pictures
        self.above = 1

    def inlines(self, content: Inlines) -> Node:
        return [self.inline(node) for node in content]

    def inline(self, node: Inline) -> Node:
        match node:
            case Text(text):
                return ["text", text]
            case Styled(style, content):
                return ["styled", style.value, self.inlines(content), plain(content)]
            case Tagged(role, content):
                return ["tagged", role.value, self.inlines(content)]
            case Ruby(base, reading):
                return ["ruby", base, reading]
            case Code(text):
                return ["code", text]
            case Link(content, href):
                return ["link", self.inlines(content), href]
            case Reference(content, target):
                return ["reference", self.inlines(content), target]
            case Note(blocks):
                return ["note", self.blocks(blocks)]
            case Break():
                return ["break"]

    def blocks(self, blocks: tuple[Element, ...]) -> Node:
        return [self.block(block) for block in blocks]

    def block(self, block: Element) -> Node:
        match block:
            case Paragraph():
                return ["paragraph", self.inlines(block.content), block.id]
            case Heading():
                self.above = min(max(block.level, 2), self.above + 1, 6)
                return ["heading", self.above, self.inlines(block.content), block.id]
            case Box():
                return self.box(block)
            case Entries():
                rows = [[self.inlines(e.label), self.blocks(e.blocks)] for e in block.entries]
                return ["entries", rows]
            case Listing():
                return ["listing", block.start, [self.blocks(item) for item in block.items]]
            case Quote():
                return ["quote", self.blocks(block.blocks)]
            case Table():
                lines = [[row.header, [self.blocks(cell) for cell in row.cells]] for row in block.rows]
                return ["table", lines, block.aligns, self.inlines(block.caption), block.id]
            case Figure():
                alt = block.alt or plain(block.caption) or "图片"
                picture = self.pictures(block) if block.src else None
                return ["figure", picture, alt, self.inlines(block.caption), block.id]
            case Rule():
                return ["rule"]
            case Verbatim(text):
                return ["verbatim", text]
            case Foreign(_, text):
                return ["foreign", [line for line in text.split("\n") if line.strip()]]

    def box(self, box: Box) -> Node:
        outer = self.above
        level = min(outer + 1, 6)
        self.above = level if box.title else outer
        node = ["box", box.kind.value, level, self.inlines(box.title), self.blocks(box.blocks), box.id]
        self.above = outer
        return node
