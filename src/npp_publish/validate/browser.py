"""The judges that need a browser: axe-core for pages, Ace by DAISY for books, in one Node process.

Pages are opened without network in three views (desk, narrow phone, phone at night); a request
that leaves the page, a console error and a page wider than its window are findings too. Of a large
book or page these judges are given a sample (`sample`); requests, errors and width are still those of
the whole page. The verdict says so.
"""

from __future__ import annotations

import json
import os
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from html import unescape
from importlib import resources
from pathlib import Path
from typing import Any

from ..diagnostics import Severity
from . import child, tools
from .judge import Finding, Need, Verdict
from .sample import Sample, sample

__all__ = ["ACE", "AXE", "BrowserJudge", "hear"]

_SECONDS, _SECONDS_PER_MEGABYTE = 300, 60
"""Time limit: Ace needs about 0.2 s for each document of a book, and is given a sample of large ones."""

_GRAVE = frozenset({"critical", "serious"})


@dataclass(frozen=True, slots=True)
class BrowserJudge:
    """A judge that runs in Node with Chromium; `packages` are its npm packages."""

    name: str
    title: str
    suffixes: frozenset[str]
    packages: tuple[str, ...]
    engine: str = "browser"

    def needs(self) -> tuple[Need, ...]:
        """Return what it needs: Node, Chromium and its npm packages."""
        return tools.node_needs(*self.packages)

    def run(self, paths: Sequence[Path]) -> Iterator[Verdict]:
        """Judge `paths` in a browser of its own."""
        return hear({self: paths})


AXE = BrowserJudge(
    "axe", "axe-core: can everybody read the page", frozenset({".html"}), ("axe-core", "playwright-core")
)
ACE = BrowserJudge(
    "ace",
    "Ace by DAISY: can everybody read the book",
    frozenset({".epub"}),
    ("@daisy/ace-cli", "@daisy/ace-axe-runner-puppeteer"),
)


def hear(cases: Mapping[BrowserJudge, Sequence[Path]]) -> Iterator[Verdict]:
    """Judge all files of all `cases`; yield verdicts as they come, with a `failure` where one broke."""
    files = [(judge.name, path) for judge, paths in cases.items() for path in paths]
    seconds = _SECONDS + _SECONDS_PER_MEGABYTE * child.megabytes(path for _, path in files)
    with tempfile.TemporaryDirectory(prefix="npp-judges-") as scratch:
        samples = _samples(files, Path(scratch))
        told = _node(files, samples, scratch, seconds=seconds)
        yield from child.verdicts(cases, told, lambda line: _read(line, samples))


Samples = Mapping[tuple[str, Path], Sample]


def _samples(files: Sequence[tuple[str, Path]], scratch: Path) -> Samples:
    found: dict[tuple[str, Path], Sample] = {}
    for number, (name, path) in enumerate(files):
        folder = scratch / f"sample-{number}"
        folder.mkdir()
        if cut := sample(path, folder):
            found[name, path] = cut
    return found


def _node(
    cases: Sequence[tuple[str, Path]], samples: Samples, scratch: str, *, seconds: float
) -> Iterator[str]:
    rows = []
    for name, path in cases:
        cut = samples.get((name, path))
        rows.append({"judge": name, "path": str(path), "sample": str(cut.path) if cut else ""})
    docket = Path(scratch) / "docket.json"
    record = {
        "modules": str(tools.folder() / "node" / "node_modules"),
        "chromium": tools.chromium(),
        "sandbox": os.geteuid() != 0,  # Chromium refuses its sandbox to root
        "scratch": scratch,
        "cases": rows,
    }
    docket.write_text(json.dumps(record), encoding="utf-8")
    env = dict(os.environ)
    env |= {"PUPPETEER_EXECUTABLE_PATH": tools.chromium(), "HOME": scratch, "TMPDIR": scratch}
    with resources.as_file(resources.files(__package__).joinpath("driver", "browser.mjs")) as script:
        yield from child.lines(("node", str(script), str(docket)), seconds=seconds, env=env, cwd=scratch)


def _read(line: str, samples: Samples) -> Verdict | None:
    try:
        record = json.loads(line)
    except ValueError:
        return None
    if not isinstance(record, dict):
        return None
    name, path = record["judge"], Path(record["path"])
    found = tuple(_finding(name, path, row) for row in record["findings"])
    cut = samples.get((name, path))
    scope, names = (cut.words, cut.names) if cut else ("", ())
    return Verdict(name, path, found, record["seconds"], record["failure"], scope, names)


def _finding(name: str, path: Path, row: Mapping[str, Any]) -> Finding:
    views = f" [{', '.join(row['views'])}]" if row["views"] else ""
    words = " ".join(unescape(str(row["message"])).split())
    severity = Severity.ERROR if row["impact"] in _GRAVE else Severity.WARNING
    code = "NPP824" if row["code"] == "request" else "NPP820"
    inside = str(row["inside"])
    hint, shot = str(row.get("hint") or ""), str(row.get("shot") or "")
    return Finding(name, row["code"], severity, words + views, path, code, inside, hint=hint, shot=shot)
