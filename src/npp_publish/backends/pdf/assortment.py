"""The assortment: how many sorts a face is cast with, for a long edition.

A type founder does not deliver the letters that a text needs, but all that texts are likely to need.
Faces that are cut to a rounded set of characters are the same after a correction that brings in a new
one, and what was set with them can be kept. The bound file carries only what is used.

Characters are rounded up to the sections of the coded character sets, whose makers sorted them by how
common they are: GB/T 2312 level 1 (3,755 characters), rows of its level 2; Big5 level 1 (5,401, for
traditional characters), rows of its level 2; else runs of Unicode.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from functools import cache

__all__ = ["rounded"]

_RUN = 128
"""Code points of Unicode that stay together."""
Section = tuple[str, int]


def rounded(characters: Iterable[str]) -> frozenset[str]:
    """Return the characters of all sections in which some of `characters` are, and these themselves."""
    asked = frozenset(characters)
    return asked.union(*(_members(section) for section in {_section(character) for character in asked}))


def _section(character: str) -> Section:
    if not _is_han(character):
        return "unicode", ord(character) // _RUN
    lead = _lead(character, "gb2312")
    if lead:
        return "gb2312", max(lead, 0xD7)
    lead = _lead(character, "big5")
    if lead:
        return "big5", max(lead, 0xC6)
    return "unicode", ord(character) // _RUN


def _is_han(character: str) -> bool:
    return 0x3400 <= ord(character) <= 0x9FFF


def _lead(character: str, code: str) -> int:
    """Return the first byte of a character in a double-byte code, 0 where it is not in it."""
    try:
        return character.encode(code)[0]
    except UnicodeEncodeError:
        return 0


@cache
def _members(section: Section) -> Collection[str]:
    code, number = section
    if code == "unicode":
        return [
            chr(point) for point in range(number * _RUN, (number + 1) * _RUN) if not 0xD800 <= point < 0xE000
        ]
    firsts = {"gb2312": range(0xB0, 0xD8), "big5": range(0xA4, 0xC7)}[code]
    leads = firsts if number == firsts[-1] else (number,)
    return [char for lead in leads for char in _row(lead, code)]


def _row(lead: int, code: str) -> Iterable[str]:
    for trail in range(0x40, 0xFF):
        try:
            character = bytes((lead, trail)).decode(code)
        except UnicodeDecodeError:
            continue
        if _is_han(character):
            yield character
