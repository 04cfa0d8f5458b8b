"""An edition as an outline: short, readable, one line an element. What the case files compare."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from npp_publish.model import (
    Article,
    Box,
    Edition,
    Element,
    Entries,
    Figure,
    Heading,
    Inlines,
    Listing,
    Styled,
    Table,
    Tagged,
    plain,
)

__all__ = ["outline"]


def outline(edition: Edition) -> str:
    """Return the outline of an edition; tagged runs stand as `<role words>`."""
    return "\n".join(line for article in edition.articles for line in _article(article))


def _inline(content: Inlines) -> str:
    parts = []
    for node in content:
        match node:
            case Tagged(role, inside):
                parts.append(f"<{role.value} {_inline(inside)}>")
            case Styled(_, inside):
                parts.append(f"*{_inline(inside)}*")
            case _:
                parts.append(plain(node))
    return "".join(parts)


def _article(article: Article) -> Iterator[str]:
    yield f"= {article.id}" + (f" pages {' '.join(article.pages)}" if article.pages else "")
    heads = (("kicker", article.kicker), ("title", article.title), ("subtitle", article.subtitle))
    yield from (f"{name}: {_inline(content)}" for name, content in heads if content)
    yield from (f"byline: {_inline(byline.content)}" for byline in article.bylines)
    lines = (("dateline", article.dateline), ("from", article.continued_from), ("to", article.continued_to))
    yield from (f"{name}: {_inline(line.content)}" for name, line in lines if line)
    yield from _blocks(article.body, "")


def _blocks(blocks: Sequence[Element], indent: str) -> Iterator[str]:
    for block in blocks:
        match block:
            case Heading(level, content):
                yield f"{indent}{'#' * level} {_inline(content)}"
            case Box(kind, title, inside):
                yield f"{indent}[{kind.value}] {_inline(title)}".rstrip()
                yield from _blocks(inside, indent + "  ")
            case Entries(entries):
                for entry in entries:
                    yield f"{indent}> {_inline(entry.label)}"
                    yield from _blocks(entry.blocks, indent + "  ")
            case Listing(items):
                for item in items:
                    yield f"{indent}- {plain(item)}"
            case Figure(src, alt, caption):
                yield f"{indent}figure {src or '?'} {alt}| {_inline(caption)}"
            case Table(rows):
                for row in rows:
                    yield f"{indent}| " + " | ".join(plain(cell) for cell in row.cells)
            case _:
                content = getattr(block, "content", ())
                yield f"{indent}p {_inline(content) if content else plain(block)}"
