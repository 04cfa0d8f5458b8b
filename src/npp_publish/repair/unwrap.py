"""Unwrap: what a line break means: a narrow column's wrap, the end of a paragraph, or of an item.

Rationale: the same two trailing spaces (or a bare line end) mean all three on one page. Told apart
by the width of the lines: wrapped lines are as wide as their column, all but the last; items have
uneven ends and no punctuation inside; lines wider than a column are paragraphs (B). Chinese lines
join without a space, Latin and Korean ones with one. Case file: tests/cases/unwrap.md.
"""

from __future__ import annotations

import re
from dataclasses import replace
from itertools import pairwise

from ..detect.desk import Desk
from ..detect.marks import HARD, is_break, lines_of, seal
from ..model import Block, Kind, Op, Piece
from . import caution, hyphen, widths
from .boxmeasure import Measure, measures, weighed
from .boxnames import is_known, packed
from .boxsigns import indented
from .credits import parts
from .lists import listed, open_quotation, phrases, torn_words, unended
from .paragraphing import NO_SPACES, STOP, Lines, ends, lines_in, usual_length
from .splice import glue

__all__ = ["find"]

_INNER = re.compile(r"[，,。；、！？]")
_INDENT = re.compile(r"[\r\n][ \t]*(?:\u3000{1,4}|[ \t]{2,8})\Z")
_HYPHEN = re.compile(r"[A-Za-z]-$")
_RULE = "unwrap"


def find(desk: Desk, blocks: tuple[Block, ...]) -> tuple[Block, ...]:
    """Decide every line break inside the running text."""
    made: list[Block] = []
    titled = _lone_labels(blocks)
    boxes = measures(desk, blocks) if desk.gauge.lang in NO_SPACES else {}
    usual = usual_length(desk, blocks)
    indents = sum(_indents(desk, block) for block in blocks if block.kind is Kind.PARAGRAPH) >= _INDENTS
    for number, block in enumerate(blocks):
        if block.kind is Kind.TABLE or not any(is_break(piece) for piece in block.pieces):
            made.append(block)
            continue
        above = blocks[number - 1] if number else None
        labelled = above is not None and above.kind is Kind.LABEL and number - 1 not in titled
        labelled = labelled and above is not None and not is_known(desk, packed(above.text))
        cut_off = number + 1 < len(blocks) and blocks[number + 1].kind is Kind.JUMP_LINE
        parts = _chunks(desk, block)
        for part, whole in enumerate(parts):
            last = part + 1 == len(parts)
            flush = indents and not labelled and _one_paragraph(desk, whole)
            box = boxes.get(number) if part == 0 else None
            first = labelled and part == 0
            made.extend(_decide(desk, whole, first, cut_off and last, usual, flush=flush, box=box))
    return tuple(made)


def _lone_labels(blocks: tuple[Block, ...]) -> frozenset[int]:
    """Return the places of bold lines with no other near them: the title of a box, and not a label in it."""
    printed = [n for n, block in enumerate(blocks) if block.kind is not Kind.BLANK]
    heads = (Kind.HEADLINE, Kind.LABEL)
    places = [n for n, block in enumerate(blocks) if block.kind is Kind.LABEL]
    under = {n for over, n in pairwise(printed) if blocks[over].kind in heads}  # a label right below a title
    near = {n for left, right in pairwise(places) if right - left <= _APART for n in (left, right)}
    return frozenset(places) - near - under


_APART = 6  # blocks


def _chunks(desk: Desk, block: Block) -> tuple[Block, ...]:
    """Divide a block where lines end with two spaces behind the first that does not: the chunk ends there,
    its last line needs no sign that it goes on."""
    breaks = [piece for piece in block.pieces if is_break(piece)]
    hard = [HARD.search(desk.source.cut(piece.span)) is not None for piece in breaks]
    if sum(hard) < 2 or all(hard):
        return (block,)
    # a line without spaces behind one with them is the last of its chunk; lines without them are another's
    marked = iter([here or not before for before, here in zip([False, *hard], hard, strict=False)])
    parts: list[list[Piece]] = [[]]
    for piece in block.pieces:
        if is_break(piece) and not next(marked):
            parts[-1].append(seal(piece))
            parts.append([])
        else:
            parts[-1].append(piece)
    return tuple(replace(block, pieces=tuple(part)) for part in parts)


