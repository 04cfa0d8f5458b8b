"""Lists: what tells lines that stand below one another from a text wrapped in a column.

Rationale: items begin with numbers, end alike, or are phrases of their own: no line end tears a word, a
sentence or a quotation. A wrap tears every other line (B). Case file: tests/cases/unwrap.md.
"""

from __future__ import annotations

import re

from ..detect.desk import Desk
from .paragraphing import Lines
from .words import crosses

__all__ = ["listed", "open_quotation", "phrases", "torn_words", "unended"]

_ENDED = re.compile(r"[。！？；：…]|[，、,]$")
_CLAUSE = re.compile(r"[，。；！？,;]")
_TERMINAL = re.compile(r"[。！？!?…；;：:.][”’」』）)\"'】》]*$")
_ORDINAL = re.compile(
    r"[（(]?(?:[一二三四五六七八九十]{1,3}|\d{1,2}|[①-⑳])[、.．）)是]|第[一二三四五六七八九十]{1,3}[，、：条章]|首先|其次|再次|最后"
)
_OPENING, _CLOSING = "“‘「『（《〈【", "”’」』）》〉】"


def listed(lines: Lines, full: bool) -> bool:
    """Most lines begin with a number or end with a full stop or semicolon: a list, not a wrap.

    Sentences that are all as long as the column (`full`) happen to end with their lines."""
    numbered = sum(1 for text in lines.texts if _ORDINAL.match(text))
    ended = sum(1 for text in lines.texts[:-1] if _TERMINAL.search(text))
    if numbered >= max(2, 0.6 * len(lines.texts)):
        return True
    return ended == len(lines.texts) - 1 > 1 and not full


def unended(desk: Desk, lines: Lines) -> bool:
    """Tell whether no line of three and more ends a sentence or breaks off in one, and the column of the
    page is not theirs: items may have commas inside, but a text comes to a full stop."""
    if len(lines.texts) < 3 or any(_ENDED.search(text) for text in lines.texts):
        return False
    column, body = desk.gauge.column, lines.widths[:-1]
    if column and abs(max(body) - column) <= 2.5 and min(body) >= column - 5:
        return False
    return not open_quotation(lines) and not _torn(lines)


def phrases(lines: Lines) -> bool:
    """Tell whether each line is a phrase of its own: three and more without a comma or full stop between
    or inside them, and no word torn by a line end. A wrap would tear every other line."""
    alone = len(lines.texts) >= 3 and not any(_CLAUSE.search(text) for text in lines.texts)
    return alone and not open_quotation(lines) and not _torn(lines)


def _torn(lines: Lines) -> int:
    """Count the line ends that stand inside a word."""
    return sum(
        crosses(left[-6:], right[:6]) for left, right in zip(lines.texts, lines.texts[1:], strict=False)
    )


def open_quotation(lines: Lines) -> bool:
    """Tell whether a line break stands inside quotation marks or brackets: no item is half a quotation."""
    depth = 0
    for text in lines.texts[:-1]:
        for character in text:
            depth += (character in _OPENING) - (character in _CLOSING)
        if depth > 0:
            return any(character in _CLOSING for character in "".join(lines.texts[1:]))
    return False


def torn_words(lines: Lines) -> bool:
    """Without punctuation inside, words that a line break tears tell a wrap from a list."""
    torn = _torn(lines)
    return torn * 2 >= len(lines.texts) - 1 and torn > 0
