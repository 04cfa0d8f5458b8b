"""Reading back a PDF: characters by PDFium, their order by the structure tree that qpdf reads.

The order in which a page is drawn is not the order in which it is read: floats, columns and notes
are drawn when they are ready. A tagged PDF says the order of reading in its structure tree, whose
leaves name marked content by page and number (ISO 32000-1 section 14.7.4); PDFium says for every
character in which marked content it was drawn, and which are artifacts (14.8.2.2).
"""

from __future__ import annotations

import ctypes
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Any

from .readback import BROKEN, Part, Unit

__all__ = ["read_pdf"]

_ADDED = frozenset(("TOC", "TOCI", "Artifact", "Index", "RT", "RP", "Warichu"))
_NOTES = frozenset(("Note", "FENote"))
_INLINE = frozenset(
    ("Span", "Link", "Reference", "Em", "Strong", "Sub", "Ruby", "RB", "Quote", "Code", "BibEntry", "Annot")
)
_LABELS = frozenset(("Lbl",))

_LONG = 100
"""Pages from which on a file may be read in two halves."""
_WORD_BREAK = 0x2010  # what hyphenation sets where it breaks a word
_HYPHEN = (0x2, 0xFFFE)  # what PDFium says for a hyphen at the end of a line, in the text or not
_LINE_ENDS = (0, 0xA, 0xD)

Key = tuple[int, int]  # page index, marked-content number


Drawn = tuple[dict[Key, str], dict[int, str]]
Beside = Callable[[Callable[[], Drawn]], Callable[[], Drawn]]


def read_pdf(path: Path, beside: Beside | None = None) -> Iterator[Unit]:
    """Yield the units of a PDF in the order of its structure tree, or page by page where it has none.

    `beside` begins some work in another process and returns what waits for its result: with it, half of
    a long file is read there. Raises ValueError where the file cannot be read.
    """
    import pikepdf
    import pypdfium2

    try:
        with pikepdf.open(path) as pdf:
            count = len(pdf.pages)
            first = count * 2 // 5 if beside and count >= _LONG else count
            rest = beside(partial(_drawn, path, first)) if beside and first < count else None
            leaves = list(_leaves(pdf))
        drawn, loose = _drawn(path, 0, first)
        if rest:
            more, more_loose = rest()
            drawn, loose = {**drawn, **more}, {**loose, **more_loose}
    except (OSError, pikepdf.PdfError, pypdfium2.PdfiumError) as error:
        raise ValueError(f"{path.name} cannot be read: {error}") from error
    if leaves:
        yield from _in_order(leaves, drawn)
    else:
        loose = dict(_by_page(drawn, loose))
    for page, text in sorted(loose.items()):
        if text.strip():
            yield Unit(
                text, f"page {page + 1}", Part.ADDED if leaves else Part.TEXT, ((page + 1, len(text)),)
            )


def _by_page(drawn: dict[Key, str], loose: dict[int, str]) -> Iterator[tuple[int, str]]:
    pages: dict[int, str] = defaultdict(str)
    for (page, _), text in drawn.items():
        pages[page] += text
    for page, text in loose.items():
        pages[page] += text
    yield from pages.items()


# --------------------------------------------------------------------------- what is drawn


def _drawn(path: Path, first: int, last: int | None = None) -> Drawn:
    """Return the characters of each marked content of the pages from `first` up to `last`, and by page
    those in none; artifacts are left out."""
    import pypdfium2

    document = pypdfium2.PdfDocument(path)
    try:
        return _characters(document, range(first, len(document) if last is None else last))
    finally:
        document.close()


def _characters(document: Any, pages: Iterable[int]) -> Drawn:
    marked: dict[Key, list[int]] = defaultdict(list)
    loose: dict[int, list[int]] = defaultdict(list)
    lens = _Lens()
    handle = ctypes.cast(document.raw, ctypes.c_void_p).value
    for number in pages:
        page = lens.load_page(handle, number)
        text = lens.load_text(page)
        try:
            for mark, units in lens.runs(text, page):
                if mark is None:
                    loose[number] += units
                else:
                    marked[number, mark] += units
        finally:
            lens.close_text(text)
            lens.close_page(page)
    return {k: _decoded(v) for k, v in marked.items()}, {k: _decoded(v) for k, v in loose.items()}


_UNPAINTED = frozenset((3, 7))  # text rendering modes: neither filled nor stroked (ISO 32000-1, 9.3.6)

Box = tuple[float, float, float, float]

