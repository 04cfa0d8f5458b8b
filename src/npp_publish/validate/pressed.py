"""Reading back a PDF: characters by PDFium, their order by the structure tree that qpdf reads.

The order in which a page is drawn is not the order in which it is read: floats, columns and notes
are drawn when they are ready. A tagged PDF says the order of reading in its structure tree, whose
leaves name marked content by page and number (ISO 32000-1 section 14.7.4); PDFium says for every
character in which marked content it was drawn, and which are artifacts (14.8.2.2).
"""

from __future__ import annotations

import ctypes
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
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

_WORD_BREAK = 0x2010  # what hyphenation sets where it breaks a word
_HYPHEN = (0x2, 0xFFFE)  # what PDFium says for a hyphen at the end of a line, in the text or not

Key = tuple[int, int]  # page index, marked-content number


def read_pdf(path: Path) -> Iterator[Unit]:
    """Yield the units of a PDF in the order of its structure tree, or page by page where it has none."""
    import pikepdf
    import pypdfium2

    try:
        with pikepdf.open(path) as pdf:
            leaves = list(_leaves(pdf))
        document = pypdfium2.PdfDocument(path)
    except (OSError, pikepdf.PdfError, pypdfium2.PdfiumError) as error:
        raise ValueError(f"{path.name} cannot be read: {error}") from error
    try:
        drawn, loose = _drawn(document)
    finally:
        document.close()
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


def _drawn(document: Any) -> tuple[dict[Key, str], dict[int, str]]:
    """Return the characters of each marked content, and by page those in none; artifacts are left out."""
    import pypdfium2.raw as pdfium

    marked: dict[Key, list[int]] = defaultdict(list)
    loose: dict[int, list[int]] = defaultdict(list)
    for number in range(len(document)):
        page = pdfium.FPDF_LoadPage(document.raw, number)
        text = pdfium.FPDFText_LoadPage(page)
        try:
            for unit, mark in _characters(text, page):
                if mark is None:
                    loose[number].append(unit)
                elif mark >= 0:
                    marked[number, mark].append(unit)
        finally:
            pdfium.FPDFText_ClosePage(text)
            pdfium.FPDF_ClosePage(page)
    return {k: _decoded(v) for k, v in marked.items()}, {k: _decoded(v) for k, v in loose.items()}


def _characters(text: Any, page: Any) -> Iterator[tuple[int, int | None]]:
    """Yield (UTF-16 unit or code point, marked-content number; None for none, -1 for an artifact) of
    what can be seen."""
    import pypdfium2.raw as pdfium

    known: dict[int, tuple[int | None, bool]] = {}
    sheet = _sheet(page)
    last = -1
    for index in range(pdfium.FPDFText_CountChars(text)):
        thing = pdfium.FPDFText_GetTextObject(text, index)
        if not thing:
            continue  # a space or line end that PDFium made up
        address = ctypes.addressof(thing.contents)
        if address not in known:
            known[address] = _mark(thing), _inked(thing)
        mark, inked = known[address]
        if address != last:
            inked = inked and _on(sheet, text, index)
            known[address] = mark, inked
            last = address
        if not inked:
            continue
        character = pdfium.FPDFText_GetUnicode(text, index)
        broken = character in _HYPHEN or (character == _WORD_BREAK and _ends_line(text, index))
        yield ord(BROKEN) if broken else character, mark


_UNPAINTED = frozenset((3, 7))  # text rendering modes: neither filled nor stroked (ISO 32000-1, 9.3.6)


def _inked(thing: Any) -> bool:
    """Tell whether a text object is painted: not without ink, nor of no size, nor transparent."""
    import pypdfium2.raw as pdfium

    if pdfium.FPDFTextObj_GetTextRenderMode(thing) in _UNPAINTED:
        return False
    size = ctypes.c_float()
    if pdfium.FPDFTextObj_GetFontSize(thing, ctypes.byref(size)) and size.value == 0:
        return False
    red, green, blue, alpha = (ctypes.c_uint() for _ in range(4))
    filled = pdfium.FPDFPageObj_GetFillColor(thing, *map(ctypes.byref, (red, green, blue, alpha)))
    return not filled or alpha.value > 0


Box = tuple[float, float, float, float]


def _sheet(page: Any) -> Box:
    """Return left, bottom, right, top of what is seen of a page, in points."""
    import pypdfium2.raw as pdfium

    edges = [ctypes.c_float() for _ in range(4)]
    for box in (pdfium.FPDFPage_GetCropBox, pdfium.FPDFPage_GetMediaBox):
        if box(page, *map(ctypes.byref, edges)):
            return edges[0].value, edges[1].value, edges[2].value, edges[3].value
    return 0.0, 0.0, pdfium.FPDF_GetPageWidthF(page), pdfium.FPDF_GetPageHeightF(page)


def _on(sheet: Box, text: Any, index: int) -> bool:
    """Tell whether a character lies on the page, at least in part."""
    import pypdfium2.raw as pdfium

    left, right, bottom, top = (ctypes.c_double() for _ in range(4))
    if not pdfium.FPDFText_GetCharBox(text, index, *map(ctypes.byref, (left, right, bottom, top))):
        return True
    across = left.value <= sheet[2] and right.value >= sheet[0]
    return across and bottom.value <= sheet[3] and top.value >= sheet[1]


def _ends_line(text: Any, index: int) -> bool:
    """Tell whether a character is the last of its line or of its page."""
    import pypdfium2.raw as pdfium

    return pdfium.FPDFText_GetUnicode(text, index + 1) in (0, 0xA, 0xD)


def _mark(thing: Any) -> int | None:
    import pypdfium2.raw as pdfium

    number = pdfium.FPDFPageObj_GetMarkedContentID(thing)
    if number >= 0:
        return int(number)
    buffer = (ctypes.c_ushort * 32)()
    length = ctypes.c_ulong()
    for index in range(pdfium.FPDFPageObj_CountMarks(thing)):
        mark = pdfium.FPDFPageObj_GetMark(thing, index)
        pdfium.FPDFPageObjMark_GetName(mark, buffer, ctypes.sizeof(buffer), ctypes.byref(length))
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
