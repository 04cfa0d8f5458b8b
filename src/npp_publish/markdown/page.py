"""Stage 5, the page: an edition's articles as fenced divs, and articles from any Markdown.

Markdown without our divs reads sensibly too: each level-1 heading starts an article.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

from ..model import Article, Break, Byline, Dateline, Element, Heading, Inlines, Jump, Text
from .columns import div, ranges, stack
from .foreign import numbers, words_of
from .proof import Reader
from .words import Node, Place, cast, node

__all__ = ["HEADS", "articles", "is_article", "set_article"]

HEADS = ("kicker", "subtitle", "byline", "dateline", "continued-from", "continued-to")


def set_article(article: Article, strict: bool = False) -> Node:
    """Return the fenced div of one article."""
    line = Place(opens=True, strict=strict)
    made: list[Node] = []

    def head(name: str, content: Inlines) -> None:
        if content:
            made.append(div([node("Para", cast(content, line))], name))

    head("kicker", article.kicker)
    if article.title:
        title = cast(article.title, Place(line=True, heading=True, strict=strict))
        made.append(node("Header", [1, ["", [], []], title]))
    head("subtitle", article.subtitle)
    for byline in article.bylines:
        head("byline", byline.content)
    head("dateline", article.dateline.content if article.dateline else ())
    head("continued-from", article.continued_from.content if article.continued_from else ())
    made += stack(article.body, strict)
    head("continued-to", article.continued_to.content if article.continued_to else ())
    return div(
        made,
        "article",
        id=article.id,
        lines=ranges(article.lines, 2),
        page=_joined(article.pages),
        lang=article.lang,
        keywords=_joined(article.keywords),
    )


def _joined(values: Sequence[str]) -> str:
    return ",".join(value.replace("\\", "\\\\").replace(",", "\\,") for value in values)


def _parted(text: str) -> tuple[str, ...]:
    parts = re.findall(r"(?:[^\\,]|\\.|\\$)+", text, re.DOTALL)
    return tuple(re.sub(r"\\(.)", r"\1", part, flags=re.DOTALL) for part in parts)


# --------------------------------------------------------------------------- reading


@dataclass(slots=True)
class _Draft:
    """An article while it is being read."""

    attr: dict[str, str] = field(default_factory=dict)
    id: str = ""
    fenced: bool = False
    title: Inlines = ()
    heads: dict[str, list[Inlines]] = field(default_factory=dict)
    body: list[Element] = field(default_factory=list)

    def one(self, name: str) -> Inlines:
        """Two kickers typed by hand are one of two lines."""
        out: Inlines = ()
        for words in self.heads.get(name, ()):
            out = (*out, Break(), *words) if out else words
        return out

    def article(self) -> Article:
        dateline, before, after = (self.one(n) for n in ("dateline", "continued-from", "continued-to"))
        return Article(
            id=self.id,
            title=self.title,
            kicker=self.one("kicker"),
            subtitle=self.one("subtitle"),
            bylines=tuple(Byline(words) for words in self.heads.get("byline", ())),
            dateline=Dateline(dateline) if dateline else None,
            continued_from=Jump(before) if before else None,
            continued_to=Jump(after) if after else None,
            body=tuple(self.body),
            pages=_parted(self.attr.get("page", "")),
            lang=self.attr.get("lang", ""),
            keywords=_parted(self.attr.get("keywords", "")),
            lines=numbers(self.attr.get("lines", "")),
        )


def articles(blocks: Sequence[Node], reader: Reader) -> tuple[Article, ...]:
    """Return the articles of a document: its `.article` divs, else one per level-1 heading."""
    drafts: list[_Draft] = []
    fenced = any(is_article(block) for block in blocks)
    for block in blocks:
        if is_article(block):
            drafts += _fenced(block, reader)
        else:
            _loose(block, drafts, reader, fenced)
    return tuple(draft.article() for draft in drafts)


def is_article(block: Node) -> bool:
    """Tell whether a block is the div of one article."""
    return block["t"] == "Div" and "article" in block["c"][0][1]


def _loose(block: Node, drafts: list[_Draft], reader: Reader, fenced: bool) -> None:
    """Take in a block that stands in no article's div."""
    starts = block["t"] == "Header" and block["c"][0] == 1
    if not drafts or (starts and (drafts[-1].title or drafts[-1].body or drafts[-1].fenced)):
        drafts.append(_Draft())
    before = len(drafts[-1].body)
    _take(block, drafts[-1], reader)
    shown = words_of(block).split("\n")[0][:20]
    if fenced and drafts[-1].fenced and len(drafts[-1].body) > before and shown.strip(":"):
        reader.note(
            "NPP506", f"{shown!r} stands outside every article; it closes the one before", about=shown
        )


def _fenced(block: Node, reader: Reader) -> Iterable[_Draft]:
    (id, _, pairs), inside = block["c"]
    draft = _Draft({str(k): str(v) for k, v in pairs}, id, True)
    nested: list[_Draft] = []
    for item in inside:
        if is_article(item):
            nested += _fenced(item, reader)
        else:
            _take(item, draft, reader)
    return [draft, *nested]


def _take(block: Node, draft: _Draft, reader: Reader) -> None:
    name = next((c for c in block["c"][0][1] if c in HEADS), "") if block["t"] == "Div" else ""
    if name:
        words = _printed(block["c"][1], reader)
        if words:
            draft.heads.setdefault(name, []).append(words)
    elif block["t"] == "Header" and block["c"][0] == 1 and not draft.title and not draft.body:
        draft.title = _line(block["c"][2], reader)
        draft.id = draft.id or block["c"][1][0]
    elif block["t"] == "Header" and block["c"][0] == 1:
        draft.body.append(Heading(2, _line(block["c"][2], reader), block["c"][1][0]))
    else:
        draft.body += reader.block(block)


def _printed(blocks: list[Any], reader: Reader) -> Inlines:
    words = reader.line(blocks)
    return _without_aliens(words, reader)


def _line(nodes: list[Node], reader: Reader) -> Inlines:
    return _without_aliens(reader.words(nodes), reader)


def _without_aliens(words: Inlines, reader: Reader) -> Inlines:
    """A title or byline has no place for a formula or a picture: its words stand there."""
    if reader.alien:
        reader.alien = False
        shown = "".join(item.text for item in words if isinstance(item, Text))[:20]
        reader.note("NPP508", f"a formula or picture in {shown!r} is shown as its words", about=shown)
    return words
