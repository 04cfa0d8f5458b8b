"""Page furniture: what belongs to the page and not to an article. Dropped with a reason.

Rationale: folios, date lines, imprints, editors, hotlines, mastheads and the footers of web sites
stand wherever the text layer happens to put them, also inside a torn paragraph. A line is furniture
only by its *pattern* together with its *place or repetition*; repetition alone takes nothing away
that has the punctuation of a sentence. Confidence B. Case file: tests/cases/furniture.md.
"""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass, replace

from ..model import Block, Kind, Span
from ..sorts import drop_all, source_end, source_start
from .byline import fielded
from .desk import Desk
from .marks import carve
from .newsrooms import is_office
from .pagehead import is_page_head, is_paper, of_fields
from .runninghead import interrupts, intruder
from .staff import DUTY, is_staff
from .turns import goes_to

__all__ = ["find", "reason"]

RULE = "furniture"
_SENTENCE = re.compile(r"[。！？；]|……|，[^，]{0,200}，|[.!?]\s+[A-Z]")
_WEEKDAY = (
    r"(?:星期|周|週|礼拜)[一二三四五六日天]|[月火水木金土日]요일|(?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day"
)
_DAY = re.compile(
    r"(?:\d{4}|[〇○零一二三四五六七八九]{4})\s*年\s*[\d一二三四五六七八九十]{1,3}\s*月\s*[\d一二三四五六七八九十]{1,3}\s*日"
    r"|\d{4}[-./]\d{1,2}[-./]\d{1,2}|\d{4}년\s*\d{1,2}월\s*\d{1,2}일"
    r"|(?:January|February|March|April|May|June|July|August|September|October|November|December)\s+\d{1,2},?\s+\d{4}"
    r"|\d{1,2}\s+(?:January|February|March|April|May|June|July|August|September|October|November|December)\s+\d{4}"
    r"|民國[\d〇零一二三四五六七八九十]{1,4}年[\d一二三四五六七八九十]{1,3}月[\d一二三四五六七八九十]{1,3}日",
    re.I,
)
_NUMBER = r"(?:[A-Z]?\d{1,3}|[一二三四五六七八九十]{1,3})"
_FOLIO = re.compile(
    rf"(?:第\s*{_NUMBER}\s*版|[A-Z]?\d{{1,3}}\s*版|{_NUMBER}\s*版|版次\s*[:：]?\s*{_NUMBER}\s*版?|Page\s+[A-Z]?\d{{1,3}}|P\.?\s?\d{{1,3}}|\d{{1,3}}면|[A-Z]\d{{1,2}})"
    r"(?:[\s　:：·|/■—-]+[^\s\d，。：；、“”]{1,6}){0,2}",
    re.I,
)
_PAGE_NUMBER = re.compile(r"[-—–·•\s]*(?:\d{1,3}|[A-Z]\d{1,2})[-—–·•\s]*")
_OWN = re.compile(
    r"(?:(?:本报|本刊|本社|本台|本网)[\u4e00-\u9fff]{0,6}?|本版)?(?:24小时)?(?:新闻|爆料|报料|读者|订报|发行|广告|订阅|投稿|公告|登报|刊登|挂失|声明|分类|采编|征订|投递|印务|零售|举报|监督|客服|报名|互动|联系|编辑部|社址|总机|新聞|讀者|廣告|訂報|News|Advertising|Subscription)?"
    r"(?:热线|電話|电话|邮箱|信箱|QQ群?|微信|传真|地址|网址|熱線|tips|hotline|desk|e-?mail|tel)\s*[:：]?\s*(?=[\d（(A-Za-z\u4e00-\u9fff+-])",
    re.I,
)
_LETTERS = re.compile(r"(?:投稿|来稿|來稿|征稿|爆料|报料)(?:信箱|邮箱|電郵|电邮|热线|地址)[:：]")
_CONTACT = re.compile(r"\d{3,4}[-—－\s]?\d{4,8}|\d{5,12}|[\w.+-]+@[\w-]+\.\w|https?://|www\.")
_IMPRINT = re.compile(
    r"国内统一(?:连续出版物)?(?:刊)?号|統一編號|邮发代号|CN\s?\d{2}[-—–]\d{4}|ISSN|总第\s*\d+\s*[期号]|第[\d一二三四五六七八九十百]{1,5}期(?=.*(?:主办|排版|主编|编辑))|第\s*\d+\s*期\s*[（(]?总|今日\s*\d+\s*版|零售价?|每份|定价\s*[:：]?\s*\d|代号\s*\d+[-—]\d+|"
    r"(?:本报)?社址|邮编|邮政编码|广告(?:经营)?许可证|创刊|主管主办|主办单位|督印人?[:：]|承印|Vol\.?\s*[\dIVXLC]+|No\.?\s*\d{2,}|PRICE\s+\w+\s+CENTS|발행인|구독료|제\d+호",
    re.I,
)
_SITE = re.compile(
    r"版权所有|Copyright|©|ICP[备证]|公网安备|许可证(?:号)?[:：]?[\sA-Z（(\d]|举报(?:电话|邮箱|热线)|备案号|All rights reserved|未经.{0,14}(?:授权|许可|同意).{0,8}(?:禁止|不得)|(?:转载|稿件)请(?:注明|联系)|扫码(?:关注|下载|阅读|观看|查看|订阅|加入|参与|收听)|扫.{0,8}二维码|关注.{0,6}(?:公众号|微信)|分享到|责任编辑[:：]|저작권자|무단\s*전재",  # noqa: E501
    re.I,
)
_BUTTONS = re.compile(r"(?:\s*(?:\[[^\]\n]{1,16}\](?:\([^)\n]*\))?|【[^】\n]{1,16}】)\s*[|·>]?)+")
_BUTTON = re.compile(
    r"首页|上一[版篇页期]|下一[版篇页期]|返回|打印|关闭|字号|字体|收藏|版面导航|Print|Share|E-?mail this"
)
_DISCLAIMER = re.compile(
    r"不代表[^，。]{0,12}(?:观点|立场)|(?:刊用|转载|使用)本[^，。]{1,6}(?:稿件|内容|信息)|书面授权|版权归"
)
_OFFICES = re.compile(
    r"(?:^|[\s\u3000])(?:总机|投稿|传真|邮箱|电话|热线|广告|发行|订阅|地址|邮编|督印人|承印|出版人)\s?[:：]"
)
_CRUMBS = re.compile(r"(?:首页|主页|您?的?当前位置|您的位置|Home)[^。，]{0,4}[>»›→][^。，]{1,60}")
_BESIDE = re.compile(r"(?:上一[篇条页]|下一[篇条页]|Previous|Next)(?: article| story)?\s?[:：]")
_PAPER = re.compile(
    r"(?:[\u4e00-\u9fff]{2,7}(?:日报|晚报|时报|早报|晨报|周报|都市报|商报|快报|青年报|导报|日報|晚報|時報|公報|早報|週報)|[\u4e00-\u9fff]{1,3}報|申報|大公報"
    r"|THE\s+[A-Z][A-Z .'&-]{3,40}|The (?:[A-Z][a-z]+ ){1,3}(?:Times|Tribune|Post|Daily|Herald|Journal|Gazette|News|Star|Sun|Chronicle)|[가-힣]{2,4}(?:일보|신문))"  # noqa: E501
)
_FIELDS = re.compile(r"(?:日期|版次|版面|卷期|期号|版名|來源|来源|日付|Date|Page)[^\s:：]{0,6}[:：]", re.I)
_SIGNING_DAY = re.compile(
    r"[\d〇○零一二三四五六七八九]{4}年[\d一二三四五六七八九十]{1,3}月[\d一二三四五六七八九十]{1,3}日"
)
_STOP = re.compile(r"[。！？…][”’」』）]*$")
_LUNAR = re.compile(r"(?:农历|農曆|夏历)?[甲乙丙丁戊己庚辛壬癸][子丑寅卯辰巳午未申酉戌亥]年.{2,14}")
_EDGE = 4  # blocks at either end of a file that count as its margin


