"""Prepare the faces of the house from registry packages; the same bytes every time.

    python fonts/prepare.py            # fetch the packages, make every face, write README.md
    python fonts/prepare.py --check    # only compare the files at hand with faces.toml

Needs fontTools, `npm`, and on Debian `apt-get` and `dpkg-deb`. What is done to a face, and why:

* **Chinese forms by default.** A pan-CJK face keeps the forms of mainland China behind the `locl`
  feature, so a dash alone in an element, or in text without a language, is .89 em and `——` 1.69 em.
  Here the character map itself points at those forms: `——` is 2 em everywhere.
* **The middle dot is half an em** and **quotation marks are one em** in every Chinese face
  (clreq 3.1.2; GB/T 15834-2011, 5.1), with the ink in the half that belongs to the text.
* **One line box.** All faces share ascent .88 and descent .12 em, so that a Latin word or a
  quotation in Kai in a line of Song cannot push the baseline off the grid.
* **The Latin face lacks the marks that Chinese shares with Latin** (quotes, dash, ellipsis, middle
  dot), so it may stand first in any `font-family`; it is enlarged until its capitals are as tall as
  those of the Song face.
* **Own family names**, as the SIL Open Font License asks of modified fonts with reserved names, and
  so that a font of the same name installed on the machine is never taken instead.
"""

from __future__ import annotations

import argparse
import hashlib
import subprocess
import sys
import tarfile
import tempfile
import tomllib
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from fontTools.misc.roundTools import otRound
from fontTools.pens.cu2quPen import Cu2QuPen
from fontTools.pens.transformPen import TransformPen
from fontTools.pens.ttGlyphPen import TTGlyphPen
from fontTools.subset import Options, Subsetter
from fontTools.ttLib import TTFont, newTable
from fontTools.ttLib.scaleUpem import scale_upem

HERE = Path(__file__).resolve().parent
EM = 1000
ASCENT, DESCENT = 880, -120
MIDDLE_DOT = "\u00b7"
QUOTES_OPENING, QUOTES_CLOSING = "\u2018\u201c", "\u2019\u201d"
QUOTE_BEARING = 70
"""Space between a full-width quotation mark and the character it belongs to, in 1/1000 em."""
CURVE_ERROR = 1.5
"""How far, in 1/1000 em, a converted outline may leave the original one."""
UNUSED_TABLES = ("DSIG", "STAT", "meta", "prep", "fpgm", "cvt ", "gasp", "BASE", "VORG", "FFTM")

MAXP_FIELDS = (
    "maxZones",
    "maxTwilightPoints",
    "maxStorage",
    "maxFunctionDefs",
    "maxInstructionDefs",
    "maxStackElements",
    "maxSizeOfInstructions",
    "maxComponentElements",
    "maxPoints",
    "maxContours",
    "maxCompositePoints",
    "maxCompositeContours",
    "maxComponentDepth",
)

LATIN = (
    (0x20, 0x7E),
    (0xA0, 0x24F),
    (0x300, 0x36F),
    (0x370, 0x52F),
    (0x1E00, 0x1EFF),
    (0x2002, 0x200A),
    (0x2010, 0x2012),
    (0x2070, 0x209F),
    (0x20A0, 0x20BF),
    (0x2122, 0x2122),
    (0xFB00, 0xFB06),
)
"""What the Latin face keeps: letters, digits, ASCII marks, small figures, currency signs."""
SHARED = frozenset("¢¤¥¦§¨¬¯°±´¶·¸×÷µ")
"""Marks that Chinese text sets from its own face."""
HANGUL = (
    (0x20, 0x20),
    (0xA0, 0xA0),
    (0x1100, 0x11FF),
    (0x3131, 0x318E),
    (0xA960, 0xA97C),
    (0xAC00, 0xD7A3),
    (0xD7B0, 0xD7FB),
)
KAI_DROPS = ((0x3131, 0x318E), (0xAC00, 0xD7A3), (0xE000, 0xF8FF))
"""Korean has a face of its own here, and private-use characters mean nothing to a reader."""


@dataclass(frozen=True)
class Recipe:
    """One table of `faces.toml`: where a face comes from and what it becomes."""

    file: str
    family: str
    weight: int
    style: str
    treatment: str
    registry: str
    package: str
    version: str
    member: str
    member_sha256: str
    licence: str
    licence_file: str
    sha256: str
    role: str
    changes: str


