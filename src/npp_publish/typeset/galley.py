"""The galley: an article set as semantic XHTML, before any page is made up of it.

PDF, EPUB and HTML share this one setting, so that they cannot differ in text. Element and class
names are the contract with the themes' style sheets:

    article.article > header.article-head > p.kicker, h1.title, p.subtitle,
                                            address.bylines > p.byline (span.agency .author .role)
    p.dateline (.agency .place time.date)   p.continued-from, p.continued-to (.page)
    h2.section   h2.section.speaker-head > span.speaker-line (.post .speaker), span.speaker-title
    aside.box.{abstract,timeline,definition,list,note} > h3.box-title, dl.entries > div.entry > dt, dd
    figure.figure > img, figcaption (.credit)   table.table   blockquote   p.verse   div.foreign
    span.person (a name in a heading)
    section.notes (div.notes on a screen) > aside.note (not on paper, where notes are span.footnote)

Heading levels never skip one (PDF/UA-1 7.4.2): a box title stands one below the heading it is under.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace

from ..model import (
    Article,
    Box,
    Break,
    Dateline,
    Element,
    Entries,
    Figure,
    Foreign,
    Heading,
    Inlines,
    Listing,
    Paragraph,
    Quote,
    Role,
    Rule,
    Table,
    Tagged,
    Text,
    Verbatim,
    plain,
)
from .dates import machine_date
from .persons import persons
from .slug import Medium, Setting, attribute, cast, characters

__all__ = ["article_text", "set_article", "set_inlines"]

_VERSES = 3
"""Outside quotations, a paragraph of so many lines that end where the author wants is verse."""
_COLON = re.compile("[：:]")


def set_article(article: Article, setting: Setting) -> str:
    """Return one anchored article as an XHTML `article` element (well-formed, no namespace
    declarations; `epub:type` appears only in the REFLOW medium)."""
    return _Compositor(article, replace(setting, notes=[])).article()


def set_inlines(content: Inlines, setting: Setting) -> str:
    """Return inline nodes as XHTML, for contents and running heads; notes are left out by the caller."""
    return cast(content, replace(setting, notes=[]), lambda blocks: "")


def article_text(article: Article) -> Iterator[str]:
    """Yield the texts of an article in the order in which every format shows them."""
    for part in (article.kicker, article.title, article.subtitle, *(b.content for b in article.bylines)):
        if part:
            yield plain(part)
    if article.dateline and not _closes(article.dateline):
        yield plain(article.dateline.content)
    if article.continued_from:
        yield plain(article.continued_from.content)
    for block in article.body:
        yield plain(block)
    if article.dateline and _closes(article.dateline):
        yield plain(article.dateline.content)
    if article.continued_to:
        yield plain(article.continued_to.content)


def _closes(dateline: Dateline) -> bool:
    """A dateline in parentheses is printed at the end of the story, a bare one at its beginning."""
    return plain(dateline.content).lstrip().startswith(("（", "("))


class _Compositor:
    """Sets one article; keeps the level of the heading above, so that levels never skip."""

    def __init__(self, article: Article, setting: Setting) -> None:
        self.source, self.setting = article, setting
        self.names = persons(article)
        # Without a title the first heading takes its level: none is skipped (ISO 14289-1, 7.4.2).
        self.above = setting.top if article.title else setting.top - 1

    # ------------------------------------------------------------------ the article

    def article(self) -> str:
        article = self.source
        dateline = article.dateline
        parts = [self.head()]
        if dateline and not _closes(dateline):
            parts.append(self.line("dateline", dateline.content))
        if article.continued_from:
            parts.append(self.line("continued-from", article.continued_from.content))
        parts.append(self.blocks(article.body))
        if dateline and _closes(dateline):
            parts.append(self.line("dateline dateline-end", dateline.content))
        if article.continued_to:
            parts.append(self.line("continued-to", article.continued_to.content))
        parts.append(self.notes())
        label = f' aria-labelledby="{article.id}-title"' if article.title else ""
        inner = "\n".join(part for part in parts if part)
        return f'<article class="article" id="{article.id}"{self.lang()}{label}>\n{inner}\n</article>'

    def lang(self) -> str:
        lang = self.source.lang
        if not lang:
            return ""
        xml = f' xml:lang="{attribute(lang)}"' if self.setting.medium is Medium.REFLOW else ""
        return f' lang="{attribute(lang)}"{xml}'

    def head(self) -> str:
        article, parts = self.source, []
        if article.kicker:
            parts.append(self.line("kicker", article.kicker))
        if article.title:
            level = self.setting.top
            inner = self.display(article.title)
            parts.append(f'<h{level} class="title" id="{article.id}-title">{inner}</h{level}>')
        if article.subtitle:
            parts.append(f'<p class="subtitle">{self.display(article.subtitle)}</p>')
        if article.bylines:
            lines = "".join(self.line("byline", byline.content) for byline in article.bylines)
            parts.append(f'<address class="bylines">{lines}</address>')
        return _wrap('<header class="article-head">', parts, "header") if parts else ""

    def line(self, name: str, content: Inlines) -> str:
        return f'<p class="{name}">{self.inlines(content)}</p>'

    def inlines(self, content: Inlines) -> str:
        return cast(content, self.setting, self.blocks)

    def display(self, content: Inlines) -> str:
        """Set a heading: no line parts a name."""
        return cast(content, replace(self.setting, whole=self.names), self.blocks)

    def notes(self) -> str:
        if not self.setting.notes:
            return ""
        reflow = self.setting.medium is Medium.REFLOW
        kind = ' epub:type="footnote"' if reflow else ""
        section = ' epub:type="endnotes"' if reflow else ""
        notes = "\n".join(
            f'<aside class="note" id="{name}" role="doc-footnote"{kind}>'
            f'<a class="note-number" href="#{name}-ref" role="doc-backlink" data-added="">{number}</a>'
            f"{inner}</aside>"
            for number, (name, inner) in enumerate(self.setting.notes, 1)
        )
        tag = "section" if reflow else "div"  # HTML wants a heading in every section
        return f'<{tag} class="notes" role="doc-endnotes"{section}>\n{notes}\n</{tag}>'

    # ------------------------------------------------------------------ blocks

    def blocks(self, blocks: tuple[Element, ...]) -> str:
        return "\n".join(self.block(block) for block in blocks)

    def block(self, block: Element) -> str:
        match block:
            case Paragraph():
                return self.paragraph(block, _VERSES)
            case Heading():
                return self.heading(block)
            case Box():
                return self.box(block)
            case Entries():
                return self.entries(block)
            case Listing():
                return self.listing(block)
            case Quote():
                return f"<blockquote>\n{self.quoted(block.blocks)}\n</blockquote>"
            case Table():
                return self.table(block)
            case Figure():
                return self.figure(block)
            case Rule():
                return "<hr/>"
            case Verbatim(text):
                return f"<pre>{characters(text)}</pre>"
            case Foreign(_, text):
                lines = "".join(f"<p>{characters(line)}</p>" for line in text.split("\n") if line.strip())
                return f'<div class="foreign">{lines}</div>'

    def paragraph(self, paragraph: Paragraph, verses: int) -> str:
        """Set a paragraph; one of so many lines that end where the author wants is verse."""
        name = f' id="{paragraph.id}"' if paragraph.id else ""
        if 1 + sum(isinstance(part, Break) for part in paragraph.content) >= verses:
            name += ' class="verse"'
        return f"<p{name}>{self.inlines(paragraph.content)}</p>"

    def quoted(self, blocks: tuple[Element, ...]) -> str:
        return "\n".join(
            self.paragraph(block, 2) if isinstance(block, Paragraph) else self.block(block)
            for block in blocks
        )

    def heading(self, heading: Heading) -> str:
        level = min(self.setting.top + max(heading.level, 2) - 1, self.above + 1, 6)
        self.above = level
        split = _speaker_end(heading.content)
        if split is None:
            name, inner = "section", self.display(heading.content)
        else:
            line, title = split
            name = "section speaker-head"
            inner = f'<span class="speaker-line">{self.inlines(line)}</span>'
            inner += f'<span class="speaker-title">{self.display(title)}</span>' if title else ""
        return f'<h{level} class="{name}" id="{heading.id}">{inner}</h{level}>'

    def box(self, box: Box) -> str:
        label = f' aria-labelledby="{box.id}-title"' if box.title else ""
        outer, parts = self.above, []
        if box.title:
            level = min(self.above + 1, 6)
            title = self.display(box.title)
            parts.append(f'<h{level} class="box-title" id="{box.id}-title">{title}</h{level}>')
            self.above = level
        parts.append(self.blocks(box.blocks))
        self.above = outer  # the text goes on under the section in which the box stands
        kind = f"box {box.kind.value}"
        # All articles share one screen page: many boxes called 核心提示 are no landmarks of that page.
        role = ' role="note"' if self.setting.medium is Medium.SCREEN else ""
        return _wrap(f'<aside class="{kind}" id="{box.id}"{role}{label}>', parts, "aside")

    def entries(self, entries: Entries) -> str:
        rows = []
        for entry in entries.entries:
            label = self.inlines(entry.label)
            date = machine_date(plain(entry.label))
            if date:
                label = f'<time datetime="{date}">{label}</time>'
            rows.append(f'<div class="entry"><dt>{label}</dt><dd>{self.blocks(entry.blocks)}</dd></div>')
        return _wrap('<dl class="entries">', rows, "dl")

    def listing(self, listing: Listing) -> str:
        tag = "ol" if listing.start else "ul"
        start = f' start="{listing.start}"' if listing.start > 1 else ""
        items = "\n".join(f"<li>{self.item(item)}</li>" for item in listing.items)
        return f"<{tag}{start}>\n{items}\n</{tag}>"

    def item(self, blocks: tuple[Element, ...]) -> str:
        if len(blocks) == 1 and isinstance(blocks[0], Paragraph):
            return self.inlines(blocks[0].content)
        return self.blocks(blocks)

    def table(self, table: Table) -> str:
        caption = f"<caption>{self.inlines(table.caption)}</caption>" if table.caption else ""
        head = [row for row in table.rows if row.header]
        body = [row for row in table.rows if not row.header]
        parts = [caption]
        for name, rows in (("thead", head), ("tbody", body)):
            if rows:
                cells = "\n".join(self.row(row.cells, table.aligns, name == "thead") for row in rows)
                parts.append(f"<{name}>\n{cells}\n</{name}>")
        return _wrap(f'<table class="table" id="{table.id}">', parts, "table")

    def row(self, cells: tuple[tuple[Element, ...], ...], aligns: str, header: bool) -> str:
        tag, scope = ("th", ' scope="col"') if header else ("td", "")
        names = {"c": ' class="center"', "r": ' class="right"'}
        inner = "".join(
            f"<{tag}{scope}{names.get(aligns[n : n + 1], '')}>{self.item(cell)}</{tag}>"
            for n, cell in enumerate(cells)
        )
        return f"<tr>{inner}</tr>"

    def figure(self, figure: Figure) -> str:
        url = self.setting.picture(figure) if figure.src else None
        alt = figure.alt or plain(figure.caption) or "图片"
        picture = f'<img src="{attribute(url)}" alt="{attribute(alt)}"/>' if url else ""
        caption = f"<figcaption>{self.inlines(figure.caption)}</figcaption>" if figure.caption else ""
        name = "figure" if url else "figure no-picture"
        return f'<figure class="{name}" id="{figure.id}">{picture}{caption}</figure>'


def _wrap(opening: str, parts: list[str], tag: str) -> str:
    """Return the non-empty parts, a line each, inside an element."""
    return "\n".join((opening, *filter(None, parts), f"</{tag}>"))


def _speaker_end(content: Inlines) -> tuple[Inlines, Inlines] | None:
    """Split a speaker heading after the colon that ends the speaker's name; None if there is no
    speaker. Characters are divided, never changed."""
    last = max((n for n, node in enumerate(content) if _is_speaker(node)), default=None)
    if last is None:
        return None
    after = content[last + 1 :]
    if after and isinstance(after[0], Text) and (colon := _COLON.match(after[0].text)):
        rest = after[0].text[colon.end() :]
        kept = rest.lstrip()
        gap = rest[: len(rest) - len(kept)]
        line = (*content[: last + 1], Text(after[0].text[: colon.end()] + gap))
        return line, ((Text(kept), *after[1:]) if kept else after[1:])
    return content[: last + 1], after


def _is_speaker(node: object) -> bool:
    return isinstance(node, Tagged) and node.role is Role.SPEAKER
