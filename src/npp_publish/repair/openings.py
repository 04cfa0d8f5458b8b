"""Openings: what stands around the place where an article may begin.

Signs that the text above has ended, that text follows a byline, that a headline waits at the end of the
page. Rationale and case file: those of `articles`.
"""

from __future__ import annotations

import re

from ..detect import dateline
from ..detect.names import is_name
from ..model import Block, Kind
from .stream import HEADS, Stream, is_section

__all__ = [
    "after_text",
    "body_follows",
    "deck_over_byline",
    "displaced_last",
    "ended",
    "filed_below",
    "heads_only",
    "reported",
    "signs_letter",
]

_DAY = re.compile(
    r"[\d〇○零一二三四五六七八九]{4}年[\d一二三四五六七八九十]{1,3}月[\d一二三四五六七八九十]{1,3}日"
)
_FINAL = re.compile(r"[。！？…][”’」』）]*$|[a-z)][.!?][\"”’]*$")
_REPORTED = re.compile(
    r"【[^】]{4,40}(?:報導|报道|報道|專訪|专访|電|电)】|[^，。]{2,30}[／/][^，。]{2,8}(?:報導|报道|報道)"
)


def deck_over_byline(stream: Stream, at: int) -> bool:
    """A line that a dash begins, over a byline and a text: the deck of a headline that stands elsewhere."""
    if at == 0 or stream.kind(at) is not Kind.PARAGRAPH or stream.kind(at - 1) in HEADS:
        return False
    text = stream.blocks[at].text
    deck = text.startswith("——") and len(text) <= 40 and _FINAL.search(text) is None
    return deck and stream.kind(at + 1) is Kind.BYLINE and body_follows(stream, at + 1)


def ended(block: Block) -> bool:
    return _FINAL.search(block.text) is not None


def filed_below(stream: Stream, at: int) -> bool:
    """Tell whether a paragraph begins with a dateline in brackets, as the first of an article does."""
    if not 0 < at < len(stream.blocks) or stream.kind(at) is not Kind.PARAGRAPH:
        return False
    text = stream.blocks[at].text
    return text[:1] in "【〔（" and dateline.parse(text) is not None and stream.kind(at - 1) is Kind.PARAGRAPH


def displaced_last(stream: Stream) -> bool:
    """Tell whether a heading is the last thing of the page: a headline that waits for its article."""
    return stream.kind(len(stream.blocks) - 1) in HEADS


def reported(stream: Stream, here: int) -> bool:
    """A reporter's line in brackets between finished paragraphs heads an article of its own."""
    above = stream.blocks[here - 1] if here else None
    bracketed = _REPORTED.fullmatch(stream.blocks[here].text) is not None
    return bracketed and above is not None and above.kind is Kind.PARAGRAPH and ended(above)


def after_text(stream: Stream, here: int) -> bool:
    """A second byline behind a finished paragraph or the note on an author belongs to another article."""
    above = stream.blocks[here - 1] if here else None
    if above is not None and above.kind is Kind.BYLINE and here > 1:  # it signed the text above
        above = stream.blocks[here - 2]
    if above is None or above.kind is Kind.ITEM:
        return above is not None
    if above.kind is Kind.PARAGRAPH and _DAY.fullmatch(above.text):  # the day of a notice
        return True
    return above.kind is Kind.PARAGRAPH and (ended(above) or above.text[-1:] in "）)")


def heads_only(stream: Stream, at: int) -> bool:
    """Tell whether only head lines stand before this place since the last heading."""
    return stream.kind(at - 1) in (Kind.HEADLINE, Kind.KICKER, Kind.BYLINE, Kind.DATELINE)


def body_follows(stream: Stream, byline: int) -> bool:
    after = byline + 1
    while stream.kind(after) in (Kind.BYLINE, Kind.DATELINE, Kind.BOX_TITLE):
        after += 1
    block = stream.blocks[after] if after < len(stream.blocks) else None
    if block is None:
        return False
    text = block.text
    if block.kind is Kind.PARAGRAPH and len(text) <= 12 and stream.kind(after + 1) is Kind.PARAGRAPH:
        text += stream.blocks[after + 1].text  # the first half of a torn one
    return (block.kind is Kind.PARAGRAPH and len(text) > 12) or (block.kind in HEADS and is_section(block))


def signs_letter(stream: Stream, at: int) -> bool:
    """Who wrote a letter and the name, behind its text (退休教师 易安之), is no name of a column."""
    words = stream.blocks[at].text.split()
    above = stream.blocks[at - 1] if at else None
    named = 1 < len(words) <= 3 and is_name(words[-1])
    return named and above is not None and above.kind is Kind.PARAGRAPH and ended(above)
