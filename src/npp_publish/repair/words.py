"""Words: the word model behind the choices that need one; offline, loaded on first use.

A unigram model over the dictionary of the segmenter jieba (349,000 words with frequencies). The
file is read directly: jieba's own start writes a cache into the shared temporary folder, which other
users of the machine could change, and takes three times as long.
"""

from __future__ import annotations

from functools import cache, lru_cache
from math import log

__all__ = ["best", "crosses", "frequency", "known"]

_LONGEST = 8


@cache
def _dictionary() -> tuple[dict[str, int], float]:
    """Return word frequencies and the logarithm of their sum."""
    from importlib.util import find_spec
    from pathlib import Path

    spec = find_spec("jieba")
    if spec is None or spec.origin is None:
        return {}, 0.0
    words = (Path(spec.origin).parent / "dict.txt").read_text(encoding="utf-8").split()
    table = dict(zip(words[0::3], map(int, words[1::3]), strict=True))
    return table, log(sum(table.values()))


def frequency(word: str) -> int:
    """Return how often a word occurs in the corpus of the dictionary (0: unknown)."""
    return _dictionary()[0].get(word, 0)


def known(word: str) -> bool:
    """Tell whether a word is in the dictionary."""
    return word in _dictionary()[0]


@lru_cache(maxsize=4096)
def best(text: str) -> tuple[float, tuple[str, ...]]:
    """Return the most probable segmentation of a short text and its log probability."""
    table, total = _dictionary()
    scores: list[tuple[float, int]] = [(0.0, 0)]
    for end in range(1, len(text) + 1):
        options = []
        for start in range(max(0, end - _LONGEST), end):
            count = table.get(text[start:end], 0)
            if count or end - start == 1:
                options.append((scores[start][0] + log(count or 0.5) - total, start))
        scores.append(max(options))
    words: list[str] = []
    end = len(text)
    while end:
        start = scores[end][1]
        words.append(text[start:end])
        end = start
    return scores[-1][0], tuple(reversed(words))


def crosses(left: str, right: str) -> bool:
    """Tell whether a word runs across the seam of two texts."""
    if not left or not right or not ("\u4e00" <= left[-1] <= "\u9fff" and "\u4e00" <= right[0] <= "\u9fff"):
        return False
    seam = len(left)
    at = 0
    for word in best(left + right)[1]:
        if at < seam < at + len(word):
            return True
        at += len(word)
    return False
