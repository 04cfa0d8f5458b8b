"""Character classes: what each character is to the composer.

The classes are those of clreq 3.1.1 (categories of punctuation marks) and 3.1.6.1 (which marks may
give up space, and on which side); the widths are those of GB/T 15834-2011 5.1. A class is a small
integer so that the composer can index tables with it.
"""

from __future__ import annotations

import re
from typing import Final

__all__ = [
    "BLANK_AFTER",
    "CLOSE",
    "COMMA",
    "CONNECTOR",
    "DASH",
    "ELLIPSIS",
    "FULL_SPACE",
    "GLUED",
    "HAN",
    "HANGING",
    "KINDS",
    "LATIN",
    "MIDDOT",
    "NEWLINE",
    "OBJECT",
    "OPEN",
    "OTHER",
    "SOFT_HYPHEN",
    "SOLIDUS",
    "SPACE",
    "STOP",
    "TRAILER",
    "UNSEEN",
    "WIDE",
    "kinds",
]

OTHER: Final = 0
HAN: Final = 1
OPEN: Final = 2
"""Opening brackets and quotation marks: blank on the left (clreq 3.1.1.2, 5.3)."""
CLOSE: Final = 3
"""Closing brackets and quotation marks: blank on the right."""
COMMA: Final = 4
"""Pause marks inside a sentence (clreq 3.1.1.1): blank on the right."""
STOP: Final = 5
"""Marks that end a sentence."""
MIDDOT: Final = 6
"""Interpunct, half an em (GB/T 15834-2011 5.1.7)."""
DASH: Final = 7
"""Two-em dash, written as two characters (clreq 3.1.5.1)."""
ELLIPSIS: Final = 8
CONNECTOR: Final = 9
"""Connector marks (GB/T 15834-2011 5.1.6)."""
SOLIDUS: Final = 10
"""Dividing mark (GB/T 15834-2011 5.1.9)."""
LATIN: Final = 11
"""Letters and digits of alphabetic scripts."""
TRAILER: Final = 12
"""Signs that follow a number or a word without a break (clreq 3.1.5.2): percent, degree."""
SPACE: Final = 13
NEWLINE: Final = 14
OBJECT: Final = 15
"""An atomic inline: picture, inline block, leader."""
SOFT_HYPHEN: Final = 16

KINDS: Final = 17

BLANK_AFTER: Final = frozenset({CLOSE, COMMA, STOP})
"""Marks whose right half may be blank."""
UNSEEN: Final = re.compile("[\u200b\u2060\ufeff]+")
"""Characters without ink and width: the rules look through them."""
WIDE: Final = frozenset({HAN, OPEN, CLOSE, COMMA, STOP, DASH, ELLIPSIS, OBJECT})
"""Beside these the line may be opened up (clreq 3.5.4); not beside connectors and dividing marks."""
FULL_SPACE: Final = "\u3000"
"""It vanishes at a line end like any other space (CSS Text 3, 4.1.3)."""
HANGING: Final = frozenset("、，。．")
"""Marks that may hang outside the type area (clreq 3.1.7)."""

_MARKS: Final = {
    OPEN: "（《〈「『“‘【〔［｛〖〘",
    CLOSE: "）》〉」』”’】〕］｝〗〙",
    COMMA: "、，；：",
    STOP: "。．？！",
    MIDDOT: "·・‧",
    DASH: "—⸺―",
    ELLIPSIS: "…⋯",
    CONNECTOR: "～－–",
    SOLIDUS: "／",
    TRAILER: "%‰℃℉°+#′″",
    SPACE: " ",
    NEWLINE: "\n",
    OBJECT: "\ufffc",
    SOFT_HYPHEN: "\xad",
    HAN: "々〇〆",
}

_HAN_RANGES: Final = (
    (0x2E80, 0x2FDF),
    (0x3040, 0x30FF),
    (0x3105, 0x312F),
    (0x31A0, 0x31BF),
    (0x3400, 0x4DBF),
    (0x4E00, 0x9FFF),
    (0xF900, 0xFAFF),
    (0x20000, 0x3FFFF),
)


def _classify(character: str) -> int:
    code = ord(character)
    if any(low <= code <= high for low, high in _HAN_RANGES):
        return HAN
    if code < 0x2E80 and character.isalnum():
        return LATIN
    return OTHER


class _Table(dict[str, int]):
    """The class of each character met so far; a new character is classified once."""

    def __missing__(self, character: str) -> int:
        kind = self[character] = _classify(character)
        return kind


_TABLE: Final = _Table({mark: kind for kind, marks in _MARKS.items() for mark in marks})


def kinds(text: str) -> list[int]:
    """Return the class of each character of `text`."""
    table = _TABLE
    return [table[character] for character in text]


_IDEOGRAPHS = "\u2e80-\u303f\u31c0-\u9fff\uf900-\ufaff\U00020000-\U0003ffff"
GLUED: Final = re.compile(
    f"(?<=[{_IDEOGRAPHS}])(?=[“‘][^{_IDEOGRAPHS}])"
    f"|(?<=[^{_IDEOGRAPHS}，。、；：？！][”’])(?=[{_IDEOGRAPHS}])(?![，。、；：？！」』）》】])"
)
"""Where a line may end before an opening and after a closing quotation mark beside Latin, though
Unicode's rules (UAX 14, LB 19) glue the mark to both sides."""
