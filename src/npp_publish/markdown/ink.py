"""Stage 5, characters: how any text is inked into Markdown so that it reads back as it was.

Escapes are given only where the dialect would read a character as markup: `1.` at the start of a
line, `*`, `[`, an `&` that opens an entity. What an editor cannot see (no-break space, U+2028,
zero-width space, a second space in a row) stands as an entity, and what Markdown cannot carry even
so (NUL and the C1 controls) as `[U+0000]{.char}`.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace

__all__ = ["PLAIN", "Spot", "attribute", "char", "escape", "href"]


@dataclass(frozen=True, slots=True)
class Spot:
    """Where a run of text stands.

    `opens`: at the start of a line; `first`, `last`: at an edge of its container, where spaces
    would be lost; `after`, `before`: markup stands next to it; `brackets`: inside `[...]`;
    `cell`: in a table row; `heading`: in a heading; `strict`: escape all punctuation.
    """

    opens: bool = False
    first: bool = False
    last: bool = False
    after: bool = False
    before: bool = False
    brackets: bool = False
    cell: bool = False
    heading: bool = False
    strict: bool = False


PLAIN = Spot()

_ENTITY = re.compile(r"&(?:#[0-9]+|#[xX][0-9A-Fa-f]+|[A-Za-z][A-Za-z0-9]*);")
_SPACES_AND_CONTROLS = "\x01-\x1f\x7f\xa0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f"
_FORMATS = "\xad\u061c\u180e\u200b\u200e\u200f\u202a-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb"
_HIDDEN = _SPACES_AND_CONTROLS + _FORMATS
_LOST = "\x00\x80-\x9f"
_WATCHED = re.compile(rf"[{_HIDDEN}{_LOST}\\`*_\[\]<>&~^$|#+\-:={{!(]")
_PUNCTUATION = re.compile(rf"[{_HIDDEN}{_LOST}!-/:-@\[-`{{-~]")
_SPACES = re.compile(r" {2,}|^ +| +$")
_LONGEST_WORD = 4000
_LONG_WORD = re.compile(f"[^ ]{{{_LONGEST_WORD}}}")
_COMMENT = "<!-- -->"
_CROWD = 20  # `&` in one text: for each of them pandoc looks for the end of an entity
_NUMBER = re.compile(r"^([0-9]+)\.(?= |$)")
_CAPTION = re.compile(r"^([Tt]able):")
_CHAR = re.compile(r"U\+([0-9A-F]{4,6})")


def escape(text: str, spot: Spot = PLAIN) -> str:
    """Return Markdown that reads as `text` at this spot.

    pandoc's time grows with the square of a word's length, and a Chinese paragraph is one word: a
    very long one is parted by empty comments, which reading leaves out.
    """
    if len(text) <= _LONGEST_WORD or not _LONG_WORD.search(text):
        return _escaped(text, spot)
    ends = range(0, len(text), _LONGEST_WORD)
    inner = replace(spot, opens=False, first=False, last=False, after=True, before=True)
    spots = {0: replace(inner, opens=spot.opens, first=spot.first, after=spot.after)}
    spots[ends[-1]] = replace(inner, last=spot.last, before=spot.before)
    return _COMMENT.join(_escaped(text[at : at + _LONGEST_WORD], spots.get(at, inner)) for at in ends)


def _escaped(text: str, spot: Spot) -> str:
    if spot.strict or text.count("&") > _CROWD:
        inked = _PUNCTUATION.sub(lambda found: _strictly(found[0]), text)
    else:
        inked = _WATCHED.sub(lambda found: _lightly(found, spot), text)
        if spot.opens:
            inked = _opening(inked)
    return _spaced(inked, spot) if " " in inked else inked


def _spaced(text: str, spot: Spot) -> str:
    """Keep runs of spaces and spaces at the edges; single ones between words stay as they are."""

    def entity(found: re.Match[str]) -> str:
        count = len(found[0])
        at_edge = (found.start() == 0 and spot.first) or (found.end() == len(text) and spot.last)
        return "&#32;" * count if at_edge else " " + "&#32;" * (count - 1)

    return _SPACES.sub(entity, text)


def _strictly(character: str) -> str:
    return "\\" + character if "!" <= character <= "~" else _invisible(character)


def _invisible(character: str) -> str:
    if character == "\xa0":
        return "&nbsp;"
    if character == "\x00" or "\x80" <= character <= "\x9f":
        return f"[U+{ord(character):04X}]{{.char}}"
    return f"&#x{ord(character):X};" if character != "\t" else "&#9;"


def _lightly(found: re.Match[str], spot: Spot) -> str:
    character, text, at = found[0], found.string, found.start()
    if not "!" <= character <= "~":
        return _invisible(character)
    return "\\" + character if _is_markup(character, text, at, spot) else character


def _is_markup(character: str, text: str, at: int, spot: Spot) -> bool:
    """Tell whether the dialect could read this character as markup at this place."""
    start, end = at == 0, at + 1 == len(text)
    following = "" if end else text[at + 1]
    opening = start and spot.opens
    match character:
        case "_":
            return start or end or not (text[at - 1].isalnum() and following.isalnum())
        case "<":
            return (end and spot.before) or following.isalpha() or following in ("/", "!", "?")
        case "&":
            return (end and spot.before) or _ENTITY.match(text, at) is not None
        case "|":
            return spot.cell or opening
        case "#":
            return spot.heading or opening
        case "!":
            return end and spot.before
        case "{":
            return spot.heading or (start and spot.after)
        case "(":
            return start and spot.after
        case ":":
            return opening or (start and spot.after)
        case "+":
            return opening and following in ("", " ")
        case "-":
            return opening and following in ("", " ", "-")
        case ">" | "=":
            return opening
        case _:
            return True


def _opening(text: str) -> str:
    """Escape what only the start of a line makes markup: `1.` and `Table:`."""
    return _CAPTION.sub(r"\1\\:", _NUMBER.sub(r"\1\\.", text, 1), 1) if text[:1].isascii() else text


def char(label: str) -> str | None:
    """Return the character that `[U+0000]{.char}` stands for, or None where it is not one."""
    found = _CHAR.fullmatch(label)
    code = int(found[1], 16) if found else -1
    return chr(code) if 0 <= code < 0x110000 and not 0xD800 <= code < 0xE000 else None


_EDGE = re.compile(r"^\s+|\s+$|[\t\n\r\[\]`\\<$]|  +")


def attribute(value: str) -> str:
    """Return an attribute value whose entities read as `value` (quotes are pandoc's business).

    Brackets and code marks would upset the search for the end of a span around it.
    """
    value = _ENTITY.sub(lambda found: "&amp;" + found[0][1:], value)
    return _EDGE.sub(lambda found: "".join(f"&#{ord(c)};" for c in found[0]), value)


_URL = re.compile(r"[\x00-\x20\x7f-\xa0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000<>|\"{}\[\]^`\\]")


def href(target: str) -> str:
    """Return an address as pandoc keeps it: blanks and characters no address holds percent-encoded."""
    target = _URL.sub(lambda found: "".join(f"%{byte:02X}" for byte in found[0].encode()), target)
    depth = 0
    for character in target:
        depth += (character == "(") - (character == ")")
        if depth < 0:
            break
    return target.replace("(", "%28").replace(")", "%29") if depth else target
