"""Word-processor and web files: pandoc makes page text of them, and that text is the source.

The door to pandoc is sandboxed and bounded. What the ledger accounts for are the characters that
pandoc gives; the markup of the file, its pictures and scripts are not among them.
"""

from __future__ import annotations

import io
import re
import zipfile
from hashlib import sha256

from .. import pandoc
from ..diagnostics import Diagnostic, diagnose
from ..errors import InputUnreadable
from .decode import decode
from .formats import DOCX, ODT
from .lines import Decoded

__all__ = ["convert"]

_MOST_UNPACKED = 256 * 1024 * 1024  # bytes; a small file that unpacks to more is a bomb
_MOST_MEMBERS = 4000
_FORMATS = {DOCX: "docx", ODT: "odt", "text/html": "html"}
# HTML, 13.2.3.2 "prescan": a declared encoding stands within the first 1024 bytes
_CHARSET = re.compile(rb"<meta[^>]{0,200}?charset\s*=\s*[\"']?\s*([A-Za-z0-9_:.-]{1,40})", re.IGNORECASE)


def convert(
    data: bytes, media: str, *, name: str, encoding: str = "", page: str = ""
) -> tuple[Decoded, list[Diagnostic]]:
    """Return the text of a .docx, .odt or .html file, and how it was had.

    Raises InputUnreadable for a damaged or oversized container, or a file without text.
    """
    confidence = 1.0
    told = "utf-8"
    if media == "text/html":
        reading = decode(data, name=name, encoding=encoding or _declared(data))
        told, confidence = reading.encoding, reading.confidence
        prepared = reading.text.encode("utf-8")
    else:
        _open_container(data, media, name)
        prepared = data
    try:
        text = pandoc.convert(prepared, _FORMATS[media])
    except InputUnreadable as error:
        raise InputUnreadable(error.message, where=name, hint=error.hint) from None
    if not text.strip():
        raise InputUnreadable("the file holds no text", where=name)
    part = Decoded(name, text, sha256(data).hexdigest(), told, confidence, media, page)
    return part, [diagnose("NPP104", f"the text of {_FORMATS[media]} as pandoc gives it", path=name)]


def _declared(data: bytes) -> str:
    """Return the encoding that the page declares, if Python knows it and the bytes agree with it."""
    found = _CHARSET.search(data[:1024])
    if not found or data.startswith((b"\xef\xbb\xbf", b"\xff\xfe", b"\xfe\xff")):
        return ""
    label = found[1].decode("ascii").lower()
    # WHATWG Encoding, 4.2: the labels gb2312 and gbk mean GBK, of which GB18030 is the superset
    label = {"gb2312": "gb18030", "gbk": "gb18030", "x-sjis": "cp932", "shift_jis": "cp932"}.get(label, label)
    try:
        data.decode(label)
    except (LookupError, ValueError):
        return ""  # a wrong declaration is common: look at the bytes instead
    return label


def _open_container(data: bytes, media: str, name: str) -> None:
    """Look into the ZIP container before anything unpacks it."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as container:
            members = container.infolist()
            names = {member.filename for member in members}
    except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError):
        raise InputUnreadable("the container is damaged or cut off", where=name) from None
    if len(members) > _MOST_MEMBERS or sum(member.file_size for member in members) > _MOST_UNPACKED:
        raise InputUnreadable("the container unpacks to far more than a page", where=name)
    wanted = "word/document.xml" if media == DOCX else "content.xml"
    if wanted not in names:
        raise InputUnreadable(f"the container has no {wanted}: this is no {_FORMATS[media]} file", where=name)
