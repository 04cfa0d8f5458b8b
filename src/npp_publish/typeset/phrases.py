"""Phrases and names: where a headline may be broken without hurting the eye.

A headline broken inside a word reads badly, one broken inside a name is an insult. BudouX (a small
offline model, zh-hans and zh-hant) says where phrases begin; names that the edition knows are held
together, whatever the model thinks. Used where `--zh-phrases: on`; `white-space: nowrap` holds a name
together everywhere.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from functools import cache
from typing import Any

__all__ = ["beginnings", "held", "protect"]

_names: list[tuple[str, ...]] = [()]
_SHORTEST_NAME = 2
_OPENING = "（《〈「『“‘【〔［｛"


@contextmanager
def protect(names: Iterable[str]) -> Iterator[None]:
    """Hold these names together while the block runs (one rendering)."""
    wanted = {name for name in names if len(name) >= _SHORTEST_NAME}
    _names.append(tuple(sorted(wanted, key=lambda name: (-len(name), name))))
    try:
        yield
    finally:
        _names.pop()


def held(text: str) -> frozenset[int]:
    """Return the places inside protected names, where no line may begin."""
    inside: set[int] = set()
    for name in _names[-1]:
        for match in re.finditer(re.escape(name), text):
            inside.update(range(match.start() + 1, match.end()))
    return frozenset(inside)


def beginnings(text: str, language: str) -> frozenset[int]:
    """Return the places where a phrase begins. Marks and spaces part phrases as well."""
    places: set[int] = set()
    for match in re.finditer(r"[^\s，。、；：？！]+[，。、；：？！”’》）」』】]*\s*", text):
        start = match.start()
        places.add(start)
        for phrase in _model(_traditional(language)).parse(match.group()):
            places.add(start)
            start += len(phrase)
    places.update(k for k, character in enumerate(text) if character in _OPENING)
    return frozenset(places - held(text))


def _traditional(language: str) -> bool:
    return any(part in ("hant", "tw", "hk", "mo") for part in language.lower().split("-")[1:])


@cache
def _model(traditional: bool) -> Any:
    import budoux

    if traditional:
        return budoux.load_default_traditional_chinese_parser()
    return budoux.load_default_simplified_chinese_parser()
