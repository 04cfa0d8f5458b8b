"""Take files in: one `Source` from the files of one edition, or one clear refusal.

Refused (InputUnreadable, exit 3) is what cannot be read as it stands: a missing file, a folder, a
device, an empty or blank file, binary data, damaged or cut text, more than `MOST_BYTES`. Everything
that is read is read whole.
"""

from __future__ import annotations

import os
import re
import stat
from collections.abc import Sequence
from hashlib import sha256
from pathlib import Path

from ..diagnostics import Diagnostic, diagnose
from ..errors import InputUnreadable
from ..model import Source
from .decode import decode
from .folio import folios
from .formats import DOCX, ODT, PDF, media_type, refuse_binary
from .lines import Decoded, bind

__all__ = ["MOST_BYTES", "MOST_FILES", "read"]

MOST_BYTES = 32 * 1024 * 1024  # of one file; a newspaper page of text has about twenty thousand
MOST_FILES = 400
_SURE = 0.9
# What XML 1.0 cannot hold (section 2.2, Char), so that no EPUB and no HTML can.
_UNPRINTABLE = re.compile("[\x01-\x08\x0b\x0e-\x1f\x7f\ufffe\uffff]")


def read(
    paths: Sequence[Path], *, encoding: str = "", pages: Sequence[str] = ()
) -> tuple[Source, tuple[Diagnostic, ...]]:
    """Return the source of the files of ONE edition, in the given order, and what was noticed.

    `encoding` is that of all text files where the caller knows it; `pages` are their newspaper pages
    (版), else these are read off the file names (`folio`). Raises InputUnreadable, with file and line.
    """
    if not paths:
        raise InputUnreadable("no input file")
    if len(paths) > MOST_FILES:
        raise InputUnreadable(f"{len(paths)} files are too many for one edition (at most {MOST_FILES})")
    if pages and len(pages) != len(paths):
        raise InputUnreadable(f"{len(pages)} pages are named for {len(paths)} files")
    labels = tuple(pages) or folios([Path(path).name for path in paths])
    parts: list[Decoded] = []
    noticed: list[Diagnostic] = []
    for path, label in zip(paths, labels, strict=True):
        found, remarks = _one(Path(path), encoding, label)
        parts += found
        noticed += remarks
    return bind(parts), tuple(noticed)


def _one(path: Path, encoding: str, page: str) -> tuple[list[Decoded], list[Diagnostic]]:
    data = _load(path)
    name = printable(path)
    media = media_type(name, data)
    if media == PDF:
        from .textlayer import read_layer

        return read_layer(data, name=name, page=page)
    if media in {DOCX, ODT, "text/html"}:
        from .converted import convert

        converted, how = convert(data, media, name=name, encoding=encoding, page=page)
        return [converted], [*how, *_remarks(converted)]
    refuse_binary(data, name)
    reading = decode(data, name=name, encoding=encoding)
    if not reading.text.strip():
        raise InputUnreadable("the file holds nothing but blank space", where=name)
    digest = sha256(data).hexdigest()
    part = Decoded(name, reading.text, digest, reading.encoding, reading.confidence, media, page)
    return [part], _remarks(part)


def _remarks(part: Decoded) -> list[Diagnostic]:
    """Say how the file was read where a person may want to look again."""
    noticed = []
    if part.confidence < _SURE:
        message = f"read as {part.encoding} with confidence {part.confidence:.2f}"
        noticed.append(diagnose("NPP101", message, path=part.name, line=1))
    elif not part.encoding.startswith(("utf-8", "ascii")):
        message = f"read as {part.encoding} (confidence {part.confidence:.2f})"
        noticed.append(diagnose("NPP102", message, path=part.name))
    if odd := _UNPRINTABLE.search(part.text):
        line = len(re.findall(r"\r\n|\n|\r", part.text[: odd.start()])) + 1
        count = len(_UNPRINTABLE.findall(part.text))
        message = f"{count} control character(s), the first is U+{ord(odd.group()):04X}"
        noticed.append(diagnose("NPP103", message, path=part.name, line=line))
    return noticed


def _load(path: Path) -> bytes:
    """Return the bytes of a regular file; what was opened is looked at, not what stood there before."""
    where = printable(path)
    try:
        # Without O_NONBLOCK the opening of a FIFO would wait for ever.
        handle = os.open(path, os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0))
    except (OSError, ValueError) as error:
        raise InputUnreadable(_reason(path, error), where=where) from None
    try:
        kind = os.fstat(handle).st_mode
        if stat.S_ISDIR(kind):
            raise InputUnreadable("this is a folder", where=where, hint="name the files in it")
        if not stat.S_ISREG(kind):
            raise InputUnreadable("this is no file but a device, a pipe or a socket", where=where)
        with os.fdopen(handle, "rb", closefd=False) as file:
            data = file.read(MOST_BYTES + 1)
    except OSError as error:
        raise InputUnreadable(_reason(path, error), where=where) from None
    finally:
        os.close(handle)
    if len(data) > MOST_BYTES:
        raise InputUnreadable(f"larger than {MOST_BYTES >> 20} MB: this is not a page", where=where)
    if not data:
        raise InputUnreadable("the file is empty", where=where)
    return data


def _reason(path: Path, error: OSError | ValueError) -> str:
    if isinstance(error, FileNotFoundError):
        dangling = path.is_symlink()
        return "a link that leads nowhere" if dangling else "there is no such file"
    if isinstance(error, PermissionError):
        return "no permission to read it"
    return (error.strerror or str(error)) if isinstance(error, OSError) else str(error)


def printable(path: Path) -> str:
    """Return the path as text that can be shown and written as UTF-8, whatever bytes it is made of."""
    text = str(path).encode("utf-8", "backslashreplace").decode("utf-8")
    return "".join(c if c.isprintable() else c.encode("unicode_escape").decode("ascii") for c in text)
