"""Signatures: what each word of a byline means: marker, agency, role, name, place.

Rationale: a line signs only if *every* word of it has such a meaning, and names are listed only where they
are certain (A). Right under a headline also a bare name, an office with a name, or the name of an office
that signs a notice is a signature (B). Case files: tests/cases/byline.md, tests/cases/credits.txt.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache

from ..model import Role
from . import slipped
from .abroad import Tag, signed
from .callings import EXTRA, GENERAL, TALKERS, TASKS, is_post, is_reader, is_shot, qualifier
from .credited import inside, names_in_brackets, reported
from .names import is_name, is_western
from .newsrooms import is_office, is_team
from .profile import Profile

__all__ = ["MARKERS", "fielded", "marker", "parse"]

MARKERS = "□■●◆○◎▲△☐▢◇★☆▣◼▪※▍▌⊙◈❏❑❒"
_MARKER = re.compile(
    rf"[{MARKERS} \u3000]+|—{{1,2}} ?(?=本[报報刊] ?[记記]|[记記]者 |通[讯訊][员員] )|[口囗] ?(?=本[报報刊网網]|[记記]者|新[华華]社|通[讯訊][员員]|[文图圖][／/]|[\u4e00-\u9fff]{{2,8}}[记記]者 )"  # noqa: E501
)
_WORD = re.compile(r"[^\s　、，,/／|｜丨:：()（）]+")
_HAN = re.compile(r"[\u4e00-\u9fff]")
_PEN_NAME = re.compile(r"阿[\u4e00-\u9fff]{1,2}")
# behind a marker, under a headline: a name, and no name of a column or kind of text
_ONE_WORD = re.compile(
    r"(?!.*(?:[报報刊版栏欄谈談评評论論话話说說记記讯訊闻聞事窗苑坛壇台周角园園廊]|随笔|散文|小说|诗歌|杂文|综述|要点|提示|导读|背景|链接)$)[\u4e00-\u9fff]{2,3}"
)
_FILED_FROM = re.compile(r"(?P<place>[\u4e00-\u9fff]{2,6})(?:报道|报导|報導|報道|专电|專電)")
_PLACES = re.compile(
    r"[ \u3000/／](?P<places>[\u4e00-\u9fff]{2,6}(?:[、及][\u4e00-\u9fff]{2,6})+)(?:报道|报导|報導|報道)$"
)
_NATION = re.compile(r"[［\[〔（(][\u4e00-\u9fff]{1,3}[］\]〕）)]\s?(?=[\u4e00-\u9fff]+[·•・])")
_WHO = re.compile(r"(?<=[\u4e00-\u9fff])[（(][\u4e00-\u9fff·]{2,14}[）)]\s*$")  # 张三（教师）
_LED = re.compile("[・＝=]")
_LED_BY = re.compile(
    r"(?<![\u4e00-\u9fff\uac00-\ud7af])(文|写真|取材|撮影|構成|聞き手|編集委員|論説委員)[・＝=]"
)
_TITLED = re.compile(r"[^\s\u3000：:/／]+[：:]")
_FROM = re.compile(r"(?:发自|發自)(?P<place>[\u4e00-\u9fff]{2,8})")
# pupils sign with their class: 高一（3）班 段思齐
_CLASS = re.compile(
    r"((?:[\u4e00-\u9fff]{2,12}(?:学校|小学|中学|学院) ?)?"
    r"(?:[初高小][一二三四五六]|[一二三四五六七八九]年级|\d{4}级)"
    r"(?:[（(][\d一二三四五六七八九十]{1,2}[）)]|\d{1,2})?班?)[ \u3000]"
)
_DOES = ("回应", "回應", "会见", "會見", "调研", "出席", "答复", "作答", "解读")
_BRACKETED = re.compile(r"[【〔〖\[（(](?P<inner>[^】〕〗\]）)\n]{4,40})[】〕〗\]）)]")
# the line of a web page: 2025-04-15 08:12 来源：清江晚报 作者：宋小雨 编辑：李莉
_FIELDED = re.compile(
    r"(?:[\d年月日:：./ -]{6,24}\s+)?(?:(?:来源|來源|稿源)[:：]\s?(?P<agency>\S{2,16})\s+)?"
    r"作者[:：]\s?(?P<name>[\u4e00-\u9fff·]{2,8})(?:\s+(?:责任)?(?:编辑|責編|责编)[:：]\s?\S{2,8})?"
)
_OURS = ("本报", "本刊", "本社", "本网", "本台", "本報", "本網", "本臺")
_REPORTS = frozenset("導道导访訪稿电電")  # what a report ends with
_BODY = re.compile(r"[。！？；…“”：]")


def marker(text: str) -> int:
    """Return the length of the typographic marker before a signature (0: none)."""
    found = _MARKER.match(text)
    return found.end() if found else 0


def parse(text: str, profile: Profile, under_headline: bool = False) -> tuple[Tag, ...] | None:
    """Return the tagged ranges of a byline, or None if the line is none.

    `under_headline` allows what only the place makes a byline: a bare name, the name of an office.
    """
    if not text or len(text) > profile.limit("byline") + 20 or text[-1] in "，、,。；！？：":
        return None
    tags = _read(text, profile, under_headline)
    if tags is None and (read := slipped.credit(text)):
        slips = _read(read[0], profile, under_headline) or ()
        return tuple(Tag(*slipped.back(read[1], tag.start, tag.end), tag.role) for tag in slips) or None
    return tags


def _read(text: str, profile: Profile, under_headline: bool) -> tuple[Tag, ...] | None:
    """Read a line whose words are printed as they should be."""
    if sum(map(text.count, "（(")) != sum(map(text.count, "）)")) or text.count("【") != text.count("】"):
        return None
    if "作者" in text and (fields := fielded(text)):
        return fields
    if written := signed(text, under_headline):
        return written
    start = marker(text)
    bare = text[start:]
    marked = start > 0 and not text[0].isspace()
    if (found := _BRACKETED.fullmatch(bare)) or (
        len(bare) <= 40 and bare[-1:] in _REPORTS and reported(bare)
    ):
        inner = found["inner"] if found else bare
        off = start + (found.start("inner") if found else 0)
        tags = _credit(inner, profile, found is not None)
        if tags or found:
            tags = tags or (names_in_brackets(bare) if under_headline else ())
            return tuple(Tag(tag.start + off, tag.end + off, tag.role) for tag in tags) or None
    if under_headline and (names := names_in_brackets(bare)):
        return names
    if (
        len(bare) > profile.limit("byline")
        or _BODY.search(_untitled(bare, profile))
        or (bare[-1:] in "摄攝" and is_shot(bare))
    ):
        return None
    if under_headline and (_PEN_NAME.fullmatch(bare) or (marked and _ONE_WORD.fullmatch(bare))):
        return (Tag(start, len(text), Role.AUTHOR),)
    plain = _plain(text, profile) if marked or under_headline else text
    return _words(
        _LED_BY.sub(r"\1/", plain) if _LED.search(plain) else plain, start, profile, marked, under_headline
    )


def _credit(inner: str, profile: Profile, bracketed: bool) -> tuple[Tag, ...]:
    """Read 記者陳亭君／南灣報導, 本報記者林書豪專訪, 记者 李四."""
    if tags := inside(inner) if bracketed else reported(inner):
        return tags
    words = _words("□" + inner, 1, profile, True, False) or ()
    if not any(tag.role is Role.ROLE for tag in words):
        return ()
    return tuple(Tag(tag.start - 1, tag.end - 1, tag.role) for tag in words)


def _untitled(text: str, profile: Profile) -> str:
    """Take away the colons that stand behind role words, and the first of the others."""
    roles = profile.list("roles")
    rest = _TITLED.sub(
        lambda found: "" if found[0][:-1] in TASKS or found[0][:-1] in roles else found[0], text
    )
    return rest.replace("：", "", 1).replace("“", "")


def _plain(text: str, profile: Profile) -> str:
    """Blank out what stands in brackets at a name: its nation, what the person is."""
    text = _NATION.sub(lambda found: " " * len(found[0]), text)
    who = _WHO.search(text)
    if who is None or _any_of(profile.list("roles")).search(who[0]):
        return text
    return text[: who.start()] + " " * len(who[0])


def fielded(text: str) -> tuple[Tag, ...]:
    """Return the tagged ranges of a line of fields that names an author, none where it is not one."""
    found = _FIELDED.fullmatch(text.strip())
    if not found or not is_name(found["name"]):
        return ()
    at = len(text) - len(text.lstrip())
    spans = ((found.span("agency"), Role.AGENCY), (found.span("name"), Role.AUTHOR))
    return tuple(Tag(start + at, end + at, role) for (start, end), role in spans if start >= 0)


def _words(text: str, start: int, profile: Profile, marked: bool, under: bool) -> tuple[Tag, ...] | None:
    """Give every word of the line a meaning, or give up."""
    tags: list[Tag] = []
    school = _CLASS.match(text, start)
    if school:
        tags.append(Tag(*school.span(1), Role.AGENCY))
        start = school.end()
    places = _PLACES.search(text, start) if text[-1] in "道導导" else None
    filed = [Tag(places.start("places") + m.start(), places.start("places") + m.end(), Role.PLACE)
             for m in re.finditer(r"[\u4e00-\u9fff]+", re.sub("及", "、", places["places"]))] if places else []  # fmt: skip  # noqa: E501
    words = list(_spaced(text[: places.start()] if places else text, start))
    for number, (begin, end) in enumerate(words):
        word = text[begin:end]
        found = _word(word, begin, profile, tags, marked or under)
        if found is None and number == 0 and (under or marked) and _leads(text, words, profile):
            found = [Tag(begin, end, Role.AGENCY)]
        if number and (
            text[slice(*words[number - 1])] in ("发自", "發自") or _is_town(text, words, number, tags)
        ):
            found = [Tag(begin, end, Role.PLACE)]
        if found is None:
            return None
        if len(found) == 1 and _torn_name(text, tags, found[0]):
            found = [Tag(tags.pop().start, found[0].end, Role.AUTHOR)]
        tags.extend(found)
    tags.extend(filed)
    return tuple(tags) if _sound(text, tags, profile, marked, under, school is not None) else None


def _torn_name(text: str, tags: list[Tag], here: Tag) -> bool:
    """Tell whether a single character behind a name belongs to it: 尚小 午."""
    if (
        here.role is not Role.AUTHOR
        or here.end - here.start != 1
        or not tags
        or tags[-1].role is not here.role
    ):
        return False
    return text[tags[-1].end : here.start] == " " and is_name(
        text[tags[-1].start : tags[-1].end] + text[here.start]
    )


def _is_town(text: str, words: list[tuple[int, int]], number: int, tags: list[Tag]) -> bool:
    """Tell whether the last word, behind a name and a stroke, is where it was written: 特派員 陳亭君／東京."""  # noqa: E501
    begin, end = words[number]
    last = number + 1 == len(words) and text[begin - 1] in "/／" and 2 <= end - begin <= 4
    behind = bool(tags) and tags[-1].role is Role.AUTHOR and any(tag.role is Role.ROLE for tag in tags)
    return last and behind and _HAN.match(text[begin]) is not None and not is_name(text[begin:end])


def _leads(text: str, words: list[tuple[int, int]], profile: Profile) -> bool:
    """Tell whether the first word is the name of a column or paper: a role and a name follow, no more."""
    if len(words) != 3 or not 2 <= words[0][1] - words[0][0] <= 8 or not _HAN.match(text[words[0][0]]):
        return False
    role, name = text[slice(*words[1])], text[slice(*words[2])]
    return (role in profile.list("roles") or role in TASKS) and len(role) > 1 and 2 <= len(name) <= 4


def _sound(text: str, tags: list[Tag], profile: Profile, marked: bool, under: bool, school: bool) -> bool:
    """Tell whether the words that have a meaning sign together."""
    kinds = [tag.role for tag in tags]
    said = {text[tag.start : tag.end] for tag in tags if tag.role is Role.ROLE}
    if said and said <= TALKERS and not marked and len(said) < 2:
        return False  # 主持人：谢谢
    posts = sum(1 for tag in tags if is_post(text[tag.start : tag.end]))
    if posts and posts == kinds.count(Role.ROLE) and not ((under or marked) and "，" not in text):
        named = [text[tag.start : tag.end] for tag in tags if tag.role is Role.AUTHOR]
        if not all(_named(name) for name in named):  # then only what is surely a name
            return False
    elif posts and any(
        text[tag.start : tag.end].startswith((*profile.list("reporting"), *_DOES)) for tag in tags
    ):
        return False  # 市委书记 强调
    if Role.AUTHOR in kinds and (school or kinds.count(Role.ROLE) > (0 if under else posts)):
        return True
    if Role.AGENCY in kinds and kinds.count(Role.ROLE) > (0 if under else posts):
        return True
    if marked and (Role.AUTHOR in kinds or Role.AGENCY in kinds):
        return True
    if any(is_team(text[tag.start : tag.end]) for tag in tags):
        return True
    return under and _by_place(text, tags, kinds, profile)


def _by_place(text: str, tags: list[Tag], kinds: list[Role], profile: Profile) -> bool:
    """Tell whether a line signs because it stands right under a headline: bare names, an office."""
    if kinds and all(role is Role.AUTHOR for role in kinds):
        return True
    office = kinds[:1] == [Role.AGENCY] and is_office(text[tags[0].start : tags[0].end], profile)
    if kinds == [Role.AGENCY]:
        return is_office(text, profile)
    names = [text[tag.start : tag.end] for tag in tags[1:]]
    return office and len(names) > 0 and all(_named(n) for n in names) and set(kinds[1:]) == {Role.AUTHOR}


def _named(text: str) -> bool:
    return is_name(text.replace(" ", "").replace("\u3000", ""))


@cache
def _longest_first(words: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(sorted(set(words), key=lambda word: (-len(word), word)))


@cache
def _any_of(words: tuple[str, ...]) -> re.Pattern[str]:
    return re.compile("|".join(re.escape(word) for word in words if len(word) >= 2) or "(?!)")


def _spaced(text: str, start: int) -> Iterator[tuple[int, int]]:
    """Yield the words; two single characters in a row are one letter-spaced name (卞　立)."""
    words = [found.span() for found in _WORD.finditer(text, start)]
    skip = False
    for (begin, end), after in zip(words, [*words[1:], (-1, -1)], strict=False):
        if skip:
            skip = False
            continue
        single = end - begin == 1 and after[1] - after[0] == 1 and after[0] - end <= 2
        if (
            single
            and _HAN.match(text[begin])
            and text[end : after[0]].strip(" 　") == ""
            and is_name(text[begin] + text[after[0]])
        ):
            skip = True
            yield begin, after[1]
        else:
            yield begin, end


def _word(word: str, at: int, profile: Profile, before: list[Tag], signs: bool) -> list[Tag] | None:
    roles = profile.list("roles")
    if word in roles or word in TASKS or is_reader(word):
        return [Tag(at, at + len(word), Role.ROLE)]
    reports = len(word) > 4 and _any_of(roles).search(word)  # 潮新闻·钱江晚报记者 is nobody's name
    if _named(word) and not reports:
        return [Tag(at, at + len(word), Role.AUTHOR)]
    if found := _agency_and_role(word, at, profile):
        return found
    if word in EXTRA:
        return (
            [Tag(at, at + 1, Role.ROLE)] if word in "摄攝" and Role.ROLE in {t.role for t in before} else []
        )
    if before and (filed := _FILED_FROM.fullmatch(word)):
        general = filed["place"] in GENERAL
        return [] if general else [Tag(at, at + filed.end("place"), Role.PLACE)]
    if before and before[-1].role is Role.PLACE and len(word) <= 4 and _HAN.fullmatch(word[0]):
        return [Tag(at, at + len(word), Role.PLACE)]  # 发自沂川、泊河
    if from_ := _FROM.fullmatch(word):
        return [Tag(at + from_.start("place"), at + len(word), Role.PLACE)]
    if is_post(word):
        return [Tag(at, at + len(word), Role.ROLE)]
    if is_team(word):
        return [Tag(at, at + len(word), Role.AGENCY)]
    if word in profile.list("agencies") or is_office(word, profile):
        return [Tag(at, at + len(word), Role.AGENCY)]
    follows = bool(before) and before[-1].role in (Role.ROLE, Role.AUTHOR)
    house = signs and bool(before) and before[-1].role is Role.AGENCY and 2 <= len(word) <= 3
    if follows and len(word) == 1 and _HAN.match(word) and before[-1].end == at - 1:
        return [Tag(at, at + 1, Role.AUTHOR)]  # the end of a name, if it makes one with the word before
    if (follows or house) and (
        (2 <= len(word) <= 4 and all(_HAN.match(c) for c in word)) or is_western(word) or word.istitle()
    ):
        return [Tag(at, at + len(word), Role.AUTHOR)]
    return None


def _agency_and_role(word: str, at: int, profile: Profile) -> list[Tag] | None:
    """Read 新重庆-重庆日报记者, 本报首席评论员, 本报驻埃及记者, 记者张三."""
    roles = profile.list("roles")
    if word.startswith(_OURS) and word[2:] in TASKS:
        return [Tag(at, at + 2, Role.AGENCY), Tag(at + 2, at + len(word), Role.ROLE)]
    if not _any_of(roles).search(word):
        return None
    for role in _longest_first(roles):
        place = word.rfind(role) if len(role) >= 2 else -1
        if place < 0:
            continue
        end = place + len(role)
        place = qualifier(word[:place])
        head, tail = word[:place], word[end:]
        if tail and not is_name(tail):
            continue
        if len(head) > 20 or (head and not _HAN.search(head) and not head.isascii()):
            continue
        tags = [Tag(at, at + place, Role.AGENCY)] if head else []
        tags.append(Tag(at + place, at + end, Role.ROLE))
        if tail:
            tags.append(Tag(at + end, at + len(word), Role.AUTHOR))
        return tags
    return None
