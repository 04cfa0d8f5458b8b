"""Signs of a box that its title does not give: what stands below it, and how the article goes on.

Rationale: three short entries of one shape below a short line are a box under any title; two are
with one sign more: a title made as those of boxes are, a sentence torn above, or the article going
on below them. One heading over full paragraphs is a section (B). Case file: tests/cases/boxes.md.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from ..detect.desk import Desk
from ..detect.gauge import em
from ..model import Block, Kind
from .boxnames import inline_label

__all__ = ["entries", "following", "goes_on", "indented", "labelled", "rows", "set_apart", "touches"]

_SKIP = (Kind.BLANK, Kind.FURNITURE)
_LONG = 48  # ems: what an entry holds at most
_ROW = 36  # ems: the longest line of a list
_TITLE = 26  # ems
_STOP = re.compile(r"[。！？!?….][”’」』）)\"']*$")
_TALK = re.compile(r"[“「\"]|^[一二三四五六七八九十]是")


def following(blocks: Sequence[Block], place: int) -> int:
    """Return the place of the next printed block, or the length of the list."""
    return _printed(blocks, place + 1)


def touches(blocks: list[Block], place: int) -> bool:
    """Tell whether a block follows the one before it without a blank line."""
    return place > 0 and blocks[place - 1].kind not in _SKIP


def entries(desk: Desk, blocks: list[Block], place: int) -> tuple[int, ...]:
    """Labels, each with what follows it without a blank line, else with the next paragraph."""
    members: list[int] = []
    while place < len(blocks) and blocks[place].kind is Kind.LABEL:
        members.append(place)
        content = following(blocks, place)
        filled = in_box = False
        while content < len(blocks) and blocks[content].kind in (Kind.PARAGRAPH, Kind.ITEM):
            if filled and (not touches(blocks, content) or _resumed(desk, blocks[content], in_box)):
                break
            in_box = in_box or (not filled and indented(desk, blocks[content]))
            members.append(content)
            filled = True
            content = following(blocks, content)
        place = content
    return tuple(members)


def _resumed(desk: Desk, block: Block, in_box: bool) -> bool:
    """Tell whether a paragraph is indented as those of the article, where the entry is not."""
    return block.kind is Kind.PARAGRAPH and not in_box and indented(desk, block)


def indented(desk: Desk, block: Block) -> bool:
    """Tell whether a text begins behind two ideographic spaces."""
    first = next((piece for piece in block.pieces if piece.text), None)
    return first is not None and desk.text[max(0, first.span.start - 2) : first.span.start] == "\u3000\u3000"


def _printed(blocks: Sequence[Block], place: int) -> int:
    """Return the place of the first printed block from here on, or the length of the list."""
    while place < len(blocks) and blocks[place].kind in _SKIP:
        place += 1
    return place


def goes_on(blocks: Sequence[Block], place: int) -> bool:
    """Tell whether a line is one more of a list that begins behind a label, in the same run of lines."""
    block = blocks[place]
    return block.kind is Kind.ITEM and blocks[place - 1].kind is Kind.ITEM and em(block.text) <= _ROW


def labelled(blocks: Sequence[Block], place: int) -> tuple[int, ...]:
    """Return the places of the short paragraphs from here on that begin with labels, each its own."""
    found: list[int] = []
    seen: set[str] = set()
    while (place := _printed(blocks, place)) < len(blocks):
        block = blocks[place]
        if block.kind not in (Kind.PARAGRAPH, Kind.ITEM) or em(block.text[: _LONG * 4 + 1]) > _room(block):
            break
        label = inline_label(block.text)
        if not label and found and goes_on(blocks, place):
            found.append(place)
            place += 1
            continue
        if not label or label in seen or _TALK.search(label):
            break
        seen.add(label)
        found.append(place)
        place += 1
    return tuple(found)


def _room(block: Block) -> float:
    """Return how long an entry may be: twice as long where it ends as no paragraph does."""
    return _LONG if _STOP.search(block.text) else 2 * _LONG


def rows(blocks: Sequence[Block], place: int) -> tuple[int, ...]:
    """Return the places of the items from here on, without a blank line between them."""
    found: list[int] = []
    while place < len(blocks) and blocks[place].kind is Kind.ITEM and em(blocks[place].text) <= _ROW:
        found.append(place)
        place += 1
    return tuple(found)


def _under_labels(blocks: Sequence[Block], place: int) -> tuple[tuple[int, ...], int]:
    """Return the places of bold labels, each over one short text, and the place after them."""
    found: list[int] = []
    while place < len(blocks) and blocks[place].kind is Kind.LABEL:
        text = following(blocks, place)
        if text >= len(blocks) or blocks[text].kind not in (Kind.PARAGRAPH, Kind.ITEM):
            break
        if em(blocks[text].text) > _LONG:
            break
        found.append(place)
        place = following(blocks, text)
        while place < len(blocks) and blocks[place].kind is Kind.ITEM:
            place = following(blocks, place)
    return tuple(found), place


def set_apart(blocks: Sequence[Block], place: int, *, hinted: bool, torn: bool) -> bool:
    """Tell whether entries stand below a title: three, or two and a sign more."""
    first = following(blocks, place)
    if first >= len(blocks) or em(blocks[place].text) > _TITLE:
        return False
    if blocks[first].kind is Kind.LABEL:
        found, after = _under_labels(blocks, first)
    else:
        found = labelled(blocks, first) or rows(blocks, first)
        after = following(blocks, found[-1]) if found else first
    if torn or hinted:
        return len(found) >= 2
    if len(found) != 2:
        return len(found) >= 3
    return blocks[first].kind is Kind.LABEL or _ends(blocks, after) or _resumes(blocks, after)


def _ends(blocks: Sequence[Block], place: int) -> bool:
    """Tell whether nothing of the article follows: a heading does, or the end of the page."""
    return place >= len(blocks) or blocks[place].kind in (Kind.HEADLINE, Kind.SUBHEAD, Kind.BYLINE)


def _resumes(blocks: Sequence[Block], place: int) -> bool:
    """Tell whether running text stands here, a finished paragraph of more than a line."""
    if place >= len(blocks) or blocks[place].kind is not Kind.PARAGRAPH:
        return False
    text = blocks[place].text
    return em(text) >= _TITLE and _STOP.search(text) is not None and not inline_label(text)
