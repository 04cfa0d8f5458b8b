"""Metadata of the edition, each value with how it is known: printed, with its lines, or inferred.

Paper, date and page come from the furniture; where there is none, a paper from the bylines and a date
from the datelines may be inferred, and then say so. Nothing is guessed without evidence.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections import Counter
from collections.abc import Iterator, Sequence
from datetime import date

from ..detect.desk import Desk
from ..model import (
    Article,
    Block,
    Box,
    BoxKind,
    Inlines,
    Kind,
    Paragraph,
    Role,
    Stated,
    Styled,
    Tagged,
    plain,
)
from ..sorts import source_end, source_start

__all__ = ["Metadata", "gather", "names", "pages_of_files"]

Metadata = tuple[tuple[str, Stated], ...]

_DIGITS = {c: n for n, c in enumerate("〇一二三四五六七八九")} | {"零": 0, "○": 0}
_NUMBER = r"(?:\d{1,2}|[一二三四五六七八九十]{1,3})"
_FULL = re.compile(
    rf"(?P<y>(?:19|20)\d\d|[〇○零一二三四五六七八九]{{4}})\s*[年/.-]\s*(?P<m>{_NUMBER})\s*[月/.-]\s*(?P<d>{_NUMBER})\s*日?"
)
_MONTH = re.compile(rf"(?P<m>{_NUMBER})\s*月\s*(?P<d>{_NUMBER})\s*[日号號]")
_PAPER = re.compile(
    r"[\u4e00-\u9fff]{2,8}(?:日报|晚报|时报|早报|晨报|周报|都市报|商报|快报|青年报|导报|日報|晚報|時報|公報)|申報|The [A-Z][A-Za-z ]{3,30}|THE [A-Z ]{4,30}"  # noqa: E501
)
_PAGE = re.compile(
    r"第?\s*(?P<one>[A-Z]?\d{1,3}|[一二三四五六七八九十]{1,3})\s*版(?!次)|^(?P<two>[A-Z]?\d{1,3})\s+(?=\S*[\u4e00-\u9fff])|(?:版次|Page|P\.)\D{0,8}(?P<three>\d{1,3})",
    re.I,
)
_OWN = ("本报", "本刊", "本社", "本網", "本報", "本网")


def gather(desk: Desk, blocks: Sequence[Block], articles: Sequence[Article]) -> Metadata:
    """Return the metadata of the edition in a fixed order."""
    furniture = [block for block in blocks if block.kind is Kind.FURNITURE]
    found = [
        *_people(articles),
        *_edition_date(desk, furniture, blocks, articles),
        *_description(articles),
        *_paper(desk, furniture, articles),
        *_page(desk, furniture),
        *_agencies(articles),
    ]
    return tuple(found)


def names(content: Inlines, role: Role) -> Iterator[str]:
    """Yield what is tagged with a role in inline content, at any depth."""
    for node in content:
        if isinstance(node, Tagged | Styled):
            if isinstance(node, Tagged) and node.role is role:
                yield plain(node.content)
            yield from names(node.content, role)


def _credits(article: Article) -> Iterator[tuple[Inlines, tuple[int, ...]]]:
    for byline in article.bylines:
        yield byline.content, byline.lines
    for block in article.body:
        if isinstance(block, Paragraph):
            for node in block.content:
                if isinstance(node, Tagged) and node.role in (Role.BYLINE, Role.DATELINE):
                    yield (node,), block.lines
    if article.dateline:
        yield article.dateline.content, article.dateline.lines


def _tagged(articles: Sequence[Article], role: Role) -> dict[str, tuple[int, ...]]:
    """Return each distinct value with the lines where it first stands."""
    found: dict[str, tuple[int, ...]] = {}
    for article in articles:
        for content, lines in _credits(article):
            for name in names(content, role):
                found.setdefault(re.sub(r"\s+", "" if "\u4e00" <= name[:1] <= "\u9fff" else " ", name), lines)
    return found


def _people(articles: Sequence[Article]) -> Iterator[tuple[str, Stated]]:
    for name, lines in _tagged(articles, Role.AUTHOR).items():
        yield "author", Stated(name, lines=lines)


def _agencies(articles: Sequence[Article]) -> Iterator[tuple[str, Stated]]:
    for name, lines in _tagged(articles, Role.AGENCY).items():
        if name not in _OWN:
            yield "news.agency", Stated(name, lines=lines)


def _description(articles: Sequence[Article]) -> Iterator[tuple[str, Stated]]:
    """The first summary box says what the edition is about."""
    for article in articles:
        for block in article.body:
            if isinstance(block, Box) and block.kind is BoxKind.ABSTRACT:
                text = plain(block.blocks[:1])
                if text:
                    yield "description", Stated(text, evidence=plain(block.title), lines=block.lines[1:])
                return


# --------------------------------------------------------------------------- paper and page


def _printed(desk: Desk, block: Block) -> tuple[str, tuple[int, ...]]:
    start, end = source_start(block.pieces), source_end(block.pieces)
    return desk.text[start:end].strip(), (desk.source.line_at(start).number,)


def _paper(
    desk: Desk, furniture: Sequence[Block], articles: Sequence[Article]
) -> Iterator[tuple[str, Stated]]:
    for block in furniture:
        text, lines = _printed(desk, block)
        if found := _PAPER.match(text):
            yield "news.paper", Stated(found[0], lines=lines)
            return
    if desk.profile.paper:
        yield "news.paper", Stated(desk.profile.paper, False, f"profile {desk.profile.name}")
        return
    votes: Counter[str] = Counter()
    where: dict[str, tuple[int, ...]] = {}
    for name, lines in _tagged(articles, Role.AGENCY).items():
        for paper in _PAPER.findall(name.rpartition("-")[2]):
            votes[paper] += 1
            where.setdefault(paper, lines)
    if votes:
        paper = max(sorted(votes), key=lambda name: votes[name])
        yield "news.paper", Stated(paper, False, f"byline names {paper}", where[paper])


def _page(desk: Desk, furniture: Sequence[Block]) -> Iterator[tuple[str, Stated]]:
    pages = [file.page for file in desk.source.files if file.page]
    if pages:
        yield "news.page", Stated("、".join(dict.fromkeys(pages)), False, "name of the file or as given")
        return
    for block in furniture:
        text, lines = _printed(desk, block)
        if found := _PAGE.search(text):
            yield "news.page", Stated(str(next(filter(None, found.groups()))), lines=lines)
            return


def pages_of_files(desk: Desk, blocks: Sequence[Block]) -> tuple[str, ...]:
    """Return the newspaper page (版) of each file: as given, else as its folio says, else empty."""
    pages = [file.page for file in desk.source.files]
    for block in blocks:
        if block.kind is Kind.FURNITURE:
            text, _ = _printed(desk, block)
            file = desk.source.line_at(source_start(block.pieces)).file
            if not pages[file] and (found := _PAGE.search(text)):
                pages[file] = str(next(filter(None, found.groups())))
    return tuple(pages)


# --------------------------------------------------------------------------- date


def _number(text: str) -> int:
    """Read 12, 十二, 二十."""
    if text.isdigit():
        return int(text)
    if "十" in text:
        tens, _, ones = text.partition("十")
        return _DIGITS.get(tens, 1) * 10 + _DIGITS.get(ones, 0)
    return _DIGITS.get(text, 0)


def _day(found: re.Match[str], year: int = 0) -> date | None:
    if not year:
        text = found["y"]
        year = int(text) if text.isdigit() else int("".join(str(_DIGITS[c]) for c in text))
    try:
        return date(year, _number(found["m"]), _number(found["d"]))
    except ValueError:
        return None


def _edition_date(
    desk: Desk, furniture: Sequence[Block], blocks: Sequence[Block], articles: Sequence[Article]
) -> Iterator[tuple[str, Stated]]:
    for block in furniture:
        text, lines = _printed(desk, block)
        if (found := _FULL.search(text)) and (day := _day(found)):
            yield "date", Stated(day.isoformat(), lines=lines)
            yield "news.edition-date", Stated(day.isoformat(), lines=lines)
            return
    if inferred := _inferred_date(desk, articles):
        yield "date", inferred
        yield "news.edition-date", inferred


def _inferred_date(desk: Desk, articles: Sequence[Article]) -> Stated | None:
    """The latest dateline, in the year of the latest full date that the text names before it."""
    filed = [(text, lines) for text, lines in _tagged(articles, Role.DATE).items() if _MONTH.search(text)]
    days = [(day, found) for found in _FULL.finditer(desk.text[:400_000]) if (day := _day(found))]
    full = {day: found for day, found in reversed(days)}  # each day where it stands first  # noqa: C416
    if not filed or not full:
        return None
    known_days = sorted(full)
    years = sorted({known.year for known in known_days})
    made: list[tuple[date, str, tuple[int, ...], date]] = []
    for text, lines in filed:
        month = _MONTH.search(text)
        for day in [_day(month, year) for year in years] if month else ():
            place = bisect_right(known_days, day) if day else 0
            known = known_days[place - 1]
            if day and place and known.year == day.year and (day - known).days <= 120:
                made.append((day, text, lines, known))
    if not made:
        return None
    day, text, lines, known = max(made, key=lambda row: (row[0], row[3]))
    line = desk.source.line_at(full[known].start()).number
    evidence = f"dateline {text}; the text names {known.isoformat()} in line {line}; the edition is of that day or later"  # noqa: E501
    return Stated(day.isoformat(), False, evidence, (*lines, line))
