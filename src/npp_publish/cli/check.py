"""`npp-publish check`: all judges on finished files, and the same bytes when built again."""

from __future__ import annotations

import argparse
import json
from pathlib import Path
from typing import TYPE_CHECKING

from .. import dist
from ..diagnostics import Severity
from ..errors import EXIT_OK, EXIT_WARNINGS, CannotWrite, OutputInvalid
from .again import Rebuild, orders_of
from .arguments import settings_from, talk, tune
from .voice import Voice, give, give_json

if TYPE_CHECKING:
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
    from ..validate.bench import check, gather
    from ..validate.report import kind_of, write

    wanted = {path: kind_of(path) for path in words.report}
    settings = settings_from(words)
    voice = Voice(quiet=words.quiet, verbose=words.verbose, json=words.json)
    folder = words.output or settings.path("out")
    sources = [path for path in words.paths if path.suffix not in _FINISHED and path.is_file()]
    finished = [path for path in words.paths if path not in sources]
    places = [dist.place_for(source, folder) for source in sources]
    finished += [path for place in places for path in _published(place)]
    finished = finished or [folder]
    files = [path for path in gather(finished) if path.suffix in _FINISHED]
    orders = orders_of(files, sources, settings)
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
    for path, kind in wanted.items():
        _save(path, write(report, kind))
    voice.findings(report.digest(None if words.verbose else _TOLD))
    severities = {item.severity for item in report.diagnostics}
    if Severity.ERROR in severities:
        return OutputInvalid.exit_code
    return EXIT_WARNINGS if settings.build.strict and Severity.WARNING in severities else EXIT_OK


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


def _published(place: dist.Place) -> list[Path]:
    try:
        rows = json.loads((place.folder / dist.MANIFEST).read_text(encoding="utf-8"))["documents"]
    except (OSError, ValueError, KeyError):
        return []
    names = [output["path"] for row in rows if row["id"] == place.stem for output in row["outputs"]]
    return [place.folder / name for name in names if Path(name).suffix in _FINISHED]
