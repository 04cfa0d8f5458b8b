"""Splice: what stands between two lines or halves that are joined.

Rationale: Chinese and Japanese lines join without a space, Latin and Korean ones with one (A); a mark that
closes belongs to what stands before it, and one that opens to what comes after. Figures broken at the comma
of their thousands, and signs and units beside them, are one. Case file: tests/cases/unwrap.md.
"""

from __future__ import annotations

import re

__all__ = ["glue"]

_WIDE = re.compile(
    "[\u2e80-\u9fff\uf900-\ufaff\u3040-\u30ff\uff00-\uffef\U00020000-\U0003ffff—…“”‘’·《》「」『』【】〔〕]"
)
_IDEOGRAPH = re.compile("[\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff]")
_LATIN_END = re.compile(r"[A-Za-z,.;:!?)]")
_THOUSANDS = re.compile(r"(?<!\d)\d{1,3}(?:,\d{3})*,$")
_OPENS, _CLOSES = "“‘「『（《〈【〔([", "”’」』）》〉】〕)],.;:!?，。、；：！？…·"
_CLOSING_QUOTE = re.compile(r"[\"']+(?=[\s,.;:!?)]|$)")


def glue(before: str, after: str, lang: str = "zh-Hans") -> str:
    """Return what stands between two joined lines: nothing between Chinese ones, else a space."""
    if not before or not after:
        return ""
    left, right = before[-1], after[0]
    if _THOUSANDS.search(before) and after[:3].isdigit() and not after[3:4].isdigit():
        return ""
    if lang.startswith(("zh", "ja")):
        if _WIDE.match(left) or _WIDE.match(right):
            return ""
        # between digits, signs and units nothing was set
        return " " if _LATIN_END.match(left) and right.isascii() and right.isalpha() else ""
    closes = right in _CLOSES and not after[1:2].isalnum()  # a point before a letter or figure closes nothing
    if left in _OPENS or closes or _CLOSING_QUOTE.match(after):
        return ""
    if left == "—" or right == "—":  # spaced as it is at its other side
        return " " if before[-2:-1] == " " or after[1:2] == " " else ""
    return "" if _IDEOGRAPH.match(left) and _IDEOGRAPH.match(right) else " "
