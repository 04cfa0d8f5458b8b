"""Torn paragraphs: a sentence interrupted by a box, a picture, furniture, a jump or a column's end.

Rationale: either signal alone does harm (precision .81), so both halves are asked. The left half has
an open quotation or no final mark; the right half is the next running paragraph of the same article
and does not start like a new one; joining must not leave quotation marks worse balanced (C). How much
a missing final mark says depends on the page: where most paragraphs end with one, it says much.
Case file: tests/cases/torn.md.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace

from ..detect import dateline
from ..detect.desk import Desk
from ..model import Block, Kind, Op, Piece, Span
from ..sorts import source_start
from .unwrap import glue
from .words import crosses

__all__ = ["ends_open", "mend", "starts_open"]

RULE = "torn-paragraph"
_FINAL = re.compile(r"[。！？!?…][”’」』）)》】\"']*$|[.][”’\"')]*$|[：:]$|——$|[）)】〕]$")
_COMMA = re.compile(r"[，、,]$|[——\-]$")
_RUNS_ON = re.compile(r"[A-Za-z]{2,}[^.]{12}[a-z]$")
_COLUMN_END = 3  # blank lines; paragraphs stand one or two apart
_SEMICOLON = re.compile(r"[；;]$")
_PROSE = re.compile(r"[，。；,;.]")
_CONTINUES = re.compile(r"[，。、；：！？”’）》」』,.;:!?)%℃]|[a-z]")
_BEGINS = re.compile(
    r"[（(]?(?:[一二三四五六七八九十]{1,3}|\d{1,2}|[①-⑳])[、.．）)](?!\d)|[一二三四五六七八九十]是|第[一二三四五六七八九十]{1,3}[，、：条章节]|首先|其次|再次|最后|此外|另外|同时，|据悉|据介绍|目前，|[“「『]"
    r"|问[：:]|答[：:]|记者[：:]|[■●◆▲★□〔【]"
)
_OPEN, _CLOSE = "“‘「『（《〈【〔(", "”’」』）》〉】〕)"
_BRACKET = re.compile("[" + re.escape(_OPEN + _CLOSE) + "]")
_PAIR = dict(zip(_CLOSE, _OPEN, strict=True))


@dataclass(frozen=True, slots=True)
class _Between:
    """What stands between two running paragraphs of an article."""

    interrupted: bool = False
    jumped: bool = False
    broken: bool = False  # a heading: no sentence runs across it


def unbalanced(text: str) -> int:
    """Return how many brackets and quotation marks of a text have no partner."""
    stack: list[str] = []
    lonely = 0
    for character in _BRACKET.findall(text):
        if character in _OPEN:
            stack.append(character)
        elif character in _PAIR:
            if stack and stack[-1] == _PAIR[character]:
                stack.pop()
            elif (
                character != ")" and character != "）" and character != "’"
            ):  # `1）` and apostrophes have none
                lonely += 1
    return lonely + len(stack)


def ends_open(text: str) -> bool:
    """Tell whether a text breaks off in a sentence."""
    return bool(text) and (_FINAL.search(text) is None or _unclosed(text) > 0)


def starts_open(left: str, text: str) -> bool:
    """Tell whether a text begins in the middle of a sentence."""
    return bool(text) and (_CONTINUES.match(text) is not None or crosses(left[-6:], text[:6]))


def _unclosed(text: str) -> int:
    """Return how many openers the end of a text leaves open."""
    depth: list[str] = []
    for character in _BRACKET.findall(text):
        if character in _OPEN:
            depth.append(character)
        elif character in _PAIR and depth and depth[-1] == _PAIR[character]:
            depth.pop()
    return len([c for c in depth if c not in "(（"]) + len([c for c in depth if c in "（"])


def mend(desk: Desk, blocks: tuple[Block, ...]) -> tuple[Block, ...]:
    """Join the halves of torn paragraphs."""
    if not desk.on(RULE):
        return blocks
    out: list[Block | None] = list(blocks)
    usual = _usual_end(blocks)
    last: dict[str, int] = {}
    between: dict[str, _Between] = {}
    for place, block in enumerate(blocks):
        article = block.article
        if block.kind is Kind.PARAGRAPH and not block.group:
            left = last.get(article)
            if left is not None and _joins(desk, out[left], block, between.get(article, _Between()), usual):
                out[left], out[place] = _joined(desk, out[left], block), None
            else:
                last[article] = place
            between[article] = _Between()
        else:
            between[article] = _passed(desk, between.get(article, _Between()), block)
    return tuple(block for block in out if block is not None)


def _passed(desk: Desk, seen: _Between, block: Block) -> _Between:
    if block.kind in (Kind.HEADLINE, Kind.SUBHEAD, Kind.BYLINE, Kind.KICKER) and not block.group:
        return replace(seen, broken=True)
    if block.kind in (Kind.JUMP_LINE, Kind.CONTINUATION):
        return replace(seen, jumped=True, interrupted=True)
    if block.kind is Kind.BLANK:  # a gap of several lines is the end of a column
        gap = sum(desk.source.cut(piece.span).count("\n") for piece in block.pieces)
        return replace(seen, interrupted=seen.interrupted or gap >= _COLUMN_END)
    return replace(seen, interrupted=True)


def _usual_end(blocks: tuple[Block, ...]) -> float:
    """Return the share of running paragraphs that end with a final mark."""
    texts = [b.text for b in blocks if b.kind is Kind.PARAGRAPH and not b.group and len(b.text) > 20]
    ended = sum(1 for text in texts if _FINAL.search(text))
    return ended / len(texts) if texts else 0.0


def _joins(desk: Desk, left: Block | None, right: Block, between: _Between, usual: float) -> bool:
    if left is None or between.broken:
        return False
    score = _score(left.text, right.text, between, usual)
    taken = "join" if score >= 2.5 else "split"
    if desk.asks:
        other = "split" if taken == "join" else "join"
        taken = desk.choose(RULE, _seam(right), taken, other)
    return taken == "join"


def _score(left: str, right: str, between: _Between, usual: float) -> float:
    """Weigh the signals of both halves; 2.5 is enough."""
    unclosed = _unclosed(left) > 0
    if not left or not right or (len(left) < 8 and not _COMMA.search(left) and not unclosed):
        return 0.0
    if (_FINAL.search(left) and not unclosed) or dateline.parse(right):
        return 0.0
    if unbalanced(left + right) > unbalanced(left) + unbalanced(right):
        return 0.0
    mended = unbalanced(left + right) < unbalanced(left) + unbalanced(right)
    score = 2.0 if unclosed and mended else 0.0
    score += _left_score(left, usual)
    if _CONTINUES.match(right) or crosses(left[-6:], right[:6]):
        score += 1.5
    if right[:1].islower() and _RUNS_ON.search(left):
        score += 0.5
    score += 2.0 if between.jumped else 1.0 if between.interrupted else 0.0
    if _BEGINS.match(right) and not mended and not (_COMMA.search(left) and right[0] in "“「『‘"):
        score -= 2.0
    return score


def _left_score(left: str, usual: float) -> float:
    if _FINAL.search(left):
        return -1.0
    if _COMMA.search(left):
        return 2.5
    if _SEMICOLON.search(left):
        return 0.5
    prose = len(left) >= 16 and _PROSE.search(left) is not None
    return (2.5 if usual >= 0.6 else 1.5) if prose else 0.5


def _seam(right: Block) -> Span:
    first = next((piece for piece in right.pieces if piece.text), None)
    return first.span if first else Span(source_start(right.pieces), source_start(right.pieces))


def _joined(desk: Desk, left: Block | None, right: Block) -> Block:
    assert left is not None
    between = glue(left.text, right.text, desk.gauge.lang)
    pieces = list(left.pieces)
    if between:
        pieces.append(
            Piece(
                Span(_seam(right).start, _seam(right).start),
                between,
                Op.INSERT,
                RULE,
                0.9,
                "space between joined words",
                "split",
            )
        )
    marked = False
    for piece in right.pieces:
        if piece.text and not marked:
            marked = True
            if piece.op is Op.KEEP:
                piece = replace(
                    piece,
                    op=Op.JOIN,
                    rule=RULE,
                    confidence=0.85,
                    why=_why(left.text, right.text),
                    alternative="split",
                )
        pieces.append(piece)
    return replace(left, pieces=tuple(pieces))


def _why(left: str, right: str) -> str:
    signs = []
    if _unclosed(left):
        signs.append("a quotation is open")
    if not _FINAL.search(left):
        signs.append("the left half ends without a final mark")
    signs.append(f"the right half goes on with {right[:6]}")
    return "; ".join(signs)
