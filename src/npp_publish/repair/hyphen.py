"""Hyphens at line ends: `re-/sult` mended, `detri/ments` joined where the hyphen was lost.

Rationale: a text layer keeps the hyphen or loses it. A kept one goes when lower case follows and the
joined word is known or its halves are not (A). A lost one is only believed when the joined word is
known and far more probable than its halves side by side (D); less is asked on a page where other words
are torn beyond doubt. The word list is that of the spelling
checker pyspellchecker, read on first use. Case file: tests/cases/hyphen.md.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace
from functools import cache, lru_cache

from ..detect.desk import Desk
from ..model import Op, Piece, Span

__all__ = ["lost", "mend"]

RULE = "hyphen"
_LAST = re.compile(r"([A-Za-z]+)$")
_FIRST = re.compile(r"([a-z]+)")
# how many times more probable than two words side by side: on any page, on one that lost its hyphens
_SURE, _LIKELY, _CERTAIN = 20_000.0, 1_000.0, 1_000_000.0
_NO_WORD = 2_000  # frequency of what the list has for half a word
_TORN = re.compile(r"([A-Za-z]+)[ \t]*\n[ \t]*([a-z]+)")
_SAMPLE = 60_000  # characters looked at
_UNDERRATED = {"afternoon": 500_000, "forenoon": 50_000}  # far rarer in the list than in newspapers


@cache
def _lexicon() -> tuple[Mapping[str, int], float]:
    """Return the frequencies of English words and their sum."""
    from importlib.util import find_spec
    from pathlib import Path

    spec = find_spec("spellchecker")
    if spec is None or spec.origin is None:
        return {}, 1.0
    import gzip
    import json

    words = json.loads(gzip.decompress((Path(spec.origin).parent / "resources" / "en.json.gz").read_bytes()))
    return words, float(sum(words.values()))


def _halves(before: str, after: str) -> tuple[str, str] | None:
    left, right = _LAST.search(before), _FIRST.match(after)
    return (left[1], right[1]) if left and right else None


def mend(desk: Desk, left: list[Piece], after: str) -> list[Piece] | None:
    """Return what stands for the last of the left pieces without its hyphen, or None where that stays."""
    before = "".join(piece.text for piece in left[-3:])
    halves = _halves(before[:-1], after)
    if halves is None or not desk.on(RULE):
        return None
    words, _ = _lexicon()
    one, two = halves[0].lower(), halves[1].lower()
    if one + "-" + two in words or (one + two not in words and one in words and two in words):
        return None  # a compound that is written with its hyphen
    last = left[-1]
    if not last.text.endswith("-") or len(last.text) != len(last.span):
        return None
    kept = replace(last, span=Span(last.span.start, last.span.end - 1), text=last.text[:-1])
    dropped = Piece(
        Span(last.span.end - 1, last.span.end), "", Op.DROP, RULE, 0.95, "hyphen at the end of a line", "keep"
    )
    return [kept, dropped] if kept.text else [dropped]


def lost(desk: Desk, before: str, after: str) -> bool:
    """Tell whether two halves of a word stand on either side of a line end without a hyphen."""
    halves = _halves(before, after)
    if halves is None or not desk.on("lost-hyphen"):
        return False
    words, total = _lexicon()
    one, two = halves[0].lower(), halves[1]
    if len(one + two) < 5:
        return False
    return _gain(words, total, one, two) >= (_LIKELY if _systematic(desk.text) else _SURE)


def _gain(words: Mapping[str, int], total: float, one: str, two: str) -> float:
    """Return how many times more probable the joined word is than its halves side by side."""
    whole = max(words.get(one + two, 0), _UNDERRATED.get(one + two, 0))
    apart = max(words.get(one, 0), 0.5) * max(words.get(two, 0), 0.5) / total
    return whole / apart


@lru_cache(maxsize=4)
def _systematic(text: str) -> bool:
    """Tell whether a page lost its hyphens: words are torn at line ends whose halves are no words."""
    words, total = _lexicon()
    torn = 0
    for found in _TORN.finditer(text[:_SAMPLE]):
        one, two = found[1].lower(), found[2]
        if words.get(one + two, 0) and min(words.get(one, 0), words.get(two, 0)) < _NO_WORD:
            torn += _gain(words, total, one, two) >= _CERTAIN
    return torn >= 2
