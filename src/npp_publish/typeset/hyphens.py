"""Hyphenation of Latin words in Chinese lines (clreq 3.2.4): where a word may be parted.

Soft hyphens come first; `hyphens: auto` asks pyphen's dictionaries (those of LibreOffice). Words in
capitals are abbreviations and stay whole, and an address gets no hyphen: it would be read as part of it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache
from typing import Any

from .addresses import addresses
from .measure import SOFT, width

__all__ = ["mark", "places"]

WIDEST_MARK = 0.6
"""em: U+2010 is full-width in pan-CJK faces; then U+002D marks the parted word."""

_WORD = re.compile("[A-Za-z\u00c0-\u024f]{4,}")


def places(text: str, style: Any, dictionary: str) -> Iterator[int]:
    """Yield the characters after which `text` may be hyphenated, given its CSS `style`."""
    if style["hyphens"] == "none":
        return
    yield from (k for k, character in enumerate(text) if character == SOFT and k)
    if style["hyphens"] != "auto":
        return
    total, left, right = style["hyphenate_limit_chars"]
    language = _language(style["lang"], dictionary)
    if language is None:
        return
    shut = list(addresses(text))
    for word in _WORD.finditer(text):
        letters = word.group()
        if any(start <= word.start() < end for start, end in shut):
            continue
        if SOFT in text[max(0, word.start() - 1) : word.end() + 1]:
            continue  # conditional hyphens in a word are preferred (CSS Text 3, 6.1)
        if len(letters) >= total and not letters.isupper():
            parts = _dictionary(language, left, right).positions(letters)
            # Some languages change letters at a hyphen; such places are left out.
            yield from (word.start() + part - 1 for part in parts if not getattr(part, "data", None))


def mark(style: Any) -> str:
    """Return what marks a parted word in this CSS style."""
    wanted: str = style["hyphenate_character"]
    if width(wanted, style) > WIDEST_MARK * style["font_size"] * max(1, len(wanted)):
        return "-"
    return wanted


def _language(lang: str | None, dictionary: str) -> str | None:
    import pyphen

    own = pyphen.language_fallback(lang.replace("-", "_")) if lang else None
    found: str | None = own or pyphen.language_fallback(dictionary)
    return found


@cache
def _dictionary(language: str, left: int, right: int) -> Any:
    import pyphen

    return pyphen.Pyphen(lang=language, left=left, right=right)
