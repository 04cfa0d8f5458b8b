"""The copyholder: reads a forme to the layout engine.

The engine reads HTML with a parser in plain Python, which takes as long as a tenth of the layout. A forme
is well-formed XHTML but for its empty elements, as the galley sets it; where it keeps to the elements
below, each in its place, the parser of XML, in C, gives the same tree. Every other forme, and one whose
theme takes more liberties, is left to the engine's own (WHATWG HTML, 13.2.6, says what that would do).
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any
from xml.etree.ElementTree import Element, ParseError, XMLParser

__all__ = ["read", "tree"]


def _names(words: str) -> frozenset[str]:
    return frozenset(words.split())


_EMPTY = _names("br hr img meta link")
_WORDS = _names(
    "a abbr b br cite code dfn em i img kbd mark q ruby s samp small span strong sub sup time u var wbr"
) - {"wbr"}
_TITLES = _names("h1 h2 h3 h4 h5 h6")
_BLOCKS = _TITLES | _names(
    "address article aside blockquote div dl figure footer header hr main nav ol p pre section table ul"
)
_ANYTHING = _WORDS | _BLOCKS
_NOTHING = frozenset[str]()
_INSIDE: Mapping[str, frozenset[str]] = {
    **dict.fromkeys(_WORDS | _TITLES | {"p", "pre", "dt", "rt", "rp"}, _WORDS),
    **dict.fromkeys(_BLOCKS - _TITLES - {"p", "pre"}, _ANYTHING),
    **dict.fromkeys(("body", "li", "dd", "td", "th", "caption", "figcaption"), _ANYTHING),
    **dict.fromkeys(_EMPTY | {"title"}, _NOTHING),
    "html": _names("head body"),
    "head": _names("meta title link"),
    "ruby": _WORDS | {"rt", "rp"},
    "ol": _names("li"),
    "ul": _names("li"),
    "dl": _names("div dt dd"),
    "figure": _ANYTHING | {"figcaption"},
    "table": _names("caption thead tbody"),
    "thead": _names("tr"),
    "tbody": _names("tr"),
    "tr": _names("td th"),
}
"""What may stand in an element so that HTML closes and makes no others of itself."""
_NO_TEXT = _names("html head table thead tbody tr")
_ENTRY = _names("dt dd")
_LOOSE = re.compile(r"<(br|hr|img|meta|link)\b([^>]*?)/?>")
_SLASHED = re.compile(r"<(?!br\b|hr\b|img\b|meta\b|link\b)[^>]*/>|</(?:br|hr|img|meta|link)\b")
_ODD = re.compile(r"&(?!(?:amp|lt|gt|quot|#34|#39);)|<[^>]*[\t\n\r][^>]*>|<[!?]|<pre[^>]*>\n|xml:|\r")
_DOCTYPE = "<!DOCTYPE html>"


def read(weasyprint: Any, html: str, common: Mapping[str, Any]) -> Any:
    """Return the engine's document for a forme; `common` are the fetcher and the base address."""
    root = tree(html)
    if root is None:
        return weasyprint.HTML(string=html, **common)
    import cssselect2

    document = weasyprint.HTML.__new__(weasyprint.HTML)
    document.base_url, document.url_fetcher = common["base_url"], common["url_fetcher"]
    document.media_type = "print"
    document.wrapper_element = cssselect2.ElementWrapper.from_html_root(root, content_language=None)
    document.etree_element = document.wrapper_element.etree_element
    return document


def tree(html: str) -> Element | None:
    """Return the tree that a parser of HTML makes of a forme, or None where it might be another one."""
    body = html.removeprefix(_DOCTYPE).strip()
    if body == html or body.count("<") != body.count(">") or _SLASHED.search(body) or _ODD.search(body):
        return None
    parser = XMLParser()
    try:
        parser.feed(_LOOSE.sub(r"<\1\2/>", body))
        root: Element = parser.close()
    except ParseError:
        return None
    if root.tag != "html" or [child.tag for child in root] != ["head", "body"]:
        return None
    if not all(map(_in_place, root.iter())) or _links_in_links(root):
        return None
    return _spaced(root, html)


def _in_place(element: Element) -> bool:
    """Tell whether an element holds only what it may."""
    inside = _INSIDE.get(element.tag)
    if inside is None or not all(name.islower() for name in element.attrib):
        return False
    if element.tag in _NO_TEXT and _said(element):
        return False
    for child in element:
        if child.tag in inside:
            entry = element.tag == "dl" and child.tag == "div"
            if entry and any(grandchild.tag not in _ENTRY for grandchild in child):
                return False
        elif not (element.tag == "div" and child.tag in _ENTRY):
            return False
    return True


def _said(element: Element) -> bool:
    return bool((element.text or "").strip() or any((child.tail or "").strip() for child in element))


def _links_in_links(root: Element) -> bool:
    return any(inner is not link for link in root.iter("a") for inner in link.iter("a"))


def _spaced(root: Element, html: str) -> Element:
    """Put white space where a parser of HTML does: none before the head, what is after the body in it."""
    body = root[1]
    root.text, root.tail = None, None
    after = (body.tail or "") + html[len(html.rstrip()) :]
    body.tail = None
    if len(body):
        body[-1].tail = (body[-1].tail or "") + after
    else:
        body.text = (body.text or "") + after
    return root
