"""The page itself: text, contents, nameplate, style and fonts, filled into the theme's template.

Text reaches the template only as values, never as template, and everything that is marked as markup was
made by the galley, the theme or the calling card, which escape what they are given.
"""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Iterator
from functools import lru_cache
from pathlib import Path
from typing import Any, Protocol

from ...model import Edition, Figure, Inlines, Note, RenderJob, Theme, plain
from ...typecase import styles_folder
from ...typeset import dummies
from ...typeset.anchors import Landmark, OutlineEntry, anchored, outline
from ...typeset.dates import machine_date, printed_date
from ...typeset.galley import set_article
from ...typeset.slug import Medium, Setting
from ...typeset.theme import FALLBACK, labels, look, part
from .card import linked_data, names, properties
from .paper import Sheet, sheet_css, spoken
from .pauses import eased, phrases, with_pauses
from .words import Words, words_for

__all__ = ["Page"]

_LABEL, _HEAD = 120, 30
"""Characters of a line of the contents and of a running head, at most."""
_TEMPLATE = "page.html.j2"
_STYLE = "html.css"


class Options(Protocol):
    """What a page needs to know of the backend's options."""

    @property
    def embed(self) -> str: ...
    @property
    def contents(self) -> bool: ...
    @property
    def page_size(self) -> str: ...
    @property
    def bleed(self) -> float: ...
    @property
    def marks(self) -> bool: ...


class Page:
    """One page in the making."""

    def __init__(self, job: RenderJob, options: Options) -> None:
        self.job, self.options = job, options
        self.edition: Edition = anchored(job.edition)
        self.words: Words = words_for(self.edition.lang, labels(job.theme, self.edition.lang))
        self.paper = self.edition.value("news.paper")

    def html(self) -> str:
        """Return the whole page. The style sheet needs the text (for the fonts) and the policy
        needs the style sheet (for its hash), so the template is filled twice."""
        data = linked_data(self.edition)
        context = self.context() | {"linked_data": _markup(data), "policy": "", "style": ""}
        template = _template(self.job.theme)
        css = self.style()
        if self.options.embed == "subset":
            css = self.fonts(css, template.render(context)) + css
        # Some validators hash a block without the white space around it, so there is none.
        css = css.replace("</", "<\\/").strip()
        context |= {"style": _markup(css), "policy": _policy(css, data)}
        return str(template.render(context))

    def style(self) -> str:
        """Return the shared values, the theme's style sheet (laid over the common one where the theme is
        based on another), the printed sheet, the user's style sheets."""
        theme = self.job.theme
        values = "".join(f"  --{key}: {value};\n" for key, value in look(theme).items())
        shared = f":root {{\n{values}}}\n" if values else ""
        base = theme.setting("theme.based-on")
        lent = [styles_folder() / name / _STYLE for name in (FALLBACK, base)] if base else []
        common = [path for path in lent if path.is_file()]
        files = dict.fromkeys((*common, part(theme, _STYLE)))
        sheet = "\n".join(path.read_text(encoding="utf-8") for path in files)
        return "\n".join((shared + sheet, sheet_css(self.sheet()), *theme.overrides))

    def context(self) -> dict[str, Any]:
        several = len(self.edition.articles) != 1
        title, facts = self.title(), tuple(self.facts())
        return {
            "lang": self.edition.lang,
            "title": title if not self.paper or self.paper in title else f"{title} · {self.paper}",
            "names": names(self.edition),
            "properties": properties(self.edition, title),
            "words": self.words,
            "heading": (self.paper or title) if several else "",
            "paper": self.paper,
            "paper_note": self.paper_note(),
            "facts": facts,
            "plate": bool(self.paper or facts or (several and title != self.first_title())),
            "contents": self.contents() if self.options.contents else (),
            "text": _markup(self.text(2 if several else 1)),
            "imprint": tuple(self.imprint()),
        }

    def paper_note(self) -> str:
        stated = self.edition.stated("news.paper")
        return self.words.inferred.format(stated.evidence) if stated and not stated.printed else ""

    def title(self) -> str:
        return _line(self.edition.title) or self.first_title() or self.job.stem

    def first_title(self) -> str:
        return next((_line(plain(a.title)) for a in self.edition.articles if a.title), "")

    def text(self, top: int) -> str:
        """Return all articles. HTML writes void elements without a slash; as every `>` in text and
        values is escaped, `/>` can only be the end of such an element."""
        articles = []
        for article in self.edition.articles:
            setting = Setting(Medium.SCREEN, picture=self.picture, top=top, note_prefix=f"{article.id}-n")
            articles.append(eased(with_pauses(set_article(article, setting).replace("/>", ">"))))
        return "\n".join(articles)

    def picture(self, figure: Figure) -> str | None:
        asset = self.job.asset(figure.src)
        if asset is None:
            return None
        data = base64.b64encode(asset.path.read_bytes()).decode("ascii")
        return f"data:{asset.media_type};base64,{data}"

    def facts(self) -> Iterator[dict[str, str]]:
        """Date and page of the paper; an inferred date is marked, its evidence is in the title."""
        stated = self.edition.stated("news.edition-date") or self.edition.stated("date")
        if stated and stated.value:
            date = printed_date(stated.value, self.edition.lang)
            text = date if stated.printed else self.words.inferred.format(date)
            yield {
                "text": text,
                "date": machine_date(stated.value),
                "note": "" if stated.printed else stated.evidence,
            }
        page = self.edition.stated("news.page")
        if page and page.value:
            text = self.words.page.format(page.value) if page.value.isascii() else page.value
            yield {"text": text, "date": "", "note": "" if page.printed else page.evidence}

    def contents(self) -> tuple[dict[str, Any], ...]:
        entries = tuple(self.entry(outline(article)) for article in self.edition.articles)
        return entries if len(entries) > 1 or any(entry["children"] for entry in entries) else ()

    def entry(self, entry: OutlineEntry) -> dict[str, Any]:
        title = _short(_line(plain(_without_notes(entry.title))), _LABEL) or self.words.untitled
        children = tuple(self.entry(child) for child in entry.children)
        boxed = entry.landmark is Landmark.BOX
        return {"id": entry.id, "phrases": phrases(title), "boxed": boxed, "children": children}

    def imprint(self) -> Iterator[str]:
        for key in ("publisher", "rights", "identifier"):
            if value := _line(self.edition.value(key)):
                yield value

    def sheet(self) -> Sheet:
        date = next((fact["text"] for fact in self.facts()), "")
        left = " ".join(part for part in (self.paper, date) if part)
        heads = _short(left, _HEAD), _short(self.title(), _HEAD)
        options = self.options
        return Sheet(options.page_size, heads, self.words.folio, options.bleed, options.marks)

    def fonts(self, css: str, page: str) -> str:
        from lxml import html

        from ...typeset.cascade import Voice, demand
        from .fitting import font_faces

        parser = html.HTMLParser(encoding="utf-8", huge_tree=True)
        root: Any = html.document_fromstring(page.encode("utf-8", "replace"), parser=parser)
        wanted = demand((css,), (root.body,), namespace="")
        for families, words in spoken(self.sheet()):
            wanted.setdefault(Voice(families), set()).update(words)
        return font_faces(wanted)


