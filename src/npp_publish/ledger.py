"""The ledger: what became of every source character, read off the blocks, checked on every run.

The rows in order of their span partition the source. `replay` builds the output from them, `invert`
the source. Six invariants, checked by `verify` (exit 7 if one is broken):

1. spans are disjoint and complete;
2. every output character comes from a span or from an `insert`;
3. replaying the rows gives the text of every slot of the edition;
4. inverting them gives the source, character by character;
5. drops and replacements have a reason, and those of printed characters keep within a budget;
6. a row of doubtful confidence (below 0.9) names the reading that was not taken.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Sequence
from hashlib import blake2s
from json.encoder import encode_basestring as _quoted
from pathlib import PurePath
from typing import Any

from .errors import InvariantBroken
from .model import (
    Article,
    Box,
    Edition,
    Element,
    Entries,
    Figure,
    Foreign,
    Heading,
    LedgerEntry,
    Listing,
    Normalized,
    Op,
    Paragraph,
    Piece,
    Quote,
    Rule,
    Source,
    Span,
    Table,
    Verbatim,
    plain,
)
from .sorts import BLANK

__all__ = ["decision_id", "draw_up", "dump", "invert", "load", "replay", "slots", "verify"]

# (5) share of body characters that may be dropped or replaced as slips of the page, and the number
# that is always allowed, so that a short notice with two slips is not refused
_BUDGET = 0.02
_ALWAYS = 12
# rules that take away no printed character of the text, or change its form and not what is read
NOT_COUNTED = frozenset({
    "furniture", "markup", "white-space", "line-break", "blank-line", "marker", "jump-line", "label-mark", "doubled-print", "letter-spacing",  # noqa: E501
    "radical", "full-width-digit", "straight-quote", "half-width", "hyphen",
})  # fmt: skip


def decision_id(source: str, rule: str, span: Span) -> int:
    """Return the number of a decision: a digest of its rule, its characters and their neighbours.

    It does not depend on the place in the file, so an editor's flip of this decision survives
    changes elsewhere in the source.
    """
    start, end = span.start, span.end
    before, after = source[max(0, start - 12) : start], source[end : end + 12]
    near = f"{rule}\x1f{before}\x1f{source[start : min(end, start + 64)]}\x1f{after}"
    digest = blake2s(near.encode("utf-8", "surrogatepass"), digest_size=4).digest()
    return int.from_bytes(digest, "big") >> 1 or 1


def draw_up(source: Source, placed: Iterable[tuple[str, Sequence[Piece]]]) -> tuple[LedgerEntry, ...]:
    """Write the ledger: `placed` gives each slot with the pieces set in it, in reading order."""
    rows: list[tuple[int, int, str, int, int, Piece]] = []
    for slot, pieces in placed:
        at = 0
        for piece in pieces:
            span, text = piece.span, piece.text
            where = slot if text or piece.op is not Op.DROP else ""
            rows.append((span.start, span.end, where, at, len(rows), piece))
            at += len(text)
    rows.sort()  # the running number comes before the piece, which cannot be compared
    taken: dict[int, int] = {}  # number of a decision -> the next one to try where it is taken
    return tuple([_row(source.text, piece, slot, at, taken) for _, _, slot, at, _, piece in rows])


def _row(text: str, piece: Piece, slot: str, at: int, taken: dict[int, int]) -> LedgerEntry:
    span, shown = piece.span, piece.text
    first = decision_id(text, piece.rule, span)
    number = taken.get(first, first)
    while number in taken:
        number += 1
    taken[first] = taken[number] = number + 1
    was = text[span.start : span.end]
    return LedgerEntry(
        number,
        span,
        piece.op,
        slot,
        at,
        shown,
        was if was != shown else "",
        piece.rule,
        piece.confidence,
        piece.why,
        piece.alternative,
    )


def replay(source: Source, ledger: Sequence[LedgerEntry]) -> dict[str, str]:
    """Build the text of every slot from the source and the ledger."""
    parts: dict[str, list[tuple[int, int, str]]] = {}
    text = source.text
    for row in ledger:
        if not row.dst:
            continue
        taken = row.text if row.source or row.op is Op.INSERT else text[row.span.start : row.span.end]
        found = parts.setdefault(row.dst, [])
        found.append((row.at, len(found), taken))
    for found in parts.values():
        found.sort()
    return {slot: "".join([taken for _, _, taken in found]) for slot, found in parts.items()}


def invert(ledger: Sequence[LedgerEntry]) -> str:
    """Build the source text back from the ledger alone."""
    return _inverted(_in_order(ledger))


def _inverted(rows: Iterable[LedgerEntry]) -> str:
    return "".join([row.source or ("" if row.op is Op.INSERT else row.text) for row in rows])


def _in_order(rows: Iterable[LedgerEntry]) -> list[LedgerEntry]:
    return sorted(rows, key=lambda row: (row.span.start, row.span.end))


# --------------------------------------------------------------------------- slots of an edition


def slots(edition: Edition) -> dict[str, str]:
    """Return the text of every slot of an edition: `a1.title`, `a1.p3`, `a1.b2.e1.label` ..."""
    return {slot: text for article in edition.articles for slot, text in _article(article) if text}


def _article(article: Article) -> Iterator[tuple[str, str]]:
    base = article.id
    yield f"{base}.kicker", plain(article.kicker)
    yield f"{base}.title", plain(article.title)
    yield f"{base}.subtitle", plain(article.subtitle)
    for number, byline in enumerate(article.bylines, 1):
        yield f"{base}.byline{number}", plain(byline.content)
    for name, line in (
        ("dateline", article.dateline),
        ("from", article.continued_from),
        ("to", article.continued_to),
    ):
        yield f"{base}.{name}", plain(line.content) if line else ""
    yield from _blocks(base, article.body)


LETTERS = {
    Paragraph: "p", Heading: "h", Listing: "l", Entries: "e", Quote: "q", Table: "t", Figure: "f",
    Box: "b", Rule: "r", Verbatim: "v", Foreign: "x",
}  # fmt: skip


def _blocks(base: str, blocks: Sequence[Element]) -> Iterator[tuple[str, str]]:
    counts: dict[str, int] = {}
    for block in blocks:
        letter = LETTERS[type(block)]
        counts[letter] = counts.get(letter, 0) + 1
        yield from _block(f"{base}.{letter}{counts[letter]}", block)


def _block(slot: str, block: Element) -> Iterator[tuple[str, str]]:
    match block:
        case Listing(items):
            for number, item in enumerate(items, 1):
                yield from _blocks(f"{slot}.{number}", item)
        case Entries(entries):
            for number, entry in enumerate(entries, 1):
                yield f"{slot}.{number}.label", plain(entry.label)
                yield from _blocks(f"{slot}.{number}", entry.blocks)
        case Quote(blocks):
            yield from _blocks(slot, blocks)
        case Box(_, title, blocks):
            yield f"{slot}.title", plain(title)
            yield from _blocks(slot, blocks)
        case Table():
            yield f"{slot}.caption", plain(block.caption)
            for row, printed in enumerate(block.rows, 1):
                for column, cell in enumerate(printed.cells, 1):
                    yield from _blocks(f"{slot}.{row}.{column}", cell)
        case Figure():
            yield f"{slot}.src", block.src
            yield f"{slot}.alt", block.alt
            yield f"{slot}.caption", plain(block.caption)
        case _:
            yield slot, plain(block)


# --------------------------------------------------------------------------- the six invariants


def verify(normalized: Normalized) -> None:
    """Check the six invariants; raise InvariantBroken at the first that does not hold."""
    source, rows = normalized.source, normalized.ledger
    ordered = _in_order(rows)
    _partition(source, ordered)
    _conserved(source, rows)
    if _inverted(ordered) != source.text:
        raise InvariantBroken("inverting the ledger does not give the source back")
    made, shown = replay(source, rows), slots(normalized.edition)
    made = {slot: text for slot, text in made.items() if text}
    if made != shown:
        wrong = sorted(slot for slot in made.keys() | shown.keys() if made.get(slot) != shown.get(slot))
        raise InvariantBroken(f"replaying the ledger does not give the edition: {', '.join(wrong[:5])}")
    _reasons(rows)
    _budget(rows)


def _partition(source: Source, ordered: Iterable[LedgerEntry]) -> None:
    reached = 0
    for row in ordered:
        span = row.span
        if span.start != reached:
            path, line, column = source.where(min(span.start, reached))
            raise InvariantBroken(
                f"the ledger does not partition the source at character {reached}",
                where=f"{path}:{line}:{column}",
            )
        reached = span.end
    if reached != len(source.text):
        raise InvariantBroken(f"the ledger ends at character {reached} of {len(source.text)}")


def _conserved(source: Source, rows: Sequence[LedgerEntry]) -> None:
    text = source.text
    for row in rows:
        op = row.op
        if op is Op.DROP and row.text:
            raise InvariantBroken(f"row {row.id} says drop but has text")
        if op is Op.DROP or op is Op.REPLACE or op is Op.INSERT:
            continue
        was = text[row.span.start : row.span.end]
        if op is Op.JOIN and row.text.strip(BLANK) != was.strip(BLANK):
            raise InvariantBroken(f"row {row.id} says join but changes more than white space")
        if op is not Op.JOIN and row.text != was:
            raise InvariantBroken(f"row {row.id} says {op} but changes its text")


def _reasons(rows: Sequence[LedgerEntry]) -> None:
    for row in rows:
        if row.op in (Op.DROP, Op.REPLACE, Op.INSERT) and not (row.rule and row.why):
            raise InvariantBroken(f"row {row.id} ({row.op}) has no rule or reason")
        if row.confidence < 0.9 and not row.alternative:
            raise InvariantBroken(f"row {row.id} ({row.rule}) is doubtful but keeps no alternative")


def _budget(rows: Sequence[LedgerEntry]) -> None:
    body = sum(len(row.text) for row in rows)
    spent = sum(
        len(row.source.strip(BLANK))
        for row in rows
        if row.op in (Op.DROP, Op.REPLACE) and row.rule not in NOT_COUNTED
    )
    if spent > max(_ALWAYS, _BUDGET * body):
        raise InvariantBroken(
            f"{spent} of {body} printed characters were dropped or replaced, too many to be slips"
        )


# --------------------------------------------------------------------------- on disk


def dump(normalized: Normalized) -> str:
    """Return the ledger as JSON, one row a line: the rows partition the source in order of `span`.

    `reason` tells rule and why in one string; `text` of a drop or a replacement is the source text,
    so that a simple reader sees what was taken out, and `to` the text that stands instead. Files have
    their names only: where they lay is nobody's business, and the same page has the same ledger anywhere.
    """
    rows = [_plainly(normalized.source, row) for row in normalized.ledger]
    files = [
        {"name": PurePath(f.name).name, "sha256": f.sha256, "encoding": f.encoding}
        | {"span": [f.span.start, f.span.end]}
        for f in normalized.source.files
    ]
    head = json.dumps(files, ensure_ascii=False)
    return '{"version": 1,\n"files": ' + head + ',\n"entries": [\n' + ",\n".join(rows) + "\n]}\n"


def _plainly(source: Source, row: LedgerEntry) -> str:
    """Return a row as JSON; put together here, because there are tens of thousands of them."""
    span, text = row.span, row.source or row.text
    parts = [
        f'{{"id": {row.id}, "op": "{row.op}", "span": [{span.start}, {span.end}], '
        f'"line": {source.line_at(span.start).number}, "dst": {_quoted(row.dst)}, "at": {row.at}, '
        f'"text": {_quoted(text)}'
    ]
    if row.source:
        parts.append(f'"to": {_quoted(row.text)}')
    if row.rule:
        reason = f"{row.rule}: {row.why}" if row.why else row.rule
        parts.append(f'"rule": {_quoted(row.rule)}, "conf": {round(row.confidence, 3)!r}')
        parts.append(f'"reason": {_quoted(reason)}')
    if row.why:
        parts.append(f'"why": {_quoted(row.why)}')
    if row.alternative:
        parts.append(f'"alt": {_quoted(row.alternative)}')
    if row.partner:
        parts.append(f'"with": {row.partner}')
    return ", ".join(parts) + "}"


def load(text: str) -> tuple[LedgerEntry, ...]:
    """Read a ledger that `dump` wrote; raise ValueError for anything else."""
    data = json.loads(text)
    if not isinstance(data, dict) or data.get("version") != 1:
        raise ValueError("not a ledger of version 1")
    try:
        return tuple(_entry(row) for row in data["entries"])
    except (KeyError, TypeError, IndexError) as error:
        raise ValueError(f"a ledger row lacks {error}") from error


def _entry(row: dict[str, Any]) -> LedgerEntry:
    changed = "to" in row
    return LedgerEntry(
        row["id"],
        Span(*row["span"]),
        Op(row["op"]),
        row["dst"],
        row["at"],
        row["to"] if changed else row["text"],
        row["text"] if changed else "",
        row.get("rule", ""),
        row.get("conf", 1.0),
        row.get("why", ""),
        row.get("alt", ""),
        row.get("with", 0),
    )
