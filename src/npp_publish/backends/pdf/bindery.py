"""The bindery: signatures bound to one PDF.

Pages, structure trees, destinations and bookmarks are joined in their order; each face is put in once,
cut to the glyphs that any signature uses. What is bound is, object for object, what the engine writes
for a document in one piece.
"""

from __future__ import annotations

import warnings
from collections.abc import Iterator, Mapping, Sequence
from itertools import pairwise
from typing import Any

from .compositor import Cast, Piece
from .folios import Inexact

__all__ = ["bind"]

_POINTS = 0.75
"""A CSS px in pt."""
_FIXED_PITCH = 1
_DROPPED = "BASE DSIG EBDT EBLC EBSC GPOS GSUB JSTF LTSH PCLT SVG"
"""Tables that a face in a PDF does not need."""


def bind(pieces: Sequence[Piece], faces: Mapping[str, bytes]) -> Any:
    """Return the bound edition, an open pikepdf document. `faces`: files of the faces by their digest.

    Raises Inexact where signatures do not fit together.
    """
    import pikepdf

    book = pikepdf.open(pieces[0].path)
    starts = [0]
    tree = _Tree(book, len(book.pages))
    shelf = _Shelf(book, pieces, faces)
    shelf.put_in(book.pages[0].Resources, book, 0)
    for number, piece in enumerate(pieces[1:], 1):
        starts.append(len(book.pages))
        with pikepdf.open(piece.path) as part:
            fonts = part.pages[0].Resources.Font
            shelf.take(part, number)
            for name in list(fonts.keys()):
                del fonts[name]
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")  # destinations are joined below
                book.pages.extend(part.pages)
            tree.join(part, starts[-1])
        resources = book.pages[starts[-1]].Resources
        shelf.put_in(resources, book, number)
        resources.ColorSpace = book.pages[0].Resources.ColorSpace
    tree.close()
    shelf.close()
    _destinations(book, pieces, starts)
    _outline(book, pieces)
    return book


class _Tree:
    """The structure trees, joined to one with one parent tree (ISO 32000-1, 14.7.4.4)."""

    def __init__(self, book: Any, count: int) -> None:
        self.book = book
        self.root = book.Root.get("/StructTreeRoot")
        self.pages: list[Any] = []
        self.annotations: list[tuple[Any, Any]] = []
        if self.root is not None:
            self.document = self.root.K[0]
            self.note(self.root.ParentTree, 0, count)

    def note(self, parents: Any, first: int, count: int) -> None:
        """Take note of the entries of a parent tree: of `count` pages from `first` on, and annotations."""
        listed = list(parents.Nums.as_list())
        rows = {int(listed[index]): listed[index + 1] for index in range(0, len(listed), 2)}
        for number in range(count):
            self.pages.append(rows[number])
            page = self.book.pages[first + number]
            page.StructParents = first + number
            for annotation in page.get("/Annots", ()):
                if "/StructParent" in annotation:
                    self.annotations.append((annotation, rows[int(annotation.StructParent)]))

    def join(self, part: Any, first: int) -> None:
        """Add the tree of a signature whose pages stand in the book from `first` on."""
        import pikepdf

        if self.root is None:
            return
        root = self.book.copy_foreign(part.Root.StructTreeRoot)
        for kid in root.K[0].K.as_list():
            kid.P = self.document
            self.document.K.append(kid)
        self.note(root.ParentTree, first, len(part.pages))
        root.K = pikepdf.Array()

    def close(self) -> None:
        """Write the parent tree: pages first, then annotations."""
        import pikepdf

        if self.root is None:
            return
        rows: list[Any] = []
        for number, row in enumerate(self.pages):
            rows += [number, row]
        for number, (annotation, row) in enumerate(self.annotations, len(self.pages)):
            annotation.StructParent = number
            rows += [number, row]
        self.root.ParentTree = self.book.make_indirect(pikepdf.Dictionary(Nums=pikepdf.Array(rows)))


