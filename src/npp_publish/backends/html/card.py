"""The calling card of a page: what search engines, shared links and libraries read of it.

schema.org `NewsArticle` as JSON-LD, Open Graph, and the plain `meta` names of HTML. Only what the
edition states is said; a date that was inferred is shown to readers with its evidence, but not
given to machines as if it had been printed.

Sources: schema.org/NewsArticle, ogp.me, HTML Standard 4.2.5.1.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

from ...model import Article, Edition, Inlines, Role, Styled, Tagged, plain
from ...typeset.dates import machine_date

__all__ = ["authors", "linked_data", "names", "properties"]

_LONGEST = 300


def authors(article: Article) -> tuple[tuple[Role, str], ...]:
    """Return the agencies and persons of an article's bylines, in order, each once."""
    found = [
        (role, name)
        for byline in article.bylines
        for role, name in _tagged(byline.content)
        if role in (Role.AGENCY, Role.AUTHOR) and name
    ]
    return tuple(dict.fromkeys(found))


def _tagged(content: Inlines) -> Iterator[tuple[Role, str]]:
    for node in content:
        if isinstance(node, Tagged):
            yield node.role, _line(plain(node.content))
        elif isinstance(node, Styled):
            yield from _tagged(node.content)


def names(edition: Edition) -> tuple[tuple[str, str], ...]:
    """Return the `meta` names of HTML with their values."""
    stated = [value.value for key, value in edition.metadata if key == "author" and value.value]
    people = [name for article in edition.articles for _, name in authors(article)]
    keywords = [word for article in edition.articles for word in article.keywords]
    pairs = (
        ("description", _line(edition.value("description"))[:_LONGEST]),
        ("author", "、".join(dict.fromkeys(stated or people))[:_LONGEST]),
        ("keywords", "、".join(dict.fromkeys(keywords))[:_LONGEST]),
        ("generator", "npp-publish"),
    )
    return tuple(pair for pair in pairs if pair[1])


def properties(edition: Edition, title: str) -> tuple[tuple[str, str], ...]:
    """Return the Open Graph properties with their values."""
    article = edition.articles[0] if edition.articles else Article("")
    pairs = [
        ("og:type", "article"),
        ("og:title", title),
        ("og:site_name", edition.value("news.paper")),
        ("og:locale", _locale(edition.lang)),
        ("og:description", _line(edition.value("description"))[:_LONGEST]),
        ("article:published_time", _printed_date(edition)),
        ("article:section", _line(plain(article.kicker))),
        *(("article:author", name) for _, name in authors(article)),
    ]
    return tuple(pair for pair in pairs if pair[1])


def _locale(lang: str) -> str:
    """`zh-Hans` is zh_CN, `zh-Hant` zh_TW unless a region is named."""
    parts = lang.split("-")
    region = next((part.upper() for part in parts[1:] if len(part) == 2 and part.isascii()), "")
    if not region and parts[0] == "zh":
        region = "TW" if "Hant" in parts else "CN"
    return f"{parts[0]}_{region}" if region else parts[0]


def linked_data(edition: Edition) -> str:
    """Return the JSON-LD of all articles, safe inside a `script` element: no `<`, `>` or `&` is
    left in it (HTML Standard 4.12.1.3: `</script` and `<!--` would end or change it)."""
    articles = [_article(article, edition) for article in edition.articles]
    graph: dict[str, Any] = {"@context": "https://schema.org"}
    graph |= articles[0] if len(articles) == 1 else {"@graph": articles}
    text = json.dumps(graph, ensure_ascii=False, separators=(",", ":"))
    for char in "<>&\u2028\u2029":
        text = text.replace(char, f"\\u{ord(char):04x}")
    return text.encode("utf-8", "replace").decode("utf-8")


def _article(article: Article, edition: Edition) -> dict[str, Any]:
    keywords = [*article.keywords]
    facts: dict[str, Any] = {
        "@type": "NewsArticle",
        "@id": f"#{article.id}",
        "headline": _line(plain(article.title)) or edition.title,
        "alternativeHeadline": _line(plain(article.subtitle)),
        "articleSection": _line(plain(article.kicker)),
        "inLanguage": article.lang or edition.lang,
        "author": [_author(role, name) for role, name in authors(article)],
        "dateline": _line(plain(article.dateline.content)) if article.dateline else "",
        "datePublished": _printed_date(edition),
        "printPage": "、".join(article.pages) or edition.value("news.page"),
        "keywords": keywords,
        "publisher": _named("Organization", edition.value("publisher")),
        "isPartOf": _named("Newspaper", edition.value("news.paper")),
        "copyrightNotice": _line(edition.value("rights")),
    }
    return {key: value for key, value in facts.items() if value}


def _author(role: Role, name: str) -> dict[str, str]:
    return {"@type": "Person" if role is Role.AUTHOR else "NewsMediaOrganization", "name": name}


def _named(kind: str, name: str) -> dict[str, str]:
    return {"@type": kind, "name": name} if name else {}


def _printed_date(edition: Edition) -> str:
    for key in ("news.edition-date", "date"):
        stated = edition.stated(key)
        if stated and stated.printed and (date := machine_date(stated.value)):
            return date
    return ""


def _line(text: str) -> str:
    return " ".join(text.split())
