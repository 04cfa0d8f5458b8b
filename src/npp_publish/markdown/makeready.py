"""Stage 5, the normal form: one way to say one thing, so that equality can be asserted.

Text is joined, what holds nothing is left out, ids are ASCII and unique, addresses are encoded as
pandoc does it. The words do not change.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from typing import TypeVar

from ..model import (
    Article,
    Box,
    Break,
    Byline,
    Code,
    Dateline,
    Edition,
    Element,
    Entries,
    Entry,
    Figure,
    Foreign,
    Heading,
    Inline,
    Inlines,
    Jump,
    Link,
    Listing,
    Note,
    Paragraph,
    Quote,
    Reference,
    Rowed,
    Ruby,
    Stated,
    Styled,
    Table,
    Tagged,
    Text,
    Verbatim,
    plain,
)
from .foreign import canonical
from .ink import href
from .proof import Reader
from .words import run_on

__all__ = ["FRONT", "settled"]

FRONT = [
    "subtitle",
    "author",
    "date",
    "identifier",
    "publisher",
    "rights",
    "subject",
    "description",
    "keywords",
    "cover-image",
]
_SURROGATE = re.compile("[\ud800-\udfff]")
_UNSETTLED = re.compile("[\n\ud800-\udfff]")
_ANCHOR = re.compile(r"[A-Za-z][A-Za-z0-9_.-]*")
_BLANKS = re.compile(r"[ \t\r\n]+")
_LARGEST = 999_999_999
_Line = TypeVar("_Line", Byline, Dateline, Jump)


def settled(edition: Edition, reader: Reader | None = None) -> Edition:
    """Return the edition in its normal form; `settled(settled(e)) == settled(e)`.

    Ids that are used twice are reported to `reader` (NPP503).
    """
    return _Stone(reader or Reader()).edition(edition)


def _whole(text: str) -> str:
    """Half a surrogate pair, which no file can hold, becomes U+FFFD."""
    return _SURROGATE.sub("\ufffd", text)


def _is_settled(item: Inline) -> bool:
    """Tell whether an inline node is plain text that can stay as it is: most of them are."""
    return isinstance(item, Text) and item.text != "" and not _UNSETTLED.search(item.text)


def _trimmed(values: Sequence[str]) -> tuple[str, ...]:
    return tuple(filter(None, (_whole(value).strip() for value in values)))


def _anchor(name: str) -> str:
    """Return an id of ASCII letters: reading systems trip over others."""
    if not name or _ANCHOR.fullmatch(name):
        return name
    return "i" + hashlib.sha256(name.encode("utf-8", "surrogatepass")).hexdigest()[:10]


@dataclass(slots=True)
class _Stone:
    """The imposing stone: everything lies here once before it goes to press."""

    reader: Reader
    used: set[str] = field(default_factory=set)

    def edition(self, edition: Edition) -> Edition:
        self.used = {_anchor(article.id) for article in edition.articles}
        taken: set[str] = set()
        articles = []
        for number, article in enumerate(edition.articles, 1):
            id = self._article_id(_anchor(article.id), number, taken)
            taken.add(id)
            self.used.add(id)
            articles.append((id, article))
        return replace(
            edition,
            title=_whole(edition.title),
            lang=_whole(edition.lang),
            articles=tuple(self.article(article, id) for id, article in articles),
            metadata=_metadata(edition),
            extra=canonical(json.loads(edition.extra or "{}")),
        )

    def _twice(self, id: str) -> None:
        message = f"the id {id!r} is used twice; the second one is renamed"
        self.reader.note("NPP503", message, about="#" + id)

    def _article_id(self, id: str, number: int, taken: set[str]) -> str:
        if id and id not in taken:
            return id
        if id:
            self._twice(id)
        while (id := f"a{number}") in self.used:
            number += 1
        return id

    def article(self, article: Article, id: str) -> Article:
        return replace(
            article,
            id=id,
            title=self.words(article.title),
            kicker=self.words(article.kicker),
            subtitle=self.words(article.subtitle),
            bylines=tuple(made for line in article.bylines if (made := self._line(line))),
            dateline=self._line(article.dateline),
            continued_from=self._line(article.continued_from),
            continued_to=self._line(article.continued_to),
            body=self.blocks(article.body),
            pages=_trimmed(article.pages),
            lang=_whole(article.lang).strip(),
            keywords=_trimmed(article.keywords),
        )

    def _line(self, line: _Line | None) -> _Line | None:
        """A byline, dateline or jump line without words is none."""
        words = self.words(line.content) if line else ()
        return replace(line, content=words) if line and words else None

    # ----------------------------------------------------------------- inlines

    def words(self, content: Inlines, *, linked: bool = False, noted: bool = False) -> Inlines:
        if len(content) == 1 and _is_settled(content[0]):
            return content
        return run_on(made for item in content for made in self._word(item, linked, noted))

    def _word(self, item: Inline, linked: bool, noted: bool) -> Iterable[Inline]:
        match item:
            case Text(text):
                for index, line in enumerate(_whole(text).split("\n")):
                    yield from ([Break()] if index else [])
                    yield from ([Text(line)] if line else [])
            case Styled(_, inside) | Tagged(_, inside):
                words = self.words(inside, linked=linked, noted=noted)
                yield from ([replace(item, content=words)] if words else [])
            case Link(inside, address):
                yield from self._link(inside, address, linked, noted)
            case Reference(inside, target):
                yield from self._link(inside, "#" + target, linked, noted)
            case Note(blocks):
                if noted:
                    yield from self.words(_flat(blocks), linked=linked, noted=True)
                elif made := self.blocks(blocks, noted=True):
                    yield Note(made)
            case Ruby(base, reading):
                yield from ([Ruby(_whole(base), _whole(reading))] if base or reading else [])
            case Code(text):
                yield from ([Code(_whole(text))] if text else [])
            case _:
                yield item

    def _link(self, inside: Inlines, address: str, linked: bool, noted: bool) -> Iterable[Inline]:
        """A link inside a link is its words: nothing can follow both."""
        words = self.words(inside, linked=True, noted=noted)
        address = href(_whole(address))
        if linked:
            yield from words
        elif address.startswith("#"):
            yield Reference(words, _anchor(address[1:]))
        else:
            yield Link(words, address)

    # ----------------------------------------------------------------- blocks

    def blocks(self, blocks: Sequence[Element], *, noted: bool = False) -> tuple[Element, ...]:
        return tuple(made for block in blocks for made in self._block(block, noted))

    def _id(self, id: str) -> str:
        id = _anchor(id)
        if not id or id not in self.used:
            self.used.add(id)
            return id
        self._twice(id)
        number = 2
        while f"{id}-{number}" in self.used:
            number += 1
        self.used.add(f"{id}-{number}")
        return f"{id}-{number}"

    def _block(self, block: Element, noted: bool) -> Iterable[Element]:
        match block:
            case Paragraph(content, id):
                words = self.words(content, noted=noted)
                if words or id:
                    known = words is content and not id
                    yield block if known else replace(block, content=words, id=self._id(id))
            case Heading(level, content, id):
                words = self.words(content, noted=noted)
                yield replace(block, level=min(max(level, 2), 6), content=words, id=self._id(id))
            case Listing(items, start):
                made = tuple(self.blocks(item, noted=noted) for item in items)
                start = min(max(start, 0), _LARGEST)
                yield from ([replace(block, items=made, start=start)] if made else [])
            case Entries(entries):
                each = tuple(self._entry(entry, noted) for entry in entries)
                yield from ([replace(block, entries=each)] if each else [])
            case Quote(blocks):
                quoted = self.blocks(blocks, noted=noted)
                yield from ([replace(block, blocks=quoted)] if quoted else [])
            case Table():
                yield from self._table(block, noted)
            case Figure():
                yield from self._figure(block, noted)
            case Box(_, title, blocks, id):
                id = self._id(id)
                title = self.words(title, noted=noted)
                yield replace(block, title=title, blocks=self.blocks(blocks, noted=noted), id=id)
            case Verbatim(text):
                yield from ([Verbatim(_whole(text))] if text else [])
            case Foreign(ast):
                yield from self._foreign(ast, noted)
            case _:
                yield block

    def _entry(self, entry: Entry, noted: bool) -> Entry:
        label = self.words(entry.label, noted=noted)
        return replace(entry, label=label, blocks=self.blocks(entry.blocks, noted=noted))

    def _figure(self, figure: Figure, noted: bool) -> Iterable[Element]:
        made = replace(
            figure,
            src=href(_whole(figure.src)),
            alt=_BLANKS.sub(" ", _whole(figure.alt)).strip(" "),
            caption=self.words(figure.caption, noted=noted),
            id=self._id(figure.id),
        )
        yield from ([made] if made.src or made.alt or made.caption or made.id else [])

    def _table(self, table: Table, noted: bool) -> Iterable[Element]:
        id = self._id(table.id)
        rows = tuple(
            Rowed(tuple(self.blocks(cell, noted=noted) for cell in row.cells), row.header)
            for row in table.rows
        )
        width = max((len(row.cells) for row in rows), default=0)
        aligns = "".join(align if align in "lcr" else "-" for align in table.aligns)[:width].ljust(width, "-")
        caption = self.words(table.caption, noted=noted)
        yield from (
            [replace(table, rows=rows, aligns=aligns, caption=caption, id=id)]
            if rows or caption or id
            else []
        )

    def _foreign(self, ast: str, noted: bool) -> Iterable[Element]:
        """What the model does have a node for is that node, not a foreign one."""
        made = Reader().block(json.loads(ast))
        if len(made) == 1 and isinstance(made[0], Foreign):
            yield made[0]
        else:
            yield from self.blocks(made, noted=noted)


def _flat(blocks: Sequence[Element]) -> Inlines:
    return (Text(plain(tuple(blocks))),)


def _metadata(edition: Edition) -> tuple[tuple[str, Stated], ...]:
    """Title and language, then the names of the front matter, then those of the `news` key.

    Values of one name stand together.
    """
    groups: dict[str, list[Stated]] = {}
    for name, stated in edition.metadata:
        name = _whole(name)
        known = name in FRONT or name in ("title", "lang") or name.startswith("news.")
        value = _whole({"title": edition.title, "lang": edition.lang}.get(name, stated.value))
        made = replace(stated, value=value, evidence=_whole(stated.evidence))
        group = groups.setdefault(name if known else f"news.{name}", [])
        if not (group and name in ("title", "lang")):
            group.append(made)
    ranks = {"title": -2, "lang": -1}
    ordered = sorted(groups, key=lambda name: ranks.get(name, int(name.startswith("news."))))
    return tuple((name, stated) for name in ordered for stated in groups[name])
