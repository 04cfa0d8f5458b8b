"""Nesting: no document deeper than reading systems can follow.

Lists in lists and quotations in quotations may come hundreds of levels deep; parsers in readers
stop at 255, some without a word. What is nested deeper than here allowed is set flat, in reading
order and with every character, and the build says so.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from ..model import (
    Article,
    Box,
    Element,
    Entries,
    Heading,
    Inline,
    Inlines,
    Link,
    Listing,
    Paragraph,
    Quote,
    Reference,
    Styled,
    Table,
    Tagged,
)
from ..model.branches import children

__all__ = ["DEEPEST", "flatten"]

DEEPEST = 24
DEEPEST_STYLE = 24
"""Text styles, links and names inside one another."""


def flatten(article: Article, deepest: int = DEEPEST) -> tuple[Article, bool]:
    """Return the article with nothing nested deeper than `deepest` levels, and whether it was changed."""
    if _is_shallow(article, min(deepest, DEEPEST_STYLE)):
        return article, False
    trimmer = _Trimmer(deepest)
    body = trimmer.blocks(article.body, 1)
    title = trimmer.words(article.title, 1)
    return (replace(article, title=title, body=body), True) if trimmer.changed else (article, False)


def _is_shallow(article: Article, levels: int) -> bool:
    """Tell whether no node of any kind stands below so many others."""
    level: list[Any] = [article]
    for _ in range(levels):
        level = [child for node in level for child in children(node)]
        if not level:
            return True
    return False


class _Trimmer:
    def __init__(self, deepest: int) -> None:
        self.deepest, self.changed = deepest, False

    def blocks(self, blocks: tuple[Element, ...], depth: int) -> tuple[Element, ...]:
        if depth > self.deepest:
            self.changed = True
            return tuple(_leaves(blocks))
        return tuple(self.block(block, depth + 1) for block in blocks)

    def block(self, block: Element, depth: int) -> Element:
        match block:
            case Box() | Quote():
                return replace(block, blocks=self.blocks(block.blocks, depth))
            case Listing():
                return replace(block, items=tuple(self.blocks(item, depth) for item in block.items))
            case Entries():
                entries = tuple(replace(e, blocks=self.blocks(e.blocks, depth)) for e in block.entries)
                return replace(block, entries=entries)
            case Table():
                rows = (replace(r, cells=tuple(self.blocks(c, depth) for c in r.cells)) for r in block.rows)
                return replace(block, rows=tuple(rows))
            case Paragraph() | Heading():
                return replace(block, content=self.words(block.content, 1))
            case _:
                return block

    def words(self, content: Inlines, depth: int) -> Inlines:
        if depth > DEEPEST_STYLE and any(isinstance(node, _HOLDERS) for node in content):
            self.changed = True
            return tuple(_plain_nodes(content))
        return tuple(
            replace(node, content=self.words(node.content, depth + 1)) if isinstance(node, _HOLDERS) else node
            for node in content
        )


_HOLDERS = (Styled, Tagged, Link, Reference)


def _plain_nodes(content: Inlines) -> list[Inline]:
    """Return the nodes without others inside, in reading order, without recursion."""
    found: list[Inline] = []
    waiting = list(reversed(content))
    while waiting:
        node = waiting.pop()
        if isinstance(node, _HOLDERS):
            waiting.extend(reversed(node.content))
        else:
            found.append(node)
    return found


def _inside(block: Element) -> list[Element] | None:
    """Return what stands in a container, its titles and labels as paragraphs; None for a leaf."""
    match block:
        case Quote(blocks):
            return list(blocks)
        case Box(_, title, blocks):
            return [*([Paragraph(title)] if title else []), *blocks]
        case Listing(items):
            return [block for item in items for block in item]
        case Entries(entries):
            return [part for e in entries for part in (Paragraph(e.label), *e.blocks)]
        case Table(rows, _, caption):
            cells = [block for row in rows for cell in row.cells for block in cell]
            return [*([Paragraph(caption)] if caption else []), *cells]
        case _:
            return None


def _leaves(blocks: tuple[Element, ...]) -> list[Element]:
    """Return all leaves in reading order, without recursion: the depth is what must not matter."""
    leaves: list[Element] = []
    waiting: list[Element] = list(reversed(blocks))
    while waiting:
        block = waiting.pop()
        inside = _inside(block)
        if inside is None:
            leaves.append(block)
        else:
            waiting.extend(reversed(inside))
    return leaves
