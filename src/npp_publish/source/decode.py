"""Bytes -> characters: which encoding, and how surely; or why it is no text.

The order of the questions: a byte order mark; UTF-16 without one (every other byte tells); UTF-8,
whose multi-byte pattern hardly ever arises by chance; and only then the legacy encodings, which are
weighed against each other by `frequency`. Bytes are never replaced: what cannot be decoded whole is
refused with the place of the first bad byte, because a reader cannot see what a "�" stood for.

A byte order mark is a signature of the encoding, not a character of the page. It is not part of the
text; the name of the encoding keeps it (`utf-8-sig`, `utf-16-le-sig`). A U+FEFF anywhere else is a
character and stays.
"""

from __future__ import annotations

import codecs
import math
import re
from collections import Counter
from dataclasses import dataclass
from itertools import islice

from ..errors import InputUnreadable
from .frequency import SYSTEMS, familiar, likelihood

__all__ = ["Reading", "decode"]


@dataclass(frozen=True, slots=True)
class Reading:
    """Decoded characters, the name of the encoding and the confidence (0..1) that it is that one."""

    text: str
    encoding: str
    confidence: float


_MARKS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),  # before UTF-16: its mark begins with that of UTF-16
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
_LEGACY = (
    ("gb18030", ("simplified", "traditional")),  # GB18030 pages from Hong Kong exist too
    ("cp950", ("traditional",)),
    ("big5hkscs", ("traditional",)),
    ("cp932", ("japanese",)),
    ("euc_jp", ("japanese",)),
    ("cp949", ("korean",)),
    ("cp1252", ("western",)),
)
_WIDE = tuple((codec, SYSTEMS) for codec in ("utf-16-le", "utf-16-be"))
_FRIENDLY = {"cp950": "big5", "cp932": "shift_jis", "cp949": "euc_kr"}
_CONTROL = re.compile(rb"[\x00-\x08\x0e-\x1a\x1c-\x1f]")  # not the escape of ISO-2022
_BEYOND = re.compile(r"[^\x00-\x7f]")
_SAMPLE = 60_000  # characters weighed; enough for any certainty, and bounds the time
_TEMPER = 0.25  # neighbouring characters are not independent: the evidence counts a quarter
_LEAST_FAMILIAR = 0.4
_LEAST_CONFIDENCE = 0.5
_NAME_IT = "name the encoding with --set source.encoding=..."


def decode(data: bytes, *, name: str, encoding: str = "") -> Reading:
    """Return the characters of `data`.

    `encoding` names the encoding where the caller knows it (any name Python knows); else it is found
    out. Raises InputUnreadable, with the line, for what cannot be decoded whole or is not text.
    """
    if encoding:
        return _as_told(data, encoding, name)
    for mark, codec in _MARKS:
        if data.startswith(mark):
            text = _strict(data[len(mark) :], codec, name, before=len(mark))
            return Reading(text, f"{codec}-sig", 1.0)
    if wide := _unmarked_utf16(data):
        return wide
    if (zero := data.find(0)) >= 0:
        raise InputUnreadable("NUL byte: this is not text", where=_place(name, data, zero))
    return _utf8(data, name) or _legacy(data, name)


def _as_told(data: bytes, encoding: str, name: str) -> Reading:
    try:
        known = codecs.lookup(encoding)
        is_text = isinstance(known.decode(b"")[0], str)  # base64 and the like give bytes
    except (LookupError, ValueError):
        is_text = False
    if not is_text:
        hint = "such as utf-8, gb18030 or big5; without --encoding it is found out"
        raise InputUnreadable(f"unknown encoding {encoding!r}", where=name, hint=hint)
    codec = known.name
    for mark, marked in _MARKS:
        if data.startswith(mark) and codec.split("-sig")[0] in {marked, marked[:6].rstrip("-")}:
            return Reading(_strict(data[len(mark) :], marked, name, before=len(mark)), f"{marked}-sig", 1.0)
    return Reading(_strict(data, codec, name), codec, 1.0)


def _strict(data: bytes, codec: str, name: str, *, before: int = 0) -> str:
    try:
        return data.decode(codec)
    except UnicodeDecodeError as error:
        raise _damaged(data, codec, name, error, before) from None


def _damaged(
    data: bytes, codec: str, name: str, error: UnicodeDecodeError, before: int = 0
) -> InputUnreadable:
    cut = error.end >= len(data)
    what = "ends in the middle of a character" if cut else "is damaged"
    byte = f"byte {error.start + before} (0x{data[error.start]:02X})"
    return InputUnreadable(
        f"the text {what}: {byte} is not {_FRIENDLY.get(codec, codec)}",
        where=_place(name, data, error.start),
        hint="get the whole file again" if cut else "repair that byte, or name the encoding",
    )


