"""Phrases and names: where a headline may be broken without hurting the eye.

A headline broken inside a word reads badly, one broken inside a name is an insult. BudouX (a small
offline model, for Chinese of both kinds and Japanese) says where phrases begin, a dictionary that no
word is divided. Used where `--zh-phrases: on`; names are held together by `white-space: nowrap`,
whatever the model thinks (`persons`).
"""

from __future__ import annotations

import re
from functools import cache
from itertools import accumulate, pairwise
from typing import Any

from ..repair.words import best
from .slug import legible

__all__ = ["beginnings"]

_LONGEST = 240  # characters of a clause that are looked up in the dictionary
_OPENING = "（《〈「『“‘【〔［｛"


def beginnings(text: str, language: str) -> frozenset[int]:
    """Return the places where a phrase begins, never inside a word of the dictionary.

    Marks and spaces part phrases as well. The model divides what it does not know into single
    characters: a phrase of one character belongs to the next, the last one to the one before.
    """
    places: set[int] = set()
    for match in re.finditer(r"[^\s，。、；：？！]+[，。、；：？！”’》）」』】]*\s*", text):
        places.update(match.start() + place for place in _clause(match.group(), language))
    places.update(k for k, character in enumerate(text) if character in _OPENING)
    return frozenset(places)


def _clause(text: str, language: str) -> list[int]:
    """Return where the phrases of one clause begin, its own beginning first."""
    model = _model_of(language)
    known = len(text) <= _LONGEST and model != "japanese"  # the dictionary is one of Chinese
    words = {0, *accumulate(map(len, best(legible(text))[1]))} if known else None
    ends = accumulate(map(len, _model(model).parse(text)))
    starts = [0, *(end for end in ends if end < len(text) and (words is None or end in words))]
    kept, joined = list[int](), False
    for start, end in pairwise([*starts, len(text)]):
        single = sum(character.isalnum() for character in text[start:end]) == 1
        last = end == len(text)
        if not joined and not (single and last and kept):
            kept.append(start)
        joined = single and not last
    return kept


def _model_of(language: str) -> str:
    main, *parts = language.lower().split("-")
    if main == "ja":
        return "japanese"
    traditional = any(part in ("hant", "tw", "hk", "mo") for part in parts)
    return "traditional_chinese" if traditional else "simplified_chinese"


@cache
def _model(name: str) -> Any:
    import budoux

    return getattr(budoux, f"load_default_{name}_parser")()
