"""The fount: the faces that go into the book, each cut down to the characters it sets.

Which face sets a character is read from the style sheets (`cascade`), as a reading system would
choose: the first family of the stack that has the character, in the nearest weight and style.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from .cascade import Demand, Voice

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


def _nearest(faces: Sequence[Any], voice: Voice) -> Any:
    """CSS Fonts 4 section 5.2, as far as two weights and two styles need it."""
    return min(faces, key=lambda f: ((f.style != "normal") != voice.italic, abs(f.weight - voice.weight)))


def _assign(demand: Demand, families: Mapping[str, Sequence[Any]]) -> tuple[dict[Any, set[str]], set[str]]:
    used: dict[Any, set[str]] = defaultdict(set)
    missing: set[str] = set()
    for voice, characters in demand.items():
        stack = [_nearest(families[name], voice) for name in voice.families if name in families]
        if not stack:
            continue  # set in the reader's own face
        for character in characters:
            face = next((f for f in stack if ord(character) in f.coverage), None)
            if face is not None:
                used[face].add(character)
            elif character.isprintable() and not character.isspace():
                missing.add(character)
    return used, missing


def _common(character: str) -> bool:
    """Tell whether a character is of everyday use: in GB 2312, or not Han at all."""
    if ord(character) < 0x3400:
        return True
    try:
        character.encode("gb2312")
    except UnicodeEncodeError:
        return False
    return True


def _rare(used: Mapping[Any, set[str]]) -> Iterator[tuple[str, str]]:
    carriers: dict[str, set[str]] = defaultdict(set)
    for face, characters in used.items():
        for character in characters:
            if not _common(character):
                carriers[character].add(face.family)
    for character in sorted(carriers):
        yield character, ", ".join(sorted(carriers[character]))


def _rule(face: Any, url: str) -> str:
    return (
        f'@font-face {{ font-family: "{face.family}"; font-weight: {face.weight}; '
        f'font-style: {face.style}; src: url("{url}"); }}'
    )


def cut(demand: Demand, faces: Sequence[Any], *, mode: str) -> Fount:
    """Return the fount for what is demanded. `mode` is `subset` (only what is used), `full` (whole
    faces) or `none` (no faces; the report is made all the same)."""
    from ...typeset.faces import subset

    families: dict[str, list[Any]] = defaultdict(list)
    for face in faces:
        families[face.family].append(face)
    used, missing = _assign(demand, families)
    cuts = []
    for face in faces:
        if mode == "none" or face not in used:
            continue
        content = face.path.read_bytes() if mode == "full" else subset(face, used[face])
        name = f"fonts/{face.path.stem}.ttf"
        cuts.append(Cut(name, content, _rule(face, name)))
    return Fount(tuple(cuts), tuple(_rare(used)), tuple(sorted(missing)))
