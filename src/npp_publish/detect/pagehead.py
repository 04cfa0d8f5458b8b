"""Page heads and feet: lines that are made of the parts of a folio and of nothing else.

Rationale: papers print the name of the paper, date, weekday, lunar date, page, section, editors and
issue number in every order and with every separator (8 青屏晨报 2025年4月17日; A2 | Tuesday, April 15,
2025 | CHINA DAILY). So a line is read part by part: it is a page head if two parts of different kinds
tell it and what is left over is no more than the name of a section (B). Lines of labels and values
(来源：… 作者：… 编辑：…) are told by their labels. Case file: tests/cases/furniture.md.
"""

from __future__ import annotations

import re

__all__ = ["is_page_head", "is_paper", "of_fields"]

_MONTH = (
    r"(?:Jan(?:uary)?|Feb(?:ruary)?|Mar(?:ch)?|Apr(?:il)?|May|June?|July?|Aug(?:ust)?|Sept?(?:ember)?"
    r"|Oct(?:ober)?|Nov(?:ember)?|Dec(?:ember)?)\.?"
)
_DIGIT = "[\\d〇○零一二三四五六七八九]"
_COUNT = "[\\d一二三四五六七八九十]{1,3}"
_PARTS = {
    "day": rf"(?:{_DIGIT}{{4}}|(?:中[華华])?民[國国]{_DIGIT}{{1,4}}|中[華华]民[國国][一二三四五六七八九十]{{1,3}})年(?:[（(][^（）()]{{2,6}}[）)])?\s?{_COUNT}月\s?{_COUNT}[日號号]"  # noqa: E501
    r"|\d{4}[-./]\d{1,2}[-./]\d{1,2}|\d{4}년\s?\d{1,2}월\s?\d{1,2}일"
    rf"|{_MONTH} \d{{1,2}}(?:-\d{{1,2}})?,? \d{{4}}|\d{{1,2}} {_MONTH} \d{{4}}",
    "date": rf"{_COUNT}月{_COUNT}日",
    "weekday": r"[（(]?(?:星期|周|週|礼拜|禮拜)[一二三四五六日天][）)]?|[（(]?[月火水木金土日](?:曜日?)[）)]?|[（(]?[월화수목금토일]요일[）)]?"  # noqa: E501
    r"|(?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day",
    "lunar": r"(?:农历|農曆|夏历|夏曆)?[甲乙丙丁戊己庚辛壬癸][子丑寅卯辰巳午未申酉戌亥]年[^\s,，。]{2,8}|(?:农历|農曆)[^\s,，。]{2,8}"  # noqa: E501
    r"|[正二三四五六七八九十冬腊臘闰閏]{1,2}月[初十廿卅][一二三四五六七八九十]",
    "page": r"第?\s?(?:[A-Z]?\d{1,3}|[一二三四五六七八九十]{1,3})\s?[版頁页面叠]|版次[:：]?\s?[A-Z]?\d{1,3}版?|\d{1,3}면"  # noqa: E501
    r"|[A-Z]-?\d{1,2}(?![\d.])|(?:Page|PAGE|P\.)\s?(?:[A-Z]?\d{1,3}|[A-Z]{3,5})",
    "number": r"\d{1,3}(?![\d.])",
    "paper": r"[\u4e00-\u9fff]{2,8}(?:日报|晚报|时报|早报|晨报|周报|都市报|商报|快报|青年报|导报|周刊|週刊|周末|新报|日報|晚報|時報|公報|早報|週報|新聞|新報)"  # noqa: E501
    r"|[\u4e00-\u9fff]{1,3}報|THE(?: [A-Z][A-Z.'&-]+){1,5}|(?:[A-Z]{3,} ){1,3}(?:DAILY|TIMES|TRIBUNE|POST|HERALD|JOURNAL|GAZETTE|NEWS|STAR|SUN|CHRONICLE|COURIER|RECORD|PRESS)"  # noqa: E501
    r"|The (?:[A-Z][a-z]+ ){1,3}(?:Times|Tribune|Post|Daily|Herald|Journal|Gazette|News|Star|Sun|Chronicle)"
    r"|[가-힣]{2,4}(?:일보|신문)",
    "staff": r"(?:责任编辑|执行主编|(?:本版|值班)?(?:编辑|主编|责编|美编|校对|主任|编委)|编审|版式|版面设计|校检|检校|签发|审签|督印人|组版|排版|制图|审校|审读|视觉|(?:責任)?編輯|美編|校對|편집|교열)"  # noqa: E501
    r"\s?[:：/／|]?\s?[\u4e00-\u9fff가-힣]{2,4}(?![\u4e00-\u9fff])",
    "contact": r"[\u4e00-\u9fff]{0,4}(?:热线|電話|电话)[:：]?\s?[\d-]{6,}",
    "issue": r"\d{4}年(?:总)?第\s?\d{1,4}\s?期|(?:总)?第\s?\d{1,6}\s?[期号號]|今日\d{1,3}版|本期\d{1,3}版|朝刊|夕刊|제\d{1,6}호|Vol\.? ?[\dIVXLC]+|No\.? ?\d+",  # noqa: E501
}
_PART = re.compile("|".join(f"(?P<{kind}>{pattern})" for kind, pattern in _PARTS.items()))
_HINT = re.compile(r"\d|[版頁页报報刊]|星期|週|農曆|农历|年.{1,3}月|THE |The |PAGE|[일월]|新聞")
_PAPER = re.compile(_PARTS["paper"])
_GAP = re.compile(r"[\s\u3000·•|｜/／—–_,，、:：●■◆▲【】\[\]（）()-]+")
_SECTION = re.compile(r"[\u4e00-\u9fff·]{2,6}|[A-Z][A-Za-z&]{2,12}|[가-힣]{2,4}")
_SURE = frozenset({"day", "weekday", "lunar", "page", "paper", "staff", "issue", "contact"})
_LONGEST = 90
_LABEL = re.compile(
    r"(?:^|(?<=[\s\u3000|｜）)（(【\[]))(?P<label>来源|來源|稿源|稿件来源|作者|编辑|編輯|责编|责任编辑|审核|校对|初审|复审|终审|监制|发布时间|发布日期|时间|日期|浏览次数|浏览|点击|点击数|字号|字体|阅读|Source|Editor|Date)\s?[:：]"
)
_ALONE = frozenset({"来源", "來源", "稿源", "稿件来源", "Source", "字号", "字体", "浏览次数", "点击数"})
_PERSONAL = frozenset({"作者"})
_NOBODY = re.compile(r"综合|整理|佚名|未知|本报|本站|网络|編輯部|编辑部")