def reason(text: str, limit: float = 80) -> str:
    """Return why a single line is furniture by its pattern alone, or an empty string.

    Patterns that also occur in articles (a paper's name, a bare number) are not asked here.
    """
    if not text or len(text) > 400:
        return ""
    if len(text) <= 120 and len(_DISCLAIMER.findall(text)) >= 2:
        return "footer of a web site"
    if "。" in text:
        return "editors of the page" if is_staff(text) else ""
    packed = re.sub(r"(?<=[\u4e00-\u9fff，]) (?=[\u4e00-\u9fff，])", "", text)
    if _SITE.search(packed) and not _SENTENCE.search(packed[:200]) and _dense(packed):
        return "footer of a web site"
    if _BUTTONS.fullmatch(text) and (text.count("[") + text.count("【") >= 2 or _BUTTON.search(text)):
        return "navigation of a web site"
    if _CRUMBS.fullmatch(text) or _BESIDE.match(text):
        return "navigation of a web site"
    if packed.count("|") >= 4 and max(map(len, packed.split("|"))) <= 12:
        return "navigation of a web site"
    parted = re.search(r"\d|\u3000.*[:：]|[:：].*\u3000", text)
    if len(_IMPRINT.findall(text)) >= 2 and len(text) <= limit * 1.5 and parted:
        return "imprint of the paper"
    if len(text) > limit or _SENTENCE.search(text):
        return ""
    return _short_reason(text)


