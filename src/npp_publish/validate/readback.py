"""Reading back: the text of a finished PDF, EPUB or HTML page, as other programs see it.

Nothing here knows how a file was made. A PDF is read by PDFium (characters) and qpdf (the order of
its structure tree, ISO 32000-1 section 14.7), an EPUB by an XML parser in the order of its spine, an
HTML page by an HTML parser. What comes back are *units*: the text of one block each, in reading
order, with its place. What a format itself says is not text of the document is left out: artifacts
and page markers, `data-added`, `aria-hidden`, navigation. So is what nobody can see (`invisible`).
"""

from __future__ import annotations

import posixpath
import zipfile
from collections.abc import Iterator, Mapping, Set
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import Any
from urllib.parse import unquote

from .invisible import unseen

__all__ = ["BROKEN", "Part", "Unit", "read_epub", "read_html", "units_of"]


_XHTML = "{http://www.w3.org/1999/xhtml}"
BROKEN = "\ufdd0"
"""Stands in a unit for a hyphen at the end of a line: one of the text, or one that breaks a word."""


class Part(StrEnum):
    """What a unit is in its file."""

    TEXT = "text"
    NOTE = "note"
    LABEL = "label"
    ADDED = "added"


@dataclass(frozen=True, slots=True)
class Unit:
    """The text of one block: its characters, where it stands (`page 3`, `EPUB/a1.xhtml:12`), what it is.

    `runs` says for paged formats how many characters of it stand on which page (1-based), in order.
    """

    text: str
    place: str
    part: Part = Part.TEXT
    runs: tuple[tuple[int, int], ...] = ()


def _tags(names: str) -> frozenset[str]:
    return frozenset(names.split())


_INLINE = _tags(
    "a abbr b bdi bdo br cite code data dfn em i img kbd mark q ruby rb s samp small span strong sub sup "
    "time u var wbr"
)
_SILENT = _tags("head script style template noscript title nav rt rp")


def units_of(path: Path, beside: Any = None) -> Iterator[Unit]:
    """Return the units of a file, read by its suffix; `beside` lets a long PDF be read in two processes
    (see `pressed.read_pdf`).

    Raises ValueError for a file that cannot be read, or of a kind that is not known here.
    """
    suffix = path.suffix.lower()
    if suffix == ".epub":
        return read_epub(path)
    if suffix in (".html", ".htm", ".xhtml"):
        return read_html(path)
    if suffix == ".pdf":
        from .pressed import read_pdf

        return read_pdf(path, beside)
    raise ValueError(f"no text can be read back from {path.name}")


def read_html(path: Path) -> Iterator[Unit]:
    """Yield the units of a HTML page."""
    from lxml import etree, html

    try:
        parser = html.HTMLParser(encoding="utf-8", huge_tree=True)
        root = html.document_fromstring(path.read_bytes(), parser=parser)
    except (OSError, etree.LxmlError) as error:
        raise ValueError(f"{path.name} cannot be read: {error}") from error
    sheets = [style.text or "" for style in root.iter("style")]
    yield from _Blocks(path.name, unseen(root, sheets)).read(root)


def read_epub(path: Path, trees: Mapping[str, Any] | None = None) -> Iterator[Unit]:
    """Yield the units of the articles of a book, in the order of its spine. Documents that hold no
    article (cover, contents, publication data) are what the theme adds. `trees` are those of its documents
    that another judge has parsed already."""
    from lxml import etree

    known = trees or {}
    parser = etree.XMLParser(resolve_entities=False, no_network=True, huge_tree=True)
    try:
        with zipfile.ZipFile(path) as archive:
            files, sheets = frozenset(archive.namelist()), dict[str, str]()
            for name in _spine(archive):
                root = known.get(name)
                root = etree.fromstring(archive.read(name), parser) if root is None else root
                if root.find(f".//{_XHTML}article") is not None:
                    for one in _linked(name, root):
                        if one in files and one not in sheets:
                            sheets[one] = archive.read(one).decode("utf-8", "replace")
                    yield from _Blocks(name, _hidden(sheets, name, root)).read(root)
    except (OSError, zipfile.BadZipFile, KeyError, etree.LxmlError) as error:
        raise ValueError(f"{path.name} cannot be read: {error}") from error


