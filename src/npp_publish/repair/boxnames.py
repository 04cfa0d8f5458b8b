"""Box names: what the title of a box says of its kind, and the labels that stand in its paragraphs.

The names are vocabulary of the profile (核心提示, 名词解释, 数读…); a date is told by its shape. Rationale
and case file: those of `boxes`.
"""

from __future__ import annotations

import re
from functools import cache

from ..detect.desk import Desk

__all__ = ["COUNT", "DATE", "INLINE", "entitles", "inline_label", "is_known", "names", "packed"]

_SPACE = re.compile(r"\s+")
DATE = re.compile(
    r"(?:\d{2,4}|[一二三四五六七八九十〇○零]{2,4})\s*年|\d{1,2}\s*月|\d{1,2}日|\d{1,2}[:：]\d{2}|^\d{4}(?:\s*[-—–~至]\s*\d{2,4})?$|(?:19|20)\d\d|上旬|中旬|下旬|世纪|\d{4}년|\d{1,2}월|年代"
)
INLINE = re.compile(r"(?P<label>[^，。；！？：:—“”\n]{1,18}?)(?P<mark>：|:(?!\d)|——|—|　)(?=\S)")
_TALK = re.compile(r"^(?:问|答|记者|記者|主持人|Q|A|[^，]{0,6}(?:说|表示|指出|认为|介绍|强调|称|道))$")
# the number of a part of the text
COUNT = re.compile(r"[（(]?(?:[一二三四五六七八九十]{1,3}|\d{1,2}|[ivxⅠ-Ⅻ]{1,4})[)）.、]?")


def is_known(desk: Desk, title: str) -> bool:
    """Tell whether a packed title is the name of a summary or a note."""
    return title in names(desk, "abstract") or title in names(desk, "note")


def names(desk: Desk, which: str) -> frozenset[str]:
    """Return one list of the profile's vocabulary, packed."""
    return _packed_all(desk.profile.list(which))


@cache
def _packed_all(words: tuple[str, ...]) -> frozenset[str]:
    return frozenset(map(packed, words))


def packed(text: str) -> str:
    """Return a title without gaps, brackets and ornaments, to compare it."""
    return _SPACE.sub("", text).strip("【】[]〔〕()（）:：●■◆▲★□·—").lower()


def entitles(desk: Desk, title: str) -> bool:
    """Tell whether a title announces dates, terms or figures."""
    begins = tuple(names(desk, "definition") | names(desk, "listing"))
    return title.startswith(begins) or any(word in title for word in names(desk, "timeline"))


def inline_label(text: str) -> str:
    """Return the label that a paragraph begins with (声纹：…, 2013年——…), or an empty string."""
    found = INLINE.match(text)
    if not found or _TALK.match(found["label"]):
        return ""
    if found["mark"] == "　" and not DATE.search(found["label"]):
        return ""
    return found["label"]
