"""Headings without marks: short lines of their own that stand where a headline stands.

Rationale: bare text layers mark nothing, and a headline without final punctuation is easily glued to
the text below. A line is one if it begins after a finished paragraph, is shorter than the column, ends
without a mark, and running text or a byline follows; Latin ones are in capitals or title case (B).
On a page that marks its headings, unmarked lines are left to later rules. Lines of one headline
that follow each other are joined by a gap. Case file: tests/cases/headline.md.
"""

from __future__ import annotations

import re
from dataclasses import replace

from ..model import Block, Kind, Op, Piece
from . import dateline, entries, justify
from .desk import Desk
from .gauge import em
from .marks import HARD, is_break, lines_of, seal
from .newsrooms import is_office

__all__ = ["find"]

RULE = "plain-headline"
_STOP = re.compile(r"[。！？!?….][”’」』）)\"'】》]*$")
_NO_HEAD = re.compile(r"[。，；、：:,;]$|。")
_SMALL_WORDS = "a an and as at but by for from in into nor of off on or the to up via vs with over is are"
_SMALL = frozenset(_SMALL_WORDS.split())
_WORD = re.compile(r"(?<![A-Za-z0-9'’-])[A-Za-z][A-Za-z'’-]*")
_NUMBERED = re.compile(r"(?:[（(]?(?:\d{1,2}|[①-⑳])[、.．）)]|[•·\-*])")


def find(desk: Desk, blocks: tuple[Block, ...]) -> tuple[Block, ...]:
    """Find headings that carry no mark."""
    if not desk.on(RULE) or desk.gauge.marked or sum(b.kind is Kind.HEADLINE for b in blocks) >= 2:
        return blocks  # the page marks its headlines, if only in bold
    latin = not desk.gauge.lang.startswith(("zh", "ja", "ko"))
    marked = any(b.kind is Kind.HEADLINE for b in blocks)  # one is, in bold
    made: list[Block] = []
    listed = entries.places(blocks)
    for number, block in enumerate(blocks):
        labelled = number in listed or (number > 0 and blocks[number - 1].kind is Kind.LABEL)
        clause = marked and "，" in block.text.split("\n")[0]  # of a sentence that is torn below
        if block.kind is Kind.PARAGRAPH and not labelled and not clause and not _led(block):
            finished = _finished(made) or (_announced(made) and _COUNTED.match(block.text) is not None)
            first = not any(b.kind not in (Kind.BLANK, Kind.FURNITURE) for b in made)
            follows = _next_text(blocks, number)
            made.extend(_read(desk, block, latin, finished, first, follows))
        else:
            made.append(block)
    return tuple(made)


def _led(block: Block) -> bool:
    """Words in bold before other words name what follows them; a headline is bold as a whole."""
    pieces = [piece for piece in block.pieces if piece.text or piece.why == "strong mark"]
    return bool(pieces) and pieces[0].why == "strong mark" and pieces[-1].why != "strong mark"


def _finished(before: list[Block]) -> bool:
    """Tell whether the text above is at an end, so that a headline may follow."""
    for block in reversed(before):
        if block.kind in (Kind.BLANK, Kind.FURNITURE):
            continue
        if block.kind is Kind.PARAGRAPH and len(block.text.split("\n")[-1]) <= 30 and _listed(block):
            return True
        if block.kind is Kind.CONTINUATION:
            return False  # the sentence goes on
        return (
            block.kind is not Kind.PARAGRAPH or _STOP.search(block.text) is not None or len(block.text) <= 30
        )
    return True


def _announced(before: list[Block]) -> bool:
    """Tell whether the text above announces what follows (现公告如下：)."""
    above = next((b for b in reversed(before) if b.kind not in (Kind.BLANK, Kind.FURNITURE)), None)
    return above is not None and above.text.endswith(("如下：", "如下:"))


_COUNTED = re.compile(r"[一二三四五六七八九十]{1,2}、|第[一二三四五六七八九十]{1,3}[章节]")


