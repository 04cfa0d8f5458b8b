"""Titles: a headline that was displaced to the end of the file or of another article.

Rationale: a text layer gives a headline set beside or above its column last. It is believed only with
two signals: its place (last block of a file, or of an article) and form (no final mark), and an
article without a title whose words it shares (C). Case file: tests/cases/titles.md.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Set
from dataclasses import replace

from ..detect.desk import Desk
from ..detect.names import is_name
from ..model import Block, Kind, Op, Span
from ..sorts import retag, source_end, source_start
from .kinship import bigrams

__all__ = ["attach"]

RULE = "displaced-headline"
_SKIP = (Kind.BLANK, Kind.FURNITURE)
_FINAL = re.compile(r"[。，、；：…,.;:][”’」』）)]*$")
_NAME = 8  # characters of the name of a column
_SURE = 0.25  # share that is asked where something else speaks against it
_PAIRS = 3  # pairs of characters that are asked where a name of a column stands over the text already
_LEAST = 0.1  # share of the headline's pairs of characters that one of several articles must have


def attach(desk: Desk, blocks: tuple[Block, ...]) -> tuple[Block, ...]:
    """Give displaced headlines to the articles that have none."""
    if not desk.on(RULE):
        return blocks
    out = list(blocks)
    ends = _ends(desk, out)
    above = _above_the_last(desk, out, ends)
    candidates = sorted({*ends, *above})
    if not candidates:
        return blocks
    untitled = _Untitled(out)
    for place in candidates:
        block = out[place]
        found = untitled.kin(block.text, place)
        if found is None and place in ends and block.article in untitled.bare():
            found = block.article, 0.0
        span = Span(source_start(block.pieces), source_end(block.pieces))
        unsure = place in above and block.kind is Kind.PARAGRAPH
        if found is None or (unsure and found[1] < _SURE):
            continue
        article, share = found
        named = untitled.columns.get(article)
        if (named is not None and share < _SURE) or desk.choose(RULE, span, "move", "keep") == "keep":
            continue
        if named is not None:
            out[named] = _over_column(out[named])
        confidence = 0.88 if len(untitled.first) == 1 else 0.8
        why = _reason(share)
        pieces = retag(block.pieces, Op.MOVE, RULE, why, confidence, "keep")
        out[place] = replace(
            block,
            kind=Kind.HEADLINE,
            level=1,
            article=article,
            pieces=pieces,
            reason=why,
            confidence=confidence,
        )
        untitled.first.pop(article)
    return tuple(out)


def _reason(share: float) -> str:
    if not share:
        return "stands at the end of a text without a title, and no other text shares its words"
    return f"stands last and shares {share:.0%} of its character pairs with an article without a title"


def _over_column(block: Block) -> Block:
    """Make a heading that is only the name of a column the kicker of the headline that was found."""
    why = "the name of a column over a text whose headline stands last"
    pieces = retag(block.pieces, Op.RETAG, RULE, why, 0.85, "heading")
    return replace(block, kind=Kind.KICKER, level=0, pieces=pieces, reason=why)


def _columns(blocks: list[Block]) -> dict[str, int]:
    """Return the articles whose headline can be the name of a column, and its place: it is short, stands
    over a deck or byline, and none of its pairs of characters is in the text."""
    short = {
        block.article: place
        for place, block in enumerate(blocks)
        if block.kind is Kind.HEADLINE and 2 <= len(block.text) <= _NAME and " " not in block.text
    }
    found: dict[str, int] = {}
    for article, place in short.items():
        below = [b for b in blocks[place + 1 : place + 60] if b.kind not in _SKIP and b.article == article]
        text = "".join(b.text for b in below if b.kind is Kind.PARAGRAPH)
        signed = bool(below) and below[0].kind in (Kind.LEAD, Kind.BYLINE)
        if signed and text and not bigrams(blocks[place].text) & bigrams(text):
            found[article] = place
    return found


class _Untitled:
    """The articles without a headline, or with one that can be the name of a column: where each begins, and
    which of them have a pair of characters."""

    def __init__(self, blocks: list[Block]) -> None:
        self.columns = _columns(blocks)
        titled = {block.article for block in blocks if block.kind is Kind.HEADLINE} - self.columns.keys()
        self.first: dict[str, int] = {}
        self.having: dict[str, set[tuple[str, int]]] = {}
        for place, block in enumerate(blocks):
            text = block.kind is Kind.PARAGRAPH and not block.group
            if block.article in titled or not text:
                continue
            self.first.setdefault(block.article, place)
            for pair in bigrams(block.text):
                self.having.setdefault(pair, set()).add((block.article, place))

    def bare(self) -> Set[str]:
        """Return the articles without any headline."""
        return self.first.keys() - self.columns.keys()

    def kin(self, text: str, place: int) -> tuple[str, float] | None:
        """Return the article whose words a headline shares most, and the share; None if none does.

        The headline itself is not asked. Of several that share alike, the last one above it is taken."""
        pairs = bigrams(text)
        counts = Counter(
            article
            for pair in sorted(pairs)
            for article in sorted({name for name, at in self.having.get(pair, ()) if at != place})
            if article in self.first
        )
        if not counts:
            return None
        most = max(counts.values())
        alike = [article for article, count in counts.items() if count >= most - 0.05 * len(pairs)]
        best = max(alike, key=lambda article: (self.first[article] <= place, self.first[article]))
        share = counts[best] / len(pairs)
        if best in self.columns and counts[best] < _PAIRS:
            return None
        return (best, share) if share >= (_LEAST if len(self.first) > 1 else 0.0) else None


def _ends(desk: Desk, blocks: list[Block]) -> list[int]:
    """Return places of blocks that can be a displaced headline: last in their file or article."""
    printed = _printed(blocks)
    found = []
    followed: set[str] = set()  # articles that have text above this place
    for place, after in zip(printed, [*printed[1:], -1], strict=False):
        last = (
            after < 0
            or _file(desk, blocks[after]) != _file(desk, blocks[place])
            or blocks[after].article != blocks[place].article
        )
        alone = blocks[place].article not in followed
        followed |= {blocks[place].article} if blocks[place].kind is Kind.PARAGRAPH else set()
        if last and not alone and _headline_like(desk, blocks[place]):
            found.append(place)
    return found


def _above_the_last(desk: Desk, blocks: list[Block], ends: list[int]) -> list[int]:
    """Return lines like headlines right above one at the very end: several are given together."""
    printed, more = _printed(blocks), list[int]()
    at = len(printed) - 2
    if not ends or printed[-1] != ends[-1]:
        return more
    while at > 0 and _headline_like(desk, blocks[printed[at]]):
        more.append(printed[at])
        at -= 1
    return more


def _printed(blocks: list[Block]) -> list[int]:
    return [n for n, block in enumerate(blocks) if block.kind not in _SKIP]


def _file(desk: Desk, block: Block) -> int:
    return desk.source.line_at(source_start(block.pieces)).file


def _headline_like(desk: Desk, block: Block) -> bool:
    text = block.text
    kind = block.kind in (Kind.PARAGRAPH, Kind.SUBHEAD) and not block.group
    if len(text) <= 10 and any(is_name(word) for word in text.split()):  # a signature
        return False
    if not text or text[0] in "（(【〔[" and text[-1] in "）)】〕]":  # noqa: RUF021
        return False
    return (
        kind
        and 4 <= len(text) <= desk.profile.limit("headline")
        and not _FINAL.search(text)
        and "。" not in text
    )
