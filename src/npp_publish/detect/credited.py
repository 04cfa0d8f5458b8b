"""Credits in brackets, and the like without: （记者 李四 通讯员 王五）, 【記者陳亭君／南灣報導】.

Rationale: behind a word for a reporter, inside brackets, a word of two to four characters is a name of
whatever surname; a report names its place behind a stroke (A). Names alone in brackets sign only where a
text has ended (B). Case files: tests/cases/byline.md, tests/cases/credits.txt.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from ..model import Role
from .abroad import Tag
from .callings import GENERAL
from .names import is_name

__all__ = ["inside", "names_in_brackets", "reported"]

_HAN = "\u4e00-\u9fff"
_ABOUT = re.compile(r"单位|單位|作者(?:系|为|是|均)|[图圖](?:片|\d)")  # what is said of an author or picture
# a bureau or paper and a name, as Japanese and Hong Kong papers sign
_BUREAU = re.compile(
    rf"(?P<agency>[{_HAN}\u30a0-\u30ff]{{0,10}}(?:支局|本社|本紙|支社|総局|通信部|新聞|新報|日報|時報|社|社会部|運動部|経済部|政治部|文化部|写真部))\s*[・·＝=／/]\s*"
    rf"(?P<name>[{_HAN}]{{1,3}}[\s\u3000]?[\u3040-\u30ff{_HAN}]{{1,4}})"
)
_TOWN = re.compile(
    rf"(?P<place>[\u30a0-\u30ff{_HAN}]{{2,8}})[＝=](?P<name>[{_HAN}]{{1,3}}[\s\u3000]?[\u3040-\u30ff{_HAN}]{{1,4}})"
)
# what stands behind `记者` and is no name (记者手记, 记者从…获悉)
_NO_NAME = (
    r"手[记記]|[调調]查|[观觀]察|[来來]信|札[记記]|[专專]访|[专專]訪|述[评評]|[团團協协节節]"
    r"|[了獲获從从在]|[见見][闻聞]|采写|採寫|摄影|整理|综合|報導|报道"
)
_ROLE = (
    r"(?:(?:参与)?(?:首席|见习|見習|实习|實習|特约|特約|特派|全媒体|融媒体|摄影|攝影|文字|视频|[驻駐][\u4e00-\u9fff]{1,4})*(?:[记記]者|特派[员員]|通[讯訊][员員])"
    r"|[实實][习習]生|[评評][论論][员員]|[编編][译譯辑輯]|作者|[执執][笔筆]|整理|参与采写|采写|採訪|采访)"
)
_NAME = rf"(?!{_NO_NAME}|{_ROLE}|[{_HAN}]{{1,4}}[摄攝])(?:[{_HAN}]{{2}} [{_HAN}](?=$|[、，,;；]|\s[{_HAN}]{{2}})|[{_HAN}·]{{2,4}}?(?=$|[、，,;；／/\s]|{_ROLE}))"  # noqa: E501
_GROUP = re.compile(
    rf"(?P<agency>(?!{_ROLE})[《]?[{_HAN}A-Za-z+·]{{1,10}}?(?:[社报報网網台刊》]|新[闻聞]|中心|客户端|周刊))?(?P<role>{_ROLE})[\s\u3000:：]*"
    rf"(?P<names>{_NAME}(?:[、，, \u3000]+{_NAME})*)"
)
_GROUPS_APART = re.compile(r"[\s\u3000、，,；;／/]*")
_HOW = "(?:連線|连线|综合|綜合|现场|現場|專題|专题|外電|外电|特别|獨家|独家|联合|聯合|摄影|攝影)"
_VERB = "(?:報導|报道|報道|专访|專訪|特稿|专电|專電|電|电)"
_DAY = r"(?:[一二三四五六七八九十廿\d]{1,3}日)?"
_TAIL = re.compile(
    rf"[／/\s\u3000]+(?P<place>[{_HAN}]{{2,6}}?(?:[、及][{_HAN}]{{2,6}}?)*)??{_DAY}{_HOW}*{_VERB}$|[／/]{_HOW}+{_VERB}$"
)
_GLUED = re.compile(
    rf"(?:[记記]者|特派[员員])(?P<name>[{_HAN}]{{2,3}})(?P<place>[{_HAN}]{{2,4}}?){_DAY}{_HOW}*{_VERB}$"
)
_BARE = re.compile(rf"(?:{_HOW}|采访|採訪)?(?:報導|报道|報道|專訪|专访|特稿)$")
_NAMES = re.compile(
    rf"[（(【]\s*(?P<names>[{_HAN}·]{{2,4}}(?:[、，, \u3000]+[{_HAN}·]{{2,4}}){{0,3}})\s*[）)】]"
)
_NO_SIGNATURE = re.compile(r"[完图圖文版例注表左右上下篇]$|^(?:全文|未完|待续)")


def inside(text: str) -> tuple[Tag, ...] | None:
    """Read what stands inside brackets; None where it is no credit."""
    if _ABOUT.search(text):
        return None
    for pattern, first in ((_BUREAU, Role.AGENCY), (_TOWN, Role.PLACE)):
        if found := pattern.fullmatch(text):
            return Tag(*found.span(1), first), Tag(*found.span("name"), Role.AUTHOR)
    return reported(text, True)


def reported(text: str, bracketed: bool = False) -> tuple[Tag, ...] | None:
    """Read groups of role and names and the place of the report: 記者簡若谷、林書豪／谷關報導.

    Without brackets the report must be told, and the first word be a role."""
    end, place = len(text), None
    tail = _TAIL.search(text)
    spaced = tail is not None and not tail["place"] and not re.search("[／/]", tail[0])  # 摄影报道 is a role
    if tail and tail.start() > 0 and (bracketed or not spaced):
        end, place = tail.start(), tail.span("place") if tail["place"] else None
    elif (glued := _GLUED.search(text)) and is_name(glued["name"]):
        end, place = glued.end("name"), glued.span("place")
    elif not bracketed:
        return None
    elif bare := _BARE.search(text):
        end = bare.start()
    tags = _groups(text[:end].rstrip(" \u3000／/"))
    if tags is None and bracketed and tail and tail.start() > 0:
        tags = _alone(text[:end])
    if tags is None:
        return None
    if place and text[slice(*place)] not in GENERAL:
        tags.extend(
            Tag(place[0] + m.start(), place[0] + m.end(), Role.PLACE) for m in _places(text[slice(*place)])
        )
    return tuple(tags)


def _places(text: str) -> Iterator[re.Match[str]]:
    return re.finditer(rf"[{_HAN}]{{2,6}}", re.sub("[及]", "、", text))


def _groups(text: str) -> list[Tag] | None:
    """Read the whole of a text as groups of agency, role and names."""
    tags: list[Tag] = []
    at = 0
    while at < len(text):
        found = _GROUP.match(text, at)
        if found is None:
            return None
        if found["agency"]:
            tags.append(Tag(*found.span("agency"), Role.AGENCY))
        tags.append(Tag(*found.span("role"), Role.ROLE))
        start = found.start("names")
        names = re.finditer(_NAME, found["names"])
        tags.extend(Tag(start + name.start(), start + name.end(), Role.AUTHOR) for name in names)
        apart = _GROUPS_APART.match(text, found.end())
        at = apart.end() if apart else found.end()
    return tags or None


def _alone(text: str) -> list[Tag] | None:
    names = list(re.finditer(rf"[{_HAN}·]+", text))
    if not names or len(names) > 4 or not all(is_name(name[0]) for name in names):
        return None
    return [Tag(*name.span(), Role.AUTHOR) for name in names]


def names_in_brackets(text: str) -> tuple[Tag, ...]:
    """Read names alone in brackets: （卫冕）, （孟晓岚 何川）. They sign where a text has ended."""
    found = _NAMES.fullmatch(text)
    if found is None or _NO_SIGNATURE.search(found["names"]):
        return ()
    start = found.start("names")
    return tuple(Tag(tag.start + start, tag.end + start, tag.role) for tag in _alone(found["names"]) or ())
