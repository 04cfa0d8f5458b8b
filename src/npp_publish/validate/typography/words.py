"""Checks of characters: the right ones, all of them, and nothing else when they are copied."""

from __future__ import annotations

import re
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

from .cells import begins_cell, cells
from .finding import at_glyph, row
from .ink import Glyph, Sheet
from .lines import Proof
from .table import Place, Row

__all__ = ["faces", "forbidden_characters", "invented_spaces", "type3", "verbatim"]

_BLANK = re.compile(r"[\s\u00ad\ufeff\u200b\ufffe\x00-\x1f]+")
_FORBIDDEN = re.compile("[\u2e80-\u2fdf\uf900-\ufaff\ue000-\uf8ff\ufffd]")
"""Radicals, compatibility ideographs, private use, replacement character: they look right and are
found by no search."""
_OTHER_REGIONS = re.compile(
    "(?<![A-Z])(JP|KR|TC|HK|TW|JIS)(?![a-zA-Z])|Japan|Korea|Mincho|Batang|MS-?P?Gothic|PMingLiU"
)
WIDE_GAP = 0.7
"""em: what stands further apart is not meant as one text: a label and its entry, two names."""
READING, READINGS_GAP = 0.6, 0.1
"""Letters so much smaller than the text are readings; those of two characters stand so far apart, em."""
_SECONDS = 120


def verbatim(proof: Proof, source: str | None) -> Row:
    """All characters of `source` stand in the glyphs, in any order of its paragraphs; without a
    source: every glyph says which character it is."""
    limit, why = "all", "ISO 32000-1, 14.8.2.4"
    if source is None:
        glyphs = [(sheet.number, g) for sheet in proof.sheets for g in sheet.glyphs]
        wrong = [at_glyph(page, g, "?") for page, g in glyphs if not g.text]
        return row("text", "every glyph has its character", looked_at=len(glyphs), wrong=wrong,
                   limit=limit, source=why)  # fmt: skip
    painted = _BLANK.sub("", "".join(g.text for sheet in proof.sheets for g in sheet.glyphs))
    pieces = [_BLANK.sub("", piece) for piece in re.split(r"[\r\n]+", source)]
    pieces = [piece for piece in pieces if piece]
    missing = [Place(0, 0, 0, piece[:40]) for piece in pieces if piece not in painted]
    missing = [place for place in missing if not _in_pieces(place.text, painted)]
    return row("text", "all text verbatim in the glyph stream", looked_at=len(pieces), wrong=missing,
               limit=limit, source=why)  # fmt: skip


def _in_pieces(text: str, painted: str) -> bool:
    """A paragraph may be parted by a page's running head: look for it in pieces of eight."""
    steps = [text[k : k + 8] for k in range(0, len(text), 8)]
    return sum(step in painted for step in steps) >= len(steps) - 2 and len(steps) > 3


def forbidden_characters(proof: Proof) -> Row:
    """No radicals, compatibility ideographs, private use or replacement characters."""
    glyphs = [(sheet.number, g) for sheet in proof.sheets for g in sheet.glyphs]
    wrong = [at_glyph(page, g, f"U+{ord(g.text[0]):04X}") for page, g in glyphs if _FORBIDDEN.search(g.text)]
    return row("code-points", "no code points that no search finds", looked_at=len(glyphs), wrong=wrong,
               limit="0", source="Unicode 16, 18.1; U+2E80-2FDF F900-FAFF E000-F8FF FFFD")  # fmt: skip


def type3(proof: Proof) -> Row:
    """No Type 3 fonts: they print badly and make files large."""
    seen = {g.face: (s.number, g) for s in reversed(proof.sheets) for g in reversed(s.glyphs)}
    wrong = [at_glyph(page, g, face.name) for face, (page, g) in seen.items() if face.type3]
    return row("type3", "no Type 3 font", looked_at=len(seen), wrong=wrong, limit="0",
               source="ISO 32000-1, 9.6.5")  # fmt: skip


