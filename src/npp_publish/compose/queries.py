"""Queries: what a proofreader should look at; the doubtful decisions of a page, each with its line."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from ..detect.desk import Desk
from ..diagnostics import Diagnostic, diagnose
from ..model import Article, Block, Edition, Kind, LedgerEntry, Source, Span, plain
from ..repair.torn import ends_open, unbalanced
from ..sorts import source_end, source_start

__all__ = ["ask"]

_LINE_END = 4  # characters at the most
_MOST = 200  # queries of one kind on a page; more are no help to anybody


def ask(
    desk: Desk, blocks: Sequence[Block], edition: Edition, ledger: Sequence[LedgerEntry]
) -> tuple[Diagnostic, ...]:
    """Return the queries of an edition in the order of their places."""
    found = [
        *_language(desk),
        *_rows(desk.source, ledger),
        *_paragraphs(desk, blocks),
        *_articles(desk, edition),
    ]
    return tuple(sorted(found, key=lambda d: (d.line, d.column, d.code)))


def _at(source: Source, code: str, message: str, span: Span) -> Diagnostic:
    path, line, column = source.where(min(span.start, max(len(source.text) - 1, 0)))
    return diagnose(code, message, path=path, line=line, column=column)


def _language(desk: Desk) -> Iterator[Diagnostic]:
    if desk.gauge.lang == "und":
        yield _at(desk.source, "NPP201", "the page has no letters that tell its language", Span(0, 0))


_ROWS = {
    "furniture": ("NPP202", 0.75, "taken out as furniture only because it repeats: {text}"),
    "headline-phrase": ("NPP303", 0.63, "the gap in this headline may be {alt}"),
    "unwrap": ("NPP306", 0.6, "these lines are too uneven for a column and are kept apart"),
    "look-alike": ("NPP304", 0.89, "read as {text}, printed {source}"),
    "misplaced-paragraph": ("NPP307", 0.89, "taken as a paragraph of another article: {text}"),
    "displaced-headline": ("NPP305", 0.89, "taken as the headline of an article above: {text}"),
}


def _rows(source: Source, ledger: Sequence[LedgerEntry]) -> Iterator[Diagnostic]:
    counts: dict[str, int] = {}
    last: dict[str, int] = {}
    below = -9  # where the line after the last one kept apart begins
    for row in ledger:
        known = _ROWS.get(row.rule)
        if known is None or row.confidence > known[1]:
            continue
        code, _, message = known
        here = source.line_at(row.span.start).start
        if last.get(code) == here and code == "NPP305":  # one headline, several rows
            continue
        if code in ("NPP306", "NPP307"):  # one block, several lines
            seen, below = here <= below + (code == "NPP307") * _LINE_END, row.span.end
            if seen:
                continue
        last[code] = here
        counts[code] = counts.get(code, 0) + 1
        if counts[code] <= _MOST:
            meant = {"keep": "a pause", "drop": "no pause"}.get(row.alternative, row.alternative)
            text = (row.text or row.source)[:30]
            yield _at(source, code, message.format(text=text, source=row.source, alt=meant), row.span)


def _paragraphs(desk: Desk, blocks: Sequence[Block]) -> Iterator[Diagnostic]:
    """Paragraphs that still break off, or whose quotation marks do not come out."""
    body = [b for b in blocks if b.kind is Kind.PARAGRAPH and not b.group and len(b.text) >= 20]
    opened = [ends_open(b.text) for b in body]
    usual = opened.count(False) >= 0.6 * len(body)
    asked = 0
    for block, breaks_off in zip(body, opened, strict=True):
        if asked >= _MOST:
            return
        text = block.text
        span = Span(source_start(block.pieces), source_end(block.pieces))
        if usual and breaks_off and "，" in text:
            asked += 1
            yield _at(desk.source, "NPP301", f"the paragraph breaks off: …{text[-12:]}", span)
        elif desk.gauge.lang.startswith("zh") and unbalanced(text):
            asked += 1
            yield _at(
                desk.source, "NPP302", f"quotation marks or brackets without a partner: {text[:12]}…", span
            )


def _articles(desk: Desk, edition: Edition) -> Iterator[Diagnostic]:
    for article in edition.articles:
        line = article.lines[0] if article.lines else 0
        path = desk.source.files[0].name if desk.source.files else ""
        if not article.title and article.body:
            yield diagnose("NPP411", f"article {article.id} has no headline", path=path, line=line)
        if article.continued_from and not article.continued_to:
            yield diagnose(
                "NPP412",
                f"{_called(article)} continues an article that is not in this edition",
                path=path,
                line=_line(article, False),
            )
        if article.continued_to and not article.continued_from:
            yield diagnose(
                "NPP413",
                f"{_called(article)} is continued on a page that is not in this edition",
                path=path,
                line=_line(article, True),
            )
    for key in ("date", "news.paper"):
        stated = edition.stated(key)
        if stated and not stated.printed:
            line = stated.lines[0] if stated.lines else 0
            path = desk.source.files[0].name if desk.source.files else ""
            yield diagnose(
                "NPP414", f"{key} {stated.value} is inferred: {stated.evidence}", path=path, line=line
            )


def _called(article: Article) -> str:
    """Return how a finding names an article: by its headline, else by its id."""
    title = " ".join(plain(article.title).split())
    return f"“{title[:20]}{'…' if len(title) > 20 else ''}”" if title else f"article {article.id}"


def _line(article: Article, to: bool) -> int:
    jump = article.continued_to if to else article.continued_from
    return jump.lines[0] if jump and jump.lines else 0
