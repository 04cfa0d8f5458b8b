"""What kind of file it is: by its first bytes, then by its name; and what is refused by its looks."""

from __future__ import annotations

from pathlib import PurePath

from ..errors import InputUnreadable

__all__ = ["DOCX", "ODT", "PDF", "SUFFIXES", "media_type", "refuse_binary"]

PDF = "application/pdf"
DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
ODT = "application/vnd.oasis.opendocument.text"

_BY_SUFFIX = {
    ".md": "text/markdown",
    ".markdown": "text/markdown",
    ".html": "text/html",
    ".htm": "text/html",
    ".xhtml": "text/html",
    ".docx": DOCX,
    ".odt": ODT,
    ".pdf": PDF,
}
SUFFIXES = (".txt", ".text", *_BY_SUFFIX)
"""What pages end in; in a folder, other files are none."""
_ZIPPED = {DOCX, ODT}
_OTHERS = (
    (b"\x89PNG", "a PNG picture"),
    (b"\xff\xd8\xff", "a JPEG picture"),
    (b"GIF8", "a GIF picture"),
    (b"RIFF", "a WebP picture or a sound"),
    (b"II*\0", "a TIFF picture"),
    (b"MM\0*", "a TIFF picture"),
    (b"\x1f\x8b", "a gzip archive"),
    (b"BZh", "a bzip2 archive"),
    (b"\xfd7zXZ", "an xz archive"),
    (b"7z\xbc\xaf", "a 7z archive"),
    (b"Rar!", "a RAR archive"),
    (b"PK\x03\x04", "a ZIP archive"),
    (b"\xd0\xcf\x11\xe0", "an old Office file (.doc, .xls)"),
    (b"{\\rtf", "an RTF file"),
    (b"\x7fELF", "a program"),
    (b"%PDF-", "a PDF file"),
)
_HINTS = {
    "an old Office file (.doc, .xls)": "save it as .docx first",
    "an RTF file": "save it as .docx first",
    "a PDF file": "give it a name that ends in .pdf",
}


def media_type(name: str, data: bytes) -> str:
    """Return the media type: the first bytes decide between text and container, the name the rest.

    Any name that says nothing else is plain text. Raises InputUnreadable where name and content differ.
    """
    named = _BY_SUFFIX.get(PurePath(name).suffix.lower(), "text/plain")
    if named == PDF and b"%PDF-" not in data[:1024]:
        raise InputUnreadable("the name says PDF but the content does not", where=name)
    if named in _ZIPPED and not data.startswith(b"PK\x03\x04"):
        raise InputUnreadable("the name says .docx or .odt but the content does not", where=name)
    return named


def refuse_binary(data: bytes, name: str) -> None:
    """Raise InputUnreadable for content that is known by its first bytes to be no text."""
    for magic, what in _OTHERS:
        if data.startswith(magic):
            hint = _HINTS.get(what, "give the text of the page")
            raise InputUnreadable(f"this is {what}, not text", where=name, hint=hint)