def faces(proof: Proof) -> Row:
    """No face made for Japan, Korea, Taiwan or Hong Kong in a text for the mainland."""
    seen = {g.face: (s.number, g) for s in reversed(proof.sheets) for g in reversed(s.glyphs)}
    wrong = [at_glyph(p, g, face.name) for face, (p, g) in seen.items() if _OTHER_REGIONS.search(face.name)]
    return row("region", "no Japanese, Korean or traditional face", looked_at=len(seen), wrong=wrong,
               limit="0", source="clreq 2.2")  # fmt: skip


def invented_spaces(path: Path, proof: Proof) -> Row:
    """No blank in copied text where none is painted: PDFium, pdftotext, pdftotext -raw."""
    painted = _Painted(proof.sheets, READING * proof.size)
    looked, wrong = 0, []
    for name, text in _extractions(path):
        for before, after, words in _gaps(text):
            looked += 1
            if (before, after) in painted.touching and (before, after) not in painted.spaced:
                wrong.append(Place(0, 0, 0, f"{name}: {words}"))
    looked = looked or len(painted.touching)
    return row("spaces", "no invented space when copied", looked_at=looked, wrong=wrong, limit="0",
               source="ISO 32000-1, 14.9.4")  # fmt: skip


class _Painted:
    """Pairs of characters, each with what stands before, that touch or have a blank between them."""

    def __init__(self, sheets: tuple[Sheet, ...], reading: float) -> None:
        self.touching: set[tuple[str, str]] = set()
        self.spaced: set[tuple[str, str]] = set()
        for before, blank, after in _neighbours("".join(_spelled(sheet, reading) for sheet in sheets)):
            (self.spaced if blank else self.touching).add((before, after))


def _spelled(sheet: Sheet, reading: float) -> str:
    """Return the characters of a page as painted; what stands far apart gets a blank between, as do the
    readings of two characters, which are letters up to the size `reading`."""
    parts: list[str] = []
    previous: Glyph | None = None
    places = cells(sheet)
    for glyph in sheet.glyphs:
        if previous is not None and (
            _apart(previous, glyph, reading) or begins_cell(previous, glyph, places)
        ):
            parts.append(" ")
        parts.append(glyph.text)
        previous = glyph
    return "".join(parts) + "\n"


def _apart(a: Glyph, b: Glyph, reading: float) -> bool:
    """Do these not stand beside each other on one line, at most a wide gap apart?"""
    size = max(a.size, b.size)
    gap = b.x - a.x - a.advance
    most = READINGS_GAP if size <= reading and f"{a.text}{b.text}".isalpha() else WIDE_GAP
    return abs(b.y - a.y) > size / 2 or not -1.1 * size < gap < most * size


def _neighbours(text: str) -> Iterator[tuple[str, bool, str]]:
    """Yield (two characters before, is there a blank, two characters after) for each place."""
    solid: list[str] = []
    blank_before: list[bool] = []
    blank = False
    for character in text:
        if character.isspace():
            blank = True
            continue
        solid.append(character)
        blank_before.append(blank)
        blank = False
    joined = "".join(solid)
    for k in range(1, len(joined)):
        yield joined[max(0, k - 2) : k], blank_before[k], joined[k : k + 2]


def _gaps(text: str) -> Iterator[tuple[str, str, str]]:
    """Yield the surroundings of each blank inside a line of extracted text."""
    for line in re.split(r"[\r\n\f]+", text):
        solid = re.sub(r"[ \t\u00a0\u3000]+", "", line)
        place = 0
        for piece in re.split(r"([ \t\u00a0\u3000]+)", line.strip()):
            if piece and not piece.isspace():
                place += len(piece)
            elif piece and 0 < place < len(solid):
                before, after = solid[max(0, place - 2) : place], solid[place : place + 2]
                yield before, after, f"{before}␣{after}"


def _extractions(path: Path) -> Iterator[tuple[str, str]]:
    import pypdfium2

    document = pypdfium2.PdfDocument(path)
    try:
        yield "PDFium", "\n".join(page.get_textpage().get_text_range() for page in document)
    finally:
        document.close()
    program = shutil.which("pdftotext")
    for option in ([], ["-raw"]) if program else ():
        command = [str(program), *option, "-enc", "UTF-8", str(path), "-"]
        done = subprocess.run(command, capture_output=True, timeout=_SECONDS, check=False)
        yield " ".join(["pdftotext", *option]), done.stdout.decode("utf-8", "replace")
