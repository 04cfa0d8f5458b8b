"""The seam: two phrases of a headline that meet at a gap, and what speaks for closing it.

Each signal has a weight in natural logarithms of the odds, above 0 for closing; the sum decides. The
ground is the cadence (`cadence`), which has read much news; the others are grammar and form that are
rare in running text: couplets, columns, names, numbers of chapters. Their weights were fitted
together on the marked headlines of the benchmark (`scripts/train_cadence.py weights`); those of rare
forms are set by hand.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache

from ..detect.gauge import em
from ..detect.names import is_name
from .cadence import read
from .words import VERBS, best, crosses, listed, part, simple

__all__ = ["Scale", "Weight", "signals", "weigh"]

_NOUN = "\ufffc"
_QUOTED = re.compile(r"“[^“”]{1,12}”|《[^《》]{1,20}》|「[^「」]{1,12}」|‘[^‘’]{1,12}’")
_WHOLE_QUOTE = re.compile(r"[“「][^“”「」]+[”」]")
_QUOTES = re.compile(r"[“”‘’《》「」『』]")
_COUNTED = re.compile(
    r"(?:首|第[一二三四五六七八九十\d]+|[一二两三四五六七八九十百千万几数多\d])"
    r"[个条批项座家名位辆架艘处所只种类场届]$"
)
_ENDS = frozenset(
    "的之与和及或暨在对向从为把被将让使以于由至到比跟给按据而是不也都就才要能可应须再更最很个一"
)
_END_WORDS = frozenset(listed("unfinished"))
_STARTS = frozenset("的地得了着过之们等与和及者性化率里中上下内外后前时吗呢吧")
_COVERBS = frozenset("把将让使被从在为当对给向以")
_ADVERBS = frozenset(listed("adverbs"))
_COMPLEMENTS = frozenset("成为到出上入下起进向定牢好强紧稳实")
_QUESTION = listed("questions")
_NUMBERED = re.compile(
    r"第[\d一二三四五六七八九十百]{1,4}[章节条编回集部篇讲]|[（(]?[\d一二三四五六七八九十]{1,3}[）)、.．]?|[①-⑳]"
)
_ISSUE = re.compile(r"[（(]?第[\d一二三四五六七八九十百零〇]{1,6}[号期批次]{1,2}[）)]?")
_RUNNING = ("，", "、", "；")
_SUBTITLES = listed("subtitles")
_GENRES = listed("genres")
_COLUMNS = frozenset(listed("columns"))
_BRACKETS = "（〔【"
_CLAUSE_END = re.compile(r"[？！?!。]$")


@dataclass(frozen=True, slots=True)
class Weight:
    """One signal: how much it speaks for closing (above 0) or for a pause, and its name."""

    value: float
    why: str


@dataclass(frozen=True, slots=True)
class Scale:
    """All signals at one gap."""

    weights: tuple[Weight, ...]

    @property
    def total(self) -> float:
        return sum(weight.value for weight in self.weights)

    @property
    def why(self) -> str:
        """Return the signal that speaks loudest for the outcome."""
        sign = 1 if self.total > 0 else -1
        loudest = max(self.weights, key=lambda weight: sign * weight.value, default=Weight(0.0, "no signal"))
        return loudest.why


@dataclass(frozen=True, slots=True)
class _Side:
    """The phrase on one side of a gap: its text, width in em, words, and where its verbs are."""

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
    def shape(self) -> tuple[int, ...]:
        return tuple(map(len, self.words))


def weigh(left: str, right: str, context: Iterable[Weight] = (), heard: float | None = None) -> Scale:
    """Return what speaks for closing the gap between two phrases (total above 0) or for keeping it;
    `context` is what the page adds, `heard` the cadence of the whole heading at this gap."""
    return Scale((*signals(left, right, read(left, right)[0] if heard is None else heard), *context))


@lru_cache(maxsize=512)
def signals(left: str, right: str, heard: float) -> tuple[Weight, ...]:
    """Return the cadence and the signals that two phrases give by themselves; the right one counts up to
    its colon."""
    left, right = simple(left), simple(right)
    phrase, _, rest = right.replace(":", "：").partition("：")
    one, two = _side(left), _side(phrase or right)
    speaks = bool(phrase and rest) and two.width <= _SPEAKER and not (is_name(phrase) and not one.verbs)
    right = two.text
    found = [
        Weight(_CADENCE * heard, "read as one phrase" if heard > 0 else "read with a pause"),
        Weight(-4.0 * speaks, "the right side begins with who speaks"),
        *_form(one, two),
        *_grammar(one, two),
    ]
    return tuple(weight for weight in found if weight.value)


_CADENCE = 0.65  # fitted on pages whose headlines it had not learnt: it is less sure than it says
_SPEAKER = 8  # em; what is longer before a colon is more than who speaks


def _side(text: str) -> _Side:
    bare = _QUOTES.sub("", text)
    words = best(_QUOTED.sub(_NOUN, text))[1]  # what is quoted stands as one noun in the phrase
    verbs = tuple(n for n, _ in enumerate(words) if _is_verb(words, n))
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
        return word in "是有要让" or _stands_alone(words, number)
    return tag[0] == "v" or (len(word) >= 2 and word[-1] in _COMPLEMENTS and tag == "n" and not number)


def _stands_alone(words: tuple[str, ...], number: int) -> bool:
    near = (*words[max(0, number - 1) : number], *words[number + 1 : number + 2])
    return all(len(word) > 1 or word in "了着过不" for word in near)


def _form(one: _Side, two: _Side) -> tuple[Weight, ...]:
    left, right = one.text, two.text
    opened = sum(left.count(o) - left.count(c) for o, c in ("“”", "《》", "「」"))
    even = abs(one.width - two.width) <= 0.5
    couplet = even and one.width >= 3 and one.shape == two.shape
    named = right.endswith(_GENRES) and one.width >= 5
    return (
        Weight(4.0 * (opened > 0), "a quotation is open"),
        Weight(4.0 * right.startswith("——"), "the dash is the pause"),
        Weight(-4.0 * (right[0] in _BRACKETS or left.count("（") > left.count("）")), "a remark in brackets"),
        Weight(0.4 * crosses(left[-4:], right[:4]), "a word runs across the gap"),
        Weight(0.3 * (min(one.width, two.width) <= 3), "a fragment of a phrase"),
        Weight(-0.7 * couplet, "two halves of the same build"),
        Weight(-0.7 * (even and not couplet and one.width >= 4), "two halves of equal length"),
        Weight(-2.5 * named, "the right side names the kind of article"),
        Weight(-2.5 * (left in _COLUMNS), "the left side names a column"),
        Weight(-3.0 * is_name(left), "a name stands for itself"),
        Weight(-3.0 * bool(_CLAUSE_END.search(left)), "the left clause has a final mark"),
        Weight(
            -3.0 * (_WHOLE_QUOTE.fullmatch(left) is not None and one.width >= 5),
            "a quotation stands for itself",
        ),
        Weight(-7.0 * (_NUMBERED.fullmatch(left) is not None and len(left) > 1), "a number and its title"),
        Weight(-7.0 * (_ISSUE.fullmatch(right) is not None), "a title and the number of its issue"),
        Weight(9.0 * left.endswith(_RUNNING), "the comma is the pause"),
        Weight(-0.6 * right.startswith(_SUBTITLES), "the right side is a subtitle"),
    )


def _grammar(one: _Side, two: _Side) -> tuple[Weight, ...]:
    last, first = one.words[-1], two.words[0]
    hangs = (
        (one.text[-1] in _ENDS and len(last) == 1)
        or last in _END_WORDS
        or (part(last)[0] in "pc" and len(last) > 1)
    )
    coverb = one.words[0] in _COVERBS and len(one.verbs) <= int(0 in one.verbs)
    nominal = not one.verbs
    subject = (nominal and two.starts_with_verb and one.width <= 11) or (
        two.text.startswith(_QUESTION) and (nominal or one.width <= 6)
    )
    return (
        Weight(0.5 * hangs, "the left side ends with a particle or preposition"),
        Weight(0.5 * (first in _STARTS), "the right side begins with a particle"),
        Weight(0.4 * (_COUNTED.search(one.text) is not None), "a number and a measure word want their noun"),
        Weight(0.5 * coverb, "the left side lacks its verb"),
        Weight(0.4 * subject, "a subject before its verb"),
        Weight(
            0.5 * (_quoted_share(two.text) >= 0.6 and one.text[-1] not in "”》」"),
            "the right side is a quotation",
        ),
    )


def _quoted_share(text: str) -> float:
    """Return the share of a text that a quotation at its head takes."""
    found = _QUOTED.match(text)
    return found.end() / len(text) if found else 0.0
