"""Bounds: what a page can carry, applied before the layout engine sees the edition.

The engine raises on deep nesting, shrinks forty columns to nothing and sets a headline of three
thousand characters over five pages. Here each is brought to a measure at which the page still looks
composed, with every character kept and a diagnostic with its source line.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from ...diagnostics import Diagnostic, diagnose
from ...model import (
    Article,
    Asset,
    Box,
    Break,
    Edition,
    Element,
    Figure,
    Paragraph,
    RenderJob,
    Table,
    Text,
    plain,
)
from ...typeset.addresses import addresses
from ...typeset.anchors import anchored, walk
from ...typeset.faces import texts
from ...typeset.headline import break_lines
from ...typeset.jumps import linked
from ...typeset.nesting import flatten
from ...typeset.typearea import TypeArea

__all__ = ["MOST_PIXELS", "Bounded", "bound", "clipped", "css_string", "ems", "too_large"]

DEEPEST = 8
"""Most levels of lists and quotations."""
_LEVEL, _LEFT = 2, 6
"""What a level takes of the measure, and what must be left of it (em)."""
MOST_PIXELS = 64_000_000
"""A picture of more pixels than this is left out: decoding it takes gigabytes."""
LONGEST_TITLE = 120
"""Headlines of more characters are set in the size of the text."""
_RUNNING, _LEAST_RUNNING = 0.72, 10
"""Share of the measure that a running head may take, and its least length in characters."""
_FACTORS = (1.0, 0.91, 0.82)
"""How much smaller a headline may be set to keep its parts whole."""
_PIXEL = 0.75
"""Points that a pixel takes where a picture is not reduced (CSS Values 4, 6.2)."""
_NARROW = 0.9
"""Part of the column under which a picture is narrow."""
_TALLEST = 16
"""Most lines that a picture takes."""
_SNUG = 0.98
"""Part of the measure that a line of a headline may fill, as widths are estimates."""
_CONTENTS = 80
"""Longest title in the contents; what is longer is cut there with an ellipsis."""
_LETTER = 0.5
"""About how wide a letter is, em."""
_LETTERS = re.compile(r"[!-~\u00a1-\u024f]+")
_COMFORT = 4.6
"""Least width of a column in characters, padding included, that still reads well."""
_SHORT_TABLE = 12
"""Tables of so few rows stay on one page, with their captions."""
_SHORT_CELL, _BREAKABLE = 8.0, 5.0
"""Longest cell (em) that stays on one line, and how narrow a column of longer ones may be."""
_SMALLEST = 6.5
"""Smallest size of a table upright on the page (pt); below that it is turned."""
_TALL = 0.5  # of a page: above a row taller than this there may be no room for the head of a table


@dataclass(frozen=True, slots=True)
class Bounded:
    """The edition that can be set (anchored), style rules that go with it, and what was noticed."""

    edition: Edition
    css: str
    diagnostics: tuple[Diagnostic, ...]


def bound(job: RenderJob, area: TypeArea) -> Bounded:
    """Bring the edition of `job` to the bounds of a page."""
    found: list[Diagnostic] = []
    articles = []
    deepest = max(4, min(DEEPEST, (area.measure - _LEFT) // _LEVEL))
    for article in job.edition.articles:
        flat, changed = flatten(article, deepest)
        if changed:
            text = f"lists and quotations deeper than {deepest} levels, or text styles, are set flat"
            found.append(diagnose("NPP711", text, path=job.source_name, line=_deep_line(article, flat)))
        articles.append(replace(flat, body=tuple(_untabled(flat.body, job, area, found))))
    edition = linked(anchored(replace(job.edition, articles=tuple(articles))))
    rules: list[str] = []
    heads = [_headline(article, area, n == 0) for n, article in enumerate(edition.articles)]
    for article, (_, rule) in zip(edition.articles, heads, strict=True):
        rules.append(rule)
        rules += _titles(article, job, area, found)
        rules += _tables(article, job, area, found)
        rules += _figures(article, job, area)
    edition = replace(edition, articles=tuple(article for article, _ in heads))
    return Bounded(edition, "".join(rules), (*found, *_long_words(job, area), *_pictures(job)))


def clipped(text: str) -> str:
    """Return a title as the contents show it."""
    return text if len(text) <= _CONTENTS else text[: _CONTENTS - 1] + "…"


def _line(lines: tuple[int, ...]) -> int:
    return lines[0] if lines else 0


def _deep_line(article: Article, flat: Article) -> int:
    """Return the line of the first block that was set flat, else that of the article."""
    changed = (old for old, new in zip(article.body, flat.body, strict=False) if old != new)
    lines = (_first_line(block) for top in changed for block in walk((top,)))
    return next(filter(None, lines), _line(article.lines))


def _long_words(job: RenderJob, area: TypeArea) -> Iterator[Diagnostic]:
    """Tell of words that no line can hold; addresses are parted where readers expect it."""
    longest = int(area.measure / _LETTER)
    told: set[str] = set()
    for text, line in texts(job.edition):
        known = set(addresses(text)) if len(text) > longest else ()
        for run in _LETTERS.finditer(text) if len(text) > longest else ():
            word = run.group()
            if len(word) > longest and run.span() not in known and word not in told:
                told.add(word)
                message = f"the word {word[:20]}… of {len(word)} letters is longer than a line and is parted"
                yield diagnose("NPP715", message, path=job.source_name, line=line)


def _titles(article: Article, job: RenderJob, area: TypeArea, found: list[Diagnostic]) -> Iterator[str]:
    """Cut long headlines where they run at the head of the pages, and set the longest as text."""
    title = " ".join(plain(article.title).split())
    running = _running(title, max(_LEAST_RUNNING, int(area.measure * area.columns * _RUNNING)))
    if running != title:
        yield f"#{article.id}-title {{ string-set: article {css_string(running)}; }}\n"
    if len(title) > LONGEST_TITLE:
        text = f"a headline of {len(title)} characters is set in the size of the text"
        found.append(diagnose("NPP712", text, path=job.source_name, line=_line(article.lines)))
        yield f"#{article.id}-title {{ font-size: 1rem; line-height: 1rlh; break-inside: auto; }}\n"
        yield f"#{article.id} > .article-head {{ break-inside: auto; }}\n"


def _headline(article: Article, area: TypeArea, first: bool) -> tuple[Article, str]:
    """Break a headline as the paper broke it, at its gaps, and choose the size at which that fits.

    Headlines with marked-up parts or stray white space, and those of one line, are left to the engine.
    """
    full = area.title if first else area.title_next
    match article.title:
        case (Text(title),) if full and len(title) <= LONGEST_TITLE and title == " ".join(title.split()):
            room = area.whole / (full * area.size)
            factor = _factor(title, room)
            rule = f"#{article.id}-title {{ font-size: {full * factor:.4f}rem; }}\n" if factor < 1 else ""
            lines = break_lines(title, room / factor * _SNUG, ems)
            return replace(article, title=tuple(_broken(title, lines))), rule
    return article, ""


def _factor(title: str, room: float) -> float:
    """Return the largest factor at which each part of a headline between its gaps fits on a line, or
    1 where none does. `room` is the width of a line in characters of the full size."""
    longest = max(sum(map(ems, part)) for part in title.split(" "))
    return next((factor for factor in _FACTORS if longest * factor <= room * _SNUG), 1.0)


def _broken(title: str, lines: Sequence[str]) -> Iterator[Text | Break]:
    """Yield the headline with a break after each line; every character of it is kept."""
    at = 0
    for number, line in enumerate(lines):
        start = title.index(line, at)
        stop = title.index(lines[number + 1], start + len(line)) if number + 1 < len(lines) else len(title)
        if number:
            yield Break()
        yield Text(title[start if number else 0 : stop])
        at = stop


def ems(character: str) -> float:
    """Return about how wide a character is, in em: a bold Latin letter or figure, a space, Han."""
    return 0.62 if ord(character) < 0x2000 else 1.0


def _running(title: str, most: int) -> str:
    """Return a title as it runs at the head of a page: at most `most` characters, cut at a gap of the
    headline where that leaves enough of it, else with an ellipsis."""
    if len(title) <= most:
        return title
    gap = title.rfind(" ", 0, most)
    return title[:gap] if gap >= most // 2 else title[: most - 1] + "…"


def css_string(text: str) -> str:
    """Return a text as a CSS string."""
    escaped = text.replace("\\", "\\\\").replace('"', '\\"').replace("\n", " ")
    return f'"{escaped}"'


def _tables(article: Article, job: RenderJob, area: TypeArea, found: list[Diagnostic]) -> Iterator[str]:
    """Wide tables in smaller type, then on a page of their own turned by a right angle."""
    across = {id(block) for part in article.body for block in _of_its_own(part)}
    for block in walk(article.body):
        if not isinstance(block, Table):
            continue
        width = area.whole if id(block) in across else area.column
        columns = max((len(row.cells) for row in block.rows), default=0)
        if len(block.rows) <= _SHORT_TABLE:
            yield f"#{block.id} {{ break-inside: avoid; }}\n"
        yield from _short_columns(block, columns, width / area.size)
        size = width / max(columns, 1) / _COMFORT
        if size >= area.size * 0.9091:
            continue
        if size >= _SMALLEST:
            yield (
                f"#{block.id} {{ font-size: {size:.2f}pt; line-height: 1.5; }}\n"
                f"#{block.id} td, #{block.id} th {{ padding: .2em .25em; font-size: inherit; "
                f"line-height: inherit; }}\n"
            )
            continue
        text = f"a table of {columns} columns is set on a page turned by a right angle"
        found.append(diagnose("NPP713", text, path=job.source_name, line=_first_line(block)))
        room = area.height - area.top - area.bottom
        small = min(max(room / columns / _COMFORT, 3.0), area.size * 0.8)
        yield (
            f"@page wide-{block.id} {{ size: {area.height:.3f}pt {area.width:.3f}pt; "
            f"margin: {area.left:.3f}pt {area.top:.3f}pt {area.right:.3f}pt {area.bottom:.3f}pt; }}\n"
            "body { page: text; }\n"  # so that the text after the table is on a page of its own again
            f"#{block.id} * {{ page: wide-{block.id}; }}\n"
            f"#{block.id} {{ page: wide-{block.id}; font-size: {small:.2f}pt; line-height: 1.4; "
            f"table-layout: fixed; width: 100%; --zh-compose: off; text-align: left; }}\n"
            f"#{block.id} td, #{block.id} th {{ padding: .2em; font-size: inherit; line-height: inherit; "
            f"overflow-wrap: anywhere; }}\n"
        )


def _untabled(
    blocks: tuple[Element, ...], job: RenderJob, area: TypeArea, found: list[Diagnostic]
) -> Iterator[Element]:
    """Set a table with rows that no page can hold as text, cell after cell: the engine would tear the row
    and drop the head that it cannot repeat above it."""
    for block in blocks:
        if isinstance(block, Box):
            yield replace(block, blocks=tuple(_untabled(block.blocks, job, area, found)))
        elif isinstance(block, Table) and _tallest(block, area.whole / area.size) > area.lines * _TALL:
            text = "a table with a row taller than half a page is set as text, cell after cell"
            found.append(diagnose("NPP713", text, path=job.source_name, line=_first_line(block)))
            if block.caption or block.id:  # an id may be referred to
                yield Paragraph(block.caption, block.id, block.lines)
            rows = sorted(block.rows, key=lambda row: not row.header)
            yield from (part for row in rows for cell in row.cells for part in cell)
        else:
            yield block


def _tallest(table: Table, measure: float) -> float:
    """Return about how many lines the tallest row of a table has; `measure` is its width in em."""
    columns = max((len(row.cells) for row in table.rows), default=1)
    widths = [sum(map(ems, plain(cell))) for row in table.rows for cell in row.cells]
    return max(widths, default=0.0) * columns / max(measure, 1.0)


def _of_its_own(block: Element) -> tuple[Element, ...]:
    """Return what stands across all columns: boxes and tables of the article, and what is in boxes."""
    return block.blocks if isinstance(block, Box) else (block,)


def _short_columns(table: Table, count: int, measure: float) -> Iterator[str]:
    """Columns of a number, a name or a date are not broken where a longer column can be: the engine
    takes from all alike. `measure` is the width of the table in em."""
    widest = [0.0] * count
    for row in table.rows:
        for n, cell in enumerate(row.cells):
            lines = (sum(map(ems, line)) for block in cell for line in plain(block).split("\n"))
            widest[n] = max([widest[n], *lines])
    room = measure - sum(min(width, _BREAKABLE) + 1 for width in widest)
    if count < 2 or room < 0:
        return
    for n in sorted(range(count), key=lambda n: widest[n]):
        more = max(0.0, widest[n] - _BREAKABLE)
        if widest[n] > _SHORT_CELL or more > room:
            break
        room -= more
        yield f"#{table.id} tr > :nth-child({n + 1}) {{ white-space: nowrap; }}\n"


def _figures(article: Article, job: RenderJob, area: TypeArea) -> Iterator[str]:
    """Pictures as wide as the column where they have the pixels, but of a height that leaves room for text;
    the caption of a narrower one stands in the middle under it."""
    for block in walk(article.body):
        asset = job.asset(block.src) if isinstance(block, Figure) and block.src else None
        if not isinstance(block, Figure) or asset is None or not (asset.width and asset.height):
            continue
        ratio = asset.width / asset.height
        most = min(area.column / ratio, asset.height * _PIXEL, min(_TALLEST, area.lines / 2) * area.line)
        height = max(most, min(area.line, area.column / ratio))
        yield f"#{block.id} img {{ width: {height * ratio:.3f}pt; height: {height:.3f}pt; }}\n"
        if height * ratio < _NARROW * area.column:
            yield f"#{block.id} figcaption {{ text-align: center; }}\n"


def _first_line(block: Element) -> int:
    return _line(getattr(block, "lines", ()))


def _pictures(job: RenderJob) -> Iterator[Diagnostic]:
    blocks = (block for article in job.edition.articles for block in walk(article.body))
    lines = {block.src: _first_line(block) for block in blocks if isinstance(block, Figure)}
    for asset in job.assets:
        if too_large(asset):
            text = f"the picture {asset.src[:80]!r} of {asset.width} x {asset.height} pixels is left out"
            yield diagnose("NPP714", text, path=job.source_name, line=lines.get(asset.src, 0))


def too_large(asset: Asset) -> bool:
    """Tell whether a picture has too many pixels to be decoded safely."""
    return asset.width * asset.height > MOST_PIXELS