def _listed(block: Block) -> bool:
    """Tell whether the last lines of a block do not end like sentences or wrapped lines."""
    lines = block.text.split("\n")
    return len(lines) > 1 and not any(re.search(r"[，、。；]$", line) for line in lines[-2:])


def _next_text(blocks: tuple[Block, ...], number: int) -> Block | None:
    return next(
        (b for b in blocks[number + 1 : number + 7] if b.kind not in (Kind.BLANK, Kind.FURNITURE)), None
    )


def _read(
    desk: Desk, block: Block, latin: bool, finished: bool, first: bool, follows: Block | None
) -> list[Block]:
    lines = lines_of(block)
    texts = ["".join(piece.text for piece in line) for line in lines]
    heads = _heads(desk, texts, latin, finished, first, follows)
    opened = _opens_paragraphs(desk, block, lines)
    heads = [head and not opens for head, opens in zip(heads, opened, strict=True)]
    if any(heads[1:]) and any(HARD.search(desk.source.cut(p.span)) for p in block.pieces if is_break(p)):
        return [block]  # lines that are broken on purpose are items
    if not any(heads):
        return [block]
    breaks = [piece for piece in block.pieces if is_break(piece)]
    made: list[Block] = []
    for number, (line, head) in enumerate(zip(lines, heads, strict=True)):
        if number and head == heads[number - 1]:
            gap = breaks[number - 1]
            joint = replace(
                gap,
                text=" ",
                op=Op.JOIN,
                rule="headline-lines",
                why="lines of one headline",
                confidence=0.9,
                alternative="split",
            )
            made[-1] = replace(made[-1], pieces=(*made[-1].pieces, joint if head else gap, *line))
            continue
        if number:
            made[-1] = replace(made[-1], pieces=(*made[-1].pieces, seal(breaks[number - 1])))
        made.append(_block(block, line, head))
    return made


def _opens_paragraphs(desk: Desk, block: Block, lines: list[tuple[Piece, ...]]) -> list[bool]:
    """Tell of each line whether it is indented by two characters, and the next one is not."""
    firsts = [next((piece for piece in line if piece.text), None) for line in lines]
    after = [desk.source.cut(piece.span) for piece in block.pieces if is_break(piece)]
    goes_on = [not gap.endswith((" ", "\u3000", "\t")) for gap in after] + [False]
    indented = [
        p is not None and _INDENT.search(desk.text[max(0, p.span.start - 8) : p.span.start]) is not None
        for p in firsts
    ]
    return [opens and runs for opens, runs in zip(indented, goes_on, strict=True)]


_INDENT = re.compile(r"(?<![ \u3000])(?:\u3000{2}| {4})\Z")


def _block(block: Block, line: tuple[Piece, ...], head: bool) -> Block:
    if not head:
        return replace(block, pieces=line)
    return replace(
        block, pieces=line, kind=Kind.HEADLINE, level=0, confidence=0.85, reason="short line over a text"
    )


def _heads(
    desk: Desk, texts: list[str], latin: bool, finished: bool, first: bool, follows: Block | None
) -> list[bool]:
    """Say of each line of a run whether it is a line of a headline."""
    if latin:
        return _latin_heads(texts, finished, follows)
    leading = _leading(desk, texts, finished, first, follows)
    inside = _inside(desk, texts)
    trailing = _trailing(desk, texts, follows)
    return [any(found) for found in zip(leading, inside, trailing, strict=True)]


