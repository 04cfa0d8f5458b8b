"""One article from its blocks: head, body, boxes; and which characters went to which slot."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from ..detect import byline, caption, dateline, jumpline
from ..ledger import LETTERS
from ..model import (
    Article,
    Block,
    Box,
    Byline,
    Dateline,
    Element,
    Entries,
    Entry,
    Figure,
    Heading,
    Inlines,
    Jump,
    Kind,
    Listing,
    Paragraph,
    Quote,
    Role,
    Table,
)
from ..repair.boxes import kind_of
from ..repair.speakers import speaker
from .galley import Galley
from .setting import Mark, text_of
from .tables import set_table

__all__ = ["make_up"]


@dataclass
class _Names:
    """Names of the slots of a sequence of elements: p1, p2, h1, b1 ... under a base."""

    base: str
    counts: dict[str, int] = field(default_factory=dict)

    def next(self, kind: type) -> str:
        letter = LETTERS[kind]
        self.counts[letter] = self.counts.get(letter, 0) + 1
        return f"{self.base}.{letter}{self.counts[letter]}"


_HEAD = (Kind.HEADLINE, Kind.KICKER, Kind.LEAD, Kind.BYLINE, Kind.DATELINE, Kind.JUMP_LINE, Kind.CONTINUATION)


def make_up(galley: Galley, name: str, blocks: Sequence[Block]) -> Article:
    """Make one article of its blocks; `name` becomes its id."""
    printed = [block for block in blocks if block.kind not in (Kind.BLANK, Kind.FURNITURE)]
    head, body = _divided(printed)
    article = Article(id=name, lines=galley.lines(*printed), **_head(galley, name, head))  # type: ignore[arg-type]
    return replace(article, body=_body(galley, name, body))


def _divided(blocks: Sequence[Block]) -> tuple[dict[Kind, list[Block]], list[Block]]:
    """Separate head from body; a second kicker, headline or dateline stays in the body."""
    head: dict[Kind, list[Block]] = {}
    body: list[Block] = []
    single = (Kind.KICKER, Kind.HEADLINE, Kind.LEAD, Kind.DATELINE)
    for block in blocks:
        if block.group or block.kind not in _HEAD or (block.kind in single and head.get(block.kind)):
            body.append(block)
        else:
            head.setdefault(block.kind, []).append(block)
    return head, body


def _head(galley: Galley, name: str, head: dict[Kind, list[Block]]) -> dict[str, object]:
    made: dict[str, object] = {}
    for kind, key in ((Kind.KICKER, "kicker"), (Kind.HEADLINE, "title"), (Kind.LEAD, "subtitle")):
        if found := head.get(kind):
            made[key] = galley.set(f"{name}.{key}", found[0].pieces)
    if found := head.get(Kind.BYLINE):
        made["bylines"] = tuple(
            Byline(galley.set(f"{name}.byline{n}", b.pieces, _byline_marks(galley, b.text)), galley.lines(b))
            for n, b in enumerate(found, 1)
        )
    if found := head.get(Kind.DATELINE):
        marks = dateline_marks(galley, found[0].text)
        made["dateline"] = Dateline(
            galley.set(f"{name}.dateline", found[0].pieces, marks), galley.lines(found[0])
        )
    for kind, key, slot in (
        (Kind.CONTINUATION, "continued_from", "from"),
        (Kind.JUMP_LINE, "continued_to", "to"),
    ):
        if found := head.get(kind):
            pieces = tuple(piece for block in found for piece in block.pieces)
            made[key] = Jump(
                galley.set(f"{name}.{slot}", pieces, _page_marks(text_of(pieces))), galley.lines(*found)
            )
    return made


# --------------------------------------------------------------------------- marks of meaning


def _byline_marks(galley: Galley, text: str) -> list[Mark]:
    profile = galley.desk.profile
    if tags := byline.parse(text, profile, under_headline=True):
        return [Mark(tag.start, tag.end, tag.role) for tag in tags]
    behind_marker = byline.parse("□" + text, profile, under_headline=True) or ()
    return [Mark(tag.start - 1, tag.end - 1, tag.role) for tag in behind_marker]


def dateline_marks(galley: Galley, text: str) -> list[Mark]:
    """Return agency, place, date and reporters of a dateline at the beginning of a text."""
    filed = dateline.parse(text) or dateline.whole(text)
    if filed is None:
        return []
    marks = [Mark(tag.start, tag.end, tag.role) for tag in filed.tags]
    start, end = filed.by
    return marks + (_run_in_byline(galley, text, start, end, True) if end > start else [])


def _page_marks(text: str) -> list[Mark]:
    start, end = jumpline.page_span(text)
    return [Mark(start, end, Role.PAGE)] if end > start else []


def _lead_marks(galley: Galley, text: str) -> list[Mark]:
    """Datelines and bylines that are run into a paragraph, at its head or end."""
    marks: list[Mark] = []
    filed = dateline.parse(text)
    if filed is not None:
        start, end = filed.by
        stop = start if end > start else filed.end
        stop = len(text[:stop].rstrip())
        marks += [Mark(0, stop, Role.DATELINE), *dateline_marks(galley, text)]
    elif head := _BRACKET_AT_HEAD.match(text):  # 〔記者羅子晴／谷關報導〕
        marks += _run_in_byline(galley, text, *head.span())
    tail = _BRACKET_AT_END.search(text, max(0, len(text) - 60))
    if tail and tail.start() > 0:
        marks += _run_in_byline(galley, text, *tail.span(), text[tail.start() - 1] in "。！？”…")
    return marks


_BRACKET_AT_END = re.compile(r"[（(【〔][^（()）】〕。]{2,40}[）)】〕]$")
_BRACKET_AT_HEAD = re.compile(r"[（【〔\[][^（）】〕\]。]{4,40}[）】〕\]](?=.)")


def _run_in_byline(galley: Galley, text: str, start: int, end: int, signs: bool = False) -> list[Mark]:
    """A byline in brackets: （记者 张三 通讯员 李四）; where it `signs`, also names alone: （孟晓岚）."""
    start += len(text[start:end]) - len(text[start:end].lstrip())
    tags = byline.parse(text[start:end], galley.desk.profile)
    if not tags and signs:
        tags = byline.names_in_brackets(text[start:end])
    if not tags:
        return []
    return [
        Mark(start, end, Role.BYLINE),
        *(Mark(tag.start + start, tag.end + start, tag.role) for tag in tags),
    ]


def _speaker_marks(text: str) -> list[Mark]:
    found = speaker(text)
    if found is None:
        return []
    return [
        Mark(*span, role)
        for span, role in ((found.post, Role.POST), (found.name, Role.SPEAKER))
        if span[1] > span[0]
    ]


# --------------------------------------------------------------------------- body


def _body(galley: Galley, base: str, blocks: Sequence[Block]) -> tuple[Element, ...]:
    names = _Names(base)
    made: list[Element] = []
    levels = sorted({block.level for block in blocks if block.kind is Kind.SUBHEAD and not block.group})
    at = 0
    while at < len(blocks):
        block = blocks[at]
        run = _run(blocks, at)
        if block.group:
            made.append(_box(galley, names.next(Box), run))
        elif block.kind is Kind.ITEM:
            made.append(_listing(galley, names.next(Listing), run))
        elif block.kind is Kind.QUOTATION:
            made.append(_quotation(galley, names.next(Quote), run))
        elif block.kind is Kind.SUBHEAD:
            content = galley.set(names.next(Heading), block.pieces, _speaker_marks(block.text))
            made.append(Heading(min(6, 2 + levels.index(block.level)), content, lines=galley.lines(block)))
        elif block.kind is Kind.TABLE:
            made.append(set_table(galley, names.next(Table), block))
        elif block.kind is Kind.CAPTION:
            made.append(_figure(galley, names.next(Figure), block))
        else:
            content = galley.set(names.next(Paragraph), block.pieces, _lead_marks(galley, block.text))
            made.append(Paragraph(content, lines=galley.lines(block)))
        at += len(run)
    return tuple(made)


def _run(blocks: Sequence[Block], at: int) -> Sequence[Block]:
    """Return the blocks that make one element with the block at `at`: a box, a list or a quotation."""
    block = blocks[at]
    if not block.group and block.kind not in _TOGETHER:
        return blocks[at : at + 1]
    end = at + 1
    while (
        end < len(blocks)
        and blocks[end].group == block.group
        and (block.group or blocks[end].kind is block.kind)
    ):
        end += 1
    return blocks[at:end]


_TOGETHER = (Kind.ITEM, Kind.QUOTATION)


def _quotation(galley: Galley, slot: str, blocks: Sequence[Block]) -> Quote:
    names = _Names(slot)
    made = tuple(
        Paragraph(galley.set(names.next(Paragraph), block.pieces), lines=galley.lines(block))
        for block in blocks
    )
    return Quote(made, lines=galley.lines(*blocks))


def _listing(galley: Galley, slot: str, items: Sequence[Block]) -> Listing:
    made = tuple(
        (Paragraph(galley.set(f"{slot}.{n}.p1", item.pieces), lines=galley.lines(item)),)
        for n, item in enumerate(items, 1)
    )
    return Listing(made, lines=galley.lines(*items))


def _figure(galley: Galley, slot: str, block: Block) -> Figure:
    source = tuple(piece for piece in block.pieces if piece.rule == "picture-source")
    alt = tuple(piece for piece in block.pieces if piece.rule == "picture-alt")
    rest = tuple(piece for piece in block.pieces if piece.rule not in ("picture-source", "picture-alt"))
    for key, pieces in (("src", source), ("alt", alt)):
        if pieces:
            galley.set(f"{slot}.{key}", pieces)
    text = text_of(rest)
    found = caption.credit(text)
    marks = [Mark(*found, Role.CREDIT)] if found else []
    return Figure(
        text_of(source), text_of(alt), galley.set(f"{slot}.caption", rest, marks), lines=galley.lines(block)
    )


def _box(galley: Galley, slot: str, blocks: Sequence[Block]) -> Box:
    title: Inlines = ()
    if blocks[0].kind is Kind.BOX_TITLE:
        title = galley.set(f"{slot}.title", blocks[0].pieces)
        content = blocks[1:]
    else:
        content = blocks
    return Box(
        kind_of(blocks[0].group), title, _box_blocks(galley, slot, content), lines=galley.lines(*blocks)
    )


def _box_blocks(galley: Galley, slot: str, blocks: Sequence[Block]) -> tuple[Element, ...]:
    names = _Names(slot)
    first = next((n for n, block in enumerate(blocks) if block.kind is Kind.LABEL), len(blocks))
    made = list(_plain(galley, names, [replace(block, group="") for block in blocks[:first]]))
    if first < len(blocks):
        base = names.next(Entries)
        entries: list[Entry] = []
        at = first
        while at < len(blocks):
            end = next((n for n in range(at + 1, len(blocks)) if blocks[n].kind is Kind.LABEL), len(blocks))
            entry = f"{base}.{len(entries) + 1}"
            label = galley.set(f"{entry}.label", blocks[at].pieces)
            inside = [replace(block, group="") for block in blocks[at + 1 : end]]
            content = _plain(galley, _Names(entry), inside)
            entries.append(Entry(label, content, lines=galley.lines(*blocks[at:end])))
            at = end
        made.append(Entries(tuple(entries), lines=galley.lines(*blocks[first:])))
    return tuple(made)


def _plain(galley: Galley, names: _Names, blocks: Sequence[Block]) -> tuple[Element, ...]:
    """Paragraphs and lists inside a box."""
    made: list[Element] = []
    at = 0
    while at < len(blocks):
        run = _run(blocks, at)
        if blocks[at].kind is Kind.ITEM:
            made.append(_listing(galley, names.next(Listing), run))
        else:
            made.append(
                Paragraph(
                    galley.set(names.next(Paragraph), blocks[at].pieces), lines=galley.lines(blocks[at])
                )
            )
        at += len(run)
    return tuple(made)