def _dense(text: str) -> bool:
    """A footer is made of such phrases: one of them in a long sentence is not enough."""
    return len(text) <= 60 * len(_SITE.findall(text)) + 40


def _short_reason(text: str) -> str:
    bare = text.strip(" 　|｜·■●")
    if fielded(text) or goes_to(text):
        return ""  # it names an author, or the page where a text goes on
    if is_staff(bare):
        return "editors of the page"
    if _LUNAR.fullmatch(bare):
        return "date line of the page"
    day = _DAY.search(bare)
    if day and (re.search(_WEEKDAY, bare, re.I) or re.search(DUTY, bare)) and len(bare) <= 70:
        return "date line of the page"
    if day and len(bare) - len(day[0]) <= 2:
        return "date line of the page"
    if len(_FIELDS.findall(bare)) >= 2 and (day or re.search(r"\d", bare)):
        return "folio of the page"
    if is_page_head(bare):
        return "running head of the page"
    if of_fields(text):
        return "source line"
    if _FOLIO.fullmatch(bare) and not re.search(r"[：:].{7}", bare):
        return "folio of the page"
    if day and re.search(rf"第?{_NUMBER}\s*版|[A-Z]\d\d?", bare) and len(bare) <= 50:
        return "folio of the page"
    counted = re.search(r"\d|第[一二三四五六七八九十百]{1,5}期", bare)
    if _IMPRINT.search(bare) and counted and len(_IMPRINT.findall(bare)) * 40 >= len(bare):
        return "imprint of the paper"
    if (
        "\n" not in bare
        and len(_OFFICES.findall(bare)) >= 2
        and (_CONTACT.search(bare) or re.search("督印|承印|出版人", bare))
    ):
        return "hotline of the paper"
    if _LETTERS.search(bare) and _CONTACT.search(bare) and len(bare) <= 60:
        return "hotline of the paper"
    if (
        (found := _OWN.match(bare))
        and _CONTACT.search(bare)
        and len(bare) <= 60
        and found[0][0] not in "热电邮"
    ):
        return "hotline of the paper"
    return ""


def _own_pattern(desk: Desk, text: str) -> str:
    return "pattern of the profile" if any(p.fullmatch(text) for p in desk.profile.furniture) else ""


def _by_place(text: str, edge: bool, repeated: bool, under: bool, limit: float) -> str:
    """Return why a line is furniture by pattern and by place or repetition together."""
    if not (edge or repeated) or len(text) > limit or "\n" in text:
        return ""
    if _PAPER.fullmatch(text.strip(" 　")) or (text.isascii() and is_paper(text)):
        return "name of the paper"
    if _PAGE_NUMBER.fullmatch(text):
        return "page number"
    if (
        not under
        and _CONTACT.search(text)
        and _OWN.search(text)
        and not _SENTENCE.search(text)
        and len(text) <= 40
        and not _OF_A_NOTICE.match(text)
    ):  # noqa: E501, RUF100
        return "hotline of the paper"
    if _WEEKDAY_ALONE.fullmatch(text):
        return "date line of the page"
    return ""