def _leading(desk: Desk, texts: list[str], finished: bool, first: bool, follows: Block | None) -> list[bool]:
    """The first lines of a run, up to three, over the text of the run or the next block."""
    none = [False] * len(texts)
    if finished and _stacked(desk, texts, first, follows):
        named = _column_name(texts) and len(texts) > 2
        return [number > 0 or not named for number in range(len(texts))]
    at = 0
    column = justify.column(texts[1:]) if len(texts) > 2 else max(map(em, texts[1:]), default=0.0)
    while at < min(len(texts), 4) and finished and _han_head(desk, texts[at], first and at == 0):
        below = texts[at + 1] if at + 1 < len(texts) else ""
        # no room for what follows: the first line of a paragraph
        full = below and (em(texts[at]) >= column - 1 or not justify.had_room(texts[at], below, column))
        if full or (at and ("，" in texts[at] or dateline.parse(texts[at]))):
            break
        at += 1
    if at == 0 or at > 3:
        return none
    body = texts[at:]
    if body:  # the headline stands right on its text
        text_like = em("".join(body)) >= 25 and max(map(em, body)) > max(map(em, texts[:at]))
        text_like = text_like and any(_INNER.search(line) for line in body)
        if not text_like and not dateline.parse(body[0]):
            return none
    elif follows is None or not _is_text(follows) or _signature(desk, texts[-1], follows):
        return none
    column_name = at >= 2 and _column_name(texts)
    return [number < at and not (number == 0 and column_name) for number in range(len(texts))]


def _stacked(desk: Desk, texts: list[str], first: bool, follows: Block | None) -> bool:
    """Two or three short lines that stand alone over a byline or a text with a dateline: one headline."""
    if not 2 <= len(texts) <= 3 or follows is None:
        return False
    over = follows.kind in (Kind.BYLINE, Kind.DATELINE) or (
        follows.kind is Kind.PARAGRAPH
        and (
            _FILED_TEXT.match(follows.text)
            or dateline.parse(follows.text)
            or (em(follows.text) >= _LONG and _STOP.search(follows.text) and min(map(len, texts)) >= 4)
        )
    )
    short = all(_han_head(desk, text, first) and not _COLONED.match(text) for text in texts)
    uneven = max(map(em, texts)) <= 18 and not any("，" in text for text in texts)
    return bool(over) and short and uneven and not _signature(desk, texts[-1], follows)


_FILED_TEXT = re.compile(r"[^，。：\n]{0,12}[讯訊电電](?=[（(\s\u3000])")
_LONG = 40  # ems
_COLONED = re.compile(r"[^：:]{1,6}[：:]")


def _column_name(texts: list[str]) -> bool:
    """The first of several lines is the name of a column: very short, no quotation or exclamation."""
    name = len(texts[0]) <= 6 and not re.search(r"[“”！？!?]|[了的着过到在把被和与向为让将]$", texts[0])
    return name or _BRACKETED.fullmatch(texts[0]) is not None


def _signature(desk: Desk, text: str, follows: Block) -> bool:
    """The name of an office over a day or over another short line signs what stands above it."""
    short = len(follows.text) <= 20 and not _STOP.search(follows.text)
    office = _SIGNS.search(text) is not None and is_office(text, desk.profile)
    return (office and short) or _DAY.fullmatch(follows.text) is not None


_SIGNS = re.compile(
    r"(?:公司|委员会|委員會|办公室|辦公室|局|政府|法院|检察院|协会|協會|学会|集团|银行|医院|大学|中心)$"
)
# turns of an interview; the heading of a speaker's section does not ask
_ASKS = re.compile(r"(?:问|答|记者|記者|主持人|Q|A)[：:]|[\u4e00-\u9fff·]{2,4}[：:][^：]*[？?]$")
_FILED = re.compile(r"[〔\[]\d{4}[〕\]]\d{1,4}号")  # the number of a document
# …公报（2025年6月17日…全会通过）: the name of a document and what made it one
_DOCUMENT = re.compile(
    r"[^，。；：]{4,50}(?:公报|公報|决议|決議|决定|決定|条例|條例|办法|辦法|规定|規定|意见|纲要)[ \u3000]?"
    r"[（(][^（）()。]{0,30}(?:通过|通過|批准|发布|發布|公布|施行|修正|修订)[）)]"
)
_PHONE = re.compile(r"[：:].*\d{5}")
_BRACKETED = re.compile(r"[【\[〖][^】\]〗]{2,8}[】\]〗]")