def _decide(
    desk: Desk,
    block: Block,
    labelled: bool,
    cut_off: bool,
    usual: float,
    *,
    flush: bool,
    box: Measure | None,
) -> list[Block]:
    if not any(is_break(piece) for piece in block.pieces):
        return [block]
    pieces = lines_of(block)
    breaks = [piece for piece in block.pieces if is_break(piece)]
    lines = lines_in(desk, block)
    texts = lines.texts
    seams, kind = _seams(desk, lines, labelled, usual)
    seams, was = weighed(lines, seams, box), seams
    if seams != was:
        kind = Kind.ITEM if all(seams) else Kind.PARAGRAPH
    if flush:
        seams, kind = [False] * len(breaks), Kind.PARAGRAPH
    if cut_off and kind is Kind.ITEM and not STOP.search(texts[-1]) and _near(lines):
        seams, kind = [False] * len(breaks), Kind.PARAGRAPH  # a list does not jump to another page
    seams, doubtful = caution.keep_apart(lines, seams, desk.gauge.lang not in NO_SPACES)
    seams, kind = _ask(desk, breaks, seams, kind)
    breaks = [
        replace(gap, confidence=caution.CONFIDENCE) if n in doubtful else gap for n, gap in enumerate(breaks)
    ]
    return _assemble(desk, block, pieces, breaks, seams, kind)


def _one_paragraph(desk: Desk, block: Block) -> bool:
    """Tell whether only the first line of a text is indented, on a page that indents its paragraphs."""
    if block.kind is not Kind.PARAGRAPH or not indented(desk, block):
        return False
    lines = lines_in(desk, block)
    prose = any(STOP.search(text) or _INNER.search(text) for text in lines.texts)
    apart = any(_INDENT.search(gap) for gap in lines.breaks) or _rows(lines) or listed(lines, False)
    return bool(lines.breaks) and prose and not apart and _note_at_end(lines) < 0


def _indents(desk: Desk, block: Block) -> int:
    """Count the indents in a block, that of its first line and those behind its breaks."""
    breaks = (piece for piece in block.pieces if is_break(piece))
    return indented(desk, block) + sum(bool(_INDENT.search(desk.source.cut(gap.span))) for gap in breaks)


_INDENTS = 3  # paragraphs


def _ask(desk: Desk, breaks: list[Piece], seams: list[bool], kind: Kind) -> tuple[list[bool], Kind]:
    """Let the editor decide: one decision where all breaks are read alike, else each by itself."""
    if not desk.asks:
        return seams, kind
    if any(seams) != all(seams):
        return [_asked(desk, gap, seam) for gap, seam in zip(breaks, seams, strict=True)], kind
    split = _asked(desk, breaks[0], seams[0])
    if split is seams[0]:
        return seams, kind
    return [split] * len(breaks), Kind.ITEM if split else Kind.PARAGRAPH


def _asked(desk: Desk, gap: Piece, seam: bool) -> bool:
    readings = ("split", "join") if seam else ("join", "split")
    return desk.choose(_RULE, gap.span, *readings) == "split"


def _near(lines: Lines) -> bool:
    """Tell whether all lines but the last are alike in width, and the last is no wider."""
    body = lines.widths[:-1]
    return max(body) - min(body) <= 3 and min(body) >= 12 and lines.widths[-1] <= max(body) + 1


def _assemble(
    desk: Desk,
    block: Block,
    lines: list[tuple[Piece, ...]],
    breaks: list[Piece],
    seams: list[bool],
    kind: Kind,
) -> list[Block]:
    made: list[list[Piece]] = [list(lines[0])]
    for line, gap, seam in zip(lines[1:], breaks, seams, strict=True):
        if seam:
            made[-1].append(
                replace(
                    seal(gap),
                    rule=_RULE,
                    why="end of an item or paragraph" if gap.confidence == 1 else "too uneven for a column",
                    confidence=min(0.9, gap.confidence),
                    alternative="join",
                )
            )
            made.append(list(line))
        else:
            _join(desk, made[-1], gap, line)
    kind = block.kind if block.kind is Kind.QUOTATION else kind
    return [replace(block, kind=kind, pieces=tuple(part)) for part in made]


