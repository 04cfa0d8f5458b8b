"""The loose sheets of the book before it is bound: documents, pictures, fonts, style sheets.

Everything here is plain data. File names are relative to the package folder, ASCII, and made by
us, never taken from a document.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

__all__ = ["Entry", "Sheet", "escape", "fit_label", "page", "quoteattr", "xml_text"]

XHTML = "application/xhtml+xml"

# What XML 1.0 cannot carry (production 2, Char), not even as a reference, and the non-characters
# and C1 controls that EPUBCheck and readers stumble over.
_UNFIT = re.compile(
    "[^\t\n\r\u0020-\u007e\u0085\u00a0-\ud7ff\ue000-\ufdcf\ufdf0-\ufffd\U00010000-\U0010ffff]"
)
_LABEL = 120


@dataclass(frozen=True, slots=True)
class Sheet:
    """One file of the book: manifest id, name, media type, bytes, manifest properties.

    `spine` says whether it stands in the reading order; `title` is for documents.
    """

    id: str
    name: str
    media_type: str
    content: bytes
    properties: tuple[str, ...] = ()
    spine: bool = False
    title: str = ""


@dataclass(frozen=True, slots=True)
class Entry:
    """One line of the contents: label, target (relative to the package folder), lines below it."""

    label: str
    href: str
    below: tuple[Entry, ...] = ()


def escape(text: str) -> str:
    """Return `text` as it stands in a document. (The one in `xml.sax` imports half of a web browser.)"""
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def quoteattr(text: str) -> str:
    """Return `text` in quotation marks, as the value of an attribute (XML 1.0, 3.3.3)."""
    text = escape(text).replace("\n", "&#10;").replace("\r", "&#13;").replace("\t", "&#9;")
    return '"' + text.replace('"', "&quot;") + '"'


def xml_text(text: str) -> str:
    """Return `text` with the characters that XML 1.0 forbids taken out."""
    return _UNFIT.sub("", text)


def fit_label(text: str, limit: int = _LABEL) -> str:
    """Return `text` on one line and at most `limit` characters long, for contents and titles."""
    line = " ".join(xml_text(text).split())
    return line if len(line) <= limit else line[: limit - 1] + "…"


def page(title: str, body: str, *, lang: str, css: str, classes: str = "", kind: str = "") -> bytes:
    """Return a whole XHTML document around `body` (well-formed XHTML, inserted as it is)."""
    marks = (f" class={quoteattr(classes)}" if classes else "") + (f' epub:type="{kind}"' if kind else "")
    return (
        '<?xml version="1.0" encoding="utf-8"?>\n<!DOCTYPE html>\n'
        '<html xmlns="http://www.w3.org/1999/xhtml" xmlns:epub="http://www.idpf.org/2007/ops" '
        f"lang={quoteattr(lang)} xml:lang={quoteattr(lang)}>\n"
        f'<head>\n<meta charset="utf-8"/>\n<title>{escape(fit_label(title))}</title>\n'
        f'<link rel="stylesheet" type="text/css" href={quoteattr(css)}/>\n</head>\n'
        f"<body{marks}>\n{body}\n</body>\n</html>\n"
    ).encode()
