"""The frozen types that cross the arrows between the stages, and nothing else.

Layers of meaning, in the order of the stages:

* **page** (stages 1-3): all decoded characters of all input files in ONE text with one offset space,
  so that a `Span` is just two integers whatever the number of files. A block is a tuple of pieces; a
  piece is a run of source characters and what became of it (kept, joined, replaced, dropped ...). The
  pieces of all blocks together partition the source: that is the whole idea of the ledger.
* **tree** (stages 4-8): inline and block nodes in newspaper words, the document model that is
  written to Markdown and read back from it without loss.
* **edition** (stages 4-8): articles of such nodes, the metadata and how it is known.
* **work** (stages 6-8): what a backend is given and what it gives back.
"""

from .edition import (
    Article,
    Byline,
    Dateline,
    Edition,
    Jump,
    Normalized,
    Stated,
)
from .page import (
    Block,
    Kind,
    LedgerEntry,
    Line,
    Op,
    Piece,
    Source,
    SourceFile,
    Span,
)
from .tree import (
    Box,
    BoxKind,
    Break,
    Code,
    Element,
    Entries,
    Entry,
    Figure,
    Foreign,
    Heading,
    Inline,
    Inlines,
    Link,
    Listing,
    Note,
    Paragraph,
    Quote,
    Reference,
    Role,
    Rowed,
    Ruby,
    Rule,
    Style,
    Styled,
    Table,
    Tagged,
    Text,
    Verbatim,
    plain,
)
from .work import (
    Artifact,
    Asset,
    RenderJob,
    Theme,
)

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
