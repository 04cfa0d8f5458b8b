"""Justification: which line ends a typesetter was forced to, and which were wanted.

A line of a column is ended where the next unit (a character with the marks that may not begin a line,
or a word of Latin letters or digits, which is not broken) has no room in it. So a line that had room
was ended on purpose: a headline, the end of a paragraph, an item (clreq 3.1.4, 3.2). Widths are in ems.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from .gauge import em

__all__ = ["column", "had_room", "sharp"]

_NO_START = "，。、；：？！”’）》〉」』】〕…—%％·,.;:?!)”’"
_NO_END = "“‘（《〈「『【〔("
_UNIT = re.compile(rf"[{re.escape(_NO_END)}]*(?:[A-Za-z0-9.%+:/'’-]+|[\s\S])[{re.escape(_NO_START)}]*")
_WORD = re.compile(r"\S+")
_HANGING = re.compile(r"[，。、；：！？”’」』）》,.;:!?]{1,3}$")
_STOP = re.compile(r"[。！？!?….][”’」』）)\"'】》]*$")


def column(texts: Sequence[str], spaced: bool = False) -> float:
    """Return the width that wrapped lines were set to; the last line is as wide as it happens to be.

    `spaced` tells that words are separated by spaces. Marks may hang out of a Chinese column.
    """
    body = texts[:-1] or texts
    widths = sorted(em(text) if spaced else em(_HANGING.sub("。", text)) for text in body)
    return widths[-1] if len(widths) < 8 else widths[int(len(widths) * 0.97)]


def had_room(line: str, following: str, width: float, spaced: bool = False) -> bool:
    """Tell whether what follows a line would have begun in it, had the line not been ended before."""
    if spaced:
        word = _WORD.match(following)
        return em(line) + 0.5 + em(word[0] if word else "") <= width
    unit = _UNIT.match(following)
    return em(line) + em(_HANGING.sub("", unit[0]) if unit else "") <= width


def sharp(texts: Sequence[str], width: float, spaced: bool = False) -> bool:
    """Tell whether lines that end in the middle of a sentence are full without an exception: then room
    in a line says for certain that it was ended on purpose."""
    open_ = [n for n in range(len(texts) - 1) if not _STOP.search(texts[n])]
    full = sum(not had_room(texts[n], texts[n + 1], width, spaced) for n in open_)
    return len(open_) >= 3 and full >= 0.95 * len(open_)
