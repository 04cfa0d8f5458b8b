"""Number the lines and bind the decoded files into one `Source` with one offset space.

Only `\\n`, `\\r\\n` and `\\r` end a line. Form feeds, U+0085, U+2028 and U+2029 do not, so that line
numbers agree with what editors and compilers print (`str.splitlines` would differ).
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from itertools import chain

from ..model import Line, Source, SourceFile, Span

__all__ = ["Decoded", "bind", "number"]

_END = re.compile(r"\r\n|\n|\r")


@dataclass(frozen=True, slots=True)
class Decoded:
    """The characters of one file and how they were had from its bytes (no place in the whole yet)."""

    name: str
    text: str
    sha256: str
    encoding: str
    confidence: float
    media_type: str
    page: str = ""


def number(text: str, *, file: int = 0, offset: int = 0) -> tuple[Line, ...]:
    """Return the lines of one file, whose first character stands at `offset` in the whole source.

    A last line without terminator counts; nothing after a last terminator does not. A text without
    a character has one empty line, so that every place in a source has a line.
    """
    lines: list[Line] = []
    start = 0
    for end in _END.finditer(text):
        lines.append(Line(file, len(lines) + 1, offset + start, offset + end.start()))
        start = end.end()
    if start < len(text) or not lines:
        lines.append(Line(file, len(lines) + 1, offset + start, offset + len(text)))
    return tuple(lines)


def bind(parts: Iterable[Decoded]) -> Source:
    """Return the `Source` of the files in the given order.

    Nothing is put between two files: `Source.text` holds the characters of the files and no others,
    and the `lines` alone tell where a file that does not end with a line end stops.
    """
    files: list[SourceFile] = []
    lines: list[tuple[Line, ...]] = []
    texts: list[str] = []
    offset = 0
    for index, part in enumerate(parts):
        span = Span(offset, offset + len(part.text))
        files.append(
            SourceFile(
                part.name, part.sha256, part.encoding, part.confidence, part.media_type, span, part.page
            )
        )
        lines.append(number(part.text, file=index, offset=offset))
        texts.append(part.text)
        offset = span.end
    return Source("".join(texts), tuple(files), tuple(chain.from_iterable(lines)))
