"""Do links lead somewhere, and does a publication carry all it needs: PDF, EPUB and HTML.

Inside links must have a target, ids must be unique, and nothing but a link that a reader follows may
point outside: a picture, font or style sheet from elsewhere is a request, and breaks without network.
"""

from __future__ import annotations

import posixpath
import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit
from zipfile import ZipFile

from ..diagnostics import Severity
from .judge import Finding, HouseJudge

__all__ = ["LINKS", "Sheet", "read_sheet"]

_FETCHING = {
    "img": ("src", "srcset"), "script": ("src",), "link": ("href",), "iframe": ("src",), "object": ("data",),
    "embed": ("src",), "source": ("src", "srcset"), "audio": ("src",), "video": ("src", "poster"),
    "track": ("src",), "image": ("href", "{http://www.w3.org/1999/xlink}href"), "input": ("src",),
    "use": ("href", "{http://www.w3.org/1999/xlink}href"), "frame": ("src",), "body": ("background",),
    "form": ("action",), "base": ("href",),
}  # fmt: skip
_CSS_URL = re.compile(r"url\(\s*([\"']?)(.*?)\1\s*\)|@import\s+([\"'])(.*?)\3", re.IGNORECASE | re.DOTALL)
_CANDIDATE = re.compile(r"([^\s,]\S*[^\s,])(?:\s[^,]*)?(?:,|$)")
_FOLLOWED = ("http", "https", "mailto", "tel")


@dataclass
class Sheet:
    """What a page points at: ids, links `(line, href)`, fetched resources `(line, url)`."""

    ids: Counter[str] = field(default_factory=Counter)
    links: list[tuple[int, str]] = field(default_factory=list)
    fetched: list[tuple[int, str]] = field(default_factory=list)


def read_sheet(data: bytes, *, xml: bool = False) -> Sheet:
    """Read the ids, links and fetched resources of an HTML or XHTML page; entities are not resolved."""
    from lxml import etree, html

    if xml:
        parser: Any = etree.XMLParser(resolve_entities=False, no_network=True, huge_tree=True)
        root = etree.fromstring(data, parser)
    else:
        root = html.document_fromstring(data, parser=html.HTMLParser(encoding="utf-8", huge_tree=True))
    sheet = Sheet()
    for element in root.iter(etree.Element):
        _note(element, sheet)
    return sheet


def _note(element: Any, sheet: Sheet) -> None:
    tag = str(element.tag).rpartition("}")[2].lower()
    line = element.sourceline or 0
    if "id" in element.attrib:
        sheet.ids[element.attrib["id"]] += 1
    if tag in ("a", "area") and "href" in element.attrib:
        sheet.links.append((line, element.attrib["href"].strip()))
    for name in _FETCHING.get(tag, ()):
        value = element.attrib.get(name, "").strip()
        if value and not (
            tag == "link" and element.attrib.get("rel", "") in ("canonical", "license", "author")
        ):
            urls = _CANDIDATE.findall(value) if name == "srcset" else [value]
            sheet.fetched += [(line, url) for url in urls]
    css = (element.text or "") if tag == "style" else element.attrib.get("style", "")
    sheet.fetched += [(line, found[1] or found[3]) for found in _CSS_URL.findall(css)]


def _examine(path: Path) -> Iterator[Finding]:
    examine = {".pdf": _pdf, ".epub": _book, ".html": _page}[path.suffix]
    yield from examine(path)


def _dead(path: Path, message: str, *, inside: str = "", line: int = 0, page: int = 0) -> Finding:
    return Finding("links", "target", Severity.ERROR, message, path, "NPP823", inside, line, page=page)


def _outside(path: Path, url: str, *, inside: str = "", line: int = 0) -> Finding:
    message = f"needs {url[:200]!r} from outside"
    return Finding("links", "outside", Severity.ERROR, message, path, "NPP824", inside, line)


def _twice(path: Path, sheet: Sheet, inside: str = "") -> Iterator[Finding]:
    for name, count in sorted(sheet.ids.items()):
        if count > 1:
            message = f"the id {name!r} stands {count} times"
            yield Finding("links", "id", Severity.ERROR, message, path, "NPP823", inside)


# --------------------------------------------------------------------------- HTML


def _page(path: Path) -> Iterator[Finding]:
    sheet = read_sheet(path.read_bytes())
    yield from _twice(path, sheet)
    for line, href in sheet.links:
        scheme = urlsplit(href).scheme.lower()
        if href.startswith("#"):
            if href != "#" and unquote(href[1:]) not in sheet.ids:
                yield _dead(path, f"no target {href!r}", line=line)
        elif scheme not in _FOLLOWED:
            yield _dead(path, f"{href[:200]!r} leads to a file or script", line=line)
    for line, url in sheet.fetched:
        if not url.startswith(("data:", "#")):
            yield _outside(path, url, line=line)


