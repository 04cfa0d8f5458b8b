"""Bylines: □本报记者 张三 通讯员 李四, 文/本报记者 王五, By JOHN SMITH, 홍길동 기자.

Rationale: a byline is a short line of agency, role words and names, often behind a marker; its
spaces separate names. It is read as one only if *every* word of the line has such a meaning, and
names are listed only where they are certain (A). Right under a headline also a bare name, or the
name of an office that signs a notice, is a byline (B). Case file: tests/cases/byline.md.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from functools import cache

from ..model import Block, Kind, Op, Piece, Role
from ..sorts import retag
from .abroad import Tag, alone, signed
from .desk import Desk
from .marks import carve
from .names import is_name, is_western
from .newsrooms import is_office, is_team
from .profile import Profile

__all__ = ["MARKERS", "Tag", "fielded", "find", "parse"]

MARKERS = "□■●◆○◎▲△☐▢◇★▣◼▪"
_WORD = re.compile(r"[^\s　、，,/／|｜:：()（）]+")
_HAN = re.compile(r"[\u4e00-\u9fff]")
_EXTRA_WORDS = (
    "报道 综合 整理 发自 摄影报道 综合报道 图文 供图 等 联合 和 与 及 本版 报道组 采访 採訪 "
    "来源 來源 文 图 摄"
)
_EXTRA = frozenset(_EXTRA_WORDS.split())
# who did what, where a word of its own says so; part of another word it says nothing
_TASK_WORDS = (
    "主持人 嘉宾 嘉賓 口述 讲述 讲述人 講述 记录 記錄 采写整理 文字 文字整理 视频 制图 绘图 漫画 插图 图片 "
    "圖片 策划 统筹 校对 译者 著 译 圖 撮影 写真 取材 構成 聞き手 主笔 撰稿人 特约撰稿 "
    "指导教师 指导老师 辅导老师 辅导教师 特约撰稿人 特约作者 "
    "学生记者 小记者 校园记者 特邀记者 资深记者 高级记者 主任记者 视频记者"
)
_TASKS = frozenset(_TASK_WORDS.split())
_TALKERS = frozenset(("主持人", "嘉宾", "嘉賓", "讲述人"))  # they also stand before what they say
_FILED_FROM = re.compile(r"(?P<place>[\u4e00-\u9fff]{2,6})(?:报道|报导|報導|報道|专电|專電)")
_GENERAL = frozenset("综合 綜合 联合 聯合 摄影 攝影 采访 採訪 现场 現場 图文 文图 整理".split())  # noqa: SIM905
_NATION = re.compile(r"[［\[〔（(][\u4e00-\u9fff]{1,3}[］\]〕）)]\s?(?=[\u4e00-\u9fff]+[·•・])")
_WHO = re.compile(r"(?<=[\u4e00-\u9fff])[（(][\u4e00-\u9fff·]{2,14}[）)]\s*$")  # 张三（教师）
_LED_BY = re.compile(r"(?<![\u4e00-\u9fff\uac00-\ud7af])(文|写真|取材|撮影|構成|聞き手)[・＝=]")
_TITLED = re.compile(r"[^\s\u3000：:/／]+[：:]")
_FROM = re.compile(r"(?:发自|發自)(?P<place>[\u4e00-\u9fff]{2,8})")
# the post of somebody who writes for the paper (市一院心内科主任医师 陆之远)
_POST = re.compile(
    r"[\u4e00-\u9fff·]{2,16}(?:局长|主任|书记|校长|院长|所长|会长|馆长|教授|研究员|医师|律师|处长|科长|站长|部长|厅长|秘书长|理事长|专家|讲师|博士)"
)
# pupils sign with their class: 高一（3）班 段思齐
_CLASS = re.compile(
    r"((?:[\u4e00-\u9fff]{2,12}(?:学校|小学|中学|学院) ?)?"
    r"(?:[初高小][一二三四五六]|[一二三四五六七八九]年级|\d{4}级)"
    r"(?:[（(][\d一二三四五六七八九十]{1,2}[）)]|\d{1,2})?班?)[ \u3000]"
)
_DOES = ("回应", "回應", "会见", "會見", "调研", "出席", "答复", "作答", "解读")
_BRACKETED = re.compile(r"[【〔\[（(](?P<inner>[^】〕\]）)\n]{4,40})[】〕\]）)]")
_ABOUT = re.compile(r"单位|單位|作者(?:系|为|是|均)|[图圖](?:片|\d)")  # what is said of an author or picture
# a bureau or paper and a name, as Japanese and Hong Kong papers sign
_BUREAU = re.compile(
    r"(?P<agency>[\u4e00-\u9fff\u30a0-\u30ff]{0,10}(?:支局|本社|本紙|支社|総局|通信部|新聞|新報|日報|時報|社))\s*[・·＝=／/]\s*"
    r"(?P<name>[\u4e00-\u9fff]{1,3}[\s\u3000]?[\u3040-\u30ff\u4e00-\u9fff]{1,4})"
)
# the line of a web page: 2025-04-15 08:12 来源：清江晚报 作者：宋小雨 编辑：李莉
_FIELDED = re.compile(
    r"(?:[\d年月日:：./ -]{6,24}\s+)?(?:(?:来源|來源|稿源)[:：]\s?(?P<agency>\S{2,16})\s+)?"
    r"作者[:：]\s?(?P<name>[\u4e00-\u9fff·]{2,8})(?:\s+(?:责任)?(?:编辑|責編|责编)[:：]\s?\S{2,8})?"
)
_REPORTS = re.compile(
    r"(?P<inner>(?:本報|本报)?(?:記者|记者)[^，。\n]{2,24}[／/][^／/，。\n]{2,8}(?:報導|报道|報道))"
)
# what stands behind `记者` and is no name (记者手记, 记者从…获悉)
_NO_NAME = (
    r"手[记記]|[调調]查|[观觀]察|[来來]信|札[记記]|[专專]访|述[评評]|[团團協协节節]"
    r"|[了獲获從从在]|[见見][闻聞]"
)
_NAME = rf"(?!{_NO_NAME})[\u4e00-\u9fff]{{2,4}}"
# 記者簡若谷, 本报记者澹台明、南星
_BEHIND_ROLE = re.compile(
    rf"(?P<agency>[\u4e00-\u9fff]{{1,10}}?(?:[社报報网網台刊]|新闻|新聞|中心))?(?P<role>(?:首席|见习|見習|实习|實習|特约|特約|特派|全媒体|融媒体|摄影|攝影)?[记記]者)"
    rf"(?P<names>{_NAME}(?:[、，, ]{_NAME}){{0,4}})"
)
_PLACE_REPORT = re.compile(
    r"[／/\s](?P<place>[\u4e00-\u9fff]{2,6})(?:連線|综合|綜合|现场|現場)?(?:報導|报道|專訪|专访|電|电)$"
)
_REPORT = re.compile(
    r"[／/\s][\u4e00-\u9fff]{2,8}(?:報導|报道|專訪|专访|電|电)$|(?:綜合|综合|特稿|採訪|采访|現場|现场|攝影|摄影)?(?:報導|报道|專訪|专访)$"
)
_BODY = re.compile(r"[。！？；…“”：]")
_STOP = re.compile(r"[。！？…][”’」』）]*$")


def parse(text: str, profile: Profile, under_headline: bool = False) -> tuple[Tag, ...] | None:
    """Return the tagged ranges of a byline, or None if the line is none.

    `under_headline` allows what only the place makes a byline: a bare name, the name of an office.
    """
    if not text or len(text) > profile.limit("byline") + 20 or text[-1] in "，、,":
        return None
    if text.count("（") != text.count("）") or text.count("【") != text.count("】"):
        return None
    if "作者" in text and (fields := fielded(text)):
        return fields
    if written := signed(text):
        return written
    if found := _BRACKETED.fullmatch(text):
        return _in_brackets(found, profile)
    if found := _REPORTS.fullmatch(text):
        return _in_brackets(found, profile)
    bare = text.lstrip(MARKERS + " 　")
    if bare != text and (found := _BRACKETED.fullmatch(bare)):
        tags = _in_brackets(found, profile) or ()
        off = len(text) - len(bare)
        return tuple(Tag(tag.start + off, tag.end + off, tag.role) for tag in tags) or None
    if len(bare) > profile.limit("byline") or _BODY.search(_untitled(bare, profile)):
        return None
    marked = bare != text and text[0] in MARKERS
    plain = _plain(text, profile) if marked or under_headline else text
    return _words(_LED_BY.sub(r"\1/", plain), len(text) - len(bare), profile, marked, under_headline)


def _untitled(text: str, profile: Profile) -> str:
    """Take away the colons that stand behind role words, and the first of the others."""
    roles = profile.list("roles")
    rest = _TITLED.sub(
        lambda found: "" if found[0][:-1] in _TASKS or found[0][:-1] in roles else found[0], text
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


def _in_brackets(found: re.Match[str], profile: Profile) -> tuple[Tag, ...] | None:
    """Read 【記者陳亭君／南灣報導】, 【本報記者林書豪專訪】, （記者 李四）."""
    if _ABOUT.search(found["inner"]):
        return None
    if bureau := _BUREAU.fullmatch(found["inner"]):
        at = found.start("inner")
        spans = ((bureau.span("agency"), Role.AGENCY), (bureau.span("name"), Role.AUTHOR))
        return tuple(Tag(start + at, end + at, role) for (start, end), role in spans)
    inner = _REPORT.sub("", found["inner"])
    at = found.start("inner")
    if reporter := _BEHIND_ROLE.fullmatch(inner):
        tags: tuple[Tag, ...] | None = _behind_role(reporter)
    else:
        tags = _words("□" + inner, 1, profile, True, False)
    if not tags or not any(tag.role is Role.ROLE for tag in tags):
        return None
    made = [Tag(tag.start + at - 1, tag.end + at - 1, tag.role) for tag in tags]
    report = _PLACE_REPORT.search(found["inner"])
    if report:
        made.append(Tag(at + report.start("place"), at + report.end("place"), Role.PLACE))
    return tuple(sorted(made, key=lambda tag: tag.start))


def _behind_role(found: re.Match[str]) -> tuple[Tag, ...]:
    """Read 記者簡若谷, 本报记者澹台明、南星: in brackets a word behind `记者` is a name of any surname."""
    spans = (("agency", Role.AGENCY), ("role", Role.ROLE))
    tags = [Tag(found.start(name) + 1, found.end(name) + 1, role) for name, role in spans if found[name]]
    at = found.start("names") + 1
    names = re.finditer(r"[\u4e00-\u9fff·]+", found["names"])
    return (*tags, *(Tag(name.start() + at, name.end() + at, Role.AUTHOR) for name in names))


def _words(text: str, start: int, profile: Profile, marked: bool, under: bool) -> tuple[Tag, ...] | None:
    """Give every word of the line a meaning, or give up."""
    roles = _longest_first(profile.list("roles"))
    tags: list[Tag] = []
    school = _CLASS.match(text, start)
    if school:
        tags.append(Tag(*school.span(1), Role.AGENCY))
        start = school.end()
    for begin, end in _spaced(text, start):
        word = text[begin:end]
        found = _word(word, begin, roles, profile, tags, marked or under)
        if found is None:
            return None
        tags.extend(found)
    kinds = [tag.role for tag in tags]
    said = {text[tag.start : tag.end] for tag in tags if tag.role is Role.ROLE}
    if said and said <= _TALKERS and not marked and len(said) < 2:
        return None  # 主持人：谢谢
    posts = sum(1 for tag in tags if _POST.fullmatch(text[tag.start : tag.end]))
    if (
        posts and posts == kinds.count(Role.ROLE) and not ((under or marked) and "，" not in text)
    ):  # then only what is surely a name
        named = [text[tag.start : tag.end] for tag in tags if tag.role is Role.AUTHOR]
        if not all(is_name(name.replace(" ", "").replace("\u3000", "")) for name in named):
            return None
    elif posts and any(
        text[tag.start : tag.end].startswith((*profile.list("reporting"), *_DOES)) for tag in tags
    ):
        return None  # 市委书记 强调
    sound = kinds.count(Role.ROLE) > (0 if under else posts) and (
        Role.AUTHOR in kinds or Role.AGENCY in kinds
    )
    sound = sound or (marked and (Role.AUTHOR in kinds or Role.AGENCY in kinds))
    sound = sound or (school is not None and Role.AUTHOR in kinds)
    sound = sound or any(is_team(text[tag.start : tag.end]) for tag in tags)
    if not sound and under:
        sound = bool(kinds) and all(role is Role.AUTHOR for role in kinds)
        sound = sound or (kinds == [Role.AGENCY] and is_office(text, profile))
    return tuple(tags) if sound else None


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


def _word(
    word: str, at: int, roles: tuple[str, ...], profile: Profile, before: list[Tag], signs: bool
) -> list[Tag] | None:
    if word in profile.list("roles") or word in _TASKS:
        return [Tag(at, at + len(word), Role.ROLE)]
    reports = len(word) > 4 and _any_of(roles).search(word)  # 潮新闻·钱江晚报记者 is nobody's name
    if is_name(word.replace(" ", "").replace("　", "")) and not reports:
        return [Tag(at, at + len(word), Role.AUTHOR)]
    if found := _agency_and_role(word, at, roles, profile):
        return found
    if word in _EXTRA:
        return []
    if before and (filed := _FILED_FROM.fullmatch(word)):
        general = filed["place"] in _GENERAL
        return [] if general else [Tag(at, at + filed.end("place"), Role.PLACE)]
    if before and before[-1].role is Role.PLACE and len(word) <= 4 and _HAN.fullmatch(word[0]):
        return [Tag(at, at + len(word), Role.PLACE)]  # 发自沂川、泊河
    if from_ := _FROM.fullmatch(word):
        return [Tag(at + from_.start("place"), at + len(word), Role.PLACE)]
    if _POST.fullmatch(word):
        return [Tag(at, at + len(word), Role.ROLE)]
    if is_team(word):
        return [Tag(at, at + len(word), Role.AGENCY)]
    if word in profile.list("agencies") or is_office(word, profile):
        return [Tag(at, at + len(word), Role.AGENCY)]
    follows = bool(before) and before[-1].role in (Role.ROLE, Role.AUTHOR)
    house = signs and bool(before) and before[-1].role is Role.AGENCY and 2 <= len(word) <= 3
    if (follows or house) and (
        (2 <= len(word) <= 4 and all(_HAN.match(c) for c in word)) or is_western(word) or word.istitle()
    ):
        return [Tag(at, at + len(word), Role.AUTHOR)]
    return None


def _agency_and_role(word: str, at: int, roles: tuple[str, ...], profile: Profile) -> list[Tag] | None:
    """Read 新重庆-重庆日报记者, 本报首席评论员, 记者张三."""
    if not _any_of(roles).search(word):
        return None
    for role in roles:
        place = word.rfind(role) if len(role) >= 2 else -1
        if place < 0:
            continue
        head, tail = word[:place], word[place + len(role) :]
        if tail and not is_name(tail):
            continue
        if len(head) > 20 or (head and not _HAN.search(head) and not head.isascii()):
            continue
        tags = [Tag(at, at + place, Role.AGENCY)] if head else []
        tags.append(Tag(at + place, at + place + len(role), Role.ROLE))
        if tail:
            tags.append(Tag(at + place + len(role), at + len(word), Role.AUTHOR))
        return tags
    return None


def find(desk: Desk, blocks: tuple[Block, ...]) -> tuple[Block, ...]:
    """Find bylines: lines of their own, first or last lines of a run, lines under a headline."""
    if not desk.on("byline"):
        return blocks
    made: list[Block] = []
    under = False
    names = _names_over_texts(desk, blocks)
    for number, block in enumerate(blocks):
        parts = (_byline(block),) if number in names else _read(desk, block, under)
        made.extend(parts)
        printed = [part for part in parts if part.kind not in (Kind.BLANK, Kind.FURNITURE)]
        if printed:
            under = printed[-1].kind is Kind.HEADLINE
    return tuple(made)


def _names_over_texts(desk: Desk, blocks: tuple[Block, ...]) -> frozenset[int]:
    """Return the places of bare names that stand alone between a column's name and a text: they sign it.

    Above the column's name the text before has ended; the headline stands elsewhere."""
    if not desk.gauge.lang.startswith("zh"):
        return frozenset()
    printed = [n for n, block in enumerate(blocks) if block.kind not in (Kind.BLANK, Kind.FURNITURE)]
    found = set()
    for at in range(1, len(printed) - 1):
        over, here, text = (blocks[n] for n in printed[at - 1 : at + 2])
        name = here.text.strip(" \u3000")
        if len(name) > 5 or over.kind is not Kind.PARAGRAPH or here.kind is not Kind.PARAGRAPH:
            continue
        ended = at < 2 or _STOP.search(blocks[printed[at - 2]].text.rstrip("）)")) is not None
        short = 2 <= len(over.text) <= 10 and not _BODY.search(over.text) and not _named(over.text)
        long = text.kind is Kind.PARAGRAPH and len(text.text) >= 40 and _BODY.search(text.text) is not None
        if ended and short and long and _named(name):
            found.add(printed[at])
    return frozenset(found)


