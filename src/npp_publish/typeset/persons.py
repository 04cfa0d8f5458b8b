"""Persons: the names that an article knows, which no line of a heading may part.

Known are authors and speakers, which the edition names, and whoever the text lets speak (`李明远说`,
`欧阳庆华：`). A name is told by its surname (`detect.names`); what is no name is only kept in one piece.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import chain

from ..detect.names import is_name
from ..model import Article, Box, Element, Heading, Inlines, Paragraph, Role, Tagged, plain

__all__ = ["divided", "persons"]

_LONGEST = 8
"""Characters of a name that is kept in one piece; a longer one may be longer than a narrow line."""
_SAMPLE = 20_000
"""Characters of the text in which speakers are looked for."""
_SPEAKS = re.compile(
    "(?:(?<![\u4e00-\u9fff·])|(?<=[者员員长長任记記授士席理官师師人表委家生民友]))"
    "(?=([\u4e00-\u9fff]{2,4}|[\u4e00-\u9fff]{1,4}·[\u4e00-\u9fff]{1,4})"
    "(?:说|說|表示|介绍|介紹|认为|認為|指出|告诉|告訴|坦言|强调|強調|透露|回忆|回憶|谈道|談道|：|:))"
)
_NO_SECOND = frozenset(
    "二三四五六七八九十的了着过是在和与及也还都就又说说对向会能要我他她它们有不上下中里表介认指告坦强透回谈"
)
"""Characters that no given name has here: they belong to the verb, or to another word."""


def persons(article: Article) -> tuple[str, ...]:
    """Return the names that stand in headings of the article, longer ones first."""
    heads = "\n".join((plain(article.title), plain(article.subtitle), *map(plain, _heads(article.body))))
    named = (plain(node.content) for node in _tagged(article))
    text = plain(article.body)[:_SAMPLE]
    spoken = (match[1] for match in _SPEAKS.finditer(text) if _is_name(match[1]))
    found = {name for name in chain(named, spoken) if 2 <= len(name) <= _LONGEST and name in heads}
    return tuple(sorted(found, key=lambda name: (-len(name), name)))


def divided(text: str, names: tuple[str, ...]) -> Iterator[tuple[str, bool]]:
    """Yield the pieces of a text in order, and for each whether it is one of these names."""
    if not names:
        yield text, False
        return
    pattern = "(" + "|".join(map(re.escape, names)) + ")"
    for number, piece in enumerate(re.split(pattern, text)):
        if piece:
            yield piece, number % 2 == 1


def _is_name(word: str) -> bool:
    return is_name(word) and _NO_SECOND.isdisjoint(word[1:]) and word[1:] != "一"


def _heads(body: tuple[Element, ...]) -> Iterator[Inlines]:
    for block in body:
        if isinstance(block, Heading):
            yield block.content
        elif isinstance(block, Box):
            yield block.title
            yield from _heads(block.blocks)


def _tagged(article: Article) -> Iterator[Tagged]:
    lines = [byline.content for byline in article.bylines]
    lines += [block.content for block in article.body if isinstance(block, Heading | Paragraph)]
    for node in chain.from_iterable(lines):
        if isinstance(node, Tagged) and node.role in (Role.AUTHOR, Role.SPEAKER):
            yield node
