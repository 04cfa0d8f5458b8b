"""Notes: boxes of running text, told by their names or by the sentence that they interrupt.

Rationale: a note (相关链接) holds one paragraph; the article goes on below it or has ended. A name made of
a subject and a word for such boxes (赛事资料) is believed only where one paragraph stands below it or a
sentence is torn above; advice (医生提醒) is as often the last section of a report, so the next section has
to begin right below, or no other heading stands in the article. What was found of a case and its facts
are sections both (B). Case file: tests/cases/boxes.md.
"""

from __future__ import annotations

import re

from ..detect.desk import Desk
from ..detect.gauge import em
from ..model import Block, BoxKind, Kind
from .boxnames import is_advice, is_composed, is_explanation, is_known, is_told, packed
from .boxsigns import following
from .stream import is_section

__all__ = ["note", "told", "torn_before"]

_END = re.compile(r"[。！？!?.…][”’」』）)\"']*$")
_INNER = re.compile(r"[，。；：！？]")
_SKIP = (Kind.BLANK, Kind.FURNITURE)


def note(desk: Desk, blocks: list[Block], place: int, title: str) -> tuple[BoxKind, tuple[int, ...]] | None:
    """A heading that names a note or asks for a definition, over one paragraph."""
    after = following(blocks, place)
    if blocks[after].kind is not Kind.PARAGRAPH:
        return None
    if is_known(desk, title):
        return None if told(blocks, place, title) else (BoxKind.NOTE, _alike(blocks, after))
    if is_composed(title) and (_holds_one(blocks, after) or torn_before(blocks, place)):
        return (BoxKind.NOTE, (after,))
    if (is_advice(title) or is_explanation(title)) and (
        torn_before(blocks, place) or _lone(blocks, place, after)
    ):
        return (BoxKind.NOTE, (after,))
    if is_advice(title) and _between_sections(blocks, place, after):
        return (BoxKind.NOTE, (after,))
    if len(led := _alike(blocks, after)) > 1 and all(
        _led(blocks[n]) and em(blocks[n].text) <= 60 for n in led
    ):
        return (BoxKind.NOTE, led)
    text = blocks[after].text
    unfinished = not _END.search(text) and em(text) <= 80 and not is_section(blocks[place])
    if unfinished and torn_before(blocks, place) and not _torn_start(text):
        kind = (
            BoxKind.DEFINITION
            if title.startswith(("什么", "如何", "何为", "怎样", "为什么"))
            else BoxKind.NOTE
        )
        return (kind, (after,))
    return None


def told(blocks: list[Block], place: int, title: str) -> bool:
    """Tell whether a heading and the next one are sections of a report on a case."""
    heads = (Kind.HEADLINE, Kind.SUBHEAD, Kind.LABEL)
    after = next((b for b in blocks[place + 1 : place + 24] if b.kind in heads), None)
    return after is not None and is_told(title, packed(after.text))


def _holds_one(blocks: list[Block], place: int) -> bool:
    """Tell whether a paragraph is the only one up to the next heading, byline or the end."""
    after = following(blocks, place)
    if after >= len(blocks) or blocks[after].kind not in (Kind.PARAGRAPH, Kind.ITEM):
        return True
    return len(blocks[after].text) <= 12 and _INNER.search(blocks[after].text) is None  # a kicker


def _between_sections(blocks: list[Block], place: int, text: int) -> bool:
    """Tell whether another section of the article begins right below the paragraph, and one stands above."""
    after = following(blocks, text)
    if after >= len(blocks) or blocks[after].kind is not Kind.HEADLINE or not blocks[place].level:
        return False
    below = following(blocks, after)
    level = blocks[place].level
    above = any(b.kind is Kind.HEADLINE and b.level == level for b in blocks[max(0, place - 24) : place])
    text_below = below < len(blocks) and blocks[below].kind is Kind.PARAGRAPH
    return above and text_below and blocks[after].level == level


def _lone(blocks: list[Block], place: int, text: int) -> bool:
    """Tell whether a heading is the only one below the byline of an article, over its last paragraph: one
    heading divides no article into sections."""
    heads = (Kind.HEADLINE, Kind.SUBHEAD, Kind.LABEL)
    paragraphs = 0
    for block in reversed(blocks[max(0, place - 60) : place]):
        if block.kind is Kind.BYLINE:
            return paragraphs >= 2 and _holds_one(blocks, text)
        if block.kind in heads and not block.group:
            return False
        paragraphs += block.kind is Kind.PARAGRAPH and not block.group
    return False


def _led(block: Block) -> bool:
    """Tell whether a paragraph begins with words in bold."""
    first = next((piece for piece in block.pieces if piece.rule == "markup" or piece.text), None)
    return first is not None and first.why == "strong mark"


def _alike(blocks: list[Block], place: int) -> tuple[int, ...]:
    """Return a paragraph and those after it that begin as it does: in bold, or with a year."""
    members = [place]
    led, year = _led(blocks[place]), _YEAR.match(blocks[place].text) is not None
    here = following(blocks, place)
    while here < len(blocks) and blocks[here].kind is Kind.PARAGRAPH:
        if not ((led and _led(blocks[here])) or (year and _YEAR.match(blocks[here].text))):
            break
        members.append(here)
        here = following(blocks, here)
    return tuple(members)


_YEAR = re.compile(r"(?:19|20)\d\d年")


def _torn_start(text: str) -> bool:
    return text[:1] in "，。、；：”’）》」』"


def torn_before(blocks: list[Block], place: int) -> bool:
    """Tell whether the running text before this place, beyond other boxes, breaks off in a sentence."""
    for block in reversed(blocks[max(0, place - 40) : place]):
        if block.kind in _SKIP or block.group or block.kind in (Kind.CAPTION, Kind.JUMP_LINE):
            continue
        ended = _END.search(block.text) is not None or block.text[-1:] in "：:）)】"
        begun = len(block.text) > 20 or (len(block.text) >= 8 and _INNER.search(block.text) is not None)
        return block.kind is Kind.PARAGRAPH and not ended and begun
    return False
