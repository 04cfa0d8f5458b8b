"""The marked proof: the page as it came and the edition side by side, every repair marked in both.

One self-contained HTML file without script: a mark in the page leads to its place in the edition and
back, and tells rule, confidence and reason when pointed at. First come the decisions that were least
sure, each with the table for `edits.toml` that takes the other reading.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from importlib import resources
from itertools import pairwise

from ..ledger import slots
from ..model import LedgerEntry, Normalized, Op, Span, plain
from ..sorts import BLANK
from .explain import deed
from .review import Review

__all__ = ["as_html", "tally"]

_QUIET = frozenset({"white-space", "blank-line", "markup", "marker"})  # rules that a reader need not see
_MOST_DECISIONS = 500


@dataclass(frozen=True, slots=True)
class Mark:
    """A run of characters with the row it belongs to: `number` is 0 where nothing was decided."""

    text: str
    number: int = 0
    op: str = ""
    told: str = ""
    linked: bool = False


@dataclass(frozen=True, slots=True)
class Row:
    """One line of the page."""

    file: str
    number: int
    marks: tuple[Mark, ...]


@dataclass(frozen=True, slots=True)
class Slot:
    """One text of the edition: its name, what it is (`title`, `p`, `h`, `label` ...), its characters."""

    name: str
    kind: str
    boxed: bool
    marks: tuple[Mark, ...]


def as_html(review: Review, below: float) -> str:
    """Return the marked proof of a page; decisions less sure than `below` are listed first."""
    from jinja2 import Environment, StrictUndefined

    template = resources.files(__package__).joinpath("markedproof.html.j2").read_text(encoding="utf-8")
    made = Environment(autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True)
    page = review.normalized
    rows = sorted(page.ledger, key=lambda row: (row.span.start, row.span.end))
    numbers = {id(row): number for number, row in enumerate(rows, 1)}
    by_id = {row.id: number for number, row in enumerate(rows, 1)}
    doubts = review.doubtful(below)
    return made.from_string(template).render(
        name=", ".join(file.name for file in page.source.files),
        title=page.edition.title,
        lang=page.edition.lang,
        below=below,
        sure=len(review.decisions) - len(doubts),
        doubts=[(doubt, by_id.get(doubt.row, 0)) for doubt in doubts[:_MOST_DECISIONS]],
        unlisted=max(0, len(doubts) - _MOST_DECISIONS),
        queries=page.diagnostics,
        tally=tally(page),
        lines=list(_lines(page, rows)),
        articles=list(_articles(page, rows, numbers)),
    )


def tally(page: Normalized) -> dict[str, int]:
    """Count the characters of the source by what became of them; white space counts by itself."""
    counts = dict.fromkeys(("kept", "moved", "replaced", "left out", "put in", "white space", "markup"), 0)
    for row in page.ledger:
        was = page.source.cut(row.span)
        solid = sum(1 for c in was if c not in BLANK)
        counts["white space"] += len(was) - solid
        match row.op:
            case Op.KEEP | Op.JOIN | Op.RETAG:
                counts["kept"] += solid
            case Op.MOVE:
                counts["moved"] += solid
            case Op.REPLACE:
                counts["replaced"] += solid
            case Op.DROP:
                counts["markup" if row.rule in ("markup", "marker") else "left out"] += solid
            case Op.INSERT:
                counts["put in"] += len(row.text)
    return counts


# --------------------------------------------------------------------------- the page


def _lines(page: Normalized, rows: Sequence[LedgerEntry]) -> Iterator[Row]:
    source, at = page.source, 0
    bounds = [*(line.start for line in source.lines), len(source.text)]
    for line, (start, end) in zip(source.lines, pairwise(bounds), strict=True):
        while at < len(rows) and rows[at].span.end <= start and rows[at].span.start < start:
            at += 1
        marks = []
        for number in range(at, len(rows)):
            row = rows[number]
            if row.span.start >= end:
                break
            part = source.cut(Span(max(row.span.start, start), min(row.span.end, end)))
            marks += _mark(row, number + 1, part, lines=row.span.start >= start)
        yield Row(source.files[line.file].name, line.number, tuple(marks))


def _mark(row: LedgerEntry, number: int, text: str, *, lines: bool) -> list[Mark]:
    shown = text.replace("\r", "").replace("\n", "↵" if _telling(row) else "")
    if not shown:
        return []
    if not _telling(row):
        return [Mark(shown, op="gone" if row.op is Op.DROP else "")]
    return [Mark(shown, number if lines else 0, row.op.value, _told(row), _seen(row))]


def _telling(row: LedgerEntry) -> bool:
    return bool(row.rule) and row.rule not in _QUIET


def _seen(row: LedgerEntry) -> bool:
    """Tell whether a row shows in the edition: its text, or the seam where a line end was closed up."""
    return bool(row.dst) and _telling(row) and (bool(row.text) or row.op is Op.JOIN)


def _told(row: LedgerEntry) -> str:
    other = f"; it may also be: {row.alternative}" if row.alternative else ""
    why = f": {row.why}" if row.why else ""
    return f"{deed(row)} ({row.rule}, {row.confidence:.2f}){why}{other}"


# --------------------------------------------------------------------------- the edition


def _articles(
    page: Normalized, rows: Sequence[LedgerEntry], numbers: dict[int, int]
) -> Iterator[tuple[str, list[Slot]]]:
    parts: dict[str, list[LedgerEntry]] = {}
    for row in rows:
        if row.dst:
            parts.setdefault(row.dst, []).append(row)
    found: dict[str, list[Slot]] = {article.id: [] for article in page.edition.articles}
    for name in slots(page.edition):
        base, _, rest = name.partition(".")
        pieces = sorted(parts.get(name, ()), key=lambda row: row.at)
        marks = tuple(
            Mark(row.text, numbers[id(row)], row.op.value, _told(row), linked=bool(len(row.span)))
            if _seen(row)
            else Mark(row.text)
            for row in pieces
            if row.text or _seen(row)
        )
        found[base].append(Slot(name, _kind(rest), ".b" in f".{rest}", marks))
    for article in page.edition.articles:
        yield plain(article.title), found[article.id]


def _kind(rest: str) -> str:
    last = rest.rpartition(".")[2].rstrip("0123456789")
    return last or "p"
