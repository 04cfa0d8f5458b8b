"""What a font of a PDF says: codes to characters and widths, name, type (ISO 32000-1, 9.5 to 9.10)."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

__all__ = ["Face", "read_face"]

_TOKEN = re.compile(rb"<([0-9A-Fa-f\s]*)>|(\[)|(\])|\b(begin|end)(bfchar|bfrange|codespacerange)\b")


@dataclass(slots=True)
class Face:
    """One font: `name` without its subset tag, `type3`, code length in bytes, maps by code."""

    name: str
    type3: bool
    bytes_per_code: int
    unicode: dict[int, str]
    widths: dict[int, float]
    default_width: float
    matrix_scale: float = 0.001
    vertical: bool = False
    cache: dict[int, str] = field(default_factory=dict)

    def codes(self, string: bytes) -> Iterator[tuple[int, int]]:
        """Yield (code, length in bytes) of a shown string."""
        step = self.bytes_per_code
        for start in range(0, len(string) - step + 1, step):
            yield int.from_bytes(string[start : start + step], "big"), step

    def text(self, code: int) -> str:
        """Return the characters of a code, empty where the font does not say."""
        return self.unicode.get(code, "")

    def width(self, code: int) -> float:
        """Return the advance of a code in em (in text space for Type 3)."""
        return self.widths.get(code, self.default_width) * self.matrix_scale

    def __hash__(self) -> int:
        return id(self)

    def __eq__(self, other: object) -> bool:
        return self is other


def read_face(font: Any) -> Face:
    """Read one font dictionary; what it leaves out is taken from its embedded program or left empty."""
    subtype = str(font.get("/Subtype", ""))
    name = str(font.get("/BaseFont", font.get("/Name", "?"))).lstrip("/")
    name = re.sub(r"^[A-Z]{6}\+", "", name)
    unicode = _to_unicode(font.get("/ToUnicode"))
    if subtype == "/Type0":
        child = font["/DescendantFonts"][0]
        vertical = str(font.get("/Encoding", "")).endswith("-V")
        return Face(
            name, False, 2, unicode, _cid_widths(child.get("/W", [])),
            float(child.get("/DW", 1000)), vertical=vertical,
        )  # fmt: skip
    first = int(font.get("/FirstChar", 0))
    widths = {first + i: float(width) for i, width in enumerate(font.get("/Widths", []))}
    if not unicode:
        unicode = {code: bytes([code]).decode("cp1252", "ignore") for code in range(32, 256)}
    scale = float(font["/FontMatrix"][0]) if subtype == "/Type3" else 0.001
    missing = font.get("/FontDescriptor", {}).get("/MissingWidth", 0)
    return Face(name, subtype == "/Type3", 1, unicode, widths, float(missing), scale)


def _cid_widths(array: Any) -> dict[int, float]:
    """Read `/W`: `c [w1 w2 ...]` and `first last w` (ISO 32000-1, 9.7.4.3)."""
    widths: dict[int, float] = {}
    items = list(array)
    i = 0
    while i + 1 < len(items):
        first, second = int(items[i]), items[i + 1]
        if hasattr(second, "__len__") and not isinstance(second, (str, bytes, int, float)):
            widths.update((first + k, float(width)) for k, width in enumerate(second))
            i += 2
            continue
        if i + 2 >= len(items):
            break
        last = min(int(second), 0xFFFF)
        widths.update(dict.fromkeys(range(first, last + 1), float(items[i + 2])))
        i += 3
    return widths


def _to_unicode(stream: Any) -> dict[int, str]:
    """Read a ToUnicode CMap (ISO 32000-1, 9.10.3)."""
    if stream is None or not hasattr(stream, "read_bytes"):
        return {}
    found: dict[int, str] = {}
    section = ""
    values: list[Any] = []
    for match in _TOKEN.finditer(stream.read_bytes()):
        word, opened, closed, begin_end, kind = match.groups()
        if begin_end == b"begin":
            section, values = kind.decode(), []
        elif begin_end == b"end":
            if section == "bfchar":
                _bfchar(values, found)
            elif section == "bfrange":
                _bfrange(values, found)
            section = ""
        elif section and opened:
            values.append([])
        elif section and word is not None and not closed:
            code = bytes.fromhex(re.sub(rb"\s", b"", word).decode())
            inside = values and isinstance(values[-1], list) and not _closed(values)
            (values[-1] if inside else values).append(code)
        elif section and closed:
            values[-1] = tuple(values[-1])
    return found


def _closed(values: list[Any]) -> bool:
    return isinstance(values[-1], tuple)


def _utf16(code: bytes) -> str:
    return code.decode("utf-16-be", "replace") if len(code) > 1 else code.decode("latin-1")


def _bfchar(values: list[Any], found: dict[int, str]) -> None:
    for code, text in zip(values[::2], values[1::2], strict=False):
        found[int.from_bytes(code, "big")] = _utf16(text)


def _bfrange(values: list[Any], found: dict[int, str]) -> None:
    for low, high, text in zip(values[::3], values[1::3], values[2::3], strict=False):
        first, last = int.from_bytes(low, "big"), min(int.from_bytes(high, "big"), 0xFFFF)
        if isinstance(text, tuple):
            found.update((first + k, _utf16(t)) for k, t in enumerate(text[: last - first + 1]))
            continue
        start = _utf16(text)
        if not start:
            continue
        for k in range(last - first + 1):
            found[first + k] = start[:-1] + chr(min(ord(start[-1]) + k, 0x10FFFF))