def _join(desk: Desk, left: list[Piece], gap: Piece, right: tuple[Piece, ...]) -> None:
    """Append a line to the pieces of the lines before it, and say what the break between them became."""
    before, after = "".join(p.text for p in left[-3:]), "".join(p.text for p in right[:3])
    if (
        desk.gauge.lang in ("en", "und")
        and before.endswith("-")
        and (mended := hyphen.mend(desk, left, after))
    ):
        left[-1:] = mended
        between = ""
    elif _HYPHEN.search(before) and after[:1].islower():
        between = ""  # a compound broken at its own hyphen
    else:
        between = " " if parts(before, after) else glue(before, after, desk.gauge.lang)
        if between == " " and desk.gauge.lang == "en" and hyphen.lost(desk, before, after):
            between = ""
    piece = replace(
        gap,
        text=between,
        op=Op.JOIN,
        rule=_RULE,
        confidence=0.9,
        why="a line wrapped in a narrow column",
        alternative="split",
    )
    left.append(piece)
    left.extend(right)


# --------------------------------------------------------------------------- where lines end a paragraph


def _seams(desk: Desk, lines: Lines, labelled: bool, usual: float) -> tuple[list[bool], Kind]:
    """Say of each break whether it ends a paragraph or item, and of which kind the parts are."""
    if (rows := _rows(lines)) and not labelled:
        return _around(desk, lines, rows, usual)
    terms = [
        _TERM.match(text) is not None and (not n or STOP.search(lines.texts[n - 1]) is not None)
        for n, text in enumerate(lines.texts)
    ]
    if terms[0] and sum(terms) > 1 and not labelled:
        return terms[1:], Kind.PARAGRAPH
    led = [_LED.match(text) is not None for text in lines.texts]
    if led[0] and sum(led) > 1 and not labelled:
        return led[1:], Kind.PARAGRAPH
    count = len(lines.breaks)
    if led[0] and sum(led) == 1 and not labelled and _near_first(lines):
        return [False] * count, Kind.PARAGRAPH  # one entry, wrapped
    indents = [bool(_INDENT.search(gap)) for gap in lines.breaks]
    note = _note_at_end(lines)
    if any(indents) and not all(indents) and not labelled:
        return [seam or n == note for n, seam in enumerate(indents)], Kind.PARAGRAPH
    if _wrapped(desk, lines, labelled):
        return [
            seam or n == note for n, seam in enumerate(ends(desk, lines, labelled, usual))
        ], Kind.PARAGRAPH
    wide = max(lines.widths) > desk.profile.limit("paragraph")
    asked = len(lines.texts) >= 3 and max(lines.widths) <= 16 and all(_ASKS.search(t) for t in lines.texts)
    sentences = all(STOP.search(text) for text in lines.texts) and not labelled and not asked
    return [True] * count, Kind.PARAGRAPH if wide or sentences else Kind.ITEM


def _near_first(lines: Lines) -> bool:
    """Tell whether no line is wider than the first, and only the last one much narrower."""
    first = lines.widths[0]
    return min(lines.widths[:-1]) >= first - 3 and max(lines.widths) <= first + 1.5


# 2009年5月：…, 封装——…: an entry of a box begins
# 种质资源：…: a term and what it means, behind a full stop
_TERM = re.compile(r"[^，。；！？：“”\s]{2,10}(?<![说說道称稱问問答示出为為下])：(?=[^“\s])")
_ASKS = re.compile(r"[？！?!]$")
_LED = re.compile(
    r"(?:\d{4}年(?:\d{1,2}月)?|\d{1,2}月)(?:\d{1,2}日)?[^，。：—\n]{0,6}(?:：|——)|[^，。：—“”\s]{1,8}——(?=[^”’])"
)
# 青椒 3.5～4.2, 综合指数 3 127.40 -0.62%: a name and figures
_ROW = re.compile(
    r"[^。，；：！？\d][^。，；：！？]{0,20}[ \u3000]+[-+]?\d[\d .,%～~—–+℃°-]*"
    r"(?:[^\s\d。，；]{0,6}|℃? [\u4e00-\u9fff]{1,4}(?:转[\u4e00-\u9fff]{1,4})?)"
)


def _rows(lines: Lines) -> list[bool]:
    """Tell of each line whether it is a row of a table; two in a row at least, else none is."""
    rows = [_ROW.fullmatch(text) is not None for text in lines.texts]
    beside = any(one and other for one, other in pairwise(rows))
    return rows if beside else []


