"""What the package says of the book: Dublin Core, roles, newspaper fields, accessibility.

Sources: EPUB 3.3 section 5.5 (metadata) and its vocabularies, MARC relators (`aut`, `pht`, `ctb`),
PRISM 3.0 for the newspaper fields, EPUB Accessibility 1.1 and schema.org. A feature is named only
where the book has it; a date that was inferred carries its evidence.
"""

from __future__ import annotations

import hashlib
import uuid
from collections.abc import Iterator
from dataclasses import dataclass, field

from ...model import Article, Edition, Inline, Role, Stated, Styled, Tagged, plain
from ...typeset.dates import machine_date
from .sheets import fit_label, xml_text

__all__ = ["Facts", "Statement", "creators", "identifier", "statements"]

PREFIXES = {
    "news": "urn:npp-publish:news#",
    "prism": "http://prismstandard.org/namespaces/basic/3.0/",
    "ibooks": "http://vocabulary.itunes.apple.com/rdf/ibooks/vocabulary-extensions-1.0/",
}
_SPACE = uuid.uuid5(uuid.NAMESPACE_URL, "npp-publish:edition")

_PRISM = {
    "news.paper": "prism:publicationName",
    "news.edition-date": "prism:coverDate",
    "news.page": "prism:startingPage",
    "news.issue": "prism:issueIdentifier",
    "news.edition": "prism:edition",
}


@dataclass(frozen=True, slots=True)
class Statement:
    """One metadata element: `dc:...` name or `meta` property, value, attributes."""

    name: str
    value: str
    attributes: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Facts:
    """What the book really holds; accessibility metadata is said from this and nothing else."""

    pictures: bool = False
    described: bool = True
    pages: bool = False
    page_source: str = ""
    ruby: bool = False
    tables: bool = False
    cover: bool = True
    vertical: bool = False
    summary_lang: str = "zh-Hans"
    extra: tuple[tuple[str, str], ...] = field(default=())


def identifier(edition: Edition) -> str:
    """Return the identifier stated in the edition, else one made from its content (UUID version 5)."""
    stated = xml_text(edition.value("identifier")).strip()
    if stated:
        return stated
    digest = hashlib.sha256(repr((edition.title, edition.lang, edition.metadata)).encode("utf-8", "replace"))
    for article in edition.articles:
        digest.update(repr(article).encode("utf-8", "replace"))
    return f"urn:uuid:{uuid.uuid5(_SPACE, digest.hexdigest())}"


def _tagged(nodes: tuple[Inline, ...], role: Role) -> Iterator[str]:
    for node in nodes:
        if isinstance(node, Tagged) and node.role is role:
            yield " ".join(plain(node.content).split())
        elif isinstance(node, Tagged | Styled):
            yield from _tagged(node.content, role)


def _signed(article: Article, role: Role) -> Iterator[str]:
    for byline in article.bylines:
        yield from _tagged(byline.content, role)
    if article.dateline:
        yield from _tagged(article.dateline.content, role)


def creators(edition: Edition) -> tuple[tuple[str, str, str], ...]:
    """Return (element, name, MARC relator) of everybody who made the edition, each once.

    Authors are creators; an agency is the creator of an article that names no author, and a
    contributor elsewhere.
    """
    people: dict[str, tuple[str, str]] = {}
    for name, stated in edition.metadata:
        if name == "author" and stated.value.strip():
            people.setdefault(stated.value.strip(), ("creator", "aut"))
    agencies: dict[str, tuple[str, str]] = {}
    for article in edition.articles:
        authors = [name for name in _signed(article, Role.AUTHOR) if name]
        people.update((name, ("creator", "aut")) for name in authors if name not in people)
        for agency in _signed(article, Role.AGENCY):
            if agency and (agency not in agencies or not authors):
                agencies[agency] = ("contributor", "ctb") if authors else ("creator", "aut")
    for name, (element, relator) in agencies.items():
        people.setdefault(name, (element, relator))
    return tuple((element, xml_text(name), relator) for name, (element, relator) in people.items())


def _all(edition: Edition, key: str) -> Iterator[Stated]:
    return (value for name, value in edition.metadata if name == key and xml_text(value.value).strip())


def _subjects(edition: Edition) -> Iterator[str]:
    seen: dict[str, None] = {}
    for stated in _all(edition, "subject"):
        seen.setdefault(stated.value)
    for article in edition.articles:
        for word in article.keywords:
            seen.setdefault(word)
    return iter(seen)


