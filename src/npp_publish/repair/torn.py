"""Torn paragraphs: a sentence interrupted by a box, a picture, furniture, a jump or a column's end.

Rationale: either signal alone does harm (precision .81), so both halves are asked. The left half has
an open quotation or no final mark; the right half is the next running paragraph of the same article
and does not start like a new one; joining must not leave quotation marks worse balanced (C). How much
a missing final mark says depends on the page: where most paragraphs end with one, it says much.
Case file: tests/cases/torn.md.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from ..detect import dateline
from ..detect.desk import Desk
from ..model import Block, Kind, Op, Piece, Span
from ..sorts import source_start
from . import caution, eojeol
from .boxnames import inline_label
from .splice import glue
from .words import crosses

__all__ = ["ends_open", "mend", "starts_open"]

RULE = "torn-paragraph"
_FINAL = re.compile(r"[。！？!?…][”’」』）)》】\"']*$|[.][”’\"')]*$|[：:]$|——$|[）)】〕]$")
_COMMA = re.compile(r"[，、,]$|[——\-]$")
_RUNS_ON = re.compile(r"[A-Za-z]{2,}[^.]{12}[a-z]$")
_TAIL = 64  # characters at the end of a half that are looked at
_SENTENCE = 26  # characters without a mark: no line of a head is as long
_HAN = re.compile(r"[\u3400-\u9fff]")
_COLUMN_END = 3  # blank lines; paragraphs stand one or two apart
_SEMICOLON = re.compile(r"[；;]$")
_PROSE = re.compile(
    r"[，。；;]|、.*、|[,.](?!\d)|[가-힣] [가-힣]+ [가-힣]"
)  # a Korean sentence needs no comma
_WORDS = re.compile(r"(?:\b[a-z]+ ){3}.* (?:[a-z]+ ){2}")  # no headline in title case
_CONTINUES = re.compile(
    r"(?:介绍|表示|说|认为|指出|透露|坦言|回忆|告诉|强调|补充|解释)[，：,:]"  # behind who said it
    r"|[，。、；：！？”’）》」』,.;:!?)%℃]|[a-z]"
)
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
    flush: bool = False  # the right half is not indented, as paragraphs of the page are
    broken: bool = False  # a heading: no sentence runs across it


@dataclass(slots=True)
class _Openers:
    """Brackets and quotation marks of a text that have no partner: the openers, and lonely closers."""

    waiting: list[str] = field(default_factory=list)
    lonely: int = 0
    half: int = 0  # of those waiting, the half-width round ones, which say nothing

    @property
    def count(self) -> int:
        return self.lonely + len(self.waiting)

    @property
    def open(self) -> bool:
        """Tell whether the end of the text leaves a bracket or quotation open."""
        return len(self.waiting) > self.half

    def after(self, text: str) -> tuple[int, _Openers]:
        """Read on: return how many of those waiting are still open, and what `text` adds to them."""
        waiting, own, lonely = self.waiting, [""], 0
        rest = len(waiting)
        for character in _BRACKET.findall(text):
            opener = _PAIR.get(character)
            if opener is None:
                own.append(character)
            elif own[-1] == opener:
                own.pop()
            elif len(own) == 1 and rest and waiting[rest - 1] == opener:
                rest -= 1
            elif character not in ")）’":  # `1）` and apostrophes have none
                lonely += 1
        del own[0]
        return rest, _Openers(own, lonely, own.count("("))

    def read(self, text: str) -> None:
        """Read on, for good."""
        rest, added = self.after(text)
        self.half += added.half - self.waiting[rest:].count("(")
        self.waiting[rest:] = added.waiting
        self.lonely += added.lonely


@dataclass(slots=True)
class _Half:
    """A running paragraph that may go on: its pieces, and what is asked of its text and its end."""

    block: Block
    pieces: list[Piece]
    openers: _Openers
    length: int
    tail: str
    prose: bool

    def add(self, pieces: Sequence[Piece], text: str) -> None:
        """Join pieces to the end."""
        self.pieces += pieces
        self.openers.read(text)
        self.length += len(text)
        self.prose = self.prose or _PROSE.search(text) is not None
        self.tail = (self.tail + text)[-_TAIL:]

    def finished(self) -> Block:
        """Return the paragraph with all that was joined to it."""
        grown = len(self.pieces) > len(self.block.pieces)
        return replace(self.block, pieces=tuple(self.pieces)) if grown else self.block


def _half(block: Block) -> _Half:
    made = _Half(block, [], _Openers(), 0, "", False)
    made.add(block.pieces, block.text)
    return made


def unbalanced(text: str) -> int:
    """Return how many brackets and quotation marks of a text have no partner."""
    return _Openers().after(text)[1].count


def ends_open(text: str) -> bool:
    """Tell whether a text breaks off in a sentence."""
    return bool(text) and (_FINAL.search(text) is None or _Openers().after(text)[1].open)


def starts_open(left: str, text: str) -> bool:
    """Tell whether a text begins in the middle of a sentence."""
    return bool(text) and (_CONTINUES.match(text) is not None or crosses(left[-6:], text[:6]))


def mend(desk: Desk, blocks: tuple[Block, ...]) -> tuple[Block, ...]:
    """Join the halves of torn paragraphs."""
    if not desk.on(RULE):
        return blocks
    out: list[Block | _Half | None] = list(blocks)
    usual = _usual_end(blocks)
    indents = _indents(desk, blocks)
    last: dict[str, _Half] = {}
    between: dict[str, _Between] = {}
    for place, block in enumerate(blocks):
        article = block.article
        if block.kind is Kind.PARAGRAPH and not block.group:
            left = last.get(article)
            seen = between.get(article, _Between())
            if indents and not _indented(desk, block):  # the page indents what begins a paragraph
                seen = replace(seen, flush=True)
            if left is not None and _joins(desk, left, block, seen, usual):
                _join(desk, left, block)
                out[place] = None
            else:
                out[place] = last[article] = _half(block)
            between[article] = _Between()
        else:
            between[article] = _passed(desk, between.get(article, _Between()), block)
    return tuple(block.finished() if isinstance(block, _Half) else block for block in out if block)


def _passed(desk: Desk, seen: _Between, block: Block) -> _Between:
    if block.kind in (Kind.HEADLINE, Kind.SUBHEAD, Kind.BYLINE, Kind.KICKER) and not block.group:
        return replace(seen, broken=True)
    if block.kind in (Kind.JUMP_LINE, Kind.CONTINUATION):
        return replace(seen, jumped=True, interrupted=True)
    if block.kind is Kind.BLANK:  # a gap of several lines is the end of a column
        gap = sum(desk.source.cut(piece.span).count("\n") for piece in block.pieces)
        return replace(seen, interrupted=seen.interrupted or gap >= _COLUMN_END)
    return replace(seen, interrupted=True)


def _indented(desk: Desk, block: Block) -> bool:
    first = next((piece for piece in block.pieces if piece.text), None)
    return first is not None and desk.text[max(0, first.span.start - 2) : first.span.start] in (
        "\u3000\u3000",
        "  ",
    )


def _indents(desk: Desk, blocks: tuple[Block, ...]) -> bool:
    """Tell whether the page indents its paragraphs."""
    body = [b for b in blocks if b.kind is Kind.PARAGRAPH and not b.group]
    return len(body) >= 3 and sum(_indented(desk, b) for b in body) * 2 > len(body)


def _usual_end(blocks: tuple[Block, ...]) -> float:
    """Return the share of running paragraphs that end with a final mark."""
    texts = [b.text for b in blocks if b.kind is Kind.PARAGRAPH and not b.group and len(b.text) > 20]
    ended = sum(1 for text in texts if _FINAL.search(text))
    return ended / len(texts) if texts else 0.0


def _joins(desk: Desk, left: _Half, right: Block, between: _Between, usual: float) -> bool:
    if between.broken or _apart(left, right, between):
        return False
    taken = "join" if _score(left, right.text, between, usual) >= 2.5 else "split"
    if desk.asks:
        other = "split" if taken == "join" else "join"
        taken = desk.choose(RULE, _seam(right), taken, other)
    return taken == "join"


def _apart(left: _Half, right: Block, between: _Between) -> bool:
    """Tell whether two lines follow one another as verses or rows do: short both, nothing between, or
    kept apart before because no column sets them so."""
    last = left.pieces[-1] if left.pieces else None
    if last is not None and last.rule == "unwrap" and last.confidence <= caution.CONFIDENCE:
        return True
    return not between.interrupted and max(left.length, len(right.text)) <= _VERSE


_VERSE = 20  # characters


def _score(half: _Half, right: str, between: _Between, usual: float) -> float:
    """Weigh the signals of both halves; 2.5 is enough."""
    left, unclosed = half.tail, half.openers.open
    few = half.length < (1 if between.jumped else 8)  # a jump says that it goes on
    if not left or not right or (few and not _COMMA.search(left) and not unclosed):
        return 0.0
    if (_FINAL.search(left) and not unclosed) or dateline.parse(right):
        return 0.0
    if inline_label(right) and inline_label(half.block.text):  # two entries of a list
        return 0.0
    rest, added = half.openers.after(right)
    together, apart = half.openers.lonely + rest + added.count, half.openers.count + unbalanced(right)
    if together > apart:
        return 0.0
    mended = together < apart
    score = 2.0 if unclosed and mended else 0.0
    score += _left_score(half, usual)
    if _CONTINUES.match(right) or crosses(left[-6:], right[:6]):
        score += 1.5
    if right[:1].islower() and _RUNS_ON.search(left):
        score += 0.5
    score += 1.0 if between.flush else 0.0
    score += 2.0 if between.jumped else 1.0 if between.interrupted else 0.0
    if _SEMICOLON.search(left) and between.interrupted and not _numbered(half.block.text, right):
        score += 1.0  # two clauses; entries of a list follow one another or have numbers
    if _BEGINS.match(right) and not mended and not (_COMMA.search(left) and right[0] in "“「『‘"):
        score -= 2.0
    return score


def _numbered(left: str, right: str) -> bool:
    """Tell whether both halves begin with a number as the entries of a list do, or as short as they."""
    return _BEGINS.match(right) is not None or min(len(left), len(right)) <= _VERSE


def _left_score(half: _Half, usual: float) -> float:
    if _FINAL.search(half.tail):
        return -1.0
    if _COMMA.search(half.tail):
        return 2.5
    if _SEMICOLON.search(half.tail):
        return 0.5
    if not half.prose and half.length >= 2 * _SENTENCE and _WORDS.search(half.tail):
        return 1.5  # words without a mark
    long = half.length >= _SENTENCE and len(_HAN.findall(half.tail)) >= _SENTENCE * 0.7
    stopped = half.length >= 10 and "。" in half.tail  # “……。”某某: no line of a head has a full stop inside
    prose = (half.length >= 16 and half.prose) or long or stopped
    return (2.5 if usual >= 0.4 else 1.5) if prose else 0.5


def _seam(right: Block) -> Span:
    first = next((piece for piece in right.pieces if piece.text), None)
    return first.span if first else Span(source_start(right.pieces), source_start(right.pieces))


def _join(desk: Desk, left: _Half, right: Block) -> None:
    text = right.text
    between = glue(left.tail, text, desk.gauge.lang)
    if desk.gauge.lang == "ko" and eojeol.torn(left.tail, text, desk.text):
        between = ""
    if between:
        seam = Span(_seam(right).start, _seam(right).start)
        space = Piece(seam, between, Op.INSERT, RULE, 0.9, "space between joined words", "split")
        left.pieces.append(space)
    pieces = list(right.pieces)
    first = next((n for n, piece in enumerate(pieces) if piece.text), None)
    if first is not None and pieces[first].op is Op.KEEP:
        pieces[first] = replace(
            pieces[first],
            op=Op.JOIN,
            rule=RULE,
            confidence=0.85,
            why=_why(left, text),
            alternative="split",
        )
    left.add(pieces, between + text)


def _why(left: _Half, right: str) -> str:
    signs = []
    if left.openers.open:
        signs.append("a quotation is open")
    if not _FINAL.search(left.tail):
        signs.append("the left half ends without a final mark")
    signs.append(f"the right half goes on with {right[:6]}")
    return "; ".join(signs)