# --------------------------------------------------------------------------- EPUB


def _book(path: Path) -> Iterator[Finding]:
    with ZipFile(path) as book:
        names = set(book.namelist())
        pages = sorted(name for name in names if name.lower().endswith((".xhtml", ".html")))
        sheets = {name: read_sheet(book.read(name), xml=True) for name in pages}
        styles = {name: book.read(name) for name in sorted(names) if name.lower().endswith(".css")}
    for name, data in styles.items():
        fetched = [(0, f[1] or f[3]) for f in _CSS_URL.findall(data.decode("utf-8", "replace"))]
        yield from _resources(path, name, fetched, names)
    for name, sheet in sheets.items():
        yield from _twice(path, sheet, name)
        yield from _resources(path, name, sheet.fetched, names)
        for line, href in sheet.links:
            yield from _book_link(path, name, line, href, names, sheets)


def _resources(path: Path, name: str, fetched: list[tuple[int, str]], names: set[str]) -> Iterator[Finding]:
    for line, url in fetched:
        if url.startswith(("data:", "#")):
            continue
        if urlsplit(url).scheme or url.startswith("//"):
            yield _outside(path, url, inside=name, line=line)
        elif _entry(name, url) not in names:
            yield _dead(path, f"{url[:200]!r} is not in the book", inside=name, line=line)


def _book_link(
    path: Path, name: str, line: int, href: str, names: set[str], sheets: dict[str, Sheet]
) -> Iterator[Finding]:
    parts = urlsplit(href)
    if parts.scheme.lower() in _FOLLOWED:
        return
    target = _entry(name, href) if parts.path else name
    if parts.scheme or target not in names:
        yield _dead(path, f"{href[:200]!r} is not in the book", inside=name, line=line)
    elif parts.fragment and target in sheets and unquote(parts.fragment) not in sheets[target].ids:
        yield _dead(path, f"no target {href[:200]!r}", inside=name, line=line)


def _entry(name: str, href: str) -> str:
    return posixpath.normpath(posixpath.join(posixpath.dirname(name), unquote(urlsplit(href).path)))


# --------------------------------------------------------------------------- PDF


def _pdf(path: Path) -> Iterator[Finding]:
    import pikepdf

    with pikepdf.open(path) as pdf:
        known = _destinations(pdf)
        for number, page in enumerate(pdf.pages, 1):
            for note in page.get("/Annots", pikepdf.Array()):
                if note.get("/Subtype") != "/Link":
                    continue
                problem = _pdf_link(note, known)
                if problem:
                    yield _dead(path, problem, page=number)
        for title, action in _bookmarks(pdf):
            problem = _pdf_link(action, known)
            if problem:
                yield _dead(path, f"bookmark {title!r}: {problem}")


def _pdf_link(note: Any, known: set[str]) -> str:
    """Return what is wrong with a link annotation or bookmark, or ""."""
    import pikepdf

    action = note.get("/A", {})
    uri = action.get("/URI")
    if uri is not None:
        scheme = urlsplit(str(uri)).scheme.lower()
        return "" if scheme in _FOLLOWED else f"{str(uri)[:200]!r} leads to a file or script"
    target = note.get("/Dest", action.get("/D"))
    if target is None:
        return "leads nowhere"
    if isinstance(target, pikepdf.Array):
        return "" if len(target) and isinstance(target[0], pikepdf.Dictionary) else "leads to no page"
    return "" if str(target).lstrip("/") in known else f"no destination {str(target)!r}"


def _destinations(pdf: Any) -> set[str]:
    import pikepdf

    known = {str(name).lstrip("/") for name in pdf.Root.get("/Dests", {})}
    tree = pdf.Root.get("/Names", {}).get("/Dests")
    if tree is not None:
        known |= {str(name) for name in pikepdf.NameTree(tree)}
    return known


def _bookmarks(pdf: Any) -> Iterator[tuple[str, Any]]:
    """Yield (title, item) of every outline item; a damaged outline that loops is left at 100,000."""
    waiting = [pdf.Root.get("/Outlines", {}).get("/First")]
    for _ in range(100_000):
        if not waiting:
            return
        item = waiting.pop()
        if item is not None:
            yield str(item.get("/Title", "")), item
            waiting += [item.get("/Next"), item.get("/First")]


LINKS = HouseJudge(
    "links", "links, ids and outside resources", frozenset({".pdf", ".epub", ".html"}), _examine
)
