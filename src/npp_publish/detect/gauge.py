"""The line gauge: what is measured of a page before anything is decided.

Widths are in ems: an East Asian wide or full-width character is 1, any other 0.5. A *line* here is
a line of running text; headings, labels and blank lines are not measured.
"""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass

from ..model import Source
from .profile import Profile

__all__ = ["Gauge", "em", "language", "measure"]

HAN = "\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\u3007\U00020000-\U0003ffff"
KANA = "\u3040-\u30ff\u31f0-\u31ff"
HANGUL = "\uac00-\ud7af\u1100-\u11ff\u3130-\u318f"
_WIDE = re.compile(f"[{HAN}{KANA}{HANGUL}\u2e80-\u2fdf\u3000-\u303f\uff01-\uff60\uffe0-\uffe6‘’“”…—·]+")
_LETTERS = {
    "han": re.compile(f"[{HAN}]"),
    "kana": re.compile(f"[{KANA}]"),
    "hangul": re.compile(f"[{HANGUL}]"),
    "latin": re.compile("[A-Za-z\u00c0-\u024f]"),
}

# Characters whose simplified and traditional forms differ and that hardly any page does without.
_SIMPLIFIED = frozenset(
    "国这个们来时为说经会发对学产后种过动进业还里两开关长东车见门问间书马乐报记电话议党员华点选闻实应势"
)
_TRADITIONAL = frozenset(
    "國這個們來時為說經會發對學產後種過動進業還裡兩開關長東車見門問間書馬樂報記電話議黨員華點選聞實應勢"
)

_SAMPLE = 200_000  # characters looked at; enough for any statistic here, and bounds the time


@dataclass(frozen=True, slots=True)
class Gauge:
    """Language, the column width in ems (0 where lines are not wrapped), and habits of writing.

    `curly` and `straight` count quotation marks, `full` and `half` digits by width, `marked` says
    that the page marks its headings (`#`, `**`).
    """

    lang: str
    column: float
    curly: int
    straight: int
    full: int
    half: int
    marked: bool


def em(text: str) -> float:
    """Return the width of a text in ems."""
    wide = sum(map(len, _WIDE.findall(text)))
    return wide + (len(text) - wide) / 2


def language(text: str) -> str:
    """Return the BCP 47 tag of a text: zh-Hans, zh-Hant, ja, ko, en, or `und` without letters."""
    seen = Counter(text[:_SAMPLE])
    distinct = "".join(seen)
    counts = {
        script: sum([seen[letter] for letter in letters.findall(distinct)])
        for script, letters in _LETTERS.items()
    }
    if not any(counts.values()):
        return "und"
    if counts["hangul"] > counts["han"]:
        return "ko"
    # one kana in twenty ideographs is far more than a Chinese page quotes
    if counts["kana"] * 20 > counts["han"] > 0 and counts["kana"] > 20:
        return "ja"
    if counts["han"] * 4 < counts["latin"]:
        return "en"
    simplified = sum([seen[c] for c in _SIMPLIFIED if c in seen])
    traditional = sum([seen[c] for c in _TRADITIONAL if c in seen])
    return "zh-Hant" if traditional > simplified else "zh-Hans"


def measure(source: Source, profile: Profile) -> Gauge:
    """Measure a page."""
    text = source.text[:_SAMPLE]
    return Gauge(
        lang=profile.lang or language(text),
        column=_column(text),
        curly=sum(text.count(c) for c in "“”‘’「」『』"),
        straight=text.count('"'),
        full=sum(text.count(c) for c in "０１２３４５６７８９"),
        half=sum(text.count(c) for c in "0123456789"),
        marked=_MARKED.search(text) is not None,
    )


# a jump line in a heading says nothing of how the page marks its headlines
_MARKED = re.compile(r"^#{1,6}[ \t](?![^\n]{0,8}(?:上接|下转|下轉|续|Continued|From page))", re.M)


def _column(text: str) -> float:
    """Return the width that wrapped lines are set to, or 0.

    Lines of a column are as wide as it, except the last of each paragraph; so in the runs of three
    lines and more the usual width stands out, and few lines are wider.
    """
    widths: list[float] = []
    for run in re.split(r"\n[ \t\u3000]*\n", text):
        lines = [line.strip() for line in run.split("\n")]
        plain = [em(line) for line in lines if line and line[0] not in "#|>*!"]
        if len(plain) >= 3:
            widths.extend(plain[:-1])
    if len(widths) < 4:
        return 0.0
    widths.sort()
    usual = widths[int(len(widths) * 0.75)]
    near = sum(1 for width in widths if abs(width - usual) <= max(2.0, usual * 0.12))
    return usual if near >= 0.6 * len(widths) and usual <= 60 else 0.0
