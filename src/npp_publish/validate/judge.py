"""What every judge has in common: what it finds, its verdict on a file, what it needs to run.

A judge is an independent opinion on finished files. It never changes them. A judge that is not
installed says which command installs it; it is never passed over in silence.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from ..diagnostics import CATALOGUE, Diagnostic, Severity

__all__ = ["Finding", "HouseJudge", "Judge", "Need", "Verdict"]


@dataclass(frozen=True, slots=True)
class Finding:
    """One remark of a judge.

    `rule` is the judge's own name for it (`RSC-005`, `color-contrast`); `code` is ours. `inside` is
    the entry of an EPUB or the object of a PDF; `line` and `column` are 1-based places in the file
    or in that entry, `page` is the 1-based page of a PDF, 0 where unknown. `box` is the place on
    that page: left, bottom, right, top in points from its lower left corner. `shot` is a picture of
    the place as a browser shows it, a `data:` URL.
    """

    judge: str
    rule: str
    severity: Severity
    message: str
    path: Path
    code: str = "NPP820"
    inside: str = ""
    line: int = 0
    column: int = 0
    page: int = 0
    box: tuple[float, float, float, float] | None = None
    hint: str = ""
    shot: str = ""

    @property
    def place(self) -> str:
        """The place in words: `book.epub!EPUB/a1.xhtml:12:3`, `page.pdf page 4`."""
        numbers = ":".join(str(part) for part in (self.line, self.column) if part)
        inside = f"!{self.inside}" if self.inside else ""
        page = f" page {self.page}" if self.page else ""
        return f"{self.path}{inside}{':' + numbers if numbers else ''}{page}"

    def diagnostic(self) -> Diagnostic:
        """Return the finding as a coded diagnostic."""
        inside = f" ({self.inside})" if self.inside else ""
        page = f", page {self.page}" if self.page else ""
        name = f"{self.judge} {self.rule}".strip()
        return Diagnostic(
            self.code,
            self.severity,
            f"{name}: {self.message}{inside}{page}",
            str(self.path),
            0 if self.inside else self.line,
            0 if self.inside else self.column,
            self.hint or CATALOGUE[self.code].hint,
        )


@dataclass(frozen=True, slots=True)
class Verdict:
    """What one judge said of one file; `failure` says why it could not judge it, `scope` what of a
    large file was judged, and how that was chosen, where it was not the whole, `sampled` its names."""

    judge: str
    path: Path
    findings: tuple[Finding, ...] = ()
    seconds: float = 0.0
    failure: str = ""
    scope: str = ""
    sampled: tuple[str, ...] = ()

    @property
    def passed(self) -> bool:
        """Whether the judge ran and found neither errors nor warnings."""
        return not self.failure and all(f.severity is Severity.INFO for f in self.findings)

    @property
    def word(self) -> str:
        """The verdict in one word."""
        return "failed" if self.failure else "passed" if self.passed else "objects"


@dataclass(frozen=True, slots=True)
class Need:
    """A program, library or package that a judge needs, and the command that installs it."""

    name: str
    present: bool
    command: str


class Judge(Protocol):
    """An independent judge of finished files.

    `suffixes` are those of the files it judges. Judges with the same `engine` are heard in one
    process (one Java machine, one browser); an empty `engine` is heard in ours.
    """

    @property
    def name(self) -> str: ...

    @property
    def title(self) -> str: ...

    @property
    def suffixes(self) -> frozenset[str]: ...

    @property
    def engine(self) -> str: ...

    def needs(self) -> tuple[Need, ...]:
        """Return what the judge needs, present or not."""
        ...

    def run(self, paths: Sequence[Path]) -> Iterator[Verdict]:
        """Judge `paths`, all of its suffixes; yield one verdict a file as soon as it is known."""
        ...


@dataclass(frozen=True, slots=True)
class HouseJudge:
    """A judge that works in our own process, a file at a time, with libraries that are always there.

    `examine` yields the findings of one file; what it raises becomes the verdict's `failure`.
    """

    name: str
    title: str
    suffixes: frozenset[str]
    examine: Callable[[Path], Iterator[Finding]]
    engine: str = ""

    def needs(self) -> tuple[Need, ...]:
        """Return nothing: its libraries are ours."""
        return ()

    def run(self, paths: Sequence[Path]) -> Iterator[Verdict]:
        """Judge `paths` one after the other."""
        for path in paths:
            start = time.perf_counter()
            try:
                found, failure = tuple(self.examine(path)), ""
            except Exception as problem:  # a file that breaks a judge is refused, the others are judged
                found, failure = (), f"{type(problem).__name__}: {problem}"
            yield Verdict(self.name, path, found, time.perf_counter() - start, failure)
