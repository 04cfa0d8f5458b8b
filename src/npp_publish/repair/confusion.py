"""Look-alikes: characters that a reading machine takes for one another (连曰来, 犬家, 自已).

Rationale: corrected only with strong evidence (D). The word model must find the text with the other
character much more probable; characters that already form a known word with a neighbour are left
alone, and so is a page that shows one kind of slip only: a rare word (养犬) looks like that too.
Weaker evidence counts only on a page that has shown strong evidence elsewhere, and the number of
corrections stays within a budget. Slips of the printed page are not corrected: a wrong *word* is not
a look-alike. Case file: tests/cases/confusion.md.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import lru_cache

from ..detect.desk import Desk
from ..model import Block, Kind, Op
from ..sorts import Change
from . import marks, spacing
from .slips import correct
from .words import best, frequency, known

__all__ = ["set_right"]

RULE = "look-alike"
# groups of look-alikes; within a group any may be read for any other
_GROUPS = (
    "日曰",
    "大犬太",
    "人入",
    "己已巳",
    "未末",
    "土士",
    "千干于",
    "治冶",
    "侯候",
    "戊戌戍",
    "问间",
    "今令",
    "免兔",
    "酒洒",
    "析折",
    "晴睛",
    "拔拨",
    "准淮",
    "住往",
    "贝见",
    "风凤",
    "乌鸟",
    "买卖实",
    "刀力",
    "天夫",
    "矢失",
    "牛午",
    "王玉",
    "目且",
    "由田甲",
    "抹沫",
    "袖柚",
    "孑子",
    "囗口",
)
_OTHERS = {c: [o for o in group if o != c] for group in _GROUPS for c in group}
_RARE = frozenset("曰犬巳末冶戊戌戍侯兔洒淮凤乌夫矢午且甲孑囗令")
_RUN = re.compile("[\u3400-\u9fff]+")
_SUSPECT = re.compile("[" + "".join(_OTHERS) + "]")
_NEVER = frozenset("囗")  # hardly ever printed in a newspaper
_OFTEN = 300  # the dictionary has misprints of its own (自已, 时侯): a word this much rarer is none
_STRONG, _WEAK = 5.0, 2.5  # natural logarithm of how much more probable the corrected text is
_REACH = 5
_SLIPS = frozenset((spacing.RULE, marks.DOUBLED, marks.HALF, marks.STRAIGHT, marks.DIGITS))


@dataclass(frozen=True, slots=True)
class _Doubt:
    """A character, what it may stand for, by how much that is more probable, whether the other
    character makes a known word with a neighbour, and whether this one is rare in newspapers."""

    at: int
    other: str
    gain: float
    supported: bool
    rare: bool = False

    @property
    def strong(self) -> bool:
        """Enough to be believed without other slips on the page."""
        return self.supported and self.gain >= (_STRONG - 1.5 if self.rare else _STRONG)


def set_right(desk: Desk, blocks: tuple[Block, ...]) -> tuple[Block, ...]:
    """Correct look-alikes on a page that shows that it was read by a machine."""
    if desk.gauge.lang != "zh-Hans" or not desk.on(RULE):
        return blocks
    kinds = (Kind.PARAGRAPH, Kind.HEADLINE, Kind.SUBHEAD, Kind.ITEM, Kind.BOX_TITLE)
    texts = [block.text for block in blocks if block.kind in kinds]
    found = [(text[doubt.at], doubt) for text in texts for doubt in _doubts(text)]
    doubts = [doubt for _, doubt in found]
    strong = sum(1 for doubt in doubts if doubt.strong)
    taken_for = {(here, doubt.other) for here, doubt in found if doubt.strong}
    if not strong or (len(taken_for) < 2 and not _other_slips(blocks)):
        return blocks
    wanted = sorted((doubt.gain for doubt in doubts if doubt.strong or strong >= 2), reverse=True)
    allowed = max(6, int(0.005 * sum(map(len, texts))))
    least = wanted[allowed] if len(wanted) > allowed else 0.0
    at_home = frozenset(c for text in texts for c in _at_home(text))
    return correct(desk, blocks, RULE, lambda text: _changes(text, least, strong >= 2, at_home), kinds)


def _other_slips(blocks: tuple[Block, ...]) -> bool:
    """Tell whether the page shows slips of other kinds: one odd word alone is more likely a word."""
    return any(piece.rule in _SLIPS for block in blocks for piece in block.pieces)


def _at_home(text: str) -> Iterator[str]:
    """Yield the rare characters that stand in known words here: the page does speak of dogs (犬)."""
    for found in _SUSPECT.finditer(text):
        at = found.start()
        words = (text[max(0, at - 2) : at + 1], text[max(0, at - 1) : at + 1], text[at : at + 2])
        if found[0] in _RARE and any(len(word) > 1 and known(word) for word in words):
            yield found[0]


def _changes(text: str, least: float, weak: bool, at_home: frozenset[str]) -> Iterator[Change]:
    for doubt in _doubts(text):
        here = text[doubt.at] in at_home  # 养犬人 on a page that speaks of 大型犬
        sure = doubt.strong and (not here or doubt.gain >= 2 * _STRONG)
        if doubt.gain > least and (sure or (weak and not here)):
            why = f"{text[max(0, doubt.at - 2) : doubt.at]}{doubt.other}{text[doubt.at + 1 : doubt.at + 3]} is far more probable"  # noqa: E501
            confidence = 0.85 if doubt.strong else 0.7
            yield Change(doubt.at, doubt.at + 1, doubt.other, Op.REPLACE, RULE, confidence, why, "keep")


def _doubts(text: str) -> Iterator[_Doubt]:
    for run in _RUN.finditer(text):
        for found in _SUSPECT.finditer(run[0]):
            at = found.start()
            start = max(0, at - _REACH)
            doubt = _weigh(run[0][start : at + _REACH + 1], at - start)
            if doubt and doubt.gain >= _WEAK:
                yield replace(doubt, at=run.start() + at)


@lru_cache(maxsize=16384)
def _weigh(run: str, at: int) -> _Doubt | None:
    here = run[at]
    now = _habit(run, at, here)
    habits = {other: _habit(run, at, other) for other in _OTHERS[here]}
    if now and max(habits.values()) < _OFTEN * now:
        return None
    supported = [other for other, count in habits.items() if count]
    options = supported or (_OTHERS[here] if here in _RARE or here == "入" else [])
    if not options:
        return None
    start, end = max(0, at - _REACH), at + _REACH + 1
    before = best(run[start:end])[0]
    gains = [(best(run[start:at] + other + run[at + 1 : end])[0] - before, other) for other in options]
    gain, other = max(gains)
    return _Doubt(at, other, gain, bool(supported) or here in _NEVER, here in _RARE)


def _habit(run: str, at: int, character: str) -> int:
    """Return how often the most frequent word occurs that a character makes with its neighbours here."""
    before, after = run[max(0, at - 2) : at], run[at + 1 : at + 3]
    words = [
        before[-1:] + character,
        character + after[:1],
        before + character,
        character + after,
        before[-1:] + character + after[:1],
    ]
    return max((frequency(word) for word in words if len(word) > 1), default=0)
