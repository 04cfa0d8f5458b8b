"""A sample of a large file, for judges that need seconds for each document of a book or page.

A book of 3,000 articles keeps a browser busy for a quarter of an hour. Above `MOST` documents (of a
book) or articles (of a page) such a judge is given a smaller file of the same kind: first and last
documents, one example at least of every kind of element (name, classes, roles), the five largest, and
for the rest others at even distances. The same file gives the same sample, and the verdict says so.
"""

from __future__ import annotations

import posixpath
import zipfile
from collections.abc import Callable, Iterable, Mapping, Sequence, Set
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urldefrag

__all__ = ["MOST", "Sample", "chosen", "sample"]

MOST = 80
"""A file of more documents or articles is judged by a sample of as many."""

_LARGEST = 5
_OPF = "{http://www.idpf.org/2007/opf}"
_KIND = ("class", "role", "{http://www.idpf.org/2007/ops}type")


@dataclass(frozen=True, slots=True)
class Sample:
    """The smaller file, the names of what it holds, and how many there are in the whole."""

    path: Path
    names: tuple[str, ...]
    whole: int
    what: str

    @property
    def words(self) -> str:
        """What was judged and how it was chosen."""
        shown = ", ".join(self.names[:3]) + (f" … {self.names[-1]}" if len(self.names) > 3 else "")
        return (
            f"a sample: {len(self.names)} of {self.whole:,} {self.what}, every kind of element at least "
            f"once, the largest, the rest at even distances: {shown}"
        )


def sample(path: Path, folder: Path, *, most: int = MOST) -> Sample | None:
    """Return a sample of a book or page, written into `folder`; None where the whole can be judged, or
    where the file is not one that can be sampled (then its judge says what is wrong with it)."""
    from lxml import etree

    cut: Callable[[Path, Path, int], Sample | None] = _of_book if path.suffix == ".epub" else _of_page
    try:
        return cut(path, folder, most)
    except (OSError, zipfile.BadZipFile, KeyError, ValueError, etree.LxmlError):
        return None


