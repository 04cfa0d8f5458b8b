"""What print and extraction do to characters and lines; every function draws only on its `Random`."""

from __future__ import annotations

import random
import re
import unicodedata
from functools import cache

import pyphen

from npp_publish.source.radicals import EQUIVALENT

__all__ = [
    "cut_points",
    "doubled",
    "hyphenated",
    "letter_spaced",
    "misread",
    "noisy",
    "printed",
    "radicals",
    "slipped",
    "webbed",
    "wrapped",
]

_NO_START = "，。、；：？！”’）》〉」』】…—%％·"
_NO_END = "“‘（《〈「『【"
_TAKEN_FOR = dict(zip("日未已土人大干治戊侯", "曰末己士入犬千冶戌候", strict=True))
_RADICAL = {unified: radical for radical, unified in EQUIVALENT.items() if "\u2f00" <= radical <= "\u2fd5"}
_RADICAL |= {EQUIVALENT[r]: r for r in "⻓⻅⻋⻢⻰⻔⻚⻛⻜⻝⻥"}


def wide(character: str) -> bool:
    """Return whether a character fills a square of the column."""
    return unicodedata.east_asian_width(character) in "WFA"


def wrapped(text: str, width: int, *, indent: int = 0, by_count: bool = False) -> list[str]:
    """Break Chinese text into lines of about `width` squares, keeping the rules of line start and end.

    A run of Latin letters or digits is not broken, as a typesetter would not. The first line leaves
    `indent` squares; with `by_count` a digit fills a square too.
    """
    units = re.findall(r"[A-Za-z0-9.%+:/-]+|.", text)
    lines: list[str] = []
    line = ""
    filled = float(indent)
    for unit in units:
        size = sum(1.0 if by_count or wide(c) else 0.5 for c in unit)
        full = filled + size > width and line
        if full and unit[0] not in _NO_START and line[-1] not in _NO_END:
            lines.append(line)
            line, filled = "", 0.0
        line += unit
        filled += size
    return [*lines, line] if line else lines


def hyphenated(text: str, width: int, draw: random.Random, *, keep: bool) -> list[str]:
    """Break Latin or Hangul text at spaces, some English words at a syllable; `keep` keeps the hyphen."""
    lines: list[str] = []
    line = ""
    for word in text.split(" "):
        room = width - len(line) - 1
        if line and len(word) > room:
            at = _syllable(word, room) if draw.random() < 0.8 else 0
            if at:
                line += " " + word[:at] + ("-" if keep else "")
                word = word[at:]
            lines.append(line)
            line = word
        else:
            line = f"{line} {word}" if line else word
    return [*lines, line]


def _syllable(word: str, room: int) -> int:
    """Return where a lower-case English word of six letters or more may break to fit, or 0."""
    if not re.fullmatch(r"[a-z]{6,}[,.;]?", word):
        return 0
    places = [place for place in _hyphens().positions(word) if 2 <= place < room and len(word) - place > 2]
    return max(places, default=0)


@cache
def _hyphens() -> pyphen.Pyphen:
    return pyphen.Pyphen(lang="en_US")


def letter_spaced(text: str) -> str:
    """Put a space between all Chinese characters, two where there was one."""
    return re.sub(r"(?<=[^\x00-\x7f])(?=[^\x00-\x7f\s])", " ", text.replace(" ", "  "))


def doubled(text: str) -> str:
    """Print every character twice, as a text layer has it where bold was made by overprinting."""
    return "".join(c if c.isspace() else c * 2 for c in text)


def radicals(text: str) -> str:
    """Put Kangxi and supplement radicals in place of the ideographs that look the same."""
    return "".join(_RADICAL.get(c, c) for c in text)


def webbed(text: str, draw: random.Random) -> str:
    """Put zero-width spaces between some characters, as text copied from a web page has them."""
    return "".join("\u200b" + c if index and draw.random() < 0.02 else c for index, c in enumerate(text))


