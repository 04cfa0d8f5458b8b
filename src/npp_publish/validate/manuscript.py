"""The manuscript: what every format must show of an edition, and what a theme may add to it on paper.

The order is that of `typeset.galley.article_text`; every passage knows its article and its line in
the source, so that a difference found in a finished file can be traced to where the text came from.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, fields, is_dataclass
from functools import cached_property
from typing import Any

from ..model import (
    Article,
    Box,
    Edition,
    Entries,
    Heading,
    Listing,
    Note,
    Quote,
    Ruby,
    Table,
    Tagged,
    plain,
)
from ..typeset.slug import legible

__all__ = ["Additions", "Passage", "additions", "folded", "letters", "passages", "readings"]

# What has no ink and is not kept by paper: format characters, variation selectors, controls, and what
# stands for characters that cannot be.
_INKLESS = re.compile(
    "[\x00-\x1f\x7f-\x9f\u00ad\u034f\u061c\u180b-\u180f\u200b-\u200f\u202a-\u202e"
    "\u2060-\u206f\ufe00-\ufe0f\ufeff\ufff9-\ufffb\ufffd\U000e0000-\U000e0fff]"
)


# Ligatures and joined forms that have code points of their own are read back as their letters.
_LIGATURES = {
    code: apart
    for code in (*range(0xFB00, 0xFB50), *range(0xFB50, 0xFE00), *range(0xFE70, 0xFEFD))
    if (apart := unicodedata.normalize("NFKC", chr(code))) != chr(code)
}


@dataclass(frozen=True, slots=True)
class Passage:
    """A text that every format must show: its words, its article, its source line (0 if unknown)."""

    words: str
    article: str
    line: int
    note: bool = False


# --------------------------------------------------------------------------- what must be there


def passages(edition: Edition) -> Iterator[Passage]:
    """Yield what every format must show, in the order of `typeset.galley.article_text`; notes where
    their mark stands."""
    for article in edition.articles:
        yield from _article(article)


def _article(article: Article) -> Iterator[Passage]:
    top = article.lines[0] if article.lines else 0

    def said(content: Any, lines: Sequence[int] = ()) -> Iterator[Passage]:
        line = lines[0] if lines else top
        yield Passage(plain(content), article.id, line)
        yield from _notes(content, article.id, line)

    dateline = article.dateline
    closing = dateline is not None and plain(dateline.content).lstrip().startswith(("（", "("))
    for part in (article.kicker, article.title, article.subtitle):
        yield from said(part)
    for byline in article.bylines:
        yield from said(byline.content, byline.lines)
    if dateline and not closing:
        yield from said(dateline.content, dateline.lines)
    if article.continued_from:
        yield from said(article.continued_from.content, article.continued_from.lines)
    yield from _blocks(article.body, article.id, top)
    if dateline and closing:
        yield from said(dateline.content, dateline.lines)
    if article.continued_to:
        yield from said(article.continued_to.content, article.continued_to.lines)


def _blocks(blocks: Sequence[Any], article: str, line: int, *, note: bool = False) -> Iterator[Passage]:
    """Without recursion into blocks, so that deep nesting is no reason to fail."""
    waiting: list[tuple[Any, int]] = [(block, line) for block in reversed(blocks)]
    while waiting:
        node, line = waiting.pop()
        line = next(iter(getattr(node, "lines", ())), line)
        inside = _inside(node)
        if inside is None:
            words = plain(node.content) if isinstance(node, _Line) else plain(node)
            yield Passage(words, article, line, note)
            yield from _notes(node, article, line)
        else:
            waiting += [(child, line) for child in reversed(inside)]


@dataclass(frozen=True, slots=True)
class _Line:
    """Inline content that stands in a container beside its blocks."""

    content: Any


def _inside(node: Any) -> list[Any] | None:
    """Return the parts of a container in order; None for a leaf."""
    match node:
        case Quote(blocks):
            return list(blocks)
        case Box(_, title, blocks):
            return [_Line(title), *blocks]
        case Listing(items):
            return [block for item in items for block in item]
        case Entries(entries):
            return [part for entry in entries for part in (_Line(entry.label), *entry.blocks)]
        case Table(rows, _, caption):
            head = [row for row in rows if row.header]
            body = [row for row in rows if not row.header]
            cells = [block for row in (*head, *body) for cell in row.cells for block in cell]
            return [_Line(caption), *cells]
        case _:
            return None


def _notes(node: Any, article: str, line: int) -> Iterator[Passage]:
    for note in _inline(node, Note):
        yield from _blocks(note.blocks, article, line, note=True)


def _inline(node: Any, kind: type[Any]) -> Iterator[Any]:
    """Yield the inline nodes of one kind under a node, in order, not looking into those found."""
    waiting = [node]
    while waiting:
        node = waiting.pop()
        if isinstance(node, kind):
            yield node
        elif isinstance(node, tuple):
            waiting += reversed(node)
        else:
            waiting += [part for name in ("caption", "content") if (part := getattr(node, name, None))]


def readings(edition: Edition) -> Iterator[str]:
    """Yield the readings above characters, wherever they stand: paper has them among the characters."""
    for article in edition.articles:
        waiting: list[Any] = [article]
        while waiting:
            node = waiting.pop()
            if isinstance(node, Ruby):
                yield node.reading
            elif isinstance(node, tuple):
                waiting += node
            elif is_dataclass(node):
                waiting += [part for field in fields(node) if _holds(part := getattr(node, field.name))]


def _holds(part: Any) -> bool:
    inside = isinstance(part, tuple) and bool(part) and not isinstance(part[0], str | int)
    return inside or is_dataclass(part)


# --------------------------------------------------------------------------- what may be added


_FREE = frozenset("0123456789０１２３４５６７８９年月日第版页頁（）()[]·—–-|：:、，,.．/…*†•▪●○■")
_SHORTEST_CUT, _DOTS = 4, 3
_DATE = re.compile(r"(\d{4})-(\d{1,2})-(\d{1,2})\Z")


@dataclass(frozen=True)
class Additions:
    """What a theme adds on paper: blocks made of known words (masthead, contents, heads, folios), and
    marks inside of blocks ("see page 3", readings)."""

    words: frozenset[str] = frozenset()
    marks: tuple[re.Pattern[str], ...] = ()

    def allow(self, block: str, *, cut: bool = False) -> bool:
        """Tell whether a block consists of known words, numbers and the marks between them. `cut`
        allows the last word to be cut off with up to three dots, as a running head may be."""
        if not self.words and not self.marks:
            return False
        if self._made_of(block, cut):
            return True
        bare = self.bare(block)  # contents and heads repeat the readings of a headline
        return bare != block and self._made_of(bare, cut)

    def with_notes(self, notes: Iterable[Passage]) -> Additions:
        """Return these additions and the notes, line by line: paper sets them at the foot of a page."""
        lines = (
            letters(line, paper=True) for note in notes for line in (note.words, *note.words.split("\n"))
        )
        return Additions(self.words | (frozenset(lines) - {""}), self.marks)

    def bare(self, block: str) -> str:
        """Return a block without the marks inside of it."""
        for mark in self.marks:
            block = mark.sub("", block)
        return block

    def _made_of(self, block: str, cut: bool) -> bool:
        reached = [True] + [False] * len(block)
        for start in range(len(block)):
            if not reached[start]:
                continue
            if block[start] in _FREE:
                reached[start + 1] = True
            for word in self._starting.get(block[start], ()):
                if block.startswith(word, start):
                    reached[start + len(word)] = True
                elif cut and self._cut(word, block[start:]):
                    return True
        return reached[-1]

    @staticmethod
    def _cut(word: str, rest: str) -> bool:
        same = next((n for n, (a, b) in enumerate(zip(word, rest, strict=False)) if a != b), 0)
        return same >= _SHORTEST_CUT and len(rest) - same <= _DOTS

    @cached_property
    def _starting(self) -> Mapping[str, Sequence[str]]:
        found: dict[str, list[str]] = {}
        for word in sorted(self.words):
            found.setdefault(word[0], []).append(word)
        return found


def additions(edition: Edition, labels: Mapping[str, str]) -> Additions:
    """Return what a theme with these labels may add to an edition on paper."""
    words = {edition.title, *(part for label in labels.values() for part in re.split(r"\{\w+\}", label))}
    for _, stated in edition.metadata:
        words |= {stated.value, stated.evidence}
        if found := _DATE.match(stated.value.strip()):
            words.add(f"{found[1]}年{int(found[2])}月{int(found[3])}日")
    for article in edition.articles:
        words |= {plain(article.title), *article.pages, *article.keywords}
        words |= {plain(n.content) for b in article.bylines for n in b.content if isinstance(n, Tagged)}
        words |= set(_named(article.body))
    marks = []
    if "{page}" in labels.get("reference", ""):
        pattern = re.escape(letters(labels["reference"], paper=True)).replace(re.escape("{page}"), "[0-9]+")
        marks.append(re.compile(pattern))
    marks += [re.compile(re.escape(letters(word, paper=True))) for word in sorted(set(readings(edition)))]
    inked = {letters(word, paper=True) for word in words}
    return Additions(frozenset(inked - {""}), tuple(marks))


def _named(blocks: Sequence[Any]) -> Iterator[str]:
    """Yield the words of all headings and of all titles of boxes: contents and heads repeat them."""
    waiting = list(blocks)
    while waiting:
        node = waiting.pop()
        if isinstance(node, Heading):
            yield plain(node.content)
        elif isinstance(node, Box):
            yield plain(node.title)
        waiting += _inside(node) or ()


# --------------------------------------------------------------------------- ink and spaces


def letters(text: str, *, paper: bool) -> str:
    """Return the characters that have ink, as the format can hold them."""
    text = legible(text)
    if paper:
        text = unicodedata.normalize("NFC", _INKLESS.sub("", text)).translate(_LIGATURES)
    return "".join(text.split())


def folded(text: str) -> str:
    """Return the characters as a format can hold them, white space folded to single spaces."""
    return " ".join(legible(text).split())
