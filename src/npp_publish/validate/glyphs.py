"""Are all characters there as glyphs: the fonts of a finished PDF, EPUB or HTML page.

In a PDF no font may be left out, of Type 3 or made for another country's forms, and no text may show
glyph 0, which is the empty box. In a book or page with fonts of its own, these together must carry
every character of the text.
"""

from __future__ import annotations

import base64
import io
import re
import unicodedata
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any
from zipfile import ZipFile

from ..diagnostics import Severity
from .judge import Finding, HouseJudge
from .objects import dictionaries

__all__ = ["GLYPHS"]

_FOREIGN = re.compile(r"(?:CJK|Sans|Serif|Mono)[-_ ]?(?:JP|KR|TC|HK)(?![A-Za-z]*SC)|CJK(?:jp|kr|tc|hk)")
_DATA_FONT = re.compile(rb"url\(\s*[\"']?data:(?:font/|application/)[-\w.+]+;base64,([A-Za-z0-9+/=]+)")
_FONT_FILES = (".ttf", ".otf", ".woff", ".woff2")
_INVISIBLE = frozenset({"Cc", "Cf", "Zs", "Zl", "Zp", "Mn"})


def _examine(path: Path) -> Iterator[Finding]:
    if path.suffix == ".pdf":
        yield from _pdf(path)
    else:
        yield from _covered(path, *(_book(path) if path.suffix == ".epub" else _page(path)))


def _found(
    path: Path, rule: str, message: str, severity: Severity = Severity.ERROR, page: int = 0
) -> Finding:
    return Finding("glyphs", rule, severity, message, path, "NPP825", page=page)


# --------------------------------------------------------------------------- PDF


def _pdf(path: Path) -> Iterator[Finding]:
    import pikepdf

    with pikepdf.open(path) as pdf:
        fonts = [thing for thing in dictionaries(pdf) if thing.get("/Type") == "/Font"]
        messages = (message for font in fonts for message in _font(font))
        for rule, message in sorted(dict.fromkeys(messages)):
            yield _found(path, rule, message)
        for number, page in enumerate(pdf.pages, 1):
            count = _boxes(page)
            if count:
                yield _found(path, "notdef", f"{count} characters are shown as empty boxes", page=number)


def _font(font: Any) -> Iterator[tuple[str, str]]:
    """Yield what is wrong with one font dictionary (ISO 32000-2, 9.6 to 9.9)."""
    name = str(font.get("/BaseFont", "/without name"))[1:]
    subtype = str(font.get("/Subtype", ""))
    if subtype == "/Type3":
        yield "type3", f"{name} is a Type 3 font: drawings, not outlines"
        return
    if _FOREIGN.search(name):
        yield "region", f"{name} has the forms of another region than mainland China"
    if subtype == "/Type0":
        if "/ToUnicode" not in font:
            yield "unicode", f"{name} has no map to Unicode: its text cannot be copied"
        return
    descriptor = font.get("/FontDescriptor")
    if descriptor is None or not any(key in descriptor for key in ("/FontFile", "/FontFile2", "/FontFile3")):
        yield "embedded", f"{name} is not embedded"


def _boxes(page: Any, depth: int = 0) -> int:
    """Count the characters of glyph 0 that a page or form shows in fonts with two-byte codes."""
    import pikepdf

    resources = page.get("/Resources", {})
    wide = {
        str(name)
        for name, font in dict(resources.get("/Font", {})).items()
        if font.get("/Subtype") == "/Type0"
        and str(font.get("/Encoding", "")) in ("/Identity-H", "/Identity-V")
    }
    count, current = 0, ""
    stream: Any = pikepdf.parse_content_stream(page, "Tf Tj TJ ' \" Do")
    for operands, operator in stream:
        if str(operator) == "Tf":
            current = str(operands[0])
        elif str(operator) == "Do":
            form = dict(resources.get("/XObject", {})).get(str(operands[0]))
            if form is not None and form.get("/Subtype") == "/Form" and depth < 8:
                count += _boxes(form, depth + 1)
        elif current in wide:
            count += sum(_zeros(bytes(text)) for text in _strings(operands))
    return count


def _strings(operands: Any) -> Iterator[Any]:
    import pikepdf

    for operand in operands:
        if isinstance(operand, pikepdf.String):
            yield operand
        elif isinstance(operand, pikepdf.Array):
            yield from (part for part in operand if isinstance(part, pikepdf.String))


def _zeros(codes: bytes) -> int:
    return sum(not codes[n] and not codes[n + 1] for n in range(0, len(codes) - 1, 2))


# --------------------------------------------------------------------------- EPUB and HTML


def _covered(path: Path, fonts: list[bytes], text: str) -> Iterator[Finding]:
    if not fonts:
        yield _found(path, "no-fonts", "embeds no font: the reader's own are used", Severity.INFO)
        return
    missing = sorted(_visible(text) - _characters(fonts))
    if missing:
        shown = " ".join(f"{char} (U+{ord(char):04X})" for char in missing[:20])
        more = f" and {len(missing) - 20} more" if len(missing) > 20 else ""
        yield _found(path, "coverage", f"no embedded font has {shown}{more}", Severity.WARNING)


def _visible(text: str) -> set[str]:
    return {char for char in set(text) if unicodedata.category(char) not in _INVISIBLE}


def _characters(fonts: Iterable[bytes]) -> set[str]:
    from fontTools.ttLib import TTFont

    known: set[str] = set()
    for data in fonts:
        with TTFont(io.BytesIO(data), lazy=True) as font:
            known |= {chr(code) for code in font.getBestCmap() or {}}
    return known


def _page(path: Path) -> tuple[list[bytes], str]:
    data = path.read_bytes()
    return [base64.b64decode(found) for found in _DATA_FONT.findall(data)], _text(data)


def _book(path: Path) -> tuple[list[bytes], str]:
    with ZipFile(path) as book:
        names = sorted(book.namelist())
        fonts = [book.read(name) for name in names if name.lower().endswith(_FONT_FILES)]
        texts = [_text(book.read(name)) for name in names if name.lower().endswith((".xhtml", ".html"))]
    return fonts, "".join(texts)


def _text(data: bytes) -> str:
    from lxml import etree, html

    tree: Any = html.document_fromstring(data, parser=html.HTMLParser(encoding="utf-8", huge_tree=True))
    etree.strip_elements(tree, "style", "script", with_tail=False)
    return str(tree.body.text_content()) if tree.body is not None else ""


GLYPHS = HouseJudge("glyphs", "fonts and missing glyphs", frozenset({".pdf", ".epub", ".html"}), _examine)
