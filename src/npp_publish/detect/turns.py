"""Turns: how papers word that a text goes on elsewhere, or comes from elsewhere.

Rationale: the wording is a small language (下转第二張第三版, 緊接第一版, See FERRY, A7, 3면에 계속). It is
read on a folded copy of the text, so that full-width letters and letter-spacing do not matter. Three
degrees: a *turn* counts wherever a paragraph ends; a *faint* one (下传3扳: slips of a reading machine) in
brackets or alone on its line; a *pointer* (详见3版, See Page 7), which names the page of another text,
where it is set off from a sentence (A). Case files: tests/cases/jumpline.md, tests/cases/credits.txt.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

__all__ = ["LONGEST", "Turn", "comes_from", "either_way", "folded", "goes_to", "points_to"]

LONGEST = 90  # characters of a text in which a turn is looked for
_WIDTHS = {0xFF01 + n: 0x21 + n for n in range(94)} | {0x3000: 0x20}
_NUMERAL = "一二三四五六七八九十"
_ONE = rf"(?-i:[A-Z])?\s?-?(?:\d{{1,3}}|[{_NUMERAL}]{{1,3}})"
_PAGES = rf"({_ONE}(?:[、,·至-]{_ONE})*)"
_LEAF, _SLIPPED_LEAF = "[版页頁面叠]", "(?:[版页頁面扳坂板皈阪叛]|片反)"
_OPEN, _CLOSE = r"[(【\[〔〖〈《「『<]?\s*", r"\s*[)】\]〕〗〉》」』>]?"
_BRACKET = r"(?<=[(【\[〔〖〈《「<])\s*"
_MARK = r"[▶►▷➤➜➡⇨→↓◀◄◁←⇦↑☞☛»«>＞<＜■□●○▲△▼▽★☆◆◇◎※…—―─=~\s]*"
_ARROW = r"[▶►▷➤➜➡⇨→☞☛»>▼]+\s*"
_SHEET = (
    rf"(?:(?:今日|本[报報刊版期])\s*)?(?:(?:第\s?)?(?:[A-Z]|[{_NUMERAL}\d]{{1,2}})\s?[叠疊張张]\s*,?\s*)?"
)
_BEHIND = (
    r"(?:\s*[·•:—-]\s*[\u4e00-\u9fff]{2,6})?(?:\s*[·•:]?[《“「][^》”」\n]{1,30}[》”」])?"
    r"(?:[①②③④⑤⑥⑦⑧⑨]|(?:头条|頭條|报眼|要闻))?"
)
_WHERE = rf"\s*:?{_MARK}{_SHEET}(?:第\s?)?{_PAGES}\s?{_LEAF}?{_BEHIND}"
_SLIPPED_WHERE = rf"\s?{_SHEET}(?:[第苐弟]\s?)?{_PAGES}\s?{_SLIPPED_LEAF}?"
_A_LEAF = rf"\s?{_SHEET}(?:第\s?)?{_PAGES}\s?{_LEAF}{_BEHIND}"
_LETTERED = rf"\s?(?:第\s?)?((?-i:[A-Z])-?\d{{1,3}})\s?{_LEAF}?"
_FOR_NOW = r"(?:(?:未完|全文|文章|文)[,、;\s]*)?"
_COLUMN = r"(?:,?\s*(?:Columns?|Cols?\.?)\s*(?:\d|One|Two|Three|Four|Five|Six|Seven|Eight)(?:-\d)?)?"
_NUMBER = r"((?-i:[A-Z])?-?\d{1,3}|(?:One|Two|Three|Four|Five|Six|Seven|Eight|Nine|Ten)\b)"
_PAGE = rf"(?:page|pg\.?|p\.?)\s*{_NUMBER}{_COLUMN}"
_LETTER_PAGE = rf"((?-i:[A-Z])-?\d{{1,3}}){_COLUMN}"
_SOME_PAGE = rf"(?:{_PAGE}|{_LETTER_PAGE})"
_CONTINUED = r"(?:Continued|Continues|Contd?\.?|Cont['’]d\.?)"
_SLUG = r"(?-i:[A-Z][A-Z’'-]{2,}(?: [A-Z’'-]{2,}){0,3})"  # the word in capitals that names the story
_SEE = r"(?<!\w)(?-i:See|SEE|Please see|Turn to)"
_MYEON = r"([A-Z]?\d{1,2}(?:[·,∼~-]\d{1,2})*)면"
_MEN = rf"(\d{{1,2}}|[{_NUMERAL}]{{1,2}})面"
_REPORT = (
    r"(?:(?:全文|文|[图圖]|详情|詳情|[评評][论論]|社[论論]|(?:相[关關]|更多|[详詳][细細]|有[关關]|另有|后续|深度|系列)?"
    r"(?:报道|報道|報導|新[闻聞]|[内內]容|[评評][论論]|[图圖]片|解读|文章))\s?)?"
)
_TURNS = (
    rf"{_FOR_NOW}(?:下\s?[转轉]\s?[至入]?|下接|[转轉]\s?入){_WHERE}",
    rf"{_BRACKET}{_FOR_NOW}[转轉]\s?[至载]?{_A_LEAF}",
    rf"{_BRACKET}[转轉]\s?至?{_LETTERED}",
    rf"(?:(?:Story|Article|Report)\s+)?(?:{_CONTINUED}|Turn|Please turn|Jumps?)\s+(?:on|to)\s+{_SOME_PAGE}",
    rf"{_CONTINUED}\s+(?:on|to)\s+(?:the\s+)?(?:next|back|following) page",
    rf"{_SEE}\s+{_SLUG}\s*[,:;/»>-]?\s*(?:on\s+)?{_PAGE}",
    rf"{_SEE}\s+{_SLUG}\s*[,:;/»>-]\s*{_LETTER_PAGE}",
    rf"{_SLUG}\s*[:;/,-]\s*(?:See|Turn to)\s+{_SOME_PAGE}",
    rf"{_MYEON}(?:에|으로)\s*(?:계속|이어집니다|이어짐|이어져|이어진다)",
    rf"{_MEN}[にへ](?:続[くき]|つづ[くき])",
)
_FAINT_TURNS = (
    rf"[下卜]\s?[转轉传砖]\s?{_SLIPPED_WHERE}",
    rf"[转轉]\s?[至入]?(?:{_LETTERED}|{_A_LEAF})",
    rf"転\s?→?\s*{_MEN}",
    rf"続き(?:は)?\s*{_MEN}へ?",
    rf"{_SLUG}\s*/\s*{_PAGE}",
)
_POINTERS = (
    rf"{_REPORT}(?:[请請另并並]\s?)?(?:[详詳续續]\s?)?[见見](?:{_A_LEAF}|{_LETTERED})",
    r"[续續]下[页版頁]",
    rf"(?:See|Turn to|More on|(?:Full |Related )?(?:Story|Stories|Report)(?:\s+on)?,?)\s+{_SOME_PAGE}",
    rf"(?:관련\s?기사|기사\s?이어짐)\s*[▶→]?\s*{_MYEON}",
    rf"(?:関連記事|関連)は?\s*{_MEN}|{_MEN}に関連(?:記事)?",
    rf"{_ARROW}(?:{_A_LEAF}|{_LETTERED}|{_MYEON}|{_MEN})",
)
_ORIGINS = (
    rf"(?:文\s?)?(?:上\s?接|紧接上版|接上版|上\s?承|承\s?接){_WHERE}",
    rf"{_BRACKET}(?:文\s?)?[接承]\s?自?(?:{_A_LEAF}|{_LETTERED})",
    rf"{_BRACKET}[续續]\s?自(?:{_A_LEAF}|{_LETTERED})",
    rf"(?:{_SLUG}\s*[,:;—/-]?\s*)?{_CONTINUED}\s+from\s+{_SOME_PAGE}",
    rf"(?:{_SLUG}\s*[,:;—/-]?\s*)?{_CONTINUED}\s+from\s+(?:the\s+)?(First|Front|Preceding) page",
    rf"(?:{_SLUG}|(?-i:[A-Z][a-z]+)(?=/))\s*[,:;—/-]?\s*from\s+{_SOME_PAGE}",
    rf"{_MYEON}(?:에서|서)\s*(?:계속|이어짐|이어집니다|이어)",
    rf"{_MEN}(?:から|より)の?(?:続[くき]|つづ[くき])",
)
_FAINT_ORIGINS = (
    rf"[上卜土]\s?[接按]\s?{_SLIPPED_WHERE}",
    rf"(?:文\s?)?[接续續]\s?自?{_A_LEAF}",
    r"[接续續]上[页版頁]",
    rf"(?-i:From|FROM)\s+{_SOME_PAGE}",
    rf"{_MYEON}에\s*이어",
)
_EITHER = (rf"(?:[紧緊]\s?接){_WHERE}", rf"[续續](?:{_A_LEAF}|{_LETTERED})")


def _any(cores: Sequence[str], before: str = rf"{_OPEN}{_MARK}", after: str = rf"{_MARK}\.?{_CLOSE}") -> str:
    return rf"{before}(?:{'|'.join(cores)}){after}"


def _pattern(*wholes: str) -> re.Pattern[str]:
    return re.compile("|".join(wholes), re.I)


_SET_OFF = r"[(【\[〔〖〈<]\s*" + _MARK, _MARK + r"\.?\s*[)】\]〕〗〉>]"
_TAIL = _pattern(
    _any((*_TURNS, _EITHER[0])) + r"\s*\Z", _any((*_FAINT_TURNS, *_EITHER), *_SET_OFF) + r"\s*\Z"
)
_POINTER = _pattern(
    _any(_POINTERS, *_SET_OFF) + r"\s*\Z",
    rf"(?<=[。！？!?”」』.)])\s*{_any((*_FAINT_TURNS, *_POINTERS), _MARK, _MARK)}\s*\Z",
)
_ALONE = _pattern(_any((*_TURNS, *_FAINT_TURNS, *_POINTERS)))
_HEAD = _pattern(
    rf"\s*{_any((*_ORIGINS, _EITHER[0]))}\s*", rf"\s*{_any((*_FAINT_ORIGINS, *_EITHER), *_SET_OFF)}\s*"
)
_COMES = _pattern(_any((*_ORIGINS, *_FAINT_ORIGINS)))
_BOTH = _pattern(_any(_EITHER))
# a text that ends or begins otherwise has no turn there
_LAST = frozenset(
    ")】]〕〗〉》」』>）］＞0123456789０１２３４５６７８９"
    + _NUMERAL
    + "版页頁面叠扳坂板皈阪叛反①②③④⑤⑥⑦⑧⑨条條眼闻事"
    "▶►▷➤➜➡⇨→↓◀◄◁←⇦☞☛»«▲▼★☆■●.…속다짐져면어くき へeEnNtTrRxXoO"
)
_FIRST = re.compile(
    rf"\s*(?:[(【\[〔〖〈《「『<（［＜▶►▷➤➜➡⇨→↓◀◄◁←⇦↑☞☛»«>＞■□●○▲△▼▽★☆◆◇◎※…—―─=~上卜土文紧緊接续續承]|[A-Z]?\d{{1,2}}|[A-Z]|[{_NUMERAL}]{{1,2}}面)",
    re.I,
)
_HINT = re.compile(
    rf"[转轉転传砖接按见見续續承][^。]{{0,40}}(?:\d|[{_NUMERAL}]|[页版頁])|関連|続|つづ|転|관련|계속|이어|page|pg?\.|(?-i:[A-Z])-?\d"
    r"|[▶►▷➤➜➡⇨→☞☛»>▼]\s*第?\s*[A-Z\d一二三四五六七八九十]",
    re.I,
)


@dataclass(frozen=True, slots=True)
class Turn:
    """Where a turn stands in its text, and the page that it names (`(0, 0)`: none)."""

    start: int
    end: int
    page: tuple[int, int] = (0, 0)


def folded(text: str) -> str:
    """Return a text with full-width letters, digits and marks as half-width ones, of the same length."""
    return text.translate(_WIDTHS)


def goes_to(text: str) -> Turn | None:
    """Return the turn at the end of a text, or the one that is the whole of it."""
    if text[-8:].rstrip()[-1:] not in _LAST or not _HINT.search(bare := folded(text[-LONGEST:])):
        return None
    if len(text) <= LONGEST and (whole := _ALONE.fullmatch(bare.strip())):
        return _turn(whole, len(bare) - len(bare.lstrip()))
    found = _TAIL.search(bare)
    return _turn(found, max(0, len(text) - LONGEST)) if found else None


def points_to(text: str) -> Turn | None:
    """Return the pointer to another text that stands behind a sentence."""
    if text[-8:].rstrip()[-1:] not in _LAST or not _HINT.search(bare := folded(text[-LONGEST:])):
        return None
    found = _POINTER.search(bare)
    return _turn(found, max(0, len(text) - LONGEST)) if found else None


def comes_from(text: str) -> Turn | None:
    """Return the turn at the head of a text."""
    if not _FIRST.match(text) or not _HINT.search(bare := folded(text[:LONGEST])):
        return None
    first, _, _ = bare.partition("\n")
    if whole := _COMES.fullmatch(first.strip()):
        inside = len(first) - len(first.lstrip())
        end = len(bare) if len(first) == len(bare) else len(first)
        return Turn(0, end, _page(whole, inside))
    found = _HEAD.match(bare)
    return _turn(found, 0) if found else None


def either_way(text: str) -> bool:
    """Tell whether a text is a turn that may lead on as well as come from elsewhere (紧接第三版, 续5版)."""
    return len(text) <= LONGEST and _BOTH.fullmatch(folded(text).strip()) is not None


def _turn(found: re.Match[str], offset: int) -> Turn:
    return Turn(found.start() + offset, found.end() + offset, _page(found, offset))


def _page(found: re.Match[str], offset: int) -> tuple[int, int]:
    if not found.lastindex:
        return (0, 0)
    start, end = found.span(found.lastindex)
    return (start + offset, end + offset)