def _named(text: str) -> bool:
    return is_name(text.replace(" ", "").replace("\u3000", ""))


def _read(desk: Desk, block: Block, under: bool) -> tuple[Block, ...]:
    if block.kind is Kind.HEADLINE:
        tags = parse(block.text, desk.profile)
        roles = {tag.role for tag in tags or ()}
        sure = Role.AUTHOR in roles and (block.text[0] in MARKERS or (under and Role.ROLE in roles))
        return (_byline(block),) if sure else (block,)
    if block.kind is Kind.ITEM and any(p.text for p in block.pieces):
        return (block,)
    if block.kind is not Kind.PARAGRAPH:
        return (block,)

    before = block.text.split("\n") if "\n" in block.text else []

    def line(text: str, number: int, count: int) -> Kind | None:
        if number > 0 and _STOP.search(before[number - 1] if before else ""):
            behind = parse(text, desk.profile) or ()  # a summary, over the text
            said = {tag.role for tag in behind}
            team = any(is_team(text[tag.start : tag.end]) for tag in behind)
            if Role.AUTHOR in said and (Role.ROLE in said or team):
                return Kind.BYLINE
        if number and text.isupper() and before[number - 1].isupper() and text.startswith("BY "):
            return None  # the second line of a headline: SCHOOL BOND CARRIES / BY NARROW MARGIN
        edge = number <= (2 if under else 0) or number == count - 1 or text[:1] in MARKERS or alone(text)
        edge = edge or (number <= 3 and not any(_BODY.search(above) for above in before[:number]))
        tags = parse(text, desk.profile, under and number == 0) if edge else None
        named = tags and (count == 1 or len(text) <= 10 or any(tag.role is Role.AUTHOR for tag in tags))
        return Kind.BYLINE if named else None

    parts = carve(block, line)
    return tuple(_byline(part) if part.kind is Kind.BYLINE else part for part in parts)


def _byline(block: Block) -> Block:
    """Move the line to the metadata; its marker and white space are not part of it."""
    pieces: list[Piece] = []
    for piece in block.pieces:
        bare = piece.text.lstrip(MARKERS + " 　")
        marker = len(piece.text) - len(bare)
        exact = len(piece.text) == len(piece.span)
        if not any(done.text for done in pieces) and marker and exact:
            span = replace(piece.span, end=piece.span.start + marker)
            pieces.append(Piece(span, "", Op.DROP, "marker", 1.0, "typographic marker of a byline"))
            piece = replace(piece, span=replace(piece.span, start=piece.span.start + marker), text=bare)
        pieces.append(piece)
    moved = retag(tuple(pieces), Op.MOVE, "byline", "bylines are metadata")
    return replace(block, kind=Kind.BYLINE, pieces=moved, level=0, reason="role words and names")