def _inside(desk: Desk, texts: list[str]) -> list[bool]:
    """Short lines between a finished paragraph and a full line of a wrapped column, or a dateline."""
    heads = [False] * len(texts)
    if len(texts) < 4:
        return heads
    column = justify.column(texts)
    if desk.gauge.column < column <= desk.gauge.column + 1:
        column = desk.gauge.column  # marks hang out of it
    for number in range(1, len(texts) - 1):
        text, after = texts[number], texts[number + 1]
        above = _STOP.search(texts[number - 1]) is not None or heads[number - 1]
        short = em(text) <= 0.8 * column and not _INNER.search(text) and _han_head(desk, text, False)
        below = em(after) >= column - 3 or dateline.parse(after) is not None
        room = justify.had_room(text, after, column - _INDENTED)
        heads[number] = above and short and below and room
    return heads


def _trailing(desk: Desk, texts: list[str], follows: Block | None) -> list[bool]:
    """Short lines at the end of a wrapped run, over a byline that stands alone."""
    heads = [False] * len(texts)
    if len(texts) < 4 or follows is None or follows.kind not in (Kind.BYLINE, Kind.DATELINE):
        return heads
    column = max(map(em, texts))
    at = len(texts)
    while at > 1 and len(texts) - at < 3 and em(texts[at - 1]) <= 0.8 * column:
        if _INNER.search(texts[at - 1]) or not _han_head(desk, texts[at - 1], False):
            break
        at -= 1
    above = at < len(texts) and _STOP.search(texts[at - 1]) is not None
    column_name = len(texts) - at >= 2 and _column_name(texts[at:])
    return [above and number >= at + column_name for number in range(len(texts))]


_DAY = re.compile(
    r"(?:[\d〇○零一二三四五六七八九]{4}年)?[\d一二三四五六七八九十]{1,3}月[\d一二三四五六七八九十]{1,3}日"
)
_INNER = re.compile(r"[，。；：！？]")
_INDENTED = 2.0  # em; a text layer may have lost the indentation itself


def _is_text(block: Block) -> bool:
    """Tell whether a block can stand under a headline."""
    if block.kind in (Kind.BYLINE, Kind.DATELINE, Kind.CAPTION):
        return True
    if block.kind is not Kind.PARAGRAPH:
        return False
    return em(block.text) >= 20 or (len(block.text) <= 40 and not _STOP.search(block.text))


def _han_head(desk: Desk, text: str, first: bool) -> bool:
    width = em(text)
    column = desk.gauge.column
    limit = desk.profile.limit("headline") * (1.0 if first else 0.5)
    if len(text) <= 2 * limit and _DOCUMENT.fullmatch(text):
        return True
    if not 2 <= len(text) <= limit or _NO_HEAD.search(text) or _NUMBERED.match(text):
        return False
    if _ASKS.match(text) or _FILED.search(text) or _FILED_TEXT.match(text):
        return False
    if (text[0] in "（(" and text[-1] in "）)") or _DAY.fullmatch(text) or _PHONE.search(text):
        return False
    if _STOP.search(text) and not text.endswith(("？", "！", "?", "!", "…")):
        return False
    return first or column == 0 or width <= column * 1.6 or width <= 24


