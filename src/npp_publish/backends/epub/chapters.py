"""Chapters: one XHTML document an article, from the galley that all formats share.

The galley gives the text and its classes; here a document gets what only a book needs: structural
semantics (`epub:type` with the matching role), page markers, pictures under names of our own, and
what a profile or vertical setting asks for.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any
from urllib.parse import quote, urlsplit

from ...model import Article, Figure, plain
from ...typeset.anchors import OutlineEntry, outline
from ...typeset.galley import article_text, set_article
from ...typeset.slug import Medium, Setting
from .lines import ease_breaks, lay_headings, let_long_names_break, span_sentences, upright_digits
from .pages import Mark, place
from .sheets import XHTML, Entry, Sheet, fit_label, page

__all__ = ["chapter", "contents_of", "label_of"]

_NS = "http://www.w3.org/1999/xhtml"
_X = f"{{{_NS}}}"
_EPUB_TYPE = "{http://www.idpf.org/2007/ops}type"

# class -> (epub:type, role); only where the vocabularies know the thing (EPUB Structural Semantics
# 1.1, DPUB-ARIA 1.1) and HTML allows the role on the element that carries the class.
_SEMANTICS: Mapping[str, tuple[str, str]] = {
    "subtitle": ("subtitle", "doc-subtitle"),
}


_URL_MARKS = "!#$%&'()*+,/:;=?@~"
_ELSEWHERE = re.compile(r"a[0-9]+\.xhtml#[A-Za-z]")  # made by us: another article of the book
_NO_HOST = ' <>"{}|\\^`'


def label_of(article: Article, number: int) -> str:
    """Return a label that is never empty: the title, else the beginning of the text, else a number."""
    for text in (plain(article.title), *article_text(article)):
        label = fit_label(text, 40 if text is not plain(article.title) else 120)
        if label:
            return label
    return f"（{number}）"


def contents_of(article: Article, number: int, file: str) -> Entry:
    """Return the contents entry of one anchored article with its sections and boxes."""

    def below(entries: Sequence[OutlineEntry]) -> Iterator[Entry]:
        for entry in entries:
            label = fit_label(plain(entry.title))
            children = tuple(below(entry.children))
            if label:
                yield Entry(label, f"{file}#{entry.id}", children)
            else:
                yield from children

    return Entry(label_of(article, number), file, tuple(below(outline(article).children)))


def chapter(
    article: Article,
    *,
    number: int,
    file: str,
    lang: str,
    css: str,
    pictures: Mapping[str, str],
    homes: Mapping[str, str],
    marks: Sequence[Mark] = (),
    sentence_spans: bool = False,
    vertical: bool = False,
) -> tuple[Sheet, Any]:
    """Return the document of one anchored article, and its parsed tree.

    `pictures` maps a figure's source to the file in the book; `homes` maps ids to the file that
    holds them (links across articles); `marks` are the page markers.
    """
    from lxml import etree

    def picture(figure: Figure) -> str | None:
        return pictures.get(figure.src)

    def href(target: str) -> str:
        home = homes.get(target, "")
        return f"#{target}" if home in ("", file) else f"{home}#{target}"

    setting = Setting(Medium.REFLOW, picture=picture, href=href, note_prefix=f"{article.id}-n")
    title = label_of(article, number)
    whole = page(title, set_article(article, setting), lang=lang, css=css, kind="bodymatter")
    parser = etree.XMLParser(huge_tree=True, resolve_entities=False, no_network=True)
    root: Any = etree.fromstring(whole, parser)
    body = root.find(f"{_X}body")
    _give_semantics(body)
    place(body.find(f"{_X}article"), marks)
    _mend_links(body)
    _demote_empty(body)
    lay_headings(body)
    ease_breaks(body)
    let_long_names_break(body)
    if vertical:
        upright_digits(body)
    if sentence_spans:
        span_sentences(body)
    content = etree.tostring(root, encoding="utf-8", xml_declaration=True, doctype="<!DOCTYPE html>")
    return Sheet(file.removesuffix(".xhtml"), file, XHTML, content + b"\n", spine=True, title=title), root


def _give_semantics(body: Any) -> None:
    for node in body.iter(f"{_X}p", f"{_X}aside"):
        for name in (node.get("class") or "").split():
            if name in _SEMANTICS and node.get("role") is None:
                kind, role = _SEMANTICS[name]
                node.set(_EPUB_TYPE, kind)
                if role:
                    node.set("role", role)


def _mend_links(body: Any) -> None:
    """Write outgoing links as URLs may be written; what is none, or points at a place that is
    nowhere in the book, is text without a link."""
    places = {f"#{node.get('id')}" for node in body.iter() if isinstance(node.tag, str)}
    for node in list(body.iter(f"{_X}a")):
        href = node.get("href", "")
        if href in places or _ELSEWHERE.match(href):
            continue
        try:
            host = urlsplit(href).netloc
        except ValueError:
            host = ""
        if href.startswith("mailto:") or (host and host.isprintable() and not set(host) & set(_NO_HOST)):
            node.set("href", quote(href, safe=_URL_MARKS))
        else:
            node.tag = f"{_X}span"
            del node.attrib["href"]


def _demote_empty(body: Any) -> None:
    """Turn headings without text into plain blocks: a screen reader would announce nothing."""
    empty = set()
    for node in list(body.iter(*(f"{_X}h{level}" for level in range(1, 7)))):
        if not "".join(node.itertext()).strip():
            node.tag = f"{_X}div"
            empty.add(node.get("id"))
    for node in body.iter():
        if isinstance(node.tag, str) and node.get("aria-labelledby") in empty:
            del node.attrib["aria-labelledby"]
