"""The tray where copy comes in: page files, folders of them, patterns, and standard input as `-`."""

from __future__ import annotations

import contextlib
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import BinaryIO

from ..errors import CannotWrite, InputUnreadable, UsageError

__all__ = ["STANDARD_INPUT", "emptied", "kept", "named"]

STANDARD_INPUT = Path("-")
_NAME = "stdin"


def emptied(inputs: Sequence[Path]) -> tuple[Path, ...]:
    """Return the files that the words of a call stand for: a folder is the pages in it, in page order, a
    pattern that no shell has opened the files that match it. Raises InputUnreadable or UsageError."""
    from ..source import gather

    if list(inputs).count(STANDARD_INPUT) > 1:
        raise UsageError("standard input is named twice", hint="it can be read once")
    return tuple(
        path for named in inputs for path in ((named,) if named == STANDARD_INPUT else gather((named,)))
    )


def named(path: Path) -> Path:
    """Return the path that names what is made of this one."""
    return Path(_NAME) if path == STANDARD_INPUT else path


def kept(folder: Path) -> Path:
    """Read standard input into a file of this folder and return it; its kind is told by its content.

    It stays, so that `explain` and `review` can be asked about it. Raises InputUnreadable, CannotWrite.
    """
    data = _read(sys.stdin.buffer)
    path = folder / f"{_NAME}{_suffix(data)}"
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with contextlib.suppress(FileNotFoundError):
            if path.read_bytes() == data:
                return path
        path.write_bytes(data)
    except OSError as error:
        raise CannotWrite(f"cannot keep standard input: {error.strerror}", where=path) from error
    return path


def _read(stream: BinaryIO) -> bytes:
    from ..source.intake import MOST_BYTES

    try:
        data = stream.read(MOST_BYTES + 1)
    except OSError as error:
        raise InputUnreadable(f"standard input cannot be read: {error.strerror}") from error
    if not data:
        raise InputUnreadable(
            "standard input is empty", hint="for example: cat page.txt | npp-publish build -"
        )
    if len(data) > MOST_BYTES:
        raise InputUnreadable(f"standard input is larger than {MOST_BYTES >> 20} MB: this is not a page")
    return data


def _suffix(data: bytes) -> str:
    """Return the suffix of a page file, by its first bytes."""
    if data.startswith(b"%PDF-"):
        return ".pdf"
    if data.startswith(b"PK\x03\x04"):
        return ".odt" if b"application/vnd.oasis.opendocument.text" in data[:200] else ".docx"
    start = data[:1024].lstrip(b"\xef\xbb\xbf \t\r\n").lower()
    return ".html" if start.startswith((b"<!doctype html", b"<html")) else ".txt"