class _Shelf:
    """The faces of all signatures, each once."""

    def __init__(self, book: Any, pieces: Sequence[Piece], faces: Mapping[str, bytes]) -> None:
        self.book, self.pieces, self.faces = book, pieces, faces
        self.casts: dict[str, Cast] = {}
        for piece in pieces:
            for name, cast in piece.casts.items():
                self.casts[name] = _together(self.casts.get(name), cast)
        missing = [cast.digest for cast in self.casts.values() if cast.digest not in faces]
        if missing:
            raise Inexact("a face that is not one of the edition's")
        self.fonts: dict[str, Any] = {}
        self.waiting: list[tuple[Any, int]] = []
        for name, font in book.pages[0].Resources.Font.items():
            self.fonts[name.removeprefix("/")] = font

    def take(self, part: Any, number: int) -> None:
        """Take the dictionaries of faces that are used for the first time."""
        for name, font in part.pages[0].Resources.Font.items():
            if name.removeprefix("/") not in self.fonts:
                self.fonts[name.removeprefix("/")] = self.book.copy_foreign(font)

    def put_in(self, resources: Any, book: Any, number: int) -> None:
        """Remember the resources of a signature, to name its faces there."""
        self.waiting.append((resources.Font, number))

    def close(self) -> None:
        """Complete the faces, and name in each signature those that it uses."""
        for name in sorted(self.casts):
            _complete(self.book, self.fonts[name], self.casts[name], self.faces)
        for fonts, number in self.waiting:
            for name in sorted(self.pieces[number].casts):
                fonts["/" + name] = self.fonts[name]


def _together(one: Cast | None, other: Cast) -> Cast:
    if one is None:
        return other
    texts = {**other.texts, **one.texts}
    if one.digest != other.digest or any(texts[glyph] != text for glyph, text in other.texts.items()):
        raise Inexact("signatures give a glyph different texts")
    return Cast(one.digest, {**other.widths, **one.widths}, texts)


def _complete(book: Any, font: Any, cast: Cast, faces: Mapping[str, bytes]) -> None:
    """Put the file, the widths and the texts of all signatures into the dictionary of a face."""
    import pikepdf

    child = font.DescendantFonts[0]
    descriptor = child.FontDescriptor
    file = _cut(faces[cast.digest], sorted(cast.texts))
    descriptor.FontFile2 = book.make_stream(file, Length1=len(file))
    flags = int(descriptor.Flags) & ~_FIXED_PITCH
    same = len(cast.widths) > 1 and len(set(cast.widths.values())) == 1
    descriptor.Flags = flags | _FIXED_PITCH if same else flags
    box = descriptor.FontBBox
    descriptor.FontBBox = pikepdf.Array([box[0], box[1], max(cast.widths.values(), default=0), box[3]])
    child.W = pikepdf.Array(list(_widths(cast.widths)))
    font.ToUnicode = book.make_stream(_to_unicode(cast.texts))


def _cut(file: bytes, glyphs: Sequence[int]) -> bytes:
    """Return a face with these glyphs only, under the numbers that they have."""
    import uharfbuzz

    face = uharfbuzz.Face(file)
    for kept, flags in (
        (glyphs, uharfbuzz.SubsetFlags.RETAIN_GIDS),
        (range(max(glyphs, default=0) + 1), uharfbuzz.SubsetFlags.NO_HINTING),
    ):
        order = uharfbuzz.SubsetInput()
        order.glyph_set.update(kept)
        order.drop_table_tag_set.update(int.from_bytes(t.ljust(4).encode(), "big") for t in _DROPPED.split())
        passed = uharfbuzz.SubsetFlags.PASSTHROUGH_UNRECOGNIZED
        order.flags = flags | passed | uharfbuzz.SubsetFlags.DESUBROUTINIZE
        face = uharfbuzz.subset(face, order)
    return bytes(face.blob.data)


