"""The tree of an edition (stages 4-8): inline and block nodes in newspaper words.

`lines` fields hold 1-based source line numbers and do not take part in equality, because the
editable Markdown does not carry them for every paragraph.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from enum import StrEnum

from .swift import swift

__all__ = [
    "Box",
    "BoxKind",
    "Break",
    "Code",
    "Element",
    "Entries",
    "Entry",
    "Figure",
    "Foreign",
    "Heading",
    "Inline",
    "Inlines",
    "Link",
    "Listing",
    "Note",
    "Paragraph",
    "Quote",
    "Reference",
    "Role",
    "Rowed",
    "Ruby",
    "Rule",
    "Style",
    "Styled",
    "Table",
    "Tagged",
    "Text",
    "Verbatim",
    "plain",
]


class Style(StrEnum):
    """Inline styles; `DOTS` are Chinese emphasis dots (着重号, clreq 3.4.3)."""

    EMPHASIS = "emphasis"
    STRONG = "strong"
    DOTS = "dots"
    UNDERLINE = "underline"
    STRIKEOUT = "strikeout"
    SUPERSCRIPT = "superscript"
    SUBSCRIPT = "subscript"


class Role(StrEnum):
    """What a tagged run means inside a byline, dateline, jump line, caption or heading.

    `BYLINE` and `DATELINE` are those that are run into a paragraph; other runs nest in them.
    """

    AGENCY = "agency"
    AUTHOR = "author"
    ROLE = "role"
    PLACE = "place"
    DATE = "date"
    PAGE = "page"
    CREDIT = "credit"
    SPEAKER = "speaker"
    POST = "post"
    BYLINE = "byline"
    DATELINE = "dateline"


@swift
@dataclass(frozen=True, slots=True)
class Text:
    """Plain characters, exactly as they are to be read."""

    text: str


@dataclass(frozen=True, slots=True)
class Styled:
    """Inline content in one style."""

    style: Style
    content: Inlines


@swift
@dataclass(frozen=True, slots=True)
class Tagged:
    """Inline content with a meaning (an author's name, a place, a date)."""

    role: Role
    content: Inlines


@dataclass(frozen=True, slots=True)
class Ruby:
    """Base characters with a reading (pinyin or zhuyin) above them."""

    base: str
    reading: str


@dataclass(frozen=True, slots=True)
class Code:
    """Verbatim inline characters."""

    text: str


@dataclass(frozen=True, slots=True)
class Link:
    """A link; `href` is as given and is never followed by us."""

    content: Inlines
    href: str


@dataclass(frozen=True, slots=True)
class Reference:
    """A cross reference to an id in this edition ("见第3页" in paged output)."""

    content: Inlines
    target: str


@dataclass(frozen=True, slots=True)
class Note:
    """A footnote at this place."""

    blocks: tuple[Element, ...]


@dataclass(frozen=True, slots=True)
class Break:
    """A forced line break."""


Inline = Text | Styled | Tagged | Ruby | Code | Link | Reference | Note | Break
Inlines = tuple[Inline, ...]


@swift
@dataclass(frozen=True, slots=True)
class Paragraph:
    """A body paragraph."""

    content: Inlines
    id: str = ""
    lines: tuple[int, ...] = field(default=(), compare=False)


@swift
@dataclass(frozen=True, slots=True)
class Heading:
    """A section heading inside an article; level 2 is the highest. A speaker section's heading
    holds `Tagged(POST)` and `Tagged(SPEAKER)` before the title proper."""

    level: int
    content: Inlines
    id: str = ""
    lines: tuple[int, ...] = field(default=(), compare=False)


@dataclass(frozen=True, slots=True)
class Listing:
    """A list; `start` is 0 for bullets, else the first number."""

    items: tuple[tuple[Element, ...], ...]
    start: int = 0
    lines: tuple[int, ...] = field(default=(), compare=False)


@swift
@dataclass(frozen=True, slots=True)
class Entry:
    """A labelled entry of a box: a date and what happened, a term and its definition."""

    label: Inlines
    blocks: tuple[Element, ...]
    lines: tuple[int, ...] = field(default=(), compare=False)


@dataclass(frozen=True, slots=True)
class Entries:
    """A run of labelled entries (timeline, definitions)."""

    entries: tuple[Entry, ...]
    lines: tuple[int, ...] = field(default=(), compare=False)


@dataclass(frozen=True, slots=True)
class Quote:
    """A quotation set apart."""

    blocks: tuple[Element, ...]
    lines: tuple[int, ...] = field(default=(), compare=False)


@dataclass(frozen=True, slots=True)
class Rowed:
    """One table row: a tuple of cells, each a tuple of blocks; `header` marks a head row."""

    cells: tuple[tuple[Element, ...], ...]
    header: bool = False


@dataclass(frozen=True, slots=True)
class Table:
    """A table; `aligns` holds one of `l c r` or `-` per column."""

    rows: tuple[Rowed, ...]
    aligns: str = ""
    caption: Inlines = ()
    id: str = ""
    lines: tuple[int, ...] = field(default=(), compare=False)


@dataclass(frozen=True, slots=True)
class Figure:
    """A picture: source as written, alternative text, caption (with `Tagged(CREDIT)`).

    A caption whose picture is not there is a figure with an empty `src`.
    """

    src: str
    alt: str
    caption: Inlines = ()
    id: str = ""
    lines: tuple[int, ...] = field(default=(), compare=False)


class BoxKind(StrEnum):
    """Kinds of boxes set apart from the running text."""

    ABSTRACT = "abstract"
    TIMELINE = "timeline"
    DEFINITION = "definition"
    LIST = "list"
    NOTE = "note"


@dataclass(frozen=True, slots=True)
class Box:
    """A box: kind, title, content. Boxes may stand anywhere outside a paragraph."""

    kind: BoxKind
    title: Inlines
    blocks: tuple[Element, ...]
    id: str = ""
    lines: tuple[int, ...] = field(default=(), compare=False)


@dataclass(frozen=True, slots=True)
class Rule:
    """A break of thought without words."""


@dataclass(frozen=True, slots=True)
class Verbatim:
    """Preformatted characters."""

    text: str


@dataclass(frozen=True, slots=True)
class Foreign:
    """Anything else that pandoc read: its AST as canonical JSON, passed through untouched.

    `text` is its plain text, so that no output loses characters."""

    ast: str
    text: str


Element = Paragraph | Heading | Listing | Entries | Quote | Table | Figure | Box | Rule | Verbatim | Foreign


def plain(node: Inlines | Inline | Element | tuple[Element, ...]) -> str:
    """Return the plain text of inline or block nodes: notes and readings left out, breaks as \\n.

    Blocks are joined with \\n. This is the text that every format must show.
    """
    if isinstance(node, Text):
        return node.text
    if isinstance(node, tuple):
        if len(node) == 1:
            return plain(node[0])
        blockwise = bool(node) and isinstance(node[0], Element)
        return ("\n" if blockwise else "").join([plain(child) for child in node])
    if isinstance(node, (Paragraph, Heading)):
        return plain(node.content)
    return "".join(_words(node))


def _words(node: Inline | Element) -> Iterator[str]:
    match node:
        case Text(text) | Code(text) | Verbatim(text):
            yield text
        case Styled() | Tagged() | Link() | Reference():
            waiting = list(reversed(node.content))
            while waiting:  # without recursion: styles may be nested in one another without end
                inner = waiting.pop()
                if isinstance(inner, (Styled, Tagged, Link, Reference)):
                    waiting.extend(reversed(inner.content))
                else:
                    yield from _words(inner)
        case Ruby(base, _):
            yield base
        case Break():
            yield "\n"
        case Paragraph(content) | Heading(_, content):
            yield plain(content)
        case Listing(items):
            yield "\n".join(plain(item) for item in items)
        case Entries(entries):
            yield "\n".join(plain(e.label) + "\n" + plain(e.blocks) for e in entries)
        case Quote(blocks):
            yield plain(blocks)
        case Box(_, title, blocks):
            yield "\n".join(part for part in (plain(title), plain(blocks)) if part)
        case Table():
            rows = "\n".join("\n".join(plain(cell) for cell in row.cells) for row in node.rows)
            yield "\n".join(part for part in (plain(node.caption), rows) if part)
        case Figure():
            yield plain(node.caption)
        case Foreign(_, text):
            yield text
        case _:
            return
