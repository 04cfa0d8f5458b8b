"""Kinship: how much two texts speak of the same thing, by the pairs of characters they share."""

from __future__ import annotations

import re

__all__ = ["bigrams", "shared"]

_WORDS = re.compile(r"[\u3400-\u9fff]+|[A-Za-z]+|[가-힣]+")
_LIMIT = 20_000


def bigrams(text: str) -> frozenset[str]:
    """Return the pairs of neighbouring ideographs and the longer Latin words of a text."""
    found: set[str] = set()
    for run in _WORDS.findall(text[:_LIMIT]):
        if run[0].isascii():
            if len(run) > 3:
                found.add(run.lower())
        else:
            found.update(run[n : n + 2] for n in range(len(run) - 1))
    return frozenset(found)


def shared(one: str, other: str) -> float:
    """Return the share (0..1) of the pairs of `one` that `other` has too."""
    mine = bigrams(one)
    return len(mine & bigrams(other)) / len(mine) if mine else 0.0
