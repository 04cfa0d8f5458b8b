"""Unwrap: what a line break means: a narrow column's wrap, the end of a paragraph, or of an item.

Rationale: the same two trailing spaces (or a bare line end) mean all three on one page. Told apart
by the width of the lines: wrapped lines are as wide as their column, all but the last; items have
uneven ends and no punctuation inside; lines wider than a column are paragraphs (B). Chinese lines
join without a space, Latin and Korean ones with one. Case file: tests/cases/unwrap.md.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace

from ..detect import justify
from ..detect.desk import Desk
from ..detect.gauge import em
from ..detect.marks import is_break, lines_of, seal
from ..model import Block, Kind, Op, Piece
from . import hyphen, paragraphing
from .words import crosses

__all__ = ["find", "glue"]

_WIDE = re.compile(
    "[\u2e80-\u9fff\uf900-\ufaff\u3040-\u30ff\uff00-\uffef\U00020000-\U0003ffff—…“”‘’·《》「」『』【】〔〕]"
)
_TERMINAL = re.compile(r"[。！？!?…；;：:.][”’」』）)\"'】》]*$")
_STOP = re.compile(r"[。！？!?….][”’」』）)\"'】》]*$")
_INNER = re.compile(r"[，,。；、！？]")
_INDENT = re.compile(r"[\r\n][ \t]*(?:\u3000{1,4}|[ \t]{2,8})\Z")
_THOUSANDS = re.compile(r"(?<!\d)\d{1,3}(?:,\d{3})*,$")
_HYPHEN = re.compile(r"[A-Za-z]-$")
_ORDINAL = re.compile(
    r"[（(]?(?:[一二三四五六七八九十]{1,3}|\d{1,2}|[①-⑳])[、.．）)是]|第[一二三四五六七八九十]{1,3}[，、：条章]|首先|其次|再次|最后"
)
_RULE = "unwrap"


@dataclass(frozen=True, slots=True)
class _Lines:
    """The lines of a block: texts, widths in ems, and the source of the breaks between them."""

    texts: tuple[str, ...]
    widths: tuple[float, ...]
    breaks: tuple[str, ...]


def find(desk: Desk, blocks: tuple[Block, ...]) -> tuple[Block, ...]:
    """Decide every line break inside the running text."""
    made: list[Block] = []
    usual = _usual(desk, blocks)
    for number, block in enumerate(blocks):
        if block.kind is Kind.TABLE or not any(is_break(piece) for piece in block.pieces):
            made.append(block)
            continue
        labelled = number > 0 and blocks[number - 1].kind is Kind.LABEL
        cut_off = number + 1 < len(blocks) and blocks[number + 1].kind is Kind.JUMP_LINE
        made.extend(_decide(desk, block, labelled, cut_off, usual))
    return tuple(made)


def _usual(desk: Desk, blocks: tuple[Block, ...]) -> float:
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
            lines = _lines(desk, block)
            total += sum(map(len, lines.texts))
            ended = [_fresh(lines, number) for number in range(len(lines.breaks))]
            ends += 1 + sum(_sure(desk, lines, ended))
    return total / ends if ends else 0.0


_SAMPLE = 60_000  # characters looked at


def _lines(desk: Desk, block: Block) -> _Lines:
    texts = tuple("".join(piece.text for piece in line) for line in lines_of(block))
    breaks = (piece for piece in block.pieces if is_break(piece))
    return _Lines(texts, tuple(map(em, texts)), tuple(desk.source.cut(b.span) for b in breaks))


def _decide(desk: Desk, block: Block, labelled: bool, cut_off: bool, usual: float) -> list[Block]:
    pieces = lines_of(block)
    breaks = [piece for piece in block.pieces if is_break(piece)]
    lines = _lines(desk, block)
    texts = lines.texts
    seams, kind = _seams(desk, lines, labelled, usual)
    if cut_off and kind is Kind.ITEM and not _STOP.search(texts[-1]) and _near(lines):
        seams, kind = [False] * len(breaks), Kind.PARAGRAPH  # a list does not jump to another page
    seams, kind = _ask(desk, breaks, seams, kind)
    return _assemble(desk, block, pieces, breaks, seams, kind)


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


def _near(lines: _Lines) -> bool:
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
                    why="end of an item or paragraph",
                    confidence=0.9,
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
        between = glue(before, after, desk.gauge.lang)
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


def glue(before: str, after: str, lang: str = "zh-Hans") -> str:
    """Return what stands between two joined lines: nothing between Chinese ones, else a space."""
    if not before or not after:
        return ""
    left, right = before[-1], after[0]
    if _THOUSANDS.search(before) and after[:3].isdigit() and not after[3:4].isdigit():
        return ""
    if _WIDE.match(left) or _WIDE.match(right):
        return ""
    if (
        lang.startswith(("zh", "ja"))
        and (left.isdigit() or right.isdigit())
        and left.isalnum()
        and right.isalnum()
    ):
        return ""
    return " "


# --------------------------------------------------------------------------- where lines end a paragraph


def _seams(desk: Desk, lines: _Lines, labelled: bool, usual: float) -> tuple[list[bool], Kind]:
    """Say of each break whether it ends a paragraph or item, and of which kind the parts are."""
    count = len(lines.breaks)
    indents = [bool(_INDENT.search(gap)) for gap in lines.breaks]
    note = _note_at_end(lines)
    if any(indents) and not all(indents) and not labelled:
        return [seam or n == note for n, seam in enumerate(indents)], Kind.PARAGRAPH
    if _wrapped(desk, lines, labelled):
        return [
            seam or n == note for n, seam in enumerate(_ends(desk, lines, labelled, usual))
        ], Kind.PARAGRAPH
    wide = max(lines.widths) > desk.profile.limit("paragraph")
    sentences = all(_STOP.search(text) for text in lines.texts) and not labelled
    return [True] * count, Kind.PARAGRAPH if wide or sentences else Kind.ITEM


def _note_at_end(lines: _Lines) -> int:
    """Return the break before a note in brackets that ends the text, as on its author, or -1.

    It begins its own line after a full stop, and nothing of the text comes after it.
    """
    for number in range(len(lines.breaks) - 1, max(-1, len(lines.breaks) - 4), -1):
        rest = "".join(lines.texts[number + 1 :])
        if _NOTE.fullmatch(rest) and _STOP.search(lines.texts[number]):
            return number
    return -1


_NOTE = re.compile(r"[（(](?:作者|本文|编译|譯者|译者|整理|原载|执笔)[^（()）。]{2,60}[）)]")


def _wrapped(desk: Desk, lines: _Lines, labelled: bool) -> bool:
    """Tell whether the lines are one text wrapped in a column."""
    if desk.gauge.lang not in _NO_SPACES:
        return _wrapped_words(desk, lines)
    if _listed(lines):
        return False
    if max(lines.widths) > desk.profile.limit("paragraph"):
        return _wrapped_wide(desk, lines)
    if any(_COMMA.search(text) for text in lines.texts):  # an item does not end with a comma
        return True
    inside = any(_INNER.search(text[:-1]) for text in lines.texts)
    if inside and _phrases(lines):
        return False
    widest = max(lines.widths)
    full = sum(1 for width in lines.widths if width >= widest - 2.5)
    if inside and len(lines.texts) >= 4 and widest >= 12 and full >= 0.5 * len(lines.texts):
        return True
    even = _even(lines, desk.profile.limit("spread"))
    inside = inside or _open_quotation(lines)
    if inside and (even or _STOP.search(lines.texts[-1])):
        return True
    if even and (_torn_words(lines) or (lines.widths[-1] <= 2 < len(lines.texts) and _even(lines, 2.5))):
        return True
    return even and not labelled and _fits(desk, lines) and _STOP.search(lines.texts[-1]) is not None


def _phrases(lines: _Lines) -> bool:
    """Tell whether each line is a phrase of its own: three and more without a comma or full stop between
    or inside them, and no word torn by a line end. A wrap would tear every other line."""
    alone = len(lines.texts) >= 3 and not any(_CLAUSE.search(text) for text in lines.texts)
    return alone and not _open_quotation(lines) and not _torn(lines)


_CLAUSE = re.compile(r"[，。；！？,;]")


def _torn(lines: _Lines) -> int:
    """Count the line ends that stand inside a word."""
    return sum(
        crosses(left[-6:], right[:6]) for left, right in zip(lines.texts, lines.texts[1:], strict=False)
    )


def _open_quotation(lines: _Lines) -> bool:
    """Tell whether a line break stands inside quotation marks or brackets: no item is half a quotation."""
    depth = 0
    for text in lines.texts[:-1]:
        for character in text:
            depth += (character in _OPENING) - (character in _CLOSING)
        if depth > 0:
            return any(character in _CLOSING for character in "".join(lines.texts[1:]))
    return False


_OPENING, _CLOSING = "“‘「『（《〈【", "”’」』）》〉】"
_NO_SPACES = ("zh-Hans", "zh-Hant", "ja")
_COMMA = re.compile(r"[，、,]$")


def _wrapped_words(desk: Desk, lines: _Lines) -> bool:
    """Lines of words with spaces: a wrap unless they are short or all of them sentences."""
    body = lines.widths[:-1]
    if all(_STOP.search(text) for text in lines.texts) and max(lines.widths) - min(lines.widths) > 8:
        return False
    return max(body) >= 8 and (len(body) >= 2 or lines.widths[-1] < body[0] + 2 or _fits(desk, lines))


def _wrapped_wide(desk: Desk, lines: _Lines) -> bool:
    """Lines wider than a column of a newspaper: wrapped only if they are nearly equal."""
    body = lines.widths[:-1]
    widest = max(body)
    near = sum(1 for width in body if width >= widest - 2.5)
    if len(body) >= 2:
        return near >= 0.7 * len(body) and not all(_STOP.search(text) for text in lines.texts)
    return _fits(desk, lines) and not _STOP.search(lines.texts[0])


def _fits(desk: Desk, lines: _Lines) -> bool:
    """Tell whether the lines are as wide as the column of the page."""
    known = desk.gauge.column
    return known > 0 and all(abs(width - known) <= 2.5 for width in lines.widths[:-1])


def _even(lines: _Lines, spread: float) -> bool:
    """Tell whether all lines but the last are nearly as wide as the column; the first may be
    indented by two ems, closing marks may hang out, and none is wider than it."""
    bare = [em(_HANGING.sub("", text)) for text in lines.texts]
    column = max(bare[0] + 2, *bare[1:-1]) if len(bare) > 2 else bare[0] + 2
    body = bare[1:-1] or bare[:1]
    return column - min(*body, bare[0] + 2) <= spread and bare[-1] <= column + 0.5


_HANGING = re.compile(r"[，。、；：！？”’」』）》,.;:!?]{1,3}$")


def _listed(lines: _Lines) -> bool:
    """Most lines begin with a number or end with a full stop or semicolon: a list, not a wrap."""
    numbered = sum(1 for text in lines.texts if _ORDINAL.match(text))
    ended = sum(1 for text in lines.texts[:-1] if _TERMINAL.search(text))
    return numbered >= max(2, 0.6 * len(lines.texts)) or ended == len(lines.texts) - 1 > 1


def _torn_words(lines: _Lines) -> bool:
    """Without punctuation inside, words that a line break tears tell a wrap from a list."""
    torn = _torn(lines)
    return torn * 2 >= len(lines.texts) - 1 and torn > 0


def _ends(desk: Desk, lines: _Lines, labelled: bool, usual: float) -> list[bool]:
    """Inside a wrapped run: a line with a full stop that had room for more ends a paragraph; of the full
    ones those that a new paragraph follows, if the run holds several paragraphs."""
    if labelled:
        return [False] * len(lines.breaks)
    ended = [_fresh(lines, number) for number in range(len(lines.breaks))]
    sure = _sure(desk, lines, ended)
    return _doubtful(lines, ended, sure, usual) if any(sure) or usual else sure


def _fresh(lines: _Lines, number: int) -> bool:
    """Tell whether a sentence ends before a break and another may begin after it."""
    starts = lines.texts[number + 1][:1]
    fresh = not starts.islower() and starts not in "，。、；：”’）》」』,.;)"
    return fresh and _STOP.search(lines.texts[number]) is not None


def _sure(desk: Desk, lines: _Lines, ended: list[bool]) -> list[bool]:
    """Return the sentence ends whose lines had room for more."""
    spaced = desk.gauge.lang not in _NO_SPACES
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


def _doubtful(lines: _Lines, ended: list[bool], sure: list[bool], usual: float) -> list[bool]:
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
            made[number] = paragraphing.begins(lines.texts[number], lines.texts[number + 1], so_far, usual)
        if made[number]:
            so_far = 0
    return made