def is_page_head(text: str) -> bool:
    """Tell whether a line is made of the parts of a page head: two kinds of them, and no other words
    than the name of a section."""
    if len(text) > _LONGEST or "。" in text or not _HINT.search(text):
        return False
    kinds: set[str] = set()
    sections = 0
    at = 0
    while at < len(text):
        if gap := _GAP.match(text, at):
            at = gap.end()
            continue
        part = _PART.match(text, at)
        if part and not _whole(text, part.end()):
            part = None
        if part is None:
            part = _SECTION.match(text, at)
            if part is None or not _whole(text, part.end()):
                return False
            sections += 1
        else:
            kinds.add(part.lastgroup or "")
        at = part.end()
    named = kinds & _SURE
    if not named - {"weekday"}:  # 4月17日 星期四 can be an entry of a programme
        return False
    strong = len(named) + ("date" in kinds)
    return sections <= 2 and (strong >= 2 or ("number" in kinds and bool(sections)))


def is_paper(text: str) -> bool:
    """Tell whether a text is the name of a paper and nothing else (青屏晚报)."""
    return _PAPER.fullmatch(text.strip(" \u3000《》")) is not None


def _whole(text: str, end: int) -> bool:
    """Tell whether a part ends where a gap or another part begins, not inside a word."""
    return end == len(text) or _GAP.match(text, end) is not None or _PART.match(text, end) is not None


def of_fields(text: str) -> bool:
    """Tell whether a line is made of labels and short values as web pages print them under a headline
    or over the next one (来源：… 编辑：…), and names no author."""
    if len(text) > _LONGEST * 2 or "。" in text or not ("：" in text or ":" in text):
        return False
    labels = list(_LABEL.finditer(text))
    if not labels or text[: labels[0].start()].strip(" \u3000（(【[|"):
        return False
    ends = [*(label.start() for label in labels[1:]), len(text)]
    for label, end in zip(labels, ends, strict=True):
        value = text[label.end() : end].strip(" \u3000）)】]|")
        if len(value) > 24 or "，" in value:
            return False
        if label["label"] in _PERSONAL and not _NOBODY.search(value):
            return False
    return len(labels) >= 2 or labels[0]["label"] in _ALONE
