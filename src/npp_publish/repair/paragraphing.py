"""Paragraphing: whether a full line that ends a sentence ends its paragraph too.

Rationale: a column without indents and blank lines shows the end of a paragraph only where the last
line is short. A full line with a full stop is one or the other: one in three ends a paragraph. What the
next line begins with (a quotation, a number, a date, somebody speaking) speaks for a new paragraph, a
connective against it, and so does the length of the paragraphs whose ends are sure (C).
Case file: tests/cases/paragraphing.md.
"""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass
from functools import lru_cache

from ..detect import justify
from ..detect.desk import Desk
from ..detect.gauge import em
from ..detect.marks import is_break, lines_of
from ..model import Block, Kind

__all__ = ["NO_SPACES", "STOP", "Lines", "ends", "lines_in", "usual_length"]

STOP = re.compile(r"[。！？!?….][”’」』）)\"'】》]*$")
NO_SPACES = ("zh-Hans", "zh-Hant", "ja")
_PRIOR = -0.8  # one in three
_SPACED = -0.35  # lines of few words: more paragraphs happen to end on a full line
_SIGNS = (
    (re.compile(r"[“「『]"), 1.2),
    (re.compile(r"\""), 0.5),
    (
        re.compile(
            r"[（(]?(?:[一二三四五六七八九十]{1,3}|\d{1,2}|[①-⑳])[、.．）)](?!\d)|第[一二三四五六七八九十]{1,3}[，、：条章节]|首先|其次|再次|最后"
        ),
        2.5,
    ),
    (
        re.compile(
            r"(?:\d{4}年)?\d{1,2}月(?:\d{1,2}日)?|\d{4}年|(?:今|去|前|当|近)年|(?:昨|今|当|次|翌|近|日前|前|同)[天日]|目前|近[来期]|连日来|随后|此前|据|记者|記者|为此|对此|说起|谈到|在[^，。]{2,14}[，,]"
        ),
        1.0,
    ),
    (re.compile(r"问[：:]|答[：:]|[\u4e00-\u9fff]{2,4}[：:]"), 2.5),
    (re.compile(r"[^，。“”]{2,16}(?:介绍|表示|告诉|说|坦言|认为|透露|指出)[，：:]?"), 0.7),
    (
        re.compile(
            r"但|而|因此|所以|同时|并|也|还|其中|其|这|那|于是|然而|不过|可|他|她|它|就|再|又|却|如果|即|如|甚至|尤其|更"
        ),
        -0.9,
    ),
    (re.compile(r"(?:But|And|So|He|She|It|They|That|This|These|Those|Its|His|Her|Their|Then)\b"), -0.7),
    (
        re.compile(
            r"(?:The|A|An|In|On|At|For|After|Before|When|While|According|Last|Meanwhile|Mr\.|Mrs\.|Miss|Dr\.|[A-Z][a-z]+ [A-Z][a-z]+)\b"  # noqa: E501
        ),
        0.4,
    ),
)
_LATIN = re.compile(r"[\"“‘]?[A-Za-z]")
_CLOSED = re.compile(r"[。！？!?….][”’」』\"'’]+$")


def _begins(before: str, after: str, so_far: int, usual: float) -> bool:
    """Tell whether a paragraph begins with `after`, behind a full line that ends with `before`.

    `so_far` is the length of the text since the last sure end, `usual` that of paragraphs whose ends
    are sure, both in characters (0: none is).
    """
    score = (_SPACED if _LATIN.match(after) else _PRIOR) + sum(
        weight for sign, weight in _SIGNS if sign.match(after)
    )
    if _CLOSED.search(before):
        score += 0.4
    if usual:
        share = so_far / usual
        score += -1.2 if share < 0.4 else 0.7 if share > 1.6 else 0.55 if share > 0.8 else 0.0
    return score > 0


@dataclass(frozen=True, slots=True)
class Lines:
    """The lines of a block: texts, widths in ems, and the source of the breaks between them."""

    texts: tuple[str, ...]
    widths: tuple[float, ...]
    breaks: tuple[str, ...]


