"""Read what a normalizer wrote: Markdown with front matter, in whatever house style.

Any heading may be a title; any fenced div, block quotation or aside is a box, unless its class says
that it is an article, a byline and so on. Metadata is found under front-matter keys, attributes and
classes. So the scorer asks for a reading, not for a format.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from npp_publish import pandoc

__all__ = ["Found", "Outcome", "Printed", "read"]

_ARTICLE = {"article", "story", "news", "newsitem", "news-item", "item"}
_NEUTRAL = {
    *("section", "body", "page", "main", "content", "columns", "text", "torn", "joined", "paragraph"),
    *("paras", "headline", "header", "head", "title", "front", "lead", "article-body", "story-body"),
    *("poem", "verse", "line-block", "article-header", "list"),
}
_MEANINGS = {
    "byline": re.compile("byline|author|writer|reporter|credit|contributor"),
    "kicker": re.compile("kicker|eyebrow|column-name|rubric|overline|subtitle"),
    "dateline": re.compile("dateline|wire|source"),
    "jump": re.compile("jump|contin|turn-to|turn_to"),
    "caption": re.compile("caption|figure|photo"),
    "furniture": re.compile("furniture|folio|running|colophon|masthead|dropped|ledger|page-?number|credits"),
}
_FRONT = re.compile(r"\s*---[ \t]*\n(.*?)\n(?:---|\.\.\.)[ \t]*(?:\n|$)", re.DOTALL)


@dataclass(frozen=True)
class Printed:
    """One block of the outcome: kind (para, heading, item, term, def, cell, picture), text, place."""

    kind: str
    text: str
    level: int = 0
    box: str = ""
    article: str = ""
    meaning: str = ""


@dataclass(frozen=True)
class Found:
    """A text that stands under a name: a class, an attribute or a front-matter key (`group` joins
    the keys of one mapping)."""

    name: str
    text: str
    group: str = ""


@dataclass
class Outcome:
    """All that was read."""

    markdown: str = ""
    blocks: list[Printed] = field(default_factory=list)
    found: list[Found] = field(default_factory=list)
    meta: list[Found] = field(default_factory=list)
    ledger: list[dict[str, Any]] = field(default_factory=list)


@dataclass(frozen=True)
class _Place:
    box: str = ""
    article: str = ""
    meaning: str = ""
    item: str = "para"


def read(text: str, ledger: Sequence[dict[str, Any]] = ()) -> Outcome:
    """Return the outcome of one page. Raises InputUnreadable where pandoc cannot read it."""
    front = _FRONT.match(text.lstrip("\ufeff"))
    out = Outcome(ledger=list(ledger))
    if front and re.search(r"^[\w-]+\s*:", front[1], re.MULTILINE):
        import yaml

        data = yaml.safe_load(front[1])
        text = text.lstrip("\ufeff")[front.end() :]
        out.ledger += _declared(data)
        out.meta = [f for f in _flat(data) if not f.name.startswith(("ledger", "dropped"))]
    out.markdown = text
    blocks = json.loads(pandoc.read(text))["blocks"]
    _Reader(out).walk(blocks, _Place())
    return out


def _declared(data: Any) -> list[dict[str, Any]]:
    rows = data.get("ledger") if isinstance(data, dict) else None
    return [row for row in rows if isinstance(row, dict)] if isinstance(rows, list) else []


def _flat(data: Any, path: str = "", group: str = "") -> Iterator[Found]:
    if isinstance(data, dict):
        for key, value in data.items():
            yield from _flat(value, f"{path}.{key}" if path else str(key), group)
    elif isinstance(data, list):
        for index, value in enumerate(data):
            inner = isinstance(value, dict)
            yield from _flat(value, f"{path}[{index}]", f"{path}[{index}]" if inner else group)
    elif data is not None:
        yield Found(path, str(data), group)


class _Reader:
    """Walk pandoc's AST; every method takes the place it reads in."""

    def __init__(self, out: Outcome) -> None:
        self.out = out
        self.count = 0

    def walk(self, blocks: list[dict[str, Any]], place: _Place) -> None:
        for block in blocks:
            getattr(self, f"_{block['t'].lower()}", self._other)(block.get("c"), place)

    def _put(self, kind: str, text: str, place: _Place, level: int = 0) -> None:
        self.out.blocks.append(Printed(kind, text, level, place.box, place.article, place.meaning))

    def _para(self, content: Any, place: _Place) -> None:
        picture = content and all(x["t"] in {"Image", "Space", "SoftBreak"} for x in content)
        self._put("picture" if picture else place.item, self.inlines(content), place)

    _plain = _para

    def _header(self, content: Any, place: _Place) -> None:
        level, (_, classes, pairs), inlines = content
        text = self.inlines(inlines)
        if "subtitle" in classes:
            place = replace(place, meaning="kicker")
        self._put("heading", text, place, level)
        self._name(classes, pairs, text)

    def _div(self, content: Any, place: _Place) -> None:
        (_, classes, pairs), blocks = content
        names = {c.lower() for c in classes}
        attributes = dict(pairs)
        self.count += 1
        meaning = next((m for c in classes for m, rx in _MEANINGS.items() if rx.search(c.lower())), "")
        if names & _ARTICLE:
            place = replace(place, article=f"a{self.count}")
            if "title" in attributes:
                self._put("heading", attributes["title"], place, 1)
        elif meaning:
            place = replace(place, meaning=meaning)
        elif not (names and names <= _NEUTRAL) and not place.box:
            place = replace(place, box=f"s{self.count}")
            if "title" in attributes:
                self._put("heading", attributes["title"], place, 3)
        start = len(self.out.blocks)
        self.walk(blocks, place)
        inside = self.out.blocks[start:] if meaning else []
        self._name(classes, pairs, "\n".join(b.text for b in inside))

    def _blockquote(self, content: Any, place: _Place) -> None:
        self._div([["", ["blockquote"], []], content], place)

    def _bulletlist(self, content: Any, place: _Place) -> None:
        for item in content:
            self.walk(item, replace(place, item="item"))

    def _orderedlist(self, content: Any, place: _Place) -> None:
        self._bulletlist(content[1], place)

    def _definitionlist(self, content: Any, place: _Place) -> None:
        for term, definitions in content:
            self._put("term", self.inlines(term), place)
            for blocks in definitions:
                self.walk(blocks, replace(place, item="def"))

    def _lineblock(self, content: Any, place: _Place) -> None:
        for line in content:
            self._put("para", self.inlines(line), place)

    def _horizontalrule(self, _: Any, place: _Place) -> None:
        self._put("rule", "", place)

    def _codeblock(self, content: Any, place: _Place) -> None:
        self._put("para", content[1], place)

    def _figure(self, content: Any, place: _Place) -> None:
        place = replace(place, meaning="caption")
        self.walk(content[2], place)
        self.walk(content[1][1], place)

    def _table(self, content: Any, place: _Place) -> None:
        self._cells(content, place)

    def _cells(self, node: Any, place: _Place) -> None:
        if isinstance(node, dict) and node.get("t") in {"Para", "Plain"}:
            self._put("cell", self.inlines(node["c"]), place)
        elif isinstance(node, dict):
            self._cells(node.get("c"), place)
        elif isinstance(node, list):
            for child in node:
                self._cells(child, place)

    def _other(self, _: Any, place: _Place) -> None:
        return

    def _name(self, classes: Sequence[str], pairs: Sequence[Sequence[str]], text: str) -> None:
        values = " ".join(value for _, value in pairs)
        names = " ".join([*classes, *(key for key, _ in pairs)])
        self.out.found.append(Found(names, f"{text} {values}"))

    def inlines(self, nodes: Any) -> str:
        return "".join(self._words(nodes))

    def _words(self, nodes: Any) -> Iterator[str]:
        for node in nodes:
            kind, content = node["t"], node.get("c")
            match kind:
                case "Str":
                    yield content
                case "Space" | "SoftBreak":
                    yield " "
                case "LineBreak":
                    yield "\n"
                case "Code" | "Math":
                    yield content[1]
                case "Quoted" | "Cite" | "Link" | "Image":
                    yield from self._words(content[1])
                case "Span":
                    text = self.inlines(content[1])
                    self._name(content[0][1], content[0][2], text)
                    yield text
                case "RawInline" | "Note":
                    yield "\n" if kind == "RawInline" and content[1].lower().startswith("<br") else ""
                case _:
                    yield from self._words(content)