def chosen(kinds: Sequence[Set[Any]], sizes: Sequence[int], most: int) -> tuple[int, ...]:
    """Return the numbers of the documents to judge, in order; `kinds` are those of the elements of each."""
    count = len(kinds)
    if count <= most:
        return tuple(range(count))
    taken = dict.fromkeys((0, count - 1))
    known = {kind for number in taken for kind in kinds[number]}
    for number, own in enumerate(kinds):
        if len(taken) < most and not own <= known:
            taken[number] = None
            known |= own
    by_size = sorted(range(count), key=lambda number: (-sizes[number], number))
    even = (count * step // most for step in range(most))
    for number in (*by_size[:_LARGEST], *even, *range(count)):
        if len(taken) >= most:
            break
        taken[number] = None
    return tuple(sorted(taken))


def _kinds(elements: Iterable[Any]) -> set[tuple[str, ...]]:
    """Return the kinds of some elements: name, classes and roles."""
    return {
        (node.tag, *(node.get(key, "") for key in _KIND)) for node in elements if isinstance(node.tag, str)
    }


# --------------------------------------------------------------------------- books


def _of_book(path: Path, folder: Path, most: int) -> Sample | None:
    from lxml import etree

    with zipfile.ZipFile(path) as archive:
        package = _package(archive)
        root = etree.fromstring(archive.read(package))
        items = {str(item.get("id")): item for item in root.iter(f"{_OPF}item")}
        home = posixpath.dirname(package)
        spine = [ref for ref in root.iter(f"{_OPF}itemref") if ref.get("idref") in items]
        if len(spine) <= most:
            return None
        names = [_entry(home, items[str(ref.get("idref"))].get("href", "")) for ref in spine]
        parser = etree.XMLParser(resolve_entities=False, no_network=True, huge_tree=True, recover=True)
        kinds = [_kinds(etree.fromstring(archive.read(name), parser).iter()) for name in names]
        kept = chosen(kinds, [archive.getinfo(name).file_size for name in names], most)
        gone = set(names) - {names[number] for number in kept}
        gone |= _drop(root, spine, items, home, gone)
        navigation = {
            _entry(home, item.get("href", ""))
            for item in items.values()
            if "nav" in item.get("properties", "").split()
        }
        target = folder / path.name
        with zipfile.ZipFile(target, "w") as smaller:
            for entry in archive.infolist():
                if entry.filename in gone:
                    continue
                content = archive.read(entry)
                if entry.filename == package:
                    content = etree.tostring(root, encoding="utf-8", xml_declaration=True)
                elif entry.filename in navigation:
                    content = _without_lines(content, parser, posixpath.dirname(entry.filename), gone)
                smaller.writestr(entry, content)
    return Sample(target, tuple(names[number] for number in kept), len(names), "documents")


def _package(archive: zipfile.ZipFile) -> str:
    from lxml import etree

    container = etree.fromstring(archive.read("META-INF/container.xml"))
    return next(str(node.get("full-path")) for node in container.iter() if node.get("full-path"))


def _entry(home: str, href: str) -> str:
    return posixpath.normpath(posixpath.join(home, unquote(urldefrag(href).url)))


def _drop(root: Any, spine: Sequence[Any], items: Mapping[str, Any], home: str, gone: Set[str]) -> set[str]:
    """Take documents out of the package; return what goes with them: the NCX, which names them all."""
    listings = set()
    for ref in spine:
        if _entry(home, items[ref.get("idref")].get("href", "")) in gone:
            ref.getparent().remove(ref)
    for item in items.values():
        name = _entry(home, item.get("href", ""))
        if item.get("media-type") == "application/x-dtbncx+xml":
            listings.add(name)
        if name in gone or name in listings:
            item.getparent().remove(item)
    for node in root.iter(f"{_OPF}spine"):
        node.attrib.pop("toc", None)
    return listings


def _without_lines(content: bytes, parser: Any, home: str, gone: Set[str]) -> bytes:
    """Return a navigation document without the lines that lead to what is gone."""
    from lxml import etree

    root = etree.fromstring(content, parser)
    _prune(root, lambda href: bool(href) and _entry(home, href) in gone)
    return etree.tostring(root, encoding="utf-8", xml_declaration=True)


def _prune(root: Any, leads_away: Callable[[str], bool]) -> None:
    for link in [node for node in root.iter() if isinstance(node.tag, str) and node.get("href")]:
        if _local(link) == "a" and leads_away(link.get("href")):
            line = next((node for node in link.iterancestors() if _local(node) == "li"), None)
            if line is not None and line.getparent() is not None:
                line.getparent().remove(line)
    empty = [node for node in root.iter() if _local(node) == "ol" and not len(node)]
    for listing in empty:
        listing.getparent().remove(listing)


def _local(node: Any) -> str:
    return node.tag.rpartition("}")[2] if isinstance(node.tag, str) else ""


# --------------------------------------------------------------------------- pages


def _of_page(path: Path, folder: Path, most: int) -> Sample | None:
    from lxml import etree, html

    parser: Any = html.HTMLParser(encoding="utf-8", huge_tree=True)
    root: Any = html.document_fromstring(path.read_bytes(), parser=parser)
    articles = [a for a in root.iter("article") if not any(n.tag == "article" for n in a.iterancestors())]
    if len(articles) <= most:
        return None
    kinds = [_kinds(article.iter()) for article in articles]
    kept = chosen(kinds, [sum(1 for _ in article.iter()) for article in articles], most)
    names = tuple(articles[number].get("id") or f"article {number + 1}" for number in kept)
    gone: set[str] = set()
    for number in sorted(set(range(len(articles))) - set(kept)):
        article = articles[number]
        gone |= {node.get("id") for node in article.iter() if node.get("id")}
        article.getparent().remove(article)
    _prune(root, lambda href: href.startswith("#") and unquote(href[1:]) in gone)
    for meta in root.xpath("//meta[@http-equiv]"):  # the hashes of the policy are those of the whole page
        meta.getparent().remove(meta)
    target = folder / path.name
    target.write_bytes(etree.tostring(root, method="html", encoding="utf-8", doctype="<!DOCTYPE html>"))
    return Sample(target, names, len(articles), "articles")
