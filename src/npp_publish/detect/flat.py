"""Flat pages: a whole article, or page, that came as one line.

Rationale: some text layers lose all line ends. What is left are the indents (two ideographic spaces)
or single spaces after final marks; in Chinese prose neither means anything else. The head of such a
line is read word by word: kicker, headline, byline (B). Case file: tests/cases/flat.md.
"""

from __future__ import annotations

import re
from dataclasses import replace
from itertools import pairwise

from ..model import Block, Kind
from ..sorts import split, trim
from . import byline, dateline, entries
from .desk import Desk
from .gauge import em
from .names import is_name

__all__ = ["unfold"]

RULE = "flat-page"
_INDENT = re.compile(r"[ \u3000]*\u3000{2,}[ \u3000]*")
_AFTER_STOP = re.compile(r"(?:(?<=[。！？）…])|(?<=[。！？…—][”’」』])) {1,4}(?=[^ ，。；、）”])")
_CREDIT = re.compile(r"(?<=。 )(?:(?:本报|新华社)?记者 ?)?[\u4e00-\u9fff·]{2,4} (?:摄影?|供图|攝) +")
_LEAST = 160  # ems; shorter lines are not flattened pages
_HEAD = 12  # words of the head that are tried
_CLOSING = re.compile(
    r"[，：、]$|[”’」』][！？]?$(?<=[！？][”’」』])"
)  # somebody speaks, or the text goes on
_STOP = re.compile(r"[。！？；]")
_ROW_END = re.compile(r"(?<=[^ ]) {2,3}(?=[^ ])")
_ROW = 24  # ems: the longest line of a list
_SENTENCE = re.compile(r"[，。；！？：]")


def unfold(desk: Desk, blocks: tuple[Block, ...]) -> tuple[Block, ...]:
    """Divide flattened lines into paragraphs, and read the head of the first."""
    if not desk.on(RULE) or not desk.gauge.lang.startswith("zh"):
        return blocks
    return tuple(part for block in blocks for part in _unfold(desk, block))


def _unfold(desk: Desk, block: Block) -> tuple[Block, ...]:
    text = block.text
    if (
        block.kind is not Kind.PARAGRAPH
        or "\n" in text
        or (len(text) < _LEAST and "　　" not in text)  # no character is wider than an em
        or em(text[: _LEAST * 2]) < (_LEAST if "　　" not in text else _LEAST / 3)
    ):  # noqa: E501, RUF100
        return (block,)
    seams = [found.end() for found in _INDENT.finditer(text)]
    if not seams:
        seams = [found.end() for found in _AFTER_STOP.finditer(text) if not _quoted(text, found.start())]
        seams = _with_captions(text, seams)
        bounds = [0, *seams, len(text)]
        inside = [at for pair in pairwise(bounds) for at in entries.seams(text, *pair)]
        seams = sorted({*seams, *inside})
        if len(seams) < 2 and not _has_head(desk, text):
            return (block,)
    parts = [
        replace(block, pieces=trim(part, why="end of a paragraph")) for part in split(block.pieces, seams)
    ]
    listed = entries.places(parts)
    made: list[Block] = []
    for number, part in enumerate(parts):
        if number in listed:
            made.append(part)
        elif made and made[-1].kind is Kind.HEADLINE and (rows := _rows(part)):
            made.extend(rows)
        else:
            made.extend(_head(desk, part))
    return tuple(_kickers([part for part in made if part.pieces], desk))


def _kickers(blocks: list[Block], desk: Desk) -> list[Block]:
    """Of two short parts in a row the shorter first one is the kicker of the second, a headline."""
    most = desk.profile.limit("kicker")
    return [
        replace(block, kind=Kind.PARAGRAPH)
        if block.kind is after.kind is Kind.HEADLINE and len(block.text) <= min(most, len(after.text) - 1)
        else block
        for block, after in zip(blocks, [*blocks[1:], blocks[-1]], strict=True)
    ]


