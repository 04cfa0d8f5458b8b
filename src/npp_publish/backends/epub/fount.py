"""The fount: the faces that go into the book, each cut down to the characters it sets.

Which face sets a character is read from the style sheets (`cascade`), as a reading system would
choose: the first family of the stack that has the character, in the nearest weight and style.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from ...typeset.cascade import Demand, assign
from ...typeset.faces import STAND_IN, Face, font_face_css, stand_in, subset

__all__ = ["Cut", "Fount", "cut"]


@dataclass(frozen=True, slots=True)
class Cut:
    """A face as it goes into the book: file name, bytes, and the `@font-face` rule that declares it."""

    name: str
    content: bytes
    rule: str


@dataclass(frozen=True, slots=True)
class Fount:
    """All faces of a book; what is rare and who carries it; what no face has."""

    cuts: tuple[Cut, ...]
    rare: tuple[tuple[str, str], ...]
    missing: tuple[str, ...]


def _common(character: str) -> bool:
    """Tell whether a character is of everyday use: in GB 2312, or not Han at all."""
    if ord(character) < 0x3400:
        return True
    try:
        character.encode("gb2312")
    except UnicodeEncodeError:
        return False
    return True


def _rare(used: Mapping[Face, set[str]]) -> Iterator[tuple[str, str]]:
    carriers: dict[str, set[str]] = defaultdict(set)
    for face, characters in used.items():
        for character in characters:
            if not _common(character):
                carriers[character].add(face.family)
    for character in sorted(carriers):
        yield character, ", ".join(sorted(carriers[character]))


def _cut(face: Face, name: str, content: bytes) -> Cut:
    return Cut(name, content, font_face_css([face], lambda _: name))


def cut(demand: Demand, faces: Sequence[Face], *, mode: str) -> Fount:
    """Return the fount for what is demanded. `mode` is `subset` (only what is used), `full` (whole
    faces) or `none` (no faces; the report is made all the same)."""
    used, missing = assign(demand, faces)
    cuts = []
    for face in faces:
        if mode == "none" or face not in used:
            continue
        content = face.path.read_bytes() if mode == "full" else subset(face, used[face])
        name = f"fonts/{face.path.stem}.ttf"
        cuts.append(_cut(face, name, content))
    if missing and mode != "none":
        geta = Face(STAND_IN, 400, "normal", Path())
        cuts.append(_cut(geta, "fonts/npp-geta.ttf", stand_in(missing)))
    return Fount(tuple(cuts), tuple(_rare(used)), tuple(sorted(missing)))
