"""The Java judges: EPUBCheck, veraPDF and the Nu Html Checker, all heard in one virtual machine.

A small driver of our own (`driver/Bench.java`) gives each of them a class loader and a thread, since
they carry different versions of the same libraries. It is compiled once into the judges' cache.
Measured on two cores: 4 s for all three together, 11 s one after the other in three machines.
"""

from __future__ import annotations

import hashlib
import json
import os
import subprocess
import tempfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from importlib import resources
from pathlib import Path
from typing import Any

from ..diagnostics import Severity
from . import child, tools
from .judge import Finding, Need, Verdict

__all__ = ["EPUBCHECK", "VERAPDF", "VNU", "JavaJudge", "hear"]

_SECONDS, _SECONDS_PER_MEGABYTE = 120, 120
"""Time limit: a book of 3,000 articles and 3 MB takes EPUBCheck a minute, two on a busy machine."""

_FLAGS = (
    "-XX:TieredStopAtLevel=1",
    "-XX:+UseSerialGC",
    "-Xmx2g",
    "-Dfile.encoding=UTF-8",
    "-Djava.awt.headless=true",
)
_SEVERITIES = {
    "FATAL": Severity.ERROR,
    "ERROR": Severity.ERROR,
    "WARNING": Severity.WARNING,
    "INFO": Severity.INFO,
    "USAGE": Severity.INFO,
}


@dataclass(frozen=True, slots=True)
class JavaJudge:
    """A judge written in Java; `source` is the class of ours that speaks to it."""

    name: str
    title: str
    suffixes: frozenset[str]
    source: str
    jars: Callable[[], tuple[Path, ...]]
    package: str
    extra: Callable[[], tuple[Need, ...]] = tuple
    engine: str = "java"

    def needs(self) -> tuple[Need, ...]:
        """Return what it needs: Java with its compiler, and its jars."""
        return (*tools.java_needs(self.package, bool(self.jars())), *self.extra())

    def run(self, paths: Sequence[Path]) -> Iterator[Verdict]:
        """Judge `paths` in a machine of its own."""
        return hear({self: paths})


def _verapdf_jars() -> tuple[Path, ...]:
    jar = tools.verapdf_jar()
    return (*tools.jaxb_jars(), jar) if jar else ()


def _vnu_jars() -> tuple[Path, ...]:
    jar = tools.vnu_jar()
    return (jar,) if jar else ()


EPUBCHECK = JavaJudge(
    "epubcheck",
    "EPUBCheck: is it a valid EPUB 3.3",
    frozenset({".epub"}),
    "EpubcheckJudge",
    tools.epubcheck_jars,
    "epubcheck",
)
VERAPDF = JavaJudge(
    "verapdf",
    "veraPDF: does the PDF keep the standards it claims (PDF/A, PDF/UA)",
    frozenset({".pdf"}),
    "VerapdfJudge",
    _verapdf_jars,
    "veraPDF",
    lambda: (tools.jaxb_need(),),
)
VNU = JavaJudge(
    "vnu",
    "Nu Html Checker: is it valid HTML, CSS and SVG",
    frozenset({".html"}),
    "VnuJudge",
    _vnu_jars,
    "vnu-jar",
)


def hear(cases: Mapping[JavaJudge, Sequence[Path]]) -> Iterator[Verdict]:
    """Judge all files of all `cases` in one Java machine; yield verdicts as they come.

    A judge that breaks yields verdicts with a `failure`; so do all files left when the machine
    itself fails or runs out of time.
    """
    files = [path for paths in cases.values() for path in paths]
    seconds = _SECONDS + _SECONDS_PER_MEGABYTE * child.megabytes(files)
    return child.verdicts(cases, _machine(cases, seconds=seconds), _read)


def _machine(cases: Mapping[JavaJudge, Sequence[Path]], *, seconds: float) -> Iterator[str]:
    bench = _compiled("Bench", ())
    rows = []
    for judge, paths in cases.items():
        jars = judge.jars()
        classes = (_compiled(judge.source, jars), *jars)
        path = os.pathsep.join(str(part) for part in classes)
        rows.append("\t".join((judge.name, judge.source, path, *(str(file) for file in paths))))
    with tempfile.TemporaryDirectory(prefix="npp-judges-") as folder:
        docket = Path(folder) / "docket"
        docket.write_text("\n".join(rows), encoding="utf-8")
        command = ("java", *_FLAGS, "-cp", str(bench), "Bench", str(docket))
        yield from child.lines(command, seconds=seconds, cwd=folder)


def _compiled(name: str, jars: Sequence[Path]) -> Path:
    """Return the folder with the compiled class `name`; compile it where the cache has it not yet."""
    source = resources.files(__package__).joinpath("driver", f"{name}.java").read_bytes()
    key = hashlib.sha256(source + "\n".join(str(jar) for jar in jars).encode()).hexdigest()[:16]
    place = tools.folder() / "classes" / f"{name}-{key}"
    if (place / f"{name}.class").is_file():
        return place
    place.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=place.parent) as work:
        code = Path(work) / f"{name}.java"
        code.write_bytes(source)
        made = Path(work) / "made"
        path = os.pathsep.join(str(jar) for jar in jars) or work
        command = [
            "javac",
            "-encoding",
            "UTF-8",
            "-proc:none",
            "-nowarn",
            "-d",
            str(made),
            "-cp",
            path,
            str(code),
        ]
        try:
            done = subprocess.run(command, capture_output=True, timeout=120, check=False)
        except (OSError, subprocess.TimeoutExpired) as problem:
            raise child.Failed(f"javac cannot compile {name}: {problem}") from problem
        if done.returncode:
            words = done.stderr.decode("utf-8", "replace")[:400]
            raise child.Failed(f"javac cannot compile {name}: {words}")
        if not place.exists():
            made.rename(place)
    return place


def _read(line: str) -> Verdict | None:
    try:
        record = json.loads(line)
    except ValueError:
        return None
    name, path = record["judge"], Path(record["path"])
    read = _nu_findings if name == "vnu" else _findings
    found = tuple(read(name, path, record.get("findings", ())))
    return Verdict(name, path, found, record["seconds"], record.get("failure", ""))


def _findings(name: str, path: Path, rows: Sequence[Mapping[str, Any]]) -> Iterator[Finding]:
    for row in rows:
        yield Finding(
            name,
            row["code"],
            _SEVERITIES.get(row["severity"], Severity.ERROR),
            " ".join(str(row["message"]).split()),
            path,
            inside=str(row.get("inside") or ""),
            line=row.get("line", 0),
            column=row.get("column", 0),
            hint=str(row.get("hint") or ""),
        )


def _nu_findings(name: str, path: Path, rows: Sequence[Mapping[str, Any]]) -> Iterator[Finding]:
    """Read the checker's own JSON: type error or info, subtype warning; lines are 1-based."""
    for row in rows:
        for message in json.loads(row["report"])["messages"]:
            kind = message["type"]
            if kind == "info":
                severity = Severity.WARNING if message.get("subType") == "warning" else Severity.INFO
            else:
                severity = Severity.ERROR
            yield Finding(
                name,
                message.get("subType", kind),
                severity,
                " ".join(message.get("message", "").split()),
                path,
                line=message.get("firstLine", message.get("lastLine", 0)),
                column=message.get("firstColumn", message.get("lastColumn", 0)),
            )
