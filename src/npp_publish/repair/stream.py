"""The stream: the printed blocks outside boxes, in their order, as the dividing of articles sees them."""

from __future__ import annotations

import re
from dataclasses import dataclass

from ..detect.desk import Desk
from ..model import Block, Kind
from .speakers import speaker

__all__ = ["HEADS", "SKIP", "Stream", "is_section", "is_short"]

SKIP = (Kind.BLANK, Kind.FURNITURE)
_SENTENCE = re.compile(r"[。！？；，：:,.;!?…]")
_DAY = re.compile(r"年.{1,3}月.{1,3}日$")
_LEADING = 26  # characters: a kicker that leads into its headline is longer
_NUMBER = re.compile(r"[〔\[（(]\d{4}[〕\]）)]")  # 望政告〔2025〕14号: the number of a document
_NUMBERED = re.compile(
    r"[（(]?(?:[一二三四五六七八九十]{1,3}|\d{1,2}|[①-⑳])[、.．）)]|第[一二三四五六七八九十]{1,3}[章节部条]|■|●|◆"
)
_NUMBER_ALONE = re.compile(r"[一二三四五六七八九十]{1,3}|\d{1,2}|[ⅠⅡⅢⅣⅤⅥⅦⅧⅨⅩ]{1,2}")
HEADS = (Kind.HEADLINE, Kind.SUBHEAD)


@dataclass(frozen=True, slots=True)
class Stream:
    """The printed blocks outside boxes, with their places in the whole list."""

    blocks: tuple[Block, ...]
    places: tuple[int, ...]

    def kind(self, number: int) -> Kind | None:
        """Return the kind of a block, or None beyond the end."""
        return self.blocks[number].kind if 0 <= number < len(self.blocks) else None


def is_section(block: Block) -> bool:
    """A heading that names a speaker or carries a number opens a section, not an article."""
    numbered = _NUMBERED.match(block.text) or _NUMBER_ALONE.fullmatch(block.text)
    return speaker(block.text) is not None or numbered is not None


def is_short(desk: Desk, text: str) -> bool:
    """Tell whether a text is short enough and plain enough for a kicker."""
    if len(text) <= _LEADING and text.endswith(desk.profile.list("reporting")) and "，" not in text:
        return True  # 市委召开专题会议强调
    plain = not (_SENTENCE.search(text) or _DAY.search(text) or _NUMBER.search(text) or _open(text))
    return len(text) <= desk.profile.limit("kicker") and plain


def _open(text: str) -> bool:
    """Tell whether a quotation or bracket is left open: the first half of a torn sentence."""
    return any(text.count(left) > text.count(right) for left, right in ("“”", "「」", "『』", "（）", "《》"))