def _around(desk: Desk, lines: Lines, rows: list[bool], usual: float) -> tuple[list[bool], Kind]:
    """Part the rows of a table from one another and from the text around, which is read for itself."""
    seams = [rows[n] or rows[n + 1] for n in range(len(lines.breaks))]
    start = 0
    for end in [n for n, seam in enumerate(seams) if seam] + [len(lines.breaks)]:
        if end > start:
            part = Lines(lines.texts[start : end + 1], lines.widths[start : end + 1], lines.breaks[start:end])
            seams[start:end] = _seams(desk, part, False, usual)[0]
        start = end + 1
    listed = sum(rows) * 2 >= len(rows) and not any(STOP.search(text) for text in lines.texts)
    return seams, Kind.ITEM if listed else Kind.PARAGRAPH


def _note_at_end(lines: Lines) -> int:
    """Return the break before a note in brackets that ends the text, as on its author, or -1.

    It begins its own line after a full stop, and nothing of the text comes after it.
    """
    for number in range(len(lines.breaks) - 1, max(-1, len(lines.breaks) - 4), -1):
        rest = "".join(lines.texts[number + 1 :])
        if _NOTE.fullmatch(rest) and STOP.search(lines.texts[number]):
            return number
    return -1


_NOTE = re.compile(r"[（(](?:作者|本文|编译|譯者|译者|整理|原载|执笔)[^（()）。]{2,60}[）)]")


def _wrapped(desk: Desk, lines: Lines, labelled: bool) -> bool:
    """Tell whether the lines are one text wrapped in a column."""
    if desk.gauge.lang not in NO_SPACES:
        return _wrapped_words(desk, lines)
    if listed(lines, widths.fits(desk, lines)):
        return False
    if max(lines.widths) > desk.profile.limit("paragraph"):
        return widths.wide(desk, lines)
    if not labelled and unended(desk, lines):
        return False
    if any(_HANGS.match(text) for text in lines.texts[1:]):
        return True
    if any(_COMMA.search(text) for text in lines.texts):  # an item does not end with a comma
        return True
    inside = any(_INNER.search(text[:-1]) for text in lines.texts)
    if inside and phrases(lines):
        return False
    widest = max(lines.widths)
    full = sum(1 for width in lines.widths if width >= widest - 2.5)
    if inside and len(lines.texts) >= 4 and widest >= 12 and full >= 0.5 * len(lines.texts):
        return True
    even = widths.even(lines, desk.profile.limit("spread"))
    inside = inside or open_quotation(lines)
    if inside and (even or STOP.search(lines.texts[-1])):
        return True
    if _one_sentence(lines):
        return True
    if even and (torn_words(lines) or (lines.widths[-1] <= 2 < len(lines.texts) and widths.even(lines, 2.5))):
        return True
    if labelled:
        return False
    return (even and widths.fits(desk, lines) and STOP.search(lines.texts[-1]) is not None) or widths.full(
        desk, lines
    )


def _one_sentence(lines: Lines) -> bool:
    """Tell whether a full stop ends the last line and no mark another: items end alike."""
    last = STOP.search(lines.texts[-1]) is not None and lines.widths[-1] <= max(lines.widths[:-1]) + 1
    return last and min(lines.widths[:-1]) >= 8 and not any(_MARK.search(t) for t in lines.texts[:-1])


_MARK = re.compile(r"[，。；：、！？,.;:!?…”）]$")


_HANGS = re.compile(r"的(?![确士])|们|[吗呢吧][？。]")  # no item begins with it
_COMMA = re.compile(r"[，、,]$")


def _wrapped_words(desk: Desk, lines: Lines) -> bool:
    """Lines of words with spaces: a wrap unless they are short or all of them sentences."""
    body = lines.widths[:-1]
    if len(lines.texts) > 2 and all(_LABELLED.match(text) for text in lines.texts):
        return False
    if all(STOP.search(text) for text in lines.texts) and max(lines.widths) - min(lines.widths) > 8:
        return False
    return max(body) >= 8 and (len(body) >= 2 or lines.widths[-1] < body[0] + 2 or widths.fits(desk, lines))


_LABELLED = re.compile(r"[^.,:;\n]{1,24}: \S|\d{4}\s?[-–—]+\s?\S")
