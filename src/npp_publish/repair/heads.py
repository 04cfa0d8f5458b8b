"""Heads: what the lines at the head of an article are: kicker, headline, deck; other headings are sections.

Rationale: a kicker stands over the headline or between it and the byline (B). Case file:
tests/cases/articles.md.
"""

from __future__ import annotations

from dataclasses import replace

from ..detect import dateline
from ..detect.desk import Desk
from ..model import Block, Kind, Op, Span
from ..sorts import retag, source_end, source_start
from .decks import is_subtitle, set_subtitle
from .stream import Stream, is_short

__all__ = ["name", "sections"]


def name(desk: Desk, out: list[Block], stream: Stream, at: int, title: int) -> None:
    """Name the blocks of the head of an article that begins `at` a place of the stream: kicker, title (its
    place there, -1: none), a kicker between title and byline."""
    if title != at and not stream.blocks[at].text.startswith("——"):
        _kicker(desk, out, stream.places[at])
    if title < 0:
        deck = at if stream.blocks[at].text.startswith("——") else at + 1
        if deck < len(stream.blocks) and is_subtitle(desk, stream, at, deck):
            set_subtitle(out, stream.places[deck])
        return
    place = stream.places[title]
    out[place] = replace(out[place], kind=Kind.HEADLINE, level=1)
    _under_title(desk, out, stream, title, kicker=title != at)


def _under_title(desk: Desk, out: list[Block], stream: Stream, title: int, kicker: bool) -> None:
    """Between title and byline stand a subtitle and a kicker that was set below or beside it."""
    for after in range(title + 1, min(title + 4, len(stream.blocks))):
        block = stream.blocks[after]
        if block.kind in (Kind.BYLINE, Kind.DATELINE):
            continue
        if (
            block.kind is Kind.PARAGRAPH
            and not kicker
            and is_short(desk, block.text)
            and not block.text.startswith("—")
        ):
            _kicker(desk, out, stream.places[after])
            kicker = True
        elif is_subtitle(desk, stream, title, after):
            set_subtitle(out, stream.places[after])
            return
        else:
            return


def _kicker(desk: Desk, out: list[Block], place: int) -> None:
    block = out[place]
    if block.kind not in (Kind.HEADLINE, Kind.PARAGRAPH) or dateline.parse(block.text):
        return
    promoted = block.kind is Kind.HEADLINE
    why = "a heading in print, but a kicker by its place" if promoted else "short line over a headline"
    other = "heading" if promoted else "paragraph"
    if (
        desk.choose("kicker", Span(source_start(block.pieces), source_end(block.pieces)), "kicker", other)
        == other
    ):
        return
    pieces = retag(block.pieces, Op.RETAG, "kicker", why, 0.85, other)
    out[place] = replace(block, kind=Kind.KICKER, pieces=pieces, level=0, reason=why)


def sections(out: list[Block], titles: set[int]) -> list[Block]:
    """Headings that opened no article open sections."""
    return [
        replace(block, kind=Kind.SUBHEAD, level=max(2, block.level))
        if block.kind is Kind.HEADLINE and n not in titles
        else block
        for n, block in enumerate(out)
    ]
