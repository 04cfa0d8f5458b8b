"""Boxes: what is set apart from the running text, and where it ends.

Rationale: a box is a heading with labelled entries, a heading with a list, or a heading that is a
known name (核心提示, 名词解释). It ends at the first full paragraph that carries no label: the article
runs on there (B). Case file: tests/cases/boxes.md.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace

from ..detect.desk import Desk
from ..detect.gauge import em
from ..model import Block, BoxKind, Kind, Op, Span
from ..sorts import Change, amend, cut, retag, source_end, source_start, trim
from .boxnames import (
    COUNT,
    DATE,
    INLINE,
    entitles,
    hints,
    inline_label,
    is_known,
    names,
    packed,
)
from .boxsigns import entries, following, goes_on, labelled, set_apart, touches
from .framed import fenced, split
from .notes import note, told, torn_before

__all__ = ["find", "kind_of"]

RULE = "box"
_END = re.compile(r"[。！？!?.…][”’」』）)\"']*$")
_SKIP = (Kind.BLANK, Kind.FURNITURE)


@dataclass(frozen=True, slots=True)
class _Found:
    """A box: its kind, and the places of its title (-1: none) and content in the list of blocks;
    `inline` says that the labels stand in the paragraphs (声纹：这里指…)."""

    kind: BoxKind
    title: int
    members: tuple[int, ...]
    inline: bool = False


def find(desk: Desk, blocks: tuple[Block, ...]) -> tuple[Block, ...]:
    """Give the blocks of each box a common `group`, and say what they are in it."""
    if not desk.on(RULE):
        return blocks
    out = list(blocks)
    place = 0
    number = 0
    inline: set[int] = set()
    lower = [n for n, block in enumerate(out) if block.kind is Kind.HEADLINE and block.level > 1]
    while place < len(out):
        while lower and out[lower[-1]].kind is not Kind.HEADLINE:  # it has become the title of a box
            lower.pop()
        found = _framed(desk, out, place) or _at(desk, out, place, bool(lower))
        if found is None or not _wanted(desk, out, found):
            place += 1
            continue
        number += 1
        _assign(out, found, f"b{number}:{found.kind.value}")
        place = max(found.members, default=place) + 1
        if found.inline:
            inline.update(found.members)
    divided = [
        part
        for n, block in enumerate(out)
        for part in (_labelled(block, listed=_listed(out, n)) if n in inline else (block,))
    ]
    return tuple(_subheads(divided))


def kind_of(group: str) -> BoxKind:
    """Return the kind of box that a group name tells (`b3:timeline`)."""
    return BoxKind(group.partition(":")[2])


def _wanted(desk: Desk, blocks: list[Block], found: _Found) -> bool:
    first = blocks[found.title if found.title >= 0 else found.members[0]]
    span = Span(source_start(first.pieces), source_end(first.pieces))
    return desk.choose(RULE, span, "box", "text") == "box"


def _assign(blocks: list[Block], found: _Found, group: str) -> None:
    if found.title >= 0:
        title = blocks[found.title]
        pieces = retag(title.pieces, Op.RETAG, RULE, f"title of a box ({found.kind.value})", 0.9, "text")
        blocks[found.title] = replace(title, kind=Kind.BOX_TITLE, group=group, pieces=pieces, level=0)
    for place in found.members:
        block = blocks[place]
        if block.kind not in _SKIP:
            blocks[place] = replace(block, group=group)


def _listed(blocks: list[Block], place: int) -> bool:
    """Tell whether more items of a list follow in the same run of lines."""
    after = blocks[place + 1] if place + 1 < len(blocks) else None
    return after is not None and after.kind is Kind.ITEM and not inline_label(after.text)


def _labelled(block: Block, listed: bool) -> tuple[Block, ...]:
    """Divide `label：text` into a label and its text, which can be the first item of a list; the mark
    between them is set by the layout."""
    found = INLINE.match(block.text) if block.kind in (Kind.PARAGRAPH, Kind.ITEM) else None
    if not found:
        return (block,)
    change = Change(*found.span("mark"), "", Op.DROP, "label-mark", 1.0, "mark between a label and its text")
    label, text = cut(amend(block.pieces, [change]), found.end("label"))
    kind = Kind.ITEM if listed else Kind.PARAGRAPH
    return replace(block, kind=Kind.LABEL, pieces=label), replace(block, kind=kind, pieces=trim(text))


def _framed(desk: Desk, blocks: list[Block], place: int) -> _Found | None:
    """A box that the source itself sets apart."""
    inside = fenced(blocks, place)
    if not inside or any(blocks[n].group for n in inside):
        return None
    title, members = split(blocks, inside)
    name = packed(blocks[title].text) if title >= 0 else ""
    for n in members:
        if blocks[n].kind in (Kind.HEADLINE, Kind.SUBHEAD):
            blocks[n] = replace(blocks[n], kind=Kind.LABEL, level=0)
    kinds = {blocks[n].kind for n in members}
    if Kind.LABEL in kinds:
        return _Found(_entry_kind(desk, name, blocks, members), title, members)
    if kinds == {Kind.ITEM}:
        return _Found(BoxKind.TIMELINE if _dated(blocks, members) else BoxKind.LIST, title, members)
    if name in names(desk, "abstract"):
        return _Found(BoxKind.ABSTRACT, title, members)
    labels = [inline_label(blocks[n].text) for n in members]
    if all(labels) and len(members) > 1:
        dated = all(DATE.search(label) for label in labels)
        return _Found(BoxKind.TIMELINE if dated else BoxKind.DEFINITION, title, members, inline=True)
    return _Found(BoxKind.NOTE, title, members)


def _at(desk: Desk, blocks: list[Block], place: int, ranked: bool) -> _Found | None:
    """Find a box at a place; `ranked` tells that headings of a lower level stand on the page."""
    block = blocks[place]
    if block.group:
        return None
    if block.kind in (Kind.HEADLINE, Kind.SUBHEAD) or _bare_title(desk, blocks, place):
        return _titled(desk, blocks, place, ranked)
    if block.kind is Kind.LABEL:
        titled = _bold_title(desk, blocks, place)
        return _titled(desk, blocks, place, ranked) if titled else _untitled(desk, blocks, place)
    return None


def _bold_title(desk: Desk, blocks: list[Block], place: int) -> bool:
    """A bold line over entries or items, or a known name of a box in bold over its text."""
    after = following(blocks, place)
    if after >= len(blocks):
        return False
    title = packed(blocks[place].text)
    if blocks[after].kind is Kind.ITEM and len(_run_of(blocks, after, Kind.ITEM)) >= 2:
        return True
    if not touches(blocks, after) and _dated_led(blocks, after):
        return True
    if len(labelled(blocks, after)) >= 2 and (is_known(desk, title) or _entered(desk, blocks, place, title)):
        return True
    if is_known(desk, title) or (entitles(desk, title) and blocks[after].kind is Kind.PARAGRAPH):
        alone = is_known(desk, title) and not touches(blocks, place) and not _among_labels(blocks, place)
        return alone or not touches(blocks, after) or title in names(desk, "abstract")
    return not touches(blocks, after) and blocks[after].kind in (Kind.LABEL, Kind.ITEM)


def _among_labels(blocks: list[Block], place: int) -> bool:
    """Tell whether a bold line follows the content of another one: it is an entry as that is."""
    above = [b for b in blocks[max(0, place - 6) : place] if b.kind not in _SKIP][-2:]
    return any(b.kind is Kind.LABEL or b.group for b in above)


def _dated_led(blocks: list[Block], place: int) -> bool:
    """Tell whether two paragraphs and more begin with a date and a mark (2013年——到乡里工作)."""
    second = following(blocks, place)
    pair = [blocks[n] for n in (place, second) if n < len(blocks)]
    return len(pair) == 2 and all(
        b.kind is Kind.PARAGRAPH and DATE.search(inline_label(b.text)) is not None for b in pair
    )


def _bare_title(desk: Desk, blocks: list[Block], place: int) -> bool:
    """A line of its own without a mark that is a known name of a box."""
    block = blocks[place]
    if block.kind not in (Kind.PARAGRAPH, Kind.ITEM) or len(block.text) > 48 or em(block.text) > 24:
        return False
    title = packed(block.text)
    if is_known(desk, title):
        return not told(blocks, place, title)
    if block.kind is Kind.ITEM or _END.search(block.text) or block.text[-1:] in "，。；：:,;":
        return False
    return not inline_label(block.text) and _entered(desk, blocks, place, title)


def _entered(desk: Desk, blocks: list[Block], place: int, title: str) -> bool:
    """Tell whether entries stand below a title, and running text above it."""
    torn = torn_before(blocks, place)
    if not torn and not any(
        (b.kind is Kind.PARAGRAPH and em(b.text[:40]) >= 20) or b.group
        for b in blocks[max(0, place - 40) : place]
    ):
        return False
    return set_apart(blocks, place, hinted=hints(desk, title), torn=torn)


def _titled(desk: Desk, blocks: list[Block], place: int, ranked: bool) -> _Found | None:
    title = packed(blocks[place].text)
    after = following(blocks, place)
    if after >= len(blocks):
        return None
    if not is_known(desk, title) and (_opens_article(desk, blocks, place, ranked) or COUNT.fullmatch(title)):
        return None
    if title in names(desk, "abstract") and not _entered(desk, blocks, place, title):
        return _abstract(blocks, place)
    if blocks[after].kind is Kind.LABEL:
        if is_known(desk, packed(blocks[after].text)):
            return None  # a box of its own begins there
        members = entries(desk, blocks, after)
        return _Found(_entry_kind(desk, title, blocks, members), place, members) if members else None
    if blocks[after].kind is Kind.ITEM and not _bulleted(blocks[after]):
        members = _run_of(blocks, after, Kind.ITEM)
        if _under_inline(blocks, after) and (found := _inline(desk, blocks, place, title)):
            return found
        if len(blocks[place].text) <= 24 and (
            is_known(desk, title) or hints(desk, title) or _in_prose(blocks, place)
        ):
            kind = BoxKind.TIMELINE if _dated(blocks, members) else BoxKind.LIST
            return _Found(kind, place, members)
    return _inline(desk, blocks, place, title) or _noted(desk, blocks, place, title)


def _in_prose(blocks: list[Block], place: int) -> bool:
    """Tell whether running text stands above in the article, or right below a list under its byline: a poem
    or a table of prices has no lists beside it."""
    above = [b for b in blocks[max(0, place - 40) : place] if b.kind not in _SKIP]
    signed = max((n for n, b in enumerate(above) if b.kind is Kind.BYLINE), default=-1)
    own = above[signed + 1 :]
    if not above or any(_prose(b) or b.kind is Kind.LABEL or (b.group and not _rows_of(b)) for b in own):
        return True
    after = following(blocks, place)
    while after < len(blocks) and blocks[after].kind is Kind.ITEM:
        after = following(blocks, after)
    return signed >= 0 and after < len(blocks) and _prose(blocks[after])


def _prose(block: Block) -> bool:
    return block.kind is Kind.PARAGRAPH and em(block.text) >= 20


def _rows_of(block: Block) -> bool:
    return kind_of(block.group) is BoxKind.LIST


def _opens_article(desk: Desk, blocks: list[Block], place: int, ranked: bool) -> bool:
    """The first heading of a page without text above, and one marked as titles are, heads an article."""
    block = blocks[place]
    if block.kind is not Kind.HEADLINE:
        return False
    above = [b for b in blocks[max(0, place - 12) : place] if b.kind not in _SKIP]
    if place < 12 and not any(b.kind is not Kind.PARAGRAPH or len(b.text) > 12 for b in above):
        return True
    if block.level != 1:
        return False
    title = packed(block.text)
    entered = _entered(desk, blocks, place, title)
    return not (entered and hints(desk, title)) if ranked else not (entered or entitles(desk, title))


def _inline(desk: Desk, blocks: list[Block], place: int, title: str) -> _Found | None:
    """Paragraphs that begin with labels: terms under a known name of a box, or dates anywhere."""
    members: list[int] = []
    labels: list[str] = []
    here = following(blocks, place)
    while here < len(blocks) and blocks[here].kind in (Kind.PARAGRAPH, Kind.ITEM):
        label = inline_label(blocks[here].text)
        if not label and members and goes_on(blocks, here):
            members.append(here)
            here = following(blocks, here)
            continue
        if not label or (labels and len(label) > max(6, 3 * max(map(len, labels)))):
            break  # 上面密密麻麻记着心里话——: the article goes on
        members.append(here)
        labels.append(label)
        here = following(blocks, here)
    dated = bool(labels) and all(DATE.search(label) for label in labels)
    named = title in names(desk, "note") or entitles(desk, title)
    if len(set(labels)) < len(labels) or not labels:
        return None
    if not (named or (dated and len(labels) >= 2)):
        members = list(labelled(blocks, following(blocks, place)))
        if len(members) < 2 or not _entered(desk, blocks, place, title):
            return None
    if len(labels) == 1 and not named:
        return None
    kind = BoxKind.TIMELINE if dated else BoxKind.DEFINITION
    return _Found(kind, place, tuple(members), inline=True)


def _under_inline(blocks: list[Block], place: int) -> bool:
    """Tell whether some of several items begin with labels, the first does, and others stand under them."""
    labels: list[bool] = []
    while place < len(blocks) and blocks[place].kind is Kind.ITEM:
        labels.append(bool(inline_label(blocks[place].text)))
        place = following(blocks, place)
    return labels[0] and 2 <= sum(labels) < len(labels)


def _bulleted(block: Block) -> bool:
    return any(piece.rule == "markup" and "item" in piece.why for piece in block.pieces)


def _abstract(blocks: list[Block], place: int) -> _Found | None:
    """A summary: its paragraphs up to the byline or the next heading; one, if nothing ends it."""
    members: list[int] = []
    here = following(blocks, place)
    while here < len(blocks) and blocks[here].kind in (Kind.PARAGRAPH, Kind.ITEM):
        members.append(here)
        here = following(blocks, here)
    ended = here < len(blocks) and blocks[here].kind in (Kind.BYLINE, Kind.HEADLINE, Kind.DATELINE)
    short = (
        len(members) <= 5 and not (blocks[here].kind is Kind.HEADLINE and _signed_above(blocks, place))
        if ended
        else False
    )
    kept = members if short else members[:1]
    return _Found(BoxKind.ABSTRACT, place, tuple(kept)) if kept else None


def _signed_above(blocks: list[Block], place: int) -> bool:
    """Tell whether a byline stands between the headline and this place: then the text has begun."""
    for block in reversed(blocks[max(0, place - 12) : place]):
        if block.kind in (Kind.BYLINE, Kind.HEADLINE):
            return block.kind is Kind.BYLINE
    return False


def _run_of(blocks: list[Block], place: int, kind: Kind) -> tuple[int, ...]:
    members = [place]
    after = following(blocks, place)
    while after < len(blocks) and blocks[after].kind is kind and touches(blocks, after):
        members.append(after)
        after = following(blocks, after)
    return tuple(members)


def _dated(blocks: list[Block], members: tuple[int, ...]) -> bool:
    dated = sum(1 for place in members if DATE.search(blocks[place].text[:14]))
    return dated * 2 > len(members)


def _entry_kind(desk: Desk, title: str, blocks: list[Block], members: tuple[int, ...]) -> BoxKind:
    labels = tuple(place for place in members if blocks[place].kind is Kind.LABEL)
    if _dated(blocks, labels) or any(word in title for word in names(desk, "timeline")):
        return BoxKind.TIMELINE
    items = sum(1 for place in members if blocks[place].kind is Kind.ITEM)
    if items == len(members) - len(labels) and not title.startswith(tuple(names(desk, "definition"))):
        return BoxKind.LIST
    return BoxKind.DEFINITION


def _noted(desk: Desk, blocks: list[Block], place: int, title: str) -> _Found | None:
    found = note(desk, blocks, place, title)
    return _Found(found[0], place, found[1]) if found else None


def _untitled(desk: Desk, blocks: list[Block], place: int) -> _Found | None:
    """Dated labels without a heading over them are a timeline, others stay in the text."""
    members = entries(desk, blocks, place)
    labels = tuple(p for p in members if blocks[p].kind is Kind.LABEL)
    if len(labels) >= 2 and _dated(blocks, labels):
        return _Found(BoxKind.TIMELINE, -1, members)
    if (
        len(labels) >= 2
        and all(touches(blocks, p + 1) for p in labels if p + 1 < len(blocks))
        and all(em(blocks[p].text) <= 60 for p in members)
    ):
        return _Found(BoxKind.DEFINITION, -1, members)
    return None


def _subheads(blocks: list[Block]) -> list[Block]:
    """A bold line of its own in the running text is a heading of a section."""
    return [
        replace(block, kind=Kind.SUBHEAD, level=6) if block.kind is Kind.LABEL and not block.group else block
        for block in blocks
    ]
