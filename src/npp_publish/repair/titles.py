"""Titles: a headline that was displaced to the end of the file or of another article.

Rationale: a text layer gives a headline set beside or above its column last. It is believed only with
two signals: its place (last block of a file, or of an article) and form (no final mark), and an
article without a title whose words it shares (C). Case file: tests/cases/titles.md.
"""

from __future__ import annotations

import re
from dataclasses import replace

from ..detect.desk import Desk
from ..model import Block, Kind, Op, Span
from ..sorts import retag, source_end, source_start
from .kinship import shared

__all__ = ["attach"]

RULE = "displaced-headline"
_SKIP = (Kind.BLANK, Kind.FURNITURE)
_FINAL = re.compile(r"[。，、；：…,.;:][”’」』）)]*$")
_LEAST = 0.1  # share of the headline's pairs of characters that one of several articles must have


def attach(desk: Desk, blocks: tuple[Block, ...]) -> tuple[Block, ...]:
    """Give displaced headlines to the articles that have none."""
    if not desk.on(RULE):
        return blocks
    out = list(blocks)
    untitled = _untitled(out)
    for place in _candidates(desk, out):
        if not untitled:
            break
        block = out[place]
        scores = sorted(((shared(block.text, body), article) for article, body in untitled.items()), reverse=True)
        best, article = scores[0]
        least = _LEAST if len(scores) > 1 else 0.0
        if best <= least or (len(scores) > 1 and best <= scores[1][0]):
            continue
        span = Span(source_start(block.pieces), source_end(block.pieces))
        if desk.choose(RULE, span, "move", "keep") == "keep":
            continue
        why = f"stands last and shares {best:.0%} of its character pairs with an article without a title"
        pieces = retag(block.pieces, Op.MOVE, RULE, why, 0.8 if len(scores) > 1 else 0.88, "keep")
        out[place] = replace(block, kind=Kind.HEADLINE, level=1, article=article, pieces=pieces, reason=why, confidence=0.88)
        del untitled[article]
    return tuple(out)


def _untitled(blocks: list[Block]) -> dict[str, str]:
    """Return the running text of each article that has no headline."""
    texts: dict[str, list[str]] = {}
    titled = {block.article for block in blocks if block.kind is Kind.HEADLINE}
    for block in blocks:
        if block.article not in titled and block.kind is Kind.PARAGRAPH and not block.group:
            texts.setdefault(block.article, []).append(block.text)
    return {article: "".join(found) for article, found in texts.items()}


def _candidates(desk: Desk, blocks: list[Block]) -> list[int]:
    """Return places of blocks that can be a displaced headline: last in their file or article."""
    printed = [n for n, block in enumerate(blocks) if block.kind not in _SKIP]
    found = []
    for place, after in zip(printed, [*printed[1:], -1], strict=True):
        last = after < 0 or _file(desk, blocks[after]) != _file(desk, blocks[place]) or blocks[after].article != blocks[place].article
        if last and _headline_like(desk, blocks[place]):
            found.append(place)
    return found


def _file(desk: Desk, block: Block) -> int:
    return desk.source.line_at(source_start(block.pieces)).file


def _headline_like(desk: Desk, block: Block) -> bool:
    text = block.text
    kind = block.kind in (Kind.PARAGRAPH, Kind.SUBHEAD) and not block.group
    if text[0] in "（(【〔[" and text[-1] in "）)】〕]":
        return False
    return kind and 4 <= len(text) <= desk.profile.limit("headline") and not _FINAL.search(text) and "。" not in text
