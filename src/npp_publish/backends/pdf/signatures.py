"""Signatures: a long edition cut into sheets that are set apart and bound together afterwards.

Printers fold a book from signatures; here one is a run of whole articles. In a long edition the first
article of each begins a page, so that its pages are the same whether it is set alone or with all
others. Where style sheets ask for something that depends on the pages before (the number of all
pages, counters of their own), the edition is set in one piece.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

__all__ = ["LONG", "SIZE", "Signature", "cut", "is_long", "separable", "whole"]

LONG = 50_000
"""Characters of HTML text from which on an edition is long: some forty pages."""
SIZE = 16_000
"""Characters after which an article begins a new signature: some fifteen pages."""

_ARTICLE = re.compile(r"<article\b[^>]*>|</article>")
_TAG = re.compile(r"<[^>]*>")
_BODY = re.compile(r"<body\b[^>]*>")
_ID = re.compile(r'\sid="([^"]*)"')
_NOTE = re.compile(r'<span class="footnote"')
_REFERENCE = re.compile(r'<a\b[^>]*\bhref="#')
_OF_THE_EDITION = re.compile(r"<meta\s[^>]*\bname=[^>]*>\s*|(?<=<title>)[^<]*(?=</title>)")
"""What tells of the whole edition: the first signature does, and a new keyword does not concern others."""
_LEAD = ' style="break-before: page; margin-top: 0"'
_ENTANGLED = re.compile(
    r"""counters?\(\s*pages\b | target-text\( | target-counters\( | \brunning\( | \belement\(
    | break-(?:before|after)\s*:\s*(?:left|right|recto|verso) | :blank
    | position\s*:\s*fixed | :nth\( | @note-area
    | (?:\b(?:html|body|main|article)|:root)[^\s{]*:has\(
    | counter-(?:reset|set|increment)\s*:\s*(?!none\b) | (?<![-\w])counters?\((?!\s*page\b) """,
    re.VERBOSE,
)
"""What looks at pages or elements of other signatures."""
_COUNTING = re.compile(r"([^\s>+~,{}();]*)\s*(?:~(?!=)|(:nth-))")
"""What looks at all the elements beside another, and the element from which it looks."""
_PRELUDE = re.compile(r"[^{};]+(?={)")
_CLASSES = re.compile(r'\sclass="([^"]*)"')
_NAME = re.compile(r"[\w-]+")
_CLASS = re.compile(r"\.([\w-]+)")
_COMMENT = re.compile(r"/\*.*?\*/", re.DOTALL)


@dataclass(frozen=True, slots=True)
class Signature:
    """One part of the edition as a document of its own.

    `anchors`: the ids that stand in it; `refers`: whether it has links within the edition, whose page
    numbers may be printed; `single`: its sheet of rules for single elements.
    """

    html: str
    anchors: frozenset[str]
    refers: bool
    single: str = ""


@dataclass(frozen=True, slots=True)
class _Parts:
    """The forme, cut: what stands before the articles, these themselves, what stands after them."""

    before: str
    articles: tuple[str, ...]
    after: str


def separable(css: Sequence[str]) -> bool:
    """Tell whether style sheets allow that signatures are set apart."""
    return not any(_ENTANGLED.search(_COMMENT.sub("", sheet)) for sheet in css)


def cut(
    html: str, *, long: int = LONG, size: int = SIZE, css: Sequence[str] | None = None
) -> tuple[Signature, ...]:
    """Cut a forme into signatures; none where it is short, or no run of articles side by side.

    The first holds what stands before the articles. The others keep the articles before and after
    them as empty elements that are not shown, so that selectors find the same neighbours: all, or those
    at which the style sheets can look, where these are given.
    """
    parts = _parts(html)
    if parts is None or _length(html) < long:
        return ()
    runs = list(_runs(parts, size))
    if len(runs) < 2:
        return ()
    stubs = [_stub(article) for article in parts.articles]
    near = _near(css, parts) if css is not None else len(stubs)
    made, notes = [], 0
    for first, last in runs:
        body = "".join(parts.articles[first:last])
        before = parts.before if first == 0 else _head(parts.before, notes)
        lead, tail = _stubs(stubs, first, last, near)
        text = before + lead + _led(body, first) + tail + parts.after
        own = parts.before + body if first == 0 else body
        anchors = frozenset(_ID.findall(own))
        made.append(Signature(text, anchors, bool(_REFERENCE.search(own))))
        notes += len(_NOTE.findall(own))
    return tuple(made)


def whole(html: str, *, long: int = LONG, size: int = SIZE) -> str:
    """Return the forme in one piece, with the same articles at the head of a page."""
    parts = _parts(html)
    if parts is None or _length(html) < long:
        return html
    leads = {first for first, _ in _runs(parts, size)}
    body = "".join(_led(a, n) if n in leads else a for n, a in enumerate(parts.articles))
    return parts.before + body + parts.after


def is_long(html: str, *, long: int = LONG) -> bool:
    """Tell whether a forme has so much text that it may be set in signatures."""
    return _length(html) >= long


def _led(article: str, number: int) -> str:
    """Let an article begin a page, unless it is the very first."""
    return article.replace(">", _LEAD + ">", 1) if number else article


def _length(html: str) -> int:
    return len(_TAG.sub("", html))


def _runs(parts: _Parts, size: int) -> Iterator[tuple[int, int]]:
    """Yield [first, last) of the articles of each signature. The first article stays alone, as the
    contents before it are set twice."""
    first, held = 0, size
    for number, article in enumerate(parts.articles):
        if number and held >= size:
            yield first, number
            first, held = number, 0
        held += _length(article)
    yield first, len(parts.articles)


def _parts(html: str) -> _Parts | None:
    """Cut at the articles; None where they lie in one another or have anything between them."""
    start, stop, articles, opened = 0, 0, [], -1
    for tag in _ARTICLE.finditer(html):
        if tag[0].startswith("</"):
            if opened < 0:
                return None
            articles.append(html[opened : tag.end()])
            stop, opened = tag.end(), -1
        elif opened >= 0 or (articles and html[stop : tag.start()].strip()) or "style=" in tag[0]:
            return None
        else:
            opened = tag.start()
            start = start if articles else opened
    if opened >= 0 or not articles:
        return None
    return _Parts(html[:start], tuple(articles), html[stop:])


def _stubs(stubs: Sequence[str], first: int, last: int, near: int) -> tuple[str, str]:
    """Return what stands for the articles before and after [first, last)."""
    before, after = stubs[:first], stubs[last:]
    if len(before) > near:
        before = [before[0], *before[-near:]]
    if len(after) > near:
        after = [*after[:near], after[-1]]
    return "".join(before), "".join(after)


def _near(css: Sequence[str], parts: _Parts) -> int:
    """Return at how many articles to either side style sheets may look, besides the first and the last:
    all where one looks at them from an article, or counts elements that may stand beside them."""
    openings = "".join(article[: article.index(">") + 1] for article in parts.articles)
    around = parts.before + openings + parts.after
    plus = 1
    for sheet in css:
        for prelude in _PRELUDE.findall(_COMMENT.sub("", sheet)):
            plus = max(plus, prelude.count("+"))
            for element, counts in _COUNTING.findall(prelude):
                if ":nth-last" in prelude or _among(element, around if counts else openings):
                    return len(parts.articles)
    return plus


def _among(element: str, html: str) -> bool:
    """Tell whether a part of a selector may be for one of the elements of `html`."""
    tag = _NAME.match(element)
    if tag and f"<{tag[0]}" not in html:
        return False
    classes = {name for names in _CLASSES.findall(html) for name in names.split()}
    return classes.issuperset(_CLASS.findall(element))


def _stub(article: str) -> str:
    opening = article[: article.index(">")]
    return _ID.sub("", opening) + ' style="display: none"></article>'


def _head(before: str, notes: int) -> str:
    """Return the head of the document and an empty body, in which notes go on from `notes`."""
    body = _BODY.search(before)
    assert body is not None
    shell = "".join(_shells(before[body.end() :]))
    opening = body[0][:-1] + f' style="counter-reset: footnote {notes}">'
    return _OF_THE_EDITION.sub("", before[: body.start()]) + opening + shell


_ELEMENT = re.compile(r"<(/?)([a-zA-Z][\w-]*)([^>]*)>")
_VOID = frozenset("area base br col embed hr img input link meta source track wbr".split())  # noqa: SIM905


def _shells(front: str) -> Iterator[str]:
    """Yield the elements that stand before the articles as empty ones, and those still open as they are."""
    depth: list[tuple[str, str]] = []
    closed: list[list[str]] = [[]]
    for slash, name, attributes in _ELEMENT.findall(front):
        if slash and depth and depth[-1][0] == name:
            kind, words = depth.pop()
            closed.pop()
            closed[-1].append(f'<{kind}{words} style="display: none"></{kind}>')
        elif not slash and name not in _VOID and not attributes.endswith("/"):
            depth.append((name, _without_id(attributes)))
            closed.append([])
    for (kind, words), inner in zip([("", ""), *depth], closed, strict=True):
        if kind:
            yield f"<{kind}{words}>"
        yield from inner


def _without_id(attributes: str) -> str:
    return re.sub(r'\sstyle="[^"]*"', "", _ID.sub("", attributes))
