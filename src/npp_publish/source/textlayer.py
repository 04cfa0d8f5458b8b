"""The text layer of a PDF page, read with PDFium: one `Decoded` for each page that has text.

Geometry gives the order of the columns, blank lines between blocks, and heading marks where the type
is clearly larger than that of the body. Nothing else is mended here: letter-spaced or doubled
characters and radicals in place of ideographs are left as the layer has them, for the repair stage.
"""

from __future__ import annotations

import statistics
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from hashlib import sha256
from typing import Any

from ..diagnostics import Diagnostic, diagnose
from ..errors import InputUnreadable, ToolMissing
from .geometry import Glyph, Row, blocks, order, rows, without_overprints
from .lines import Decoded

__all__ = ["MOST_PAGES", "read_layer"]

MOST_PAGES = 100
_MOST_GLYPHS = 300_000  # of one page; a dense newspaper page has thirty thousand
_TITLE = 1.75  # times the size of the body
_SECTION = 1.22
_HEADING_ROWS = 4  # a larger group in large type is a text in large type


@dataclass(frozen=True, slots=True)
class _Sheet:
    """What one page gave."""

    text: str
    unnamed: int
    overprinted: int
    glyphs: int


def read_layer(data: bytes, *, name: str, page: str = "") -> tuple[list[Decoded], list[Diagnostic]]:
    """Return the text of every page; `page` names the newspaper page of a file with one PDF page.

    Raises InputUnreadable for a damaged, protected or oversized file, or one without any text.
    """
    digest = sha256(data).hexdigest()
    parts: list[Decoded] = []
    noticed: list[Diagnostic] = []
    with _opened(data, name) as document:
        count = len(document)
        if count > MOST_PAGES:
            raise InputUnreadable(f"{count} pages: more than {MOST_PAGES} are not one edition", where=name)
        for index in range(count):
            place = name if count == 1 else f"{name}#page={index + 1}"
            sheet = _sheet(document, index, place)
            noticed += _remarks(sheet, place)
            if sheet.text:
                label = page if count == 1 else _label(document, index)
                sure = round(1 - sheet.unnamed / max(1, sheet.glyphs), 3)
                parts.append(Decoded(place, sheet.text, digest, "pdf", sure, "application/pdf", label))
    if not parts:
        raise InputUnreadable(
            "no text layer: this is a picture of a page", where=name, hint="run OCR on it first"
        )
    return parts, noticed


class _opened:  # noqa: N801  (used as a `with` statement only)
    """Open a PDF document and close it again; say clearly why it cannot be opened."""

    def __init__(self, data: bytes, name: str) -> None:
        self.data, self.name = data, name

    def __enter__(self) -> Any:
        try:
            import pypdfium2
        except ImportError:
            raise ToolMissing("pypdfium2 is not installed", hint="pip install pypdfium2") from None
        try:
            self.document = pypdfium2.PdfDocument(self.data)
        except pypdfium2.PdfiumError as error:
            locked = "password" in str(error).lower() or "security" in str(error).lower()
            what = "the PDF is protected by a password" if locked else "the PDF is damaged or cut off"
            raise InputUnreadable(what, where=self.name) from None
        return self.document

    def __exit__(self, *_: object) -> None:
        self.document.close()


def _label(document: Any, index: int) -> str:
    return str(document.get_page_label(index) or index + 1)


def _remarks(sheet: _Sheet, place: str) -> Iterator[Diagnostic]:
    if not sheet.text:
        yield diagnose("NPP105", "this page has no text layer and was left out", path=place)
    if sheet.unnamed:
        yield diagnose(
            "NPP106", f"{sheet.unnamed} of {sheet.glyphs} characters have no Unicode value", path=place
        )
    if sheet.overprinted:
        yield diagnose("NPP107", f"{sheet.overprinted} line(s) printed twice in one place", path=place)


def _sheet(document: Any, index: int, place: str) -> _Sheet:
    import pypdfium2

    try:
        page = document[index]
        layer = page.get_textpage()
    except pypdfium2.PdfiumError:
        raise InputUnreadable("this page of the PDF is damaged", where=place) from None
    total = layer.count_chars()
    if total > _MOST_GLYPHS:
        raise InputUnreadable(f"{total} characters on one page are too many", where=place)
    glyphs = list(_glyphs(layer, total))
    layer.close()
    page.close()
    unnamed = sum(g.text == "\ufffd" for g in glyphs)
    kept, overprinted = without_overprints(rows(glyphs))
    return _Sheet(_typed(kept), unnamed, overprinted, len(glyphs))


def _glyphs(layer: Any, total: int) -> Iterator[Glyph]:
    from ctypes import byref

    from pypdfium2 import raw

    box = raw.FS_RECTF()
    for index in range(total):
        code = raw.FPDFText_GetUnicode(layer.raw, index)
        # The loose box is that of the font, so that a comma stands as high as its neighbours.
        if code in {0x0A, 0x0D} or not raw.FPDFText_GetLooseCharBox(layer.raw, index, byref(box)):
            continue
        size = _size(layer, index, box.top - box.bottom)
        yield Glyph(_character(layer, index, code), box.left, box.bottom, box.right, box.top, size)


def _size(layer: Any, index: int, height: float) -> float:
    """Return the size as drawn: the nominal size is 1 where the text matrix scales the type."""
    from ctypes import byref

    from pypdfium2 import raw

    matrix = raw.FS_MATRIX()
    nominal = float(raw.FPDFText_GetFontSize(layer.raw, index))
    if raw.FPDFText_GetMatrix(layer.raw, index, byref(matrix)):
        nominal *= max((matrix.b**2 + matrix.d**2) ** 0.5, (matrix.a**2 + matrix.c**2) ** 0.5)
    return nominal if nominal > 0.5 else max(height, 1.0)


def _character(layer: Any, index: int, code: int) -> str:
    from pypdfium2 import raw

    if raw.FPDFText_IsHyphen(layer.raw, index) == 1:
        return "-"  # PDFium gives U+0002 for a hyphen at a line end
    unmapped = raw.FPDFText_HasUnicodeMapError(layer.raw, index) == 1
    if unmapped or code == 0 or 0xD800 <= code <= 0xDFFF or code > 0x10FFFF:
        return "\ufffd"
    return chr(code)


# --------------------------------------------------------------------------- page text


def _typed(found: Sequence[Row]) -> str:
    """Write the rows as page text: blocks parted by blank lines, headings marked."""
    if not found:
        return ""
    body = _body_size(found)
    written = []
    for group in order(found):
        for block in blocks(group, body):
            written.append(_marked(block, body))
    return "\n\n".join(written) + "\n"


def _body_size(found: Sequence[Row]) -> float:
    """Return the size in which most characters are set."""
    sizes = sorted((row.size, len(row.text)) for row in found)
    half = sum(count for _, count in sizes) / 2
    for size, count in sizes:
        half -= count
        if half <= 0:
            return size
    return statistics.median(row.size for row in found)


def _marked(block: Sequence[Row], body: float) -> str:
    lines = [row.text for row in block]
    ratio = block[0].size / body
    if ratio < _SECTION or len(block) > _HEADING_ROWS:
        return "\n".join(lines)
    return ("# " if ratio >= _TITLE else "## ") + " ".join(lines)
