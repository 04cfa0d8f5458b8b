"""Articles: where one begins, which heading is its title, its kicker, a section of it.

Rationale: pages flatten their headings to one level, promote kickers to headings and let articles
follow one another without a sign. An article begins where two signals meet: a heading over a byline
or dateline, a kicker over a heading, what follows a jump or a dateline at an end; the level of a mark
is a third. A heading that is none of these opens a section (C). Case file: tests/cases/articles.md.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from itertools import pairwise

from ..detect import dateline
from ..detect.desk import Desk
from ..model import Block, BoxKind, Kind, SourceFile
from ..sorts import source_start
from .boxes import kind_of
from .decks import is_subtitle
from .heads import name, sections
from .kinship import in_common
from .openings import (
    after_text,
    body_follows,
    deck_over_byline,
    displaced_last,
    ended,
    filed_below,
    heads_only,
    reported,
    signs_letter,
)
from .stream import HEADS, SKIP, Stream, is_section, is_short

__all__ = ["divide"]


def divide(desk: Desk, blocks: tuple[Block, ...]) -> tuple[Block, ...]:
    """Say of every block to which article it belongs, and of headings what they are."""
    out = list(blocks)
    places = tuple(
        n
        for n, block in enumerate(out)
        if block.kind not in SKIP and (not block.group or _opens_summary(block))
    )
    stream = Stream(tuple(out[n] for n in places), places)
    starts = _starts(desk, stream)
    number = 0
    bounds: list[tuple[int, str]] = []
    for at in range(len(stream.blocks)):
        if at in starts or at == 0:
            number += 1
            bounds.append((places[at], f"a{number}"))
        role = starts.get(at)
        if role is not None:
            name(desk, out, stream, at, role)
    if not bounds:
        return tuple(replace(block, article="a1") for block in out)
    titles = {places[title] for title in starts.values() if title >= 0}
    return tuple(_spread(sections(out, titles), bounds))


def _opens_summary(block: Block) -> bool:
    """The title of a summary box takes part: it stands at the head of an article."""
    return block.kind is Kind.BOX_TITLE and kind_of(block.group) is BoxKind.ABSTRACT


def _spread(blocks: list[Block], bounds: list[tuple[int, str]]) -> list[Block]:
    """Give each block the article that began last; what stands before the first one joins it.

    A box right before an article's first block that touches nothing stays with the article above.
    """
    made: list[Block] = []
    names = dict(bounds)
    current = bounds[0][1]
    for place, block in enumerate(blocks):
        current = names.get(place, current)
        made.append(
            Block(block.kind, block.pieces, block.level, block.group, block.confidence, block.reason, current)
        )
    return made


# --------------------------------------------------------------------------- starts


def _starts(desk: Desk, stream: Stream) -> dict[int, int]:
    """Return the places where articles begin, each with the place of its title (-1: it has none)."""
    starts: dict[int, int] = {}
    unsigned = _unsigned(stream)
    fresh = _first_of_files(desk, stream)
    tops = _title_level(stream)
    at = 0
    closed = True
    signed = False  # the article has a byline
    start = 0  # of the article
    while at < len(stream.blocks):
        if stream.kind(at) is Kind.CONTINUATION or (
            at in fresh and _opening(desk, stream, at, _State(True, tops, unsigned)) is None
        ):
            starts[at] = -1
            closed = signed = False
            start = at
            at += 1
            continue
        head = _opening(desk, stream, at, _State(closed, tops, unsigned, signed, start))
        if head is not None:
            title, after = head
            starts[at] = title
            start = at
            signed = any(stream.kind(n) is Kind.BYLINE for n in range(at, after))
            at = after
            closed = False
            continue
        kind = stream.kind(at)
        if kind in (Kind.JUMP_LINE, Kind.DATELINE) and at > 0:
            closed = kind is Kind.JUMP_LINE or _ends_article(stream, at)
        elif kind is not None:
            closed = False
            signed = signed or kind is Kind.BYLINE
        at += 1
    return starts


def _first_of_files(desk: Desk, stream: Stream) -> frozenset[int]:
    """Return the first printed block of every file but the first: an article does not run on into another
    file without a sign. It does so from page to page of one document, whose pages have the same digest."""
    files = desk.source.files
    if len(files) < 2:
        return frozenset()
    at_file = [files[desk.source.line_at(source_start(block.pieces)).file] for block in stream.blocks]
    return frozenset(
        at for at, (a, b) in enumerate(pairwise(at_file), 1) if a is not b and not _one_document(a, b)
    )


def _one_document(a: SourceFile, b: SourceFile) -> bool:
    return bool(a.sha256) and a.sha256 == b.sha256 and a.media_type == "application/pdf"


def _title_level(stream: Stream) -> int:
    """Return the level of headings that are titles by their mark alone: the top level, if used so."""
    levels = [block.level for block in stream.blocks if block.kind is Kind.HEADLINE and block.level]
    if not levels:
        return 0
    top = min(levels)
    return top if top == 1 or levels.count(top) < len(levels) else 0


def _ends_article(stream: Stream, at: int) -> bool:
    """A dateline after text ends an article; under a headline it begins one."""
    return stream.kind(at - 1) in (Kind.PARAGRAPH, Kind.ITEM, Kind.JUMP_LINE)


@dataclass(frozen=True, slots=True)
class _State:
    """Whether the article above is at its end, the level of titles (0: none), no article signed, the
    article above has its byline, where it starts."""

    closed: bool
    top: int
    unsigned: bool
    signed: bool = False
    start: int = 0


def _opening(desk: Desk, stream: Stream, at: int, state: _State) -> tuple[int, int] | None:
    """Return (place of the title or -1, place after the opening) if an article begins here."""
    kicker = _is_kicker(desk, stream, at, state.top)
    if not kicker and _column_name(stream, at):
        return -1, at + 1
    here = at + 1 if kicker else at
    kind = stream.kind(here)
    if kind is Kind.HEADLINE or (kind is Kind.SUBHEAD and (at == 0 or _signed(desk, stream, here))):
        return _headed(desk, stream, at, here, kicker, state)
    if filed_below(stream, here) and (kicker or displaced_last(stream)):
        return -1, here + 1
    if deck_over_byline(stream, here):
        return -1, _after_opening(desk, stream, here)
    if kicker and kind in (Kind.BYLINE, Kind.DATELINE, Kind.BOX_TITLE):
        return -1, _after_opening(desk, stream, here)
    if (
        kind is Kind.BOX_TITLE
        and at > 0
        and stream.kind(at + 1) in (Kind.BYLINE, *HEADS)
        and not heads_only(stream, at)
    ):
        return -1, _after_opening(desk, stream, here)
    parted = (state.signed or displaced_last(stream)) and after_text(stream, here)
    closed = state.closed or parted or reported(stream, here)
    if kind is Kind.BYLINE and closed and at > 0 and body_follows(stream, here):
        return -1, here + 1
    return None


def _headed(
    desk: Desk, stream: Stream, at: int, here: int, kicker: bool, state: _State
) -> tuple[int, int] | None:
    block = stream.blocks[here]
    if (is_section(block) and not kicker) or (at > 0 and _nothing_below(stream, here)):
        return None
    signed = _signed(desk, stream, here)
    level = block.level == state.top and state.top > 0
    capitals = not block.level and block.text.isupper() and desk.gauge.lang == "en"
    itself = state.unsigned and (_stands_for_itself(desk, block) or _NOTICE.search(block.text) is not None)
    other = at > 0 and not state.top and _of_another_subject(desk, stream, here, state.start)
    strong = signed or kicker or level or capitals or itself or other
    if at == 0 or strong or (state.closed and len(block.text) >= 6):
        return here, _after_opening(desk, stream, here)
    return None


def _of_another_subject(desk: Desk, stream: Stream, here: int, start: int) -> bool:
    """A longer heading behind a finished paragraph heads another article if it and the text under it have
    nothing in common with the text above: sections of one article share its names and terms."""
    title = stream.blocks[here].text
    latin = desk.gauge.lang == "en"
    if not (latin or desk.gauge.lang.startswith("zh")) or not after_text(stream, here):
        return False
    if _STANDING.fullmatch(title):
        return True
    if len(title) < _TITLE or (latin and title.count(" ") < 3) or _in_series(stream, here):
        return False
    if len(title) >= _TITLE + 2 and _NOTICE.search(title):
        return True
    if (
        _ORDER.search(title)
        and here + 1 < len(stream.blocks)
        and _CLAUSES.match(stream.blocks[here + 1].text)
    ):
        return True
    above = "".join(b.text for b in stream.blocks[max(start, here - _REACH) : here])
    below = ""
    for block in stream.blocks[here + 1 : here + _REACH]:
        if block.kind in HEADS:
            break
        below += block.text
    return min(len(above), len(below)) >= _ENOUGH and in_common(title + below, above) <= 1


def _in_series(stream: Stream, here: int) -> bool:
    """Tell whether a heading has the form of another one: 在“守”字上下真功夫, 在“转”字上做新文章."""
    form = _QUOTED.sub("“”", stream.blocks[here].text)
    others = [n for n, block in enumerate(stream.blocks) if block.kind in HEADS and n != here]
    near = (_QUOTED.sub("“”", stream.blocks[n].text) for n in others if abs(n - here) <= _REACH)
    return "“”" in form and any(text[:3] == form[:3] for text in near)


_QUOTED = re.compile(r"“[^”]{1,6}”")
_TITLE = 9  # characters: titles are longer than most headings of sections
_REACH, _ENOUGH = 30, 60  # blocks looked at; characters that tell a subject
_STANDING = re.compile(
    r"(?:更正|更正与致歉|更正启事|致歉|致歉声明|讣告|訃告|启事|啟事|声明|遗失声明|遺失聲明|公告|通告|来函照登|Correction|Corrections|Obituary|바로잡습니다|訂正)"
)
_ORDER = re.compile(
    r"(?:办法|辦法|条例|條例|规定|規定|细则|細則|章程|公约|公約|规则|規則|准则|準則)(?:[（(][^（）()]{1,30}[）)])?$"
)
_CLAUSES = re.compile(r"第[一1][章条條]|总则|總則")
_NOTICE = re.compile(r"(?:公报|公報|决议|決議|公告|通告|声明|聲明|启事|啟事|公示|讣告|訃告|通知|通报|通報)$")


def _nothing_below(stream: Stream, here: int) -> bool:
    """Tell whether a heading is the last thing on the page: it can be a displaced headline."""
    rest = stream.blocks[here + 1 : here + 7]
    headings = (Kind.KICKER, Kind.CAPTION, *HEADS)
    return here + 7 > len(stream.blocks) and all(block.kind in headings for block in rest)


def _unsigned(stream: Stream) -> bool:
    """Tell whether the page marks no heading and signs no article: then each headline opens one."""
    for block in stream.blocks:
        if block.kind in (Kind.BYLINE, Kind.DATELINE) or block.level:
            return False
        if block.kind is Kind.PARAGRAPH and dateline.parse(block.text):
            return False
    return True


def _stands_for_itself(desk: Desk, block: Block) -> bool:
    return not desk.gauge.lang.startswith(("zh", "ja", "ko")) or len(block.text) >= 9


def _signed(desk: Desk, stream: Stream, here: int) -> bool:
    """Tell whether byline, dateline or signature stand right under a heading."""
    for after in (here + 1, here + 2, here + 3):
        kind = stream.kind(after)
        if kind is Kind.BOX_TITLE:
            continue
        if kind in (Kind.BYLINE, Kind.DATELINE):
            return True
        if kind is Kind.PARAGRAPH:
            text = stream.blocks[after].text
            if dateline.parse(text):
                return True
            if not is_short(desk, text) and not is_subtitle(desk, stream, here, after):
                return False
        elif kind not in HEADS or not is_subtitle(desk, stream, here, after):
            return False
    return False


def _is_kicker(desk: Desk, stream: Stream, at: int, top: int) -> bool:
    """A short line without punctuation, followed at once by a heading, or by the byline of an
    article that has no heading."""
    block = stream.blocks[at]
    if _leads_in(stream, at):
        return True
    if block.kind not in (Kind.PARAGRAPH, Kind.HEADLINE) or not is_short(
        desk, block.text.strip("【】[]《》·|｜ ")
    ):
        return False
    after = stream.kind(at + 1)
    if block.kind is Kind.PARAGRAPH and (_verse(desk, stream, at) or signs_letter(stream, at)):
        return False
    if block.text in desk.profile.list("kickers") and after in (*HEADS, Kind.BYLINE, Kind.BOX_TITLE):
        return True
    if (
        after in HEADS
        and not is_section(stream.blocks[at + 1])
        and (after is Kind.HEADLINE or _signed(desk, stream, at + 1))
    ):
        return block.kind is Kind.PARAGRAPH or _over_title(desk, stream, at)
    if after is Kind.BOX_TITLE and stream.kind(at + 2) is Kind.BYLINE:
        return True
    if block.kind is Kind.PARAGRAPH and deck_over_byline(stream, at + 1):
        return at > 0
    if filed_below(stream, at + 1) and block.kind is Kind.PARAGRAPH:
        return at > 0 and stream.kind(at - 1) is Kind.PARAGRAPH and ended(stream.blocks[at - 1])
    if after is Kind.DATELINE and block.kind is Kind.PARAGRAPH and body_follows(stream, at + 1):
        return at > 0 and stream.kind(at - 1) is Kind.PARAGRAPH and ended(stream.blocks[at - 1])
    if after is Kind.BYLINE and body_follows(stream, at + 1):
        if block.kind is Kind.HEADLINE and block.level and block.level == top and not displaced_last(stream):
            return False  # marked like the titles of the page
        return block.kind is Kind.PARAGRAPH or (" " not in block.text and len(block.text) <= 8)
    return False


def _leads_in(stream: Stream, at: int) -> bool:
    """A heading of a lower level right above one of the top level leads into it."""
    over = stream.blocks[at]
    after = stream.blocks[at + 1] if at + 1 < len(stream.blocks) else None
    if after is None or over.kind is not Kind.HEADLINE or after.kind is not Kind.HEADLINE:
        return False
    plain = len(over.text) <= _LEADS and not is_section(over) and over.text[-1:] not in "。，：；"
    return plain and after.level == 1 < over.level and stream.kind(at + 2) not in HEADS


_LEADS = 26  # characters


def _verse(desk: Desk, stream: Stream, at: int) -> bool:
    """A short line under another short line without a mark is one of several, not a kicker."""
    above = stream.blocks[at - 1] if at else None
    if above is None or above.kind not in (Kind.PARAGRAPH, Kind.ITEM) or not is_short(desk, above.text):
        return False
    apart = stream.places[at] > stream.places[at - 1] + 1  # rows stand above, a blank line between
    return not (above.kind is Kind.ITEM and apart and _signed(desk, stream, at + 1))


def _column_name(stream: Stream, at: int) -> bool:
    """A name in lenticular brackets alone on its line, over running text, heads a piece of its own."""
    block = stream.blocks[at]
    alone = block.kind in (Kind.PARAGRAPH, *HEADS) and _COLUMN.fullmatch(block.text) is not None
    return alone and stream.kind(at + 1) is Kind.PARAGRAPH


_COLUMN = re.compile(r"【[^】]{2,8}】")


def _over_title(desk: Desk, stream: Stream, at: int) -> bool:
    """A marked kicker stands over a longer heading that has a byline or dateline, or a higher mark."""
    over, title = stream.blocks[at], stream.blocks[at + 1]
    if 0 < title.level < over.level:
        return True
    longer = len(title.text) > len(over.text) or "·" in over.text  # 副刊·人间
    return longer and (_signed(desk, stream, at + 1) or title.level < over.level or title.level == over.level)


def _after_opening(desk: Desk, stream: Stream, title: int) -> int:
    """Step over what belongs to the head of the article: kicker, subtitle, bylines."""
    after = title + 1
    while after < len(stream.blocks):
        kind = stream.kind(after)
        head = kind in (Kind.BYLINE, Kind.DATELINE, Kind.BOX_TITLE)
        small = kind is Kind.PARAGRAPH and is_short(desk, stream.blocks[after].text) and after <= title + 2
        small = small or (after <= title + 2 and is_subtitle(desk, stream, title, after))
        if not head and not small:
            break
        after += 1
    return after
