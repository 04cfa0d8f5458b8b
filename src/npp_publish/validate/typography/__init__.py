"""The typographic audit: what a Chinese reader would notice, measured on any finished PDF.

Twenty checks, each after a clause of clreq or GB/T 15834-2011. They see only the painted glyphs, so
they judge every engine alike:

    ink.py      glyphs as painted                 faces.py    what the fonts say
    lines.py    lines, columns, paragraphs        cells.py    tables
    words.py    characters and copied text           marks.py    punctuation
    gaps.py     gaps, right edges                    make_up.py  paragraphs and pages
    table.py    the rows; finding.py makes them
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