def _latin_heads(texts: list[str], finished: bool, follows: Block | None) -> list[bool]:
    widths = sorted(len(text) for text in texts)
    column = widths[int(len(widths) * 0.75)] if len(texts) > 2 else 60 if len(texts) > 1 else 80
    width = justify.column(texts, spaced=True)
    heads: list[bool] = []
    for number, text in enumerate(texts):
        above = heads[-1] if heads else False
        before = texts[number - 1] if number else ""
        below = texts[number + 1] if number + 1 < len(texts) else ""
        long = len([word for word in _WORD.findall(text) if word.lower() not in _SMALL]) >= 4
        room = bool(below) and justify.had_room(text, below, width, spaced=True)
        short = long or room or min(len(before) / 0.85, len(text) / 0.75) < column
        ended = finished if number == 0 else _STOP.search(before) is not None and short
        signed = not below and follows is not None and follows.kind in (Kind.BYLINE, Kind.DATELINE)
        if signed:
            below = "By"
        if not below and follows is not None and (any(heads) or _over_text(texts, follows)):
            below = follows.text[:1].upper()
        head = _latin_head(text, ended, above, before, below, column)
        plain = len(text) <= 90 and not _STOP.search(text) and not text[:1].islower()
        if len(texts) == 1 and finished and plain and (signed or (below and _sentence_case(text))):
            head = True  # in sentence case, right over a byline or a longer text
        if len(texts) > 4 and len(text) > column * 1.15 and plain and (ended or above):
            head = True  # wider than the column
        heads.append(head)
    if heads[-2:] == [True, True] and follows is not None and follows.kind is Kind.BYLINE:
        heads[-1] = not _is_deck(texts[-2], texts[-1])
    if finished and not any(heads) and _deck_below(texts, follows):
        return [number == 0 or text[:1].islower() for number, text in enumerate(texts)]
    return heads


def _is_deck(above: str, text: str) -> bool:
    """A line in sentence case under one in title case is no part of the headline."""
    return _title_case(above) and text[:1].isupper() and not text.isupper() and not _title_case(text)


def _deck_below(texts: list[str], follows: Block | None) -> bool:
    """Two or three lines that stand alone over a byline, in sentence case: a headline and its deck."""
    signed = follows is not None and follows.kind is Kind.BYLINE and 2 <= len(texts) <= 3
    return signed and all(len(text) <= 70 and not _STOP.search(text) for text in texts)


def _sentence_case(text: str) -> bool:
    """A few words without a mark or figure, of which the first begins with a capital."""
    return (
        len(text) <= 45
        and 1 <= text.count(" ") <= 6
        and re.fullmatch(r"[A-Z][A-Za-z'’ -]+", text) is not None
    )


def _over_text(texts: list[str], follows: Block) -> bool:
    """A line that stands alone over a longer text that begins a sentence, or over a deck."""
    alone = len(texts) == 1 and len(texts[0]) <= 80 and follows.kind is Kind.PARAGRAPH
    text = follows.text
    deck = not _STOP.search(text) and not _STOP.search(texts[0])
    return alone and (len(text) >= 40 or deck) and not text[:1].islower()


# no headline ends so, but one of its lines may
_GOES_ON = re.compile(r"\b(?:a|an|and|at|but|by|for|from|into|nor|of|on|or|the|to|via|with)$", re.I)


def _latin_head(text: str, ended: bool, above: bool, before: str, below: str, column: float) -> bool:
    letters = [c for c in text if c.isalpha()]
    if len(letters) < 4 or text.endswith((",", ";")) or len(text) > column * 1.3:
        return False
    if _GOES_ON.search(text) and not (_title_case(below) or below.isupper()):
        return False
    capitals = sum(1 for c in letters if c.isupper()) >= 0.85 * len(letters)
    if capitals:
        return ended or (above and before.isupper())
    runs_on = above and not before.isupper()  # the second line of a headline in title case
    big = sum(word.lower() not in _SMALL for word in _WORD.findall(text))  # of some words no column is sure
    fits = len(text) <= (column * 1.2 if big >= 4 else column)
    return (ended or runs_on) and _title_case(text) and below[:1].isupper() and fits


def _title_case(text: str) -> bool:
    words = _WORD.findall(text)
    big = [word for word in words if word.lower() not in _SMALL]
    return len(big) >= 2 and all(word[0].isupper() for word in big) and len(words) <= 12
