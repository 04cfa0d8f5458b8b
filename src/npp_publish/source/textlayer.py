"""The text layer of a PDF page, read with PDFium: one `Decoded` for each page that has text.

Geometry gives the order of the columns, blank lines between blocks, heading marks where the type is
larger than that of the body, `**` where it is heavier, and fences (`::: box`) around what a frame on
the page sets apart. Nothing else is mended here: letter-spaced or doubled
characters and radicals in place of ideographs are left as the layer has them, for the repair stage.
"""

from __future__ import annotations

import re
import statistics
import unicodedata
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from hashlib import sha256
from itertools import groupby, pairwise
from operator import itemgetter
from typing import Any

from ..diagnostics import Diagnostic, diagnose
from ..errors import InputUnreadable, ToolMissing
from .columns import order
from .frames import Frame, useful
from .glyphs import Glyph, Row, rows, without_overprints
from .lines import Decoded
from .setting import BULLETS, Passage, passages

__all__ = ["MOST_PAGES", "read_layer"]

MOST_PAGES = 100
_MOST_GLYPHS = 300_000  # of one page; a dense newspaper page has thirty thousand
_TITLE = 1.75  # times the size of the body
_SECTION = 1.15
_HEADING_ROWS = 4  # a larger group in large type is a text in large type
_SMALL = 0.95  # smaller heavy type is a running head, not a label
_LABEL_ROWS = 2  # a larger group in heavy type is a text in heavy type
_HEAVY = re.compile(r"bold|black|heavy|hei|xbs|xiaobiao|黑|粗|小标", re.IGNORECASE)
_BOLD_WEIGHT = 600
_SENTENCE = tuple("。！？!?…；;，,.")


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
    return _Sheet(_typed(kept, drawn), unnamed, overprinted, len(glyphs))


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


# --------------------------------------------------------------------------- page text


def _typed(found: Sequence[Row], drawn: Sequence[Frame]) -> str:
    """Write the rows as page text: blocks parted by blank lines, headings and heavy lines marked."""
    if not found:
        return ""
    body = _body_size(found)
    heavy = 2 * sum(len(row.text) for row in found if row.heavy) > sum(len(row.text) for row in found)
    parts = passages(order(found, useful(drawn, found, body)), body)
    texts = Counter(row.text for row in found)
    largest = [max(row.size for row in passage.rows) for passage in parts]
    below = [*largest[1:], 0.0]
    written = [
        _marked(passage, body, heavy or after >= _SECTION * max(body, size), texts)
        for passage, size, after in zip(parts, largest, below, strict=True)
    ]
    for at, (above, here) in enumerate(pairwise(largest), 1):  # a subtitle under its headline
        if written[at].startswith("# ") and written[at - 1].startswith("# ") and here < 0.9 * above:
            written[at] = "#" + written[at]
    text = ""
    for block in _fenced(parts, written, body):
        listed = block.startswith(BULLETS) and text[text.rfind("\n") + 1 :].startswith(BULLETS)
        text += ("\n" if listed else "\n\n" if text else "") + block
    return text + "\n"


def _fenced(passages: Sequence[Passage], written: Sequence[str], body: float) -> Iterator[str]:
    """Yield the texts of the passages, with a fence before and after those of a box.

    A frame is that of a box if no headline stands in it, and its last lines are no heading.
    """
    sizes: dict[Frame, list[float]] = {}
    for passage in passages:
        for frame in passage.frames:
            sizes.setdefault(frame, []).extend(row.size / body for row in passage.rows)
    boxes = {frame for frame, ratios in sizes.items() if ratios[-1] < _SECTION and max(ratios) < _TITLE}
    around = [next((frame for frame in passage.frames if frame in boxes), None) for passage in passages]
    for box, run in groupby(zip(around, written, strict=True), key=itemgetter(0)):
        texts = [text for _, text in run]
        yield from texts if box is None else ["::: box", *texts, ":::"]


def _body_size(found: Sequence[Row]) -> float:
    """Return the size in which most characters are set."""
    sizes = sorted((row.size, len(row.text)) for row in found)
    half = sum(count for _, count in sizes) / 2
    for size, count in sizes:
        half -= count
        if half <= 0:
            return size
    return statistics.median(row.size for row in found)


def _marked(passage: Passage, body: float, plain: bool, texts: Mapping[str, int]) -> str:
    """Write one passage; `plain` where heavy type is no sign: in a heavy body, or above a headline.

    What stands twice on the page, as a paper's name does at its head and foot, is no heading.
    """
    lines = [row.text for row in passage.rows]
    if len(lines) == 1 and texts[lines[0]] > 1:
        return lines[0]
    ratio = passage.rows[0].size / body
    sentence = lines[-1].endswith(_SENTENCE)
    if passage.label and not sentence:
        return f"**{''.join(lines)}**"
    if ratio >= _TITLE and len(lines) <= _HEADING_ROWS:
        return "# " + " ".join(lines)
    if ratio >= _SECTION and len(lines) <= _HEADING_ROWS and not (sentence and len(lines) > 1):
        return "## " + " ".join(lines)
    if passage.rows[0].heavy and ratio > _SMALL and not plain and len(lines) <= _LABEL_ROWS and not sentence:
        return "\n".join(f"**{line}**" for line in lines)
    return _flowing(lines) if passage.flows else "\n".join(lines)


def _flowing(lines: Sequence[str]) -> str:
    """Set the rows of one Chinese text in one line: the layer has no line ends.

    Between letters and digits a line end is kept, since a hyphen or a space may have stood there.
    """
    text = lines[0]
    for line in lines[1:]:
        text += ("" if _is_wide(text[-1]) or _is_wide(line[0]) else "\n") + line
    return text


def _is_wide(character: str) -> bool:
    return unicodedata.east_asian_width(character) in "WF" or character in "“”‘’—…·"
