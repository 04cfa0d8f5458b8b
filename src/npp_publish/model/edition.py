"""The edition (stages 4-8): articles with their credits, metadata with its evidence, and the ledger."""

from __future__ import annotations

from dataclasses import dataclass, field

from ..diagnostics import Diagnostic
from .page import LedgerEntry, Source
from .tree import Element, Inlines

__all__ = [
    "Article",
    "Byline",
    "Dateline",
    "Edition",
    "Jump",
    "Normalized",
    "Stated",
]


@dataclass(frozen=True, slots=True)
class Byline:
    """Who wrote it: the printed line with agencies, roles and names tagged in `content`."""

    content: Inlines
    lines: tuple[int, ...] = field(default=(), compare=False)


@dataclass(frozen=True, slots=True)
class Dateline:
    """Where and when it was filed: the printed line with agency, place and date tagged."""

    content: Inlines
    lines: tuple[int, ...] = field(default=(), compare=False)


@dataclass(frozen=True, slots=True)
class Jump:
    """A jump (下转) or continuation (上接) line; the page number is tagged `PAGE`."""

    content: Inlines
    lines: tuple[int, ...] = field(default=(), compare=False)


@dataclass(frozen=True, slots=True)
class Stated:
    """A metadata value and how it is known: printed on the page or inferred, with its evidence."""

    value: str
    printed: bool = True
    evidence: str = ""
    lines: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class Article:
    """One article. Every part may be absent; an untitled article has an empty `title`.

    `id` is ASCII (`a1`); `pages` are newspaper pages (版), for an article that jumps more than one.
    """

    id: str
    title: Inlines = ()
    kicker: Inlines = ()
    subtitle: Inlines = ()
    bylines: tuple[Byline, ...] = ()
    dateline: Dateline | None = None
    continued_from: Jump | None = None
    continued_to: Jump | None = None
    body: tuple[Element, ...] = ()
    pages: tuple[str, ...] = ()
    lang: str = ""
    keywords: tuple[str, ...] = ()
    lines: tuple[int, ...] = field(default=(), compare=False)


@dataclass(frozen=True, slots=True)
class Edition:
    """One publication: metadata and articles.

    `lang` is a BCP 47 tag (`zh-Hans`). `metadata` holds the front matter's own names, those of
    pandoc (`author date identifier publisher rights subject description cover-image`) and
    `news.paper`, `news.edition-date`, `news.page` ..., each with how it is known.
    `extra` is canonical JSON of front-matter keys that we do not interpret (backend options).
    """

    title: str
    lang: str
    articles: tuple[Article, ...]
    metadata: tuple[tuple[str, Stated], ...] = ()
    extra: str = "{}"

    def stated(self, key: str) -> Stated | None:
        """Return one metadata value with its evidence, or None."""
        return next((value for name, value in self.metadata if name == key), None)

    def value(self, key: str, default: str = "") -> str:
        """Return one metadata value, or `default`."""
        found = self.stated(key)
        return found.value if found else default


@dataclass(frozen=True, slots=True)
class Normalized:
    """What stages 1-4 return: the edition, the ledger of every source character, findings."""

    source: Source
    edition: Edition
    ledger: tuple[LedgerEntry, ...]
    diagnostics: tuple[Diagnostic, ...] = ()
