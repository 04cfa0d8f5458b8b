"""The report of all judges in every form: table, JSON, SARIF 2.1.0, JUnit XML, and an HTML page.

`write(report, "sarif")` returns text; nothing here prints. Paths are relative to the folder of
the caller where they lie below it, so that the services which read SARIF find the files.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any
from urllib.parse import quote
from xml.sax.saxutils import escape, quoteattr

from .. import __version__
from ..diagnostics import CATALOGUE, Severity, as_json
from ..errors import UsageError
from .bench import JUDGES, Report
from .columns import in_columns, width
from .judge import Finding, Verdict

__all__ = ["KINDS", "SUFFIXES", "kind_of", "write"]

_LEVELS = {Severity.ERROR: "error", Severity.WARNING: "warning", Severity.INFO: "note"}
_SCHEMA = "https://json.schemastore.org/sarif-2.1.0.json"
_UNFIT = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def write(report: Report, kind: str) -> str:
    """Return the report as one of KINDS."""
    return KINDS[kind](report)


def near(path: Path) -> str:
    """Return a path relative to the working folder where it lies below it."""
    try:
        return path.relative_to(Path.cwd()).as_posix()
    except ValueError:
        return path.as_posix()


# --------------------------------------------------------------------------- table


def _table(report: Report) -> str:
    head = ("judge", "file", "verdict", "errors", "warnings", "notes", "seconds")
    rows = [head, *(_row(verdict) for verdict in report.verdicts)]
    rows += [(one.judge, "", "not heard", "", "", "", "") for one in report.absent]
    lines = in_columns(rows)
    lines.insert(1, "-" * width(lines[0]))
    lines += [f"{one.judge}: {one.words}" for one in report.absent]
    lines += [f"{v.judge} {v.path.name}: {v.scope}" for v in report.verdicts if v.scope]
    return "\n".join(lines) + "\n"


def _row(verdict: Verdict) -> tuple[str, ...]:
    counts = (_count(verdict, severity) for severity in reversed(Severity))
    word = verdict.word + (" *" if verdict.scope else "")
    numbers = (str(count) if count else "-" for count in counts)
    return (verdict.judge, verdict.path.name, word, *numbers, f"{verdict.seconds:.1f}")


def _count(verdict: Verdict, severity: Severity) -> int:
    return sum(finding.severity is severity for finding in verdict.findings)


# --------------------------------------------------------------------------- JSON


def _json(report: Report) -> str:
    record = {
        "files": [near(path) for path in report.paths],
        "passed": report.passed,
        "verdicts": [_verdict(verdict) for verdict in report.verdicts],
        "absent": [{"judge": one.judge, "needs": one.words} for one in report.absent],
        "diagnostics": as_json(report.diagnostics),
    }
    return json.dumps(record, ensure_ascii=False, indent=1) + "\n"


def _verdict(verdict: Verdict) -> dict[str, Any]:
    return {
        "judge": verdict.judge,
        "file": near(verdict.path),
        "passed": verdict.passed,
        "failure": verdict.failure,
        "scope": verdict.scope or "whole",
        "sampled": list(verdict.sampled),
        "seconds": round(verdict.seconds, 3),
        "findings": [_finding(finding) for finding in verdict.findings],
    }


def _finding(finding: Finding) -> dict[str, Any]:
    keys = ("code", "rule", "message", "inside", "line", "column", "page", "hint")
    facts = {key: getattr(finding, key) for key in keys}
    return {"severity": finding.severity.value} | {key: value for key, value in facts.items() if value}


# --------------------------------------------------------------------------- SARIF


def _sarif(report: Report) -> str:
    """OASIS SARIF 2.1.0: one run; a rule is `judge/rule`; absent judges are notifications."""
    findings = [finding for verdict in report.verdicts for finding in verdict.findings]
    rules = sorted({_rule_id(finding) for finding in findings})
    codes = {_rule_id(finding): finding.code for finding in findings}
    driver = {
        "name": "npp-publish check",
        "version": __version__,
        "rules": [
            {"id": rule, "shortDescription": {"text": f"{rule}: {CATALOGUE[codes[rule]].title}"}}
            for rule in rules
        ],
    }
    run = {
        "tool": {"driver": driver},
        "invocations": [_invocation(report)],
        "results": [_result(finding, rules) for finding in findings],
    }
    record = {"$schema": _SCHEMA, "version": "2.1.0", "runs": [run]}
    return json.dumps(record, ensure_ascii=False, indent=1) + "\n"


def _rule_id(finding: Finding) -> str:
    return f"{finding.judge}/{finding.rule}"


def _invocation(report: Report) -> dict[str, Any]:
    broken = [v for v in report.verdicts if v.failure]
    notes = [("warning", f"{one.judge} was not heard: {one.words}") for one in report.absent]
    notes += [("error", f"{v.judge} could not judge {near(v.path)}: {v.failure}") for v in broken]
    heard = not notes
    notes += [("note", f"{v.judge} judged {near(v.path)} by {v.scope}") for v in report.verdicts if v.scope]
    return {
        "executionSuccessful": heard,
        "toolExecutionNotifications": [{"level": level, "message": {"text": text}} for level, text in notes],
    }


def _result(finding: Finding, rules: list[str]) -> dict[str, Any]:
    place: dict[str, Any] = {"artifactLocation": {"uri": quote(near(finding.path))}}
    if finding.line and not finding.inside:
        place["region"] = {"startLine": finding.line, "startColumn": max(finding.column, 1)}
    where = finding.inside or (f"page {finding.page}" if finding.page else "")
    location: dict[str, Any] = {"physicalLocation": place}
    if where:
        location["logicalLocations"] = [{"fullyQualifiedName": where}]
    rule = _rule_id(finding)
    return {
        "ruleId": rule,
        "ruleIndex": rules.index(rule),
        "level": _LEVELS[finding.severity],
        "message": {"text": finding.message + (f" ({where})" if where else "")},
        "locations": [location],
    }


# --------------------------------------------------------------------------- JUnit


def _junit(report: Report) -> str:
    """One suite a judge, one case a file; an absent judge is a skipped case that says how to get it."""
    suites = [_suite(name, report) for name in JUDGES]
    lines = ['<?xml version="1.0" encoding="UTF-8"?>', '<testsuites name="npp-publish check">']
    lines += [suite for suite in suites if suite]
    return _UNFIT.sub("\ufffd", "\n".join((*lines, "</testsuites>"))) + "\n"


def _suite(name: str, report: Report) -> str:
    verdicts = [verdict for verdict in report.verdicts if verdict.judge == name]
    absent = [one for one in report.absent if one.judge == name]
    if not verdicts and not absent:
        return ""
    cases = [_case(verdict) for verdict in verdicts]
    opening = f'<testcase classname={quoteattr(name)} name="not heard">'
    cases += [f"{opening}<skipped message={quoteattr(one.words)}/></testcase>" for one in absent]
    failures = sum(not v.passed and not v.failure for v in verdicts)
    errors = sum(bool(v.failure) for v in verdicts)
    seconds = sum(v.seconds for v in verdicts)
    head = (
        f'<testsuite name={quoteattr(name)} tests="{len(cases)}" failures="{failures}" errors="{errors}" '
        f'skipped="{len(absent)}" time="{seconds:.3f}">'
    )
    return "\n".join((head, *cases, "</testsuite>"))


def _case(verdict: Verdict) -> str:
    opening = (
        f"<testcase classname={quoteattr(verdict.judge)} name={quoteattr(near(verdict.path))} "
        f'time="{verdict.seconds:.3f}">'
    )
    return opening + "".join(_case_body(verdict)) + "</testcase>"


def _case_body(verdict: Verdict) -> Iterator[str]:
    if verdict.failure:
        yield f"<error message={quoteattr(verdict.failure)}/>"
        return
    words = [f"{f.severity} {f.rule}: {f.message} [{f.place}]" for f in verdict.findings]
    if verdict.scope:
        words.append(f"judged: {verdict.scope}")
    if not verdict.passed:
        yield f"<failure message={quoteattr(words[0])}>{escape(chr(10).join(words))}</failure>"
    elif words:
        yield f"<system-out>{escape(chr(10).join(words))}</system-out>"


def _html(report: Report) -> str:
    from .gallery import as_html

    return as_html(report)


KINDS: Mapping[str, Callable[[Report], str]] = {
    "table": _table,
    "json": _json,
    "sarif": _sarif,
    "junit": _junit,
    "html": _html,
}
"""The forms of the report by name."""

SUFFIXES: Mapping[str, str] = {
    ".json": "json",
    ".sarif": "sarif",
    ".xml": "junit",
    ".html": "html",
    ".txt": "table",
}
"""The form that a report file has by its suffix."""


def kind_of(path: Path) -> str:
    """Return the form for a file name. Raises UsageError for a suffix that is none."""
    kind = SUFFIXES.get(path.suffix.lower())
    if kind is None:
        raise UsageError(
            f"no report is written as {path.suffix or path.name!r}", hint=f"one of {' '.join(SUFFIXES)}"
        )
    return kind