def _without_notes(content: Inlines) -> Inlines:
    return tuple(node for node in content if not isinstance(node, Note))


def _line(text: str) -> str:
    return " ".join(text.split())


def _short(text: str, most: int) -> str:
    return text if len(text) <= most else text[: most - 1] + "…"


def _markup(text: str) -> Any:
    """Mark what the galley, the theme or `linked_data` made: all three escape what they are given."""
    from markupsafe import Markup

    return Markup(text)


def _policy(css: str, data: str) -> str:
    """Return the Content Security Policy: nothing but this style, this data block, `data:` fonts and
    pictures. The hash of the data block does not let a script run: it is JSON."""
    style, block = (base64.b64encode(hashlib.sha256(part.encode()).digest()).decode() for part in (css, data))
    return (
        f"default-src 'none'; style-src 'sha256-{style}'; script-src 'sha256-{block}'; "
        "font-src data:; img-src data:; base-uri 'none'; form-action 'none'"
    )


def _template(theme: Theme) -> Any:
    file = part(theme, _TEMPLATE)
    return _environment(file.parent).get_template(file.name)


@lru_cache(maxsize=4)
def _environment(folder: Path) -> Any:
    """Where the template comes from, kept with what it compiled; a changed one is compiled again."""
    from jinja2 import Environment, FileSystemLoader, StrictUndefined

    return Environment(
        loader=FileSystemLoader(str(folder)),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
        bytecode_cache=dummies.kept("html page"),
    )
