"""The bench: all judges together on finished files, in parallel, each heard at most once.

Judges that share an engine (one Java machine, one browser) are heard in one process. Engines run side
by side with the judges of the house, which work one after the other: PDFium, with which several of them
read, is not made for threads. A judge that is not installed stands in the report with the command that
installs it.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from dataclasses import dataclass, replace
from itertools import chain
from pathlib import Path
from threading import Event, Lock
from typing import Any

from ..diagnostics import Diagnostic, Severity, diagnose
from ..errors import InputUnreadable, UsageError
from . import browser, java
from .child import end_all
from .collation import TEXT
from .glyphs import GLYPHS
from .judge import Finding, Judge, Need, Verdict
from .links import LINKS
from .proofreader import TYPOGRAPHY
from .qpdf import QPDF
from .reprint import Rebuild, Reprint

__all__ = ["JUDGES", "Absent", "Report", "check", "gather"]

JUDGES: Mapping[str, Judge] = {
    judge.name: judge
    for judge in (
        java.EPUBCHECK,
        java.VERAPDF,
        java.VNU,
        browser.ACE,
        browser.AXE,
        QPDF,
        TEXT,
        GLYPHS,
        TYPOGRAPHY,
        LINKS,
        Reprint(),
    )
}
"""All judges by name, in the order of the report."""

_ENGINES: Mapping[str, Callable[[Any], Iterator[Verdict]]] = {"java": java.hear, "browser": browser.hear}

Progress = Callable[[int, int, Verdict], None]
"""Told after each verdict: how many are known, how many there will be, and the verdict."""

Waiting = Callable[[Sequence[str]], None]
"""Told every `PATIENCE` seconds without a verdict: the judges that are still at work."""

PATIENCE = 15.0


@dataclass(frozen=True, slots=True)
class Absent:
    """A judge that should have been heard and could not be, and what it needs."""

    judge: str
    needs: tuple[Need, ...]

    @property
    def words(self) -> str:
        """What is missing and the command that brings it."""
        commands: dict[str, list[str]] = {}
        for need in self.needs:
            commands.setdefault(need.command, []).append(need.name)
        return "; ".join(f"missing {', '.join(names)}: {command}" for command, names in commands.items())


@dataclass(frozen=True, slots=True)
class Report:
    """All verdicts, in the order of the judges and files; judges that could not be heard."""

    paths: tuple[Path, ...]
    verdicts: tuple[Verdict, ...]
    absent: tuple[Absent, ...] = ()
    asked: bool = False

    @property
    def diagnostics(self) -> tuple[Diagnostic, ...]:
        """Every finding, broken judge and absent judge as a diagnostic. An absent judge that was
        asked for by name is an error, else a warning."""
        return self.digest()

    def digest(self, most: int | None = None) -> tuple[Diagnostic, ...]:
        """Return the diagnostics, of each rule and file the first `most`; the last says how many follow."""
        found = [d for verdict in self.verdicts for d in _cut_short(verdict.findings, most)]
        for verdict in self.verdicts:
            if verdict.failure:
                words = f"{verdict.judge} could not judge: {verdict.failure}"
                found.append(diagnose("NPP822", words, path=str(verdict.path)))
        severity = Severity.ERROR if self.asked else None
        for absent in self.absent:
            found.append(diagnose("NPP821", f"{absent.judge}: {absent.words}", severity=severity))
        return tuple(found)

    @property
    def passed(self) -> bool:
        """Whether every verdict is clean and every judge was heard."""
        return not self.absent and all(verdict.passed for verdict in self.verdicts)


def _cut_short(findings: Sequence[Finding], most: int | None) -> Iterator[Diagnostic]:
    counts = Counter(finding.rule for finding in findings)
    told: Counter[str] = Counter()
    for finding in findings:
        told[finding.rule] += 1
        left = counts[finding.rule] - told[finding.rule]
        if most is None or told[finding.rule] <= most:
            one = finding.diagnostic()
            last = told[finding.rule] == most and left > 0
            yield replace(one, message=f"{one.message} (and {left} more)") if last else one


def check(
    paths: Iterable[Path],
    *,
    only: Sequence[str] = (),
    progress: Progress | None = None,
    waiting: Waiting | None = None,
    rebuild: Rebuild | None = None,
) -> Report:
    """Let all judges (or those named in `only`) judge finished files, or all of a folder.

    `rebuild` builds files again, for the judge of reproducibility. Raises UsageError for an unknown
    judge, InputUnreadable for a path that is not there or holds nothing to judge.
    """
    unknown = [name for name in only if name not in JUDGES]
    if unknown:
        raise UsageError(f"no judge {unknown[0]!r}", hint=f"judges are: {', '.join(JUDGES)}")
    files = gather(paths)
    panel = [judge for judge in JUDGES.values() if not only or judge.name in only]
    panel = [Reprint(rebuild) if isinstance(judge, Reprint) else judge for judge in panel]
    cases = {judge: [file for file in files if file.suffix in judge.suffixes] for judge in panel}
    cases = {judge: chosen for judge, chosen in cases.items() if chosen}
    absent = tuple(Absent(judge.name, lacks) for judge in cases if (lacks := _lacks(judge)))
    gone = {one.judge for one in absent}
    present = {judge: chosen for judge, chosen in cases.items() if judge.name not in gone}
    verdicts = _hear(present, progress, waiting)
    order = list(JUDGES)
    verdicts.sort(key=lambda verdict: (order.index(verdict.judge), files.index(verdict.path)))
    return Report(files, tuple(verdicts), absent, bool(only))


def gather(paths: Iterable[Path]) -> tuple[Path, ...]:
    """Return the files to judge: those given, and in folders those with a suffix that a judge knows."""
    suffixes = frozenset[str]().union(*(judge.suffixes for judge in JUDGES.values()))
    found: list[Path] = []
    for path in paths:
        if path.is_dir():
            found += sorted(p for p in path.iterdir() if p.is_file() and p.suffix in suffixes)
        elif path.exists() and not path.is_file():
            raise InputUnreadable("this is no file that can be read twice", where=path)
        elif not path.is_file():
            raise InputUnreadable("there is no such file", where=path, hint="build first, then check")
        elif path.suffix in suffixes:
            found.append(path)
        else:
            raise InputUnreadable(f"no judge knows {path.suffix or 'such'} files", where=path)
    if not found:
        raise InputUnreadable("nothing to check", hint="build first, then check the folder or the files")
    return tuple(dict.fromkeys(path.resolve() for path in found))


def _lacks(judge: Judge) -> tuple[Need, ...]:
    return tuple(need for need in judge.needs() if not need.present)


def _hear(
    cases: Mapping[Judge, Sequence[Path]], progress: Progress | None, waiting: Waiting | None
) -> list[Verdict]:
    """Hear all cases, engines first, because they take longest. An interruption ends the engines; what
    runs in this process comes to its end unheard."""
    total = sum(len(paths) for paths in cases.values())
    open_ = Counter({judge.name: len(paths) for judge, paths in cases.items()})
    verdicts: list[Verdict] = []
    turn, over = Lock(), Event()

    def listen(stream: Iterator[Verdict]) -> None:
        for verdict in stream:
            with turn:
                verdicts.append(verdict)
                open_[verdict.judge] -= 1
                if progress and not over.is_set():
                    progress(len(verdicts), total, verdict)

    pool = ThreadPoolExecutor(max_workers=max(1, len(cases)))
    tasks: set[Future[None]] = set()
    try:
        tasks |= {pool.submit(listen, stream) for stream in _streams(cases)}
        while tasks:
            known = len(verdicts)
            done, tasks = wait(tasks, timeout=PATIENCE, return_when=FIRST_COMPLETED)
            for task in done:
                task.result()
            if waiting and not done and len(verdicts) == known:
                waiting([name for name, count in open_.items() if count > 0])
    except BaseException:
        over.set()
        end_all()
        pool.shutdown(wait=False, cancel_futures=True)
        wait(tasks, timeout=1)  # so that the engines' folders are removed
        raise
    pool.shutdown()
    return verdicts


def _streams(cases: Mapping[Judge, Sequence[Path]]) -> Iterator[Iterator[Verdict]]:
    for engine, hear in _ENGINES.items():
        shared = {judge: paths for judge, paths in cases.items() if judge.engine == engine}
        if shared:
            yield hear(shared)
    yield chain.from_iterable(judge.run(paths) for judge, paths in cases.items() if not judge.engine)