def ends(desk: Desk, lines: Lines, labelled: bool, usual: float) -> list[bool]:
    """Inside a wrapped run: a line with a full stop that had room for more ends a paragraph; of the full
    ones those that a new paragraph follows, if the run holds several paragraphs."""
    if labelled:
        return [False] * len(lines.breaks)
    ended = [_fresh(lines, number) for number in range(len(lines.breaks))]
    sure = _sure(desk, lines, ended)
    turns = _turns(desk.text)
    for number, text in enumerate(lines.texts[1:]):  # somebody else speaks
        found = _TURN.match(text)
        sure[number] = sure[number] or (ended[number] and found is not None and found[1] in turns)
    return _doubtful(lines, ended, sure, usual) if any(sure) or usual else sure


_TURN = re.compile(r"(问|答|[\u4e00-\u9fff·]{2,6}|Q|A)[：:]")
_TURNS = re.compile(rf"^[ \t\u3000]*{_TURN.pattern}", re.M)


@lru_cache(maxsize=4)
def _turns(text: str) -> frozenset[str]:
    """Return who speaks in an interview: what stands before a colon at the beginning of two lines."""
    counts = Counter(found[1] for found in _TURNS.finditer(text[:_SAMPLE]))
    return frozenset(name for name, times in counts.items() if times > 1)


def _fresh(lines: Lines, number: int) -> bool:
    """Tell whether a sentence ends before a break and another may begin after it."""
    starts = lines.texts[number + 1][:1]
    fresh = not starts.islower() and starts not in "，。、；：”’）》」』,.;)"
    return fresh and STOP.search(lines.texts[number]) is not None


def _sure(desk: Desk, lines: Lines, ended: list[bool]) -> list[bool]:
    """Return the sentence ends whose lines had room for more."""
    spaced = desk.gauge.lang not in NO_SPACES
    width = justify.column(lines.texts, spaced)
    if justify.sharp(lines.texts, width, spaced):
        return [
            end and justify.had_room(lines.texts[n], lines.texts[n + 1], width, spaced)
            for n, end in enumerate(ended)
        ]
    body = sorted(lines.widths[:-1])
    width, slack = body[int(len(body) * 0.8)], 2.5
    if abs(body[-1] - desk.gauge.column) <= 3:
        width = desk.gauge.column
    if spaced:
        width = body[int(len(body) * 0.95)]
        slack = 0.18 * width
    return [end and lines.widths[n] < width - slack for n, end in enumerate(ended)]


def _doubtful(lines: Lines, ended: list[bool], sure: list[bool], usual: float) -> list[bool]:
    """Weigh the sentence ends of full lines, by what begins after them and how long paragraphs are."""
    lengths = [len(text) for text in lines.texts]
    cuts = [number for number, end in enumerate(sure) if end]
    spans = [sum(lengths[a + 1 : b + 1]) for a, b in zip([-1, *cuts], [*cuts, len(lengths) - 1], strict=True)]
    usual = usual or sum(spans) / len(spans)
    made = list(sure)
    so_far = 0
    for number, end in enumerate(ended):
        so_far += lengths[number]
        if end and not made[number]:
            made[number] = _begins(lines.texts[number], lines.texts[number + 1], so_far, usual)
        if made[number]:
            so_far = 0
    return made


def usual_length(desk: Desk, blocks: tuple[Block, ...]) -> float:
    """Return how long a paragraph is on a page that sets neither blank lines nor indents between them,
    in characters, by the ends that are sure; 0 on any other page."""
    printed = [line.strip(" \t\r") for line in desk.text[:_SAMPLE].split("\n")]
    empty = sum(not line for line in printed)
    indented = sum(line.startswith(("\u3000", "    ")) for line in printed)
    if len(printed) < 10 or empty * 12 > len(printed) or indented * 12 > len(printed):
        return 0.0
    total = ends = 0
    for block in blocks:
        if block.kind is Kind.PARAGRAPH and any(is_break(piece) for piece in block.pieces):
            lines = lines_in(desk, block)
            total += sum(map(len, lines.texts))
            ended = [_fresh(lines, number) for number in range(len(lines.breaks))]
            ends += 1 + sum(_sure(desk, lines, ended))
    return total / ends if ends else 0.0


_SAMPLE = 60_000  # characters looked at


def lines_in(desk: Desk, block: Block) -> Lines:
    texts = tuple("".join(piece.text for piece in line) for line in lines_of(block))
    breaks = (piece for piece in block.pieces if is_break(piece))
    return Lines(texts, tuple(map(em, texts)), tuple(desk.source.cut(b.span) for b in breaks))
