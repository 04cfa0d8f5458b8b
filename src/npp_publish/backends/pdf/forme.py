"""The forme: everything that goes on the pages, locked up in one HTML document.

The theme's template `pdf.html` (Jinja2, sandboxed, autoescaped) arranges what it is given here:
articles set by the galley, contents, the edition's data and the theme's words. Document text only
ever reaches it as a value.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from functools import lru_cache
from pathlib import Path
from typing import Any

from ...errors import BackendFailed
from ...model import (
    Article,
    Break,
    Edition,
    Figure,
    Inline,
    Inlines,
    Link,
    Note,
    Reference,
    RenderJob,
    Role,
    Styled,
    Tagged,
    Text,
    plain,
)
from ...typeset import dummies
from ...typeset.anchors import Landmark, OutlineEntry, outline
from ...typeset.dates import printed_date
from ...typeset.galley import set_article, set_inlines
from ...typeset.headline import break_lines
from ...typeset.persons import persons
from ...typeset.slug import Medium, Setting, legible
from ...typeset.theme import FALLBACK, labels, look
from ...typeset.typearea import TypeArea
from .bounds import clipped, ems, too_large
from .stores import picture_url

__all__ = ["Forme", "lock_up"]

_ISO = re.compile(r"(\d{4})-(\d{2})-(\d{2})\Z")
_HEAD_END = "</header>"
_HEADS = frozenset(("h1", "h2", "h3", "h4", "h5", "h6"))
_NARROW = 21
"""A page with fewer characters in a line has no room for labels beside the text."""
_TITLE_PAGE = 2.2
"""Size of the title on a title page, in text sizes."""
_UNDRAWN: dict[int, str | None] = {
    **dict.fromkeys(range(0x80, 0xA0), "\ufffd"),
    **dict.fromkeys((0x85, 0x2028, 0x2029), " "),
    **dict.fromkeys((*range(0x202A, 0x202F), *range(0x2066, 0x206A))),
}
"""Control characters and line ends of other systems, which the engine shows as empty boxes whatever
the face; the first as the replacement character, so that it is seen that something stood there. Marks
that turn the direction of what follows are left out: with them a page says it from behind (UAX 9)."""


@dataclass(frozen=True, slots=True)
class Forme:
    """The document as HTML, and the language that it states."""

    html: str
    lang: str


def lock_up(job: RenderJob, edition: Edition, area: TypeArea) -> Forme:
    """Set the articles of an `edition` (bounded and anchored) and fill the theme's template.

    Raises BackendFailed where the template is faulty.
    """
    from jinja2 import TemplateError

    lang = _language(edition.lang)
    single = len(edition.articles) == 1
    lead_title = plain(edition.articles[0].title) if edition.articles else ""
    titled = bool(edition.title) and not single and _folded(edition.title) != _folded(lead_title)
    setting = Setting(Medium.PAGED, picture=_picture(job), top=2 if titled else 1)
    values = {
        "lang": lang,
        "title": edition.title or lead_title or job.stem,
        "title_lines": break_lines(edition.title or lead_title, area.whole / area.size / _TITLE_PAGE, ems),
        "titled": titled,
        "authors": list(dict.fromkeys(_credits(edition, Role.AUTHOR))),
        "agencies": list(dict.fromkeys(_credits(edition, Role.AGENCY))),
        "keywords": ", ".join(dict.fromkeys(k for a in edition.articles for k in a.keywords)),
        "description": edition.value("description"),
        "moment": datetime.fromtimestamp(job.epoch, UTC).strftime("%Y-%m-%dT%H:%M:%SZ"),
        "masthead": _masthead(edition),
        "metadata": {name: stated.value for name, stated in edition.metadata},
        "articles": [_locked(article.id, set_article(article, setting)) for article in edition.articles],
        "contents": [_contents(article, setting) for article in edition.articles],
        "label": labels(job.theme, lang),
        "look": look(job.theme),
        "classes": f"theme-{job.theme.name} paper-{area.paper} columns-{area.columns}{_narrow(area)}",
    }
    try:
        html = str(_template(job).render(values))
    except TemplateError as error:
        where = job.theme.folder / "pdf.html"
        raise BackendFailed(f"the template of the theme is faulty: {error}", where=where) from error
    return Forme(legible(html).translate(_UNDRAWN), lang)


def _narrow(area: TypeArea) -> str:
    return " narrow" if area.columns == 1 and area.measure < _NARROW else ""


def _folded(text: str) -> str:
    return "".join(text.split())


def _language(lang: str) -> str:
    """Return a tag that PDF readers and the composer know: a bare `zh` is simplified Chinese."""
    return {"": "zh-Hans", "zh": "zh-Hans", "zh-CN": "zh-Hans"}.get(lang, lang)


def _picture(job: RenderJob) -> Callable[[Figure], str | None]:
    numbers = {asset.src: n for n, asset in enumerate(job.assets) if not too_large(asset)}

    def url(figure: Figure) -> str | None:
        return picture_url(numbers[figure.src]) if figure.src in numbers else None

    return url


def _locked(name: str, html: str) -> Mapping[str, Any]:
    """Return one article whole (`html`) and in parts for themes that put something between them:
    `opening` tag, `head`, `body`, `closing` tag; `flow` is the body cut at its boxes and tables, and
    at the headings right above them."""
    from markupsafe import Markup

    opening = html.index(">") + 1
    closing = html.rindex("</article>")
    cut = max(html.find(_HEAD_END) + len(_HEAD_END), opening) if _HEAD_END in html else opening
    parts = {
        "html": html,
        "opening": html[:opening],
        "head": html[opening:cut],
        "body": html[cut:closing],
        "closing": html[closing:],
    }
    flow = [{"kind": kind, "html": Markup(run)} for kind, run in _flow(parts["body"])]
    return {"id": name, "flow": flow} | {key: Markup(part) for key, part in parts.items()}


def _flow(body: str) -> Iterator[tuple[str, str]]:
    """Yield the body of an article in order, as runs of `text` and single parts of kind `box` or
    `table` that may stand across the columns, as then do the headings right above them (`heading`)."""
    from lxml import etree

    run, heads = "", ""
    for child in etree.fromstring(f"<body>{body}</body>", etree.XMLParser(huge_tree=True)):
        kind = {"aside": "box", "table": "table"}.get(str(child.tag), "text")
        html = etree.tostring(child, encoding="unicode", method="html", with_tail=False)
        if str(child.tag) in _HEADS:
            heads += html + "\n"
            continue
        if kind == "text":
            run, heads = f"{run}{heads}{html}\n", ""
            continue
        if run:
            yield "text", run
        if heads:
            yield "heading", heads
        run, heads = "", ""
        yield kind, html
    if run or heads:
        yield "text", run + heads


def _contents(article: Article, setting: Setting) -> Mapping[str, Any]:
    return _entry(outline(article), replace(setting, whole=persons(article)))


def _entry(entry: OutlineEntry, setting: Setting) -> Mapping[str, Any]:
    from markupsafe import Markup

    sections = [child for child in entry.children if child.landmark is not Landmark.BOX]
    return {
        "id": entry.id,
        "title": Markup(set_inlines(_short(without_notes(entry.title)), setting)),
        "landmark": entry.landmark.value,
        "children": [_entry(child, setting) for child in sections],
    }


def without_notes(content: Inlines) -> Inlines:
    """Return inline nodes without their notes, links and breaks, for contents."""
    return tuple(part for node in content for part in _quiet(node))


def _short(content: Inlines) -> Inlines:
    """Return a title as it is, or as plain text cut to the length that contents can carry."""
    text = plain(content)
    short = clipped(text)
    return content if short == text else (Text(short),)


def _quiet(node: Inline) -> Iterator[Inline]:
    if isinstance(node, Note | Break):
        return
    if isinstance(node, Link | Reference):
        yield from without_notes(node.content)
    elif isinstance(node, Styled | Tagged):
        yield replace(node, content=without_notes(node.content))
    else:
        yield node


def _credits(edition: Edition, role: Role) -> Iterator[str]:
    for article in edition.articles:
        for byline in article.bylines:
            for node in byline.content:
                if isinstance(node, Tagged) and node.role is role:
                    yield plain(node.content)


def _masthead(edition: Edition) -> Mapping[str, Any]:
    date = edition.stated("news.edition-date") or edition.stated("date")
    return {
        "paper": edition.value("news.paper"),
        "page": edition.value("news.page"),
        "date": printed_date(date.value, edition.lang) if date else "",
        "iso": date.value if date and _ISO.match(date.value) else "",
        "inferred": bool(date and not date.printed),
    }


def _template(job: RenderJob) -> Any:
    from ...typecase import styles_folder

    lenders = (job.theme.setting("theme.based-on"), FALLBACK)
    folders = (job.theme.folder, *(styles_folder() / name for name in lenders if name))
    return _environment(folders).get_template("pdf.html")


@lru_cache(maxsize=4)
def _environment(folders: tuple[Path, ...]) -> Any:
    """Where templates come from. It is kept with what it compiled, for the next document; a template
    that has changed is compiled again."""
    from jinja2 import FileSystemLoader, StrictUndefined
    from jinja2.sandbox import SandboxedEnvironment

    return SandboxedEnvironment(
        loader=FileSystemLoader(folders),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        bytecode_cache=dummies.kept("forme"),
    )
