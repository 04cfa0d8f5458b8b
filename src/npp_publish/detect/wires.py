"""Wires: how a dateline is worded: 新华社北京3月6日电, 【本報南京十日專電】, LONDON (AP) —, (서울=연합뉴스).

Rationale: agency, place, date and a word for the wire stand in a fixed order, glued or parted by spaces; a
part may be missing where brackets or another part make the line sure. A note of the source (据新华社, 综合
外电, 摘自《…》) is read only as a whole (A). Case files: tests/cases/dateline.md, tests/cases/credits.txt.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from ..model import Role
from . import slipped
from .abroad import Tag

__all__ = ["LONGEST", "Filed", "parse", "taken"]

LONGEST = 80  # characters of a text in which a dateline is looked for
_HAN = "\u4e00-\u9fff"
_GAP = r"[ \u3000]?"
_NUMBER = r"(?:[\d０-９]{1,2}|[一二三四五六七八九十廿卅]{1,3})"
_DATE = rf"(?:\d{{4}}年)?(?:{_NUMBER}月)?{_NUMBER}[日号號]"
_HOUSE = (
    rf"(?:[{_HAN}]{{1,10}}?(?:社|网|網|報|报|台|臺|通[讯訊](?!社)|處|处|电视|周刊|週刊|新[闻聞](?!社)|客户端|日报|晚报|晨报|时报|日報|融媒)"
    rf"|[{_HAN}]{{1,6}}?[报報]?(?=记者|記者))"
)
_RANK = r"(?:全媒体|融媒体|首席|见习|見習|实习|特约|特派|摄影|[驻駐][\u4e00-\u9fff]{1,4})?"
_REPORTER = rf"{_RANK}(?:[记記]者|通[讯訊][员員]|特派[员員])"
_NAMES = rf"[{_HAN}·]{{2,4}}(?:[、，][{_HAN}·]{{2,4}})*"
# （记者 张三 通讯员 李四） or, parted by spaces, 记者张三、李四 通讯员王五; （孟晓岚 何川）
_BY = (
    rf"(?P<by>\s*[（(](?:(?:[{_HAN}]{{1,8}})?{_REPORTER}[^（()）]{{1,40}}|{_NAMES}(?:[ \u3000]{_NAMES}){{0,2}})[）)]"  # noqa: E501
    rf"|[ \u3000]{_REPORTER} ?{_NAMES}(?: {_REPORTER} ?{_NAMES})*(?=[ \u3000]))?"
)
_WIRE = r"(?:供本[报報](?:专电|專電|特稿)|(?:专|專|特|急|快|航|[综綜]合)?(?:电|電|讯|訊)|(?:[综綜]合)?(?:消息|报道|報道|報導)|通[讯訊]|通信|[记記]者[专專][访訪])"  # noqa: E501
_CLOCK = r"(?:[上下]午|[早晚午夜]|凌晨)?(?:[零〇一二三四五六七八九十\d]{1,3}[时時點点])?"
_CHINESE = re.compile(
    rf"(?P<open>[（(【\[〔［])?\s*(?:据|據|[综綜]合)?(?P<agency>{_HOUSE}){_GAP}(?P<place>[{_HAN}·]{{2,12}}?)??{_GAP}(?P<date>{_DATE})?{_CLOCK}\s*"
    rf"(?P<kind>{_WIRE})(?(open)(?:[ \u3000]?(?P<signed>{_REPORTER}[ \u3000]?{_NAMES}))?)(?P<close>[）)】\]〕］]?){_BY}"  # noqa: E501
)
# （中央社記者陳亭君台北5日電）
_CORRESPONDENT = re.compile(
    rf"[（(【\[〔［](?P<agency>{_HOUSE})(?P<role>{_REPORTER})(?P<name>[{_HAN}]{{2,3}})(?P<place>[{_HAN}]{{2,6}}?){_DATE}?(?:专|專)?[电電讯訊][）)】\]〕］]"
)
_SHORT = re.compile(
    rf"(?P<agency>本[报報刊社网網]|【?本报讯|[{_HAN}]{{2,4}}(?= ?讯 记者))(?P<kind>讯|訊|综合消息)(?P<close>(?!)x)?{_BY}"  # noqa: E501
)
_MONTH = r"(?:Jan|Feb|Mar|Apr|May|June?|July?|Aug|Sept?|Oct|Nov|Dec)[a-z]*\.?"
_ENGLISH = re.compile(
    rf"(?:[（(](?P<before>[A-Z][A-Za-z ]{{1,24}})[）)]\s+)?(?P<place>[A-Z][A-Z .,'’-]{{2,40}}[A-Z](?:,\s*[A-Z][a-z]+\.?)?)"  # noqa: E501
    rf"(?:,\s*(?P<date>{_MONTH}\s+\d{{1,2}}|\d{{1,2}}\s+{_MONTH}))?\s*"
    r"(?:[（(](?P<agency>[A-Z][A-Za-z ]{1,24})[）)])?\s*(?:--|—|–|\.—|\.-|(?<=\s)-(?=\s))\s*"
)
_KOREAN = re.compile(
    r"[（(\[【](?:(?P<place>[가-힣]{2,8})\s?=\s?)?(?P<agency>[가-힣A-Za-z]{0,10}(?:뉴스|뉴시스|통신|일보|신문|경제))[）)\]】]\s*"
    r"(?P<by>[가-힣]{2,4}\s*(?:기자|특파원))?(?:\s*=)?\s*"
)
# 【ワシントン共同】, 【北京5日時事】
_JAPANESE = re.compile(
    rf"【(?P<place>[\u30a0-\u30ff]{{2,10}}|[{_HAN}]{{2,4}}?)(?P<date>{_DATE})?(?P<agency>共同|時事|ロイター|ＡＦＰ|AFP|ＡＰ|AP|ＵＰＩ|新華社)】"
)
# without an agency: 本市訊, 〔又電〕, 【紐約十三日電】
_LOCAL = re.compile(
    r"(?P<open>[（(【\[〔［]?)\s*(?P<agency>本市|本埠|本县|本縣|外埠|各地|又|另)(?:专|專|特|综合)?(?:讯|訊|电|電|消息|新聞)\s*(?P<close>[）)】\]〕］]?)"
)
_PLACED = re.compile(
    rf"[（(【\[〔［]\s*(?P<place>[{_HAN}]{{2,6}}?)\s*(?P<date>{_DATE})\s*{_CLOCK}(?:专|專)?(?:电|電|讯|訊)\s*[）)】\]〕］]\s*"
)
# （渔光港讯）: a place of its own in brackets
_FROM_PLACE = re.compile(
    rf"[（(【\[〔［](?P<place>[{_HAN}]{{2,6}}?)(?:专|專|特|快|通|综合)?[讯訊电電][）)】\]〕］]\s*"
)
# of a firm's own release: （2025年3月28日，临江）
_RELEASED = re.compile(rf"[（(](?P<date>{_DATE})[，,、 ]\s?(?P<place>[{_HAN}]{{2,8}})[）)]")
_RELEASED_AT = re.compile(rf"[（(](?P<place>[{_HAN}]{{2,8}})[，,、 ]\s?(?P<date>{_DATE})[）)]")
_ALL = (_CORRESPONDENT, _CHINESE, _SHORT, _LOCAL, _PLACED, _FROM_PLACE, _RELEASED, _RELEASED_AT, _KOREAN, _JAPANESE, _ENGLISH)  # fmt: skip  # noqa: E501
_SURE = (_CORRESPONDENT, _FROM_PLACE, _PLACED, _RELEASED, _RELEASED_AT, _JAPANESE)
_NOT_A_PLACE = re.compile(r"记者|記者|通讯|报道|消息|[的了在是于为将从被]")
_HEADWORDS = frozenset(
    (
        "UPDATE",
        "UPDATED",
        "CORRECTION",
        "EDITOR'S NOTE",
        "EDITOR’S NOTE",
        "WARNING",
        "ANALYSIS",
        "OPINION",
        "SPORTS",
    )
)
_KNOWN = (
    r"(?:新华|新華|中新|中央|法新|路透|美联|美聯|合众|合眾|共同|时事|時事|塔斯|俄新|韩联|韓聯|德新|埃菲|安莎|彭博|中国新闻|中國新聞)(?:社|通讯社|通訊社)"
    r"|新华网|新華網|人民网|中新网|中新網|央视(?:新闻|网)?|新华每日电讯|外电|外電|法新|路透"
)
_SOURCE = rf"[《“「]?(?:{_KNOWN}|[{_HAN}A-Za-z·+]{{2,14}}?)[》”」]?"
_FROM = r"(?:综合自?|綜合|据|據|摘自|选自|選自|转载自|轉載自|转自|轉自|原载于?|原載|载于|稿件来源[：:]|来源[：:]|來源[：:]|稿源[：:])"  # noqa: E501
_KIND_OF_SOURCE = r"(?:客户端|微信公众号|公众号|官方微博|微博|网站|官网|等媒体|等)?"
_TAKEN = re.compile(
    rf"{_FROM}\s?(?P<first>{_SOURCE}){_KIND_OF_SOURCE}(?P<more>(?:[、，和及与]\s?{_SOURCE}{_KIND_OF_SOURCE}){{0,4}})(?:综合)?(?:电|電|讯|訊|报道|報道|報導|消息|稿|整理)?"
)
_BARE = re.compile(
    rf"(?P<first>{_KNOWN}|本[报報刊])(?:(?<=本[报報刊])(?:[综綜]合(?:消息|报道|報道)?|[讯訊])|(?<![报報刊])(?:电|電|稿|供稿|供本报专电)?)(?P<more>)"
)


# what a dateline with slips begins with, up to its last word
_SLIPPED = re.compile(
    rf"[（(【]? ?(?:据 ?)?(?:[本木] ?[报報抿]|[{_HAN}]{{2,4}} ?[{_HAN}]? ?[社杜]|[{_HAN}]{{1,5}} ?[报報抿])[ {_HAN}\d０-９]{{0,16}}[电電讯訊汛屯申]"  # noqa: E501
)


@dataclass(frozen=True, slots=True)
class Filed:
    """What is tagged in a dateline, where it ends, and the range of the reporters behind it."""

    end: int
    tags: tuple[Tag, ...]
    by: tuple[int, int] = (-1, -1)


def parse(text: str) -> Filed | None:
    """Read a dateline at the beginning of `text`; None where there is none."""
    if (filed := _read(text)) or not _SLIPPED.match(text):
        return filed
    read = slipped.wire(text[:LONGEST])
    if (
        read is None
        or (filed := _read(read[0])) is None
        or not any(t.role is Role.AGENCY for t in filed.tags)
    ):
        return None
    printed, places = read[1], (*read[1], len(text[:LONGEST]))
    tags = tuple(Tag(*slipped.back(printed, t.start, t.end), t.role) for t in filed.tags)
    by = slipped.back(printed, *filed.by) if filed.by[1] > filed.by[0] else filed.by
    return Filed(places[filed.end], tags, by)


def _read(text: str) -> Filed | None:
    head = text[:LONGEST]
    for pattern in _ALL:
        found = pattern.match(head)
        if found and _sound(found, text):
            return Filed(
                found.end(), _tags(found), found.span("by") if "by" in pattern.groupindex else (-1, -1)
            )
    return None


def _tags(found: re.Match[str]) -> tuple[Tag, ...]:
    roles = {
        "before": Role.AGENCY, "agency": Role.AGENCY, "place": Role.PLACE, "date": Role.DATE, "role": Role.ROLE,  # noqa: E501
        "name": Role.AUTHOR,
    }  # fmt: skip
    made = [
        Tag(*found.span(name), role)
        for name, role in roles.items()
        if name in found.re.groupindex and found[name]
    ]
    if found.re is _CORRESPONDENT:
        made.append(Tag(found.start("role"), found.end("name"), Role.BYLINE))
    if "signed" in found.re.groupindex and found["signed"]:
        made += _reporters(found["signed"], found.start("signed"))
    return tuple(sorted(made, key=lambda tag: (tag.start, -tag.end)))


def _reporters(words: str, at: int) -> list[Tag]:
    """Read 记者孟晓岚、何川 inside the brackets of a dateline."""
    role = re.match(_REPORTER, words)
    stop = role.end() if role else 0
    names = re.finditer(rf"[{_HAN}·]+", words[stop:])
    authors = [Tag(at + stop + name.start(), at + stop + name.end(), Role.AUTHOR) for name in names]
    return [Tag(at, at + len(words), Role.BYLINE), Tag(at, at + stop, Role.ROLE), *authors]


def _sound(found: re.Match[str], text: str) -> bool:
    """A match must look like a dateline as a whole, not like the beginning of a sentence."""
    if found.re in _SURE:
        return True
    groups = found.groupdict()
    if found.re is _LOCAL:
        alone = found.end() == len(text)
        return bool(groups["open"]) == bool(groups["close"]) and (alone or bool(groups["close"]))
    if found.re is _ENGLISH:
        return _sound_in_english(found, text)
    if found.re is _CHINESE and not _sound_in_chinese(groups):
        return False
    rest = text[found.end() : found.end() + 1]
    if found.re is _CHINESE and groups["date"] and groups["place"] and groups["kind"][-1] in "电電":
        return True  # 新华社北京3月6日电, glued to the text
    if found.re is not _KOREAN and re.fullmatch("本[报報][讯訊]", found[0]) and rest not in "员員息号號道":
        return True  # 本报讯, glued to the text
    closed = bool(groups.get("close") or groups.get("by")) or found[0] != found[0].rstrip()
    return rest == "" or rest in " 　\t\n" or closed or found.re is _KOREAN or rest in "：:—-"


def _sound_in_chinese(groups: dict[str, str | None]) -> bool:
    if bool(groups["open"]) != bool(groups["close"]) and not groups["by"]:
        return False
    if groups["place"] and _NOT_A_PLACE.search(groups["place"]):
        return False
    kind = groups["kind"] or ""
    if not groups["date"] and not groups["open"] and kind[-1] not in "讯訊电電":
        return bool(re.fullmatch(r"[综綜]?合?消息", kind)) and not groups["place"]
    return True


def _sound_in_english(found: re.Match[str], text: str) -> bool:
    if found["agency"] or found["before"] or found["date"] or found[0].rstrip().endswith("--"):
        return True
    place, begins = found["place"], text[found.end() : found.end() + 1]
    town = (len(place) > 5 or not place.isalpha()) and place not in _HEADWORDS  # not NATO —
    return town and (begins.isupper() or begins in ("“", '"')) and "—" in found[0]


def taken(text: str) -> Filed | None:
    """Read a line, or what stands in brackets, that says from where a story was taken, and nothing else."""
    if len(text) > LONGEST or len(text) < 3:
        return None
    start, end = 0, len(text)
    if text[0] in "（(【〔［" and text[-1] in "）)】〕］":
        start, end = 1, len(text) - 1
    inner = text[start:end].strip()
    start += len(text[start:end]) - len(text[start:end].lstrip())
    found = _TAKEN.fullmatch(inner) or (_BARE.fullmatch(inner) if start else None)
    if found is None or not _is_source(found, bool(start)):
        return None
    names = [found.span("first")] + [
        (found.start("more") + m.start(), found.start("more") + m.end())
        for m in re.finditer(
            rf"(?<=[、，和及与]){_SOURCE}(?=$|[、，和及与]|{_KIND_OF_SOURCE[:-1]})", found["more"]
        )
    ]
    tags = tuple(Tag(*_unquoted(inner, a, b, start), Role.AGENCY) for a, b in names)
    return Filed(len(text), tags)


def _unquoted(text: str, a: int, b: int, offset: int) -> tuple[int, int]:
    a += text[a] in "《“「"
    return a + offset, b - (text[b - 1] in "》”」") + offset


_PUBLIC = re.compile(
    rf"{_KNOWN}|.*(?:社|网|網|报|報|台|臺|刊|杂志|雜誌|新闻|新聞|客户端|卫视|资讯|日报|晚报|[》”」])"
)


def _is_source(found: re.Match[str], bracketed: bool) -> bool:
    """Tell whether what is named is a paper, agency or station: 据新华社, not 据了解."""
    return _PUBLIC.fullmatch(found["first"]) is not None and (bracketed or len(found[0]) <= 30)