def _place(name: str, data: bytes, offset: int) -> str:
    head = data[:offset]
    line = head.count(b"\n") + head.replace(b"\r\n", b"").count(b"\r") + 1
    return f"{name}:{line}"


def _unmarked_utf16(data: bytes) -> Reading | None:
    """UTF-16 without a mark, told by bytes that no text in another encoding has: the zeros of its line
    ends, digits and Latin letters, and control bytes."""
    if len(data) % 2 or not _CONTROL.search(data):
        return None
    weighed = _weigh(data, _WIDE)
    if not weighed:
        return None
    best = weighed[0]
    share = familiar(best.counts, best.system)
    plausible = "\0" not in best.counts and share >= _LEAST_FAMILIAR
    return Reading(best.text, best.codec, round(0.5 + 0.49 * share, 2)) if plausible else None


def _utf8(data: bytes, name: str) -> Reading | None:
    """UTF-8, or None where the bytes follow another pattern; refuse damaged UTF-8."""
    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError as error:
        loose = data.decode("utf-8", "replace")
        bad = loose.count("\ufffd")
        good = sum(1 for c in loose if c > "\x7f") - bad
        if good >= 3 * bad:
            raise _damaged(data, "utf-8", name, error) from None
        return None
    beyond = len(list(islice(_BEYOND.finditer(text), 4)))
    # A legacy two-byte pair looks like one UTF-8 character about once in twenty.
    return Reading(text, "utf-8", 1.0 if beyond == 0 else round(1 - 0.05**beyond, 4))


@dataclass(frozen=True, slots=True)
class _Weighed:
    score: float
    codec: str
    system: str
    text: str
    counts: Counter[str]


def _weigh(data: bytes, candidates: tuple[tuple[str, tuple[str, ...]], ...]) -> list[_Weighed]:
    """Return the candidates in which the bytes are valid, the likeliest first; equal texts once."""
    weighed: list[_Weighed] = []
    for codec, systems in candidates:
        try:
            text = data.decode(codec)
        except UnicodeDecodeError:
            continue
        counts = Counter(text[:_SAMPLE])
        if systems == ("western",) and not _mostly_ascii(counts):
            continue
        score, system = max((likelihood(counts, system), system) for system in systems)
        if all(text != other.text for other in weighed):
            weighed.append(_Weighed(score, codec, system, text, counts))
    return sorted(weighed, key=lambda w: -w.score)


def _mostly_ascii(counts: Counter[str]) -> bool:
    """Every byte is some character in cp1252; text in Western languages is ASCII for the most part."""
    return sum(n for c, n in counts.items() if c > "\x7f") <= 0.35 * sum(counts.values())


def _legacy(data: bytes, name: str) -> Reading:
    """The likeliest legacy encoding; refuse where none is valid or none gives text."""
    weighed = _weigh(data, _LEGACY if len(data) % 2 else _LEGACY + _WIDE)
    if not weighed:
        raise _nothing_fits(data, name)
    best = weighed[0]
    odds = sum(math.exp(max(_TEMPER * (other.score - best.score), -60.0)) for other in weighed)
    share = familiar(best.counts, best.system)
    confidence = min(1 / odds, 0.99) * min(1.0, share / 0.8)
    if share < _LEAST_FAMILIAR or confidence < _LEAST_CONFIDENCE or _CONTROL.search(data):
        raise _nothing_fits(data, name)
    return Reading(best.text, _FRIENDLY.get(best.codec, best.codec), round(confidence, 2))


def _nothing_fits(data: bytes, name: str) -> InputUnreadable:
    """Say where the likeliest encoding breaks: a file that was cut off or damaged, or a binary file."""
    guesses = []
    for codec, systems in _LEGACY:
        counts = Counter(data[:_SAMPLE].decode(codec, "replace"))
        broken = counts.pop("\ufffd", 0)
        share = max(familiar(counts, system) for system in systems)
        if share >= 0.7 and broken <= 0.02 * sum(counts.values()) + 1:
            guesses.append((share, codec))
    for _, codec in sorted(guesses, reverse=True):
        try:
            data.decode(codec)
        except UnicodeDecodeError as error:
            return _damaged(data, codec, name, error)
    return InputUnreadable(
        "this is not text, or its encoding cannot be told", where=f"{name}:1", hint=_NAME_IT
    )
