"""`npp-publish check`: all judges on finished files, and the same bytes when built again."""

from __future__ import annotations

import argparse
import json
from pathlib import Path
from typing import TYPE_CHECKING

from .. import dist
from ..diagnostics import Severity
from ..errors import EXIT_OK, EXIT_WARNINGS, CannotWrite, InputUnreadable, OutputInvalid
from .again import Rebuild, orders_of
from .arguments import settings_from, talk, tune
from .voice import Voice, give, give_json

if TYPE_CHECKING:
    from ..config import Settings
    from ..standing import Order
    from ..validate.bench import Report
    from ..validate.judge import Verdict

__all__ = ["configure", "run"]

_FINISHED = (".pdf", ".epub", ".html")
_TOLD = 3
"""Findings of one rule in one file that are printed without `-v`; the reports have them all."""


def configure(parser: argparse.ArgumentParser) -> None:
    """Add the arguments of `check`."""
    parser.add_argument(
        "paths",
        nargs="*",
        type=Path,
        metavar="FILE",
        help="finished files, folders of them, or their sources",
    )
    parser.add_argument(
        "-o", "--output", type=Path, metavar="FOLDER", help="where the finished files of the sources are"
    )
    parser.add_argument("--only", metavar="NAMES", default="", help="judges to hear, as epubcheck,verapdf")
    parser.add_argument(
        "--report",
        metavar="FILE",
        type=Path,
        action="append",
        default=[],
        help="write the report too: .html (with page images), .sarif, .xml (JUnit), .json or .txt",
    )
    tune(parser)
    talk(parser)


def run(words: argparse.Namespace) -> int:
    """Print the verdicts; exit 6 where a judge found an error."""
    from ..validate.bench import check
    from ..validate.report import kind_of, write

    kinds = {path: kind_of(path) for path in words.report}
    settings = settings_from(words)
    voice = Voice(quiet=words.quiet, verbose=words.verbose, json=words.json)
    finished, orders = _brought(words, settings)
    report = check(
        finished,
        only=[name.strip() for name in words.only.split(",") if name.strip()],
        progress=lambda done, total, verdict: voice.step(_told(done, total, verdict)),
        waiting=lambda names: voice.step(f"still at work: {', '.join(names)}"),
        rebuild=Rebuild(orders) if orders else None,
    )
    if words.json:
        give_json(json.loads(write(report, "json")))
    else:
        give(write(report, "table").rstrip())
    for path, kind in kinds.items():
        _save(path, write(report, kind))
    voice.findings(report.digest(None if words.verbose else _TOLD))
    return _code(report, strict=settings.build.strict)


def _brought(words: argparse.Namespace, settings: Settings) -> tuple[list[Path], dict[Path, Order]]:
    """Return what is to be judged (files and folders), and the order that each file came from, if known."""
    from ..validate.bench import gather

    folder = words.output or settings.path("out")
    sources = [path for path in words.paths if path.suffix not in _FINISHED and path.is_file()]
    finished = [path for path in words.paths if path not in sources]
    finished += [path for source in sources for path in _made_of(source, folder)]
    finished = finished or [folder]
    files = [path for path in gather(finished) if path.suffix in _FINISHED]
    return finished, orders_of(files, sources, settings)


def _code(report: Report, *, strict: bool) -> int:
    severities = {item.severity for item in report.diagnostics}
    if Severity.ERROR in severities:
        return OutputInvalid.exit_code
    return EXIT_WARNINGS if strict and Severity.WARNING in severities else EXIT_OK


def _told(done: int, total: int, verdict: Verdict) -> str:
    """`[3/19 epubcheck] page.epub: passed (4.2 s)`."""
    word = verdict.word + (", a sample" if verdict.scope else "")
    return f"[{done}/{total} {verdict.judge}] {verdict.path.name}: {word} ({verdict.seconds:.1f} s)"


def _save(path: Path, text: str) -> None:
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8", errors="replace")
    except OSError as error:
        raise CannotWrite(f"the report cannot be written: {error}", where=path) from error


def _made_of(source: Path, folder: Path) -> list[Path]:
    """Return what was published of a page. Raises InputUnreadable where that is nothing."""
    place = dist.place_for(source, folder)
    try:
        rows = json.loads((place.folder / dist.MANIFEST).read_text(encoding="utf-8"))["documents"]
    except (OSError, ValueError, KeyError):
        rows = []
    names = [output["path"] for row in rows if row["id"] == place.stem for output in row["outputs"]]
    found = [place.folder / name for name in names if Path(name).suffix in _FINISHED]
    if not found:
        hint = "build it first, or name the folder with -o"
        raise InputUnreadable(f"nothing made of this is in {folder}", where=source, hint=hint)
    return found
