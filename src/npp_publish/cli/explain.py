"""`npp-publish explain`: a diagnostic code, or what became of one line of a page.

`explain NPP101` prints the catalogue's row; `explain page.txt:79` runs stages 1-4 and shows every
decision that touched the line: where its characters went, by which rule, how surely, and why.
"""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from ..diagnostics import CATALOGUE
from ..errors import EXIT_OK, UsageError
from ..model import LedgerEntry, Normalized
from .arguments import settings_from, tune
from .voice import give, give_json

__all__ = ["configure", "run"]


def configure(parser: argparse.ArgumentParser) -> None:
    """Add the arguments of `explain`."""
    parser.add_argument(
        "what", metavar="CODE|PAGE:LINE", help="as NPP101, or page.txt:79; 'all' lists the codes"
    )
    parser.add_argument("--json", action="store_true", help="print JSON")
    tune(parser)


def run(words: argparse.Namespace) -> int:
    """Explain a code or a line."""
    if words.what == "all":
        return _all(words)
    path, colon, line = words.what.rpartition(":")
    if colon and line.isdigit():
        return _line(words, Path(path))
    return _code(words)


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


def _code(words: argparse.Namespace) -> int:
    from ..config.options import suggest

    code = words.what.upper()
    entry = CATALOGUE.get(code)
    if entry is None:
        hint = suggest(code, CATALOGUE) if code.startswith("NPP") else "write NPP101, or page.txt:79"
        raise UsageError(f"no code {words.what!r}", hint=hint)
    if words.json:
        give_json(_entry(code))
        return EXIT_OK
    give(f"{code} ({entry.severity.value}): {entry.title}\n\n{entry.rationale}\n\nWhat to do: {entry.hint}")
    return EXIT_OK


def _line(words: argparse.Namespace, path: Path) -> int:
    from ..compose import normalize
    from ..compose.explain import explain, place_of
    from ..source import read
    from ..wishes import edits_of, profile_of

    settings = settings_from(words)
    source, _ = read((path,), encoding=settings.source.encoding)
    line = place_of(source, words.what)
    profile = profile_of(settings)
    normalized = normalize(source, profile, edits_of(settings, source, profile).edits)
    rows = [row for row in normalized.ledger if row.span.start <= line.end and row.span.end > line.start]
    if words.json:
        give_json([_as_json(normalized, row) for row in rows])
        return EXIT_OK
    give(explain(normalized, words.what))
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
