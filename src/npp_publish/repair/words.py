"""Words: the word model behind the choices that need one; offline, loaded on first use.

Lists of words by what they tell in headlines are in `words.toml`; the rest is
a unigram model over the dictionary of the segmenter jieba (349,000 words with frequencies). The
file is read directly (`lexicon`): jieba's own start writes a cache into the shared temporary folder,
which other users of the machine could change, and takes much longer.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Callable, Iterator
from functools import cache, lru_cache
from math import inf, log
from pathlib import Path

from .lexicon import Lexicon, shipped

__all__ = ["VERBS", "best", "crosses", "frequency", "known", "listed", "part", "simple", "tag"]

_LONGEST = 8


@cache
def _lists() -> dict[str, str]:
    return tomllib.loads(Path(__file__).with_name("words.toml").read_text(encoding="utf-8"))


def listed(name: str) -> tuple[str, ...]:
    """Return a list of words from `words.toml`."""
    return tuple(_lists()[name].split())


VERBS = frozenset(listed("verbs"))


def part(word: str) -> str:
    """Return the part of speech of a word (jieba's tags: v, vn, a, d, p, c, u ...; n for nouns of all
    kinds, numerals, states, and where unknown)."""
    tag = shipped(VERBS).part(word)
    return "n" if tag[0] in "nmz" else tag


def tag(word: str) -> str:
    """Return the part of speech of a word as the dictionary writes it (`n` where it is not known)."""
    return shipped(VERBS).part(word)


def frequency(word: str) -> int:
    """Return how often a word occurs in the corpus of the dictionary (0: unknown)."""
    return shipped(VERBS).get(word)


def known(word: str) -> bool:
    """Tell whether a word is in the dictionary."""
    return word in shipped(VERBS)


@cache
def _converter() -> Callable[[str], str]:
    try:
        from opencc import OpenCC
    except ImportError:  # the choice is then made without the word model
        return lambda text: text
    converter = OpenCC("t2s")
    return lambda text: str(converter.convert(text))


def simple(text: str) -> str:
    """Return a text in simplified characters if that keeps its length: the dictionary has no others."""
    if not text.isascii() and len(text.encode("gb2312", "ignore").decode("gb2312")) == len(text):
        return text  # every character is in the set of the simplified script
    converted = _converter()(text)
    return converted if len(converted) == len(text) else text


_TOKEN = re.compile(r"[A-Za-z0-9.%×+\-％０-９]+")


@lru_cache(maxsize=8192)
def best(text: str) -> tuple[float, tuple[str, ...]]:
    """Return the most probable segmentation of a short text and its log probability.

    Numbers and Latin words are one word each. The words are in simplified characters.
    """
    lexicon = shipped(VERBS)
    text = simple(text)
    runs = {found.end(): found.start() for found in _TOKEN.finditer(text)}
    inside = {n for end, start in runs.items() for n in range(start + 1, end)}
    scores: list[tuple[float, int]] = [(0.0, 0)]
    for end in range(1, len(text) + 1):
        if end in inside:
            scores.append((-inf, end - 1))
        elif end in runs:
            scores.append((scores[runs[end]][0] - 8.0, runs[end]))
        else:
            scores.append(max(_options(text, end, scores, lexicon)))
    return scores[-1][0], _words(text, scores)


def _options(
    text: str, end: int, scores: list[tuple[float, int]], lexicon: Lexicon
) -> Iterator[tuple[float, int]]:
    for start in range(max(0, end - _LONGEST), end):
        count = lexicon.get(text[start:end])
        if count or end - start == 1:
            yield scores[start][0] + log(count or 0.5) - lexicon.total, start


def _words(text: str, scores: list[tuple[float, int]]) -> tuple[str, ...]:
    words: list[str] = []
    end = len(text)
    while end:
        start = scores[end][1]
        words.append(text[start:end])
        end = start
    return tuple(reversed(words))


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
