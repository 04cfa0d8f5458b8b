"""Binding: the sheets become one file, through EbookLib, with its faults fenced off.

EbookLib writes the package document, the container and the archive. It is not given documents to
parse (it drops what is nested deeper than 255 and text over 10 MB without a word), it is not left
to make navigation (no labels in our language, no roles), and its archive is written once more, in
a fixed order and with times from the job, because it stamps the clock on every entry. After that
every sheet is compared byte by byte with what was handed in.

Sources: EPUB Open Container Format 3.3 section 4.2 (mimetype first, stored, no extra field).
"""

from __future__ import annotations

import io
import time
import zipfile
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from pathlib import PurePosixPath
from typing import Any

from ... import __version__
from ...errors import BackendFailed
from .colophon import PREFIXES, Statement
from .sheets import Sheet

__all__ = ["FOLDER", "bind"]

FOLDER = "EPUB"
_MIMETYPE = "mimetype"
_EARLIEST = 315532800  # 1980-01-01, the first moment a ZIP entry can carry


def _book(statements: Sequence[Statement], sheets: Sequence[Sheet], direction: str) -> Any:
    from ebooklib import epub

    book = epub.EpubBook()
    book.metadata = {}
    for line in statements:
        attributes = dict(line.attributes)
        if line.name == "dc:identifier":
            book.uid = line.value
        if line.name.startswith("dc:"):
            book.add_metadata("DC", line.name.removeprefix("dc:"), line.value, attributes)
        else:
            book.add_metadata("OPF", "meta", line.value, attributes)
    book.add_metadata("OPF", "meta", "", {"name": "generator", "content": f"npp-publish {__version__}"})
    book.direction = direction or None
    for name, uri in PREFIXES.items():
        if any(f"{name}:" in value for line in statements for _, value in line.attributes):
            book.add_prefix(name, uri)
    for sheet in sheets:
        item = epub.EpubItem(sheet.id, sheet.name, sheet.media_type, sheet.content)
        item.properties = list(sheet.properties)
        book.add_item(item)
        if "cover-image" in sheet.properties:
            book.add_metadata("OPF", "meta", "", {"name": "cover", "content": sheet.id})
        if sheet.spine:
            book.spine.append(item)
    return book


def _guide(book: Any, landmarks: Sequence[tuple[str, str, str]]) -> None:
    kinds = {"bodymatter": "text", "toc": "toc", "cover": "cover"}
    book.guide = [
        {"type": kinds[kind], "href": href, "title": title}
        for kind, href, title in landmarks
        if kind in kinds
    ]


def _stamp(epoch: int) -> tuple[int, int, int, int, int, int]:
    moment = time.gmtime(max(epoch, _EARLIEST))
    year = min(moment.tm_year, 2107)
    return (year, moment.tm_mon, moment.tm_mday, moment.tm_hour, moment.tm_min, moment.tm_sec)


def _archive(entries: Mapping[str, bytes], epoch: int, level: int) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        for name in sorted(entries, key=lambda n: (n != _MIMETYPE, not n.startswith("META-INF/"), n)):
            info = zipfile.ZipInfo(name, _stamp(epoch))
            info.create_system = 3
            info.external_attr = 0o100644 << 16
            packed = not name.endswith((".png", ".jpg", ".jpeg", ".woff2")) and name != _MIMETYPE
            info.compress_type = zipfile.ZIP_DEFLATED if packed else zipfile.ZIP_STORED
            archive.writestr(info, entries[name], compresslevel=level)
    return buffer.getvalue()


def _with_language(package: bytes, lang: str) -> bytes:
    """Return the package document with the language of its own texts, which EbookLib does not say."""
    from lxml import etree

    root = etree.fromstring(package)
    root.set("{http://www.w3.org/XML/1998/namespace}lang", lang)
    return etree.tostring(root, encoding="utf-8", xml_declaration=True)


def _compare(entries: Mapping[str, bytes], sheets: Sequence[Sheet], statements: Sequence[Statement]) -> None:
    from lxml import etree

    for sheet in sheets:
        if entries.get(f"{FOLDER}/{sheet.name}") != sheet.content:
            raise BackendFailed(f"EbookLib did not write {sheet.name} as it was given")
    package = etree.fromstring(entries[f"{FOLDER}/content.opf"])
    written = [(node.text or "").strip() for node in package[0]]
    lost = [line for line in statements if line.value.strip() not in written]
    if lost:
        raise BackendFailed(f"EbookLib dropped the metadata {lost[0].name} {lost[0].value[:60]!r}")


def _safe(name: str) -> bool:
    path = PurePosixPath(name)
    return name.isascii() and not path.is_absolute() and ".." not in path.parts and "\\" not in name


def bind(
    sheets: Sequence[Sheet],
    statements: Sequence[Statement],
    *,
    epoch: int,
    lang: str,
    direction: str = "",
    landmarks: Sequence[tuple[str, str, str]] = (),
    extra: Mapping[str, bytes] | None = None,
    level: int = 6,
) -> bytes:
    """Return the bytes of the book. `epoch` in seconds; `direction` is `rtl` for vertical books;
    `landmarks` are (epub:type, href, title); `extra` are files outside the package folder; `level` is that
    of zlib (9 takes twice as long as 6 and saves 0.5 %).

    Raises BackendFailed where EbookLib lost or changed anything, or a file name is not safe.
    """
    from ebooklib import epub

    unsafe = [sheet.name for sheet in sheets if not _safe(sheet.name)]
    if unsafe:
        raise BackendFailed(f"unsafe file name in the book: {unsafe[0]!r}")
    book = _book(statements, sheets, direction)
    _guide(book, landmarks)
    options = {
        "mtime": datetime.fromtimestamp(max(epoch, 0), UTC),
        "epub3_landmark": False,
        "epub3_pages": False,
        "compresslevel": 0,
    }
    raw = io.BytesIO()
    writer = epub.EpubWriter(raw, book, options)
    writer.process()
    writer.write()
    with zipfile.ZipFile(raw) as archive:
        entries = {name: archive.read(name) for name in archive.namelist()} | dict(extra or {})
    package = f"{FOLDER}/content.opf"
    entries[package] = _with_language(entries[package], lang)
    _compare(entries, sheets, statements)
    return _archive(entries, epoch, level)
