"""Kinship: how much two texts speak of the same thing, by the pairs of characters they share."""

from __future__ import annotations

import re

from .words import frequency, simple

__all__ = ["bigrams", "in_common", "shared"]

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


_LONG = 7  # letters of a word that says something of a subject
_COMMON = 4000  # frequency in the dictionary of pairs that say nothing of a subject (工作, 记者)


def in_common(one: str, other: str) -> int:
    """Return how many of the rarer pairs of characters, or longer Latin words, two texts have in common."""
    both = bigrams(simple(one)) & bigrams(simple(other))
    return sum(len(pair) >= _LONG if pair.isascii() else frequency(pair) < _COMMON for pair in both)
