"""Where a line may break: prohibition rules for line start, line end and unbreakable marks.

clreq 3.1.4 (three levels of strictness), 3.1.5 (unbreakable marks), GB/T 15834-2011 5.1.1-5.1.9.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from . import characters as cc
from .paragraph import Paragraph

__all__ = ["LEVELS", "Breaks", "Level", "find_breaks"]

DASH_PENALTY = 60.0
"""Cost of starting a line with a dash: allowed below `strict`, but not liked (clreq 3.1.4)."""
HYPHEN_PENALTY = 6.0
"""Cost of a hyphenated word."""
THOUSANDS_PENALTY = 100.0
"""Cost of breaking a number between its thousands: as bad as opening a line by a tenth of an em."""
PHRASE_PENALTY = 2000.0
"""Cost of breaking a headline inside a phrase: uneven lines are better."""
JOINT_PENALTY = 6.0
"""Cost of breaking it between phrases, but not after a mark or a space."""

BreakFinder = Callable[[str, str], Sequence[int]]
"""Of a text and its language, one number per place: odd where UAX 14 allows a break."""


@dataclass(frozen=True, slots=True)
class Level:
    """What may not stand at the start and at the end of a line."""

    no_start: frozenset[int]
    no_end: frozenset[int]


_MARKS = frozenset({cc.CLOSE, cc.COMMA, cc.STOP, cc.MIDDOT, cc.CONNECTOR, cc.SOLIDUS})

LEVELS = {
    "basic": Level(_MARKS, frozenset({cc.OPEN})),
    "gb": Level(_MARKS, frozenset({cc.OPEN, cc.SOLIDUS})),
    "strict": Level(_MARKS | {cc.DASH, cc.ELLIPSIS}, frozenset({cc.OPEN, cc.SOLIDUS})),
}

_BREAKABLE_BEFORE = frozenset({cc.HAN, cc.OPEN, cc.LATIN, cc.OBJECT, cc.DASH, cc.ELLIPSIS})
_BREAKABLE_AFTER = frozenset({cc.HAN, cc.CLOSE, cc.COMMA, cc.STOP, cc.DASH, cc.ELLIPSIS, cc.OBJECT})
_UNCLEAR = frozenset({cc.OTHER, cc.TRAILER, cc.CONNECTOR, cc.SOLIDUS, cc.MIDDOT})


_THOUSANDS = re.compile(r"(?<=\d) (?=\d{3}(?!\d))")
"""A space that parts the thousands of a number (GB/T 15835-2011 5.2) is a bad place for a line end."""

_KANA = re.compile("[ぁぃぅぇぉっゃゅょゎゕゖァィゥェォッャュョヮヵヶㇰ-ㇿーゝゞヽヾ々]")
"""Small kana, the sound mark and repeat marks begin no line (JLREQ 3.1.7); 々 is the one that Chinese has."""

_PARTING = frozenset({cc.SPACE, cc.NEWLINE, cc.COMMA, cc.STOP})


@dataclass(frozen=True, slots=True)
class Breaks:
    """Places where a line may start, in order, the last being the end of the paragraph.

    penalty holds only places that cost something; forced those where a line must end.
    """

    places: list[int]
    penalty: dict[int, float]
    forced: list[int]


def _pair_table(level: Level) -> list[bool]:
    """Return for each pair of classes whether a line may end after the first."""
    table = []
    for a in range(cc.KINDS):
        for b in range(cc.KINDS):
            ok = a in _BREAKABLE_AFTER and b in _BREAKABLE_BEFORE
            ok = ok or (a in (cc.LATIN, cc.TRAILER) and b in (cc.HAN, cc.OPEN, cc.OBJECT))
            ok = ok or (a == cc.SPACE and b not in (cc.SPACE, cc.NEWLINE))
            ok = ok and b not in level.no_start and a not in level.no_end
            # Two halves of one dash or ellipsis are never parted (clreq 3.1.5.1), and an ellipsis
            # stays with the words before it.
            ok = ok and not (a == b and a in (cc.DASH, cc.ELLIPSIS)) and b != cc.ELLIPSIS
            table.append(ok)
    return table


_TABLES = {name: _pair_table(level) for name, level in LEVELS.items()}


def find_breaks(par: Paragraph, unicode_breaks: BreakFinder) -> Breaks:
    """Return where `par` may break; pairs that clreq does not speak of follow UAX 14."""
    kind, nowrap = par.kind, par.nowrap
    level = LEVELS[par.options.kinsoku]
    held = par.held | _unseen(par, level)
    if _KANA.search(par.text):
        held |= {kana.start() for kana in _KANA.finditer(par.text)}
    table = _TABLES[par.options.kinsoku]
    needs_unicode = bool(_UNCLEAR.intersection(kind))
    flags = unicode_breaks(par.text, par.language) if needs_unicode else ()
    places: list[int] = []
    forced: list[int] = []
    for k in range(1, len(kind)):
        a, b = kind[k - 1], kind[k]
        if a == cc.NEWLINE:
            places.append(k)
            forced.append(k)
            continue
        if (nowrap[k] and nowrap[k] == nowrap[k - 1]) or k in held:
            continue
        ok = table[a * cc.KINDS + b]
        if not ok and needs_unicode and (a in _UNCLEAR or b in _UNCLEAR) and a != cc.SPACE:
            ok = _allowed_by_unicode(a, b, flags[k], level)
        if ok or k - 1 in par.soft or k in par.parted or k in par.figures:
            places.append(k)
    places.append(len(kind))
    forced.append(len(kind))
    return Breaks(places, _penalties(par, places), forced)


def _unseen(par: Paragraph, level: Level) -> frozenset[int]:
    """Return the places that characters without width must not open: what stands on both sides of them
    decides, and the line ends after them, if at all."""
    places: set[int] = set()
    for run in cc.UNSEEN.finditer(par.text):
        start, end = run.span()
        meets = start > 0 and end < len(par)
        shut = meets and (par.kind[end] in level.no_start or par.kind[start - 1] in level.no_end)
        places.update(range(start, end + (shut or "\u2060" in run.group())))
    return frozenset(places)


def _allowed_by_unicode(a: int, b: int, flag: int, level: Level) -> bool:
    if b in level.no_start or a in level.no_end or b in (cc.TRAILER, cc.SPACE, cc.NEWLINE):
        return False
    if a in (cc.CONNECTOR, cc.SOLIDUS) and b in (cc.HAN, cc.OPEN):
        return True
    return bool(flag & 1)


def _penalties(par: Paragraph, places: list[int]) -> dict[int, float]:
    kind = par.kind
    end = len(kind)
    penalty = {space.end(): THOUSANDS_PENALTY for space in _THOUSANDS.finditer(par.text)}
    for k in places:
        if k == end:
            continue
        if kind[k] == cc.DASH:
            penalty[k] = DASH_PENALTY
        elif k - 1 in par.soft:
            penalty[k] = HYPHEN_PENALTY
        elif k in par.parted:
            penalty[k] = par.parted[k]
        elif k in par.figures:
            penalty[k] = par.figures[k]
        if par.phrase is not None and kind[k - 1] not in _PARTING:
            inside = PHRASE_PENALTY if k not in par.phrase else JOINT_PENALTY
            penalty[k] = penalty.get(k, 0.0) + inside
    return penalty
