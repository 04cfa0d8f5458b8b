"""The frozen types that cross the arrows between the stages, and nothing else.

Three layers of meaning, in the order of the stages:

* **Source** (stage 1): all decoded characters of all input files in ONE text with one offset
  space, so that a `Span` is just two integers whatever the number of files.
* **Piece and Block** (stages 2-3): a block is a tuple of pieces; a piece is a run of source
  characters and what became of it (kept, joined, replaced, dropped ...). The pieces of all
  blocks together partition the source: that is the whole idea of the ledger.
* **Edition** (stages 4-8): articles of inline and block nodes in newspaper words, the document
  model that is written to Markdown and read back from it without loss.

`lines` fields hold 1-based source line numbers and do not take part in equality, because the
editable Markdown does not carry them for every paragraph.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path

from .diagnostics import Diagnostic

__all__ = [
    "Article",
    "Artifact",
    "Asset",
    "Block",
    "Box",
    "BoxKind",
    "Break",
    "Byline",
    "Code",
    "Dateline",
    "Edition",
    "Element",
    "Entries",
    "Entry",
    "Figure",
    "Foreign",
    "Heading",
    "Inline",
    "Inlines",
    "Jump",
    "Kind",
    "LedgerEntry",
    "Line",
    "Link",
    "Listing",
    "Normalized",
    "Note",
    "Op",
    "Paragraph",
    "Piece",
    "Quote",
    "Reference",
    "RenderJob",
    "Role",
    "Rowed",
    "Ruby",
    "Rule",
    "Source",
    "SourceFile",
    "Span",
    "Stated",
    "Style",
    "Styled",
    "Table",
    "Tagged",
    "Text",
    "Theme",
    "Verbatim",
    "plain",
]

# --------------------------------------------------------------------------- stage 1: source


@dataclass(frozen=True, slots=True, order=True)
class Span:
    """A half-open range `[start, end)` of characters (code points) in `Source.text`."""

    start: int
    end: int

    def __len__(self) -> int:
        return self.end - self.start


@dataclass(frozen=True, slots=True)
class Line:
    """One line: which file (index), its 1-based number there, its span without the terminator.

    Only `\\n`, `\\r\\n` and `\\r` end a line; form feeds and U+2028 do not.
    """

    file: int
    number: int
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class SourceFile:
    """One input file: its name as given, digest of its bytes, how it was decoded and how surely.

    `page` is the newspaper page (版) that the file stands for, where the caller knows it.
    """

    name: str
    sha256: str
    encoding: str
    confidence: float
    media_type: str
    span: Span
    page: str = ""


@dataclass(frozen=True, slots=True)
class Source:
    """All decoded characters in reading order of the files, and where they came from."""

    text: str
    files: tuple[SourceFile, ...]
    lines: tuple[Line, ...]
    _starts: tuple[int, ...] = field(default=(), init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "_starts", tuple(line.start for line in self.lines))

    def line_at(self, offset: int) -> Line:
        """Return the line that holds the character at `offset` (its terminator counts to it)."""
        return self.lines[max(bisect_right(self._starts, offset) - 1, 0)]

    def where(self, offset: int) -> tuple[str, int, int]:
        """Return (file name, 1-based line, 1-based column) of a character."""
        line = self.line_at(offset)
        return self.files[line.file].name, line.number, offset - line.start + 1

    def cut(self, span: Span) -> str:
        """Return the source characters of `span`."""
        return self.text[span.start : span.end]


# --------------------------------------------------------------------------- stages 2-3: blocks


class Op(StrEnum):
    """What became of a run of source characters."""

    KEEP = "keep"
    JOIN = "join"
    MOVE = "move"
    RETAG = "retag"
    REPLACE = "replace"
    DROP = "drop"
    INSERT = "insert"


@dataclass(frozen=True, slots=True)
class Piece:
    """A run of source characters and the decision taken on it.

    `text` is what stands in the output: equal to the source for keep, join, move and retag;
    another text for replace; empty for drop. For insert the span is empty.
    `confidence` is 0..1; `alternative` names the reading not taken, where there was a choice.
    """

    span: Span
    text: str
    op: Op = Op.KEEP
    rule: str = ""
    confidence: float = 1.0
    why: str = ""
    alternative: str = ""


class Kind(StrEnum):
    """What a block is, in newspaper words (stages 2 and 3)."""

    BLANK = "blank"
    HEADLINE = "headline"
    KICKER = "kicker"
    SUBHEAD = "subhead"
    LEAD = "lead"
    PARAGRAPH = "paragraph"
    BYLINE = "byline"
    DATELINE = "dateline"
    JUMP_LINE = "jump-line"
    CONTINUATION = "continuation"
    BOX_TITLE = "box-title"
    LABEL = "label"
    ITEM = "item"
    CAPTION = "caption"
    TABLE = "table"
    FURNITURE = "furniture"


@dataclass(frozen=True, slots=True)
class Block:
    """A run of lines that belongs together: its kind, its pieces, and why it is thought so.

    `group` joins the blocks of one box, `article` those of one article (both empty until repaired);
    `level` is the heading level printed in the source (0: none).
    """

    kind: Kind
    pieces: tuple[Piece, ...]
    level: int = 0
    group: str = ""
    confidence: float = 1.0
    reason: str = ""
    article: str = ""
    _text: str | None = field(default=None, init=False, repr=False, compare=False)

    @property
    def text(self) -> str:
        """The output text of the block; put together once."""
        text = self._text
        if text is None:
            pieces = self.pieces
            text = pieces[0].text if len(pieces) == 1 else "".join([piece.text for piece in pieces])
            object.__setattr__(self, "_text", text)
        return text


@dataclass(frozen=True, slots=True)
class LedgerEntry:
    """One row of the ledger; the rows in order of `span` partition the source.

    `dst` names the slot the characters went to (`a1.title`, `a1.p13`, `a1.jump`, or empty for a
    drop) and `at` the character offset in it; `text` is the output text, `source` the source text
    where the two differ (replace, drop).
    """

    id: int
    span: Span
    op: Op
    dst: str
    at: int
    text: str
    source: str = ""
    rule: str = ""
    confidence: float = 1.0
    why: str = ""
    alternative: str = ""
    partner: int = 0


# --------------------------------------------------------------------------- stages 4-8: edition


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


@dataclass(frozen=True, slots=True)
class Text:
    """Plain characters, exactly as they are to be read."""

    text: str


@dataclass(frozen=True, slots=True)
class Styled:
    """Inline content in one style."""

    style: Style
    content: Inlines


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


@dataclass(frozen=True, slots=True)
class Paragraph:
    """A body paragraph."""

    content: Inlines
    id: str = ""
    lines: tuple[int, ...] = field(default=(), compare=False)


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


@dataclass(frozen=True, slots=True)
class Byline:
    """Who wrote it: the printed line with agencies, roles and names tagged in `content`."""

    content: Inlines
    lines: tuple[int, ...] = field(default=(), compare=False)


@dataclass(frozen=True, slots=True)
class Dateline:
    """Where and when it was filed: the printed line with agency, place and date tagged."""

    content: Inlines
    lines: tuple[int, ...] = field(default=(), compare=False)


@dataclass(frozen=True, slots=True)
class Jump:
    """A jump (下转) or continuation (上接) line; the page number is tagged `PAGE`."""

    content: Inlines
    lines: tuple[int, ...] = field(default=(), compare=False)


@dataclass(frozen=True, slots=True)
class Stated:
    """A metadata value and how it is known: printed on the page or inferred, with its evidence."""

    value: str
    printed: bool = True
    evidence: str = ""
    lines: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class Article:
    """One article. Every part may be absent; an untitled article has an empty `title`.

    `id` is ASCII (`a1`); `pages` are newspaper pages (版), for an article that jumps more than one.
    """

    id: str
    title: Inlines = ()
    kicker: Inlines = ()
    subtitle: Inlines = ()
    bylines: tuple[Byline, ...] = ()
    dateline: Dateline | None = None
    continued_from: Jump | None = None
    continued_to: Jump | None = None
    body: tuple[Element, ...] = ()
    pages: tuple[str, ...] = ()
    lang: str = ""
    keywords: tuple[str, ...] = ()
    lines: tuple[int, ...] = field(default=(), compare=False)


@dataclass(frozen=True, slots=True)
class Edition:
    """One publication: metadata and articles.

    `lang` is a BCP 47 tag (`zh-Hans`). `metadata` holds the front matter's own names, those of
    pandoc (`author date identifier publisher rights subject description cover-image`) and
    `news.paper`, `news.edition-date`, `news.page` ..., each with how it is known.
    `extra` is canonical JSON of front-matter keys that we do not interpret (backend options).
    """

    title: str
    lang: str
    articles: tuple[Article, ...]
    metadata: tuple[tuple[str, Stated], ...] = ()
    extra: str = "{}"

    def stated(self, key: str) -> Stated | None:
        """Return one metadata value with its evidence, or None."""
        return next((value for name, value in self.metadata if name == key), None)

    def value(self, key: str, default: str = "") -> str:
        """Return one metadata value, or `default`."""
        found = self.stated(key)
        return found.value if found else default


@dataclass(frozen=True, slots=True)
class Normalized:
    """What stages 1-4 return: the edition, the ledger of every source character, findings."""

    source: Source
    edition: Edition
    ledger: tuple[LedgerEntry, ...]
    diagnostics: tuple[Diagnostic, ...] = ()


# --------------------------------------------------------------------------- stages 6-8: render


@dataclass(frozen=True, slots=True)
class Asset:
    """A picture that the edition uses: the `src` as written, the checked file, its media type."""

    src: str
    path: Path
    media_type: str
    sha256: str
    width: int = 0
    height: int = 0


@dataclass(frozen=True, slots=True)
class Theme:
    """A folder of CSS and templates with its settings (`theme.toml`), no code."""

    name: str
    folder: Path
    settings: tuple[tuple[str, str], ...] = ()
    overrides: tuple[str, ...] = ()

    def setting(self, key: str, default: str = "") -> str:
        """Return one value of `theme.toml` (dotted key)."""
        return dict(self.settings).get(key, default)


@dataclass(frozen=True, slots=True)
class RenderJob:
    """Everything a backend may use. `work` is the only folder it may write in.

    `stem` is the safe ASCII-or-Han file name without suffix; `epoch` the seconds that all
    timestamps use (SOURCE_DATE_EPOCH or derived from the input, never the clock);
    `attachments` are files that archival formats may embed (edition.md, ledger); `beside` are the
    finished files of other formats of this run that the backend `follows`.
    """

    edition: Edition
    ast: str
    theme: Theme
    stem: str
    work: Path
    epoch: int
    assets: tuple[Asset, ...] = ()
    attachments: tuple[Path, ...] = ()
    source_name: str = ""
    beside: tuple[Path, ...] = ()

    def asset(self, src: str) -> Asset | None:
        """Return the checked asset for an image source, or None where it was refused."""
        return next((asset for asset in self.assets if asset.src == src), None)


@dataclass(frozen=True, slots=True)
class Artifact:
    """A finished file in the work folder, with what was noticed while it was made."""

    path: Path
    backend: str
    media_type: str
    diagnostics: tuple[Diagnostic, ...] = ()


# --------------------------------------------------------------------------- reading the tree


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
