"""The page (stages 1-3): source characters, what becomes of them, the blocks they form, the ledger."""

from __future__ import annotations

from bisect import bisect_right
from dataclasses import dataclass, field
from enum import StrEnum

from .swift import swift

__all__ = [
    "Block",
    "Kind",
    "LedgerEntry",
    "Line",
    "Op",
    "Piece",
    "Source",
    "SourceFile",
    "Span",
]


@swift
@dataclass(frozen=True, slots=True, order=True)
class Span:
    """A half-open range `[start, end)` of characters (code points) in `Source.text`."""

    start: int
    end: int

    def __len__(self) -> int:
        return self.end - self.start


@swift
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
        object.__setattr__(self, "_starts", tuple([line.start for line in self.lines]))

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


class Op(StrEnum):
    """What became of a run of source characters."""

    KEEP = "keep"
    JOIN = "join"
    MOVE = "move"
    RETAG = "retag"
    REPLACE = "replace"
    DROP = "drop"
    INSERT = "insert"


@swift
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
    QUOTATION = "quotation"
    CAPTION = "caption"
    TABLE = "table"
    FURNITURE = "furniture"


@swift
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


@swift
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
