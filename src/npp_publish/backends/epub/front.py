"""Front and back of the book: the cover and the page that shows it, the publication data."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import lru_cache

from ...model import Edition, Stated, Theme, plain
from ...typeset.dates import printed_date
from . import cover
from .chapters import label_of
from .colophon import creators
from .contents import words
from .sheets import XHTML, Sheet, escape, fit_label, page, quoteattr, xml_text

__all__ = ["CSS", "colophon_page", "cover_page", "drawn_cover"]

CSS = "book.css"
_LISTED = 40  # titles offered to the cover; what it has no room for is left out


def cover_page(title: str, picture: str, lang: str) -> Sheet:
    """Return the page that shows the cover picture."""
    say = words(lang)
    alt = fit_label(f"{say['cover']}：{title}", 400)
    body = (
        f'<section epub:type="cover" class="cover" aria-label={quoteattr(say["cover"])}>'
        f"<img src={quoteattr(picture)} alt={quoteattr(alt)}/></section>"
    )
    content = page(title, body, lang=lang, css=CSS, classes="cover", kind="frontmatter")
    return Sheet("cover", "cover.xhtml", XHTML, content, spine=True, title=say["cover"])


def drawn_cover(edition: Edition, title: str, job_theme: Theme) -> bytes:
    """Return the cover that the theme draws, as PNG. The last one is kept: a book that waits for the
    pages of a PDF has its cover drawn ahead."""
    from ...typeset import theme

    first = edition.articles[0]
    labels = theme.labels(job_theme, edition.lang)
    date = edition.stated("news.edition-date") or edition.stated("date")
    values = {
        "label": labels.get("masthead", ""),
        "paper": edition.value("news.paper"),
        "date": printed_date(date.value) + _mark(date, labels) if date else "",
        "page": _page_name(edition.value("news.page") or next(iter(first.pages), "")),
        "kicker": plain(first.kicker),
        "title": title,
        "subtitle": plain(first.subtitle),
        "publisher": edition.value("publisher"),
        "byline": "　".join(name for _, name, _ in creators(edition)),
    }
    titles = [label_of(article, number) for number, article in enumerate(edition.articles[:_LISTED], 1)]
    return _drawn(job_theme, tuple(values.items()), tuple(titles))


@lru_cache(maxsize=1)
def _drawn(job_theme: Theme, values: tuple[tuple[str, str], ...], titles: tuple[str, ...]) -> bytes:
    from ...typeset import faces, theme

    design = cover.load(theme.part(job_theme, "cover.toml"), theme.look(job_theme))
    return cover.draw(design, cover.slots_of(dict(values), titles), faces.stack)


def colophon_page(edition: Edition, title: str, lang: str, number: str) -> Sheet:
    """Return the last page: what this is, where it comes from, how that is known, its `identifier`."""
    say = words(lang)["colophon"]
    rows = [title, *_known(edition), number]
    lines = "\n".join(f"<p>{escape(xml_text(row))}</p>" for row in rows if row.strip())
    body = (
        '<section epub:type="colophon" role="doc-colophon" class="colophon" '
        f'aria-labelledby="colophon-title">\n<h1 id="colophon-title">{say}</h1>\n{lines}\n</section>'
    )
    content = page(say, body, lang=lang, css=CSS, kind="backmatter")
    return Sheet("colophon", "colophon.xhtml", XHTML, content, spine=True, title=say)


def _known(edition: Edition) -> Iterator[str]:
    """Yield paper, date, page, publisher and rights; what was inferred says from what."""
    date = "news.edition-date" if edition.stated("news.edition-date") else "date"
    for key in ("news.paper", date, "news.page", "publisher", "rights"):
        stated = edition.stated(key)
        if stated and stated.value.strip():
            value = printed_date(stated.value) if key == date else stated.value
            yield (_page_name(value) if key == "news.page" else value) + _doubt(stated)


def _doubt(stated: Stated) -> str:
    if stated.printed:
        return ""
    return f"（推定，据：{stated.evidence}）" if stated.evidence else "（推定）"


def _mark(stated: Stated, labels: Mapping[str, str]) -> str:
    word = labels.get("inferred", "")
    return f"（{word}）" if word and not stated.printed else ""


def _page_name(number: str) -> str:
    return f"第{number}版" if number.isdigit() else number
