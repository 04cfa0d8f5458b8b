"""Bylines: □本报记者 张三 通讯员 李四, 文/本报记者 王五, By JOHN SMITH, 홍길동 기자.

Rationale: a byline is a short line of agency, role words and names; what its words mean, `signature` knows.
It stands under a headline, is the first or last line of a run, or signs a text that has ended (A).
Case files: tests/cases/byline.md, tests/cases/credits.txt.
"""

from __future__ import annotations

import re
from dataclasses import replace

from ..model import Block, Kind, Op, Piece, Role
from ..sorts import cut, retag, trim
from .abroad import Tag, alone
from .credited import names_in_brackets
from .desk import Desk
from .marks import carve
from .names import is_name
from .newsrooms import is_office, is_team
from .signature import MARKERS, fielded, marker, parse

__all__ = ["MARKERS", "Tag", "fielded", "find", "names_in_brackets", "parse"]

_BODY = re.compile(r"[。！？；…“”：]")
_STOP = re.compile(r"[。！？…][”’」』）]*$")


def find(desk: Desk, blocks: tuple[Block, ...]) -> tuple[Block, ...]:
    """Find bylines: lines of their own, first or last lines of a run, lines under a headline."""
    if not desk.on("byline"):
        return blocks
    made: list[Block] = []
    under = False
    names = _names_over_texts(desk, blocks)
    for number, block in enumerate(blocks):
        office = not under and _office_under_title(desk, blocks, number)
        parts = (_byline(block),) if number in names else _read(desk, block, under, office)
        made.extend(parts)
        printed = [part for part in parts if part.kind not in (Kind.BLANK, Kind.FURNITURE)]
        if printed:
            under = printed[-1].kind is Kind.HEADLINE or _waits(desk, printed[-1])
    return tuple(made)


def _waits(desk: Desk, block: Block) -> bool:
    """Tell whether a byline names a role and nobody: the names stand on the next line."""
    if block.kind is not Kind.BYLINE:
        return False
    tags = parse(block.text, desk.profile) or ()
    return bool(tags) and tags[-1].role is Role.ROLE and all(tag.role is not Role.AUTHOR for tag in tags)


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


def _office_under_title(desk: Desk, blocks: tuple[Block, ...], number: int) -> bool:
    """Tell whether the last of two or three short lines that stand alone over a text is an office and a name
    (以改革赋能基层治理 / 东海市委党校 冯立群): the lines above it are a title without a mark."""
    texts = blocks[number].text.split("\n")
    if blocks[number].kind is not Kind.PARAGRAPH or not 2 <= len(texts) <= 3 or len(texts[0]) < 8:
        return False
    words = re.split("[ \u3000]+", texts[-1])
    if len(words) != 2 or any(map(_BODY.search, texts)) or not is_office(words[0], desk.profile):
        return False
    after = next((b for b in blocks[number + 1 :] if b.kind not in (Kind.BLANK, Kind.FURNITURE)), None)
    text = after is not None and after.kind is Kind.PARAGRAPH and len(after.text) >= 40
    return text and _named(words[1]) and len(words[1]) <= 3


def _read(desk: Desk, block: Block, under: bool, office: bool) -> tuple[Block, ...]:
    if block.kind in (Kind.HEADLINE, Kind.LABEL):
        tags = parse(block.text, desk.profile)
        roles = {tag.role for tag in tags or ()}
        sure = Role.AUTHOR in roles and (block.text[0] in MARKERS or (under and Role.ROLE in roles))
        return (_byline(block),) if sure else _behind_headline(desk, block)
    if block.kind is Kind.ITEM and any(p.text for p in block.pieces):
        return (block,)
    if block.kind is not Kind.PARAGRAPH:
        return (block,)
    if under and "\n" not in block.text and (end := _before_text(desk, block.text)):
        head, rest = cut(block.pieces, end)
        return _byline(replace(block, pieces=trim(head))), replace(block, pieces=trim(rest))

    before = block.text.split("\n") if "\n" in block.text else []

    def line(text: str, number: int, count: int) -> Kind | None:
        if office and number == count - 1:
            return Kind.BYLINE
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
        waits = number == 1 and under and before[0].endswith(("记者", "記者", "通讯员", "通訊員", "评论员"))
        tags = parse(text, desk.profile, under and (number == 0 or waits)) if edge else None
        sure = count == 1 or len(text) <= 10 or text[0] in MARKERS
        named = tags and (sure or any(tag.role is Role.AUTHOR for tag in tags))
        return Kind.BYLINE if named else None

    parts = carve(block, line)
    return tuple(_byline(part) if part.kind is Kind.BYLINE else part for part in parts)


_OWN_REPORTER = re.compile(
    r"[ \u3000][□■●◎]? ?(?=(?:本[报報刊网網]|[\u4e00-\u9fff]{2,8}[报報社])[\u4e00-\u9fff]{0,4}[记記]者[ \u3000])"  # noqa: E501
)
_LEADS_TEXT = re.compile(
    r"[□■●◎◆]? ?(?:本[报報刊网網]|[\u4e00-\u9fff]{2,8}[报報社])?[\u4e00-\u9fff]{0,4}(?:[记記]者|通[讯訊][员員])[ \u3000]"  # noqa: E501
)


def _behind_headline(desk: Desk, block: Block) -> tuple[Block, ...]:
    """Cut a byline off the end of a headline: 城东新桥昨日通车 本报记者 孟晓岚."""
    found = _OWN_REPORTER.search(block.text)
    if block.kind is not Kind.HEADLINE or found is None or found.start() < 6:
        return (block,)
    tags = parse(block.text[found.end() :], desk.profile) or ()
    if not any(tag.role is Role.AUTHOR for tag in tags):
        return (block,)
    rest, tail = cut(block.pieces, found.start())
    return replace(block, pieces=trim(rest)), _byline(replace(block, pieces=trim(tail)))


def _before_text(desk: Desk, text: str) -> int:
    """Return where a byline ends on the first line of a text, 0 where there is none: the words up to there
    are agency, role and names, and a sentence follows."""
    if len(text) < 40 or not _LEADS_TEXT.match(text):
        return 0
    for gap in reversed(list(re.finditer(r"[ \u3000]+", text[:60]))):
        tags = parse(text[: gap.start()], desk.profile) or ()
        named = [text[tag.start : tag.end] for tag in tags if tag.role is Role.AUTHOR]
        sentence = re.match(r"[^ \u3000]{8,}", text[gap.end() :])
        if named and all(_named(name) for name in named) and sentence and _BODY.search(text[gap.end() :]):
            return gap.end()
    return 0


def _byline(block: Block) -> Block:
    """Move the line to the metadata; its marker and white space are not part of it."""
    pieces: list[Piece] = []
    for piece in block.pieces:
        size = marker(piece.text)
        exact = len(piece.text) == len(piece.span)
        if not any(done.text for done in pieces) and size and exact:
            span = replace(piece.span, end=piece.span.start + size)
            pieces.append(Piece(span, "", Op.DROP, "marker", 1.0, "typographic marker of a byline"))
            rest = replace(piece.span, start=piece.span.start + size)
            piece = replace(piece, span=rest, text=piece.text[size:])
        pieces.append(piece)
    moved = retag(tuple(pieces), Op.MOVE, "byline", "bylines are metadata")
    return replace(block, kind=Kind.BYLINE, pieces=moved, level=0, reason="role words and names")
