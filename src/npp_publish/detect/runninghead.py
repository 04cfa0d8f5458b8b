"""Running heads in the middle of a sentence: 健康周刊 B03, 城事 · 第六版, THE COUNTY STAR 7.

Rationale: a text layer reads the head of a page where a column ends, so it stands between two lines of
one sentence. Words and numbers alone could be an item of a list; between a line of prose without a
final mark and its continuation they are the head of a page (B). Case file: tests/cases/furniture.md.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from ..model import Block, Kind
from .gauge import em
from .pagehead import is_paper

__all__ = ["interrupts", "intruder"]

_GAP = r"[ \t\u3000·|｜/／—–-]+"
_WORD = r"[\u4e00-\u9fff]{2,7}|[A-Z][A-Z.&'’]+"
_NUMBER = r"[A-Z]?\d{1,3}|第?[A-Z]?[\d一二三四五六七八九十]{1,3}[版页頁]|Page \d{1,3}"
_DAY = r"(?:\d{4}年)?\d{1,2}月\d{1,2}日|\d{4}[-./]\d{1,2}[-./]\d{1,2}|\d{4}年第?\d{1,3}期|(?:星期|周)[一二三四五六日]"  # noqa: E501
_HEAD = re.compile(rf"(?:(?:{_WORD}|{_NUMBER}|{_DAY})(?:{_GAP}|$)){{2,6}}")
_COUNTED = re.compile(rf"(?:^|{_GAP})(?:{_NUMBER}|{_DAY})(?:{_GAP}|$)")
_FINAL = re.compile(r"[。！？；：!?….:;][”’」』）)\"']*$")
_PROSE = re.compile(r"[，。、；]|[a-z],? [a-z]")
_SKIP = (Kind.BLANK, Kind.FURNITURE)


def _is_head(text: str) -> bool:
    if 4 <= len(text) <= 36 and is_paper(text):
        return True
    return 4 <= len(text) <= 36 and _HEAD.fullmatch(text) is not None and _COUNTED.search(text) is not None


def _sentence(before: str, after: str) -> bool:
    """Tell whether a sentence breaks off in one line and may go on in the other."""
    return (
        max(em(before), em(after)) >= 10
        and not _is_head(after)
        and not _FINAL.search(before)
        and bool(after)
        and _PROSE.search(before + after) is not None
        and not _is_head(before)
    )


def intruder(lines: Sequence[str], at: int) -> Kind | None:
    """Tell whether a line of a run of lines is a running head between two lines of a sentence."""
    if not 0 < at < len(lines) - 1 or not _is_head(lines[at]):
        return None
    return Kind.FURNITURE if _sentence(lines[at - 1], lines[at + 1]) else None


def interrupts(blocks: Sequence[Block], place: int) -> bool:
    """Tell whether a block of one line is a running head between the halves of a torn paragraph."""
    text = blocks[place].text
    if "\n" in text or not _is_head(text):
        return False
    near = range(max(0, place - 6), min(len(blocks), place + 7))
    before = next((blocks[n] for n in reversed(near) if n < place and blocks[n].kind not in _SKIP), None)
    after = next((blocks[n] for n in near if n > place and blocks[n].kind not in _SKIP), None)
    if (
        before is None
        or after is None
        or before.kind is not Kind.PARAGRAPH
        or after.kind is not Kind.PARAGRAPH
    ):
        return False
    return _sentence(before.text.rsplit("\n", 1)[-1], after.text.split("\n", 1)[0])
