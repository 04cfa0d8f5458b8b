"""The quick judge of a finished EPUB: what EPUBCheck would refuse first, checked in the process.

Container (mimetype first, stored, alone in its right), package (every item there and declared,
ids unique, spine and navigation complete), documents (well-formed, ids unique, every link and
picture resolves, no script, no event handler, nothing remote).

Sources: EPUB 3.3 and OCF 3.3; the numbers of their sections stand at the checks.
"""

from __future__ import annotations

import posixpath
import re
import zipfile
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

__all__ = ["Fault", "inspect"]

Fault = tuple[str, str]
_OPF = "{http://www.idpf.org/2007/opf}"
_XHTML = "{http://www.w3.org/1999/xhtml}"
_CONTAINER = "{urn:oasis:names:tc:opendocument:xmlns:container}"
_NCX = "{http://www.daisy.org/z3986/2005/ncx/}"
_LARGEST = 512 * 2**20
_URL = re.compile(r"url\(\s*['\"]?([^'\")]*)", re.IGNORECASE)
_FORBIDDEN = frozenset(
    f"{_XHTML}{tag}" for tag in ("script", "iframe", "object", "embed", "form", "base", "applet")
)


def inspect(path: Path, trees: dict[str, Any] | None = None) -> list[Fault]:
    """Return the faults of an EPUB as (place in the book, what is wrong); empty where it is sound. Documents
    that were parsed for it are put into `trees`."""
    try:
        with zipfile.ZipFile(path) as archive:
            faults = list(_container(archive))
            if faults:
                return faults
            return list(_Book(archive, {} if trees is None else trees).faults())
    except (zipfile.BadZipFile, OSError, KeyError, ValueError, RuntimeError) as error:
        return [(path.name, f"not a readable EPUB: {error}")]


def _container(archive: zipfile.ZipFile) -> Iterator[Fault]:
    """OCF 3.3 sections 4.2 and 4.3."""
    entries = archive.infolist()
    first = entries[0] if entries else None
    if first is None or first.filename != "mimetype" or first.extra:
        yield "mimetype", "must be the first entry, without an extra field"
        return
    if first.compress_type != zipfile.ZIP_STORED or archive.read(first) != b"application/epub+zip":
        yield "mimetype", "must be stored and hold application/epub+zip"
    if sum(entry.file_size for entry in entries) > _LARGEST:
        yield "container", "more than 512 MB unpacked"
    names = Counter(entry.filename.casefold() for entry in entries)
    for entry in entries:
        name = entry.filename
        if names[name.casefold()] > 1:
            yield name, "two entries of this name"
        if not name.isascii() or name.startswith("/") or ".." in name.split("/") or "\\" in name:
            yield name, "unsafe entry name"