def recipes() -> tuple[Recipe, ...]:
    """Return the faces in the order of `faces.toml`."""
    table = tomllib.loads((HERE / "faces.toml").read_text(encoding="utf-8"))
    return tuple(Recipe(**row) for row in table["face"])


def digest(path: Path) -> str:
    """Return the sha256 of a file in hexadecimal."""
    return hashlib.sha256(path.read_bytes()).hexdigest()


# ------------------------------------------------------------------------------ where they come from


def unpack_npm(package: str, version: str, folder: Path) -> None:
    """Fetch one npm package and unpack it."""
    command = ["npm", "pack", "--silent", f"{package}@{version}"]
    name = subprocess.run(command, cwd=folder, check=True, capture_output=True, text=True).stdout.strip()
    with tarfile.open(folder / name) as archive:
        archive.extractall(folder, filter="data")


def unpack_debian(package: str, version: str, folder: Path) -> None:
    """Fetch one Debian package and unpack it."""
    subprocess.run(["apt-get", "download", "-q", f"{package}={version}"], cwd=folder, check=True)
    (archive,) = folder.glob("*.deb")
    subprocess.run(["dpkg-deb", "-x", archive.name, "."], cwd=folder, check=True)


def fetched(wanted: Iterable[Recipe], store: Path) -> dict[str, Path]:
    """Unpack every package once; return the folder of each."""
    unpackers: dict[str, Callable[[str, str, Path], None]] = {"npm": unpack_npm, "debian": unpack_debian}
    folders: dict[str, Path] = {}
    for recipe in wanted:
        if recipe.package in folders:
            continue
        folder = store / recipe.package.replace("/", "+").replace("@", "")
        if not folder.is_dir():
            folder.mkdir(parents=True)
            unpackers[recipe.registry](recipe.package, recipe.version, folder)
        folders[recipe.package] = folder
    return folders


# ------------------------------------------------------------------------------------ what is done


def points(ranges: Iterable[tuple[int, int]]) -> set[int]:
    """Return all code points of some inclusive ranges."""
    return {point for first, last in ranges for point in range(first, last + 1)}


def cut_to(font: Any, wanted: Iterable[int]) -> None:
    """Keep only the glyphs that some code points and the layout features need."""
    options = Options(layout_features=["*"], name_IDs=["*"], name_languages=["*"], notdef_outline=True)
    options.recalc_timestamp = False
    subsetter = Subsetter(options)
    subsetter.populate(unicodes=sorted(wanted))
    subsetter.subset(font)


def remap(font: Any, changes: dict[int, str]) -> None:
    """Let code points show other glyphs."""
    for table in font["cmap"].tables:
        if table.isUnicode() and table.format in (4, 12):
            for point, glyph in changes.items():
                if point in table.cmap:
                    table.cmap[point] = glyph


def chinese_forms(font: Any) -> dict[str, str]:
    """Return glyph -> glyph of the `locl` feature for simplified Chinese, of the Han script."""
    table, forms = font["GSUB"].table, {}
    for record in table.ScriptList.ScriptRecord:
        for language in record.Script.LangSysRecord if record.ScriptTag == "hani" else ():
            for index in language.LangSys.FeatureIndex if language.LangSysTag == "ZHS " else ():
                feature = table.FeatureList.FeatureRecord[index]
                for lookup in feature.Feature.LookupListIndex if feature.FeatureTag == "locl" else ():
                    for subtable in table.LookupList.Lookup[lookup].SubTable:
                        forms.update(getattr(getattr(subtable, "ExtSubTable", subtable), "mapping", {}))
    return forms


def shifted(font: Any, character: str, name: str, advance: int, left: int) -> None:
    """Add the glyph `name`: `character` moved until its ink begins at `left`, `advance` units wide."""
    glyphs = font.getGlyphSet()
    old = font.getBestCmap()[ord(character)]
    glyph = font["glyf"][old]
    glyph.recalcBounds(font["glyf"])
    pen = TTGlyphPen(glyphs)
    glyphs[old].draw(TransformPen(pen, (1, 0, 0, 1, left - glyph.xMin, 0)))
    font["glyf"][name] = pen.glyph()
    font["glyf"][name].recalcBounds(font["glyf"])
    font["hmtx"][name] = (advance, left)
    if "vmtx" in font:
        font["vmtx"][name] = font["vmtx"][old]
    remap(font, {ord(character): name})


