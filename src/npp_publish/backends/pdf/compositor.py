"""The compositor: sets one signature and writes it as a PDF of its own, to be bound with the others.

Faces are left out of these files: what each used of a face is told instead (`Cast`), so that the bound
edition carries every face once.
"""

from __future__ import annotations

import gc
import hashlib
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from .bed import Bed
from .complaints import complaints
from .folios import Inexact, Laid, Place, numbered
from .signatures import Signature
from .structure import entries, kids, kind_of, mend
from .tables import join_tables

__all__ = ["Cast", "Compositor", "Piece"]

_NAMED = frozenset(("/Table", "/Note"))
"""Types of elements that have identifiers, or whose parts do."""
Bookmark = tuple[int, str, tuple[float, float], str]
"""Level, label, place on the page in px, state."""


@dataclass(frozen=True, slots=True)
class Cast:
    """What a signature used of a face: the digest of its file, widths and texts by glyph."""

    digest: str
    widths: Mapping[int, int]
    texts: Mapping[int, str]


@dataclass(frozen=True, slots=True)
class Piece:
    """A signature as it was printed. `bookmarks` by page, `heights` of the pages in px, `casts` by the
    name of the font in the file, `places` of its anchors: page (from 0), x, y in pt."""

    path: Path
    bookmarks: tuple[tuple[Bookmark, ...], ...]
    heights: tuple[float, ...]
    casts: Mapping[str, Cast]
    places: Mapping[str, tuple[int, float, float]]
    complaints: tuple[str, ...] = ()


class Compositor:
    """Sets the signatures of one edition, one after the other."""

    def __init__(
        self, bed: Bed, signatures: Sequence[Signature], folder: Path, faces: Mapping[str, bytes]
    ) -> None:
        self.bed, self.signatures, self.folder = bed, signatures, folder
        self.anchors = frozenset().union(*(signature.anchors for signature in signatures))
        self.digests = {file: digest for digest, file in faces.items()}
        self.files = {file: file for file in faces.values()}

    def set(self, number: int, numbers: Mapping[str, int], announce: Callable[[Laid], Place]) -> Piece:
        """Set and print a signature; `numbers` are the pages of the anchors of the edition, as far as
        they are known. Raises Inexact, Dropped, and what the engine raises."""
        signature = self.signatures[number]
        with complaints() as heard:
            with numbered(not number, self.anchors, numbers, announce):
                document = self.bed.set(signature.html, signature.single)
            piece = self.print(number, document, signature.anchors)
        return replace(piece, complaints=tuple(heard))

    def print(self, number: int, document: Any, anchors: frozenset[str]) -> Piece:
        """Write the PDF of one signature, with its structure put in order."""
        path = self.folder / f"signature-{number:05}.pdf"
        bookmarks = tuple(tuple(page.bookmarks) for page in document.pages)
        heights = tuple(page.height for page in document.pages)
        _let_links_lead_out(document, self.anchors - anchors)
        for page in document.pages:
            page.bookmarks = []
        if not number:
            gc.collect()  # what was laid out in vain is, of long contents, as much as what stands
        with _without_files(self.files) as files:
            self.bed.print(document, path, attached=not number)
        casts = self.casts(document, files)
        document.pages.clear()
        return Piece(path, bookmarks, heights, casts, _put_in_order(path, number, anchors))

    def casts(self, document: Any, files: Mapping[int, bytes]) -> dict[str, Cast]:
        """Tell what was used of each face. Raises Inexact for faces that cannot be put together."""
        found: dict[str, Cast] = {}
        for font in document.fonts.values():
            if font.bitmap or font.missing or font.used_in_forms or font.variations:
                raise Inexact(f"the face {font.family}")
            digest = self.digest(files[id(font)]) if id(font) in files else found[font.hash].digest
            known = found.get(font.hash, Cast(digest, {}, {}))
            widths, texts = {**known.widths, **font.widths}, {**known.texts, **font.to_unicode}
            found[font.hash] = Cast(digest, widths, texts)
        return found

    def digest(self, file: bytes) -> str:
        """Return the digest of a face; the same bytes are asked for again and again."""
        if file not in self.digests:
            self.digests[file] = hashlib.sha256(file).hexdigest()
        return self.digests[file]


def _let_links_lead_out(document: Any, outside: frozenset[str]) -> None:
    """Let the engine keep links to other signatures: it drops those whose target it does not know."""
    for page in document.pages:
        for kind, target, *_ in page.links:
            if kind == "internal" and target in outside:
                page.anchors.setdefault(target, (0, 0, 0, 0))


@contextmanager
def _without_files(known: Mapping[bytes, bytes]) -> Iterator[dict[int, bytes]]:
    """Keep the engine from putting faces into the file, and from holding a copy of those that are `known`;
    yields them by the identity of the font."""
    from weasyprint.pdf import fonts

    clean, content, files = fonts.Font.clean, fonts.get_hb_object_data, dict[int, bytes]()

    def left_out(self: Any, to_unicode: Any, hinting: bool) -> None:
        files[id(self)] = self.file_content
        self.file_content = self.file_content[:4]

    def shared(face: Any) -> Any:
        file = content(face)
        return known.get(file, file)

    fonts.Font.clean, fonts.get_hb_object_data = left_out, shared
    try:
        yield files
    finally:
        fonts.Font.clean, fonts.get_hb_object_data = clean, content


def _put_in_order(path: Path, number: int, anchors: frozenset[str]) -> dict[str, tuple[int, float, float]]:
    """Mend the structure tree, give its identifiers names of this signature; return its destinations."""
    import pikepdf

    with pikepdf.open(path, allow_overwriting_input=True) as pdf:
        kinds = mend(pdf)
        if "/Table" in kinds:
            join_tables(pdf)
        if number and kinds & _NAMED:
            _rename(pdf, f"s{number}-")
        places = dict(_destinations(pdf, anchors))
        if "/Names" in pdf.Root and "/Dests" in pdf.Root.Names:
            del pdf.Root.Names["/Dests"]
        pdf.save(path, stream_decode_level=pikepdf.StreamDecodeLevel.none)
    return places


def _destinations(pdf: Any, anchors: frozenset[str]) -> Iterator[tuple[str, tuple[int, float, float]]]:
    pages = {page.obj.objgen: number for number, page in enumerate(pdf.pages)}
    listed = pdf.Root.get("/Names", {}).get("/Dests", {}).get("/Names", ())
    for index in range(0, len(listed), 2):
        name, place = str(listed[index]), listed[index + 1]
        if name in anchors:
            yield name, (pages[place[0].objgen], float(place[2]), float(place[3]))


def _rename(pdf: Any, prefix: str) -> None:
    """Put `prefix` before the identifiers of elements, which are unique in the whole file (ISO 32000-1,
    14.7.2), and where cells name their headers by them."""
    import pikepdf

    pending = kids(pdf.Root.StructTreeRoot) if "/StructTreeRoot" in pdf.Root else []
    while pending:
        element = pending.pop()
        if "/ID" in element:
            element.ID = pikepdf.String(prefix + str(element.ID))
        headers = element.get("/A", {}).get("/Headers") if kind_of(element) == "/TD" else None
        if headers is not None:
            element.A.Headers = pikepdf.Array([pikepdf.String(prefix + str(name)) for name in headers])
        pending += [kid for kid in entries(element) if isinstance(kid, pikepdf.Dictionary) and "/S" in kid]