class _Book:
    """One open book: parsed once, questioned several times."""

    def __init__(self, archive: zipfile.ZipFile, trees: dict[str, Any]) -> None:
        self.archive, self.trees = archive, trees
        self.names = set(archive.namelist())
        self.ids: dict[str, set[str]] = {}
        self.broken: list[Fault] = []

    def parse(self, name: str) -> Any:
        from lxml import etree

        if name not in self.trees:
            parser = etree.XMLParser(resolve_entities=False, no_network=True, huge_tree=True)
            try:
                self.trees[name] = etree.fromstring(self.archive.read(name), parser)
            except (etree.XMLSyntaxError, KeyError) as error:
                self.broken.append((name, f"not well-formed: {error}"))
                self.trees[name] = None
            tree = self.trees[name]
            found = [id for id in tree.xpath("//@id", smart_strings=False) if id] if tree is not None else []
            self.ids[name] = set(found)
            for twice, count in Counter(found).items():
                if count > 1:
                    self.broken.append((name, f"the id {twice!r} stands {count} times"))
        return self.trees[name]

    def faults(self) -> Iterator[Fault]:
        package_name = self.package()
        package = self.parse(package_name) if package_name else None
        if package is None:
            yield from self.broken or [("META-INF/container.xml", "names no package document")]
            return
        base = posixpath.dirname(package_name)
        items = {
            item.get("id", ""): (posixpath.join(base, unquote(item.get("href", ""))), item)
            for item in package.iter(f"{_OPF}item")
        }
        yield from self.manifest(package_name, base, items)
        yield from self.reading_order(package_name, package, items)
        for name, item in items.values():
            if name in self.names:
                yield from self.item(name, item.get("media-type", ""))
        yield from self.broken

    def package(self) -> str:
        tree = self.parse("META-INF/container.xml")
        if tree is None:
            return ""
        roots = [node.get("full-path", "") for node in tree.iter(f"{_CONTAINER}rootfile")]
        return roots[0] if roots and roots[0] in self.names else ""

    def manifest(self, package: str, base: str, items: dict[str, tuple[str, Any]]) -> Iterator[Fault]:
        """EPUB 3.3 section 5.6: every resource is listed once and is there."""
        listed = Counter(name for name, _ in items.values())
        for name, count in listed.items():
            if name not in self.names:
                yield package, f"the manifest lists {name}, which is not in the book"
            if count > 1:
                yield package, f"the manifest lists {name} {count} times"
        for name in sorted(self.names - set(listed) - {package, "mimetype"}):
            if not name.startswith("META-INF/"):
                yield package, f"{name} is in the book but not in the manifest"

    def reading_order(self, package: str, tree: Any, items: dict[str, tuple[str, Any]]) -> Iterator[Fault]:
        """EPUB 3.3 sections 5.5.3 (required metadata), 5.7 (spine), 7 (navigation)."""
        for name in ("identifier", "title", "language"):
            nodes = list(tree.iter(f"{{http://purl.org/dc/elements/1.1/}}{name}"))
            if not any((node.text or "").strip() for node in nodes):
                yield package, f"no dc:{name}"
        if not [m for m in tree.iter(f"{_OPF}meta") if m.get("property") == "dcterms:modified"]:
            yield package, "no dcterms:modified"
        spine = [ref.get("idref", "") for ref in tree.iter(f"{_OPF}itemref")]
        if not spine:
            yield package, "the spine is empty"
        for name in spine:
            if name not in items:
                yield package, f"the spine names {name!r}, which the manifest does not know"
        navs = [item for _, item in items.values() if "nav" in item.get("properties", "").split()]
        if len(navs) != 1:
            yield package, f"{len(navs)} navigation documents instead of one"

    def item(self, name: str, media_type: str) -> Iterator[Fault]:
        if media_type == "text/css":
            css = self.archive.read(name).decode("utf-8", "replace")
            for target in _URL.findall(css):
                yield from self.target(name, target)
            if "@import" in css:
                yield name, "imports a style sheet"
        elif media_type in ("application/xhtml+xml", "image/svg+xml", "application/x-dtbncx+xml"):
            tree = self.parse(name)
            if tree is not None:
                yield from self.document(name, tree)

    def document(self, name: str, tree: Any) -> Iterator[Fault]:
        for node in tree.iter():
            if not isinstance(node.tag, str):
                continue
            if node.tag in _FORBIDDEN:
                yield name, f"holds the element {node.tag.partition('}')[2]}"
            for attribute, value in node.items():
                local = attribute.rpartition("}")[2].lower()
                if local.startswith("on"):
                    yield name, f"holds the event handler {local}"
                elif local in ("src", "href", "data", "poster", "srcset"):
                    yield from self.target(name, value, link=node.tag == f"{_XHTML}a")
            if node.tag in (f"{_XHTML}a", f"{_NCX}text") and not "".join(node.itertext()).strip():
                yield name, "a link or label without text"

    def target(self, name: str, value: str, *, link: bool = False) -> Iterator[Fault]:
        """EPUB 3.3 sections 3.6 and 6.1: everything but an outgoing link lies in the book."""
        try:
            parts = urlsplit(value.strip())
        except ValueError:
            yield name, f"not a URL: {value[:60]!r}"
            return
        if parts.scheme or parts.netloc:
            if not (link and parts.scheme in ("http", "https", "mailto")):
                yield name, f"refers outside the book: {value[:60]!r}"
            return
        home = posixpath.normpath(posixpath.join(posixpath.dirname(name), unquote(parts.path)))
        home = home if parts.path else name
        if home not in self.names:
            yield name, f"refers to {value[:60]!r}, which is not in the book"
        elif parts.fragment and home.endswith((".xhtml", ".svg")):
            self.parse(home)
            if unquote(parts.fragment) not in self.ids.get(home, set()):
                yield name, f"refers to {value[:60]!r}, an id that is not there"
