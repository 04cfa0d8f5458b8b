"""Datelines: （新华社北京3月6日电）, 本报深圳5月18日电, 聯合社柏林十一日電, BEIJING, March 6 (Xinhua) --.

Rationale: the line says who filed the story, where and when. It stands alone (often last, in
brackets) or leads the first paragraph. Read by its fixed shape (A): agency + place + date + 电/讯.
Case file: tests/cases/dateline.md.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace

from ..model import Block, Kind, Op, Piece
from ..sorts import cut, retag, split, trim
from .desk import Desk
from .marks import carve

__all__ = ["Filed", "find", "parse"]

_HAN = "\u4e00-\u9fff"
_DATE = r"(?:\d{4}年)?(?:(?:\d{1,2}|[一二三四五六七八九十]{1,3})月)?(?:\d{1,2}|[一二三四五六七八九十]{1,3})[日号號]"  # noqa: E501
_AGENCY = rf"(?:[{_HAN}]{{1,10}}?(?:社|网|報|报|台|通讯|通訊|處|处|电视|周刊|日报|晚报|晨报|时报|日報))"
_RANK = r"(?:全媒体|融媒体|首席|见习|实习|特约|特派)?"
# （记者 张三 通讯员 李四） or, parted by spaces, 记者张三、李四 通讯员王五
_BY = (
    rf"(?P<by>\s*[（(]{_RANK}(?:记者|通讯员|記者)[^（()）]{{1,40}}[）)]"
    rf"|[ \u3000]{_RANK}记者 ?[{_HAN}]{{2,4}}(?:[、，][{_HAN}]{{2,4}})*"
    rf"(?: 通讯员 ?[{_HAN}]{{2,4}}(?:[、，][{_HAN}]{{2,4}})*)?(?=[ \u3000]))?"
)
_CHINESE = re.compile(
    rf"(?P<open>[（(【\[〔]?)\s*(?:据)?(?P<agency>{_AGENCY})(?P<place>[{_HAN}·]{{2,12}}?)?\s*(?P<date>{_DATE})?(?P<hour>[零〇一二三四五六七八九十\d]{{1,3}}时)?\s*"
    rf"(?P<kind>专?(?:电|電|讯|訊)|(?:综合)?(?:消息|报道)|急电|急電){_BY}\s*(?P<close>[）)】\]〕]?)"
)
_SHORT = re.compile(
    rf"(?P<agency>本报|本刊|本社|本网|本報|【?本报讯|[{_HAN}]{{2,4}}(?= ?讯 记者))(?P<kind>讯|訊|综合消息){_BY}"  # noqa: E501
)
_ENGLISH = re.compile(
    r"(?P<place>[A-Z][A-Z .,'’-]{2,40}[A-Z](?:,\s*[A-Z][a-z]+\.?)?)(?:,\s*(?P<date>(?:Jan|Feb|Mar|Apr|May|June?|July?|Aug|Sept?|Oct|Nov|Dec)[a-z]*\.?\s+\d{1,2}))?\s*"  # noqa: E501
    r"(?:[（(](?P<agency>[A-Z][A-Za-z ]{1,24})[）)])?\s*(?:--|—|–|\.—|\.-|(?<=\s)-(?=\s))\s*"
)
_KOREAN = re.compile(
    r"[（(\[【](?P<place>[가-힣]{2,8})=(?P<agency>[가-힣A-Za-z]{2,10}(?:뉴스|통신|일보|신문))[）)\]】]\s*(?P<by>[가-힣]{2,4}\s*(?:기자|특파원))?(?:\s*=)?\s*"
)
# without an agency: 本市訊, 〔又電〕, 【紐約十三日電】
_LOCAL = re.compile(
    rf"(?P<open>[（(【\[〔]?)\s*(?P<agency>本市|本埠|本县|本縣|外埠|各地|又|另)(?:专|專|特|综合)?(?:讯|訊|电|電|消息)\s*(?P<close>[）)】\]〕]?)"  # noqa: F541
)
_PLACED = re.compile(
    rf"[（(【\[〔]\s*(?P<place>[{_HAN}]{{2,6}}?)\s*(?P<date>{_DATE})\s*(?:专|專)?(?:电|電|讯|訊)\s*[）)】\]〕]\s*"
)
# （渔光港讯）: a place of its own in brackets
_FROM_PLACE = re.compile(rf"[（(【\[〔](?P<place>[{_HAN}]{{2,6}})(?:专|專|特|综合)?[讯訊电電][）)】\]〕]\s*")
# of a firm's own release: （2025年3月28日，临江）
_RELEASED = re.compile(rf"[（(](?P<date>{_DATE})[，,、 ]\s?(?P<place>[{_HAN}]{{2,8}})[）)]")
_RELEASED_AT = re.compile(rf"[（(](?P<place>[{_HAN}]{{2,8}})[，,、 ]\s?(?P<date>{_DATE})[）)]")
_INSIDE = re.compile(
    r"(?<=[。！？」』”])[ \u3000]*(?P<open>[〔【（(])(?=[^〕】）)\n]{1,30}[電电讯訊][〕】）)])"
)
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
_WINDOW = 80


@dataclass(frozen=True, slots=True)
class Filed:
    """Ranges `(start, end)` of agency, place, date and reporters in a dateline, and where it ends."""

    end: int
    agency: tuple[int, int]
    place: tuple[int, int]
    date: tuple[int, int]
    by: tuple[int, int]


_ALL = (
    *(_CHINESE, _SHORT, _LOCAL, _PLACED, _FROM_PLACE, _RELEASED, _RELEASED_AT),
    *(_KOREAN, _ENGLISH),
)


def parse(text: str) -> Filed | None:
    """Read a dateline at the beginning of `text`; None where there is none."""
    head = text[:_WINDOW]
    for pattern in _ALL:
        found = pattern.match(head)
        if found and _sound(found, text):
            spans = {
                name: found.span(name) if name in pattern.groupindex else (-1, -1)
                for name in ("agency", "place", "date", "by")
            }
            return Filed(found.end(), **spans)
    return None


def _sound(found: re.Match[str], text: str) -> bool:
    """A match must look like a dateline as a whole, not like the beginning of a sentence."""
    groups = found.groupdict()
    if found.re in (_FROM_PLACE, _PLACED, _RELEASED, _RELEASED_AT):
        return True
    if found.re is _LOCAL:
        alone = found.end() == len(text)
        return bool(groups["open"]) == bool(groups["close"]) and (alone or bool(groups["close"]))
    if found.re is _ENGLISH:
        if groups["agency"] or groups["date"] or found[0].rstrip().endswith("--"):
            return True
        place, begins = groups["place"], text[found.end() : found.end() + 1]
        town = (len(place) > 5 or not place.isalpha()) and place not in _HEADWORDS  # not NATO —
        return town and (begins.isupper() or begins in ("“", '"')) and "—" in found[0]
    if found.re is _CHINESE:
        if bool(groups["open"]) != bool(groups["close"]) and not groups["by"]:
            return False
        if not groups["date"] and not groups["open"] and groups["kind"] not in ("讯", "訊", "电", "電"):
            return False
        if groups["kind"] in ("消息", "报道", "综合消息", "综合报道") and not groups["date"]:
            return False
    rest = text[found.end() : found.end() + 1]
    closed = bool(groups.get("close") or groups.get("by")) or found[0] != found[0].rstrip()
    return rest == "" or rest in " 　\t\n" or closed or found.re in (_KOREAN,) or rest in "：:—-"


def find(desk: Desk, blocks: tuple[Block, ...]) -> tuple[Block, ...]:
    """Find datelines: lines of their own, and those in brackets after the last paragraph.

    A dateline that leads a paragraph stays in it; `parse` tells its parts.
    """
    if not desk.on("dateline"):
        return blocks
    return tuple(part for block in blocks for whole in _lines(block) for part in _read(whole))


def _lines(block: Block) -> tuple[Block, ...]:
    """Cut a dateline that is the first or last line of a run of lines."""
    if block.kind is not Kind.PARAGRAPH or "\n" not in block.text:
        return (block,)

    def line(text: str, number: int, count: int) -> Kind | None:
        filed = parse(text) if number in (0, count - 1) else None
        return Kind.DATELINE if filed and not text[filed.end :].strip() else None

    parts = carve(block, line)
    return tuple(_moved(part, part.pieces) if part.kind is Kind.DATELINE else part for part in parts)


def _read(block: Block) -> tuple[Block, ...]:
    if block.kind is not Kind.PARAGRAPH:
        return (block,)
    text = block.text
    filed = parse(text)
    if filed and not text[filed.end :].strip():
        return (_moved(block, block.pieces),)
    parts = _items(block, text)
    return (*parts[:-1], *_at_end(parts[-1], parts[-1].text))


def _items(block: Block, text: str) -> tuple[Block, ...]:
    """Begin a new paragraph at a dateline in brackets after a full stop: an item of its own."""
    seams = [
        m.start("open")
        for m in _INSIDE.finditer(text)
        if (f := parse(text[m.start("open") :])) and m.start("open") + f.end < len(text)
    ]
    return (
        tuple(replace(block, pieces=trim(part)) for part in split(block.pieces, seams)) if seams else (block,)
    )


def _at_end(block: Block, text: str) -> tuple[Block, ...]:
    """A dateline in brackets at the end of the last paragraph: …成效。（新华社北京3月6日电）"""
    if not text.endswith(("）", ")", "】", "〕")):
        return (block,)
    start = max(text.rfind(mark, max(0, len(text) - _WINDOW)) for mark in "（(【〔")
    if start <= 0 or not (filed := parse(text[start:])) or start + filed.end != len(text):
        return (block,)
    rest, tail = cut(block.pieces, start)
    return replace(block, pieces=trim(rest)), _moved(block, tail)


def _moved(block: Block, pieces: tuple[Piece, ...]) -> Block:
    moved = retag(trim(pieces), Op.MOVE, "dateline", "datelines are metadata")
    return replace(block, kind=Kind.DATELINE, pieces=moved, level=0, reason="agency, place and date")
