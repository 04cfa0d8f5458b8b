"""Foundlings: whole paragraphs that landed in the column of another article.

Rationale: a paragraph is believed to have strayed only if it shares no rarer pair of characters with the
article that it stands in, and several with another one of the page, those counted twice that the other
article uses more than once (names, its subject): both signals have to speak (C). In some 1,600 paragraphs of
articles side by side no one that stood rightly was taken so. It goes between the paragraphs of its article
that it has most in common with. Case file: tests/cases/foundling.md.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

from ..detect import dateline
from ..detect.desk import Desk
from ..model import Block, Kind, Op, Span
from ..sorts import retag, source_end, source_start
from .kinship import bigrams
from .words import frequency, simple

__all__ = ["bring_home"]

RULE = "misplaced-paragraph"
_LEAST = 40  # characters of a paragraph that says what it is about
_ENOUGH = 4  # weight of what it shares with the other article
_PARAGRAPHS = 3  # of the article it stands in: fewer say too little of their subject
_ARTICLES, _MOST, _LONGEST = 12, 120, 20_000  # looked at; paragraphs, characters of each: bounds the work
_COMMON = 3000  # frequency of pairs that say nothing of a subject
_FUNCTION = re.compile(
    "[一二三四五六七八九十百千万亿两零几多年月日个的了是在和不也有这那就都又还他她它们到被把从对与及为]"
)
_FINAL = re.compile(r"[。！？…][”’」』）)]*$")


@dataclass(slots=True)
class _Article:
    """The running paragraphs of an article by their places, its other words, and how often each pair of
    characters stands in it."""

    places: list[int]
    texts: list[str]
    heads: str
    counts: Counter[str]


def bring_home(desk: Desk, blocks: tuple[Block, ...]) -> tuple[Block, ...]:
    """Give paragraphs that landed in another article back to their own."""
    if not desk.gauge.lang.startswith("zh") or not desk.on(RULE):
        return blocks
    if not 1 < len({block.article for block in blocks}) <= _ARTICLES:
        return blocks
    articles = _articles(blocks)
    moved: dict[int, tuple[str, int]] = {}  # place -> article, place of the paragraph it goes behind
    for name, article in articles.items():
        if not _PARAGRAPHS <= len(article.places) <= _MOST:
            continue
        pairs = _spread(article.texts)
        heads = _pairs(article.heads)
        for place, text in zip(article.places[1:], article.texts[1:], strict=True):
            mine = _pairs(text) if _whole(text) else frozenset[str]()
            if not mine or mine & heads or any(pairs[pair] > 1 for pair in mine):
                continue
            home = _home(articles, name, mine)
            if home and _wanted(desk, blocks[place]):
                moved[place] = (home, _beside(articles[home], mine))
    moved = {place: where for place, where in moved.items() if where[1] not in moved}
    return _rearranged(blocks, moved) if moved else blocks


def _articles(blocks: Sequence[Block]) -> dict[str, _Article]:
    found: dict[str, _Article] = {}
    for place, block in enumerate(blocks):
        if block.kind in (Kind.BLANK, Kind.FURNITURE):
            continue
        article = found.setdefault(block.article, _Article([], [], "", Counter()))
        if block.kind is Kind.PARAGRAPH and not block.group:
            article.places.append(place)
            article.texts.append(simple(block.text))
        elif block.kind is not Kind.BYLINE:
            article.heads = f"{article.heads}\n{simple(block.text)}"[:_LONGEST]
    for article in found.values():
        text = "\n".join([article.heads, *article.texts])[:_LONGEST]
        article.counts = Counter(map("".join, pairwise(text)))
    return found


def _pairs(text: str) -> frozenset[str]:
    """Return the pairs of characters of a text that say something of its subject."""
    return frozenset(
        pair
        for pair in bigrams(text)
        if not pair.isascii() and not _FUNCTION.search(pair) and frequency(pair) < _COMMON
    )


def _spread(texts: Sequence[str]) -> Counter[str]:
    """Return in how many paragraphs of an article each pair stands."""
    return Counter(pair for text in texts for pair in _pairs(text))


def _whole(text: str) -> bool:
    """Tell whether a paragraph is one of whole sentences."""
    begun = text[:1] not in "，。、；）”" and dateline.parse(text) is None
    return len(text) >= _LEAST and begun and _FINAL.search(text) is not None


def _home(articles: dict[str, _Article], name: str, mine: frozenset[str]) -> str:
    """Return the article that a paragraph shares enough with, or an empty string."""
    weights = {
        other: sum(min(2, article.counts[pair]) for pair in mine)
        for other, article in articles.items()
        if other != name and len(article.places) > 1
    }
    best = max(weights, key=lambda other: weights[other], default="")
    return best if best and weights[best] >= _ENOUGH else ""


def _wanted(desk: Desk, block: Block) -> bool:
    span = Span(source_start(block.pieces), source_end(block.pieces))
    return desk.choose(RULE, span, "move", "keep") == "move"


def _beside(article: _Article, mine: frozenset[str]) -> int:
    """Return the place of the paragraph that a foundling goes behind: of those that end a sentence, the one
    where it shares most with the paragraphs above and below."""
    shared = [len(mine & _pairs(text)) for text in article.texts] + [0]
    ends = [n for n, text in enumerate(article.texts) if _FINAL.search(text)]
    ends = ends or [len(article.texts) - 1]
    return article.places[max(ends, key=lambda n: (shared[n] + shared[n + 1], n))]


def _rearranged(blocks: tuple[Block, ...], moved: dict[int, tuple[str, int]]) -> tuple[Block, ...]:
    behind: dict[int, list[Block]] = {}
    for place, (article, after) in moved.items():
        block = blocks[place]
        why = "shares nothing with the article it stood in, and names and words with this one"
        pieces = retag(block.pieces, Op.MOVE, RULE, why, 0.75, "keep")
        home = replace(block, article=article, pieces=pieces, reason=why, confidence=0.75)
        behind.setdefault(after, []).append(home)
    made: list[Block] = []
    for place, block in enumerate(blocks):
        if place not in moved:
            made.append(block)
            made.extend(behind.get(place, ()))
    return tuple(made)
