"""Gaps in headlines: a printed line break kept as one space; a pause, or the middle of a phrase?

Rationale: after a colon it is always deleted (A). Elsewhere keeping all is right in half of the
cases, deleting all in the other half; so the words on both sides are asked (D): a particle or
preposition at the seam, a subject before its verb, a verb before its object, a phrase that the text
repeats without the gap say *delete*; two clauses with verbs of their own, equal lengths, a reporting
verb say *keep*. Each signal has a weight; the sum decides. Case file: tests/cases/headgap.md.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace

from ..detect.desk import Desk
from ..detect.gauge import em
from ..detect.names import is_name
from ..model import Block, Kind, Op
from ..sorts import Change, amend
from .slips import source_span
from .words import VERBS, best, crosses, part

__all__ = ["close_up", "weigh"]

COLON, PHRASE = "headline-colon", "headline-phrase"
_CJK = "\u3400-\u9fff\uf900-\ufaff“”‘’《》「」『』（）：，、！？—…·％％○０-９"
_GAP = re.compile(rf"(?<=[{_CJK}0-9A-Za-z%])[ \u3000]+(?=[{_CJK}0-9A-Za-z])")
_AFTER_COLON = re.compile(r"(?<=[：:])[ \u3000]+")
_CLOSE = 0.5  # below this the signals are too weak to change what was printed
_NEAR = 8000  # characters before and after a heading in which its phrases are looked for
_LONGEST = 200  # characters; what is longer is no headline, whatever mark stands before it
_LATIN = re.compile(r"[A-Za-z\u00c0-\u024f]")
_COUNTED = re.compile(
    r"(?:首|第[一二三四五六七八九十\d]+|[一二两兩三四五六七八九十百千万几數数多\d])[个個条條批项項座家名位辆輛架艘处處所只种種类類场場届屆]$"
)
_NOUN = "\ufffc"
_QUOTED = re.compile(r"“[^“”]{1,12}”|《[^《》]{1,20}》|「[^「」]{1,12}」|‘[^‘’]{1,12}’")
_WHOLE_QUOTE = re.compile(r"[“「][^“”「」]+[”」]")
_QUOTES = re.compile(r"[“”‘’《》「」『』]")
_ENDS = frozenset(
    "的之与與和及或暨在对對向从從为為把被将將让讓使以于於由至到比跟给給按据而是不也都就才要能可应應须再更最很个個一"
)
_END_WORDS = frozenset(
    ("遇上", "成为", "成為", "如何", "关于", "關於", "为了", "通过", "根据", "围绕", "面向", "来自", "以及")
)
_STARTS = frozenset("的地得了着过之们等与與和及者性化率里中上下内外后前时吗呢吧")
_COVERBS = frozenset("把将將让讓使被从從在为為当當对對给給向以")
_QUESTION = ("如何", "为何", "為何", "怎么", "怎样", "为什么", "谁", "哪", "何以", "何时", "几")
_ADVERBS = frozenset(
    ["不断", "也", "今", "今天", "今日", "今日起", "今起", "仍", "全力", "全面", "共", "再", "再次", "勿", "即", "又", "同", "同比", "圆满", "均", "将", "將", "就", "已", "并", "成功", "才", "扎实", "持续", "明", "明天", "明日", "明日起", "明起", "昨", "昨天", "昨日", "更", "最", "有序", "未", "正", "正式", "深入", "率先", "环比", "皆", "稳步", "精准", "联合", "胜利", "要", "该", "都", "集中", "顺利", "须", "首次", "齐"]  # noqa: E501
)
_COMPLEMENTS = frozenset("成为到出上入下起进向定牢好强紧稳实")
_FINAL_VERBS = frozenset(
    ["上升", "上涨", "上线", "下线", "下跌", "下降", "举办", "举行", "了", "亮相", "决口", "出炉", "去", "发文", "召开", "合龙", "回升", "回落", "增收", "增效", "增长", "夺冠", "完工", "开工", "开幕", "开源", "开通", "成立", "投产", "挂牌", "揭牌", "收官", "攻坚", "来", "来袭", "着", "突发", "突破", "签约", "翻车", "获救", "落地", "落幕", "落网", "试航", "话别", "身亡", "过", "逆行", "通车", "闭幕", "首航", "首飞"]  # noqa: E501
)
_NUMBERED = re.compile(
    r"第[\d一二三四五六七八九十百]{1,4}[章节条编回集部篇讲]|[（(]?[\d一二三四五六七八九十]{1,3}[）)、.．]?|[①-⑳]"
)
_SUBTITLES = ("访", "记", "看", "写在", "来自", "探访", "走近", "——", "—")
_GENRES = (
    "观察",
    "调查",
    "见闻",
    "纪实",
    "侧记",
    "综述",
    "述评",
    "访谈",
    "手记",
    "扫描",
    "透视",
    "解读",
    "启示",
    "札记",
    "观感",
    "专访",
    "小记",
    "实录",
    "调查报告",
    "侧影",
    "速写",
    "特写",
)
_CLAUSE_END = re.compile(r"[？！?!。]$")


@dataclass(frozen=True, slots=True)
class _Side:
    """The phrase on one side of a gap: its text, width, words, and where its verbs are."""

    text: str
    width: float
    words: tuple[str, ...]
    verbs: tuple[int, ...]

    @property
    def starts_with_verb(self) -> bool:
        """The first word is a verb, or an adverb before one."""
        if not self.verbs:
            return False
        before = self.words[: self.verbs[0]]
        if before and part(before[0]) == "p":  # 在渝召开
            return True
        return all(part(word)[0] in "dt" or part(word) in ("ad", "a") or word in _ADVERBS for word in before)

    @property
    def is_nominal(self) -> bool:
        """No word can be a verb, an adjective or an idiom."""
        return not any(part(word)[0] in "vadil" for word in self.words)

    @property
    def ends_with_verb(self) -> bool:
        """The last word is a verb that wants an object."""
        return (
            bool(self.verbs) and self.verbs[-1] == len(self.words) - 1 and self.words[-1] not in _FINAL_VERBS
        )


def _side(text: str) -> _Side:
    bare = _QUOTES.sub("", text)
    words = best(_QUOTED.sub(_NOUN, text))[1]  # what is quoted stands as one noun in the phrase
    verbs = tuple(n for n, word in enumerate(words) if _is_verb(words, n))
    return _Side(text, em(bare), words, verbs)


def _is_verb(words: tuple[str, ...], number: int) -> bool:
    word = words[number]
    tag = part(word)
    if word in VERBS:
        return True
    if len(word) == 2 and word[1] == "是":  # 竟是, 就是, 也是
        return True
    if number + 1 < len(words) and words[number + 1] in ("的", "之"):  # 大治理之门: an attribute
        return False
    if tag == "vn":  # 发展, 建设: a verb at the head of a phrase, a noun behind another word
        return number == 0 or part(words[number - 1])[0] in "vdp"
    if tag[0] in "il":  # an idiom at the end is the predicate: 警钟长鸣
        return (number == len(words) - 1 and number > 0) or part(word[:2])[0] == "v"
    if len(word) == 1 and tag[0] == "v":  # next to another single character it is the rest of an unknown word
        alone = all(
            len(near) > 1 or near in "了着过不"
            for near in (*words[max(0, number - 1) : number], *words[number + 1 : number + 2])
        )
        return alone or word in "是有要让"
    return tag[0] == "v" or (len(word) >= 2 and word[-1] in _COMPLEMENTS and tag == "n" and not number)


def weigh(left: str, right: str, repeated: bool = False) -> tuple[float, str]:
    """Return how much speaks for closing the gap between two phrases (above 0: close), and why."""
    one, two = _side(left), _side(right)
    signals = [
        signal for signal in (*_form(left, right, one, two, repeated), *_grammar(one, two)) if signal[0]
    ]
    total = sum(weight for weight, _ in signals)
    leading = max(
        signals, key=lambda signal: signal[0] if total > 0 else -signal[0], default=(0.0, "no signal")
    )
    return total, leading[1]


def _quoted_share(text: str) -> float:
    """Return the share of a text that a quotation at its head takes."""
    found = _QUOTED.match(text)
    return found.end() / len(text) if found else 0.0


def _form(left: str, right: str, one: _Side, two: _Side, repeated: bool) -> list[tuple[float, str]]:
    opened = (
        left.count("“")
        - left.count("”")
        + left.count("《")
        - left.count("》")
        + left.count("「")
        - left.count("」")
    )
    both = one.width + two.width
    even = abs(one.width - two.width) <= 0.5 and one.width >= 4 and not one.ends_with_verb
    couplet = even and tuple(map(len, one.words)) == tuple(map(len, two.words))
    clauses = even and bool(one.verbs) and bool(two.verbs)
    return [
        (3.0 * crosses(left[-4:], right[:4]), "a word runs across the gap"),
        (4.0 * (opened > 0), "a quotation is open"),
        (2.5 * repeated, "the text has the phrase without the gap"),
        (2.0 * (min(one.width, two.width) <= 3), "a fragment of a phrase"),
        (1.0 * (both <= 9), "short as a whole"),
        (-1.0 * (both >= 18), "long as a whole"),
        (-3.0 * couplet, "two halves of the same build"),
        (-1.5 * (even and not couplet and clauses), "two halves of equal length"),
        (-1.0 * (even and not couplet and not clauses and one.width >= 5), "two halves of equal length"),
        (-3.0 * (two.text.endswith(_GENRES) and one.width >= 5), "the right side names the kind of article"),
        (
            -3.0
            * (
                one.width == two.width == 4
                and not (not one.verbs and two.starts_with_verb)
                and "“" not in right
            ),
            "two phrases of four characters",
        ),
        (-4.0 * is_name(left), "a name stands for itself"),
        (-3.0 * bool(_CLAUSE_END.search(left)), "the left clause has a final mark"),
        (
            -4.0 * (_WHOLE_QUOTE.fullmatch(left) is not None and one.width >= 5),
            "a quotation stands for itself",
        ),
    ]


def _grammar(one: _Side, two: _Side) -> list[tuple[float, str]]:
    last, first = one.words[-1] if one.words else "", two.words[0] if two.words else ""
    hangs = (
        (one.text[-1:] in _ENDS and len(last) == 1)
        or last in _END_WORDS
        or (part(last)[0] in "pc" and len(last) > 1)
    )
    coverb = bool(one.words) and one.words[0] in _COVERBS and len(one.verbs) <= int(0 in one.verbs)
    nominal = not one.verbs
    asks = two.text.startswith(_QUESTION)
    clauses = bool(one.verbs) and bool(two.verbs) and min(one.width, two.width) >= 4
    return [
        (3.5 * hangs, "the left side ends with a particle or preposition"),
        (3.5 * (first[:1] in _STARTS and first == first[:1]), "the right side begins with a particle"),
        (2.5 * (_COUNTED.search(one.text) is not None), "a number and a measure word want their noun"),
        (2.5 * coverb, "the left side lacks its verb"),
        (
            2.0
            * (
                (nominal and two.starts_with_verb and one.width <= 11)
                or (asks and (nominal or one.width <= 6))
            ),
            "a subject before its verb",
        ),
        (2.0 * (one.ends_with_verb and not two.starts_with_verb), "a verb before its object"),
        (1.2 * (bool(one.verbs) and two.is_nominal), "a verb and what it governs"),
        (1.5 * (nominal and not two.verbs and one.width + two.width <= 11), "a noun phrase"),
        (-2.5 * (clauses and two.starts_with_verb and not one.ends_with_verb), "two clauses"),
        (
            1.0 * (_quoted_share(two.text) >= 0.6 and one.text[-1:] not in "”》」"),
            "the right side is a quotation",
        ),
        (-7.0 * (_NUMBERED.fullmatch(one.text) is not None and len(one.text) > 1), "a number and its title"),
        (-2.5 * two.text.startswith(_SUBTITLES), "the right side is a subtitle"),
        (-1.0 * ("、" in two.text or "、" in one.text), "a list inside"),
        (
            -1.5
            * (bool(two.verbs) and not two.starts_with_verb and two.width >= 5 and not one.ends_with_verb),
            "the right side has its own subject",
        ),
        (-0.5, "a gap may be meant"),
    ]


# --------------------------------------------------------------------------- the pass


_TITLES = (Kind.HEADLINE, Kind.SUBHEAD, Kind.BOX_TITLE)


def close_up(desk: Desk, blocks: tuple[Block, ...]) -> tuple[Block, ...]:
    """Delete the gaps in headings that are no pauses."""
    if not desk.gauge.lang.startswith("zh"):
        return blocks
    reporting = tuple(desk.profile.list("reporting"))
    return tuple(
        _heading(desk, block, reporting) if block.kind in _TITLES and _has_gap(block.text) else block
        for block in blocks
    )


def _has_gap(text: str) -> bool:
    return len(text) <= _LONGEST and (" " in text or "\u3000" in text)


def _heading(desk: Desk, block: Block, reporting: tuple[str, ...]) -> Block:
    text = block.text
    changes: list[Change] = []
    for found in re.finditer(r"[ \u3000]+", text):
        change = _gap(desk, block, found, reporting)
        if change:
            changes.append(change)
    return replace(block, pieces=amend(block.pieces, changes))


def _gap(desk: Desk, block: Block, found: re.Match[str], reporting: tuple[str, ...]) -> Change | None:
    text = found.string
    if _AFTER_COLON.match(text, found.start()):
        why = "the colon is the pause"
        if desk.choose(COLON, source_span(block, *found.span()), "drop", "keep") == "keep":
            return Change(*found.span(), found[0], Op.KEEP, COLON, 0.99, why, "drop")
        return Change(*found.span(), "", Op.DROP, COLON, 0.99, why, "keep")
    if not _GAP.match(text, found.start()) or not desk.on(PHRASE):
        return None
    left = re.split(r"[ \u3000：:]", text[: found.start()])[-1]
    right = re.split(r"[ \u3000：:]", text[found.end() :])[0]
    if not left or not right or (_LATIN.match(left[-1]) and _LATIN.match(right[0])):
        return None
    score, why = weigh(
        left, right, _repeated(desk.text, left, right, source_span(block, *found.span()).start)
    )
    if block.kind is Kind.BOX_TITLE and em(text) <= 14:
        score, why = score + 2.0, why if score > 0 else "titles of boxes are one phrase"
    if left.endswith(reporting) and not right.startswith(("“", "「")):
        score, why = score - 6.0, "a reporting verb before the gap"
    taken, other = ("drop", "keep") if score > _CLOSE else ("keep", "drop")
    span = source_span(block, *found.span())
    if desk.choose(PHRASE, span, taken, other) != taken:
        taken, other = other, taken
    confidence = round(min(0.89, 0.55 + abs(score) * 0.07), 2)
    keep = taken == "keep"
    if keep and desk.source.cut(span) != found[0]:  # a line break that an earlier pass set as a gap
        return None
    return Change(
        *found.span(), found[0] if keep else "", Op.KEEP if keep else Op.DROP, PHRASE, confidence, why, other
    )


def _repeated(source: str, left: str, right: str, at: int = 0) -> bool:
    """Tell whether the text near a heading has the end of one side and the beginning of the other
    as one phrase."""
    tail, head = _QUOTES.sub("", left)[-3:], _QUOTES.sub("", right)[:3]
    near = slice(max(0, at - _NEAR), at + _NEAR)
    return len(tail) == 3 and len(head) == 3 and tail + head in source[near]