def _widths(widths: Mapping[int, int]) -> Iterator[Any]:
    import pikepdf

    run: list[int] = []
    for glyph in sorted(widths):
        if glyph - 1 not in widths:
            if run:
                yield pikepdf.Array(run)
            yield glyph
            run = []
        run.append(widths[glyph])
    if run:
        yield pikepdf.Array(run)


def _to_unicode(texts: Mapping[int, str]) -> bytes:
    lines = [
        "/CIDInit /ProcSet findresource begin\n12 dict begin\nbegincmap\n/CIDSystemInfo",
        "<< /Registry (Adobe)\n/Ordering (UCS)\n/Supplement 0\n>> def",
        "/CMapName /Adobe-Identity-UCS def\n/CMapType 2 def",
        "1 begincodespacerange\n<0000> <ffff>\nendcodespacerange",
    ]
    rows = [f"<{glyph:04x}> <{text.encode('utf-16-be').hex()}>" for glyph, text in sorted(texts.items())]
    for start in range(0, len(rows), 100):
        batch = rows[start : start + 100]
        lines += [f"{len(batch)} beginbfchar", *batch, "endbfchar"]
    lines.append("endcmap\nCMapName currentdict /CMap defineresource pop\nend\nend")
    return "\n".join(lines).encode("ascii")


def _destinations(book: Any, pieces: Sequence[Piece], starts: Sequence[int]) -> None:
    """Write the names of all places that links lead to, sorted (ISO 32000-1, 7.9.6)."""
    import pikepdf

    rows: dict[bytes, Any] = {}
    for piece, start in zip(pieces, starts, strict=True):
        for name, (page, x, y) in piece.places.items():
            target = [book.pages[start + page].obj, pikepdf.Name.XYZ, x, y, 0]
            rows[bytes(pikepdf.String(name))] = pikepdf.Array(target)
    if rows:
        names = [part for name in sorted(rows) for part in (pikepdf.String(name), rows[name])]
        if "/Names" not in book.Root:
            book.Root.Names = pikepdf.Dictionary()
        book.Root.Names.Dests = pikepdf.Dictionary(Names=pikepdf.Array(names))


# ------------------------------------------------------------------------------- bookmarks


class _Page:
    """A page as far as the engine's tree of bookmarks asks for it."""

    def __init__(self, bookmarks: Sequence[Any]) -> None:
        self.bookmarks = list(bookmarks)


def _outline(book: Any, pieces: Sequence[Piece]) -> None:
    """Write the bookmarks; the engine says how they nest."""
    import pikepdf
    from weasyprint.anchors import make_page_bookmark_tree
    from weasyprint.matrix import Matrix

    tree: list[Any] = []
    skipped: list[int] = []
    depths, level, number = [tree], 0, 0
    for piece in pieces:
        for bookmarks, height in zip(piece.bookmarks, piece.heights, strict=True):
            matrix = Matrix(a=_POINTS, d=-_POINTS, f=height * _POINTS)
            page = _Page(bookmarks)
            level = make_page_bookmark_tree(page, skipped, depths, level, number, matrix)
            number += 1
    if tree:
        outlines = book.make_indirect(pikepdf.Dictionary(Type=pikepdf.Name.Outlines))
        _branch(book, outlines, tree)
        book.Root.Outlines = outlines


def _branch(book: Any, parent: Any, bookmarks: Sequence[Any]) -> int:
    """Hang bookmarks below a parent; return how many are open to view."""
    import pikepdf

    items = []
    shown = len(bookmarks)
    for title, (page, x, y), children, state in bookmarks:
        place = pikepdf.Array([book.pages[page].obj, pikepdf.Name.XYZ, x, y, 0])
        item = book.make_indirect(pikepdf.Dictionary(Title=pikepdf.String(title), Dest=place, Parent=parent))
        below = _branch(book, item, children) if children else 0
        if below:
            item.Count = -below if state == "closed" else below
        shown += 0 if state == "closed" else below
        items.append(item)
    for one, following in pairwise(items):
        one.Next, following.Prev = following, one
    if items:
        parent.First, parent.Last = items[0], items[-1]
        parent.Count = shown
    return shown
