"""Punctuation slips: doubled marks, half-width marks and straight quotes among full-width ones.

Rationale: a mark is corrected only where the page itself writes otherwise: half-width commas where
full-width ones prevail, straight quotes where curly ones are used and the pairs come out even (D). A
page that writes one way throughout is left as it is. Case file: tests/cases/marks.md.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from ..detect.desk import Desk
from ..model import Block, Op
from ..sorts import Change
from .slips import correct

__all__ = ["set_right"]

DOUBLED, HALF, STRAIGHT, DIGITS = "doubled-mark", "half-width", "straight-quote", "full-width-digit"
_HAN = "\u3400-\u9fff\uf900-\ufaff"
_TWICE = re.compile(r"([，、；：])\1+|(?<!。)。。(?!。)|([，、；：])(?=[。！？])")
_NARROW = re.compile(rf"(?<=[{_HAN}”’」』）》])[,;:?!](?=[{_HAN}“‘「『（《”’\d]|$)")
_WIDE = dict(zip(",;:?!", "，；：？！", strict=True))
_QUOTES = re.compile('["“”]')
_FULL = re.compile("[０-９]+")
_TO_HALF = {ord("０") + n: str(n) for n in range(10)}


def set_right(desk: Desk, blocks: tuple[Block, ...]) -> tuple[Block, ...]:
    """Correct the slips of punctuation and digits that the page's own habit shows."""
    if not desk.gauge.lang.startswith("zh"):
        return blocks
    text = desk.text
    blocks = correct(desk, blocks, DOUBLED, _doubled)
    if desk.gauge.curly > 0 < desk.gauge.straight:
        blocks = correct(desk, blocks, STRAIGHT, _straight)
    if text.count("，") > 4 * sum(1 for _ in re.finditer(rf"(?<=[{_HAN}]),(?=[{_HAN}])", text)):
        blocks = correct(desk, blocks, HALF, _half)
    if 0 < desk.gauge.full < desk.gauge.half:
        blocks = correct(desk, blocks, DIGITS, _digits)
    return blocks


def _doubled(text: str) -> Iterator[Change]:
    for found in _TWICE.finditer(text):
        start = found.start() if found[2] else found.start() + 1
        yield Change(start, found.end(), "", Op.DROP, DOUBLED, 0.89, "the same mark twice", "keep")


def _half(text: str) -> Iterator[Change]:
    for found in _NARROW.finditer(text):
        yield Change(
            *found.span(), _WIDE[found[0]], Op.REPLACE, HALF, 0.89, "the page writes full-width marks", "keep"
        )


def _straight(text: str) -> Iterator[Change]:
    """Turn straight quotes into pairs; a text whose pairs do not come out is left alone."""
    if '"' not in text:
        return
    found: list[Change] = []
    depth = 0
    for mark in _QUOTES.finditer(text):
        if mark[0] == '"':
            curly = "”" if depth else "“"
            found.append(
                Change(
                    *mark.span(), curly, Op.REPLACE, STRAIGHT, 0.89, "the page writes curly quotes", "keep"
                )
            )
            depth = 1 - depth
        else:
            depth = 1 if mark[0] == "“" else 0
    if depth == 0 and found:
        yield from found


def _digits(text: str) -> Iterator[Change]:
    for found in _FULL.finditer(text):
        half = found[0].translate(_TO_HALF)
        yield Change(
            *found.span(), half, Op.REPLACE, DIGITS, 0.89, "the page writes half-width digits", "keep"
        )
