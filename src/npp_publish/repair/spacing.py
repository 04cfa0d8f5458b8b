"""Inner spacing: spaces that a text layer left between Chinese characters.

Rationale: Chinese prose has no spaces, but lists of names, credits and datelines do. A space is taken
out of a sentence only if it stands alone between two runs of characters (D).
Case file: tests/cases/spacing.md.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from ..detect import dateline
from ..detect.desk import Desk
from ..model import Block, Kind, Op
from ..sorts import Change
from .slips import correct
from .words import crosses

__all__ = ["close_up"]

RULE = "stray-space"
_HAN = "\u3400-\u9fff\uf900-\ufaff"
_MARKS = "，。、；：！？”’」』）》】“‘「『（《【"
_GAP = re.compile(
    rf"(?<=[{_HAN}{_MARKS}]) {{1,3}}(?=[{_HAN}{_MARKS}0-9])|(?<=[0-9%]) {{1,3}}(?=[{_HAN}{_MARKS}])"
)
_SENTENCE = re.compile(r"[，。；！？]")
_ROLE = re.compile(r"(?:记者|读者|讀者|网友|通讯员|摄影|作者|编辑|评论员|实习生|記者|通訊員|[电電讯訊])$")
_LABEL = re.compile(
    r"(?:第[\d一二三四五六七八九十百零〇]{1,5}[条章节款项编回]|[（(]?[\d一二三四五六七八九十]{1,3}[)）.、]?|[问答]|[^，。；：]{1,3})"
)
_ASIDE = re.compile(r"（[^（），。；：\n]{1,14}[ ][^（），。；：\n]{1,14}）")  # （北原县 读者 邰来顺）
_LONELY = 5  # characters without another space on either side


def close_up(desk: Desk, blocks: tuple[Block, ...]) -> tuple[Block, ...]:
    """Delete stray spaces in Chinese sentences."""
    if not desk.gauge.lang.startswith("zh"):
        return blocks
    return correct(desk, blocks, RULE, _stray, (Kind.PARAGRAPH,))


def _stray(text: str) -> Iterator[Change]:
    if " " not in text or not _SENTENCE.search(text):
        return
    filed = dateline.parse(text)
    start = filed.end + 1 if filed else 0  # the space behind a dateline parts it from the text
    for found in _GAP.finditer(text, start):
        if _alone(text, *found.span()):
            yield Change(
                *found.span(), "", Op.DROP, RULE, 0.85, "a space alone in a Chinese sentence", "keep"
            )


def _alone(text: str, start: int, end: int) -> bool:
    """Tell whether a space is neither part of a list of names nor the pause after a role word."""
    before, after = text[max(0, start - _LONELY) : start], text[end : end + _LONELY]
    torn = crosses(text[max(0, start - 4) : start], text[end : end + 4])  # 地 震: a word stands around it
    if _ROLE.search(before) or (_LABEL.fullmatch(text[:start]) and not torn):
        return False
    if before[-1:] in "）】》" and after[:1].isdigit():  # a list of prices: 鸡蛋（箱装） 7.20
        return False
    bracket = text.rfind("（", max(0, start - 16), start)
    if bracket >= 0 and (aside := _ASIDE.match(text, bracket)) and aside.end() > end:
        return False
    beside_mark = before[-1:] in _MARKS or after[:1] in _MARKS
    single = torn and (text[end + 1 : end + 2] == " " or text[start - 2 : start - 1] == " ")  # 采挖 规 程
    return beside_mark or single or (" " not in before and " " not in after)