_POINTER, _INT, _UINT = ctypes.c_void_p, ctypes.c_int, ctypes.c_uint
_FUNCTIONS: dict[str, tuple[str, tuple[Any, ...]]] = {
    "load_page": ("FPDF_LoadPage", (_POINTER, _POINTER, _INT)),
    "close_page": ("FPDF_ClosePage", (None, _POINTER)),
    "load_text": ("FPDFText_LoadPage", (_POINTER, _POINTER)),
    "close_text": ("FPDFText_ClosePage", (None, _POINTER)),
    "count": ("FPDFText_CountChars", (_INT, _POINTER)),
    "thing": ("FPDFText_GetTextObject", (_POINTER, _POINTER, _INT)),
    "code": ("FPDFText_GetUnicode", (_UINT, _POINTER, _INT)),
    "place": ("FPDFText_GetCharBox", (_INT, _POINTER, _INT, *[_POINTER] * 4)),
    "mode": ("FPDFTextObj_GetTextRenderMode", (_INT, _POINTER)),
    "size": ("FPDFTextObj_GetFontSize", (_INT, _POINTER, _POINTER)),
    "fill": ("FPDFPageObj_GetFillColor", (_INT, _POINTER, *[_POINTER] * 4)),
    "content": ("FPDFPageObj_GetMarkedContentID", (_INT, _POINTER)),
    "marks": ("FPDFPageObj_CountMarks", (_INT, _POINTER)),
    "mark": ("FPDFPageObj_GetMark", (_POINTER, _POINTER, ctypes.c_ulong)),
    "name": ("FPDFPageObjMark_GetName", (_INT, _POINTER, _POINTER, ctypes.c_ulong, _POINTER)),
    "crop": ("FPDFPage_GetCropBox", (_INT, _POINTER, *[_POINTER] * 4)),
    "media": ("FPDFPage_GetMediaBox", (_INT, _POINTER, *[_POINTER] * 4)),
    "wide": ("FPDF_GetPageWidthF", (ctypes.c_float, _POINTER)),
    "high": ("FPDF_GetPageHeightF", (ctypes.c_float, _POINTER)),
}
"""Functions of PDFium: what they return, and what they take. A page has a thousand characters, and each is
asked for three times: pointers stay plain numbers, which takes a third of the time."""


class _Lens:
    """Looks at the characters of a page, one by one."""

    load_page: Any
    close_page: Any
    load_text: Any
    close_text: Any
    count: Any
    thing: Any
    code: Any
    place: Any
    mode: Any
    size: Any
    fill: Any
    content: Any
    marks: Any
    mark: Any
    name: Any
    crop: Any
    media: Any
    wide: Any
    high: Any

    def __init__(self) -> None:
        import pypdfium2.raw as pdfium

        for own, (name, kinds) in _FUNCTIONS.items():
            address = ctypes.cast(getattr(pdfium, name), ctypes.c_void_p).value
            assert address
            setattr(self, own, ctypes.PYFUNCTYPE(*kinds)(address))
        self.numbers = [ctypes.c_double() for _ in range(4)]
        self.corners = [ctypes.addressof(number) for number in self.numbers]
        self.colours = [ctypes.c_uint() for _ in range(4)]
        self.colour_places = [ctypes.addressof(colour) for colour in self.colours]
        self.height = ctypes.c_float()
        self.height_place = ctypes.addressof(self.height)

    def runs(self, text: int, page: int) -> Iterator[tuple[int | None, list[int]]]:
        """Yield marked-content number (None for none) and UTF-16 units or code points of each run of
        characters of one text object; what cannot be seen and artifacts are left out."""
        known: dict[int, tuple[int | None, bool]] = {}
        sheet, get_thing, get_code = self.sheet(page), self.thing, self.code
        units: list[int] = []
        last, mark, inked = -1, None, False
        for index in range(self.count(text)):
            thing = get_thing(text, index)
            if not thing:
                continue  # a space or line end that PDFium made up
            if thing != last:
                if units:
                    yield mark, units
                    units = []
                if thing not in known:
                    known[thing] = self.content_of(thing), self.inked(thing)
                mark, inked = known[thing]
                inked = inked and mark != -1 and self.on(sheet, text, index)
                known[thing] = mark, inked
                last = thing
            if not inked:
                continue
            code = get_code(text, index)
            if code in _HYPHEN or (code == _WORD_BREAK and get_code(text, index + 1) in _LINE_ENDS):
                code = ord(BROKEN)
            units.append(code)
        if units:
            yield mark, units

    def inked(self, thing: int) -> bool:
        """Tell whether a text object is painted: not without ink, nor of no size, nor transparent."""
        if self.mode(thing) in _UNPAINTED:
            return False
        if self.size(thing, self.height_place) and self.height.value == 0:
            return False
        filled = self.fill(thing, *self.colour_places)
        return not filled or self.colours[3].value > 0

    def sheet(self, page: int) -> Box:
        """Return left, bottom, right, top of what is seen of a page, in points."""
        edges = [ctypes.c_float() for _ in range(4)]
        places = [ctypes.addressof(edge) for edge in edges]
        for box in (self.crop, self.media):
            if box(page, *places):
                return edges[0].value, edges[1].value, edges[2].value, edges[3].value
        return 0.0, 0.0, self.wide(page), self.high(page)

    def on(self, sheet: Box, text: int, index: int) -> bool:
        """Tell whether a character lies on the page, at least in part."""
        if not self.place(text, index, *self.corners):
            return True
        left, right, bottom, top = (number.value for number in self.numbers)
        return left <= sheet[2] and right >= sheet[0] and bottom <= sheet[3] and top >= sheet[1]

    def content_of(self, thing: int) -> int | None:
        """Return the number of the marked content that an object is in, None for none, -1 for an artifact."""
        number = self.content(thing)
        if number >= 0:
            return int(number)
        buffer = (ctypes.c_ushort * 32)()
        length = ctypes.c_ulong()
        for index in range(self.marks(thing)):
            mark = self.mark(thing, index)
            self.name(mark, ctypes.addressof(buffer), ctypes.sizeof(buffer), ctypes.addressof(length))
            if bytes(buffer)[: max(0, length.value - 2)].decode("utf-16-le", "replace") == "Artifact":
                return -1
        return None