_OF_A_NOTICE = re.compile(r"(?:咨询|諮詢|预约|订票|购票|招聘|报名|联系人|联系电话|服务电话|认领)")
_WEEKDAY_ALONE = re.compile(
    rf"(?:\d{{1,2}}月\d{{1,2}}日\s*)?(?:{_WEEKDAY})|农历.{{2,12}}|(?:今日)?天气.{{2,30}}", re.I
)


def find(desk: Desk, blocks: tuple[Block, ...]) -> tuple[Block, ...]:
    """Drop page furniture."""
    if not desk.on(RULE):
        return blocks
    limit = desk.profile.limit(RULE)
    carved: list[Block] = []
    asked: set[int] = set()  # places of single lines whose pattern has been found not to be furniture
    for block in blocks:
        if block.kind is Kind.PARAGRAPH:
            lines = block.text.split("\n")
            parts = carve(
                block,
                lambda text, at, _, lines=lines: (
                    None  # a notice is dated under the name that signs it
                    if at and _SIGNING_DAY.fullmatch(text) and _signs(lines[at - 1])
                    else _line(desk, text, limit) or intruder(lines, at)
                ),  # type: ignore[misc]
            )
            if len(lines) == 1 and parts[0] is block:
                asked.add(len(carved))
            carved.extend(parts)
        else:
            carved.append(block)
    edge = _margins(desk, carved)
    counts = Counter(block.text for block in carved if block.kind in _SINGLE and len(block.text) <= limit)
    many = _repeating(counts) | _head_and_foot(desk, carved)
    made: list[Block] = []
    under = signed = ended = False
    for number, block in enumerate(carved):
        if signed and block.kind in _SINGLE and _SIGNING_DAY.fullmatch(block.text):
            made.append(
                replace(block, kind=Kind.PARAGRAPH)
            )  # the day under the name of an office dates its notice
            continue
        again = block.text in many
        inside = block.kind in _SINGLE and interrupts(carved, number)
        place = _Place(edge[number], counts[block.text] > 1, again, under, inside, number in asked)
        judged = _judge(desk, block, place)
        made.append(judged)
        if judged.kind not in (Kind.BLANK, Kind.FURNITURE):
            under = judged.kind in (Kind.HEADLINE, Kind.LABEL)
            signed = judged.kind is Kind.PARAGRAPH and (
                is_office(judged.text, desk.profile) or (ended and _signs(judged.text))
            )
            ended = judged.kind is Kind.PARAGRAPH and _STOP.search(judged.text) is not None
    return tuple(_beside_furniture(desk, made, edge))


def _beside_furniture(desk: Desk, blocks: list[Block], edge: list[bool]) -> list[Block]:
    """Drop what at the edge of a file is furniture only beside other furniture: the name of a paper that is
    known to nobody (华轴工业报), a number and a section (03 车间)."""
    places = [n for n, block in enumerate(blocks) if block.kind is not Kind.BLANK]
    for at, here in enumerate(places):
        block = blocks[here]
        if not edge[here] or block.kind is not Kind.PARAGRAPH or not _HEADPIECE.fullmatch(block.text):
            continue
        near = [blocks[n] for n in (*places[max(0, at - 1) : at], *places[at + 1 : at + 2])]
        if any(b.kind is Kind.FURNITURE and b.reason.endswith(("page", "paper")) for b in near):
            blocks[here] = _dropped(desk, block, "beside the head of the page", 0.8)
    return blocks


_HEADPIECE = re.compile(
    r"《?[\u4e00-\u9fff]{2,10}(?:[报報刊]|周刊|週刊|杂志)》?|[A-Z]?\d{2}[ \u3000·]?[\u4e00-\u9fff]{2,5}"
    r"|[\u4e00-\u9fff]{2,5}[ \u3000·]?[A-Z]?\d{2}"
)