def noisy(text: str, draw: random.Random, rate: float) -> tuple[str, str]:
    """Return the text with slips of recognition, and the characters that a repair has to drop.

    Full-width digits, half-width commas, straight quotes, a stray space between Chinese characters, a
    doubled comma, and characters taken for others of nearly the same shape.
    """
    extra = ""
    out: list[str] = []
    straight = draw.random() < rate * 8
    for index, c in enumerate(text):
        following = text[index + 1 : index + 2]
        if c.isascii() and c.isdigit() and draw.random() < rate * 4:
            c = chr(ord(c) + 0xFEE0)
        elif c in "“”" and straight:
            c = '"'
        elif c in "，。" and draw.random() < rate * 2:
            extra += c
            c += c
        elif c == "，" and draw.random() < rate * 2:
            c = ","
        elif c in _TAKEN_FOR and draw.random() < rate * 2:
            c = _TAKEN_FOR[c]
        elif wide(c) and c.isalpha() and following.isalpha() and draw.random() < rate:
            c += " "
        out.append(c)
    return "".join(out), extra


def misread(text: str, draw: random.Random, rate: float, *, mild: bool) -> tuple[str, str]:
    """Return the text with slips in other shares than `noisy`, and what a repair has to drop.

    A number turns full-width as a whole, a whole paragraph has straight quotes, marks slip more often
    than ideographs; `mild` leaves quotes and shapes alone.
    """
    straight = not mild and draw.random() < rate * 30
    extra = ""
    out: list[str] = []
    for unit in re.findall(r"[0-9]+|.", text, re.S):
        before = out[-1][-1] if out else ""
        if unit.isascii() and unit.isdigit() and draw.random() < rate * 20:
            unit = "".join(chr(ord(c) + 0xFEE0) for c in unit)
        elif unit in "“”" and straight:
            unit = '"'
        elif unit in "，。、" and draw.random() < rate * 2:
            extra += unit
            unit += unit
        elif unit == "，" and draw.random() < rate * 6:
            unit = ","
        elif not mild and unit in _TAKEN_FOR and draw.random() < rate * 10:
            unit = _TAKEN_FOR[unit]
        elif wide(unit[0]) and unit.isalpha() and before and before.isalpha() and draw.random() < rate:
            unit = " " + unit
        out.append(unit)
    return "".join(out), extra


def slipped(line: str, draw: random.Random, rate: float) -> str:
    """Return a jump line with slips: full-width digits, a half-width bracket, a stray space."""
    out: list[str] = []
    for index, c in enumerate(line):
        following = line[index + 1 : index + 2]
        if c.isascii() and c.isdigit() and draw.random() < rate * 4:
            c = chr(ord(c) + 0xFEE0)
        elif c in "（）" and draw.random() < rate * 2:
            c = "()"["（）".index(c)]
        elif c.isalnum() and following.isalnum() and wide(c) and draw.random() < rate:
            c += " "
        out.append(c)
    return "".join(out)


def printed(title: str) -> tuple[tuple[str, ...], str]:
    """Return the printed lines of a title and its reading: `|` is a space, `~` nothing.

    No space is kept after a colon: the printed line end already parts the two.
    """
    parts = tuple(re.split(r"[|~]", title))
    return parts, title.replace("：|", "：").replace("|", " ").replace("~", "")


def cut_points(text: str, how: str, *, middle: bool = False) -> list[int]:
    """Return the offsets where a column may tear a paragraph: inside a word, a quotation, at a clause.

    Words and clauses are cut in the middle half of the paragraph, quotations anywhere unless `middle`.
    """
    inside = range(int(len(text) * 0.25), int(len(text) * 0.75))
    if how == "clause":
        return [i + 1 for i in inside if text[i] in "，、；,;"]
    if how == "quote":
        spans = [m.span() for m in re.finditer(r"“[^”]{4,}”|「[^」]{4,}」", text)]
        return [
            i
            for a, b in spans
            for i in range(a + 2, b - 2)
            if _in_word(text, i) and (not middle or i in inside)
        ]
    return [i for i in inside if _in_word(text, i)]


def _in_word(text: str, at: int) -> bool:
    before, after = text[at - 1], text[at]
    return before.isalpha() and after.isalpha() and wide(before) and wide(after)
