"""Box names: what the title of a box says of its kind, and the labels that stand in its paragraphs.

The names are vocabulary of the profile (核心提示, 名词解释, 数读…); a date is told by its shape. Rationale
and case file: those of `boxes`.
"""

from __future__ import annotations

import re
from functools import cache

from ..detect.desk import Desk
from ..detect.gauge import em

__all__ = [
    "COUNT",
    "DATE",
    "INLINE",
    "entitles",
    "hints",
    "inline_label",
    "is_advice",
    "is_composed",
    "is_explanation",
    "is_known",
    "is_told",
    "names",
    "packed",
]

_SPACE = re.compile(r"\s+")
DATE = re.compile(
    r"(?:\d{2,4}|[一二三四五六七八九十〇○零]{2,4})\s*年|\d{1,2}\s*月|\d{1,2}日|\d{1,2}[:：]\d{2}|^\d{4}(?:\s*[-—–~至]\s*\d{2,4})?$|(?:19|20)\d\d|上旬|中旬|下旬|世纪|\d{4}년|\d{1,2}월|年代"
)
INLINE = re.compile(r"(?P<label>[^，。；！？：:—–“”\n]{1,24}?)(?P<mark>：|:(?!\d) ?| ?(?:——|—|–) ?|　)(?=\S)")
_TALK = re.compile(
    r"^(?:问|答|记者|記者|主持人|Q|A|[^，]{0,6}(?:算过|写道|回忆|解释|坦言|笑道|提醒"
    r"|说|表示|指出|认为|介绍|强调|称|道))$"
)
# the number of a part of the text
COUNT = re.compile(r"[（(]?(?:[一二三四五六七八九十]{1,3}|\d{1,2}|[ivxⅠ-Ⅻ]{1,4})[)）.、]?")


# how titles of boxes are made: 山南高铁档案, 阶梯水价怎么算, 东门夜市小檔案, How the Ferry Came Back
_MADE = re.compile(
    r"""[读看讀]懂|^(?:一图|图解|速览|一览|如何|怎样|怎么|什么是|揭秘|盘点|附[：:]|(?:名词|新闻|相关|知识|数据|人物|资料|背景)
    |知多[点點]|話你知|小知[识識]|howto|howthe|keydates|keyfacts|what|who|when|bythe)
    |(?:档案|檔案|名片|一[览覽]|大事|足迹|足跡|[历歷]程|[历歷]史|[简簡][历歷介]|年[谱譜]|[清名菜]单|[清名]單|榜|看[点點]|要[点點]|亮[点點]
    |[问問]答|[支三五六七八九十几两四]招|步走|[贴貼]士|提[醒示]|建[议議]|[须須]知|指南|攻略|[时時]刻表|日程|安排|[赛賽][程果]|[战戰][绩績果]|票价|票價
    |菜价|价格|行情|[报報][价價]|天[气氣]|[数數][据據字]|比分|怎么[去走吃用]|得主|[获獲]奖者|[获獲]獎者|法[条條]|[链鏈][接]|背景|[词詞]典|[资資]料|[区區][别別]|不同|怎么[办算领看]|[年大]事表
    |ataglance|timeline|chronology|numbers|facts|dates|glance|연표|연혁|일지|일정|이란|란[?？])(?:[（(][^）)]{1,6}[）)])?$""",
    re.VERBOSE,
)
_PARTED = re.compile(r"[：:丨|｜·•/／]")


def is_known(desk: Desk, title: str) -> bool:
    """Tell whether a packed title is the name of a summary or a note, alone or before a subject
    (链接：三条新线)."""
    known = names(desk, "abstract") | names(desk, "note")
    head = _PARTED.split(title, maxsplit=1)[0]
    return title in known or (len(head) >= 2 and head != title and head in names(desk, "note"))


# what of, and what it is: 名词链接, 赛事资料, 人物名片
_COMPOSED = re.compile(
    r"[\u4e00-\u9fff]{2,4}(?:[链鏈][接结結]|[贴貼]士|[词詞辞辭]典|解[释釋]|名片|[简簡][介历歷]|[档檔]案|[词詞][条條]|卡片|背景|延伸|知[识識]"
    r"|[资資]料|[释釋][义義]|[阅閱][读讀])"
)
# who, and what they say: 医生提醒, 律师建议; also the last section of many reports
_SAYS = re.compile(
    r"[\u4e00-\u9fff]{2,4}(?:提醒|提示|建[议議]|支招|支[着著]|[点點][评評]|[释釋]疑|手[记記]|科普)"
)
_EXPLAINS = re.compile(
    r"[\u4e00-\u9fff]{2,4}(?:[说說释釋]法|解[读讀])"
)  # 法官说法: what was found, or a note
# parts of a report on a case, in their order (案情回放 … 法官说法): sections, not boxes
_CASE = re.compile(
    r"(?:基本)?(?:案[情例件]|事件|[经經]过|故事)?(?:回放|回[顾顧]|[简簡]介|再[现現]|始末|[经經]过)|基本案情|案情|案例"
)
_FINDING = re.compile(
    r".{0,6}(?:[说說释釋]法|[评評]析|[点點][评評]|[审審]理|判[决決]|裁判|[调調]解|[说說][理案]|分析|裁定|[结結]果|意[义義]|[审審]判)|法[官院].{2,4}|律[师師].{2,4}|[专專]家.{2,4}"
)


def is_composed(title: str) -> bool:
    """Tell whether a packed title is made of a subject and the name of a note (赛事资料, 名词链接)."""
    return _COMPOSED.fullmatch(title) is not None


def is_advice(title: str) -> bool:
    """Tell whether a packed title is made of a person and a word for advice (医生提醒)."""
    return _SAYS.fullmatch(title) is not None


def is_explanation(title: str) -> bool:
    """Tell whether a packed title is made of a person and a word for explaining (法官说法)."""
    return _EXPLAINS.fullmatch(title) is not None


def is_told(title: str, after: str) -> bool:
    """Tell whether two packed headings are the facts of a case and what was found of it."""
    return _CASE.fullmatch(title) is not None and _FINDING.fullmatch(after) is not None


def hints(desk: Desk, title: str) -> bool:
    """Tell whether a packed title is made as those of boxes are; entries have to stand below it."""
    return entitles(desk, title) or (len(title) <= 40 and _MADE.search(title) is not None)


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
    if not found or _TALK.match(found["label"]) or em(found["label"]) > 18:
        return ""
    if found["mark"] == "　" and not DATE.search(found["label"]):
        return ""
    return found["label"]