def _decoded(units: list[int]) -> str:
    text = "".join(map(chr, units))
    return text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")


# --------------------------------------------------------------------------- the order of reading


@dataclass(frozen=True, slots=True)
class _Leaf:
    """A marked content in the structure tree: page, number, the block it is in, what it is."""

    key: Key
    block: int
    part: Part


@dataclass(slots=True)
class _Walk:
    """Where the walk through the structure tree is."""

    pages: dict[tuple[int, int], int]
    roles: dict[str, str]
    blocks: int = 0
    seen: set[tuple[int, int]] = field(default_factory=set)


def _leaves(pdf: Any) -> Iterator[_Leaf]:
    """Yield the marked contents in the order of the structure tree; without recursion, each node once."""
    tree = pdf.Root.get("/StructTreeRoot")
    if tree is None:
        return
    walk = _Walk(
        {page.objgen: number for number, page in enumerate(pdf.pages)},
        {str(k).lstrip("/"): str(v).lstrip("/") for k, v in dict(tree.get("/RoleMap", {})).items()},
    )
    stack: list[tuple[Any, int, int, Part]] = [(tree, -1, 0, Part.TEXT)]
    while stack:
        node, page, block, part = stack.pop()
        if _is_number(node):
            yield _Leaf((page, int(node)), block, part)
            continue
        if not hasattr(node, "get"):
            continue
        page = walk.pages.get(node["/Pg"].objgen, page) if "/Pg" in node else page
        if "/MCID" in node:
            yield _Leaf((page, int(node["/MCID"])), block, part)
            continue
        if "/K" not in node or (node.is_indirect and node.objgen in walk.seen):
            continue
        walk.seen.add(node.objgen)
        kind = str(node.get("/S", "")).lstrip("/")
        kind = walk.roles.get(kind, kind)
        part = _part(kind, part)
        children = _children(node["/K"])
        if kind in _INLINE:
            stack += [(child, page, block, part) for child in reversed(children)]
            continue
        walk.blocks += len(children) + 1  # text before and after a block inside is another unit
        first = walk.blocks - len(children)
        stack += [(child, page, first, part) for child in reversed(children)]


def _is_number(node: Any) -> bool:
    return isinstance(node, int)


def _children(kids: Any) -> list[Any]:
    import pikepdf

    return list(kids) if isinstance(kids, pikepdf.Array) else [kids]


def _part(kind: str, above: Part) -> Part:
    if above is Part.ADDED or kind in _ADDED:
        return Part.ADDED
    if kind in _LABELS:
        return Part.LABEL
    return Part.NOTE if kind in _NOTES else above


def _in_order(leaves: list[_Leaf], drawn: dict[Key, str]) -> Iterator[Unit]:
    """Join the leaves of one block to a unit. What is drawn but not in the structure comes last."""
    run: list[_Leaf] = []
    for leaf in leaves:
        if run and (leaf.block != run[0].block or leaf.part is not run[0].part):
            yield from _unit(run, drawn)
            run = []
        run.append(leaf)
    if run:
        yield from _unit(run, drawn)
    for (page, _), text in sorted(drawn.items()):
        if text.strip():
            yield Unit(text, f"page {page + 1}", Part.ADDED, ((page + 1, len(text)),))


def _unit(run: list[_Leaf], drawn: dict[Key, str]) -> Iterator[Unit]:
    pieces = [(leaf.key[0] + 1, drawn.pop(leaf.key, "")) for leaf in run]
    text = "".join(words for _, words in pieces)
    if text.strip():
        runs = tuple((page, len(words)) for page, words in pieces if words)
        yield Unit(text, f"page {runs[0][0]}", run[0].part, runs)