def _linked(name: str, root: Any) -> list[str]:
    """Return the files of the style sheets that a document names."""
    home = posixpath.dirname(name)
    links = [node.get("href", "") for node in root.iter(f"{_XHTML}link") if node.get("rel") == "stylesheet"]
    return [posixpath.normpath(posixpath.join(home, unquote(href))) for href in links]


def _hidden(sheets: Mapping[str, str], name: str, root: Any) -> frozenset[Any]:
    """Return the elements of a document whose text its style sheets hide."""
    own = ["".join(node.itertext()) for node in root.iter(f"{_XHTML}style")]
    known = [sheets[one] for one in _linked(name, root) if one in sheets]
    return unseen(root, [*known, *own], namespace=_XHTML[1:-1])


def _spine(archive: zipfile.ZipFile) -> Iterator[str]:
    from lxml import etree

    opf = "{http://www.idpf.org/2007/opf}"
    container = etree.fromstring(archive.read("META-INF/container.xml"))
    package_name = next(node.get("full-path", "") for node in container.iter() if node.get("full-path"))
    package = etree.fromstring(archive.read(package_name))
    names = {item.get("id"): item.get("href", "") for item in package.iter(f"{opf}item")}
    for reference in package.iter(f"{opf}itemref"):
        yield posixpath.join(posixpath.dirname(package_name), unquote(names[reference.get("idref")]))


class _Blocks:
    """Cuts a tree of elements into units: a new one wherever a block begins or ends."""

    def __init__(self, name: str, hidden: Set[Any] = frozenset()) -> None:
        self.name, self.hidden = name, hidden
        self.words: list[str] = []
        self.inked = False
        self.line, self.part = 0, Part.TEXT

    def read(self, root: Any) -> Iterator[Unit]:
        """Walk without recursion: documents may nest deeper than the interpreter's stack."""
        hidden = self.hidden
        steps: list[tuple[str, Any, Part]] = [("open", root, Part.TEXT)]
        while steps:
            step, node, part = steps.pop()
            if step == "tail":
                if (text := node.tail) and not (hidden and node.getparent() in hidden):
                    self.add(text, node, part)
            elif step == "close":
                yield from self.end()
            else:
                yield from self.open(node, part, steps)
        yield from self.end()

    def open(self, node: Any, part: Part, steps: list[tuple[str, Any, Part]]) -> Iterator[Unit]:
        tag = node.tag.rpartition("}")[2].lower() if isinstance(node.tag, str) else ""
        if not tag or tag in _SILENT:
            return
        if node.keys():  # most elements have no attributes
            if _left_out(node):
                return
            if node.get("role") == "doc-footnote":
                part = Part.NOTE
        if tag == "br":
            self.add("\n", node, part)
        elif tag not in _INLINE:
            yield from self.end()
            steps.append(("close", node, part))
        if (text := node.text) and node not in self.hidden:
            self.add(text, node, part)
        for child in reversed(node):
            steps += (("tail", child, part), ("open", child, part))

    def add(self, text: str, node: Any, part: Part) -> None:
        if not self.inked:
            self.line, self.part = node.sourceline or 0, part
            self.inked = not text.isspace()
        self.words.append(text)

    def end(self) -> Iterator[Unit]:
        if self.inked:
            place = f"{self.name}:{self.line}" if self.line else self.name
            yield Unit("".join(self.words), place, self.part)
        self.words.clear()
        self.inked = False


def _left_out(node: Any) -> bool:
    if node.get("hidden") is not None or node.get("data-added") is not None:
        return True
    return bool(node.get("aria-hidden") == "true")