@dataclass(frozen=True, slots=True)
class _Place:
    """Where a line stands: at the edge of its file, twice, again and again, under a heading or label."""

    edge: bool
    repeated: bool
    many: bool
    under: bool
    inside: bool = False  # in the middle of a sentence
    asked: bool = False  # its pattern alone is known not to be furniture


_SINGLE = (Kind.PARAGRAPH, Kind.HEADLINE, Kind.FURNITURE)


def _signs(before: str) -> bool:
    """Tell whether a line can be the name that signs a notice: short, and no sentence."""
    return 4 <= len(before) <= 24 and not re.search(r"[。，；：！？…,;:]", before)


def _line(desk: Desk, text: str, limit: float) -> Kind | None:
    found = reason(text, limit) or _own_pattern(desk, text)
    return Kind.FURNITURE if found else None


def _margins(desk: Desk, blocks: list[Block]) -> list[bool]:
    """Tell for each block whether it stands among the first or last few of its file."""
    printed = [n for n, block in enumerate(blocks) if block.kind is not Kind.BLANK]
    file = [desk.source.line_at(source_start(blocks[n].pieces)).file for n in printed]
    sizes = Counter(file)
    seen: Counter[int] = Counter()
    margin = [False] * len(blocks)
    for place, number in enumerate(printed):
        seen[file[place]] += 1
        margin[number] = seen[file[place]] <= _EDGE or sizes[file[place]] - seen[file[place]] < _EDGE - 1
    return margin


def _head_and_foot(desk: Desk, blocks: list[Block]) -> frozenset[str]:
    """Lines that begin a page and stand again at its end: the name of the paper or of the section."""
    files: dict[int, list[str]] = {}
    for block in blocks:
        if block.kind is not Kind.BLANK:
            file = desk.source.line_at(source_start(block.pieces)).file
            files.setdefault(file, []).append(block.text)
    return frozenset(
        texts[0] for texts in files.values() if len(texts) > _EDGE and texts[0] in texts[-_EDGE + 1 :]
    )


def _repeating(counts: Counter[str]) -> frozenset[str]:
    """Lines that stand alone three times and more on a page that does not repeat itself as a whole."""
    again = [text for text, times in counts.items() if times >= 3 and len(text) >= 4]
    return frozenset(again) if len(again) * 5 <= len(counts) else frozenset()


def _judge(desk: Desk, block: Block, place: _Place) -> Block:
    if block.kind not in _SINGLE or not block.text:
        return block
    text = block.text
    limit = desk.profile.limit(RULE)
    if block.kind is Kind.FURNITURE and not any(c.isalnum() for c in text):
        return _dropped(desk, block, "rule between articles", 1.0)
    why = "" if place.asked else reason(text, limit) or _own_pattern(desk, text)
    why = why or ("running head of the page" if place.inside else "")
    confidence = 0.95 if why and (place.edge or place.repeated) else 0.9
    if not why and (why := _by_place(text, place.edge, place.repeated, place.under, limit)):
        confidence = 0.85
    if (
        not why
        and place.many
        and block.kind in (Kind.PARAGRAPH, Kind.FURNITURE)
        and len(text) <= 30
        and not _SENTENCE.search(text)
    ):  # noqa: E501, RUF100
        why, confidence = "the same line stands alone again and again", 0.7
    if not why:
        return replace(block, kind=Kind.PARAGRAPH) if block.kind is Kind.FURNITURE else block
    return _dropped(desk, block, why, confidence)


def _dropped(desk: Desk, block: Block, why: str, confidence: float) -> Block:
    span = Span(source_start(block.pieces), source_end(block.pieces))
    if desk.choose(RULE, span, "drop", "keep") == "keep":
        return replace(block, kind=Kind.PARAGRAPH, level=0)
    pieces = drop_all(block.pieces, desk.text, RULE, why, confidence, "keep")
    return replace(block, kind=Kind.FURNITURE, pieces=pieces, confidence=confidence, reason=why)
