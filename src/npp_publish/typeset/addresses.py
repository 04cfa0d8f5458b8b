"""Addresses: web addresses and words longer than any line, which are parted without a hyphen.

A hyphen would become part of the address, and an address kept whole leaves a hole on the line before.
So such a run may be parted between any two characters, best after one of its own marks (Chicago
Manual of Style 7.46), and it opens up with the rest of the line (clreq 3.5.4).
"""

from __future__ import annotations

import re
from collections.abc import Iterator

__all__ = ["AFTER_MARK", "ELSEWHERE", "addresses", "places"]

AFTER_MARK, ELSEWHERE = 1.0, 12.0
"""What parting costs after a mark of the address, and elsewhere."""

_RUN = re.compile(r"[!-~\u00a1-\u024f]{16,}")
_SURE = ("://", "www.", "@")
_MARKS = frozenset("/._?&=#%~:")
_ENOUGH_MARKS = 2
_LONGEST_WORD = 40
"""So many letters are longer than what any dictionary has: no line need hold them whole."""
_NO_START = frozenset(",.;:!?)]}'\"%/")
_NO_END = frozenset("([{'\"")
_LEAST = 2
"""So many characters are left on both lines."""


def addresses(text: str) -> Iterator[tuple[int, int]]:
    """Yield start and end of each run that is an address."""
    for run in _RUN.finditer(text):
        word = run.group()
        marks = sum(character in _MARKS for character in word)
        if marks >= _ENOUGH_MARKS or any(sign in word for sign in _SURE):
            yield run.span()


def places(text: str) -> dict[int, float]:
    """Return where a line may begin inside an address or a word that is too long, and what it costs."""
    runs = set(addresses(text))
    runs.update(run.span() for run in _RUN.finditer(text) if len(run.group()) >= _LONGEST_WORD)
    return {
        k: AFTER_MARK if text[k - 1] in _MARKS else ELSEWHERE
        for start, end in sorted(runs)
        for k in range(start + _LEAST, end - _LEAST + 1)
        if text[k] not in _NO_START and text[k - 1] not in _NO_END
    }