def _core(edition: Edition, title: str, number: str) -> Iterator[Statement]:
    yield Statement("dc:identifier", number, (("id", "id"),))
    yield Statement("dc:title", title, (("id", "title"),))
    yield Statement("meta", "main", (("property", "title-type"), ("refines", "#title")))
    yield Statement("dc:language", edition.lang or "zh-Hans")
    for count, (element, name, relator) in enumerate(creators(edition), 1):
        yield Statement(f"dc:{element}", name, (("id", f"maker-{count}"),))
        about = (("property", "role"), ("refines", f"#maker-{count}"), ("scheme", "marc:relators"))
        yield Statement("meta", relator, about)
    for key in ("publisher", "rights", "description"):
        for stated in _all(edition, key):
            yield Statement(f"dc:{key}", xml_text(stated.value))
    for subject in _subjects(edition):
        if xml_text(subject).strip():
            yield Statement("dc:subject", xml_text(subject))


def _paper(edition: Edition) -> Iterator[Statement]:
    paper = edition.value("news.paper")
    date = edition.stated("date") or edition.stated("news.edition-date")
    machine = machine_date(date.value) if date else ""
    if machine[:4].isdigit():  # dc:date takes W3C date and time only, and no day without its year
        yield Statement("dc:date", machine, (("id", "date"),))
    if paper and not edition.value("publisher"):
        yield Statement("dc:publisher", xml_text(paper))
    source = "，".join(part for part in (paper, date.value if date else "", _page(edition)) if part)
    if source:
        yield Statement("dc:source", xml_text(source), (("id", "source"),))
    for key, term in _PRISM.items():
        for stated in _all(edition, key):
            yield Statement("meta", xml_text(stated.value), (("property", term),))
    if date and machine[:4].isdigit() and not date.printed and date.evidence:
        about = (("property", "news:evidence"), ("refines", "#date"))
        yield Statement("meta", fit_label(date.evidence, 400), about)


def _page(edition: Edition) -> str:
    number = edition.value("news.page")
    return f"第{number}版" if number.isdigit() else number


def _features(facts: Facts) -> Iterator[str]:
    yield from ("tableOfContents", "readingOrder", "structuralNavigation", "displayTransformability")
    if facts.described and (facts.pictures or facts.cover):
        yield "alternativeText"
    if facts.pages:
        yield from ("pageBreakMarkers", "pageNavigation")
    if facts.ruby:
        yield "rubyAnnotations"


_SUMMARY = {
    "hans": (
        "本书为可重排的文字出版物：有目录、导览与标题层级，阅读顺序与版面一致，"
        "字号、字体、颜色可由读者自行设定{pictures}{pages}；无声音、动画与脚本，无已知的安全风险。"
    ),
    "hant": (
        "本書為可重排的文字出版物：有目錄、導覽與標題層級，閱讀順序與版面一致，"
        "字級、字體、顏色可由讀者自行設定{pictures}{pages}；無聲音、動畫與指令碼，無已知的安全風險。"
    ),
    "en": (
        "Reflowable text with a table of contents, landmarks and a heading structure in reading order; "
        "size, typeface and colours follow the reader's settings{pictures}{pages}. No sound or scripts."
    ),
}
_PARTS = {
    "hans": ("，图片附有文字说明", "，并标出报纸版次或页码"),
    "hant": ("，圖片附有文字說明", "，並標出報紙版次或頁碼"),
    "en": ("; pictures are described", "; page markers refer to the newspaper"),
}


def summary(facts: Facts) -> str:
    """Return the accessibility summary in the language of the document, from the facts alone."""
    tag = facts.summary_lang.lower()
    traditional = any(mark in tag for mark in ("hant", "-tw", "-hk", "-mo"))
    key = "en" if not tag.startswith("zh") else "hant" if traditional else "hans"
    pictures, pages = _PARTS[key]
    return _SUMMARY[key].format(
        pictures=pictures if facts.pictures and facts.described else "", pages=pages if facts.pages else ""
    )


def _access(facts: Facts) -> Iterator[Statement]:
    def say(term: str, value: str) -> Statement:
        return Statement("meta", value, (("property", f"schema:{term}"),))

    yield say("accessMode", "textual")
    if facts.pictures:
        yield say("accessMode", "visual")
    if facts.described:
        yield say("accessModeSufficient", "textual")
    if facts.pictures:
        yield say("accessModeSufficient", "textual,visual")
    for feature in _features(facts):
        yield say("accessibilityFeature", feature)
    yield say("accessibilityHazard", "none")
    yield say("accessibilitySummary", summary(facts))


def statements(edition: Edition, title: str, facts: Facts, number: str = "") -> tuple[Statement, ...]:
    """Return all metadata of the package, in the order they are written; `number` is the `identifier`, if
    that was made before."""
    found = [*_core(edition, title, number or identifier(edition)), *_paper(edition), *_access(facts)]
    if facts.page_source:
        found.append(Statement("meta", facts.page_source, (("property", "pageBreakSource"),)))
    found += [Statement("meta", value, (("property", term),)) for term, value in facts.extra]
    return tuple(found)
