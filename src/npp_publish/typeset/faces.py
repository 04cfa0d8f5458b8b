"""The faces of the house: which there are, what they cover, and cuts of them for one document.

`faces()` reads `fonts/faces.toml`; `coverage()` names the characters that no face has, before
anything is rendered; `subset()` cuts a face down to some characters (HarfBuzz, TrueType or WOFF2, the
same bytes every time); `stand_in()` makes a face for the characters that are nowhere, so that they
show as `〓`, the mark printers set for a missing sort, and still copy as themselves.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, fields, is_dataclass
from functools import cache, lru_cache
from io import BytesIO
from pathlib import Path
from typing import Any
from unicodedata import category

from ..diagnostics import Diagnostic, diagnose
from ..makeready.tables import parsed
from ..model import Code, Edition, Foreign, Ruby, Stated, Text, Verbatim
from ..typecase import fonts_folder
from .crate import pack

__all__ = [
    "STAND_IN",
    "Face",
    "absent",
    "coverage",
    "faces",
    "font_face_css",
    "missing",
    "needs_glyph",
    "put_away",
    "stack",
    "stand_in",
    "subset",
    "texts",
]

STAND_IN = "NPP Geta"
"""Family of the face that `stand_in` makes; the last of every font stack."""
_GETA = "〓"
_STAND_INS = (
    ("NPP Song", 0),
    ("NPP Song", 400),
    ("NPP Hei", 400),
    ("NPP Kai", 400),
    ("NPP Latin", 400),
    ("NPP Hangul", 400),
)
"""Who steps in for a face that lacks a character, in this order; weight 0 is the weight asked for."""
_FEATURES = (
    "abvm blwm calt ccmp chws clig curs dist fwid halt hwid kern liga ljmo locl mark mkmk palt pwid rlig "
    "ruby sups subs tjmo tnum vert vhal vjmo vpal vrt2"
)
_SHOWN_LIMIT = 40
"""Each missing character is reported on its own up to this many."""
_INVISIBLE = frozenset(("Cc", "Cf", "Cs", "Zs", "Zl", "Zp"))


@dataclass(frozen=True, slots=True)
class Face:
    """One font file. `weight` 100..900; `style` is `normal` or `italic`; `path` a TrueType file."""

    family: str
    weight: int
    style: str
    path: Path

    @property
    def coverage(self) -> frozenset[int]:
        """The code points that the face has a glyph for."""
        return frozenset(_points(self.path))

    def has(self, character: str) -> bool:
        """Tell whether the face has a glyph for a character, without making a set of them all."""
        return ord(character) in _points(self.path)

    @property
    def halves(self) -> bool:
        """Whether its marks can be set half as wide (OpenType `halt`): browsers and e-readers squeeze
        neighbouring marks only then (CSS Text 4, `text-spacing-trim`)."""
        return _has_feature(self.path, "halt")

    @property
    def name(self) -> str:
        """The name that `stack` takes: `NPP Latin 400 italic`."""
        return f"{self.family} {self.weight}" + ("" if self.style == "normal" else f" {self.style}")


@cache
def faces() -> tuple[Face, ...]:
    """Return all faces of the house, in the order of `faces.toml`."""
    folder = fonts_folder()
    table = parsed((folder / "faces.toml").read_text(encoding="utf-8"))
    return tuple(
        Face(row["family"], row["weight"], row["style"], folder / row["file"]) for row in table["face"]
    )


def stack(name: str) -> tuple[Path, ...]:
    """Return the file of the face called `name` (family, weight, `italic`), then those of its stand-ins.

    Raises KeyError for a face that the house does not have.
    """
    by_name = {face.name: face for face in faces()}
    first = by_name[name]
    wanted = [first]
    for family, weight in _STAND_INS:
        wanted += [face for key, face in by_name.items() if key == f"{family} {weight or first.weight}"]
    return tuple(dict.fromkeys(face.path for face in wanted))


# --------------------------------------------------------------------------------------- coverage


@cache
def _points(path: Path) -> Any:
    return _opened(path).unicodes


@cache
def _has_feature(path: Path, feature: str) -> bool:
    face = _opened(path)
    scripts = range(len(face.get_table_script_tags("GPOS")))
    return any(feature in face.get_language_feature_tags("GPOS", script) for script in scripts)


@cache
def _opened(path: Path) -> Any:
    import uharfbuzz

    return uharfbuzz.Face(uharfbuzz.Blob.from_file_path(str(path)))


def put_away() -> None:
    """Close the files of all faces, which take fifty megabytes; they are opened again when wanted."""
    _opened.cache_clear()


@lru_cache(maxsize=20_000)
def _nowhere(character: str) -> bool:
    return not any(face.has(character) for face in faces())


def missing(characters: Iterable[str]) -> tuple[str, ...]:
    """Return, in code point order, the visible characters that no face of the house has.

    Controls, format characters, spaces and variation selectors need no glyph.
    """
    return tuple(sorted(c for c in set(characters) if _nowhere(c) and needs_glyph(c)))


def absent(characters: Iterable[str]) -> tuple[str, ...]:
    """Return, in code point order, what `stand_in` must carry: the missing characters, and the
    invisible ones that no face has and that an engine would show as an empty box."""
    return tuple(sorted(c for c in set(characters) if _nowhere(c) and _drawable(c)))


def _drawable(character: str) -> bool:
    return needs_glyph(character) or (character not in "\t\n\r" and category(character) not in ("Cs", "Mn"))


def needs_glyph(character: str) -> bool:
    """Tell whether a character shows: it is no control, space or variation selector."""
    selector = 0xFE00 <= ord(character) <= 0xFE0F or 0xE0100 <= ord(character) <= 0xE01EF
    return not selector and category(character) not in _INVISIBLE


def coverage(edition: Edition, path: str = "") -> tuple[Diagnostic, ...]:
    """Name each character of `edition` that no face has (NPP701), where it stands first in the source
    `path`, how often, and what is shown instead."""
    first: dict[str, int] = {}
    count: dict[str, int] = {}
    for text, line in texts(edition):
        for character in missing(text):
            first[character] = first.get(character) or line
            count[character] = count.get(character, 0) + text.count(character)
    found = [diagnose("NPP701", _complaint(c, count[c]), path=path, line=first[c]) for c in sorted(first)]
    rest = len(found) - _SHOWN_LIMIT
    if rest > 0:
        found[_SHOWN_LIMIT:] = [diagnose("NPP701", f"and {rest} other characters without a glyph", path=path)]
    return tuple(found)


def _complaint(character: str, times: int) -> str:
    often = "" if times == 1 else f" ({times} times)"
    kind = {"Co": "a private-use character", "Cn": "the unassigned or very new character"}
    shown = kind.get(category(character), character)
    return f"no face has {shown} U+{ord(character):04X}{often}; {_GETA} is shown in its place"


_TEXTUAL = (Text, Code, Verbatim, Foreign)
_UNPRINTED = frozenset(("id", "lines", "lang", "pages", "keywords", "extra", "src", "alt", "href", "target"))


def texts(edition: Edition) -> Iterator[tuple[str, int]]:
    """Yield every printed text of the edition (notes and readings too) with its source line, 0 if unknown."""
    yield edition.title, 0
    pending: list[tuple[object, int]] = [(edition.articles, 0), (edition.metadata, 0)]
    while pending:  # not recursive: an input may nest deeper than the interpreter's stack
        node, line = pending.pop()
        if isinstance(node, tuple):
            pending += [(child, line) for child in reversed(node)]
            continue
        line = next(iter(getattr(node, "lines", ())), line)
        if isinstance(node, _TEXTUAL):
            yield node.text, line
        elif isinstance(node, Ruby):
            yield node.base + node.reading, line
        elif isinstance(node, Stated):
            yield node.value, line
        elif is_dataclass(node):
            children = [getattr(node, f.name) for f in fields(node) if f.name not in _UNPRINTED]
            pending += [(child, line) for child in reversed(children)]


# ------------------------------------------------------------------------------------------- cuts


def subset(face: Face, characters: Iterable[str], *, woff2: bool = False) -> bytes:
    """Return `face` with only the glyphs that `characters` need, as TrueType or WOFF2.

    Names and licence records are kept, as the SIL Open Font License asks.
    """
    points = _points(face.path)
    wanted = sorted(point for point in {ord(c) for c in characters} if point in points)
    cut = _cut(face.path, tuple(wanted))
    return pack(cut) if woff2 else cut


def _cut(path: Path, points: tuple[int, ...]) -> bytes:
    import uharfbuzz

    order = uharfbuzz.SubsetInput()
    order.unicode_set.update(points)
    order.layout_feature_tag_set.clear()
    order.layout_feature_tag_set.update(_tags(_FEATURES))
    order.name_id_set.update(range(15))
    order.flags = uharfbuzz.SubsetFlags.NO_HINTING | uharfbuzz.SubsetFlags.NOTDEF_OUTLINE
    made = uharfbuzz.subset(_opened(path), order)
    return bytes(made.blob.data)


def _tags(names: str) -> list[int]:
    return [int.from_bytes(name.encode("ascii"), "big") for name in names.split()]


def stand_in(characters: Iterable[str]) -> bytes:
    """Return a TrueType face of family `STAND_IN` for characters that are in no face: each shows `〓`,
    or nothing where it is a control, a format character or a space."""
    from fontTools.fontBuilder import FontBuilder
    from fontTools.pens.ttGlyphPen import TTGlyphPen

    wanted = sorted({*characters, " ", "\u00a0", "\u2002"})  # shapers take spaces from the face of a run
    names = {ord(character): f"u{ord(character):05X}" for character in wanted}
    bars, blank = _bars(), TTGlyphPen(None).glyph()
    glyphs, widths = {".notdef": bars}, {".notdef": (1000, 80)}
    for character in wanted:
        name, seen = names[ord(character)], needs_glyph(character)
        glyphs[name] = bars if seen else blank
        widths[name] = (1000, 80) if seen else (300 if category(character) == "Zs" else 0, 0)
    builder = FontBuilder(1000, isTTF=True)
    builder.setupGlyphOrder(list(glyphs))
    builder.setupCharacterMap(names)
    builder.setupGlyf(glyphs)
    builder.setupHorizontalMetrics(widths)
    builder.setupHorizontalHeader(ascent=880, descent=-120)
    builder.setupNameTable({"familyName": STAND_IN, "styleName": "Regular", "psName": "NPPGeta-Regular"})
    builder.setupOS2(sTypoAscender=880, sTypoDescender=-120, usWinAscent=880, usWinDescent=120)
    builder.setupPost(keepGlyphNames=False)
    builder.font["head"].created = builder.font["head"].modified = 0
    builder.font.recalcTimestamp = False
    made = BytesIO()
    builder.font.save(made)
    return made.getvalue()


def _bars() -> Any:
    """Two thick bars in the em box, as type founders draw the mark."""
    from fontTools.pens.ttGlyphPen import TTGlyphPen

    pen = TTGlyphPen(None)
    for low, high in ((80, 300), (460, 680)):
        pen.moveTo((80, low))
        for point in ((80, high), (920, high), (920, low)):
            pen.lineTo(point)
        pen.closePath()
    return pen.glyph()


def font_face_css(
    wanted: Iterable[Face], url: Callable[[Face], str], *, kind: str = "truetype", extra: str = ""
) -> str:
    """Return `@font-face` rules for some faces. `url` gives each its address (a file, a path in a
    book, a data: URL); `kind` is the CSS format name; `extra` goes into every rule, for instance
    `font-display: block;`."""
    return "\n".join(
        f'@font-face {{ font-family: "{face.family}"; font-weight: {face.weight}; '
        f'font-style: {face.style}; src: url("{url(face)}") format("{kind}"); {extra}}}'
        for face in wanted
    )
