"""How likely a text is in each writing system: what tells GB18030 from Big5 from Shift-JIS.

One byte sequence is often valid in several encodings, but only one reading gives text in which the
common characters are common. The likelihood of a reading is the sum over its characters of
`log P(character | system)`: a Zipf curve over the ranked characters of `frequent.toml`, fixed shares
for kana, letters and punctuation, and a floor for what hardly ever stands in a newspaper (private
use, half-width kana, box drawings), which is what wrong readings are full of.
"""

from __future__ import annotations

import math
import tomllib
from collections import Counter
from collections.abc import Mapping
from functools import cache
from importlib import resources

__all__ = ["SYSTEMS", "familiar", "likelihood"]

SYSTEMS = ("simplified", "traditional", "japanese", "korean", "western")

_CJK_MARKS = "，。、；：？！“”‘’（）《》〈〉「」『』【】〔〕—…·～％／　"  # ／ tells the kinds of Big5 apart
_WESTERN_MARKS = "“”‘’–—…•£€§°«»©®"
_ACCENTED = "éèêëàâäáãåçñöôóòõøüûúùïîíìßœæÉÈÀÄÅÖÜÇ"
_ZIPF_OFFSET = 12.0  # flattens the head of the curve: the first ranks are about equally common
_ZIPF_MASS = 4.2  # sum of 1 / (rank + offset) over about 1000 ranks: makes the shares add up to 1
_RARE = -12.5  # a listed script, but an unlisted character
_STRANGE = -19.0  # what a newspaper does not print


def _zipf(ranked: str, share: float) -> dict[str, float]:
    mass = _ZIPF_MASS / share
    return {c: -math.log((rank + _ZIPF_OFFSET) * mass) for rank, c in enumerate(ranked)}


def _even(characters: str, share: float) -> dict[str, float]:
    return dict.fromkeys(characters, math.log(share / len(characters)))


@cache
def _tables() -> Mapping[str, Mapping[str, float]]:
    text = resources.files(__package__).joinpath("frequent.toml").read_text(encoding="utf-8")
    ranked: dict[str, str] = tomllib.loads(text)
    kana = "".join(chr(c) for c in [*range(0x3041, 0x3094), *range(0x30A1, 0x30F7), 0x30FC])
    wide = "".join(chr(c) for c in [*range(0xFF10, 0xFF1A), *range(0xFF21, 0xFF3B), *range(0xFF41, 0xFF5B)])
    shared = _even(wide, 0.01) | _even(_CJK_MARKS, 0.13)
    return {
        "simplified": shared | _zipf(ranked["simplified"], 0.86),
        "traditional": shared | _zipf(ranked["traditional"], 0.86),
        "japanese": shared | _even(kana, 0.52) | _zipf(ranked["kanji"], 0.30),
        "korean": _even(_CJK_MARKS, 0.05) | _zipf(ranked["hangul"], 0.92),
        "western": _even(_WESTERN_MARKS, 0.5) | _even(_ACCENTED, 0.3),
    }


def _unlisted(character: str, system: str) -> float:
    code = ord(character)
    if 0x4E00 <= code <= 0x9FFF:
        return _RARE - (3.0 if system in {"korean", "western"} else 0.0)
    if 0xAC00 <= code <= 0xD7A3:
        return _RARE + 2.0 if system == "korean" else _STRANGE
    if code < 0x80:
        return -3.5 if code >= 0x20 or character in "\n\r\t\f" else _STRANGE
    if system == "western" and 0xA0 <= code < 0x180:
        return -9.0
    return _RARE if character in "○●□■△▲▼◆◇★☆→←①②③④⑤×±℃※" else _STRANGE


def likelihood(counts: Counter[str], system: str) -> float:
    """Return the natural logarithm of the likelihood of characters with these counts."""
    table = _tables()[system]
    return sum(n * (table[c] if c in table else _unlisted(c, system)) for c, n in sorted(counts.items()))


def familiar(counts: Counter[str], system: str) -> float:
    """Return the share (0..1) of the non-ASCII characters that are common in `system`."""
    table = _tables()[system]
    beyond = sum(n for c, n in counts.items() if c > "\x7f")
    return sum(n for c, n in counts.items() if c > "\x7f" and c in table) / beyond if beyond else 1.0
