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
from .words import best, frequency, known, simple

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
_BOUND = frozenset("己")  # hardly ever a word of its own (自己, 各抒己见)
_RUN = re.compile("[\u3400-\u9fff]+")
_SUSPECT = re.compile("[" + "".join(_OTHERS) + "]")
_NEVER = frozenset("囗")  # hardly ever printed in a newspaper
_SIMPLIFIED = frozenset("干于洒准问间贝见风凤乌鸟买卖实")  # that the traditional script writes otherwise
_MANY = 3  # slips of other kinds: the page was read badly
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

    def strong(self, bar: float) -> bool:
        """Enough to be believed without other look-alikes on the page."""
        return self.supported and self.gain >= (bar - 1.5 if self.rare else bar)


def set_right(desk: Desk, blocks: tuple[Block, ...]) -> tuple[Block, ...]:
    """Correct look-alikes on a page that shows that it was read by a machine."""
    lang = desk.gauge.lang
    if lang not in ("zh-Hans", "zh-Hant") or not desk.on(RULE):
        return blocks
    kinds = (Kind.PARAGRAPH, Kind.HEADLINE, Kind.SUBHEAD, Kind.ITEM, Kind.BOX_TITLE)
    texts = [block.text for block in blocks if block.kind in kinds]
    found = [(text[doubt.at], doubt) for text in texts for doubt in _doubts(text, lang)]
    slips = _other_slips(blocks)
    bar = _STRONG if slips < _MANY else _STRONG - 1.0
    doubts = [doubt for _, doubt in found]
    strong = sum(1 for doubt in doubts if doubt.strong(bar))
    taken_for = {(here, doubt.other) for here, doubt in found if doubt.strong(bar)}
    if not strong or (len(taken_for) < 2 and not slips):
        return blocks
    weak = strong >= 2
    wanted = sorted((doubt.gain for doubt in doubts if doubt.strong(bar) or weak), reverse=True)
    allowed = max(6, int(0.005 * sum(map(len, texts))))
    least = wanted[allowed] if len(wanted) > allowed else 0.0
    at_home = frozenset(c for text in texts for c in _at_home(text))
    page = _Page(lang, bar, least, weak, at_home)
    return correct(desk, blocks, RULE, lambda text: _changes(text, page), kinds)


@dataclass(frozen=True, slots=True)
class _Page:
    """What is known of a page: its script, what is strong evidence, the least that is corrected, whether
    weak evidence counts, the rare characters that it uses rightly."""

    lang: str
    bar: float
    least: float
    weak: bool
    at_home: frozenset[str]


def _other_slips(blocks: tuple[Block, ...]) -> int:
    """Count the slips of other kinds on the page: one odd word alone is more likely a word."""
    return sum(piece.rule in _SLIPS for block in blocks for piece in block.pieces)


def _at_home(text: str) -> Iterator[str]:
    """Yield the rare characters that stand in known words here: the page does speak of dogs (犬)."""
    for found in _SUSPECT.finditer(text):
        at = found.start()
        words = (text[max(0, at - 2) : at + 1], text[max(0, at - 1) : at + 1], text[at : at + 2])
        if found[0] in _RARE and any(len(word) > 1 and known(word) for word in words):
            yield found[0]


def _changes(text: str, page: _Page) -> Iterator[Change]:
    for doubt in _doubts(text, page.lang):
        here = text[doubt.at] in page.at_home  # 养犬人 on a page that speaks of 大型犬
        strong = doubt.strong(page.bar)
        sure = strong and (not here or doubt.gain >= 2 * _STRONG)
        if doubt.gain > page.least and (sure or (page.weak and not here)):
            why = f"{text[max(0, doubt.at - 2) : doubt.at]}{doubt.other}{text[doubt.at + 1 : doubt.at + 3]} is far more probable"  # noqa: E501
            confidence = 0.85 if strong else 0.7
            yield Change(doubt.at, doubt.at + 1, doubt.other, Op.REPLACE, RULE, confidence, why, "keep")


def _doubts(text: str, lang: str = "zh-Hans") -> Iterator[_Doubt]:
    old = lang == "zh-Hant"
    plain = simple(text) if old else text  # the dictionary is in simplified characters
    for run in _RUN.finditer(plain):
        for found in _SUSPECT.finditer(run[0]):
            at = found.start()
            if old and (found[0] in _SIMPLIFIED or found[0] != text[run.start() + at]):
                continue
            start = max(0, at - _REACH)
            doubt = _weigh(run[0][start : at + _REACH + 1], at - start)
            if doubt and doubt.gain >= _WEAK and not (old and doubt.other in _SIMPLIFIED):
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
    before, words = best(run[start:end])
    gains = [(best(run[start:at] + other + run[at + 1 : end])[0] - before, other) for other in options]
    gain, other = max(gains)
    rare = here in _RARE or (here in _BOUND and here in words)
    return _Doubt(at, other, gain, bool(supported) or here in _NEVER, rare)


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
