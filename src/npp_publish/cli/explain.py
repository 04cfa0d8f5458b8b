"""`npp-publish explain`: a diagnostic code, or what became of one line of a page.

`explain NPP101` prints the catalogue's row; `explain page.txt:79` runs stages 1-4 and shows every
decision that touched the line: where its characters went, by which rule, how surely, and why.
"""

from __future__ import annotations

import argparse
import re
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from ..diagnostics import CATALOGUE
from ..errors import EXIT_OK, UsageError
from ..model import LedgerEntry, Normalized
from .arguments import settings_from, tune
from .voice import give, give_json

__all__ = ["configure", "run"]

_PLACE = re.compile(r":([0-9]{1,9})\Z")


def configure(parser: argparse.ArgumentParser) -> None:
    """Add the arguments of `explain`."""
    parser.add_argument(
        "what",
        nargs="+",
        metavar="CODE|PAGE:LINE",
        help="as NPP101, or page.txt:79; 'all' lists the codes. Several pages are one edition, "
        "and one of them names the line: A04.txt A05.txt:79",
    )
    parser.add_argument("--json", action="store_true", help="print JSON")
    tune(parser)


def run(words: argparse.Namespace) -> int:
    """Explain a code or a line."""
    if words.what == ["all"]:
        return _all(words)
    pages = [_PLACE.sub("", what) for what in words.what]
    places = [f"{Path(page)}{what[len(page) :]}" for what, page in zip(words.what, pages, strict=True)]
    lines = [place for place in places if _PLACE.search(place)]
    if len(lines) == 1:
        return _line(words, [Path(page) for page in pages], lines[0])
    if len(pages) > 1:
        raise UsageError("one of the pages names the line", hint="write A04.txt A05.txt:79")
    return _code(words, words.what[0])


def _all(words: argparse.Namespace) -> int:
    if words.json:
        give_json([_entry(code) for code in sorted(CATALOGUE)])
        return EXIT_OK
    for code, entry in sorted(CATALOGUE.items()):
        give(f"{code}  {entry.severity.value:<8}{entry.title}")
    return EXIT_OK


def _entry(code: str) -> dict[str, str]:
    entry = CATALOGUE[code]
    return {
        "code": code,
        "severity": entry.severity.value,
        "title": entry.title,
        "rationale": entry.rationale,
        "hint": entry.hint,
    }


def _code(words: argparse.Namespace, what: str) -> int:
    from ..config.options import suggest

    code = what.upper()
    entry = CATALOGUE.get(code)
    if entry is None:
        hint = suggest(code, CATALOGUE) if code.startswith("NPP") else "write NPP101, or page.txt:79"
        raise UsageError(f"no code {what!r}", hint=hint)
    if words.json:
        give_json(_entry(code))
        return EXIT_OK
    give(f"{code} ({entry.severity.value}): {entry.title}\n\n{entry.rationale}\n\nWhat to do: {entry.hint}")
    return EXIT_OK


def _line(words: argparse.Namespace, pages: Sequence[Path], place: str) -> int:
    from ..compose import normalize
    from ..compose.explain import explain, place_of
    from ..source import read
    from ..wishes import edits_of, profile_of

    settings = settings_from(words)
    source, _ = read(pages, encoding=settings.source.encoding, pages=settings.source.pages)
    line = place_of(source, place)
    profile = profile_of(settings)
    normalized = normalize(source, profile, edits_of(settings, source, profile).edits)
    rows = [row for row in normalized.ledger if row.span.start <= line.end and row.span.end > line.start]
    if words.json:
        give_json([_as_json(normalized, row) for row in rows])
        return EXIT_OK
    give(explain(normalized, place))
    for text in _told(normalized, rows):
        give(text)
    return EXIT_OK


def _as_json(normalized: Normalized, row: LedgerEntry) -> dict[str, Any]:
    return {
        "id": row.id,
        "op": row.op.value,
        "goes-to": row.dst,
        "source": normalized.source.cut(row.span),
        "text": row.text,
        "rule": row.rule,
        "confidence": row.confidence,
        "why": row.why,
        "alternative": row.alternative,
    }


def _told(normalized: Normalized, rows: Sequence[LedgerEntry]) -> list[str]:
    lines = []
    for row in rows:
        source = normalized.source.cut(row.span)
        what = f"{source!r} -> {row.text!r}" if row.text != source else f"{source!r}"
        rule = f" by {row.rule} ({row.confidence:.2f})" if row.rule else ""
        lines.append(f"  {row.op.value:<8}{row.dst or '-':<14}{what}{rule}")
        if row.why:
            lines.append(f"{'':<10}because {row.why}")
        if row.alternative:
            lines.append(f"{'':<10}else {row.alternative}: flip it with id = {row.id} in edits.toml")
    return lines
