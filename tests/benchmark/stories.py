"""Composed articles as data: a small line format, parsed into frozen stories.

=== key                      starts a story; before `--` stand `name value` lines:
lang / kicker / sub / abstract (once for each of its paragraphs)
title A|B~C                  printed as three lines: `|` keeps a space between clauses,
                             `~` stands inside a phrase and is closed up
byline raw / names / agency [/ where]      `lead`: at the head of the first paragraph, `tail`: at
                             the foot of the last, `end`: a line after the body; else under the title
dateline raw / agency / place / date / lead or tail
--                           then the body, a paragraph a line, with `## heading`,
@caption text                a caption
@box kind title              its lines: `= label :: text`, `- item` or a plain paragraph; a text
                             ` // ` divided is a list below its label
@rows                        its lines stand as printed, one below the other: a list, a table, a poem
@end                         ends both where the body goes on (else the next box or story does)
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

__all__ = ["LISTED", "Dateline", "Part", "Signature", "Story", "load", "of_split"]

LISTED = " // "  # parts the lines of a list below a label


@dataclass(frozen=True)
class Signature:
    """A byline as printed, the names in it, the house that sent them, and where it stands.

    `where` is title (below it), lead (in the first paragraph), tail (in the last) or end (below it).
    """

    raw: str
    names: tuple[str, ...]
    agency: str
    where: str = "title"


@dataclass(frozen=True)
class Dateline:
    """A dateline as printed: `where` is head (its own line), lead (in the first paragraph) or tail."""

    raw: str
    agency: str
    place: str
    date: str
    where: str


@dataclass(frozen=True)
class Part:
    """One part of a body: `kind` is para, head, caption, note-of-author, rows or box.

    A box has `title`, `box` (its kind) and `entries`: (label, text) pairs, the label empty for items
    and for rows.
    """

    kind: str
    text: str = ""
    box: str = ""
    entries: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True)
class Story:
    """One composed article."""

    key: str
    lang: str
    title: str
    parts: tuple[Part, ...]
    kicker: str = ""
    subtitle: str = ""
    abstract: str = ""
    byline: Signature | None = None
    dateline: Dateline | None = None


@dataclass
class _Open:
    """A story while it is being read."""

    key: str
    head: dict[str, str] = field(default_factory=dict)
    body: list[str] = field(default_factory=list)


def load(path: Path) -> dict[str, Story]:
    """Return the stories of one file by key. Raises ValueError, with the key, for a bad one."""
    found: dict[str, Story] = {}
    for raw in _split(path.read_text(encoding="utf-8")):
        if raw.key in found:
            raise ValueError(f"{path.name}: story {raw.key} stands twice")
        found[raw.key] = _story(raw)
    return found


def of_split(split: str) -> dict[str, Story]:
    """Return the stories of a split: of all files whose names begin with its name."""
    found: dict[str, Story] = {}
    for path in sorted((Path(__file__).parent / "stories").glob(f"{split}*.txt")):
        told = load(path)
        if twice := found.keys() & told:
            raise ValueError(f"{path.name}: {sorted(twice)} are told elsewhere")
        found |= told
    return found


def _split(text: str) -> Iterator[_Open]:
    current: _Open | None = None
    in_body = False
    for line in text.split("\n"):
        if line.startswith("=== "):
            if current:
                yield current
            current, in_body = _Open(line[4:].strip()), False
        elif current is None or not line.strip() or line.startswith("//"):
            continue
        elif line == "--":
            in_body = True
        elif in_body:
            current.body.append(line)
        else:
            name, _, value = line.partition(" ")
            earlier = current.head.get(name, "") if name == "abstract" else ""
            current.head[name] = f"{earlier}\n{value}" if earlier else value
    if current:
        yield current


def _story(raw: _Open) -> Story:
    head = raw.head
    return Story(
        key=raw.key,
        lang=head.get("lang", "zh-Hans"),
        title=head["title"],
        parts=tuple(_parts(raw.body)),
        kicker=head.get("kicker", ""),
        subtitle=head.get("sub", ""),
        abstract=head.get("abstract", ""),
        byline=_signature(head["byline"]) if "byline" in head else None,
        dateline=_dateline(head["dateline"]) if "dateline" in head else None,
    )


def _fields(value: str, count: int) -> list[str]:
    parts = [part.strip() for part in value.split(" /")]
    return parts + [""] * (count - len(parts))


def _signature(value: str) -> Signature:
    raw, names, agency, where = _fields(value, 4)
    return Signature(raw, tuple(n for n in names.split(",") if n), agency, where or "title")


def _dateline(value: str) -> Dateline:
    raw, agency, place, date, where = _fields(value, 5)
    return Dateline(raw, agency, place, date, where or "tail")


def _parts(body: list[str]) -> Iterator[Part]:
    box: tuple[str, str] | None = None
    entries: list[tuple[str, str]] = []
    for line in [*body, "@end"]:
        if box and line.startswith("@"):
            yield Part(box[0] if box[0] == "rows" else "box", box[1], box[0], tuple(entries))
            box, entries = None, []
        if line == "@rows":
            box = ("rows", "")
        elif line.startswith("@box "):
            _, kind, title = line.split(" ", 2)
            box = (kind, title)
        elif box and not line.startswith("@"):
            label, mark, text = line.removeprefix("= ").partition(" :: ")
            entries.append((label, text) if mark else ("", line.removeprefix("- ")))
        elif line.startswith("@caption "):
            yield Part("caption", line[9:])
        elif line.startswith("## "):
            yield Part("head", line[3:])
        elif line.startswith("（作者"):
            yield Part("note-of-author", line)
        elif not line.startswith("@"):
            yield Part("para", line)
