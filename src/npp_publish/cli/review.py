"""`npp-publish review`: the decisions of pages that an editor should look at, the least sure first.

On standard output one line a decision; with `-o` the marked proof, an HTML file that shows the page
and the edition side by side; with `--draft` an `edits.toml` that holds every doubtful decision as it
was taken, to be changed where it is wrong.
"""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

from .. import dist
from ..compose.review import Decision, Review
from ..config import Settings
from ..errors import EXIT_OK, EXIT_WARNINGS, CannotWrite, PublishError, UsageError
from .arguments import settings_from, tune
from .tray import emptied
from .voice import give, give_json, say, trouble

__all__ = ["configure", "run"]

_BELOW = 0.9
_WIDEST = 24


def configure(parser: argparse.ArgumentParser) -> None:
    """Add the arguments of `review`."""
    parser.add_argument("inputs", nargs="+", type=Path, metavar="PAGE", help="page files or folders of them")
    parser.add_argument(
        "-o", "--output", type=Path, metavar="PLACE", help="write the marked proof: a .html file, or a folder"
    )
    parser.add_argument(
        "--below", type=float, default=_BELOW, metavar="N", help=f"how sure is enough (default {_BELOW})"
    )
    parser.add_argument("--draft", type=Path, metavar="FILE", help="write the doubtful ones as edits.toml")
    parser.add_argument("--together", action="store_true", help="all inputs make ONE edition, in this order")
    parser.add_argument("--json", action="store_true", help="print JSON")
    tune(parser)


def run(words: argparse.Namespace) -> int:
    """Print what should be looked at; exit 8 with `--strict` if there is anything."""
    if not 0 <= words.below <= 1:
        raise UsageError(f"--below {words.below} is not between 0 and 1")
    settings = settings_from(words)
    words.inputs = emptied(words.inputs)
    groups = [tuple(words.inputs)] if words.together else [(path,) for path in words.inputs]
    if words.draft and len(groups) > 1:
        raise UsageError("one edits.toml is for one edition", hint="name one page, or use --together")
    targets = _targets(words.output, groups)
    found, codes = [], []
    for group, target in zip(groups, targets, strict=True):
        try:
            reviewed = _review(settings, group)
        except PublishError as error:
            if len(groups) == 1:
                raise
            trouble(error)
            codes.append(error.exit_code)
            continue
        found.append(reviewed)
        if target:
            _write_proof(reviewed, words.below, target)
    if words.draft:
        _write_draft(words.draft, found[0], words.below)
    _tell(found, words)
    doubts = any(reviewed.doubtful(words.below) for reviewed in found)
    return next(iter(codes), EXIT_WARNINGS if settings.build.strict and doubts else EXIT_OK)


def _review(settings: Settings, group: tuple[Path, ...]) -> Review:
    from ..compose.review import review
    from ..source import read
    from ..wishes import edits_of, profile_of

    source, _ = read(group, encoding=settings.source.encoding, pages=settings.source.pages)
    profile = profile_of(settings)
    return review(source, profile, edits_of(settings, source, profile).edits)


# --------------------------------------------------------------------------- what is written


def _targets(output: Path | None, groups: Sequence[tuple[Path, ...]]) -> list[Path | None]:
    if output is None:
        return [None] * len(groups)
    if output.suffix == ".html" and not output.is_dir():
        if len(groups) > 1:
            raise UsageError(
                f"{len(groups)} editions cannot all become {output}", hint="name a folder with -o"
            )
        return [output]
    named = [output / f"{group[0].stem}.proof.html" for group in groups]
    if len(set(named)) < len(named):
        raise UsageError("two pages have the same name", hint="review them one by one")
    return list(named)


def _write_proof(reviewed: Review, below: float, target: Path) -> None:
    from ..compose.markedproof import as_html

    dist.write_text(target, as_html(reviewed, below))
    say(f"marked proof: {target}")


def _write_draft(target: Path, reviewed: Review, below: float) -> None:
    if target.exists():
        raise CannotWrite("there is such a file already", where=target, hint="name another, or remove it")
    tables = [f"# {_place(d)}: {_readings(d)}\n# {d.why}\n{d.pin}" for d in reviewed.doubtful(below)]
    head = "# Decisions as they were taken. Change `take` where a reading is wrong; remove what is right.\n\n"
    dist.write_text(target, head + "\n".join(tables))
    say(f"draft of the edits: {target}")


# --------------------------------------------------------------------------- what is said


def _tell(found: Sequence[Review], words: argparse.Namespace) -> None:
    ordered = sorted(found, key=lambda reviewed: -_weight(reviewed, words.below))
    if words.json:
        give_json([_as_json(reviewed, words.below) for reviewed in ordered])
        return
    for reviewed in ordered:
        doubts = reviewed.doubtful(words.below)
        name = reviewed.normalized.source.files[0].name
        total = len(reviewed.decisions)
        say(f"{name}: {len(doubts)} of {total} decisions are less sure than {words.below:g}")
        for doubt in doubts:
            sure = f"{doubt.confidence:.2f} {_readings(doubt)}"
            give(f"{_place(doubt)}: {sure}  {_context(doubt)}  {doubt.why}")


def _weight(reviewed: Review, below: float) -> float:
    """Return how much there is to look at on a page: the sum of what is missing to be sure."""
    return sum(1 - doubt.confidence for doubt in reviewed.doubtful(below))


def _as_json(reviewed: Review, below: float) -> dict[str, Any]:
    from ..compose.markedproof import tally

    page = reviewed.normalized
    return {
        "files": [file.name for file in page.source.files],
        "characters": tally(page),
        "decisions": len(reviewed.decisions),
        "doubtful": [asdict(doubt) for doubt in reviewed.doubtful(below)],
        "queries": [str(query) for query in page.diagnostics],
    }


def _place(doubt: Decision) -> str:
    return f"{doubt.path}:{doubt.line}:{doubt.column}"


def _readings(doubt: Decision) -> str:
    return f"{doubt.rule}: {doubt.taken}, or {doubt.other} (decision {doubt.number})"


def _context(doubt: Decision) -> str:
    text = doubt.text if len(doubt.text) <= _WIDEST else doubt.text[:_WIDEST] + "…"
    return f"{_flat(doubt.before)}[{_flat(text)}]{_flat(doubt.after)}"


def _flat(text: str) -> str:
    return text.replace("\r\n", "\n").replace("\n", "↵")
