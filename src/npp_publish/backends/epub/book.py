"""The book: from a job to sheets, statements and landmarks, ready to be bound."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from ...diagnostics import Diagnostic, diagnose
from ...errors import BackendFailed
from ...model import Article, Edition, Figure, RenderJob, Ruby, Table, plain
from ...typecase import styles_folder
from ...typeset import theme
from ...typeset.anchors import anchored, walk
from ...typeset.cascade import demand
from ...typeset.nesting import flatten
from ...validate.pagemap import PageStart, map_beside
from .chapters import chapter, contents_of, label_of
from .colophon import Facts, Statement, identifier, statements
from .contents import navigation, ncx, words
from .fount import Fount, cut
from .front import CSS, colophon_page, cover_page, drawn_cover
from .pages import PDF_PAGE, Mark, marks, read_map
from .pictures import picture_sheet
from .profiles import PROFILES, Profile
from .sheets import XHTML, Entry, Sheet, fit_label

__all__ = ["Book", "make"]

_APPLE = (
    b'<?xml version="1.0" encoding="UTF-8"?>\n<display_options>\n<platform name="*">\n'
    b'<option name="specified-fonts">true</option>\n</platform>\n</display_options>\n'
)


@dataclass(frozen=True, slots=True)
class Book:
    """Everything that is bound, and what was noticed while it was gathered."""

    sheets: tuple[Sheet, ...]
    statements: tuple[Statement, ...]
    landmarks: tuple[tuple[str, str, str], ...]
    lang: str
    direction: str
    extra: Mapping[str, bytes]
    diagnostics: tuple[Diagnostic, ...]


def make(job: RenderJob, options: Any) -> Book:
    """Gather the book that `options` (EpubOptions) ask for.

    Raises BackendFailed for an edition without articles, or nested past what can be set at all.
    """
    try:
        return _Maker(job, options).book()
    except RecursionError:
        raise BackendFailed("text styles or notes are nested too deep to be set") from None


class _Maker:
    """Gathers one book, sheet by sheet, in the order in which they depend on each other."""

    def __init__(self, job: RenderJob, options: Any) -> None:
        self.job, self.options = job, options
        self.profile: Profile = PROFILES[options.profile]
        self.found: list[Diagnostic] = []
        self.edition = anchored(self._flattened(job.edition))
        self.lang = self.edition.lang or "zh-Hans"
        self.say = words(self.lang)
        self.vertical = options.writing == "vertical"
        self.title = fit_label(self.edition.title, 1200) or label_of(self.edition.articles[0], 1)

    def _flattened(self, edition: Edition) -> Edition:
        if not edition.articles:
            raise BackendFailed("the edition holds no article")
        articles = []
        for article in edition.articles:
            flat, changed = flatten(article)
            articles.append(flat)
            if changed:
                line = article.lines[0] if article.lines else 0
                text = f"article {article.id}: what was nested deeper than readers can follow is set flat"
                self.found.append(diagnose("NPP741", text, path=self.job.source_name, line=line))
        return Edition(edition.title, edition.lang, tuple(articles), edition.metadata, edition.extra)

    # ------------------------------------------------------------------ pictures

    def pictures(self) -> tuple[dict[str, str], list[Sheet]]:
        """Return the file in the book of each picture source, and the pictures themselves."""
        files: dict[str, str] = {}
        sheets: dict[str, Sheet] = {}
        for figure in self.figures():
            if not figure.src or figure.src in files:
                continue
            asset = self.job.asset(figure.src)
            if asset is None:
                continue  # told when the pictures were read
            sheet = picture_sheet(asset)
            if sheet is None:
                line = figure.lines[0] if figure.lines else 0
                name = repr(figure.src[:120])
                text = f"the picture {name} is damaged, or not for e-readers; its caption stands alone"
                self.found.append(diagnose("NPP740", text, path=self.job.source_name, line=line))
                continue
            files[figure.src] = sheet.name
            sheets[sheet.name] = sheet
        return files, list(sheets.values())

    def figures(self) -> Iterator[Figure]:
        for article in self.edition.articles:
            yield from (block for block in walk(article.body) if isinstance(block, Figure))

    # ------------------------------------------------------------------ chapters

    def file_of(self, number: int) -> str:
        width = len(str(len(self.edition.articles)))
        return f"a{number:0{width}}.xhtml"

    def chapters(
        self, pictures: Mapping[str, str], pages: Mapping[str, Sequence[Mark]]
    ) -> list[tuple[Sheet, Any]]:
        homes = {}
        for number, article in enumerate(self.edition.articles, 1):
            for name in _ids(article):
                homes[name] = self.file_of(number)
        return [
            chapter(
                article,
                number=number,
                file=self.file_of(number),
                lang=self.lang,
                css=CSS,
                pictures=pictures,
                homes=homes,
                marks=pages[article.id],
                sentence_spans=self.profile.sentence_spans,
                vertical=self.vertical,
            )
            for number, article in enumerate(self.edition.articles, 1)
        ]

    def pages(self) -> dict[str, tuple[Mark, ...]]:
        pdf: tuple[PageStart, ...] = ()
        if self.options.pages in ("pdf", "both"):
            pdf = read_map(self._map_file(), self.edition, theme.labels(self.job.theme, self.lang))
            if not pdf and (self.options.page_map or self.options.pages == "pdf"):
                text = f"no page map of the PDF at {self._map_file().name!r}: no PDF pages in the page list"
                self.found.append(diagnose("NPP742", text))
        paper = self.options.pages in ("newspaper", "both")
        return marks(self.edition, pdf, paper=paper)

    def _map_file(self) -> Path:
        """Return where the page map is: as ordered, else the finished PDF of the same run, else beside
        the book. What else may lie about is not looked at: the same job must give the same bytes."""
        if self.options.page_map:
            return Path(self.options.page_map)
        if self.job.beside:
            known = map_beside(self.job.beside[0])
            return known if known.is_file() else self.job.beside[0]
        return self.job.work / f"{self.job.stem}.pages.json"

    def page_source(self, listing: Sequence[Entry]) -> str:
        """Say what the page markers refer to: the newspaper, its PDF, or both."""
        paper = self.edition.value("news.paper") or self.title
        date = self.edition.value("news.edition-date") or self.edition.value("date")
        of_pdf = [PDF_PAGE in entry.href for entry in listing]
        pdf = "PDF" if any(of_pdf) else ""
        name = "，".join(part for part in (paper, date, pdf if all(of_pdf) else "") if part)
        return fit_label(name, 390) + ("；PDF" if pdf and not all(of_pdf) else "")

    def page_entries(self, pages: Mapping[str, Sequence[Mark]]) -> list[Entry]:
        return [
            Entry(mark.label, f"{self.file_of(number)}#{mark.id}")
            for number, article in enumerate(self.edition.articles, 1)
            for mark in pages[article.id]
        ]

    # ------------------------------------------------------------------ front and back

    def cover(self) -> list[Sheet]:
        """Return the cover picture and, unless the profile forbids it, the page that shows it."""
        if self.options.cover == "none":
            return []
        picture = self._own_cover()
        if picture is None:
            png = drawn_cover(self.edition, self.title, self.job.theme)
            picture = Sheet("cover-image", "images/cover.png", "image/png", png, ("cover-image",))
        front = [cover_page(self.title, picture.name, self.lang)] if self.profile.cover_page else []
        return [*front, picture]

    def _own_cover(self) -> Sheet | None:
        source = self.edition.value("cover-image")
        if not source:
            return None
        asset = self.job.asset(source)
        sheet = picture_sheet(asset) if asset else None
        if sheet is None:
            text = f"the cover picture {source[:120]!r} cannot be used; the theme draws the cover"
            self.found.append(diagnose("NPP740", text))
            return None
        return Sheet("cover-image", sheet.name, sheet.media_type, sheet.content, ("cover-image",))

    # ------------------------------------------------------------------ style and fount

    def css(self) -> str:
        """Return the style sheet: the common one, the theme's own laid over it, that of the profile.
        Values of the theme's `[look]` are put in their places here, because several reading systems
        know no custom properties."""
        names = ("epub.css", "epub-vertical.css") if self.vertical else ("epub.css",)
        files = [styles_folder() / theme.FALLBACK / name for name in names]
        files += [path for name in names if (path := theme.part(self.job.theme, name)) not in files]
        own = "\n".join(path.read_text(encoding="utf-8") for path in files)
        for key, value in theme.look(self.job.theme).items():
            own = own.replace(f"var(--{key})", value)
        free = "" if self.profile.body_face else "body { font-family: inherit; }"
        return "\n".join((own, free, self.profile.css, *self.job.theme.overrides))

    def fount(self, css: str, documents: Sequence[Any]) -> Fount:
        from ...typeset import faces

        fount = cut(demand([css], documents), faces.faces(), mode=self.options.embed)
        if fount.missing:
            shown = " ".join(f"{c} (U+{ord(c):04X})" for c in fount.missing[:20])
            text = f"{len(fount.missing)} characters have no glyph in the faces of the theme: {shown}"
            self.found.append(diagnose("NPP743", text, path=self.job.source_name))
        if fount.rare:
            shown = ", ".join(f"{c} U+{ord(c):04X} in {carrier}" for c, carrier in fount.rare[:40])
            text = f"{len(fount.rare)} rare characters and what carries them: {shown}"
            self.found.append(diagnose("NPP744", text, path=self.job.source_name))
        return fount

    # ------------------------------------------------------------------ everything

    def book(self) -> Book:
        from lxml import etree

        pictures, picture_sheets = self.pictures()
        pages = self.pages()
        chapters = self.chapters(pictures, pages)
        front = self.cover()
        number = identifier(self.edition)
        colophon = colophon_page(self.edition, self.title, self.lang, number)
        entries = [
            contents_of(article, number, self.file_of(number))
            for number, article in enumerate(self.edition.articles, 1)
        ]
        listing = self.page_entries(pages)
        landmarks = self.landmarks(front)
        nav = Sheet(
            "nav",
            "nav.xhtml",
            XHTML,
            navigation(self.title, [*entries, Entry(colophon.title, colophon.name)], landmarks, listing,
                       lang=self.lang, css=CSS),
            ("nav",),
            spine=self.options.contents,
        )  # fmt: skip
        css = self.css()
        around = [etree.fromstring(sheet.content) for sheet in (nav, colophon)]
        fount = self.fount(css, [*(tree for _, tree in chapters), *around])
        style = "\n".join((*(c.rule for c in fount.cuts), css))
        map_ = ncx(self.title, number, entries, listing, lang=self.lang)
        sheets = (
            *(s for s in front if s.spine),
            nav,
            *(sheet for sheet, _ in chapters),
            colophon,
            Sheet("ncx", "toc.ncx", "application/x-dtbncx+xml", map_),
            Sheet("css", CSS, "text/css", style.encode()),
            *(s for s in front if not s.spine),
            *picture_sheets,
            *(Sheet(f"font-{n}", c.name, "font/ttf", c.content) for n, c in enumerate(fount.cuts, 1)),
        )
        apple = {"META-INF/com.apple.ibooks.display-options.xml": _APPLE}
        return Book(
            sheets,
            statements(self.edition, self.title, self.facts(listing, bool(front)), number),
            tuple((kind, entry.href, entry.label) for kind, entry in landmarks),
            self.lang,
            "rtl" if self.vertical else "",
            apple if self.profile.specified_fonts else {},
            tuple(self.found),
        )

    def landmarks(self, front: Sequence[Sheet]) -> list[tuple[str, Entry]]:
        marks_ = [("cover", Entry(self.say["cover"], s.name)) for s in front if s.spine]
        if self.options.contents:  # a landmark leads into the reading order
            marks_.append(("toc", Entry(self.say["contents"], "nav.xhtml#toc")))
        marks_.append(("bodymatter", Entry(self.say["body"], self.file_of(1))))
        marks_.append(("colophon", Entry(self.say["colophon"], "colophon.xhtml")))
        return marks_

    def facts(self, pages: Sequence[Entry], cover: bool) -> Facts:
        figures = [figure for figure in self.figures() if figure.src and self.job.asset(figure.src)]
        blocks = [block for article in self.edition.articles for block in walk(article.body)]
        extra = []
        if self.profile.specified_fonts and self.options.embed != "none":
            extra.append(("ibooks:specified-fonts", "true"))
        return Facts(
            pictures=bool(figures),
            described=all(figure.alt.strip() or plain(figure.caption).strip() for figure in figures),
            pages=bool(pages),
            page_source=self.page_source(pages) if pages else "",
            ruby=any(isinstance(node, Ruby) for block in blocks for node in getattr(block, "content", ())),
            tables=any(isinstance(block, Table) for block in blocks),
            cover=cover,
            vertical=self.vertical,
            summary_lang=self.lang,
            extra=tuple(extra),
        )


def _ids(article: Article) -> Iterator[str]:
    yield article.id
    for block in walk(article.body):
        if name := getattr(block, "id", ""):
            yield name
