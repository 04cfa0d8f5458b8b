"""The text layer of a PDF page, read with PDFium: one `Decoded` for each page that has text.

Geometry makes page text of it (`transcript`). Nothing else is mended here: letter-spaced or doubled
characters and radicals in place of ideographs are left as the layer has them, for the repair stage.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from hashlib import sha256
from typing import Any

from ..diagnostics import Diagnostic, diagnose
from ..errors import InputUnreadable, ToolMissing
from .frames import Frame
from .glyphs import Glyph, rows, without_overprints
from .lines import Decoded
from .transcript import transcribe

__all__ = ["MOST_PAGES", "read_layer"]

MOST_PAGES = 100
_MOST_GLYPHS = 300_000  # of one page; a dense newspaper page has thirty thousand
_HEAVY = re.compile(r"bold|black|heavy|hei|xbs|xiaobiao|黑|粗|小标", re.IGNORECASE)
_BOLD_WEIGHT = 600


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
    drawn = list(_drawn(page))
    layer.close()
    page.close()
    unnamed = sum(g.text == "\ufffd" for g in glyphs)
    kept, overprinted = without_overprints(rows(glyphs))
    return _Sheet(transcribe(kept, drawn), unnamed, overprinted, len(glyphs))


def _glyphs(layer: Any, total: int) -> Iterator[Glyph]:
    from ctypes import byref

    from pypdfium2 import raw

    box = raw.FS_RECTF()
    faces = _Faces(layer)
    for index in range(total):
        code = raw.FPDFText_GetUnicode(layer.raw, index)
        # The loose box is that of the font, so that a comma stands as high as its neighbours.
        if code in {0x0A, 0x0D} or not raw.FPDFText_GetLooseCharBox(layer.raw, index, byref(box)):
            continue
        size = _size(layer, index, box.top - box.bottom)
        left, right = _sides(layer, index, box) if _is_mark(code) else (box.left, box.right)
        character = _character(layer, index, code)
        yield Glyph(character, left, box.bottom, right, box.top, size, faces.is_heavy(index))


def _is_mark(code: int) -> bool:
    """Return whether this is a Chinese punctuation mark, which may be set on half of its body."""
    return 0x2018 <= code <= 0x201F or 0x3000 < code <= 0x301F or 0xFF00 < code <= 0xFF65


def _sides(layer: Any, index: int, box: Any) -> tuple[float, float]:
    """Return the left and right edge of the ink: the body of a mark reaches into the margin."""
    from ctypes import byref, c_double

    from pypdfium2 import raw

    left, right, bottom, top = c_double(), c_double(), c_double(), c_double()
    known = raw.FPDFText_GetCharBox(layer.raw, index, byref(left), byref(right), byref(bottom), byref(top))
    if not known or right.value <= left.value:
        return box.left, box.right
    return max(box.left, left.value), min(box.right, right.value)


class _Faces:
    """The faces of a layer: whether each is a heavy one, by its weight or by its name."""

    def __init__(self, layer: Any) -> None:
        self.layer = layer
        self.heavy: dict[bytes, bool] = {}

    def is_heavy(self, index: int) -> bool:
        """Return whether the character is set in a heavy face."""
        from ctypes import byref, c_int, create_string_buffer

        from pypdfium2 import raw

        if raw.FPDFText_GetFontWeight(self.layer.raw, index) >= _BOLD_WEIGHT:
            return True
        name, flags = create_string_buffer(128), c_int()
        raw.FPDFText_GetFontInfo(self.layer.raw, index, name, 128, byref(flags))
        if name.value not in self.heavy:
            self.heavy[name.value] = bool(_HEAVY.search(name.value.decode("utf-8", "replace")))
        return self.heavy[name.value]


def _drawn(page: Any) -> Iterator[Frame]:
    """Yield the outlines of what is drawn on the page: grounds, frames, rules."""
    import pypdfium2
    from pypdfium2 import raw

    try:
        for thing in page.get_objects(filter=(raw.FPDF_PAGEOBJ_PATH,), max_depth=3):
            yield Frame(*thing.get_bounds())
    except pypdfium2.PdfiumError:
        return


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
