"""The typographic audit: what a Chinese reader would notice, measured on any finished PDF.

Twenty checks, each after a clause of clreq or GB/T 15834-2011. They see only the painted glyphs, so
they judge every engine alike:

    ink.py      glyphs as painted                 faces.py    what the fonts say
    lines.py    lines, columns, paragraphs        cells.py    tables
    words.py    characters and copied text        marks.py    punctuation
    gaps.py     gaps, right edges                 make_up.py  paragraphs and pages
    table.py    the rows; finding.py makes them

What they let pass, and why:

* Edges and marks at line ends are judged in blocks of at least 8 em with two lines that go on: a cell,
  a label, a caption is set as it comes (clreq 3.4.3). A block up to 20 em wide, of 8 lines at most and
  without any line opened or pushed in, is ragged on purpose, if no more than a tenth of all lines is.
* The gap of a line is the upper quartile of its gaps: one that is meant does not make a line loose.
* Of fewer than 100 lines one may be loose, as a share of 1 % says nothing of them. No line may be so
  loose that it falls apart, whatever word or figure after it is kept whole; the row names that one.
* The grid and the indent are those of running text: the face and the columns that hold most of it;
  a paragraph without any indent is a style of its own (clreq 3.4.1), and an item hangs.
* Where a standard fixes the characters of a line, all of them close up alike, dashes too.
* A heading may end the last page, and pages without running text (titles, contents).
* What stands further apart than .7 em, or in another cell, may copy with a blank between.
"""

from __future__ import annotations

from pathlib import Path

from . import gaps, make_up, marks, words
from .ink import read_sheets
from .lines import read_proof
from .table import Outcome, Place, Row, as_json, as_table, failed

__all__ = ["Outcome", "Place", "Row", "as_json", "as_table", "audit", "failed"]


def audit(path: Path, *, source: str | None = None) -> tuple[Row, ...]:
    """Measure a finished PDF; return one row for each of the twenty checks, in a fixed order.

    `source` is the text that should be in it, a paragraph a line. Raises `pikepdf.PdfError` for a
    file that is no PDF.
    """
    proof = read_proof(read_sheets(path))
    return (
        words.verbatim(proof, source),
        words.invented_spaces(path, proof),
        words.forbidden_characters(proof),
        words.type3(proof),
        words.faces(proof),
        marks.line_starts(proof),
        marks.line_ends(proof),
        marks.dash_split(proof),
        marks.dash_width(proof),
        marks.pairs(proof),
        gaps.autospace(proof),
        marks.mark_ends(proof),
        gaps.flush(proof),
        gaps.worst_gap(proof),
        gaps.loose_lines(proof),
        make_up.runts(proof),
        make_up.indent(proof),
        marks.quotes(proof),
        make_up.grid(proof),
        make_up.headings(proof),
    )