def _rows(block: Block) -> tuple[Block, ...]:
    """Divide a short text without marks at its double spaces: the lines of a list; three at least."""
    text = block.text
    gaps = [found.end() for found in _ROW_END.finditer(text)]
    rows = [text[a:b] for a, b in pairwise([0, *gaps, len(text)])]
    if len(rows) < 3 or _STOP.search(text) or max(map(em, rows)) > _ROW:
        return ()
    return tuple(
        replace(block, kind=Kind.ITEM, pieces=trim(part, why="end of an item"))
        for part in split(block.pieces, gaps)
    )


def _with_captions(text: str, seams: list[int]) -> list[int]:
    """No paragraph begins with a photographer's credit; one ends after it."""
    kept = [at for at in seams if not _CREDIT.match(text, at)]
    return sorted({*kept, *(found.end() for found in _CREDIT.finditer(text) if found.end() < len(text))})


def _quoted(text: str, at: int) -> bool:
    """Tell whether a place lies inside a quotation that opened not far before it."""
    before = text[max(0, at - 200) : at]
    return before.count("“") > before.count("”")


def _has_head(desk: Desk, text: str) -> bool:
    return _words_of_head(desk, text) is not None


def _words_of_head(desk: Desk, text: str) -> tuple[int, int, int] | None:
    """Return offsets: end of the headline, end of the byline; and the number of words before it."""
    words = [found.span() for found in re.finditer(r"[^ \u3000]+", text[:200])][:_HEAD]
    for first in range(1, min(6, len(words))):
        if any(
            _SENTENCE.search(text[start:end]) and len(text[start:end]) > 24 for start, end in words[:first]
        ):
            return None
        if text.count("（", 0, words[first][0]) != text.count("）", 0, words[first][0]):
            continue
        for last in range(min(len(words), first + 8), first, -1):
            line = text[words[first][0] : words[last - 1][1]]
            if byline.parse(line, desk.profile) or _signed(text, words, first, last):
                return words[first][0], words[last - 1][1], first
    return None


def _signed(text: str, words: list[tuple[int, int]], first: int, last: int) -> bool:
    """Tell whether words between a headline and a long sentence are a bare name: 某某, or 某 某."""
    if last >= len(words) or last - first > 2 or words[first][0] < 8:
        return False
    parts = [text[start:end] for start, end in words[first:last]]
    after = text[words[last][0] : words[last][1]]
    spaced = len(parts) == 1 or all(len(part) == 1 for part in parts)
    return spaced and is_name("".join(parts)) and len(after) >= 40 and _SENTENCE.search(after) is not None


def _head(desk: Desk, block: Block) -> tuple[Block, ...]:
    """Cut kicker, headline and byline off the head of a paragraph."""
    text = block.text
    filed = byline.parse(text, desk.profile) or dateline.parse(text)  # a byline or text of its own
    found = None if filed else _words_of_head(desk, text)
    if found is None:
        short = (
            em(text) <= 30
            and not re.search(r"[。；]|[！？](?=.{9})", text)
            and not _CLOSING.search(text)
            and not filed
            and not (text[0] in "（(" and text[-1] in "）)")
        )
        return (replace(block, kind=Kind.HEADLINE) if short else block,)
    title_end, byline_end, count = found
    space = text.find(" ")
    kicker_end = space + 1 if count >= 2 and 0 < space <= 6 else 0
    seams = [at for at in (kicker_end, title_end, byline_end) if 0 < at < len(text)]
    parts = split(block.pieces, sorted(set(seams)))
    kinds = [Kind.PARAGRAPH] * (kicker_end > 0) + [Kind.HEADLINE, Kind.PARAGRAPH, Kind.PARAGRAPH]
    return tuple(
        replace(block, kind=kind, pieces=trim(part)) for kind, part in zip(kinds, parts, strict=False)
    )
