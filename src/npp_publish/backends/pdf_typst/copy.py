"""Copy for the Typst compositor: the edition as plain JSON data.

Document text travels only as strings inside JSON, never as Typst markup, so that no text can be
code. Every node is a list whose first item names its kind; the template walks the tree.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
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
    Style,
    Styled,
    Table,
    Tagged,
    Text,
    Verbatim,
    plain,
)
from ...typeset.faces import needs_glyph
from ...typeset.slug import legible

__all__ = ["Pictures", "article_copy"]

Pictures = Callable[[Figure], str | None]
Node = list[Any]


def article_copy(article: Article, pictures: Pictures) -> dict[str, Any]:
    """Return one anchored article as JSON data; `pictures` gives the jailed file of a figure."""
    titled = not blank(article.title)
    desk = _Desk(pictures, 1 if titled else 0)
    dateline = article.dateline.content if article.dateline else ()
    return {
        "id": article.id,
        "lang": article.lang,
        "kicker": desk.inlines(article.kicker),
        "title": desk.heading(article.title),
        "titled": titled,
        "title-text": " ".join(plain(article.title).split()),
        "subtitle": desk.inlines(article.subtitle),
        "bylines": [desk.inlines(byline.content) for byline in article.bylines],
        "dateline": desk.inlines(dateline),
        "dateline-closes": plain(dateline).lstrip().startswith(("（", "(")),
        "continued-from": desk.inlines(article.continued_from.content if article.continued_from else ()),
        "continued-to": desk.inlines(article.continued_to.content if article.continued_to else ()),
        "body": desk.blocks(article.body),
    }


class _Desk:
    """Turns nodes into lists. `above` is the level of the heading above, so that levels never skip one,
    and the first of an article without a title is of the first (ISO 14289-1, 7.4.2)."""

    def __init__(self, pictures: Pictures, above: int) -> None:
        self.pictures = pictures
        self.above = above
        self.under_line = False

    def inlines(self, content: Inlines) -> Node:
        return [self.inline(node) for node in content]

    def inline(self, node: Inline) -> Node:
        match node:
            case Text(text):
                return ["text", text]
            case Styled(Style.DOTS, content):
                return ["styled", Style.DOTS.value, [_dotted(part) for part in self.inlines(content)]]
            case Styled(Style.UNDERLINE | Style.STRIKEOUT as style, content):
                return self.lined(style, content)
            case Styled(style, content):
                return ["styled", style.value, self.inlines(content)]
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
                return ["note", [line for block in blocks for line in self.lines(block)]]
            case Break():
                return ["break"]

    def lined(self, style: Style, content: Inlines) -> Node:
        """Return lined text; a line within a line is left out, because PDF/UA in Typst has one only."""
        outer, self.under_line = self.under_line, True
        inner = self.inlines(content)
        self.under_line = outer
        return ["styled", "" if outer else style.value, inner]

    def heading(self, content: Inlines) -> Node:
        """Return the content of a heading. Typst takes its bookmark from it, but does not look into
        what is drawn over characters: one of such alone is set without readings and dots."""
        told = _undrawn(content)
        return self.inlines(content if blank(content) or not blank(told) else _bare(content))

    def lines(self, block: Element) -> Iterator[Node]:
        """Yield the lines of a block in a note: at the foot of a page all blocks are lines."""
        if isinstance(block, Verbatim | Foreign):
            yield from ([["text", line]] for line in block.text.split("\n") if line.strip())
        own = (getattr(block, name, ()) for name in ("title", "caption", "content"))
        yield from (self.inlines(content) for content in own if content)
        for part in parts(block):
            if isinstance(part, tuple):
                yield self.inlines(part)
            else:
                yield from self.lines(part)

    def blocks(self, blocks: tuple[Element, ...]) -> Node:
        return [self.block(block) for block in blocks]

    def block(self, block: Element) -> Node:
        match block:
            case Paragraph():
                return ["paragraph", self.inlines(block.content), block.id]
            case Heading() if blank(block.content):
                return ["paragraph", self.inlines(block.content), block.id]
            case Heading():
                self.above = min(max(block.level, 2), self.above + 1, 6)
                return ["heading", self.above, self.heading(block.content), block.id]
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
                lines: Node = [[row.header, [self.blocks(cell) for cell in row.cells]] for row in block.rows]
                again = not any(_linked(cells) for header, cells in lines if header)
                return ["table", lines, block.aligns, self.inlines(block.caption), again, block.id]
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
        titled = not blank(box.title)
        self.above = level if titled else outer
        title, blocks = self.heading(box.title), self.blocks(box.blocks)
        self.above = outer
        if title and not titled:
            title, blocks = [], [["paragraph", title, ""], *blocks]
        return ["box", box.kind.value, level, title, blocks, box.id]


def blank(content: Inlines) -> bool:
    """Tell whether inline content shows nothing: then it is no heading (ISO 14289-1, 7.4.1)."""
    return not any(needs_glyph(character) for character in legible(plain(content)))


def _undrawn(content: Inlines) -> Inlines:
    """Return inline content without what is set with readings or dots."""
    drawn = (Ruby, Code, Note)
    kept = (n for n in content if not isinstance(n, drawn) and getattr(n, "style", None) is not Style.DOTS)
    return tuple(
        replace(n, content=_undrawn(n.content)) if isinstance(n, Styled | Tagged | Link | Reference) else n
        for n in kept
    )


def _bare(content: Inlines) -> Inlines:
    """Return the words and notes of inline content, without styles and readings."""
    found: list[Inline] = []
    for node in content:
        if isinstance(node, Styled | Tagged | Link | Reference):
            found += _bare(node.content)
        else:
            found.append(node if isinstance(node, Text | Note | Break) else Text(plain((node,))))
    return tuple(found)


def parts(block: Element) -> list[Any]:
    """Return the blocks inside a block, and inline content that stands beside them, in order."""
    match block:
        case Quote(blocks) | Box(_, _, blocks):
            return list(blocks)
        case Listing(items):
            return [part for item in items for part in item]
        case Entries(entries):
            return [part for entry in entries for part in (entry.label, *entry.blocks)]
        case Table(rows):
            return [part for row in rows for cell in row.cells for part in cell]
        case _:
            return []


def _dotted(node: Node) -> Node:
    """Return a set node with dots under its characters; notes have none."""
    match node:
        case ["text", text]:
            return ["dotted", text]
        case ["styled" | "tagged" as kind, name, content]:
            return [kind, name, [_dotted(part) for part in content]]
        case ["link" | "reference" as kind, content, target]:
            return [kind, [_dotted(part) for part in content], target]
        case _:
            return node


def _linked(node: Any) -> bool:
    """Tell whether a set node holds a link or note: headers that are repeated may not (ISO 14289-1)."""
    if not isinstance(node, list):
        return False
    return node[:1] in (["link"], ["reference"], ["note"]) or any(_linked(part) for part in node)