def ink(font: Any, character: str) -> int:
    """Return how wide the ink of a character is, in font units."""
    glyph = font["glyf"][font.getBestCmap()[ord(character)]]
    glyph.recalcBounds(font["glyf"])
    return int(glyph.xMax - glyph.xMin)


def half_em_dot(font: Any) -> None:
    """Make the middle dot half an em wide with its ink in the middle."""
    half = EM // 2
    shifted(font, MIDDLE_DOT, "npp.dot", half, (half - ink(font, MIDDLE_DOT)) // 2)


def full_quotes(font: Any) -> None:
    """Make quotation marks one em wide, the ink in the half next to what they enclose."""
    for index, mark in enumerate(QUOTES_OPENING):
        shifted(font, mark, f"npp.open{index}", EM, EM - QUOTE_BEARING - ink(font, mark))
    for index, mark in enumerate(QUOTES_CLOSING):
        shifted(font, mark, f"npp.close{index}", EM, QUOTE_BEARING)


def en_space(font: Any) -> None:
    """Add an en space: a glyph without ink that the composer can end a piece of text with."""
    name, space = "npp.enspace", font.getBestCmap()[ord(" ")]
    font["glyf"][name] = TTGlyphPen(None).glyph()
    font["hmtx"][name] = (EM // 2, 0)
    if "vmtx" in font:
        font["vmtx"][name] = font["vmtx"][space]
    for table in font["cmap"].tables:
        if table.isUnicode() and table.format in (4, 12):
            table.cmap[0x2002] = name


def pan_cjk(font: Any) -> None:
    """Song and Hei: Chinese forms, half-em dot."""
    forms = chinese_forms(font)
    remap(font, {point: forms[glyph] for point, glyph in font.getBestCmap().items() if glyph in forms})
    half_em_dot(font)


def kai(font: Any) -> None:
    """Kai: full-width quotes, half-em dot, no Korean."""
    cut_to(font, set(font.getBestCmap()) - points(KAI_DROPS))
    full_quotes(font)
    half_em_dot(font)


def fang(font: Any) -> None:
    """FangSong: quadratic outlines (TrueType embeds alike in every output), half-em dot."""
    cut_to(font, {point for point in font.getBestCmap() if point >= 0x20 and not 0xE000 <= point <= 0xF8FF})
    glyphs, order = font.getGlyphSet(), font.getGlyphOrder()
    outlines = {}
    for name in order:
        pen = TTGlyphPen(None)
        glyphs[name].draw(Cu2QuPen(pen, CURVE_ERROR, reverse_direction=True))
        outlines[name] = pen.glyph(round=otRound)
    font["loca"], font["glyf"] = newTable("loca"), newTable("glyf")
    font["glyf"].glyphOrder, font["glyf"].glyphs = order, outlines
    font["maxp"].tableVersion = 0x00010000
    for field in MAXP_FIELDS:
        setattr(font["maxp"], field, 0)
    font["maxp"].maxZones = 1
    font["post"].formatType = 3.0
    del font["CFF "]
    font.sfntVersion = "\0\1\0\0"
    half_em_dot(font)
    en_space(font)


def latin(font: Any) -> None:
    """Latin: no shared marks, capitals as tall as those of the Song face (729 units)."""
    cut_to(font, points(LATIN) - {ord(mark) for mark in SHARED})
    scale_upem(font, round(EM * 729 / font["OS/2"].sCapHeight))
    font["head"].unitsPerEm = EM


def hangul(font: Any) -> None:
    """Korean: letters and syllables only; the space too, since shapers take it from the run."""
    cut_to(font, points(HANGUL))
    en_space(font)


TREATMENTS: dict[str, Callable[[Any], None]] = {
    "pan-cjk": pan_cjk,
    "kai": kai,
    "fang": fang,
    "latin": latin,
    "hangul": hangul,
}


def rename(font: Any, recipe: Recipe) -> None:
    """Give the face its name, weight and style; keep copyright, trademark and licence records."""
    bold, italic = recipe.weight >= 600, recipe.style == "italic"
    style = {(0, 0): "Regular", (1, 0): "Bold", (0, 1): "Italic", (1, 1): "Bold Italic"}[bold, italic]
    full = f"{recipe.family} {style}"
    table = font["name"]
    table.names = [
        record
        for record in table.names
        if record.nameID in (0, 7, 13, 14)
        and (record.platformID, record.langID) == (3, 0x409)
        and str(record)
    ]
    postscript = f"{recipe.family}-{style}".replace(" ", "")
    version = f"Version {recipe.version}; prepared for npp-publish"
    for number, text in (
        (1, recipe.family),
        (2, style),
        (3, postscript),
        (4, full),
        (5, version),
        (6, postscript),
    ):
        table.setName(text, number, 3, 1, 0x409)
    font["OS/2"].usWeightClass = recipe.weight
    font["OS/2"].fsSelection = (0x20 if bold else 0) | (0x01 if italic else 0) or 0x40
    font["head"].macStyle = (1 if bold else 0) | (2 if italic else 0)


def level(font: Any) -> None:
    """Give every face the same line box, and drop what no reader of ours uses."""
    font["hhea"].ascent, font["hhea"].descent, font["hhea"].lineGap = ASCENT, DESCENT, 0
    os2 = font["OS/2"]
    os2.sTypoAscender, os2.sTypoDescender, os2.sTypoLineGap = ASCENT, DESCENT, 0
    for tag in UNUSED_TABLES:
        if tag in font:
            del font[tag]
    font["post"].formatType = 3.0


def prepare(recipe: Recipe, package: Path) -> None:
    """Make one face. Raises SystemExit where the package holds another file than was reviewed."""
    member = package / recipe.member
    if digest(member) != recipe.member_sha256:
        sys.exit(f"{recipe.package}: {recipe.member} is not the reviewed file ({digest(member)})")
    font = TTFont(member, recalcTimestamp=False, lazy=False)
    TREATMENTS[recipe.treatment](font)
    rename(font, recipe)
    level(font)
    font.save(HERE / recipe.file)


# --------------------------------------------------------------------------------------- README.md


def readme(rows: Iterable[Recipe]) -> str:
    """Return the text of README.md, made from faces.toml."""
    lines = [
        "# Fonts",
        "",
        "Made by [`prepare.py`](prepare.py) from registry packages; [`faces.toml`](faces.toml) is the list.",
        "All files are TrueType. All are under the SIL Open Font License 1.1, except NPP Fang (GPL with the",
        "font exception: a document that embeds the font does not fall under the GPL). The licence texts",
        "lie beside the fonts.",
        "",
    ]
    for row in rows:
        lines += [
            f"## {row.file}",
            "",
            f"{row.role}",
            "",
            f"- family `{row.family}`, weight {row.weight}, {row.style}",
            f"- made from `{row.member.rsplit('/', 1)[-1]}` of the {row.registry} package "
            f"`{row.package}` {row.version} (sha256 `{row.member_sha256}`)",
            f"- changed: {row.changes}",
            f"- licence: {row.licence}, [`{row.licence_file}`]({row.licence_file})",
            f"- sha256 `{row.sha256}`",
            "",
        ]
    return "\n".join(lines)


def check(rows: Iterable[Recipe]) -> int:
    """Print the faces whose bytes differ from faces.toml; return how many."""
    wrong = [row for row in rows if digest(HERE / row.file) != row.sha256]
    for row in wrong:
        print(f"{row.file}: sha256 is {digest(HERE / row.file)}, faces.toml has {row.sha256 or 'none'}")
    return len(wrong)


def main() -> int:
    """Run from the command line."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n")[0])
    parser.add_argument("--check", action="store_true", help="only compare files with faces.toml")
    parser.add_argument("--store", type=Path, help="keep the packages in this folder")
    parser.add_argument("--only", default="", help="only files whose name begins with this")
    arguments = parser.parse_args()
    rows = recipes()
    if not arguments.check:
        with tempfile.TemporaryDirectory() as temporary:
            wanted = [row for row in rows if row.file.startswith(arguments.only)]
            folders = fetched(wanted, arguments.store or Path(temporary))
            for row in wanted:
                prepare(row, folders[row.package])
        (HERE / "README.md").write_text(readme(rows), encoding="utf-8")
    return 1 if check(rows) else 0


if __name__ == "__main__":
    sys.exit(main())
