"""Hyphens at line ends: `re-/sult` mended, `detri/ments` joined where the hyphen was lost.

Rationale: a text layer keeps the hyphen or loses it. A kept one goes when lower case follows and the
joined word is known or its halves are not (A). A lost one is only believed when the joined word is
known and far more probable than its halves side by side (D). The word list is that of the spelling
checker pyspellchecker, read on first use. Case file: tests/cases/hyphen.md.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace
from functools import cache

from ..detect.desk import Desk
from ..model import Op, Piece, Span

__all__ = ["lost", "mend"]

RULE = "hyphen"
_LAST = re.compile(r"([A-Za-z]+)$")
_FIRST = re.compile(r"([a-z]+)")
_SURE = 20_000.0  # how many times more probable than two words side by side


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
    whole = words.get(one + two, 0)
    if not whole or len(one + two) < 5:
        return False
    apart = max(words.get(one, 0), 0.5) * max(words.get(two, 0), 0.5) / total
    return whole / apart >= _SURE
